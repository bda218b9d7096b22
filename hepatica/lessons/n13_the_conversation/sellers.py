"""What a seller should be asked."""

from __future__ import annotations

from html import escape

from hepatica import ledger, show
from hepatica.lessons.n09_the_cells.price import how_many, macrophages

from .rows import cited, rows_of

HARMS = (
    "harm-fever",
    "harm-clots",
    "harm-realistic",
    "harm-realistic-control",
    "harm-artery",
    "harm-infections",
    "harm-blindness",
    "harm-growth",
    "harm-tumour",
    "price-own",
    "price-donor",
    "appeals-certain",
    "websites-uk",
)
"""Rows of data/guidelines.csv: what is documented about harms, in trials first, then prices and
promises."""

SAID = {
    "gcsf-acg-2022": (
        "G-CSF is a drug, not a cell: it speaks of cells only indirectly. Other people, other "
        "result: in decompensated cirrhosis fewer died within a year with it, odds "
        "{meta_analyses/dimartino2023-death-12m-or} ({meta_analyses/dimartino2023-death-12m-or.low} "
        "to {meta_analyses/dimartino2023-death-12m-or.high}; Di Martino 2023), in trials from Asia "
        "only; in acute-on-chronic failure that review found no benefit either."
    ),
    "cells-china-consensus-2014": (
        "The exception to “no guideline”: neither a licence nor a graded guideline, and its "
        "recommendations we could not read."
    ),
    "isscr-first": "",
    "cochrane-uncertain": "",
    "regulator-fda": "",
    "regulator-nmpa": "",
    "regulator-charged": "",
    "regulator-ema": "",
    "harm-unknown": "",
}
"""Rows of data/guidelines.csv: what societies, authorities and reviewers say; and what differs."""

ANSWERS = {
    "ask-licence": (
        "a number, and the authority that allowed it",
        ("“in a register” – and no authority"),
    ),
    "ask-money": ("in a trial: nothing", "a discount, “this month only”"),
    "ask-cells": (
        "type, donor, dose, licence of the laboratory",
        "“young, natural, your own”; one cell for all diseases",
    ),
    "ask-comparison": (
        "a published trial with a control group",
        ("testimonials, “nine of ten feel better”"),
    ),
    "ask-harm": ("a list with counts, insurance, a telephone number", "“no risk”"),
    "ask-later": (
        "“yes, perhaps; let us ask your centre first”",
        ("“nothing is closed”, without asking anyone"),
    ),
    "ask-before": ("a scan of liver and portal vein; “a cancer means no”", "a questionnaire"),
    "ask-second-opinion": ("“gladly; here are our records”", "“your doctor is behind the times”"),
}
"""What a good answer sounds like, and a warning sign, for each question (ours,
after the sources of the rows)."""


def questions() -> show.Table:
    """Eight questions to whoever sells cells, each with its source,
    a good answer and a warning sign."""
    listen = "<strong>A good answer:</strong> {}<br><strong>A warning:</strong> {}"
    return show.Table(
        "Eight questions before any payment",
        ("Ask", "Listen for"),
        tuple(
            (
                f"{escape(row.statement)} {cited(row)}",
                listen.format(*map(escape, ANSWERS[row.Index])),
            )
            for row in rows_of(*ANSWERS)
        ),
    )


def harms() -> show.Table:
    """Documented harms, prices and promises with their numbers; a count of cases is no rate."""
    rows = [
        (f"{escape(row.label)} {cited(row)}", how_many(ledger.number(f"guidelines/{row.Index}")))
        for row in rows_of(*HARMS)
    ]
    _, told, source = macrophages()
    rows.insert(
        HARMS.index("harm-artery"), (f"severe liver events in MATCH, macrophages {source}", told)
    )
    return show.Table("What is documented", ("What", "How many"), tuple(rows))
