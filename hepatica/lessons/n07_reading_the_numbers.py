"""Cards of notebook 07: the scores at the bedside, their noise,
and what they told about the Mayo Clinic's patients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise

import numpy as np

from hepatica import ledger
from hepatica.analysis import survival
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Choice,
    Curve,
    Explorable,
    Point,
    Predict,
    Preset,
    Slider,
    Sweep,
)
from hepatica.cards.parts.controls import Given
from hepatica.cards.parts.shapes import asked, rules
from hepatica.cards.views.bars import Bars, Part, Row
from hepatica.ledger import Parameter
from hepatica.model import Model, Output
from hepatica.models.bedside import at_least, bedside, laboratories, other_unit, patient

LETTERS = ("A", "B", "C")
ASCITES = {0: "none", 1: "mild", 2: "moderate", 3: "large, tapped often"}
CONFUSION = {0: "none", 1: "grade 1", 2: "grade 2", 3: "grade 3"}
SEX = {0: "man", 1: "woman"}
# a card without a curve reads the first point: nobody is on dialysis
UNSWEPT = Sweep("dialysis", 0, 1, points=2)


# -- the scores at the bedside ---------------------------------------------------------------------


def chosen(key: str, *names: str) -> dict[str, float]:
    """The inputs of a virtual patient that a card shows."""
    values = patient(key)
    return {name: values[name] for name in names or values if name != "dialysis"}


def patients(*keys: str) -> list[Preset]:
    """A button for each virtual patient: initials, with the story's title as hint."""
    rows = ledger.table("patients").set_index("key")
    return [
        Preset(f"{rows.loc[key, 'initials']} ({key})", chosen(key), rows.loc[key, "title"])
        for key in keys
    ]


def _sliders(start: Mapping[str, float], *names: str) -> list[Slider]:
    """Sliders of laboratory values that begin with a patient;
    two units where laboratories use two."""
    ranges = {
        "bilirubin": (0.3, 30, None),
        "creatinine": (0.4, 6, None),
        "INR": (0.9, 4, 0.1),
        "sodium": (115, 145, 1),
        "albumin": (1.5, 5, 0.1),
    }
    return [
        Slider(
            name,
            low=low,
            high=high,
            step=step,
            value=start[name],
            units=other_unit(name) if name in ("bilirubin", "creatinine", "albumin") else None,
        )
        for name in names
        for low, high, step in [ranges[name]]
    ]


def _meld_rows() -> tuple[Row, ...]:
    """MELD, MELD-Na and MELD 3.0, each as what its measurements add."""
    base, base_3 = (
        ledger.number(f"scores/{key}-coefficient-constant").value for key in ("meld", "meld-3")
    )

    def blood(suffix: str, constant: float) -> tuple[Part, ...]:
        return (
            Part("for everybody", "muted", f"{constant}", "1f"),
            Part("bilirubin", "bile", f"of_bilirubin{suffix}", "1f"),
            Part("INR", "blood", f"of_INR{suffix}", "1f"),
            Part("creatinine", "macrophage", f"of_creatinine{suffix}", "1f"),
        )

    meld = blood("", 10 * base)
    own = (
        Part("sodium", "therapy", "of_sodium_3", "1f"),
        Part("albumin", "hepatocyte", "of_albumin_3", "1f"),
        Part("woman", "myofibroblast", "of_sex_3", "1f"),
    )
    return (
        Row("MELD (2002)", meld, "meld"),
        Row("MELD-Na (2016)", (*meld, Part("sodium", "therapy", "of_sodium", "1f")), "meld_na"),
        Row("MELD 3.0 (2021)", (*blood("_3", base_3), *own), "meld_3"),
    )


POINTS = {
    "bilirubin": "bile",
    "albumin": "hepatocyte",
    "INR": "blood",
    "ascites": "therapy",
    "encephalopathy": "macrophage",
}
CHILD_PUGH = Row(
    "Child–Pugh (5 to 15)",
    tuple(Part(name, role, f"points_{name}") for name, role in POINTS.items()),
    "child_pugh",
    grade="child_pugh_class",
    words=LETTERS,
    high=15,
)


