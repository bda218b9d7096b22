"""K.'s sheet: what is known, what she does, which trial would take her, what to ask, who says what
of cells and G-CSF; beside it the dated staging of notebook 08."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from hepatica import ledger
from hepatica.analysis.eligibility import accepting
from hepatica.cards import Part, Row, Sheet
from hepatica.cards.parts.predict import Predict
from hepatica.lessons.n08_what_already_works.mash import read
from hepatica.lessons.n08_what_already_works.staging import her_steps

from .rows import rows_of
from .sellers import ANSWERS, SAID
from .talk import TAKES_HOME

WHY_NOT = {
    "nct05985863": "K.: no acute-on-chronic failure.",
    "nct05224960": "K.: no decompensation.",
    "nct07413549": "K.: no decompensation, and no hepatitis B.",
    "nct04689152": "K.: not from alcohol, and Child–Pugh A.",
    "nct06823713": "K.: not now. After a first complication ask about it; it has no group drawn by lot.",
}
"""Trials of cells that recruited when they were read, and why each would not take K. today."""

ISO = re.compile(r"\d{4}-\d\d-\d\d")

QUESTION = Predict(
    "The rules of one of seventeen cell trials let K. in. Of the trials that were recruiting when "
    "we read the register, in November 2026, which would take her today?",
    [
        (
            "The one whose rules she meets.",
            False,
            (
                "“Eligible means open.” Those rules are real, and by the register that trial was "
                "completed in 2016. Ask for the date as well as the rule."
            ),
        ),
        (
            "Most: the well are safe to include.",
            False,
            (
                "“The well make good volunteers.” In them too little can change within the months of a "
                "trial; all five ask for a complication or a failing liver."
            ),
        ),
        (
            "None of those that we could read.",
            True,
            (
                "All five ask for a complication, or a failing liver. One is worth its name in her "
                "notes, for the day when she has had a first one. Registers change: look again."
            ),
        ),
    ],
)


@cache
def her_sheet() -> Sheet:
    """What K. takes home, on one sheet that prints."""
    return Sheet(
        [trials(), *takes_home(), asks(), said_of_cells()],
        id="her-sheet",
        title="K.’s sheet, as read in November 2026",
        question="What does K. take home, and which trial would take her?",
        first="trial",
        all_of="All parts, to print",
        predict=QUESTION,
    )


@cache
def her_staging() -> Sheet:
    """The dated steps of notebook 08 by which K. is staged, to print beside her sheet."""
    return Sheet(
        her_steps(),
        id="her-staging",
        title="K.’s staging, as read in November 2026",
        question="Which dated rules stage K., and what do they say of her?",
        first="0",
        all_of="All steps, to print",
    )


def trials() -> Part:
    """The trials that recruited, one by one, and the one whose rules she meets."""
    table = ledger.table("registrations").set_index("key")
    recruiting = [row for row in table.itertuples() if row.stage == "recruiting"]
    hers = next(table.loc[["nct01220492"]].itertuples())
    rows = [_closed(hers), *map(_recruiting, recruiting)]
    told = (
        f"{len(recruiting)} trials of cells were recruiting when we read copies of the register; "
        "none would take K. today. Any of them may have closed since."
    )
    return Part("trial", "A trial for her?", rows, told)


def _closed(row) -> Row:
    """The one trial of the seventeen rule sets that K. meets."""
    if accepting("V01") != ("UCMSC-302",):
        raise ValueError("K. meets other rules than those of UCMSC-302: write this row anew.")
    return Row(
        row.registry_id,
        f"{row.cell}, {row.condition}, {row.sponsor}: its rules would let her in. "
        f"By the register: {row.status_as_seen}, {row.completion[:4]}.",
        "nct01220492",
        read=read(row._asdict()),
        mine="K.: eligible, and ten years late.",
    )


def _recruiting(row) -> Row:
    who = f"{int(row.planned)} people planned" if row.planned else "size not read"
    return Row(
        f"{row.short} ({row.registry_id})",
        f"For: {row.condition}. {row.cell}; {row.design}; {who}. {row.sponsor}.",
        row.Index,
        facts=[("Status", row.status_as_seen), ("Record of", _seen(row.seen_in))],
        read=read(row._asdict()),
        mine=WHY_NOT[row.Index],
    )


def _seen(words: str) -> str:
    """The day of a record, in words: a dash between its numbers would look like a range."""
    if words == "not shown":
        return ""
    return ISO.sub(lambda day: f"{date.fromisoformat(day[0]):%d %B %Y}".lstrip("0"), words)


def takes_home() -> list[Part]:
    """Three numbers that are known, two things that are not, and four to do next."""
    steps = [one for one in TAKES_HOME if one[0].startswith("To do")]
    known = [one for one in TAKES_HOME if one not in steps]
    return [
        Part(
            "known",
            "Known, and not known",
            [_taken(*one) for one in known],
            "Three numbers that are known, two things that are not.",
        ),
        Part("do", "What she does", [_taken(*one) for one in steps], "Four steps, from today on."),
    ]


def _taken(head: str, text: str, sources: tuple[str, ...]) -> Row:
    first, *others = sources
    also = ", ".join(ledger.reference(source).short for source in others)
    return Row(head, plain(text), first, facts=[("Also", also)])


def plain(text: str) -> str:
    """One line of Markdown as plain words, with the ledger's numbers.

    >>> plain("*with* one")
    'with one'
    """
    return re.sub(r"\*", "", ledger.fill(text))


def asks() -> Part:
    """Eight questions to whoever offers cells, with what to listen for."""
    rows = [
        Row(
            row.label[:1].upper() + row.label[1:],
            row.statement,
            row.source,
            row.status,
            facts=list(zip(("A good answer", "A warning"), ANSWERS[row.Index], strict=True)),
        )
        for row in rows_of(*ANSWERS)
    ]
    return Part("ask", "Before any payment", rows, f"{len(rows)} questions, before any payment.")


def said_of_cells() -> Part:
    """What societies, authorities and reviewers say of cells and of G-CSF, exceptions included."""
    rows = [
        Row(
            row.label[:1].upper() + row.label[1:],
            row.statement,
            row.source,
            row.status,
            differs=plain(SAID[row.Index]),
            read=read(row._asdict()),
        )
        for row in rows_of(*SAID)
    ]
    told = (
        "Western liver societies, as far as we could read, neither recommend nor forbid cells; one "
        "speaks against G-CSF in acute-on-chronic failure. Exceptions stand beside the lines."
    )
    return Part("said", "Who says what of cells", rows, told)
