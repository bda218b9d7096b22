"""Cards of notebook 09: which cells, by which road, how many arrive,
and what they would be if they stayed."""

from __future__ import annotations

import math
import re
from functools import cache
from html import escape

from pandas import isna

from hepatica import ledger, show
from hepatica.cards import (
    Axis,
    Background,
    Binding,
    Chart,
    Choice,
    Curve,
    Drawing,
    Explorable,
    PlayHead,
    Point,
    Predict,
    Preset,
    Run,
    Slider,
    Sweep,
)
from hepatica.cards.parts.shapes import asked
from hepatica.cards.views.doses import Doses
from hepatica.models.biodistribution import arrivals, biodistribution, doses, trial_doses

HOURS, POINTS = 240, 121
ONE_DAY = round((POINTS - 1) * math.sqrt(24 / HOURS))  # report index nearest to one day
MEASURED = "biodistribution/{}-{}-{}h"
TICKS = {0: "0", 6: "6 h", 24: "1 day", 48: "2", 120: "5", 240: "10 days"}

# -- the road --------------------------------------------------------------------------------------


def _patients(organ: str, role: str, label: str = "") -> Background:
    """Label in an organ of the four patients: middle and range,
    on the first image and on day 10."""
    rows = [
        ledger.number(MEASURED.format("gholamrezanezhad-2011", organ, hours))
        for hours in (0, HOURS)
    ]
    return Background(
        [0.12, math.sqrt(HOURS)],
        [row.value for row in rows],
        role,
        label,
        "points",
        error=[row.high - row.value for row in rows],
        symbol="square",
    )


def _arterial() -> Background:
    """Mean label in the liver of the eight patients with a catheter."""
    hours = (3, 24)
    rows = [ledger.number(MEASURED.format("couto-2011", "liver", at)) for at in hours]
    return Background(
        [math.sqrt(at) for at in hours],
        [row.value for row in rows],
        "injury",
        "eight patients, hepatic artery: mean, liver",
        "points",
        symbol="star",
    )


def _label_chart() -> Chart:
    ticks = {math.sqrt(at): words for at, words in TICKS.items()}
    return Chart(
        "Label, and cells that can be alive",
        Axis("time", "the first day is stretched", 0, 15.9, ticks=ticks),
        Axis("label", "% of dose", 0, 50),
        curves=(
            Curve("liver", "label in the liver", "hepatocyte", x="root", dash="solid"),
            Curve("spleen_vein", "in the spleen", "macrophage", x="root", dash="longdash"),
            Curve("lung_vein", "in the lungs", "blood", x="root", dash="dashdot"),
            Curve(
                "living_liver",
                "living cells in the liver, at most",
                "therapy",
                x="root",
                dash="dot",
            ),
        ),
        points=(
            Point("sqrt(time)", "liver", "", "hepatocyte", "circle", 13),
            Point("sqrt(time)", "living_liver", "", "therapy", "circle", 13),
        ),
        background=(
            _patients("liver", "hepatocyte", "four patients, arm vein: middle and range"),
            _patients("spleen", "macrophage"),
            _patients("lung", "blood"),
            _arterial(),
        ),
        height=360,
    )


def _body() -> Drawing:
    """The body: one ring per cent of label, filled while it can be alive; the roads by turns."""
    organs = ("lung", "liver", "spleen", "elsewhere")
    hundred = {"source": (0, 100), "target": (0, 100)}
    unread = {"lung": "/(1 - artery)", "spleen": "/(1 - artery)"}  # no number where nobody measured
    rings = [Binding(f"label-{organ}", "count", organ, **hundred) for organ in organs]
    filled = [Binding(f"alive-{organ}", "count", f"V * {organ}", **hundred) for organ in organs]
    labels = [
        Binding(f"{organ}-label", "text", organ + unread.get(organ, ""), style="0f", suffix=" %")
        for organ in organs
    ]
    alive = [
        Binding(
            f"{organ}-alive",
            "text",
            f"V * {organ}" + unread.get(organ, ""),
            style="1f",
            suffix=" alive",
        )
        for organ in organs
    ]
    roads = [
        Binding(part, "opacity", value, (0, 1), (faint, 1))
        for part, value, faint in (
            ("arm-vein", "1 - artery", 0.14),
            ("hepatic-artery", "artery", 0.14),
            ("vein-word", "1 - artery", 0.6),
            ("artery-word", "artery", 0.6),
        )
    ]
    # hidden until the prediction is made
    seen = [Binding(ring.part, "opacity", "1") for ring in (*rings, *filled)]
    bindings = (*rings, *filled, *seen, *labels, *alive, *roads)
    return Drawing(
        "body", bindings, title="A hundred rings: the label of the dose. Filled: alive at most"
    )


