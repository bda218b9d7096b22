"""The clinical scores: Child-Pugh, the MELD family, ALBI, Maddrey, Lille, CLIF-C, eGFR, FIB-4,
APRI, NAFLD score.

Every function is pure and takes one patient. Where a laboratory may print one of two units, the
unit is an argument that must be given, so nothing is guessed:

    >>> meld(bilirubin=2.8, bilirubin_unit="mg/dL", creatinine=177, creatinine_unit="µmol/L", inr=1.8)
    24

Coefficients, bounds, cut-offs and the limits of what a patient can have stand in
``data/scores.csv``. A value outside those limits raises ``ImpossibleValue``, which names the likely
mistake. A wrong unit that happens to give a possible value (15 µmol/L of bilirubin typed as 15
mg/dL) cannot be seen; only the reader can.

Scores that a card computes too (Child-Pugh, the MELD family, ALBI, eGFR) are evaluated from the
formulas of `hepatica.models.bedside`; the others are written here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import NamedTuple

from hepatica import ledger
from hepatica.model.registry import register
from hepatica.models.bedside import bedside, kidneys, waiting_list

register(__name__, scores=())


class ScoreError(ValueError):
    """An input that no score can be computed from; the message says what to write instead."""


class ImpossibleValue(ScoreError):
    """A measurement outside what a patient can have, most often a value in another unit."""


class UnknownUnit(ScoreError):
    """A unit that the measurement is never printed in."""


class UnknownGrade(ScoreError):
    """A grade, sex or category that the score does not know."""


class ChildPugh(NamedTuple):
    """Points (5 to 15) and class (A, B or C)."""

    points: int
    letter: str


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
    return _tidy(value / _factor(analyte, unit) * _factor(analyte, to))


def measured(analyte: str, value: float, unit: str) -> float:
    """A measurement in the unit that the scores compute in, e.g. bilirubin in mg/dL.

    Raises ScoreError for what is not a number, UnknownUnit, and ImpossibleValue outside the limits
    of ``scores/limits-…``, with the likely mistake.
    """
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
    unit, known = SPELLINGS.get(unit, unit), ANALYTES[analyte].units
    if unit not in known:
        raise UnknownUnit(
            f"{analyte}_unit={unit!r} is not known. Write {' or '.join(map(repr, known))}."
        )
    return unit


def _factor(analyte: str, unit: str) -> float:
    """How many of ``unit`` make one of the analyte's first unit."""
    key = ANALYTES[analyte].units[_known_unit(analyte, unit)]
    return _value(key) if key else 1.0


def _first_unit(analyte: str) -> str:
    return next(iter(ANALYTES[analyte].units))


def _plain(analyte: str, value: float) -> float:
    """A measurement that has one unit only."""
    return measured(analyte, value, _first_unit(analyte))


@cache
def _value(key: str) -> float:
    return ledger.number(f"scores/{key}").value


@cache
def bounds(key: str) -> tuple[float, float]:
    """Lower and upper end; infinite where the table gives none."""
    row = ledger.number(f"scores/{key}")
    return (-math.inf if row.low is None else row.low, math.inf if row.high is None else row.high)


def _clamp(value: float, key: str) -> float:
    """The value moved to the nearer bound when it lies outside."""
    low, high = bounds(key)
    return min(max(value, low), high)


def _tidy(value: float) -> float:
    """Ten significant digits, so that 34.2 / 17.1 is 2 and a limit that is met counts as met."""
    return float(f"{value:.10g}")


def round_half_up(value: float, digits: int = 0) -> float:
    """Round with halves going up, as the allocation rules do;
    Python's ``round`` sends 22.5 to 22."""
    return math.floor(_tidy(value * 10**digits) + 0.5) / 10**digits


def _graded(word: str | int, words: dict[str, int], what: str, highest: int) -> int:
    """A grade given as number or word."""
    if word in words:
        return words[word]
    if isinstance(word, int) and not isinstance(word, bool) and 0 <= word <= highest:
        return word
    raise UnknownGrade(
        f"{what}={word!r} is not a grade. Write 0 to {highest}, or one of: {', '.join(words)}."
    )


def _is_female(sex: str) -> bool:
    if sex not in FEMALE:
        raise UnknownGrade(f"sex={sex!r} is not known. Write one of: {', '.join(FEMALE)}.")
    return FEMALE[sex]


