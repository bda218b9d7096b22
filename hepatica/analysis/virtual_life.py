"""The same lives, lived four times: with cells and without, in a blinded trial and in an open one.

Nobody touches a death. In the open trial people know who got cells, and so other treatments,
follow-up and lists for transplantation differ between the arms; each fate (death, transplant, loss)
has its own luck, the same in all four lives, so that every difference is made by the design.

Parameters: data/parameters.csv, model virtual_trial. Nobody dies after a transplant, and who is
lost lives on as before, unseen. The same numbers stand in cards/engine/virtual_life.js.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hepatica.analysis.virtual_trial import (
    DRIFT,
    ENTRY,
    RISK_AT,
    SOBER,
    TRUE,
    enter,
    settings,
)
from hepatica.model import given
from hepatica.model.luck import luck, normal
from hepatica.model.registry import register

LIVES = 400
OTHER, DIES, MOVES, GOES = 30, 31, 32, 33  # what each draw decides
ALIVE, MOVED, DEAD, LOST = range(4)  # what a report sees of a life

register(__name__, virtual_life=())


@dataclass(frozen=True)
class Lives:
    """One arm: what a report sees of each life (ALIVE …), who is dead in truth, who ever got the
    treatment of the arm; one entry per life."""

    fate: NDArray
    dead: NDArray
    given: NDArray


@given.takes(cells=given.flag, informed=given.flag, seed=given.seed, people=given.count)
def lives(cells: bool, informed: bool, seed: int = 0, people: int = LIVES, **values) -> Lives:
    """One arm of `people` lives, with cells or without, in an open (`informed`) or a blinded trial.

    Raises TrialError for parameters that the model does not have.
    """
    v = settings(**values)
    draw = partial(luck, seed, np.arange(people))
    _, true = enter(v, draw(ENTRY), draw(TRUE))
    years = v["follow"] / 12
    recovered = v["recovery"] * (1 - np.exp(-v["follow"] / v["recovery_months"]))
    known = v["attention" if cells else "others"] if informed else 1
    other = draw(OTHER) < v["care_share"] * known
    change = v["drift"] * normal(draw(DRIFT)) - recovered * (draw(SOBER) < v["abstinent"])
    midway = true + (change - v["benefit"] * cells) / 2 - v["care_points"] * other
    weight = np.exp(v["risk_slope"] * (midway - RISK_AT))
    rates = _rates(v, weight, cells, informed)
    times = [-np.log(draw(n)) / rate for n, rate in zip((DIES, MOVES, GOES), rates, strict=True)]
    return _seen(*times, years, v["wait"] / 12 if cells else 0)


def _rates(v: dict[str, float], weight: NDArray, cells: bool, informed: bool) -> list[NDArray]:
    """Death, transplant and loss a year; a rate of nothing is a very small one."""
    knows = informed and not cells
    rates = (
        v["risk_15"] * (v["death_ratio"] if cells else 1),
        v["risk_15"] * v["transplant"] * (v["listed"] if knows else 1),
        v["lost"] * (v["lost_ratio"] if knows else 1),
    )
    return [np.maximum(rate * weight, 1e-12) for rate in rates]


def _seen(dies: NDArray, moves: NDArray, goes: NDArray, years: float, wait: float) -> Lives:
    """Whichever comes first, of each life, within the years."""
    first = np.minimum(np.minimum(dies, moves), goes)
    fate = np.where(first == dies, DEAD, np.where(first == moves, MOVED, LOST))
    return Lives(
        np.where(first < years, fate, ALIVE), (dies < years) & (dies < moves), first >= wait
    )


READINGS = ("deaths", "protocol", "composite", "truth")


@given.takes(arm=given.a(Lives), reading=given.word(READINGS))
def life_risk(arm: Lives, reading: str) -> float:
    """Share of an arm with the event of one of READINGS.

    deaths: seen to die, of all who were drawn; protocol: the same of those who got their treatment;
    composite: seen to die or transplanted, of all; truth: dead, whoever sees it.
    """
    event = {
        "deaths": arm.fate == DEAD,
        "protocol": (arm.fate == DEAD) & arm.given,
        "composite": (arm.fate == DEAD) | (arm.fate == MOVED),
        "truth": arm.dead,
    }[reading]
    return float(event.sum() / (max(arm.given.sum(), 1) if reading == "protocol" else event.size))


@given.takes(reading=given.word(READINGS), informed=given.flag, seed=given.seed, people=given.count)
def risk_ratio(reading: str, informed: bool, seed: int = 0, people: int = LIVES, **values) -> float:
    """Risk with cells over risk without, by one reading of a blinded or an open trial; a control
    arm without any event counts as half of one."""
    with_cells, without = (
        lives(cells, informed, seed, people, **values) for cells in (True, False)
    )
    return life_risk(with_cells, reading) / max(life_risk(without, reading), 0.5 / people)
