"""Notebook 13: the board shows the ledger, the last quizzes ask what the first asked,
changes are counted."""

from __future__ import annotations

import re

import nbformat
import pytest

from hepatica import ledger
from hepatica.analysis import eligibility
from hepatica.cards import Change, Eligibility, Quiz
from hepatica.cards.kinds.claims.card import (
    CERTAINTIES,
    VERDICTS,
    verdict_counts,
    verdicts_in_words,
)
from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.sentence import Description, Formula
from hepatica.cards.parts.text import typeset
from hepatica.lessons import n00_start_here as start_here
from hepatica.lessons import n13_the_article as lesson
from tools.node import Session

SCRIPT = """import { agreementOf, claimsFound, notebookAddress } from "./kinds/claims/card.js";
import { compareAnswers, wordOfChange } from "./kinds/change/card.js";
let board;
---
if (data.board) { board = data.board; return null; }
if (data.chosen) return claimsFound(board.claims, data.chosen, data.without ?? "").map((claim) => claim.key);
if (data.judged) return agreementOf(board, data.judged);
if (data.path) return notebookAddress("08_x.ipynb", data.path, data.site);
if (data.item) return wordOfChange(data.item, data.before, data.after);
return compareAnswers(data.items, data.before, data.after);
"""


@pytest.fixture(scope="module")
def frontend(tmp_path_factory):
    with Session(SCRIPT, tmp_path_factory.mktemp("node")) as session:
        session.ask({"board": dict(lesson.claims_board().spec)})
        yield session.ask


# -- the board -------------------------------------------------------------------------------------


def board_faults(spec: dict) -> list[str]:
    """Where a board differs from data/claims.csv."""
    rows = {row["key"]: row for row in ledger.table("claims").to_dict("records")}
    faults = (
        []
        if [claim["key"] for claim in spec["claims"]] == list(rows)
        else ["not all claims, or another order"]
    )
    for claim in spec["claims"]:
        row = rows[claim["key"]]
        same = {
            "verdict": row["verdict"],
            "certainty": row["certainty"].replace("_", " "),
            "type": row["type"],
            "section": row["section"],
            "left_out": typeset(row["what_the_article_leaves_out"]),
        }
        faults += [
            f"{claim['key']}: {name}" for name, value in same.items() if claim[name] != value
        ]
        faults += [
            f"{claim['key']}: no {name}"
            for name in ("evidence", "numbers", "sources", "taught_in")
            if not claim[name]
        ]
        faults += [
            f"{claim['key']}: notebook {n}"
            for n in claim["taught_in"]
            if n not in spec["notebooks"]
        ]
    return faults


def test_the_board_is_the_ledger():
    spec = lesson.claims_board().spec
    assert len(spec["claims"]) == len(ledger.table("claims"))
    assert board_faults(spec) == []
    changed = [{**claim, "verdict": "supported"} for claim in spec["claims"]]
    assert "C01: verdict" in board_faults({**spec, "claims": changed})
    assert board_faults({**spec, "claims": spec["claims"][1:]})[0].startswith("not all claims")


def test_the_counts_are_those_of_the_ledger():
    counts = verdict_counts()
    assert tuple(counts) == VERDICTS
    assert list(counts.values()) == [21, 13, 14, 17, 2], (
        "the text of notebook 13 tells these numbers"
    )
    assert {row.replace("_", " ") for row in ledger.table("claims")["certainty"]} == set(
        CERTAINTIES
    )
    assert "67 claims: 21 supported, 13 partly supported" in verdicts_in_words()
    assert lesson.claims_board().describe().startswith("67 of 67 claims shown.")
    assert lesson.claims_board().static_html().count("<li>") == len(ledger.table("claims"))


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, 67),
        ({"verdict": "supported"}, 21),
        ({"certainty": "high"}, 22),
        ({"section": "Introduction"}, 7),
        ({"verdict": "supported", "section": "Introduction"}, 2),
        ({"text": "transplant MELD"}, None),
        ({"text": "zzz"}, 0),
    ],
)
def test_filters_find_what_they_announce(frontend, chosen, expected):
    found = frontend({"chosen": chosen})
    assert expected is None or len(found) == expected
    if expected is None:
        assert 0 < len(found) < 20
        assert set(found) <= set(frontend({"chosen": {"text": "transplant"}}))


def test_a_filter_left_out_counts_the_others_only(frontend):
    chosen = {"verdict": "supported", "section": "Introduction"}
    assert len(frontend({"chosen": chosen, "without": "verdict"})) == 7
    assert len(frontend({"chosen": chosen, "without": "section"})) == 21


