"""Five proposed mechanisms of a cell therapy, each a lever on one named parameter of the models of
earlier notebooks.

`therapy` is LSM-5 with the portal circuit and the blood tests. An effect signal S rises by one with
each infusion and fades with the time constant tau. What it moves, and nothing else:

1. inflammation: the influx of macrophages A_0 J / J_ref (the restorative switch r would be another
place to act);
2. repair support: the injury d;
3. microcirculation: the vascular tone in the resistance of the liver;
4. host hepatocytes: their regrowth rho;
5. anti-fibrotic: extra removal of myofibroblasts, or the breakdown of collagen delta.

Day 0 is the first infusion; `at_first_infusion` gives the liver on that day. All of this is a
teaching simplification and no evidence that a product works.

Cast
----
symbol    meaning                                                        unit
S         effect signal of the infusions, which fades                    infusions
A         albumin                                                        g/L
P_s       gradient that the shunt has grown to                           mmHg
kick      an infusion, as a pulse of one hour                            infusions/day
held      a signal that is held for comparison                           infusions
Z         whole signal: what fades and what is held                      infusions
calmed    lever 1: part of the influx of macrophages that is taken away  share
spared    lever 2: part of the injury that is taken away                 share
epsilon   lever 3: part of the vascular tone that is taken away          share
woken     lever 4: extra regrowth of hepatocytes                         share of rho
removal   lever 5: extra removal of myofibroblasts                       1/day
digested  lever 5: extra breakdown of young collagen                     share of delta
r_s       radius of the shunt (r in the portal circuit)                  mm
R         resistance of the liver under treatment                        mmHg·min/L
s         synthesis that the hepatocytes left can do                     share of healthy
pool      collagen in the model of turnover alone                        % of the start
as in hepatica.models.liver
as in hepatica.models.portal

Parameters, with unit, range and source: data/parameters.csv, rows `therapy`.
"""

from __future__ import annotations

import math
from functools import cache

import sympy

from hepatica import ledger
from hepatica.model import DAYS_PER_YEAR, Model, Output, Pulse, State, join, leaving_out
from hepatica.model.registry import register
from hepatica.models.liver import SCARRED_CELLS, after_stop, liver
from hepatica.models.portal import treated_portal
from hepatica.models.reserve import reserve

MINUTES_PER_DAY = 1440
MICROMOLES = 17.1  # µmol/L of bilirubin in 1 mg/dL
HOUR = 1 / 24  # an infusion; it adds exactly 1 to the signal, less what fades within the hour
LEVERS = ("on_1", "on_2", "on_3", "on_4", "on_5")
CEILING = ("turnover", "deposition_cut")  # what only `collagen_turnover` needs
LEFT_OUT = ("removal_day", "removal_days", "removal_rate")  # taking macrophages away, in LSM-5
OWN = leaving_out(ledger.parameters("therapy"), *CEILING)


def _circuit() -> dict[str, str]:
    """Definitions of the portal circuit with neither drug nor stent,
    in names that LSM-5 has not taken."""
    # a run in time counts days
    names = {"Q": f"Q / {MINUTES_PER_DAY}", "r": "r_s", "tips": "0", "cut": "0"}
    swap = {
        sympy.Symbol(old, positive=True): sympy.sympify(new, locals=_SYMBOLS)
        for old, new in names.items()
    }
    wanted = ("R_L", "a", "r_0", "r", "R_s", "R", "Q_in", "P_now")
    return {
        {"r": "r_s"}.get(name, name): str(treated_portal.definitions[name].subs(swap))
        for name in wanted
    }


_SYMBOLS = {name: sympy.Symbol(name, positive=True) for name in ("Q", "r_s")}

