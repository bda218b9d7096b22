"""Notebook 10: what its cards say is what the model says,
and the liver without cells always stands beside."""

import json

import numpy as np
import pytest

from hepatica import ledger
from hepatica.cards import Explorable, Given, Run, Scenes, Slider, Switches
from hepatica.cards.kinds.explorable.card import WITHOUT
from hepatica.cards.parts.controls import start_of
from hepatica.cards.parts.frame import CardError
from hepatica.lessons import n10_five_mechanisms as lesson
from hepatica.models.therapy import (
    LEVERS,
    at_first_infusion,
    clears,
    collagen_turnover,
    therapy,
)
from tools.node import run_js

LATE = lesson.therapy_with(**at_first_infusion("locked"), on_5=1)
CARDS = {
    "levers": therapy,
    "what_would_have_to_be_true": LATE,
    "what_could_go_wrong": therapy,
    "plausible_fall": collagen_turnover,
}

# Card, label of the preset, words of the sentence.
PROMISES = [
    ("levers", "one infusion", "scar 19.6 % (without cells 19.8 %), albumin 34.2 g/L (34.1)"),
    ("levers", "one infusion", "scar 20.5 % (20.6 %). By their scar the two livers are hardly"),
    ("levers", "three, a month apart", "scar 20.4 % (20.6 %). By their scar the two livers"),
    ("levers", "weekly for half a year", "It worked while it lasted; the cause goes on"),
    ("levers", "better blood only", "Better blood, the same scar."),
    ("levers", "a cause that is gone", "without cells it falls just as far"),
    ("levers", "a scar held awake", "scar 16.1 % (17.6 %). The myofibroblasts have let go"),
    ("what_would_have_to_be_true", "lives one day", "= 2.0 e-folds. Too little"),
    ("what_would_have_to_be_true", "lives seven days", "= 14 e-folds. Enough: the myofibro"),
    ("what_would_have_to_be_true", "one day, 26 times", "= 52 e-folds. Enough:"),
    ("what_would_have_to_be_true", "weak but long", "= 15 e-folds. Enough on paper, but spread"),
    ("what_could_go_wrong", "all turn, a weaker cause", "they die out"),
    ("what_could_go_wrong", "all turn, a scar that is there", "a few more do not count"),
    ("what_could_go_wrong", "a clot, no scar", "to 5.2 mmHg (without cells 4.0)"),
    ("what_could_go_wrong", "a clot, a scar", "it meets 3 of a hundred people"),
    ("plausible_fall", "slowest turnover, all stopped", "falls by 30 % in half a year"),
    (
        "plausible_fall",
        "slowest turnover, all stopped",
        "37 % of the mass is more than stopping everything gives",
    ),
    (
        "plausible_fall",
        "a quarter less, as published",
        ("falls by 25 % in half a year; the ceiling is 51 %"),
    ),
    ("plausible_fall", "fastest turnover, half stopped", "37 % one of 56 %"),
]


def start_values(name: str) -> dict[str, float]:
    """Values of all controls of a card when it opens."""
    spec = getattr(lesson, name)().spec
    head = {"head": spec["head"]["start"]} if spec["head"] else {}
    return {
        key: value for control in spec["controls"] for key, value in start_of(control).items()
    } | head


@pytest.mark.parametrize(("name", "label", "words"), PROMISES)
def test_presets_say_what_they_promise(name, label, words):
    card = getattr(lesson, name)()
    assert words in card.describe(**card.preset(label))


def test_every_preset_is_checked_and_a_sentence_can_fail():
    labels = {
        (card, item["label"]) for card in CARDS for item in getattr(lesson, card)().spec["presets"]
    }
    assert labels == {(card, label) for card, label, _ in PROMISES}
    assert len(labels) == 17
    assert "Better blood" not in lesson.levers().describe(**lesson.levers().preset("one infusion"))
    with pytest.raises(CardError, match="no preset 'one infusoin'. It has one infusion"):
        lesson.levers().preset("one infusoin")


def test_nothing_switched_on_is_the_liver_without_cells():
    off = dict.fromkeys(LEVERS, 0.0)
    assert "This is the liver without cells" in lesson.levers().describe(**off)
    assert "scar 19.8 %; after two years 20.6 %" in lesson.levers().describe(**off)
    assert "This is the liver without cells" not in lesson.levers().describe(**off | {"on_5": 1.0})


def compared(names: set[str]) -> bool:
    """Whether every treated curve has its twin from the run without."""
    treated = {name for name in names if not name.endswith(WITHOUT)}
    return bool(treated) and {name + WITHOUT for name in treated} <= names


@pytest.mark.parametrize("name", CARDS)
def test_the_counterfactual_is_always_in_sight(name):
    """Every chart with a curve of the treated run has one of the run without."""
    charts = [
        view
        for view in getattr(lesson, name)().spec["views"]
        if view["type"] == "chart" and view["curves"]
    ]
    drawn = [
        {curve["y"] for curve in chart["curves"]}
        for chart in charts
        if chart["curves"][0]["y"] != "Z"
    ]
    assert drawn
    assert all(compared(names) for names in drawn)
    assert not compared({"CPA"}) and not compared({"CPA" + WITHOUT})


SECOND_RUN = """import { compileModel, solveModel } from "./engine/solver.js";
---
const model = compileModel(data.model);
return solveModel(model, { ...data.values, ...data.without }, data.times).CPA[1];
"""


