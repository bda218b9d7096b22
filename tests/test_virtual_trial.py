"""Virtual trials: what theory expects comes out, with the sizes of error that chance allows,
and the page agrees."""

from __future__ import annotations

import time

import numpy as np
import pytest
from experiments import met, result, rows
from scipy import stats
from scipy.special import ndtri
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.power import TTestIndPower

from hepatica import ledger
from hepatica.analysis import virtual_trial as trial
from hepatica.model.luck import luck, normal
from tools.node import run_js

TARGETS = [
    row for name in ("virtual_trial", "virtual_life", "virtual_readings") for row in rows(name)
]
TRIALS = 8000
UNCHANGED = {"abstinent": 0, "drift": 0}


def within(share: float, expected: float, trials: int = TRIALS) -> bool:
    """Whether a per cent of `trials` lies within four Monte Carlo standard errors of what is
    expected."""
    return abs(share - expected) < 4 * 100 * np.sqrt(expected / 100 * (1 - expected / 100) / trials)


# ------------------------------------------------------------------------------------------- chance


def test_luck_is_uniform_and_each_draw_its_own():
    many = luck(np.arange(20000)[:, None], np.arange(50)[None, :], 0).ravel()
    # 1 % point of Kolmogorov's test
    assert stats.kstest(many, "uniform").statistic < 1.63 / np.sqrt(len(many))
    assert stats.kstest(many**1.02, "uniform").statistic > 1.63 / np.sqrt(len(many))
    assert 0 < many.min() < many.max() < 1
    seeds = np.arange(20000)
    neighbours = [(seeds, 0, 0), (seeds + 1, 0, 0), (seeds, 1, 0), (seeds, 0, 1), (seeds, 1, 1)]
    together = np.corrcoef([luck(*triple) for triple in neighbours])
    assert np.abs(together - np.eye(5)).max() < 4 / np.sqrt(20000)
    assert np.corrcoef(luck(seeds, 0, 0), luck(seeds, 0, 0))[0, 1] == pytest.approx(1)


def test_normal_is_the_normal_quantile():
    u = np.concatenate([np.linspace(1e-9, 1 - 1e-9, 20001), 10.0 ** -np.arange(2, 13)])
    assert np.abs(normal(u) - ndtri(u)).max() < 2e-6
    assert np.abs(normal(u) - stats.logistic.ppf(u) / 1.7).max() > 0.1


# ---------------------------------------------------------------------------------- bias of designs


def test_a_blinded_trial_of_useless_cells_is_wrong_five_times_in_a_hundred():
    assert within(trial.false_alarms(TRIALS), 5)
    assert within(trial.false_alarms(TRIALS, outcome="wellbeing"), 5)
    assert not within(trial.false_alarms(TRIALS, benefit=1), 5)
    assert not within(trial.false_alarms(TRIALS, "before-after"), 5)


def test_without_control_useless_cells_improve_nearly_everything():
    assert trial.significant(TRIALS, "before-after") > 90
    # regression to the mean alone
    assert 20 < trial.significant(TRIALS, "before-after", abstinent=0) < 35
    assert within(trial.significant(TRIALS, "before-after", abstinent=0, entry=0), 2.5)
    assert within(trial.significant(TRIALS), 2.5)


def test_regression_to_the_mean_follows_its_formula():
    checked = 0
    for entry, noise, measurements in (
        (0, 2.5, 1),
        (15, 2.5, 1),
        (18, 4, 1),
        (18, 2.5, 3),
        (20, 0, 1),
    ):
        values = {"entry": entry, "noise": noise, "measurements": measurements}
        expected = trial.regression_to_the_mean(**values)
        found = trial.run(2000, "before-after", everyone=True, **UNCHANGED, **values)["estimate"]
        error = 5 * found.std() / np.sqrt(len(found)) + 1e-6
        assert abs(-found.mean() - expected) < error
        assert abs(-found.mean() - (expected + 0.2)) > error
        people = trial.clinic(40000, **values)
        enter = people[people["first"] >= entry]
        assert (enter["first"] - enter["second"]).mean() == pytest.approx(expected, abs=0.15)
        checked += 1
    assert checked == 5
    assert trial.regression_to_the_mean(noise=0) == 0


