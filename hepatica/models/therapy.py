"""Five proposed mechanisms of a cell therapy, each a lever on one named parameter of the models of
earlier notebooks.

`therapy` is TIDE-6 with the portal circuit and the blood tests. An effect signal S rises by one with
each infusion and fades with the time constant tau. What it moves, and nothing else:

1. inflammation: a, the recruitment of macrophages, or b, their restorative switch r;
2. repair support: the injury d;
3. microcirculation: the vascular tone in the resistance of the liver;
4. host hepatocytes: their regrowth rho;
5. anti-fibrotic: extra removal of myofibroblasts, or the breakdown of collagen delta.

Two things may go wrong, each a what-if: infused cells become myofibroblasts (harm_F), or a clot
raises the resistance of the liver (harm_clot).

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
calmed    lever 1a: part of the recruitment that is taken away           share
turned    lever 1b: part of what the switch lacks that is given back     share
spared    lever 2: part of the injury that is taken away                 share
epsilon   lever 3: part of the vascular tone that is taken away          share
woken     lever 4: extra regrowth of hepatocytes                         share of rho
removal   lever 5: extra removal of myofibroblasts                       1/day
digested  lever 5: extra breakdown of collagen                           share of delta
r_s       radius of the shunt (r in the portal circuit)                  mm
R         resistance of the liver under treatment                        mmHg·min/L
sigma     part of the inflow that passes the liver by                    share
dilated   splanchnic vasodilatation (w in the blood tests)               ratio
pool      collagen in the model of turnover alone                        % of the start
as in hepatica.models.tide
as in hepatica.models.portal
as in hepatica.models.blood_tests

Parameters, with unit, range and source: data/parameters.csv, rows `therapy`.
"""

from __future__ import annotations

import math
from functools import cache, partial

import sympy

from hepatica import ledger
from hepatica.model import DAYS_PER_YEAR, Model, Output, Pulse, State, given, join, leaving_out
from hepatica.model.registry import register
from hepatica.models.blood_tests import ROWS as BLOOD_ROWS
from hepatica.models.blood_tests import blood_balance
from hepatica.models.dashboard import dashboard
from hepatica.models.portal import treated_portal
from hepatica.models.scar_circuit import turning_point
from hepatica.models.tide import tide

SCARRED_CELLS = 1e5  # cells/mL of myofibroblasts: a working scar, well above a fading one
MINUTES_PER_DAY = 1440
MICROMOLES = 17.1  # µmol/L of bilirubin in 1 mg/dL
HOUR = 1 / 24  # an infusion; it adds exactly 1 to the signal, less what fades within the hour
LEVERS = ("on_1", "on_1b", "on_2", "on_3", "on_4", "on_5")
ALL = "1 1b 2 3 4 5"  # all mechanisms, as `outcome` takes them
CEILING = ("turnover", "deposition_cut")  # what only `collagen_turnover` needs
# what TIDE-6 does not need here: taking macrophages away, its start, stages, how an assay reads
LEFT_OUT = ("removal_day", "removal_days", "removal_rate", "phi_0", "basal", "biopsy_sd")
STAGES = ("cut_F1", "cut_F2", "cut_F3")
OWN = leaving_out(ledger.parameters("therapy"), *CEILING)
WHAT_IF = ("harm_F", "harm_clot", "p_clot", "amp_gsd", "p_works")
BLOOD = ("P_w", "w_span", "w_most", "gut", "expand", "P_spleen", "spleen_span", "hemo", "B_c0")
BLOOD += ("CL_k", "m_x", "cholestasis", "albumin_normal", "s_half", "bilirubin_production")
BLOOD += ("bilirubin_clearance", "body_mass", "k_A")

# Definitions of the portal circuit and the blood tests, with neither drug nor stent, in names that
# TIDE-6 and the levers have not taken; a run in time counts days.
JOINED = ("R_L", "a", "r_0", "r", "R_s", "R", "Q_in", "P_now", "sigma", "P_g", "s", "w", "thin")
JOINED += ("Alb", "spleen", "CL_b", "bile", "U", "B")
RENAMED = {"r": "r_s", "w": "dilated"}
SWAPPED = RENAMED | {"Q": f"Q / {MINUTES_PER_DAY}", "tips": "0", "cut": "0"}


CLOT = {"R_L": " * (1 + harm_clot)"}


def _consequences() -> dict[str, str]:
    """What follows from scar and hepatocyte mass: the definitions `JOINED` of the dashboard."""
    symbols = {name: sympy.Symbol(name, positive=True) for name in ("Q", *RENAMED.values())}
    swap = {
        sympy.Symbol(old, positive=True): sympy.sympify(new, locals=symbols)
        for old, new in SWAPPED.items()
    }
    found = {
        RENAMED.get(name, name): f"({dashboard.definitions[name].subs(swap)}){CLOT.get(name, '')}"
        for name in JOINED
    }
    return {"CL_u": blood_balance.formula("CL_u")} | found


