"""How much four trials can convince: a boundary for whoever looks again and again, and a prior.

The boundary spends 5 % (two-sided) by Lan and DeMets' function of O'Brien-Fleming's type, worked
out by recursion (Armitage, McPherson and Rowe); information is counted in people of one planned
trial with a power of 0.8. The prior is normal on the logarithm of the risk ratio.
cards/engine/sequential.js does the same in the page.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from hepatica.analysis.pooling import NORMAL_95
from hepatica.analysis.specifications import Table, effect
from hepatica.model import given
from hepatica.model.registry import register

POWER_80 = 0.8416212335729143
"""The standard normal number below which four of five lie."""
STEPS = 120  # of Simpson's rule over the room that no boundary has cut off
WIDE = 8.0  # standard deviations; beyond lies nothing that counts
HALVINGS = 60

register(__name__, sequential=())


def people_needed(control: float, reduction: float) -> float:
    """People of one trial that shows a relative `reduction` of the risk `control` (both shares).

    Raises GivenError for a share that is not between zero and one.
    """
    given.number(control, "control", 0, 1, above=True)
    given.number(reduction, "reduction", 0, 1, above=True)
    treated = control * (1 - reduction)
    mean = (control + treated) / 2
    return 4 * (NORMAL_95 + POWER_80) ** 2 * mean * (1 - mean) / (control - treated) ** 2


def looks(tables: Sequence[Table]) -> list[tuple[float, float, float, float]]:
    """After each trial in turn: people so far, logarithm of the risk ratio, its standard error, and
    z, above zero when fewer die with cells."""
    found = []
    for count in range(1, len(tables) + 1):
        used = tables[:count]
        centre, low, high = effect(used, "RR", "DL" if count > 1 else "fixed", "half")
        se = (high - low) / (2 * NORMAL_95)
        found.append((sum(table[1] + table[3] for table in used), centre, se, -centre / se))
    return found


def boundaries(times: Sequence[float]) -> list[float]:
    """The z that must be passed at each look, at rising shares of the information (at most 1).

    Raises GivenError for shares that do not rise, or are not above zero and at most one.
    """
    times = given.rising(given.numbers(times, "times", 0, 1, above=True), "times")
    found = [NORMAL_95 / sqrt(times[0])]
    grid, density = _start(times[0], found[0])
    for before, now in itertools.pairwise(times):
        spread = sqrt(now - before)
        edge = _edge(grid, density, spread, _spent(now) - _spent(before), sqrt(now))
        found.append(edge / sqrt(now))
        grid, density = _onward(grid, density, spread, min(edge, WIDE * sqrt(now)))
    return found


def _spent(time: float) -> float:
    return 2 * float(_above(np.array(NORMAL_95 / sqrt(time))))


def below(x: float) -> float:
    """The share of a standard normal distribution below x."""
    return float(_above(np.array(-x)))


def _above(x: NDArray) -> NDArray:
    from scipy.special import ndtr

    return ndtr(-x)


def _simpson(edge: float) -> tuple[NDArray, NDArray]:
    """Places from −edge to edge and their weights."""
    weights = np.ones(STEPS + 1)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    return np.linspace(-edge, edge, STEPS + 1), weights * 2 * edge / STEPS / 3


def _start(time: float, boundary: float) -> tuple[NDArray, NDArray]:
    grid, weights = _simpson(min(boundary, WIDE) * sqrt(time))
    return grid, weights * _density(grid / sqrt(time)) / sqrt(time)


def _density(x: NDArray) -> NDArray:
    return np.exp(-x * x / 2) / sqrt(2 * np.pi)


def _edge(grid: NDArray, density: NDArray, spread: float, share: float, sd: float) -> float:
    """How far the sum must go so that `share` of those still under way lies beyond, by halving."""
    low, high = 0.0, 2 * WIDE * sd
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        beyond = 2 * float((density * _above((middle - grid) / spread)).sum())
        low, high = (middle, high) if beyond > share else (low, middle)
    return (low + high) / 2


def _onward(grid: NDArray, density: NDArray, spread: float, edge: float) -> tuple[NDArray, NDArray]:
    """The density after one more look, of those within the boundary."""
    place, weights = _simpson(edge)
    moved = _density((place[:, None] - grid[None, :]) / spread) @ density / spread
    return place, weights * moved


def posterior(guess: float, factor: float, centre: float, se: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of the risk ratio; the prior's 95 % run from
    guess / factor to guess × factor. Raises GivenError unless `guess` and `se` are above zero and
    `factor` above one."""
    given.number(centre, "centre")
    for value, what, low in ((guess, "guess", 0), (factor, "factor", 1), (se, "se", 0)):
        given.number(value, what, low, above=True)
    prior, trials = (NORMAL_95 / log(factor)) ** 2, 1 / se**2
    return (prior * log(guess) + trials * centre) / (prior + trials), 1 / sqrt(prior + trials)
