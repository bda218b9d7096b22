"""Blood tests after a loss of hepatocytes: targets, agreement with the reserve curve,
Python and JavaScript."""

from __future__ import annotations

import numpy as np
import pytest
from experiments import disagreement, draw, met, result, rows

from hepatica.model import ModelError
from hepatica.models import reserve as curve
from hepatica.models.blood_tests import (
    after_loss,
    blood_balance,
    blood_tests,
    days_until,
    steady_ammonia,
)
from hepatica.models.portal import treated
from tools.node import run_js

EVALUATE = """import { compileModel, evaluateModel, solveModel } from "./engine/solver.js";
---
const model = compileModel(data.model);
if (!data.times) return data.sets.map((values) => evaluateModel(model, values));
const plain = (series) => Object.fromEntries(Object.entries(series).map(([name, column]) => [name, [...column]]));
return data.sets.map((values) => plain(solveModel(model, values, data.times)));
"""
BALANCE_AGREEMENT = 1e-9  # relative: a formula
# relative to the healthy value: the tolerance of the two solvers, far below what a chart shows
TIME_AGREEMENT = 1e-4
DAYS = np.linspace(0, 60, 31)


def test_every_target_is_met_and_a_spoilt_one_is_not():
    targets = rows("blood_tests")
    assert len(targets) >= 12
    for row in targets:
        value = result(row)
        assert met(row, value), (row["key"], value, row["value"])
        assert not met({**row, "value": row["value"] * 1.1}, value), row["key"]


def test_balance_and_run_share_the_reserve_curve():
    for H in (0.2, 0.4, 0.6, 0.8):
        assert blood_balance.evaluate(H=H)["albumin"] == pytest.approx(
            curve.steady_albumin(H), rel=1e-12
        )
        assert blood_balance.evaluate(H=H)["bilirubin"] == pytest.approx(
            curve.steady_bilirubin(H), rel=1e-12
        )
        assert after_loss("A", 500, lost=1 - H) == pytest.approx(curve.steady_albumin(H), rel=1e-6)
        assert after_loss("A", 5, lost=1 - H) > curve.steady_albumin(H) + 0.1  # not there yet
    assert after_loss("A", 7, lost=1) == pytest.approx(curve.albumin_after_stop(7), rel=1e-6)


def test_the_fast_marker_falls_first():
    days = [days_until(read, 90, lost=0.6) for read in ("VII", "II", "albumin_share")]
    assert 0 < days[0] < days[1] < days[2] < 30
    assert days_until("VII", 90, lost=0.05) == float("inf")


def test_hepatocytes_that_come_back_bring_the_markers_back():
    low, later = (after_loss("A", day, lost=0.6, loss_days=30) for day in (30, 200))
    assert low < 36 and later == pytest.approx(42, abs=0.1)
    assert after_loss("A", 200, lost=0.6) < 36  # for good


def test_the_bypass_of_the_circuit_raises_ammonia():
    bypass = treated("bypass", 25, tips=1) / 100
    assert steady_ammonia(sigma=bypass) > 8 * steady_ammonia()
    assert steady_ammonia(H=0.4) < steady_ammonia(sigma=0.35)


def test_balance_in_javascript(tmp_path):
    sets = draw(blood_balance, 200)
    ours = [blood_balance.evaluate(**values) for values in sets]
    theirs = run_js(EVALUATE, {"model": blood_balance.javascript(), "sets": sets}, tmp_path)
    assert len(theirs) == 200 and disagreement(ours, theirs) < BALANCE_AGREEMENT
    wrong = [blood_balance.evaluate(**{**values, "G": values["G"] * (1 + 1e-7)}) for values in sets]
    assert disagreement(wrong, theirs) > BALANCE_AGREEMENT


def in_time(values: dict[str, float]) -> np.ndarray:
    """The three markers in shares of healthy, one row each."""
    run = blood_tests.simulate(at=DAYS, **values)
    return np.array([run["albumin_share"], run["VII"], run["II"]]) / 100


def test_run_in_javascript(tmp_path):
    # ends in the run
    sets = [values | {"loss_days": values["loss_days"] / 250} for values in draw(blood_tests, 200)]
    theirs = run_js(
        EVALUATE, {"model": blood_tests.javascript(), "sets": sets, "times": list(DAYS)}, tmp_path
    )
    theirs = [np.array([run["albumin_share"], run["VII"], run["II"]]) / 100 for run in theirs]
    worst = max(
        np.abs(in_time(values) - run).max() for values, run in zip(sets, theirs, strict=True)
    )
    assert len(theirs) == 200 and worst < TIME_AGREEMENT
    wrong = {**sets[0], "k_A": sets[0]["k_A"] * 1.01}
    assert np.abs(in_time(wrong) - theirs[0]).max() > TIME_AGREEMENT


def test_values_out_of_range_are_refused():
    with pytest.raises(ModelError, match="lost = 1.2 share of healthy is outside 0 to 1"):
        after_loss("A", 1, lost=1.2)
    with pytest.raises(ModelError, match="no parameter Sigma. Did you mean sigma"):
        blood_balance.evaluate(Sigma=0.2)