STRENGTHS = {
    "Z": "S + held",  # the whole signal: what fades and what is held
    "calmed": "Min(1, on_1 * w * a_1 * Z)",
    "turned": "Min(1, on_1b * w * a_1b * Z)",
    "spared": "Min(1, on_2 * w * a_2 * Z)",
    "epsilon": "Min(1, on_3 * w * a_3 * Z)",
    "woken": "on_4 * w * a_4 * Z",
    "removal": "on_5 * w * a_5 * Z",
    "digested": "on_5 * w * a_6 * Z",
}
FILLED = {
    "harm": {"cause": "(1 - spared) * "},
    # J / (J_in + J) is what the switch lacks to 1
    "r": {"calm_switch": " + turned * J / (J_in + J)"},
    "mu": {"removal": " + removal"},
    "M_all": {"residents": ""},
    "delta": {"fibrolysis": "(1 + digested) * "},
    "H": {"regrowth": "(1 + woken) * "},
    "M": {"depletion": "", "calm": "(1 - calmed) * "},
}


def _scar(name: str) -> str:
    """A formula of TIDE-6 with its levers in place."""
    return tide.formula(name, **FILLED.get(name, {}))


therapy = Model(
    "TIDE-6 with five levers",
    states={
        **tide.states,
        "phi": State("share of the lobules that take part", "share", initial="phi_start"),
        "C": State("young collagen", "% of area", initial="C_start"),
        "X": State("cross-linked collagen", "% of area", initial="X_start"),
        "P_s": State("gradient that the shunt has grown to", "mmHg", initial="P_start"),
        "A": State("albumin", "g/L", initial="albumin_start"),
        "S": State("effect signal", "infusions"),
    },
    parameters=join(
        leaving_out(tide.parameters, *LEFT_OUT, *STAGES),
        leaving_out(treated_portal.parameters, "CPA", "epsilon", "settled", "tips", "cut", "R_T"),
        {name: BLOOD_ROWS[name] for name in BLOOD},
        {name: ledger.parameters("tide_therapy")[name] for name in WHAT_IF},
        OWN,
        shared=("CPA_0", "R_healthy", "R_scar"),
    ),
    inputs={
        **{name: tide.inputs[name] for name in ("D", "late", "E")},
        "kick": [Pulse(0, HOUR, 1 / HOUR, repeats="infusions", period="spacing")],
        "held": [Pulse(0, "held_days", 1)],
    },
    definitions=join(
        STRENGTHS,
        {name: _scar(name) for name in tide.definitions},
        {"CPA": tide.formula("CPA")},
        _consequences(),
    ),
    equations={
        **{name: _scar(name) for name in tide.states},
        "P_s": "(P_now - P_s) / shunt_days",
        "A": "k_A * (Alb - A)",
        "F": f"{_scar('F')} + harm_F * kick",
        "S": "kick - S / tau",
    },
    outputs={
        "mass": Output("100 * H", "hepatocyte mass", "% of healthy"),
        "PSG": Output("P_now", "portosystemic gradient", "mmHg"),
        "bilirubin_si": Output(f"{MICROMOLES} * (U + B)", "bilirubin, total", "µmol/L"),
        "deposition": tide.outputs["deposition"],
    },
).starting(harm_clot=0)

collagen_turnover = Model(
    "turnover of collagen",
    states={"pool": State("collagen", "% of the start", initial=100)},
    parameters={name: ledger.parameters("therapy")[name] for name in CEILING},
    equations={"pool": "turnover / 100 * (100 * (1 - deposition_cut) - pool)"},
    outputs={"fall": Output("100 - pool", "fall of collagen", "% of the start")},
)

YEARS = 35  # of the cause before day 0: near the median of the cohort of hepatitis C with cirrhosis
# How such livers differ from the model's defaults: near the medians of that cohort, and of those of
# it whose myofibroblasts are still active twenty years after the stop.
TYPICAL = {"speed": 1.7, "chi": 0.036, "X_s": 70.0}
LOCKED = {"speed": 0.5, "chi": 0.018, "X_s": 54.0}
SCENARIOS = {"ongoing": (TYPICAL, True), "stopped": (TYPICAL, False), "locked": (LOCKED, False)}
"""Day 0 of each scenario: the liver, and whether the cause goes on."""
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
    "phi": "phi_start",
    "C": "C_start",
    "X": "X_start",
    "P_s": "P_start",
    "A": "albumin_start",
}
WEAK = 0.0007  # injury per day: this model forms no scar of it, and of a little more it does
FOREVER = 60  # years; the longest injury that the ledger offers


