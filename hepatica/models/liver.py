"""LSM-5, the liver scar model of this course: the circuit of Adler et al. inside a living,
turning-over liver.

Hepatocytes H die of an injury d and regrow; their death recruits macrophages; myofibroblasts lay
collagen C, part of which is cross-linked (X) and then turns over slowly. The circuit is published;
everything that couples it to the liver is a teaching simplification of this course (see the status
of each parameter in data/parameters.csv).

Cast
----
symbol  meaning                                                   unit
H       hepatocyte mass                                           share of healthy
C       young collagen                                            % of area
X       cross-linked collagen                                     % of area
D       injury                                                    1/day
Q       resident macrophages taken away                           share
J       hepatocytes that die of the injury                        1/day
H_max   room that the scar leaves to hepatocytes                  share of healthy
r       restorative switch of macrophages; falls while cells die  share
g_in    how freely myofibroblasts are inactivated                 share
M_all   macrophages, recruited and resident                       cells/mL
delta   breakdown of young collagen                               1/day
CPA     collagen proportionate area, what a pathologist measures  % of area
as in hepatica.models.scar_circuit

Parameters, with unit, range and source: data/parameters.csv, rows `liver`.
"""

from __future__ import annotations

import numpy as np

from hepatica import ledger
from hepatica.model import DAYS_PER_YEAR, Model, Output, Pulse, State
from hepatica.model.registry import register
from hepatica.models.scar_circuit import BALANCE, CELLS, HOT_CELLS, loss_of, turning_point

SCARRED_CELLS = 1e5  # cells/mL of myofibroblasts: a working scar, well above a fading one

liver = Model(
    "LSM-5",
    states={
        "H": State("hepatocyte mass", "share of healthy", initial="H_0", logarithmic=True),
        **CELLS,
        "C": State("young collagen", "% of area"),
        "X": State("cross-linked collagen", "% of area"),
    },
    parameters=ledger.parameters("liver"),
    # Where a therapy can act: what stands at each {place} of the formulas as long as nothing does.
    levers={
        "injury": "D",
        "regrowth": "rho",
        "influx": "A_0",
        "extra_exit": "E",
        "depletion": " - R * M**2 / (1 + M)",
        "residents": " * (1 - Q)",
    },
    definitions={
        **BALANCE,
        "J": "{injury} * H",
        "H_max": "Max(H_min, 1 - (C + X) / V_s)",
        "r": "J_in / (J_in + J)",
        "g_in": "r / (1 + (X / X_s)**4)",
        "M_all": "M + M_res{residents}",
        "delta": "delta_0 + delta_M * r * M_all / (M_all + K_M)",
    },
    equations={
        "H": "{regrowth} * H * (1 - H / H_max) - J",
        "F": (
            "F * (lambda_1 * P / (k_1 + P) * (1 - F / K) - mu_1 - kappa * g_in - {extra_exit}) + "
            "s_F"
        ),
        "M": "M * (lambda_2 * C_s / (k_2 + C_s) - mu_2){depletion} + {influx} * J / J_ref + s_M",
        "C": "k_c * F / K - delta * C - k_x * C",
        "X": "k_x * C - delta_X * X",
    },
    inputs={
        "D": [Pulse(0, "injury_years", "d", repeats="flares", period="flare_every")],
        "R": [Pulse("removal_day", "removal_days", "removal_rate")],  # recruited macrophages
        "Q": [Pulse("removal_day", "removal_days", 1)],  # resident macrophages, gone at once
        # extra removal of myofibroblasts
        "E": [Pulse("treatment_start", "treatment_days", "treatment_rate")],
    },
    outputs={
        "CPA": Output("CPA_0 + C + X", "collagen proportionate area", "% of area"),
        "CPA_organ": Output(
            "CPA_0 + phi * (C + X)", "collagen proportionate area, whole organ", "% of area"
        ),
        "mass": Output("100 * H", "hepatocyte mass", "% of healthy"),
        "deposition": Output("k_c * F / K", "collagen laid down", "% of area/day"),
        "degradation": Output("delta * C + delta_X * X", "collagen removed", "% of area/day"),
    },
)

