"""The trials of the ledger, pooled: effects, random effects, heterogeneity, and what is missing.

``studies(outcome)`` is one row per study of data/trials.csv, with its effect or the reason why it
has none; every other function takes such a frame. The statistics are those of statsmodels, except
REML, which it does not have.

    >>> round(pool(studies("deaths", trials=("Garg2012",))).estimate, 2)
    0.43

Ratios below 1 favour the treated for deaths, above 1 for survival. Effects (``yi``) and variances
(``vi``) of ratios are natural logarithms; everything that ``pool`` returns is back on the scale of
the measure. Nothing here makes a missing number: what could not be read stays missing and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import inf, isfinite, nan, sqrt
from typing import TYPE_CHECKING

import numpy as np

from hepatica import ledger
from hepatica.analysis.effects import OUTCOMES, RATIOS, both_arms
from hepatica.model.registry import register

if TYPE_CHECKING:  # pandas and statsmodels take seconds to import
    import pandas as pd
    from numpy.typing import NDArray

NORMAL_95 = 1.959963984540054
METHODS = ("DL", "PM", "REML", "fixed")
ENOUGH_FOR_EGGER = 10
"""Below this many trials a test of the funnel has too little power to say anything (Cochrane
Handbook)."""

INSIDE = {"Lanthier2017": "Spahr2013", "Sharma2015": "Sharma2020"}
"""Reports about patients who are already counted in another study."""

REGIONS = {
    "Asia": ("China", "India", "Iran", "South Korea", "Bangladesh"),
    "Europe": ("Switzerland", "United Kingdom", "Germany", "Belgium"),
    "Africa": ("Egypt",),
    "America": ("Brazil", "United States"),
}


register(__name__, trials=())


class TrialsError(ValueError):
    """A question that the trials of the ledger cannot answer;
    the message says what to ask instead."""


# -- effects of single studies ---------------------------------------------------------------------


def studies(
    outcome: str,
    measure: str = "",
    *,
    months: float | tuple[float, float] | None = None,
    trials: Iterable[str] = (),
    intervention: str = "",
    continuity: float = 0.5,
) -> pd.DataFrame:
    """One row per study with its effect, or with the reason in column ``problem`` why there is
    none.

    ``outcome``: deaths, survival, meld (points), albumin (g/L) or bilirubin (mg/dL). ``measure``:
    RR or OR for the first two, MD for the others. ``months`` picks the visit: one month or the last
    visit from low to high; without it the last readable one. ``trials`` and ``intervention``
    (cells, g_csf, extracorporeal_cells) keep some studies. ``continuity`` is added to all four
    cells of a table with a zero. Raises TrialsError for unknown names.
    """
    import pandas as pd

    measure = _require(outcome, measure)
    table = _wanted(tuple(trials), intervention)
    rows = ledger.table("trial_outcomes")
    rows = rows[rows["outcome"].isin(OUTCOMES[outcome].rows)]
    made = [
        {
            **_described(study),
            "measure": measure,
            **_effect(
                study, rows[rows["trial"] == study["key"]], outcome, measure, months, continuity
            ),
        }
        for study in table.to_dict("records")
    ]
    return pd.DataFrame(made)


def _require(outcome: str, measure: str) -> str:
    """The measure, or the usual one of the outcome; TrialsError when they do not go together."""
    if outcome not in OUTCOMES:
        raise TrialsError(f"There is no outcome {outcome!r}. Write one of: {', '.join(OUTCOMES)}.")
    allowed = tuple(RATIOS) if outcome in ("deaths", "survival") else ("MD",)
    if measure and measure not in allowed:
        raise TrialsError(
            f"{outcome} cannot be compared by {measure!r}. Write {' or '.join(allowed)}."
        )
    return measure or allowed[0]


def _wanted(trials: tuple[str, ...], intervention: str) -> pd.DataFrame:
    """The studies asked for; TrialsError for a key that the ledger does not have."""
    table = ledger.table("trials")
    unknown = set(trials) - set(table["key"])
    if unknown:
        raise TrialsError(
            f"data/trials.csv has no study {min(unknown)!r}. Look at ledger.table('trials')."
        )
    if trials:
        table = table[table["key"].isin(trials)]
    if intervention:
        table = table[table["intervention_class"] == intervention]
    if table.empty:
        raise TrialsError(
            "No study is left. Ask for fewer conditions; interventions are cells, "
            "g_csf and extracorporeal_cells."
        )
    return table


def _described(study: Mapping) -> dict:
    """What a forest plot tells about a study beside its numbers."""
    year = None if study["year"] is None or study["year"] != study["year"] else int(study["year"])
    name = re.sub(r" [A-Z]{1,3}$", "", study["first_author"]) or study["called"]
    return {
        "trial": study["key"],
        "label": f"{name} {year}" if year else name,
        "year": year,
        "design": study["design"],
        "blinded": study["blinded"],
        "population": study["population"],
        "country": study["country"],
        "region": _region(study["country"]),
        "cell_type": study["cell_type"],
        "intervention_class": study["intervention_class"],
        "source": study["source"],
    }


def _region(country: str) -> str:
    """Asia, Europe, Africa or America; "not read" where the ledger has no country,
    "several" across regions."""
    if not country:
        return "not read"
    found = [region for region, names in REGIONS.items() if any(name in country for name in names)]
    return found[0] if len(found) == 1 else "several"


BLANK = {
    "months": nan,
    "n_treated": nan,
    "n_control": nan,
    "treated": nan,
    "control": nan,
    "sd_treated": nan,
    "sd_control": nan,
    "yi": nan,
    "vi": nan,
    "estimated": "",
    "problem": "",
    "status": "numbers",
    "printed": "",
    "note": "",
}


def _effect(
    study: Mapping, rows: pd.DataFrame, outcome: str, measure: str, months, continuity: float
) -> dict:
    """Effect of one study at the visit asked for;
    ``problem`` and ``status`` say what is missing otherwise."""
    visits = _visits(rows, months)
    problem = _without_visit(study, rows, outcome)
    for month, arms in visits:
        both = both_arms(arms, outcome, measure, continuity)
        if not both["problem"]:
            return {**BLANK, "months": month, **both}
        problem = problem or ("partly", both["problem"])
    status, words = problem or ("partly", "numbers only at other times")
    return {**BLANK, "status": status, "problem": words}


def _without_visit(study: Mapping, rows: pd.DataFrame, outcome: str) -> tuple[str, str] | None:
    """Status and reason of a study that cannot be compared whatever the visit;
    None if its visits decide."""
    if study["key"] in INSIDE:
        return "same patients", f"the same patients as {_spaced(INSIDE[study['key']])}"
    if rows.empty:
        spoken = _spoken(study, outcome)
        return ("words", "only words") if spoken else ("not found", "nothing found")
    if study["design"] == "single_arm":
        return "partly", "no control group"
    if (rows["months"] == 0).all():
        return "partly", "only values before treatment"
    return None


def _spaced(key: str) -> str:
    """The key of a study as words: Spahr2013 becomes Spahr 2013."""
    return re.sub(r"(\d{4})$", r" \1", key)


def _spoken(study: Mapping, outcome: str) -> bool:
    """Whether what we read of the study speaks of the outcome (and not only of its absence)."""
    told = " ".join(
        study[name]
        for name in (
            "headline_result",
            "primary_outcome",
            "serious_adverse_events_note",
            "evidence_note",
        )
    )
    sentences = [
        part
        for part in re.split(r"[.;]", told)
        if not re.search(
            r"not (be )?read|no "
            r"results",
            part,
        )
    ]
    return any(re.search(OUTCOMES[outcome].words, part, re.IGNORECASE) for part in sentences)


def _visits(rows: pd.DataFrame, months) -> list[tuple[float, dict[str, Mapping]]]:
    """Visits after the start with the rows of their arms, the latest first;
    a visit without a date comes last."""
    low, high = months if isinstance(months, tuple) else (months, months)
    kept = rows[rows["months"] != 0]
    if months is not None:
        kept = kept[kept["months"].between(low, high)]
    groups = [
        (month, {row["arm"]: row for row in group.to_dict("records")})
        for month, group in kept.groupby("months", dropna=False)
    ]
    return sorted(groups, key=lambda item: -item[0] if isfinite(item[0]) else inf)


# -- pooling ---------------------------------------------------------------------------------------


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
    study is readable or the measures are mixed.
    """
    from statsmodels.stats.meta_analysis import combine_effects

    rows, measure = _one_measure(rows)
    if method not in METHODS:
        raise TrialsError(f"There is no method {method!r}. Write one of: {', '.join(METHODS)}.")
    y, v = rows["yi"].to_numpy(float), rows["vi"].to_numpy(float)
    if len(y) == 1:
        return _alone(rows, measure, method)
    common = combine_effects(y, v)
    tau2 = _tau2(y, v, method)
    # its "fixed" part is the random effect once tau2 is in the variances
    mixed = combine_effects(y, v + tau2)
    hartung = knapp_hartung and method != "fixed"
    se = sqrt(mixed.var_hksj_fe if hartung else mixed.var_eff_w_fe)
    centre, width = mixed.mean_effect_fe, se * (_t_quantile(len(y) - 1) if hartung else NORMAL_95)
    ahead = (
        _t_quantile(len(y) - 2) * sqrt(tau2 + se**2) if len(y) > 2 and method != "fixed" else nan
    )
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


