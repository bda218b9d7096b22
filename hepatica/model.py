"""A model, written once.

The equations of a model are SymPy expressions. From that one definition come the LaTeX that a notebook shows,
the simulation that Python runs, the JavaScript that answers a slider and the SBML that other simulators read.

Time is counted in days. A parameter keeps the unit in which it was published; rates and durations in minutes,
hours or years are turned into days in one place (`in_days`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import sympy
from scipy.integrate import solve_ivp
from sympy.parsing.sympy_parser import parse_expr
from sympy.printing.jscode import jscode

from hepatica.ledger import Parameter

DAYS_PER_YEAR = 365
UNITS_PER_DAY = {"min": 1440, "h": 24, "hours": 24, "day": 1, "year": 1 / DAYS_PER_YEAR, "years": 1 / DAYS_PER_YEAR}
RELATIVE_TOLERANCE = 1e-9


class ModelError(ValueError):
    """A model was defined or used wrongly; the message says what to write instead."""


@dataclass(frozen=True)
class State:
    """A quantity that changes in time; `logarithmic` states are integrated as their logarithm."""

    label: str
    unit: str
    initial: float | str = 0.0
    logarithmic: bool = False


@dataclass(frozen=True)
class Output:
    """A read-out computed from states, parameters and inputs by the formula `expression`."""

    expression: str
    label: str
    unit: str


@dataclass(frozen=True)
class Pulse:
    """An input that is `height` from day `start` for `duration` days, `repeats` times, one every `period` days.

    Each field is a number or the name of a parameter.
    """

    start: float | str
    duration: float | str
    height: float | str
    repeats: float | str = 1
    period: float | str = 0

    def resolved(self, values: Mapping[str, float]) -> Pulse:
        """The same pulse with every parameter name replaced by its value."""
        fields = (self.start, self.duration, self.height, self.repeats, self.period)
        return Pulse(*(values[field] if isinstance(field, str) else float(field) for field in fields))

    def windows(self) -> list[tuple[float, float]]:
        """First and last day of each repeat of a resolved pulse; a pulse without duration has none."""
        if self.duration <= 0 or self.height == 0:
            return []
        begins = [self.start + n * self.period for n in range(round(self.repeats))]
        return [(begin, begin + self.duration) for begin in begins]


def in_days(unit: str) -> float:
    """The factor that turns a rate or a duration in `unit` into days; 1 for every other unit.

    >>> in_days("molecules/cell/min"), in_days("years"), in_days("cells/mL")
    (1440, 365.0, 1)
    """
    amount, _, last = unit.rpartition("/")
    return UNITS_PER_DAY.get(last, 1) if amount else 1 / UNITS_PER_DAY.get(unit, 1)


class Model:
    """States, parameters, inputs and equations of one model, each written once.

    Parameters
    ----------
    name : str
        Name in the field's words.
    states : dict of str to State
        The quantities that have a rate of change.
    parameters : dict of str to Parameter
        Rows of the ledger, see `hepatica.ledger.parameters`.
    equations : dict of str to str
        One rate of change per state, per day, as a formula.
    definitions : dict of str to str, optional
        Names for parts of the formulas, in the order in which they build on each other.
    inputs : dict of str to list of Pulse, optional
        Dated events. The solver restarts at each edge.
    outputs : dict of str to Output, optional
        Further read-outs; states and definitions are always reported.

    Raises
    ------
    ModelError
        If a formula uses a name that is not declared, or a state has no equation.
    """

    def __init__(
        self,
        name: str,
        *,
        parameters: Mapping[str, Parameter],
        states: Mapping[str, State] | None = None,
        equations: Mapping[str, str] | None = None,
        definitions: Mapping[str, str] | None = None,
        inputs: Mapping[str, Iterable[Pulse]] | None = None,
        outputs: Mapping[str, Output] | None = None,
    ):
        self.name = name
        self.states = dict(states or {})
        self.parameters = dict(parameters)
        self.inputs = {key: list(pulses) for key, pulses in (inputs or {}).items()}
        self.outputs = dict(outputs or {})
        self._source = {**(definitions or {}), **(equations or {})}
        self._source |= {key: output.expression for key, output in self.outputs.items()}
        self._require_equation_per_state(equations or {})
        names = [*self.states, *self.parameters, *self.inputs, *(definitions or {})]
        self._symbols = {key: sympy.Symbol(key, positive=True) for key in names}
        self._names = {"Max": sympy.Max, "Min": sympy.Min, "sqrt": sympy.sqrt, "exp": sympy.exp} | self._symbols
        self.definitions = {key: self._parse(key, text) for key, text in (definitions or {}).items()}
        self.equations = {key: self._parse(key, text) for key, text in (equations or {}).items()}
        self.readouts = {key: self._parse(key, output.expression) for key, output in self.outputs.items()}

    # -- definition ------------------------------------------------------------------------------------

    def _require_equation_per_state(self, equations: Mapping[str, str]) -> None:
        for name in {*self.states} ^ {*equations}:
            kind = "state without an equation" if name in self.states else "equation without a state"
            raise ModelError(f"{self.name}: {name} is a {kind}. Give both, under the same name.")

    def _parse(self, name: str, text: str) -> sympy.Expr:
        """The formula `text` as a SymPy expression in declared names only."""
        expression = parse_expr(text, local_dict=self._names)
        for symbol in sorted(expression.free_symbols - set(self._symbols.values()), key=str):
            close = difflib.get_close_matches(str(symbol), self._symbols, n=3)
            hint = f"Did you mean {' or '.join(close)}?" if close else f"Declared are {', '.join(self._symbols)}."
            raise ModelError(f"{self.name}: the formula of {name} uses {symbol}, which is not declared. {hint}")
        return expression

    def expanded(self, expression: sympy.Expr) -> sympy.Expr:
        """`expression` with every definition replaced by its formula."""
        for name, formula in reversed(self.definitions.items()):
            expression = expression.subs(self._symbols[name], formula)
        return expression

    @cached_property
    def rates(self) -> list[sympy.Expr]:
        """Rates of change of the integrated variables (d ln F/dt = F'/F for a logarithmic state)."""
        return [self._rate(name, state) for name, state in self.states.items()]

    def _rate(self, name: str, state: State) -> sympy.Expr:
        expression = self.equations[name]
        if state.logarithmic:
            expression = sympy.Add(*(term / self._symbols[name] for term in sympy.Add.make_args(expression)))
        return self.expanded(expression)

    @cached_property
    def reported(self) -> dict[str, sympy.Expr]:
        """Everything a run reports: states, inputs, definitions and outputs, fully expanded."""
        own = {name: self._symbols[name] for name in (*self.states, *self.inputs)}
        return own | {name: self.expanded(formula) for name, formula in (self.definitions | self.readouts).items()}

    def unit(self, name: str) -> str:
        """Unit of a state, output, parameter or input ("" for a pure number or a definition without unit)."""
        for table in (self.states, self.outputs, self.parameters):
            if name in table:
                return table[name].unit
        return ""

    def label(self, name: str) -> str:
        """Label of a state, output or parameter; the name itself for the rest."""
        for table in (self.states, self.outputs, self.parameters):
            if name in table:
                return table[name].label
        return name

    # -- values ----------------------------------------------------------------------------------------

    def values(self, **changed: float) -> dict[str, float]:
        """Ledger values of all parameters with `changed` replaced, in published units.

        Raises ModelError for an unknown name or a value outside the range that the ledger offers.
        """
        for name, value in changed.items():
            self._check_value(name, value)
        return {name: float(changed.get(name, row.value)) for name, row in self.parameters.items()}

    def _check_value(self, name: str, value: float) -> None:
        if name not in self.parameters:
            close = difflib.get_close_matches(name, self.parameters, n=3) or list(self.parameters)
            raise ModelError(f"{self.name} has no parameter {name}. Did you mean {' or '.join(close)}?")
        row = self.parameters[name]
        if row.low is not None and not row.low <= value <= row.high:
            raise ModelError(
                f"{name} = {value:g} {row.unit} is outside {row.low:g} to {row.high:g} {row.unit} ({row.label}). "
                "Choose a value inside, or widen the range in data/parameters.csv with a source."
            )

    def daily(self, values: Mapping[str, float]) -> dict[str, float]:
        """Parameter values with every rate and duration turned into days."""
        return {name: value * in_days(self.parameters[name].unit) for name, value in values.items()}

    # -- simulation ------------------------------------------------------------------------------------

    @cached_property
    def _python(self):
        """Rates of the integrated variables as a fast Python function of (states, parameters, inputs)."""
        logs = {self._symbols[name]: sympy.exp(sympy.Symbol(f"ln_{name}"))
                for name, state in self.states.items() if state.logarithmic}
        own = [sympy.Symbol(f"ln_{n}") if s.logarithmic else self._symbols[n] for n, s in self.states.items()]
        arguments = [own, self._symbols_of(self.parameters), self._symbols_of(self.inputs)]
        return sympy.lambdify(arguments, [rate.subs(logs) for rate in self.rates], modules="math", cse=True)

    @cached_property
    def _report(self):
        arguments = [self._symbols_of(self.states), self._symbols_of(self.parameters), self._symbols_of(self.inputs)]
        return sympy.lambdify(arguments, list(self.reported.values()), modules="numpy", cse=True)

    def _symbols_of(self, names: Iterable[str]) -> list[sympy.Symbol]:
        return [self._symbols[name] for name in names]

    def simulate(
        self, days: float = 100, *, points: int = 201, at: Iterable[float] | None = None,
        rtol: float = RELATIVE_TOLERANCE, unchecked: Mapping[str, float] | None = None, **changed: float,
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

        Raises ModelError for unknown names, values out of range, or a run that the solver cannot finish.
        """
        values = self.daily(self.values(**changed) | dict(unchecked or {}))
        times = np.linspace(0, days, points) if at is None else np.asarray(list(at), float)
        if len(times) == 0 or times[0] < 0 or np.any(np.diff(times) <= 0):
            raise ModelError(f"{self.name}: report days must rise from 0 or later, for example at=[0, 30, 180].")
        states = self._integrate(values, times, rtol)
        inputs = [self._input(name, values, times) for name in self.inputs]
        columns = self._report(list(states), list(values.values()), inputs)
        frame = pd.DataFrame({name: np.broadcast_to(column, times.shape)
                              for name, column in zip(self.reported, columns, strict=True)})
        frame.index = pd.Index(times, name="day")
        frame.attrs["units"] = {name: self.unit(name) for name in frame.columns}
        return frame

    def _pulses(self, name: str, values: Mapping[str, float]) -> list[Pulse]:
        return [pulse.resolved(values) for pulse in self.inputs[name]]

    def _input(self, name: str, values: Mapping[str, float], times: np.ndarray) -> np.ndarray:
        """Value of an input at each time; a pulse counts from its first instant up to, not at, its end."""
        total = np.zeros_like(times, dtype=float)
        for pulse in self._pulses(name, values):
            for begin, end in pulse.windows():
                total += pulse.height * ((begin <= times) & (times < end))
        return total

    def edges(self, values: Mapping[str, float], days: float) -> list[float]:
        """Days, strictly inside the run, on which an input jumps."""
        ends = {edge for name in self.inputs for pulse in self._pulses(name, values)
                for window in pulse.windows() for edge in window}
        return sorted(edge for edge in ends if 0 < edge < days)

    def initial(self, values: Mapping[str, float]) -> list[float]:
        """Start values of the integrated variables (logarithms where the state is logarithmic)."""
        start = [values[s.initial] if isinstance(s.initial, str) else s.initial for s in self.states.values()]
        return [np.log(x) if s.logarithmic else x for x, s in zip(start, self.states.values(), strict=True)]

    def _integrate(self, values: Mapping[str, float], times: np.ndarray, rtol: float) -> np.ndarray:
        """States at `times`, shape (states, times); the solver restarts at every edge of an input."""
        y, result = np.array(self.initial(values), float), np.empty((len(self.states), len(times)))
        bounds = [0.0, *self.edges(values, times[-1]), times[-1]]
        result[:, times == 0] = y[:, None]
        for begin, end in zip(bounds, bounds[1:], strict=False):
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
        inputs = [float(self._input(name, values, middle)[0]) for name in self.inputs]
        parameters, rates = list(values.values()), self._python
        absolute = [rtol if s.logarithmic else rtol * 1e-3 for s in self.states.values()]
        run = solve_ivp(lambda _, x: rates(x, parameters, inputs), span, y, method="LSODA",
                        t_eval=np.union1d(times, span[1]), rtol=rtol, atol=absolute)
        if not run.success:
            raise ModelError(f"{self.name}: the solver stopped between day {span[0]:g} and {span[1]:g}: {run.message}")
        return run.y[:, -1], run.y[:, : len(times)]

    def evaluate(self, **changed: float) -> dict[str, float]:
        """Read-outs of a model without states, at given parameter values.

        Raises ModelError for a model that has states: simulate() it instead.
        """
        if self.states:
            raise ModelError(f"{self.name} changes in time. Use simulate(days=…) instead of evaluate().")
        numbers = self._report([], list(self.daily(self.values(**changed)).values()), [])
        return {name: float(number) for name, number in zip(self.reported, numbers, strict=True)}

    # -- products --------------------------------------------------------------------------------------

    def latex(self, *names: str) -> str:
        """The equations as one LaTeX `aligned` block; of the named states and definitions only, if any are named."""
        chosen = names or [*self.equations, *self.definitions]
        return r"\begin{aligned}" + r" \\ ".join(self._latex_line(name) for name in chosen) + r"\end{aligned}"

    def _latex_line(self, name: str) -> str:
        symbol = sympy.latex(sympy.Symbol(name))
        left = rf"\frac{{d {symbol}}}{{d t}}" if name in self.equations else symbol
        unevaluated = parse_expr(self._source[name], local_dict=self._names, evaluate=False)  # keeps the written order
        return f"{left} &= {sympy.latex(unevaluated, order='none')}"

    def javascript(self) -> dict:
        """The model as plain data with two JavaScript function bodies, for `frontend/solve.js`.

        `rates` fills `d` from integrated variables `y`, daily parameters `p` and inputs `u`;
        `report` fills `o` with everything in `reported`.
        """
        return {
            "name": self.name,
            "states": [{"name": n, "initial": s.initial, "log": s.logarithmic} for n, s in self.states.items()],
            "parameters": [{"name": n, "value": p.value, "factor": in_days(p.unit)}
                           for n, p in self.parameters.items()],
            "inputs": {name: [vars(pulse) for pulse in pulses] for name, pulses in self.inputs.items()},
            "reported": list(self.reported),
            "rates": self._javascript_body(self.rates, "d", logs=True),
            "report": self._javascript_body(list(self.reported.values()), "o", logs=False),
        }

    def _javascript_body(self, expressions: list[sympy.Expr], target: str, *, logs: bool) -> str:
        """Statements that unpack the names used, then common parts, then the results."""
        used = set().union(*(e.free_symbols for e in expressions)) if expressions else set()
        lines = [f"const {name} = {source};" for name, source in self._unpack(logs) if self._symbols[name] in used]
        parts, results = sympy.cse(expressions, symbols=sympy.numbered_symbols("x_"))
        lines += [f"const {symbol} = {jscode(part)};" for symbol, part in parts]
        lines += [f"{target}[{i}] = {jscode(result)};" for i, result in enumerate(results)]
        return "\n".join(lines)

    def _unpack(self, logs: bool) -> list[tuple[str, str]]:
        states = [(name, f"Math.exp(y[{i}])" if logs and state.logarithmic else f"y[{i}]")
                  for i, (name, state) in enumerate(self.states.items())]
        parameters = [(name, f"p[{i}]") for i, name in enumerate(self.parameters)]
        return states + parameters + [(name, f"u[{i}]") for i, name in enumerate(self.inputs)]
