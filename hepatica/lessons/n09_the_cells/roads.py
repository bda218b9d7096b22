"""By which road, and how many arrive."""

from __future__ import annotations

import math
from functools import cache

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Binding,
    Chart,
    Choice,
    Curve,
    Drawing,
    Explorable,
    PlayHead,
    Point,
    Preset,
    Run,
    Share,
    Slider,
)
from hepatica.cards.parts.shapes import rules
from hepatica.models.biodistribution import biodistribution

HOURS, POINTS = 240, 121
ONE_DAY = round((POINTS - 1) * math.sqrt(24 / HOURS))  # report index nearest to one day
MEASURED = "biodistribution/{}-{}-{}h"
TICKS = {0: "0", 6: "6 h", 24: "1 day", 48: "2", 120: "5", 240: "10 days"}


def _patients(organ: str, role: str, label: str = "") -> Background:
    """Label in an organ of the four patients: middle and range,
    on the first image and on day 10."""
    rows = [
        ledger.number(MEASURED.format("gholamrezanezhad-2011", organ, hours))
        for hours in (0, HOURS)
    ]
    return Background(
        [0.12, math.sqrt(HOURS)],
        [row.value for row in rows],
        role,
        label,
        "points",
        error=[row.high - row.value for row in rows],
        symbol="square",
    )


def _arterial() -> Background:
    """Mean label in the liver of the eight patients with a catheter."""
    hours = (3, 24)
    rows = [ledger.number(MEASURED.format("couto-2011", "liver", at)) for at in hours]
    return Background(
        [math.sqrt(at) for at in hours],
        [row.value for row in rows],
        "injury",
        "eight patients, hepatic artery: mean, liver",
        "points",
        symbol="star",
    )


def _label_chart() -> Chart:
    ticks = {math.sqrt(at): words for at, words in TICKS.items()}
    return Chart(
        "Label, and cells that can be alive",
        Axis("time", "the first day is stretched", 0, 15.9, ticks=ticks),
        Axis("label", "% of dose", 0, 50),
        curves=(
            Curve("liver", "label in the liver", "hepatocyte", x="root", dash="solid"),
            Curve("spleen_vein", "in the spleen", "macrophage", x="root", dash="longdash"),
            Curve("lung_vein", "in the lungs", "blood", x="root", dash="dashdot"),
            Curve(
                "living_liver",
                "living cells in the liver, at most",
                "therapy",
                x="root",
                dash="dot",
            ),
        ),
        points=(
            Point("sqrt(time)", "liver", "", "hepatocyte", "circle", 13),
            Point("sqrt(time)", "living_liver", "", "therapy", "circle", 13),
        ),
        background=(
            _patients("liver", "hepatocyte", "four patients, arm vein: middle and range"),
            _patients("spleen", "macrophage"),
            _patients("lung", "blood"),
            _arterial(),
        ),
        height=360,
    )


def _body() -> Drawing:
    """The body: one ring per cent of label, filled while it can be alive; the roads by turns."""
    organs = ("lung", "liver", "spleen", "elsewhere")
    hundred = {"source": (0, 100), "target": (0, 100)}
    unread = {"lung": "/(1 - artery)", "spleen": "/(1 - artery)"}  # no number where nobody measured
    rings = [Binding(f"label-{organ}", "count", organ, **hundred) for organ in organs]
    filled = [Binding(f"alive-{organ}", "count", f"V * {organ}", **hundred) for organ in organs]
    labels = [
        Binding(f"{organ}-label", "text", organ + unread.get(organ, ""), style="0f", suffix=" %")
        for organ in organs
    ]
    alive = [
        Binding(
            f"{organ}-alive",
            "text",
            f"V * {organ}" + unread.get(organ, ""),
            style="1f",
            suffix=" alive",
        )
        for organ in organs
    ]
    roads = [
        Binding(part, "opacity", value, (0, 1), (faint, 1))
        for part, value, faint in (
            ("arm-vein", "1 - artery", 0.14),
            ("hepatic-artery", "artery", 0.14),
            ("vein-word", "1 - artery", 0.6),
            ("artery-word", "artery", 0.6),
        )
    ]
    # hidden until the prediction is made
    seen = [Binding(ring.part, "opacity", "1") for ring in (*rings, *filled)]
    bindings = (*rings, *filled, *seen, *labels, *alive, *roads)
    return Drawing(
        "body", bindings, title="A hundred rings: the label of the dose. Filled: alive at most"
    )


