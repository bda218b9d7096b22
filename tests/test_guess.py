"""What a guess tells is the same in Python and on the page, and a reply fits what was given."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hepatica.cards import CardError, VirtualTrial
from hepatica.cards.parts.order import shown
from hepatica.cards.parts.predict import (
    HANDLES,
    Draw,
    Order,
    Predict,
    PredictionError,
    Share,
    guessed,
    skipped,
)
from hepatica.lessons import n00_start_here as lesson
from tools.node import Session

SCRIPT = """import { guessed, heightAt, isSkipped, stations } from "./engine/guess.js";
---
const { step, given, model, axis, curve, at } = data;
return {
  guess: step && guessed(step, given, model), skipped: isSkipped(given),
  stations: axis && stations(axis), height: curve && heightAt(curve, at),
};
"""
ANY = [(None, "You said so.")]
ORDER = Order("Which first?", [("a", 3, ""), ("b", 1, "B first."), ("c", 2, "")], ANY)
SHARE = Share("How many?", "answer", ANY)
DRAW = Draw("Draw it.", "CPA", ANY)


def step(question) -> dict:
    """A question's JSON; its formulas come out as 40."""
    return question.json(lambda _: 40.0, "a-card")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with Session(SCRIPT, tmp_path_factory.mktemp("guess")) as session:
        yield session


heights = st.lists(st.floats(-1e3, 1e3), min_size=HANDLES, max_size=HANDLES)


@settings(max_examples=60, deadline=None)
@given(drawn=heights, model=heights, share=st.integers(0, 100), order=st.permutations([0, 1, 2]))
def test_both_runtimes_read_a_guess_alike(page, drawn, model, share, order):
    as_map = {str(n): height for n, height in enumerate(drawn, 1)}
    for question, said in ((DRAW, as_map), (SHARE, share), (ORDER, list(order))):
        asked = {"step": step(question), "given": said, "model": model}
        here = guessed(asked["step"], said, model)
        assert page.ask(asked)["guess"] == pytest.approx(here, abs=1e-12)


def test_a_skip_is_no_guess(page):
    for given_, is_skip in ((-1, True), ({}, True), ([], True), (0, False), ([1, 0], False)):
        assert skipped(given_) is is_skip
        assert page.ask({"given": given_})["skipped"] is is_skip


def test_the_model_is_read_where_the_reader_draws(page):
    axis = {"range": [0.1, 1000], "scale": "log"}
    at = page.ask({"axis": axis, "given": 0})["stations"]
    assert at == pytest.approx([0.1, 1, 10, 100, 1000])
    curve = {"x": [0, 2, 4], "y": [0, 10, 0]}
    read = [page.ask({"curve": curve, "at": x, "given": 0})["height"] for x in (-1, 1, 2, 3, 9)]
    assert read == pytest.approx([0, 5, 10, 5, 0])


def test_options_are_shuffled_by_their_key_and_ladders_are_not():
    options = [("ten", False, "a"), ("twenty", True, "b"), ("thirty", False, "c")]
    texts = lambda question, key: [option["text"] for option in question.json(key=key)["options"]]
    orders = {tuple(texts(Predict("How many?", options), f"card-{n}")) for n in range(40)}
    assert len(orders) == 6
    ladder = Predict("How many?", options, ladder=True)
    assert {tuple(texts(ladder, f"card-{n}")) for n in range(40)} == {("ten", "twenty", "thirty")}
    assert shown("first-card", 4) == shown("first-card", 4)


def test_an_order_is_not_handed_out_and_has_one_answer():
    for n in range(40):
        ranks = [item["rank"] for item in ORDER.json(key=f"card-{n}")["items"]]
        assert ranks != [0, 1, 2] and sorted(ranks) == [0, 1, 2]
    with pytest.raises(PredictionError, match="the same rank"):
        Order("Which?", [("a", 1, ""), ("b", 1, "")], ANY).json()


def test_a_drawn_curve_gets_the_reply_of_its_shape():
    card = lesson.first_card()
    drawn = lambda *points: {str(n): height for n, height in enumerate(points, 1)}
    assert "scar is scar" in card.reply(drawn(2, 20, 20, 20, 20))
    assert "No cause, no scar" in card.reply(drawn(2, 12, 6, 3, 2))
    assert card.reply({}) == ""


def test_a_prediction_without_a_heading_is_refused():
    with pytest.raises(CardError, match="needs a question as its heading"):
        VirtualTrial(
            "power",
            id="x",
            title="X",
            question="",
            controls=[],
            predict=Predict("Which?", [("a", True, ""), ("b", False, "")]),
            uses=("n",),
        )
