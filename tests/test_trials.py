"""hepatica/analysis/trials.py, data/pools.csv and the pooling of the cards agree with R's metafor
and with what is published."""

from functools import cache, partial

import numpy as np
import pandas as pd
import pytest
from referee import asked, differing, rejects, stored
from scipy.stats import t as student

from hepatica import ledger
from hepatica.analysis import effects, trials
from tools.node import run_js

expected = partial(stored, "metafor")  # R 4.2.2, metafor 3.8-1
DEATHS = ("Spahr2013", "Newsome2018", "Brennan2025", "Lin2017")
GCSF = (
    "Engelmann2021",
    "Garg2012",
    "Duan2013",
    "Singh2014",
    "Singh2018",
    "Shasthry2019",
    "GPred3arm",
)
MELD = ("Mohamadnejad2016", "Newsome2018", "Brennan2025", "Sharma2020")
SETS = {  # R's name: question to the ledger
    "deaths-RR": {"outcome": "deaths", "trials": DEATHS},
    "deaths-OR": {"outcome": "deaths", "measure": "OR", "trials": DEATHS},
    "gcsf-RR": {"outcome": "deaths", "trials": GCSF, "months": (0.5, 3)},
    "gcsf-OR": {"outcome": "deaths", "measure": "OR", "trials": GCSF, "months": (0.5, 3)},
    "survival-OR": {"outcome": "survival", "measure": "OR", "trials": GCSF, "months": (0.5, 3)},
    "all-RR": {"outcome": "deaths"},
    "all-OR": {"outcome": "deaths", "measure": "OR"},
    "meld-MD": {"outcome": "meld", "trials": MELD, "months": 3},
    "albumin-MD": {"outcome": "albumin", "months": 6},
}


@cache
def rows_of(name: str) -> pd.DataFrame:
    return trials.readable(trials.studies(**SETS[name])).reset_index(drop=True)


def logged(made: trials.Pool, name: str) -> float:
    """One end of a pool on the scale on which R pooled."""
    value = getattr(made, name)
    return (
        float(np.log(value))
        if made.measure in trials.RATIOS and name not in ("tau2", "q", "se", "i2")
        else value
    )


# -- agreement with R ------------------------------------------------------------------------------


def test_r_still_says_the_same(record_property):
    """Where R and metafor are installed they are asked again;
    the comparisons below never need them."""
    now = asked("metafor")
    record_property("metafor", now is not None)
    assert len(expected()) == 1395
    assert now is None or differing(now, expected()) == []
    assert rejects(expected(), expected())


@pytest.mark.parametrize("name", SETS)
def test_effects_agree_with_metafor(name):
    """In the order of the ledger, R's own tables give the same effects: no trial was lost,
    doubled or turned round."""
    rows = rows_of(name)
    order = list(SETS[name].get("trials", rows["trial"]))
    rows = rows.set_index("trial").loc[order]
    found = {
        f"{name}/{what}/{n}": value
        for what in ("yi", "vi")
        for n, value in enumerate(rows[what], 1)
    }
    wanted = {
        key: value
        for key, value in expected().items()
        if key.startswith((f"{name}/yi/", f"{name}/vi/"))
    }
    assert len(found) == 2 * len(rows) and differing(found, wanted) == []
    assert rejects(found, wanted)


def pooled(name: str) -> dict[str, float]:
    """Every pool of one set, with R's keys."""
    rows, found = rows_of(name), {}
    order = list(SETS[name].get("trials", rows["trial"]))
    for method in trials.METHODS:
        for test in ("z",) if method == "fixed" else ("z", "knha"):
            made = trials.pool(rows, method, test == "knha")
            ends = ("estimate", "low", "high", "tau2", "q", "se")
            ahead = (
                ("prediction_low", "prediction_high") if np.isfinite(made.prediction_low) else ()
            )
            found |= {f"{name}/{method}/{test}/{end}": logged(made, end) for end in (*ends, *ahead)}
            found |= {
                f"{name}/{method}/{test}/weight/{n}": made.weights[trial]
                for n, trial in enumerate(order, 1)
            }
    return found


@pytest.mark.parametrize("name", SETS)
def test_pools_agree_with_metafor(name):
    found = pooled(name)
    kinds = tuple(f"{name}/{method}/" for method in trials.METHODS)
    wanted = {key: value for key, value in expected().items() if key.startswith(kinds)}
    assert len(found) > 40 and differing(found, wanted) == []
    assert rejects(found, wanted)


