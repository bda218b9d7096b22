"""The scores as formulas, written once for Python and the page, and what several laboratories make
of them.

`bedside` holds Child–Pugh, MELD, MELD-Na, MELD 3.0 and ALBI with the coefficients, bounds and bands
of ``data/scores.csv``, `kidneys` the estimated filtration, `waiting_list` the published curves of
survival. `hepatica.models.scores` evaluates these models for one patient, with units, refusals and
advice. `laboratories` gives one tube of blood to a low and a high laboratory.

Cast
----
symbol                 meaning                                           unit
meld                   MELD, whole points                                points
meld_na                MELD-Na, whole points                             points
meld_3                 MELD 3.0, whole points                            points
child_pugh             Child–Pugh                                        points
egfr                   estimated filtration, whole                       mL/min/1.73 m2
meld_exact             MELD before rounding and limits                   points
meld_na_exact          MELD-Na before rounding and limits                points
meld_3_exact           MELD 3.0 before rounding and cap                  points
egfr_exact             estimated filtration before rounding              mL/min/1.73 m2
of_bilirubin           what bilirubin adds to MELD                       points
of_INR                 what INR adds to MELD                             points
of_creatinine          what creatinine adds to MELD                      points
low_sodium             how far sodium lies below MELD-Na's bound         mmol/L
of_sodium              what sodium adds to MELD                          points
ln_creatinine          logarithm of the creatinine that MELD 3.0 counts
low_albumin            how far albumin lies below the bound of MELD 3.0  g/dL
of_bilirubin_3         what bilirubin adds to MELD 3.0                   points
of_INR_3               what INR adds to MELD 3.0                         points
of_creatinine_3        what creatinine adds to MELD 3.0                  points
of_sodium_3            what sodium adds to MELD 3.0                      points
of_albumin_3           what albumin adds to MELD 3.0                     points
of_sex_3               what being a woman adds to MELD 3.0               points
points_bilirubin       Child–Pugh points of bilirubin                    points
points_albumin         Child–Pugh points of albumin                      points
points_INR             Child–Pugh points of INR                          points
points_ascites         Child–Pugh points of ascites                      points
points_encephalopathy  Child–Pugh points of encephalopathy               points
over_turn              creatinine over that at which the slope turns     ratio
INR_high               INR in the highest laboratory                     ratio
meld_low               MELD with the lowest laboratory's INR             points
meld_high              MELD with the highest laboratory's INR            points
"""

from __future__ import annotations

from hepatica import ledger
from hepatica.ledger import Parameter
from hepatica.model import Model, Output, given
from hepatica.model.registry import register

FACTORS = {
    "bilirubin": ("µmol/L", "units-bilirubin-factor"),
    "creatinine": ("µmol/L", "units-creatinine-factor"),
    "albumin": ("g/L", "units-albumin-factor"),
}
"""The other unit of a measurement and the ledger's factor to it."""


def _value(key: str) -> float:
    return ledger.number(f"scores/{key}").value


def _ends(key: str) -> tuple[float | None, float | None]:
    row = ledger.number(f"scores/{key}")
    return row.low, row.high


@given.takes(name=given.word(FACTORS))
def other_unit(name: str) -> dict[str, float]:
    """Both units of a measurement with what one of the first makes of each, e.g. {"mg/dL": 1,
    "µmol/L": 17.1}."""
    unit, key = FACTORS[name]
    return {INPUTS[name].unit: 1.0, unit: _value(key)}


# -- what is measured ------------------------------------------------------------------------------


def _measured(name: str, label: str, value: float, unit: str, scale: str = "linear") -> Parameter:
    """A laboratory value; its limits are those that `hepatica.models.scores` accepts."""
    low, high = _ends(f"limits-{name.lower()}")
    return Parameter(
        name,
        label,
        value,
        low,
        high,
        unit,
        scale,
        "this-course",
        "teaching",
        "a healthy value to begin with",
    )


def _finding(name: str, label: str, high: float, unit: str = "grade") -> Parameter:
    return Parameter(
        name, label, 0.0, 0.0, high, unit, "linear", "this-course", "teaching", "none to begin with"
    )


