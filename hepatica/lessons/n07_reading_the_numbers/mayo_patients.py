"""The patients of the Mayo Clinic: read-outs by what is asked, and survival by ALBI grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise

import numpy as np

from hepatica.analysis import survival
from hepatica.cards import Axis, Background, Chart, Explorable, Point, Share, Slider, Sweep
from hepatica.cards.parts.shapes import rules
from hepatica.cards.views.bars import Bars, Part, Row
from hepatica.ledger import Parameter
from hepatica.model import Model, Output
from hepatica.models.bedside import at_least


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
        "After {year:0f} {year:plural year} {alive_1:0f}, {alive_2:0f} and {alive_3:0f} % live "
        "with their own liver (grades 1, 2, 3)"
    )
    return Explorable(
        _survival_model(),
        id="mayo-curves",
        title="One blood sample, ten years later",
        question="What does one blood sample say about the next ten years?",
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
        predict=Share(
            "Bilirubin and albumin of **one** day sort patients into three grades. Of a hundred of "
            "the worst grade, how many live with their own liver two years later?",
            "alive_3",
            rules("""
                guess > 75
                    You say {guess:0f}, as if one blood sample said little about years. It is
                    {answer:0f}, and of the best grade nearly all. Move on to five years, and look at
                    the bars as well as at the curves.
                guess < 30
                    You say {guess:0f}, as if the worst grade were the last days. It is {answer:0f},
                    and of the best grade nearly all. Move on to five years, and look at the bars as
                    well as at the curves.
                otherwise
                    You say {guess:0f}, the patients {answer:0f}; of the best grade nearly all live.
                    Move on to five years, and look at the bars as well as at the curves.
            """),
        ),
    )
