"""Five consequences from two inputs: the portal circuit decides what passes the liver by, the rest
follows.

`dashboard` is `treated_portal` and `blood_balance` in one, joined at two places: the share of blood
that passes the liver by, and the inflow. Nothing is added to the equations or to the parameters of
the two.
"""

from __future__ import annotations

from dataclasses import replace

from hepatica.model import Model, Output, join, leaving_out
from hepatica.model.registry import register
from hepatica.models.blood_tests import blood_balance
from hepatica.models.portal import PATIENTS, treated_portal
from hepatica.models.reserve import reserve

JOINED = ("sigma", "Q_L")  # parameters of the blood tests that the portal circuit works out
MINUTES_PER_DAY = 1440


def _formulas(model: Model) -> dict[str, str]:
    """Definitions of a model as text."""
    return {name: model.formula(name) for name in model.definitions}


def _blood() -> dict[str, Output]:
    """Outputs of the blood tests; a balance keeps minutes as minutes,
    so the clearance is turned into mL/day here."""
    daily = reserve.formula("bilirubin", clearance=f"{MINUTES_PER_DAY} * bilirubin_clearance")
    return blood_balance.outputs | {
        "bilirubin": replace(blood_balance.outputs["bilirubin"], expression=daily)
    }


dashboard = Model(
    "five consequences",
    parameters=join(treated_portal.parameters, leaving_out(blood_balance.parameters, *JOINED)),
    unknown=treated_portal.unknown,
    balance=treated_portal.formula("P_s"),
    definitions=join(
        _formulas(treated_portal),
        {
            "sigma": "P_now * (collaterals / R_s + tips / R_T) / Q_in",
            "Q_L": (f"{MINUTES_PER_DAY} * Q_in"),
        },
        _formulas(blood_balance),
    ),
    outputs=join(treated_portal.outputs, _blood()),
)

register(__name__, dashboard=dashboard)


# -- experiments named in data/targets.csv ---------------------------------------------------------


def consequence(
    read: str, CPA: float, H: float = 1.0, shunt: str = "sensitive", **treatment: float
) -> float:
    """A read-out at a collagen area (%) and a hepatocyte mass (share of healthy),
    with or without treatment."""
    return dashboard.evaluate(CPA=CPA, H=H, **PATIENTS[shunt], **treatment)[read]
