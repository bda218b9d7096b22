"""A chain, the third kind of model: named states, and the chance of each step between them within
one year.

A chain answers what becomes of a group of people (`simulate`: shares) and of single persons
(`walk`, `paths`: chance decides). Probabilities are formulas in parameters of the ledger. The
literature mixes kinds of numbers, so the unit of each parameter says which kind it is, and the
formula must agree:

* "probability per year" is used as it stands: ``p_01``;
* "1/year" is a rate per person-year and becomes a probability by ``yearly(r)`` = 1 − exp(−r);
* a hazard ratio h changes a probability by ``lowered(p, h)`` = 1 − (1 − p)^h, or a rate by
  ``yearly(h * r)``.

The definition is turned once into LaTeX, Python and JavaScript, like every `Model`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
import sympy
from sympy.core.function import AppliedUndef

from hepatica.ledger import Parameter
from hepatica.model import given
from hepatica.model.code import formula
from hepatica.model.equations import Model
from hepatica.model.javascript import body
from hepatica.model.parts import ModelError, Output, State

RATE, PROBABILITY = "1/year", "probability per year"
REST = "rest"
ROUNDING = 1e-9

Step = tuple[str, str]
Moves = Mapping[str, Mapping[str, str]]

_yearly, _lowered = sympy.Function("yearly"), sympy.Function("lowered")


@dataclass(frozen=True)
class Counter:
    """Share of all people that have taken one of the `steps` so far;
    who takes a step twice counts twice."""

    label: str
    steps: tuple[Step, ...]


class Chain(Model):
    """States and yearly steps, with a switch year from which other steps hold (a cure, abstinence,
    a treatment).

    Parameters
    ----------
    name : str
        Name in the field's words.
    parameters : dict of str to Parameter
        Rows of the ledger.
    states : dict of str to State
        Where people can be; the initial shares add up to 1.
    transitions : dict of str to dict of str to str
        For each state the states that can follow within a year, with the probability as a formula.
        Whoever takes no step stays; the word "rest" sends those on to another state instead (a
        state that lasts one year).
    after : dict of str to dict of str to str, optional
        Steps that replace those of `transitions`, one by one, from the switch year on; "0" closes a
        step.
    switch : str, optional
        The parameter that holds the switch year; needed with `after`.
    counters : dict of str to Counter, optional
        Running totals of steps taken.
    outputs : dict of str to Output, optional
        Further read-outs: formulas of states, counters and parameters.

    Raises
    ------
    ModelError
        For an unknown name, a rate used as a probability or the reverse, or initial shares that do
        not add up.
    """

    kind = "chain"
    clock = "years"

    def __init__(
        self,
        name: str,
        *,
        parameters: Mapping[str, Parameter],
        states: Mapping[str, State],
        transitions: Moves,
        after: Moves | None = None,
        switch: str = "",
        counters: Mapping[str, Counter] | None = None,
        outputs: Mapping[str, Output] | None = None,
    ):
        self.people = list(states)
        self.switch = switch
        self.counters = dict(counters or {})
        now, later = _flat(transitions), _flat(transitions) | _flat(after or {})
        self.steps: list[Step] = list(dict.fromkeys([*now, *later]))
        self._require_names(name, parameters, bool(after))
        counting = {
            key: State(counter.label, "share", 0.0) for key, counter in self.counters.items()
        }
        self.written = (now, later)  # the formulas as given, before and after the switch year
        self._now, self._later = (
            {step: f"({_written(step, texts)})" for step in self.steps} for texts in self.written
        )
        super().__init__(
            name,
            parameters=parameters,
            states={**states, **counting},
            equations=self._changes(),
            outputs=outputs,
        )
        self._require_shares()
        dict(self.equations)  # parses them: a call of an unknown function is found now
        self.before = [self._probability(step, self._now[step]) for step in self.steps]
        self.after = [self._probability(step, self._later[step]) for step in self.steps]

    # -- definition --------------------------------------------------------------------------------

    def _require_names(
        self, name: str, parameters: Mapping[str, Parameter], switches: bool
    ) -> None:
        unknown = {state for step in self.steps for state in step} - set(self.people)
        if unknown:
            raise ModelError(
                f"{name}: {min(unknown)} is not a state. Declared are {', '.join(self.people)}."
            )
        if switches != bool(self.switch) or (self.switch and self.switch not in parameters):
            raise ModelError(
                f"{name}: give both, the steps `after` a switch and the parameter "
                "`switch` with its year."
            )
        missing = [
            step
            for counter in self.counters.values()
            for step in counter.steps
            if step not in self.steps
        ]
        if missing:
            raise ModelError(
                f"{name}: a counter waits for {_arrow(missing[0])}, but there is no such step."
            )

    def _require_shares(self) -> None:
        total = sum(self.states[state].initial for state in self.people)
        if abs(total - 1) > ROUNDING:
            raise ModelError(
                f"{self.name}: the initial shares add up to {total:g}. Make them add up to 1."
            )

    def _changes(self) -> dict[str, str]:
        """The change of each state and counter within a year, as a formula."""
        changes = {state: ["0"] for state in self.people}
        for (source, target), text in self._now.items():
            changes[target].append(f"+ {source} * {text}")
            changes[source].append(f"- {source} * {text}")
        counted = {
            key: ["0", *(f"+ {step[0]} * {self._now[step]}" for step in counter.steps)]
            for key, counter in self.counters.items()
        }
        return {key: " ".join(terms) for key, terms in (changes | counted).items()}

    def _parse(self, name: str, text: str) -> sympy.Expr:
        expression = super()._parse(name, text)
        unknown = {call.func for call in expression.atoms(AppliedUndef)} - {_yearly, _lowered}
        if unknown:
            raise ModelError(
                f"{self.name}: "
                f"the formula of {name} calls {min(map(str, unknown))}(). Known are "
                "yearly(rate), lowered(probability, hazard_ratio), Max, Min, "
                "sqrt and exp."
            )
        return _spelled_out(expression)

    def _probability(self, step: Step, text: str) -> sympy.Expr:
        """The formula of a step, in parameters only,
        with each parameter used as its unit allows."""
        expression = Model._parse(self, _arrow(step), text)
        states = expression.free_symbols & set(self._symbols_of(self.states))
        if states:
            raise ModelError(
                f"{self.name}: {_arrow(step)} uses the state "
                f"{min(map(str, states))}; use parameters."
            )
        bare = expression.replace(_yearly, lambda rate: sympy.Integer(0)).free_symbols
        calls = [call for call in expression.atoms(AppliedUndef) if call.func == _yearly]
        inside = set().union(*(call.free_symbols for call in calls))
        self._require_unit(step, bare, RATE, "write yearly({0})")
        self._require_unit(step, inside, PROBABILITY, "write {0} without yearly()")
        return _spelled_out(expression)

    def _require_unit(
        self, step: Step, symbols: set[sympy.Symbol], wrong: str, advice: str
    ) -> None:
        """Refuse a parameter in the unit `wrong` among `symbols`."""
        for name in sorted(str(symbol) for symbol in symbols):
            if self.parameters[name].unit == wrong:
                raise ModelError(
                    f"{self.name}: in {_arrow(step)}, {name} is in {wrong}, "
                    f"so {advice.format(name)}."
                )

    def starting(self, **values: float) -> Self:
        """The same chain with other start values: shares of states, for example ``starting(F4=1)``,
        or parameters.

        With a share given, the others are zero. Raises ModelError for an unknown name, a value out
        of range or shares that do not add up to 1.
        """
        for name in values:
            if name not in self.people and name not in self.parameters:
                raise ModelError(
                    f"{self.name} has no state {name}. Declared are {', '.join(self.people)}."
                )
        empty = dict.fromkeys(self.states, 0.0) if set(values) & set(self.people) else {}
        other = super().starting(**empty | values)
        other._require_shares()
        return other

    @cached_property
    def rates(self) -> list[sympy.Expr]:
        """Everything that the steps use: their probabilities before and after the switch,
        and the switch year."""
        return [*self.before, *self.after, *self._symbols_of([self.switch] if self.switch else [])]

    # -- shares of a group -------------------------------------------------------------------------

    @cached_property
    def _chances(self):
        return sympy.lambdify(
            [self._symbols_of(self.parameters)], [*self.before, *self.after], modules="math"
        )

    def matrices(self, values: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
        """Yearly probabilities from row to column before and after the switch, shape (states,
        states) each.

        Raises ModelError if more than everybody would leave a state.
        """
        chances = np.array(self._chances(list(values.values())), float)
        return self._matrix(chances[: len(self.steps)]), self._matrix(chances[len(self.steps) :])

    def _matrix(self, chances: np.ndarray) -> np.ndarray:
        matrix = np.zeros((len(self.people), len(self.people)))
        for (source, target), chance in zip(self.steps, chances, strict=True):
            matrix[self.people.index(source), self.people.index(target)] = chance
        leaving = matrix.sum(axis=1)
        for row in np.flatnonzero(~((matrix.min(axis=1) >= -ROUNDING) & (leaving <= 1 + ROUNDING))):
            self._refuse(self.people[row], matrix[row])
        matrix[np.diag_indices_from(matrix)] = 1 - leaving
        return matrix

    def _refuse(self, state: str, row: np.ndarray) -> None:
        exits = ", ".join(
            f"{state} → {target} {100 * chance:.1f} %"
            for target, chance in zip(self.people, row, strict=True)
            if chance
        )
        raise ModelError(
            f"{self.name}: the yearly steps out of {state} do not add up: {exits}. "
            "Each must lie between 0 and 100 %, all together at most 100 %; "
            "choose smaller numbers."
        )

    def _yearly_matrices(self, years: int, values: Mapping[str, float]) -> Iterator[np.ndarray]:
        """The matrix of each year; a year that begins at or after the switch follows the new
        steps."""
        if given.number(years, "years") != int(years) or years < 1:
            raise ModelError(f"{self.name} moves in whole years; write years=40, not {years!r}.")
        before, after = self.matrices(values)
        for year in range(int(years)):
            yield after if self.switch and year >= values[self.switch] else before

    def simulate(
        self,
        years: int = 40,
        *,
        unchecked: Mapping[str, float] | None = None,
        **changed: float,
    ) -> pd.DataFrame:
        """Share of the group in each state, the counters and the outputs, once a year from year 0.

        `unchecked` holds parameter values outside the ledger's ranges, `changed` values inside
        them, in published units. The frame is indexed by `year`; the shares of the states add up to
        1 in each row; units in ``.attrs["units"]``. Raises ModelError for unknown names, values out
        of range or steps that do not add up.
        """
        values = self.with_any(unchecked, **changed)
        rows = np.array(list(self._shares(years, values))).T
        columns = self._report(list(rows), list(values.values()), [])
        frame = pd.DataFrame(
            {
                name: np.broadcast_to(column, rows.shape[1:])
                for name, column in zip(self.reported, columns, strict=True)
            }
        )
        frame.index.name = "year"
        frame.attrs["units"] = {name: self.unit(name) for name in frame.columns}
        return frame

    def series(self, times: Iterable[float], /, **values: float) -> dict[str, np.ndarray]:
        """Every reported series at `times`, whole years that rise from 0;
        raises ModelError for a broken year."""
        times = np.asarray(given.numbers(times, "times"), float)
        years = np.rint(times).astype(int)
        if len(times) == 0 or np.abs(times - years).max() > ROUNDING:
            raise ModelError(f"{self.name} moves in whole years; write times such as 0, 1, 2 … 40.")
        frame = self.simulate(max(int(years.max()), 1), **values)
        return {name: frame[name].to_numpy()[years] for name in frame}

    def _shares(self, years: int, values: Mapping[str, float]) -> Iterator[np.ndarray]:
        """States followed by counters, year by year."""
        share, counted = self._start(), np.zeros(len(self.counters))
        yield np.concatenate([share, counted])
        for matrix in self._yearly_matrices(years, values):
            flow = share[:, None] * matrix
            counted = counted + [
                sum(flow[self._place(step)] for step in counter.steps)
                for counter in self.counters.values()
            ]
            share = flow.sum(axis=0)
            yield np.concatenate([share, counted])

    def _start(self) -> np.ndarray:
        return np.array([self.states[state].initial for state in self.people], float)

    def _place(self, step: Step) -> tuple[int, int]:
        return self.people.index(step[0]), self.people.index(step[1])

    # -- single persons ----------------------------------------------------------------------------

    def walk(
        self,
        patients: int,
        years: int = 40,
        *,
        seed: int = 0,
        unchecked: Mapping[str, float] | None = None,
        **changed: float,
    ) -> pd.DataFrame:
        """Let chance decide for each of many patients and count them by state, once a year from
        year 0.

        Only the present state of each patient is kept, one byte, so memory does not grow with the
        years. The same seed gives the same counts. Raises ModelError as `simulate` does.
        """
        lives = self.lives(patients, years, seed, self.with_any(unchecked, **changed))
        counts = [np.bincount(states, minlength=len(self.people)) for states in lives]
        return pd.DataFrame(counts, columns=self.people).rename_axis("year")

    def paths(
        self,
        patients: int,
        years: int = 40,
        *,
        seed: int = 0,
        unchecked: Mapping[str, float] | None = None,
        **changed: float,
    ) -> pd.DataFrame:
        """The lives of a few patients: one row a year, one column a patient,
        each cell the name of a state."""
        lives = self.lives(patients, years, seed, self.with_any(unchecked, **changed))
        names = np.array(self.people)
        frame = pd.DataFrame([names[states] for states in lives], columns=range(1, patients + 1))
        return frame.rename_axis(index="year", columns="patient")

    def lives(
        self, patients: int, years: int, seed: int, values: Mapping[str, float]
    ) -> Iterator[np.ndarray]:
        """The state number of every patient, year by year, in one array that is overwritten."""
        rng = np.random.default_rng(given.seed(seed, "seed"))
        drawn = rng.random(given.count(patients, "patients"))
        states = np.searchsorted(_ladder(self._start()), drawn, side="right").astype(np.uint8)
        yield states
        for matrix in self._yearly_matrices(years, values):
            _move(states, matrix, rng)
            yield states

    # -- products ----------------------------------------------------------------------------------

    def table(self, **changed: float) -> pd.DataFrame:
        """All steps: from, to, formula and yearly probability before and after the switch."""
        values = list(self.values(**changed).values())
        chances = np.array(self._chances(values)).reshape(2, -1)
        frame = pd.DataFrame(self.steps, columns=["from", "to"])
        for when, texts, column in zip(("before", "after"), self.written, chances, strict=True):
            frame[f"formula {when}"], frame[when] = (
                [texts.get(step, "0") for step in self.steps],
                column,
            )
        once = {"formula before": "formula", "before": "probability"}
        return frame if self.switch else frame[["from", "to", *once]].rename(columns=once)

    def latex(self, *names: str) -> str:
        """The steps as one LaTeX `aligned` block; out of the named states only,
        if any are named."""
        chosen = [index for index, step in enumerate(self.steps) if not names or step[0] in names]
        lines = [
            self._latex_step(index, self.before[index], "")
            for index in chosen
            if self.before[index] != 0
        ]
        since = (
            rf"\quad \text{{from year }} {sympy.latex(sympy.Symbol(self.switch))}"
            if self.switch
            else ""
        )
        lines += [
            self._latex_step(index, self.after[index], since)
            for index in chosen
            if self.after[index] != self.before[index]
        ]
        return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"

    def _latex_step(self, index: int, formula: sympy.Expr, since: str) -> str:
        source, target = (rf"\mathrm{{{state}}}" for state in self.steps[index])
        return rf"P({source} \to {target}) &= {sympy.latex(formula)}{since}"

    def _engine(self) -> dict:
        """Three formulas and how people move, for cards/engine/chain.js.

        `before` and `after` fill `q` with the probability of each step from parameters `p`;
        `report` fills `o` with everything in `reported` from states and counters `y` and parameters
        `p`. Years are whole.
        """
        return {
            "states": [
                {"name": state, "initial": self.states[state].initial} for state in self.people
            ],
            "steps": [list(self._place(step)) for step in self.steps],
            "counters": [
                {"name": name, "steps": [self.steps.index(step) for step in counter.steps]}
                for name, counter in self.counters.items()
            ],
            "switch": self.switch or None,
            "before": formula(body(self, self.before, "q"), of="p q"),
            "after": formula(body(self, self.after, "q"), of="p q"),
            "report": formula(body(self, list(self.reported.values()), "o"), of="y p o"),
        }

    def factor(self, name: str) -> float:
        """A chain counts years, so every parameter keeps its published unit."""
        return 1


def _flat(moves: Moves) -> dict[Step, str]:
    return {
        (source, target): text
        for source, targets in moves.items()
        for target, text in targets.items()
    }


def _written(step: Step, texts: Mapping[Step, str]) -> str:
    """The formula of a step; "rest" becomes one minus the other exits,
    and a step without formula is closed."""
    if texts.get(step, "0") != REST:
        return texts.get(step, "0")
    others = [f"({text})" for other, text in texts.items() if other[0] == step[0] and other != step]
    return " - ".join(["1", *others])


def _arrow(step: Iterable[str]) -> str:
    return " → ".join(step)


def _spelled_out(expression: sympy.Expr) -> sympy.Expr:
    """`yearly` and `lowered` written as the formulas that they stand for."""
    return expression.replace(_yearly, lambda rate: 1 - sympy.exp(-rate)).replace(
        _lowered, lambda chance, ratio: 1 - (1 - chance) ** ratio
    )


def _ladder(chances: np.ndarray) -> np.ndarray:
    """Running sums that end in exactly 1 at the last state that can be reached."""
    ladder = np.cumsum(chances)
    ladder[ladder > 1 - ROUNDING * 1e-3] = 1
    return ladder


def _move(states: np.ndarray, matrix: np.ndarray, rng: np.random.Generator) -> None:
    """One year for everybody, in place: a random number on the ladder of the present state picks
    the next."""
    groups = [np.flatnonzero(states == state) for state in range(len(matrix))]
    for state, group in enumerate(groups):
        if len(group) and matrix[state, state] < 1:
            states[group] = np.searchsorted(
                _ladder(matrix[state]), rng.random(len(group)), side="right"
            )
