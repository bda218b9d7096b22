"""The Mayo Clinic data and hepatica/survival.py agree with R's survival package and with published
facts."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from lifelines import AalenJohansenFitter
from lifelines.statistics import logrank_test
from lifelines.utils import concordance_index
from referee import asked, differing, rejects, stored

from hepatica import ledger
from hepatica.analysis import survival
from hepatica.models import scores

expected = partial(stored, "survival")  # R 4.2.2, survival 3.5-3
COLUMNS = {  # R's name: ours
    "id": "patient",
    "time": "days",
    "futime": "days",
    "status": "outcome",
    "trt": "treatment",
    "age": "age_years",
    "sex": "sex",
    "day": "visit_day",
    "ascites": "ascites",
    "hepato": "hepatomegaly",
    "spiders": "spiders",
    "edema": "oedema",
    "bili": "bilirubin_mg_dl",
    "chol": "cholesterol_mg_dl",
    "albumin": "albumin_g_dl",
    "copper": "copper_ug_day",
    "alk.phos": "alp_u_l",
    "ast": "ast_u_l",
    "trig": "triglycerides_mg_dl",
    "platelet": "platelets_10e9_l",
    "protime": "prothrombin_s",
    "stage": "stage",
}
OUTCOMES = {"censored": 0, "transplant": 1, "death": 2}
PLACEBO = {"pbc": 2, "pbcseq": 0}


def part(prefix: str, ending: str = "") -> dict[str, float]:
    """The expected numbers of one kind."""
    return {
        key: value
        for key, value in expected().items()
        if key.startswith(prefix) and key.endswith(ending)
    }


@pytest.fixture(scope="module")
def cohort() -> pd.DataFrame:
    return survival.cohort()


# -- the data --------------------------------------------------------------------------------------


def as_in_r(name: str) -> pd.DataFrame:
    """The table with R's codes."""
    rows = ledger.table(name)
    placebo = PLACEBO[name]
    return rows.assign(
        outcome=rows["outcome"].map(OUTCOMES),
        sex=(rows["sex"] == "F").astype(int),
        treatment=rows["treatment"].map({"D-penicillamine": 1, "placebo": placebo}),
    )


def fingerprint(rows: pd.DataFrame, name: str) -> dict[str, float]:
    """Numbers measured in each column, and their sum weighted by the row,
    which sees a change of any cell."""
    found = {}
    for key in (key for key in part(f"data/{name}/") if key.endswith("/measured")):
        cells = rows[COLUMNS[key.split("/")[2]]].astype(float).to_numpy()
        found[key] = np.isfinite(cells).sum()
        found[key.replace("measured", "weighted")] = np.nansum(np.arange(1, len(cells) + 1) * cells)
    return found


@pytest.mark.parametrize(("name", "rows", "columns"), [("pbc", 418, 20), ("pbcseq", 1945, 19)])
def test_the_data_are_those_of_r(name, rows, columns):
    table, wanted = as_in_r(name), part(f"data/{name}/")
    assert len(table) == rows and len(wanted) == 2 * columns
    assert differing(fingerprint(table, name), wanted, 1e-11) == []
    table.loc[7, "albumin_g_dl"] += 0.01
    assert differing(fingerprint(table, name), wanted, 1e-11) == [f"data/{name}/albumin/weighted"]


def facts(rows: pd.DataFrame) -> dict[str, int]:
    """Counts that the help page of the data and the trial's papers print."""
    counts = rows["outcome"].value_counts().to_dict() | rows["treatment"].value_counts().to_dict()
    return counts | {"patients": len(rows), "randomised": int(rows["randomised"].sum())}


def test_published_facts(cohort):
    wanted = {
        "patients": 418,
        "death": 161,
        "transplant": 25,
        "censored": 232,
        "randomised": 312,
        "": 106,
        "D-penicillamine": 158,
        "placebo": 154,
    }
    assert facts(cohort) == wanted != facts(cohort.iloc[1:])
    visits = survival.visits()
    assert len(visits) == 1945 and visits["patient"].nunique() == 312
    ends = visits.drop_duplicates("patient")["outcome"].value_counts().to_dict()
    assert ends == {"censored": 143, "death": 140, "transplant": 29}
    trial = cohort[cohort["randomised"]].set_index("patient")
    seen = visits[visits["visit_day"] == 0].set_index("patient")
    assert (trial["treatment"] == seen["treatment"]).all() and (trial["sex"] == seen["sex"]).all()


