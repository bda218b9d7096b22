"""From a ratio and a baseline to people per thousand and to a number needed to treat; the same
stands in effects.js, and a test holds the two together."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

ENDS = ("value", "low", "high")


def changes(row: Mapping, baseline: float) -> list[float]:
    """People per thousand, more or fewer, for the estimate and both ends of its interval.

    `baseline` per thousand without the treatment. A risk cannot pass a thousand.
    """
    risk = baseline / 1000
    with_it = [row[end] * risk for end in ENDS]
    if row["measure"] == "OR":
        with_it = [odds / (1 - risk + odds) for odds in with_it]
    return [1000 * (min(1.0, each) - risk) for each in with_it]


def per_thousand(made: list[float]) -> str:
    """ "62 fewer (119 fewer to 227 more)"."""
    centre, low, high = (_people(each) for each in made)
    return f"{centre} ({low} to {high})"


def _people(change: float) -> str:
    count = int(abs(change) + 0.5)
    return f"{count} {'more' if change > 0 else 'fewer'}" if count else "no difference"


def needed(made: list[float]) -> str:
    """The number needed to treat, rounded up, with its interval: through infinity where the
    interval of the difference holds zero."""
    centre, low, high = made
    if low < 0 < high:
        ends = f"from {_number(low)} through infinity to {_number(high)}"
        return f"{_number(centre)}; interval {ends}"
    ends = sorted((abs(low), abs(high)), reverse=True)
    first, last = (_up(each) for each in ends)
    return f"{_number(centre)}; interval {first} to {last}"


def _up(change: float) -> int:
    """1/change, rounded up, a rounding error aside."""
    return ceil(1000 / abs(change) - 1e-9)


def _number(change: float) -> str:
    if abs(change) < 1e-9:
        return "infinitely many"
    return f"{_up(change)} for one {'harm' if change > 0 else 'benefit'}"
