"""What several trials say together: pooled effects, random effects, heterogeneity, and the same pool
from other sides.

Every function takes a frame of `hepatica.analysis.trials.studies`. The statistics are those of
statsmodels, except REML, which it does not have. Effects (``yi``) and variances (``vi``) of ratios
are natural logarithms; everything that ``pool`` returns is back on the scale of the measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan, sqrt
from typing import TYPE_CHECKING

import numpy as np

from hepatica.analysis.effects import RATIOS
from hepatica.model import given
from hepatica.model.registry import register

if TYPE_CHECKING:  # pandas and statsmodels take seconds to import
    import pandas as pd
    from numpy.typing import NDArray

NORMAL_95 = 1.959963984540054
METHODS = ("DL", "PM", "REML", "fixed")
ENOUGH_FOR_EGGER = 10
"""Below this many trials a test of the funnel has too little power to say anything (Cochrane
Handbook)."""

LARGEST_ARM = 10_000  # people; with more, turning one event after the other takes minutes
EFFECTS, VARIANCES = (-1e9, 1e9), (1e-9, 1e9)  # beyond them squares have no digits left

register(__name__, pooling=())


class TrialsError(given.GivenError):
    """A question that the trials of the ledger cannot answer;
    the message says what to ask instead."""


@dataclass(frozen=True)
class Pool:
    """A pooled effect on the scale of its measure.

    ``low`` and ``high`` are the 95 % interval of the mean, ``prediction_low`` and
    ``prediction_high`` that of a new trial (nan below three trials and for the fixed effect).
    ``tau2``, ``q`` and ``se`` are on the scale on which the trials were pooled, logarithms for
    ratios. ``i2`` is in per cent, from Q; nan for a single trial. ``weights`` are shares of one by
    trial.
    """

    estimate: float
    low: float
    high: float
    prediction_low: float
    prediction_high: float
    tau2: float
    i2: float
    q: float
    df: int
    se: float
    weights: Mapping[str, float]
    measure: str
    method: str


def readable(rows: pd.DataFrame) -> pd.DataFrame:
    """The studies that have an effect."""
    return rows[rows["yi"].notna()]


def pool(rows: pd.DataFrame, method: str = "DL", knapp_hartung: bool = False) -> Pool:
    """The pooled effect of the readable studies.

    ``method``: DL (DerSimonian-Laird), PM (Paule-Mandel), REML, or fixed (one common effect).
    ``knapp_hartung`` scales the error of the mean by the observed scatter and takes t instead of
    the normal quantile; it needs at least two trials and a random effect, otherwise it changes
    nothing. The prediction interval is Higgins' (t with k − 2 degrees). Raises TrialsError when no
    study is readable, the measures are mixed, a study stands twice, an effect is not finite or a
    variance is missing, not finite, zero or below; GivenError for another method or flag.
    """
    from statsmodels.stats.meta_analysis import combine_effects

    rows, measure = _one_measure(rows)
    _require_method(method)
    y, v = rows["yi"].to_numpy(float), rows["vi"].to_numpy(float)
    if len(y) == 1:
        return _alone(rows, measure, method)
    common = combine_effects(y, v)
    tau2 = tau2_of(y, v, method)
    # its "fixed" part is the random effect once tau2 is in the variances
    mixed = combine_effects(y, v + tau2)
    hartung = given.flag(knapp_hartung, "knapp_hartung") and method != "fixed"
    se = sqrt(mixed.var_hksj_fe if hartung else mixed.var_eff_w_fe)
    centre, width = mixed.mean_effect_fe, se * (t_quantile(len(y) - 1) if hartung else NORMAL_95)
    ahead = t_quantile(len(y) - 2) * sqrt(tau2 + se**2) if len(y) > 2 and method != "fixed" else nan
    ends = [centre, centre - width, centre + width, centre - ahead, centre + ahead]
    q, df = float(common.q), len(y) - 1
    weights = dict(zip(rows["trial"], mixed.weights_rel_fe.tolist(), strict=True))
    return Pool(
        *_back(ends, measure),
        tau2,
        100 * max(0.0, 1 - df / q) if q > 0 else 0.0,
        q,
        df,
        se,
        weights,
        measure,
        method,
    )


def _require_method(method: str) -> None:
    if not isinstance(method, str) or method not in METHODS:
        raise TrialsError(f"There is no method {method!r}. Write one of: {', '.join(METHODS)}.")


def _sound(rows: pd.DataFrame) -> pd.DataFrame:
    """The readable studies; TrialsError for a column, effect, variance or key that cannot be."""
    for name in ("trial", "measure", "yi", "vi"):
        if name not in getattr(rows, "columns", ()):
            raise TrialsError(f"rows has no column {name!r}. Give the frame that studies() makes.")
    kept = readable(rows)
    for trial, y, v in zip(kept["trial"], kept["yi"], kept["vi"], strict=True):
        given.number(y, f"rows, study {trial}: yi", *EFFECTS)
        given.number(v, f"rows, study {trial}: vi, a variance,", *VARIANCES)
    return kept


def _one_measure(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    kept = _sound(rows)
    if kept.empty:
        raise TrialsError(
            "None of these studies has a readable effect. Column problem of studies() says why."
        )
    measures = sorted(set(kept["measure"]))
    if len(measures) > 1:
        raise TrialsError(
            f"These studies mix {' and '.join(measures)}. Pool one measure at a time."
        )
    twice = kept["trial"][kept["trial"].duplicated()]
    if len(twice):
        raise TrialsError(f"rows holds the study {twice.iloc[0]!r} twice. Keep one row of each.")
    return kept, measures[0]


def _alone(rows: pd.DataFrame, measure: str, method: str) -> Pool:
    """One trial is its own pool; heterogeneity cannot be known."""
    centre, se = float(rows["yi"].iloc[0]), sqrt(rows["vi"].iloc[0])
    ends = [centre, centre - NORMAL_95 * se, centre + NORMAL_95 * se, nan, nan]
    return Pool(
        *_back(ends, measure), 0.0, nan, 0.0, 0, se, {rows["trial"].iloc[0]: 1.0}, measure, method
    )


def _back(ends: list[float], measure: str) -> list[float]:
    """Effects on the scale of the measure."""
    return [float(np.exp(end)) if measure in RATIOS else float(end) for end in ends]


def tau2_of(y: NDArray, v: NDArray, method: str) -> float:
    """Variance between trials, never negative; GivenError for a method, effects or variances that
    cannot be, TrialsError where the likelihood has no maximum."""
    _require_method(method)
    y, v = (np.array(given.numbers(y, "y", *EFFECTS)), np.array(given.numbers(v, "v", *VARIANCES)))
    least = 1 if method == "fixed" else 2
    if len(y) != len(v) or len(y) < least:
        raise TrialsError(f"{len(y)} effects y, {len(v)} variances v. Give {least} or more each.")
    from statsmodels.stats.meta_analysis import combine_effects

    if method == "fixed":
        return 0.0
    if method == "PM":
        return _paule_mandel(y, v)
    # statsmodels takes the root of a negative estimate, which we set to zero
    with np.errstate(invalid="ignore"):
        start = max(0.0, float(combine_effects(y, v, method_re="dl").tau2))
    return _reml(y, v, start) if method == "REML" else start


def _paule_mandel(y: NDArray, v: NDArray) -> float:
    """The variance at which Q equals its degrees of freedom.

    statsmodels 0.15 has the method too, but returns zero when its last step overshoots by a
    rounding error.
    """
    from scipy.optimize import brentq
    from statsmodels.stats.meta_analysis import combine_effects

    def excess(tau2: float) -> float:
        return float(combine_effects(y, v + tau2).q) - (len(y) - 1)

    return (
        float(brentq(excess, 0, np.ptp(y) ** 2, xtol=1e-15, rtol=1e-14)) if excess(0) > 0 else 0.0
    )


def _reml(y: NDArray, v: NDArray, tau2: float) -> float:
    """Fisher scoring of the restricted likelihood (Viechtbauer 2005)."""
    for _ in range(1000):
        w = 1 / (v + tau2)
        total, mean = w.sum(), (w * y).sum() / w.sum()
        score = (w**2 * (y - mean) ** 2).sum() - (total - (w**2).sum() / total)
        information = (w**2).sum() - 2 * (w**3).sum() / total + ((w**2).sum() / total) ** 2
        moved = max(0.0, tau2 + score / information)
        if abs(moved - tau2) < 1e-13 * (1 + tau2):
            return float(moved)
        tau2 = moved
    raise TrialsError(
        "The restricted likelihood has no clear maximum for these trials. Use DL or PM."
    )


def t_quantile(df: int) -> float:
    """Two-sided 5 % quantile of Student's t; GivenError unless `df` is above zero."""
    given.number(df, "df", 0, above=True)
    from scipy.stats import t

    return float(t.ppf(0.975, df))


