"""Does the score rank, and does it tell the truth?"""

from __future__ import annotations

from functools import cache

from hepatica.analysis import survival
from hepatica.cards import Axis, Background, Chart, Choice, Curve, Explorable, Point, Slider, Sweep
from hepatica.cards.parts.shapes import asked, rules
from hepatica.cards.views.bars import Bars, Part, Row
from hepatica.model import Model

from .mayo_patients import asked_value, by_step, mayo, picked

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
        question="Does the predictor that ranks best also tell the risk best?",
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
                At {year:0f} {year:plural year} the sickest quarter was told {said_4:0f} %, and
                {came_4:0f} % came true; the healthiest {said_1:0f} % and {came_1:0f} %. AUC {area:2f}.
        """),
        predict=asked(
            """
            ALBI has two blood values and was made for liver cancer, decades later. Take two of
            these patients, one of whom dies or is transplanted within five years. How often does
            ALBI name the right one?
            * About 55 times in a hundred.
                right if area < 0.6
                Hardly more than a coin: so one thinks of a score made for another disease. Bilirubin
                and albumin are what this disease shows as well.
            * About 70 times in a hundred.
                right if (area >= 0.6) & (area < 0.78)
                A fair guess for two blood values. They rank better than that, because both go on
                changing together for years.
            * About 86 times in a hundred.
                right if area >= 0.78
                And now the other question: were the risks themselves right? Compare the points with
                the dotted line.
            """,
            ladder=True,
        ),
    )