@cache
def four_scores() -> Explorable:
    """Four scores of one patient, each taken apart into what its measurements add."""
    start = chosen("V09")
    return Explorable(
        bedside,
        id="four-scores",
        title="One patient, four scores",
        question="H.E. is on the screen. Which single blood value separates her MELD from the two "
        "newer scores?",
        run=UNSWEPT,
        controls=[
            *_sliders(start, "bilirubin", "INR", "creatinine", "sodium"),
            Given("female", "sex", SEX, start["female"]),
            Given("albumin", "albumin", value=start["albumin"]),
            Given("ascites", "ascites", ASCITES, start["ascites"]),
            Given("encephalopathy", "encephalopathy", CONFUSION, start["encephalopathy"]),
        ],
        views=[Bars("Where the points come from", (*_meld_rows(), CHILD_PUGH), high=40)],
        describe=rules("""
            meld_na - meld >= 3
                MELD {meld:0f}, MELD-Na {meld_na:0f}, MELD 3.0 {meld_3:0f}: a sodium of {sodium:0f}
                mmol/L adds {of_sodium:0f} points that bilirubin, INR and creatinine do not show. By
                the published curve, about {dead_90_days:0f} of a hundred listed patients with this
                MELD 3.0 die within 90 days.
            (meld <= 7) & (meld_3 <= 8)
                MELD {meld:0f}, MELD-Na {meld_na:0f}, MELD 3.0 {meld_3:0f}: as low as the scores can
                go, or nearly. They read what the liver does, not how much of it is scar.
            otherwise
                MELD {meld:0f}, MELD-Na {meld_na:0f}, MELD 3.0 {meld_3:0f}, Child–Pugh
                {child_pugh:0f} points. By the published curve, about {dead_90_days:0f} of a hundred
                listed patients with this MELD 3.0 die within 90 days.
        """),
        predict=asked("""
            H.E. has a MELD of 15. Her sodium is 127 mmol/L. What is her MELD-**Na**?
            * Also 15: sodium is the kidney's business.
                right if meld_na < meld + 1
            * 17 points or so.
                right if (meld_na >= meld + 1) & (meld_na < meld + 5)
            * 23 points.
                right if meld_na >= meld + 5
                Eight points from one value. Raise the sodium and see when they are gone.
        """),
        presets=patients("V01", "V05", "V09", "V11"),
        equations=("of_bilirubin", "of_INR", "of_creatinine", "meld_exact", "meld"),
    )


BLOOD_AND_EXAMINER = (
    "{points_bilirubin + points_albumin + points_INR:0f} from blood, "
    "{points_ascites + points_encephalopathy:0f} from the examiner."
)


@cache
def child_pugh() -> Explorable:
    """Child–Pugh with its two judged findings, for the exercises."""
    start = chosen("V03")
    return Explorable(
        bedside,
        id="child-pugh",
        title="Five items, three steps each",
        question="Which step needs the smallest change in the patient, "
        "and which needs only another examiner?",
        run=UNSWEPT,
        controls=[
            *_sliders(start, "bilirubin", "albumin"),
            Choice(
                "ascites", {"none": 0, "mild": 1, "moderate or large": 2}, value=start["ascites"]
            ),
            Choice(
                "encephalopathy",
                {"none": 0, "grade 1–2": 1, "grade 3–4": 3},
                value=start["encephalopathy"],
            ),
            Given("INR", value=start["INR"]),
        ],
        views=[Bars("Points", (CHILD_PUGH,), high=15)],
        describe=[
            (when, f"{{child_pugh:0f}} points, class {letter}: " + BLOOD_AND_EXAMINER)
            for when, letter in zip(
                ("child_pugh_class < 1.5", "child_pugh_class < 2.5", None), LETTERS, strict=True
            )
        ],
        presets=[
            Preset(
                preset.label,
                {
                    k: v
                    for k, v in preset.values.items()
                    if k in ("bilirubin", "albumin", "ascites", "encephalopathy", "INR")
                },
                preset.hint,
            )
            for preset in patients("V03", "V06")
        ],
        equations=("points_bilirubin", "points_albumin", "child_pugh"),
    )


# -- one tube of blood -----------------------------------------------------------------------------