register(__name__, liver=liver)


# -- experiments named in data/targets.csv ---------------------------------------------------------


def state_after(quantity: str, days: float, **changed: float) -> float:
    """Value of a state or output `days` after the start, with any parameters changed."""
    return float(liver.simulate(days, at=[days], unchecked=changed)[quantity].iloc[0])


def after_stop(quantity: str, injured_days: float, days_later: float, **changed: float) -> float:
    """Value `days_later` after an injury that lasted `injured_days`."""
    scenario = changed | {"injury_years": injured_days / DAYS_PER_YEAR}
    return state_after(quantity, injured_days + days_later, **scenario)


def lowest(state: str, days: float = 400, **changed: float) -> float:
    """Smallest value of a state within `days`."""
    return float(liver.simulate(days, points=4001, unchecked=_in_years(changed))[state].min())


def highest(state: str, days: float = 400, **changed: float) -> float:
    """Largest value of a state within `days`."""
    return float(liver.simulate(days, points=4001, unchecked=_in_years(changed))[state].max())


def _in_years(changed: dict[str, float]) -> dict[str, float]:
    """The same changes with `injury_days` written as `injury_years`."""
    rest = {name: value for name, value in changed.items() if name != "injury_days"}
    return rest | (
        {"injury_years": changed["injury_days"] / DAYS_PER_YEAR} if "injury_days" in changed else {}
    )


def inactivation_to_lose_scar(kind: str) -> float:
    """Extra exit of myofibroblasts (per day) above which a hot or cold scar cannot hold itself."""
    return loss_of(kind, "mu_1") - liver.parameters["mu_1"].value


def self_sustaining_X(kind: str) -> float:
    """Cross-linked collagen (% of area) above which a hot or cold scar holds itself once the injury
    has stopped."""
    values = liver.values()
    share = inactivation_to_lose_scar(kind) / values["kappa"]
    return values["X_s"] * (1 / share - 1) ** 0.25


def largest_harmless_injury(days: float = 40 * DAYS_PER_YEAR) -> float:
    """Injury (per day) below which no scar forms however long it lasts."""

    def scars(d):
        return state_after("F", days, d=d, injury_years=days / DAYS_PER_YEAR) > HOT_CELLS

    return turning_point(scars, 1e-4, 2e-3)


def deposition_share(days: float, **changed: float) -> float:
    """Collagen laid down per day as percent of all collagen there is."""
    row = liver.simulate(days, at=[days], unchecked=changed).iloc[0]
    return float(100 * row["deposition"] / row["CPA"])


def point_of_no_return(d: float = 0.005, read: str = "day", horizon_years: float = 10) -> float:
    """Last day on which stopping the injury lets the scar go within `horizon_years`;
    or CPA or X on that day."""

    def stays(days):
        return after_stop("F", days, horizon_years * DAYS_PER_YEAR, d=d) > SCARRED_CELLS

    day = turning_point(stays, 365, 1500)
    return day if read == "day" else state_after(read, day, d=d, injury_years=40)


def regressing(injured_years: float, years_later: float = 5, injuries: int = 12) -> float:
    """Percent of scarred livers whose scar has let go `years_later` after a cause of
    `injured_years` has stopped.

    The causes are `injuries` constant ones, spread from the weakest that scars to the strongest
    that the ledger offers.
    """
    strengths = np.geomspace(largest_harmless_injury(), liver.parameters["d"].high, injuries + 1)[
        1:
    ]

    def working(d, years):
        return (
            after_stop("F", injured_years * DAYS_PER_YEAR, years * DAYS_PER_YEAR, d=d)
            > SCARRED_CELLS
        )

    scarred = [d for d in strengths if working(d, 0)]
    return 100 * sum(not working(d, years_later) for d in scarred) / len(scarred)


def excess_fall(injury_days: float, days_after: float, **changed: float) -> float:
    """Change (percent) of the collagen above the healthy level in the `days_after` the end of an
    injury."""
    healthy = liver.parameters["CPA_0"].value
    before, after = (
        after_stop("CPA", injury_days, later, **changed) - healthy for later in (0, days_after)
    )
    return 100 * (after / before - 1)
