"""Every reasonable analysis of the four trials with deaths: one pool, many defensible choices.

Which trials, how deaths in MATCH and REALISTIC are counted (data/death_counts.csv), which measure,
which model, what is done about zeros. All combinations, sorted by their effect, are a specification
curve (Simonsohn 2020, 10.1038/s41562-020-0912-z). cards/engine/specifications.js works out the same
in the page; R's metafor is the referee.

All specifications read the same people: a share of them is no probability.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log, sqrt

import numpy as np

from hepatica import ledger
from hepatica.analysis import pooling
from hepatica.analysis.effects import RATIOS
from hepatica.model import given
from hepatica.model.registry import register

SETS = {
    "all": ("spahr", "realistic", "match", "lin"),
    "no-lin": ("spahr", "realistic", "match"),
    "compensated": ("realistic", "match"),
    "failing": ("spahr", "lin"),
    "no-match": ("spahr", "realistic", "lin"),
    "no-realistic": ("spahr", "match", "lin"),
}
"""Which trials; `compensated` and `failing` keep apart what one pool mixes."""

READINGS = {
    "spahr": ("spahr-3m",),
    "realistic": ("realistic-27", "realistic-53", "realistic-26"),
    "match": ("match-12m", "match-12m-26", "match-12m-no-covid", "match-30m", "match-48m"),
    "lin": ("lin-24w",),
}
"""The rows of data/death_counts.csv of each trial; the first is the usual one."""

MEASURES = ("RR", "OR", "RD")
INVERSE = ("fixed", "DL", "REML", "KH")
"""Models that weight effects by inverse variance: one common effect, two random effects, and
DerSimonian-Laird with Knapp and Hartung's interval."""
COUNTED = {"MH": MEASURES, "Peto": ("OR",)}
"""Models that pool the counts themselves, with their measures; zeros need no handling there."""
ZEROS = ("half", "every", "drop")
"""Add 0.5 to the cells of a table with a zero, of every table, or leave such a table out."""

DECIDED_BY = {"match": "trials", "realistic": "trials", "zero": "model"}
"""The axis whose choice decides whether another one means anything."""

AXES = ("trials", "match", "realistic", "measure", "model", "zero")

Table = tuple[float, float, float, float]
"""Events and people treated, events and people in control."""

register(__name__, specifications=())


@dataclass(frozen=True)
class Specification:
    """One analysis: its choices ("" on an axis that does not apply) and its effect.

    ``centre``, ``low`` and ``high`` (95 %) are logarithms for ratios, shares of one for RD; below
    zero cells are favoured.
    """

    trials: str
    match: str
    realistic: str
    measure: str
    model: str
    zero: str
    centre: float
    low: float
    high: float

    @property
    def favours(self) -> bool:
        """Whether fewer die with cells."""
        return self.centre < 0

    @property
    def excludes(self) -> bool:
        """Whether the interval excludes no effect, in favour of cells."""
        return self.high < 0


def tables() -> dict[str, Table]:
    """The counts of every reading of data/death_counts.csv."""
    columns = ["events_treated", "n_treated", "events_control", "n_control"]
    rows = ledger.table("death_counts").set_index("key")[columns]
    return {key: tuple(map(float, row)) for key, row in rows.iterrows()}


@cache
def every() -> tuple[Specification, ...]:
    """All specifications, in the order of the axes."""
    counts, found = tables(), []
    for trials, readings in _readings():
        used = [counts[key] for key in readings.values()]
        own = {name: readings.get(name, "") for name in ("match", "realistic")}
        for model, measure, zero in _methods(used):
            ends = effect(used, measure, model, zero)
            found.append(Specification(trials, *own.values(), measure, model, zero, *ends))
    return tuple(found)


def _readings() -> Iterator[tuple[str, dict[str, str]]]:
    """Each set of trials with each way to count deaths in them."""
    for name, members in SETS.items():
        for keys in itertools.product(*(READINGS[trial] for trial in members)):
            yield name, dict(zip(members, keys, strict=True))


