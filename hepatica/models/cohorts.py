"""People whose livers scar by TIDE-6: cohorts as trials enrol them, and what becomes of them.

Four things differ between people, drawn independently: the speed of spread, the digestibility of
old scar (chi), the threshold of stiffness (X_s) and the years of the cause before the stop. People
come in blocks of a hundred; in each block every draw takes a hundred evenly spaced ranks in an
order that luck decides, so that small crowds are balanced. Who enters is decided by a biopsy, which
reads the true area with noise, as in a trial; so people are drawn until enough have entered.

Everybody is stepped by the quasi-steady crowd (`hepatica.models.crowd`), here and, liver by liver,
in the page (cards/engine/crowd.js).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hepatica import ledger
from hepatica.model import DAYS_PER_YEAR
from hepatica.model.luck import luck, normal
from hepatica.models.crowd import LIGHTING, Branch, Scar, reduced

BLOCK = 100  # people whose draws are balanced among themselves
SPEED, CHI, X_S, YEARS, ENTRY, AGAIN, REMAINS = range(7)  # what each draw of luck decides
READ, TRUE = "read", "true"
ROWS = ledger.parameters("crowd")


@dataclass(frozen=True)
class Cohort:
    """Who enters: reading at least `least` and below `most` (% of area, names of stage cuts), true
    area below `ceiling`; the cause lasted `years`, spreads `slow` times as fast and goes on for a
    share drawn from `remains`. The last four are symbols of the ledger's rows `crowd`, "" for none.
    """

    label: str
    years: str
    ceiling: str = ""
    slow: str = ""
    remains: str = ""
    least: str = "cut_F4"
    most: str = ""


COHORTS = {
    "hbv": Cohort("hepatitis B", "years_hbv", "ceiling_hbv"),
    "hcv": Cohort("hepatitis C", "years_hcv", "ceiling_hcv"),
    "mash_f4": Cohort(
        "MASH, cirrhosis", "years_mash_f4", "ceiling_mash", "slow_mash", "remains_mash"
    ),
    "mash_f3": Cohort(
        "MASH, bridging", "years_mash_f3", "", "slow_mash", "remains_mash", "cut_F3", "cut_F4"
    ),
}


@dataclass(frozen=True)
class People:
    """Livers at the moment at which the cause stops (arrays of one shape).

    `values` are daily parameter values of the model, one number or one per liver; `years` the years
    of the cause; `scar` the slow states; `read` and `again` factors by which the biopsies at entry
    and later misread; `branch` the table of the hot branch.
    """

    values: Mapping[str, float | NDArray]
    years: NDArray
    scar: Scar
    read: NDArray
    again: NDArray
    branch: Branch

    @property
    def area(self) -> NDArray:
        """True collagen area, % of area."""
        return self.values["CPA_0"] + self.scar.C + self.scar.X

    def chosen(self, which: NDArray) -> People:
        """Those livers only, `which` a mask or places."""
        values = {n: v[which] if np.ndim(v) else v for n, v in self.values.items()}
        scar = Scar(*(state[which] for state in self.scar))
        own = (self.years[which], scar, self.read[which], self.again[which])
        return People(values, *own, self.branch)

    def later(self, years: float, **changed: float) -> People:
        """The same livers some years on; `changed` are published values from the stop on (levers,
        `remains`, or anything else)."""
        daily = {name: x * reduced.model.factor(name) for name, x in changed.items()}
        values = dict(self.values) | daily
        scar = reduced.advance(
            self.scar, values, years * DAYS_PER_YEAR, self.branch, late=1.0, treated=1.0
        )
        return replace(self, values=values, scar=scar)


def ranked(seed: int, people: NDArray, draw: int) -> NDArray:
    """Evenly spaced numbers between 0 and 1, one per person (in whole blocks), in an order that
    luck decides."""
    dice = luck(seed, people, draw).reshape(-1, BLOCK)
    return ((dice.argsort(axis=1).argsort(axis=1) + 0.5) / BLOCK).ravel()


def _between(symbol: str, share: NDArray) -> NDArray:
    return ROWS[symbol].low + (ROWS[symbol].high - ROWS[symbol].low) * share


def drawn(kind: str, first: int, count: int, seed: int = 1, **changed: float) -> People:
    """People `first` to `first + count` (whole blocks) of a cohort before anybody looks at them, at
    the stop of the cause. `changed` are published values of the model's or the crowd's parameters."""
    cohort, people = COHORTS[kind], np.arange(first, first + count)
    spread = {
        name: changed.pop(name, ROWS[name].value) for name in ("speed_gsd", "chi_gsd", "X_s_gsd")
    }
    values = dict(reduced.model.daily(reduced.model.values() | changed))
    for name, draw in (("speed", SPEED), ("chi", CHI), ("X_s", X_S)):
        score = normal(ranked(seed, people, draw))
        values[name] = values[name] * spread[f"{name}_gsd"] ** score
    values["speed"] = values["speed"] * (ROWS[cohort.slow].value if cohort.slow else 1)
    if cohort.remains:
        values["remains"] = _between(cohort.remains, ranked(seed, people, REMAINS))
    years = _between(cohort.years, ranked(seed, people, YEARS))
    read = np.exp(values["biopsy_sd"] * normal(ranked(seed, people, ENTRY)))
    again = np.exp(values["biopsy_sd"] * normal(luck(seed, people, AGAIN)))
    branch = reduced.branch(values)
    healthy = reduced.start(values, count)
    days = np.maximum(years * DAYS_PER_YEAR - LIGHTING, 0)
    scar = reduced.advance(healthy, values, days, branch, D=values["d"])
    return People(values, years, scar, read, again, branch)


def entered(kind: str, livers: People) -> NDArray:
    """Places of those who enter a cohort."""
    cohort, reading = COHORTS[kind], livers.area * livers.read
    most = livers.values[cohort.most] if cohort.most else np.inf
    ceiling = ROWS[cohort.ceiling].value if cohort.ceiling else np.inf
    inside = (reading >= livers.values[cohort.least]) & (reading < most) & (livers.area < ceiling)
    return np.flatnonzero(inside)


# -- those who enter -------------------------------------------------------------------------------

MOST_BLOCKS = 200  # a cohort that so many blocks do not fill has nearly nobody


def blocks(kind: str, seed: int, size: int, **changed: float) -> Iterator[People]:
    """Those who enter, block after block of a hundred drawn; `size` blocks are drawn at a time."""
    for first in range(0, MOST_BLOCKS, size):
        livers = drawn(kind, first * BLOCK, size * BLOCK, seed, **changed)
        yield livers.chosen(entered(kind, livers))


def enrolled(kind: str, count: int, seed: int = 1, **changed: float) -> People:
    """The first `count` people who enter a cohort ("hbv", "hcv", "mash_f4", "mash_f3").

    Raises ModelError where that takes more than MOST_BLOCKS blocks.
    """
    found: list[People] = []
    for some in blocks(kind, seed, max(1, count // 60), **changed):
        found.append(some)
        if sum(len(item.years) for item in found) >= count:
            return _together(found).chosen(np.arange(count))
    raise ModelError(
        f"Of {MOST_BLOCKS * BLOCK} people fewer than {count} enter {kind} with these values. "
        "Raise d or lower cut_F4."
    )


def _together(parts: list[People]) -> People:
    """Several groups as one."""
    first = parts[0]
    values = {
        name: np.concatenate([part.values[name] for part in parts]) if np.ndim(value) else value
        for name, value in first.values.items()
    }
    scar = Scar(*(np.concatenate(states) for states in zip(*(p.scar for p in parts), strict=True)))
    years, read, again = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("years", "read", "again")
    )
    return People(values, years, scar, read, again, first.branch)
