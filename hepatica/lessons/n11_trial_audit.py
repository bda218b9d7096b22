"""Cards of notebook 11 that read one report: with and without controls, and means to check."""

from __future__ import annotations

import math
from functools import cache
from html import escape

from hepatica import ledger, show
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Curve,
    Explorable,
    Group,
    Icons,
    Point,
    Predict,
    Preset,
    Slider,
    Sweep,
)
from hepatica.ledger import Parameter
from hepatica.model import Model, Output
from hepatica.model.registry import register

SPAHR = "trial_outcomes/spahr2013-meld-fall-of-3-or-more-3m-{}.{}"
MELD_FELL = "MELD had fallen by three points or more"
BEFORE_AFTER = "no control arm"

# AlTayeb2015: values noted to a tenth, means printed to a thousandth, standard deviations too.
STEP, ROUNDING = 0.1, 0.0005
EDGE = 0.02  # a mean that misses by more is drawn at the edge


def _parameter(symbol: str) -> dict[str, Parameter]:
    """One parameter of the audit cards."""
    return {symbol: ledger.parameters("trial_audit")[symbol]}


# ---------------------------------------------------------------------------- one trial, read twice


def spahr(arm: str) -> tuple[int, int]:
    """Patients of one arm of Spahr2013 whose MELD fell by three points or more,
    and all patients of that arm."""
    improved, patients = (
        int(ledger.number(SPAHR.format(arm, column)).value) for column in ("events", "patients")
    )
    return improved, patients


def count_behind_share() -> int:
    """How many controls of Spahr2013 the printed per cent stands for (the printed count is
    another)."""
    return round(ledger.number("guidelines/cells-spahr-control").value / 100 * spahr("control")[1])


def half_width() -> str:
    """Half of the 95 % interval of the difference in per cent, as a formula of `improved`."""
    (improved, treated), (_, controls) = spahr("treated"), spahr("control")
    variance = improved * (treated - improved) / treated**3
    return f"196*sqrt({variance:.9g} + improved*({controls} - improved)/{controls**3})"


@cache
def one_trial_model() -> Model:
    """Spahr2013: the cell arm as printed, and any number of improved controls; no states."""
    (improved, treated), (_, controls) = spahr("treated"), spahr("control")
    difference = f"100*{improved}/{treated} - without"
    return Model(
        "one trial",
        parameters=_parameter("improved"),
        definitions={"without": f"100*improved/{controls}"},
        outputs={
            "with_cells": Output(f"100*{improved}/{treated}", "improved with cells", "%"),
            "difference": Output(difference, "cells minus control", "percentage points"),
            "low": Output(
                f"{difference} - {half_width()}", "interval, lower end", "percentage points"
            ),
            "high": Output(
                f"{difference} + {half_width()}", "interval, upper end", "percentage points"
            ),
            "odds_ratio": Output(
                f"{improved}/{treated - improved}*({controls} - improved)/Max(improved, 0.5)",
                "odds of improving, cells against control",
                "ratio",
            ),
            "seen": Output(
                f"100*{count_behind_share()}/{controls}", "improved in the control arm", "%"
            ),
        },
    )


