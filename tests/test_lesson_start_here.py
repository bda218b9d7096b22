"""Notebook 00: keys come from the ledger and the model, the first card shows both fates,
the map links what exists."""

from __future__ import annotations

import re

import pytest

from hepatica import ledger
from hepatica.cards import Quiz
from hepatica.cards.parts import minutes
from hepatica.lessons import n00_route as way
from hepatica.lessons import n00_start_here as start_here
from hepatica.lessons.n13_the_article import first_verdict_again
from hepatica.models.tide import scar

EIGHT = [f"C0{n}" for n in range(1, 9)]


def right_texts(quiz: Quiz) -> list[str]:
    """The right option of each item."""
    return [
        option["text"]
        for item in quiz.spec["items"]
        for option in item["options"]
        if option["right"]
    ]


def key_fault(quiz: Quiz, verdicts: list[str]) -> str:
    """The first right option that does not stand for the claim's verdict, or ""."""
    pairs = zip(right_texts(quiz), verdicts, strict=True)
    return next(
        (
            f"{text}: {verdict}"
            for text, verdict in pairs
            if verdict not in start_here.OPTIONS[text]
        ),
        "",
    )


def test_the_key_of_the_first_verdict_is_the_ledgers():
    quiz = start_here.first_verdict(*EIGHT)
    verdicts = ledger.table("claims").set_index("key").loc[EIGHT, "verdict"].tolist()
    assert len(right_texts(quiz)) == 8
    assert key_fault(quiz, verdicts) == ""
    assert len(set(right_texts(quiz))) == 4, "each of the four answers is right at least once"
    assert key_fault(quiz, ["uncertain", *verdicts[1:]]) != "", "a flipped key is seen"


def in_order(quiz: Quiz) -> bool:
    """Whether every item shows the verdicts as one scale, in the one order."""
    shown = [[option["text"] for option in item["options"]] for item in quiz.spec["items"]]
    return len(shown) > 0 and all(texts == list(start_here.OPTIONS) for texts in shown)


def test_verdicts_are_a_ladder_and_no_place_on_it_is_the_usual_one():
    now, then = start_here.first_verdict(*EIGHT), first_verdict_again()
    assert in_order(now) and in_order(then) and not in_order(Quiz.load("00", "pretest"))
    for quiz in (now, then):
        keys = [[o["right"] for o in item["options"]].index(True) for item in quiz.spec["items"]]
        assert max(keys.count(place) for place in range(4)) <= len(keys) / 2, keys


def test_every_verdict_of_the_ledger_has_one_answer():
    answers = [verdict for verdicts in start_here.OPTIONS.values() for verdict in verdicts]
    assert len(answers) == len(set(answers))
    assert set(answers) == set(ledger.table("claims")["verdict"])
    with pytest.raises(KeyError):
        start_here.first_verdict("C99")


@pytest.mark.parametrize(
    "quiz",
    [start_here.first_verdict(*EIGHT), Quiz.load("00", "pretest")],
    ids=["first verdict", "pretest"],
)
def test_what_is_compared_in_the_last_notebook_is_kept_and_not_marked(quiz):
    assert (quiz.spec["feedback"], quiz.spec["keep"]) == ("later", True)
    assert quiz.spec["id"] in ("quiz-00-first-verdict", "quiz-00-pretest")
    assert "why" not in quiz.static_html()
    assert "Verdict:" not in quiz.static_html(), "the static form must not tell the key"


def test_the_pretest_asks_ten_questions_with_spread_keys():
    items = Quiz.load("00", "pretest").spec["items"]
    keys = [[option["right"] for option in item["options"]].index(True) for item in items]
    assert len(items) == 10
    assert max(keys.count(place) for place in range(4)) <= 5, f"the right options stand at {keys}"
    tags = [item["misconception"] for item in items if item["misconception"] != "none"]
    assert len(tags) >= 5
    assert all(re.fullmatch(r"M\d{1,2}", tag) for tag in tags)


def test_the_first_card_shows_a_scar_that_goes_and_one_that_is_on_its_way():
    card = start_here.first_card()
    assert card.heights()[2] > 2 * card.heights()[-1]
    assert "as good as gone" in card.describe()
    assert "still cirrhosis" in card.describe(**card.preset("40 years"))
    rules = {preset["label"]: preset["values"]["injury_years"] for preset in card.spec["presets"]}
    left = {
        label: scar("CPA", start_here.HORIZON, years, **start_here.LIVER)
        for label, years in rules.items()
    }
    assert left["20 years"] <= start_here.CLEAR
    assert left["40 years"] > start_here.CIRRHOSIS


@pytest.mark.parametrize(
    ("more", "reached", "says"),
    [
        (0, True, "the longest of which so little is left"),
        (-1, False, "It could take more"),
        (1, False, "Too much"),
        (20, False, "far too many"),
    ],
)
def test_the_mission_is_reached_in_one_place(more, reached, says):
    years = start_here.longest_cleared() + more
    found, words = start_here.first_card().judge(injury_years=years)
    assert found is reached
    assert says in words


def test_the_map_links_the_notebooks_that_exist_and_no_other(tmp_path):
    (tmp_path / "00_start_here.ipynb").touch()
    rows = start_here.course_map(tmp_path).rows
    assert len(rows) == len(ledger.table("notebooks")) > 1
    assert [row[0] for row in rows if "href" in row[1]] == ["00"]
    assert [row[3] for row in rows].count("to come") == len(rows) - 1
    (tmp_path / "00_start_here.ipynb").unlink()
    assert not any("href" in row[1] for row in start_here.course_map(tmp_path).rows)


# ------------------------------------------------------------------------------ fifteen minutes


def tells(question: str, card: dict) -> list[str]:
    """Words of five letters or more that a stop's question takes from what its card tells after
    the answer: its title and its right option, those that the card itself asks with apart."""
    asked = card["predict"] or card["items"][0]
    right = [option["text"] for option in asked.get("options", []) if option["right"]]
    before = " ".join([card["question"], asked["question"]])
    found = set(words_of(f"{card['title']} {' '.join(right)}")) - set(words_of(before))
    return sorted(found & set(words_of(question)))


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]{5,}", re.sub(r"<[^>]*>", "", text).lower())


def test_the_route_takes_a_quarter_of_an_hour_and_asks_at_each_stop():
    names = ledger.table("notebooks").set_index("key")["slug"]
    shown = [
        way.bundle_of(stop, minutes.stored(f"{stop.notebook}_{names[stop.notebook]}.ipynb"))
        for stop in way.ROUTE
    ]
    assert 3 <= len(shown) <= 5 and len({stop.card for stop in way.ROUTE}) == len(shown)
    assert sum(map(minutes.output_minutes, shown)) <= 15
    for stop, data in zip(way.ROUTE, shown, strict=True):
        card = data[minutes.CARD]
        assert stop.question.endswith("?") and not tells(stop.question, card), stop
        assert card["predict"] or len(card["items"]) == 1, "a stop is one question"
    told = shown[0][minutes.CARD]
    assert tells("Is it slowly that it goes, or never?", told) == ["slowly"]
    with pytest.raises(way.RouteError, match="no-such-card"):
        way.bundle_of(way.Stop("00", "no-such-card", "Is it?"), {"cells": []})


def test_the_route_of_notebook_00_links_its_cards():
    table = way.route()
    links = [re.search(r'href="(\d\d)_\w+\.ipynb#([\w-]+)"', row[1]) for row in table.rows]
    assert [link.groups() for link in links] == [stop[:2] for stop in way.ROUTE]
    assert f"{sum(int(row[2]) for row in table.rows)} minutes" in table.caption