# -- liver failure and prognosis -------------------------------------------------------------------


def child_pugh(
    *,
    bilirubin: float,
    bilirubin_unit: str,
    albumin: float,
    albumin_unit: str,
    inr: float,
    ascites: str | int,
    encephalopathy: str | int,
) -> ChildPugh:
    """Child-Pugh points and class; both ends of each middle band give 2 points.

    SI values are converted before they are compared, so the unit never changes the points; printed
    SI tables round the bilirubin limits to 34 and 50 µmol/L. Source: scores/child-pugh-….
    """
    read = bedside.evaluate(
        bilirubin=measured("bilirubin", bilirubin, bilirubin_unit),
        albumin=measured("albumin", albumin, albumin_unit),
        INR=_plain("inr", inr),
        ascites=_graded(ascites, ASCITES, "ascites", 3),
        encephalopathy=_graded(encephalopathy, ENCEPHALOPATHY, "encephalopathy", 4),
    )
    return ChildPugh(int(read["child_pugh"]), "ABC"[int(read["child_pugh_class"]) - 1])


def meld(
    *,
    bilirubin: float,
    bilirubin_unit: str,
    creatinine: float,
    creatinine_unit: str,
    inr: float,
    dialysis: bool = False,
    rounded: bool = True,
) -> float:
    """MELD as used for allocation from 2002 to 2016: 6 to 40, halves rounded up.

    ``dialysis``: twice or more in the past week. ``rounded=False`` gives the number before rounding
    and before the limits of 6 and 40. Source: scores/meld-….
    """
    read = bedside.evaluate(
        **_of_meld(bilirubin, bilirubin_unit, creatinine, creatinine_unit, inr, dialysis)
    )
    return int(read["meld"]) if rounded else read["meld_exact"]


def _of_meld(
    bilirubin: float,
    bilirubin_unit: str,
    creatinine: float,
    creatinine_unit: str,
    inr: float,
    dialysis: bool = False,
) -> dict[str, float]:
    """What every MELD reads, as inputs of `bedside`."""
    return {
        "bilirubin": measured("bilirubin", bilirubin, bilirubin_unit),
        "INR": _plain("inr", inr),
        "creatinine": measured("creatinine", creatinine, creatinine_unit),
        "dialysis": float(dialysis),
    }


def meld_na(*, sodium: float, rounded: bool = True, **of_meld: float | str | bool) -> float:
    """MELD-Na as used for allocation from 2016: sodium (mmol/L) counts when MELD is above 11.

    The other arguments are those of ``meld``. Source: scores/meld-na-….
    """
    read = bedside.evaluate(sodium=_plain("sodium", sodium), **_of_meld(**of_meld))
    return int(read["meld_na"]) if rounded else read["meld_na_exact"]


def meld_na_2008(*, sodium: float, **of_meld: float | str | bool) -> float:
    """MELD-Na of the research paper of 2008, not rounded; some packages still call this one
    MELD-Na.

    Source: scores/meld-na-kim2008-….
    """
    points = meld(rounded=False, **of_meld)
    sodium = _clamp(_plain("sodium", sodium), "meld-na-kim2008-bounds-sodium")
    deficit = bounds("meld-na-kim2008-bounds-sodium")[1] - sodium
    return points + deficit + _value("meld-na-kim2008-interaction") * points * deficit


def meld_3(
    *,
    bilirubin: float,
    bilirubin_unit: str,
    creatinine: float,
    creatinine_unit: str,
    albumin: float,
    albumin_unit: str,
    inr: float,
    sodium: float,
    sex: str,
    dialysis: bool = False,
    age_years: float | None = None,
    capped: bool = True,
    rounded: bool = True,
) -> float:
    """MELD 3.0, halves rounded up, at most 40 unless ``capped=False``.

    ``age_years`` matters from 12 to 17 only, when either sex gets the points of women.
    ``rounded=False`` gives the number before rounding and cap. Source: scores/meld-3-….
    """
    read = bedside.evaluate(
        **_of_meld(bilirubin, bilirubin_unit, creatinine, creatinine_unit, inr, dialysis),
        sodium=_plain("sodium", sodium),
        albumin=measured("albumin", albumin, albumin_unit),
        female=float(_is_female(sex) or _is_adolescent(age_years)),
    )
    if not rounded:
        return read["meld_3_exact"]
    return int(read["meld_3"] if capped else round_half_up(read["meld_3_exact"]))


