"""Virtual trials on virtual patients: what a trial reports when we know what the treatment really
does.

A patient has a true MELD; the laboratory and the day add noise. Who enters is chosen by the noisy
value. In every arm some patients stop drinking and recover, some livers drift, and the sickest
leave by death or transplantation. Cells lower the true MELD by `benefit` points (0 unless set) and
multiply the risk of death by `death_ratio`. How a patient feels follows the true MELD, and hope.

Luck comes from `hepatica.model.luck`, so the same numbers give the same patients here and in the
page (cards/engine/virtual_trial.js). The virtual MELD is not rounded and has no floor or ceiling.
Parameters: data/parameters.csv, model virtual_trial.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, stdtr, stdtrit

from hepatica import ledger
from hepatica.analysis.trials import Pool, pool, trial_sizes
from hepatica.model import given
from hepatica.model.luck import luck, normal
from hepatica.model.registry import register

DESIGNS = ("before-after", "open", "blinded")
OUTCOMES = ("meld", "wellbeing")
SMALLEST_ARM = 10  # patients per arm of a trial of the league
RISK_AT = 15  # the MELD at which the ledger gives the risk of death
CERTAIN = 8  # standard errors away from no difference; with ten per arm or more, 1 to nine digits
SEVEN_RANGE = 2.7044  # mean range of seven standard normal values
# What each draw of luck decides; the numbers are those of cards/engine/virtual_trial.js.
ENTRY, TRUE, DRIFT, SOBER, SECOND, FEELING, LEAVES, HOW, PUBLISHED = range(9)
CLINIC_DRAWS = (10, 11, 12)
TRAIT = 20  # the first draw that decides about a trait without meaning

register(__name__, virtual_trial=())


class TrialError(given.GivenError):
    """A trial was asked for that this model cannot run; the message says what to write instead."""


def settings(**values: float) -> dict[str, float]:
    """Every parameter of the model, with `values` in place of the ledger's;
    raises TrialError for unknown names."""
    rows = ledger.parameters("virtual_trial")
    for name, value in values.items():
        if name not in rows:
            raise TrialError(
                f"A virtual trial has no parameter {name!r}. It has {', '.join(rows)}."
            )
        value = given.flag(value, name) if name == "strict" else given.number(value, name)
        if not rows[name].low <= value <= rows[name].high:
            raise TrialError(
                f"{name} = {value:g}: write a value from {rows[name].low:g} to {rows[name].high:g}."
            )
    return {name: row.value for name, row in rows.items()} | values


def laboratory_sd() -> float:
    """Standard deviation of MELD between laboratories, from the mean range of seven (points)."""
    return ledger.number("scores/laboratories-meld-mean").value / SEVEN_RANGE


# --------------------------------------------------------------------------- regression to the mean


def entry_sd(**values: float) -> float:
    """Standard deviation of the MELD that decides about entry,
    among everybody who is measured (points)."""
    v = settings(**values)
    return float(np.sqrt(v["meld_sd"] ** 2 + v["noise"] ** 2 / v["measurements"]))


def regression_to_the_mean(**values: float) -> float:
    """Points of MELD by which the mean falls at the next measurement although nobody has changed.

    Closed form for a normal MELD with normal noise: (1 - reliability) × (mean at entry - mean of
    everybody).
    """
    v, spread = settings(**values), entry_sd(**values)
    height = (v["entry"] - v["meld_mean"]) / spread
    mean_above = spread * np.exp(-(height**2) / 2) / np.sqrt(2 * np.pi) / ndtr(-height)
    return float((v["noise"] ** 2 / v["measurements"]) / spread**2 * mean_above)


@given.takes(people=given.count, seed=given.seed)
def clinic(people: int = 240, seed: int = 0, **values: float) -> pd.DataFrame:
    """People whom nobody treats and who do not change: `true` MELD, `first` measurement and
    `second` (points).

    `first` is the mean of `measurements` values and would decide about entry; `second` is a single
    value.
    """
    v, place = settings(**values), np.arange(people)
    first, true, second = (normal(luck(seed, place, draw)) for draw in CLINIC_DRAWS)
    own = v["meld_mean"] + v["meld_sd"] * true
    return pd.DataFrame(
        {
            "true": own,
            "first": own + v["noise"] / np.sqrt(v["measurements"]) * first,
            "second": own + v["noise"] * second,
        }
    )


# --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Patients:
    """Patients of many trials; every array has one row per trial and one column per place.

    `treated` and `control` say which places are taken. `entry` is the MELD at entry, `final` the
    one at the end that a patient has or would have had, `wellbeing` the change in feeling without
    hope. `dead` and `transplanted` left.
    """

    treated: NDArray
    control: NDArray
    entry: NDArray
    final: NDArray
    wellbeing: NDArray
    sober: NDArray
    dead: NDArray
    transplanted: NDArray

    @property
    def stays(self) -> NDArray:
        """Who is still there at the end."""
        return ~(self.dead | self.transplanted)


@given.takes(seeds=given.counts, treated=given.counts, control=given.counts)
def patients(seeds: ArrayLike, treated: ArrayLike, control: ArrayLike, **values: float) -> Patients:
    """The patients of one trial per seed; `treated` and `control` are numbers of patients,
    for all or for each."""
    v, seed = settings(**values), np.atleast_1d(seeds)[:, None]
    given = np.broadcast_to(np.asarray(treated), seed[:, 0].shape)[:, None]
    total = given + np.broadcast_to(np.asarray(control), seed[:, 0].shape)[:, None]
    place = np.arange(int(total.max()))[None, :]
    cells = place < given
    draw = partial(luck, seed, place)
    entry, true = enter(v, draw(ENTRY), draw(TRUE))
    sober = draw(SOBER) < v["abstinent"]
    recovered = v["recovery"] * (1 - np.exp(-v["months"] / v["recovery_months"]))
    change = v["drift"] * normal(draw(DRIFT)) - recovered * sober - v["benefit"] * cells
    final = true + change + v["noise"] * normal(draw(SECOND))
    feeling = v["wellbeing_sd"] * normal(draw(FEELING)) - v["wellbeing_per_point"] * change
    dead, moved = _leave(v, true + change / 2, cells, draw(LEAVES), draw(HOW))
    return Patients(
        cells, (place >= given) & (place < total), entry, final, feeling, sober, dead, moved
    )


def enter(v: dict[str, float], first: NDArray, second: NDArray) -> tuple[NDArray, NDArray]:
    """The MELD that let each patient in, and the true one behind it."""
    spread = entry_sd(**v)
    below = ndtr((v["entry"] - v["meld_mean"]) / spread)
    entry = v["meld_mean"] + spread * normal(below + first * (1 - below))
    reliability = (v["meld_sd"] / spread) ** 2
    expected = v["meld_mean"] + reliability * (entry - v["meld_mean"])
    return entry, expected + v["meld_sd"] * np.sqrt(1 - reliability) * normal(second)


def _leave(
    v: dict[str, float], meld: NDArray, cells: NDArray, when: NDArray, how: NDArray
) -> tuple[NDArray, NDArray]:
    """Who dies and who is transplanted before the end; both risks rise with the true MELD."""
    death = v["risk_15"] * np.exp(v["risk_slope"] * (meld - RISK_AT)) * v["months"] / 12
    transplant = v["transplant"] * death
    death = death * np.where(cells, v["death_ratio"], 1)
    gone = when < 1 - np.exp(-(death + transplant))
    dies = how * (death + transplant) < death
    return gone & dies, gone & ~dies


# --------------------------------------------------------------------------------------------------


@given.takes(group=given.a(Patients), design=given.word(DESIGNS), outcome=given.word(OUTCOMES))
def changes(group: Patients, design: str, outcome: str = "meld", **values: float) -> NDArray:
    """The change that each patient would report: MELD at the end minus entry, or well-being with
    hope added.

    Before-after and open: whoever gets cells hopes. Blinded: everybody hopes half.
    """
    if outcome == "meld":
        return group.final - group.entry
    v = settings(**values)
    hope = np.full(group.treated.shape, 0.5) if design == "blinded" else group.treated
    return group.wellbeing + v["expectation"] * v["wellbeing_sd"] * hope


@given.takes(
    group=given.a(Patients),
    change=given.a(np.ndarray),
    design=given.word(DESIGNS),
    everyone=given.flag,
)
def analyse(
    group: Patients,
    change: NDArray,
    design: str,
    everyone: bool = False,
    among: NDArray | bool = True,
) -> pd.DataFrame:
    """One row per trial: estimate, standard error, 95 % interval and p of a t test, who stayed, who
    died.

    Before-after: mean change of the treated. Otherwise: treated minus control. Only those who stay
    are counted, as in most reports, unless `everyone` is true (which no real trial can do); `among`
    marks a subgroup. A trial that is left with fewer than two in an arm has no interval (NaN).
    """
    kept = (np.ones_like(group.stays) if everyone else group.stays) & among
    # an arm of one or none has no spread: its row is empty
    with np.errstate(divide="ignore", invalid="ignore"):
        return _compared(group, change, design, kept)


def _compared(group: Patients, change: NDArray, design: str, kept: NDArray) -> pd.DataFrame:
    arms = [_mean(change, group.treated & kept), _mean(change, group.control & kept)]
    (mean, var, n), (other, other_var, m) = arms
    if design == "before-after":
        estimate, df, se = mean, n - 1, np.sqrt(var / n)
    else:
        estimate, df = mean - other, n + m - 2
        se = np.sqrt(((n - 1) * var + (m - 1) * other_var) / df * (1 / n + 1 / m))
    half = stdtrit(df, 0.975) * se
    return pd.DataFrame(
        {
            "estimate": estimate,
            "se": se,
            "low": estimate - half,
            "high": estimate + half,
            "p": 2 * stdtr(df, -np.abs(estimate / se)),
            "treated": n,
            "control": m,
            "dead_treated": (group.dead & group.treated).sum(axis=1),
            "dead_control": (group.dead & group.control).sum(axis=1),
        }
    )


def _mean(change: NDArray, kept: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Mean, variance and number of those kept, trial by trial."""
    n = kept.sum(axis=1)
    mean = np.where(kept, change, 0).sum(axis=1) / n
    return mean, (np.where(kept, change - mean[:, None], 0) ** 2).sum(axis=1) / (n - 1), n