@pytest.mark.parametrize("name", SETS)
def test_heterogeneity_leaving_one_out_and_egger_agree_with_metafor(name):
    rows = rows_of(name)
    rows = rows.set_index("trial", drop=False).loc[list(SETS[name].get("trials", rows["trial"]))]
    made = trials.pool(rows)
    left = trials.leave_one_out(rows)["estimate"]
    found = {f"{name}/i2": made.i2} | {
        f"{name}/without/{n}": float(np.log(value) if made.measure in trials.RATIOS else value)
        for n, value in enumerate(left, 1)
    }
    if len(rows) > 2:
        test = trials.egger(rows)
        found |= {f"{name}/egger/p": test.p, f"{name}/egger/intercept": test.intercept}
    kinds = (f"{name}/i2", f"{name}/without/", f"{name}/egger/p", f"{name}/egger/i")
    wanted = {key: value for key, value in expected().items() if key.startswith(kinds)}
    assert len(found) >= 3 and differing(found, wanted) == []
    assert rejects(found, wanted)


def test_groups_and_years_agree_with_metafor():
    table = trials.subgroups(rows_of("gcsf-OR"), "region")
    found = {
        f"groups/{row.region}/{end}": float(np.log(getattr(row, end)))
        for row in table.itertuples()
        for end in ("estimate", "low", "high")
    }
    found["groups/difference_p"] = table["difference_p"].iloc[0]
    table = trials.cumulative(rows_of("deaths-RR"))
    found |= {f"by-year/{n}": float(np.log(value)) for n, value in enumerate(table["estimate"], 1)}
    wanted = {
        key: value for key, value in expected().items() if key.startswith(("groups/", "by-year/"))
    }
    assert len(found) == 14 and list(table["year"]) == [2013, 2017, 2018, 2025]
    assert differing(found, wanted) == [] and rejects(found, wanted)


COUNTS = {"deaths": ("deaths-RR", DEATHS), "gcsf": ("gcsf-RR", GCSF), "all": ("all-RR", ())}


def test_pools_from_counts_agree_with_metafor():
    """Mantel-Haenszel by three measures and Peto, without a correction for zeros."""
    found = {}
    for name, (asked_as, order) in COUNTS.items():
        rows = rows_of(asked_as).set_index("trial")
        rows = rows.loc[list(order)] if order else rows
        arms = [rows[each] for each in ("treated", "n_treated", "control", "n_control")]
        made = {each: trials.mantel_haenszel(*arms, measure=each) for each in ("RR", "OR", "RD")}
        for measure, pool in (made | {"Peto": trials.peto(*arms)}).items():
            ends = (pool.estimate, pool.low, pool.high)
            ends = ends if measure == "RD" else np.log(ends)
            keys = ("estimate", "low", "high", "se")
            found |= {
                f"from-counts/{name}/{measure}/{key}": float(value)
                for key, value in zip(keys, (*ends, pool.se), strict=True)
            }
    wanted = {key: value for key, value in expected().items() if key.startswith("from-counts/")}
    assert len(found) == 48 and differing(found, wanted) == []
    assert rejects(found, wanted)


def test_counts_that_cannot_be_pooled_say_so():
    """Trials without a death say nothing about a ratio, and impossible counts are refused."""
    with_empty = trials.mantel_haenszel([0, 2, 0], [10, 28, 9], [0, 4, 3], [10, 30, 9])
    assert with_empty == trials.mantel_haenszel([2, 0], [28, 9], [4, 3], [30, 9])
    assert with_empty.trials == 2
    assert trials.mantel_haenszel([0, 2], [10, 28], [0, 4], [10, 30], "RD").trials == 2
    for wrong in (([3], [2], [0], [5]), ([0], [9], [3], [9]), ([-1], [9], [3], [9])):
        with pytest.raises(trials.TrialsError):
            trials.mantel_haenszel(*wrong)
    with pytest.raises(trials.TrialsError):
        trials.peto([0], [9], [0], [9])


