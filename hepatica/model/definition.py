"""A model, written once: names, formulas and what follows from them before any number is put in.

The formulas of a model are SymPy expressions. From that one definition come the LaTeX that a
notebook shows, the simulation that Python runs, the JavaScript that answers a slider and the SBML
that other simulators read.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

import sympy
from sympy.parsing.sympy_parser import parse_expr

from hepatica.ledger import Parameter
from hepatica.model.parts import ModelError, Output, State, Unknown
from hepatica.model.pulses import Pulse

LEVER = re.compile(r"\{(\w+)\}")


class Formulas(Mapping[str, sympy.Expr]):
    """Formulas by name, each parsed when it is first asked for: a lesson imports more models than it
    runs, and to parse all of them takes longer than the lesson."""

    def __init__(self, names: Iterable[str], parse: Callable[[str], sympy.Expr]):
        self._parse = parse
        self._parsed: dict[str, sympy.Expr | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> sympy.Expr:
        expression = self._parsed[name]
        if expression is None:
            expression = self._parsed[name] = self._parse(name)
        return expression

    def __iter__(self) -> Iterator[str]:
        return iter(self._parsed)

    def __len__(self) -> int:
        return len(self._parsed)


class Definition:
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
        Instead of states: a quantity that settles where `balance` holds, found between its `low`
        and `high`. Such a model has no clock, so its parameters keep their published units.
    balance : str, optional
        What the unknown brings to zero, "inflow - outflow", or both sides, "inflow = outflow".
    levers : dict of str to str, optional
        Named places of the formulas, written ``{regrowth}``, and what stands there in this model. A
        model that builds on this one fills them anew: ``liver.formula("H", regrowth="2 * rho")``.

    Raises
    ------
    ModelError
        If a formula uses a name that is not declared, a name is declared twice, a state has no
        equation, an unknown no balance or a lever no place.
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
        levers: Mapping[str, str] | None = None,
    ):
        self.name = name
        self.levers = dict(levers or {})
        self.states = dict(states or {})
        self.unknown = dict(unknown or {})
        self.parameters = dict(parameters)
        self.inputs = {key: list(pulses) for key, pulses in (inputs or {}).items()}
        self._templates = {
            **(definitions or {}),
            **(equations or {}),
            **dict.fromkeys(self.unknown, balance),
        }
        self._templates |= {key: output.expression for key, output in (outputs or {}).items()}
        self._source = {
            key: self._filled(key, text, self.levers) for key, text in self._templates.items()
        }
        self.outputs = {
            key: replace(output, expression=self._source[key])
            for key, output in (outputs or {}).items()
        }
        self._require_equation_per_state(equations or {})
        self._require_balance_of_unknown(balance)
        self._require_place_per_lever()
        self._require_one_meaning_per_name(definitions or {})
        names = [*self.states, *self.unknown, *self.parameters, *self.inputs, *(definitions or {})]
        self._symbols = {key: sympy.Symbol(key, positive=True) for key in names}
        self._names = {
            "Max": sympy.Max,
            "Min": sympy.Min,
            "sqrt": sympy.sqrt,
            "exp": sympy.exp,
        } | self._symbols
        for key, text in self._source.items():
            self._require_declared(key, text)
        read = lambda key: self._parse(key, self._source[key])
        self.definitions = Formulas(definitions or (), read)
        self.equations = Formulas(equations or (), read)
        self.readouts = Formulas(self.outputs, read)
        self.balance = Formulas(
            self.unknown, lambda key: self._parse_balance(key, self._source[key])
        )
        self.bracket = {
            end: self._parse(f"{key}.{end}", getattr(item, end))
            for key, item in self.unknown.items()
            for end in ("low", "high")
        }

    # -- definition --------------------------------------------------------------------------------

    # -- what a definition must keep ---------------------------------------------------------------

    def _require_equation_per_state(self, equations: Mapping[str, str]) -> None:
        for name in {*self.states} ^ {*equations}:
            kind = (
                "state without an equation" if name in self.states else ("equation without a state")
            )
            raise ModelError(f"{self.name}: {name} is a {kind}. Give both, under the same name.")

    def _require_balance_of_unknown(self, balance: str) -> None:
        if not self.unknown and not balance:
            return
        if self.states or self.inputs or len(self.unknown) != 1 or not balance:
            raise ModelError(
                f"{self.name}: a balance has exactly one unknown, "
                "and neither states nor inputs. "
                'Write unknown={"PSG": Unknown(…)}, balance="inflow = outflow".'
            )

    def _require_place_per_lever(self) -> None:
        used = {place for text in self._templates.values() for place in LEVER.findall(text)}
        for name in sorted({*self.levers} - used):
            raise ModelError(
                f"{self.name}: the lever {name} has no place. Write {{{name}}} where it acts."
            )

    def _require_one_meaning_per_name(self, definitions: Mapping[str, str]) -> None:
        kinds = {
            "state": self.states,
            "unknown": self.unknown,
            "parameter": self.parameters,
            "input": self.inputs,
            "definition": definitions,
            "output": self.outputs,
        }
        known: dict[str, str] = {}
        for kind, names in kinds.items():
            for name in names:
                if name in known:
                    raise ModelError(
                        f"{self.name}: {name} is both a {known[name]} and a {kind}. "
                        "Rename one of them."
                    )
                known[name] = kind

    # -- formulas ----------------------------------------------------------------------------------

    def _filled(self, name: str, text: str, levers: Mapping[str, str]) -> str:
        """The formula `text` with every named place filled."""
        for place in LEVER.findall(text):
            if place not in levers:
                known = ", ".join(levers) or "none"
                raise ModelError(
                    f"{self.name}: the formula of {name} has a place {{{place}}}, "
                    f"but no such lever is declared. Declared are: {known}."
                )
        return LEVER.sub(lambda place: levers[place[1]], text)

    def _parse_balance(self, name: str, text: str) -> sympy.Expr:
        """Left side minus right side of a balance; a missing right side is zero."""
        left, _, right = text.partition("=")
        return self._parse(name, left) - self._parse(name, right or "0")

    def _parse(self, name: str, text: str) -> sympy.Expr:
        """The formula `text` as a SymPy expression in declared names only."""
        self._require_declared(name, text)
        return parse_expr(text, local_dict=self._names)

    def _require_declared(self, name: str, text: str) -> None:
        """Every name in a formula is a declared one or calls a function."""
        for side in text.split("="):
            nodes = [*ast.walk(ast.parse(side.strip() or "0", mode="eval"))]
            called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
            used = {n.id for n in nodes if isinstance(n, ast.Name) and id(n) not in called}
            numbers = {n for n in used if isinstance(getattr(sympy, n, None), sympy.NumberSymbol)}
            for symbol in sorted(used - numbers - {*self._symbols}):
                close = difflib.get_close_matches(symbol, self._symbols, n=3)
                hint = (
                    f"Did you mean {' or '.join(close)}?"
                    if close
                    else (f"Declared are {', '.join(self._symbols)}.")
                )
                raise ModelError(
                    f"{self.name}: the formula of {name} uses {symbol}, which is not declared. "
                    f"{hint}"
                )

    def expanded(self, expression: sympy.Expr) -> sympy.Expr:
        """`expression` with every definition replaced by its formula."""
        for name, formula in reversed([*self.definitions.items()]):
            expression = expression.subs(self._symbols[name], formula)
        return expression

    def formula(self, name: str, **filled: str) -> str:
        """The formula of a rate, definition or output as it was written, for models that build on
        this one.

        `filled` says what stands at named places instead: ``liver.formula("H", regrowth="2 *
        rho")``. Raises ModelError for a name without formula and for a lever that has no place in
        it.
        """
        if name not in self._templates:
            raise ModelError(
                f"{self.name} has no formula {name}. It has {', '.join(self._templates)}."
            )
        places = LEVER.findall(self._templates[name])
        for lever in filled:
            if lever not in places:
                known = ", ".join(places) or "none"
                raise ModelError(
                    f"{self.name}: the formula of {name} has no lever {lever}. It has: {known}."
                )
        return self._filled(name, self._templates[name], self.levers | filled)

    @cached_property
    def rates(self) -> list[sympy.Expr]:
        """Rates of change of the integrated variables (d ln F/dt = F'/F for a logarithmic
        state)."""
        return [self._rate(name, state) for name, state in self.states.items()]

    def _rate(self, name: str, state: State) -> sympy.Expr:
        expression = self.equations[name]
        if state.logarithmic:
            expression = sympy.Add(
                *(term / self._symbols[name] for term in sympy.Add.make_args(expression))
            )
        return self.expanded(expression)

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of what a run reports, without the work of writing it out."""
        own = (*self.states, *self.unknown, *self.inputs)
        return (*own, *self.definitions, *self.readouts)

    @cached_property
    def reported(self) -> dict[str, sympy.Expr]:
        """Everything a run reports: states or unknown, inputs, definitions and outputs,
        fully expanded."""
        own = {name: self._symbols[name] for name in (*self.states, *self.unknown, *self.inputs)}
        return own | {
            name: self.expanded(formula)
            for name, formula in {**self.definitions, **self.readouts}.items()
        }

    def unit(self, name: str) -> str:
        """Unit of a state, unknown, output, parameter or input ("" for a pure number or a
        definition)."""
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

    def uses(self) -> list[str]:
        """Names of the parameters that the formulas, inputs and start values of the model use."""
        formulas = (*self.rates, *self.balances, *self.reported.values())
        used = {str(symbol) for formula in formulas for symbol in formula.free_symbols}
        used |= {name for train in self.inputs.values() for pulse in train for name in pulse.uses()}
        used |= {state.initial for state in self.states.values() if isinstance(state.initial, str)}
        return [name for name in self.parameters if name in used]

    @cached_property
    def bracketed(self) -> dict[str, sympy.Expr]:
        """Bracket and balance of the unknown, fully expanded: `low`, `high`, `gap`."""
        (gap,) = self.balance.values()
        return {
            key: self.expanded(formula) for key, formula in (self.bracket | {"gap": gap}).items()
        }

    @property
    def balances(self) -> list[sympy.Expr]:
        """The fully expanded balance of the unknown, in a list;
        empty for a model without unknown."""
        return [self.bracketed["gap"]] if self.unknown else []

    def _symbols_of(self, names: Iterable[str]) -> list[sympy.Symbol]:
        return [self._symbols[name] for name in names]

    # -- as LaTeX ----------------------------------------------------------------------------------

    def latex(self, *names: str) -> str:
        """The equations as one LaTeX `aligned` block; of the named states and definitions only, if
        any are named.

        The name of the unknown stands for the balance. "" for a model that has read-outs only.
        """
        chosen = names or [*self.equations, *self.balance, *self.definitions]
        if not chosen:
            return ""
        return (
            r"\begin{aligned}"
            + r" \\ ".join(self._latex_line(name) for name in chosen)
            + r"\end{aligned}"
        )

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
        # not 1 · 1/x
        return re.sub(
            r"(?<![\d.])1 \\frac\{1\}", r"\\frac{1}", sympy.latex(unevaluated, order="none")
        )
