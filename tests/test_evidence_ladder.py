"""The evidence ladder: every finding of the table stands on a rung or holds for all,
and nothing is coloured in."""

import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from hepatica import ledger
from hepatica.cards import Quiz
from hepatica.cards.kinds.ladder.card import Claim, Finding, Ladder, sold, told
from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.predict import Predict, PredictionError
from hepatica.lessons import n10_evidence_ladder as lesson
from hepatica.lessons.n10_evidence_ladder import (
    CALM,
    PEOPLE,
    POOLED,
    RANDOMISED,
    REPAIR,
    SCAR,
    VESSELS,
    WAKE,
)
from tools.node import run_js

CLIMBED = """import { climbed } from "./kinds/ladder/card.js";
---
return data.claims.map((_, claim) => climbed(data, claim));
"""

NOTEBOOK = (
    Path(__file__).resolve().parent.parent / "notebooks" / "10_five_proposed_mechanisms.ipynb"
)
CLAIM = re.compile(r"\bC\d\d\b")
VERDICT = re.compile(r"\*\*(C\d\d), [^*]+:\*\* ([^.;]+)[.;]")

# The top of each ladder as a reader of the table would sort it: in favour, open, against.
AT_THE_TOP = {
    CALM: (0, 1, 0),
    REPAIR: (1, 1, 0),
    VESSELS: (0, 0, 0),
    WAKE: (0, 0, 2),
    SCAR: (1, 1, 0),
}


def signs(claim: int, rung: int) -> tuple[int, int, int]:
    """How many findings on a rung are in favour, open and against."""
    found = [item.sign for item in lesson.findings() if (item.claim, item.rung) == (claim, rung)]
    return found.count("for"), found.count("open"), found.count("against")


def on(claim: int, rung: int, source: str) -> dict:
    """The finding of one source on a rung of the card."""
    found = [
        item
        for item in lesson.ladder().spec["findings"]
        if (item["claim"], item["rung"]) == (claim, rung) and source in item["source"]
    ]
    assert len(found) == 1, f"{source} stands {len(found)} times on {claim}-{rung}"
    return found[0]


def test_no_row_of_the_table_is_lost():
    rows = ledger.table("mechanisms")
    card = lesson.ladder()
    assert len(rows) > 30
    assert len(card.spec["findings"]) + len(card.spec["notes"]) == len(rows)
    assert {item["claim"] for item in card.spec["findings"]} == set(range(5))


def test_each_direction_of_the_table_is_sorted_once():
    sorted_words = [word for words in lesson.DIRECTIONS.values() for word in words]
    assert len(sorted_words) == len(set(sorted_words))
    rows = [
        row for row in ledger.table("mechanisms").itertuples() if row.mechanism in lesson.MECHANISMS
    ]
    assert len(rows) > 30
    assert {lesson.sign_of(row) for row in rows} <= {"for", "open", "against", "aside"}
    with pytest.raises(KeyError, match="miraculous"):
        lesson.sign_of(SimpleNamespace(key="x", direction="miraculous"))
    assert set(lesson.SIGN_OF_ROW) | set(lesson.LADDER_OF_RISK) <= set(
        ledger.table("mechanisms")["key"]
    )


def test_the_top_rungs_are_what_the_table_says():
    assert {claim: signs(claim, RANDOMISED) for claim in AT_THE_TOP} == AT_THE_TOP
    assert signs(REPAIR, PEOPLE) == (0, 0, 0), "no biopsy or image for repair"
    assert signs(REPAIR, POOLED) == (3, 0, 1) and signs(WAKE, POOLED) == (0, 1, 0)
    assert lesson.in_favour() == {REPAIR, SCAR} and lesson.in_favour(rung=1) == set(AT_THE_TOP)


def test_uncertain_is_neither_yes_nor_no():
    match = on(CALM, RANDOMISED, "Brennan")
    assert match["sign"] == "open"
    assert "−0.87" in match["number"]
    assert "−1.79 to 0.0" in match["number"]
    assert "p=0.06" in match["number"]
    assert "no effect" not in match["text"].lower()


def test_what_was_found_is_said_with_its_limits():
    suk = on(SCAR, RANDOMISED, "Suk")
    assert suk["sign"] == "for"
    for words in ("open label", "abstinent", "19.5 to 14.5 %", "21.1 to 13.2 %"):
        assert words in suk["text"]
    assert "control-arm histology not readable" in suk["but"]
    assert "−25" in suk["number"]
    assert "−37" in suk["number"]
    dickson = on(SCAR, RANDOMISED, "Dickson")
    assert dickson["sign"] == "open" and not dickson["number"], (
        "no number, no biopsy: it cannot tell"
    )
    assert on(WAKE, RANDOMISED, "Spahr")["sign"] == "against"


