"""What the clinical scores read: laboratory values with their units, limits and usual mistakes, and
grades.

The limits of what a patient can have stand in ``data/scores.csv``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from numbers import Real

from hepatica import ledger
from hepatica.model import given
from hepatica.model.registry import register

register(__name__, measurements=())


class ScoreError(given.GivenError):
    """An input that no score can be computed from; the message says what to write instead."""


class ImpossibleValue(ScoreError):
    """A measurement outside what a patient can have, most often a value in another unit."""


class UnknownUnit(ScoreError):
    """A unit that the measurement is never printed in."""


class UnknownGrade(ScoreError):
    """A grade, sex or category that the score does not know."""


@dataclass(frozen=True)
class Analyte:
    """A measurement: its name in messages, its units with the factor from the first one,
    and the usual mistake."""

    label: str
    units: dict[str, str]
    mistake: str


DECIMALS = "Check the decimal point."

ANALYTES = {
    "bilirubin": Analyte("bilirubin", {"mg/dL": "", "µmol/L": "units-bilirubin-factor"}, DECIMALS),
    "creatinine": Analyte(
        "creatinine", {"mg/dL": "", "µmol/L": "units-creatinine-factor"}, DECIMALS
    ),
    "albumin": Analyte("albumin", {"g/dL": "", "g/L": "units-albumin-factor"}, DECIMALS),
    "inr": Analyte(
        "INR",
        {"ratio": ""},
        "Is it the prothrombin time in seconds or per cent? INR is a ratio near 1.",
    ),
    "sodium": Analyte(
        "sodium",
        {"mmol/L": ""},
        "Is it potassium, or sodium in mg/dL? mEq/L is the same as mmol/L.",
    ),
    "platelets": Analyte(
        "platelets", {"10^9/L": ""}, "Is it the count per µL? Divide that by 1000."
    ),
    "ast": Analyte("AST", {"U/L": ""}, "Is it in µkat/L? Multiply that by 60."),
    "alt": Analyte("ALT", {"U/L": ""}, "Is it in µkat/L? Multiply that by 60."),
    "age": Analyte(
        "age", {"years of age": ""}, "Is it a year of birth or an age in months? Write full years."
    ),
    "bmi": Analyte(
        "body mass index",
        {"kg/m2": ""},
        "Were centimetres or pounds used? Use metres and kilograms.",
    ),
    "pt": Analyte("prothrombin time", {"s": ""}, "Is it the INR or a percentage? Write seconds."),
    "wbc": Analyte("white cells", {"10^9/L": ""}, "Is it the count per µL? Divide that by 1000."),
    "clif-of": Analyte(
        "CLIF-C organ failure score", {"points": ""}, "Six organs give 6 to 18 points."
    ),
}
"""Everything that the scores read, the unit that they compute in first."""

SPELLINGS = {"umol/L": "µmol/L", "μmol/L": "µmol/L"}
"""Other ways to type a unit: the letter u, and the Greek letter in place of the micro sign."""

ASCITES = {"none": 0, "mild": 1, "moderate": 2, "severe": 3, "moderate_severe": 2}
"""Words for the grades of ascites."""

ENCEPHALOPATHY = {"none": 0, "grade_1_2": 1, "grade_3_4": 3}
"""Words for the grades of encephalopathy (West Haven)."""

FEMALE = {"female": True, "F": True, "male": False, "M": False}


# -- measurements ----------------------------------------------------------------------------------


def convert(analyte: str, value: float, unit: str, to: str) -> float:
    """The same measurement in another unit, e.g. ``convert("bilirubin", 2, "mg/dL", "µmol/L")`` is
    34.2.

    Raises UnknownUnit for a unit that the analyte does not have. Values are not judged here.
    """
    given.one_of(analyte, "analyte", ANALYTES)
    return tidy(given.number(value, analyte) / _factor(analyte, unit) * _factor(analyte, to))


def measured(analyte: str, value: float, unit: str) -> float:
    """A measurement in the unit that the scores compute in, e.g. bilirubin in mg/dL.

    Raises ScoreError for what is not a number, UnknownUnit, and ImpossibleValue outside the limits
    of ``scores/limits-…``, with the likely mistake.
    """
    given.one_of(analyte, "analyte", ANALYTES)
    label, first = ANALYTES[analyte].label, _first_unit(analyte)
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ScoreError(
            f"{label} is {value!r}, which is not a number. A score needs every one of its values."
        )
    found = convert(analyte, value, unit, first)
    low, high = bounds(f"limits-{analyte}")
    if low <= found <= high:
        return found
    raise ImpossibleValue(_impossible(analyte, float(value), _known_unit(analyte, unit)))


def _impossible(analyte: str, value: float, unit: str) -> str:
    """What is wrong with a value outside the limits, and the unit in which it would be possible."""
    low, high = (
        convert(analyte, limit, _first_unit(analyte), unit) for limit in bounds(f"limits-{analyte}")
    )
    typed, possible = f"{value:g} {unit}", f"{low:g} to {high:g} {unit}"
    start = f"{ANALYTES[analyte].label} = {typed} is outside what a patient can have ({possible})."
    for other in ANALYTES[analyte].units:
        meant = convert(analyte, value, other, unit)
        if other != unit and low <= meant <= high:
            advice = (
                f"If {value:g} {other} is meant ({meant:.3g} {unit}), "
                f"write {analyte}_unit={other!r}."
            )
            return f"{start} {advice}"
    return f"{start} {ANALYTES[analyte].mistake}"


def _known_unit(analyte: str, unit: str) -> str:
    """The unit as the tables spell it."""
    unit, known = SPELLINGS.get(str(unit), unit), ANALYTES[analyte].units
    if not isinstance(unit, str) or unit not in known:
        raise UnknownUnit(
            f"{analyte}_unit={unit!r} is not known. Write {' or '.join(map(repr, known))}."
        )
    return unit


def _factor(analyte: str, unit: str) -> float:
    """How many of ``unit`` make one of the analyte's first unit."""
    key = ANALYTES[analyte].units[_known_unit(analyte, unit)]
    return score_number(key) if key else 1.0


