"""Where infused cells go, how long they live, and what would follow if they all stayed (a teaching
simplification).

`biodistribution` keeps the books of the label, in per cent of the dose, and of the cells that are
still alive. Its end points are those of patients; the pace between them is an assumption (see
data/parameters.csv). `arrivals` spreads a dose over a liver. `doses` reads the doses of trials,
data/trial_doses.csv.

Cast
----
symbol    meaning                                unit
L         label in the lungs, arm vein           % of dose
B         label on its way, arm vein             % of dose
Li        label in the liver, arm vein           % of dose
Sp        label in the spleen, arm vein          % of dose
A         label in the liver, hepatic artery     % of dose
V         living share of the cells              share
t         time since the infusion                h
k_B       rate at which label leaves the blood   1/day
k_v       rate at which cells die                1/day
n         cells that arrive                      cells
pair      kind of cells and route as one number  ratio
low_kg    smallest printed dose per kg           cells/kg
low_all   smallest printed dose in all           cells
high_kg   largest printed dose per kg            cells/kg
high_all  largest printed dose in all            cells

Parameters, with unit, range and source: data/parameters.csv, rows `biodistribution`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

import numpy as np

from hepatica import ledger
from hepatica.model import Model, Output, State, given
from hepatica.model.registry import register

ROWS = ledger.parameters("biodistribution")
# what only `arrivals` needs
SPREAD = ("dose", "arriving", "volume", "threshold", "hepatocytes", "life")
CHOSEN = ("type", "route", "body_mass")  # what only `doses` needs

biodistribution = Model(
    "where the cells go",
    parameters={name: row for name, row in ROWS.items() if name not in (*SPREAD, *CHOSEN)},
    states={
        "L": State("label in the lungs, arm vein", "% of dose", initial="L_0"),
        "B": State("label on its way, arm vein", "% of dose", initial="B_0"),
        "Li": State("label in the liver, arm vein", "% of dose", initial="Li_0"),
        "Sp": State("label in the spleen, arm vein", "% of dose", initial="Sp_0"),
        "A": State("label in the liver, hepatic artery", "% of dose", initial="A_0"),
        "V": State("living share of the cells", "share", initial=1),
        # so that a chart can give the first day more room
        "t": State("time since the infusion", "h"),
    },
    # the logarithm of two over a half-life
    definitions={"k_B": "0.693147 / T_B", "k_v": "0.693147 / T_v"},
    equations={
        "L": "-k_L * L",
        "B": "k_L * L - k_B * B",
        "Li": "f_Li * k_B * B",
        "Sp": "f_Sp * k_B * B",
        "A": "-k_A * A",
        "V": "-k_v * V",
        "t": "24",
    },
    outputs={
        "lung": Output("(1 - artery) * L", "label in the lungs", "% of dose"),
        "liver": Output("(1 - artery) * Li + artery * A", "label in the liver", "% of dose"),
        "spleen": Output("(1 - artery) * Sp", "label in the spleen", "% of dose"),
        "elsewhere": Output(
            "100 - (1 - artery) * (L + Li + Sp) - artery * A", "label elsewhere", "% of dose"
        ),
        "living_lung": Output(
            "V * (1 - artery) * L", "living cells in the lungs, at most", "% of dose"
        ),
        "living_liver": Output(
            "V * ((1 - artery) * Li + artery * A)",
            "living cells in the liver, at most",
            "% of dose",
        ),
        # Nobody measured lungs and spleen after an arterial infusion: their curves leave the chart.
        "lung_vein": Output(
            "(1 - artery) * L - 1000 * artery", "label in the lungs, arm vein only", "% of dose"
        ),
        "spleen_vein": Output(
            "(1 - artery) * Sp - 1000 * artery", "label in the spleen, arm vein only", "% of dose"
        ),
        "root": Output("sqrt(t)", "square root of the hours", ""),
    },
)

arrivals = Model(
    "cells that arrive",
    parameters={name: ROWS[name] for name in SPREAD},
    definitions={"n": "dose * arriving / 100"},
    outputs={
        "infused": Output("dose", "cells infused", "cells"),
        "density": Output("n / volume", "cells that arrive, spread over the liver", "cells/mL"),
        "share": Output("100 * n / hepatocytes", "share of the liver's hepatocytes", "%"),
        "renewed": Output("hepatocytes / life", "hepatocytes renewed each day, at least", "cells"),
    },
)

CELL_GROUPS = ("stromal", "unsorted", "selected", "macrophage")
ROUTE_GROUPS = ("vein", "artery", "portal")


@cache
def trial_doses() -> list[dict]:
    """Trials in the order of the ledger: cells and route by number (0: not printed), dose (None:
    not printed)."""
    table = ledger.table("trial_doses").replace({np.nan: None})
    return [
        {
            "key": row.key,
            "trial": row.trial,
            "per_kg": row.unit == "cells/kg",
            "type": 1 + CELL_GROUPS.index(row.cell_group),
            "route": 1 + ROUTE_GROUPS.index(row.route_group) if row.route_group else 0,
            "low": row.value if row.low is None else row.low,
            "value": row.value,
            "high": row.value if row.high is None else row.high,
        }
        for row in table.itertuples()
    ]


def _chosen(rows: Iterable[dict], kind: int, route: int) -> list[dict]:
    return [row for row in rows if kind in (0, row["type"]) and route in (0, row["route"])]


def _lookup(values: list[float]) -> str:
    """A formula that is the first value where `pair` is 0, the second where it is 1, and so on."""
    return " + ".join(
        f"({value:.6g}) * Max(0, 1 - Max(pair - {n}, {n} - pair))"
        for n, value in enumerate(values)
        if value
    )


def _of_each_pair(read) -> str:
    """A lookup of `read`(trials) over all pairs of cells and route."""
    return _lookup(
        [read(_chosen(trial_doses(), kind, route)) for kind in range(5) for route in range(4)]
    )


def _ends(rows: list[dict], end: str, per_kg: bool, best) -> float:
    """Smallest or largest printed dose of some trials, per kg or not; 0 if there is none."""
    return best((row[end] for row in rows if row[end] and row["per_kg"] == per_kg), default=0)


def _extreme(end: str, best) -> dict[str, str]:
    """Definitions of an extreme dose per kg and in all."""
    return {
        f"{end}_kg": _of_each_pair(lambda rows: _ends(rows, end, True, best)),
        f"{end}_all": _of_each_pair(lambda rows: _ends(rows, end, False, best)),
    }


@cache
def doses() -> Model:
    """How many trials are shown, and their smallest and largest dose, by cells,
    route and body weight."""
    absent = "1e30 * Max(0, 1 - {0})"  # a missing smallest dose must not win
    largest = "Max(high_kg * body_mass, high_all)"
    low = " , ".join(
        f"{name} + {absent.format(name)}" for name in ("low_kg * body_mass", "low_all")
    )
    return Model(
        "doses of trials",
        parameters={name: ROWS[name] for name in (*CHOSEN, "hepatocytes")},
        definitions={"pair": "4 * type + route", **_extreme("low", min), **_extreme("high", max)},
        outputs={
            "shown": Output(_of_each_pair(len), "trials shown", ""),
            "printed": Output(
                _of_each_pair(lambda rows: sum(row["high"] is not None for row in rows)),
                "trials with a printed dose",
                "",
            ),
            "smallest": Output(f"Min({low})", "smallest dose", "cells"),
            "largest": Output(largest, "largest dose", "cells"),
            "smallest_million": Output(
                f"Min({low}) / 1000000", "smallest dose, million", "million"
            ),
            "largest_million": Output(f"{largest} / 1000000", "largest dose, million", "million"),
            "fold": Output(f"{largest} / Min({low})", "largest over smallest dose", "ratio"),
            "part": Output(
                f"hepatocytes / Max(1, {largest})", "hepatocytes of a liver to one cell", "ratio"
            ),
        },
    )


register(__name__, biodistribution=(biodistribution, arrivals, doses))


# -- experiments named in data/targets.csv ---------------------------------------------------------


@given.takes(organ=given.readout(biodistribution), hours=given.from_0)
def label(organ: str, hours: float, **changed: float) -> float:
    """Label in an organ (% of dose) `hours` after the infusion; organ is lung, liver,
    spleen or elsewhere."""
    return float(biodistribution.simulate(at=[hours / 24], **changed)[organ].iloc[0])


@given.takes(organ=given.word(("lung", "liver")))
def living(organ: str, hours: float, **changed: float) -> float:
    """Living cells in the lung or the liver (% of dose), if every labelled cell arrived alive."""
    return label(f"living_{organ}", hours, **changed)


@given.takes(organ=given.word(("lung", "liver")))
def peak_living(organ: str = "liver", **changed: float) -> float:
    """Most living cells (% of dose) that an organ holds at any time of the first ten days."""
    return float(biodistribution.simulate(10, points=4801, **changed)[f"living_{organ}"].max())


@given.takes(hours=given.from_0, T_v=given.or_none(given.above_0))
def alive_share(hours: float, T_v: float | None = None) -> float:
    """Per cent of the cells alive after `hours` at a half-life of `T_v` hours."""
    return 100 * 0.5 ** (hours / (T_v or ROWS["T_v"].value))


@given.takes(share=given.some, hours=given.above_0)
def half_life_for(share: float, hours: float) -> float:
    """The half-life (h) that leaves the share `share` alive after `hours`."""
    return hours * math.log(2) / -math.log(share) if share < 1 else math.inf


def density(dose: float, arriving: float) -> float:
    """Cells per mL of liver if `arriving` per cent of the dose spread evenly."""
    return arrivals.evaluate(dose=dose, arriving=arriving)["density"]


def hepatocyte_share(dose: float, arriving: float = 100) -> float:
    """What the arriving cells would be among the liver's hepatocytes, in per cent."""
    return arrivals.evaluate(dose=dose, arriving=arriving)["share"]


def renewed_per_day() -> float:
    """Hepatocytes that a liver replaces each day, at least."""
    return arrivals.evaluate()["renewed"]


@given.takes(read=given.word(("cells", "fold", "part_of_liver")))
def largest_dose(read: str, **chosen: float) -> float:
    """What the largest dose read is: "cells", its "fold" over the smallest,
    or the "part_of_liver" (one in so many)."""
    run = doses().evaluate(**chosen)
    return {"cells": run["largest"], "fold": run["fold"], "part_of_liver": run["part"]}[read]
