"""The one door for values from outside: Python, presets, links, storage.

A card declares what it takes as fields; `check` refuses everything else. The rules and words are
those of cards/engine/door.js, which lets in what a link or the browser's storage says; a test holds
the two to each other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

SIX_DIGITS = 1e-5  # relative
LONGEST = 40  # letters of a value or a name that are repeated in a message


@dataclass(frozen=True, kw_only=True)
class Field:
    """What a card takes under one name: its start value, whether it may be empty,
    and whether a link may carry it."""

    start: Any = None
    empty: bool = False
    private: bool = False
    label: str = ""
    type: ClassVar[str] = ""

    def json(self) -> dict:
        """The field for cards/engine/door.js."""
        return {
            "type": self.type,
            "start": self.start,
            "empty": self.empty,
            "private": self.private,
            "label": self.label,
            **self._own(),
        }

    def _own(self) -> dict:
        return {}

    def refusal(self, value: Any) -> str:
        """Why the field refuses a value, in words; "" when it takes it."""
        if value is None:
            return "" if self.empty else "nothing is not a value"
        return self._refusal(value)

    def _refusal(self, value: Any) -> str:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number from `low` to `high` (None: open), perhaps a whole one."""

    low: float | None = None
    high: float | None = None
    whole: bool = False
    unit: str = ""
    type: ClassVar[str] = "number"

    def _own(self) -> dict:
        return {"low": self.low, "high": self.high, "whole": self.whole, "unit": self.unit}

    def _refusal(self, value: Any) -> str:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            return f"{_shown(value)} is not a number"
        if self.whole and value != int(value):
            return f"{_shown(value)} is not a whole number"
        low, high = (
            (-math.inf if self.low is None else self.low),
            (math.inf if self.high is None else self.high),
        )
        return "" if low <= value <= high else f"{_shown(value)} is outside {self._limits()}"

    def _limits(self) -> str:
        low, high = ("anything" if end is None else _shown(end) for end in (self.low, self.high))
        return f"{low} to {high} {self.unit}".strip()


@dataclass(frozen=True, kw_only=True)
class OneOf(Field):
    """One of some numbers or words."""

    of: Sequence[float | str]
    type: ClassVar[str] = "one"

    def _own(self) -> dict:
        return {"of": list(self.of)}

    def _refusal(self, value: Any) -> str:
        found = not isinstance(value, bool) and any(_same(value, each) for each in self.of)
        return "" if found else f"{_shown(value)} is none of {', '.join(map(_shown, self.of))}"


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    """On or off."""

    type: ClassVar[str] = "flag"

    def _refusal(self, value: Any) -> str:
        return "" if isinstance(value, bool) else f"{_shown(value)} is neither on nor off"


@dataclass(frozen=True, kw_only=True)
class Words(Field):
    """A short text that the reader types."""

    most: int = 200
    type: ClassVar[str] = "words"

    def _own(self) -> dict:
        return {"most": self.most}

    def _refusal(self, value: Any) -> str:
        if not isinstance(value, str):
            return f"{_shown(value)} is not a text"
        return "" if len(value) <= self.most else f"a text of more than {self.most} letters"


@dataclass(frozen=True, kw_only=True)
class Several(Field):
    """Some of a list, each at most once."""

    of: Sequence[Any]
    type: ClassVar[str] = "several"

    def _own(self) -> dict:
        return {"of": list(self.of)}

    def _refusal(self, value: Any) -> str:
        if not isinstance(value, list | tuple):
            return f"{_shown(value)} is not a list"
        for place, each in enumerate(value):
            if each not in self.of or each in value[:place]:
                return f"{_shown(each)} is none of {', '.join(map(_shown, self.of))}"
        return ""


@dataclass(frozen=True, kw_only=True)
class Map(Field):
    """A field for each of some keys; a key may be missing."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    type: ClassVar[str] = "map"

    def _own(self) -> dict:
        return {"fields": {key: each.json() for key, each in self.fields.items()}}

    def _refusal(self, value: Any) -> str:
        if not isinstance(value, Mapping):
            return f"{_shown(value)} is not a mapping"
        for key, item in value.items():
            if str(key) not in self.fields:
                return f"there is no {_cut(str(key))}"
            why = "" if item is None else self.fields[str(key)].refusal(item)
            if why:
                return f"{key}: {why}"
        return ""


def _same(value: Any, other: Any) -> bool:
    """Whether two words or numbers are the same; a card's JSON holds numbers at six digits."""
    if isinstance(value, int | float) and isinstance(other, int | float):
        return math.isclose(value, other, rel_tol=SIX_DIGITS)
    return value == other


def _cut(text: str) -> str:
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"“{_cut(value)}”"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return (
            f"{value:.0f}" if math.isfinite(value) and float(value).is_integer() else f"{value!r}"
        )
    return "this"