def test_open_well_being_is_biased_by_exactly_what_hope_adds():
    v = trial.settings()
    hope = v["expectation"] * v["wellbeing_sd"]
    open_, blinded = (
        trial.run(500, design, "wellbeing")["estimate"] for design in ("open", "blinded")
    )
    assert np.allclose(open_ - blinded, hope)
    assert not np.allclose(open_ - blinded, hope / 2)
    assert abs(blinded.mean()) < 4 * blinded.std() / np.sqrt(500)
    calm = trial.run(500, "open", "wellbeing", expectation=0)["estimate"]
    assert np.allclose(calm, blinded)
    meld = [trial.run(500, design)["estimate"] for design in ("open", "blinded")]
    assert np.array_equal(*meld)  # hope does not change the blood


def expected_bias() -> float:
    """What survivors gain over all, by adding up instead of drawing lots (points of MELD)."""
    v, spread = trial.settings(), trial.entry_sd()
    node, weight = np.polynomial.hermite_e.hermegauss(40)
    weight = weight / weight.sum()
    below = stats.norm.cdf((v["entry"] - v["meld_mean"]) / spread)
    entry = v["meld_mean"] + spread * ndtri(below + (np.arange(400) + 0.5) / 400 * (1 - below))
    reliability = (v["meld_sd"] / spread) ** 2
    true = (
        v["meld_mean"]
        + reliability * (entry[:, None, None, None] - v["meld_mean"])
        + v["meld_sd"] * np.sqrt(1 - reliability) * node[None, :, None, None]
    )
    recovered = v["recovery"] * (1 - np.exp(-v["months"] / v["recovery_months"])) * np.array([0, 1])
    change = (v["drift"] * node[:, None] - recovered)[None, None]
    shares = (
        weight[:, None, None]
        * weight[None, :, None]
        * np.array([1 - v["abstinent"], v["abstinent"]])
    )[None]
    risk = (
        v["risk_15"]
        * np.exp(v["risk_slope"] * (true + change / 2 - 15))
        * v["months"]
        / 12
        * (1 + v["transplant"])
    )
    total = change + true - entry[:, None, None, None]
    shares = np.broadcast_to(shares, total.shape) / 400
    stay = shares * np.exp(-risk)
    return float((total * stay).sum() / stay.sum() - (total * shares).sum())


def test_those_who_stay_look_better():
    expected, found = expected_bias(), trial.survivors_bias(8000)
    assert found == pytest.approx(expected, abs=0.02)
    assert found != pytest.approx(0, abs=0.1)
    assert trial.survivors_bias(2000, risk_15=0) == 0
    deadly = trial.run(4000, n=100, death_ratio=3)
    assert deadly["estimate"].mean() < -0.15  # MELD looks better with cells that kill
    assert deadly["dead_treated"].mean() > 2 * deadly["dead_control"].mean()


# ------------------------------------------------------------------------------- analysis and power


def test_the_analysis_is_the_t_test():
    group = trial.patients(np.arange(20), 25, 25, benefit=1)
    change = group.final - group.entry
    found, alone = (
        trial.analyse(group, change, "blinded"),
        trial.analyse(group, change, "before-after"),
    )
    for i in range(20):
        cells, control = (
            change[i][arm[i] & group.stays[i]] for arm in (group.treated, group.control)
        )
        both, one = stats.ttest_ind(cells, control), stats.ttest_1samp(cells, 0)
        assert found["p"][i] == pytest.approx(both.pvalue)
        assert (found["low"][i], found["high"][i]) == pytest.approx(
            tuple(both.confidence_interval())
        )
        assert alone["p"][i] == pytest.approx(one.pvalue)
        assert found["p"][i] != pytest.approx(stats.ttest_rel(cells[:10], control[:10]).pvalue)


@pytest.mark.parametrize(("n", "benefit"), [(10, 2), (25, 1), (25, 3), (60, 2)])
def test_power_by_simulation_is_the_power_of_theory(n, benefit):
    quiet = UNCHANGED | {"risk_15": 0, "entry": 0, "noise": 2}
    spread = 2 * np.sqrt(2)  # two noisy values, nothing else changes
    found = 100 - 100 * (trial.run(TRIALS, n=n, benefit=benefit, **quiet)["p"] >= 0.05).mean()
    assert within(found, trial.power_percent(n, benefit, spread))
    assert not within(found, trial.power_percent(2 * n, benefit, spread))


def test_sample_size_is_that_of_statsmodels():
    for difference, sd, wanted in ((1, 1.93, 0.8), (1, 4.25, 0.8), (3, 4.25, 0.9)):
        theory = TTestIndPower().solve_power(difference / sd, alpha=0.05, power=wanted)
        assert trial.patients_for(difference, sd, wanted) == int(np.ceil(theory))
        assert trial.power(trial.patients_for(difference, sd, wanted) - 1, difference, sd) < wanted