@given.takes(
    trials=given.count,
    design=given.word(DESIGNS),
    outcome=given.word(OUTCOMES),
    seed=given.seed,
    everyone=given.flag,
)
def run(
    trials: int,
    design: str = "blinded",
    outcome: str = "meld",
    seed: int = 0,
    everyone: bool = False,
    **values: float,
) -> pd.DataFrame:
    """`trials` virtual trials of one design, one row each (see `analyse`).

    design: "before-after", "open" or "blinded"; outcome: "meld" (falls are good) or "wellbeing"
    (rises are good);
    values: any parameter, such as n=25, benefit=2, entry=18. Raises TrialError for what the model
    does not have.
    """
    group = _groups(trials, seed, **values)
    return analyse(group, changes(group, design, outcome, **values), design, everyone)


def significant(
    trials: int, design: str = "blinded", outcome: str = "meld", **values: float
) -> float:
    """Of a hundred trials, how many report a significant improvement (p below 0.05,
    in the good direction)."""
    found = run(trials, design, outcome, **values)
    good = found["estimate"] < 0 if outcome == "meld" else found["estimate"] > 0
    return float(100 * (good & (found["p"] < 0.05)).mean())


def false_alarms(
    trials: int, design: str = "blinded", outcome: str = "meld", **values: float
) -> float:
    """Of a hundred trials, how many have p below 0.05, in either direction."""
    return float(100 * (run(trials, design, outcome, **values)["p"] < 0.05).mean())