@cache
def one_trial() -> Explorable:
    """Spahr2013 read twice: as a study before and after, and with its control arm."""
    (improved, treated), (printed, controls) = spahr("treated"), spahr("control")
    arm = "with its control arm"  # how many of them improved is what the card asks
    told = (
        f"{{improved:0f}} of {controls} controls improved: "
        f"cells minus control {{difference:0f}} of 100, "
        "95 % interval {low:0f} to {high:0f}."
    )
    return Explorable(
        one_trial_model(),
        id="one-trial",
        title="Without its control arm this trial would be a success story",
        question=(
            f"Marrow cells into the hepatic artery. Three months later {MELD_FELL} in "
            f"{improved} of {treated}. How much of that is the cells?"
        ),
        run=Sweep("improved", 0, controls, points=controls + 1),
        controls=[
            Slider(
                "improved",
                f"of {controls} controls improved",
                low=0,
                high=controls,
                step=1,
                value=0,
            )
        ],
        views=[
            Icons(
                title="A hundred people who got cells",
                groups=(
                    Group(
                        "improved because of the cells, it seems",
                        "Max(with_cells - without, 0)",
                        "therapy",
                        "diamond",
                    ),
                    Group(
                        "improved, as they would have without",
                        "Min(with_cells, without)",
                        "hepatocyte",
                        "ring",
                    ),
                    Group("not improved", "100 - with_cells", "injury", "cross"),
                ),
            ),
            Chart(
                "What is left for the cells",
                Axis("controls who improved", f"of {controls}", 0, controls),
                Axis("cells minus control", "of 100", -70, 90),
                curves=(
                    Curve("difference", "difference", "therapy", dash="solid"),
                    Curve("low", "95 % interval", "muted", dash="dash"),
                    Curve("high", "", "muted", dash="dash"),
                ),
                background=(Background([0, controls], [0, 0], "ink", "no difference", dash="dot"),),
                points=(Point("improved", "difference", "this reading", "accent", "circle", 13),),
                height=320,
            ),
        ],
        describe=[
            (
                "improved < 0.5",
                (
                    "No control arm, as in a study before and after: "
                    "{with_cells:0f} of 100 improved, and all of it is credited to the cells."
                ),
            ),
            ("low > 0", f"{told} The interval leaves out zero: more than chance."),
            ("high < 0", f"{told} More improved without cells than chance explains."),
            (None, f"{told} Odds ratio {{odds_ratio:2f}}. No difference at all remains possible."),
        ],
        predict=Predict(
            (
                f"Of a hundred people with the cells, {100 * improved / treated:.0f} improved that "
                "much. Beside them stood a control arm: the same care, **no** cells. "
                "How many of a hundred improved there?"
            ),
            (
                (
                    "About ten.",
                    "seen < 20",
                    (
                        "“This liver does not mend by itself.” Its score does: people enter at their "
                        "worst, and care and abstinence work for both arms."
                    ),
                ),
                (
                    "About thirty.",
                    "(seen >= 20) & (seen < 42)",
                    (
                        "“The cells do half of it.” A fair guess for a treatment that works; here the "
                        "difference is far smaller than that."
                    ),
                ),
                (
                    "More than fifty.",
                    "seen >= 42",
                    (
                        f"Press *{arm}*. People enter a trial when they are at their worst. Care, "
                        "abstinence and **regression to the mean** can do the rest, "
                        "with or without cells."
                    ),
                ),
            ),
        ),
        presets=[
            Preset(BEFORE_AFTER, {"improved": 0}, "as if nobody would have improved"),
            Preset(
                arm, {"improved": count_behind_share()}, f"{count_behind_share()} of {controls}"
            ),
            Preset("as the count is printed", {"improved": printed}, f"{printed} of {controls}"),
        ],
    )


# ------------------------------------------------------------------------ means that can be checked


def printed_means(arm: str) -> list[float]:
    """The printed follow-up means of one arm of AlTayeb2015, in mg/dL or g/dL, smallest first."""
    rows = ledger.table("trial_outcomes")
    return sorted(rows.loc[(rows["trial"] == "AlTayeb2015") & (rows["arm"] == arm), "value"])


def miss(mean: float, people: int, step: float = STEP) -> float:
    """The distance from a printed mean to the nearest mean that `people` values in steps of `step`
    can have.

    >>> miss(2.417, 6) < ROUNDING, miss(2.417, 10) < ROUNDING
    (True, False)
    """
    return abs(round(mean * people / step) * step / people - mean)


def possible_means(arm: str, people: int) -> int:
    """How many printed means of that arm of AlTayeb2015 this number of people can have (the GRIM
    test)."""
    return sum(miss(mean, people) <= ROUNDING * (1 + 1e-6) for mean in printed_means(arm))


def possible_with_sd(mean: float, sd: float, people: int, step: float = STEP) -> bool:
    """Whether whole steps can have this mean *and* this standard deviation (the squares must add up
    to a whole number).

    The sum of squares is even exactly when the sum is. Mean and sd printed to a thousandth.
    """
    total = round(mean * people / step)
    if abs(total * step / people - mean) > ROUNDING * (1 + 1e-6):
        return False
    low, high = (
        total**2 / people + (people - 1) * ((sd + shift) / step) ** 2
        for shift in (-ROUNDING, ROUNDING)
    )
    return any(
        (squares - total) % 2 == 0
        for squares in range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    )


def _nearest(mean: float) -> str:
    """Formula of `people`: where the nearest possible mean lies, seen from the printed one."""
    per_step = round(1 / STEP)
    return f"floor({mean * per_step:.9g}*people + 0.5)/({per_step}*people) - {mean:.9g}"


def _clipped(mean: float) -> str:
    return f"Max(-{EDGE}, Min({EDGE}, {_nearest(mean)}))"


def _how_many(arm: str) -> str:
    """Formula of `people` that counts the possible means of an arm."""
    slack = f"{ROUNDING * (1 + 1e-6):.9g}"
    return " + ".join(
        f"Max(0, sign({slack} - Abs({_nearest(mean)})))" for mean in printed_means(arm)
    )