SAMPLES = "trotter2007-sample-{}"


def samples() -> list[dict[str, float]]:
    """The five samples that went to fourteen laboratories: lowest and highest INR,
    lowest and highest MELD."""
    rows = [
        [ledger.number(f"scores/{SAMPLES.format(n)}-{what}") for what in ("inr", "meld")]
        for n in range(1, 6)
    ]
    return [
        {"inr_low": inr.low, "inr_high": inr.high, "meld_low": meld.low, "meld_high": meld.high}
        for inr, meld in rows
    ]


def _sample_presets() -> list[Preset]:
    return [
        Preset(
            f"sample {n}", {"INR_low": row["inr_low"], "apart": row["inr_high"] / row["inr_low"]}
        )
        for n, row in enumerate(samples(), 1)
    ]


@cache
def one_tube() -> Explorable:
    """MELD of one sample in the lowest and the highest of several laboratories."""
    ends = [(row[f"inr_{end}"], row[f"meld_{end}"]) for row in samples() for end in ("low", "high")]
    return Explorable(
        laboratories,
        id="one-tube",
        title="The same blood, another number",
        question="What decides how far two laboratories lie apart: how ill the patient is, "
        "or something else?",
        run=Sweep("INR", 1, 5.5, points=226),
        controls=[
            Slider("INR_low", step=0.1, value=1.7),
            Slider("apart", step=0.01, value=2.0),
            *_sliders({"bilirubin": 1, "creatinine": 1}, "bilirubin", "creatinine"),
        ],
        views=[
            Chart(
                "MELD by INR",
                Axis("INR", "", 1, 5.5),
                Axis("MELD", "points", 5, 42),
                curves=(
                    Curve("meld", "MELD at this bilirubin and creatinine", "ink", dash="solid"),
                ),
                points=(
                    Point("INR_low", "meld_low", "lowest laboratory", "blood", "triangle-up", 14),
                    Point("INR_high", "meld_high", "highest laboratory", "collagen", "square", 13),
                ),
                background=(
                    Background(
                        [x for x, _ in ends],
                        [y for _, y in ends],
                        "muted",
                        "five samples in fourteen laboratories: lowest and highest",
                        "points",
                        symbol="circle-open",
                    ),
                ),
                height=330,
            ),
            Bars(
                "The same sample",
                (
                    Row("lowest laboratory", (Part("MELD", "blood", "meld_low"),), "meld_low"),
                    Row(
                        "highest laboratory", (Part("MELD", "collagen", "meld_high"),), "meld_high"
                    ),
                ),
                high=40,
            ),
        ],
        describe=rules("""
            difference <= 1
                INR {INR_low:1f} in one laboratory and {INR_high:1f} in the other: MELD
                {meld_low:0f} and {meld_high:0f}, at most one point apart.
            meld_high >= 40
                MELD {meld_low:0f} in the lowest laboratory, {meld_high:0f} in the highest: the
                scale ends here, so the difference of {difference:0f} points says less than before.
            otherwise
                INR {INR_low:1f} in the lowest laboratory, {INR_high:1f} in the highest: MELD
                {meld_low:0f} or {meld_high:0f}, {difference:0f} points apart. The patient has not
                changed.
        """),
        predict=asked("""
            One tube of blood goes to fourteen laboratories. The lowest reads an INR of 1.7, the
            highest 3.4. How far apart are the two MELDs?
            * Within a point: laboratories are calibrated.
                right if difference <= 1
            * Two or three points.
                right if (difference > 1) & (difference < 5)
            * About eight points.
                right if difference >= 5
                Now raise bilirubin and creatinine: MELD rises, the distance stays, but for
                rounding. A logarithm sees ratios only.
        """),
        presets=_sample_presets(),
        equations=("of_INR", "meld_exact", "meld"),
    )


# -- the patients of the Mayo Clinic ---------------------------------------------------------------


def by_step(name: str, values: Iterable[float], first: int = 0) -> str:
    """A formula of the whole number `name` that gives the first value at `first`,
    the next one later, and so on."""
    numbers = [float(value) for value in values]
    steps = [
        f"({b - a:.10g}) * {at_least(name, first + n - 0.5)}"
        for n, (a, b) in enumerate(pairwise(numbers), 1)
    ]
    return " + ".join([f"{numbers[0]:.10g}", *steps])


