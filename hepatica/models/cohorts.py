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

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd
import sympy
from numpy.typing import NDArray

from hepatica import ledger
from hepatica.model import DAYS_PER_YEAR, Model, ModelError, given, join, leaving_out
from hepatica.model.equations import moments
from hepatica.model.luck import luck, normal
from hepatica.model.registry import register
from hepatica.models.crowd import LIGHTING, Branch, Scar, reduced
from hepatica.models.tide import tide_therapy

BLOCK = 100  # people whose draws are balanced among themselves
SPEED, CHI, X_S, YEARS, ENTRY, AGAIN, REMAINS = range(7)  # what each draw of luck decides
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

    def lit(self) -> NDArray:
        """Whether myofibroblasts are active now that the cause has stopped."""
        inputs = [float(name in ("late", "treated")) for name in reduced.model.inputs]
        return reduced.cells(self.scar, list(self.values.values()), inputs, self.branch)[2]

    def chosen(self, which: NDArray) -> People:
        """Those livers only, `which` a mask or places."""
        values = {n: v[which] if np.ndim(v) else v for n, v in self.values.items()}
        scar = Scar(*(state[which] for state in self.scar))
        own = (self.years[which], scar, self.read[which], self.again[which])
        return People(values, *own, self.branch)

    def later(self, years: float, **changed: float) -> People:
        """The same livers some years on; `changed` are published values from the stop on (levers,
        `remains`, or anything else)."""
        after, years = reduced.model.with_any(changed), given.from_0(years, "years")
        daily = {name: after[name] * reduced.model.factor(name) for name in changed}
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


def _blocks_only(value: int, what: str) -> int:
    """The rule for a number of people in whole blocks."""
    found = given.whole(value, what)
    if found % BLOCK:
        raise given.GivenError(f"{what}={found} is no multiple of {BLOCK}, which people come in.")
    return found


@given.takes(kind=given.word(COHORTS), first=_blocks_only, count=_blocks_only, seed=given.seed)
def drawn(kind: str, first: int, count: int, seed: int = 1, **changed: float) -> People:
    """People `first` to `first + count` (whole blocks) of a cohort before anybody looks at them, at
    the stop of the cause. `changed` are published values of the model's or the crowd's parameters."""
    cohort, people = COHORTS[kind], np.arange(first, first + count)
    spread = {
        name: given.above_0(changed.pop(name, ROWS[name].value), name)
        for name in ("speed_gsd", "chi_gsd", "X_s_gsd")
    }
    values = dict(reduced.model.daily(reduced.model.with_any(changed)))
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
    healthy = reduced.start(values, count, D=values["d"])
    days = np.maximum(years * DAYS_PER_YEAR - LIGHTING, 0)
    scar = reduced.advance(healthy, values, days, branch, D=values["d"])
    return People(values, years, scar, read, again, branch)


@given.takes(kind=given.word(COHORTS), livers=given.a(People))
def entered(kind: str, livers: People) -> NDArray:
    """Places of those who enter a cohort."""
    cohort, reading = COHORTS[kind], livers.area * livers.read
    most = livers.values[cohort.most] if cohort.most else np.inf
    ceiling = ROWS[cohort.ceiling].value if cohort.ceiling else np.inf
    inside = (reading >= livers.values[cohort.least]) & (reading < most) & (livers.area < ceiling)
    return np.flatnonzero(inside)


# -- those who enter -------------------------------------------------------------------------------

RAREST = 60  # a cohort that fewer than one in so many enter has nearly nobody


