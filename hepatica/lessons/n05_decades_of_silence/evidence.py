"""Tests counted in people, one pace and two studies, published results against the model."""

from __future__ import annotations

import json
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
    Mission,
    Preset,
    Run,
    Slider,
    Sweep,
)
from hepatica.cards.parts.shapes import asked, rules
from hepatica.cards.parts.text import typeset
from hepatica.models import natural_history
from hepatica.models.diagnostics import published_tests, tested_people

from .chains import with_readouts


@cache
def tests_in_people() -> Explorable:
    """A test among a hundred people: who is found, missed, alarmed and reassured."""
    chosen = {
        "FIB-4": "fib-4",
        "stiffness, for F3": "stiffness-masld-f3",
        "stiffness, for cirrhosis": "stiffness-masld-f4",
    }
    tests = published_tests()
    presets = [_test_preset(label, tests[key]) for label, key in chosen.items()]
    return Explorable(
        tested_people,
        id="tests-in-people",
        title="A positive test means what the crowd makes of it",
        question="Of those who test positive, how many have the disease?",
        run=Sweep("prevalence", 1, 60, 60),
        controls=[
            Slider("prevalence", "people who have it", low=1, high=60, step=1, value=5),
            Slider("sensitivity", low=50, high=100, step=1),
            Slider("specificity", low=50, high=100, step=1),
        ],
        views=[
            Icons(
                (
                    Group("ill and found", "true_positive", "collagen", "diamond"),
                    Group("ill and missed", "false_negative", "crosslinked", "open-diamond"),
                    Group("well and alarmed", "false_positive", "therapy", "circle"),
                    Group("well and reassured", "true_negative", "hepatocyte", "ring"),
                ),
                title="A hundred people take the test",
            ),
            Chart(
                "What a result means, by the share of ill people",
                Axis("people who have it", "%", 0, 60),
                Axis("result is right", "%", 0, 100),
                curves=(
                    Curve("ppv", "positive: has it", "collagen", dash="solid"),
                    Curve("npv", "negative: does not have it", "hepatocyte", dash="dash"),
                ),
                head=True,
                height=250,
            ),
        ],
        describe=rules("""
            false_positive > true_positive
                Of a hundred people, {with_condition:0f} have it. The test finds {true_positive:0f}
                and alarms {false_positive:0f} others: most positive tests are wrong. Of the
                negative ones {npv:0f} % are right.
            otherwise
                Of a hundred people, {with_condition:0f} have it. The test finds {true_positive:0f},
                misses {false_negative:0f} and alarms {false_positive:0f} others: {ppv:0f} % of the
                positive tests are right.
        """),
        predict=asked("""
            In a surgery five of a hundred people with diabetes have advanced fibrosis (our
            assumption). FIB-4 finds {scores/fib-4-sensitivity} % of them and clears
            {scores/fib-4-specificity} % of the others. Of those who test **positive**, how many
            have it?
            * About seven of ten.
                right if ppv > 50
                “Sensitivity is my chance of being ill.” It starts from the ill; you start from a
                positive result.
            * About four of ten.
                right if (ppv > 25) & (ppv <= 50)
                “Somewhat fewer, then.” The ill are five. More than a third of ninety-five who are
                well are alarmed as well.
            * About one of ten.
                right if ppv <= 25
                Count the filled marks: three or four diamonds among more than thirty circles. The
                sensitivity starts from the ill; the patient starts from the result.
        """),
        mission=Mission(
            "Five of a hundred are ill. Make every second positive result right, without missing "
            "more than one of the five.",
            reached="(prevalence < 5.5) & (ppv >= 50) & (false_negative < 1.5)",
            done="{ppv:0f} % of the positive results are right, and {true_positive:0f} of the five "
            "are found. Such a test is seldom cheap.",
            fails=[
                (
                    "prevalence > 5.5",
                    (
                        "With {prevalence:0f} ill of a hundred you changed the crowd, not the test. "
                        "A clinic does that; a surgery cannot."
                    ),
                ),
                (
                    "(false_negative > 1.5) & (ppv >= 50)",
                    "{ppv:0f} % are right now, but {false_negative:0f} of the five are missed.",
                ),
            ],
            far="Only {ppv:0f} % of the positive results are right: the alarms come from the many "
            "who are well.",
        ),
        presets=presets,
        equations=("true_positive", "false_positive", "ppv"),
    )


def _test_preset(label: str, test) -> Preset:
    return Preset(
        label, {"sensitivity": test.sensitivity, "specificity": test.specificity}, test.label
    )


