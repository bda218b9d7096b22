"""The clinical scores: Child-Pugh, the MELD family, ALBI, Maddrey, Lille, CLIF-C, eGFR, FIB-4,
APRI, NAFLD score.

Every function is pure and takes one patient. Where a laboratory may print one of two units, the
unit is an argument that must be given, so nothing is guessed:

    >>> meld(bilirubin=2.8, bilirubin_unit="mg/dL", creatinine=177, creatinine_unit="µmol/L", inr=1.8)
    24

Coefficients, bounds, cut-offs and the limits of what a patient can have stand in
``data/scores.csv``. A value outside those limits raises ``ImpossibleValue``, which names the likely
mistake; a flag that is neither yes nor no raises ``GivenError``. A wrong unit that happens to give a
possible value (15 µmol/L of bilirubin typed as 15 mg/dL) cannot be seen; only the reader can.

Scores that a card computes too (Child-Pugh, the MELD family, ALBI, eGFR) are evaluated from the
formulas of `hepatica.models.bedside`; the others are written here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from hepatica.model import given
from hepatica.model.registry import register
from hepatica.models.bedside import bedside, kidneys, waiting_list
from hepatica.models.measurements import (
    ANALYTES,
    ASCITES,
    ENCEPHALOPATHY,
    FEMALE,
    Analyte,
    ImpossibleValue,
    ScoreError,
    UnknownGrade,
    UnknownUnit,
    bounds,
    clamp,
    convert,
    graded,
    is_female,
    measured,
    plain,
    round_half_up,
    score_number,
    tidy,
)

__all__ = [
    "ANALYTES",
    "ASCITES",
    "ENCEPHALOPATHY",
    "FEMALE",
    "Analyte",
    "ChildPugh",
    "ImpossibleValue",
    "ScoreError",
    "UnknownGrade",
    "UnknownUnit",
    "albi",
    "albi_grade",
    "apri",
    "ast_alt_ratio",
    "bounds",
    "child_pugh",
    "clif_c_aclf",
    "clif_c_ad",
    "convert",
    "egfr",
    "fib4",
    "fib4_category",
    "lille",
    "maddrey",
    "maddrey_is_severe",
    "measured",
    "meld",
    "meld_3",
    "meld_3_survival_90_days",
    "meld_na",
    "meld_na_2008",
    "meld_survival_90_days",
    "nafld_category",
    "nafld_score",
    "round_half_up",
]

register(__name__, scores=())


class ChildPugh(NamedTuple):
    """Points (5 to 15) and class (A, B or C)."""

    points: int
    letter: str


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
        INR=plain("inr", inr),
        ascites=graded(ascites, ASCITES, "ascites", 3),
        encephalopathy=graded(encephalopathy, ENCEPHALOPATHY, "encephalopathy", 4),
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
    return int(read["meld"]) if given.flag(rounded, "rounded") else read["meld_exact"]


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
        "INR": plain("inr", inr),
        "creatinine": measured("creatinine", creatinine, creatinine_unit),
        "dialysis": float(given.flag(dialysis, "dialysis")),
    }


def meld_na(*, sodium: float, rounded: bool = True, **of_meld: float | str | bool) -> float:
    """MELD-Na as used for allocation from 2016: sodium (mmol/L) counts when MELD is above 11.

    The other arguments are those of ``meld``. Source: scores/meld-na-….
    """
    read = bedside.evaluate(sodium=plain("sodium", sodium), **_of_meld(**of_meld))
    return int(read["meld_na"]) if given.flag(rounded, "rounded") else read["meld_na_exact"]


def meld_na_2008(*, sodium: float, **of_meld: float | str | bool) -> float:
    """MELD-Na of the research paper of 2008, not rounded; some packages still call this one
    MELD-Na.

    Source: scores/meld-na-kim2008-….
    """
    points = meld(rounded=False, **of_meld)
    sodium = clamp(plain("sodium", sodium), "meld-na-kim2008-bounds-sodium")
    deficit = bounds("meld-na-kim2008-bounds-sodium")[1] - sodium
    return points + deficit + score_number("meld-na-kim2008-interaction") * points * deficit


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
        sodium=plain("sodium", sodium),
        albumin=measured("albumin", albumin, albumin_unit),
        female=float(is_female(sex) | _is_adolescent(age_years)),
    )
    if not given.flag(rounded, "rounded"):
        return read["meld_3_exact"]
    return int(
        read["meld_3"] if given.flag(capped, "capped") else round_half_up(read["meld_3_exact"])
    )


def _is_adolescent(age_years: float | None) -> bool:
    low, high = bounds("meld-3-adolescent-age")
    return age_years is not None and low <= math.floor(plain("age", age_years)) <= high


def meld_survival_90_days(meld_points: float) -> float:
    """Share alive after 90 days on the waiting list of 1999-2001; rough, too low above MELD 35."""
    points = given.number(meld_points, "meld_points", 6, 40)
    return waiting_list.evaluate(points=points)["by_meld"]


def meld_3_survival_90_days(meld_3_points: float) -> float:
    """Share alive after 90 days by MELD 3.0, good to 0.01;
    transplantation competes in these data."""
    points = given.number(meld_3_points, "meld_3_points", 6, 40)
    return waiting_list.evaluate(points=points)["by_meld_3"]


def albi(*, bilirubin: float, bilirubin_unit: str, albumin: float, albumin_unit: str) -> float:
    """ALBI score, higher is worse, no bounds. Source: scores/albi-…."""
    read = bedside.evaluate(
        bilirubin=measured("bilirubin", bilirubin, bilirubin_unit),
        albumin=measured("albumin", albumin, albumin_unit),
    )
    return tidy(read["albi"])


def albi_grade(score: float) -> int:
    """Grade 1, 2 or 3 of an ALBI score; the upper end of a grade belongs to it."""
    given.number(score, "score")
    return next((n for n in (1, 2) if tidy(score) <= score_number(f"albi-grade-{n}")), 3)


def maddrey(*, pt: float, pt_control: float, bilirubin: float, bilirubin_unit: str) -> float:
    """Maddrey's discriminant function (modified); prothrombin times in seconds. Severe from 32.

    Source: scores/maddrey-….
    """
    longer = plain("pt", pt) - plain("pt", pt_control)
    return tidy(
        score_number("maddrey-pt-coefficient") * longer
        + measured("bilirubin", bilirubin, bilirubin_unit)
    )


def maddrey_is_severe(score: float) -> bool:
    """Severe alcoholic hepatitis: exactly 32 counts (sources differ)."""
    return tidy(given.number(score, "score")) >= score_number("maddrey-severe")


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
        "age": plain("age", age_years),
        "change": day_0 - day_7,
        "bilirubin": day_0,
        "albumin": convert("albumin", measured("albumin", albumin, albumin_unit), "g/dL", "g/L"),
        "renal": measured("creatinine", creatinine, creatinine_unit)
        > score_number("lille-renal-creatinine"),
        "pt": plain("pt", pt),
    }
    return 1 / (
        1
        + math.exp(
            sum(score_number(f"lille-coefficient-{name}") * term for name, term in terms.items())
        )
    )


def clif_c_aclf(*, organ_failure: int, age_years: float, wbc: float) -> float:
    """CLIF-C ACLF from the organ failure score (6 to 18), age and white cells (10^9/L).

    Source: scores/clif-c-aclf-….
    """
    terms = {
        "organ-failure": plain("clif-of", organ_failure),
        "age": plain("age", age_years),
        "wbc": math.log(plain("wbc", wbc)),
        "constant": 1,
    }
    return score_number("clif-c-aclf-factor") * sum(
        score_number(f"clif-c-aclf-{name}") * term for name, term in terms.items()
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
        "age": plain("age", age_years),
        "creatinine": math.log(creatinine),
        "inr": math.log(plain("inr", inr)),
        "wbc": math.log(plain("wbc", wbc)),
        "sodium": plain("sodium", sodium),
        "constant": 1,
    }
    return score_number("clif-c-ad-factor") * sum(
        score_number(f"clif-c-ad-{name}") * term for name, term in terms.items()
    )


def egfr(*, creatinine: float, creatinine_unit: str, age_years: float, sex: str) -> float:
    """Estimated filtration of the kidneys, mL/min per 1.73 m2, CKD-EPI 2021; whole numbers, halves
    rounded up.

    Creatinine flatters the kidneys of people with little muscle. Source: scores/ckd-epi-….
    """
    read = kidneys.evaluate(
        creatinine=measured("creatinine", creatinine, creatinine_unit),
        age=plain("age", age_years),
        female=float(is_female(sex)),
    )
    return int(read["egfr"])


# -- fibrosis --------------------------------------------------------------------------------------


def fib4(*, age_years: float, ast: float, alt: float, platelets: float) -> float:
    """FIB-4; enzymes in U/L, platelets in 10^9/L.
    Unreliable below 35 years and in acute hepatitis."""
    root = math.sqrt(plain("alt", alt))
    return plain("age", age_years) * plain("ast", ast) / (plain("platelets", platelets) * root)


def fib4_category(score: float, *, cause: str, age_years: float) -> str:
    """``low`` (advanced fibrosis unlikely), ``indeterminate`` or ``high``; ``cause`` is "viral" or
    "MASLD".

    In MASLD the lower cut is higher from 65 years on. Source: scores/fib-4-….
    """
    given.number(score, "score", 0)
    if cause not in ("viral", "MASLD"):
        raise UnknownGrade(f"cause={cause!r} is not known. Write 'viral' or 'MASLD'.")
    older = cause == "MASLD" and _is_older(age_years)
    low, high = (
        score_number(f"fib-4-{cause.lower()}-low{'-65' if older else ''}"),
        score_number(f"fib-4-{cause.lower()}-high"),
    )
    rules_in = score >= high if cause == "MASLD" else score > high
    return "low" if score < low else "high" if rules_in else "indeterminate"


def _is_older(age_years: float) -> bool:
    """Old enough for the higher lower cut."""
    return plain("age", age_years) >= score_number("fib-4-older-age")


def apri(*, ast: float, platelets: float, ast_upper_limit: float | None = None) -> float:
    """APRI; ``ast_upper_limit`` (U/L) is the laboratory's upper limit of normal,
    40 unless given."""
    limit = (
        score_number("apri-ast-upper-limit")
        if ast_upper_limit is None
        else plain("ast", ast_upper_limit)
    )
    return plain("ast", ast) / limit * score_number("apri-factor") / plain("platelets", platelets)


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
        "age": plain("age", age_years),
        "bmi": plain("bmi", bmi),
        "diabetes": given.flag(diabetes, "diabetes"),
        "ast-alt": ast_alt_ratio(ast=ast, alt=alt),
        "platelets": plain("platelets", platelets),
        "albumin": measured("albumin", albumin, albumin_unit),
    }
    return sum(score_number(f"nfs-coefficient-{name}") * term for name, term in terms.items())


def nafld_category(score: float, *, age_years: float) -> str:
    """``low``, ``indeterminate`` or ``high``; the lower cut is higher from 65 years on."""
    given.number(score, "score")
    low = score_number("nfs-low-65" if _is_older(age_years) else "nfs-low")
    return "low" if score < low else "high" if score > score_number("nfs-high") else "indeterminate"


def ast_alt_ratio(*, ast: float, alt: float) -> float:
    """AST divided by ALT, both in U/L."""
    return plain("ast", ast) / plain("alt", alt)
