"""Taking off pressure."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Curve,
    Explorable,
    Point,
    Preset,
    Slider,
    Sweep,
    Toggle,
)
from hepatica.cards.parts.shapes import rules
from hepatica.models.portal import treated_portal


@cache
def pressure() -> Explorable:
    """The portal circuit of notebook 06 in short: a β-blocker, a stent, and what each costs."""
    return Explorable(
        treated_portal,
        id="pressure-treated",
        title="Two ways to take off pressure, two prices",
        question=(
            "Same scar, same day. What does each treatment do to the gradient, "
            "and to the blood that still meets the liver?"
        ),
        run=Sweep("CPA", 2, 40, points=39),
        controls=[
            Slider("CPA", "scar (collagen area)", low=2, high=40, step=1, value=20),
            Slider(
                "cut", "inflow taken away by a β-blocker", low=0, high=0.4, step=0.01, value=0.2
            ),
            Toggle("tips", on=1, off=0, label="stent (TIPS)"),
        ],
        views=[
            Chart(
                "Gradient between portal vein and liver veins",
                Axis("collagen area", "% of tissue", 2, 40),
                Axis("gradient", "mmHg", 0, 22),
                curves=(
                    Curve("P_before", "untreated", "injury", dash="dash"),
                    Curve("PSG", "treated", "therapy", dash="solid"),
                ),
                points=(Point("CPA", "PSG", "this liver", "accent", "circle", 13),),
                background=(
                    *(
                        Background([2, 40], [level, level], "muted", dash="dot")
                        for level in (10, 12)
                    ),
                    *(
                        Background(
                            [39.5],
                            [height],
                            "muted",
                            kind="text",
                            text=[words],
                            textposition="middle left",
                        )
                        for height, words in (
                            (9.2, "clinically significant"),
                            (11.2, "varices may bleed"),
                        )
                    ),
                ),
                height=340,
            )
        ],
        describe=rules("""
            tips > 0.5
                Stent open: {PSG:1f} mmHg instead of {P_before:1f}. The price: {bypass:0f} % of the
                portal blood, with its ammonia, no longer meets the liver.
            cut < 0.005
                Untreated: {PSG:1f} mmHg; {bypass:0f} % of the portal blood passes the liver by.
            otherwise
                β-blocker, inflow down by {100*cut:0f} %: {PSG:1f} mmHg instead of {P_before:1f};
                {bypass:0f} % of the portal blood passes the liver by.
        """),
        presets=[
            Preset("untreated", {"cut": 0, "tips": 0}),
            Preset("β-blocker", {"cut": 0.2, "tips": 0}),
            Preset("stent (TIPS)", {"cut": 0, "tips": 1}),
        ],
        equations=("R_L", "R", "Q_in", "P_now"),
    )
