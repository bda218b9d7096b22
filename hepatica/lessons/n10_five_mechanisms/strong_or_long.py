"""How strong and how long an effect must be."""

from __future__ import annotations

from functools import cache

import numpy as np

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Choice,
    Curve,
    Explorable,
    Point,
    Preset,
    Run,
    Slider,
)
from hepatica.cards.parts.shapes import asked
from hepatica.models.therapy import SCARRED_CELLS, at_first_infusion, clears

from .five_levers import NO_CELLS, therapy_with
from .how_sure import BAND, PERSISTENCE, boundary, claims, strong_enough

AMPLITUDE = (0.02, 20)
MARKS = (  # days of effect in all, amplitude per day, words and where they stand
    (1, 2, "1", "top center"),
    (7, 2, "7", "top center"),
    (26, 2, "26 × 1", "top center"),
    (14, 1, "14 steady", "middle right"),
)


@cache
def everywhere(scenario: str) -> bool:
    """Whether the myofibroblasts let go on the whole map, as the card's sentence says of a cause that
    goes on and of a soft scar; raises ValueError for a map with a boundary, which is drawn."""
    corners = {
        clears(removal, tau, scenario)
        for removal in AMPLITUDE
        for tau in (PERSISTENCE[0], PERSISTENCE[-1])
    }
    if len(corners) > 1:
        raise ValueError(f"{scenario}: the map is not the same everywhere; draw its boundary.")
    return corners.pop()


PERSISTS = Axis("days of effect: persistence × infusions", "", 0.25, 100, "log")
REMOVES = Axis("extra removal of scar cells", "per day", *AMPLITUDE, "log")
# beyond the map the outcome is that of its edge
AT = "Min(tau * infusions, 100)"
YOURS = Point(AT, "a_5", "your cell", "accent", "circle", 13)
BAND_ENDS = tuple(
    Point(AT, place, label, "accent", "circle", 6)
    for place, label in (
        (f"Max(a_5 * amp_gsd**(-{BAND}), {AMPLITUDE[0]})", "its strength, 5 to 95 %"),
        (f"Min(a_5 * amp_gsd**{BAND}, {AMPLITUDE[1]})", ""),
    )
)
"""Between these the strength lies in ninety of a hundred draws."""


def _late_map() -> Chart:
    """The map of the stiff scar with its boundary, worked out by the model."""
    low, high = AMPLITUDE
    # at the upper edge
    leaves = float(np.exp(np.interp(-np.log(high), -np.log(boundary()), np.log(PERSISTENCE))))
    inside = boundary() < high
    x, y = np.array([leaves, *PERSISTENCE[inside]]), np.array([high, *boundary()[inside]])
    e_folds = ledger.number("targets/therapy-e-folds-1d").value
    rule = (e_folds / high, 100), (high, e_folds / 100)
    return Chart(
        "A stiff scar, its cause gone: are its scar cells at rest ten years later?",
        PERSISTS,
        REMOVES,
        points=(YOURS, *BAND_ENDS),
        background=(
            Background([*x, 100], [*y, high], "good", "at rest", "area", veil=True),
            Background(
                [0.25, 0.25, *x, 100], [low, high, *y, low], "bad", "at work", "area", veil=True
            ),
            Background([8], [9], "ink", kind="text", text=["at rest"], veil=True),
            Background([0.7], [0.1], "ink", kind="text", text=["at work"], veil=True),
            Background(x, y, "ink", "boundary of one infusion", dash="solid", veil=True),
            Background(
                *rule,
                "muted",
                f"amplitude × days = {ledger.plain(e_folds)}",
                dash="dash",
                veil=True,
            ),
            *(
                Background(
                    [days],
                    [rate],
                    "therapy",
                    "examples, in days of effect" if days == 1 else "",
                    "points",
                    text=[words],
                    symbol="star",
                    textposition=place,
                    veil=True,
                )
                for days, rate, words, place in MARKS
            ),
        ),
        height=400,
    )


