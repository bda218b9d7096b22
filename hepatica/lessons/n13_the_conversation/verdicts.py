"""Fair sentences, and which results would change our mind."""

from __future__ import annotations

from html import escape

from hepatica import ledger, show
from hepatica.cards.parts.text import inline

from .rows import cited, rows_of

FAIR = {
    "C55": (
        "An arm vein is little. A catheter in the liver artery is more: in one small trial "
        "{guidelines/harm-artery} of {guidelines/harm-artery-treated} people died after its "
        "contrast medium. Later trials used it too."
    ),
    "C56": (
        "The cells are selected, grown and counted in a laboratory; "
        "*natural* says nothing about benefit or harm."
    ),
    "C57": (
        "Cells were given on top of other treatment; whether the two help each other has not "
        "been tested."
    ),
    "C58": (
        "In trials mesenchymal cells brought more fever and no clear excess of clots; "
        "serious events were more frequent in one trial of other cells, "
        "less frequent in another. What clinics sell was not tested."
    ),
    "C59": (
        "It is not known whether cells help on average; so nobody can say in whom they help more."
    ),
    "C60": (
        "*Keep it word for word.* We would only add: blinded, larger, "
        "and with outcomes that patients feel."
    ),
    "C61": "No trial has shown that a scarred liver recovers through cells, completely or in part.",
    "C62": (
        "The stage decides the outlook with and without cells; "
        "whether it changes their effect is not known."
    ),
}
"""The article's four advantages and four limitations, rewritten so that they say what is known."""

WAITING = {
    "wait-hepastem": (
        "it was blinded, and large; its results would count whatever they say",
        "more alive at day ninety with cells than with placebo",
    ),
    "wait-msc-dlc-2": (
        "it sets cord cells against a placebo in decompensated cirrhosis",
        "fewer complications or deaths with cells than with placebo",
    ),
    "wait-aclf": (
        "it asks the same in the sickest, against an albumin solution",
        "more alive without a transplant",
    ),
    "wait-cellgram": (
        "it lasts three years and counts what matters to patients",
        "more alive without a transplant, counting everyone who was randomised",
    ),
}
"""Trials to wait for: why each matters, and what we should have to see (ours)."""


def fair_sentences() -> show.Table:
    """The article's advantages and limitations beside their verdict and a sentence that says what
    is known."""
    claims = ledger.table("claims").set_index("key").loc[list(FAIR)]
    return show.Table(
        "Eight sentences, made fair",
        ("The article says", "A fair sentence"),
        tuple(
            (
                f"{row.Index} · {escape(row.claim)}<br><strong>{escape(row.verdict)}</strong>",
                inline(FAIR[row.Index]),
            )
            for row in claims.itertuples()
        ),
    )


def waiting_for() -> show.Table:
    """The trials whose results could change the verdicts, and what would have to be seen."""
    return show.Table(
        "What would change our mind",
        ("Trial", ("Why it matters, and what we should have to see")),
        tuple(
            (
                f"{escape(row.statement)} {cited(row)}",
                "{}.<br><strong>To see:</strong> {}.".format(*map(escape, WAITING[row.Index])),
            )
            for row in rows_of(*WAITING)
        ),
    )