def _methods(used: Sequence[Table]) -> Iterator[tuple[str, str, str]]:
    """Model, measure and handling of zeros; a table is only dropped where two others remain."""
    left = [table for table in used if not empty(table)]
    zeros = ZEROS if 2 <= len(left) < len(used) else ZEROS[:2]
    yield from itertools.product(INVERSE, MEASURES, zeros)
    for model, measures in COUNTED.items():
        yield from ((model, measure, "") for measure in measures)


def empty(table: Table) -> bool:
    """Whether nobody died in an arm."""
    return 0 in (table[0], table[2])


def effect(
    used: Sequence[Table], measure: str, model: str, zero: str = ""
) -> tuple[float, float, float]:
    """Centre and 95 % interval of one analysis, logarithms for ratios.

    Raises GivenError for another measure, model or handling of zeros.
    """
    given.one_of(model, "model", (*INVERSE, *COUNTED))
    given.one_of(measure, "measure", COUNTED.get(model, MEASURES))
    given.one_of(zero, "zero", ("", *ZEROS))
    if model in COUNTED:
        return _from_counts(used, measure, model)
    kept = [table for table in used if not (zero == "drop" and empty(table))]
    added = [0.5 if zero == "every" or (zero == "half" and empty(table)) else 0 for table in kept]
    y, v = np.array([_single(*pair, measure) for pair in zip(kept, added, strict=True)]).T
    return _together(y, v, model)


def _from_counts(used: Sequence[Table], measure: str, model: str) -> tuple[float, float, float]:
    arms = [np.array(column) for column in zip(*used, strict=True)]
    made = pooling.peto(*arms) if model == "Peto" else pooling.mantel_haenszel(*arms, measure)
    ends = (made.estimate, made.low, made.high)
    return tuple(log(end) for end in ends) if measure in RATIOS else ends


def _single(table: Table, added: float, measure: str) -> tuple[float, float]:
    """Effect and variance of one trial, with something added to each of the four cells."""
    a, n, c, m = np.array(table) + added * np.array([1, 2, 1, 2])
    b, d = n - a, m - c
    if measure == "RR":
        return log(a / n) - log(c / m), 1 / a - 1 / n + 1 / c - 1 / m
    if measure == "OR":
        return log(a / b) - log(c / d), 1 / a + 1 / b + 1 / c + 1 / d
    return a / n - c / m, a * b / n**3 + c * d / m**3


def _together(y: np.ndarray, v: np.ndarray, model: str) -> tuple[float, float, float]:
    """Inverse variance: weighted mean and its interval."""
    tau2 = pooling.tau2_of(y, v, "DL" if model == "KH" else model)
    w = 1 / (v + tau2)
    centre = float((w * y).sum() / w.sum())
    if model != "KH":
        width = pooling.NORMAL_95 / sqrt(w.sum())
    else:
        scatter = float((w * (y - centre) ** 2).sum()) / (len(y) - 1)
        width = pooling.t_quantile(len(y) - 1) * sqrt(scatter / w.sum())
    return centre, centre - width, centre + width


# -- counting ----------------------------------------------------------------------------------


def fits(held: Mapping[str, str]) -> list[Specification]:
    """The specifications that make the choices ``held``; "" on an axis leaves it open.

    Raises GivenError for an axis that is missing and a choice that no specification makes.
    """
    for axis in AXES:
        known = {getattr(each, axis) for each in every()}
        given.one_of(held.get(axis), axis, sorted(known | {""}))
    bound = [axis for axis in AXES if held[axis]]
    return [each for each in every() if all(_makes(each, axis, held) for axis in bound)]


def _makes(each: Specification, axis: str, held: Mapping[str, str]) -> bool:
    """Whether a specification makes the choice on an axis, or cannot because of another choice."""
    own = getattr(each, axis)
    return own == held[axis] or (own == "" and held[DECIDED_BY[axis]] != "")


def shares(found: Sequence[Specification]) -> tuple[float, float]:
    """In per cent, how many favour cells and how many exclude no effect; 0 of none."""
    count = max(len(found), 1)
    favour, exclude = (
        sum(getattr(each, name) for each in found) for name in ("favours", "excludes")
    )
    return 100 * favour / count, 100 * exclude / count
