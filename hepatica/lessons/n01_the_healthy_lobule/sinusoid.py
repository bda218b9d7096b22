"""The sinusoid, and oxygen on the way."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Binding,
    Chart,
    Curve,
    Diagram,
    Drawing,
    Explorable,
    Mission,
    Preset,
    Slider,
    Sweep,
)
from hepatica.cards.parts.shapes import asked
from hepatica.models.sinusoid import sinusoid

SEGMENTS = 9  # rectangles of oxygen along the drawn sinusoid
STROKES = 40  # pairs of hatch strokes that cross the whole drawn plate


@cache
def cells() -> Diagram:
    """A stretch of sinusoid and the cells that live along it."""
    return Diagram(
        Drawing("sinusoid"),
        id="sinusoid-cells",
        title="Four kinds of cells share one capillary",
        question="Find the cell that stores vitamin A. It is quiet here; "
        "in notebook 02 it builds the scar.",
    )


def oxygen_at(way: float) -> str:
    """Formula of oxygen pressure (mmHg) at a share of the `way` from portal tract to central
    vein."""
    return f"Max(0, oxygen_inlet - fall * {way})"


ZONES = {1 / 6: "zone 1", 1 / 2: "zone 2", 5 / 6: "zone 3"}
FROM_TRACT_TO_VEIN = Axis("from portal tract to central vein", "", -0.04, 1.04, ticks=ZONES)
AT_THIS_FLOW = "With {100*flow:0f} % of normal flow and {100*uptake:0f} % of normal uptake, "

DRIVEN_SINUSOID = (
    *(
        Binding(f"segment-{n + 1}", "opacity", oxygen_at(n / (SEGMENTS - 1)), (0, 70), (0, 0.75))
        for n in range(SEGMENTS)
    ),
    Binding("starved", "opacity", "1"),
    Binding("starved", "count", "1 - supplied", (0, 1), (0, STROKES)),
)


def _ends() -> Background:
    """The published oxygen pressures at both ends, with their ranges, as points."""
    rows = [ledger.number(f"physiology/oxygen-{end}") for end in ("periportal", "perivenous")]
    return Background(
        [0, 1],
        [row.value for row in rows],
        "ink",
        "published range, healthy",
        "points",
        error=[(row.high - row.low) / 2 for row in rows],
    )


@cache
def oxygen() -> Explorable:
    """Oxygen along the way when flow or uptake changes."""
    inlet, outlet = (
        ledger.number(f"parameters/sinusoid.{name}").value
        for name in ("oxygen_inlet", "oxygen_outlet")
    )
    low = ledger.number("physiology/oxygen-perivenous").low
    return Explorable(
        sinusoid,
        id="sinusoid-oxygen",
        title="One stream for a whole row of cells",
        question="How little blood is enough, and who goes without first?",
        run=Sweep("way", 0, 1),
        controls=[
            Slider("flow", low=0.25, high=2, step=0.01, value=0.5),
            Slider("uptake", step=0.01),
        ],
        views=[
            Drawing("sinusoid", bindings=DRIVEN_SINUSOID),
            Chart(
                "Oxygen pressure on the way",
                FROM_TRACT_TO_VEIN,
                Axis("oxygen", "mmHg", 0, 75),
                curves=(Curve("oxygen", "the model", "blood"),),
                background=(
                    Background([0, 1], [inlet, outlet], "muted", "the model at rest", dash="dot"),
                    _ends(),
                ),
                height=300,
            ),
        ],
        describe=[
            (
                "supplied < 0.999",
                (
                    AT_THIS_FLOW + "oxygen is used up after {100*supplied:0f} % of the way. "
                    "The hepatocytes beside the central vein get none."
                ),
            ),
            (
                f"oxygen_end < {low}",
                (
                    AT_THIS_FLOW
                    + (
                        "{oxygen_end:0f} mmHg are left at the central vein: "
                        "less than in a healthy liver."
                    )
                ),
            ),
            (
                None,
                AT_THIS_FLOW
                + ("blood reaches the central vein with {oxygen_end:0f} mmHg of oxygen."),
            ),
        ],
        predict=asked(f"""
            In the model flow through the sinusoid falls to **half**, as after a bleed. Every hepatocyte
            takes as much oxygen as before. Who runs short?
            * All zones alike, each by half.
                right if oxygen_start - oxygen_end < 5
                That would be so if each cell had a vessel of its own. They share one stream: what
                the first do not leave, the last cannot take.
            * Zone 1, where the blood enters.
                right if oxygen_start < oxygen_end
                It lies nearest to the inflow, so it is served first, in plenty and in need.
            * Zone 3, where the blood leaves.
                right if (oxygen_end < 1) & (oxygen_start > 50)
                Zone 1 takes its fill as always. The shortage travels down the row and lands on
                the last cells.
            * No zone: half of it is enough.
                right if (oxygen_end >= {low}) & (oxygen_start - oxygen_end >= 5)
                The reserve is smaller than that: at rest the blood leaves with about half of its
                oxygen pressure, and the last cells already live on little.
        """),
        mission=Mission(
            "Less than half of the usual flow, and nobody short: bring it to 0.46 or less and keep "
            f"at least {low:g} mmHg at the central vein.",
            reached=f"(flow < 0.465) & (oxygen_end >= {low})",
            done="Flow {flow:2f}, uptake {uptake:2f}: {oxygen_end:0f} mmHg at the central vein. "
            "Only their ratio counts, which is why a cooled or resting organ bears more.",
            fails=[
                (
                    "supplied < 0.999",
                    (
                        "At uptake {uptake:2f} the oxygen ends after {100*supplied:0f} % of the way: "
                        "the flow fell and the cells took as before."
                    ),
                ),
                (
                    f"(flow > 0.465) & (oxygen_end >= {low})",
                    "Nobody is short, but the flow is still {flow:2f}.",
                ),
            ],
            far="{oxygen_end:0f} mmHg at the central vein: less than in a healthy liver.",
        ),
        presets=[
            Preset("rest", {"flow": 1, "uptake": 1}),
            Preset("half flow", {"flow": 0.5, "uptake": 1}),
            Preset("half flow, half uptake", {"flow": 0.5, "uptake": 0.5}),
            Preset("hard work", {"flow": 1, "uptake": 2}),
        ],
    )