def _is_adolescent(age_years: float | None) -> bool:
    low, high = bounds("meld-3-adolescent-age")
    return age_years is not None and low <= math.floor(_plain("age", age_years)) <= high


def meld_survival_90_days(meld_points: float) -> float:
    """Share alive after 90 days on the waiting list of 1999-2001; rough, too low above MELD 35."""
    return waiting_list.evaluate(points=meld_points)["by_meld"]


def meld_3_survival_90_days(meld_3_points: float) -> float:
    """Share alive after 90 days by MELD 3.0, good to 0.01;
    transplantation competes in these data."""
    return waiting_list.evaluate(points=meld_3_points)["by_meld_3"]


def albi(*, bilirubin: float, bilirubin_unit: str, albumin: float, albumin_unit: str) -> float:
    """ALBI score, higher is worse, no bounds. Source: scores/albi-…."""
    read = bedside.evaluate(
        bilirubin=measured("bilirubin", bilirubin, bilirubin_unit),
        albumin=measured("albumin", albumin, albumin_unit),
    )
    return _tidy(read["albi"])


def albi_grade(score: float) -> int:
    """Grade 1, 2 or 3 of an ALBI score; the upper end of a grade belongs to it."""
    return next((n for n in (1, 2) if _tidy(score) <= _value(f"albi-grade-{n}")), 3)


def maddrey(*, pt: float, pt_control: float, bilirubin: float, bilirubin_unit: str) -> float:
    """Maddrey's discriminant function (modified); prothrombin times in seconds. Severe from 32.

    Source: scores/maddrey-….
    """
    longer = _plain("pt", pt) - _plain("pt", pt_control)
    return _tidy(
        _value("maddrey-pt-coefficient") * longer + measured("bilirubin", bilirubin, bilirubin_unit)
    )


def maddrey_is_severe(score: float) -> bool:
    """Severe alcoholic hepatitis: exactly 32 counts (sources differ)."""
    return _tidy(score) >= _value("maddrey-severe")


def lille(
    *,
    age_years: float,
    albumin: float,
    albumin_unit: str,
    bilirubin_day_0: float,
    bilirubin_day_7: float,
    bilirubin_unit: str,
    creatinine: float,
    creatinine_unit: str,
    pt: float,
) -> float:
    """Lille score after seven days of steroids, 0 to 1; non-response from 0.45. Source:
    scores/lille-…."""
    day_0, day_7 = (
        convert("bilirubin", measured("bilirubin", value, bilirubin_unit), "mg/dL", "µmol/L")
        for value in (bilirubin_day_0, bilirubin_day_7)
    )
    terms = {
        "constant": 1,
        "age": _plain("age", age_years),
        "change": day_0 - day_7,
        "bilirubin": day_0,
        "albumin": convert("albumin", measured("albumin", albumin, albumin_unit), "g/dL", "g/L"),
        "renal": measured("creatinine", creatinine, creatinine_unit)
        > _value("lille-renal-creatinine"),
        "pt": _plain("pt", pt),
    }
    return 1 / (
        1
        + math.exp(sum(_value(f"lille-coefficient-{name}") * term for name, term in terms.items()))
    )


def clif_c_aclf(*, organ_failure: int, age_years: float, wbc: float) -> float:
    """CLIF-C ACLF from the organ failure score (6 to 18), age and white cells (10^9/L).

    Source: scores/clif-c-aclf-….
    """
    terms = {
        "organ-failure": _plain("clif-of", organ_failure),
        "age": _plain("age", age_years),
        "wbc": math.log(_plain("wbc", wbc)),
        "constant": 1,
    }
    return _value("clif-c-aclf-factor") * sum(
        _value(f"clif-c-aclf-{name}") * term for name, term in terms.items()
    )


