"""Lives in an open trial, six readings, and an audit: what must come out comes out, the page agrees,
and each verdict is that of a second criterion."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from hepatica.analysis import virtual_life as life
from hepatica.analysis import virtual_readings as reading
from hepatica.analysis import virtual_trial as trial
from hepatica.lessons import n12_open_life as lesson
from tools.node import run_js

ALIKE = {"others": 1, "lost_ratio": 1, "attention": 1, "listed": 1}
MANY = 20_000


# --------------------------------------------------------------------------------------------- lives


def test_useless_cells_in_a_blinded_trial_change_no_life():
    with_cells, without = (life.lives(cells, False) for cells in (True, False))
    assert np.array_equal(with_cells.fate, without.fate)
    assert 50 < (without.fate == life.DEAD).sum() < 250
    helped = life.lives(True, False, benefit=3)
    assert not np.array_equal(helped.fate, without.fate)


def test_an_open_trial_in_which_nobody_behaves_otherwise_is_a_blinded_one():
    for cells in (True, False):
        blind, open_ = (life.lives(cells, informed, **ALIKE) for informed in (False, True))
        assert np.array_equal(blind.fate, open_.fate)
    assert not np.array_equal(life.lives(False, True).fate, life.lives(False, False).fate)


def test_deaths_are_those_of_competing_risks():
    """Against the share that the rates of each life give, without drawing any lot."""
    v = trial.settings(**ALIKE, care_share=0, drift=0, abstinent=0, meld_sd=1, noise=0, entry=0)
    own = {name: v[name] for name in ("care_share", "drift", "abstinent", "meld_sd", "noise")}
    arm = life.lives(False, True, people=MANY, entry=0, **ALIKE, **own)
    node, weight = np.polynomial.hermite_e.hermegauss(40)
    rate = np.exp(v["risk_slope"] * (v["meld_mean"] + node - trial.RISK_AT))
    dies, moves, goes = (
        v["risk_15"] * rate,
        v["risk_15"] * v["transplant"] * rate,
        v["lost"] * rate,
    )
    gone = 1 - np.exp(-(dies + moves + goes) * v["follow"] / 12)
    for fate, rates in ((life.DEAD, dies), (life.MOVED, moves), (life.LOST, goes)):
        expected = (gone * rates / (dies + moves + goes) * weight).sum() / weight.sum()
        error = 4 * math.sqrt(expected * (1 - expected) / MANY)
        assert abs((arm.fate == fate).mean() - expected) < error
        assert abs((arm.fate == fate).mean() - 1.2 * expected) > error


def test_each_knob_does_what_its_name_says():
    def deaths(**values) -> float:
        return life.risk_ratio("deaths", True, people=MANY, **(ALIKE | values))

    def truth(**values) -> float:
        return life.risk_ratio("truth", True, people=MANY, **(ALIKE | values))

    assert deaths() == truth() == 1
    assert deaths(others=1.55) > 1.01 and truth(others=1.55) > 1.01
    assert deaths(lost_ratio=1.79) > 1.01 and truth(lost_ratio=1.79) == 1  # hidden, not saved
    assert deaths(attention=2) < 0.97 and truth(attention=2) < 0.97
    assert (
        deaths(listed=4) > 1.1 and life.risk_ratio("composite", True, **ALIKE | {"listed": 4}) < 0.9
    )
    assert life.risk_ratio("protocol", False, people=MANY) < 0.99 < life.risk_ratio("deaths", False)
    assert life.risk_ratio("protocol", False, people=MANY, wait=0) == 1


def test_corners_are_finite():
    controls = lesson.open_life().spec["controls"]
    corners = [dict.fromkeys([c["name"] for c in controls]) for _ in range(16)]
    for number, corner in enumerate(corners):
        for bit, control in enumerate(controls):
            corner[control["name"]] = control["max" if number >> bit & 1 else "min"]
        assert "–" not in lesson.open_life().describe(**corner)
    assert math.isfinite(life.risk_ratio("deaths", True, risk_15=0))


@pytest.mark.parametrize("seed", range(12))
def test_the_verdict_of_the_lives_is_that_of_a_count(seed):
    """Random settings: the sentence against counts of the fates, and a test of two proportions."""
    card, lots = lesson.open_life(), np.random.default_rng(seed)
    moved = {
        control["name"]: float(lots.uniform(control["min"], control["max"]))
        for control in card.spec["controls"]
    } | {"benefit": float(lots.choice([0, 3]))}
    said = card.describe(seed=seed, **moved)
    risks = {}
    for informed in (False, True):
        arms = [life.lives(cells, informed, seed, **moved) for cells in (True, False)]
        dead = [sum(fate == life.DEAD for fate in arm.fate) for arm in arms]
        both = [sum(fate in (life.DEAD, life.MOVED) for fate in arm.fate) for arm in arms]
        risks[informed] = dead[0] / dead[1], both[0] / both[1]
    shift = risks[True][0] / risks[False][0]
    assert ("look worse" in said) == (shift > 1.03)
    assert ("look better" in said) == (shift < 0.97)
    opposite = shift > 1.03 and risks[True][1] / risks[False][1] < 0.97
    assert ("say the opposite" in said) == opposite
    assert f"{risks[True][0]:.2f} instead of {risks[False][0]:.2f}" in said


# ------------------------------------------------------------------------------------------ readings


def test_the_adjusted_reading_is_that_of_a_regression():
    found, rows = reading.reading_people(5, benefit=1), reading.read_trials("ancova", 5, benefit=1)
    for i in range(5):
        base, end = found["baseline"][i, :50], found["end"][i, :50]
        design = np.column_stack([np.ones(50), np.arange(50) < 25, base])
        fit = sm.OLS(end, design).fit()
        assert rows["estimate"][i] == pytest.approx(fit.params[1])
        assert (rows["low"][i], rows["high"][i]) == pytest.approx(tuple(fit.conf_int()[1]))
        change = stats.ttest_ind(*np.split(end - base, 2))
        assert rows["estimate"][i] != pytest.approx(end[:25].mean() - end[25:].mean())
        low, high = change.confidence_interval()
        other = reading.read_trials("change", 5, benefit=1)
        assert (other["low"][i], other["high"][i]) == pytest.approx((low, high))


def test_a_new_baseline_removes_the_door_and_nothing_else():
    quiet = {"abstinent": 0, "outside": 0, "drift": 0}
    mean = {name: reading.reading_summary(name, 2000, **quiet)["mean"] for name in reading.READINGS}
    assert -mean["screening"] == pytest.approx(trial.regression_to_the_mean(), abs=0.05)
    assert all(abs(mean[name]) < 0.06 for name in reading.READINGS[1:])
    sober = reading.reading_summary("baseline", 2000)["mean"]
    assert sober < -2  # abstinence is still there


def test_only_a_register_like_the_trial_is_a_control():
    assert reading.reading_summary("register", 2000, outside=0)["mean"] == pytest.approx(0, abs=0.1)
    v = trial.settings()
    recovered = v["recovery"] * (1 - np.exp(-v["months"] / v["recovery_months"]))
    found = reading.reading_summary("register", 2000, outside=0.3)["mean"]
    assert found == pytest.approx(-0.3 * recovered, abs=0.1)
    assert reading.reading_wins("register", outside=0.3) > 3 * reading.reading_wins(
        "ancova", outside=0.3
    )


@pytest.mark.parametrize("noise", [0, 1, 2.5, 4, 6])
def test_the_adjusted_reading_varies_least(noise):
    spread = {
        name: reading.reading_spread(name, 3000, noise=noise)
        for name in ("end", "change", "ancova")
    }
    assert spread["ancova"] < 1.02 * min(spread["end"], spread["change"])
    assert max(spread["end"], spread["change"]) > 1.03 * spread["ancova"]


# --------------------------------------------------------------------------------------------- audit


@pytest.mark.parametrize("month", [30, 48])
@pytest.mark.parametrize("missing", [0, 1])
def test_the_audit_says_what_the_counts_say(month, missing):
    """Its verdict against a test on the logarithm of the ratio, worked out from the counts."""
    card, report = lesson.match_audit(), lesson.match_reports()
    counts = report["reports"][str(month)]
    seen = set()
    for saved in range(counts["transplanted"] + 1):
        a, n = counts["dead"] + missing, report["people"] + missing
        c, m = counts["dead_control"] + saved, report["people_control"]
        z = math.log(a / n / (c / m)) / math.sqrt(1 / a - 1 / n + 1 / c - 1 / m)
        said = card.describe(audited=month, saved=saved, missing=missing)
        seen.add(2 * stats.norm.sf(abs(z)) < 0.05)
        outside = "no effect lies outside" in said
        assert outside == (2 * stats.norm.sf(abs(z)) < 0.05)
        assert f"{a} of {n} against {c} of {m}" in said
    assert seen == ({False, True} if month == 30 else {False})


def test_the_audit_repeats_the_evidence():
    card = lesson.match_audit()
    for label, words in (
        ("deaths at 30 months", "0.26 (0.06 to 1.15)"),
        ("death or transplant, 30", "0.21 (0.05 to 0.86)"),
        ("deaths at 48 months", "0.82 (0.38 to 1.78)"),
        ("death or transplant, 48", "0.53 (0.27 to 1.03)"),
    ):
        assert words in card.describe(**card.preset(label))
    with pytest.raises(AssertionError):
        assert "0.53" in card.describe(**card.preset("deaths at 48 months"))


# ---------------------------------------------------------------------------------------------- page

PAGE = """import { fourLives, lifeLuck } from "./engine/virtual_life.js";
import { readTrials, readingLuck } from "./engine/virtual_readings.js";
import { auditScope } from "./views/virtual_trial/audit.js";
import { lifeScope } from "./views/virtual_trial/life.js";
import { readScope } from "./views/virtual_trial/readings.js";
---
const read = (v) => readScope(v, readTrials(v, readingLuck(v.seed, 100, v.n)));
const live = (v) => lifeScope(v, fourLives(v, lifeLuck(v.seed, 400)));
return {
  lives: data.values.map(live), readings: data.values.map(read),
  audits: data.audits.map((v) => auditScope(v, data.reports)),
};
"""


def test_the_page_lives_reads_and_audits_alike(tmp_path):
    moved = [
        {"seed": 21},
        {"seed": 5, "others": 0.5, "lost_ratio": 3, "attention": 2.5, "listed": 5, "wait": 3},
        {"seed": 9, "benefit": 3, "entry": 18, "noise": 0, "outside": 0.5, "follow": 48},
    ]
    audits = [
        {"audited": month, "saved": saved, "missing": missing}
        for month in (30, 48)
        for saved in (0, 1, 5)
        for missing in (0, 1)
    ]
    known = [
        trial.settings(**{k: x for k, x in v.items() if k != "seed"}) | {"seed": v["seed"]}
        for v in moved
    ]
    sent = {"values": known, "audits": audits, "reports": lesson.match_reports()}
    page = run_js(PAGE, sent, tmp_path)
    cards = (lesson.open_life(), lesson.readings(), lesson.match_audit())
    for card, name, asked in zip(
        cards, ("lives", "readings", "audits"), (moved, moved, audits), strict=True
    ):
        ours = [card._says.scope({**card._known, **v}, card._data) for v in asked]
        for one, other in zip(page[name], ours, strict=True):
            assert one == pytest.approx(other, rel=1e-9, abs=1e-9)
        assert page[name][0] != pytest.approx(ours[-1], rel=1e-9)
