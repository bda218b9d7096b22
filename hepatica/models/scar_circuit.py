"""The macrophage–myofibroblast circuit of Adler et al. 2020 (iScience 23:100841), in two forms.

Myofibroblasts F and macrophages M feed each other with growth factors: PDGF (P) and CSF1 (C_s).
`scar_circuit` takes the fast growth factors at their balance (quasi-steady); `scar_circuit_four`
lets them change in time. Equations and parameters were read in public re-implementations of the
article, see data/SOURCES.md.

Cast
----
symbol  meaning                                      unit
F       myofibroblasts                               cells/mL
M       macrophages                                  cells/mL
P       PDGF, on which myofibroblasts live           molecules/mL
C_s     CSF1, on which macrophages live              molecules/mL
I       influx of macrophages while an injury lasts  cells/mL/day
R       removal of macrophages                       1/day
E       extra removal of myofibroblasts              1/day
b_C     middle term of the balance of CSF1           molecules/mL/day
s_P     PDGF made by both cells                      molecules/mL/day
b_P     middle term of the balance of PDGF           molecules/mL/day

Parameters, with unit, range and source: data/parameters.csv, rows `scar_circuit`.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from scipy.optimize import brentq, fsolve

from hepatica import ledger
from hepatica.model import Model, Output, Pulse, State, given
from hepatica.model.registry import register

FOREVER = 1e4  # days
# cells/mL: between the saddle and the cold state, so "many" on either side of the watershed
HOT_CELLS = 1e4

CELLS = {
    "F": State("myofibroblasts", "cells/mL", initial="F_0", logarithmic=True),
    "M": State("macrophages", "cells/mL", initial="M_0", logarithmic=True),
}
# The positive root of the balance of each growth factor.
BALANCE = {
    "b_C": "gamma * k_2 + alpha_1 * M - beta_1 * F",
    "C_s": "(sqrt(b_C**2 + 4 * gamma * beta_1 * k_2 * F) - b_C) / (2 * gamma)",
    "s_P": "beta_2 * M + beta_3 * F",
    "b_P": "gamma * k_1 + alpha_2 * F - s_P",
    "P": "(sqrt(b_P**2 + 4 * gamma * k_1 * s_P) - b_P) / (2 * gamma)",
}
# Depletion R spares what is less than a cell per mL, so that the logarithm of M stays finite.
GROWTH = {
    "F": "F * (lambda_1 * P / (k_1 + P) * (1 - F / K) - mu_1 - E)",
    "M": "M * (lambda_2 * C_s / (k_2 + C_s) - mu_2) - R * M**2 / (1 + M) + I",
}
INPUTS = {
    "I": [
        Pulse(0, "injury_days", "A_0"),
        Pulse("second_injury_start", "second_injury_days", "A_0"),
    ],
    "R": [Pulse("removal_day", "removal_days", "removal_rate")],
    # extra removal of myofibroblasts
    "E": [Pulse("treatment_start", "treatment_days", "treatment_rate")],
}
FLUXES = {
    "growth_F": Output(
        "F * lambda_1 * P / (k_1 + P) * (1 - F / K)", "myofibroblast growth", "cells/mL/day"
    ),
    "loss_F": Output("(mu_1 + E) * F", "myofibroblast loss", "cells/mL/day"),
    "growth_M": Output("M * lambda_2 * C_s / (k_2 + C_s)", "macrophage growth", "cells/mL/day"),
    "loss_M": Output("mu_2 * M + R * M**2 / (1 + M)", "macrophage loss", "cells/mL/day"),
    "csf1_made": Output("beta_1 * F", "CSF1 made by myofibroblasts", "molecules/mL/day"),
    "pdgf_from_M": Output("beta_2 * M", "PDGF made by macrophages", "molecules/mL/day"),
    "pdgf_from_F": Output("beta_3 * F", "PDGF made by myofibroblasts", "molecules/mL/day"),
}

scar_circuit = Model(
    "scar circuit",
    states=CELLS,
    parameters=ledger.parameters("scar_circuit"),
    definitions=BALANCE,
    equations=GROWTH,
    inputs=INPUTS,
    outputs=FLUXES,
)

scar_circuit_four = Model(
    "scar circuit with growth factors",
    states={**CELLS, "C_s": State("CSF1", "molecules/mL"), "P": State("PDGF", "molecules/mL")},
    parameters=ledger.parameters("scar_circuit"),
    equations={
        **GROWTH,
        "C_s": "beta_1 * F - alpha_1 * M * C_s / (k_2 + C_s) - gamma * C_s",
        "P": "beta_2 * M + beta_3 * F - alpha_2 * F * P / (k_1 + P) - gamma * P",
    },
    inputs=INPUTS,
)

FORMS = {"quasi_steady": scar_circuit, "four_variable": scar_circuit_four}

register(__name__, scar_circuit=(scar_circuit, scar_circuit_four))


# -- experiments named in data/targets.csv ---------------------------------------------------------


def _rising(found: dict) -> None:
    """Ends of an interval, the lower first, and something that judges a value."""
    if not callable(found["verdict"]):
        raise given.GivenError(f"verdict={found['verdict']!r} is no function of a value.")
    if found["high"] <= found["low"]:
        raise given.GivenError(f"high={found['high']:g} is not above low={found['low']:g}.")


@given.takes(F=given.above_0, M=given.above_0)
def growth_rates(F: float, M: float, **changed: float) -> tuple[float, float]:
    """Growth per cell and day of myofibroblasts and macrophages at densities F and M (cells/mL),
    no injury."""
    return _growth(F, M, scar_circuit.with_any(changed))


def _growth(F: float, M: float, published: dict[str, float]) -> tuple[float, float]:
    """The same at all parameter values, in published units."""
    values = scar_circuit.daily(published)
    no_input = [0.0] * len(scar_circuit.inputs)
    rates = scar_circuit.derivative([np.log(F), np.log(M)], list(values.values()), no_input)
    return rates[0], rates[1]


def cold_states(**changed: float) -> tuple[float, float]:
    """Myofibroblast densities (cells/mL) that hold themselves without macrophages: threshold and
    cold scar.

    Returns (nan, nan) where the autocrine loop is too weak for a cold scar.
    """
    densities, values = np.geomspace(1, 0.999e6, 4000), scar_circuit.with_any(changed)
    growth = np.array([_growth(F, 1e-9, values)[0] for F in densities])
    up = np.flatnonzero((growth[:-1] < 0) & (growth[1:] > 0))
    down = np.flatnonzero((growth[:-1] > 0) & (growth[1:] < 0))
    if not len(up) or not len(down):
        return np.nan, np.nan

    def root(i):
        return brentq(
            lambda F: _growth(F, 1e-9, values)[0], densities[i], densities[i + 1], xtol=1e-6
        )

    return root(up[0]), root(down[-1])


def _both_at_rest(guess: tuple[float, float], **changed: float) -> tuple[float, float]:
    """Densities near `guess` at which neither cell grows or shrinks, or (nan, nan)."""
    values = scar_circuit.with_any(changed)
    logs, _, found, _ = fsolve(
        lambda x: _growth(*np.exp(x), values), np.log(guess), full_output=True
    )
    return tuple(np.exp(logs)) if found == 1 else (np.nan, np.nan)


def saddle(**changed: float) -> tuple[float, float]:
    """Myofibroblasts and macrophages (cells/mL) at the unstable rest point on the watershed."""
    return _both_at_rest((5e3, 5e3), **changed)


def hot_state(**changed: float) -> tuple[float, float]:
    """Myofibroblasts and macrophages (cells/mL) of the hot scar."""
    return _both_at_rest((4.8e5, 6.4e5), **changed)


@given.takes(point=given.word(("threshold", "cold", "saddle", "hot")), cell=given.word(("F", "M")))
def fixed_point(point: str, cell: str, **changed: float) -> float:
    """One coordinate (cells/mL) of a rest point: `point` threshold, cold, saddle or hot;
    `cell` F or M."""
    if point in ("threshold", "cold"):
        return cold_states(**changed)[point == "cold"] if cell == "F" else 0.0
    return {"saddle": saddle, "hot": hot_state}[point](**changed)["FM".index(cell)]


@given.takes(point=given.word(("saddle", "hot")), which=given.word((0, 1)))
def eigenvalue(point: str, which: int, **changed: float) -> float:
    """Eigenvalue per day (sorted from low to high, `which` 0 or 1)
    of the rates at the saddle or the hot state."""
    x, step = np.log({"saddle": saddle, "hot": hot_state}[point](**changed)), 1e-5
    columns = [
        (
            np.array(growth_rates(*np.exp(x + h), **changed))
            - growth_rates(*np.exp(x - h), **changed)
        )
        / (2 * step)
        for h in step * np.eye(2)
    ]
    return float(np.sort(np.linalg.eigvals(np.array(columns).T).real)[which])


@given.takes(form=given.word(FORMS), days=given.above_0)
def ends_hot(form: str = "quasi_steady", days: float = 400, **changed: float) -> bool:
    """Whether a run ends with many myofibroblasts;
    parameters may leave the ledger's slider ranges."""
    return bool(FORMS[form].simulate(days, at=[days], unchecked=changed)["F"].iloc[0] > HOT_CELLS)


