"""The atlas of causes, as its card and its page print it: tables in, words and bars out.

Nothing here adds, multiplies or pools. Each number stays beside its own unit, and a ratio beside
the outcome that it was measured for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from hepatica import ledger
from hepatica.ledger.scarring import ASPECTS, CAUSES
from hepatica.model import given
from hepatica.model.registry import register

register(__name__, atlas=())

HEADINGS = {
    "start": "Where it starts",
    "pattern": "First pattern",
    "pace": "Pace",
    "test": "Test",
    "stop": "What stops it",
    "regression": "Regression",
}
"""What each aspect is called, in the order of the table."""

ANY = "all"
"""The cause of an accelerator that holds for several."""

DIRECTIONS = {
    "selection": "no biology: who was counted",
    "brake on the way back": "slows the way back",
    "prognosis": "tells what comes, does not speed it up",
}
"""What a direction of the table means, where its name does not say so."""

STATUS = {
    "published": "",
    "computed": "computed from numbers in ",
    "teaching": "taken from memory, for reading on see ",
}
"""What stands before the source of a row, by its status."""

BLANK = "no number found"

ALONE = "One number for one outcome: two such numbers are never multiplied."

UNITS = {
    "not stated": "",
    "qualitative": "",
    "ratio": "",
    "year": "years",
    "day": "days",
    "fold": "times",
    "% per year": "% a year",
    "per 100000 person-years": "per 100,000 person-years",
}
"""How a unit is read aloud, where that differs from its name."""

AXES = {"year": 60.0, "%": 100.0, "% dead": 100.0, "% per year": 40.0}
"""Where the bar of a unit ends; other units have none."""

GROUPS = {
    "years to cirrhosis": ("hcv-pace", "hdv-pace", "masld-pace"),
    "years to transplant or death": ("psc-pace",),
    "% a year, each of another step": ("alcohol-pace", "pbc-pace"),
    "% with cirrhosis after so many years": (
        "hcv-pace-2",
        "hbv-pace",
        "hbv-pace-2",
        "masld-pace-2",
        "alcohol-pace-2",
    ),
    "% with scar when somebody looked": (
        "haemochromatosis-pace",
        "wilson-pace",
        "a1at-pace",
        "cf-pace",
        "drug-pace",
    ),
    "% still alive, dead, or free of cirrhosis": (
        "aih-pace",
        "cardiac-pace",
        "biliaryatresia-pace",
    ),
    "other units": ("metald-pace", "schistosomiasis-pace", "buddchiari-pace"),
}
"""Rows of pace that count the same kind of thing; between groups the bars do not compare."""

CIRRHOSIS_LESS = (
    "hcv-regression",
    "hcv-regression-2",
    "hcv-regression-3",
    "hbv-regression",
    "hbv-regression-2",
    "masld-regression-2",
    "aih-regression",
    "haemochromatosis-regression",
)
"""Rows of regression that count cirrhoses read as less at the second look; the others count
something else (bridges, nodules, a year's chance), so they get no bar on the same axis."""


@dataclass(frozen=True)
class Bar:
    """A number on an axis from 0 to `most`: a point, an interval, and the span of its groups."""

    most: float
    value: float | None
    low: float | None
    high: float | None
    groups: tuple[float, float] | None = None


@dataclass(frozen=True)
class Entry:
    """One row of the atlas: what it says, its number in words and as a bar, its source."""

    key: str
    statement: str
    amount: str
    bar: Bar | None
    evidence: str
    population: str
    source: str
    status: str


@dataclass(frozen=True)
class Factor:
    """One accelerator: who against whom, for which outcome, the number with its interval."""

    key: str
    cause: str
    name: str
    comparison: str
    outcome: str
    measure: str
    amount: str
    direction: str
    kind: str  # "ratio", "pair" or "words"
    value: float | None
    low: float | None
    high: float | None
    against: float | None
    most: float
    population: str
    source: str
    status: str


@dataclass(frozen=True)
class Cause:
    """One cause with the entries of each aspect and its own accelerators."""

    key: str
    label: str
    entries: dict[str, tuple[Entry, ...]]
    factors: tuple[Factor, ...] = field(default=())


def causes() -> tuple[Cause, ...]:
    """Every cause of data/causes.csv, in its order."""
    rows, own = ledger.table("causes"), accelerators()
    found = []
    for key in CAUSES:
        part = rows[rows["cause"] == key]
        entries = {
            aspect: tuple(entry(row) for row in part[part["aspect"] == aspect].itertuples())
            for aspect in ASPECTS
        }
        factors = tuple(factor for factor in own if factor.cause == key)
        found.append(Cause(key, part["label"].iloc[0], entries, factors))
    return tuple(found)


def accelerators() -> tuple[Factor, ...]:
    """Every row of data/accelerators.csv."""
    return tuple(_factor(row) for row in ledger.table("accelerators").itertuples())


def entry(row) -> Entry:
    """A row of data/causes.csv as it is printed; a blank regression says so and has no number."""
    return Entry(
        row.key,
        row.statement,
        _amount(row),
        _bar(row),
        row.evidence,
        row.population,
        row.source,
        row.status,
    )


def by_evidence(entries: list[tuple[Cause, Entry]]) -> list[tuple[Cause, Entry]]:
    """Randomised comparisons first, then other numbers, then the blanks."""
    return sorted(
        entries, key=lambda pair: (not pair[1].amount, not is_randomised(pair[1].evidence))
    )


@given.takes(evidence=given.a_text)
def is_randomised(evidence: str) -> bool:
    """Whether a number compares people who were randomised."""
    return evidence.startswith("randomised")


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _amount(row) -> str:
    """The number of a row in words, with what its interval is; "" where there is none."""
    value, low, high = (_known(each) for each in (row.value, row.low, row.high))
    unit = UNITS.get(row.unit, row.unit)
    if value is None and (low is None or high is None):
        return "" if low is None else f"above {ledger.plain(low)} {unit}"
    if low is None or high is None:
        return f"{ledger.plain(value)} {unit}".strip()
    between = f"{ledger.plain(low)} to {ledger.plain(high)}"
    if row.spread == "from group to group":
        return f"{between} {unit}, from group to group"
    if value is None:
        return f"{between} {unit}"
    return f"{ledger.plain(value)} {unit} ({row.spread or 'interval'} {between})"


def _bar(row) -> Bar | None:
    value, low, high = (_known(each) for each in (row.value, row.low, row.high))
    if row.unit not in AXES or (row.aspect != "pace" and row.key not in CIRRHOSIS_LESS):
        return None
    if value is None and low is None:
        return None
    point = None if row.spread == "from group to group" else value
    return Bar(AXES[row.unit], point, low, high, _span(row))


def _span(row) -> tuple[float, float] | None:
    """The slowest and the fastest group that the same source times against this row."""
    table = ledger.table("accelerators")
    same = table[
        (table["cause"] == row.cause)
        & (table["source"] == row.source)
        & (table["unit"] == row.unit)
        & (table["reference_value"] == row.value)
        & (table["direction"] != "selection")
    ]
    if row.aspect != "pace" or same.empty:
        return None
    return float(same["value"].min()), float(same["value"].max())


def _factor(row) -> Factor:
    value, low, high, against = (
        _known(each) for each in (row.value, row.low, row.high, row.reference_value)
    )
    kind = "ratio" if row.unit == "ratio" else "words" if value is None else "pair"
    return Factor(
        row.key,
        row.cause,
        row.factor,
        row.comparison,
        row.outcome,
        row.measure,
        _ratio_words(row.measure, value, low, high, against, UNITS.get(row.unit, row.unit)),
        DIRECTIONS.get(row.direction, row.direction),
        kind,
        value,
        low,
        high,
        against,
        AXES.get(row.unit, 0.0),
        row.population,
        row.source,
        row.status,
    )


def _ratio_words(measure, value, low, high, against, unit) -> str:
    """The number of an accelerator with its interval or with the other group's number."""
    if value is None and low is None:
        return ""
    between = "" if low is None else f"{ledger.plain(low)} to {ledger.plain(high)}"
    if value is None:
        return f"{measure} {between}"
    if against is not None:
        return f"{ledger.plain(value)} against {ledger.plain(against)} {unit}"
    if not between:
        return f"{ledger.plain(value)} {unit}".strip()
    return f"{measure} {ledger.plain(value)} (interval {between})"
