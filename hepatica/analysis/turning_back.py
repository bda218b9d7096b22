"""Who turns back: the cohorts of TIDE-6 against what was published, and what decides.

data/targets.csv says which numbers the model was fitted to by hand and which it misses; the rest are
predictions. Each experiment takes the same 2000 people who enter (seed 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from hepatica.model import DAYS_PER_YEAR, given
from hepatica.model.luck import normal
from hepatica.model.registry import register
from hepatica.models.cohorts import CHI, COHORTS, ROWS, SPEED, X_S, People, enrolled, ranked
from hepatica.models.crowd import LIGHTING, reduced
from hepatica.models.tide import LEVERS

PEOPLE = 2000
WEEKS_PER_YEAR = 52
DRAWS, HUNDRED = 200, 100  # how often a hundred people are drawn for a band
HORIZON = 80  # years of a natural history

register(__name__, turning_back=())


@cache
def _cohort(kind: str, people: int, seed: int, changed: tuple[tuple[str, float], ...]) -> People:
    return enrolled(kind, people, seed, **dict(changed))


@given.takes(kind=given.word(COHORTS), people=given.count, seed=given.seed)
def cohort_of(kind: str, people: int = PEOPLE, seed: int = 1, **changed: float) -> People:
    """Those who enter a cohort, kept for the next question."""
    values = {name: given.number(value, name) for name, value in changed.items()}
    return _cohort(kind, people, seed, tuple(sorted(values.items())))


@given.takes(livers=given.a(People), reading=given.flag)
def below_four(livers: People, reading: bool = True) -> NDArray:
    """Whether each liver's second biopsy (or its true area) lies below F4."""
    area = livers.area * livers.again if reading else livers.area
    return area < livers.values["cut_F4"]


@given.takes(
    years=given.from_0,
    weeks=given.from_0,
    reading=given.flag,
    whole_life=given.or_none(given.a(Mapping)),
)
def turned_back(
    kind: str,
    years: float = 0,
    weeks: float = 0,
    reading: bool = True,
    people: int = PEOPLE,
    whole_life: dict[str, float] | None = None,
    **later: float,
) -> float:
    """Per cent of a cohort below F4 some time after the stop; `later` are parameters from the stop
    on, `whole_life` from the beginning."""
    livers = cohort_of(kind, people, **(whole_life or {}))
    after = livers.later(years + weeks / WEEKS_PER_YEAR, **later)
    return float(100 * below_four(after, reading).mean())


@given.takes(kind=given.word(COHORTS), years=given.rising, reading=given.flag)
def band(kind: str, years: list[float], reading: bool = False) -> NDArray:
    """5th percentile, mean and 95th of the per cent below F4 in DRAWS draws of a hundred people, at
    rising years after the stop; shape (3, years)."""
    livers, last, rows = enrolled(kind, DRAWS * HUNDRED), 0.0, []
    for year in years:
        livers, last = livers.later(year - last), year
        rows.append(100 * below_four(livers, reading).reshape(DRAWS, HUNDRED).mean(axis=1))
    low, high = np.percentile(rows, (5, 95), axis=1)
    return np.array([low, np.mean(rows, axis=1), high])


@given.takes(weeks=given.from_0)
def got_worse(kind: str, weeks: float, **later: float) -> float:
    """Per cent of a cohort whose second biopsy reads F4."""
    return 100 - turned_back(kind, weeks=weeks, **later)


@given.takes(years=given.from_0)
def still_lit(kind: str, years: float, **whole_life: float) -> float:
    """Per cent of a cohort with active myofibroblasts some years after the stop."""
    return float(100 * cohort_of(kind, **whole_life).later(years).scar.lit.mean())


@given.takes(years=given.from_0, weeks=given.from_0, read=given.word(("true", "biopsy")))
def change_of_area(
    kind: str, years: float = 0, weeks: float = 0, read: str = "true", **later: float
) -> float:
    """Mean change of collagen area (% of area) after the stop: true, or as two biopsies read it."""
    livers = cohort_of(kind)
    after = livers.later(years + weeks / WEEKS_PER_YEAR, **later)
    if read == "true":
        return float((after.area - livers.area).mean())
    return float((after.area * after.again - livers.area * livers.read).mean())


@given.takes(percentile=given.per_cent, weeks=given.from_0, since=given.from_0)
def fall_of_area(kind: str, percentile: float, weeks: float, since: float = 0) -> float:
    """Fall of the true collagen area (per cent of itself) in some weeks, counted from `since` weeks
    after the stop, at a percentile of a cohort."""
    before = cohort_of(kind).later(since / WEEKS_PER_YEAR)
    after = before.later(weeks / WEEKS_PER_YEAR)
    return float(np.percentile(100 * (1 - after.area / before.area), percentile))


@given.takes(lever=given.word(LEVERS), weeks=given.from_0, strength=given.number)
def effect_of_lever(
    kind: str, lever: str, weeks: float, *, strength: float, **later: float
) -> float:
    """Difference of the mean collagen area (% of area) that a lever makes in the same people."""
    name = LEVERS[lever]
    with_, without = (
        change_of_area(kind, weeks=weeks, **{**later, name: x}) for x in (strength, 0)
    )
    return with_ - without


@given.takes(weeks=given.from_0, arm=given.count)
def standard_error(kind: str, weeks: float, arm: int) -> float:
    """Standard error (% of area) of the difference between two arms in the change that two biopsies
    read."""
    livers = cohort_of(kind)
    after = livers.later(weeks / WEEKS_PER_YEAR)
    change = after.area * after.again - livers.area * livers.read
    return float(change.std(ddof=1) * np.sqrt(2 / arm))


