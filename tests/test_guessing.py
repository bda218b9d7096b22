"""Nothing gives the answer away: whoever guesses by place, length, number or headline does no
better than chance, and every option has a reply."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from html import unescape
from pathlib import Path

import debts
import pytest

from hepatica import ledger
from hepatica.cards import Decision, Quiz

ROOT = Path(__file__).resolve().parent.parent
QUIZZES = ROOT / "data" / "quizzes"
CARD = "application/vnd.hepatica.card+json"
MARGIN = 0.05
"""What a strategy may score above chance, as a share of the items: issue 10's five points."""
FEWEST_PREDICTIONS = 40  # issue 10
MOST_UNEVEN = 2  # longest over shortest option: twice is seen at a glance
SHORTEST_REPLY = 4  # words; “No, it does not” answers nobody
TAG = re.compile(r"<[^<>]*>")
WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True)
class Item:
    """One choice: where it stands, what is on the screen beside it, its options and the right one.

    `seen` is every text that a reader has before eyes; `ladder` says that the options are ascending
    numbers, which are never shuffled.
    """

    where: str
    seen: str
    options: tuple[str, ...]
    replies: tuple[str, ...]
    right: int
    ladder: bool = False

    @property
    def notebook(self) -> str:
        """Its number, "00" to "13"."""
        return self.where[:2]


def plain(text: str) -> str:
    """A text as it is read: without tags, entities resolved."""
    return " ".join(unescape(TAG.sub("", text)).split())


def words(text: str) -> set[str]:
    """Its words of five letters or more, in small letters."""
    return {word.lower() for word in WORD.findall(text)}


# ------------------------------------------------------------------------------------------- reading


def choice(where: str, seen: Iterable[str], asked: dict, ladder: bool) -> Item:
    """An item from the JSON of a quiz item or a prediction."""
    options = asked["options"]
    return Item(
        where=where,
        seen=plain(" ".join([*seen, asked["question"]])),
        options=tuple(plain(option["text"]) for option in options),
        replies=tuple(plain(option.get("why") or "") for option in options),
        right=[bool(option["right"]) for option in options].index(True),
        ladder=ladder,
    )


@cache
def written() -> dict[tuple[str, str], dict]:
    """Every quiz of data/quizzes as it is written, by notebook and name."""
    return {
        (file.stem, name): quiz
        for file in sorted(QUIZZES.glob("*.toml"))
        for name, quiz in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }


@cache
def quiz_items() -> tuple[Item, ...]:
    """Every choice of every quiz, with the keys worked out and in the order of the page."""
    found = []
    for (notebook, name), quiz in written().items():
        kind = Decision if "scene" in quiz["items"][0] else Quiz
        spec = kind.load(notebook, name).spec
        for number, (item, raw) in enumerate(zip(spec["items"], quiz["items"], strict=True), 1):
            if item["type"] == "choice":
                where = f"{notebook}, {name} {number}"
                seen = (spec["title"], item.get("scene", ""))
                found.append(choice(where, seen, item, raw.get("ladder", False)))
    return tuple(found)


def labels(spec: dict) -> list[str]:
    """What a card shows before the prediction: its heading, presets and the titles of its axes.
    The title tells what was found and comes after the answer."""
    axes = [
        view[axis].get("label", "")
        for view in spec.get("views") or []
        for axis in ("x", "y")
        if isinstance(view.get(axis), dict)
    ]
    presets = [preset["label"] for preset in spec.get("presets") or []]
    return [spec.get("question") or "", *presets, *axes]


def predictions_of(notebook: str, cells: list[dict]) -> list[Item]:
    """The predictions of kind choice among the stored outputs of a notebook."""
    specs = [
        output["data"][CARD]
        for cell in cells
        for output in cell.get("outputs", [])
        if CARD in output.get("data", {})
    ]
    return [
        choice(f"{notebook}, {spec['id']}", labels(spec), asked, asked.get("ladder", False))
        for spec in specs
        if (asked := spec.get("predict")) and asked.get("way", "choose") == "choose"
    ]


