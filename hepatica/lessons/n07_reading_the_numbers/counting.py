"""Two ways of counting, and the years before the end."""

from __future__ import annotations

from functools import cache

from hepatica.analysis import survival
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Choice,
    Explorable,
    Point,
    Slider,
    Sweep,
)
from hepatica.cards.parts.shapes import asked, rules
from hepatica.cards.views.bars import Bars, Part, Row
from hepatica.model import Model

from .mayo_patients import GRADES, LAST_YEAR, YEARS, asked_value, by_step, mayo, picked


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
        question="How does bilirubin move in the years before death?",
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
        predict=asked("""
            Bilirubin (mg/dL) five years before death in this disease, against the last year:
            * near four, and then four again.
                right if median_death < 1.5 * five_years_before
                Jaundice for years, one pictures. In this disease bilirubin keeps near its level
                until late.
            * near two, and then twice that.
                right if (median_death >= 1.5 * five_years_before) & (median_death < 3 * five_years_before)
                A steady climb is what we expect of a slow disease. The reserve hides the loss, and
                then it is used up.
            * near two, and then five times that.
                right if median_death >= 3 * five_years_before
                Steep at the end. Step back through the years. Then look at the bars: which visits
                lack a value, and of whom?
        """),
    )