def _road_rules() -> list[tuple[str | None, str]]:
    """The sentence by road and time."""
    hours, days = (
        "{time:0f} {time:plural hour} after the drip",
        "{0.0416667*time:1f} days after the drip",
    )
    vein = ": the label of {liver:1f} of 100 cells is in the liver, "
    alive = (
        "and at most {living_liver:1f} of them can be alive there; "
        "the lungs hold {lung:0f}, the spleen {spleen:0f}."
    )
    dead = (
        "and none of them can be alive, as far as this half-life goes. "
        "The picture would still show a bright liver."
    )
    catheter = (
        "{time:0f} {time:plural hour} after the catheter: the label of {liver:0f} of 100 cells is "
        "in the liver, and "
    )
    return [
        (
            "(artery > 0.5) & (time > 25)",
            (
                "{0.0416667*time:1f} days after the catheter: nothing is printed after the first "
                "day, so the line is ours. At most {living_liver:1f} of 100 cells can be alive in "
                "the liver."
            ),
        ),
        ("artery > 0.5", catheter + "at most {living_liver:0f} of them can be alive."),
        ("living_liver < 0.05", days + vein + dead),
        ("time < 47", hours + vein + alive),
        (None, days + vein + alive),
    ]


@cache
def road() -> Explorable:
    """Where the label of infused cells goes in ten days, and how many cells can be alive there."""
    return Explorable(
        biodistribution,
        id="road-of-cells",
        title="The label stays, the cells do not",
        question="A hundred labelled cells go into the body. Where is their label, "
        "and where are living cells?",
        run=Run(HOURS, "hours", points=POINTS, stretch=2),
        controls=[
            Choice("artery", {"arm vein": 0, "hepatic artery": 1}, "road"),
            Slider("T_v", "half-life of the living cells", step=0.1),
            Slider("T_B", "half-life in the blood (an assumption)", step=1),
        ],
        views=[_body(), _label_chart()],
        head=PlayHead(start=ONE_DAY, seconds=12),
        describe=_road_rules(),
        predict=Share(
            "A drip into an arm vein. One day later, how many of a hundred infused cells can be "
            "**alive in the liver**?",
            "living_liver",
            rules("""
                guess > 50
                    You say {guess:0f} of a hundred: as the leaflet does, where stem cells find the
                    damaged organ. At most {answer:0f} can be: most are in the lungs, the spleen or
                    the blood, and in the model half of the living die every twelve hours. Now press
                    Play: the liver goes on filling with label for ten days.
                guess > 10
                    You say {guess:0f} of a hundred. So it looks on the picture, which shows the
                    label. At most {answer:0f} can be alive in the liver: in the model half of the
                    living die every twelve hours. Now press Play: the label goes on coming for ten days.
                otherwise
                    You say {guess:0f} of a hundred, near the model's {answer:0f}: most are in the
                    lungs, the spleen or the blood, and half of the living die every twelve hours.
                    Now press Play: the liver goes on filling with label for ten days.
            """),
        ),
        presets=[
            Preset("arm vein, first image", {"artery": 0, "head": 0}),
            Preset("one day", {"artery": 0, "head": ONE_DAY}),
            Preset("ten days", {"artery": 0, "head": POINTS - 1}),
            Preset("hepatic artery, one day", {"artery": 1, "head": ONE_DAY}),
        ],
        equations=("L", "B", "Li", "Sp", "A", "V", "k_B", "k_v"),
    )
