"""Runs a model: integration between the edges of its inputs, and the root of a balance."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from hepatica.model.parts import ModelError

if TYPE_CHECKING:
    from hepatica.model.equations import Model


def integrate(model: Model, values: Mapping[str, float], times: np.ndarray, rtol: float) -> np.ndarray:
    """States at `times`, shape (states, times); the solver restarts at every edge of an input.

    `values` are daily. Raises ModelError when the solver gives up.
    """
    y, result = np.array(model.initial(values), float), np.empty((len(model.states), len(times)))
    bounds = [0.0, *model.edges(values, times[-1]), times[-1]]
    result[:, times == 0] = y[:, None]
    for begin, end in pairwise(bounds):
        inside = (begin < times) & (times <= end)
        y, result[:, inside] = _segment(model, values, y, (begin, end), times[inside], rtol)
    logs = [state.logarithmic for state in model.states.values()]
    result[logs] = np.exp(result[logs])
    return result


def _segment(model, values, y, span, times, rtol):
    """One stretch with constant inputs: the last state and the states at `times`."""
    if span[0] == span[1]:
        return y, np.empty((len(y), 0))
    middle = np.array([sum(span) / 2])
    inputs = [float(model.input_at(name, values, middle)[0]) for name in model.inputs]
    parameters, rates = list(values.values()), model.derivative
    absolute = [rtol if s.logarithmic else rtol * 1e-3 for s in model.states.values()]
    run = solve_ivp(lambda _, x: rates(x, parameters, inputs), span, y, method="LSODA",
                    t_eval=np.union1d(times, span[1]), rtol=rtol, atol=absolute)
    if not run.success:
        raise ModelError(f"{model.name}: the solver stopped between day {span[0]:g} and {span[1]:g}: {run.message}")
    return run.y[:, -1], run.y[:, : len(times)]


def settle(model: Model, parameters: list[float]) -> list[float]:
    """The unknown at which the balance holds, in a list; an empty list for a model without unknown."""
    if not model.unknown:
        return []
    low, high = (model.gap[end]([0.0], parameters) for end in ("low", "high"))
    gaps = [model.gap["gap"]([x], parameters) for x in (low, high)]
    if not gaps[0] * gaps[1] <= 0:
        raise ModelError(f"{model.name}: {next(iter(model.unknown))} has no balance between {low:g} and {high:g} "
                         f"(gap {gaps[0]:g} and {gaps[1]:g}). Change a parameter, or widen low and high.")
    return [brentq(lambda x: model.gap["gap"]([x], parameters), low, high, xtol=1e-14 * abs(high - low) or 1e-300)]
