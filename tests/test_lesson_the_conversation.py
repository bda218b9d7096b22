"""Notebook 13: the talk with K., the questions to a seller and the quizzes say what the ledger and
the rules say."""

import re
from pathlib import Path

import nbformat
import pytest

from hepatica import ledger
from hepatica.analysis import eligibility
from hepatica.cards import Ask, CardError, Decision, Interview, Place, Quiz
from hepatica.lessons import n13_the_conversation as lesson
from hepatica.lessons.n08_what_already_works.staging import staging_sheet
from tools.node import run_js

ROOT = Path(__file__).resolve().parent.parent
PATIENTS = list(ledger.table("patients")["key"])
CELL_TRIALS = [name for name in ledger.table("rule_sets")["key"] if name != eligibility.COMPARATOR]
QUIZZES = ("recall", "weigh", "check", "exercise_1", "exercise_2", "exercise_3")


def quiz(name: str) -> list[dict]:
    return Quiz.load("13", name).spec["items"]


def right(item: dict) -> str:
    return next(option["text"] for option in item["options"] if option["right"])


def test_the_conversation_is_whole():
    card = lesson.conversation()
    steps = card.spec["items"]
    assert isinstance(card, Decision)
    assert card.spec["end"]
    assert len(steps) == 7
    assert all(
        len(step["options"]) == 3 and sum(option["right"] for option in step["options"]) == 1
        for step in steps
    )
    places = [[option["right"] for option in step["options"]].index(True) for step in steps]
    assert set(places) == {0, 1, 2}  # the right choice stands in no favourite place
    assert "{" not in str([step["scene"] + step["done"] for step in steps] + [card.spec["end"]])


def test_hype_contempt_and_false_certainty_are_all_wrong_choices():
    wrong = " ".join(
        option["text"]
        for step in lesson.conversation().spec["items"]
        for option in step["options"]
        if not option["right"]
    )
    chosen = " ".join(right(step) for step in lesson.conversation().spec["items"])
    for temptation in (
        "find a clinic",
        "Not one sentence",
        "is proven",
        "patients improved",
        "I promise",
        "forbid",
    ):
        assert temptation in wrong
        assert temptation not in chosen


def test_what_k_hears_is_in_the_ledger():
    silent = ledger.number("targets/nh-masld-f4-silent-10y").value
    assert round(silent, -1) == 60  # "about sixty"
    assert round(ledger.number("targets/nh-masld-f4-decompensated-10y").value, -1) != 60
    share = (ledger.table("claims")["verdict"] == "supported").mean()
    assert 0.3 < share < 0.36  # "about a third hold as they stand"
    match = ledger.number("guidelines/match-difference")
    assert (match.low, match.high) == (-1.79, 0)
    assert abs(match.value) < 1 < ledger.number("scores/laboratories-meld-mean").value
    for trial in ("MATCH", "REALISTIC"):  # too well for both
        assert "MELD 6 is below" in " ".join(eligibility.judge("V01", trial).reasons)
    assert eligibility.judge("V03", "MATCH").verdict == eligibility.MEETS


def test_the_rule_sets_are_as_the_quizzes_say():
    accepted = {patient: set(eligibility.accepting(patient)) for patient in PATIENTS}
    assert len(CELL_TRIALS) == 17
    assert accepted["V01"] == {"UCMSC-302"}
    assert sum("UCMSC-302" in sets for sets in accepted.values()) == 8
    assert accepted["V08"] == {"CD133-BO", "UCMSC-320"}
    assert len(accepted["V07"]) == 6
    assert accepted["V10"] == set()
    rules = ledger.table("eligibility")
    refusing = rules[rules["rule_type"] == "exclude"]
    cancer = set(refusing.loc[refusing["variable"].isin(["hcc", "hcc_or_cancer_5y"]), "rule_set"])
    bleeding = set(
        refusing.loc[refusing["variable"].isin(["active_bleeding", "days_since_bleed"]), "rule_set"]
    )
    assert len(cancer) == quiz("exercise_2")[2]["answer"] == 12
    assert len(bleeding) == 6
    assert not bleeding & accepted["V08"]
    assert accepted["V08"] <= cancer
    listed = refusing[refusing["variable"] == "listed_for_lt"]
    assert len(set(listed["rule_set"])) == 2


