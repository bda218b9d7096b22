"""Pressure and flow in the portal vein: inflow through a scarred liver, past it, and through a
stent.

`portal` is the circuit of Mazumder et al. 2023: a fixed inflow leaves through three parallel
resistors, the liver, a shunt that widens with the gradient, and an optional stent (TIPS).
`treated_portal` puts a scarred liver into it and tells a shunt that has not yet answered to a
treatment from one that has; the link to scar is a teaching simplification.
`portal_path` follows the pressure from gut to heart, with a block before, in or after the
sinusoids, and reads what a catheter in a hepatic vein would. Three resistors in a row are a
teaching simplification: scar is put into the sinusoids, a block after them beyond the place of the
free reading; one in the smallest veins of the liver belongs to the sinusoids here.

Cast
----
symbol    meaning                                                                  unit
PSG       portosystemic gradient                                                   mmHg
P_s       gradient that the shunt has grown to                                     mmHg
a         Poiseuille's factor: resistance of the shunt times radius to the fourth  mmHg·min·mm⁴/L
r_0       radius of the shunt before it has widened                                mm
r         radius of the shunt                                                      mm
R_s       resistance of the shunt                                                  mmHg·min/L
R_L       resistance of the way through the liver                                   mmHg·min/L
R         resistance of the liver under treatment                                  mmHg·min/L
Q_in      inflow under treatment                                                   L/min
P_before  gradient without treatment                                               mmHg
P_now     gradient under treatment                                                 mmHg
R_pre     resistance before the sinusoids                                          mmHg·min/L
R_sin     resistance of the sinusoids                                              mmHg·min/L
R_post    resistance after the sinusoids                                           mmHg·min/L
q         flow through the liver                                                   L/min
P_free    free pressure in the hepatic vein                                        mmHg
P_wedged  wedged pressure                                                          mmHg
P_portal  pressure in the portal vein                                              mmHg

Parameters, with unit, range and source: data/parameters.csv, rows `portal`.
"""

from __future__ import annotations

from functools import partial

from scipy.optimize import brentq

from hepatica import ledger
from hepatica.model import Model, Output, Unknown, given, join, leaving_out
from hepatica.model.registry import register

ROWS = ledger.parameters("portal")
# what only `treated_portal` needs
LINK = ("R_healthy", "R_scar", "CPA", "tone", "epsilon", "cut", "settled")
TREATMENT = ("R_T", "tips", "tone", "epsilon", "cut", "settled")
# what only `portal_path` needs
PLACE = ("block", "site", "place")
BEFORE, WITHIN, AFTER = 0, 1, 2  # values of `site`

# 1 mmHg min/L is 7.99932e6 Pa s/m3 (133.322 Pa, 60 s, 0.001 m3); with radii in mm Poiseuille's law
# needs 1e12 / that. A radius in mm and a length in m make a volume in mL.
SHUNT = {
    "a": "125010.626 * 8 * eta * L / pi",
    "r_0": "sqrt(sqrt(a / R_s0))",
    "r": "sqrt(r_0**2 + c * Max({gradient} - P_0, 0) / (pi * L))",
    "R_s": "a / r**4",
}


def _flows(gradient: str, resistance: str, inflow: str) -> dict[str, Output]:
    """Read-outs of a circuit with the given names of gradient, liver resistance and inflow."""
    bypass = f"{gradient} * (collaterals / R_s + tips / R_T)"
    return {
        "flow_liver": Output(
            f"{gradient} / {resistance}", "portal flow through the liver", "L/min"
        ),
        "flow_shunt": Output(f"collaterals * {gradient} / R_s", "flow through the shunt", "L/min"),
        "flow_tips": Output(f"tips * {gradient} / R_T", "flow through the stent", "L/min"),
        "shunt_share": Output(
            f"100 * collaterals * {gradient} / (R_s * {inflow})", "inflow that takes the shunt", "%"
        ),
        "bypass": Output(f"100 * {bypass} / {inflow}", "inflow that passes the liver by", "%"),
        "P_portal": Output(f"{gradient} + P_ra", "portal pressure", "mmHg"),
    }