def picked(name: str, formulas: Iterable[str]) -> str:
    """A formula that is the first one at `name` = 1, the second at 2, and so on."""
    is_at = "{step} * (1 - {next})"
    parts = [
        f"({formula}) * " + is_at.format(step=at_least(name, n - 0.5), next=at_least(name, n + 0.5))
        for n, formula in enumerate(formulas, 1)
    ]
    return " + ".join(parts)


def asked_value(
    name: str, label: str, value: float, low: float, high: float, unit: str = ""
) -> Parameter:
    """What the reader asks the data for."""
    return Parameter(
        name,
        label,
        value,
        low,
        high,
        unit,
        "linear",
        "therneau-survival",
        "published",
        "a question to the data",
    )


def mayo(name: str, asked: Iterable[Parameter], read: Mapping[str, str]) -> Model:
    """A model that only looks up: read-outs of the Mayo patients by what is asked (`s` runs along
    an interval)."""
    parameters = {
        row.symbol: row for row in [*asked, asked_value("s", "place along an interval", 0, 0, 1)]
    }
    return Model(
        name,
        parameters=parameters,
        outputs={key: Output(text, key, "") for key, text in read.items()},
    )


GRADES = {
    1: ("grade 1", "good", "solid"),
    2: ("grade 2", "therapy", "dash"),
    3: ("grade 3", "collagen", "longdash"),
}
LAST_YEAR = 12
YEARS = range(LAST_YEAR + 1)


@cache
def _curves():
    """Kaplan–Meier curves by ALBI grade up to the last year shown."""
    curve = survival.kaplan_meier(survival.cohort(), "albi_grade")
    return curve[curve["years"] <= LAST_YEAR]


def _survival_model() -> Model:
    """Survival (%), its interval, and what became of the patients of each grade after whole
    years."""
    cohort, read = survival.cohort(), {}
    curve = survival.at_times(survival.kaplan_meier(cohort, "albi_grade"), YEARS).set_index(
        ["band", "years"]
    )
    at_risk = survival.numbers_at_risk(cohort, "albi_grade", YEARS).set_index(["band", "years"])[
        "at_risk"
    ]
    for grade in GRADES:
        rows = cohort[cohort["albi_grade"] == grade]
        ended = [
            int(((rows["outcome"] != "censored") & (rows["years"] <= year)).sum()) for year in YEARS
        ]
        followed = [int(at_risk[grade, year]) for year in YEARS]
        table = {
            "alive": 100 * curve.loc[grade, "survival"],
            "from": 100 * curve.loc[grade, "low"],
            "to": 100 * curve.loc[grade, "high"],
            "followed": followed,
            "ended": ended,
            "lost": [len(rows) - a - b for a, b in zip(followed, ended, strict=True)],
        }
        read |= {f"{what}_{grade}": by_step("year", values) for what, values in table.items()}
    return mayo(
        "survival by ALBI grade",
        [asked_value("year", "years after the first visit", 2, 0, LAST_YEAR)],
        read,
    )


def _steps(x: Iterable[float], y: Iterable[float]) -> tuple[list[float], list[float]]:
    """A step curve as the corners of a line, up to the last year shown."""
    x, y = [*x, LAST_YEAR], [*y]
    return [x[0], *np.repeat(x[1:], 2)][:-1], [*np.repeat(y, 2)]


def _grade_backgrounds() -> tuple[Background, ...]:
    """Curves and 95 % bands of the three grades."""
    lines, bands = [], []
    for grade, (label, role, dash) in GRADES.items():
        part = _curves()[_curves()["band"] == grade]
        x, y = _steps(part["years"], 100 * part["survival"])
        _, low = _steps(part["years"], 100 * part["low"])
        _, high = _steps(part["years"], 100 * part["high"])
        lines.append(Background(x, y, role, f"ALBI {label}", dash=dash, veil=True))
        bands.append(Background([*x, *x[::-1]], [*low, *high[::-1]], role, "", "area", veil=True))
    everybody = survival.kaplan_meier(survival.cohort())
    everybody = everybody[everybody["years"] <= LAST_YEAR]
    x, y = _steps(everybody["years"], 100 * everybody["survival"])
    return (Background(x, y, "muted", "everybody", dash="dot"), *bands, *lines)


