"""The effect of one study at one visit, from the rows of its arms in data/trial_outcomes.csv.

Effects (``yi``) and variances (``vi``) of ratios are natural logarithms; differences are in the
unit of the outcome. Nothing here makes a missing number: what could not be read says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np

from hepatica.model import given
from hepatica.model.registry import register

RATIOS = {"RR": "risk-ratio", "OR": "odds-ratio"}
ASSUMED_PATIENTS = {"Mohamadnejad2016": 6}
"""Arm sizes at the visit that were not printed; the note of the row in trial_outcomes.csv says why
this one."""

register(__name__, effects=())


@dataclass(frozen=True)
class Outcome:
    """Which rows of trial_outcomes.csv belong to an outcome, in which unit,
    and the words that speak of it."""

    rows: tuple[str, ...]
    words: str
    unit: str = ""
    factor: float = 1


OUTCOMES = {
    "deaths": Outcome(
        ("survival", "transplant_free_survival"), r"surviv|death|died|mortality|alive"
    ),
    "survival": Outcome(
        ("survival", "transplant_free_survival"), r"surviv|death|died|mortality|alive"
    ),
    "meld": Outcome(("meld", "meld_na"), r"MELD", "points"),
    "albumin": Outcome(("albumin_g_per_dl",), r"albumin", "g/L", 10),
    "bilirubin": Outcome(("bilirubin_mg_per_dl",), r"bilirubin", "mg/dL"),
}


def both_arms(arms: Mapping[str, Mapping], outcome: str, measure: str, continuity: float) -> dict:
    """Effect of one visit from its arms, or the reason why it cannot be had."""
    if "difference_treated_minus_control" in arms:
        return _printed_difference(
            arms["difference_treated_minus_control"], OUTCOMES[outcome].factor
        )
    if not {"treated", "control"} <= arms.keys():
        return {"problem": "only one arm could be read"}
    treated, control = arms["treated"], arms["control"]
    told = {
        "printed": f"{treated['as_printed']} v {control['as_printed']}",
        "note": treated["note"],
    }
    made = (
        _counts(treated, control, outcome, measure, continuity)
        if measure in RATIOS
        else _means(treated, control, OUTCOMES[outcome].factor)
    )
    return {**told, "problem": "", **made}


def missing(*cells) -> bool:
    """Whether any number could not be read."""
    return any(cell is None or not isfinite(cell) for cell in cells)


def _counts(
    treated: Mapping, control: Mapping, outcome: str, measure: str, continuity: float
) -> dict:
    """Ratio of deaths, or of people alive."""
    cells = [treated["events"], treated["patients"], control["events"], control["patients"]]
    if missing(*cells):
        return {
            "problem": "per cent without the size of the arms"
            if treated["as_printed"]
            else "no counts"
        }
    died, n, died_control, n_control = (int(cell) for cell in cells)
    if outcome == "survival":
        died, died_control = n - died, n_control - died_control
    yi, vi = ratio(died, n, died_control, n_control, measure, continuity)
    notes = ["deaths or transplants"] if "transplant" in treated["outcome"] else []
    notes += (
        ["counts worked out from per cent"]
        if treated["events_basis"] == "derived_from_percent"
        else []
    )
    problem = "nobody, or everybody, had the event in both arms" if missing(yi) else ""
    return {
        "n_treated": n,
        "n_control": n_control,
        "treated": died,
        "control": died_control,
        "yi": yi,
        "vi": vi,
        "estimated": "; ".join(notes),
        "problem": problem,
    }


def ratio(
    events: int,
    patients: int,
    events_control: int,
    patients_control: int,
    measure: str = "RR",
    continuity: float = 0.5,
) -> tuple[float, float]:
    """Logarithm of the ratio treated : control and its variance.

    ``continuity`` is added to all four cells if one is zero. When nobody or everybody had the event
    in both arms the table says nothing about a ratio: both numbers are then missing (nan). Raises
    GivenError for another measure, what is no count, or more events than people.
    """
    given.one_of(measure, "measure", RATIOS)
    given.number(continuity, "continuity", 0)
    given.whole(events, "events", 0, given.whole(patients, "patients", 1))
    people = given.whole(patients_control, "patients_control", 1)
    given.whole(events_control, "events_control", 0, people)
    from statsmodels.stats.meta_analysis import effectsize_2proportions

    if (events, events_control) in ((0, 0), (patients, patients_control)):
        return nan, nan
    counts = (events, patients, events_control, patients_control)
    empty = 0 in (events, patients - events, events_control, patients_control - events_control)
    # asked for a correction, statsmodels 0.15 adds it to the events of tables without a zero too
    correction = {"zero_correction": continuity} if empty else {}
    yi, vi = effectsize_2proportions(
        *(np.array([float(each)]) for each in counts), statistic=RATIOS[measure], **correction
    )
    return float(yi[0]), float(vi[0])


def _means(treated: Mapping, control: Mapping, factor: float) -> dict:
    """Difference of the means, treated minus control; the variances of the arms stay separate."""
    problem = _unusable(treated) or _unusable(control)
    if problem:
        return {"problem": problem}
    (mean, sd, n), (mean_control, sd_control, n_control) = (
        _arm(row, factor) for row in (treated, control)
    )
    return {
        "n_treated": n,
        "n_control": n_control,
        "treated": mean,
        "control": mean_control,
        "sd_treated": sd,
        "sd_control": sd_control,
        "yi": mean - mean_control,
        "vi": sd**2 / n + sd_control**2 / n_control,
        "estimated": "; ".join(_estimates(treated)),
    }


def _unusable(row: Mapping) -> str:
    """Why the mean of an arm cannot be compared; blank if it can."""
    if "probably a standard error" in row["note"]:
        return "its ± is almost certainly a standard error, not a standard deviation"
    if row["statistic"] == "relative_change_percent":
        return "only a change in per cent"
    if missing(row["value"]) and missing(row["value_estimated"]):
        return "no mean"
    if missing(row["sd"]) and missing(row["sd_estimated"]):
        return "no spread"
    return (
        ""
        if row["trial"] in ASSUMED_PATIENTS or not missing(row["patients"])
        else "size of the arms not read"
    )


def _arm(row: Mapping, factor: float) -> tuple[float, float, int]:
    """Mean, standard deviation and patients of one arm."""
    mean = row["value_estimated"] if missing(row["value"]) else row["value"]
    spread = row["sd_estimated"] if missing(row["sd"]) else row["sd"]
    patients = ASSUMED_PATIENTS[row["trial"]] if missing(row["patients"]) else row["patients"]
    return mean * factor, spread * factor, int(patients)


def _estimates(row: Mapping) -> list[str]:
    """What had to be estimated for an arm."""
    notes = ["mean and SD estimated from median and quartiles"] if missing(row["value"]) else []
    return notes + (["size of the arms assumed"] if missing(row["patients"]) else [])


def _printed_difference(row: Mapping, factor: float) -> dict:
    """A difference printed with its 95 % interval."""
    numbers = re.match(r"(-?[\d.]+) \(95% CI (-?[\d.]+) to (-?[\d.]+)\)", row["as_printed"])
    if not numbers:
        return {"problem": "a difference without an interval"}
    _, low, high = (float(cell) * factor for cell in numbers.groups())
    return {
        "yi": row["value_estimated"] * factor,
        "vi": ((high - low) / (2 * 1.96)) ** 2,
        "problem": "",
        "estimated": "only the difference was printed",
        "printed": row["as_printed"],
        "note": row["note"],
    }
