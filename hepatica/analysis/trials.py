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
from functools import cache
from math import inf, isfinite, nan
from typing import TYPE_CHECKING

from hepatica import ledger
from hepatica.analysis.effects import OUTCOMES, RATIOS, both_arms
from hepatica.analysis.pooling import (
    ENOUGH_FOR_EGGER,
    METHODS,
    NORMAL_95,
    Egger,
    FromCounts,
    Pool,
    TrialsError,
    by_year,
    cumulative,
    egger,
    fragility,
    funnel,
    leave_one_out,
    mantel_haenszel,
    peto,
    pool,
    readable,
    subgroups,
)
from hepatica.model import given
from hepatica.model.registry import register

if TYPE_CHECKING:  # pandas takes seconds to import
    import pandas as pd

__all__ = [
    "ENOUGH_FOR_EGGER",
    "INSIDE",
    "METHODS",
    "NORMAL_95",
    "NOT_POOLED",
    "OUTCOMES",
    "RATIOS",
    "REGIONS",
    "REPORTED",
    "Egger",
    "FromCounts",
    "Pool",
    "TrialsError",
    "by_year",
    "counts",
    "cumulative",
    "egger",
    "fragility",
    "funnel",
    "leave_one_out",
    "mantel_haenszel",
    "peto",
    "pool",
    "readable",
    "recomputed",
    "reporting",
    "studies",
    "subgroups",
    "trial_sizes",
]

INSIDE = {"Lanthier2017": "Spahr2013", "Sharma2015": "Sharma2020"}
"""Reports about patients who are already counted in another study."""

NOT_POOLED = ("press report", "university page")
"""What rows of trial_outcomes.csv were read from that tell and are never pooled: no journal has
printed these numbers, and those who printed them have an interest in them."""

REGIONS = {
    "Asia": ("China", "India", "Iran", "South Korea", "Bangladesh", "Japan"),
    "Europe": ("Switzerland", "United Kingdom", "Germany", "Belgium", "Italy"),
    "Africa": ("Egypt",),
    "America": ("Brazil", "United States"),
}


register(__name__, trials=())


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
    cells of a table with a zero. Raises TrialsError for unknown names, GivenError for a bare word
    as ``trials`` and for months or a continuity that cannot be.
    """
    import pandas as pd

    measure = _require(outcome, measure)
    given.number(continuity, "continuity", 0)
    if months is not None:
        given.numbers(months if isinstance(months, tuple) else (months,), "months", 0)
    if isinstance(months, tuple) and (len(months) != 2 or months[0] > months[1]):
        raise TrialsError(f"months={months!r} is no span. Write (from, to), the lower first.")
    table = _wanted(given.names(trials, "trials"), intervention)
    rows = ledger.table("trial_outcomes")
    rows = rows[rows["outcome"].isin(OUTCOMES[outcome].rows) & ~rows["read_from"].isin(NOT_POOLED)]
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
    if not isinstance(outcome, str) or outcome not in OUTCOMES:
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
            f"No study is left with trials={trials!r} and intervention={intervention!r}. Ask for "
            "fewer conditions; interventions are cells, g_csf and extracorporeal_cells."
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
    """The pool that row ``key`` of data/pools.csv describes, from the trials; raises TrialsError for
    rows that are counts and GivenError for a key that is not there."""
    table = ledger.table("pools").set_index("key")
    row = table.loc[given.one_of(key, "key", table.index)]
    if row["measure"] not in (*RATIOS, "MD"):
        raise TrialsError(f"pools/{key} is a {row['measure']}, not a pool.")
    trials = [name.strip() for name in row["trials"].split(";")]
    months = (
        (row["months_low"], row["months_high"]) if row["months_low"] == row["months_low"] else None
    )
    return pool(
        studies(row["outcome"], row["measure"], months=months, trials=trials), row["method"]
    )


def trial_sizes() -> pd.DataFrame:
    """The randomised cell trials of the ledger with readable sizes: key, treated, control, per arm.

    `per_arm` is the size of a trial with equal arms that would see as much (the harmonic mean).
    """
    table = ledger.table("trials")
    known = table[
        (table["design"] == "rct")
        & (table["intervention_class"] == "cells")
        & ~table["key"].isin(INSIDE)
    ]
    known = known.dropna(subset=["n_treated", "n_control"])
    counts = {name: known[f"n_{name}"].astype(int) for name in ("treated", "control")}
    sizes = known.assign(**counts)[["key", "treated", "control"]]
    return sizes.assign(per_arm=2 / (1 / sizes["treated"] + 1 / sizes["control"])).reset_index(
        drop=True
    )
