"""The Mayo Clinic's people with primary biliary cholangitis: the rows of data/pbc.csv and
data/pbcseq.csv, and the years before the end. `hepatica.analysis.survival` asks what becomes of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from hepatica import ledger
from hepatica.model import given
from hepatica.model.registry import register
from hepatica.models import scores

if TYPE_CHECKING:  # pandas takes seconds to import
    import pandas as pd

CALENDAR_YEAR = 365.25
"""Days: patients are followed through leap years too, unlike the models,
whose year has 365 days."""

register(__name__, pbc=())

MEASUREMENTS = (
    "bilirubin_mg_dl",
    "albumin_g_dl",
    "prothrombin_s",
    "platelets_10e9_l",
    "cholesterol_mg_dl",
    "alp_u_l",
    "ast_u_l",
    "ascites",
    "albi",
)
"""What ``trajectories`` and ``missingness`` can follow."""

NORMAL_95 = 1.959963984540054  # half-width of a 95 % interval in standard errors


class SurvivalError(given.GivenError):
    """A question that these data cannot answer; the message says what to ask instead."""


# -- the patients ----------------------------------------------------------------------------------


def cohort() -> pd.DataFrame:
    """The 418 patients at entry, one row each.

    Adds to data/pbc.csv: ``years``, ``randomised``, ``albi``, ``albi_grade``, ``apri`` (upper limit
    of AST assumed; missing for the 110 without AST or platelets) and the logarithms of the Mayo
    model.
    """
    return _cohort().copy()


@cache
def _cohort() -> pd.DataFrame:
    rows = ledger.table("pbc")
    rows["years"] = rows["days"].astype(float) / CALENDAR_YEAR
    rows["randomised"] = rows["treatment"] != ""
    rows["albi"] = _albi(rows)
    rows["albi_grade"] = [scores.albi_grade(value) for value in rows["albi"]]
    both = rows[["ast_u_l", "platelets_10e9_l"]].dropna()
    rows["apri"] = both.apply(
        lambda row: scores.apri(ast=row.iloc[0], platelets=row.iloc[1]), axis="columns"
    )
    for name, column in {
        "bilirubin": "bilirubin_mg_dl",
        "albumin": "albumin_g_dl",
        "prothrombin": "prothrombin_s",
    }.items():
        rows[f"ln_{name}"] = np.log(rows[column])
    return rows


def visits() -> pd.DataFrame:
    """The 1945 visits of the 312 trial patients; adds ``years_to_end``, ``last`` and ``albi``.

    ``albi`` is missing for the one visit whose albumin no patient can have.
    """
    return _visits().copy()


@cache
def _visits() -> pd.DataFrame:
    rows = ledger.table("pbcseq")
    rows["years_to_end"] = (rows["days"] - rows["visit_day"]).astype(float) / CALENDAR_YEAR
    rows["last"] = rows.groupby("patient")["visit_day"].transform("max") == rows["visit_day"]
    rows["albi"] = _albi(rows)
    return rows


def _albi(rows: pd.DataFrame) -> list[float]:
    return [
        _albi_or_missing(*pair)
        for pair in zip(rows["bilirubin_mg_dl"], rows["albumin_g_dl"], strict=True)
    ]


def _albi_or_missing(bilirubin: float, albumin: float) -> float:
    try:
        return scores.albi(
            bilirubin=bilirubin, bilirubin_unit="mg/dL", albumin=albumin, albumin_unit="g/dL"
        )
    except scores.ImpossibleValue:  # a misprint of the data, listed in data/SOURCES.md
        return float("nan")


# -- the years before the end ----------------------------------------------------------------------


def trajectories(measurement: str, years: int = 10, step: float = 1.0) -> pd.DataFrame:
    """A measurement in the years before death, transplantation or end of follow-up, all patients
    aligned at that end.

    Columns: outcome, years_before (middle of the interval, negative), patients (behind the point),
    followed (patients whose follow-up covers the interval's later end), visits, median, q1, q3. A
    patient with several visits in an interval counts once, with their mean. The farther back, the
    fewer patients, and only those who lived that long. Raises SurvivalError for another measurement
    and GivenError for years or a step that are not above zero.
    """
    import pandas as pd

    given.number(years, "years", 0, above=True)
    given.number(step, "step", 0, above=True)

    rows = visits().dropna(subset=[_measurement(measurement)])
    rows["interval"] = np.floor(rows["years_to_end"] / step).astype(int)
    rows = rows[rows["years_to_end"] < years]
    each = (
        rows.groupby(["outcome", "interval", "patient"])[measurement]
        .agg(["mean", "size"])
        .reset_index()
    )
    points = (
        each.groupby(["outcome", "interval"])
        .agg(
            patients=("patient", "size"),
            visits=("size", "sum"),
            median=("mean", "median"),
            q1=("mean", lambda values: values.quantile(0.25)),
            q3=("mean", lambda values: values.quantile(0.75)),
        )
        .reset_index()
    )
    points["years_before"] = -(points["interval"] + 0.5) * step
    points["followed"] = [
        _followed(*each) for each in zip(points["outcome"], points["interval"] * step, strict=True)
    ]
    columns = ["outcome", "years_before", "patients", "followed", "visits", "median", "q1", "q3"]
    return pd.DataFrame(points[columns]).sort_values(["outcome", "years_before"], ignore_index=True)


def _followed(outcome: str, years: float) -> int:
    """Patients with this outcome whose follow-up is at least so long."""
    ends = _visits().drop_duplicates("patient")
    return int(((ends["outcome"] == outcome) & (ends["days"] >= years * CALENDAR_YEAR)).sum())


def missingness(
    measurements: Sequence[str] = ("cholesterol_mg_dl", "platelets_10e9_l", "alp_u_l", "ascites"),
) -> pd.DataFrame:
    """How often a measurement is missing, at the last visit before the end and at earlier ones, by
    outcome.

    Columns: measurement, outcome, visit ("last" or "earlier"), visits, missing, share,
    bilirubin_where_missing and bilirubin_where_measured (medians, mg/dL). If patients without the
    measurement are sicker, leaving them out, or filling in an average, makes the disease look
    milder than it was.
    """
    import pandas as pd

    found = []
    for name in map(_measurement, given.names(measurements, "measurements")):
        for (outcome, last), rows in visits().groupby(["outcome", "last"]):
            gone, bilirubin = rows[name].isna().to_numpy(bool), rows["bilirubin_mg_dl"]
            found.append(
                {
                    "measurement": name,
                    "outcome": outcome,
                    "visit": "last" if last else "earlier",
                    "visits": len(rows),
                    "missing": int(gone.sum()),
                    "share": gone.mean(),
                    "bilirubin_where_missing": bilirubin[gone].median(),
                    "bilirubin_where_measured": bilirubin[~gone].median(),
                }
            )
    return pd.DataFrame(found)


def _measurement(name: str) -> str:
    if not isinstance(name, str) or name not in MEASUREMENTS:
        raise SurvivalError(f"{name!r} was not followed. Write one of: {', '.join(MEASUREMENTS)}.")
    return name