def test_fragility_counts_the_events_that_would_have_to_change():
    """Values of other hands: Garg 2012, Singh 2014 and De 2021; Lin 2017 is fragile as it is."""
    known = {(7, 23, 17, 24): 3, (5, 23, 16, 23): 4, (13, 50, 29, 50): 6, (15, 56, 24, 54): 0}
    assert {arms: trials.fragility(*arms) for arms in known} == known
    assert trials.fragility(24, 54, 14, 56) == trials.fragility(14, 56, 24, 54) == 1


# -- the ledger and what is published --------------------------------------------------------------

POOLS = [
    row.key for row in ledger.table("pools").itertuples() if row.measure in (*trials.RATIOS, "MD")
]


@pytest.mark.parametrize("key", POOLS)
def test_a_pool_of_the_ledger_is_what_the_trials_give(key):
    row, made = ledger.table("pools").set_index("key").loc[key], trials.recomputed(key)
    found = {"value": made.estimate, "low": made.low, "high": made.high, "i2_percent": made.i2}
    wanted = {name: row[name] for name in found}
    stated = {name: value for name, value in found.items() if np.isfinite(value)}
    assert (
        differing(
            stated, {name: value for name, value in wanted.items() if np.isfinite(value)}, 6e-4
        )
        == []
    )
    assert differing(stated | {"value": made.estimate * 1.01}, stated, 6e-4) == ["value"]


def printed(key: str) -> tuple[float, float, float]:
    made = trials.recomputed(key)
    return round(made.estimate, 2), round(made.low, 2), round(made.high, 2)


def test_the_checks_of_the_evidence():
    """The numbers found when the trials were first collected,
    by another hand and without statsmodels."""
    wanted = {
        "gcsf-survival-liver-failure": (2.42, 1.61, 3.64),
        "gcsf-deaths-asia": (0.14, 0.07, 0.28),
        "gcsf-deaths-aclf": (0.43, 0.22, 0.84),
        "gcsf-survival-aclf": (1.56, 0.41, 5.87),
        "msc-survival-aclf": (2.19, 0.98, 4.86),
        "albumin-6m": (4.82, 2.01, 7.62),
        "meld-3m": (-0.68, -1.59, 0.22),
        "meld-3m-with-sharma": (-1.05, -2.20, 0.09),
        "meld-3m-two-largest": (-0.44, -1.32, 0.44),
        "deaths-cells": (0.60, 0.37, 0.97),
        "deaths-cells-without-lin": (0.59, 0.17, 2.02),
    }
    for key, ends in wanted.items():
        assert printed(key) == pytest.approx(ends, abs=0.006), key
        assert printed(key) != pytest.approx([end + 0.02 for end in ends], abs=0.006), key
    assert [
        round(trials.recomputed(key).i2)
        for key in ("gcsf-survival-aclf", "meld-3m", "meld-3m-with-sharma")
    ] == [76, 46, 61]
    assert printed("gcsf-survival-aclf-fixed")[0] == 1.15
    assert round(100 * trials.recomputed("deaths-cells").weights["Lin2017"]) == 84


def test_verdicts_on_published_pools():
    """Where a row says "agrees", the published value lies in our interval and ours in the published
    one."""
    published = ledger.table("meta_analyses").set_index("key")
    checked = {"agrees": 0, "same size": 0, "same centre, wider": 0}
    for row in ledger.table("pools").itertuples():
        if row.verdict in checked:
            theirs = published.loc[row.published]
            assert (
                row.low < theirs["value"] < row.high and theirs["low"] < row.value < theirs["high"]
            ), row.key
            assert row.verdict == "agrees" or row.high / row.low > theirs["high"] / theirs["low"], (
                row.key
            )
            checked[row.verdict] += 1
    assert checked == {"agrees": 2, "same size": 2, "same centre, wider": 1}


def test_predictions_weights_and_counts_of_the_ledger():
    found = {
        f"{key}.{end}": getattr(trials.recomputed(pool), f"prediction_{end}")
        for key, pool in (
            ("deaths-cells-prediction", "deaths-cells"),
            ("meld-3m-prediction", "meld-3m"),
        )
        for end in ("low", "high")
    }
    found["deaths-cells-lin-weight"] = 100 * trials.recomputed("deaths-cells").weights["Lin2017"]
    found |= {key: float(value) for key, value in trials.counts().items()}
    stated = {key: ledger.number(f"pools/{key}").value for key in found}
    assert len(found) > 20 and differing(found, stated, 6e-4) == []
    rest = {row.key for row in ledger.table("pools").itertuples()} - {
        key.split(".")[0] for key in found
    }
    assert rest == set(POOLS)  # nothing in the table goes unchecked
    assert (found["studies"], found["studies-deaths"], found["studies-meld-spread"]) == (79, 19, 2)