def test_both_languages_leave_out_the_cells(tmp_path):
    spec = lesson.levers().spec
    data = {
        "model": spec["model"],
        "values": start_values("levers"),
        "without": spec["without"],
        "times": [0, 180],
    }
    assert run_js(SECOND_RUN, data, tmp_path) == pytest.approx(19.757, abs=2e-3)
    (tmp_path / "with").mkdir()
    assert run_js(SECOND_RUN, data | {"without": {}}, tmp_path / "with") == pytest.approx(
        19.626, abs=2e-3
    )


# -- the map ---------------------------------------------------------------------------------------


def test_the_boundary_is_where_the_outcome_turns():
    for at in (2, 6, 11):
        tau, needed = float(lesson.PERSISTENCE[at]), float(lesson.boundary()[at])
        assert clears(1.02 * needed, tau)
        assert not clears(0.98 * needed, tau)
    product = lesson.PERSISTENCE * lesson.boundary()
    assert product[:4] == pytest.approx(ledger.number("targets/therapy-e-folds-1d").value, rel=0.01)
    assert product[-1] > 2 * product[0]


def test_the_marks_stand_on_their_side_of_the_boundary():
    sides = {
        (days, rate): rate > np.interp(days, lesson.PERSISTENCE, lesson.boundary())
        for days, rate, *_ in lesson.MARKS
    }
    assert sides == {(1, 2): False, (7, 2): True, (26, 2): True, (14, 1): True}


def test_a_map_without_boundary_is_the_same_everywhere():
    assert lesson.everywhere("stopped") is True
    assert lesson.everywhere("ongoing") is False
    with pytest.raises(ValueError, match="draw its boundary"):
        lesson.everywhere("locked")


# -- the drawing -----------------------------------------------------------------------------------


def test_each_lever_has_a_lamp_a_glow_and_a_text():
    drawing = next(view for view in lesson.levers().spec["views"] if view["type"] == "drawing")
    driven = {binding["part"] for binding in drawing["bindings"]}
    for n in range(1, 6):
        assert {f"lamp-{n}", f"glow-{n}", f"arm-{n}"} <= driven
    texts = {part["id"]: part["html"] for part in drawing["parts"]}
    assert {f"lever-{n}" for n in range(1, 6)} <= set(texts)
    lamp = next(item for item in drawing["bindings"] if item["part"] == "lamp-1")
    assert "on_1b" in json.dumps(lamp), "both places of lever 1 light its lamp"
    assert "2 per day" in texts["lever-5"] and "{" not in "".join(texts.values())
    assert "lamp-6" not in driven


# -- controls of several values --------------------------------------------------------------------


def small(**changed) -> Explorable:
    """A card with switches, scenes and a given value."""
    parts = {
        "controls": [
            Switches({"on_1": "one", "on_2": "two"}, "levers", on=["on_2"]),
            Scenes(
                {"early": {"C_start": 8.0, "d": 0.0}, "late": {"C_start": 10.0, "d": 0.001}},
                "cause",
            ),
            Given("spacing", "one every"),
        ],
        "describe": [(None, "Scar {CPA_end:1f} %, without {CPA_without_end:1f} %.")],
        "without": {"infusions": 0},
    }
    run = Run(10, points=3)
    return Explorable(
        therapy, id="small", title="t", question="q", run=run, views=[], **(parts | changed)
    )


def test_switches_and_scenes_set_several_values():
    card = small()
    assert {key: card.values[key] for key in ("on_1", "on_2", "C_start", "d")} == {
        "on_1": 0,
        "on_2": 1,
        "C_start": 8,
        "d": 0,
    }
    card.values = {"on_1": 1}
    assert card.values["on_1"] == 1 and card.values["on_2"] == 1
    with pytest.raises(CardError, match="no value 'on_3'"):
        card.values = {"on_3": 1}


def test_a_row_of_switches_is_one_quantity_and_a_scene_none():
    four = [Slider(name) for name in ("infusions", "tau", "w", "d")]
    scene = Scenes({"a": {"C_start": 1.0}, "b": {"C_start": 2.0}}, "cause")
    assert small(controls=[scene, *four])
    with pytest.raises(CardError, match="5 controls"):
        small(controls=[Switches({"on_1": "one"}, "levers"), *four])


MISTAKES = {
    "a switch of another model": (
        [Switches({"on_9": "nine"}, "levers")],
        ("switch 'on_9' needs a parameter"),
    ),
    "a switch that starts on without a label": (
        [Switches({"on_1": "one"}, "levers", on=["on_2"])],
        "'on_2'",
    ),
    "scenes of different values": (
        [Scenes({"a": {"d": 0.0}, "b": {"C_start": 1.0}}, "cause")],
        "same parameters",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused(mistake):
    controls, advice = MISTAKES[mistake]
    with pytest.raises(CardError, match=advice):
        small(controls=controls)


@pytest.mark.parametrize("name", CARDS)
def test_cards_speak_and_stay_small(name):
    card = getattr(lesson, name)()
    assert card.describe() and "{" not in card.describe()
    quantities = [
        control for control in card.spec["controls"] if control["kind"] not in ("given", "scenes")
    ]
    assert 1 <= len(quantities) <= 4
    assert sum(option["right"] for option in card.spec["predict"]["options"]) == 1