def _first_unit(analyte: str) -> str:
    return next(iter(ANALYTES[analyte].units))


def plain(analyte: str, value: float) -> float:
    """A measurement that has one unit only."""
    given.one_of(analyte, "analyte", ANALYTES)
    return measured(analyte, value, _first_unit(analyte))


@given.takes(key=given.a_text)
@cache
def score_number(key: str) -> float:
    """A number of data/scores.csv."""
    return ledger.number(f"scores/{key}").value


@given.takes(key=given.a_text)
@cache
def bounds(key: str) -> tuple[float, float]:
    """Lower and upper end; infinite where the table gives none."""
    row = ledger.number(f"scores/{key}")
    return (-math.inf if row.low is None else row.low, math.inf if row.high is None else row.high)


@given.takes(value=given.number)
def clamp(value: float, key: str) -> float:
    """The value moved to the nearer bound when it lies outside."""
    low, high = bounds(key)
    return min(max(value, low), high)


def tidy(value: float) -> float:
    """Ten significant digits, so that 34.2 / 17.1 is 2 and a limit that is met counts as met."""
    return float(f"{value:.10g}")


def round_half_up(value: float, digits: int = 0) -> float:
    """Round a finite number with halves going up, as the allocation rules do;
    Python's ``round`` sends 22.5 to 22."""
    finite = given.number(value, "value")
    return math.floor(tidy(finite * 10**digits) + 0.5) / 10**digits


def graded(word: str | int, words: dict[str, int], what: str, highest: int) -> int:
    """A grade given as number or word."""
    if isinstance(word, str) and word in words:
        return words[word]
    if given.is_whole(word) and 0 <= word <= highest:
        return int(word)
    raise UnknownGrade(
        f"{what}={word!r} is not a grade. Write 0 to {highest}, or one of: {', '.join(words)}."
    )


def is_female(sex: str) -> bool:
    """Whether the word for the sex means a woman."""
    if not isinstance(sex, str) or sex not in FEMALE:
        raise UnknownGrade(f"sex={sex!r} is not known. Write one of: {', '.join(FEMALE)}.")
    return FEMALE[sex]
