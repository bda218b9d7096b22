"""TIDE-6, the scar model: the circuit of Adler et al. inside a liver that scars slowly and can turn
back.

A tap, two tanks, a drain and a fire that spreads. An injury kills hepatocytes (H); their death
recruits macrophages (M), which with the myofibroblasts (F) make TGF-β, the tap of young collagen
(C). Part of that is cross-linked (X), stiffens the tissue and keeps the myofibroblasts awake. One
drain empties both tanks, the old one through a smaller hole (chi). The fire spreads from lobule to
lobule (phi): H, F and M are densities where the lobules take part, C and X belong to the organ.
The circuit is published; all that couples it to the liver is a teaching simplification, calibrated
by hand to the targets in data/targets.csv, some of which it misses.

`tide` has named places where a therapy can act; `tide_therapy` fills them, for a time.

Cast
----
symbol   meaning                                                            unit
H        hepatocyte mass                                                    share of healthy
phi      share of the lobules that take part                                share
C        young collagen                                                     % of area
X        cross-linked collagen                                              % of area
D        injury, as it is dated                                             1/day
late     whether the first injury is over                                   yes/no
away     resident macrophages taken away                                    share
harm     injury that acts, with what remains of the cause                   1/day
J        hepatocytes that die of the injury                                 1/day
H_room   room that the scar and the surgeon leave to hepatocytes            share of healthy
r        restorative switch of macrophages; falls while cells die           share
x        cross-linked collagen where the lobules take part                  % of area
stiff    stiffness signal                                                   share
tgf      TGF-β, the tap                                                     share
timp     TIMP, which plugs the drain                                        ratio
mu       exit of myofibroblasts: death and inactivation                     1/day
M_all    macrophages, recruited and resident                                cells/mL
delta    drain: share of the young collagen broken down                     1/day
link     cross-linking                                                      1/day
CPA      collagen proportionate area, what a pathologist measures           % of area
treated  whether the therapy is on                                          yes/no
as in hepatica.models.scar_circuit

Parameters, with unit, range and source: data/parameters.csv, rows `tide` and `tide_therapy`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import sympy

from hepatica import ledger
from hepatica.model import DAYS_PER_YEAR, Model, Output, Pulse, State, given, join
from hepatica.model.registry import register
from hepatica.models.portal import treated_portal
from hepatica.models.scar_circuit import BALANCE, CELLS, HOT_CELLS, turning_point

FOREVER = 1e6  # days
LEVERS = {
    "cause": "cause_cut",
    "calm": "calm",
    "calm_switch": "calm_switch",
    "tgf": "anti_tgf",
    "timp": "anti_timp",
    "crosslink": "anti_lox",
    "removal": "removal",
    "fibrolysis": "digest",
}
"""Each place where a therapy can act, and the parameter that says how strongly."""

STATES = {
    "H": State("hepatocyte mass", "share of healthy", initial="H_0", logarithmic=True),
    **CELLS,
    "phi": State("share of the lobules that take part", "share", initial="phi_0"),
    "C": State("young collagen", "% of area"),
    "X": State("cross-linked collagen", "% of area"),
}
PLACES = dict.fromkeys((*LEVERS, "regrowth"), "") | {
    "depletion": " - R * M**2 / (1 + M)",
    "residents": " * (1 - away)",
    "extra_exit": " - E",
}
DEFINITIONS = {
    **BALANCE,
    "harm": "{cause}Max(D, remains * d * late)",
    "J": "harm * H",
    "r": "J_in / (J_in + J){calm_switch}",
    "H_room": "Max(H_min, 1 - (C + X) / V_s) * (1 - loss_bed * removed)",
    "x": "X / phi",
    "stiff": "x**4 / (x**4 + X_s**4)",
    "tgf": "{tgf}((1 - r) * M / (M + K_M) + tau_F * stiff * F / (F + K_F))",
    "timp": "F / K",
    "mu": "mu_1 + kappa * r * (1 - lock * stiff){removal}",
    "M_all": "M + M_res{residents}",
    "delta": (
        "{fibrolysis}(delta_0 + delta_M * r * M_all / (M_all + K_M)) / (1 + {timp}iota * timp)"
    ),
    "link": "{crosslink}k_x",
}
EQUATIONS = {
    "H": "{regrowth}rho * H * (Max(1 - H / H_room, 0)**n_H - Max(H / H_room - 1, 0)**n_H) - J",
    "F": "F * (lambda_1 * P / (k_1 + P) * (1 - F / K) - mu{extra_exit}) + s_F",
    "M": "M * (lambda_2 * C_s / (k_2 + C_s) - mu_2){depletion} + {calm}A_0 * J / J_ref + s_M",
    "phi": "spread * speed * tgf * (phi_s + phi) * (1 - phi) - omega * (1 - F / (F + K_F)) * phi",
    "C": "phi * k_c * tgf * F / K - delta * C - link * C",
    "X": "link * C - chi * delta * X",
}
INPUTS = {
    "D": [Pulse(0, "injury_years", "d", repeats="flares", period="flare_every")],
    "late": [Pulse("injury_years", FOREVER, 1)],
    "R": [Pulse("removal_day", "removal_days", "removal_rate")],  # recruited macrophages
    "away": [Pulse("removal_day", "removal_days", 1)],  # resident macrophages, gone at once
    "E": [Pulse("treatment_start", "treatment_days", "treatment_rate")],
}
AREA = "CPA_0 + C + X"


def _resistance() -> str:
    """The portal circuit's resistance of the liver, in the collagen of this model."""
    symbols = {name: sympy.Symbol(name, positive=True) for name in ("CPA", "CPA_0", "C", "X")}
    area = sympy.sympify(AREA, locals=symbols)
    return str(treated_portal.definitions["R_L"].subs(symbols["CPA"], area))