def test_the_drug_did_not_help(cohort):
    """Survival on D-penicillamine and on placebo did not differ, as the trial reported."""
    by_arm = [cohort[cohort["treatment"] == name] for name in ("D-penicillamine", "placebo")]
    data = [arm["days"].astype(float) for arm in by_arm]
    died = [arm["outcome"] == "death" for arm in by_arm]
    found = logrank_test(*data, *died)
    assert differing({"arms/chisq": found.test_statistic}, part("arms/")) == []
    assert found.p_value > 0.7
    # a halved survival would be seen
    assert logrank_test(data[0] / 2, data[1], *died).p_value < 0.001


def test_scores_that_the_data_allow(cohort):
    assert cohort["albi"].notna().all() and cohort["apri"].notna().sum() == 308
    assert cohort["albi_grade"].value_counts().to_dict() == {2: 309, 3: 57, 1: 52}
    visits = survival.visits()
    impossible = visits[visits["albi"].isna()]
    assert list(impossible["key"]) == ["pbcseq-150-0188"]
    with pytest.raises(scores.ImpossibleValue, match=r"albumin = 8\.01"):
        scores.measured("albumin", impossible["albumin_g_dl"].iloc[0], "g/dL")


# -- agreement with R ------------------------------------------------------------------------------


def test_r_still_says_the_same(record_property):
    """Where R and its survival package are installed they are asked again;
    the comparisons below never need them."""
    now = asked("survival")
    record_property("survival", now is not None)
    assert len(expected()) == 360
    assert now is None or differing(now, expected()) == []
    assert rejects(expected(), expected())