# -- rare events: pooled from the counts -----------------------------------------------------------


@dataclass(frozen=True)
class FromCounts:
    """One common effect from the counts of all trials, with its 95 % interval.

    ``se`` is of the logarithm for ratios. ``trials`` counts those that could say something: for
    ratios a trial without a death in either arm says nothing.
    """

    estimate: float
    low: float
    high: float
    se: float
    trials: int
    measure: str
    method: str


def mantel_haenszel(a, n1, c, n2, measure: str = "RR") -> FromCounts:
    """Mantel and Haenszel's common effect: sums of counts, so that a zero needs no correction.

    ``a`` events among ``n1`` treated, ``c`` among ``n2`` controls, one number per trial.
    ``measure``: RR (variance by Greenland and Robins 1985), OR (Robins, Breslow and Greenland
    1986) or RD, a share of one (Sato 1989). Raises TrialsError for another measure, impossible
    counts, or when one arm has no event in any trial (OR: or no survivor).
    """
    given.one_of(measure, "measure", MANTEL_HAENSZEL)
    a, n1, c, n2 = tables = _counted(a, n1, c, n2)
    told = (a + c > 0) & (a + c < n1 + n2) if measure == "OR" else a + c > 0
    told |= measure == "RD"
    estimate, se = MANTEL_HAENSZEL[measure](*(each[told] for each in tables))
    ends = [estimate, estimate - NORMAL_95 * se, estimate + NORMAL_95 * se]
    return FromCounts(*_back(ends, measure), float(se), int(told.sum()), measure, "MH")


