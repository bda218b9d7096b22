"""Units of time: what turns a published rate or duration into a model's own clock."""

from __future__ import annotations

DAYS_PER_YEAR = 365
"""The year of every model. Dates of real patients are counted in calendar years
(`hepatica.analysis.survival`)."""

UNITS_PER_DAY = {
    "min": 1440,
    "h": 24,
    "hours": 24,
    "day": 1,
    "year": 1 / DAYS_PER_YEAR,
    "years": 1 / DAYS_PER_YEAR,
}
DAYS_PER = {"hours": 1 / 24, "days": 1, "years": DAYS_PER_YEAR}
"""Days in one unit of a run."""


def in_days(unit: str) -> float:
    """The factor that turns a rate or a duration in `unit` into days; 1 for every other unit.

    >>> in_days("molecules/cell/min"), in_days("years"), in_days("cells/mL")
    (1440, 365.0, 1)
    """
    amount, _, last = unit.rpartition("/")
    return UNITS_PER_DAY.get(last, 1) if amount else 1 / UNITS_PER_DAY.get(unit, 1)