OUTPUTS = {
    "CPA": Output(AREA, "collagen proportionate area", "% of area"),
    "R_L": Output(_resistance(), "resistance of the way through the liver", "mmHg·min/L"),
    "deposition": Output("phi * k_c * tgf * F / K", "collagen laid down", "% of area/day"),
    "degradation": Output("delta * (C + chi * X)", "collagen removed", "% of area/day"),
    # what an assay sees that dissolves the healthy and the young collagen only, and one of all
    "turnover_young": Output(
        "100 * (basal * CPA_0 + phi * k_c * tgf * F / K) / (CPA_0 + C)",
        "collagen made per day, of the healthy and young",
        "% per day",
    ),
    "turnover_all": Output(
        "100 * (basal * CPA_0 + phi * k_c * tgf * F / K) / (CPA_0 + C + X)",
        "collagen made per day, of all",
        "% per day",
    ),
}
RESISTANCE = {name: treated_portal.parameters[name] for name in ("R_healthy", "R_scar")}


def _scar_model(name: str, extra: Mapping = {}, on: Mapping = {}, filled: Mapping = {}) -> Model:
    """The six equations with more parameters and inputs, and what stands at the named places."""
    return Model(
        name,
        states=STATES,
        parameters=join(ledger.parameters("tide"), RESISTANCE, extra),
        levers=PLACES | filled,
        definitions=DEFINITIONS,
        equations=EQUATIONS,
        inputs=INPUTS | on,
        outputs=OUTPUTS,
    )


def _less(lever: str) -> str:
    return f"(1 - treated * {LEVERS[lever]}) * "


tide = _scar_model("TIDE-6")
tide_therapy = _scar_model(
    "TIDE-6 with levers",
    {
        name: row
        for name, row in ledger.parameters("tide_therapy").items()
        if name in (*LEVERS.values(), "therapy_year", "therapy_years")
    },
    {"treated": [Pulse("therapy_year", "therapy_years", 1)]},
    {place: _less(place) for place in ("cause", "calm", "tgf", "timp", "crosslink")}
    | {
        # J / (J_in + J) is what the switch lacks to 1
        "calm_switch": " + treated * calm_switch * J / (J_in + J)",
        "removal": " + treated * removal",
        "fibrolysis": "(1 + treated * digest) * ",
    },
).starting(**dict.fromkeys(LEVERS.values(), 0))
"""No lever is on until its parameter is given; the ledger holds how strongly each would act."""

register(__name__, tide=tide, tide_therapy=tide_therapy)


# -- experiments named in data/targets.csv ---------------------------------------------------------


@given.takes(quantity=given.readout(tide), years=given.from_0, injury_years=given.from_0)
def scar(quantity: str, years: float, injury_years: float = 60, **changed: float) -> float:
    """Value of a state or read-out of TIDE-6 after some years, with any parameters changed."""
    days, values = years * DAYS_PER_YEAR, {"injury_years": injury_years, **changed}
    return float(tide.simulate(at=[days], unchecked=values)[quantity].iloc[0])