# -- what decides ----------------------------------------------------------------------------------


@given.takes(
    by=given.word(("area", "years", "chi")), low=given.number, high=given.number, years=given.from_0
)
def share_back(by: str, low: float, high: float, kind: str = "hcv", years: float = 5) -> float:
    """Per cent that turn back (true area) among those with `by` between two values: `area` at the
    stop (% of area), `years` of the cause, or a quarter (0 to 1) of `chi`."""
    livers = cohort_of(kind)
    value = {"area": livers.area, "years": livers.years, "chi": _rank(livers.values["chi"])}[by]
    inside = (value >= low) & (value < high)
    if not inside.any():
        raise given.GivenError(f"Nobody has {by} from low={low:g} to below high={high:g}.")
    return float(100 * below_four(livers.later(years), False)[inside].mean())


def _rank(values: NDArray) -> NDArray:
    return values.argsort().argsort() / len(values)


def _divided(livers: People, years: float) -> NDArray:
    """Who has turned back, where some have and others have not."""
    back = below_four(livers.later(years), False)
    if back.all() or not back.any():
        raise given.GivenError(f"years={years:g}: all or none have turned back; nothing can tell.")
    return back


@given.takes(by=given.word(("area", "reading", "chi", "years", "X_s")), years=given.from_0)
def telling(by: str, kind: str = "hcv", years: float = 5) -> float:
    """Area under the curve with which something known at the stop tells who turns back; 0.5 is
    chance. `by`: area, reading, chi, years or X_s."""
    livers = cohort_of(kind)
    score = {
        "area": -livers.area,
        "reading": -livers.area * livers.read,
        "chi": livers.values["chi"],
        "years": -livers.years,
        "X_s": livers.values["X_s"],
    }[by]
    back = _divided(livers, years)
    places = _rank(score)[back] * len(score) + 1
    ones, others = back.sum(), (~back).sum()
    return float((places.sum() - ones * (ones + 1) / 2) / (ones * others))


@given.takes(by=given.word(("years",)), within=given.from_0)
def telling_at_equal_area(by: str, within: float = 0.25) -> float:
    """The same among livers whose area at the stop differs by no more than `within` (% of area):
    how often the one that turns back has the lower value; 0.5 is chance. `by`: years."""
    livers = cohort_of("hcv")
    value = {"years": livers.years}[by]
    back = below_four(livers.later(5), False)
    near = np.abs(livers.area[back][:, None] - livers.area[~back][None, :]) <= within
    lower = value[back][:, None] < value[~back][None, :]
    return float(lower[near].mean())


# -- natural history -------------------------------------------------------------------------------


@cache
def _areas(speed: float, d: float, people: int = PEOPLE) -> NDArray:
    """True area of people who are never treated, at the end of each year, shape (years, people)."""
    values, place = dict(reduced.model.daily(reduced.model.values(d=d))), np.arange(people)
    for name, draw in (("speed", SPEED), ("chi", CHI), ("X_s", X_S)):
        score = normal(ranked(1, place, draw))
        values[name] = values[name] * ROWS[f"{name}_gsd"].value ** score
    values["speed"] = values["speed"] * speed
    branch, scar, areas = reduced.branch(values), reduced.start(values, people, D=d), []
    for year in range(HORIZON):
        days = DAYS_PER_YEAR - (LIGHTING if year == 0 else 0)
        scar = reduced.advance(scar, values, days, branch, D=d)
        areas.append(values["CPA_0"] + scar.C + scar.X)
    return np.array(areas)


def _first_year(cut: str, speed: float, d: float) -> NDArray:
    """Year in which each person reaches a stage; inf beyond the horizon."""
    reached = _areas(speed, d) >= reduced.model.values()[cut]
    return np.where(reached.any(axis=0), reached.argmax(axis=0) + 1.0, np.inf)


@given.takes(years=partial(given.number, low=0, high=HORIZON), speed=given.above_0, d=given.above_0)
def cirrhosis_by(years: float, speed: float = 1, d: float = 0.002) -> float:
    """Per cent with cirrhosis (true area) after so many years of an untreated cause."""
    return float(100 * (_first_year("cut_F4", speed, d) <= years).mean())


@given.takes(speed=given.above_0, d=given.above_0)
def years_to_cirrhosis(speed: float = 1, d: float = 0.002) -> float:
    """Median years to cirrhosis of an untreated cause."""
    return float(np.median(_first_year("cut_F4", speed, d)))


@given.takes(speed=given.above_0, d=given.above_0)
def from_f3_to_f4(speed: float = 1, d: float = 0.002) -> float:
    """Per cent of those with F3 (true area) who have F4 a year later."""
    values, areas = reduced.model.values(), _areas(speed, d)
    third = (areas >= values["cut_F3"]) & (areas < values["cut_F4"])
    return float(100 * (third[:-1] & (areas[1:] >= values["cut_F4"])).sum() / third[:-1].sum())


@given.takes(percentile=given.per_cent)
def ten_years_on(percentile: float = 50) -> float:
    """Collagen area (%) ten years after cirrhosis has begun, at a percentile of people."""
    first = _first_year("cut_F4", 1, 0.002)
    seen = first + 10 <= HORIZON
    areas = _areas(1, 0.002)[first[seen].astype(int) + 9, np.flatnonzero(seen)]
    return float(np.percentile(areas, percentile))