@cache
def granularity_model() -> Model:
    """How many printed means of AlTayeb2015 are possible with so many people; no states."""
    return Model(
        "granularity",
        parameters=_parameter("people"),
        outputs={
            arm: Output(_how_many(arm), f"possible means, {arm} arm", "")
            for arm in ("treated", "control")
        },
    )


register(__name__, trial_audit=(one_trial_model, granularity_model))


def _rows_of_means(arm: str, role: str, symbol: str, title: str) -> Chart:
    """One row per printed mean: where the nearest possible mean lies."""
    means = printed_means(arm)
    ticks = {row: f"{mean:g}" for row, mean in enumerate(means, start=1)}
    band = [-ROUNDING, ROUNDING, ROUNDING, -ROUNDING]
    return Chart(
        title,
        Axis(
            "miss of the nearest possible mean",
            "",
            -EDGE * 1.05,
            EDGE * 1.05,
            ticks={-0.02: "−0.02", -0.01: "−0.01", 0: "0", 0.01: "0.01", 0.02: "0.02"},
        ),
        Axis("printed mean", "", 0.3, len(means) + 0.7, ticks=ticks),
        background=(
            Background(
                band, [0.3, 0.3, len(means) + 0.7, len(means) + 0.7], "good", "possible", "area"
            ),
        ),
        points=tuple(
            Point(_clipped(mean), f"{row}", "", role, symbol, 11)
            for row, mean in enumerate(means, start=1)
        ),
        height=130 + 24 * len(means),
    )


@cache
def granularity() -> Explorable:
    """AlTayeb2015: which numbers of people can stand behind the printed means."""
    enrolled = int(ledger.number("trials/AlTayeb2015.n_treated").value)
    return Explorable(
        granularity_model(),
        id="granularity",
        title="A mean tells how many people stand behind it",
        question=(
            f"In each arm {enrolled} people were enrolled. Values were noted to a tenth, "
            "means printed to a thousandth. With how many people are all printed means "
            "possible?"
        ),
        run=Sweep("people", 1, 20, points=20),
        controls=[
            Slider("people", "people behind each mean", low=1, high=20, step=1, value=enrolled)
        ],
        views=[
            _rows_of_means("treated", "therapy", "diamond", "Cell arm: albumin and bilirubin"),
            _rows_of_means("control", "hepatocyte", "circle", "Control arm: albumin"),
        ],
        describe=[
            (
                None,
                (
                    f"With {{people:0f}} {{people:plural person people}}, "
                    f"{{treated:0f}} of the {len(printed_means('treated'))} means of the cell arm "
                    f"are possible, and {{control:0f}} of the {len(printed_means('control'))} of "
                    "the control arm."
                ),
            ),
        ],
        presets=[Preset("as enrolled", {"people": enrolled})],
    )


# ------------------------------------------------------------------------------------- tables


def _with_interval(value: float, low: float, high: float) -> str:
    """An estimate with its interval, two decimals, with a true minus sign."""
    return f"{value:.2f} ({low:.2f} to {high:.2f})".replace("-", "−")


def published_and_ours() -> show.Table:
    """Each pool of data/pools.csv that a review has published too, beside the published one."""
    rows = ledger.table("pools")
    made = []
    for row in rows[rows["published"] != ""].itertuples():
        printed = ledger.number(f"meta_analyses/{row.published.removeprefix('meta_analyses/')}")
        source = ledger.reference(printed.source)
        name = f'<a href="{escape(source.link)}">{escape(source.short)}</a>'
        made.append(
            (
                escape(row.label),
                f"{_with_interval(printed.value, printed.low, printed.high)}, {name}",
                _with_interval(row.value, row.low, row.high),
                f"{row.trials.count(';') + 1}",
                escape(row.verdict),
            )
        )
    return show.Table(
        "Published pools, and ours from the trials that could be read",
        ("Question", "Published", "Ours", "Trials of ours", "Verdict"),
        tuple(made),
    )


def called_randomised(*trials: str) -> show.Table:
    """Studies that reviews have counted as randomised,
    with the size of their arms and what their own report says."""
    table = ledger.table("trials").set_index("key").loc[list(trials)]
    return show.Table(
        "Counted as randomised in a review",
        ("Study", "With cells", "Control", "What we read"),
        tuple(
            (key, str(row.n_treated), str(row.n_control), escape(row.evidence_note))
            for key, row in table.iterrows()
        ),
    )