@cache
def mayo_curves() -> Explorable:
    """Kaplan–Meier by ALBI grade, read off at a year, with what stands behind the curve."""
    rows = tuple(
        Row(
            f"{label}",
            (
                Part("still followed", "good", f"followed_{grade}"),
                Part("died or transplanted", "collagen", f"ended_{grade}"),
                Part("followed for less long", "muted", f"lost_{grade}"),
            ),
            f"followed_{grade}",
        )
        for grade, (label, _, _) in GRADES.items()
    )
    read = (
        "After {year:0f} years {alive_1:0f}, {alive_2:0f} and {alive_3:0f} % live with their own "
        "liver (grades 1, 2, 3)"
    )
    return Explorable(
        _survival_model(),
        id="mayo-curves",
        title="One blood sample, ten years later",
        question="Move through the years. Where do the curves part, "
        "and from when on would you no longer trust them?",
        run=Sweep("s", 0, 1, points=2),
        controls=[Slider("year", step=1)],
        views=[
            Chart(
                "Alive without transplant, by ALBI grade at the first visit",
                Axis("years after the first visit", "", 0, LAST_YEAR),
                Axis("alive without transplant", "%", 0, 102),
                background=_grade_backgrounds(),
                points=tuple(
                    Point(
                        "year",
                        f"alive_{grade}",
                        "read off at this year" if grade == 1 else "",
                        role,
                        symbol,
                        12,
                    )
                    for (grade, (_, role, _)), symbol in zip(
                        GRADES.items(), ("circle", "diamond", "square"), strict=True
                    )
                ),
                height=360,
            ),
            Bars(
                "Behind the curves: people",
                rows,
                high=int(survival.cohort()["albi_grade"].value_counts().max()),
            ),
        ],
        describe=[
            (
                "followed_3 < 0.5",
                (
                    read
                    + (
                        ". But nobody of grade 3 is followed any more: "
                        "that curve is a memory of its last step."
                    )
                ),
            ),
            (
                "followed_3 < 9.5",
                (
                    read
                    + (
                        ". Only {followed_3:0f} of grade 3 are still followed: "
                        "its interval runs from {from_3:0f} to {to_3:0f} %."
                    )
                ),
            ),
            (
                None,
                read
                + (
                    ". Behind the lowest curve stand {followed_3:0f} people, "
                    "interval {from_3:0f} to {to_3:0f} %."
                ),
            ),
        ],
        predict=asked("""
            Bilirubin and albumin of **one** day sort patients into three grades. How many of the
            worst grade live with their own liver two years later?
            * About nine in ten: one blood sample says little about years.
                right if alive_3 > 80
            * About half.
                right if (alive_3 > 40) & (alive_3 <= 80)
                And of the best grade nearly all. Move on to five years, and look at the bars as
                well as at the curves.
            * About one in ten.
                right if alive_3 <= 40
        """),
    )


# -- does the score rank, and does it tell the truth? ----------------------------------------------

PREDICTORS = {
    "ALBI": ["albi"],
    "bilirubin alone": ["ln_bilirubin"],
    "five variables (Mayo)": list(survival.MAYO_VARIABLES),
}
GROUPS = (1, 2, 3, 4)


@cache
def _predictions() -> dict:
    """For each predictor: cross-validated risk by year of everybody who has all the variables."""
    cohort = survival.cohort()
    rows = cohort.dropna(subset=list(survival.MAYO_VARIABLES))
    return {
        name: survival.cross_validated_risk(rows, variables)
        for name, variables in PREDICTORS.items()
    }


