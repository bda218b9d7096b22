"""Clinical states and what five years of them cost; what counts as a first and as a late event."""

from __future__ import annotations

import re

from hepatica import ledger

from .failing import deaths

STATES = {
    1: "compensated, no varices",
    2: "compensated, varices",
    3: "bleeding and nothing else",
    4: "a first event other than bleeding",
    5: "a second event",
}
"""The five states of D'Amico 2014."""

FIRST = ("decompensation-easl", "decompensation-trials")
LATER = (
    "further-decompensation",
    "hrs-aki-2015",
    "hrs-aki-2024",
    "aclf-grade-1",
    "aclf-grade-2",
    "aclf-grade-3",
)
"""Rows of data/guidelines.csv and of data/staging.csv."""

MARKS = {
    "original": "the document",
    "abstract": "its abstract",
    "secondary copy": "a copy of its table",
}

PART = {"hrs-aki-2024": "its first page; the hours were not readable"}
"""Where only part of a document could be read."""


def states() -> list[tuple[str, float]]:
    """Each clinical state with the share (%) of patients who died within five years."""
    return [(name, deaths(state)) for state, name in STATES.items()]


def events() -> list[tuple[str, str, str, str]]:
    """What is called an event, in the words that we could read: name, rule, who says so with the
    year, and what of it was read."""
    guidelines = ledger.table("guidelines").set_index("key").loc[list(FIRST)]
    staging = ledger.table("staging").set_index("key").loc[list(LATER)]
    first = [
        (row.label, row.statement, ledger.reference(row.source).short, MARKS[row.read_as])
        for row in guidelines.itertuples()
    ]
    later = [
        (
            row.label,
            re.sub(r"(?<=\d)-(?=\d)", "–", f"{row.statement}."),
            _dated(row.guideline, row.year),
            PART.get(row.Index, MARKS[row.read_as]),
        )
        for row in staging.itertuples()
    ]
    return first + later


def _dated(guideline: str, year: int) -> str:
    """A guideline with its year, once."""
    return guideline if str(year) in guideline else f"{guideline} ({year})"
