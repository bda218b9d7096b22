"""Cards of notebook 13: who may enter a trial, all claims with their verdicts,
and what the reader has changed."""

from __future__ import annotations

import tomllib
from functools import cache

from hepatica import ledger
from hepatica.cards import Change, ClaimsBoard, Eligibility, Quiz
from hepatica.cards.kinds.quiz.card import QUIZZES
from hepatica.lessons import n00_start_here as start_here

FIRST_EIGHT = tuple(f"C0{number}" for number in range(1, 9))
"""The claims on which notebook 00 asks for a first verdict."""


@cache
def eligibility() -> Eligibility:
    """The twelve virtual patients against the entry rules of seventeen cell trials and a
    comparator."""
    return Eligibility(
        id="eligibility",
        title="Eligible is not indicated",
        question="K. meets one of seventeen. Does that mean she should? Make her sicker, "
        "and watch the doors open.",
    )


@cache
def claims_board() -> ClaimsBoard:
    """All claims of the article with verdict, certainty and what was left out."""
    return ClaimsBoard(
        id="claims-board",
        title="One article, every claim: much of it holds",
        question="Which claims hold, and what would K. never learn from those that do?",
        answers=start_here.OPTIONS,
    )


@cache
def post_test() -> Quiz:
    """The ten questions of notebook 00 once more, now with every option explained."""
    asked = tomllib.loads((QUIZZES / "00.toml").read_text(encoding="utf-8"))["pretest"]
    return Quiz(
        asked["items"],
        id="quiz-13-post-test",
        title="The same ten questions",
        keep=True,
        question="You met them in notebook 00. This time every option is explained at once.",
    )


@cache
def first_verdict_again() -> Quiz:
    """The eight claims of notebook 00 once more, now with the evidence."""
    rows = ledger.table("claims").set_index("key").loc[list(FIRST_EIGHT)]
    return Quiz(
        [_verdict_item(row) for row in rows.itertuples()],
        id="quiz-13-verdict-again",
        keep=True,
        title="The same eight claims",
        question="What do you think of each claim, now that you have met the evidence?",
    )


def _verdict_item(claim) -> dict:
    """A claim as notebook 00 asks it; each option says the verdict,
    the right one also the evidence."""
    said = f"Verdict: {claim.verdict}; certainty {claim.certainty.replace('_', ' ')}."
    options = [
        {
            "text": text,
            "right": claim.verdict in verdicts,
            "why": f"{said} {claim.evidence_summary if claim.verdict in verdicts else _hint(claim.verdict)}",
        }
        for text, verdicts in start_here.OPTIONS.items()
    ]
    return {"question": f"**{claim.Index}** · {claim.claim.partition(' (')[0]}", "options": options}


HINTS = {
    "supported": "Good evidence stands behind this one.",
    "partly supported": "Part of the sentence holds; the evidence does not carry all of it.",
    "uncertain": "The evidence neither shows it nor rules it out.",
    "true but misleading": "The words hold, and what they leave out would change a decision.",
    "not supported": "What has been measured does not show this.",
}


def _hint(verdict: str) -> str:
    """What a verdict means, for those who chose another."""
    return HINTS[verdict]


@cache
def change() -> Change:
    """Answers of notebook 00 beside those of this notebook;
    they never leave the reader's browser."""
    verdicts = ledger.table("claims").set_index("key").loc[list(FIRST_EIGHT), "verdict"]
    return Change(
        id="what-changed",
        title="What has changed since the first page",
        question="You answered once before you knew more, and once now. What moved?",
        test=(Quiz.load("00", "pretest"), post_test()),
        verdicts=(start_here.first_verdict(*FIRST_EIGHT), first_verdict_again()),
        claims=dict(verdicts),
    )