def test_the_quoted_trial_speaks_for_nobody_of_the_twelve():
    people = ledger.table("patients").set_index("key")
    with_b = people[people["aetiology_code"] == "HBV"]
    assert list(with_b.index) == ["V04"]
    assert (with_b["compensated"] == 1).all()
    assert (people["compensated"] == 0).sum() == 7  # those who have another cause
    assert right(quiz("exercise_3")[1]) == "For none of them."


def test_eight_questions_with_two_answers_each():
    rows = ledger.table("guidelines")
    asked = {key for key in rows["key"] if key.startswith("ask-")}
    assert asked == set(lesson.ANSWERS)
    assert len(asked) == 8
    table = lesson.questions()
    assert all("?" in row[0] and "href" in row[0] and "warning" in row[1] for row in table.rows)
    assert all(good != warning for good, warning in lesson.ANSWERS.values())


def test_two_places_answer_the_same_eight_questions():
    card = lesson.interview()
    assert list(lesson.REPLIES) == list(lesson.ANSWERS)
    assert card.spec["free"] == 3
    assert all(
        item["replies"][0] != item["replies"][1] and item["why"] and item["link"]
        for item in card.spec["items"]
    )
    assert "MELD of 6" in card.spec["items"][card.spec["key"]]["replies"][1]
    assert ledger.number("patients/V01.expected_meld").value == 6
    assert "{" not in str(card.spec["items"]).replace("{'", "")
    assert [option["right"] for option in card.spec["choice"]["options"]] == [False, False, True]


def whole(**changed) -> Interview:
    parts = {
        "places": [Place("a", "x"), Place("b", "y")],
        "free": 1,
        "decide": "Where?",
        "key": 0,
        "missed": "m",
        "asks": [Ask("Who?", ("I.", "We."), "w", "isscr-guidelines-2021")] * 2,
        "choice": [("a", True, "r"), ("b", False, "w")],
        "id": "whole",
        "title": "Whole",
        "question": "Who?",
    }
    return Interview(**parts | changed)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"free": 2}, "must leave some"),
        ({"key": 2}, "is no question"),
        ({"places": [Place("a", "x")]}, "compares two"),
        ({"choice": [("a", False, "r")]}, "exactly one right"),
    ],
)
def test_an_interview_that_does_not_fit_is_refused(changed, says):
    assert whole().spec["kind"] == "interview"
    with pytest.raises(CardError, match=says):
        whole(**changed)


MAY_ASK = """import { mayAsk } from "./kinds/interview/card.js";
---
return data.cases.map(([asked, choice]) => [0, 1, 2].map((index) => mayAsk({ free: 2 }, { asked, choice }, index)));
"""


def test_few_questions_are_free_and_all_after_the_decision(tmp_path):
    cases = [[[], None], [[0], None], [[0, 2], None], [[0, 2], 1], [[0, 2], 0], [[0, 1, 2], 1]]
    free, one, none, after, first, done = run_js(MAY_ASK, {"cases": cases}, tmp_path)
    assert free == [True] * 3
    assert one == [False, True, True]
    assert none == done == [False] * 3
    assert after == first == [False, True, False]


def test_harms_are_counted_and_cited():
    table = lesson.harms()
    assert len(table.rows) == len(lesson.HARMS) + 1
    assert all(row[1][0].isdigit() and " " in row[1] and "href" in row[0] for row in table.rows)
    assert [row[1] for row in table.rows][:6] == [
        "1.61 (1.22–2.11) times",
        "1.14 (0.67–1.95) times",
        "43 %",
        "11–12 %",
        "1 of 27 with, 5 of 24 without",
        "1 person",
    ]  # trials first, those for the cells beside those against
    # statements, not counts
    assert not any(ledger.number(f"guidelines/{key}").value for key in lesson.SAID)
    assert len(lesson.said_of_cells().rows) == len(lesson.SAID)


