"""A model, written once.

The equations of a model are SymPy expressions. From that one definition come the LaTeX that a notebook shows,
the simulation that Python runs, the JavaScript that answers a slider and the SBML that other simulators read.

Time is counted in days. A parameter keeps the unit in which it was published; rates and durations in minutes,
hours or years are turned into days in one place (`in_days`).
"""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd
import sympy
from sympy.parsing.sympy_parser import parse_expr

from hepatica.ledger import Parameter
from hepatica.model import javascript, solver
from hepatica.model.parts import ModelError, Output, State, Unknown
from hepatica.model.pulses import Pulse, edges, level
from hepatica.model.units import DAYS_PER, in_days

RELATIVE_TOLERANCE = 1e-9
LEVER = re.compile(r"\{(\w+)\}")


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
    levers : dict of str to str, optional
        Named places of the formulas, written ``{regrowth}``, and what stands there in this model. A model that
        builds on this one fills them anew: ``liver.formula("H", regrowth="2 * rho")``.

    Raises
    ------
    ModelError
        If a formula uses a name that is not declared, a name is declared twice, a state has no equation, an unknown
        no balance or a lever no place.
    """

    kind = "equations"
    """Which engine of the cards runs the model (cards/engine/models.js)."""

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
        levers: Mapping[str, str] | None = None,
    ):
        self.name = name
        self.levers = dict(levers or {})
        self.states = dict(states or {})
        self.unknown = dict(unknown or {})
        self.parameters = dict(parameters)
        self.inputs = {key: list(pulses) for key, pulses in (inputs or {}).items()}
        self._templates = {**(definitions or {}), **(equations or {}), **dict.fromkeys(self.unknown, balance)}
        self._templates |= {key: output.expression for key, output in (outputs or {}).items()}
        self._source = {key: self._filled(key, text, self.levers) for key, text in self._templates.items()}
        self.outputs = {key: replace(output, expression=self._source[key]) for key, output in (outputs or {}).items()}
        self._require_equation_per_state(equations or {})
        self._require_balance_of_unknown(balance)
        self._require_place_per_lever()
        self._require_one_meaning_per_name(definitions or {})
        names = [*self.states, *self.unknown, *self.parameters, *self.inputs, *(definitions or {})]
        self._symbols = {key: sympy.Symbol(key, positive=True) for key in names}
        self._names = {"Max": sympy.Max, "Min": sympy.Min, "sqrt": sympy.sqrt, "exp": sympy.exp} | self._symbols
        self.definitions = {key: self._parse(key, self._source[key]) for key in definitions or {}}
        self.equations = {key: self._parse(key, self._source[key]) for key in equations or {}}
        self.readouts = {key: self._parse(key, self._source[key]) for key in self.outputs}
        self.balance = {key: self._parse_balance(key, self._source[key]) for key in self.unknown}
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

    def _require_place_per_lever(self) -> None:
        used = {place for text in self._templates.values() for place in LEVER.findall(text)}
        for name in sorted({*self.levers} - used):
            raise ModelError(f"{self.name}: no formula has a place for the lever {name}. Write {{{name}}} where it acts.")

    def _require_one_meaning_per_name(self, definitions: Mapping[str, str]) -> None:
        kinds = {"state": self.states, "unknown": self.unknown, "parameter": self.parameters, "input": self.inputs,
                 "definition": definitions, "output": self.outputs}
        known: dict[str, str] = {}
        for kind, names in kinds.items():
            for name in names:
                if name in known:
                    raise ModelError(f"{self.name}: {name} is both a {known[name]} and a {kind}. Rename one of them.")
                known[name] = kind

    def _filled(self, name: str, text: str, levers: Mapping[str, str]) -> str:
        """The formula `text` with every named place filled."""
        for place in LEVER.findall(text):
            if place not in levers:
                known = ", ".join(levers) or "none"
                raise ModelError(f"{self.name}: the formula of {name} has a place {{{place}}}, "
                                 f"but no such lever is declared. Declared are: {known}.")
        return LEVER.sub(lambda place: levers[place[1]], text)

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

    def formula(self, name: str, **filled: str) -> str:
        """The formula of a rate, definition or output as it was written, for models that build on this one.

        `filled` says what stands at named places instead: ``liver.formula("H", regrowth="2 * rho")``. Raises
        ModelError for a name without formula and for a lever that has no place in it.
        """
        if name not in self._templates:
            raise ModelError(f"{self.name} has no formula {name}. It has {', '.join(self._templates)}.")
        places = LEVER.findall(self._templates[name])
        for lever in filled:
            if lever not in places:
                known = ", ".join(places) or "none"
                raise ModelError(f"{self.name}: the formula of {name} has no lever {lever}. It has: {known}.")
        return self._filled(name, self._templates[name], self.levers | filled)

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

    def starting(self, **values: float) -> Model:
        """The same model with other start values: of parameters (what the ledger gives) or of states.

        Raises ModelError for an unknown name or a value outside the range that the ledger offers.
        """
        for name, value in values.items():
            if name not in self.states:
                self._check_value(name, value)
        other = copy.copy(self)
        other.parameters = {name: replace(row, value=values[name]) if name in values else row
                            for name, row in self.parameters.items()}
        other.states = {name: replace(state, initial=values[name]) if name in values else state
                        for name, state in self.states.items()}
        return other

    def uses(self) -> list[str]:
        """Names of the parameters that the formulas, inputs and start values of the model use."""
        formulas = (*self.rates, *self.balances, *self.reported.values())
        used = {str(symbol) for formula in formulas for symbol in formula.free_symbols}
        used |= {name for train in self.inputs.values() for pulse in train for name in pulse.uses()}
        used |= {state.initial for state in self.states.values() if isinstance(state.initial, str)}
        return [name for name in self.parameters if name in used]

    def daily(self, values: Mapping[str, float]) -> dict[str, float]:
        """Parameter values with every rate and duration turned into days (a balance has no clock: unchanged)."""
        return {name: value * self.factor(name) for name, value in values.items()}

    def factor(self, name: str) -> float:
        """What turns a parameter from its published unit into the model's own (days; a balance changes nothing)."""
        return 1 if self.unknown else in_days(self.parameters[name].unit)

    # -- the clock -------------------------------------------------------------------------------------

    @property
    def clock(self) -> str:
        """The unit of the model's own time, "days" or "years"; "" for a model without time."""
        return "days" if self.states or self.inputs else ""

    def ticks_per(self, unit: str) -> float:
        """How many units of the model's clock pass in one of `unit` ("hours", "days" or "years").

        Raises ModelError for a model without clock and for another unit.
        """
        if not self.clock or unit not in DAYS_PER:
            raise ModelError(f"{self.name} has no clock." if not self.clock else
                             f"{unit} is no unit of a run; write one of {', '.join(DAYS_PER)}.")
        return DAYS_PER[unit] / DAYS_PER[self.clock]

    def series(self, times: Iterable[float], /, **values: float) -> dict[str, np.ndarray]:
        """Every reported series at `times` of the model's own clock, shape (times,) each.

        A model without clock gives the same at every time. Raises ModelError as `simulate` and `evaluate` do.
        """
        times = np.asarray(list(times), float)
        if not self.clock:
            return {name: np.full(times.shape, value) for name, value in self.evaluate(**values).items()}
        return _columns(self.simulate(at=times, **values))

    def sweep(self, parameter: str, grid: Iterable[float], /, **values: float) -> dict[str, np.ndarray]:
        """Read-outs of a model without clock while one parameter takes each value of `grid`, shape (grid,) each.

        Raises ModelError for a model with a clock, an unknown name or a value out of range.
        """
        rows = [self.evaluate(**{**values, parameter: value}) for value in grid]
        return {name: np.array([row[name] for row in rows]) for name in self.reported}

    # -- simulation ------------------------------------------------------------------------------------

    @cached_property
    def derivative(self):
        """Rates of the integrated variables as a fast Python function of (states, parameters, inputs).

        Three lists in the order of the model; logarithmic states as logarithms, parameters in days.
        """
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
    def bracketed(self) -> dict[str, sympy.Expr]:
        """Bracket and balance of the unknown, fully expanded: `low`, `high`, `gap`."""
        (gap,) = self.balance.values()
        return {key: self.expanded(formula) for key, formula in (self._bracket | {"gap": gap}).items()}

    @property
    def balances(self) -> list[sympy.Expr]:
        """The fully expanded balance of the unknown, in a list; empty for a model without unknown."""
        return [self.bracketed["gap"]] if self.unknown else []

    @cached_property
    def gap(self):
        """Bracket and gap of the balance as fast Python functions of (unknown, parameters)."""
        arguments = [self._symbols_of(self.unknown), self._symbols_of(self.parameters)]
        return {key: sympy.lambdify(arguments, formula, modules="math", cse=True)
                for key, formula in self.bracketed.items()}

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
        states = solver.integrate(self, values, times, rtol)
        inputs = [self.input_at(name, values, times) for name in self.inputs]
        columns = self._report(list(states), list(values.values()), inputs)
        frame = pd.DataFrame({name: np.broadcast_to(column, times.shape)
                              for name, column in zip(self.reported, columns, strict=True)})
        frame.index = pd.Index(times, name="day")
        frame.attrs["units"] = {name: self.unit(name) for name in frame.columns}
        return frame

    def _pulses(self, name: str, values: Mapping[str, float]) -> list[Pulse]:
        return [pulse.resolved(values) for pulse in self.inputs[name]]

    def input_at(self, name: str, values: Mapping[str, float], times: np.ndarray) -> np.ndarray:
        """Value of an input at each time, from daily values."""
        return level(self._pulses(name, values), times)

    def edges(self, values: Mapping[str, float], days: float) -> list[float]:
        """Days, strictly inside the run, on which an input jumps; jumps within `SHORTEST` of the last are one."""
        return edges([pulse for name in self.inputs for pulse in self._pulses(name, values)], days)

    def initial(self, values: Mapping[str, float]) -> list[float]:
        """Start values of the integrated variables (logarithms where the state is logarithmic)."""
        start = [values[s.initial] if isinstance(s.initial, str) else s.initial for s in self.states.values()]
        return [np.log(x) if s.logarithmic else x for x, s in zip(start, self.states.values(), strict=True)]

    def evaluate(self, **changed: float) -> dict[str, float]:
        """Read-outs of a model without states, at given parameter values.

        Raises ModelError for a model that has states: simulate() it instead.
        """
        if self.states:
            raise ModelError(f"{self.name} changes in time. Use simulate(days=…) instead of evaluate().")
        parameters = list(self.daily(self.values(**changed)).values())
        numbers = self._report(solver.settle(self, parameters), parameters, [])
        return {name: float(number) for name, number in zip(self.reported, numbers, strict=True)}

    # -- products --------------------------------------------------------------------------------------

    def latex(self, *names: str) -> str:
        """The equations as one LaTeX `aligned` block; of the named states and definitions only, if any are named.

        The name of the unknown stands for the balance. "" for a model that has read-outs only.
        """
        chosen = names or [*self.equations, *self.balance, *self.definitions]
        if not chosen:
            return ""
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
        """The model as plain data with JavaScript formulas, for cards/engine/models.js."""
        rows = [{"name": n, "value": p.value, "factor": self.factor(n)} for n, p in self.parameters.items()]
        shared = {"kind": self.kind, "clock": self.clock, "name": self.name, "parameters": rows,
                  "reported": list(self.reported)}
        return shared | self._engine()

    def _engine(self) -> dict:
        """What the engine of this kind needs besides."""
        return javascript.specification(self)


def _columns(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    return {name: frame[name].to_numpy() for name in frame}