def clif_c_ad(
    *,
    age_years: float,
    creatinine: float,
    creatinine_unit: str,
    inr: float,
    wbc: float,
    sodium: float,
) -> float:
    """CLIF-C AD, acute decompensation without organ failure; no bounds. Source:
    scores/clif-c-ad-…."""
    creatinine = measured("creatinine", creatinine, creatinine_unit)
    terms = {
        "age": _plain("age", age_years),
        "creatinine": math.log(creatinine),
        "inr": math.log(_plain("inr", inr)),
        "wbc": math.log(_plain("wbc", wbc)),
        "sodium": _plain("sodium", sodium),
        "constant": 1,
    }
    return _value("clif-c-ad-factor") * sum(
        _value(f"clif-c-ad-{name}") * term for name, term in terms.items()
    )


def egfr(*, creatinine: float, creatinine_unit: str, age_years: float, sex: str) -> float:
    """Estimated filtration of the kidneys, mL/min per 1.73 m2, CKD-EPI 2021; whole numbers, halves
    rounded up.

    Creatinine flatters the kidneys of people with little muscle. Source: scores/ckd-epi-….
    """
    read = kidneys.evaluate(
        creatinine=measured("creatinine", creatinine, creatinine_unit),
        age=_plain("age", age_years),
        female=float(_is_female(sex)),
    )
    return int(read["egfr"])


# -- fibrosis --------------------------------------------------------------------------------------


def fib4(*, age_years: float, ast: float, alt: float, platelets: float) -> float:
    """FIB-4; enzymes in U/L, platelets in 10^9/L.
    Unreliable below 35 years and in acute hepatitis."""
    root = math.sqrt(_plain("alt", alt))
    return _plain("age", age_years) * _plain("ast", ast) / (_plain("platelets", platelets) * root)


def fib4_category(score: float, *, cause: str, age_years: float) -> str:
    """``low`` (advanced fibrosis unlikely), ``indeterminate`` or ``high``; ``cause`` is "viral" or
    "MASLD".

    In MASLD the lower cut is higher from 65 years on. Source: scores/fib-4-….
    """
    if cause not in ("viral", "MASLD"):
        raise UnknownGrade(f"cause={cause!r} is not known. Write 'viral' or 'MASLD'.")
    older = cause == "MASLD" and _is_older(age_years)
    low, high = (
        _value(f"fib-4-{cause.lower()}-low{'-65' if older else ''}"),
        _value(f"fib-4-{cause.lower()}-high"),
    )
    rules_in = score >= high if cause == "MASLD" else score > high
    return "low" if score < low else "high" if rules_in else "indeterminate"


def _is_older(age_years: float) -> bool:
    """Old enough for the higher lower cut."""
    return _plain("age", age_years) >= _value("fib-4-older-age")


def apri(*, ast: float, platelets: float, ast_upper_limit: float | None = None) -> float:
    """APRI; ``ast_upper_limit`` (U/L) is the laboratory's upper limit of normal,
    40 unless given."""
    limit = (
        _value("apri-ast-upper-limit")
        if ast_upper_limit is None
        else _plain("ast", ast_upper_limit)
    )
    return _plain("ast", ast) / limit * _value("apri-factor") / _plain("platelets", platelets)


def nafld_score(
    *,
    age_years: float,
    bmi: float,
    diabetes: bool,
    ast: float,
    alt: float,
    platelets: float,
    albumin: float,
    albumin_unit: str,
) -> float:
    """NAFLD fibrosis score; ``diabetes`` includes impaired fasting glucose. Source:
    scores/nfs-…."""
    terms = {
        "constant": 1,
        "age": _plain("age", age_years),
        "bmi": _plain("bmi", bmi),
        "diabetes": bool(diabetes),
        "ast-alt": ast_alt_ratio(ast=ast, alt=alt),
        "platelets": _plain("platelets", platelets),
        "albumin": measured("albumin", albumin, albumin_unit),
    }
    return sum(_value(f"nfs-coefficient-{name}") * term for name, term in terms.items())


def nafld_category(score: float, *, age_years: float) -> str:
    """``low``, ``indeterminate`` or ``high``; the lower cut is higher from 65 years on."""
    low = _value("nfs-low-65" if _is_older(age_years) else "nfs-low")
    return "low" if score < low else "high" if score > _value("nfs-high") else "indeterminate"


def ast_alt_ratio(*, ast: float, alt: float) -> float:
    """AST divided by ALT, both in U/L."""
    return _plain("ast", ast) / _plain("alt", alt)