def test_agreement_tells_trust_from_doubt(frontend):
    holds, _, misleads, _ = range(len(start_here.OPTIONS))
    judged = {"C01": holds, "C02": holds, "C03": misleads, "C06": misleads}
    assert frontend({"judged": judged}) == {"given": 4, "agree": 2, "trusting": 1, "doubting": 1}
    assert frontend({"judged": {}}) == {"given": 0, "agree": 0, "trusting": 0, "doubting": 0}


@pytest.mark.parametrize(
    ("path", "site", "address"),
    [
        ("/home/k/_site/13_the_article.html", True, "08_x.html"),
        ("/_site/exercises/13.html", True, "../08_x.html"),
        ("/lab/tree/notebooks/13_the_article.ipynb", False, "08_x.ipynb"),
        ("/lab/tree/exercises/13_the_article.ipynb", False, "../notebooks/08_x.ipynb"),
        ("/lab/tree/exercises/solutions/13_the_article.ipynb", False, "../../notebooks/08_x.ipynb"),
    ],
)
def test_links_lead_to_the_notebook_from_everywhere(frontend, path, site, address):
    assert frontend({"path": path, "site": site}) == address


def test_the_board_starts_covered(frontend):
    board = lesson.claims_board()
    assert board.fields["covered"].start is True and "holds" not in board.spec["title"]
    assert "You have judged none" in board.describe()
    assert "diamonds" in board.describe(covered=False), "uncovered, it tells how certain we are"
    assert "<details><summary>All claims" in board.static_html()


def order_faults(calls: list[str]) -> list[str]:
    """Where notebook 13 shows a verdict before it has asked for the reader's own."""
    wanted = ["first_verdict_again", "claims_board", "without_reading", "post_test", "change"]
    found = [call for call in calls if call in wanted]
    return [] if found == wanted else [f"{found}, not {wanted}"]


def test_the_reader_judges_before_anything_is_shown():
    file = start_here.NOTEBOOKS / "13_the_article.ipynb"
    cells = nbformat.read(file, as_version=4).cells
    calls = re.findall(
        r"article\.(\w+)\(", "\n".join(c.source for c in cells if c.cell_type == "code")
    )
    assert order_faults(calls) == []
    assert calls[-2:] == ["ghosts", "letter"]
    assert order_faults(["claims_board", *calls]) != []


# -- before and after ------------------------------------------------------------------------------

ITEMS = [{"right": 1}, {"right": 0}, {"right": 2}]


def test_change_counts_items_answered_both_times(frontend):
    found = frontend(
        {"items": ITEMS, "before": {"0": 0, "1": 0}, "after": {"0": 1, "1": 0, "2": 2}}
    )
    assert found == {
        "before": {"given": 2, "right": 1},
        "after": {"given": 3, "right": 3},
        "both": 2,
        "change": 1,
    }
    worse = frontend({"items": ITEMS, "before": {"0": 1}, "after": {"0": 0}})
    assert worse["change"] == -1, "a change for the worse is told"
    assert frontend({"items": ITEMS, "before": {}, "after": {}})["both"] == 0


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (None, None, "not answered"),
        (None, 1, "right now"),
        (None, 0, "not yet"),
        (0, None, "waiting for your answer now"),
        (0, 1, "gained"),
        (1, 1, "right both times"),
        (1, 0, "lost"),
        (0, 2, "not yet"),
    ],
)
def test_each_item_gets_its_word(frontend, before, after, word):
    assert frontend({"item": ITEMS[0], "before": before, "after": after}) == word


def test_the_last_quizzes_ask_what_the_first_asked():
    pairs = [
        (Quiz.load("00", "pretest"), lesson.post_test()),
        (start_here.first_verdict(*lesson.FIRST_EIGHT), lesson.first_verdict_again()),
    ]
    for before, after in pairs:
        assert (before.spec["feedback"], after.spec["feedback"], after.spec["keep"]) == (
            "later",
            "now",
            True,
        )
        assert before.spec["id"] != after.spec["id"]
        assert len(before.spec["items"]) == len(after.spec["items"]) in (10, 8)
    kept = {
        lesson.change().spec[name][when]["id"]
        for name in ("test", "verdicts")
        for when in ("before", "after")
    }
    assert kept == {quiz.spec["id"] for pair in pairs for quiz in pair}


