"""Which cells, and how many."""

from __future__ import annotations

import math
import re
from functools import cache
from html import escape

from pandas import isna

from hepatica import ledger, show
from hepatica.cards import Choice, Explorable, Preset, Slider, Sweep
from hepatica.cards.parts.shapes import asked
from hepatica.cards.views.doses import Doses
from hepatica.models.biodistribution import doses, trial_doses

KINDS = {
    "stromal": "Mesenchymal stromal cells (MSC)",
    "unsorted": "Mononuclear cells, marrow, blood stem cells",
    "selected": "Selected CD34+ or CD133+ cells",
    "macrophage": "Macrophages",
}
ROADS = {"vein": "arm vein", "artery": "hepatic artery", "portal": "portal vein, liver or spleen"}
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _printed(text: str) -> str:
    """A dose as printed, with raised powers."""
    return escape(re.sub(r"\^(\d+)", lambda power: power[1].translate(SUPERSCRIPTS), text))


def _rows(lane: int) -> list[dict]:
    """Trials of one kind of cell, the smallest dose (at 75 kg) first."""
    names = (
        ledger.table("trial_doses")
        .set_index("key")["label"]
        .str.removeprefix("cells per infusion, ")
    )
    trials = ledger.table("trials").set_index("key")
    rows = []
    for row in trial_doses():
        if row["type"] == lane:
            trial = trials.loc[row["trial"]]
            times = trial.infusions_as_printed or (
                "" if isna(trial.n_infusions) else f"{trial.n_infusions}"
            )
            rows.append(
                {
                    "name": escape(names[row["key"]]),
                    "route": row["route"],
                    "perKg": row["per_kg"],
                    "low": row["low"],
                    "value": row["value"],
                    "high": row["high"],
                    "printed": _printed(trial.cells_as_printed),
                    "infusions": escape(times),
                }
            )
    weight = usual_weight()
    return sorted(rows, key=lambda row: (row["high"] or math.inf) * (weight if row["perKg"] else 1))


def usual_weight() -> float:
    """Body weight (kg) at which doses per kilogram are sorted."""
    return ledger.number("parameters/biodistribution.body_mass").value


@cache
def trial_dose() -> Explorable:
    """The doses of the trials, by kind of cell and road,
    on one scale with the liver's own hepatocytes."""
    said = "{shown:0f} {shown:plural trial}, of {printed:0f} we could read the dose: "
    span = (
        "{smallest_million:2s} to {largest_million:2s} million cells per infusion, {fold:2s}-fold"
    )
    return Explorable(
        doses(),
        id="trial-doses",
        title="One name, doses several hundredfold apart",
        question="All of these were called cell therapy of the liver. What do they have in common?",
        run=Sweep("body_mass", 40, 120, points=81),
        controls=[
            Choice(
                "type",
                {"all": 0, "MSC": 1, "mononuclear": 2, "CD34+, CD133+": 3, "macrophages": 4},
                "cells",
            ),
            Choice(
                "route",
                {"all": 0, "arm vein": 1, "hepatic artery": 2, "portal or direct": 3},
                "road",
            ),
            Slider("body_mass", "body weight, for doses per kilogram", step=1),
        ],
        views=[
            Doses(
                title="Cells per infusion, by trial",
                lanes={label: _rows(lane) for lane, label in enumerate(KINDS.values(), 1)},
                routes=ROADS | {"unknown": "road not printed"},
                yardsticks={
                    ledger.number("targets/bio-renewed-per-day").value: (
                        "hepatocytes",
                        "renewed daily",
                    ),
                    ledger.number("parameters/biodistribution.hepatocytes").value: (
                        "hepatocytes",
                        "of a liver",
                    ),
                },
                range=(1e6, 1e12),
            )
        ],
        describe=[
            ("shown < 0.5", "No trial of this kind by this road was read."),
            (
                "printed < 0.5",
                "{shown:0f} {shown:plural trial}, and none prints a dose in what we could read.",
            ),
            (
                "fold < 1.05",
                said + "{largest_million:2s} million cells per infusion, "
                "one for every {part:2s} hepatocytes of a liver.",
            ),
            (
                None,
                said
                + span
                + (". The largest is one cell for every {part:2s} hepatocytes of a liver."),
            ),
        ],
        predict=asked(
            """
            Fifty-five studies gave cells for the liver; for thirty-two we could read how many. How
            far apart are the smallest and the largest dose?
            * Two- or threefold.
                right if fold < 5
                So it is with most drugs, whose dose was searched for. Nobody has searched for this
                one.
            * About tenfold.
                right if (fold >= 5) & (fold < 50)
                That would be one kind of cell by one road. Here at least four kinds come by three
                roads, and each group chose its own number.
            * Several hundredfold.
                right if fold >= 50
                Nobody knows the right dose. Now look to the right: how far is even the largest from
                the line of the liver's own hepatocytes?
            """,
            ladder=True,
        ),
        presets=[
            Preset("MSC by an arm vein", {"type": 1, "route": 1}),
            Preset("MSC by the hepatic artery", {"type": 1, "route": 2}),
            Preset("macrophages", {"type": 4, "route": 0}),
        ],
        equations=("largest",),
    )


def kinds() -> show.Table:
    """Kinds of cells in the trials read: how many trials, whose cells, by which roads,
    how many doses could be read."""
    trials = ledger.table("trials").set_index("key")
    doses_read = ledger.table("trial_doses")
    rows = []
    for kind, label in KINDS.items():
        here = doses_read[doses_read["cell_group"] == kind]
        whose = trials.loc[here["trial"], "cell_source"].value_counts()
        roads = here["route_group"].value_counts()
        counts = (
            len(here),
            whose.get("autologous", 0),
            whose.get("allogeneic", 0),
            *(roads.get(road, 0) for road in ROADS),
            here[["value", "high"]].notna().any(axis=1).sum(),
        )
        rows.append((label, *map(str, counts)))
    head = (
        "Cells",
        "Trials",
        "Own",
        "Donor",
        *(road.capitalize() for road in ROADS.values()),
        "Dose printed",
    )
    return show.Table("Cells given for the liver, trials read for this course", head, tuple(rows))
