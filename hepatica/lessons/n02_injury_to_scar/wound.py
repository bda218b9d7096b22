"""From an injury to a wound that heals or does not: the circuit, its race and its watershed."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Background,
    Binding,
    Chart,
    Curve,
    Drawing,
    Explorable,
    PlayHead,
    Point,
    Predict,
    Preset,
    Run,
    Slider,
)
from hepatica.cards.parts.shapes import rules
from hepatica.models.scar_circuit import cold_states, hot_state, saddle, scar_circuit, separatrix

SCARRED = "(F_end > 1e5) & (M_end > 1e5)"
COLD = "(F_end > 1e5) & (M_end <= 1e5)"
HEALED = "F_end <= 1e3"

DAYS = Axis("time", "days", 0, 100)
DENSITY = Axis("cells", "per mL", 1, 3e6, "log")
# Ten million macrophages a day, the strongest injury on a slider, bring thirty million per mL.
WIDE_DENSITY = Axis("cells", "per mL", 1, 5e7, "log")
BOTH_CELLS = (
    Curve("F", "myofibroblasts", "myofibroblast"),
    Curve("M", "macrophages", "macrophage"),
)

DRIVEN_CIRCUIT = (
    Binding("myofibroblast", "scale", "F", (1e3, 1e6), (0.45, 1.15), "log"),
    Binding("macrophage", "scale", "M", (1e3, 1e6), (0.45, 1.15), "log"),
    Binding("csf1", "stroke-width", "csf1_made", (1e8, 4e11), (0.8, 12), "log"),
    Binding("pdgf", "stroke-width", "pdgf_from_M", (1e8, 1e11), (0.8, 12), "log"),
    Binding("autocrine", "stroke-width", "pdgf_from_F", (1e8, 2e11), (0.8, 12), "log"),
    Binding("growth-myofibroblast", "stroke-width", "growth_F", (1e2, 2e5), (0.8, 9), "log"),
    Binding("growth-macrophage", "stroke-width", "growth_M", (1e2, 2e5), (0.8, 9), "log"),
    Binding("removal-myofibroblast", "stroke-width", "loss_F", (1e2, 2e5), (0.8, 9), "log"),
    Binding("removal-macrophage", "stroke-width", "mu_2 * M", (1e2, 2e5), (0.8, 9), "log"),
    Binding("influx", "opacity", "I", (0, 1e6), (0.12, 1)),
    Binding("injury", "opacity", "I", (0, 1e6), (0.2, 1)),
    Binding("scalpel", "opacity", "R", (0, 100), (0, 1)),
    Binding("collagen", "count", "F", (1e3, 5e5), (0, 24), "log"),
)


@cache
def circuit() -> Explorable:
    """Two cells that feed each other: the drawing follows the run, day by day."""
    return Explorable(
        scar_circuit,
        id="circuit",
        title="Two cells that feed each other",
        question=(
            "Press Play. Which arrow is the first to matter, and which arrows still stand when "
            "the injury is long over?"
        ),
        run=Run(100, points=201),
        head=PlayHead(start=16, seconds=14),
        controls=[Slider("injury_days", low=0, high=6, step=0.5)],
        views=[
            Drawing("circuit", bindings=DRIVEN_CIRCUIT),
            Chart("Cells in the wound", DAYS, DENSITY, curves=BOTH_CELLS, head=True, height=272),
        ],
        describe=rules("""
            I > 0
                Day {time:0f}: the injury draws macrophages in, {M:2s} per mL by now, with {F:2s}
                myofibroblasts.
            F > 1e5
                Day {time:0f}: the injury is long over, yet {F:2s} myofibroblasts and {M:2s}
                macrophages per mL keep each other alive.
            (M > F) & (time < F_peak)
                Day {time:0f}: a race. The injury is over, {M:2s} macrophages per mL are left while
                {F:2s} myofibroblasts multiply.
            F_end > 1e5
                Day {time:0f}: {F:2s} myofibroblasts per mL are enough to feed the {M:2s}
                macrophages, and the other way round. Both grow.
            otherwise
                Day {time:0f}: {F:2s} myofibroblasts and {M:2s} macrophages per mL are too few to
                keep each other; both die out.
        """),
        presets=[
            Preset("2 days of injury", {"injury_days": 2}),
            Preset("4 days of injury", {"injury_days": 4}),
        ],
        equations=("F", "M"),
    )


@cache
def injury_duration() -> Explorable:
    """How long may an injury last before the scar stays?"""
    return Explorable(
        scar_circuit,
        id="injury-duration",
        title="A little longer, and the wound no longer heals",
        question="How long may the injury last before the wound ends in a scar?",
        run=Run(100),
        controls=[Slider("injury_days", low=0, high=10, step=0.02), Slider("A_0")],
        views=[Chart("Cells in the wound", DAYS, WIDE_DENSITY, curves=BOTH_CELLS)],
        describe=[
            (
                SCARRED,
                (
                    "{injury_days:2f} days of injury: the wound ends in a scar, "
                    "with {F_end:2s} myofibroblasts per mL that need no injury any more."
                ),
            ),
            (
                HEALED,
                (
                    "{injury_days:2f} days of injury: myofibroblasts peak at {F_max:2s} per mL on "
                    "day {F_peak:0f}, then the wound heals."
                ),
            ),
            (
                None,
                (
                    "{injury_days:2f} days of injury: on day 100 the wound is still undecided, "
                    "with {F_end:2s} myofibroblasts per mL."
                ),
            ),
        ],
        predict=Predict(
            "Two days of injury heal without a trace. What will **four** days do?",
            (
                (
                    "About twice the scar, which fades too.",
                    "(F_end <= 1e5) & (F_max > 5e3)",
                    (
                        "“Twice the cause, twice the effect.” Two cells that feed each other either "
                        "hold or starve; this one holds."
                    ),
                ),
                (
                    "It does not heal at all, now or later.",
                    SCARRED,
                    (
                        "Twice the injury is not twice the scar: "
                        "somewhere between two and four days lies a threshold. Find it."
                    ),
                ),
                (
                    "Much the same as two days, only later.",
                    "(F_end <= 1e5) & (F_max <= 5e3)",
                    "“Injury over, healing begins.” The pair no longer needs the injury.",
                ),
            ),
        ),
        presets=[
            Preset("2 days", {"injury_days": 2, "A_0": 1e6}),
            Preset("4 days", {"injury_days": 4, "A_0": 1e6}),
            Preset("mild, 8 days", {"injury_days": 8, "A_0": 1e5}),
            Preset("mild, 10 days", {"injury_days": 10, "A_0": 1e5}),
        ],
        equations=("F", "M"),
    )


@cache
def watershed() -> tuple[list[float], list[float]]:
    """The watershed between healing and scar as lists of myofibroblasts and macrophages (cells/mL).

    Beyond the saddle it runs down to the axis, at the number of myofibroblasts that feed
    themselves.
    """
    F, M = zip(*separatrix(25), strict=True)
    return [*F, cold_states()[0]], [*M, 1.0]


def _landscape() -> tuple[Background, ...]:
    """What stands still on the map: the healing side, the watershed and the three rest points."""
    F, M = watershed()
    (F_saddle, M_saddle), (F_hot, M_hot) = saddle(), hot_state()
    return (
        Background([*F, 1, 1], [*M, 1, M[0]], "good", "side that heals", "area"),
        Background(F, M, "injury", "watershed", "line", "dash"),
        Background(
            [F_hot], [M_hot], "collagen", "", "points", text=["hot scar"], textposition="top center"
        ),
        Background(
            [F_saddle],
            [M_saddle],
            "muted",
            "",
            "points",
            text=["saddle"],
            textposition="middle right",
            symbol="diamond",
        ),
        Background(
            [cold_states()[1]],
            [1.6],
            "blood",
            "",
            "points",
            text=["cold scar"],
            textposition="top center",
            symbol="square",
        ),
    )


@cache
def phase_plane() -> Explorable:
    """The same run as a path on a map: where it stands when the injury ends decides where it
    goes."""
    return Explorable(
        scar_circuit,
        id="phase-plane",
        title="A map with a watershed",
        question=(
            "The path climbs while the injury lasts and turns where it ends. "
            "On which side of the dashed line does it turn?"
        ),
        run=Run(100, points=401),
        head=PlayHead(start=-1, seconds=12),
        controls=[Slider("injury_days", low=0, high=6, step=0.02, value=2.28), Slider("A_0")],
        views=[
            Chart(
                "The path of the wound",
                Axis("myofibroblasts", "per mL", 1, 3e6, "log"),
                Axis("macrophages", "per mL", 1, 5e7, "log"),
                curves=(Curve("M", "path of the wound", "ink", x="F", dash="solid"),),
                points=(
                    Point("Max(F, 1)", "Max(M, 1)", "wound on this day", "accent", "circle", 14),
                ),
                background=_landscape(),
                height=420,
            ),
            Chart(
                "The same wound, day by day",
                DAYS,
                WIDE_DENSITY,
                curves=BOTH_CELLS,
                head=True,
                height=272,
            ),
        ],
        describe=[
            (
                "time <= injury_days",
                "Day {time:1f}: the injury still draws macrophages in, and the path climbs.",
            ),
            (
                SCARRED,
                (
                    "{injury_days:2f} days of injury end beyond the watershed; "
                    "without any further injury the wound drifts to the hot scar."
                ),
            ),
            (
                HEALED,
                (
                    "{injury_days:2f} days of injury end on the healing side; "
                    "both cells die out without any help."
                ),
            ),
            (
                None,
                (
                    "{injury_days:2f} days of injury end so close to the watershed that the wound "
                    "is still undecided on day 100."
                ),
            ),
        ],
        predict=Predict(
            (
                "An injury of 2.24 days heals. One of 2.28 days is **less than an hour** longer. "
                "How do the two wounds differ?"
            ),
            (
                (
                    "Hardly at all: the second heals a little later.",
                    HEALED,
                    (
                        "“A small cause has a small effect.” Not on a watershed: an hour decides the "
                        "side."
                    ),
                ),
                (
                    "The second ends with a scar of middling size.",
                    "(F_end > 1e3) & (F_end <= 1e5)",
                    (
                        "“Between healing and scar lies half a scar.” The circuit has no such state: "
                        "it drifts to one end."
                    ),
                ),
                (
                    "The first heals, the second ends in a full scar.",
                    SCARRED,
                    (
                        "And for a month they can hardly be told apart: "
                        "both linger at the saddle before they part. Press *2.24 days*, "
                        "*Keep this run*, then *2.28 days*."
                    ),
                ),
            ),
        ),
        presets=[
            Preset(f"{days:g} days", {"injury_days": days, "A_0": 1e6, "head": 400})
            for days in (2, 2.24, 2.28, 4)
        ],
        equations=("F", "M"),
    )
