"""What the course reads from the Mayo Clinic's patients: one number each, named in
data/targets.csv. Each function raises GivenError for a grade, outcome, column or time that these
patients do not have."""

from __future__ import annotations

from hepatica.analysis import follow_up, survival
from hepatica.model import given
from hepatica.model.registry import register

register(__name__, mayo=())

SHARES = ("incidence", "one_minus_km")
"""The two ways to count who has had an event."""


def mayo_count(outcome: str = "") -> int:
    """Mayo patients with an outcome ("death", "transplant", "censored"), or all of them."""
    given.one_of(outcome, "outcome", ("", *follow_up.OUTCOMES))
    cohort = survival.cohort()
    return len(cohort) if not outcome else int((cohort["outcome"] == outcome).sum())


def mayo_survival(grade: int, years: float) -> float:
    """Alive without transplant (%) after `years` in an ALBI grade of the Mayo patients,
    Kaplan–Meier."""
    curve = survival.kaplan_meier(_of_grade(grade))
    return 100 * float(survival.at_times(curve, [years])["survival"].iloc[0])


def mayo_at_risk(grade: int, years: float) -> int:
    """Mayo patients of an ALBI grade still followed after `years`."""
    return int(survival.numbers_at_risk(_of_grade(grade), years=[years])["at_risk"].iloc[0])


def mayo_incidence(
    grade: int, years: float, cause: str = "transplant", column: str = "incidence"
) -> float:
    """Share (%) with the event `cause` by `years`: "incidence" (Aalen–Johansen)
    or "one_minus_km"."""
    given.one_of(cause, "cause", ("death", "transplant"))
    given.one_of(column, "column", SHARES)
    table = survival.at_times(survival.cumulative_incidence(_of_grade(grade)), [years]).set_index(
        "cause"
    )
    return 100 * float(table.loc[cause, column])


def mayo_sum(years: float, column: str = "incidence") -> float:
    """Sum (%) of deaths and transplants by `years` among all Mayo patients,
    counted in one of two ways."""
    given.one_of(column, "column", SHARES)
    table = survival.at_times(survival.cumulative_incidence(survival.cohort()), [years])
    return 100 * float(table[column].sum())


def mayo_concordance(score: str, event: str = "death") -> float:
    """Harrell's C of a score ("albi", "bilirubin_mg_dl", "apri")
    for an event among the Mayo patients."""
    return float(
        survival.discrimination(survival.cohort(), [score], event, resamples=0)["value"].iloc[0]
    )


def mayo_bilirubin(outcome: str, years_before: float) -> float:
    """Median bilirubin (mg/dL) of patients with this outcome,
    in the year around `years_before` (−0.5 is the last)."""
    given.one_of(outcome, "outcome", follow_up.OUTCOMES)
    table = survival.trajectories("bilirubin_mg_dl").set_index(["outcome", "years_before"])
    given.one_of(years_before, "years_before", table.loc[outcome].index)
    return float(table.loc[(outcome, years_before), "median"])


def mayo_missing(measurement: str, outcome: str, visit: str) -> float:
    """Share (%) of visits ("last" or "earlier") without a measurement."""
    given.one_of(outcome, "outcome", follow_up.OUTCOMES)
    given.one_of(visit, "visit", ("last", "earlier"))
    table = survival.missingness([measurement]).set_index(["outcome", "visit"])
    return 100 * float(table.loc[(outcome, visit), "share"])


def _of_grade(grade: int):
    given.one_of(grade, "grade", (1, 2, 3))
    cohort = survival.cohort()
    return cohort[cohort["albi_grade"] == grade]