@given.takes(days=given.from_0, left=given.some)
def volume_after_resection(days: float, left: float = 0.42) -> float:
    """Liver volume (% of the original) `days` after a surgeon has left the share `left`."""
    surgery = {"H_0": left, "removed": 1 - left, "injury_years": 0}
    return 100 * scar("H", days / DAYS_PER_YEAR, **surgery)


@given.takes(days=given.above_0)
def largest_harmless(days: float = 40 * DAYS_PER_YEAR) -> float:
    """Injury (per day) below which TIDE-6 forms no scar however long it lasts."""
    years = days / DAYS_PER_YEAR
    return turning_point(lambda d: scar("F", years, d=d) > HOT_CELLS, 1e-4, 2e-3)


@given.takes(quantity=given.readout(tide), d=given.from_0, hit_days=given.from_0)
def acute_hit(quantity: str = "CPA", d: float = 0.2, hit_days: float = 2) -> float:
    """A read-out of TIDE-6 a year after one short hit."""
    return scar(quantity, 1, hit_days / DAYS_PER_YEAR, d=d)


@given.takes(area=given.per_cent, limit=given.above_0)
def year_of(area: float, limit: float = 60, **changed: float) -> float:
    """Year in which the collagen area of TIDE-6 reaches `area` per cent, to a hundredth;
    inf beyond `limit`."""
    run = tide.simulate(
        limit * DAYS_PER_YEAR,
        points=int(100 * limit) + 1,
        unchecked={"injury_years": limit, **changed},
    )["CPA"]
    reached = run.index[run >= area]
    return float(reached[0] / DAYS_PER_YEAR) if len(reached) else np.inf


@given.takes(area=given.per_cent, pool=given.word(("young", "all")))
def turnover_at(area: float, pool: str = "young", **changed: float) -> float:
    """Collagen made per day (% of the `pool`, young or all) when the area is `area` per cent."""
    year = year_of(area, **changed) if area > 2 else 0.5
    if year == np.inf:
        raise given.GivenError(f"area={area:g} is never reached with these values. Write less.")
    return scar(f"turnover_{pool}", year, **changed)


MOUSE = {"speed": 400, "d": 0.01}  # a small animal scars in weeks; the speed is chosen, not fitted
RAT = {"speed": 400, "d": 0.02}
RAT_DAYS = 15 * 7
LEAST_LOX = 0.1  # share of cross-linking that an antibody leaves


@given.takes(read=given.word(("stop", "later")), when=given.word(("", "injury", "recovery")))
def depleted(read: str, when: str = "") -> float:
    """Collagen area (%) of a mouse at the "stop" of 180 days of injury or 180 days "later".

    Macrophages are absent in the last 60 days of injury ("injury"), in recovery ("recovery") or
    never.
    """
    start, days = {"": (0, 0), "injury": (120, 60), "recovery": (180, 180)}[when]
    gone = {"removal_day": start, "removal_days": days, "removal_rate": 100} if when else {}
    day = 180 if read == "stop" else 360
    return scar("CPA", day / DAYS_PER_YEAR, 180 / DAYS_PER_YEAR, **MOUSE, **gone)


@given.takes(read=given.word(("fall", "area")), recovery_days=given.above_0)
def rat(read: str = "fall", recovery_days: float = 56) -> float:
    """Collagen area (%) of a rat after 15 weeks of injury ("area"), or the change of its excess
    (per cent) in the `recovery_days` that follow."""
    values = {"injury_years": RAT_DAYS / DAYS_PER_YEAR, **RAT}
    run = tide.simulate(at=[RAT_DAYS, RAT_DAYS + recovery_days], unchecked=values)["CPA"]
    before, after = run.to_numpy() - tide.values()["CPA_0"]
    return float(before + tide.values()["CPA_0"] if read == "area" else 100 * (after / before - 1))


@given.takes(days=given.above_0)
def anti_lox_in_mice(days: float = RAT_DAYS) -> float:
    """Change of collagen area (per cent) when nine tenths of cross-linking are blocked all through
    an injury."""
    years, k_x = days / DAYS_PER_YEAR, tide.values()["k_x"]
    without, treated = (scar("CPA", years, **RAT, k_x=k) for k in (k_x, k_x * LEAST_LOX))
    return 100 * (treated / without - 1)