def _blocks(kind: str, count: int, seed: int, **changed: float) -> Iterator[People]:
    """Those who enter, from ever more of at most RAREST times `count` people drawn."""
    first, most = 0, RAREST * count
    size = max(2, count // 50) * BLOCK
    while first < most:
        livers = drawn(kind, first, size, seed, **changed)
        yield livers.chosen(entered(kind, livers))
        first, size = first + size, 2 * size


@given.takes(kind=given.word(COHORTS), count=given.count, seed=given.seed)
def enrolled(kind: str, count: int, seed: int = 1, **changed: float) -> People:
    """The first `count` people who enter a cohort ("hbv", "hcv", "mash_f4", "mash_f3").

    Raises ModelError where fewer than one in RAREST would.
    """
    found: list[People] = []
    for some in _blocks(kind, count, seed, **changed):
        found.append(some)
        if sum(len(item.years) for item in found) >= count:
            return _together(found).chosen(np.arange(count))
    raise ModelError(
        f"Of {RAREST * count} people fewer than {count} enter {kind} with these values. "
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


# -- the crowd as a model that cards can run -------------------------------------------------------

SPREADS = ("speed_gsd", "chi_gsd", "X_s_gsd")
READOUTS = {
    "back": ("below F4", "%"),
    "back_read": ("second biopsy reads below F4", "%"),
    "lit": ("with active myofibroblasts", "%"),
    "area": ("collagen area, mean", "% of area"),
    "area_low": ("collagen area, 10th percentile", "% of area"),
    "area_median": ("collagen area, median", "% of area"),
    "area_high": ("collagen area, 90th percentile", "% of area"),
}


class Crowd(Model):
    """A cohort of livers after the stop of the cause; the clock counts years from there.

    Levers and `remains` act from the stop on, everything else all life long.
    """

    kind = "crowd"
    clock = "years"

    def __init__(self) -> None:
        own = {name: ROWS[name] for name in ("cohort", "people", "seed", *SPREADS)}
        unused = ("therapy_year", "therapy_years", "injury_years", "flares", "flare_every")
        super().__init__(
            "crowd of livers",
            parameters=join(leaving_out(tide_therapy.parameters, *unused), own),
        )

    @property
    def reported(self) -> dict[str, sympy.Expr]:
        """The read-outs of a crowd; each stands for the parameters on which it depends."""
        return dict.fromkeys(READOUTS, sympy.Add(*self._symbols_of(self.parameters)))

    def label(self, name: str) -> str:
        """Label of a read-out or parameter."""
        return READOUTS[name][0] if name in READOUTS else super().label(name)

    def unit(self, name: str) -> str:
        """Unit of a read-out or parameter."""
        return READOUTS[name][1] if name in READOUTS else super().unit(name)

    def people(self, **changed: float) -> People:
        """The livers of a crowd at the stop."""
        values = self.values(**changed)
        kind = list(COHORTS)[int(values.pop("cohort"))]
        count, seed = int(values.pop("people")), int(values.pop("seed"))
        return enrolled(kind, count, seed, **values)

    def simulate(
        self, years: float = 20, *, points: int = 41, at=None, **changed: float
    ) -> pd.DataFrame:
        """The read-outs at `points` evenly spaced years after the stop, or in the years `at`.

        Returns a DataFrame indexed by year; columns and units as in READOUTS. Raises ModelError as
        Model.simulate and `enrolled`.
        """
        times = moments(years, points, at, "years")
        livers, rows, last = self.people(**changed), [], 0.0
        for year in times:
            livers, last = livers.later(year - last), year
            rows.append(_read(livers))
        frame = pd.DataFrame(rows, index=pd.Index(times, name="year"), columns=list(READOUTS))
        frame.attrs["units"] = {name: unit for name, (_, unit) in READOUTS.items()}
        return frame

    def _engine(self) -> dict:
        """The reduction and the cohorts, for cards/engine/crowd.js."""
        return {
            "reduction": reduced.javascript(),
            "cohorts": [_cohort_json(cohort) for cohort in COHORTS.values()],
            "draws": {"speed": SPEED, "chi": CHI, "X_s": X_S, "years": YEARS, "entry": ENTRY}
            | {"remains": REMAINS},
            "again": AGAIN,
            "block": BLOCK,
            "rarest": RAREST,
            "lighting": LIGHTING,
            "daysPerYear": DAYS_PER_YEAR,
        }


def _cohort_json(cohort: Cohort) -> dict:
    """A cohort with the ledger's numbers in place of symbols."""
    window = {
        name: {"low": ROWS[symbol].low, "high": ROWS[symbol].high}
        for name, symbol in (("years", cohort.years), ("remains", cohort.remains))
        if symbol
    }
    ceiling = {"ceiling": ROWS[cohort.ceiling].value} if cohort.ceiling else {}
    slow = {"slow": ROWS[cohort.slow].value if cohort.slow else 1}
    return asdict(cohort) | {"remains": None, "ceiling": None} | window | ceiling | slow


def _read(livers: People) -> list[float]:
    """The read-outs of READOUTS."""
    area, cut = livers.area, livers.values["cut_F4"]
    shares = (area < cut, area * livers.again < cut, livers.lit())
    return [100 * share.mean() for share in shares] + [
        area.mean(),
        *np.percentile(area, (10, 50, 90)),
    ]


crowd = Crowd()

register(__name__, crowd=crowd)
