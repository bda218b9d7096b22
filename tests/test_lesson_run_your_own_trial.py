"""Notebook 12: what its cards say and ask is what the virtual trials give."""

from __future__ import annotations

import pytest

from hepatica import ledger
from hepatica.analysis import virtual_trial as engine
from hepatica.cards import Choice, Predict, Preset, Quiz, Slider, VirtualTrial
from hepatica.cards.parts.frame import CardError
from hepatica.lessons import n12_open_life
from hepatica.lessons import n12_run_your_own_trial as lesson

CARDS = ("one_trial", "regression", "power", "league", "readings", "open_life", "match_audit")
RIGHT = {
    "one_trial": "More than ninety",
    "regression": "lower by one or two",
    "power": "About forty-five",
    "league": "In five of ten",
    "readings": "End, given the start",
    "open_life": "worse than they are",
    "match_audit": "8 of 26 against 9 of 24",
}


def made(name: str) -> VirtualTrial:
    return getattr(lesson if hasattr(lesson, name) else n12_open_life, name)()


@pytest.mark.parametrize("name", CARDS)
def test_cards_are_whole_and_small(name):
    spec = made(name).spec
    assert spec["kind"] == "virtual_trial"
    assert 3 <= len(spec["controls"]) <= 4
    assert spec["question"]
    assert spec["parameters"]
    assert "{" not in made(name).describe()
    assert made(name).describe() in made(name).static_html().replace("&lt;", "<")


@pytest.mark.parametrize("name", CARDS)
def test_predictions_have_the_right_answer(name):
    options = made(name).spec["predict"]["options"]
    right = [option["text"] for option in options if option["right"]]
    assert len(right) == 1
    assert right[0].startswith(RIGHT[name])
    assert all("{" not in option["why"] for option in options)
    assert all(len(option["why"].split()) > 8 for option in options)


def test_presets_stay_in_the_ranges_of_the_ledger():
    rows, checked = ledger.parameters("virtual_trial"), 0
    for name in CARDS:
        controls = {control["name"] for control in made(name).spec["controls"]}
        for preset in made(name).spec["presets"]:
            assert set(preset["values"]) - controls <= {"benefit"}
            assert all(
                rows[key].low <= value <= rows[key].high for key, value in preset["values"].items()
            )
            checked += 1
    assert checked == 25


def test_presets_keep_their_promises():
    assert (
        engine.significant(2000, "before-after", abstinent=0)
        < engine.significant(2000, "before-after") / 2
    )
    assert engine.significant(2000, "before-after", abstinent=0, entry=0) < 5
    assert engine.significant(2000, benefit=3) > 50  # cells that work are found by the fair design
    assert engine.regression_to_the_mean(entry=18, noise=0) == 0
    assert (
        engine.regression_to_the_mean(entry=18, measurements=3)
        < engine.regression_to_the_mean(entry=18) / 2
    )
    everything = engine.pooled(engine.league(publish=1))
    assert everything.low < 0 < everything.high
    significant = engine.league(publish=0, strict=1)
    assert engine.pooled(significant[significant["published"]]).estimate < -2


def test_cards_say_what_the_trials_are_at_the_start():
    assert "−9.9" not in made("one_trial").describe()
    assert "4 of the 25 with cells died or were transplanted" in made("one_trial").describe()
    assert "Of 200 trials without control" in made("one_trial").describe(many=200)
    assert "61 of 240 enter" in made("regression").describe()
    assert "All 100 trials pooled" in made("league").describe()


def test_the_power_card_shows_the_real_trials():
    trials = made("power").spec["data"]["trials"]
    assert len(trials) == engine.sizes_known() == 17
    assert {"Shi 2021", "Newsome 2018", "Spahr 2013"} <= {trial["name"] for trial in trials}
    assert max(trial["perArm"] for trial in trials) == pytest.approx(109.5, abs=0.1)


def test_quizzes_load_and_refute():
    loaded = [
        Quiz.load("12", name)
        for name in ("exercise_1", "exercise_2", "recall", "explanations", "check")
    ]
    assert 4 <= len(loaded[-1].spec["items"]) <= 6
    answers = [
        item["answer"]
        for quiz in loaded[:2]
        for item in quiz.spec["items"]
        if item["type"] == "number"
    ]
    assert answers == pytest.approx([7, 100 * 109 / 126, 100 * 100 / 126], rel=1e-4)
    tagged = {item["misconception"] for quiz in loaded for item in quiz.spec["items"]}
    assert {"M3", "M10", "M11", "M12"} <= tagged
    number = next(item for item in loaded[-1].spec["items"] if item["type"] == "number")
    assert number["answer"] == pytest.approx(1.65, abs=0.01)


def test_wrong_cards_are_refused():
    base = {"id": "x", "title": "X", "question": "?"}
    slider = Slider("benefit")
    assert VirtualTrial(
        "league",
        controls=[slider, Choice("strict", {"a": 0, "b": 1})],
        presets=[Preset("p", {})],
        data={"sizes": [[20, 20]]},
        **base,
    )
    with pytest.raises(CardError, match="no view 'pie'"):
        VirtualTrial("pie", controls=[slider], **base)
    with pytest.raises(CardError, match="at most 4"):
        VirtualTrial("power", controls=[slider] * 5, **base)
    with pytest.raises(CardError, match="2 right options"):
        VirtualTrial(
            "power",
            controls=[slider],
            predict=Predict("Which?", [("a", True, ""), ("b", True, "")]),
            **base,
        )


@pytest.mark.parametrize(
    ("moved", "reached", "says"),
    [
        ({"asked": 1, "many": 200}, True, "those who knew felt better"),
        ({"asked": 1, "many": 200, "benefit": 3.0}, False, "That is no art"),
        ({"asked": 1}, False, "One trial can be luck"),
        ({"many": 200}, False, "Without a control group it would be easy"),
    ],
)
def test_a_useless_therapy_can_be_made_significant(moved, reached, says):
    found, words = lesson.one_trial().judge(**moved)
    assert found is reached
    assert says in words