def mean_estimate(
    trials: int, design: str = "blinded", outcome: str = "meld", **values: float
) -> float:
    """What the trials report on average (points)."""
    return float(run(trials, design, outcome, **values)["estimate"].mean())


def _groups(trials: int, seed: int = 0, **values: float) -> Patients:
    """The patients of so many trials with arms of `n`."""
    n = int(settings(**values)["n"])
    return patients(np.arange(seed, seed + trials), n, n, **values)


@given.takes(points=given.number, trials=given.count)
def fallen(points: float = 3, trials: int = 2000, **values: float) -> float:
    """Of a hundred controls who stay, how many have a MELD lower by at least `points` at the
    end."""
    group = _groups(trials, **values)
    kept = group.control & group.stays
    return float(100 * (group.entry - group.final >= points)[kept].mean())


@given.takes(trials=given.count)
def spread_of_change(trials: int = 2000, **values: float) -> float:
    """Standard deviation of the change of MELD among the controls who stay (points)."""
    group = _groups(trials, **values)
    return float((group.final - group.entry)[group.control & group.stays].std())


@given.takes(trials=given.count)
def survivors_bias(trials: int = 2000, **values: float) -> float:
    """Mean change of MELD among the controls who stay, minus that of all controls (points; below 0:
    looks better)."""
    group = _groups(trials, **values)
    change = group.final - group.entry
    return float(change[group.control & group.stays].mean() - change[group.control].mean())