def test_the_sentence_counts_and_follows_the_findings():
    card, found = lesson.ladder(), lesson.findings()
    assert card.describe() == (
        "Findings in favour: 6 of 6 in a dish; 12 of 14 in animals; "
        "2 of 6 in people (biopsy, blood or image); "
        "3 of 5 in pools, not all drawn by lot; 2 of 7 in randomised trials."
    )
    assert card.spec["told"]["for"].startswith("25 findings, all in favour. Left out: 13 ")
    turned = [Finding(**{**vars(item), "sign": "for"}) for item in found]
    assert told(list(lesson.RUNGS.values()), turned) != card.describe()
    assert "Left out: 0" in sold(turned)


def test_the_page_and_the_table_agree_how_high_each_has_climbed(tmp_path):
    highest = [
        max(item.rung for item in lesson.findings() if item.claim == claim and item.sign == "for")
        for claim in range(5)
    ]
    assert run_js(CLIMBED, lesson.ladder().spec, tmp_path) == highest == [1, 4, 2, 1, 4]


def test_empty_rungs_are_shown_as_empty():
    text = lesson.ladder().static_html()
    assert text.count("<td>nothing found</td>") == 7
    assert text.count("<td>1 for, 1 open or mixed</td>") == 2


def test_a_rung_of_the_card_can_be_opened_and_no_other():
    card = lesson.ladder()
    card.values = {"rung": "4-4"}
    assert card.values["rung"] == "4-4"
    with pytest.raises(CardError, match="“5-0” is none of"):
        card.values = {"rung": "5-0"}
    card.values = {"rung": ""}


def finding(claim=0, rung=0, sign="for"):
    return Finding(claim, rung, sign, "cells", "Less scar.", "thomas2011", "published")


@pytest.mark.parametrize(
    ("findings", "says"),
    [
        ([finding(sign="maybe")], "unknown sign 'maybe'"),
        ([finding(rung=1)], "rung 0-1, which this card does not have"),
        ([], "has no finding"),
    ],
)
def test_a_wrong_ladder_is_refused(findings, says):
    with pytest.raises(CardError, match=says):
        Ladder([Claim("Calms", "Calm")], ["dish"], findings, id="x", title="X", question="?")


def test_a_guess_has_one_right_answer():
    options = [("a", True, ""), ("b", False, "")]
    assert Predict("Which?", options, hides=1).json()["hides"] == 1
    with pytest.raises(PredictionError, match="2 right options"):
        Predict("Which?", [*options, ("c", True, "")]).json()


def test_numbers_are_set_as_in_print():
    assert lesson.typeset("-0.5 percent of 5e7 (1.0-2.0)") == "−0.5 % of 5×10⁷ (1.0-2.0)"
    assert lesson.capital("secreted factors") == "Secreted factors"
    assert lesson.capital("alpha-SMA down") == "alpha-SMA down"
    assert lesson.sentence("") == ""


# ------------------------------------------------------------------------------ the verdicts taught


def foreign_verdicts(taught: dict[str, str]) -> list[str]:
    """Claims whose verdict as taught does not hold that of data/claims.csv."""
    verdicts = ledger.table("claims").set_index("key")["verdict"]
    return [claim for claim, words in taught.items() if not says(words, verdicts[claim])]


def says(words: str, verdict: str) -> bool:
    """Whether the words give this verdict, and “not supported” is not taken for “supported”."""
    words = words.lower()
    longer = {"supported": ("partly supported", "not supported")}.get(verdict, ())
    return verdict in words and not any(other in words for other in longer)


def in_the_quiz() -> dict[str, str]:
    """Claims of the quiz on the article's sentences, each with the right option."""
    items = Quiz.load("10", "sentences").spec["items"]
    right = {
        item["question"]: next(option["text"] for option in item["options"] if option["right"])
        for item in items
    }
    return {claim: text for question, text in right.items() for claim in CLAIM.findall(question)}


def in_the_text() -> dict[str, str]:
    """Claims of the ladder section, each with the words that follow."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    return dict(
        VERDICT.findall("\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))
    )


def test_the_verdicts_taught_are_the_ledgers():
    quiz, text = in_the_quiz(), in_the_text()
    assert set(quiz) == {"C32", "C33", "C34", "C52", "C54", "C56", "C57"}
    assert set(text) == {"C27", "C28", "C29", "C30", "C31"}
    assert foreign_verdicts(quiz | text) == []
    assert foreign_verdicts({**quiz, "C52": quiz["C56"], "C27": "supported"}) == ["C52", "C27"]


def test_the_quiz_refutes_what_it_promises():
    tags = [
        item["misconception"]
        for name in ("recall", "sentences", "check")
        for item in Quiz.load("10", name).spec["items"]
    ]
    assert {"M1", "M8", "M9", "M10", "M11", "M14"} <= set(tags)
    numbers = [item for item in Quiz.load("10", "check").spec["items"] if item["type"] == "number"]
    assert [item["answer"] for item in numbers] == [pytest.approx(3.31, rel=0.01)]
