"""The years in which a transplant still helps."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Choice,
    Explorable,
    Mission,
    Point,
    Preset,
    Slider,
    Sweep,
)
from hepatica.cards.parts.shapes import asked
from hepatica.model import Model, Output

# MELD bands whose ratio Merion 2005 prints, in the abstract.
BANDS = {"6-11": (6, 11), "12-14": (12, 14), "18-20": (18, 20), "40": (40, 40)}
# The first MELD of each band of three-month mortality (Wiesner 2003).
WAITING = {"under-9": 6, "10-19": 10, "20-29": 20, "30-39": 30, "40": 40}


def ratio_formula() -> str:
    """ln of the hazard ratio against MELD: flat in the printed bands, a straight line (ours)
    between them."""
    heights = {
        name: math.log(ledger.number(f"guidelines/transplant-hr-{name}").value) for name in BANDS
    }
    corners = sorted({(meld, heights[name]) for name, ends in BANDS.items() for meld in ends})
    terms, slope = [f"{corners[0][1]:.7g}"], 0.0
    for (x, y), (next_x, next_y) in pairwise(corners):
        turn = (next_y - y) / (next_x - x) - slope
        terms.append(f"({turn:.7g})*Max(0, meld - {x})")
        slope += turn
    return " + ".join(terms)


def waiting_formula() -> str:
    """Deaths per hundred within three months on the waiting list, band by band,
    at whole MELD points."""
    rows = [
        (first, ledger.number(f"scores/meld-mortality-{name}").value)
        for name, first in WAITING.items()
    ]
    steps = [f"{rows[0][1]:g}"]
    for (_, lower), (first, upper) in pairwise(rows):
        steps.append(f"({upper - lower:g})*Min(1, Max(0, meld - {first - 1}))")
    return " + ".join(steps)


@cache
def transplant() -> Model:
    """What is published about transplantation against MELD; no states,
    nothing of ours but the line between bands."""
    return Model(
        "transplant window",
        parameters=ledger.parameters("transplant"),
        outputs={
            "ratio": Output(
                f"exp({ratio_formula()})",
                "death, recipients against those who wait",
                "hazard ratio",
            ),
            "waiting": Output(waiting_formula(), "dead within three months on the list", "%"),
        },
    )


WHAT_ELSE = {
    "nothing else": 0,
    "a first decompensation": 1,
    "cancer within Milan": 2,
    "a contraindication": 3,
}
BENEFIT = (
    (
        "meld < 15",
        (
            "in the first year recipients died {ratio:2f} times as often as comparable "
            "people who waited."
        ),
    ),
    ("meld < 18", "no ratio is printed for these scores; somewhere here the balance turns."),
    (
        "meld < 21",
        ("recipients had a {100 - 100*ratio:0f} % lower risk of death than those who waited."),
    ),
    ("meld < 40", "no ratio was read for these scores; our line lies between the printed bands."),
    (
        "meld > 0",
        ("recipients had a {100 - 100*ratio:0f} % lower risk of death than those who waited."),
    ),
)


def _window_rules() -> list[tuple[str | None, str]]:
    """The sentence by what else is known and by score: refer or not,
    then what the operation itself would do."""
    due = {
        "reason > 2.5": (
            "a contraindication closes the window at any score. All other care goes on."
        ),
        "reason > 1.5": (
            "refer now. The score measures the failing liver and does not see the tumour."
        ),
        "(reason > 0.5) & (meld > 29)": "call the transplant centre today.",
        "reason > 0.5": "refer now, at the first decompensation, whatever the score.",
        "meld < 10": "the score alone is no reason to refer.",
        "meld < 15": "time for the first talk with the transplant team.",
        "meld > 0": "referral is due at the latest.",
    }
    rules: list[tuple[str | None, str]] = []
    for when, advice in due.items():
        benefit = (
            BENEFIT if "reason > 2.5" != when and "reason > 1.5" != when else (("meld > 0", ""),)
        )
        for band, effect in benefit:
            effect = f" Operated now: {effect}" if effect else ""
            rules.append((f"({when}) & ({band})", f"MELD {{meld:0f}}: {advice}{effect}"))
    return [*rules, (None, "MELD {meld:0f}.")]


def _printed_bands() -> list[Background]:
    """The printed hazard ratios as bands, and our straight lines (on the log axis) between them."""
    heights = {name: ledger.number(f"guidelines/transplant-hr-{name}").value for name in BANDS}
    bands = [
        Background(
            ends,
            [heights[name]] * 2,
            "therapy",
            "printed (Merion 2005)" if name == "6-11" else "",
            dash="solid",
        )
        for name, ends in BANDS.items()
    ]
    last = Background([40], [heights["40"]], "therapy", kind="points", symbol="star")
    gaps = [
        Background(
            [BANDS[one][1], BANDS[two][0]],
            [heights[one], heights[two]],
            "muted",
            "our line between the bands" if two == "40" else "",
            dash="dot",
        )
        for one, two in pairwise(BANDS)
    ]
    return [replace(each, veil=True) for each in (*gaps, *bands, last)]


def _waiting_bands() -> Background:
    """Three-month mortality on the waiting list as steps."""
    starts = [*WAITING.values(), 41]
    deaths = [ledger.number(f"scores/meld-mortality-{name}").value for name in WAITING]
    edges = [(first - 0.5, last - 0.5) for first, last in pairwise(starts)]
    x, y = [at for edge in edges for at in edge], [death for death in deaths for _ in range(2)]
    return Background(x, y, "injury", "those who wait (Wiesner 2003)", dash="solid", veil=True)


def too_early_to_operate() -> Mission:
    """The two clocks: the talk is due, the operation is not."""
    return Mission(
        "Find somebody to refer **today** in whom the operation today would do harm.",
        reached="(ratio > 1) & (reason > 0.5) & (reason < 1.5)",
        done="MELD {meld:0f} and a first decompensation: the talk is due, and operated on now "
        "recipients died {ratio:2f} times as often in the first year. Two clocks.",
        fails=[
            (
                "(reason > 1.5) & (reason < 2.5)",
                "With a cancer this ratio does not count: the score does not see the tumour.",
            ),
            ("reason > 2.5", "A contraindication closes the window: no referral, no operation."),
            (
                "(ratio > 1) & (meld < 15)",
                "Operated on now: harm. But the score alone refers nobody today; what has happened?",
            ),
        ],
        far="MELD {meld:0f}: here the operation no longer does harm, on the printed ratios and our "
        "line between them.",
    )


@cache
def window() -> Explorable:
    """Benefit of transplantation against MELD, as far as it is printed,
    and what opens the door earlier."""
    return Explorable(
        transplant(),
        id="transplant-window",
        title="The operation has its time; the conversation comes earlier",
        question="Drag the score. Where does the operation begin to save lives, "
        "and where does the conversation begin?",
        run=Sweep("meld", 6, 40, points=35),
        controls=[
            Slider("meld", "MELD", low=6, high=40, step=1, value=13),
            Choice("reason", WHAT_ELSE, "what else is known"),
        ],
        views=[
            Chart(
                "Death after transplantation, against waiting",
                Axis("MELD", "points", 6, 40.5),
                Axis(
                    "hazard ratio",
                    "",
                    0.03,
                    6,
                    "log",
                    ticks={0.05: "0.05", 0.2: "0.2", 1: "1", 5: "5"},
                ),
                points=(Point("meld", "ratio", "this score", "accent", "circle", 13),),
                background=(
                    Background(
                        [6, 40.5, 40.5, 6],
                        [0.03, 0.03, 1, 1],
                        "good",
                        "transplantation is safer",
                        "area",
                        veil=True,
                    ),
                    *_printed_bands(),
                    Background(
                        [10, 10], [0.03, 6], "ink", "refer from here (MELD-Na)", dash="dash"
                    ),
                    Background([15, 15], [0.03, 6], "ink", "at the latest (MELD-Na)", dash="solid"),
                ),
                height=340,
            ),
            Chart(
                "Dead within three months on the waiting list, 1999–2001",
                Axis("MELD", "points", 6, 40.5),
                Axis("dead", "of 100", 0, 80),
                background=(_waiting_bands(),),
                points=(Point("meld", "waiting", "this score", "accent", "circle", 13),),
                height=240,
            ),
        ],
        describe=_window_rules(),
        predict=asked("""
            Two people with the same MELD of 13. One gets a new liver, the other waits with
            comparable disease. Who is more likely to die within the first **year**?
            * Whoever waits: the old liver is failing.
                right if ratio < 0.9
                New is taken for better at any time. At this score few die while they wait, and an
                operation is never free.
            * Both alike: the same score, the same risk.
                right if (ratio >= 0.9) & (ratio <= 1.1)
                The score is taken for the whole risk. It describes the disease, not the operation.
            * Whoever is operated on: surgery has a price.
                right if ratio > 1.1
                An operation has a price of its own. Drag the score up: the balance turns, then the
                benefit grows. And yet the *talk* with the transplant team is due from MELD-Na
                {guidelines/refer-meld-na}.
        """),
        presets=[
            Preset("B.O. (V05)", {"meld": 19, "reason": 1}, "first ascites"),
            Preset("J.C. (V10)", {"meld": 9, "reason": 2}, "one tumour of 3.1 cm"),
            Preset("S.V. (V11)", {"meld": 37, "reason": 1}, "three organs failing"),
            Preset("G.P. (V12)", {"meld": 27, "reason": 3}, "heart failure and frailty"),
        ],
        mission=too_early_to_operate(),
        equations=(),
    )
