"""One tube of blood."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import Axis, Background, Chart, Curve, Explorable, Point, Preset, Slider, Sweep
from hepatica.cards.parts.shapes import asked, rules
from hepatica.cards.views.bars import Bars, Part, Row
from hepatica.models.bedside import laboratories

from .bedside import sliders

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
        question="How far apart may two laboratories be on the same blood?",
        run=Sweep("INR", 1, 6.5, points=276),
        controls=[
            Slider("INR_low", step=0.1, value=1.7),
            Slider("apart", step=0.01, value=2.0),
            *sliders({"bilirubin": 1, "creatinine": 1}, "bilirubin", "creatinine"),
        ],
        views=[
            Chart(
                "MELD by INR",
                Axis("INR", "", 1, 6.5),
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
        predict=asked(
            """
            One tube of blood goes to fourteen laboratories. The lowest reads an INR of 1.7, the
            highest 3.4. How far apart are the two MELDs?
            * Within one point.
                right if difference <= 1
                Laboratories are calibrated, and so is the INR: on people who take warfarin. Blood of
                a sick liver lacks other factors, which each reagent weighs in its own way.
            * Two or three points.
                right if (difference > 1) & (difference < 5)
                The second INR is twice the first, and MELD takes the logarithm: doubling costs eight
                points, wherever one begins.
            * About eight points.
                right if difference >= 5
                Now raise bilirubin and creatinine: MELD rises, the distance stays, but for
                rounding. A logarithm sees ratios only.
            """,
            ladder=True,
        ),
        presets=_sample_presets(),
        equations=("of_INR", "meld_exact", "meld"),
    )