def peto(a, n1, c, n2) -> FromCounts:
    """Peto's odds ratio: observed minus expected events of the treated over their variance.

    Counts as in ``mantel_haenszel``. Made for rare events, arms of like size and small effects;
    otherwise it strays. Raises TrialsError when no trial has both an event and a survivor.
    """
    a, n1, c, n2 = tables = _counted(a, n1, c, n2)
    told = (a + c > 0) & (a + c < n1 + n2)
    if not told.any():
        raise TrialsError("Peto's odds ratio needs a trial with an event and a survivor.")
    a, n1, c, n2 = (each[told] for each in tables)
    n, events = n1 + n2, a + c
    spread = (n1 * n2 * events * (n - events) / (n**2 * (n - 1))).sum()
    centre, se = (a - n1 * events / n).sum() / spread, 1 / sqrt(spread)
    ends = [centre, centre - NORMAL_95 * se, centre + NORMAL_95 * se]
    return FromCounts(*_back(ends, "OR"), float(se), int(told.sum()), "OR", "Peto")


def _counted(a, n1, c, n2) -> tuple[NDArray, ...]:
    """The counts as arrays of floats; TrialsError when they cannot be counts of people."""
    arms = {"a": a, "n1": n1, "c": c, "n2": n2}
    counts = {
        name: given.numbers(np.atleast_1d(each).tolist(), name) for name, each in arms.items()
    }
    if len({len(each) for each in counts.values()}) > 1 or not counts["a"]:
        raise TrialsError("a, n1, c and n2 are not of one length. Give one number per trial.")
    for events, people in (("a", "n1"), ("c", "n2")):
        for some, all_ in zip(counts[events], counts[people], strict=True):
            _require_arm(events, some, people, all_)
    return tuple(np.array(each) for each in counts.values())