STRENGTHS = {
    "Z": "S + held",  # the whole signal: what fades and what is held
    "calmed": "Min(1, on_1 * w * a_1 * Z)",
    "spared": "Min(1, on_2 * w * a_2 * Z)",
    "epsilon": "Min(1, on_3 * w * a_3 * Z)",
    "woken": "on_4 * w * a_4 * Z",
    "removal": "on_5 * w * a_5 * Z",
    "digested": "on_5 * w * a_6 * Z",
}
SCAR = {
    **{name: liver.formula(name) for name in ("b_C", "C_s", "s_P", "b_P", "P")},
    "J": liver.formula("J", injury="(1 - spared) * D"),
    **{name: liver.formula(name) for name in ("H_max", "r", "g_in")},
    "M_all": liver.formula("M_all", residents=""),
    "delta": f"(1 + digested) * ({liver.formula('delta')})",
}

therapy = Model(
    "LSM-5 with five levers",
    states={
        **liver.states,
        "C": State("young collagen", "% of area", initial="C_start"),
        "X": State("cross-linked collagen", "% of area", initial="X_start"),
        "P_s": State("gradient that the shunt has grown to", "mmHg", initial="P_start"),
        "A": State("albumin", "g/L", initial="albumin_start"),
        "S": State("effect signal", "infusions"),
    },
    parameters=join(
        leaving_out(liver.parameters, *LEFT_OUT),
        leaving_out(treated_portal.parameters, "CPA", "epsilon", "settled", "tips", "cut", "R_T"),
        leaving_out(reserve.parameters, "H", "k_VII"),
        OWN,
        shared=("CPA_0",),
    ),
    inputs={
        "D": liver.inputs["D"],
        "E": liver.inputs["E"],
        "kick": [Pulse(0, HOUR, 1 / HOUR, repeats="infusions", period="spacing")],
        "held": [Pulse(0, "held_days", 1)],
    },
    definitions=join(
        STRENGTHS, SCAR, {"CPA": liver.formula("CPA")}, _circuit(), {"s": reserve.formula("s")}
    ),
    equations={
        "H": liver.formula("H", regrowth="(1 + woken) * rho"),
        "F": liver.formula("F", extra_exit="E - removal"),
        "M": liver.formula("M", depletion="", influx="(1 - calmed) * A_0"),
        "C": liver.formula("C"),
        "X": liver.formula("X"),
        "P_s": "(P_now - P_s) / shunt_days",
        "A": "k_A * (albumin_normal * s - A)",
        "S": "kick - S / tau",
    },
    outputs={
        "mass": Output("100 * H", "hepatocyte mass", "% of healthy"),
        "PSG": Output("P_now", "portosystemic gradient", "mmHg"),
        "bilirubin": reserve.outputs["bilirubin"],
        "bilirubin_si": Output(
            f"{MICROMOLES} * ({reserve.formula('bilirubin')})", "unconjugated bilirubin", "µmol/L"
        ),
        "deposition": liver.outputs["deposition"],
    },
)

collagen_turnover = Model(
    "turnover of collagen",
    states={"pool": State("collagen", "% of the start", initial=100)},
    parameters={name: ledger.parameters("therapy")[name] for name in CEILING},
    equations={"pool": "turnover / 100 * (100 * (1 - deposition_cut) - pool)"},
    outputs={"fall": Output("100 - pool", "fall of collagen", "% of the start")},
)

# Day 0 of each scenario: days of injury before it, and whether the cause goes on.
SCENARIOS = {"ongoing": (730, True), "early": (365, False), "late": (1095, False)}
SCHEDULES = {
    "none": {"infusions": 0},
    "one": {"infusions": 1},
    "monthly": {"infusions": 3, "spacing": 30},
    "weekly": {"infusions": 26, "spacing": 7},
}
STARTS = {
    "H": "H_0",
    "F": "F_0",
    "M": "M_0",
    "C": "C_start",
    "X": "X_start",
    "P_s": "P_start",
    "A": "albumin_start",
}
FOREVER = 10  # years; the longest injury that the ledger offers


@cache
def at_first_infusion(scenario: str) -> dict[str, float]:
    """Values of parameters that make day 0 of a scenario (ongoing, early, late): the liver,
    and its further injury."""
    days, goes_on = SCENARIOS[scenario]
    return _after_injury(days) | {"injury_years": FOREVER if goes_on else 0}