def _road_rules() -> list[tuple[str | None, str]]:
    """The sentence by road and time."""
    hours, days = "{time:0f} hours after the drip", "{0.0416667*time:1f} days after the drip"
    vein = ": the label of {liver:1f} of 100 cells is in the liver, "
    alive = (
        "and at most {living_liver:1f} of them can be alive there; "
        "the lungs hold {lung:0f}, the spleen {spleen:0f}."
    )
    dead = (
        "and none of them can be alive, as far as this half-life goes. "
        "The picture would still show a bright liver."
    )
    catheter = (
        "{time:0f} hours after the catheter: the label of {liver:0f} of 100 cells is in "
        "the liver, and "
    )
    return [
        (
            "(artery > 0.5) & (time > 25)",
            (
                "{0.0416667*time:1f} days after the catheter: nothing is printed after the first "
                "day, so the line is ours. At most {living_liver:1f} of 100 cells can be alive in "
                "the liver."
            ),
        ),
        ("artery > 0.5", catheter + "at most {living_liver:0f} of them can be alive."),
        ("living_liver < 0.05", days + vein + dead),
        ("time < 47", hours + vein + alive),
        (None, days + vein + alive),
    ]


@cache
def road() -> Explorable:
    """Where the label of infused cells goes in ten days, and how many cells can be alive there."""
    return Explorable(
        biodistribution,
        id="road-of-cells",
        title="The label stays, the cells do not",
        question="A hundred labelled cells go into the body. Where is their label, "
        "and where are living cells?",
        run=Run(HOURS, "hours", points=POINTS, stretch=2),
        controls=[
            Choice("artery", {"arm vein": 0, "hepatic artery": 1}, "road"),
            Slider("T_v", "half-life of the living cells", step=0.1),
            Slider("T_B", "half-life in the blood (an assumption)", step=1),
        ],
        views=[_body(), _label_chart()],
        head=PlayHead(start=ONE_DAY, seconds=12),
        describe=_road_rules(),
        predict=asked("""
            A drip into an arm vein. One day later, how many of a hundred infused cells can be
            **alive in the liver**?
            * Most of them: stem cells find the damaged organ.
                right if living_liver > 50
            * About thirty.
                right if (living_liver > 15) & (living_liver <= 50)
            * One or two.
                right if living_liver <= 15
                Most are caught in the lungs or are elsewhere, and half of the living die every
                twelve hours. Press *Play*: the liver goes on filling with label for ten days.
        """),
        presets=[
            Preset("arm vein, first image", {"artery": 0, "head": 0}),
            Preset("one day", {"artery": 0, "head": ONE_DAY}),
            Preset("ten days", {"artery": 0, "head": POINTS - 1}),
            Preset("hepatic artery, one day", {"artery": 1, "head": ONE_DAY}),
        ],
        equations=("L", "B", "Li", "Sp", "A", "V", "k_B", "k_v"),
    )


# -- the doses -------------------------------------------------------------------------------------

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
    said = "{shown:0f} trials, of {printed:0f} we could read the dose: "
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
            ("printed < 0.5", "{shown:0f} trials, and none prints a dose in what we could read."),
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
        predict=asked("""
            Forty-four trials gave cells for the liver; for twenty-seven we could read how many. How
            far apart are the smallest and the largest dose?
            * Two- or threefold, as with any drug.
                right if fold < 5
            * About tenfold.
                right if (fold >= 5) & (fold < 50)
            * Several hundredfold.
                right if fold >= 50
                Nobody knows the right dose. Now look to the right: how far is even the largest from
                the line of the liver's own hepatocytes?
        """),
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


# -- if they stayed --------------------------------------------------------------------------------


def _line(
    height: float, role: str, words: str, dash: str, below: bool = False
) -> tuple[Background, Background]:
    """A level across the chart, with its words on it at the left, or below it at the right."""
    x, y, side = (
        (8.7e9, height / 2.2, "middle left") if below else (1.15e6, height * 2.2, "middle right")
    )
    return (
        Background([1e6, 1e10], [height] * 2, role, dash=dash),
        Background([x], [y], "ink", kind="text", text=[words], textposition=side),
    )


# The sentence reads the dose itself, not the point of the curve nearest to it; a slot holds no
# slash.
ARRIVED = "0.01*dose*arriving"
IN_EACH_ML = f"{ARRIVED}*volume**-1"
SHARE = f"100*{ARRIVED}*hepatocytes**-1"
DAYS_OF_RENEWAL = f"365*life*{ARRIVED}*hepatocytes**-1"