def bands(cohort: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {"all": cohort} | {str(grade): rows for grade, rows in cohort.groupby("albi_grade")}


def test_kaplan_meier_agrees_with_r(cohort):
    found = {}
    for event in survival.EVENTS:
        for band in (None, "albi_grade"):
            curve = survival.kaplan_meier(cohort, band, event)
            at_risk = survival.numbers_at_risk(cohort, band, survival.HORIZONS)
            for row in survival.at_times(curve).merge(at_risk, on=["band", "years"]).itertuples():
                key = f"km/{event}/{row.band}/{row.years:g}"
                found |= {
                    f"{key}/surv": row.survival,
                    f"{key}/lower": row.low,
                    f"{key}/upper": row.high,
                    f"{key}/n.risk": row.at_risk,
                }
    assert len(found) == 160 and differing(found, part("km/")) == []
    assert rejects(found, part("km/"))


def test_aalen_johansen_agrees_with_r(cohort):
    found, curves = (
        {},
        [survival.cumulative_incidence(cohort, band) for band in (None, "albi_grade")],
    )
    for row in survival.at_times(pd.concat(curves)).itertuples():
        found[f"aj/{row.band}/{row.cause}/{row.years:g}/incidence"] = row.incidence
    wanted = part("aj/", "incidence")
    assert len(found) == 40 and differing(found, wanted) == []
    assert rejects(found, wanted)


def test_errors_of_the_incidence_agree_with_r(cohort):
    checked = 0
    for name, rows in bands(cohort).items():
        for row in survival.at_times(survival.cumulative_incidence(rows)).itertuples():
            wanted = expected()[f"aj/{name}/{row.cause}/{row.years:g}/error"]
            if wanted:
                # back from the log-log interval to the standard error
                width = np.log(np.log(row.low) / np.log(row.high)) / 2 / survival.NORMAL_95
                error = -width * row.incidence * np.log(row.incidence)
                assert error == pytest.approx(wanted, rel=1e-6) != wanted * 1.001, (name, row)
                checked += 1
    assert checked == 32


def test_concordance_agrees_with_r_and_lifelines(cohort):
    found = {}
    for event, kinds in survival.EVENTS.items():
        for ours, theirs in {"albi": "albi", "apri": "apri", "bilirubin_mg_dl": "bili"}.items():
            rows = cohort.dropna(subset=[ours])
            happened = rows["outcome"].isin(kinds).to_numpy(bool)
            value, error = survival.concordance(
                rows["days"].to_numpy(float), happened, rows[ours].to_numpy(float)
            )
            assert value == pytest.approx(
                concordance_index(rows["days"], -rows[ours], happened), abs=2e-4
            )
            found |= {
                f"c/{event}/{theirs}/value": value,
                f"c/{event}/{theirs}/error": error,
                f"c/{event}/{theirs}/patients": len(rows),
            }
    assert len(found) == 18 and differing(found, part("c/")) == []
    assert rejects(found, part("c/"))
    with pytest.raises(survival.SurvivalError, match="nobody had the event"):
        survival.concordance(np.array([1.0, 2]), np.array([False, False]), np.array([1.0, 2]))


def test_the_mayo_model_agrees_with_r(cohort):
    """Fitted on the 312 of the trial, applied to the 104 others with all five variables,
    as its authors did."""
    trial, others, found = cohort[cohort["randomised"]], cohort[~cohort["randomised"]], {}
    for event, kinds in survival.EVENTS.items():
        risk = survival.predicted_risk(trial, others, survival.MAYO_VARIABLES, event)
        assert len(risk) == 104
        rows = others.loc[risk.index]
        c, _ = survival.concordance(
            rows["days"].to_numpy(float),
            rows["outcome"].isin(kinds).to_numpy(bool),
            risk[5].to_numpy(),
        )
        found[f"cox/{event}/c"] = c
        for year in survival.HORIZONS:
            found |= {
                f"cox/{event}/{year}/mean": risk[year].mean(),
                f"cox/{event}/{year}/first": risk[year].iloc[0],
            }
    # two programs climb the same likelihood and stop when a step gains less than about 1e-7 of it
    assert len(found) == 22 and differing(found, part("cox/"), 1e-5) == []
    assert rejects(found, part("cox/"), 1e-5)


# -- competing events (misconception M15) ----------------------------------------------------------


def test_one_minus_kaplan_meier_is_never_below_the_incidence(cohort):
    curve = survival.cumulative_incidence(cohort)
    gap = curve["one_minus_km"] - curve["incidence"]
    assert len(curve) > 300 and gap.min() >= -1e-12 and gap.max() > 0.02
    end = curve.groupby("cause")[["incidence", "one_minus_km"]].last()
    either = survival.kaplan_meier(cohort)["survival"].iloc[-1]
    assert end["incidence"].sum() == pytest.approx(1 - either)  # shares of outcomes add up, …
    # … one minus Kaplan-Meier of each does not
    assert end["one_minus_km"].sum() > 1 - either + 0.02


def test_without_transplants_both_are_the_same(cohort):
    alone = survival.cumulative_incidence(cohort[cohort["outcome"] != "transplant"])
    dead = alone[alone["cause"] == "death"]
    assert dead["incidence"].to_numpy() == pytest.approx(dead["one_minus_km"].to_numpy())
    # one band with the other name for the same number: Kaplan-Meier's own log-log interval on the
    # survival scale
    curve = survival.at_times(survival.cumulative_incidence(cohort), [5]).iloc[0]
    assert curve["incidence"] != pytest.approx(curve["one_minus_km"])


def test_incidence_agrees_with_lifelines(cohort):
    """lifelines moves tied times by chance, so only to a few thousandths."""
    codes = cohort["outcome"].map(OUTCOMES)
    fit = AalenJohansenFitter(seed=1, calculate_variance=False)
    fit.fit(cohort["days"].astype(float), codes, event_of_interest=2)
    ours = survival.at_times(survival.cumulative_incidence(cohort))
    dead = ours[ours["cause"] == "death"]
    assert len(dead) >= 4
    for row in dead.itertuples():
        theirs = fit.cumulative_density_.loc[: row.years * survival.CALENDAR_YEAR].iloc[-1, 0]
        assert row.incidence == pytest.approx(theirs, abs=3e-3) != theirs + 0.01


# -- discrimination --------------------------------------------------------------------------------


def slow_area(days, outcome, score, horizon, kinds) -> float:
    """AUC(t) pair by pair, with the weights written out."""

    def uncensored_before(time):
        left = 1.0
        for step in sorted(
            {d for d, o in zip(days, outcome, strict=True) if o == "censored" and d < time}
        ):
            leaving = sum(d == step and o == "censored" for d, o in zip(days, outcome, strict=True))
            gone = sum(d == step and o != "censored" for d, o in zip(days, outcome, strict=True))
            left *= 1 - leaving / (sum(d >= step for d in days) - gone)
        return left

    cases, controls = [], []
    for day, end, value in zip(days, outcome, score, strict=True):
        if day > horizon:
            controls.append((value, 1 / uncensored_before(horizon + 1e-6)))
        elif end != "censored":
            (cases if end in kinds else controls).append((value, 1 / uncensored_before(day)))
    pairs = [(v * w, (a > b) + (a == b) / 2) for a, v in cases for b, w in controls]
    return sum(weight * win for weight, win in pairs) / sum(weight for weight, _ in pairs)


def test_areas_agree_with_counting_pairs(cohort):
    rows = cohort.iloc[::6]
    days, outcome = rows["days"].to_numpy(float), rows["outcome"].to_numpy(str)
    horizons = np.array([2, 5]) * survival.CALENDAR_YEAR
    assert len(survival.EVENTS) == 2
    for kinds in survival.EVENTS.values():
        found = survival.areas(days, outcome, rows["albi"].to_numpy(), horizons, kinds)
        slow = [
            slow_area(days, outcome, rows["albi"].to_numpy(), horizon, kinds)
            for horizon in horizons
        ]
        assert found == pytest.approx(slow) and not np.allclose(found, 1 - np.array(slow))


def test_areas_agree_with_r(cohort):
    """Once compared with riskRegression 2022.11.28 (Score, cens.model = "km"),
    which R needs many packages for."""
    theirs = {
        "death": [0.8660653, 0.8156506, 0.8435723, 0.8495029, 0.8547740],
        "death or transplant": [0.8660653, 0.8157070, 0.8422984, 0.8488546, 0.8611761],
    }
    for event, wanted in theirs.items():
        table = survival.discrimination(cohort, ["albi"], event, resamples=0)
        found = table.loc[table["measure"] == "AUC", "value"].to_numpy()
        assert found == pytest.approx(wanted, abs=1e-7) and found != pytest.approx(
            wanted[::-1], abs=1e-7
        )


def test_areas_without_censoring_are_plain_rank_areas():
    rng = np.random.default_rng(3)
    score, days = rng.normal(size=80), rng.exponential(1000, 80)
    early = days <= 700
    plain = (score[early][:, None] > score[~early]).mean()
    found = survival.areas(days, np.full(80, "death"), score, np.array([700.0]), ("death",))
    assert found == pytest.approx([plain])
    perfect = survival.areas(days, np.full(80, "death"), -days, np.array([700.0]), ("death",))
    assert perfect == pytest.approx([1]) and found[0] < 0.8
    assert np.isnan(
        survival.areas(days, np.full(80, "death"), score, np.array([1e-3]), ("death",))
    ).all()


def test_discrimination_table(cohort):
    table = survival.discrimination(cohort, ["albi", "apri"], resamples=30)
    assert (
        len(table) == 12
        and (table["low"] < table["value"]).all()
        and (table["value"] < table["high"]).all()
    )
    assert table.loc[table["measure"] == "AUC", "cases"].iloc[:5].is_monotonic_increasing
    # same seed, same interval
    assert table.equals(survival.discrimination(cohort, ["albi", "apri"], resamples=30))
    best = table[table["measure"] == "C"].set_index("score")["value"]
    assert best["albi"] > best["apri"] > 0.5
    blind = cohort.assign(albi=np.random.default_rng(1).permutation(cohort["albi"]))
    chance = survival.discrimination(blind, ["albi"], resamples=0)
    assert chance["value"].between(0.38, 0.62).all() and chance["low"].iloc[1:].isna().all()


# -- calibration -----------------------------------------------------------------------------------


def test_cross_validated_risk_fits_and_a_wrong_one_does_not(cohort):
    risk = survival.cross_validated_risk(cohort, ["albi"], "death")
    assert list(risk.index) == list(cohort.index) and list(risk.columns) == [1, 2, 3, 4, 5]
    table = survival.calibration(cohort, risk, "death")
    assert len(table) == 20 and (table.groupby("years")["patients"].sum() == 418).all()
    assert (
        table.groupby("years")["predicted"].apply(lambda values: values.is_monotonic_increasing)
    ).all()
    assert (table["incidence"] <= table["observed"] + 1e-12).all()
    together = survival.calibration(cohort, risk, "death", groups=1)
    assert together["predicted"].between(together["low"], together["high"]).all()
    doubled = survival.calibration(cohort, 1 - (1 - risk) ** 2, "death", groups=1)
    assert not doubled["predicted"].between(doubled["low"], doubled["high"]).any()
    # nobody predicts himself
    assert not np.allclose(risk, survival.predicted_risk(cohort, cohort, ["albi"], "death"))


# -- trajectories and missing values ---------------------------------------------------------------


def test_trajectories_count_patients_once():
    points = survival.trajectories("bilirubin_mg_dl")
    visits = survival.visits()
    last_year = visits[(visits["outcome"] == "death") & (visits["years_to_end"] < 1)]
    row = points[(points["outcome"] == "death") & (points["years_before"] == -0.5)].iloc[0]
    assert (
        (row["patients"], row["visits"])
        == (last_year["patient"].nunique(), len(last_year))
        == (113, 156)
    )
    assert row["median"] == pytest.approx(
        last_year.groupby("patient")["bilirubin_mg_dl"].mean().median()
    )
    # visits are not patients
    assert row["median"] != pytest.approx(last_year["bilirubin_mg_dl"].median())
    assert (points["patients"] <= points["followed"]).all() and (
        points["patients"] <= points["visits"]
    ).all()
    assert row["followed"] == 140


def test_bilirubin_rises_before_death_and_not_before_the_end_of_follow_up():
    medians = survival.trajectories("bilirubin_mg_dl").set_index(["outcome", "years_before"])[
        "median"
    ]
    rise = {
        outcome: medians[outcome, -0.5] / medians[outcome, -5.5]
        for outcome in ("death", "transplant", "censored")
    }
    assert rise["death"] > 4 and rise["transplant"] > 4 and rise["censored"] < 2


def test_missing_values_cluster_before_death():
    table = survival.missingness().set_index(["measurement", "outcome", "visit"])
    for name in ("platelets_10e9_l", "alp_u_l", "ascites"):
        assert table.loc[(name, "death", "last"), "share"] > 0.3
        assert (
            table.loc[(name, "death", "earlier"), "share"]
            < 0.05
            > table.loc[(name, "censored", "last"), "share"]
        )
    last = table.loc[("cholesterol_mg_dl", "death", "last")]
    assert last["bilirubin_where_missing"] > 1.5 * last["bilirubin_where_measured"]
    assert table.groupby("measurement")["visits"].sum().eq(1945).all()
    assert table["missing"].groupby("measurement").sum().to_dict() == {
        "cholesterol_mg_dl": 821,
        "platelets_10e9_l": 73,
        "alp_u_l": 60,
        "ascites": 60,
    }


# -- refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "advice"),
    [
        (
            lambda rows: survival.kaplan_meier(rows, event="decompensation"),
            ("'death', 'death or transplant'"),
        ),
        (
            lambda rows: survival.kaplan_meier(rows, "meld"),
            "no column 'meld'. Write one of: .*albi",
        ),
        (lambda rows: survival.discrimination(rows, ["fib4"]), "no column 'fib4'"),
        (lambda rows: survival.kaplan_meier(rows[rows["years"] > 99]), "no patients left"),
        (lambda rows: survival.predicted_risk(rows, rows, ["inr"]), "no column 'inr'"),
        (
            lambda rows: survival.trajectories("creatinine"),
            ("'creatinine' was not followed. Write one of: bilirubin_mg_dl"),
        ),
        (lambda rows: survival.missingness(["inr"]), "'inr' was not followed"),
    ],
)
def test_questions_that_the_data_cannot_answer_are_refused(cohort, ask, advice):
    with pytest.raises(survival.SurvivalError, match=advice):
        ask(cohort)


def test_a_changed_frame_does_not_change_the_data():
    rows = survival.cohort()
    rows.loc[0, "albi"] = 99
    assert survival.cohort()["albi"].max() < 1
