"""The quasi-steady crowd: TIDE-6 reduced to its slow states, for many livers at once.

Cells settle within weeks, scar within years. So F and M are taken at their balance, on the hot
branch of the published circuit, and only H, phi, C and X are stepped. Nothing is written twice: the
formulas are those of `tide_therapy`. The branch is tabulated once: the balance of CSF1 gives F for
each M, and the balance of F the exit rate at which both rest. The cells of a healthy liver need
some weeks to become many; a run begins that much later. Acute hits and flares are for the full
model only.

The page reduces and steps in the same way: cards/engine/crowd.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import sympy
from numpy.typing import NDArray

from hepatica.model import Model
from hepatica.model.code import formula
from hepatica.model.javascript import body
from hepatica.model.registry import register
from hepatica.models.scar_circuit import scar_circuit, scar_circuit_four
from hepatica.models.tide import tide_therapy

STEP = 20  # days; hepatocytes settle in a month, scar in years
LIGHTING = 40  # days in which the first cells of a scar become many
INFLUXES = 49  # rows of the table, denser where little flows in
PLACES = 121  # columns of the table, from the fold of the branch (0) to its far end (1)
POINTS = 3000  # of a row's curve, before it is tabulated
FASTEST_INJURY = 0.02  # per day; the largest that the ledger offers
LEAST_EXIT = 0.1  # per day; below every exit of a myofibroblast
LEAST_CELLS = 2e4  # cells/mL; a hot scar with fewer counts as none
NEAR, FAR = 1e-9, 1e8  # a row's curve begins just above the fewest macrophages and ends here

register(__name__, quasi_steady=())


SLOW = ("H", "phi", "C", "X")


class Scar(NamedTuple):
    """The slow states of many livers (shape (livers,) each), and whether their cells are lit."""

    H: NDArray
    phi: NDArray
    C: NDArray
    X: NDArray
    lit: NDArray


@dataclass(frozen=True)
class Branch:
    """The hot branch over influx of macrophages and exit of myofibroblasts.

    `fold` is the exit (per day) beyond which no hot state is left, `light` the one below which none
    but the hot state is; both per row of `influx` (cells/mL/day). `cells` holds ln F and ln M,
    shape (2, INFLUXES, PLACES), at exits that lie quadratically from the fold down to LEAST_EXIT, so
    that both are smooth there.
    """

    influx: NDArray
    fold: NDArray
    light: NDArray
    cells: NDArray

    def rest(
        self, exit: NDArray, influx: NDArray, lit: NDArray
    ) -> tuple[NDArray, NDArray, NDArray]:
        """Myofibroblasts and macrophages (cells/mL) at rest, and which livers are lit from now on.

        A liver whose cells have gone stays healed until its cold state is gone.
        """
        row, part = self._row(influx)
        fold = _between(self.fold, row, part)
        place = np.sqrt(np.maximum(fold - exit, 0) / (fold - LEAST_EXIT)) * (PLACES - 1)
        place = np.minimum(place, PLACES - 1)
        column = np.minimum(place.astype(int), PLACES - 2)
        over = place - column
        F, M = (
            np.exp(
                _between(table[:, :-1], (row, column), part) * (1 - over)
                + _between(table[:, 1:], (row, column), part) * over
            )
            for table in self.cells
        )
        lit = (lit | (exit < _between(self.light, row, part))) & (exit < fold) & (F >= LEAST_CELLS)
        return F * lit, M * lit, lit

    def _row(self, influx: NDArray) -> tuple[NDArray, NDArray]:
        """Row of the table below an influx, and the part of the way to the next."""
        last = len(self.influx) - 1
        place = np.sqrt(np.maximum(influx - self.influx[0], 0) / (self.influx[-1] - self.influx[0]))
        row = np.minimum((place * last).astype(int), last - 1)
        part = (influx - self.influx[row]) / (self.influx[row + 1] - self.influx[row])
        return row, np.clip(part, 0, 1)


def _between(table: NDArray, place, part: NDArray) -> NDArray:
    """Entries of a table between a row and the next."""
    row, *column = place if isinstance(place, tuple) else (place,)
    return table[(row, *column)] * (1 - part) + table[(row + 1, *column)] * part


def _branch_formulas() -> list[sympy.Expr]:
    """F at rest, and the exit without trickle at which F rests, of M and the influx I."""
    four, circuit = scar_circuit_four, scar_circuit
    own = {str(symbol): symbol for symbol in (*four._symbols.values(), *circuit._symbols.values())}
    F, C_s = own["F"], own["C_s"]
    grows = sympy.sympify("(mu_2 - I / M) / lambda_2", locals=own)
    (cells,) = sympy.solve(four.equations["C_s"], F)
    cells = cells.subs(C_s, own["k_2"] * grows / (1 - grows))
    growth = circuit.expanded(circuit.readouts["growth_F"] / F)
    return [cells, growth.subs(F, cells)]


class Reduction:
    """A six-state scar model at quasi-steady cells (`model`: TIDE-6 with levers)."""

    def __init__(self, model: Model):
        self.model = model

    @cached_property
    def fast(self) -> list[sympy.Expr]:
        """Exit of the myofibroblasts and influx of macrophages."""
        own = self.model._symbols
        influx = self.model.equations["M"].subs(own["M"], 0)
        return [self.model.expanded(item) for item in (own["mu"] + own["E"], influx)]

    @cached_property
    def slow(self) -> list[sympy.Expr]:
        """Rates of the slow states."""
        return [self.model.expanded(self.model.equations[name]) for name in SLOW]

    @cached_property
    def injured(self) -> list[sympy.Expr]:
        """Hepatocytes at rest under their injury."""
        own = self.model._symbols
        room = sympy.sympify("H_room * (1 - (harm / rho)**(1 / n_H))", locals=own)
        return [self.model.expanded(room)]

    @cached_property
    def edge(self) -> list[sympy.Expr]:
        """What the branch is tabulated from."""
        return _branch_formulas()

    @cached_property
    def _functions(self):
        """Fast and slow formulas and H at rest, over arrays of states, parameters and inputs."""
        model = self.model
        arguments = [
            model._symbols_of(names) for names in (model.states, model.parameters, model.inputs)
        ]
        return [
            sympy.lambdify(arguments, part, modules="numpy", cse=True)
            for part in (self.fast, self.slow, self.injured)
        ]

    @cached_property
    def _edge(self):
        circuit = scar_circuit
        arguments = [
            circuit._symbols_of(names)
            for names in (circuit.states, circuit.parameters, circuit.inputs)
        ]
        return sympy.lambdify(arguments, self.edge, modules="numpy", cse=True)

    def branch(self, values: Mapping[str, float]) -> Branch:
        """The table of the hot branch at daily parameter values of the whole model."""
        own = [values[name] for name in scar_circuit.parameters]
        top = values["A_0"] / values["J_ref"] * FASTEST_INJURY
        influx = values["s_M"] + top * np.linspace(0, 1, INFLUXES) ** 2
        fold, light, cells = np.empty(INFLUXES), np.empty(INFLUXES), np.empty((2, INFLUXES, PLACES))
        for row, I in enumerate(influx):
            fewest = I / values["mu_2"]
            M = fewest + np.geomspace(fewest * NEAR, FAR, POINTS)
            F, growth = self._edge([np.nan, M], own, [I, 0, 0])
            exit = growth + values["s_F"] / F
            many = F >= LEAST_CELLS
            top_at = int(np.argmax(np.where(many, exit, -np.inf)))
            fold[row], light[row] = exit[top_at], exit[: top_at + 1].min()
            places = fold[row] - np.linspace(0, 1, PLACES) ** 2 * (fold[row] - LEAST_EXIT)
            falling = -exit[top_at:]
            for kind, count in enumerate((F, M)):
                cells[kind, row] = np.interp(-places, falling, np.log(count[top_at:]))
        return Branch(influx, fold, light, cells)

    def start(self, values: Mapping[str, float | NDArray], livers: int, **inputs: float) -> Scar:
        """Livers without scar whose hepatocytes have come to rest under the injury of `inputs`."""
        none = np.zeros(livers)
        states = [None, None, None, none + values["phi_0"], none, none]
        (H,) = self._functions[2](states, list(values.values()), self._inputs(inputs))
        return Scar(none + H, none + values["phi_0"], none, none, none > 0)

    def _inputs(self, given: Mapping[str, float]) -> list[float]:
        """All inputs in the order of the model; those not given are 0."""
        return [float(given.get(name, 0)) for name in self.model.inputs]

    def cells(self, scar: Scar, values: list, inputs: list, branch: Branch) -> tuple:
        """F and M at rest (cells/mL), and which livers are lit."""
        states = [scar.H, None, None, scar.phi, scar.C, scar.X]
        exit, influx = self._functions[0](states, values, inputs)
        exit, influx = (np.broadcast_to(item, scar.phi.shape) for item in (exit, influx))
        return branch.rest(exit, influx, scar.lit)

    def rates(self, scar: Scar, values: list, inputs: list, branch: Branch) -> tuple:
        """Rates of the slow states per day, and which livers are lit."""
        F, M, lit = self.cells(scar, values, inputs, branch)
        return self._functions[1]([scar.H, F, M, scar.phi, scar.C, scar.X], values, inputs), lit

    def advance(
        self,
        scar: Scar,
        values: Mapping[str, float | NDArray],
        days: float | NDArray,
        branch: Branch,
        **inputs: float,
    ) -> Scar:
        """The livers some days later (one number, or one per liver), by Heun's rule.

        `values` are daily, one number or one per liver; `inputs` (D, late, treated) stay as they
        are, others are 0.
        """
        p, u = list(values.values()), self._inputs(inputs)
        days = np.broadcast_to(np.asarray(days, float), scar.phi.shape)
        steps = np.ceil(days / STEP)
        long = np.divide(days, steps, out=np.zeros(days.shape), where=steps > 0)
        for step in range(int(steps.max())):
            h = np.where(step < steps, long, 0)
            first, lit = self.rates(scar, p, u, branch)
            lit = np.where(step < steps, lit, scar.lit)
            ahead = Scar(*(y + h * k for y, k in zip(scar[:4], first, strict=True)), lit)
            second, _ = self.rates(ahead, p, u, branch)
            moved = (y + h / 2 * (k + l) for y, k, l in zip(scar[:4], first, second, strict=True))
            scar = Scar(*moved, lit)
        return scar

    def javascript(self) -> dict:
        """The reduction as plain data with JavaScript formulas, for cards/engine/crowd.js."""
        rows = [{"name": n, "factor": scar_circuit.factor(n)} for n in scar_circuit.parameters]
        return {
            "parameters": list(self.model.parameters),
            "inputs": list(self.model.inputs),
            "circuit": rows,
            "fast": formula(body(self.model, self.fast, "o"), of="y p u o"),
            "slow": formula(body(self.model, self.slow, "o"), of="y p u o"),
            "injured": formula(body(self.model, self.injured, "o"), of="y p u o"),
            "edge": formula(body(scar_circuit, self.edge, "o"), of="y p u o"),
            "step": STEP,
            "influxes": INFLUXES,
            "places": PLACES,
            "points": POINTS,
            "fastestInjury": FASTEST_INJURY,
            "leastExit": LEAST_EXIT,
            "leastCells": LEAST_CELLS,
            "near": NEAR,
            "far": FAR,
        }


reduced = Reduction(tide_therapy)