def _prediction_model() -> Model:
    """Predicted and observed risk in four groups, and AUC, by year and predictor."""
    cohort, read, areas = survival.cohort(), {}, []
    tables = [
        survival.calibration(cohort.loc[risk.index], risk) for risk in _predictions().values()
    ]
    for group in GROUPS:
        for name, column in {
            "said": "predicted",
            "came": "observed",
            "from": "low",
            "to": "high",
        }.items():
            values = [100 * table.loc[table["group"] == group, column] for table in tables]
            read[f"{name}_{group}"] = picked(
                "predictor", [by_step("year", column, 1) for column in values]
            )
        low, high = (f"({read[f'{end}_{group}']})" for end in ("from", "to"))
        read[f"bar_{group}"] = f"{low} + s * ({high} - {low})"
    for number, risk in enumerate(_predictions().values(), 1):
        rows = cohort.loc[risk.index].assign(risk=risk[5])
        table = survival.discrimination(rows, ["risk"], resamples=0)
        areas.append(by_step("year", table.loc[table["measure"] == "AUC", "value"], 1))
        read[f"area_{number}"] = areas[-1]
    read["area"] = picked("predictor", areas)
    asked = [
        asked_value("year", "years after the first visit", 5, 1, 5),
        asked_value("predictor", "predictor", 1, 1, len(PREDICTORS)),
    ]
    return mayo("predicted and observed", asked, read)


@cache
def said_and_came() -> Explorable:
    """Calibration and discrimination of three predictors at one to five years."""
    names = list(PREDICTORS)
    bars = tuple(
        Row(name, (Part("AUC", role, f"area_{n}", "2f"),), f"area_{n}", "2f")
        for n, (name, role) in enumerate(
            zip(names, ("accent", "bile", "macrophage"), strict=True), 1
        )
    )
    return Explorable(
        _prediction_model(),
        id="said-and-came",
        title="To rank is one thing, to tell the risk another",
        question="Does the predictor that ranks best also tell the risk best? Which points miss "
        "the diagonal?",
        run=Sweep("s", 0, 1, points=2),
        controls=[
            Slider("year", step=1),
            Choice("predictor", {name: n for n, name in enumerate(names, 1)}),
        ],
        views=[
            Chart(
                "Risk of death or transplant: said and come true",
                Axis("the model said", "%", 0, 85),
                Axis("it came true for", "%", 0, 90),
                curves=tuple(
                    Curve(
                        f"bar_{g}",
                        "95 % interval" if g == 1 else "",
                        "muted",
                        x=f"said_{g}",
                        dash="solid",
                    )
                    for g in GROUPS
                ),
                points=tuple(
                    Point(
                        f"said_{g}",
                        f"came_{g}",
                        "a quarter of the patients" if g == 1 else "",
                        "accent",
                        "circle",
                        12,
                    )
                    for g in GROUPS
                ),
                background=(Background([0, 85], [0, 85], "muted", "said = came", dash="dot"),),
                height=360,
            ),
            Bars("Ranking (AUC): 0.5 is a coin, 1 is perfect", bars, low=0.5, high=1),
        ],
        describe=rules("""
            year < 1.5
                At one year the sickest quarter was told {said_4:0f} % and {came_4:0f} % came true
                (interval {from_4:0f} to {to_4:0f}). AUC {area:2f}: few events, wide intervals.
            otherwise
                At {year:0f} years the sickest quarter was told {said_4:0f} %, and {came_4:0f} %
                came true; the healthiest {said_1:0f} % and {came_1:0f} %. AUC {area:2f}.
        """),
        predict=asked("""
            ALBI has two blood values and was made for liver cancer, decades later. Take two of
            these patients, one of whom dies or is transplanted within five years. How often does
            ALBI name the right one?
            * Hardly more often than a coin: below 60 times in a hundred.
                right if area < 0.6
            * About 70 times.
                right if (area >= 0.6) & (area < 0.78)
            * About 86 times.
                right if area >= 0.78
                And now the other question: were the risks themselves right? Compare the points with
                the dotted line.
        """),
    )


# -- two ways of counting --------------------------------------------------------------------------


