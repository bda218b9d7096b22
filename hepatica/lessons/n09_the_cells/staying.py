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
    Point,
    Predict,
    Preset,
    Slider,
    Sweep,
)
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
                Axis("cells in the liver", "per mL", 1, 5e8, "log"),
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
        predict=Predict(
            (
                "Fifty million cells through the hepatic artery; "
                "{parameters/biodistribution.arriving} % arrive. "
                "Suppose **every one** became a hepatocyte. They would be"
            ),
            (
                ("about a fifth of the liver's hepatocytes.", f"{SHARE} > 5", ""),
                ("about one in a hundred.", f"({SHARE} > 0.3) & ({SHARE} <= 5)", ""),
                (
                    "about one in five thousand.",
                    f"{SHARE} <= 0.3",
                    (
                        "Twenty million against a hundred thousand million. "
                        "The liver makes that many by itself in a few hours. "
                        "Now press *all stay* and *largest dose read*."
                    ),
                ),
            ),
        ),
        presets=[
            Preset("arm vein, alive after a day", {"dose": 5e7, "arriving": 1.6}),
            Preset("hepatic artery, first hours", {"dose": 5e7, "arriving": 41}),
            Preset("all stay", {"dose": 5e7, "arriving": 100}),
            Preset("largest dose read, all stay", {"dose": 3.53e9, "arriving": 100}),
        ],
        equations=("n",),
    )
