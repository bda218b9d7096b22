"""Cards of notebook 13: who may enter a trial, all claims with their verdicts, and what became of
the reader: verdicts and answers, guesses, the letter to K."""

from __future__ import annotations

import tomllib
from functools import cache

from hepatica import ledger
from hepatica.analysis.eligibility import accepting, transplant_referral
from hepatica.cards import (
    AssembledLetter,
    Change,
    ClaimsBoard,
    Eligibility,
    Ghosts,
    Mission,
    Order,
    Quiz,
)
from hepatica.cards.kinds.ghosts.card import asking, stored_predictions
from hepatica.cards.kinds.quiz.card import QUIZZES
from hepatica.cards.parts.shapes import rules
from hepatica.lessons import n00_start_here as start_here
from hepatica.show import Table, table

FIRST_EIGHT = tuple(f"C0{number}" for number in range(1, 9))
"""The claims on which notebook 00 asks for a first verdict."""


@cache
def eligibility() -> Eligibility:
    """The twelve virtual patients against the entry rules of seventeen cell trials and a
    comparator."""
    return Eligibility(
        id="eligibility",
        title="Eligible is not indicated",
        question="Whom do the rules of seventeen cell trials let in?",
        predict=doors(),
        mission=window(),
    )


AT_THE_DOOR = (
    (
        "V10",
        "J.C. (V10): a small cancer in the liver, MELD {patients/V10.expected_meld}",
        "A low MELD looks harmless. A cancer closes every door: for safety, and for clear results.",
    ),
    (
        "V01",
        "K.A. (V01): a stiff liver found by chance, MELD {patients/V01.expected_meld}",
        "K. is well, and the well are mostly refused: too little could change in her.",
    ),
    (
        "V06",
        "M.S. (V06): stopped drinking, ascites going, MELD {patients/V06.expected_meld}",
        "M.S. gets better without cells. To the rules he is ideal: ill enough, and steady.",
    ),
    (
        "V07",
        "F.N. (V07): inflamed and not yet treated, MELD {patients/V07.expected_meld}",
        "One would expect the rules to wait until F.N. has had steroids. Most do not ask.",
    ),
)
"""Four of the twelve: key, in a few words, and why one may misplace them."""


def doors() -> Order:
    """Four people, to be put in order by how many trials let them in."""
    met = {key: len(accepting(key)) for key, _, _ in AT_THE_DOOR}
    return Order(
        "Here are four of our twelve. Who is let in by **most** of the seventeen?",
        items=[(text, -met[key], why) for key, text, why in AT_THE_DOOR],
        ends=("let in by most", "let in by fewest"),
        reply=rules(f"""
            pairs > all_pairs - 1
                As the rules have it: M.S. {met["V06"]}, F.N. {met["V07"]}, K. {met["V01"]}, J.C.
                {met["V10"]}. They take the ill who are steady; whom cells would help, none asks.
            pairs < 3
                You may have asked who needs help most, or who could bear it best. The rules ask
                who is ill enough to change and steady enough to be followed.
            otherwise
                In part. The rules ask who is ill enough to change and steady enough to be
                followed: M.S. {met["V06"]}, F.N. {met["V07"]}, K. {met["V01"]}, J.C. {met["V10"]}.
        """),
    )


def window() -> Mission:
    """Four doors open for K. before the transplant team must be called."""
    return Mission(
        "Stay with K. and make her ill enough that **four** cell trials take her, while the line "
        "*Transplant team* does not yet say *yes*.",
        reached="(first > 0) & (met >= 4) & (called < 1)",
        done="{met:0f} doors are open, and the transplant team says: {refer:t}. It was a narrow "
        "window, and to get there you had to make her ill. Eligible is not indicated.",
        fails=rules("""
            first < 1
                This is {who:t}, not K. Go back to her.
            called > 0
                {met:0f} doors are open, and the transplant team says: {refer:t}. What lets her in
                has made her too ill to wait for a trial. Go back a little.
        """),
        far="{met:0f} of the four doors, and the transplant team says: {refer:t}. As well as K. "
        "is, most trials refuse her.",
    )


@cache
def four_at_the_door() -> Table:
    """Four patients: how many cell trials let them in, and what a transplant team would say."""
    rows = ledger.table("patients").set_index("key").loc[["V01", "V07", "V08", "V10"]]
    return table(
        "Doors that open, and what should happen",
        ("Patient", "Cell trials whose rules are met", "Transplant team"),
        [
            (f"{row.initials} ({row.Index})", len(accepting(row.Index)), due)
            for row in rows.itertuples()
            for due in [transplant_referral(row.Index).due]
        ],
    )


ATTITUDES = {
    "a believer: “supported”": ("supported",),
    "a cynic: “misleading or not supported”": ("true but misleading", "not supported"),
    "one who shrugs: “uncertain”": ("uncertain",),
}
"""What a reader says of every sentence, and the verdicts that this stands for."""


@cache
def without_reading() -> Table:
    """How often somebody who says the same of every sentence agrees with the ledger."""
    verdicts = ledger.table("claims")["verdict"]
    return table(
        "Verdicts without reading",
        ("Who says what of every sentence", "Agrees with us, %"),
        [(who, round(100 * verdicts.isin(words).mean())) for who, words in ATTITUDES.items()],
    )


@cache
def claims_board() -> ClaimsBoard:
    """All claims of the article with verdict, certainty and what was left out."""
    return ClaimsBoard(
        id="claims-board",
        title="One article, every claim",
        question="Which claims hold? Judge some before you take the cover off.",
        answers=start_here.OPTIONS,
        covered=True,
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
    words = claim.claim.partition(" (")[0]
    return {"question": f"**{claim.Index}.** {words}", "options": options, "ladder": True}


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


@cache
def ghosts() -> Ghosts:
    """All predictions of the course in one picture, this notebook's own included."""
    stored = stored_predictions(start_here.NOTEBOOKS, leave_out="13")
    return Ghosts(
        id="all-ghosts",
        title="Everything you guessed",
        question="What did you expect, notebook by notebook, and what did the model do?",
        cards={**stored, "13": asking([eligibility().spec])},
    )


@cache
def letter() -> AssembledLetter:
    """The letter to K., of the reader's own lines."""
    return AssembledLetter(
        id="letter-to-k",
        title="A letter of your own lines",
        question="These are your words. Would you sign them today?",
    )