def _counting_model() -> Model:
    """Death and transplant after whole years counted in two ways, for everybody (grade 0)
    and by grade."""
    cohort, tables = survival.cohort(), {}
    for grade in (0, *GRADES):
        rows = cohort if grade == 0 else cohort[cohort["albi_grade"] == grade]
        found = survival.at_times(survival.cumulative_incidence(rows), YEARS).set_index(
            ["cause", "years"]
        )
        tables[grade] = {
            f"{cause}_{way}": 100 * found.loc[cause, column]
            for cause in ("death", "transplant")
            for way, column in (("real", "incidence"), ("km", "one_minus_km"))
        }
        tables[grade]["followed"] = survival.numbers_at_risk(rows, years=YEARS)["at_risk"]
    read = {
        name: picked("who", [by_step("year", tables[grade][name]) for grade in tables])
        for name in tables[0]
    }
    asked = [
        asked_value("year", "years after the first visit", 10, 0, LAST_YEAR),
        asked_value("who", "patients", 1, 1, 4),
    ]
    return mayo("two ways of counting", asked, read)


@cache
def counted_twice() -> Explorable:
    """Competing events: shares that add up, and one minus Kaplan–Meier of each event,
    which do not."""
    real = (
        Part("died", "injury", "death_real", "1f"),
        Part("transplanted", "therapy", "transplant_real", "1f"),
        Part("neither", "good", "100 - death_real - transplant_real", "1f"),
    )
    km = (
        Part("“risk of death”", "injury", "death_km", "1f"),
        Part("“risk of transplant”", "therapy", "transplant_km", "1f"),
    )
    return Explorable(
        _counting_model(),
        id="counted-twice",
        title="When the risks add up to more than everybody",
        question="For whom, and from which year on, do the two ways of counting part?",
        run=Sweep("s", 0, 1, points=2),
        controls=[
            Slider("year", step=1),
            Choice(
                "who",
                {"everybody": 1, "ALBI grade 1": 2, "grade 2": 3, "grade 3": 4},
                "patients",
                value=4,
            ),
        ],
        views=[
            Bars(
                "Per hundred patients",
                (
                    Row(
                        "as it happened (Aalen–Johansen)",
                        real,
                        "death_real + transplant_real",
                        "1f",
                    ),
                    Row(
                        "one minus Kaplan–Meier of each event", km, "death_km + transplant_km", "1f"
                    ),
                ),
                high=150,
                unit="%",
                mark=(100, "100 %: everybody"),
            )
        ],
        describe=rules("""
            death_km + transplant_km > 100
                Year {year:0f}: {transplant_real:1f} % were transplanted; one minus Kaplan–Meier
                says {transplant_km:1f} %. With its “risk” of death the sum is {death_km +
                transplant_km:0f} %: more than everybody. Still followed: {followed:0f}.
            death_km + transplant_km > death_real + transplant_real + 1
                Year {year:0f}: {transplant_real:1f} % were transplanted and {death_real:1f} % died;
                one minus Kaplan–Meier says {transplant_km:1f} and {death_km:1f} %. Still followed:
                {followed:0f}.
            otherwise
                Year {year:0f}: both ways agree to within a point. Still followed: {followed:0f}.
        """),
    )


# -- the years before the end ----------------------------------------------------------------------

ENDS = {
    "death": ("before death", "injury"),
    "transplant": ("before transplant", "therapy"),
    "censored": ("before the end of follow-up", "good"),
}
LOOK_BACK = 8  # years; earlier points stand on a handful of people
MISSING = {
    "platelets": "platelets_10e9_l",
    "cholesterol": "cholesterol_mg_dl",
    "ascites": "ascites",
}


def _paths():
    """Bilirubin by year before the end; intervals with at least five patients."""
    table = survival.trajectories("bilirubin_mg_dl", years=LOOK_BACK)
    return table[table["patients"] >= 5]


def _path_model() -> Model:
    """Median bilirubin in each year before the end, people behind it, and missing measurements."""
    table, read = survival.trajectories("bilirubin_mg_dl", years=LOOK_BACK), {}
    for outcome in ("death", "censored"):
        part = table[table["outcome"] == outcome].sort_values("years_before", ascending=False)
        for column in ("median", "patients"):
            read[f"{column}_{outcome}"] = by_step("before", part[column], 1)
    gaps = survival.missingness(list(MISSING.values())).set_index(
        ["measurement", "outcome", "visit"]
    )["share"]
    for outcome in ("death", "censored"):
        for visit in ("earlier", "last"):
            read[f"gap_{outcome}_{visit}"] = picked(
                "what", [str(100 * gaps[name, outcome, visit]) for name in MISSING.values()]
            )
    read["place"] = "0.5 - before"
    died = table[table["outcome"] == "death"].set_index("years_before")["median"]
    read["five_years_before"] = str(died.loc[-4.5])
    asked = [
        asked_value("before", "years before the end", 1, 1, LOOK_BACK),
        asked_value("what", "measurement", 1, 1, len(MISSING)),
    ]
    return mayo("the years before the end", asked, read)


