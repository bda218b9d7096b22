"""The price of the road, and what was found instead."""

from __future__ import annotations

from html import escape

from hepatica import ledger, show

IN_TRIALS = ("harm-fever", "harm-clots", "harm-realistic", "harm-realistic-control")
OUTSIDE = ("harm-infections", "harm-blindness", "harm-unknown")
PRICE = (*IN_TRIALS, "harm-artery", *OUTSIDE)
"""Rows of data/guidelines.csv: trials first, which counted everybody; then single cases."""
UNITS = {"patients": "people", "ratio": "times", "US dollars": "dollars"}


def prices(*keys: str) -> show.Table:
    """Documented harms, in our words, with numbers and sources;
    all of `PRICE`, and MATCH, unless some are named."""
    table = ledger.table("guidelines").set_index("key").loc[list(keys or PRICE)]
    rows = [
        (
            escape(row.statement),
            how_many(ledger.number(f"guidelines/{row.Index}")),
            f"{show.MARKS[row.status]} {_cited(row.source)}",
        )
        for row in table.itertuples()
    ]
    if not keys:
        rows.insert(len(IN_TRIALS), macrophages())
    return show.Table("What has been documented", ("Observation", "Number", "Source"), tuple(rows))


def macrophages() -> tuple[str, str, str]:
    """The liver events of MATCH, the trial in which they were fewer with cells: what was counted,
    people with and without cells, the source."""
    arms = ("treated", "control")
    table = ledger.table("trial_outcomes").set_index("key")
    rows = [table.loc[f"brennan2025-severe-liver-event-patients-12m-{arm}"] for arm in arms]
    told = "{} with, {} without".format(*(f"{r.events:.0f} of {r.patients:.0f}" for r in rows))
    what = "In MATCH, with macrophages, fewer people had a severe liver event within a year."
    return what, told, f"{show.MARKS[rows[0].status]} {_cited(rows[0].source)}"


def how_many(number: ledger.Number) -> str:
    """A number in words that a patient would use, its range behind it; a dash if there is none."""
    ends = "–".join(ledger.plain(end) for end in (number.low, number.high) if end is not None)
    if number.value is None and not ends:
        return "–"
    shown = (
        ends
        if number.value is None
        else ledger.plain(number.value) + (f" ({ends})" if ends else "")
    )
    one = (shown, number.unit) == ("1", "patients")
    return f"{shown} {'person' if one else UNITS.get(number.unit, number.unit)}"


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