INPUTS = {
    "bilirubin": _measured("bilirubin", "bilirubin", 0.7, "mg/dL", "log"),
    "INR": _measured("INR", "INR", 1.0, ""),
    "creatinine": _measured("creatinine", "creatinine", 0.8, "mg/dL", "log"),
    "sodium": _measured("sodium", "sodium", 140, "mmol/L"),
    "albumin": _measured("albumin", "albumin", 4.3, "g/dL"),
    "female": _finding("female", "woman", 1, ""),
    "ascites": _finding("ascites", "ascites", 3),
    "encephalopathy": _finding("encephalopathy", "encephalopathy", 4),
    "dialysis": _finding("dialysis", "dialysis twice or more in the past week", 1, ""),
}


def patient(key: str) -> dict[str, float]:
    """The inputs of `bedside` for a virtual patient, "V01" to "V12"."""
    patients = ledger.table("patients").set_index("key")
    row = patients.loc[given.one_of(key, "key", patients.index)]
    columns = {
        "bilirubin": "bilirubin_mg_dl",
        "INR": "inr",
        "creatinine": "creatinine_mg_dl",
        "albumin": "albumin_g_dl",
        "sodium": "sodium_mmol_l",
        "ascites": "ascites_code",
        "encephalopathy": "he_grade",
        "dialysis": "dialysis",
    }
    return {name: float(row[column]) for name, column in columns.items()} | {
        "female": float(row["sex"] == "F")
    }


# -- formulas --------------------------------------------------------------------------------------

# halves up; the last term lets 22.5 count as a half in binary arithmetic
ROUNDED = "floor({} + 1/2 + 1e-9)"


def _within(name: str, key: str) -> str:
    """A measurement moved to the nearer bound of a score."""
    low, high = _ends(key)
    bounded = name if low is None else f"Max({low:g}, {name})"
    return bounded if high is None else f"Min({high:g}, {bounded})"


def _creatinine(score: str) -> str:
    """Creatinine within the bounds of a score; the upper one on dialysis."""
    key = f"{score}-bounds-creatinine"
    return f"(1 - dialysis) * {_within('creatinine', key)} + {_ends(key)[1]:g} * dialysis"


def _below(name: str, key: str) -> str:
    """How far a measurement lies below the upper bound of a score."""
    low, high = _ends(key)
    return f"Min({high - low:g}, Max(0, {high:g} - {name}))"


def at_least(name: str, value: float) -> str:
    """1 from `value` on, else 0, in words that SymPy, NumPy and JavaScript share."""
    return f"Min(1, Max(0, floor({name} - ({value})) + 1))"


def above(name: str, value: float) -> str:
    """1 above `value`, 0 at it and below."""
    return f"(1 - Min(1, Max(0, floor({value} - ({name})) + 1)))"


def _points(name: str) -> str:
    """Child–Pugh points of a measurement: 2 in the middle band, whose ends belong to it."""
    low, high = _ends(f"child-pugh-{name.lower()}-2")
    if name == "albumin":
        return f"3 - {at_least(name, low)} - {above(name, high)}"
    return f"1 + {at_least(name, low)} + {above(name, high)}"


def _graded(name: str) -> str:
    """Child–Pugh points of a finding by its grade."""
    one, two = (_ends(f"child-pugh-{name}-{n}")[1] for n in (1, 2))
    return (
        # grades are whole; SymPy takes a symbol for > 0
        f"1 + {above(name, one + 0.5)} + {above(name, two + 0.5)}"
    )


LOWEST, HIGHEST = _ends("meld-bounds-score")
M3 = {
    name: _value(f"meld-3-coefficient-{name}")
    for name in (
        "female",
        "bilirubin",
        "sodium",
        "sodium-bilirubin",
        "inr",
        "creatinine",
        "albumin",
        "albumin-creatinine",
        "constant",
    )
}

PER_LOG = {
    name: 10 * _value(f"meld-coefficient-{name}")
    for name in ("bilirubin", "inr", "creatinine", "constant")
}

MELD = {
    "of_bilirubin": (
        f"{PER_LOG['bilirubin']:g} * log({_within('bilirubin', 'meld-bounds-bilirubin')})"
    ),
    "of_INR": f"{PER_LOG['inr']:g} * log({_within('INR', 'meld-bounds-inr')})",
    "of_creatinine": f"{PER_LOG['creatinine']:g} * log({_creatinine('meld')})",
    "meld_exact": f"{PER_LOG['constant']:g} + of_bilirubin + of_INR + of_creatinine",
    "meld": f"Min({HIGHEST}, Max({LOWEST}, {ROUNDED.format('meld_exact')}))",
}