def _path_backgrounds() -> tuple[Background, ...]:
    lines, bands = [], []
    for outcome, (label, role) in ENDS.items():
        part = _paths()[_paths()["outcome"] == outcome]
        x, dash = (
            list(part["years_before"]),
            {"death": "solid", "transplant": "dash", "censored": "longdash"}[outcome],
        )
        lines.append(
            Background(x, part["median"], role, label, dash=dash, veil=outcome != "censored")
        )
        if outcome != "transplant":
            bands.append(
                Background(
                    [*x, *x[::-1]],
                    [*part["q1"], *part["q3"][::-1]],
                    role,
                    "",
                    "area",
                    veil=outcome != "censored",
                )
            )
    return (*bands, *lines)


@cache
def before_the_end() -> Explorable:
    """Bilirubin in the years before death, transplant or the end of follow-up,
    and what was not measured."""
    rows = tuple(
        Row(label, (Part("not measured", role, f"gap_{name}", "1f"),), f"gap_{name}", "1f")
        for label, role, name in (
            ("patients who died: last visit", "injury", "death_last"),
            ("their earlier visits", "injury", "death_earlier"),
            ("patients who did not: last visit", "good", "censored_last"),
            ("their earlier visits", "good", "censored_earlier"),
        )
    )
    return Explorable(
        _path_model(),
        id="before-the-end",
        title="The climb before the end, and what was not measured on the way",
        question="How long before death does bilirubin climb? And whose values are missing?",
        run=Sweep("s", 0, 1, points=2),
        controls=[
            Slider("before", "year before the end", step=1),
            Choice("what", {name: n for n, name in enumerate(MISSING, 1)}),
        ],
        views=[
            Chart(
                "Bilirubin, all patients aligned at their end (median; band: middle half)",
                Axis("years before the end", "", -LOOK_BACK, 0),
                Axis(
                    "bilirubin",
                    "mg/dL",
                    0.4,
                    24,
                    "log",
                    ticks={0.5: "0.5", 1: "1", 2: "2", 5: "5", 10: "10", 20: "20"},
                ),
                background=_path_backgrounds(),
                points=(
                    Point(
                        "place", "median_death", "read off: before death", "injury", "square", 13
                    ),
                    Point(
                        "place",
                        "median_censored",
                        "read off: end of follow-up",
                        "good",
                        "circle",
                        13,
                    ),
                ),
                height=340,
            ),
            Bars("Visits without the chosen measurement", rows, high=70, unit="%"),
        ],
        describe=rules("""
            before < 1.5
                In the last year before death bilirubin is {median_death:1f} mg/dL (median of
                {patients_death:0f} patients); before the end of follow-up it is
                {median_censored:1f}. At the last visit before death the chosen value is missing in
                {gap_death_last:0f} %.
            otherwise
                Year {before:0f} before death: {median_death:1f} mg/dL, from the {patients_death:0f}
                patients followed that long and seen then; before the end of follow-up
                {median_censored:1f}.
        """),
        predict=Predict(
            "Bilirubin five years before death in this disease, against the last year:",
            (
                ("Already high, then steady.", "median_death < 1.5 * five_years_before", ""),
                (
                    "Near two, then twice that: a slow climb.",
                    (
                        "(median_death >= 1.5 * five_years_before) & (median_death < 3 * "
                        "five_years_before)"
                    ),
                    "",
                ),
                (
                    "Near two, then more than ten: the climb is steep at the end.",
                    "median_death >= 3 * five_years_before",
                    (
                        "Step back through the years. Then look at the bars: "
                        "which visits lack a value, and of whom?"
                    ),
                ),
            ),
        ),
    )