def _require_arm(events: str, some: float, people: str, every: float) -> None:
    """TrialsError unless the events lie between zero and the people of their arm."""
    if not 0 <= some <= every or every <= 0:
        raise TrialsError(
            f"{events}={some:g} of {people}={every:g}: "
            "events must lie between zero and the people of their arm."
        )


def _mh_risk_ratio(a: NDArray, n1: NDArray, c: NDArray, n2: NDArray) -> tuple[float, float]:
    n = n1 + n2
    above, below = (a * n2 / n).sum(), (c * n1 / n).sum()
    _both_arms_have(above, below)
    variance = ((n1 * n2 * (a + c) - a * c * n) / n**2).sum() / (above * below)
    return float(np.log(above / below)), sqrt(variance)


def _mh_odds_ratio(a: NDArray, n1: NDArray, c: NDArray, n2: NDArray) -> tuple[float, float]:
    n, b, d = n1 + n2, n1 - a, n2 - c
    r, s, p, q = a * d / n, b * c / n, (a + d) / n, (b + c) / n
    above, below = r.sum(), s.sum()
    _both_arms_have(above, below)
    variance = (
        (p * r).sum() / (2 * above**2)
        + (p * s + q * r).sum() / (2 * above * below)
        + (q * s).sum() / (2 * below**2)
    )
    return float(np.log(above / below)), sqrt(variance)


def _mh_risk_difference(a: NDArray, n1: NDArray, c: NDArray, n2: NDArray) -> tuple[float, float]:
    n = n1 + n2
    weight = n1 * n2 / n
    centre = ((a * n2 - c * n1) / n).sum() / weight.sum()
    skew = (c * (n1 / n) ** 2 - a * (n2 / n) ** 2 + weight * (n2 - n1) / n / 2).sum()
    both = ((a * (n2 - c) + c * (n1 - a)) / n / 2).sum()
    return float(centre), sqrt((centre * skew + both) / weight.sum() ** 2)


def _both_arms_have(above: float, below: float) -> None:
    if not (above > 0 and below > 0):
        raise TrialsError("In one arm nothing happened in any trial: take the risk difference, RD.")


MANTEL_HAENSZEL = {"RR": _mh_risk_ratio, "OR": _mh_odds_ratio, "RD": _mh_risk_difference}


def fragility(a: int, n1: int, c: int, n2: int) -> int:
    """How many more events in the arm with fewer would lift Fisher's p to 0.05 or above; 0 if it
    is there already (Walsh 2014).

    Raises GivenError for what is no count, TrialsError for more events than people.
    """
    from scipy.stats import fisher_exact

    arms = {"a": a, "n1": n1, "c": c, "n2": n2}
    a, n1, c, n2 = (given.whole(each, name, 0, LARGEST_ARM) for name, each in arms.items())
    _require_arm("a", a, "n1", n1)
    _require_arm("c", c, "n2", n2)

    (a, n1), (c, n2) = sorted(((a, n1), (c, n2)), key=lambda arm: arm[0] / arm[1])
    changed = 0
    while fisher_exact([[a + changed, n1 - a - changed], [c, n2 - c]])[1] < 0.05:
        changed += 1
    return changed


# -- looking at a pool from other sides ------------------------------------------------------------


def _summary(made: Pool) -> dict[str, float]:
    return {
        "estimate": made.estimate,
        "low": made.low,
        "high": made.high,
        "tau2": made.tau2,
        "i2": made.i2,
        "trials": len(made.weights),
    }


def leave_one_out(
    rows: pd.DataFrame, method: str = "DL", knapp_hartung: bool = False
) -> pd.DataFrame:
    """The pool without each trial in turn: columns left_out, estimate, low, high, tau2, i2, trials.

    Raises TrialsError for fewer than two readable trials.
    """
    import pandas as pd

    rows, _ = _one_measure(rows)
    if len(rows) < 2:
        raise TrialsError("Leaving one out needs at least two readable trials.")
    return pd.DataFrame(
        [
            {
                "left_out": trial,
                **_summary(pool(rows[rows["trial"] != trial], method, knapp_hartung)),
            }
            for trial in rows["trial"]
        ]
    )


