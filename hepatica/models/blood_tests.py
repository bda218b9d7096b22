"""What blood tests see: lost hepatocytes, each marker at its own pace, and blood that passes the
liver by.

`blood_balance` is the balance of albumin, bilirubin and ammonia at a hepatocyte mass H and a bypass
sigma; `blood_tests` runs albumin and two clotting factors in time after a loss. The reserve curve
is that of `hepatica.models.reserve`; fluxes and turnover are published or computed from published
ones, the rest is a teaching simplification (see data/parameters.csv).
"""

from __future__ import annotations

from hepatica import ledger
from hepatica.model import Model, Output, Pulse, State, join, leaving_out
from hepatica.model.registry import register
from hepatica.models.reserve import reserve

ROWS = join(reserve.parameters, ledger.parameters("blood_tests"))
LOSS = ("lost", "loss_days")  # what only a run in time needs
IN_TIME = ("s_max", "s_half", "albumin_normal", "k_A", "k_VII", "k_II", *LOSS)
CURVE = reserve.formula("s")

blood_balance = Model(
    "blood tests in balance",
    parameters=leaving_out(ROWS, *LOSS, "k_A", "k_VII", "k_II"),
    definitions={
        "s": CURVE,
        "E": "E_0 * s",  # first-pass extraction
        # part of the portal ammonia that gets past the liver
        "rho_r": "sigma + (1 - sigma) * (1 - E)",
        "N": "(renal + rho_r * G) / (Q_L * (1 - rho_r) + other)",  # mmol/L
    },
    outputs=join(
        reserve.outputs,
        {
            "ammonia": Output("1000 * N", "ammonia", "µmol/L"),
            "portal_ammonia": Output(
                "1000 * (N + G / Q_L)", "ammonia in the portal vein", "µmol/L"
            ),
        },
    ),
)

blood_tests = Model(
    "blood tests after a loss",
    parameters={name: ROWS[name] for name in IN_TIME},
    inputs={"loss": [Pulse(0, "loss_days", "lost")]},
    definitions={"H": "1 - loss", "s": CURVE},
    states={
        "A": State("albumin", "g/L", initial="albumin_normal"),
        "VII": State("factor VII", "% of healthy", initial=100),
        "II": State("factor II (prothrombin)", "% of healthy", initial=100),
    },
    equations={
        "A": "k_A * (albumin_normal * s - A)",
        "VII": "k_VII * (100 * s - VII)",
        "II": "k_II * (100 * s - II)",
    },
    outputs={
        "mass": Output("100 * H", "hepatocyte mass left", "% of healthy"),
        "albumin_share": Output("100 * A / albumin_normal", "albumin", "% of healthy"),
    },
)

register(__name__, blood_tests=(blood_balance, blood_tests))


# -- experiments named in data/targets.csv ---------------------------------------------------------


def steady_ammonia(H: float = 1.0, sigma: float = 0.0) -> float:
    """Ammonia (µmol/L) in balance at hepatocyte mass `H` (share of healthy)
    and bypass `sigma` (share of inflow)."""
    return blood_balance.evaluate(H=H, sigma=sigma)["ammonia"]


def portal_ammonia_ratio(**changed: float) -> float:
    """Ammonia in the portal vein over that in the body."""
    run = blood_balance.evaluate(**changed)
    return run["portal_ammonia"] / run["ammonia"]


def after_loss(read: str, days: float, **changed: float) -> float:
    """A state or output `days` after `lost` of the hepatocytes (share) are gone."""
    return float(blood_tests.simulate(days, at=[days], **changed)[read].iloc[0])


def days_until(read: str, value: float, lost: float, horizon: float = 200) -> float:
    """First day on which a falling state or output reaches `value`;
    infinity if not within `horizon` days."""
    run = blood_tests.simulate(horizon, points=20001, lost=lost)[read]
    below = run[run <= value]
    return float(below.index[0]) if len(below) else float("inf")