@cache
def _after_injury(days: float) -> dict[str, float]:
    """The liver after that many days of injury, as start values of the next run."""
    end = therapy.simulate(days, at=[days], infusions=0, unchecked={"injury_years": FOREVER}).iloc[
        -1
    ]
    return {parameter: float(end[state]) for state, parameter in STARTS.items()}


register(__name__, therapy=(therapy, collagen_turnover))


# -- experiments named in data/targets.csv ---------------------------------------------------------


def outcome(
    read: str,
    scenario: str,
    day: float,
    schedule: str = "none",
    mechanisms: str = "5",
    **changed: float,
) -> float:
    """A read-out `day` days after the first infusion.

    `scenario` is a key of `SCENARIOS`, `schedule` of `SCHEDULES`; `mechanisms` lists the levers,
    "5" or "12345".
    """
    switched = {name: float(name[-1] in mechanisms) for name in LEVERS}
    values = at_first_infusion(scenario) | switched | SCHEDULES[schedule] | changed
    return float(therapy.simulate(day, at=[day], unchecked=values)[read].iloc[0])


def difference(
    read: str, scenario: str, day: float, schedule: str, mechanisms: str = "5", **changed: float
) -> float:
    """The read-out of `outcome` minus that of the same liver without cells."""
    return outcome(read, scenario, day, schedule, mechanisms, **changed) - outcome(
        read, scenario, day
    )


def clears(removal: float, tau: float, scenario: str = "late", years: float = 10) -> bool:
    """Whether the scar is gone `years` after one infusion of lever 5 that starts at `removal` per
    day."""
    days = years * DAYS_PER_YEAR
    return outcome("F", scenario, days, "one", a_5=removal, tau=tau) < SCARRED_CELLS


def removal_needed(tau: float, scenario: str = "late") -> float:
    """Least extra removal (per day, at the start)
    with which one infusion that persists `tau` days clears the scar."""
    low, high = math.log(0.01), math.log(1000)
    if not clears(math.exp(high), tau, scenario):
        return math.inf
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if clears(math.exp(middle), tau, scenario) else (middle, high)
    return math.exp(high)


def e_folds_needed(tau: float) -> float:
    """Extra removal that one infusion must add up to, amplitude times persistence,
    to clear a self-sustaining scar."""
    return tau * removal_needed(tau)


def course_needed(rate: float, injured_days: float = 1095) -> float:
    """Shortest course (days) of a constant extra removal (per day) that clears a scar left by an
    injury.

    At 1 per day some nine days are enough, so that the course of 14 days of notebook 02 clears this
    scar as well: what decides is amplitude times duration, not that an effect is short.
    """

    def stays(days: float) -> bool:
        course = {
            "injury_years": 0,
            "infusions": 0,
            "treatment_start": 0,
            "treatment_days": days,
            "treatment_rate": rate,
        }
        values = _after_injury(injured_days) | course
        return therapy.simulate(3650, at=[3650], unchecked=values)["F"].iloc[0] > SCARRED_CELLS

    low, high = 0.0, 200 / rate
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if stays(middle) else (low, middle)
    return high


def fall_without_therapy(injured_days: float, days: float = 180, since: float = 0) -> float:
    """Fall of the collagen area (%) in `days` without therapy,
    counted from `since` days after the cause is gone."""
    before, after = (after_stop("CPA", injured_days, since + later) for later in (0, days))
    return 100 * (1 - after / before)


def largest_fall(turnover: float, days: float = 180) -> float:
    """Fall of collagen (%) in `days` if nothing more is laid down, at a turnover in % per day."""
    return float(
        collagen_turnover.simulate(days, at=[days], turnover=turnover, deposition_cut=1)[
            "fall"
        ].iloc[0]
    )


def cut_needed(fall: float, turnover: float, days: float = 180) -> float:
    """Cut of deposition (%) that makes collagen fall by `fall` % in `days`;
    above 100 no cut is enough."""
    return 100 * fall / largest_fall(turnover, days)
