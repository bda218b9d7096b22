"""A model, written once.

The equations of a model are SymPy expressions. From that one definition come the LaTeX that a notebook shows,
the simulation that Python runs, the JavaScript that answers a slider and the SBML that other simulators read.

Time is counted in days. A parameter keeps the unit in which it was published; rates and durations in minutes,
hours or years are turned into days in one place (`in_days`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd
import sympy
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from sympy.parsing.sympy_parser import parse_expr
from sympy.printing.jscode import jscode

from hepatica.ledger import Parameter
from hepatica.model.code import formula

DAYS_PER_YEAR = 365
UNITS_PER_DAY = {"min": 1440, "h": 24, "hours": 24, "day": 1, "year": 1 / DAYS_PER_YEAR, "years": 1 / DAYS_PER_YEAR}
RELATIVE_TOLERANCE = 1e-9
SHORTEST = 1e-6  # days; no input of interest is shorter, and a solver chokes on shorter stretches


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
class Unknown:
    """The quantity that a balance determines; it lies between the formulas `low` and `high` of the parameters."""

    label: str
    unit: str
    low: str
    high: str


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
        """First and last day of each repeat of a resolved pulse; a repeat ends where the next begins."""
        if self.duration <= 0 or self.height == 0:
            return []
        count = round(self.repeats)
        length = min(self.duration, self.period) if count > 1 else self.duration
        begins = [self.start + n * self.period for n in range(count)]
        return [(begin, begin + length) for begin in begins]


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
    unknown : dict with one Unknown, optional
        Instead of states: a quantity that settles where `balance` holds, found between its `low` and `high`.
        Such a model has no clock, so its parameters keep their published units.
    balance : str, optional
        What the unknown brings to zero, "inflow - outflow", or both sides, "inflow = outflow".

    Raises
    ------
    ModelError
        If a formula uses a name that is not declared, a state has no equation or an unknown no balance.
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
        unknown: Mapping[str, Unknown] | None = None,
        balance: str = "",
    ):
        self.name = name
        self.states = dict(states or {})
        self.unknown = dict(unknown or {})
        self.parameters = dict(parameters)
        self.inputs = {key: list(pulses) for key, pulses in (inputs or {}).items()}
        self.outputs = dict(outputs or {})
        self._source = {**(definitions or {}), **(equations or {})}
        self._source |= {key: output.expression for key, output in self.outputs.items()}
        self._require_equation_per_state(equations or {})
        self._require_balance_of_unknown(balance)
        names = [*self.states, *self.unknown, *self.parameters, *self.inputs, *(definitions or {})]
        self._symbols = {key: sympy.Symbol(key, positive=True) for key in names}
        self._names = {"Max": sympy.Max, "Min": sympy.Min, "sqrt": sympy.sqrt, "exp": sympy.exp} | self._symbols
        self.definitions = {key: self._parse(key, text) for key, text in (definitions or {}).items()}
        self.equations = {key: self._parse(key, text) for key, text in (equations or {}).items()}
        self.readouts = {key: self._parse(key, output.expression) for key, output in self.outputs.items()}
        self._source |= dict.fromkeys(self.unknown, balance)
        self.balance = {key: self._parse_balance(key, balance) for key in self.unknown}
        self._bracket = {end: self._parse(f"{key}.{end}", getattr(item, end))
                         for key, item in self.unknown.items() for end in ("low", "high")}

    # -- definition ------------------------------------------------------------------------------------

    def _require_equation_per_state(self, equations: Mapping[str, str]) -> None:
        for name in {*self.states} ^ {*equations}:
            kind = "state without an equation" if name in self.states else "equation without a state"
            raise ModelError(f"{self.name}: {name} is a {kind}. Give both, under the same name.")

    def _require_balance_of_unknown(self, balance: str) -> None:
        if not self.unknown and not balance:
            return
        if self.states or self.inputs or len(self.unknown) != 1 or not balance:
            raise ModelError(f"{self.name}: a balance has exactly one unknown, and neither states nor inputs. "
                             'Write unknown={"PSG": Unknown(…)}, balance="inflow = outflow".')

    def _parse_balance(self, name: str, text: str) -> sympy.Expr:
        """Left side minus right side of a balance; a missing right side is zero."""
        left, _, right = text.partition("=")
        return self._parse(name, left) - self._parse(name, right or "0")

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

    def formula(self, name: str) -> str:
        """The formula of a rate, definition or output as it was written, for models that build on this one."""
        if name not in self._source:
            raise ModelError(f"{self.name} has no formula {name}. It has {', '.join(self._source)}.")
        return self._source[name]

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
        """Everything a run reports: states or unknown, inputs, definitions and outputs, fully expanded."""
        own = {name: self._symbols[name] for name in (*self.states, *self.unknown, *self.inputs)}
        return own | {name: self.expanded(formula) for name, formula in (self.definitions | self.readouts).items()}

    def unit(self, name: str) -> str:
        """Unit of a state, unknown, output, parameter or input ("" for a pure number or a definition)."""
        for table in (self.states, self.unknown, self.outputs, self.parameters):
            if name in table:
                return table[name].unit
        return ""

    def label(self, name: str) -> str:
        """Label of a state, unknown, output or parameter; the name itself for the rest."""
        for table in (self.states, self.unknown, self.outputs, self.parameters):
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
        """Parameter values with every rate and duration turned into days (a balance has no clock: unchanged)."""
        return {name: value * self._factor(name) for name, value in values.items()}

    def _factor(self, name: str) -> float:
        return 1 if self.unknown else in_days(self.parameters[name].unit)

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
        settled = [*self.states, *self.unknown]
        arguments = [self._symbols_of(settled), self._symbols_of(self.parameters), self._symbols_of(self.inputs)]
        return sympy.lambdify(arguments, list(self.reported.values()), modules="numpy", cse=True)

    @cached_property
    def _balance(self) -> dict[str, sympy.Expr]:
        """Bracket and balance of the unknown, fully expanded: `low`, `high`, `gap`."""
        (gap,) = self.balance.values()
        return {key: self.expanded(formula) for key, formula in (self._bracket | {"gap": gap}).items()}

    @property
    def balances(self) -> list[sympy.Expr]:
        """The fully expanded balance of the unknown, in a list; empty for a model without unknown."""
        return [self._balance["gap"]] if self.unknown else []

    @cached_property
    def _gap(self):
        """Bracket and gap of the balance as fast Python functions of (unknown, parameters)."""
        arguments = [self._symbols_of(self.unknown), self._symbols_of(self.parameters)]
        return {key: sympy.lambdify(arguments, formula, modules="math", cse=True)
                for key, formula in self._balance.items()}

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
        if self.unknown:
            raise ModelError(f"{self.name} has no clock. Use evaluate(…) instead of simulate().")
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
        """Days, strictly inside the run, on which an input jumps; jumps within `SHORTEST` of the last are one."""
        ends = {edge for name in self.inputs for pulse in self._pulses(name, values)
                for window in pulse.windows() for edge in window}
        kept = [0.0]
        for edge in sorted(ends):
            if kept[-1] + SHORTEST < edge < days - SHORTEST:
                kept.append(edge)
        return kept[1:]

    def initial(self, values: Mapping[str, float]) -> list[float]:
        """Start values of the integrated variables (logarithms where the state is logarithmic)."""
        start = [values[s.initial] if isinstance(s.initial, str) else s.initial for s in self.states.values()]
        return [np.log(x) if s.logarithmic else x for x, s in zip(start, self.states.values(), strict=True)]

    def _integrate(self, values: Mapping[str, float], times: np.ndarray, rtol: float) -> np.ndarray:
        """States at `times`, shape (states, times); the solver restarts at every edge of an input."""
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
        parameters = list(self.daily(self.values(**changed)).values())
        numbers = self._report(self._settle(parameters), parameters, [])
        return {name: float(number) for name, number in zip(self.reported, numbers, strict=True)}

    def _settle(self, parameters: list[float]) -> list[float]:
        """The unknown at which the balance holds, in a list; an empty list for a model without unknown."""
        if not self.unknown:
            return []
        low, high = (self._gap[end]([0.0], parameters) for end in ("low", "high"))
        gaps = [self._gap["gap"]([x], parameters) for x in (low, high)]
        if not gaps[0] * gaps[1] <= 0:
            raise ModelError(f"{self.name}: {next(iter(self.unknown))} has no balance between {low:g} and {high:g} "
                             f"(gap {gaps[0]:g} and {gaps[1]:g}). Change a parameter, or widen low and high.")
        return [brentq(lambda x: self._gap["gap"]([x], parameters), low, high, xtol=1e-14 * abs(high - low) or 1e-300)]

    # -- products --------------------------------------------------------------------------------------

    def latex(self, *names: str) -> str:
        """The equations as one LaTeX `aligned` block; of the named states and definitions only, if any are named.

        The name of the unknown stands for the balance.
        """
        chosen = names or [*self.equations, *self.balance, *self.definitions]
        return r"\begin{aligned}" + r" \\ ".join(self._latex_line(name) for name in chosen) + r"\end{aligned}"

    def _latex_line(self, name: str) -> str:
        if name in self.balance:
            left, _, right = self._source[name].partition("=")
            return f"{self._written(left)} &= {self._written(right or '0')}"
        symbol = sympy.latex(sympy.Symbol(name))
        left = rf"\frac{{d {symbol}}}{{d t}}" if name in self.equations else symbol
        return f"{left} &= {self._written(self._source[name])}"

    def _written(self, text: str) -> str:
        """LaTeX of a formula in the order in which it was written."""
        unevaluated = parse_expr(text.strip(), local_dict=self._names, evaluate=False)
        return re.sub(r"(?<![\d.])1 \\frac\{1\}", r"\\frac{1}", sympy.latex(unevaluated, order="none"))  # not 1 · 1/x

    def javascript(self) -> dict:
        """The model as plain data with two JavaScript formulas, for `cards/engine/solver.js`.

        `rates` fills `d` from integrated variables `y`, daily parameters `p` and inputs `u`;
        `report` fills `o` with everything in `reported`. A model with an unknown also has `unknown`: its name, and
        `balance`, which fills `d` with lower end, upper end and gap of the balance at `y[0]`.
        """
        return self._javascript_unknown() | {
            "name": self.name,
            "states": [{"name": n, "initial": s.initial, "log": s.logarithmic} for n, s in self.states.items()],
            "parameters": [{"name": n, "value": p.value, "factor": self._factor(n)}
                           for n, p in self.parameters.items()],
            # A list, not a dict: a notebook stores its JSON with sorted keys, and the rates read inputs by place.
            "inputs": [[vars(pulse) for pulse in pulses] for pulses in self.inputs.values()],
            "reported": list(self.reported),
            "rates": formula(self._javascript_body(self.rates, "d", logs=True), of="y p u d"),
            "report": formula(self._javascript_body(list(self.reported.values()), "o", logs=False), of="y p u o"),
        }

    def _javascript_unknown(self) -> dict:
        if not self.unknown:
            return {}
        (name,) = self.unknown
        balance = self._javascript_body([*self._balance.values()], "d", logs=False)
        return {"unknown": {"name": name, "balance": formula(balance, of="y p u d")}}

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
        states += [(name, f"y[{i}]") for i, name in enumerate(self.unknown)]
        parameters = [(name, f"p[{i}]") for i, name in enumerate(self.parameters)]
        return states + parameters + [(name, f"u[{i}]") for i, name in enumerate(self.inputs)]
