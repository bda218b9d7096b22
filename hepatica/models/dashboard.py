"""Five consequences from two inputs: the portal circuit decides what passes the liver by, the rest
follows.

`dashboard` is `treated_portal` and `blood_balance` in one, joined at three places: the share of
blood that passes the liver by, the gradient and the inflow. Nothing is added to the equations or to the parameters of
the two. `TWO_PATIENTS` are two people whom one input alone has made ill.
"""

from __future__ import annotations

from scipy.optimize import brentq

from hepatica.model import Model, given, join, leaving_out
from hepatica.model.registry import register
from hepatica.models.blood_tests import blood_balance
from hepatica.models.portal import PATIENTS, treated_portal

# parameters of the blood tests that the portal circuit works out
JOINED = ("sigma", "Q_L", "PSG")
MINUTES_PER_DAY = 1440
FILLED = {
    "P_g": blood_balance.formula("P_g", gradient="P_now"),
    # a balance keeps minutes as minutes, so the clearance is turned into mL/day here
    "CL_u": blood_balance.formula("CL_u", clearance=f"{MINUTES_PER_DAY} * bilirubin_clearance"),
}


def _formulas(model: Model) -> dict[str, str]:
    """Definitions of a model as text."""
    return {name: model.formula(name) for name in model.definitions}


dashboard = Model(
    "five consequences",
    parameters=join(treated_portal.parameters, leaving_out(blood_balance.parameters, *JOINED)),
    unknown=treated_portal.unknown,
    balance=treated_portal.formula("P_s"),
    definitions=join(
        _formulas(treated_portal),
        {
            "sigma": "P_now * (collaterals / R_s + tips / R_T) / Q_in",
            "Q_L": f"{MINUTES_PER_DAY} * Q_in",
        },
        _formulas(blood_balance) | FILLED,
    ),
    outputs=join(treated_portal.outputs, blood_balance.outputs),
)

TWO_PATIENTS = {
    "pressure alone": {"CPA": 37.0, "H": 1.0},
    "cells alone": {"CPA": 9.0, "H": 0.2},
}
"""Scar (% of area) and hepatocyte mass (share of healthy) of two people, ill from one input each:
ascites without a low INR, and an INR above 2 without ascites."""

register(__name__, dashboard=dashboard)


# -- experiments named in data/targets.csv ---------------------------------------------------------


@given.takes(read=given.readout(dashboard), shunt=given.word(PATIENTS))
def consequence(
    read: str, CPA: float, H: float = 1.0, shunt: str = "sensitive", **treatment: float
) -> float:
    """A read-out at a collagen area (%) and a hepatocyte mass (share of healthy),
    with or without treatment."""
    return dashboard.evaluate(CPA=CPA, H=H, **PATIENTS[shunt], **treatment)[read]


@given.takes(read=given.readout(dashboard), name=given.word(TWO_PATIENTS))
def ill_from_one(read: str, name: str, **treatment: float) -> float:
    """A read-out of one of `TWO_PATIENTS`, with or without treatment."""
    return dashboard.evaluate(**TWO_PATIENTS[name], **treatment)[read]


@given.takes(shunt=given.word(PATIENTS))
def scar_for_ascites(shunt: str = "sensitive", H: float = 1.0) -> float:
    """Collagen area (%) from which ascites can form in the model."""
    row = dashboard.parameters["CPA"]

    def margin(CPA: float) -> float:
        return consequence("ascites_margin", CPA, H, shunt)

    return float(brentq(margin, row.low, row.high))


@given.takes(shunt=given.word(PATIENTS))
def gradient_for_ascites(shunt: str = "sensitive", H: float = 1.0) -> float:
    """Portosystemic gradient (mmHg) from which ascites can form in the model."""
    return consequence("PSG", scar_for_ascites(shunt, H), H, shunt)