@given.takes(scenario=given.word(SCENARIOS))
@cache
def at_first_infusion(scenario: str) -> dict[str, float]:
    """Values of parameters that make day 0 of a scenario (ongoing, stopped, locked): the liver,
    its scar, and its further injury."""
    own, goes_on = SCENARIOS[scenario]
    before = {"injury_years": FOREVER, "infusions": 0, "phi_start": tide.values()["phi_0"]}
    end = therapy.simulate(at=[YEARS * DAYS_PER_YEAR], unchecked=own | before).iloc[-1]
    liver = {parameter: float(end[state]) for state, parameter in STARTS.items()}
    return own | liver | {"injury_years": FOREVER if goes_on else 0}


register(__name__, therapy=(therapy, collagen_turnover))


# -- experiments named in data/targets.csv ---------------------------------------------------------


def _levers(value: str, what: str) -> str:
    """The rule for levers by their numbers, in one text."""
    for each in given.a_text(value, what).split():
        given.one_of(each, what, [name.removeprefix("on_") for name in LEVERS])
    return value


@given.takes(
    read=given.readout(therapy),
    scenario=given.word(SCENARIOS),
    day=given.from_0,
    schedule=given.word(SCHEDULES),
    mechanisms=_levers,
)
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
    "5" or "1 1b 5".
    """
    on = mechanisms.split()
    switched = {name: float(name.removeprefix("on_") in on) for name in LEVERS}
    values = at_first_infusion(scenario) | switched | SCHEDULES[schedule] | changed
    return float(therapy.simulate(day, at=[day], unchecked=values)[read].iloc[0])


def difference(
    read: str, scenario: str, day: float, schedule: str, mechanisms: str = "5", **changed: float
) -> float:
    """The read-out of `outcome` minus that of the same liver without cells."""
    return outcome(read, scenario, day, schedule, mechanisms, **changed) - outcome(
        read, scenario, day
    )


@given.takes(
    removal=given.from_0,
    tau=given.above_0,
    scenario=given.word(SCENARIOS),
    schedule=given.word(SCHEDULES),
)
def clears(removal: float, tau: float, scenario: str = "locked", schedule: str = "one") -> bool:
    """Whether no myofibroblasts are active ten years after infusions of lever 5, each of which
    starts at `removal` per day."""
    end = outcome("F", scenario, 10 * DAYS_PER_YEAR, schedule, a_5=removal, tau=tau)
    return end < SCARRED_CELLS


@given.takes(
    tau=given.above_0, schedule=given.word(SCHEDULES), within=partial(given.number, low=1e-9)
)
def removal_needed(tau: float, schedule: str = "one", within: float = 1e-3) -> float:
    """Least extra removal (per day, at the start) with which infusions that persist `tau` days each
    make the myofibroblasts of the locked liver let go, to the share `within`."""
    low, high = math.log(0.5 / tau), math.log(100 / tau)
    if not clears(math.exp(high), tau, schedule=schedule):
        return math.inf
    while high - low > within:
        middle = (low + high) / 2
        found = clears(math.exp(middle), tau, schedule=schedule)
        low, high = (low, middle) if found else (middle, high)
    return math.exp(high)


@given.takes(tau=given.above_0)
def e_folds_needed(tau: float) -> float:
    """Extra removal that one infusion must add up to, amplitude times persistence, to make the
    locked liver let go."""
    return tau * removal_needed(tau)


@given.takes(rate=given.above_0)
def course_needed(rate: float) -> float:
    """Shortest course (days) of a constant extra removal (per day) that makes the locked liver let
    go: what decides in this model is amplitude times duration, not that an effect is short."""

    def stays(days: float) -> bool:
        course = {"treatment_start": 0, "treatment_days": days, "treatment_rate": rate}
        return outcome("F", "locked", 3650, **course) > SCARRED_CELLS

    low, high = 0.0, 200 / rate
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if stays(middle) else (low, middle)
    return high


@given.takes(d=given.from_0)
def least_that_lights(d: float) -> float:
    """Infused cells (per mL) that must become myofibroblasts to light a liver without a scar, under
    an injury that forms none by itself; inf if the most that can arrive are too few."""

    def lit(cells: float) -> bool:
        own = TYPICAL | {"d": d, "injury_years": FOREVER, "infusions": 1, "harm_F": cells}
        return therapy.simulate(at=[2 * DAYS_PER_YEAR], unchecked=own)["F"].iloc[0] > SCARRED_CELLS

    most = therapy.parameters["harm_F"].high
    return turning_point(lit, 1, most) if lit(most) else math.inf


@given.takes(turnover=given.above_0, days=given.above_0)
def largest_fall(turnover: float, days: float = 180) -> float:
    """Fall of collagen (%) in `days` if nothing more is laid down, at a turnover in % per day."""
    return float(
        collagen_turnover.simulate(days, at=[days], turnover=turnover, deposition_cut=1)[
            "fall"
        ].iloc[0]
    )


@given.takes(fall=given.from_0, turnover=given.above_0, days=given.above_0)
def cut_needed(fall: float, turnover: float, days: float = 180) -> float:
    """Cut of deposition (%) that makes collagen fall by `fall` % in `days`;
    above 100 no cut is enough."""
    return 100 * fall / largest_fall(turnover, days)
