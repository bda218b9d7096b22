"""How sure one may be that an effect is strong enough: its existence and its strength are guesses."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import numpy as np

from hepatica.cards import Group, Icons
from hepatica.models.therapy import removal_needed

PERSISTENCE = np.geomspace(0.25, 100, 14)
WEEKLY = (0.25, 16.0, 100.0)
"""Persistence (days) at which the boundary of 26 weekly infusions is worked out; between them it
is straight in logarithms to 3 per cent."""
CORNERS = [0, 5, 8, 10, 13]
"""Places in `PERSISTENCE` between which the boundary of one infusion is taken as straight."""
LOGISTIC = 1.702
"""Makes a logistic curve of a normal one, to within one in a hundred."""
BAND = 1.645
"""Standard deviations from the middle to 5 and to 95 per cent."""


@cache
def boundary(schedule: str = "one") -> np.ndarray:
    """Least extra removal per day that lets a stiff scar's myofibroblasts go, for each persistence
    in `PERSISTENCE`, or in `WEEKLY` for weekly infusions."""
    if schedule == "one":
        return np.array([removal_needed(tau) for tau in PERSISTENCE])
    return np.array([removal_needed(tau, schedule, within=0.01) for tau in WEEKLY])


def chords(x: Iterable[float], y: Iterable[float], of: str) -> str:
    """A convex curve through points, as the largest of its chords: a formula in `of`.

    >>> chords((0, 1, 2), (2, 1, 1), of="t")
    'Max(2 - 1*(t - 0), 1 + 0*(t - 1))'
    """
    ends = pairwise(zip(x, y, strict=True))
    lines = [
        f"{low:.4g} {'-' if high < low else '+'} {abs((high - low) / (end - start)):.4g}"
        f"*({of} - {start:.4g})".replace("- -", "+ ")
        for (start, low), (end, high) in ends
    ]
    return f"Max({', '.join(lines)})"


@cache
def strong_enough() -> str:
    """Chance (share) that a claim is true and strong enough: `p_works`, times the chance that a
    strength with the median `a_5` and the geometric standard deviation `amp_gsd` lies above the
    boundary, as a formula."""
    one = chords(np.log(PERSISTENCE)[CORNERS], np.log(boundary())[CORNERS], of="ln(tau)")
    weekly = chords(np.log(WEEKLY), np.log(boundary("weekly")), of="ln(tau)")
    needed = f"((26 - infusions) * 0.04 * {one} + (infusions - 1) * 0.04 * {weekly})"
    spreads = f"(ln(a_5) - {needed}) * ln(amp_gsd)**(-1)"
    return f"(p_works * (1 + exp(-{LOGISTIC} * {spreads}))**(-1))"


def claims() -> Icons:
    """A hundred claims like this one, and what becomes of them."""
    enough = strong_enough()
    return Icons(
        [
            Group("true, and strong enough", f"100 * {enough}", "therapy", "circle"),
            Group("true, and too weak", f"100 * (p_works - {enough})", "myofibroblast", "ring"),
            Group("does not act in people", "100 * (1 - p_works)", "muted", "cross"),
        ],
        title="A hundred such claims, as sure as you are",
    )
