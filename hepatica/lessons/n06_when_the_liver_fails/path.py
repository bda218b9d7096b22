"""The same block in three places, and what a catheter in a hepatic vein can tell of it."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Binding,
    Chart,
    Choice,
    Curve,
    Drawing,
    Explorable,
    Point,
    Preset,
    Slider,
    Sweep,
    Toggle,
)
from hepatica.cards.parts.predict import Predict
from hepatica.cards.parts.shapes import rules
from hepatica.models.portal import AFTER, BEFORE, WITHIN, portal_path

from .portal import WITHOUT_STENT, halo, known, number, scar, vessels

BLOCK = 20  # mmHg·min/L; the block with which the card opens
HEALTHY = portal_path.starting(CPA=portal_path.values()["CPA_0"])
PLACES = ("gut", "portal<br>vein", "sinusoids", "hepatic<br>vein", "right<br>heart")
BLOCKS = ("block-before", "block-after", "pressure-sinusoids", "pressure-hepatic-vein")
NORMAL = known("physiology/hvpg-normal.high")

PATH_FLOWS = (
    *vessels(portal_vein="Q", liver_flow="q", shunt="flow_shunt", hepatic_vein="q"),
    scar("(R_sin - R_healthy) / R_scar + CPA_0"),
    halo("pressure", "PSG"),
    halo("pressure-sinusoids", "P_wedged - P_ra"),
    halo("pressure-hepatic-vein", "P_free - P_ra"),
    Binding("block-before", "opacity", "R_pre", (0, BLOCK)),
    Binding("block-after", "opacity", "R_post", (0, BLOCK)),
    number("gradient-value", "PSG", "1f", "mmHg"),
    number("liver-value", "q", "2f", "L/min"),
    number("portal-value", "P_portal", "0f", "mmHg"),
    number("inflow-value", "Q", "2f", "L/min"),
    number("shunt-value", "flow_shunt", "2f", "L/min"),
    number("share-value", "shunt_share", "0f", "%"),
    number("heart-value", "P_ra", "0f", "mmHg"),
)


@cache
def where_it_sits() -> Explorable:
    """Pressure from gut to heart with a block before, in or after the sinusoids."""
    return Explorable(
        HEALTHY,
        id="where-it-sits",
        title="A catheter in a hepatic vein sees the sinusoids",
        question="The same block, three places. Which of them would a catheter find?",
        run=Sweep("place", 0, 4, points=5),
        controls=[
            Slider("block", "resistance of the block", step=0.5, value=BLOCK),
            Choice(
                "site",
                {"before the sinusoids": BEFORE, "in them": WITHIN, "after them": AFTER},
                "the block sits",
                value=BEFORE,
            ),
            Slider("P_ra", "pressure in the right heart", step=0.5),
            Toggle("collaterals", 1, 0),
        ],
        views=[
            Drawing("portal", bindings=PATH_FLOWS, parts=(*WITHOUT_STENT, *BLOCKS)),
            Chart(
                "Pressure from gut to heart",
                Axis("", "", -0.2, 4.2, ticks=dict(enumerate(PLACES))),
                Axis("pressure", "mmHg", 0, 48),
                curves=(
                    Curve("P_here", "pressure", "blood", dash="solid"),
                    Curve(
                        "P_seen",
                        "what the catheter knows; its step is HVPG",
                        "therapy",
                        dash="dash",
                    ),
                ),
                points=(
                    Point("2", "P_wedged", "wedged reading", "therapy", "diamond", 14),
                    Point("3", "P_free", "free reading", "therapy", "square", 13),
                ),
                height=340,
            ),
        ],
        describe=rules(f"""
            block < 1
                Hardly a block: {{PSG:1f}} mmHg from portal vein to heart, HVPG {{HVPG:1f}} mmHg.
            (site < 0.5) & (HVPG <= {NORMAL})
                {{PSG:1f}} mmHg from portal vein to heart, but HVPG is normal, {{HVPG:1f}} mmHg: the
                block lies before the sinusoids, where the catheter does not look.
            (site > 1.5) & (HVPG <= {NORMAL})
                {{PSG:1f}} mmHg from portal vein to heart. Wedged {{P_wedged:1f}} minus free
                {{P_free:1f}} is HVPG {{HVPG:1f}} mmHg: the block lifts both, and their difference is normal.
            otherwise
                {{PSG:1f}} mmHg from portal vein to heart, HVPG {{HVPG:1f}} mmHg: the block sits where
                the catheter looks, and the two agree.
        """),
        predict=Predict(
            "In the model a clot in the portal vein lifts the gradient from {targets/portal-path-no-block} to "
            "{targets/portal-path-gradient} mmHg; the liver is healthy. What is HVPG, read by a "
            "catheter in a hepatic vein?",
            (
                (
                    "About 3 mmHg, as in anybody.",
                    f"HVPG <= {NORMAL}",
                    (
                        "The clot lies upstream of the sinusoids, and wedged minus free ends there. "
                        "A little less blood comes through, so it even falls."
                    ),
                ),
                (
                    "About 10 mmHg, half of it all.",
                    f"(HVPG > {NORMAL}) & (HVPG < 14)",
                    (
                        "As if the catheter averaged the way. It compares two places, and both lie "
                        "beyond the clot."
                    ),
                ),
                (
                    "About 18 mmHg, the gradient.",
                    "HVPG >= 14",
                    (
                        "The name suggests that the two are one. In cirrhosis they nearly are; here "
                        "the catheter would have to look past the sinusoids, into the portal vein."
                    ),
                ),
            ),
            ladder=True,
        ),
        presets=[
            Preset("portal vein", {"block": BLOCK, "site": BEFORE}),
            Preset("sinusoids", {"block": BLOCK, "site": WITHIN}),
            Preset("hepatic veins", {"block": BLOCK, "site": AFTER}),
            Preset("nowhere", {"block": 0, "site": BEFORE}),
        ],
        equations=("PSG", "R_L", "q", "P_free", "P_wedged"),
        why=("PSG", "HVPG"),
    )
