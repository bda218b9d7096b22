"""Long runs in the page: the stiff method keeps its order, and a run over decades needs few looks at
the equations."""

from __future__ import annotations

import numpy as np
import pytest

from hepatica.model import Model, State
from hepatica.models.tide import tide
from tools.node import run_js

# x' = -1000 (x - cos t), t' = 1: a fast state that follows a slow one
STEPS = """import { stiffStepper } from "./engine/stiff.js";
---
const { L } = data;
const exact = (t) => (L * L * Math.cos(t) + L * Math.sin(t)) / (L * L + 1);
return data.steps.map((n) => {
  const y = Float64Array.of(exact(0), 0);
  const next = new Float64Array(2);
  const f = (v, d) => { d[0] = -L * (v[0] - Math.cos(v[1])); d[1] = 1; };
  const stepper = stiffStepper(f, y, next, () => 1);
  const at = new Float64Array(2);
  let [end, inside] = [0, 0];
  for (let i = 0; i < n; i++) {
    stepper.begin();
    stepper.step(2 / n);
    stepper.interpolate(0.4, 2 / n, at);
    inside = Math.max(inside, Math.abs(at[0] - exact(y[1] + 0.4 * (2 / n))));
    y.set(next);
    end = Math.max(end, Math.abs(y[0] - exact(y[1])));
  }
  return [end, inside];
});
"""
LOOKS = """import { compileModel, solveModel } from "./engine/solver.js";
---
const model = compileModel(data.model);
let looks = 0;
const rates = (...all) => { looks += 1; return model.rates(...all); };
solveModel({ ...model, rates }, data.values, data.times);
return looks;
"""
RUN = """import { compileModel, solveModel } from "./engine/solver.js";
---
return Array.from(solveModel(compileModel(data.model), data.values, data.times).H);
"""
FEW = 8000  # looks at the equations in forty years; an explicit method needs twice as many


def errors(tmp_path, fastest: float) -> np.ndarray:
    """Largest error at the ends and inside of steps, one row per number of steps (8, 16, 32)."""
    return np.array(run_js(STEPS, {"L": fastest, "steps": [8, 16, 32]}, tmp_path))


def orders(found: np.ndarray) -> np.ndarray:
    """Order of a method from its errors at steps halved twice, at the ends and inside of steps."""
    return np.log2(found[0] / found[-1]) / 2


def test_the_stiff_method_keeps_its_order(tmp_path):
    end, inside = orders(errors(tmp_path, 1))
    assert end > 4.7
    assert inside > 3.7
    with pytest.raises(AssertionError):  # a method of second order is found
        assert orders(np.array([[1, 1], [1 / 4, 1 / 4], [1 / 16, 1 / 16]]))[0] > 4.7


def test_a_fast_state_holds_no_step_back(tmp_path):
    found = errors(tmp_path, 1000)  # an explicit step of a quarter would blow up 250-fold
    assert found.max() < 1e-4
    assert found[-1].max() < 1e-6


def looks(tmp_path, years: float, model: dict) -> int:
    """How often a run looks at the equations."""
    days = list(np.linspace(0, years * 365.25, 241))
    return run_js(LOOKS, {"model": model, "values": {"injury_years": 20}, "times": days}, tmp_path)


def test_decades_need_few_looks(tmp_path):
    model = tide.javascript()
    assert looks(tmp_path, 40, model) < FEW
    assert looks(tmp_path, 400, model) < 2 * FEW  # ten times as long, hardly more


def test_a_run_is_right_between_its_steps(tmp_path):
    """Cells that die and come back, whose course is known: a chart reads it far more often than
    the solver steps."""
    cells = Model(
        "cells alone",
        parameters={name: tide.parameters[name] for name in ("d", "rho")},
        states={"H": State("hepatocytes", "share of healthy", 1.0)},
        equations={"H": "rho * (1 - H) - d * H"},
    )
    values = {"d": 0.02, "rho": 0.03}
    times = np.linspace(0, 200, 401)
    rest, pace = values["rho"] / sum(values.values()), sum(values.values())
    asked = {"model": cells.javascript(), "values": values, "times": times.tolist()}
    found = np.array(run_js(RUN, asked, tmp_path))
    away = np.abs(found - (rest + (1 - rest) * np.exp(-pace * times)))
    assert away.max() < 1e-7
    assert np.abs(found - (rest + (1 - rest) * np.exp(-1.001 * pace * times))).max() > 1e-5
