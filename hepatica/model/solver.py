"""Numbers from a definition: fast functions of its formulas, integration between the edges of its
inputs, and the root of a balance.

Time is counted in days. A parameter keeps the unit in which it was published; rates and durations
in minutes, hours or years are turned into days in one place (`hepatica.model.units.in_days`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise

import numpy as np
import sympy
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from hepatica.model.definition import Definition
from hepatica.model.parts import ModelError
from hepatica.model.pulses import Pulse, edges, level
from hepatica.model.units import in_days


class Solvable(Definition):
    """A definition with numbers: values are daily here, that is,
    with every rate and duration in days."""

    def daily(self, values: Mapping[str, float]) -> dict[str, float]:
        """Parameter values with every rate and duration turned into days (a balance has no clock:
        unchanged)."""
        return {name: value * self.factor(name) for name, value in values.items()}

    def factor(self, name: str) -> float:
        """What turns a parameter from its published unit into the model's own (days;
        a balance changes nothing)."""
        return 1 if self.unknown else in_days(self.parameters[name].unit)

    @cached_property
    def derivative(self):
        """Rates of the integrated variables as a fast Python function of (states, parameters,
        inputs).

        Three lists in the order of the model; logarithmic states as logarithms, parameters in days.
        """
        logs = {
            self._symbols[name]: sympy.exp(sympy.Symbol(f"ln_{name}"))
            for name, state in self.states.items()
            if state.logarithmic
        }
        own = [
            sympy.Symbol(f"ln_{n}") if s.logarithmic else self._symbols[n]
            for n, s in self.states.items()
        ]
        arguments = [own, self._symbols_of(self.parameters), self._symbols_of(self.inputs)]
        return sympy.lambdify(
            arguments, [rate.subs(logs) for rate in self.rates], modules="math", cse=True
        )

    @cached_property
    def _report(self):
        settled = [*self.states, *self.unknown]
        arguments = [
            self._symbols_of(settled),
            self._symbols_of(self.parameters),
            self._symbols_of(self.inputs),
        ]
        return sympy.lambdify(arguments, list(self.reported.values()), modules="numpy", cse=True)

    @cached_property
    def gap(self):
        """Bracket and gap of the balance as fast Python functions of (unknown, parameters)."""
        arguments = [self._symbols_of(self.unknown), self._symbols_of(self.parameters)]
        return {
            key: sympy.lambdify(arguments, formula, modules="math", cse=True)
            for key, formula in self.bracketed.items()
        }

    def _pulses(self, name: str, values: Mapping[str, float]) -> list[Pulse]:
        return [pulse.resolved(values) for pulse in self.inputs[name]]

    def input_at(self, name: str, values: Mapping[str, float], times: np.ndarray) -> np.ndarray:
        """Value of an input at each time, from daily values."""
        return level(self._pulses(name, values), times)

    def edges(self, values: Mapping[str, float], days: float) -> list[float]:
        """Days, strictly inside the run, on which an input jumps;
        jumps within `SHORTEST` of the last are one."""
        return edges([pulse for name in self.inputs for pulse in self._pulses(name, values)], days)

    def initial(self, values: Mapping[str, float]) -> list[float]:
        """Start values of the integrated variables (logarithms where the state is logarithmic)."""
        start = [
            values[s.initial] if isinstance(s.initial, str) else s.initial
            for s in self.states.values()
        ]
        return [
            np.log(x) if s.logarithmic else x
            for x, s in zip(start, self.states.values(), strict=True)
        ]

    def integrate(self, values: Mapping[str, float], times: np.ndarray, rtol: float) -> np.ndarray:
        """States at `times`, shape (states, times); the solver restarts at every edge of an input.

        `values` are daily. Raises ModelError when the solver gives up.
        """
        y, result = np.array(self.initial(values), float), np.empty((len(self.states), len(times)))
        bounds = [0.0, *self.edges(values, times[-1]), times[-1]]
        result[:, times == 0] = y[:, None]
        for begin, end in pairwise(bounds):
            inside = (begin < times) & (times <= end)
            y, result[:, inside] = self._segment(values, y, (begin, end), times[inside], rtol)
        logs = [state.logarithmic for state in self.states.values()]
        result[logs] = np.exp(result[logs])
        return result

    def _segment(self, values, y, span, times, rtol):
        """One stretch with constant inputs: the last state and the states at `times`."""
        if span[0] == span[1]:
            return y, np.empty((len(y), 0))
        middle = np.array([sum(span) / 2])
        inputs = [float(self.input_at(name, values, middle)[0]) for name in self.inputs]
        parameters, rates = list(values.values()), self.derivative
        absolute = [rtol if s.logarithmic else rtol * 1e-3 for s in self.states.values()]
        run = solve_ivp(
            lambda _, x: rates(x, parameters, inputs),
            span,
            y,
            method="LSODA",
            t_eval=np.union1d(times, span[1]),
            rtol=rtol,
            atol=absolute,
        )
        if not run.success:
            raise ModelError(
                f"{self.name}: the solver stopped between day {span[0]:g} and "
                f"{span[1]:g}: {run.message}"
            )
        return run.y[:, -1], run.y[:, : len(times)]

    def settle(self, parameters: list[float]) -> list[float]:
        """The unknown at which the balance holds, in a list;
        an empty list for a model without unknown."""
        if not self.unknown:
            return []
        low, high = (self.gap[end]([0.0], parameters) for end in ("low", "high"))
        gaps = [self.gap["gap"]([x], parameters) for x in (low, high)]
        if not gaps[0] * gaps[1] <= 0:
            raise ModelError(
                f"{self.name}: {next(iter(self.unknown))} has no balance between "
                f"{low:g} and {high:g} (gap {gaps[0]:g} and {gaps[1]:g}). "
                "Change a parameter, or widen low and high."
            )
        return [
            brentq(
                lambda x: self.gap["gap"]([x], parameters),
                low,
                high,
                xtol=1e-14 * abs(high - low) or 1e-300,
            )
        ]