@given.takes(
    _rising, low=given.above_0, high=given.above_0, relative=partial(given.number, low=1e-12)
)
def turning_point(verdict, low: float, high: float, relative: float = 1e-4) -> float:
    """The value between `low` and `high` at which `verdict(value)` changes,
    by bisection on a log scale."""
    at_low = verdict(low)
    if verdict(high) == at_low:
        raise ValueError(f"Nothing changes between {low:g} and {high:g}; choose a wider interval.")
    while high / low > 1 + relative:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if verdict(middle) == at_low else (low, middle)
    return math.sqrt(low * high)


@given.takes(A_0=given.above_0, form=given.word(FORMS))
def threshold_duration(A_0: float = 1e6, form: str = "quasi_steady", **changed: float) -> float:
    """Days of injury at influx `A_0` (cells/mL/day) above which the wound ends in a scar."""
    return turning_point(lambda d: ends_hot(form, A_0=A_0, injury_days=d, **changed), 0.05, 100)


@given.takes(F=given.above_0)
def separatrix_macrophages(F: float) -> float:
    """Macrophages (cells/mL) above which a start with `F` myofibroblasts (cells/mL) ends hot."""
    return turning_point(lambda M: ends_hot(F_0=F, M_0=M, injury_days=0), 1, 1e8)