@cache
def prediction_items() -> tuple[Item, ...]:
    """Every prediction of kind choice in the committed notebooks."""
    return tuple(
        item
        for file in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
        for item in predictions_of(
            file.name[:2], json.loads(file.read_text(encoding="utf-8"))["cells"]
        )
    )


# ---------------------------------------------------------------------------------------- strategies


def most(values: list[float]) -> list[int]:
    """The places of the largest value."""
    return [place for place, value in enumerate(values) if value == max(values)]


def lengths(item: Item) -> list[float]:
    """Characters of each option."""
    return [len(option) for option in item.options]


def echoes(item: Item) -> list[float]:
    """How many of the long words on the screen each option repeats."""
    return [len(words(option) & words(item.seen)) for option in item.options]


PLACES: dict[str, Callable[[Item], list[int]]] = {
    "first": lambda item: [0],
    "middle": lambda item: [len(item.options) // 2],
    "last": lambda item: [len(item.options) - 1],
}
"""Strategies that look only at where an option stands."""

STRATEGIES = PLACES | {
    "longest": lambda item: most(lengths(item)),
    "shortest": lambda item: most([-length for length in lengths(item)]),
    "headline": lambda item: most(echoes(item)),
    "exact": lambda item: most([bool(re.search(r"\d", option)) for option in item.options]),
}
"""What a reader without knowledge may do: each gives the options chosen, a tie all of them."""


def gain(item: Item, strategy: str) -> float:
    """What a strategy wins above chance on one item; a tie counts its share."""
    chosen = STRATEGIES[strategy](item)
    return (item.right in chosen) / len(chosen) - 1 / len(item.options)


def score(items: Iterable[Item], strategy: str) -> float:
    """The mean gain of a strategy, 0 = chance; ladders keep their order, so places skip them."""
    gains = [gain(item, strategy) for item in items if strategy not in PLACES or not item.ladder]
    assert gains, f"nothing to guess by {strategy!r}"
    return sum(gains) / len(gains)


def given_away(item: Item) -> set[str]:
    """Long words on the screen that the right option repeats and no other does."""
    others = [words(text) for place, text in enumerate(item.options) if place != item.right]
    return (words(item.options[item.right]) & words(item.seen)) - set().union(*others)


def unevenness(item: Item) -> float:
    """The longest option's length over the shortest one's."""
    return max(lengths(item)) / min(lengths(item))


def stoutness(items: Iterable[Item]) -> float:
    """The mean length of a right option, in lengths of its neighbours."""
    ratios = [
        lengths(item)[item.right]
        * (len(item.options) - 1)
        / (sum(lengths(item)) - lengths(item)[item.right])
        for item in items
    ]
    return sum(ratios) / len(ratios)


def silent(item: Item) -> list[str]:
    """The options whose reply is missing or no more than a “no”."""
    return [
        option
        for option, reply in zip(item.options, item.replies, strict=True)
        if len(reply.split()) < SHORTEST_REPLY
    ]


# -------------------------------------------------------------------------------------------- checks


def test_every_choice_is_read():
    quizzes, predictions = quiz_items(), prediction_items()
    assert {item.notebook for item in quizzes} == {file.stem for file in QUIZZES.glob("*.toml")}
    assert len({item.where for item in quizzes}) == len(quizzes) >= 200
    assert len(predictions) >= FEWEST_PREDICTIONS, f"only {len(predictions)} predictions are left"
    assert sum(item.ladder for item in quizzes) < len(quizzes) / 5, "ladders are the exception"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_guessing_wins_nothing_in_the_quizzes(strategy):
    won = score(quiz_items(), strategy)
    assert won <= MARGIN, f"{strategy!r} scores {won:.1%} above chance in the quizzes"


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_guessing_wins_nothing_in_the_course(strategy):
    won = score(quiz_items() + prediction_items(), strategy)
    assert won <= MARGIN, f"{strategy!r} scores {won:.1%} above chance in the course"


def test_options_are_of_one_size():
    items = [item for item in quiz_items() if not item.ladder]
    assert items
    assert [item.where for item in items if unevenness(item) > MOST_UNEVEN] == []
    assert abs(stoutness(items) - 1) <= MARGIN


def test_no_word_of_the_question_is_kept_for_the_right_option():
    assert {item.where: given_away(item) for item in quiz_items() if given_away(item)} == {}


def test_every_option_of_a_quiz_has_a_reply():
    assert {item.where: silent(item) for item in quiz_items() if silent(item)} == {}


# ------------------------------------------------------------------------------------ misconceptions


def misnamed(quizzes: dict[tuple[str, str], dict], known: set[str]) -> list[str]:
    """Items, numbers too, whose misconception is missing or not in the table."""
    return [
        f"{notebook}, {name} {number}: {item.get('misconception')!r}"
        for (notebook, name), quiz in quizzes.items()
        for number, item in enumerate(quiz["items"], 1)
        if item.get("misconception") not in known | {"none"}
    ]


def refuted_in(quizzes: dict[tuple[str, str], dict]) -> dict[str, set[str]]:
    """The notebooks whose quizzes refute each misconception."""
    found: dict[str, set[str]] = {}
    for (notebook, _), quiz in quizzes.items():
        for item in quiz["items"]:
            found.setdefault(item["misconception"], set()).add(notebook)
    return {key: places for key, places in found.items() if key != "none"}


def test_every_item_names_the_misconception_that_it_refutes():
    table = ledger.table("misconceptions")
    known = set(table["key"])
    assert known == {f"M{number}" for number in range(1, 17)}
    assert misnamed(written(), known) == []
    listed = {row.key: set(row.notebooks.split(";")) for row in table.itertuples()}
    assert refuted_in(written()) == listed, "data/misconceptions.csv, column notebooks"


def test_an_item_without_misconception_is_seen():
    quiz = {"items": [{"misconception": "M1"}, {"misconception": "none"}]}
    assert misnamed({("03", "check"): quiz}, {"M1"}) == []
    assert refuted_in({("03", "check"): quiz, ("04", "recall"): quiz}) == {"M1": {"03", "04"}}
    for wrong in ({}, {"misconception": ""}, {"misconception": "M17"}):
        assert len(misnamed({("03", "check"): {"items": [wrong]}}, {"M1"})) == 1


# ----------------------------------------------------------------------- what predictions still owe


def tally(items: Iterable[Item], count: Callable[[Item], int]) -> dict[str, int]:
    """What each notebook owes."""
    found = Counter()
    for item in items:
        found[item.notebook] += count(item)
    return {notebook: owed for notebook, owed in found.items() if owed}


def surplus(items: Iterable[Item], strategy: str) -> dict[str, int]:
    """How many items have to change before a strategy is back at chance and its margin."""
    items = list(items)
    excess = (score(items, strategy) - MARGIN) * len(items)
    return {debts.WHOLE: math.ceil(excess - 1e-9)} if excess > 0 else {}


def test_what_predictions_still_owe_is_in_the_table():
    """Places are judged over the whole course only: fifty items are too few for five points."""
    items = prediction_items()
    found = {
        "prediction, reply": tally(items, lambda item: len(silent(item))),
        "prediction, word of the question": tally(items, lambda item: bool(given_away(item))),
        **{
            f"prediction, {strategy}": surplus(items, strategy)
            for strategy in STRATEGIES
            if strategy not in PLACES
        },
    }
    assert [line for check, now in found.items() for line in debts.differences(check, now)] == []


def test_a_debt_that_grows_and_one_that_has_shrunk_are_seen(tmp_path):
    table = tmp_path / "debts.csv"
    table.write_text("check,notebook,owed\nreply,07,2\nplural,07,9\n", encoding="utf-8")
    assert debts.differences("reply", {"07": 2}, table) == []
    assert "may only shrink" in debts.differences("reply", {"07": 3}, table)[0]
    assert "may only shrink" in debts.differences("reply", {"07": 2, "08": 1}, table)[0]
    assert "Correct the table" in debts.differences("reply", {"07": 1}, table)[0]
    assert "Correct the table" in debts.differences("reply", {}, table)[0]
    for text in ("check,notebook\nreply,07\n", "check,notebook,owed\nreply,07,0\n"):
        table.write_text(text, encoding="utf-8")
        with pytest.raises(AssertionError):
            debts.differences("reply", {}, table)


# ------------------------------------------------------------------------------------------- samples

SEEN = "Why does the scar remain after the injury?"


def planted(*options: str, right: int, ladder: bool = False) -> Item:
    """An item of notebook 00 with a reply to each option."""
    replies = tuple("The idea behind it and what speaks against it." for _ in options)
    return Item("00, sample 1", SEEN, options, replies, right, ladder)


FAIR = [planted("It holds on.", "It does not.", "It is lost.", right=place) for place in range(3)]
"""Right in turn at each place, all of one length and without a word of the question."""

LEAKS = {
    "first": planted("It holds on.", "It does not.", "It is lost.", right=0),
    "middle": planted("It holds on.", "It does not.", "It is lost.", right=1),
    "last": planted("It holds on.", "It does not.", "It is lost.", right=2),
    "longest": planted("It goes.", "It holds on, for a while at least.", "It is lost.", right=1),
    "shortest": planted("It is not lost.", "It goes.", "It holds on to it.", right=1),
    "headline": planted("It holds on.", "It remains: injury.", "It was lost.", right=1),
    "exact": planted("It holds on.", "By 17.5 % it.", "It was lost.", right=1),
}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_leak_is_seen_and_a_fair_set_passes(strategy):
    assert score(FAIR, strategy) == pytest.approx(0)
    assert score([LEAKS[strategy]] * 3, strategy) == pytest.approx(2 / 3)
    assert score([*FAIR * 4, LEAKS[strategy], LEAKS[strategy]], strategy) > MARGIN
    assert surplus([LEAKS[strategy]] * 3, strategy) == {debts.WHOLE: 2}
    assert surplus(FAIR, strategy) == {}


def test_a_ladder_is_left_out_of_the_places_only():
    ladder = planted("five", "fifty-five", "all", right=1, ladder=True)
    assert score([ladder, *FAIR], "middle") == pytest.approx(0)
    assert score([ladder], "longest") == pytest.approx(2 / 3)
    with pytest.raises(AssertionError, match="nothing to guess"):
        score([ladder], "middle")


def test_a_tie_counts_its_share():
    item = planted("It holds.", "It fades.", "It goes.", "No.", right=0)
    assert gain(item, "longest") == pytest.approx(1 / 2 - 1 / 4)


def test_sizes_words_and_missing_replies_are_seen():
    long = LEAKS["longest"]
    assert unevenness(long) > MOST_UNEVEN > unevenness(FAIR[0])
    assert stoutness([long]) > 1 + MARGIN >= stoutness(FAIR)
    assert given_away(LEAKS["headline"]) == {"injury"}
    assert given_away(replace(LEAKS["headline"], options=("Injury.", "An injury.", "No."))) == set()
    assert silent(FAIR[0]) == []
    assert silent(replace(FAIR[0], replies=("", "No.", FAIR[0].replies[2]))) == [
        "It holds on.",
        "It does not.",
    ]


def test_what_stands_beside_a_prediction_is_read():
    asked = {
        "way": "choose",
        "question": "What <em>happens</em>?",
        "options": [
            {"text": "It <strong>rises</strong>.", "right": False, "why": ""},
            {"text": "It falls.", "right": True, "why": "The <em>stream</em> thins."},
        ],
    }
    card = {
        "id": "flow",
        "title": "The pressure falls",
        "question": "Who goes short?",
        "presets": [{"label": "half the blood"}],
        "views": [{"x": {"label": "portal tract"}, "y": {"label": "oxygen"}}, {"type": "tissue"}],
        "predict": asked,
    }
    drawn = {**card, "id": "drawn", "predict": {"way": "draw", "question": "Draw."}}
    cells = [{"outputs": [{"data": {CARD: spec}}]} for spec in (card, drawn, {"id": "plain"})]
    (item,) = predictions_of("06", cells)
    assert item.seen == "Who goes short? half the blood portal tract oxygen What happens?"
    assert (item.options, item.right) == (("It rises.", "It falls."), 1)
    assert silent(item) == ["It rises.", "It falls."]
