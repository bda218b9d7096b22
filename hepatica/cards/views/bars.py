"""Bars made of parts: what adds up to a score, or what became of a group of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.palette import ROLES
from hepatica.cards.parts.sentence import Formula
from hepatica.cards.views.pictures import INTERFACE_ROLES


@dataclass(frozen=True)
class Part:
    """A piece of a bar: what it is called, its colour role and a formula of the run."""

    label: str
    role: str
    value: str
    style: str = "0f"

    def json(self, names: Iterable[str]) -> dict:
        """The part for cards/views/bars.js; raises CardError for an unknown role."""
        if self.role not in (*ROLES, *INTERFACE_ROLES):
            raise CardError(f"{self.label}: unknown colour role {self.role!r}.")
        return {
            "label": self.label,
            "role": self.role,
            **Formula(self.value, names).js,
            "style": self.style,
        }


@dataclass(frozen=True)
class Row:
    """A bar: its parts from the left, the `total` printed at its end, and words for a grade such as
    ("A", "B", "C").

    `grade` is a formula that gives 1 for the first word. `high` replaces the upper end of the view.
    """

    label: str
    parts: tuple[Part, ...]
    total: str
    style: str = "0f"
    grade: str = ""
    words: tuple[str, ...] = ()
    high: float | None = None

    def json(self, names: Iterable[str]) -> dict:
        """The row for cards/views/bars.js."""
        names = list(names)
        base = {
            "label": self.label,
            "total": Formula(self.total, names).js,
            "style": self.style,
            "high": self.high,
        }
        grade = (
            {"grade": Formula(self.grade, names).js, "words": list(self.words)}
            if self.grade
            else {}
        )
        return {**base, **grade, "parts": [part.json(names) for part in self.parts]}


@dataclass(frozen=True)
class Bars:
    """Rows of bars on one scale from `low` to `high`; `mark` (value, words)
    draws a line across them."""

    title: str
    rows: tuple[Row, ...]
    high: float
    low: float = 0
    unit: str = ""
    mark: tuple[float, str] | None = None

    def json(self, names: Iterable[str]) -> dict:
        """The view for cards/views/bars.js."""
        names = list(names)
        mark = {"mark": {"at": self.mark[0], "label": self.mark[1]}} if self.mark else {}
        base = {
            "type": "bars",
            "title": self.title,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
        }
        return {**base, **mark, "rows": [row.json(names) for row in self.rows]}
