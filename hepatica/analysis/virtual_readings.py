"""Six ways to read one trial: from screening or from a new baseline, against a register, against
those whom the lot left without cells.

Everybody is seen to the end and nobody hopes, so that the readings differ in nothing but the
reckoning. The register's people entered by the same door; fewer of them have just stopped drinking
(parameter `outside`). The same numbers stand in cards/engine/virtual_readings.js.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from hepatica.analysis.virtual_trial import DRIFT, ENTRY, SECOND, SOBER, TRUE, enter, settings
from hepatica.model import given
from hepatica.model.luck import luck, normal
from hepatica.model.registry import register

BASELINE = 34  # the draw that decides about the baseline's noise
READINGS = ("screening", "baseline", "register", "end", "change", "ancova")
TRIALS = 100

register(__name__, virtual_readings=())


@given.takes(trials=given.count, seed=given.seed)
def reading_people(trials: int = TRIALS, seed: int = 0, **values: float) -> dict[str, NDArray]:
    """MELD at `screening`, on the day of the infusion (`baseline`) and at the `end`, one row per
    trial; a third of the columns got cells, a third did not, a third stands in a register."""
    v, n = settings(**values), int(settings(**values)["n"])
    seeds, place = np.arange(seed, seed + trials)[:, None], np.arange(3 * n)[None, :]
    draw = partial(luck, seeds, place)
    screening, true = enter(v, draw(ENTRY), draw(TRUE))
    stop = np.where(place < 2 * n, v["abstinent"], v["abstinent"] - v["outside"])
    recovered = v["recovery"] * (1 - np.exp(-v["months"] / v["recovery_months"]))
    change = v["drift"] * normal(draw(DRIFT)) - recovered * (draw(SOBER) < stop)
    change = change - v["benefit"] * (place < n)
    return {
        "screening": screening,
        "baseline": true + v["noise"] * normal(draw(BASELINE)),
        "end": true + change + v["noise"] * normal(draw(SECOND)),
    }


@given.takes(reading=given.word(READINGS), trials=given.count, seed=given.seed)
def read_trials(reading: str, trials: int = TRIALS, seed: int = 0, **values: float) -> pd.DataFrame:
    """One row per trial: estimate, low and high (95 %) of the effect on MELD, by one of READINGS."""
    found = reading_people(trials, seed, **values)
    n = found["end"].shape[1] // 3
    cells, lot, register = (slice(0, n), slice(n, 2 * n), slice(2 * n, None))
    base, end = found["baseline"], found["end"]
    change = end - base
    estimate, se, df = {
        "screening": lambda: _alone((end - found["screening"])[:, cells]),
        "baseline": lambda: _alone(change[:, cells]),
        "register": lambda: _between(change[:, cells], change[:, register]),
        "end": lambda: _between(end[:, cells], end[:, lot]),
        "change": lambda: _between(change[:, cells], change[:, lot]),
        "ancova": lambda: _adjusted(base[:, cells], base[:, lot], end[:, cells], end[:, lot]),
    }[reading]()
    half = stdtrit(df, 0.975) * se
    return pd.DataFrame({"estimate": estimate, "low": estimate - half, "high": estimate + half})


def _alone(change: NDArray) -> tuple[NDArray, NDArray, int]:
    n = change.shape[1]
    return change.mean(axis=1), change.std(axis=1, ddof=1) / np.sqrt(n), n - 1


def _between(one: NDArray, other: NDArray) -> tuple[NDArray, NDArray, int]:
    n = one.shape[1]
    variance = (one.var(axis=1, ddof=1) + other.var(axis=1, ddof=1)) / 2
    return one.mean(axis=1) - other.mean(axis=1), np.sqrt(2 * variance / n), 2 * n - 2


def _adjusted(*arms: NDArray) -> tuple[NDArray, NDArray, int]:
    """Analysis of covariance with one slope for both arms: baselines, then ends, cells first."""
    n = arms[0].shape[1]
    means = [arm.mean(axis=1) for arm in arms]
    x0, x1, y0, y1 = (arm - mean[:, None] for arm, mean in zip(arms, means, strict=True))
    sxx = (x0**2 + x1**2).sum(axis=1)
    slope = (x0 * y0 + x1 * y1).sum(axis=1) / sxx
    rest = (y0**2 + y1**2).sum(axis=1) - slope**2 * sxx
    apart, df = means[0] - means[1], 2 * n - 3
    return (
        means[2] - means[3] - slope * apart,
        np.sqrt(rest / df * (2 / n + apart**2 / sxx)),
        df,
    )


def reading_summary(
    reading: str, trials: int = TRIALS, seed: int = 0, **values: float
) -> dict[str, float]:
    """Of many trials: the mean estimate, the spread (standard deviation) of the estimates, and of a
    hundred how many are significantly better."""
    rows = read_trials(reading, trials, seed, **values)
    return {
        "mean": float(rows["estimate"].mean()),
        "spread": float(rows["estimate"].std()),
        "wins": float(100 * (rows["high"] < 0).mean()),
    }


def reading_wins(reading: str, trials: int = 1000, **values: float) -> float:
    """Of a hundred trials, how many are “significantly better” by this reading."""
    return reading_summary(reading, trials, **values)["wins"]


def reading_spread(reading: str, trials: int = 1000, **values: float) -> float:
    """Standard deviation of the estimates of many trials (points)."""
    return reading_summary(reading, trials, **values)["spread"]