def test_fair_sentences_stand_beside_the_ledgers_verdicts():
    claims = ledger.table("claims").set_index("key")
    assert list(lesson.FAIR) == [f"C{number}" for number in range(55, 63)]
    rows = lesson.fair_sentences().rows
    assert len(rows) == len(lesson.FAIR)
    for said, fair in rows:
        key = said[:3]
        assert f"<strong>{claims.loc[key, 'verdict']}</strong>" in said
        assert "{" not in fair
        assert ("word for word" in fair) == (claims.loc[key, "verdict"] == "supported")


def kinds(heads) -> dict[str, int]:
    """How many rows of each kind, such as "Known: her outlook"."""
    return {
        kind: sum(head.startswith(f"{kind}:") for head in heads)
        for kind in ("Known", "Not known", "To do")
    }


def test_k_takes_home_three_numbers_two_gaps_and_four_steps():
    rows = [row.json() for part in lesson.takes_home() for row in part.rows]
    heads = [row["label"] for row in rows]
    assert kinds(heads) == {"Known": 3, "Not known": 2, "To do": 4}
    assert len(rows) == 9
    assert kinds(heads[1:]) != kinds(heads)
    assert all(row["link"] and not set("{*") & set(row["text"]) for row in rows)
    assert all(re.search(r"\d", row["text"]) for row in rows if row["label"].startswith("Known"))


def recruiting() -> set[str]:
    """Trials of cells that were recruiting by the register."""
    table = ledger.table("registrations").set_index("key")
    return set(table.index[(table["stage"] == "recruiting") & (table["given"] == "cells")])


def test_no_trial_that_recruits_would_take_k_and_each_says_why():
    assert set(lesson.WHY_NOT) == recruiting() != set()
    table, k = ledger.table("registrations").set_index("key"), "V01"
    asked = " ".join(table.loc[list(lesson.WHY_NOT), "condition"])
    assert all(word in asked for word in ("ACLF", "decompensat", "Child B/C", "HBV"))
    patient = ledger.table("patients").set_index("key").loc[k]
    assert patient["compensated"] == 1 and patient["aetiology_code"] not in ("HBV", "ALD")
    assert eligibility.accepting(k) == ("UCMSC-302",)
    hers = table.loc["nct01220492"]
    assert hers["status_as_seen"] == "completed" and hers["completion"].startswith("2016")
    ill = ledger.table("patients").set_index("key").loc["V05"]
    assert ill["compensated"] == 0, "somebody else might be taken"


def test_her_sheet_is_dated_and_carries_the_staging_of_notebook_08():
    spec = lesson.her_sheet().spec
    parts = {part["key"]: part for part in spec["parts"]}
    assert list(parts) == ["trial", "known", "do", "ask", "said"]
    hers = {part["key"]: part for part in lesson.her_staging().spec["parts"]}
    staging = {part["key"]: part for part in staging_sheet().spec["parts"]}
    assert list(hers) == list("0123") and all(hers[key] == staging[key] for key in hers)
    assert "2026" in lesson.her_staging().spec["title"]
    assert "2026" in spec["title"] and "may have closed" in parts["trial"]["told"]
    assert all("read on" in row["read"] for row in parts["trial"]["rows"])
    assert len(parts["ask"]["rows"]) == len(lesson.ANSWERS)
    right = [option["right"] for option in spec["predict"]["options"]]
    assert right.count(True) == 1 and all(o["why"] for o in spec["predict"]["options"])