def test_real_trials_are_counted_once():
    sizes = trial.trial_sizes()
    assert len(sizes) == trial.sizes_known() == 17
    assert "Lanthier2017" not in set(sizes["key"]) and "Spahr2013" in set(sizes["key"])
    shi = sizes.set_index("key").loc["Shi2021"]
    assert shi["per_arm"] == pytest.approx(2 / (1 / 108 + 1 / 111))
    assert all(min(pair) >= 10 for pair in trial.real_sizes())
    assert len(trial.real_sizes()) < len(sizes)


# --------------------------------------------------------------------------------------- the league


def test_the_pool_is_that_of_statsmodels():
    # spread them: they then differ
    trials = trial.league(40, benefit=1).assign(estimate=lambda t: t["estimate"] * 1.6)
    numbers = trials["estimate"].to_numpy(), trials["se"].to_numpy() ** 2
    ours, theirs = trial.pooled(trials), combine_effects(*numbers, method_re="dl")
    row = theirs.summary_frame().loc["random effect"]
    assert ours.tau2 == pytest.approx(theirs.tau2)
    assert ours.tau2 > 0.1
    assert ours.estimate == pytest.approx(row["eff"])
    assert (ours.low, ours.high) == pytest.approx((row["ci_low"], row["ci_upp"]))
    assert ours.estimate != pytest.approx(theirs.summary_frame().loc["fixed effect", "eff"])


def test_a_filter_makes_an_effect_and_no_filter_makes_none():
    assert abs(trial.publication_bias(10, publish=1)) == 0
    assert trial.publication_bias(10, publish=0.2) < -0.4 < trial.publication_bias(10) < -0.2
    assert trial.publication_bias(10, strict=1, publish=0) < -2
    assert trial.winners_curse(1, 10) > 2 > trial.winners_curse(2, 10) > 1
    everything = trial.league(publish=1)
    assert everything["published"].all() and not trial.league(publish=0)["published"].all()


def test_a_wrong_trial_is_refused_with_advice():
    with pytest.raises(trial.TrialError, match="no parameter 'placebo'"):
        trial.run(1, placebo=1)
    with pytest.raises(trial.TrialError, match="benefit = 9: write a value from 0 to 5"):
        trial.run(1, benefit=9)
    with pytest.raises(ValueError, match="design='double-blind' is not known"):
        trial.run(1, "double-blind")


def test_ten_thousand_trials_take_less_than_ten_seconds():
    """Of processor time, so that a busy machine is not a slow program."""
    began = time.process_time()
    found = trial.run(10_000, n=25)
    assert time.process_time() - began < 10
    assert len(found) == 10_000


# ---------------------------------------------------------------------------------- ledger and page


@pytest.mark.parametrize("row", TARGETS, ids=lambda row: row["key"])
def test_target(row):
    assert met(row, result(row)), (
        f"{row['label']}: {result(row):g} {row['unit']}, expected {row['value']:g}"
    )


def test_targets_are_there_and_can_fail():
    assert len(TARGETS) > 25
    row = next(row for row in TARGETS if row["key"] == "vt-before-after-significant")
    assert not met(row, row["value"] * 0.99)


def test_the_range_of_seven_laboratories():
    seven = np.sort(np.random.default_rng(1).normal(size=(200_000, 7)))
    assert (seven[:, -1] - seven[:, 0]).mean() == pytest.approx(trial.SEVEN_RANGE, abs=0.01)
    assert (seven[:, -2] - seven[:, 0]).mean() != pytest.approx(trial.SEVEN_RANGE, abs=0.1)
    # days add to it
    assert trial.laboratory_sd() < ledger.parameters("virtual_trial")["noise"].value


def test_risks_are_those_of_the_ledger():
    """The line through the logarithms of three bands (Wiesner 2003) at their middles."""
    deaths = [
        ledger.number(f"scores/meld-mortality-{band}").value / 100
        for band in ("10-19", "20-29", "30-39")
    ]
    hazard = np.log(-np.log(1 - np.array(deaths)))
    slope, at_15 = np.polyfit(np.array([14.5, 24.5, 34.5]) - 15, hazard, 1)
    rows = ledger.parameters("virtual_trial")
    assert rows["risk_slope"].value == pytest.approx(slope, rel=0.01)
    assert rows["risk_15"].value == pytest.approx(4 * np.exp(at_15), rel=0.01)
    assert rows["risk_15"].value != pytest.approx(np.exp(at_15), rel=0.5)


