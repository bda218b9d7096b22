"""The price of the road, and what was found instead."""

from __future__ import annotations

from html import escape

from hepatica import ledger, show

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
        "human_pool_mixed": "people, pools not all randomised",
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