# --------------------------------------------------------------------------------------------------


@given.takes(n=partial(given.number, low=2), difference=given.number, sd=given.above_0)
def power(n: float, difference: float, sd: float) -> float:
    """Chance that a trial with `n` per arm finds a true difference significant (two-sided t test at
    5 %)."""
    # takes a second to import, and only this needs it
    from statsmodels.stats.power import TTestIndPower

    if n >= 10 and abs(difference) / sd * np.sqrt(n / 2) > CERTAIN:
        return 1.0  # the noncentral t distribution of scipy gives nan out there
    return float(TTestIndPower().power(abs(difference) / sd, n, 0.05))


def power_percent(n: float, difference: float, sd: float) -> float:
    """The same in per cent."""
    return 100 * power(n, difference, sd)


@given.takes(
    difference=given.not_0,
    sd=given.above_0,
    power_wanted=partial(given.number, low=0.01, high=0.9999),
)
def patients_for(difference: float, sd: float, power_wanted: float = 0.8) -> int:
    """Patients per arm that a trial needs to find a true difference with this power."""
    n = 2
    while power(n, difference, sd) < power_wanted:
        n *= 2
    low, high = n // 2, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if power(middle, difference, sd) >= power_wanted else (middle, high)
        )
    return high


def sizes_known() -> int:
    """How many randomised cell trials of the ledger have readable sizes."""
    return len(trial_sizes())


@given.takes(difference=given.number, sd=given.above_0, power_wanted=given.share)
def large_enough(difference: float, sd: float, power_wanted: float = 0.8) -> int:
    """How many of them could see this true difference with this power."""
    return sum(power(size, difference, sd) >= power_wanted for size in trial_sizes()["per_arm"])


# --------------------------------------------------------------------------------------------------


def real_sizes() -> list[tuple[int, int]]:
    """(treated, control) of the ledger's randomised cell trials with at least ten patients in each
    arm."""
    sizes = trial_sizes()
    sizes = sizes[sizes[["treated", "control"]].min(axis=1) >= SMALLEST_ARM]
    return [
        (int(treated), int(control))
        for treated, control in zip(sizes["treated"], sizes["control"], strict=True)
    ]


