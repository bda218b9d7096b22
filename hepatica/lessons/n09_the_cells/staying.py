"""What the cells would be if they stayed."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Curve,
    Explorable,
    Mission,
    Point,
    Preset,
    Slider,
    Sweep,
)
from hepatica.cards.parts.shapes import asked
from hepatica.models.biodistribution import arrivals


def _line(
    height: float, role: str, words: str, dash: str, below: bool = False
) -> tuple[Background, Background]:
    """A level across the chart, with its words on it at the left, or below it at the right."""
    x, y, side = (
        (8.7e9, height / 2.2, "middle left") if below else (1.15e6, height * 2.2, "middle right")
    )
    return (
        Background([1e6, 1e10], [height] * 2, role, dash=dash),
        Background([x], [y], "ink", kind="text", text=[words], textposition=side),
    )


# The sentence reads the dose itself, not the point of the curve nearest to it; a slot holds no
# slash.
ARRIVED = "0.01*dose*arriving"
IN_EACH_ML = f"{ARRIVED}*volume**-1"
SHARE = f"100*{ARRIVED}*hepatocytes**-1"
DAYS_OF_RENEWAL = f"365*life*{ARRIVED}*hepatocytes**-1"


ARRIVING = ledger.number("parameters/biodistribution.arriving").value  # %, the most that was seen
LARGEST = 3.53e9  # cells, the largest dose of data/trial_doses.csv


def _one_in_a_hundred() -> Mission:
    """One per cent of the liver's hepatocytes, with a dose that was given and a share that was
    seen to arrive."""
    return Mission(
        "Make them one in a hundred of the liver's hepatocytes, with no more cells than some trial "
        f"gave and no larger share arriving than was ever seen ({ARRIVING:g} %).",
        reached=f"({SHARE} >= 1) & (dose <= {1.01 * LARGEST}) & (arriving <= {ARRIVING + 0.5})",
        done=f"{{{SHARE}:1f}} %: it takes almost the largest dose ever read, through the hepatic "
        "artery, and that every cell lives on and becomes what it never was seen to become.",
        fails=[
            (
                f"arriving > {ARRIVING + 0.5}",
                (
                    f"{{arriving:0f}} % arrive here; {ARRIVING:g} % is the most that was seen, and that "
                    "was label."
                ),
            ),
            (f"dose > {1.01 * LARGEST}", "No trial that we read gave so many cells."),
        ],
        far=f"{{{SHARE}:2s}} % of the liver's hepatocytes: not yet one in a hundred.",
    )


@cache
def if_they_stayed() -> Explorable:
    """The arriving cells per mL of liver, against the threshold of scar cells and the liver's
    hepatocytes."""
    threshold = ledger.number("targets/circuit-axis-threshold-F").value
    whole = arrivals.parameters["hepatocytes"].value / arrivals.parameters["volume"].value
    hot = ledger.number("targets/circuit-hot-F").value
    became = (
        f"{{0.000001*{ARRIVED}:2s}} million cells arrive, {{{IN_EACH_ML}:2s}} in each mL. "
        f"As scar cells: {{{IN_EACH_ML}*threshold**-1:2s}} times the model's threshold. "
        f"As hepatocytes: {{{SHARE}:2s}} % of the liver's, "
        "which the liver replaces by itself in "
    )
    return Explorable(
        arrivals,
        id="if-they-stayed",
        title="As scar cells they would count, as hepatocytes hardly",
        question="Suppose that every arriving cell stayed for good. What could so many cells be?",
        run=Sweep("dose", 1e6, 1e10, points=81, scale="log"),
        controls=[Slider("dose", "cells infused"), Slider("arriving", "of these arrive and stay")],
        views=[
            Chart(
                "If all that arrive stay",
                Axis("cells infused", "", 1e6, 1e10, "log"),
                Axis("cells in the liver", "per mL", 0.1, 5e8, "log"),
                curves=(Curve("density", "arriving cells", "therapy", x="infused", dash="solid"),),
                points=(Point("dose", IN_EACH_ML, "this dose", "accent", "circle", 13),),
                background=(
                    *_line(whole, "hepatocyte", "hepatocytes of the liver", "longdash"),
                    *_line(hot, "collagen", "scar cells of a full scar (model)", "dash"),
                    *_line(
                        threshold,
                        "myofibroblast",
                        "scar cells that sustain themselves (model)",
                        "dot",
                        below=True,
                    ),
                ),
                height=380,
            )
        ],
        describe=[
            (f"{DAYS_OF_RENEWAL} < 1", became + f"{{24*{DAYS_OF_RENEWAL}:2s}} hours."),
            (None, became + f"{{{DAYS_OF_RENEWAL}:2s}} days."),
        ],
        predict=asked(
            f"""
            Fifty million cells through the hepatic artery; {{parameters/biodistribution.arriving}} %
            arrive. Suppose **every one** became a hepatocyte. Of the liver's hepatocytes they would
            be
            * one in five.
                right if {SHARE} > 5
                Fifty million sounds like an organ. The liver has a hundred thousand million.
            * one in a hundred.
                right if ({SHARE} > 0.3) & ({SHARE} <= 5)
                That would be a beginning, and it would take some fifty times as many.
            * one in five thousand.
                right if {SHARE} <= 0.3
                Twenty million against a hundred thousand million. The liver makes that many by
                itself in a few hours.
            """,
            ladder=True,
        ),
        mission=_one_in_a_hundred(),
        presets=[
            Preset("arm vein, alive after a day", {"dose": 5e7, "arriving": 1.6}),
            Preset("hepatic artery, first hours", {"dose": 5e7, "arriving": ARRIVING}),
            Preset("all stay", {"dose": 5e7, "arriving": 100}),
            Preset("largest dose read, all stay", {"dose": LARGEST, "arriving": 100}),
        ],
        equations=("n",),
    )