def test_quizzes_that_cannot_be_compared_are_refused():
    made = {"id": "x", "title": "x", "question": "x", "claims": {}}
    same = (start_here.first_verdict("C01"), start_here.first_verdict("C01"))
    with pytest.raises(CardError, match="do not ask the same"):
        Change(
            test=(start_here.first_verdict("C01"), start_here.first_verdict("C02")),
            verdicts=same,
            **made,
        )
    with pytest.raises(CardError, match="keep=True"):
        Change(test=(Quiz.load("00", "check"), Quiz.load("00", "check")), verdicts=same, **made)


# -- the screening ---------------------------------------------------------------------------------


def test_the_screening_holds_all_patients_and_rules():
    spec = lesson.eligibility().spec
    assert {name: len(spec[name]) for name in ("patients", "rule_sets")} == {
        name: len(ledger.table(name)) for name in ("patients", "rule_sets")
    }
    assert sum(len(rule_set["rules"]) for rule_set in spec["rule_sets"]) == len(
        ledger.table("eligibility")
    )
    assert [row["key"] for row in spec["rule_sets"] if not row["cells"]] == [eligibility.COMPARATOR]
    assert all(row["completeness"] for row in spec["rule_sets"]), (
        "how much could be read is always told"
    )
    assert (
        lesson.eligibility()
        .describe()
        .startswith("K.A. meets the coded rules of 1 of 17 cell trials: UCMSC-302.")
    )
    assert "(before: 1)" in lesson.eligibility().describe(bilirubin_mg_dl=15.0)


def test_no_slider_starts_outside_its_range():
    spec, count = lesson.eligibility().spec, 0
    for slider in spec["controls"]:
        for patient in spec["patients"]:
            value = patient["values"][slider["name"]]
            assert slider["min"] <= value <= slider["max"] or value == slider.get("top"), (
                patient["key"],
                slider,
            )
            count += 1
    assert (len(spec["controls"]), count) == (4, 4 * len(ledger.table("patients")))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"patient": "V13"}, "patient: “V13” is none of “V01”"),
        ({"age_years": 12}, ("outside 18 to 85 years")),
        ({"weight": 70}, "there is no value 'weight'"),
    ],
)
def test_wrong_values_of_the_screening_are_refused(values, says):
    card = Eligibility(id="x", title="x", question="x", first="V02")
    with pytest.raises(CardError, match=says):
        card.values = values
    card.values = {"patient": "V03", "age_years": 60, "alcohol_abstinence_months": 999}
    assert card.values["patient"] == "V03"


def test_an_unknown_first_patient_is_refused():
    with pytest.raises(CardError, match="Write V01 to V12"):
        Eligibility(id="x", title="x", question="x", first="K")


def mission_says(**values) -> tuple[bool, str]:
    """Whether the mission is reached at these values, and what it says then."""
    card = lesson.eligibility()
    scope = card.scope(**values)
    names = scope.keys()
    reached = Formula(card.mission.reached, names).value(scope)
    return bool(reached), Description(card.mission.rules(), names).say(scope)


@pytest.mark.parametrize(
    ("values", "reached", "says"),
    [
        ({"bilirubin_mg_dl": 3.0}, True, "It was a narrow window"),
        ({}, False, "1 of the four doors"),
        ({"inr": 1.4}, False, "3 of the four doors"),
        ({"bilirubin_mg_dl": 4.0}, False, "too ill to wait for a trial"),
        ({"patient": "V03"}, False, "This is T.R., not K."),
    ],
)
def test_the_mission_is_reached_through_a_narrow_window(values, reached, says):
    found = mission_says(**values)
    assert found[0] is reached
    assert says in found[1]


def test_four_at_the_door_are_put_in_order_by_the_rules():
    card = lesson.eligibility()
    items = card.spec["predict"]["items"]
    right = sorted(range(4), key=lambda place: items[place]["rank"])
    assert right != list(range(4)), "the answer is handed out"
    assert [items[place]["text"][:4] for place in right] == ["M.S.", "F.N.", "K.A.", "J.C."]
    counts = [len(eligibility.accepting(key)) for key in ("V06", "V07", "V01", "V10")]
    assert counts == sorted(counts, reverse=True)
    assert "As the rules have it: M.S. 9" in card.reply(right)
    assert "who needs help most" in card.reply(right[::-1])
    assert "In part" in card.reply([right[1], right[0], right[3], right[2]])


def test_tables_of_the_last_notebook():
    door, reading = lesson.four_at_the_door(), lesson.without_reading()
    assert [row[1] for row in door.rows] == ["1", "6", "2", "0"]
    assert [row[1] for row in reading.rows] == ["31", "28", "21"]
