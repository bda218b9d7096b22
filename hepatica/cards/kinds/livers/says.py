"""What the four views of a hundred livers say: rules, and the numbers that they name, as
cards/views/livers/ has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hepatica.models.cohorts import COHORTS, crowd

WEEKS_PER_YEAR = 52
UNTIL = 20  # years after the stop
YEARS = tuple(range(UNTIL + 1))
KINDS = {kind: place for place, kind in enumerate(COHORTS)}
NO_ORDER = 3
SORTS = {
    "years of the cause": "years",
    "scar at the stop": "stop",
    "digestibility of old scar": "chi",
}
CUT = crowd.values()["cut_F4"]
Z_95 = 1.96  # standard errors on each side of a 95 % interval
Values = Mapping[str, float]


class Seen(NamedTuple):
    """Livers of a run: what each is (shape (livers,)), and what becomes of it (years, livers)."""

    chi: NDArray
    years: NDArray
    stop: NDArray
    read: NDArray
    area: NDArray
    reading: NDArray
    lit: NDArray


def seen(years: tuple[float, ...], **settings: float) -> Seen:
    """The livers of a run at some years after the stop; `settings` are parameters of the crowd."""
    return _seen(years, tuple(sorted(settings.items())))


@cache
def _seen(years: tuple[float, ...], settings: tuple[tuple[str, float], ...]) -> Seen:
    people = crowd.people(**dict(settings))
    stop, read = people.area, people.area * people.read
    rows, last = [], 0.0
    for year in years:
        people, last = people.later(year - last), year
        rows.append((people.area, people.area * people.again, people.lit()))
    area, reading, lit = (np.array(each) for each in zip(*rows, strict=True))
    return Seen(people.values["chi"], people.years, stop, read, area, reading, lit)


@dataclass(frozen=True)
class Says:
    """The rules of a view, the names that they use, the years that its runs report, and where the
    numbers come from."""

    rules: list
    names: tuple[str, ...]
    years: tuple[float, ...]
    scope: Callable[[Values, Mapping[str, Any]], dict[str, float]]


FILLING = ("ready < 1", "{n:0f} of {people:0f} livers have come so far.")


def _drawn(v: Values) -> dict[str, float]:
    return {name: v[name] for name in ("cohort", "people", "seed")}


# -- a hundred livers, sorted ----------------------------------------------------------------------


def _sorted(v: Values, _data: Mapping) -> dict[str, float]:
    livers = seen(YEARS, **_drawn(v))
    inside = np.flatnonzero(livers.stop < v["ceiling"])
    order = inside
    if v["sort"] != NO_ORDER:
        key = getattr(livers, list(SORTS.values())[int(v["sort"])])[inside]
        order = inside[np.argsort(key, kind="stable")]
    t = YEARS.index(v["after"])
    back, earlier = (livers.area[when][order] < CUT for when in (t, max(t - 1, 0)))
    n, quarter = len(order), len(order) // 4
    return {
        "ready": 1.0,
        "people": v["people"],
        "n": float(n),
        "left_out": v["people"] - n,
        "back": float(back.sum()),
        "earlier": float(earlier.sum()),
        "never": float((livers.stop[order] < CUT).sum()),
        "share": float(100 * back.sum() / n) if n else 0.0,
        "quarter": float(quarter),
        "first": float(back[:quarter].sum()),
        "last": float(back[n - quarter :].sum()),
        **{name: v[name] for name in ("after", "sort", "ceiling", "seed")},
    }


BACK = "{after:0f} {after:plural year} after the stop {back:0f} of {n:0f} lie below the line"
OF_HERD = (
    "ready",
    "people",
    "n",
    "left_out",
    "back",
    "earlier",
    "never",
    "share",
    "quarter",
    "first",
    "last",
    "after",
    "sort",
    "ceiling",
    "seed",
)
COUNTED = Says(
    [
        [FILLING, (None, BACK + ".")],
        [
            ("(ready < 1) | (never < 1)", ""),
            (
                None,
                "On the day of the stop {never:0f} were so already: the needle had misread them.",
            ),
        ],
    ],
    OF_HERD,
    YEARS,
    _sorted,
)
SORTED = Says(
    [
        [FILLING, ("n < 1", "Nobody has so little scar. Raise the limit."), (None, BACK + ".")],
        [
            ("(ready < 1) | (n < 8)", ""),
            (
                "sort < 0.5",
                (
                    "Of the {quarter:0f} with the shortest cause {first:0f}, of the {quarter:0f} with "
                    "the longest {last:0f}."
                ),
            ),
            (
                "sort < 1.5",
                (
                    "Of the {quarter:0f} with the least scar at the stop {first:0f}, of the "
                    "{quarter:0f} with the most {last:0f}."
                ),
            ),
            (
                None,
                (
                    "Of the {quarter:0f} whose old scar is hardest to digest {first:0f}, of the "
                    "{quarter:0f} with the easiest {last:0f}."
                ),
            ),
        ],
        [
            ("left_out < 0.5", ""),
            (None, "{left_out:0f} had more scar at the stop and are not counted."),
        ],
    ],
    OF_HERD,
    YEARS,
    _sorted,
)


# -- two hypotheses on the same hundred ------------------------------------------------------------


def _locked(v: Values, _data: Mapping) -> dict[str, float]:
    runs = [seen(YEARS, lock=lock, **_drawn(v)) for lock in (1, 0)]
    t = YEARS.index(v["after"])
    on, off = ((run.area[t] < CUT).sum() for run in runs)
    lit_on, lit_off = (run.lit[t].sum() for run in runs)
    counts = {"on": on, "off": off, "lit_on": lit_on, "lit_off": lit_off}
    own = {"ready": 1.0, "people": v["people"], "n": v["people"], "after": v["after"]}
    return {**own, "seed": v["seed"], **{name: float(count) for name, count in counts.items()}}


LOCKED = Says(
    [
        FILLING,
        (
            None,
            (
                "{after:0f} {after:plural year} after the stop: below the line {on:0f} of "
                "{people:0f} with the lock, {off:0f} without. Myofibroblasts at work in {lit_on:0f} "
                "with it, {lit_off:0f} without."
            ),
        ),
    ],
    ("ready", "people", "n", "after", "seed", "on", "off", "lit_on", "lit_off"),
    YEARS,
    _locked,
)


# -- the same livers, read twice -------------------------------------------------------------------

READ_AFTER = (0, 48, 96)  # weeks
READ_YEARS = tuple(round(weeks / WEEKS_PER_YEAR, 5) for weeks in READ_AFTER)  # as the page has them


def _reread(v: Values, _data: Mapping) -> dict[str, float]:
    livers = seen(READ_YEARS, **_drawn(v))
    t = READ_AFTER.index(v["weeks"])
    return {
        "ready": 1.0,
        "people": v["people"],
        "n": v["people"],
        "weeks": v["weeks"],
        "truth": v["truth"],
        "seed": v["seed"],
        "lower": float((livers.reading[t] < CUT).sum()),
        "below": float((livers.area[t] < CUT).sum()),
        "never": float((livers.stop < CUT).sum()),
    }


NEVER = "{never:0f} of them had less than 13 % all along: the first needle had read too much."
REREAD = Says(
    [
        [
            FILLING,
            (
                "(truth < 0.5) & (weeks < 1)",
                "The same day, the same livers: {lower:0f} of {people:0f} read below 13 %.",
            ),
            (
                "truth < 0.5",
                "{weeks:0f} weeks later {lower:0f} of {people:0f} read below 13 %.",
            ),
            (
                "weeks < 1",
                "Without the noise of the needle: {below:0f} of {people:0f} lie below 13 %.",
            ),
            (
                None,
                (
                    "Without the noise of the needle: {weeks:0f} weeks later {below:0f} of "
                    "{people:0f} lie below 13 %."
                ),
            ),
        ],
        [("(ready < 1) | (truth < 0.5)", ""), (None, NEVER)],
    ],
    ("ready", "people", "n", "weeks", "truth", "seed", "lower", "below", "never"),
    READ_YEARS,
    _reread,
)


# -- two arms of a trial ---------------------------------------------------------------------------

TRIAL = (0.0, READ_YEARS[-1])


def _arms(v: Values, _data: Mapping) -> dict[str, float]:
    runs = [seen(TRIAL, anti_lox=dose, **_drawn(v)) for dose in (v["anti_lox"], 0)]
    half = int(v["people"]) // 2
    drug, placebo = runs[0], runs[1]
    changes = (_change(drug, v["truth"])[:half], _change(placebo, v["truth"])[half:])
    means = [float(change.mean()) for change in changes]
    error = float(np.sqrt(sum(change.var(ddof=1) / len(change) for change in changes)))
    effect = _change(drug, 1) - _change(placebo, 1)
    difference = means[0] - means[1]
    return {
        "ready": 1.0,
        "n": v["people"],
        **{name: v[name] for name in ("people", "anti_lox", "truth", "seed")},
        "drug": means[0],
        "placebo": means[1],
        "difference": difference,
        "low": difference - Z_95 * error,
        "high": difference + Z_95 * error,
        "effect": float(effect.mean()),
    }


def _change(livers: Seen, truth: float) -> NDArray:
    """Change of the collagen area of each liver (% of area), true or as two needles read it."""
    return livers.area[1] - livers.stop if truth else livers.reading[1] - livers.read


ARMS = Says(
    [
        [
            FILLING,
            (
                None,
                (
                    "Collagen area after 96 weeks: drug {drug:1f}, placebo {placebo:1f} % of area. "
                    "Difference {difference:1f} ({low:1f} to {high:1f})."
                ),
            ),
        ],
        [
            ("ready < 1", ""),
            ("anti_lox < 0.01", "Both arms get nothing."),
            (
                "(low < 0) & (high > 0)",
                "In truth the drug makes {effect:2f}: this trial cannot tell it from nothing.",
            ),
            (None, "In truth the drug makes {effect:2f}: luck shows it larger or clearer here."),
        ],
    ],
    ("ready", "people", "n", "anti_lox", "truth", "seed", "drug", "placebo", "difference")
    + ("low", "high", "effect"),
    TRIAL,
    _arms,
)

VIEWS = {"counted": COUNTED, "sorted": SORTED, "locked": LOCKED, "reread": REREAD, "arms": ARMS}
