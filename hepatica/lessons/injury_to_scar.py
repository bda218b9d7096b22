"""Cards of notebook 02: the macrophage–myofibroblast circuit."""

from __future__ import annotations

from functools import cache

import numpy as np

from hepatica import ledger
from hepatica.cards import (
    Axis, Background, Binding, Chart, Choice, Curve, Drawing, Explorable, PlayHead, Point, Predict, Preset, Run, Slider,
)
from hepatica.models.scar_circuit import cold_states, hot_state, saddle, scar_circuit, separatrix

SCARRED = "(F_end > 1e5) & (M_end > 1e5)"
COLD = "(F_end > 1e5) & (M_end <= 1e5)"
HEALED = "F_end <= 1e5"

DAYS = Axis("time", "days", 0, 100)
CELLS = Axis("cells", "per mL", 1, 3e6, "log")
BOTH_CELLS = (Curve("F", "myofibroblasts", "myofibroblast"), Curve("M", "macrophages", "macrophage"))

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
        question="Press Play. Which arrow is the first to matter, and which one keeps the scar going when the injury is over?",
        run=Run(100, points=201),
        head=PlayHead(start=16, seconds=12),
        controls=[Slider("injury_days", low=0, high=6, step=0.5)],
        views=[Drawing("circuit", bindings=DRIVEN_CIRCUIT),
               Chart("Cells in the wound", DAYS, CELLS, curves=BOTH_CELLS, head=True, height=240)],
        describe=[
            ("I > 0", "Day {time:0f}: the injury brings macrophages in; there are {M:2s} of them per mL and {F:2s} myofibroblasts."),
            ("F > 1e5", "Day {time:0f}: no injury any more, yet {F:2s} myofibroblasts and {M:2s} macrophages per mL hold each other up."),
            (None, "Day {time:0f}: {F:2s} myofibroblasts and {M:2s} macrophages per mL."),
        ],
        presets=[Preset("2 days of injury", {"injury_days": 2}), Preset("4 days of injury", {"injury_days": 4})],
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
        controls=[Slider("injury_days", low=0, high=6, step=0.02), Slider("A_0")],
        views=[Chart("Cells in the wound", DAYS, CELLS, curves=BOTH_CELLS)],
        describe=[
            (SCARRED, "{injury_days:2f} days of injury: the wound ends in a scar with {F_end:2s} myofibroblasts per mL that needs no injury any more."),
            ("F_end < 1", "{injury_days:2f} days of injury: myofibroblasts peak at {F_max:2s} per mL on day {F_peak:0f}, then the wound heals."),
            (None, "{injury_days:2f} days of injury: still undecided on day 100, close to the watershed, with {F_end:2s} myofibroblasts per mL."),
        ],
        predict=Predict(
            "Two days of injury heal without a trace. What will **four** days do?",
            (
                ("About twice the scar, and it fades as well.", "(F_end <= 1e5) & (F_max > 5e3)", ""),
                ("Above some length the wound does not heal at all, though the injury is over.", SCARRED,
                 "Between two and four days lies a threshold: below it the wound heals completely, above it the scar keeps itself. Find it."),
                ("Much the same as two days, only later.", "(F_end <= 1e5) & (F_max <= 5e3)", ""),
            ),
        ),
        presets=[Preset("2 days", {"injury_days": 2, "A_0": 1e6}), Preset("4 days", {"injury_days": 4, "A_0": 1e6})],
        equations=("F", "M"),
    )


@cache
def watershed() -> tuple[list[float], list[float]]:
    """The separatrix as lists of myofibroblasts and macrophages (cells/mL)."""
    F, M = zip(*separatrix(25), strict=True)
    return list(F), list(M)


@cache
def phase_plane() -> Explorable:
    """The same run as a path on a map: where it stands when the injury ends decides where it goes."""
    F, M = watershed()
    (_, cold), (F_saddle, M_saddle), (F_hot, M_hot) = cold_states(), saddle(), hot_state()
    # Beyond the saddle the watershed runs down to the axis at the threshold of the autocrine loop.
    F, M = [*F, cold_states()[0]], [*M, 1.0]
    return Explorable(
        scar_circuit,
        id="phase-plane",
        title="A map with a watershed",
        question="Where does the path stand on the map at the moment the injury ends?",
        run=Run(100, points=401),
        head=PlayHead(start=-1, seconds=10),
        controls=[Slider("injury_days", low=0, high=6, step=0.02, value=2), Slider("A_0")],
        views=[Chart(
            "The path of the wound", Axis("myofibroblasts", "per mL", 1, 3e6, "log"), Axis("macrophages", "per mL", 1, 1e7, "log"),
            curves=(Curve("M", "path of the wound", "ink", x="F", dash="solid"),),
            points=(Point("F", "M", "now", "accent", "circle", 13),),
            background=(
                Background([*F, F[-1], 1, 1], [*M, 1, 1, M[0]], "good", "heals", "area"),
                Background(F, M, "injury", "watershed", "line", "dash"),
                Background([F_hot], [M_hot], "collagen", "", "points", text=["hot scar"], textposition="top center"),
                Background([F_saddle], [M_saddle], "muted", "", "points", text=["saddle"], textposition="middle left", symbol="diamond"),
                Background([cold], [1.6], "blood", "", "points", text=["cold scar"], textposition="top center"),
            ), height=430)],
        describe=[
            (SCARRED, "{injury_days:2f} days of injury carry the wound across the watershed; from there it runs to the hot scar by itself."),
            (None, "{injury_days:2f} days of injury leave the wound on the healing side; both cells die out."),
        ],
        presets=[Preset("2 days", {"injury_days": 2, "A_0": 1e6}), Preset("2.24 days", {"injury_days": 2.24, "A_0": 1e6}),
                 Preset("2.28 days", {"injury_days": 2.28, "A_0": 1e6}), Preset("4 days", {"injury_days": 4, "A_0": 1e6})],
        equations=("F", "M"),
    )


@cache
def depletion() -> Explorable:
    """The same act, early or late: removing all macrophages for good."""
    return Explorable(
        scar_circuit,
        id="depletion",
        title="The same act, early or late",
        question="Four days of injury, then all macrophages are taken away for good. On which day does that still heal the wound?",
        run=Run(120),
        controls=[Slider("removal_day", "day on which macrophages are taken away", low=0, high=60, step=0.5, value=30),
                  Choice("removal_days", {"leave them": 0, "take them away": 10000}, "macrophages", value=10000)],
        views=[Chart("Cells in the wound", Axis("time", "days", 0, 120), CELLS, curves=BOTH_CELLS)],
        describe=[
            (COLD, "Macrophages taken away on day {removal_day:1f}: too late. {F_end:2s} myofibroblasts per mL remain without a single macrophage: a cold scar."),
            (SCARRED, "Macrophages left in place: the wound ends as a hot scar."),
            (None, "Macrophages taken away on day {removal_day:1f}: in time. The wound heals."),
        ],
        predict=Predict(
            "The injury lasted four days and is over. We remove every macrophage on **day 30**. What happens?",
            (
                ("The scar melts away, since inflammation drove it.", HEALED, ""),
                ("Nothing changes: the wound stays hot.", SCARRED, ""),
                ("A scar without macrophages stays.", COLD,
                 "By day 30 the myofibroblasts feed themselves with their own PDGF. Drag the day to find when it was still in time."),
            ),
        ),
        presets=[Preset("day 10", {"removal_day": 10, "removal_days": 10000}), Preset("day 30", {"removal_day": 30, "removal_days": 10000})],
        equations=("F", "M"),
    )