@given.takes(points=given.count)
def separatrix(points: int = 40) -> list[tuple[float, float]]:
    """The watershed as (F, M) pairs in cells/mL, from one myofibroblast to the saddle."""
    return [(F, separatrix_macrophages(F)) for F in np.geomspace(1, saddle()[0], points)]


@given.takes(days=given.above_0)
def largest_harmless_influx(days: float = 3000) -> float:
    """Permanent influx (cells/mL/day) below which no scar forms within `days`."""
    return turning_point(lambda A: ends_hot(days=days, A_0=A, injury_days=days), 1e2, 1e6)


def longest_priming_gap() -> float:
    """Days between two 2-day injuries up to which the second still scars."""
    return turning_point(
        lambda g: ends_hot(injury_days=2, second_injury_start=2 + g, second_injury_days=2), 10, 200
    )


@given.takes(injury_days=partial(given.number, low=0, high=99, above=True))
def depletion_window(injury_days: float = 4) -> float:
    """Day before which removing all macrophages for good heals the wound;
    later it leaves a cold scar."""

    def late(day):
        return ends_hot(injury_days=injury_days, removal_day=day, removal_days=FOREVER, days=600)

    return turning_point(late, injury_days, 100)


@given.takes(share=given.some)
def time_to_share_of_hot(share: float, **changed: float) -> float:
    """Day on which myofibroblasts first reach `share` of their hot density; inf beyond 120."""
    run = scar_circuit.simulate(120, points=12001, unchecked=changed)
    reached = run.index[run["F"] >= share * hot_state()[0]]
    return float(reached[0]) if len(reached) else math.inf


@given.takes(quantity=given.readout(scar_circuit), what=given.word(("value", "day", "healed")))
def peak(quantity: str, what: str, **changed: float) -> float:
    """Peak of F or M (`what` = value, cells/mL), its day,
    or the day it falls below 100 cells/mL again (`healed`; inf beyond 100 days)."""
    run = scar_circuit.simulate(100, points=10001, unchecked=changed)[quantity]
    if what == "value":
        return float(run.max())
    if what == "day":
        return float(run.idxmax())
    after = run[run.idxmax() :]
    few = after.index[after < 100]
    return float(few[0]) if len(few) else math.inf


@given.takes(
    state=given.word(("cold", "hot")), parameter=given.word(("beta_3", "lambda_1", "mu_1"))
)
def loss_of(state: str, parameter: str) -> float:
    """Value of `parameter` (published unit) at which the cold or hot state disappears."""
    start = scar_circuit.parameters[parameter].value
    far = start * {"beta_3": 0.1, "lambda_1": 0.4, "mu_1": 3}[parameter]

    def exists(value):
        if state == "cold":
            return np.isfinite(cold_states(**{parameter: value})[1])
        return _hot_survives(parameter, value)

    return turning_point(exists, *sorted((start, far)))


def _hot_survives(parameter: str, value: float) -> bool:
    F, M = hot_state()
    return ends_hot(F_0=F, M_0=M, injury_days=0, days=2000, **{parameter: value})


@given.takes(rate=given.above_0)
def removal_to_leave_hot(rate: float) -> float:
    """Days of extra myofibroblast removal at `rate` per day after which a hot scar heals by
    itself."""
    F, M = hot_state()

    def stays(days):
        return ends_hot(
            F_0=F,
            M_0=M,
            injury_days=0,
            days=1000,
            treatment_start=0,
            treatment_days=days,
            treatment_rate=rate,
        )

    return turning_point(stays, 0.5, 60)