def _sodium(points: str) -> str:
    """What sodium adds to MELD; nothing up to a MELD of 11."""
    per_mmol = (
        f"{_value('meld-na-sodium-coefficient')} + ({_value('meld-na-interaction')}) * {points}"
    )
    return f"{above(points, _value('meld-na-meld-above'))} * ({per_mmol}) * low_sodium"


MELD_NA = {
    "low_sodium": _below("sodium", "meld-na-bounds-sodium"),
    "of_sodium": _sodium("meld"),
    "meld_na_exact": f"meld_exact + {_sodium('meld_exact')}",
    "meld_na": f"Min({HIGHEST}, Max({LOWEST}, {ROUNDED.format('meld + of_sodium')}))",
}

MELD_3 = {
    "ln_creatinine": f"log({_creatinine('meld-3')})",
    "low_albumin": _below("albumin", "meld-3-bounds-albumin"),
    "of_bilirubin_3": f"{M3['bilirubin']} * log({_within('bilirubin', 'meld-3-bounds-bilirubin')})",
    "of_INR_3": f"{M3['inr']} * log({_within('INR', 'meld-3-bounds-inr')})",
    "of_creatinine_3": f"{M3['creatinine']} * ln_creatinine",
    "of_sodium_3": (
        f"low_sodium * ({M3['sodium']} + ({M3['sodium-bilirubin']}) * of_bilirubin_3 / "
        f"{M3['bilirubin']})"
    ),
    "of_albumin_3": (
        f"low_albumin * ({M3['albumin']} + ({M3['albumin-creatinine']}) * ln_creatinine)"
    ),
    "of_sex_3": f"{M3['female']} * female",
    "meld_3_exact": (
        f"{M3['constant']} + of_bilirubin_3 + of_INR_3 + of_creatinine_3 + of_sodium_3 + "
        "of_albumin_3 + of_sex_3"
    ),
    "meld_3": f"Min({_value('meld-3-cap')}, {ROUNDED.format('meld_3_exact')})",
}

CHILD_PUGH = {f"points_{name}": _points(name) for name in ("bilirubin", "albumin", "INR")}
CHILD_PUGH |= {f"points_{name}": _graded(name) for name in ("ascites", "encephalopathy")}
CHILD_PUGH |= {"child_pugh": " + ".join(CHILD_PUGH)}


def alive_by_meld(points: str) -> str:
    """Share alive after 90 days on the waiting list of 1999-2001; rough, too low above MELD 35."""
    exponent = f"{_value('meld-survival-slope')} * ({points} - {_value('meld-survival-centre')})"
    return f"{_value('meld-survival-baseline')}**exp({exponent})"


def alive_by_meld_3(points: str) -> str:
    """Share alive after 90 days by MELD 3.0, good to 0.01;
    transplantation competes in these data."""
    exponent = f"{_value('meld-3-survival-slope')} * {points} - {_value('meld-3-survival-offset')}"
    return f"{_value('meld-3-survival-baseline')}**exp({exponent})"


ALBI = (
    f"{_value('albi-coefficient-bilirubin')} * log({_value('units-bilirubin-factor')} * "
    f"bilirubin) / log(10) + ({_value('albi-coefficient-albumin')}) * "
    f"{_value('units-albumin-factor')} * albumin"
)

bedside = Model(
    "scores at the bedside",
    parameters=INPUTS,
    definitions=MELD | MELD_NA | MELD_3 | CHILD_PUGH,
    outputs={
        "albi": Output(ALBI, "ALBI", "points"),
        "child_pugh_class": Output(  # 1, 2, 3 for A, B, C
            " + ".join(
                ["1", *(above("child_pugh", _ends(f"child-pugh-class-{x}")[1]) for x in "ab")]
            ),
            "Child–Pugh class",
            "",
        ),
        "dead_90_days": Output(
            f"100 * (1 - {alive_by_meld_3('meld_3')})",
            "expected to die within 90 days, by MELD 3.0",
            "%",
        ),
    },
)