@cache
def what_would_have_to_be_true() -> Explorable:
    """How strong and how long an effect must be: the outcome of every combination,
    for three kinds of liver."""
    e_folds = ledger.number("targets/therapy-e-folds-1d").value
    enough = f"(F_end < {SCARRED_CELLS:g})"
    what = "{a_5:2s} per day × {tau*infusions:2s} days of effect = {a_5*tau*infusions:2s} e-folds. "
    rest = (
        f" As sure as you are, {{100*{strong_enough()}:0f}} of a hundred such claims would do it; "
        "no liver ends between the two. With the cause going on nothing on this map lasts; a soft "
        "scar rests by itself."
    )
    return Explorable(
        therapy_with(**at_first_infusion("locked"), on_5=1),
        id="amplitude-and-duration",
        title="Strong or long: where a lock holds the scar, the product counts",
        question="How sure are you that it acts in people at all? Set that first; then drag your "
        "cell across the line. Can a cell that lives one day be strong enough?",
        run=Run(10, "years", points=241),
        without=NO_CELLS,
        controls=[
            Slider("p_works", "chance that it acts in people at all", step=0.05),
            Slider("a_5", "extra removal at full effect"),
            Slider("tau", "the effect of one infusion persists"),
            Choice("infusions", {"one": 1, "26, one a week": 26}, "infusions", value=1),
        ],
        views=[
            _late_map(),
            claims(),
            Chart(
                "Stiff scar, cause gone: % of tissue, dashed without cells",
                Axis("years", "", 0, 10),
                Axis("", "", 0, 30),
                height=180,
                small=True,
                curves=(
                    Curve("CPA_without", "without cells", "muted", dash="dash"),
                    Curve("CPA", "your cell", "collagen", dash="solid"),
                ),
            ),
        ],
        describe=[
            ("tau*infusions > 100", what + "That is off the map: an effect that hardly ever ends."),
            (
                enough,
                what + "Enough: the myofibroblasts let go; in ten years the scar drains to "
                "{CPA_end:1f} % of the tissue, without cells to {CPA_without_end:1f} %." + rest,
            ),
            (
                f"a_5*tau*infusions > {e_folds:g}",
                what
                + "Enough on paper, but spread too thin: the scar cells grow faster than they are "
                "removed." + rest,
            ),
            (None, what + "Too little: the scar cells are back." + rest),
        ],
        predict=asked("""
            A stiff scar keeps its cells awake. One infusion brings an effect that dies with the
            cell, after **about a day**, but removes scar cells at {parameters/therapy.a_5} per day:
            seven times as fast as they die by themselves. Ten years later these cells
            * have gone: seven times as fast is enough.
                right if F_end < 1e5
                “Strong enough.” Two e-folds leave one scar cell in seven, and the macrophages that
                feed it: they grow back. Now drag the amplitude up, or the persistence.
            * are about half of what they would have been.
                right if (F_end >= 1e5) & (F_end < 0.7 * F_without_end)
                “Half a treatment, half an effect.” There is no half way here: two e-folds leave
                one cell in seven, and it grows back to the old balance. Now drag the amplitude up.
            * are as many as they would have been.
                right if (F_end >= 1e5) & (F_end >= 0.7 * F_without_end)
                Two e-folds leave one scar cell in seven, and the macrophages that feed it. Now drag
                the amplitude up, or the persistence: where does the outcome turn?
        """),
        presets=[
            Preset("lives one day", {"a_5": 2, "tau": 1, "infusions": 1}),
            Preset("lives seven days", {"a_5": 2, "tau": 7, "infusions": 1}),
            Preset("one day, 26 times", {"a_5": 2, "tau": 1, "infusions": 26}),
            Preset("weak but long", {"a_5": 0.15, "tau": 100, "infusions": 1}),
        ],
        equations=("F", "removal", "S"),
    )
