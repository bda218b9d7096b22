"""What blood tests see of a sudden loss: days instead of months, and no reserve on the first day.

A poison takes a part of the hepatocytes overnight and stuns the rest. The stunning passes within
days, what is left learns to do more within weeks, and the lost cells grow back. Four clotting
factors and albumin follow what is made, each at the pace of its own half-life; conjugated bilirubin
fills a pool because the export into the bile is the first to fail. Far from day 0 the factors stand
on the curve of a chronic disease (`hepatica.models.blood_tests`). Turnovers come from published
half-lives, the regrowth from the scar model; the rest is a teaching simplification. Clotting
factors that are used up, and the dying themselves, are left out.

Cast
----
symbol    meaning                                                     unit
gone      hepatocytes lost                                            share of healthy
stunned   part of the remaining cells' work that fails                share
unfolded  part of the reserve that has unfolded                       share
f2        factor II                                                   % of healthy
f5        factor V                                                    % of healthy
f7        factor VII                                                  % of healthy
f10       factor X                                                    % of healthy
Alb       albumin                                                     g/L
B         conjugated bilirubin                                        mg/dL
H         hepatocyte mass                                             share of healthy
raw       work of the cells that are there, without reserve           share of healthy
s         synthesis of albumin, once adapted                          share of healthy
f         synthesis of clotting factors, once adapted                 share of healthy
share     synthesis now: of factors, and of albumin in the reserve    share of healthy
share_A   synthesis of albumin now                                    share of healthy
CL_b      clearance into the bile of a healthy liver                  L/day

Parameters, with unit, range and source: data/parameters.csv, rows `reserve`, `blood_tests`, and
the regrowth of `tide`.
"""

from __future__ import annotations

from hepatica import ledger
from hepatica.model import Model, Output, State, given
from hepatica.model.registry import register
from hepatica.models.blood_tests import (
    CURVE,
    CURVE_FACTORS,
    EXPORT,
    FACTORS,
    ROWS,
    inr_formula,
)
from hepatica.models.reserve import reserve

REGROWTH = {name: ledger.parameters("tide")[name] for name in ("rho", "n_H")}
FOR_FACTORS = ("s_half_f", "k_II", "k_V", "k_VII", "k_X", "inr_power")
FOR_BILIRUBIN = (
    "bilirubin_production",
    "bilirubin_clearance",
    "body_mass",
    "B_c0",
    "CL_k",
    "m_x",
    "cholestasis",
    "V_B",
)
OWN = ("lost", "stun", "tau_stun", "tau_adapt", "s_half", "albumin_normal", "k_A")
WEIGHTS = tuple(f"e_{roman}" for roman in FACTORS.values())

# what the cells that are there make: nothing extra on day 0, the chronic curve in the end
RAW = "H * (1 - stunned)"
MADE = "raw + unfolded * ({} * (1 - stunned) - raw)"

acute_loss = Model(
    "blood tests after a sudden loss",
    parameters={name: ROWS[name] for name in (*OWN, *FOR_FACTORS, *WEIGHTS, *FOR_BILIRUBIN)}
    | REGROWTH,
    states={
        "gone": State("hepatocytes lost", "share of healthy", initial="lost"),
        "stunned": State("part of the remaining cells' work that fails", "share", initial="stun"),
        "unfolded": State("part of the reserve that has unfolded", "share"),
        **{
            name: State(f"factor {roman}", "% of healthy", initial=100)
            for name, roman in FACTORS.items()
        },
        "Alb": State("albumin", "g/L", initial="albumin_normal"),
        "B": State("conjugated bilirubin", "mg/dL", initial="B_c0"),
    },
    definitions={
        "H": "1 - gone",
        "raw": RAW,
        "s": CURVE,
        "f": CURVE_FACTORS,
        "share": MADE.format("f"),
        "share_A": MADE.format("s"),
        "CL_b": EXPORT,
    },
    equations={
        "gone": "-rho * (1 - gone) * Max(gone, 0)**n_H",
        "stunned": "-stunned / tau_stun",
        "unfolded": "(1 - unfolded) / tau_adapt",
        **{name: f"k_{roman} * (100 * share - {name})" for name, roman in FACTORS.items()},
        "Alb": "k_A * (albumin_normal * share_A - Alb)",
        "B": (
            "(bilirubin_production * body_mass / 10"
            " - (CL_b * raw**m_x * (1 - cholestasis) + CL_k) * B) / V_B"
        ),
    },
    outputs={
        "mass": Output("100 * H", "hepatocyte mass", "% of healthy"),
        "made": Output("100 * share", "clotting factors made", "% of healthy"),
        "albumin_share": Output("100 * Alb / albumin_normal", "albumin", "% of healthy"),
        "INR": Output(inr_formula(**{name: f"{name} / 100" for name in FACTORS}), "INR", "ratio"),
        "bilirubin": Output(f"B + {reserve.formula('bilirubin')}", "bilirubin, total", "mg/dL"),
    },
)

reserve_in_days = Model(
    "functional reserve in days and in months",
    parameters={
        name: ROWS[name] for name in ("s_half", "H", "stun", "tau_stun", "tau_adapt", "days")
    },
    definitions={
        "stunned": "stun * exp(-days / tau_stun)",
        "unfolded": "1 - exp(-days / tau_adapt)",
        "raw": RAW,
        "s": CURVE,
        "share": MADE.format("s"),
    },
    outputs={
        "mass": Output("100 * H", "hepatocyte mass left", "% of healthy"),
        "months": Output("100 * s", "synthesis after months", "% of healthy"),
        "now": Output("100 * share", "synthesis so many days after the loss", "% of healthy"),
    },
)
"""What hepatocytes make at a mass H: once they have adapted, and so many days after a sudden loss,
before any cell has come back."""

register(__name__, acute=(acute_loss, reserve_in_days))


# -- experiments named in data/targets.csv ---------------------------------------------------------


def work_after(H: float, days: float) -> float:
    """Synthesis (% of healthy) `days` after a sudden loss has left the share `H`, before any cell
    has come back."""
    return reserve_in_days.evaluate(H=H, days=days)["now"]


def work_after_months(H: float) -> float:
    """Synthesis (% of healthy) of a liver that came down to the share `H` over months."""
    return reserve_in_days.evaluate(H=H)["months"]


@given.takes(read=given.readout(acute_loss), value=given.number, horizon=given.above_0)
def days_until(read: str, value: float, lost: float, horizon: float = 200) -> float:
    """First day on which a falling state or output reaches `value`;
    infinity if not within `horizon` days."""
    run = acute_loss.simulate(horizon, points=20001, lost=lost)[read]
    below = run[run <= value]
    return float(below.index[0]) if len(below) else float("inf")


@given.takes(read=given.readout(acute_loss), horizon=given.above_0)
def lowest_after_loss(read: str, lost: float, horizon: float = 60, **changed: float) -> float:
    """Lowest value of a state or output within `horizon` days of a loss (share)."""
    return float(_course(read, lost, horizon, **changed).min())


@given.takes(read=given.readout(acute_loss), horizon=given.above_0)
def highest_after_loss(read: str, lost: float, horizon: float = 60, **changed: float) -> float:
    """Highest value of a state or output within `horizon` days of a loss (share)."""
    return float(_course(read, lost, horizon, **changed).max())


def _course(read: str, lost: float, horizon: float, **changed: float):
    return acute_loss.simulate(horizon, points=1201, lost=lost, **changed)[read]