PAGE = """import { analyseTrial, leagueOf, pooledOf } from "./engine/virtual_trial.js";
import { regressionToTheMean, trialPatients } from "./engine/virtual_trial.js";
import { clinicPeople } from "./views/virtual_trial/regression.js";
import { normalOf, normalShare, patientsFor, powerOf, studentLimit, studentP } from "./engine/distributions.js";
---
const v = data.values, designs = ["before-after", "open", "blinded"], outcomes = ["meld", "wellbeing"];
const told = (r) => [r.estimate, r.se, r.low, r.high, r.p];
const read = (group) => designs.flatMap((d) => outcomes.map((o) => told(analyseTrial(v, group, d, o))));
const league = leagueOf(v, data.sizes, 100, 5);
return {
  trials: data.seeds.map((seed) => read(trialPatients(v, seed, 25, 25))),
  left: trialPatients(v, 7, 25, 25).map((one) => [one.dead, one.transplanted, one.sober]),
  league: league.map((one) => [one.estimate, one.se, one.p]), published: league.map((one) => one.published),
  pooled: pooledOf(league.filter((one) => one.published)), regression: regressionToTheMean(v),
  clinic: clinicPeople(v, 3, 50).map((one) => [one.own, one.first, one.second]),
  power: data.power.map((row) => powerOf(...row)), need: data.need.map((row) => patientsFor(...row)),
  p: data.t.map((row) => studentP(...row)), limit: data.t.map((row) => studentLimit(row[1])),
  normal: data.u.map(normalOf), share: data.x.map(normalShare),
};
"""


def test_the_page_has_the_same_patients_trials_and_power(tmp_path):
    chosen = {"entry": 17, "benefit": 0.7, "death_ratio": 1.3, "measurements": 3, "publish": 0.4}
    power = [(n, d, sd) for n in (3, 10, 25, 400) for d, sd in ((0, 2), (0.5, 2), (1, 4.2), (3, 2))]
    tails, need = (
        [(0.1, 3), (2, 10), (1.96, 1000), (12, 4), (0, 5)],
        [(0.8, 1, 1.93), (0.9, 0.5, 3)],
    )
    u, x = [1e-9, 0.01, 0.3, 0.9, 1 - 1e-9], [-9, -7, -2, 0, 0.5, 5, 8]
    page = run_js(
        PAGE,
        {
            "values": trial.settings(**chosen),
            "seeds": list(range(20)),
            "sizes": trial.real_sizes(),
            "power": power,
            "need": need,
            "t": tails,
            "u": u,
            "x": x,
        },
        tmp_path,
    )
    columns = ["estimate", "se", "low", "high", "p"]
    ours = [
        trial.run(20, d, o, **chosen)[columns].to_numpy()
        for d in trial.DESIGNS
        for o in trial.OUTCOMES
    ]
    assert np.allclose(np.array(page["trials"]).transpose(1, 0, 2), ours, rtol=0, atol=1e-9)
    assert not np.allclose(page["trials"][0], page["trials"][1])
    group, league = trial.patients([7], 25, 25, **chosen), trial.league(100, 5, **chosen)
    assert (
        page["left"] == np.array([group.dead[0], group.transplanted[0], group.sober[0]]).T.tolist()
    )
    assert np.allclose(page["league"], league[["estimate", "se", "p"]], rtol=0, atol=1e-9)
    assert page["published"] == league["published"].tolist()
    pool = trial.pooled(league[league["published"]])
    assert page["pooled"] == pytest.approx(
        {name: getattr(pool, name) for name in ("estimate", "low", "high", "tau2")}
    )
    assert page["regression"] == pytest.approx(trial.regression_to_the_mean(**chosen))
    assert np.allclose(page["clinic"], trial.clinic(50, 3, **chosen), rtol=0, atol=1e-9)
    assert page["power"] == pytest.approx([trial.power(*row) for row in power], abs=1e-6)
    assert page["need"] == [trial.patients_for(d, sd, wanted) for wanted, d, sd in need]
    assert page["p"] == pytest.approx([2 * stats.t.sf(*row) for row in tails], rel=1e-9)
    assert page["limit"] == pytest.approx([stats.t.ppf(0.975, row[1]) for row in tails], rel=1e-8)
    assert page["normal"] == pytest.approx(normal(u).tolist(), abs=1e-12)
    assert page["share"] == pytest.approx(stats.norm.cdf(x).tolist(), rel=1e-3, abs=1e-12)
