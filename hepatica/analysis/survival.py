"""What the scores tell about real patients: the Mayo Clinic's people with primary biliary
cholangitis.

``cohort()`` is one row per patient at entry, ``visits()`` one row per visit; every other function
takes such a frame and returns a tidy one. Two events can be asked for. "death or transplant" ends
the life of the patient's own liver and needs no assumption. "death" alone meets a competing event:
a transplanted patient can no longer die with that liver. Kaplan-Meier then treats transplantation
as if the patient had merely been lost from sight, so one minus Kaplan-Meier is the risk in a world
without transplants, always at least the share who really die; ``cumulative_incidence``
(Aalen-Johansen) gives both side by side.

Times are in years (365.25 days). Scores are oriented so that higher is worse. Data:
data/SOURCES.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hepatica.analysis.follow_up import (
    EVENTS,
    OUTCOMES,
    arrays,
    follow_up,
    happened,
    kinds_of,
)
from hepatica.analysis.pbc import (
    CALENDAR_YEAR,
    MEASUREMENTS,
    SurvivalError,
    cohort,
    missingness,
    trajectories,
    visits,
)
from hepatica.model import given
from hepatica.model.registry import register

if TYPE_CHECKING:  # pandas and lifelines take seconds to import
    import pandas as pd
    from numpy.typing import NDArray

register(__name__, survival=())

HORIZONS = (1, 2, 3, 4, 5)
"""Years at which discrimination and calibration are reported."""

MAYO_VARIABLES = ("age_years", "oedema", "ln_bilirubin", "ln_prothrombin", "ln_albumin")
"""The variables of the Mayo model (Grambsch 1989); the coefficients are fitted here."""

NORMAL_95 = 1.959963984540054  # half-width of a 95 % interval in standard errors

__all__ = [
    "CALENDAR_YEAR",
    "EVENTS",
    "HORIZONS",
    "MAYO_VARIABLES",
    "MEASUREMENTS",
    "SurvivalError",
    "areas",
    "at_times",
    "calibration",
    "cohort",
    "concordance",
    "cross_validated_risk",
    "cumulative_incidence",
    "discrimination",
    "kaplan_meier",
    "missingness",
    "numbers_at_risk",
    "predicted_risk",
    "trajectories",
    "visits",
]


# -- how long patients live ------------------------------------------------------------------------


def kaplan_meier(
    rows: pd.DataFrame, band: str | None = None, event: str = "death or transplant"
) -> pd.DataFrame:
    """Kaplan-Meier curve for each value of column ``band``, with 95 % log-log confidence band.

    Columns: band, years, at_risk (just before that time), events, censored, survival, low, high.
    With the event "death", transplanted patients are censored: read the module's note before using
    one minus this curve.
    """
    from lifelines import KaplanMeierFitter

    curves = []
    for name, group in _bands(rows, band):
        fit = KaplanMeierFitter().fit(group["days"].astype(float), happened(group, event))
        table = fit.event_table
        curve = table[["at_risk", "observed", "censored"]].set_axis(
            ["at_risk", "events", "censored"], axis="columns"
        )
        curve["survival"] = fit.survival_function_.iloc[:, 0]
        curve[["low", "high"]] = fit.confidence_interval_.to_numpy()
        curve.insert(0, "years", curve.index / CALENDAR_YEAR)
        curve.insert(0, "band", name)
        curves.append(curve)
    return _stack(curves)


def at_times(curve: pd.DataFrame, years: Sequence[float] = HORIZONS) -> pd.DataFrame:
    """A step curve (``kaplan_meier`` or ``cumulative_incidence``) read at whole years, one row per
    band and year.

    Values are those of the last step; at_risk, events and censored belong to steps, so they are
    left out: use ``numbers_at_risk``. Raises GivenError for years that are no list, below zero or
    not rising, and for a frame that is no curve.
    """
    import pandas as pd

    for name in ("band", "years"):
        given.one_of(name, "curve, column", curve.columns)

    groups = [name for name in ("band", "cause") if name in curve]
    kept = curve.drop(columns=["at_risk", "events", "censored"], errors="ignore")
    asked = pd.DataFrame({"years": given.rising(years, "years")})
    read = [
        pd.merge_asof(asked, part.sort_values("years"), on="years")
        for _, part in kept.groupby(groups, sort=False)
    ]
    return _stack(read)[
        [*groups, "years", *[name for name in kept if name not in (*groups, "years")]]
    ]


def numbers_at_risk(
    rows: pd.DataFrame, band: str | None = None, years: Sequence[float] = (0, *HORIZONS)
) -> pd.DataFrame:
    """How many patients are still followed, alive and not transplanted at each time: band, years,
    at_risk. Raises GivenError for years that are no list, below zero or not rising."""
    import pandas as pd

    years = given.rising(years, "years")
    follow_up(rows)

    found = [
        {"band": name, "years": year, "at_risk": int((group["days"] >= year * CALENDAR_YEAR).sum())}
        for name, group in _bands(rows, band)
        for year in years
    ]
    return pd.DataFrame(found)


def cumulative_incidence(rows: pd.DataFrame, band: str | None = None) -> pd.DataFrame:
    """Aalen-Johansen share of patients who died, and who were transplanted, with 95 % log-log
    confidence band.

    Columns: band, cause, years, incidence, low, high, one_minus_km. The last one is what
    Kaplan-Meier gives when the other event is taken for censoring; it is never smaller. Computed
    here because lifelines moves tied times by chance.
    """
    import pandas as pd

    found = []
    for name, group in _bands(rows, band):
        days, outcome = follow_up(group)
        for cause in ("death", "transplant"):
            steps = _aalen_johansen(days, outcome, cause)
            found.append(pd.DataFrame({"band": name, "cause": cause, **steps}))
    return _stack(found)


def _aalen_johansen(days: NDArray, outcome: NDArray, cause: str) -> dict[str, NDArray]:
    """Incidence of one cause at every time at which something other than censoring happened."""
    times = np.unique(days[outcome != "censored"])
    at_risk = (days[:, None] >= times).sum(axis=0)
    any_event = _count(days[outcome != "censored"], times)
    of_cause = _count(days[outcome == cause], times)
    free_before = np.concatenate([[1.0], np.cumprod(1 - any_event / at_risk)[:-1]])
    incidence = np.cumsum(free_before * of_cause / at_risk)
    spread = _incidence_error(incidence, free_before, at_risk, any_event, of_cause)
    low, high = _log_log(incidence, spread)
    one_minus_km = 1 - np.cumprod(1 - of_cause / at_risk)
    start = {
        "years": times / CALENDAR_YEAR,
        "incidence": incidence,
        "low": low,
        "high": high,
        "one_minus_km": one_minus_km,
    }
    return {name: np.concatenate([[0.0], values]) for name, values in start.items()}


def _incidence_error(
    incidence: NDArray,
    free_before: NDArray,
    at_risk: NDArray,
    any_event: NDArray,
    of_cause: NDArray,
) -> NDArray:
    """Standard error of the cumulative incidence at each time (delta method,
    as Greenwood's for Kaplan-Meier)."""
    later = np.tril(incidence[:, None] - incidence[None, :])
    # nobody left: the step is the last one and later is 0 there
    staying = np.maximum(at_risk - any_event, 1e-12)
    first = (later**2 * (any_event / (at_risk * staying))).sum(axis=1)
    second = np.cumsum(free_before**2 * (at_risk - of_cause) * of_cause / at_risk**3)
    third = (later * (free_before * of_cause / at_risk**2)).sum(axis=1)
    return np.sqrt(np.maximum(first + second - 2 * third, 0))


def _log_log(share: NDArray, error: NDArray) -> tuple[NDArray, NDArray]:
    """95 % interval that stays between 0 and 1."""
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    width = np.where(inside, NORMAL_95 * error / (safe * np.log(safe)), 0)
    return np.where(inside, safe ** np.exp(-width), share), np.where(
        inside, safe ** np.exp(width), share
    )


def _count(days: NDArray, times: NDArray) -> NDArray:
    return (days[:, None] == times).sum(axis=0)


# -- does the score rank patients? -----------------------------------------------------------------


def discrimination(
    rows: pd.DataFrame,
    names: Iterable[str],
    event: str = "death or transplant",
    years: Sequence[float] = HORIZONS,
    resamples: int = 200,
    seed: int = 7,
) -> pd.DataFrame:
    """Harrell's C over all follow-up and AUC(t) at each year for each score, with 95 % intervals.

    Columns: score, measure ("C" or "AUC"), years (missing for C), value, low, high, patients,
    cases. C: transplant censors when the event is "death"; interval from its
    infinitesimal-jackknife standard error. AUC: cases had the event by t, controls had not (Blanche
    2013, cumulative/dynamic, weighted by the inverse probability of being uncensored); a patient
    transplanted before t stays a control when the event is "death". Interval from ``resamples``
    bootstrap samples; 0 leaves it out. Raises SurvivalError for an unknown score or event,
    GivenError for a bare word as ``names`` and for years or resamples that cannot be.
    """
    import pandas as pd

    years, names = given.rising(years, "years"), given.names(names, "names")
    given.whole(resamples, "resamples")

    found = []
    for name in names:
        group = rows.loc[_column(rows, name).notna()]
        found.append(_concordance_row(group, name, event))
        found += _auc_rows(group, name, event, years, resamples, seed)
    return pd.DataFrame(found)


def _concordance_row(group: pd.DataFrame, name: str, event: str) -> dict:
    ended = happened(group, event)
    value, error = concordance(group["days"].to_numpy(float), ended, group[name].to_numpy(float))
    return {
        "score": name,
        "measure": "C",
        "years": np.nan,
        "value": value,
        "low": value - NORMAL_95 * error,
        "high": value + NORMAL_95 * error,
        "patients": len(group),
        "cases": int(ended.sum()),
    }


def concordance(days: NDArray, happened: NDArray, score: NDArray) -> tuple[float, float]:
    """Harrell's C and its standard error; of two patients the one with the earlier event should
    score higher.

    A pair counts when the earlier time is an event; equal scores count one half. Raises GivenError
    for arrays that differ in length, negative days, missing scores or events that are no flags.
    """
    days, happened, score = arrays(days, happened, score)
    earlier = (days[:, None] < days) | ((days[:, None] == days) & ~happened[None, :])
    usable = earlier & happened[:, None]
    if not usable.any():
        raise SurvivalError(
            "No pair of patients can be compared: nobody had the event while another was followed."
        )
    right = usable * _wins(score, score)
    value = right.sum() / usable.sum()
    influence = right.sum(0) + right.sum(1) - value * (usable.sum(0) + usable.sum(1))
    return float(value), float(np.sqrt((influence**2).sum()) / usable.sum())


def _auc_rows(
    group: pd.DataFrame, name: str, event: str, years: Sequence[float], resamples: int, seed: int
) -> list[dict]:
    days, outcome = follow_up(group)
    score, kinds = group[name].to_numpy(float), kinds_of(event)
    draws = np.random.default_rng(seed).integers(0, len(days), (resamples, len(days)))
    horizons = np.array(years) * CALENDAR_YEAR
    again = np.array([areas(days[i], outcome[i], score[i], horizons, kinds) for i in draws])
    low, high = (
        np.nanquantile(again, (0.025, 0.975), axis=0)
        if resamples
        else np.full((2, len(years)), np.nan)
    )
    value = areas(days, outcome, score, horizons, kinds)
    return [
        {
            "score": name,
            "measure": "AUC",
            "years": float(year),
            "value": value[k],
            "low": low[k],
            "high": high[k],
            "patients": len(days),
            "cases": int((np.isin(outcome, kinds) & (days <= horizons[k])).sum()),
        }
        for k, year in enumerate(years)
    ]


def areas(
    days: NDArray, outcome: NDArray, score: NDArray, horizons: NDArray, kinds: tuple[str, ...]
) -> NDArray:
    """AUC(t) at each horizon in days; missing where nobody had the event or nobody was followed
    that long.

    ``outcome`` holds "censored", "transplant" or "death"; ``kinds`` are the outcomes that make a
    case. Raises GivenError for kinds that are no outcomes.
    """
    for kind in given.names(kinds, "kinds"):
        given.one_of(kind, "kinds", OUTCOMES)
    uncensored = _uncensored_before(days, outcome, days)
    higher = _wins(score, score)
    found = np.full(len(horizons), np.nan)
    for k, horizon in enumerate(horizons):
        known = (days <= horizon) & (outcome != "censored")
        cases = np.where(known & np.isin(outcome, kinds), 1 / uncensored, 0)
        still = _uncensored_before(days, outcome, np.array([horizon + 1e-6]))[0]
        controls = np.where(
            days > horizon, 1 / max(still, 1e-12), np.where(known & (cases == 0), 1 / uncensored, 0)
        )
        if cases.any() and controls.any():
            found[k] = cases @ higher @ controls / (cases.sum() * controls.sum())
    return found


def _uncensored_before(days: NDArray, outcome: NDArray, times: NDArray) -> NDArray:
    """Probability of not being censored before each time (reverse Kaplan-Meier;
    events come before censoring)."""
    censored = outcome == "censored"
    steps = np.unique(days[censored])
    at_risk = (days[:, None] >= steps).sum(axis=0) - _count(days[~censored], steps)
    surviving = np.concatenate([[1.0], np.cumprod(1 - _count(days[censored], steps) / at_risk)])
    return surviving[np.searchsorted(steps, times, side="left")]


def _wins(first: NDArray, second: NDArray) -> NDArray:
    """1 where the first score is higher, one half where they are equal."""
    return (first[:, None] > second) + 0.5 * (first[:, None] == second)


# -- does the predicted risk come true? ------------------------------------------------------------


def predicted_risk(
    fitted_on: pd.DataFrame,
    rows: pd.DataFrame,
    variables: Sequence[str],
    event: str = "death or transplant",
    years: Sequence[float] = HORIZONS,
) -> pd.DataFrame:
    """Risk of the event by each year from a Cox model (Efron ties, Breslow hazard) of
    ``variables``.

    Fitted on ``fitted_on``, applied to ``rows``: one row per patient of these, one column per year.
    Patients who lack a variable are left out of the fit and of the answer. With the event "death"
    this is a risk in a world without transplants. Raises SurvivalError for an unknown variable or
    event, GivenError for a bare word as ``variables`` and for years that cannot be.
    """
    import pandas as pd
    from lifelines import CoxPHFitter

    years, variables = given.rising(years, "years"), given.names(variables, "variables")
    for name in variables:
        _column(fitted_on, name), _column(rows, name)
    outcome = {"days": fitted_on["days"].astype(float), "happened": happened(fitted_on, event)}
    model = CoxPHFitter().fit(
        fitted_on[list(variables)].assign(**outcome).dropna(), "days", "happened"
    )
    known = rows[list(variables)].dropna()
    # a step function, read to the left; lifelines' own prediction draws slanted lines between the
    # steps
    hazard = model.baseline_cumulative_hazard_.iloc[:, 0]
    reached = [hazard.loc[: year * CALENDAR_YEAR].iloc[-1] for year in years]
    risk = 1 - np.exp(-np.outer(model.predict_partial_hazard(known), reached))
    return pd.DataFrame(risk, index=known.index, columns=list(years))


def cross_validated_risk(
    rows: pd.DataFrame,
    variables: Sequence[str],
    event: str = "death or transplant",
    years: Sequence[float] = HORIZONS,
    folds: int = 10,
) -> pd.DataFrame:
    """``predicted_risk`` for everybody, each patient by a model that never saw that patient.

    Every ``folds``-th patient forms a fold, so the answer is the same each time. Raises GivenError
    unless there are at least two folds and as many patients.
    """
    import pandas as pd

    given.whole(folds, "folds", 2, len(rows))

    fold = np.arange(len(rows)) % folds
    parts = [
        predicted_risk(rows[fold != k], rows[fold == k], variables, event, years)
        for k in range(folds)
    ]
    return pd.concat(parts).sort_index()


def calibration(
    rows: pd.DataFrame, predicted: pd.DataFrame, event: str = "death or transplant", groups: int = 4
) -> pd.DataFrame:
    """Predicted against observed risk in groups of rising predicted risk; ``groups=1`` asks for
    everybody together.

    Columns: years, group (1 lowest), patients, events (by then), predicted, observed, low, high
    (one minus Kaplan-Meier, log-log), incidence (Aalen-Johansen; differs from observed only for the
    event "death"), ratio (observed by predicted). Raises GivenError for a number of groups that
    cannot be, a risk outside zero to one, and two rows of one patient.
    """
    import pandas as pd

    given.whole(groups, "groups", 1, len(predicted))
    given.numbers(predicted.to_numpy().ravel(), "predicted", 0, 1)
    if not (rows.index.is_unique and predicted.index.isin(rows.index).all()):
        raise SurvivalError("rows and predicted: give each patient one row, under one index.")

    found = []
    for year in predicted.columns:
        risk = predicted[year]
        group = pd.qcut(risk.rank(method="first"), groups, labels=False) + 1
        for number in range(1, groups + 1):
            inside = risk.index[group == number]
            found.append(
                {
                    "years": year,
                    "group": number,
                    "predicted": risk[inside].mean(),
                    **_observed(rows.loc[inside], event, year),
                }
            )
    return pd.DataFrame(found).assign(ratio=lambda each: each["observed"] / each["predicted"])


def _observed(group: pd.DataFrame, event: str, year: float) -> dict[str, float]:
    """What happened by ``year``: patients, events, 1 - Kaplan-Meier with interval,
    and Aalen-Johansen incidence."""
    km = at_times(kaplan_meier(group, event=event), [year]).iloc[0]
    reached = at_times(cumulative_incidence(group), [year]).set_index("cause")["incidence"]
    ended = happened(group, event) & (group["days"] <= year * CALENDAR_YEAR).to_numpy(bool)
    return {
        "patients": len(group),
        "events": int(ended.sum()),
        "observed": 1 - km["survival"],
        "low": 1 - km["high"],
        "high": 1 - km["low"],
        "incidence": reached[list(kinds_of(event))].sum(),
    }


# -- small helpers ---------------------------------------------------------------------------------


def _column(rows: pd.DataFrame, name: str) -> pd.Series:
    if name not in rows:
        raise SurvivalError(
            f"There is no column {name!r}. Write one of: {', '.join(rows.columns)}."
        )
    return rows[name]


def _bands(rows: pd.DataFrame, band: str | None) -> list[tuple[object, pd.DataFrame]]:
    """The groups of a column in order, without patients who lack a value;
    everybody when no column is asked for."""
    if len(rows) == 0:
        raise SurvivalError("There are no patients left. Loosen the selection.")
    return [("all", rows)] if band is None else list(rows.groupby(_column(rows, band)))


def _stack(parts: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(parts, ignore_index=True)
