"""What the four views of virtual trials say: rules, and the numbers that they name,
as cards/views/virtual_trial/ has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hepatica.analysis import virtual_trial as engine

CLINIC_PEOPLE = 240
LEAGUE_TRIALS = 100
GOOD_POWER = 0.8
Values = Mapping[str, float]


@dataclass(frozen=True)
class Says:
    """The rules of a view, the names that they use, and where the numbers come from."""

    rules: list
    names: tuple[str, ...]
    scope: Callable[[dict, Mapping[str, Any]], dict[str, Any]]


def _ends(name: str, row: Mapping[str, float]) -> dict[str, float]:
    return {
        f"{name}_{end}": float(row[key])
        for end, key in (("is", "estimate"), ("low", "low"), ("high", "high"))
    }


def _interval(name: str) -> str:
    return f"{{{name}_is:1f}} ({{{name}_low:1f}} to {{{name}_high:1f}})"


def parameters(v: dict) -> dict[str, float]:
    """The values that are parameters of the model."""
    return {name: value for name, value in v.items() if name not in ("seed", "many")}


# -- three designs ---------------------------------------------------------------------------------


def _designs(v: dict, _data: Mapping) -> dict[str, Any]:
    """One trial read in three designs, or how many of many are significantly better."""
    outcome, own, seed, many = (
        ("wellbeing" if v["asked"] else "meld"),
        parameters(v),
        int(v["seed"]),
        int(v["many"]),
    )
    base = {"benefit": v["benefit"], "many": many, "n": v["n"], "what": WHAT[outcome]}
    rows = {
        design: engine.run(max(many, 1), design, outcome, seed=seed, **own)
        for design in engine.DESIGNS
    }
    wins = {
        f"wins_{n}": float(_wins(rows[design], outcome) if many else 0)
        for n, design in enumerate(engine.DESIGNS)
    }
    group = engine.patients([seed], int(v["n"]), int(v["n"]), **own)
    gone = float((group.treated & ~group.stays).sum())
    first, _, last = (rows[design].iloc[0] for design in engine.DESIGNS)
    return {**base, **wins, "gone": gone, **_ends("alone", first), **_ends("blinded", last)}


def _wins(rows, outcome: str) -> int:
    better = rows["estimate"] < 0 if outcome == "meld" else rows["estimate"] > 0
    return int((better & (rows["p"] < 0.05)).sum())


WHAT = {"meld": "MELD", "wellbeing": "how patients feel"}
TRUTH = [("benefit > 0", "Cells that truly lower MELD by {benefit:1f}."), (None, "Useless cells.")]
DESIGNS = Says(
    [
        TRUTH,
        [
            (
                "many > 0",
                (
                    "Of {many:0f} trials without control {wins_0:0f} report {what:t} "
                    "“significantly better”; randomised and open {wins_1:0f}; "
                    "randomised and blinded {wins_2:0f}."
                ),
            ),
            (
                None,
                (
                    f"Without control, {{what:t}} changes by {_interval('alone')}; "
                    f"against blinded controls by {_interval('blinded')}. "
                    f"{{gone:0f}} of the {{n:0f}} with cells died or were transplanted and are "
                    "missing from the mean."
                ),
            ),
        ],
    ],
    (
        "benefit",
        "many",
        "n",
        "what",
        "wins_0",
        "wins_1",
        "wins_2",
        "gone",
        "alone_is",
        "alone_low",
        "alone_high",
        "blinded_is",
        "blinded_low",
        "blinded_high",
    ),
    _designs,
)

# -- regression to the mean ------------------------------------------------------------------------


def _regression(v: dict, _data: Mapping) -> dict[str, float]:
    """Who enters by a noisy value, and what the next value is."""
    own = parameters(v)
    people = engine.clinic(CLINIC_PEOPLE, int(v["seed"]), **own)
    enter = people[people["first"] >= v["entry"]]
    first, second = (
        float(enter[time].mean()) if len(enter) else 0.0 for time in ("first", "second")
    )
    return {
        "people": CLINIC_PEOPLE,
        "enter": len(enter),
        "entry": v["entry"],
        "first": first,
        "second": second,
        "fall": first - second,
        "expected": engine.regression_to_the_mean(**own),
    }


CHANGE = (
    "{enter:0f} of {people:0f} enter. Their mean MELD is {first:1f} at screening and "
    "{second:1f} on the day of the infusion: "
)
EXPECTED = ", and nobody was treated. The formula expects {expected:1f}."
REGRESSION = Says(
    [
        ("enter < 1", "Nobody of these {people:0f} reaches {entry:0f}."),
        ("fall >= 0", CHANGE + "{fall:1f} lower" + EXPECTED),
        (None, CHANGE + "{-fall:1f} higher" + EXPECTED),
    ],
    ("people", "enter", "entry", "first", "second", "fall", "expected"),
    _regression,
)

# -- power -----------------------------------------------------------------------------------------


def _power(v: dict, data: Mapping) -> dict[str, float]:
    """How many trials of this size find the effect, and what it would take."""
    effect = (v["benefit"], v["sd_change"])
    sizes = [trial["perArm"] for trial in data["trials"]]
    size = int(v["n"] + 0.5)
    large = sum(engine.power(each, *effect) >= GOOD_POWER for each in sizes)
    return {
        "n": size,
        "benefit": v["benefit"],
        "spread": v["sd_change"],
        "found": engine.power_percent(size, *effect),
        "needed": engine.patients_for(*effect),
        "large": large,
        "trials": len(sizes),
    }


POWER_START = "{n:0f} per arm, a true effect of {benefit:1f} "
POWER_END = (
    ", spread {spread:1f}: {found:0f} of 100 such trials find it. "
    "For 80 of 100 it takes {needed:0f} per arm; {large:0f} of the {trials:0f} real "
    "trials are that large."
)
POWER = Says(
    [
        ("(benefit < 1) | (benefit > 1)", f"{POWER_START}points{POWER_END}"),
        (None, f"{POWER_START}point{POWER_END}"),
    ],
    ("n", "benefit", "spread", "found", "needed", "large", "trials"),
    _power,
)

# -- a league --------------------------------------------------------------------------------------


def _league(v: dict, data: Mapping) -> dict[str, float]:
    """A hundred trials: all, those published, and the winners."""
    sizes = [tuple(pair) for pair in data["sizes"]]
    rows = engine.league(LEAGUE_TRIALS, int(v["seed"]), sizes, **parameters(v))
    shown, winners = rows[rows["published"]], rows.loc[rows["winner"], "estimate"]
    pools = {"all": engine.pooled(rows), **({"shown": engine.pooled(shown)} if len(shown) else {})}
    made = dict.fromkeys(("shown_is", "shown_low", "shown_high"), 0.0)
    for name, pool in pools.items():
        made |= _ends(name, vars(pool))
    return {
        "benefit": v["benefit"],
        "published": len(shown),
        "winners": len(winners),
        "curse": float(np.mean(winners)) if len(winners) else 0.0,
        **made,
    }


LEAGUE = Says(
    [
        [("benefit > 0", "The cells lower MELD by {benefit:1f}."), (None, "The cells do nothing.")],
        [
            (
                "published < 1",
                (f"No trial is published. All 100 pooled would say {_interval('all')}."),
            ),
            (
                None,
                (
                    f"All 100 trials pooled: {_interval('all')}. The {{published:0f}} published: "
                    f"{_interval('shown')}."
                ),
            ),
        ],
        [
            ("published < 1", ""),
            (
                "winners > 0",
                ("The {winners:0f} with a significant improvement report {curse:1f} on average."),
            ),
            (None, "None found a significant improvement."),
        ],
    ],
    (
        "benefit",
        "published",
        "winners",
        "curse",
        "all_is",
        "all_low",
        "all_high",
        "shown_is",
        "shown_low",
        "shown_high",
    ),
    _league,
)

VIEWS = {"designs": DESIGNS, "regression": REGRESSION, "power": POWER, "league": LEAGUE}