portal = Model(
    "portal circuit",
    parameters=leaving_out(ROWS, *LINK, *PLACE),
    levers={"gradient": "PSG"},  # what the shunt answers to
    unknown={"PSG": Unknown("portosystemic gradient", "mmHg", low="0", high="2 * Q * R_L")},
    balance="Q = PSG / R_L + collaterals * PSG / R_s + tips * PSG / R_T",
    definitions=SHUNT,
    outputs=_flows("PSG", "R_L", "Q"),
)

HEALTHY = {"CPA_0": ledger.parameters("tide")["CPA_0"]}

treated_portal = Model(
    "portal circuit of a scarred liver",
    parameters=join(HEALTHY, leaving_out(ROWS, "R_L", *PLACE)),
    levers={"gradient": "P_s"},
    unknown={
        "P_s": Unknown("gradient that the shunt has grown to", "mmHg", low="0", high="2 * Q * R_L")
    },
    balance="P_s = settled * P_now + (1 - settled) * P_before",
    definitions={
        "R_L": "R_healthy + R_scar * (CPA - CPA_0)",
        **SHUNT,
        "R": "R_L * (1 - tone * epsilon)",
        "Q_in": "Q * (1 - cut)",
        "P_before": "Q / (1 / R_L + collaterals / R_s)",
        "P_now": "Q_in / (1 / R + collaterals / R_s + tips / R_T)",
    },
    outputs={
        "PSG": Output("P_now", "portosystemic gradient", "mmHg"),
        **_flows("P_now", "R", "Q_in"),
    },
)

# Along the path: 0 gut, 1 portal vein, 2 sinusoids, 3 hepatic vein, 4 right heart.
_PASSED = "Min(Max(place - {}, 0), 1)"  # how much of the stretch behind such a place
_IN_A_ROW = {1: "R_pre", 2: "R_sin", 3: "R_post"}
_ALONG = " - ".join(
    ("P_portal", *(f"q * {R} * {_PASSED.format(at)}" for at, R in _IN_A_ROW.items()))
)

portal_path = Model(
    "portal circuit from gut to heart",
    parameters=join(HEALTHY, leaving_out(ROWS, "R_L", *TREATMENT)),
    levers={"gradient": "PSG"},
    unknown={"PSG": Unknown("portosystemic gradient", "mmHg", low="0", high="2 * Q * R_L")},
    balance="Q = PSG / R_L + collaterals * PSG / R_s",
    definitions={
        "R_pre": "block * Max(1 - site, 0)",
        "R_post": "block * Max(site - 1, 0)",
        "R_sin": "R_healthy + R_scar * (CPA - CPA_0) + block * Min(site, 2 - site)",
        "R_L": "R_pre + R_sin + R_post",
        **SHUNT,
        "q": "PSG / R_L",
        "P_free": "P_ra + q * R_post",
        "P_wedged": "P_free + q * R_sin",
        "P_portal": "PSG + P_ra",
    },
    outputs={
        "HVPG": Output("P_wedged - P_free", "hepatic venous pressure gradient (HVPG)", "mmHg"),
        "flow_shunt": Output("collaterals * PSG / R_s", "flow through the shunt", "L/min"),
        "shunt_share": Output(
            "100 * collaterals * PSG / (R_s * Q)", "inflow that takes the shunt", "%"
        ),
        "P_here": Output(_ALONG, "pressure along the path", "mmHg"),
        "P_seen": Output(
            f"P_wedged - q * R_sin * {_PASSED.format(2)}", "pressure as a catheter has it", "mmHg"
        ),
    },
)

# The two patients of the authors (c in mL/mmHg), and one who grows no collaterals at all.
PATIENTS = {"none": {"collaterals": 0.0}, "insensitive": {"c": 0.5}, "sensitive": {"c": 1.0}}

register(__name__, portal=(portal, treated_portal, portal_path))


