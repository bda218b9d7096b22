"""Run a model through its SBML in libRoadRunner."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hepatica.model import Model
from hepatica.model.sbml import sbml


def run_sbml(
    model: Model, days: float, values: dict[str, float]
) -> tuple[np.ndarray, pd.DataFrame]:
    """Times and states of `model` as libRoadRunner computes them from the exported SBML."""
    import roadrunner

    runner = roadrunner.RoadRunner(sbml(model, days, **values))
    runner.integrator.relative_tolerance = 1e-10
    runner.integrator.absolute_tolerance = 1e-10
    runner.integrator.setValue("maximum_num_steps", 1_000_000)
    runner.timeCourseSelections = ["time", *model.states]
    result = np.array(runner.simulate(0, days, 51))
    return result[:, 0], pd.DataFrame(result[:, 1:], columns=list(model.states))