def test_what_is_said_of_g_csf_says_that_it_is_a_drug_and_names_the_exceptions():
    rows = {row["label"]: row for row in (row.json() for row in lesson.said_of_cells().rows)}
    drug = next(row for label, row in rows.items() if label.startswith("G-CSF"))
    assert "a drug, not a cell" in drug["differs"] and "0.21 (0.12 to 0.38" in drug["differs"]
    assert any("exception" in row["differs"] for row in rows.values())
    assert "indirectly" not in " ".join(row["differs"] for row in rows.values() if row is not drug)


def test_the_trials_to_wait_for_have_a_size_and_a_source():
    for key in lesson.WAITING:
        assert ledger.number(f"guidelines/{key}").value >= 100
    assert len(lesson.waiting_for().rows) == len(lesson.WAITING) == 4
    with pytest.raises(KeyError, match="wait-for-ever"):
        list(lesson.rows_of("wait-for-ever"))


def test_quizzes_load_and_refute():
    assert 4 <= len(quiz("check")) <= 6
    assert len(quiz("recall")) == 2
    tagged = {item["misconception"] for name in QUIZZES for item in quiz(name)}
    assert {"M10", "M11", "M13", "M14", "M16"} <= tagged
    refuted = [option["why"] for item in quiz("check") for option in item.get("options", [])]
    assert sum("common error, and it is wrong" in why for why in refuted) == 4


def test_the_section_on_the_disease_holds_at_least_in_part():
    claims = ledger.table("claims")
    section = claims.loc[
        claims["section"] == "What Happens to the Liver During Cirrhosis", "verdict"
    ]
    assert len(section) == 15  # "all fifteen sentences"
    assert section.isin(["supported", "partly supported"]).all()
    assert not claims["verdict"].isin(["supported", "partly supported"]).all()


def test_referral_of_the_twelve_is_as_the_text_says():
    due = [eligibility.transplant_referral(patient).due for patient in PATIENTS]
    assert (due.count("yes"), due.count("urgent discussion")) == (5, 1)
    most = max(PATIENTS, key=lambda patient: len(eligibility.accepting(patient)))
    assert most == "V06"
    assert [patient for patient in PATIENTS if not eligibility.accepting(patient)] == [
        "V10",
        "V11",
        "V12",
    ]


GROUPS = {
    "Hold": "supported",
    "In part": "partly supported",
    "True but misleading": "true but misleading",
    "Uncertain": "uncertain",
    "Not supported": "not supported",
}


def told_groups(text: str) -> dict[str, set[str]]:
    """The claims after each bold word, such as "**Hold:** C46, C47."."""
    found = re.findall(r"\*\*([^*]+):\*\* ([^*]+)", text)
    return {GROUPS[word]: set(re.findall(r"C\d\d", claims)) for word, claims in found}


def test_the_notebook_sorts_its_claims_as_the_ledger_does():
    notebook = nbformat.read(ROOT / "notebooks" / "13_the_article.ipynb", as_version=4)
    text = next(cell.source for cell in notebook.cells if "**Hold:**" in cell.source)
    claims = ledger.table("claims")
    taught = claims[claims["taught_in"].str.contains("13")]
    expected = {verdict: set(keys["key"]) for verdict, keys in taught.groupby("verdict")}
    assert told_groups(text) == expected
    assert sum(map(len, expected.values())) == 22
    assert told_groups(text.replace("C60", "C61")) != expected


def test_neither_belief_nor_contempt_agrees_with_the_key():
    verdicts = ledger.table("claims")["verdict"]
    assert len(verdicts) == 67
    attitudes = {
        "believer": ["supported"],
        "cynic": ["true but misleading", "not supported"],
        "shrug": ["uncertain"],
    }
    agree = {name: verdicts.isin(found).mean() for name, found in attitudes.items()}
    assert all(0.2 < share < 1 / 3 for share in agree.values())
    assert verdicts.isin(verdicts.unique()).mean() == 1  # who reads can reach all of them
