"""What becomes of a scar whose macrophages are taken away or whose loops are weakened."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Choice,
    Drawing,
    Explorable,
    Predict,
    Preset,
    Run,
    Slider,
)
from hepatica.model import Model
from hepatica.models.scar_circuit import FOREVER, cold_states, hot_state, scar_circuit

from .wound import BOTH_CELLS, COLD, DENSITY, DRIVEN_CIRCUIT, HEALED, SCARRED


def _own_quorum(days: float) -> Background:
    """A line at the number of myofibroblasts (cells/mL) from which their own PDGF is enough."""
    enough = cold_states()[0]
    return Background(
        [0, days], [enough, enough], "myofibroblast", "enough to live on their own PDGF", dash="dot"
    )


@cache
def depletion() -> Explorable:
    """The same act, early or late: removing all macrophages for good."""
    return Explorable(
        scar_circuit,
        id="depletion",
        title="The same act, early or late",
        question=(
            "Four days of injury, then all macrophages are taken away for good. "
            "Until which day does that still heal the wound?"
        ),
        run=Run(120),
        controls=[
            Slider(
                "removal_day",
                "day on which macrophages are taken away",
                low=0,
                high=60,
                step=0.5,
                value=30,
            ),
            Choice(
                "removal_days",
                {"leave them": 0, "take them away": FOREVER},
                "macrophages",
                value=FOREVER,
            ),
        ],
        views=[
            Chart(
                "Cells in the wound",
                Axis("time", "days", 0, 120),
                DENSITY,
                curves=BOTH_CELLS,
                background=(_own_quorum(120),),
            )
        ],
        describe=[
            (
                COLD,
                (
                    "Macrophages taken away on day {removal_day:1f}: too late. "
                    "{F_end:2s} myofibroblasts per mL stay, without a single macrophage: "
                    "a cold scar."
                ),
            ),
            (SCARRED, "Macrophages left in place: the wound ends as a hot scar."),
            (
                None,
                (
                    "Macrophages taken away on day {removal_day:1f}: in time. "
                    "The myofibroblasts starve and the wound heals."
                ),
            ),
        ],
        predict=Predict(
            (
                "The injury lasted four days and is over. Taking every macrophage away on day 10 "
                "heals the wound. And on **day 30**?"
            ),
            (
                (
                    "The scar melts away, only later.",
                    "F_end <= 1e5",
                    (
                        "“Calm it down and it goes.” Early that holds; by day 30 the myofibroblasts "
                        "feed themselves, and nothing melts."
                    ),
                ),
                (
                    "Nothing changes: it stays hot.",
                    SCARRED,
                    (
                        "“Macrophages are only bystanders.” They hold the hot scar; what stays without "
                        "them is another scar, a cold one."
                    ),
                ),
                (
                    "A scar stays, and now a cold one.",
                    COLD,
                    (
                        "By day 30 the myofibroblasts have crossed the dotted line: "
                        "they are enough to live on PDGF of their own. Drag the day: "
                        "until when was it in time?"
                    ),
                ),
            ),
        ),
        presets=[
            Preset(f"day {day:g}", {"removal_day": day, "removal_days": FOREVER})
            for day in (10, 17.5, 18, 30)
        ],
        equations=("F", "M"),
    )


@cache
def old_scar() -> Model:
    """The circuit a year on: it starts as a hot scar without injury; macrophages, if removed,
    are gone from day 0."""
    F, M = hot_state()
    start = {"F_0": round(F, -3), "M_0": round(M, -3), "injury_days": 0, "removal_day": 0}
    return scar_circuit.starting(**start)


@cache
def loops() -> Explorable:
    """Which loop holds which scar: weaken the myofibroblasts' own loop, or remove them faster."""
    return Explorable(
        old_scar(),
        id="loops",
        title="Each scar hangs on its own loop",
        question="Which arrows are left in each scar, and what must we weaken to let go of it?",
        run=Run(365),
        controls=[
            Choice(
                "removal_days",
                {"hot, with macrophages": 0, "cold, without": FOREVER},
                "the scar",
                value=FOREVER,
            ),
            Slider("beta_3", "own PDGF of a myofibroblast", step=5, value=160),
            Slider("mu_1", step=0.01),
        ],
        views=[
            Drawing("circuit", bindings=DRIVEN_CIRCUIT),
            Chart(
                "Cells in the scar",
                Axis("time", "days", 0, 365),
                DENSITY,
                curves=BOTH_CELLS,
                height=272,
            ),
        ],
        describe=[
            (
                COLD,
                (
                    "The cold scar stays: without macrophages, the myofibroblasts’ own PDGF keeps "
                    "{F_end:2s} of them per mL alive."
                ),
            ),
            (
                SCARRED,
                (
                    "The hot scar stays: {F_end:2s} myofibroblasts and {M_end:2s} macrophages per "
                    "mL hold each other."
                ),
            ),
            (
                "(removal_days > 0) & (F_end <= 1e3)",
                (
                    "The cold scar melts away: alone, the myofibroblasts no longer make up for "
                    "their losses."
                ),
            ),
            (
                HEALED,
                (
                    "Even the hot scar melts away: the myofibroblasts go faster than both loops "
                    "together can replace them."
                ),
            ),
            (
                None,
                (
                    "The scar is going, slowly: {F_end:2s} myofibroblasts per mL are left after a "
                    "year."
                ),
            ),
        ],
        predict=Predict(
            (
                "A cold scar has no macrophages. Its myofibroblasts now make **a third less** "
                "PDGF for themselves. What becomes of the scar?"
            ),
            (
                (
                    "It stays, about a third smaller.",
                    "F_end > 1e5",
                    (
                        "“A third less in, a third less out.” Below a limit the loop no longer replaces "
                        "its losses, and then all goes."
                    ),
                ),
                (
                    "It melts away altogether.",
                    HEALED,
                    (
                        "Its only loop is now too weak: below {targets/circuit-beta_3-cold-limit} "
                        "molecules per cell and minute the cold scar lets go. "
                        "Switch to the hot scar and leave the cut as it is."
                    ),
                ),
                (
                    "It stays half-way, with few cells.",
                    "(F_end > 1e3) & (F_end <= 1e5)",
                    (
                        "“There must be a middle.” A cell that feeds itself has none: enough of them "
                        "hold, too few die out."
                    ),
                ),
            ),
        ),
        presets=[
            Preset("as published", {"beta_3": 240, "mu_1": 0.3}),
            Preset("a third less own PDGF", {"beta_3": 160, "mu_1": 0.3}),
            Preset("hot, faster removal", {"removal_days": 0, "beta_3": 240, "mu_1": 0.4}),
            Preset("hot, still faster", {"removal_days": 0, "beta_3": 240, "mu_1": 0.55}),
        ],
        equations=("F", "M"),
    )
