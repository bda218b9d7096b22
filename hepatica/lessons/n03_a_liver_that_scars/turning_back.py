"""The moment after which the liver no longer turns back."""

from __future__ import annotations

from functools import cache

import numpy as np

from hepatica.cards import Axis, Background, Chart, Explorable, Point, Predict, Preset, Run, Slider
from hepatica.model import DAYS_PER_YEAR
from hepatica.models.liver import after_stop, liver, point_of_no_return

from .course_of_scar import BOTH_COLLAGENS, CAUSE_STOPS, COLLAGEN, SCARRED, stops

# Years; closer where the outcome turns.
STOPS = np.unique(
    np.round([*np.linspace(0.2, 6, 30), *np.linspace(1.7, 2.6, 19), *np.linspace(2, 2.2, 21)], 4)
)


@cache
def outcomes() -> tuple[np.ndarray, np.ndarray]:
    """Collagen area (% of tissue) on the day of stopping and ten years later,
    for each year in `STOPS`."""
    days = STOPS * DAYS_PER_YEAR
    at_stop = [after_stop("CPA", day, 0) for day in days]
    return np.array(at_stop), np.array([after_stop("CPA", day, 10 * DAYS_PER_YEAR) for day in days])


def along(x: np.ndarray, y: np.ndarray, name: str) -> str:
    """A formula in `name` that joins the points by straight lines,
    so that a marker can ride on a drawn line."""
    turns = np.diff(np.diff(y) / np.diff(x), prepend=0)
    hinges = (
        f" + ({turn:.7g})*Max(0, {name} - {at:.7g})" for at, turn in zip(x[:-1], turns, strict=True)
    )
    return f"{y[0]:.7g}" + "".join(hinges)


@cache
def no_return() -> Explorable:
    """Outcome against the day of stopping, computed beforehand; the slider moves along it."""
    at_stop, later = outcomes()
    closes = point_of_no_return() / DAYS_PER_YEAR
    ten_years = along(STOPS, later, "injury_years")
    told = (
        "The cause stops after {injury_years:2f} years at {CPA_max:1f} % collagen. "
        "Ten years later {" + ten_years + ":1f} % is left: "
    )
    return Explorable(
        liver,
        id="no-return",
        title="Does the way back close slowly or at once?",
        question="Drag the year in which the cause stops. Where are the two points far apart, "
        "and where do they meet?",
        run=Run(8, "years", points=161),
        controls=[
            Slider("injury_years", "the cause stops after", low=0.2, high=6, step=0.02, value=1.6)
        ],
        views=[
            Chart(
                "Collagen on the day the cause stops, and ten years later",
                Axis("the cause stops after", "years", 0, 6.2),
                COLLAGEN,
                points=(
                    Point(
                        "injury_years", "CPA_max", "your stop: that day", "injury", "diamond", 13
                    ),
                    Point(
                        "injury_years",
                        ten_years,
                        "your stop: ten years later",
                        "accent",
                        "circle",
                        13,
                    ),
                ),
                background=(
                    Background(
                        [0, closes, closes, 0],
                        [0, 0, 40, 40],
                        "good",
                        "the scar lets go within ten years",
                        "area",
                    ),
                    Background(STOPS, at_stop, "collagen", "that day", "line", "dash"),
                    Background(STOPS, later, "collagen", "ten years later"),
                    Background(
                        [closes + 0.08],
                        [2.2],
                        "ink",
                        "",
                        "text",
                        text=["the way back closes"],
                        textposition="middle right",
                    ),
                ),
                height=400,
            )
        ],
        describe=[
            (f"injury_years < {closes:.4f}", told + "the scar lets go."),
            (None, told + "too late in the model, the scar keeps itself."),
        ],
        presets=stops({"1 year": 1, "2 years": 2, "ten weeks later": 2.2, "4 years": 4}),
        equations=("F", "C", "X", "g_in"),
    )


@cache
def cross_linking() -> Explorable:
    """Cross-linking as a lever: without it even a late stop heals."""
    told = "Cross-linking {k_x:2s} per day, the cause stops after {injury_years:1f} years: "
    return Explorable(
        liver,
        id="cross-linking",
        title="A scar without cross-links",
        question="The cause stops after four years: in the model too late. "
        "How little cross-linking lets it turn back?",
        run=Run(20, "years", points=161),
        controls=[
            Slider("k_x", "cross-linking of collagen", low=0, high=0.004, step=0.0001, value=0),
            Slider("injury_years", "the cause stops after", low=0.2, high=6, step=0.1, value=4),
        ],
        views=[
            Chart(
                "Collagen area",
                Axis("time", "years", 0, 20),
                COLLAGEN,
                curves=BOTH_COLLAGENS,
                points=(CAUSE_STOPS,),
            )
        ],
        describe=[
            (
                SCARRED,
                told
                + (
                    "{CPA_end:1f} % collagen ({X_end:1f} % cross-linked) at year 20. "
                    "The scar keeps itself."
                ),
            ),
            (
                "CPA_end > 4",
                told + ("the scar lets go slowly; {CPA_end:1f} % collagen is left at year 20."),
            ),
            (
                None,
                told
                + (
                    "collagen falls from {CPA_max:1f} % to {CPA_end:1f} % at year 20. "
                    "The liver turns back."
                ),
            ),
        ],
        predict=Predict(
            (
                "In the model four years of injury are too late for the way back. "
                "Now the same liver, but its collagen is **never cross-linked**. "
                "When the cause stops,"
            ),
            (
                ("the scar stays as well: four years are four years.", SCARRED, ""),
                (
                    "there is less scar, and what there is stays.",
                    "(F_end <= 1e5) & (CPA_end > 4)",
                    "",
                ),
                (
                    "the scar melts away completely.",
                    "(F_end <= 1e5) & (CPA_end <= 4)",
                    (
                        "No stiff scar, no signal that keeps the myofibroblasts active. "
                        "Raise the slider: how much cross-linking locks the door?"
                    ),
                ),
            ),
        ),
        presets=[
            Preset(label, {"k_x": k_x, "injury_years": 4})
            for label, k_x in (("none", 0), ("half", 0.001), ("as before", 0.002))
        ],
        equations=("F", "C", "X", "g_in"),
    )