def study(name: str, role: str, label: str, symbol: str) -> Background:
    """What a study of hepatitis C found twenty and forty years after infection, as points."""
    rows = [ledger.number(f"targets/nh-{name}-{years}y") for years in (20, 40)]
    error = [row.high - row.value if row.high is not None else 0 for row in rows]
    return Background(
        [20, 40], [row.value for row in rows], role, label, "points", symbol=symbol, error=error
    )


@cache
def one_pace() -> Explorable:
    """Two studies, two points each: a wrong pace can be tuned, a wrong shape cannot."""
    return Explorable(
        with_readouts(),
        id="one-pace",
        title="A wrong pace can be tuned, a wrong shape cannot",
        question="One pace for all years. Bring the line through both diamonds; "
        "then through both squares.",
        run=Run(until=45, unit="years", points=46),
        controls=[Slider("pace", "pace of scarring", low=0.5, high=1.06, step=0.01, value=1)],
        views=[
            Chart(
                "Reached cirrhosis",
                Axis("years since infection", "", 0, 45),
                Axis("of those infected", "%", 0, 80),
                curves=(Curve("cirrhotic", "model", "crosslinked", dash="solid"),),
                background=(
                    study("poynard", "blood", "Poynard 2001", "diamond"),
                    study("dore", "therapy", "Dore 2002 (an estimate by model)", "square"),
                ),
                height=320,
            )
        ],
        describe=rules("""
            (pace > 0.775) & (pace < 0.835)
                Pace {pace:2f}: the line passes both diamonds. Poynard's patients were slower than
                the pooled studies, by one factor.
            (pace > 0.71) & (pace <= 0.775)
                Pace {pace:2f}: the first square is hit, and the line ends at
                {100*reached_F4_max:0f} % near year forty-five, far above the second.
            pace < 0.57
                Pace {pace:2f}: the second square is near, but now the first is missed: far too few
                cirrhoses at twenty years.
            otherwise
                Pace {pace:2f}: the line misses points of both studies. Keep trying.
        """),
        presets=[
            Preset("all studies", {"pace": 1}),
            Preset("0.8", {"pace": 0.8}),
            Preset("0.74", {"pace": 0.74}),
            Preset("0.54", {"pace": 0.54}),
        ],
        equations=("F0", "F1", "F2", "F3"),
    )


RUNGS = {
    "fib4-low": "blood score",
    "fib4-high": "blood score",
    "lsm-8-12": "stiffness",
    "cacld-10-15": "stiffness, advanced disease",
    "csph-rule-out": "portal pressure",
    "csph-grey-20-25": "portal pressure",
    "csph-rule-in": "portal pressure",
    "csph-obese-masld": "portal pressure, obesity",
}
"""Rows of data/staging.csv from the blood score up, and what each is a rung of."""


def staging_ladder() -> show.Table:
    """The rungs from FIB-4 to portal pressure, with their grey zones and what held before."""
    rows = ledger.table("staging").set_index("key").loc[list(RUNGS)]
    cells = tuple(
        (
            RUNGS[row.Index],
            f"<b>{escape(typeset(row.label))}</b><br>{escape(typeset(row.statement))}",
            escape(typeset(row.before)),
            source(row),
        )
        for row in rows.itertuples()
    )
    head = ("Rung", "Rule", "Before", "Source")
    return show.Table(
        "From a blood score to portal pressure, as read in November 2026", head, cells
    )


AGAINST = (
    "nh-dore-40y",
    "nh-fattovich-survival-10y",
    "nh-alcohol-decompensation-5y",
    "nh-masld-trial-f3",
    "nh-compensated-1y-death",
    "nh-planas-5y",
    "nh-decompensation-1y-dead",
)


def against_the_model() -> show.Table:
    """Published results that the chains miss, wholly or in part,
    beside what the chains say (per cent)."""
    rows = ledger.table("targets").set_index("key").loc[list(AGAINST)]
    cells = tuple(
        (
            escape(row.label),
            ledger.plain(row.value),
            f"{answer(row):.1f}",
            row.reproduced,
            escape(row.note),
            source(row),
        )
        for row in rows.itertuples()
    )
    head = ("What", "Published, %", "Model, %", "Hit?", "Perhaps because", "Source")
    return show.Table("Published results against the model", head, cells)


def answer(row) -> float:
    """What the model says to a row of data/targets.csv."""
    return getattr(natural_history, row.experiment)(**json.loads(row.arguments))


def source(row) -> str:
    """The link to the source of a row of the ledger."""
    reference = ledger.reference(row.source)
    return f'<a href="{escape(reference.link)}">{escape(reference.short)}</a>'