@cache
def if_they_stayed() -> Explorable:
    """The arriving cells per mL of liver, against the threshold of scar cells and the liver's
    hepatocytes."""
    threshold = ledger.number("targets/circuit-axis-threshold-F").value
    whole = arrivals.parameters["hepatocytes"].value / arrivals.parameters["volume"].value
    hot = ledger.number("targets/circuit-hot-F").value
    became = (
        f"{{0.000001*{ARRIVED}:2s}} million cells arrive, {{{IN_EACH_ML}:2s}} in each mL. "
        f"As scar cells: {{{IN_EACH_ML}*threshold**-1:2s}} times the model's threshold. "
        f"As hepatocytes: {{{SHARE}:2s}} % of the liver's, "
        "which the liver replaces by itself in "
    )
    return Explorable(
        arrivals,
        id="if-they-stayed",
        title="As scar cells they would count, as hepatocytes hardly",
        question="Suppose that every arriving cell stayed for good. What could so many cells be?",
        run=Sweep("dose", 1e6, 1e10, points=81, scale="log"),
        controls=[Slider("dose", "cells infused"), Slider("arriving", "of these arrive and stay")],
        views=[
            Chart(
                "If all that arrive stay",
                Axis("cells infused", "", 1e6, 1e10, "log"),
                Axis("cells in the liver", "per mL", 1, 5e8, "log"),
                curves=(Curve("density", "arriving cells", "therapy", x="infused", dash="solid"),),
                points=(Point("dose", IN_EACH_ML, "this dose", "accent", "circle", 13),),
                background=(
                    *_line(whole, "hepatocyte", "hepatocytes of the liver", "longdash"),
                    *_line(hot, "collagen", "scar cells of a full scar (model)", "dash"),
                    *_line(
                        threshold,
                        "myofibroblast",
                        "scar cells that sustain themselves (model)",
                        "dot",
                        below=True,
                    ),
                ),
                height=380,
            )
        ],
        describe=[
            (f"{DAYS_OF_RENEWAL} < 1", became + f"{{24*{DAYS_OF_RENEWAL}:2s}} hours."),
            (None, became + f"{{{DAYS_OF_RENEWAL}:2s}} days."),
        ],
        predict=Predict(
            (
                "Fifty million cells through the hepatic artery; "
                "{parameters/biodistribution.arriving} % arrive. "
                "Suppose **every one** became a hepatocyte. They would be"
            ),
            (
                ("about a fifth of the liver's hepatocytes.", f"{SHARE} > 5", ""),
                ("about one in a hundred.", f"({SHARE} > 0.3) & ({SHARE} <= 5)", ""),
                (
                    "about one in five thousand.",
                    f"{SHARE} <= 0.3",
                    (
                        "Twenty million against a hundred thousand million. "
                        "The liver makes that many by itself in a few hours. "
                        "Now press *all stay* and *largest dose read*."
                    ),
                ),
            ),
        ),
        presets=[
            Preset("arm vein, alive after a day", {"dose": 5e7, "arriving": 1.6}),
            Preset("hepatic artery, first hours", {"dose": 5e7, "arriving": 41}),
            Preset("all stay", {"dose": 5e7, "arriving": 100}),
            Preset("largest dose read, all stay", {"dose": 3.53e9, "arriving": 100}),
        ],
        equations=("n",),
    )


# -- the price of the road -------------------------------------------------------------------------

PRICE = (
    "harm-artery",
    "harm-realistic",
    "harm-infections",
    "harm-blindness",
    "harm-fever",
    "harm-clots",
    "harm-unknown",
)


def prices(*keys: str) -> show.Table:
    """Documented harms, in our words and with their sources;
    all of `PRICE` unless some are named."""
    table = ledger.table("guidelines").set_index("key").loc[list(keys or PRICE)]
    return show.Table(
        "What has been documented",
        ("Observation", "Source"),
        tuple(
            (escape(row.statement), f"{show.MARKS[row.status]} {_cited(row.source)}")
            for row in table.itertuples()
        ),
    )


def findings(*keys: str) -> show.Table:
    """Rows of data/mechanisms.csv: what was found, where, and what speaks against it."""
    levels = {
        "in_vitro": "dish",
        "animal": "animals",
        "human_biomarker": ("people, no random control"),
        "human_rct": "people, randomised",
    }
    table = ledger.table("mechanisms").set_index("key").loc[list(keys)]
    return show.Table(
        "Release instead of replacement",
        ("Seen in", "Finding", "But", "Source"),
        tuple(
            (
                levels[row.evidence_level],
                escape(row.finding),
                escape(row.counter_evidence),
                _cited(row.source),
            )
            for row in table.itertuples()
        ),
    )


def _cited(key: str) -> str:
    """A source as a link."""
    reference = ledger.reference(key)
    return (
        f'<a href="{escape(reference.link)}">{escape(reference.short)}</a>'
        if reference.link
        else reference.short
    )
