"""What blood tests see of hepatocyte mass: the reserve curve of this course (a teaching
simplification).

The curve holds for a liver that had months to adapt. It is chosen so that the cirrhosis factors of
a published function model land near the albumin bands of Child–Pugh (see data/parameters.csv); the
fluxes of albumin and bilirubin are published. What the same cells make within days of a sudden loss
is another curve: `reserve_in_days` in `hepatica.models.acute`.
"""

from __future__ import annotations

import numpy as np

from hepatica import ledger
from hepatica.model import Model, Output, given
from hepatica.model.registry import register

reserve = Model(
    "functional reserve",
    parameters=ledger.parameters("reserve"),
    levers={"clearance": "bilirubin_clearance"},  # a model that keeps minutes writes it per day
    definitions={"s": "(1 + s_half) * H / (H + s_half)"},
    outputs={
        "mass": Output("100 * H", "hepatocyte mass left", "% of healthy"),
        "synthesis": Output("100 * s", "synthesis", "% of healthy"),
        "albumin": Output("albumin_normal * s", "albumin", "g/L"),
        "bilirubin": Output(
            "100 * bilirubin_production * body_mass / ({clearance} * s)",
            "unconjugated bilirubin",
            "mg/dL",
        ),
    },
)

register(__name__, reserve=reserve)


# -- experiments named in data/targets.csv ---------------------------------------------------------


def steady_albumin(H: float) -> float:
    """Albumin (g/L) in balance at hepatocyte mass `H` (share of healthy)."""
    return reserve.evaluate(H=H)["albumin"]


def steady_bilirubin(H: float = 1.0, **changed: float) -> float:
    """Unconjugated bilirubin (mg/dL) in balance."""
    return reserve.evaluate(H=H, **changed)["bilirubin"]


def mass_for_albumin(albumin: float) -> float:
    """Hepatocyte mass (share of healthy) at which albumin in balance is `albumin` g/L."""
    values = reserve.values()
    most = steady_albumin(reserve.parameters["H"].high)
    share = given.number(albumin, "albumin", 0, most) / values["albumin_normal"]
    return share * values["s_half"] / (1 + values["s_half"] - share)


@given.takes(days=given.from_0)
def albumin_after_stop(days: float) -> float:
    """Albumin (g/L) `days` after all synthesis has stopped."""
    values = reserve.values()
    return float(values["albumin_normal"] * np.exp(-values["k_A"] * days))


@given.takes(hours=given.from_0, half_life_hours=given.above_0)
def left_after(hours: float, half_life_hours: float) -> float:
    """Percent of a clotting factor left `hours` after its synthesis has stopped."""
    return 100 * 0.5 ** (hours / half_life_hours)