# -- experiments named in data/targets.csv ---------------------------------------------------------

_CIRCUIT = treated_portal.parameters
SCARRED = partial(
    given.number,
    low=_CIRCUIT["R_healthy"].value,
    high=_CIRCUIT["R_healthy"].value
    + _CIRCUIT["R_scar"].value * (_CIRCUIT["CPA"].high - _CIRCUIT["CPA_0"].value),
)
"""The rule for a resistance that a scar can make, from none to the most that the ledger offers."""


@given.takes(read=given.readout(portal), shunt=given.word(PATIENTS))
def untreated(read: str, R_L: float, shunt: str = "sensitive", **changed: float) -> float:
    """A read-out of the circuit at liver resistance `R_L` (mmHg min/L);
    `shunt` is a key of `PATIENTS`."""
    return portal.evaluate(R_L=R_L, **PATIENTS[shunt], **changed)[read]


@given.takes(R_L=SCARRED)
def scar_of(R_L: float) -> float:
    """Collagen area (%) that gives the liver resistance `R_L` (mmHg min/L)."""
    values = treated_portal.values()
    return values["CPA_0"] + (R_L - values["R_healthy"]) / values["R_scar"]


@given.takes(read=given.readout(treated_portal), R_L=SCARRED, shunt=given.word(PATIENTS))
def treated(read: str, R_L: float, shunt: str = "sensitive", **treatment: float) -> float:
    """A read-out under treatment (`tips`, `cut`, `epsilon`, `settled`)
    at untreated resistance `R_L` (mmHg min/L)."""
    return treated_portal.evaluate(CPA=scar_of(R_L), **PATIENTS[shunt], **treatment)[read]


@given.takes(read=given.readout(treated_portal), R_L=SCARRED, shunt=given.word(PATIENTS))
def treatment_change(read: str, R_L: float, shunt: str = "sensitive", **treatment: float) -> float:
    """Change (%) of a read-out by a treatment, for instance cut=0.2,
    which takes a fifth off the inflow."""
    return 100 * (treated(read, R_L, shunt, **treatment) / treated(read, R_L, shunt) - 1)


@given.takes(R_L=SCARRED, shunt=given.word(PATIENTS))
def tips_fall(R_L: float, shunt: str = "sensitive") -> float:
    """Fall of the gradient (mmHg) as the stent opens, before the shunt answers."""
    return untreated("PSG", R_L, shunt) - treated("PSG", R_L, shunt, tips=1)


@given.takes(shunt=given.word(PATIENTS))
def gradient_of_scar(CPA: float, shunt: str = "sensitive") -> float:
    """Portosystemic gradient (mmHg) at a collagen area (%)."""
    return treated_portal.evaluate(CPA=CPA, **PATIENTS[shunt])["PSG"]


@given.takes(shunt=given.word(PATIENTS))
def scar_for_gradient(PSG: float, shunt: str = "sensitive") -> float:
    """Collagen area (%) at which the gradient reaches `PSG` mmHg."""
    row = treated_portal.parameters["CPA"]
    ends = (gradient_of_scar(CPA, shunt) for CPA in (row.low, row.high))
    PSG = given.number(PSG, "PSG", *ends)
    return float(brentq(lambda CPA: gradient_of_scar(CPA, shunt) - PSG, row.low, row.high))


def rest_radius() -> float:
    """Radius (mm) of the shunt before it has widened."""
    return portal.evaluate()["r_0"]


@given.takes(read=given.readout(portal_path), shunt=given.word(PATIENTS))
def blocked(
    read: str, block: float, site: int, shunt: str = "sensitive", **changed: float
) -> float:
    """A read-out with a `block` (mmHg min/L) before (0), in (1) or after (2) the sinusoids of a
    liver without scar, or with some parameters `changed`."""
    values = {"CPA": portal_path.values()["CPA_0"], **PATIENTS[shunt], **changed}
    return portal_path.evaluate(block=block, site=site, **values)[read]
