"""Numbers in the text that know where they come from: <data value="table/key">70 %</data>."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bs4 import BeautifulSoup, Tag

from hepatica.site.errors import SiteError

STATUS = {
    "published": "published value",
    "computed": "computed by the model",
    "teaching": "teaching simplification",
    "model input": "assumption of a published model, not a measurement",
}

SHORT = 16
"""Characters up to which a number and its unit stay on one line."""


class Note(NamedTuple):
    """What a number or a term of the text tells: its id on the page, its rows of the ledger, its
    words."""

    id: str
    rows: str
    text: str


@dataclass
class Facts:
    """The ledger numbers met on one page, so that each is described once and each source listed
    once."""

    ledger: Any
    ids: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    def mark(self, soup: BeautifulSoup, place: str) -> None:
        """Make every <data value> reachable and tie it to its description; the texts close the
        page, hidden.

        Raises SiteError when a number is not in the ledger or an element names no number.
        """
        for element in soup.find_all("data"):
            keys = str(element.get("value", "")).split()
            if not keys:
                raise SiteError(
                    f"{place}: <data>{element.text}</data> names no number. "
                    'Write <data value="table/key">.'
                )
            self._tie(element, keys, place)

    def notes(self) -> list[Note]:
        """Return the notes of the page's numbers, in order."""
        return [Note(identifier, self.rows[text], text) for text, identifier in self.ids.items()]

    def _tie(self, element: Tag, keys: list[str], place: str) -> None:
        numbers = [self._number(key, place) for key in keys]
        text = "\n".join(self.describe(number) for number in numbers)
        if element.string and len(element.string) <= SHORT:
            element.string = element.string.replace(" ", "\u00a0")  # a number stays with its unit
        element["tabindex"] = "0"
        element["class"] = [
            "fact",
            *sorted({number.status.replace(" ", "-") for number in numbers}),
        ]
        if not element.find_parent(["summary", "a", "button"]):
            element["role"], element["aria-expanded"] = "button", "false"
        self.rows[text] = " ".join(keys)
        element["aria-describedby"] = self.ids.setdefault(text, f"fact-{len(self.ids) + 1}")

    def _number(self, key: str, place: str) -> Any:
        try:
            number = self.ledger.number(key)
            self.sources.setdefault(number.source, self.ledger.reference(number.source))
        except (ValueError, KeyError) as error:
            raise SiteError(
                f"{place}: the number {key!r} is not in the ledger ({error})."
            ) from error
        return number

    def describe(self, number: Any) -> str:
        """Return one number in words: label, value with range and unit, source, status."""
        value = _value(number)
        source = self.ledger.reference(number.source).short
        label = number.label[:1].upper() + number.label[1:]
        return (
            f"{label}: {value}. Source: {source}. "
            f"{STATUS.get(number.status, number.status).capitalize()}."
        )


def _value(number: Any) -> str:
    unit = "" if str(number.unit) in ("", "1", "none", "dimensionless") else f" {number.unit}"
    low, high = number.low, number.high
    spread = (
        f" ({_digits(low)} to {_digits(high)})"
        if _known(low) and _known(high) and low != high
        else ""
    )
    return (
        f"{_digits(number.value)}{spread}{unit}"
        if _known(number.value)
        else f"{spread.strip(' ()')}{unit}"
    )


def _known(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _digits(value: float) -> str:
    return f"{value:,.4g}".replace(",", "\u202f") if abs(value) < 1e6 else f"{value:.3g}"