def _one_measure(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    kept = readable(rows)
    if kept.empty:
        raise TrialsError(
            "None of these studies has a readable effect. Column problem of studies() says why."
        )
    measures = sorted(set(kept["measure"]))
    if len(measures) > 1:
        raise TrialsError(
            f"These studies mix {' and '.join(measures)}. Pool one measure at a time."
        )
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


def _tau2(y: NDArray, v: NDArray, method: str) -> float:
    """Variance between trials, never negative."""
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


def _t_quantile(df: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, df))


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
    random effects).
    """
    import pandas as pd
    from scipy.stats import chi2

    rows, measure = _one_measure(rows)
    made = {name: pool(group, method, knapp_hartung) for name, group in rows.groupby(by, sort=True)}
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
    few = len(rows) < ENOUGH_FOR_EGGER
    verdict = (
        f"{len(rows)} trials are too few: the test cannot tell"
        if few
        else "lopsided"
        if fit.pvalues[0] < 0.05
        else "no clear sign of a lopsided funnel"
    )
    return Egger(
        float(fit.params[0]), float(low), float(high), float(fit.pvalues[0]), len(rows), verdict
    )


# -- who reports what ------------------------------------------------------------------------------

REPORTED = ("deaths", "meld", "albumin", "bilirubin")


def reporting() -> pd.DataFrame:
    """For each study and outcome what could be read: numbers, partly, words, not found, or same
    patients.

    Columns: those that describe the study, outcome, status, problem and the text as printed.
    "numbers" means both arms after treatment, with a spread where a mean needs one.
    """
    import pandas as pd

    columns = [
        "trial",
        "label",
        "year",
        "design",
        "population",
        "cell_type",
        "intervention_class",
        "status",
        "problem",
        "printed",
        "estimated",
        "sd_treated",
    ]
    return pd.concat(
        [studies(outcome)[columns].assign(outcome=outcome) for outcome in REPORTED],
        ignore_index=True,
    )


@cache
def counts() -> dict[str, int]:
    """How many studies have what: the numbers of the rows of data/pools.csv with the measure
    "count"."""
    seen = reporting()
    first = seen[seen["outcome"] == "deaths"]
    numbers = seen[seen["status"] == "numbers"]
    found = {
        "studies": len(first),
        "studies-randomised": (first["design"] == "rct").sum(),
        "studies-nonrandomised": (first["design"] == "nonrandomised").sum(),
        "studies-single-arm": (first["design"] == "single_arm").sum(),
    }
    for outcome in REPORTED:
        rows = numbers[numbers["outcome"] == outcome]
        found[f"studies-{outcome}"] = len(rows)
        found[f"studies-{outcome}-randomised"] = (rows["design"] == "rct").sum()
        found[f"studies-{outcome}-cells"] = (rows["intervention_class"] == "cells").sum()
    printed = numbers[(numbers["outcome"] == "meld") & numbers["sd_treated"].notna()]
    found["studies-meld-spread"] = (~printed["estimated"].str.contains("median")).sum()
    found["studies-no-numbers"] = len(first) - numbers["trial"].nunique()
    return {name: int(value) for name, value in found.items()}


def recomputed(key: str) -> Pool:
    """The pool that row ``key`` of data/pools.csv describes, from the trials;
    TrialsError for rows that are counts."""
    row = ledger.table("pools").set_index("key").loc[key]
    if row["measure"] not in (*RATIOS, "MD"):
        raise TrialsError(f"pools/{key} is a {row['measure']}, not a pool.")
    trials = [name.strip() for name in row["trials"].split(";")]
    months = (
        (row["months_low"], row["months_high"]) if row["months_low"] == row["months_low"] else None
    )
    return pool(
        studies(row["outcome"], row["measure"], months=months, trials=trials), row["method"]
    )