@given.takes(trials=given.count, seed=given.seed, sizes=given.pairs)
def league(
    trials: int = 100, seed: int = 0, sizes: Sequence[tuple[int, int]] = (), **values: float
) -> pd.DataFrame:
    """Blinded trials with the sizes of the real ones, one row each; `good` improvements are always
    published.

    What counts as good: any improvement, or with strict=1 only a significant one. Every other trial
    is published with the chance `publish`. sizes: (treated, control) per trial, repeated; those of
    `real_sizes` if empty.
    """
    v = settings(**values)
    pairs = np.array(sizes or real_sizes())
    pairs = pairs[np.arange(trials) % len(pairs)]
    seeds = np.arange(seed, seed + trials)
    group = patients(seeds, pairs[:, 0], pairs[:, 1], **v)
    found = analyse(group, group.final - group.entry, "blinded")
    winner = (found["p"] < 0.05) & (found["estimate"] < 0)
    good = winner if v["strict"] else found["estimate"] < 0
    return found.assign(
        winner=winner, good=good, published=good | (luck(seeds, 0, PUBLISHED) < v["publish"])
    )


def _league(value: pd.DataFrame, what: str) -> pd.DataFrame:
    """The rule for a table of trials with estimates."""
    for column in ("estimate", "se"):
        if column not in given.made(value, what, pd.DataFrame):
            raise given.GivenError(f"{what} has no column {column!r}. Give what league returned.")
    return value


@given.takes(trials=_league)
def pooled(trials: pd.DataFrame) -> Pool:
    """Random-effects mean of the column `estimate` with its 95 % interval,
    as in notebook 11 (hepatica.analysis.trials)."""
    return pool(
        pd.DataFrame(
            {
                "trial": trials.index.astype(str),
                "yi": trials["estimate"],
                "vi": trials["se"] ** 2,
                "measure": "MD",
            }
        )
    )


@given.takes(leagues=given.count)
def publication_bias(leagues: int = 20, **values: float) -> float:
    """Pooled estimate of the published trials minus that of all,
    averaged over leagues (points of MELD)."""
    found = [league(100, seed=100 * number, **values) for number in range(leagues)]
    return float(
        np.mean([pooled(one[one["published"]]).estimate - pooled(one).estimate for one in found])
    )


@given.takes(benefit=given.above_0, leagues=given.count)
def winners_curse(benefit: float, leagues: int = 20, **values: float) -> float:
    """Mean of the significant improvements in leagues of a hundred trials,
    in multiples of the true effect."""
    found = pd.concat(
        [league(100, seed=100 * number, benefit=benefit, **values) for number in range(leagues)]
    )
    return float(-found.loc[found["winner"], "estimate"].mean() / benefit)


@given.takes(leagues=given.count)
def pooled_excludes_zero(leagues: int = 50, **values: float) -> float:
    """Of a hundred leagues, how many show an improvement in the pooled published trials (interval
    below zero)."""
    found = [league(100, seed=100 * number, **values) for number in range(leagues)]
    return float(100 * np.mean([pooled(one[one["published"]]).high < 0 for one in found]))


# --------------------------------------------------------------------------------------------------


@given.takes(trials=given.count, traits=given.count, seed=given.seed)
def subgroup_found(trials: int = 2000, traits: int = 5, seed: int = 0, **values: float) -> float:
    """Of a hundred blinded trials, how many find at least one subgroup with a significant
    improvement of MELD.

    Each of the `traits` (age, sex, stage …) cuts the patients into halves by lot, so none of them
    matters.
    """
    n = int(settings(**values)["n"])
    group = patients(np.arange(seed, seed + trials), n, n, **values)
    change, place = group.final - group.entry, np.arange(2 * n)[None, :]
    seeds, found = np.arange(seed, seed + trials)[:, None], np.zeros(trials, dtype=bool)
    for trait in range(traits):
        half = luck(seeds, place, TRAIT + trait) < 0.5
        for chosen in (half, ~half):
            result = analyse(group, change, "blinded", among=chosen)
            found |= ((result["p"] < 0.05) & (result["estimate"] < 0)).to_numpy()
    return float(100 * found.mean())