def by_year(rows: pd.DataFrame) -> pd.DataFrame:
    """The studies in the order of their years; a study without a year comes last."""
    return rows.sort_values("year", kind="stable", na_position="last")


def cumulative(rows: pd.DataFrame, method: str = "DL", knapp_hartung: bool = False) -> pd.DataFrame:
    """The pool as it stood after each trial, by year: columns added, year, estimate, low, high,
    tau2, i2, trials."""
    import pandas as pd

    rows = by_year(_one_measure(rows)[0])
    return pd.DataFrame(
        [
            {
                "added": row.trial,
                "year": row.year,
                **_summary(pool(rows.iloc[: n + 1], method, knapp_hartung)),
            }
            for n, row in enumerate(rows.itertuples())
        ]
    )


def subgroups(
    rows: pd.DataFrame, by: str, method: str = "DL", knapp_hartung: bool = False
) -> pd.DataFrame:
    """The pool of each value of column ``by``, with its own tau2: the column, estimate, low, high,
    tau2, i2, trials.

    ``difference_p`` (the same in every row) tests whether the groups differ (Q between groups,
    random effects). Raises GivenError for a column that is not there.
    """
    import pandas as pd
    from scipy.stats import chi2

    rows, measure = _one_measure(rows)
    given.one_of(by, "by", rows.columns)
    made = {
        name: pool(group, method, knapp_hartung) for name, group in rows.groupby(by, dropna=False)
    }
    centres = np.array(
        [np.log(each.estimate) if measure in RATIOS else each.estimate for each in made.values()]
    )
    w = 1 / np.array([each.se for each in made.values()]) ** 2
    between = float((w * (centres - (w * centres).sum() / w.sum()) ** 2).sum())
    p = float(chi2.sf(between, len(made) - 1)) if len(made) > 1 else nan
    return pd.DataFrame(
        [{by: name, **_summary(each), "difference_p": p} for name, each in made.items()]
    )


def funnel(rows: pd.DataFrame) -> pd.DataFrame:
    """Points of a funnel plot: trial, label, yi, se,
    and the 95 % limits around the common effect at that error."""
    rows, measure = _one_measure(rows)
    centre = pool(rows, "fixed").estimate
    centre = np.log(centre) if measure in RATIOS else centre
    points = rows[["trial", "label", "yi"]].assign(se=np.sqrt(rows["vi"].astype(float)))
    return points.assign(
        low=centre - NORMAL_95 * points["se"], high=centre + NORMAL_95 * points["se"]
    )


@dataclass(frozen=True)
class Egger:
    """Egger's test: ``intercept`` with 95 % interval and p; ``verdict`` says what it can bear."""

    intercept: float
    low: float
    high: float
    p: float
    trials: int
    verdict: str


def egger(rows: pd.DataFrame) -> Egger:
    """Egger's regression of effect/error on 1/error; an intercept away from zero means a lopsided
    funnel.

    Small trials may differ for better reasons than hidden failures: sicker patients, other care,
    chance. With fewer than ten trials the verdict says that the test cannot tell. Raises
    TrialsError below three trials.
    """
    from statsmodels.regression.linear_model import OLS

    rows, _ = _one_measure(rows)
    if len(rows) < 3:
        raise TrialsError(
            "Egger's test needs at least three readable trials, and ten to mean anything."
        )
    se = np.sqrt(rows["vi"].to_numpy(float))
    fit = OLS(rows["yi"].to_numpy(float) / se, np.column_stack([np.ones_like(se), 1 / se])).fit()
    low, high = fit.conf_int()[0]
    verdict = (
        f"{len(rows)} trials are too few: the test cannot tell"
        if len(rows) < ENOUGH_FOR_EGGER
        else "lopsided"
        if fit.pvalues[0] < 0.05
        else "no clear sign of a lopsided funnel"
    )
    return Egger(
        float(fit.params[0]), float(low), float(high), float(fit.pvalues[0]), len(rows), verdict
    )
