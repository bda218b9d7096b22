"""Numbers and what a source prints: whether the digits of a row stand in its `as_printed`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Any

NUMBERS = ("value", "low", "high", "sd", "drug_value", "placebo_value")
"""The columns that a source prints, wherever a table has them."""

STANDS_IN = {
    "as_printed": NUMBERS,
    "effect_as_printed": NUMBERS,
    "value_as_printed": NUMBERS,
    "months_as_printed": ("months",),
    "infusions_as_printed": ("n_infusions",),
}
"""The columns of printed words, and which numbers of their row must stand in them."""

DIGITS = re.compile(r"\d+(?:\.\d+)?")
PER_CENT = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|per cent)")
FRACTION = re.compile(r"(\d+)/(\d+)")
OURS = ("computed", "teaching")
"""Rows whose numbers are worked out or chosen here, so that no source prints them."""


def printed(row: Mapping[str, Any], column: str = "as_printed") -> bool:
    """Whether the numbers of a row stand in its printed words, where those hold digits.

    `column` is one of `STANDS_IN`. A printed count 31/322 also stands for its per cent, a printed
    mean ± spread for the ends of that interval. Complements, other units and middles of a range do
    not: such rows are `computed`.
    """
    words = _plain(row[column])
    found = [float(digits) for digits in DIGITS.findall(words)]
    if not found or row["status"] in OURS:
        return True
    shares = [100 * int(part) / int(whole) for part, whole in FRACTION.findall(words) if int(whole)]
    ends = [mean + sign * spread for mean, spread in permutations(found, 2) for sign in (1, -1)]
    return all(
        _near(abs(value), found) or _rounded(value, shares) or _near(value, ends)
        for value in _filled(row, STANDS_IN[column])
    )


def counted(row: Mapping[str, Any]) -> bool:
    """Whether the `events` of a row are printed, where its `as_printed` holds digits.

    They are if their number stands there, that of the others of the arm, or a per cent of the arm
    that rounds to one of the two.
    """
    words = _plain(row["as_printed"])
    found, per_cent = ([float(each) for each in form.findall(words)] for form in (DIGITS, PER_CENT))
    events, people = (_filled(row, (name,)) for name in ("events", "patients"))
    if not found or not events or row["status"] in OURS:
        return True
    either = [*events, *(whole - events[0] for whole in people)]
    half = 50 / people[0] if people else 0  # half a person, in per cent
    shares = [100 * each / people[0] for each in either] if people else []
    return any(_near(each, found) for each in either) or any(
        abs(share - digits) <= half + 1e-9 for share in shares for digits in per_cent
    )


def _plain(words: str) -> str:
    """Printed words with plain digits: no thousands, a decimal point."""
    return words.replace(",", "").replace("\N{MIDDLE DOT}", ".")


def _filled(row: Mapping[str, Any], columns: Iterable[str]) -> list[float]:
    """The numbers of a row that are not blank."""
    cells = [row[column] for column in columns if column in row]
    return [float(cell) for cell in cells if not (cell is None or math.isnan(cell))]


def _near(value: float, others: Iterable[float]) -> bool:
    """Whether a value is one of the others, to rounding."""
    return any(abs(value - other) <= 1e-9 * max(1.0, abs(value)) for other in others)


def _rounded(value: float, shares: Iterable[float]) -> bool:
    """Whether a per cent is one of the shares, rounded to the digits it has."""
    digits = len(f"{value:g}".partition(".")[2])
    return any(abs(value - share) <= 0.5 * 10**-digits + 1e-9 for share in shares)
