"""How far collagen can fall in half a year."""

from __future__ import annotations

from functools import cache

import numpy as np

from hepatica import ledger
from hepatica.cards import Axis, Background, Chart, Curve, Explorable, Preset, Run, Slider
from hepatica.cards.parts.shapes import asked
from hepatica.models.therapy import at_first_infusion, collagen_turnover, therapy

from .five_levers import HALF_YEAR

PUBLISHED = {"one": "square", "two": "diamond"}
SINCE_THE_STOP = {0: "the first half-year", HALF_YEAR: "the second half-year"}


def _untreated() -> list[Background]:
    """Collagen of the model in the two half-years after its cause is gone, without therapy,
    in per cent of the start."""
    days = np.arange(0, HALF_YEAR + 1, 20)
    liver = at_first_infusion("stopped") | {"infusions": 0}
    run = therapy.simulate(at=np.union1d(days, HALF_YEAR + days), unchecked=liver)["CPA"]
    areas = {words: run[since + days].to_numpy() for since, words in SINCE_THE_STOP.items()}
    return [
        Background(
            days,
            100 * area / area[0],
            "hepatocyte",
            f"no therapy, {words} without the cause",
            dash=dash,
            veil=True,
        )
        for (words, area), dash in zip(areas.items(), ("dashdot", "dot"), strict=True)
    ]


@cache
def plausible_fall() -> Explorable:
    """Is a published fall of collagen possible at all, and what would it need?"""
    falls = {dose: ledger.number(f"targets/published-suk-fall-{dose}").value for dose in PUBLISHED}
    largest = f"(1 - exp(-{HALF_YEAR / 100:g} * turnover))"  # as a share
    needed = {dose: f"{fall:g} * {largest}**(-1)" for dose, fall in falls.items()}
    opening = (
        "Turnover {turnover:2f} % per day, deposition cut by {100*deposition_cut:0f} %: "
        "collagen falls by {fall_end:0f} % in half a year; "
        "the ceiling is {fall_without_end:0f} %. "
    )
    return Explorable(
        collagen_turnover,
        id="plausible-fall",
        title="How far can collagen fall in half a year?",
        question="Two published falls, marked by lines. Which turnover and which cut reach them?",
        run=Run(HALF_YEAR, points=91),
        without={"deposition_cut": 1},
        controls=[
            Slider("turnover", step=0.01, value=0.2),
            Slider("deposition_cut", "deposition taken away", step=0.01, value=0.5),
        ],
        views=[
            Chart(
                "Collagen",
                Axis("time", "days", 0, 190),
                Axis("collagen", "% of the start", 0, 105),
                curves=(
                    Curve(
                        "pool_without",
                        "nothing laid down at all: the ceiling of the fall",
                        "muted",
                        dash="dash",
                    ),
                    Curve("pool", "with your cut", "collagen", dash="solid"),
                ),
                background=(
                    *_untreated(),
                    *(
                        Background([0, HALF_YEAR], [100 - fall] * 2, "therapy", dash="longdash")
                        for fall in falls.values()
                    ),
                    *(
                        Background(
                            [HALF_YEAR],
                            [100 - fall],
                            "therapy",
                            f"Suk 2016, {dose} infusion{'s' * (dose != 'one')}",
                            "points",
                            symbol=PUBLISHED[dose],
                        )
                        for dose, fall in falls.items()
                    ),
                ),
                height=380,
            )
        ],
        describe=[
            (
                f"{needed['two']} > 100",
                opening
                + f"A fall of {falls['one']:.0f} % needs a cut of {{{needed['one']}:0f}} %; "
                f"{falls['two']:.0f} % of the mass is more than stopping everything gives at this "
                "turnover. Of the area it is possible still: cells that grow push the fibres "
                "together; or breakdown is faster than in those eight people.",
            ),
            (
                None,
                opening + f"A fall of {falls['one']:.0f} % needs a cut of "
                f"{{{needed['one']}:0f}} %, {falls['two']:.0f} % one of {{{needed['two']}:0f}} %.",
            ),
        ],
        predict=asked("""
            Collagen turns over at {parameters/therapy.turnover.low} % per day, the low end of the
            published range. A treatment stops **all** deposition, at once and completely. After
            half a year collagen has fallen by at most
            * nearly everything: nothing new is laid down.
                right if fall_without_end > 80
                “Stop the making, and it is gone.” What lies there leaves at its own pace: two parts
                in a thousand a day.
            * about two thirds of what there was.
                right if (fall_without_end > 50) & (fall_without_end <= 80)
                “Half a year is long.” That is the fast end of the published range; here you are at
                the slow one.
            * not even a third of what there was.
                right if fall_without_end < 33
                What lies there leaves at its own pace. Raise the turnover until the two published
                falls come within reach. Then look at the liver of the model that had no therapy at all.
        """),
        presets=[
            Preset("slowest turnover, all stopped", {"turnover": 0.2, "deposition_cut": 1}),
            Preset("a quarter less, as published", {"turnover": 0.4, "deposition_cut": 0.49}),
            Preset("fastest turnover, half stopped", {"turnover": 0.6, "deposition_cut": 0.56}),
        ],
        equations=("pool",),
    )
