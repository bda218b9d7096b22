"""Chance that can be repeated: the same triple of whole numbers gives the same luck, in Python and
in the page.

`luck` and `mulberry` are those of cards/engine/luck.js, and `normal` is `normalOf` of
cards/engine/distributions.js, so that a virtual trial has the same patients, and a field the same
lobules, in a notebook and on the site.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUNDS = ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 0x9E3779B1), (15, 0x85EBCA6B))
HALF_STEP = 2.0**-33  # keeps the luck away from 0 and 1

# Wichura 1988, algorithm AS 241 (PPND7): quantiles of the normal distribution to about seven
# digits.
CENTRE = (
    (59.10937472, 159.29113202, 50.434271938, 3.3871327179),
    (67.1875636, 78.757757664, 17.895169469, 1),
)
TAIL = ((0.17023821103, 1.3067284816, 2.75681539, 1.4234372777), (0.12021132975, 0.7370016425, 1))
FAR = (
    (0.017337203997, 0.42868294337, 3.081226386, 6.657905115),
    (0.012258202635, 0.24197894225, 1),
)


def luck(seed: ArrayLike, person: ArrayLike, draw: ArrayLike) -> NDArray[np.float64]:
    """Uniform numbers strictly between 0 and 1 that belong to one seed, one person and one draw.

    The three are whole numbers from 0 and are broadcast against each other.
    """
    with np.errstate(over="ignore"):
        h = _times(seed, 0x9E3779B1) ^ _times(person, 0x85EBCA6B) ^ _times(draw, 0xC2B2AE35)
        for shift, factor in ROUNDS:
            h = (h ^ (h >> np.uint32(shift))) * np.uint32(factor)
    return (h ^ (h >> np.uint32(16))) / 2.0**32 + HALF_STEP


def _times(number: ArrayLike, factor: int) -> NDArray[np.uint32]:
    return (np.asarray(number, dtype=np.uint32) + np.uint32(1)) * np.uint32(factor)


def mulberry(seed: int, count: int) -> NDArray[np.float64]:
    """`count` numbers in [0, 1), one after the other from a seed (mulberry32)."""
    state, numbers = int(seed) & 0xFFFFFFFF, np.empty(count)
    for i in range(count):
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        t ^= (t + ((t ^ (t >> 7)) * (t | 61) & 0xFFFFFFFF)) & 0xFFFFFFFF
        numbers[i] = (t ^ (t >> 14)) / 4294967296
    return numbers


def normal(uniform: ArrayLike) -> NDArray[np.float64]:
    """Standard normal numbers from uniform ones (the quantile, error below 0.000001)."""
    u = np.asarray(uniform, dtype=float)
    q = u - 0.5
    depth = np.sqrt(-np.log(np.minimum(u, 1 - u)))
    outer = np.where(depth <= 5, _ratio(TAIL, depth - 1.6), _ratio(FAR, depth - 5))
    return np.where(np.abs(q) <= 0.425, q * _ratio(CENTRE, 0.180625 - q * q), np.sign(q) * outer)


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: NDArray) -> NDArray:
    return np.polyval(coefficients[0], x) / np.polyval(coefficients[1], x)
