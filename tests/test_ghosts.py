"""All predictions in one picture: read from the record, never trusted, told in numbers and words."""

from __future__ import annotations

import json

import pytest

from hepatica.cards import Ghosts
from hepatica.cards.kinds.ghosts.card import COUNTS, asking, stored_predictions
from hepatica.lessons import n00_start_here as start_here
from hepatica.lessons import n13_the_article as lesson
from tools.node import Session

SCRIPT = """import { plain, readGuess, toldOf } from "./kinds/ghosts/guesses.js";
import { pictureOf } from "./kinds/ghosts/picture.js";
---
if (data.text) return plain(data.text);
const guesses = data.entries.map(readGuess);
return { guesses, told: toldOf(guesses.filter(Boolean)), pictures: guesses.map(pictureOf) };
"""
AXIS = {"range": [0, 10], "scale": "linear", "label": "collagen", "unit": "%"}
DRAWN = {
    "kind": "draw",
    "given": {str(n): 5 for n in range(1, 6)},
    "model": [5, 6, 7, 6, 5],
    "axes": {"x": AXIS, "y": AXIS},
    "title": "It rises and falls",
}
CHOICE = {"kind": "choose", "given": 0, "text": "a", "right": True, "answer": "a", "title": "A"}
OTHER = {**CHOICE, "right": False, "answer": "b &amp; c", "title": "B"}
SHARE = {"kind": "share", "given": 20, "answer": 55, "of": "of a hundred", "title": "C"}
ORDER = {
    "kind": "order",
    "given": [0, 1, 2],
    "items": [{"text": "x", "rank": 1}, {"text": "y", "rank": 0}, {"text": "z", "rank": 2}],
    "title": "D",
}
SKIPPED = {"kind": "choose", "given": -1, "title": "E"}


@pytest.fixture(scope="module")
def frontend(tmp_path_factory):
    with Session(SCRIPT, tmp_path_factory.mktemp("node")) as session:
        yield session.ask


def read(frontend, *entries) -> dict:
    return frontend({"entries": list(entries)})


def test_numbers_of_a_record(frontend):
    told = read(frontend, DRAWN, CHOICE, OTHER, SHARE, ORDER, SKIPPED)["told"]
    assert told == {
        "predicted": 5,
        "choices": 2,
        "right": 1,
        "traced": 3,
        "near": 1,
        "skipped": 1,
        "surprised": 1,
        "surprise": "“C”",
    }
    assert set(told) == {*COUNTS, "surprise"}


def test_how_far_a_guess_lies_from_the_model(frontend):
    drawn, share, order = read(frontend, DRAWN, SHARE, ORDER)["guesses"]
    assert drawn["apart"] == pytest.approx((0 + 1 + 2 + 1 + 0) / 10 / 5)
    assert share["apart"] == pytest.approx(0.35)
    assert order["apart"] == pytest.approx(1 / 3), "one pair of three stands the wrong way round"
    assert (order["you"], order["model"]) == ("x, y, z", "y, x, z")
    exact = {**SHARE, "given": 55}
    assert read(frontend, exact)["told"]["surprised"] == 0
    assert read(frontend, exact, OTHER)["told"]["surprise"] == "“B”"


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"kind": "toString", "given": 1},
        {**DRAWN, "model": [1, 2]},
        {**DRAWN, "given": {"1": "x"}},
        {**DRAWN, "axes": {"x": AXIS}},
        {**DRAWN, "axes": {"x": AXIS, "y": {**AXIS, "range": [3, 3]}}},
        {**SHARE, "answer": "55"},
        {**ORDER, "items": "xyz"},
        {**ORDER, "items": [None, None]},
    ],
)
def test_a_damaged_entry_is_left_out(frontend, entry):
    found = read(frontend, entry, CHOICE)
    assert found["guesses"][0] is None and found["told"]["predicted"] == 1


def test_words_of_a_record_never_become_markup(frontend):
    assert frontend({"text": "<img src=x onerror=alert(1)>a &lt;b&gt; &amp;amp;"}) == "a <b> &amp;"
    pictures = read(frontend, {**DRAWN, "title": "<script>"}, ORDER, SHARE, CHOICE)["pictures"]
    assert all("script" not in picture for picture in pictures)
    assert [picture.count("polyline") for picture in pictures] == [2, 3, 2, 0]


def test_the_picture_knows_every_prediction_of_the_course():
    spec = lesson.ghosts().spec
    found = {group["key"]: group["cards"] for group in spec["notebooks"]}
    assert found["13"] == ["eligibility"]
    stored = stored_predictions(start_here.NOTEBOOKS)
    assert {key: ids for key, ids in stored.items() if ids and key != "13"} == {
        key: ids for key, ids in found.items() if key != "13"
    }
    assert sum(map(len, found.values())) > 40
    assert asking([{"id": "a"}, {"id": "b", "predict": None}, {"id": "c", "predict": {}}]) == []
    assert asking([{"id": "d", "predict": {"way": "choose"}}]) == ["d"]


def test_a_folder_of_notebooks_is_read(tmp_path):
    card = {"application/vnd.hepatica.card+json": {"id": "a", "predict": {"way": "draw"}}}
    cells = [{"outputs": [{"data": card}]}, {"source": "no outputs"}]
    for name in ("00_x", "13_y"):
        (tmp_path / f"{name}.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    assert stored_predictions(tmp_path, leave_out="13") == {"00": ["a"]}


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({}, "No prediction of yours is kept yet."),
        ({"predicted": 1, "choices": 1}, "another idea than the model's. Nothing here"),
        ({"predicted": 1, "choices": 1, "right": 1}, "Your one choice was the model's."),
        ({"predicted": 4, "choices": 4, "right": 3}, "Of 4 choices 3 were the model's."),
        ({"predicted": 2, "traced": 2}, "see how far two ideas can lie"),
        ({"predicted": 2, "traced": 2, "near": 1}, "put in order 1 came close."),
        ({"predicted": 2, "surprised": 1, "surprise": "“X”"}, "surprised you most: “X”."),
    ],
)
def test_the_sentence_of_the_picture(counts, says):
    card = Ghosts(id="x", title="x", question="x", cards={"00": ["a"], "01": []})
    assert [group["key"] for group in card.spec["notebooks"]] == ["00"]
    assert says in card._description.say({**card.scope(), **counts})