# -- kidneys and waiting list ----------------------------------------------------------------------


def _ckd(name: str) -> float:
    return _value(f"ckd-epi-{name}")


def _by_sex(name: str) -> str:
    """A number that differs between men and women, as a formula of `female`."""
    woman, man = _ckd(f"{name}-female"), _ckd(f"{name}-male")
    return f"({man} + female * ({woman - man:.6g}))"


AGE = _measured("age", "age", 50.0, "years of age")
EGFR = {
    "over_turn": f"creatinine / {_by_sex('creatinine')}",
    "egfr_exact": (
        f"{_ckd('factor')} * Min(over_turn, 1)**{_by_sex('power-below')}"
        f" * Max(over_turn, 1)**({_ckd('power-above')}) * {_ckd('per-year')}**age"
        f" * {_ckd('female')}**female"
    ),
    "egfr": ROUNDED.format("egfr_exact"),
}

kidneys = Model(
    "estimated filtration",
    parameters={"creatinine": INPUTS["creatinine"], "female": INPUTS["female"], "age": AGE},
    definitions=EGFR,
)

POINTS = Parameter(
    "points",
    "MELD or MELD 3.0",
    20.0,
    None,
    None,
    "points",
    "linear",
    "this-course",
    "teaching",
    "any score",
)
waiting_list = Model(
    "alive after 90 days on the waiting list",
    parameters={"points": POINTS},
    outputs={
        "by_meld": Output(alive_by_meld("points"), "alive after 90 days, by MELD", "share"),
        "by_meld_3": Output(alive_by_meld_3("points"), "alive after 90 days, by MELD 3.0", "share"),
    },
)


# -- one tube of blood, several laboratories -------------------------------------------------------


def _laboratory(name: str, label: str, value: float, low: float, high: float) -> Parameter:
    return Parameter(
        name,
        label,
        value,
        low,
        high,
        "",
        "linear",
        "trotter2007",
        "computed",
        "value and range span the five samples of the study",
    )


def _meld_with(inr: str) -> str:
    """MELD with another laboratory's INR."""
    exact = f"meld_exact - of_INR + {PER_LOG['inr']:g} * log(Max(1, {inr}))"
    return f"Min({HIGHEST}, Max({LOWEST}, {ROUNDED.format(exact)}))"


laboratories = Model(
    "one sample, several laboratories",
    parameters={name: INPUTS[name] for name in ("bilirubin", "creatinine", "INR", "dialysis")}
    | {
        "INR_low": _laboratory("INR_low", "INR in the lowest laboratory", 1.7, 1, 2.5),
        "apart": _laboratory("apart", "highest laboratory over lowest", 2.0, 1, 2.5),
    },
    definitions=MELD
    | {
        "INR_high": "INR_low * apart",
        "meld_low": _meld_with("INR_low"),
        "meld_high": _meld_with("INR_high"),
    },
    outputs={
        "difference": Output("meld_high - meld_low", "MELD between the two laboratories", "points")
    },
)

register(__name__, bedside=(bedside, kidneys, waiting_list, laboratories))


# -- experiments named in data/targets.csv ---------------------------------------------------------


@given.takes(read=given.readout(bedside))
def score_of(key: str, read: str) -> float:
    """A read-out of `bedside`, such as "meld_na", for a virtual patient, "V01" to "V12"."""
    return bedside.evaluate(**patient(key))[read]


def child_pugh_of(key: str, **changed: float) -> float:
    """Child–Pugh points of a virtual patient with other values, for instance albumin=3.6."""
    return bedside.evaluate(**patient(key) | changed)["child_pugh"]


def meld_curve_death(points: float) -> float:
    """Deaths within 90 days (%) that the public curve for the waiting list of 1999–2001 gives for a
    MELD."""
    return 100 * (1 - waiting_list.evaluate(points=points)["by_meld"])


@given.takes(low=given.above_0, high=given.above_0)
def laboratory_spread(
    low: float, high: float, bilirubin: float = 1.0, creatinine: float = 1.0
) -> float:
    """MELD points between two laboratories whose INR of the same sample is `low` and `high`."""
    values = {"INR_low": low, "apart": high / low, "bilirubin": bilirubin, "creatinine": creatinine}
    return laboratories.evaluate(**values)["difference"]
