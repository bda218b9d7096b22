"""One liver: a tap, two tanks, a drain, and a fire that spreads."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Binding,
    Chart,
    Curve,
    Drawing,
    Explorable,
    Mission,
    PlayHead,
    Point,
    Preset,
    Run,
    Slider,
)
from hepatica.cards.parts.shapes import asked
from hepatica.models.tide import tide

CIRRHOSIS = ledger.parameters("tide")["cut_F4"].value  # % of area from which stage F4 begins
YEARS = 50
LOBULES = 37  # hexagons of the drawing
YOUNG_FULL, OLD_FULL = 10, 40  # % of area in a full tank; the young one is drawn four times larger
FULL = 20  # % of area that the mission asks for
WIDEST = 24  # units of the drawing at the widest drain
COLLAGEN = Axis("collagen area", "% of tissue", 0, 42)
BOTH_COLLAGENS = (
    Curve("CPA", "all collagen", "collagen", dash="solid"),
    Curve("X", "of it old, cross-linked", "crosslinked"),
)
CAUSE_STOPS = Point("injury_years", "CPA_max", "the cause stops", "injury", "diamond", 12)
AWAKE = "(F_end > 1e5)"


def cirrhosis_line(until: float) -> Background:
    """A line at the collagen area from which stage F4 begins, over the years of a chart."""
    return Background(
        [0, until], [CIRRHOSIS, CIRRHOSIS], "ink", f"F4 from {CIRRHOSIS:g} %", dash="dot"
    )


def tanks() -> Drawing:
    """The picture of the model; each part follows what it stands for."""
    drain = {"source": (0, 0.008), "target": (0, WIDEST)}
    return Drawing(
        "tanks",
        (
            Binding("taking-part", "count", "phi", (0, 1), (0, LOBULES)),
            Binding("fire", "count", "phi", (0, 1), (0, LOBULES)),
            Binding("fire", "opacity", "F / (F + K_F)"),
            Binding("signal", "opacity", "tgf", (0, 0.8), (0.08, 1)),
            Binding("stream", "stroke-width", "deposition", (0, 0.02), (0, 20)),
            Binding("young", "fill-level", "C", (0, YOUNG_FULL), (0, 1)),
            Binding("link", "opacity", "k_x * C", (0, 0.005), (0.12, 1)),
            Binding("aged", "fill-level", "X", (0, OLD_FULL), (0, 1)),
            Binding("drain", "stroke-width", "delta", **drain),
            Binding("hole", "stroke-width", "chi * delta", **drain),
            Binding("plug", "opacity", "timp", (0, 0.2), (0.08, 1)),
            Binding("awake", "opacity", "lock * stiff", (0, 0.5), (0.06, 1)),
            Binding("fire-value", "text", "100 * phi", style="0f", suffix=" %"),
            Binding("young-value", "text", "C", style="1f", suffix=" %"),
            Binding("aged-value", "text", "X", style="1f", suffix=" %"),
        ),
    )


@cache
def one_liver() -> Explorable:
    """Thirty years of a steady cause, then none: the picture, and the collagen area below it."""
    before = (
        "Year {time:0f} of the cause: {100*phi:0f} % of the lobules take part; collagen covers "
        "{CPA:1f} % of the tissue"
    )
    gone = (
        "Year {time:0f}, {time - injury_years:0f} {(time - injury_years):plural year} without the "
        "cause: the young tank holds {C:1f} %, the old one {X:1f} %. Collagen {CPA:1f} %, "
        "down from {CPA_max:1f} %"
    )
    return Explorable(
        tide.starting(injury_years=30, d=0.003),
        id="one-liver",
        title="Slow to fill, and slow to empty for another reason",
        question="A tap, two tanks, a drain. How do they empty once the cause has gone?",
        run=Run(YEARS, "years", points=101),
        head=PlayHead(start=0, seconds=14),
        controls=[
            Slider("injury_years", "the cause stops after", low=1, high=40, step=1, value=30),
            Slider(
                "d",
                "hepatocytes dying of it",
                low=0,
                high=0.004,
                step=0.0001,
                value=0.003,
                units={"% a day": 100},
            ),
            Slider("chi", "the old tank's hole", low=0.02),
        ],
        views=[
            tanks(),
            Chart(
                "Collagen area",
                Axis("time", "years", 0, YEARS),
                COLLAGEN,
                curves=BOTH_COLLAGENS,
                points=(CAUSE_STOPS,),
                background=(cirrhosis_line(YEARS),),
                head=True,
                height=280,
            ),
        ],
        describe=[
            (
                "(time < 0.01) & (CPA_max < 3)",
                "Year 0, a healthy liver. This cause is too weak, or too short, to leave a scar.",
            ),
            ("time < 0.01", "Year 0, a healthy liver: {CPA:1f} % collagen. Press Play."),
            (f"(time < injury_years + 0.01) & (CPA < {CIRRHOSIS})", before + "."),
            ("time < injury_years + 0.01", before + ": cirrhosis in the model."),
            (f"{AWAKE} & (time > injury_years + 1)", gone + ". Its cells never rest."),
            (f"CPA >= {CIRRHOSIS}", gone + ": still cirrhosis."),
            (None, gone + "."),
        ],
        predict=asked("""
            The cause stops at year thirty, and the fire goes out within a year. **Twenty years
            later** the tanks are
            * both empty: no cause, no scar.
                right if (C_end < 0.1) & (X_end < 0.5)
                “No cause, no scar.” The tap is shut, and the young tank does empty within two
                years. But about a quarter of the old collagen is left, and it still flows out.
            * both as full as before: scar is scar.
                right if C_end > 1
                “Scar is dead cement.” With the tap shut the drain wins: the young tank is empty
                within two years, and the old one has lost most of what it held.
            * one of them empty, and the other not yet.
                right if (C_end < 0.1) & (X_end >= 0.5)
                The young one empties within two years, the old one over decades: about a quarter of
                it is left. Same drain, smaller hole. Now drag the hole.
        """),
        presets=[
            Preset("a middling hole", {"chi": 0.04}),
            Preset("a hole half as wide", {"chi": 0.02}),
            Preset("a hole twice as wide", {"chi": 0.08}),
        ],
        mission=_back_in_time(),
        why=("phi", "CPA"),
        equations=("phi", "C", "X", "tgf", "delta", "stiff"),
    )


def _back_in_time() -> Mission:
    """Full, and out of cirrhosis again by the end."""
    return Mission(
        f"With **thirty years** of cause or more, fill this liver beyond **{FULL} %**, and still be "
        f"below **{CIRRHOSIS:g} %** at year fifty.",
        reached=f"(injury_years >= 30) & (CPA_max > {FULL}) & (CPA_end < {CIRRHOSIS})",
        done="{CPA_max:0f} % after {injury_years:0f} years, {CPA_end:1f} % at year fifty. What you "
        "needed was a fast fill and a wide hole. The hole nobody can measure in a patient.",
        fails=[
            (
                "injury_years < 30",
                (
                    "After {injury_years:0f} years you have stopped the cause early: the best "
                    "treatment there is, but not the task."
                ),
            ),
            (
                f"CPA_max <= {FULL}",
                "It never held more than {CPA_max:0f} %: a wide hole drains while it fills, too.",
            ),
        ],
        far="{CPA_end:1f} % at year fifty: the old tank empties too slowly.",
        start={"injury_years": 40, "d": 0.003, "chi": 0.02, "head": 100},
    )