# -- zeros, and what is missing --------------------------------------------------------------------


def test_zeros():
    """Half a person in each cell, only where a cell is empty;
    two empty arms say nothing about a ratio."""
    yi, vi = effects.ratio(0, 27, 3, 24, "RR")
    assert yi == pytest.approx(np.log((0.5 / 28) / (3.5 / 25)))
    assert vi == pytest.approx(1 / 0.5 - 1 / 28 + 1 / 3.5 - 1 / 25)
    yi, _ = effects.ratio(2, 28, 4, 30, "OR")
    assert (
        yi
        == pytest.approx(np.log((2 / 26) / (4 / 26)))
        != pytest.approx(np.log((2.5 / 26.5) / (4.5 / 26.5)))
    )
    assert (
        np.isnan(effects.ratio(0, 20, 0, 18)).all()
        and np.isnan(effects.ratio(20, 20, 18, 18)).all()
    )
    nobody = {
        "treated": {
            "events": 0,
            "patients": 20,
            "outcome": "survival",
            "events_basis": "printed",
            "as_printed": "0 died",
            "note": "",
        }
    }
    nobody["control"] = nobody["treated"] | {"patients": 18}
    assert "nobody" in effects.both_arms(nobody, "deaths", "RR", 0.5)["problem"]
    nobody["control"] = nobody["control"] | {"events": 1}
    assert effects.both_arms(nobody, "deaths", "RR", 0.5)["problem"] == ""


def test_every_study_has_an_effect_or_a_reason():
    for outcome in trials.OUTCOMES:
        rows = trials.studies(outcome)
        assert len(rows) == 79 == rows["trial"].nunique()
        assert ((rows["problem"] == "") == rows["yi"].notna()).all()
        assert ((rows["status"] == "numbers") == rows["yi"].notna()).all()
    reasons = trials.studies("deaths").set_index("trial")["problem"]
    assert reasons["Lanthier2017"] == "the same patients as Spahr 2013"
    assert reasons["Moroni2019"] == "no control group" and reasons["HUCMSC96"] == (
        "only one arm could be read"
    )
    assert (
        reasons["Haque2020"] == "per cent without the size of the arms" and reasons["Lin2017"] == ""
    )
    assert "standard error" in trials.studies("meld").set_index("trial").loc["GPred3arm", "problem"]


def test_a_visit_is_asked_for():
    at = {
        months: trials.studies("deaths", months=months, trials=("Shasthry2019",))["treated"].iloc[0]
        for months in (None, 0.9, 3, (0.5, 2))
    }
    assert at == {None: 5, 0.9: 3, 3: 5, (0.5, 2): 3}
    late = trials.studies("deaths", months=(0.5, 2), trials=("De2021",)).iloc[0]
    assert late["problem"] == "numbers only at other times" and np.isnan(late["yi"])


@pytest.mark.parametrize(
    ("ask", "advice"),
    {
        "outcome": (lambda: trials.studies("happiness"), "Write one of: deaths"),
        "measure": (lambda: trials.studies("meld", "RR"), "Write MD"),
        "trial": (lambda: trials.studies("deaths", trials=("Lin2071",)), "has no study 'Lin2071'"),
        "nothing left": (
            lambda: trials.studies("deaths", intervention="magic"),
            "No study is left with",
        ),
        "nothing readable": (
            lambda: trials.pool(trials.studies("deaths", trials=("Shi2021",))),
            "readable effect",
        ),
        "method": (lambda: trials.pool(rows_of("deaths-RR"), "bayes"), "Write one of: DL"),
        "mixed": (
            lambda: trials.pool(pd.concat([rows_of("deaths-RR"), rows_of("deaths-OR")])),
            "mix OR and RR",
        ),
        "one left out": (
            lambda: trials.leave_one_out(rows_of("deaths-RR").iloc[:1]),
            "at least two",
        ),
        "egger": (lambda: trials.egger(rows_of("albumin-MD")), "at least three"),
        "a count": (lambda: trials.recomputed("studies"), "is a count, not a pool"),
    }.values(),
)
def test_wrong_questions_get_advice(ask, advice):
    with pytest.raises(trials.TrialsError, match=advice):
        ask()


