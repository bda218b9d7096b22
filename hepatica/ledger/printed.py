"""Numbers and what a source prints: whether the digits of a row stand in its `as_printed`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

NUMBERS = ("value", "low", "high", "sd", "drug_value", "placebo_value")
"""The columns that a source prints, wherever a table has them."""

DIGITS = re.compile(r"\d+(?:\.\d+)?")
FRACTION = re.compile(r"(\d+)/(\d+)")
OURS = ("computed", "teaching")
"""Rows whose numbers are worked out or chosen here, so that no source prints them."""


def printed(row: Mapping[str, Any]) -> bool:
    """Whether every number of a row stands in its `as_printed`, where that holds digits.

    A printed count 31/322 also stands for its per cent, a printed mean ± spread for the ends of
    that interval. Complements, other units and middles of a range do not: such rows are
    `computed`.
    """
    words = row["as_printed"].replace(",", "").replace("\N{MIDDLE DOT}", ".")
    found = [float(digits) for digits in DIGITS.findall(words)]
    if not found or row["status"] in OURS:
        return True
    shares = [100 * int(part) / int(whole) for part, whole in FRACTION.findall(words)]
    ends = [mean + sign * spread for mean in found for spread in found for sign in (1, -1)]
    values = [float(row[column]) for column in NUMBERS if column in row]
    return all(
        _near(abs(value), found) or _rounded(value, shares) or _near(value, ends)
        for value in values
        if not math.isnan(value)  # blank cells
    )


def _near(value: float, others: Iterable[float], slack: float = 1e-9) -> bool:
    """Whether a value is one of the others, to rounding."""
    return any(abs(value - other) <= slack * max(1.0, abs(value)) for other in others)


def _rounded(value: float, shares: Iterable[float]) -> bool:
    """Whether a per cent is one of the shares, rounded to the digits it has."""
    digits = len(f"{value:g}".partition(".")[2])
    return any(abs(value - share) <= 0.5 * 10**-digits + 1e-9 for share in shares)
