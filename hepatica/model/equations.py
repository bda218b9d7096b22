"""A model: a definition that can be run, changed and handed on.

Time is counted in days. A parameter keeps the unit in which it was published; rates and durations
in minutes, hours or years are turned into days in one place (`hepatica.model.units.in_days`).
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Self

import numpy as np
import pandas as pd

from hepatica.model import given, javascript
from hepatica.model.parts import ModelError
from hepatica.model.solver import Solvable
from hepatica.model.units import DAYS_PER

RELATIVE_TOLERANCE = 1e-9


class Model(Solvable):
    """States, parameters, inputs and equations of one model, each written once (arguments:
    see `Definition`)."""

    kind = "equations"
    """Which engine of the cards runs the model (cards/engine/models.js)."""

    # -- values ------------------------------------------------------------------------------------

    def values(self, **changed: float) -> dict[str, float]:
        """Ledger values of all parameters with `changed` replaced, in published units.

        Raises ModelError for an unknown name or a value outside the range that the ledger offers.
        """
        for name, value in changed.items():
            self._check_value(name, value)
        return {name: float(changed.get(name, row.value)) for name, row in self.parameters.items()}

    def _require(self, name: str) -> None:
        if name not in self.parameters:
            close = difflib.get_close_matches(name, self.parameters, n=3) or list(self.parameters)
            raise ModelError(
                f"{self.name} has no parameter {name}. Did you mean {' or '.join(close)}?"
            )

    def _check_value(self, name: str, value: float) -> None:
        self._require(name)
        row, value = self.parameters[name], _finite(value, name)
        if row.low is not None and not row.low <= value <= row.high:
            raise ModelError(
                f"{name} = {value:g} {row.unit} is outside {row.low:g} to {row.high:g} {row.unit} "
                f"({row.label}). Choose a value inside, or widen the range in data/parameters.csv "
                "with a source."
            )

    def with_any(self, changed: Mapping[str, float] | None, **inside: float) -> dict[str, float]:
        """As `values` of those `inside`, with others `changed` that may leave the ledger's ranges.

        Raises ModelError for an unknown name and GivenError for what is no finite number.
        """
        values = self.values(**inside)
        for name, value in given.made(changed or {}, "unchecked", Mapping).items():
            self._require(name)
            values[name], row = _finite(value, name), self.parameters[name]
            if row.low is not None and values[name] < 0 <= row.low:
                raise ModelError(f"{name} = {value:g} {row.unit}: {row.label} is never below 0.")
            if row.unit == "share" and values[name] > 1 >= row.high:
                raise ModelError(f"{name} = {value:g}: {row.label} is a share, at most 1.")
        return values

    def starting(self, **values: float) -> Self:
        """The same model with other start values: of parameters (what the ledger gives) or of
        states.

        Raises ModelError for an unknown name or a value outside the range that the ledger offers.
        """
        for name, value in values.items():
            if name not in self.states:
                self._check_value(name, value)
            _finite(value, name)
        other = copy.copy(self)
        other.parameters = {
            name: replace(row, value=values[name]) if name in values else row
            for name, row in self.parameters.items()
        }
        other.states = {
            name: replace(state, initial=values[name]) if name in values else state
            for name, state in self.states.items()
        }
        return other

    # -- the clock ---------------------------------------------------------------------------------

    @property
    def clock(self) -> str:
        """The unit of the model's own time, "days" or "years"; "" for a model without time."""
        return "days" if self.states or self.inputs else ""

    def ticks_per(self, unit: str) -> float:
        """How many units of the model's clock pass in one of `unit` ("hours", "days" or "years").

        Raises ModelError for a model without clock and for another unit.
        """
        if not self.clock or unit not in DAYS_PER:
            raise ModelError(
                f"{self.name} has no clock."
                if not self.clock
                else f"{unit} is no unit of a run; write one of {', '.join(DAYS_PER)}."
            )
        return DAYS_PER[unit] / DAYS_PER[self.clock]

    def series(self, times: Iterable[float], /, **values: float) -> dict[str, np.ndarray]:
        """Every reported series at `times` of the model's own clock, shape (times,) each.

        A model without clock gives the same at every time. Raises ModelError as `simulate` and
        `evaluate` do.
        """
        times = np.asarray(given.numbers(times, "times"), float)
        if not self.clock:
            return {
                name: np.full(times.shape, value) for name, value in self.evaluate(**values).items()
            }
        return _columns(self.simulate(at=times, **values))

    def sweep(
        self, parameter: str, grid: Iterable[float], /, **values: float
    ) -> dict[str, np.ndarray]:
        """Read-outs of a model without clock while one parameter takes each value of `grid`, shape
        (grid,) each.

        Raises ModelError for a model with a clock, an unknown name or a value out of range.
        """
        rows = [self.evaluate(**{**values, parameter: value}) for value in grid]
        return {name: np.array([row[name] for row in rows]) for name in self.reported}

    # -- simulation --------------------------------------------------------------------------------

    def simulate(
        self,
        days: float = 100,
        *,
        points: int = 201,
        at: Iterable[float] | None = None,
        rtol: float = RELATIVE_TOLERANCE,
        unchecked: Mapping[str, float] | None = None,
        **changed: float,
    ) -> pd.DataFrame:
        """Run the model for `days` days and report every state, input, definition and output.

        Parameters
        ----------
        days : float
            Length of the run, days.
        points : int
            Number of evenly spaced rows.
        at : iterable of float, optional
            Days to report instead; must rise from 0 or more.
        rtol : float
            Relative tolerance per step (absolute tolerance of logarithmic states).
        unchecked : mapping, optional
            Parameter values outside the ledger's ranges, for experiments that say so.
        **changed : float
            Parameter values that differ from the ledger, in published units.

        Returns
        -------
        DataFrame indexed by `day`; units of the columns in `.attrs["units"]`.

        Raises ModelError for unknown names, values out of range, or a run that the solver cannot
        finish.
        """
        if self.unknown:
            raise ModelError(f"{self.name} has no clock. Use evaluate(…) instead of simulate().")
        values = self.daily(self.with_any(unchecked, **changed))
        times = moments(days, points, at, "days")
        if len(times) == 0 or times[0] < 0 or np.any(np.diff(times) <= 0):
            raise ModelError(
                f"{self.name}: report days must rise from 0 or later, for example at=[0, 30, 180]."
            )
        states = self.integrate(values, times, rtol)
        inputs = [self.input_at(name, values, times) for name in self.inputs]
        columns = self._report(list(states), list(values.values()), inputs)
        frame = pd.DataFrame(
            {
                name: np.broadcast_to(column, times.shape)
                for name, column in zip(self.reported, columns, strict=True)
            }
        )
        frame.index = pd.Index(times, name="day")
        frame.attrs["units"] = {name: self.unit(name) for name in frame.columns}
        return frame

    def evaluate(self, **changed: float) -> dict[str, float]:
        """Read-outs of a model without states, at given parameter values.

        Raises ModelError for a model that has states: simulate() it instead.
        """
        if self.states:
            raise ModelError(
                f"{self.name} changes in time. Use simulate(days=…) instead of evaluate()."
            )
        parameters = list(self.daily(self.values(**changed)).values())
        numbers = self._report(self.settle(parameters), parameters, [])
        return {name: float(number) for name, number in zip(self.reported, numbers, strict=True)}

    # -- products ----------------------------------------------------------------------------------

    def javascript(self) -> dict:
        """The model as plain data with JavaScript formulas, for cards/engine/models.js."""
        rows = [
            {"name": n, "value": p.value, "factor": self.factor(n)}
            for n, p in self.parameters.items()
        ]
        shared = {
            "kind": self.kind,
            "clock": self.clock,
            "name": self.name,
            "parameters": rows,
            "reported": list(self.reported),
        }
        return shared | self._engine()

    def _engine(self) -> dict:
        """What the engine of this kind needs besides."""
        return javascript.specification(self)


def _columns(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    return {name: frame[name].to_numpy() for name in frame}


def _finite(value: float, name: str) -> float:
    """A finite number; true and false count as 1 and 0, since some parameters are switches."""
    return float(value) if isinstance(value, bool | np.bool_) else given.number(value, name)


def moments(length: float, points: int, at: Iterable[float] | None, what: str) -> np.ndarray:
    """`points` evenly spaced times from 0 to `length`, or the times `at`; `what` is the name of the
    length. Raises GivenError for what is no such number or list."""
    if at is not None:
        return np.asarray(given.numbers(at, "at"), float)
    most = given.number(length, what, 0)
    return np.linspace(0, most, given.whole(points, "points", 1))