def test_egger_knows_its_limits():
    assert "too few" in trials.egger(rows_of("deaths-RR")).verdict
    assert trials.egger(rows_of("all-RR")).verdict == "lopsided"


def test_the_funnel_is_centred_on_the_common_effect():
    points = trials.funnel(rows_of("all-RR"))
    centre = np.log(trials.pool(rows_of("all-RR"), "fixed").estimate)
    assert len(points) == 19 and ((points["low"] + points["high"]) / 2).to_numpy() == pytest.approx(
        centre
    )


# -- the cards pool as Python does -----------------------------------------------------------------

SCRIPT = """import { poolTrials, eggerTest, studentQuantile, studentInside } from "./engine/pooling.js";
---
return {
  pools: data.pools.map(([trials, method, hartung]) => poolTrials(trials, method, hartung)),
  egger: data.egger.map(eggerTest), quantiles: data.df.map(studentQuantile),
  inside: data.df.map((df) => studentInside(1.7, df)),
};
"""
NAMES = {
    "centre": "estimate",
    "low": "low",
    "high": "high",
    "predictionLow": "prediction_low",
    "i2": "i2",
    "q": "q",
    "predictionHigh": "prediction_high",
    "tau2": "tau2",
    "se": "se",
}


def chance_sets() -> list[pd.DataFrame]:
    """Sets of two to nineteen imaginary trials, from agreement to uproar, and one trial alone."""
    luck = np.random.default_rng(11)
    made = []
    for k in (1, 2, 3, 4, 7, 12, 19):
        for uproar in (0.0, 0.5, 2.0):
            spread = luck.uniform(0.02, 1.5, k)
            made.append(
                pd.DataFrame(
                    {
                        "trial": [f"t{n}" for n in range(k)],
                        "measure": "MD",
                        "vi": spread,
                        "yi": luck.normal(-0.4, np.sqrt(spread + uproar**2)),
                    }
                )
            )
    return made


def test_cards_pool_as_python_does(tmp_path):
    sets = [*(rows_of(name) for name in SETS), *chance_sets()]
    asked = [
        (rows, method, hartung)
        for rows in sets
        for method in trials.METHODS
        for hartung in (False, True)
    ]
    pairs = [rows[["yi", "vi"]].astype(float).to_dict("records") for rows in sets]
    wide = [rows for rows in sets if len(rows) > 2]
    answer = run_js(
        SCRIPT,
        {
            "pools": [
                [rows[["yi", "vi"]].astype(float).to_dict("records"), *how] for rows, *how in asked
            ],
            "egger": [pair for pair in pairs if len(pair) > 2],
            "df": list(range(1, 40)),
        },
        tmp_path,
    )
    for (rows, method, hartung), found in zip(asked, answer["pools"], strict=True):
        made = trials.pool(rows, method, hartung)
        wanted = {js: logged(made, ours) for js, ours in NAMES.items()} | {
            f"w{n}": weight for n, weight in enumerate(made.weights.values())
        }
        got = {js: np.nan if found[js] is None else found[js] for js in NAMES} | {
            f"w{n}": weight for n, weight in enumerate(found["weights"])
        }
        same = [
            np.isclose(got[key], wanted[key], rtol=1e-9, atol=1e-9, equal_nan=True)
            for key in wanted
        ]
        assert all(same), (method, hartung, len(rows), got, wanted)
        assert not np.isclose(got["centre"] + 1e-6, wanted["centre"], rtol=1e-9, atol=1e-9)
    for rows, found in zip(wide, answer["egger"], strict=True):
        test = trials.egger(rows)
        assert (found["intercept"], found["p"]) == pytest.approx(
            (test.intercept, test.p), rel=1e-9, abs=1e-9
        )
    df = np.arange(1, 40)
    assert answer["quantiles"] == pytest.approx(student.ppf(0.975, df), rel=1e-11)
    assert answer["inside"] == pytest.approx(
        student.cdf(1.7, df) - student.cdf(-1.7, df), rel=1e-12
    )
    assert len(asked) == 8 * len(sets) == 240
