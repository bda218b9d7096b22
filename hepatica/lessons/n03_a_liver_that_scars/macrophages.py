"""For the exercises: the same act, early or late, in a mouse."""

from __future__ import annotations

from functools import cache

import numpy as np

from hepatica.cards import Axis, Background, Chart, Choice, Curve, Explorable, Preset, Run, Slider
from hepatica.model import DAYS_PER_YEAR
from hepatica.models.tide import MOUSE, tide

INJURY, UNTIL, AWAY = 180, 540, 60  # days


@cache
def macrophages_away() -> Explorable:
    """Macrophages are absent for sixty days, during the injury or during recovery."""
    mouse = tide.starting(**MOUSE, injury_years=INJURY / DAYS_PER_YEAR, removal_rate=100)
    days = np.linspace(0, UNTIL, 109)
    left = mouse.simulate(at=days, removal_days=0)["CPA"]
    away = (("during the injury", 120), ("right after it", 185))
    return Explorable(
        mouse,
        id="macrophages-away",
        title="The same act, early or late, in the liver",
        question="Half a year of injury in a mouse. Take all macrophages away for sixty days: "
        "when does it help or harm?",
        run=Run(UNTIL, points=181),
        controls=[
            Slider(
                "removal_day", "macrophages are taken away from", low=0, high=400, step=5, value=120
            ),
            Choice(
                "removal_days",
                {"leave them": 0, "sixty days without": AWAY},
                "macrophages",
                value=AWAY,
            ),
        ],
        views=[
            Chart(
                "Collagen area",
                Axis("time", "days", 0, UNTIL),
                Axis("collagen area", "% of tissue", 0, 16),
                curves=(Curve("CPA", "this run", "collagen", dash="solid"),),
                background=(
                    Background([0, INJURY, INJURY, 0], [0, 0, 16, 16], "injury", "injury", "area"),
                    Background(days, left, "muted", "macrophages left in place", "line", "dash"),
                ),
            )
        ],
        describe=[
            (
                "removal_days < 1",
                (
                    "Macrophages left in place: collagen peaks at {CPA_max:1f} % and is {CPA_end:1f} % "
                    f"on day {UNTIL}."
                ),
            ),
            (
                None,
                (
                    "Macrophages absent from day {removal_day:0f} to day {removal_day + "
                    "removal_days:0f}: collagen peaks at "
                    f"{{CPA_max:1f}} % (left in place: {left.max():.1f} %) and is {{CPA_end:1f}} % "
                    f"on day {UNTIL} (left in place: {left.iloc[-1]:.1f} %)."
                ),
            ),
        ],
        presets=[Preset(label, {"removal_day": day, "removal_days": AWAY}) for label, day in away],
        equations=("F", "M", "C", "delta"),
    )
