"""One line to K.: three readings for each notebook, true to the ledger; none is marked; the letter is
made of what the reader wrote."""

from __future__ import annotations

import copy
import re
from collections import Counter

import pytest

from hepatica import ledger
from hepatica.cards import AssembledLetter, Letter
from hepatica.cards.kinds.letter import stored
from hepatica.cards.parts.frame import CardError
from hepatica.lessons import n13_the_article as lesson
from tools.node import Session

NOTEBOOKS = [key for key in ledger.table("notebooks")["key"] if key < stored.LAST]
MOST_WORDS = 45  # of K.'s answer; she writes back in a sentence or four
FAIR = 0  # the first reading of the file; a card shows them shuffled
MOST_LIKELY = 0.5  # of the notebooks in which the fair reading is the longest, or in one place


def faults_of(letters: dict) -> list[str]:
    """What is wrong with the readings of data/letters.toml."""
    claims = set(ledger.table("claims")["key"])
    faults = [f"no line for {n}" for n in NOTEBOOKS if n not in letters["notebooks"]]
    for number, entry in letters["notebooks"].items():
        rows = entry["readings"]
        if len(rows) != 3 or len({row["text"] for row in rows}) != 3:
            faults.append(f"{number}: three different readings")
        for row in rows:
            if row["claim"] not in claims:
                faults.append(f"{number}: no claim {row['claim']}")
            if re.search(r"\d(?! ?·)", row["answers"]):
                faults.append(f"{number}: a number that no ledger holds in “{row['answers']}”")
            if len(row["answers"].split()) > MOST_WORDS:
                faults.append(f"{number}: K. answers in {len(row['answers'].split())} words")
    return faults


def test_each_notebook_has_three_readings_with_a_claim():
    letters = stored.letters()
    assert sum(len(entry["readings"]) for entry in letters["notebooks"].values()) == 39
    letters = copy.deepcopy(letters)
    # F3 is the name of a stage, told in notebook 04
    for row in letters["notebooks"]["04"]["readings"]:
        row["answers"] = row["answers"].replace("F3", "stage")
    assert faults_of(letters) == []


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda letters: letters["notebooks"].pop("07"), "no line for 07"),
        (lambda letters: letters["notebooks"]["05"]["readings"].pop(), "three different"),
        (lambda letters: letters["notebooks"]["05"]["readings"][0].update(claim="C68"), "C68"),
        (lambda letters: letters["notebooks"]["05"]["readings"][0].update(answers="59 %!"), "59"),
        (
            lambda letters: letters["notebooks"]["05"]["readings"][0].update(answers="so " * 46),
            "46 words",
        ),
    ],
)
def test_a_spoilt_reading_is_refused(spoil, says):
    letters = copy.deepcopy(stored.letters())
    spoil(letters)
    assert any(says in fault for fault in faults_of(letters))


def given_away(rows: dict[str, list[str]], places: dict[str, int]) -> list[str]:
    """How the fair reading could be told without reading: by its length or its place."""
    longest = sum(len(texts[FAIR]) == max(map(len, texts)) for texts in rows.values())
    faults = [f"longest in {longest} of {len(rows)}"] if longest > MOST_LIKELY * len(rows) else []
    place, times = Counter(places.values()).most_common(1)[0]
    return [*faults, *([f"place {place}"] if times > MOST_LIKELY * len(rows) else [])]


def test_neither_length_nor_place_gives_the_fair_reading_away():
    rows = {n: [row["text"] for row in stored.readings(n)] for n in NOTEBOOKS}
    shown = {n: [row["place"] for row in Letter.load(n).spec["readings"]] for n in NOTEBOOKS}
    assert given_away(rows, {n: order.index(FAIR) for n, order in shown.items()}) == []
    assert given_away(rows, dict.fromkeys(NOTEBOOKS, 0)) == ["place 0"]
    padded = {n: [texts[FAIR] + " and more" * 9, *texts[1:]] for n, texts in rows.items()}
    assert "longest in 13 of 13" in given_away(padded, {n: int(n) % 3 for n in NOTEBOOKS})


def test_a_verdict_is_told_only_where_the_course_has_opened_it():
    """No letter tells a verdict before the notebook that teaches it, nor one of the eight in 00."""
    assert tuple(stored.letters()["covered"]) == lesson.FIRST_EIGHT
    told, covered = 0, 0
    for number in NOTEBOOKS:
        for row in Letter.load(number).spec["readings"]:
            claim = row["claim"]
            home = stored.opened_in(claim["key"])
            assert bool(claim["verdict"]) == (home <= number), (number, claim["key"])
            told += bool(claim["verdict"])
            covered += not claim["verdict"]
    assert (told + covered, covered > 0) == (39, True)
    assert Letter.load("00").spec["readings"][0].keys() >= {"place", "text", "answers", "claim"}


def test_nothing_in_a_letter_says_which_reading_is_fair():
    keys = {name for row in Letter.load("03").spec["readings"] for name in row}
    assert keys == {"place", "text", "answers", "claim"}
    with pytest.raises(CardError, match="no notebook '13'"):
        Letter.load("13")


def test_the_letter_knows_every_line_and_its_verdicts():
    spec = lesson.letter().spec
    assert [line["key"] for line in spec["lines"]] == NOTEBOOKS
    verdicts = dict(ledger.table("claims")[["key", "verdict"]].itertuples(index=False))
    claims = [row["claim"] for line in spec["lines"] for row in line["readings"]]
    assert len(claims) == 39
    assert all(claim["verdict"] == verdicts[claim["key"]] for claim in claims)
    assert AssembledLetter(id="x", title="x", question="x").describe().startswith("You have not")


SCRIPT = """import { lineOf } from "./kinds/letter/card.js";
import { letterText } from "./kinds/assembled/card.js";
---
if (data.lines) return letterText(data.lines);
return lineOf({ get: () => data.entry }, "03", 3);
"""


@pytest.fixture(scope="module")
def frontend(tmp_path_factory):
    with Session(SCRIPT, tmp_path_factory.mktemp("node")) as session:
        yield session.ask


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        (None, {"line": "", "reading": None}),
        ({"line": "Stop.", "reading": 2}, {"line": "Stop.", "reading": 2}),
        ({"line": 7, "reading": 3}, {"line": "", "reading": None}),
        ({"line": "Stop.", "reading": "0"}, {"line": "Stop.", "reading": None}),
    ],
)
def test_a_line_that_is_none_is_not_taken(frontend, entry, kept):
    assert frontend({"entry": entry}) == kept


def test_the_copied_letter_holds_lines_and_verdicts(frontend):
    claim = {"key": "C11", "words": "Cells cannot", "verdict": "partly supported"}
    lines = [
        {"key": "00", "line": "Give me time."},
        {
            "key": "03",
            "line": "Stop <it>.",
            "reading": {"text": "It <em>pays</em>.", "claim": claim},
        },
    ]
    text = frontend({"lines": lines})
    assert text.startswith("Dear K.,\n\nGive me time.\n\nStop <it>.")
    assert "03 · She may take from it: “It pays.” The article (C11): “Cells cannot”." in text
    assert "verdict on that: partly supported." in text and "00 ·" not in text
