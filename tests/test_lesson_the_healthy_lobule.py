"""Notebook 01: what its cards say is what the ledger and the models say."""

import re

import numpy as np
import pytest

from hepatica import ledger
from hepatica.cards import Diagram, Drawing, Layer, Quiz
from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.sentence import Formula, scope_names, summarise
from hepatica.cards.views.pictures import part_ids, svg
from hepatica.lessons import n01_the_healthy_lobule as lesson
from hepatica.models.acute import reserve_in_days
from hepatica.models.reserve import mass_for_albumin, reserve, steady_albumin
from hepatica.models.sinusoid import sinusoid

CARDS = ("two_supplies", "lobule", "cells", "oxygen", "reserve_curve", "days_or_months")
MODELS = {"oxygen": sinusoid, "reserve_curve": reserve, "days_or_months": reserve_in_days}


def scope(card: str, preset: str) -> dict[str, float]:
    """What the sentences of a card read after one of its presets is pressed."""
    spec, model = getattr(lesson, card)().spec, MODELS[card]
    pressed = next(item["values"] for item in spec["presets"] if item["label"] == preset)
    run, values = spec["run"], model.values() | pressed
    xs = np.linspace(run["from"], run["to"], run["points"])
    rows = [model.evaluate(**{**values, run["sweep"]: x}) for x in xs]
    series = {name: np.array([row[name] for row in rows]) for name in model.reported}
    return summarise(series, xs, int(np.abs(xs - values[run["sweep"]]).argmin()), values)


def value(binding: dict) -> float:
    """The constant that a binding of a diagram writes."""
    return float(binding["js"])


def test_every_card_is_made_once_under_its_own_name():
    ids = [getattr(lesson, name)().spec["id"] for name in CARDS]
    assert len(ids) == len(set(ids)) == 6
    assert lesson.lobule() is lesson.lobule()


def test_the_last_zone_suffers_first_at_every_shortage():
    flows = np.linspace(0.25, 2, 15)
    for flow in flows:
        values = [sinusoid.evaluate(flow=flow, way=way)["oxygen"] for way in (0, 1 / 3, 2 / 3, 1)]
        assert values == sorted(values, reverse=True), f"oxygen rises on the way at flow {flow}"
    assert (
        sinusoid.evaluate(flow=0.5, way=1)["oxygen"]
        == 0
        < sinusoid.evaluate(flow=0.55, way=1)["oxygen"]
    )


def test_the_drawing_follows_the_model():
    """Formulas of the nine segments give the model's oxygen at their places;
    a wrong place would not."""
    names, there = scope_names(sinusoid.reported, sinusoid.parameters), scope("oxygen", "half flow")
    for n in range(lesson.SEGMENTS):
        drawn = Formula(lesson.oxygen_at(n / 8), names).value(there)
        assert drawn == pytest.approx(sinusoid.evaluate(flow=0.5, way=n / 8)["oxygen"])
    elsewhere = sinusoid.evaluate(flow=0.5, way=0.4)["oxygen"]
    assert Formula(lesson.oxygen_at(0.5), names).value(there) != pytest.approx(elsewhere)
    strokes = re.search(r'<g id="starved".*?</g>', svg("sinusoid"), re.DOTALL)[0]
    assert strokes.count("<path") == lesson.STROKES
    assert {f"segment-{n + 1}" for n in range(lesson.SEGMENTS)} <= part_ids("sinusoid")


def test_flow_numbers_on_the_drawing_come_from_the_ledger():
    drawn = lesson.two_supplies().spec["bindings"]
    bindings = {item["part"]: value(item) for item in drawn if not item["part"].endswith("-oxygen")}
    total, share = (
        ledger.number("physiology/total-flow").value,
        ledger.number("physiology/portal-share").value,
    )
    portal = total * share / 100
    expected = {"portal-vein": portal, "hepatic-artery": total - portal, "hepatic-vein": total}
    assert bindings == pytest.approx(expected)
    assert bindings["portal-vein"] + bindings["hepatic-artery"] == pytest.approx(
        bindings["hepatic-vein"]
    )
    assert bindings["portal-vein"] != total / 2, "a share of one half would pass as well"


def test_widths_of_the_vessels_are_their_flows():
    layers = {layer["id"]: layer["styles"] for layer in lesson.two_supplies().spec["layers"]}
    widths = {part: float(styles["stroke-width"]) for part, styles in layers["blood"].items()}
    assert len(widths) == 3
    for part, flow in lesson.supplies().items():
        assert widths[part] * lesson.ML_MIN_PER_UNIT == pytest.approx(flow)
    oxygen = {
        part: float(layers["oxygen"][part]["stroke-width"])
        for part in ("portal-vein", "hepatic-artery")
    }
    assert sum(oxygen.values()) == pytest.approx(widths["hepatic-vein"])
    assert oxygen["portal-vein"] != widths["portal-vein"], "blood and oxygen are shared differently"


def test_layers_name_every_task_and_injury_of_the_ledger():
    rows = ledger.table("zonation")
    texts = " ".join(layer["html"] for layer in lesson.lobule().spec["layers"])
    said = [
        label
        for key, label in zip(rows["key"], rows["label"], strict=True)
        if key != lesson.DISPUTED
    ]
    assert len(said) >= 15
    assert not [label for label in said if label not in texts]
    assert "urea from ammonia" not in texts, "a disputed place is not taught"


def test_the_reserve_hides_a_large_loss_but_not_every_loss():
    low = ledger.number("physiology/serum-albumin").low
    assert steady_albumin(0.6) > low > steady_albumin(0.4)
    losses = -np.diff([steady_albumin(left) for left in (1, 0.8, 0.6, 0.4, 0.2)])
    assert list(losses) == sorted(losses), "each fifth costs more than the one before"
    third, second = lesson.albumin_edges()
    assert (third, second) == (28, 35)
    smallest, largest = lesson.smallest_remnants()
    assert smallest < mass_for_albumin(third) * 100 < largest, "the end of the reserve, twice"
    assert not smallest < mass_for_albumin(second) * 100 < largest


@pytest.mark.parametrize(
    ("moved", "reached", "says"),
    [
        ({"flow": 0.45, "uptake": 0.5}, True, "Only their ratio counts"),
        ({"flow": 0.45, "uptake": 1}, False, "the cells took as before"),
        ({"flow": 0.5, "uptake": 0.5}, False, "the flow is still 0.50"),
        ({"flow": 0.4, "uptake": 0.5}, False, "less than in a healthy liver"),
    ],
)
def test_less_than_half_of_the_flow_can_be_enough(moved, reached, says):
    found, words = lesson.oxygen().judge(**moved)
    assert found is reached
    assert says in words


def test_a_drawn_reserve_is_answered_by_its_shape():
    card = lesson.reserve_curve()

    def drawn(*points: float) -> str:
        return card.reply({str(n): at for n, at in enumerate(points, 1)})

    assert "in step with the cells" in drawn(0, 10, 21, 32, 42)
    assert "a blood test would show" in drawn(0, 20, 30, 38, 42)
    assert "the reserve is large, and it ends" in drawn(0, 42, 42, 42, 42)
    assert "so does the model" in drawn(0, 26, 35, 40, 42)


def test_colours_name_parts_that_exist():
    assert len(lesson.lobule().spec["layers"]) == 5
    with pytest.raises(CardError, match="no-such-part"):
        Diagram(
            Drawing("lobule"),
            id="x",
            title="x",
            question="x",
            layers=[Layer("a", "A", "text", {"no-such-part": {"fill": "red"}})],
        )


@pytest.mark.parametrize(
    ("name", "items"), [("recall", 2), ("check", 5), ("exercise_1", 2), ("exercise_2", 2)]
)
def test_quizzes(name, items):
    quiz = Quiz.load("01", name)
    assert len(quiz.spec["items"]) == items
    with pytest.raises(CardError):
        Quiz.load("01", name + "_missing")


def test_exercise_answers_are_the_models():
    least, late = (
        Quiz.load("01", "exercise_1").spec["items"][0],
        Quiz.load("01", "exercise_2").spec["items"],
    )
    assert sinusoid.evaluate(flow=least["answer"] + 0.01, way=1)["oxygen"] > 0
    assert sinusoid.evaluate(flow=least["answer"] - 0.01, way=1)["oxygen"] == 0
    assert [steady_albumin(1 - item["answer"] / 100) for item in late] == pytest.approx([35, 28])
    assert steady_albumin(1 - late[0]["misses"][0]["value"] / 100) != pytest.approx(35, rel=0.01)


def untrue(words: str, there: dict[str, float]) -> bool:
    """Whether a sentence on a sudden loss says what its numbers do not."""
    unfolded = there["now"] >= 0.9 * there["months"]
    return ("has unfolded" in words and not unfolded) or (
        "less than the cells alone" in words and there["now"] >= there["mass"]
    )


def test_the_reserve_has_unfolded_only_where_the_work_is_nearly_that_of_a_slow_loss():
    card, looked = lesson.days_or_months(), 0
    for left in (0.01, 0.02, 0.05, 0.1, 0.4, 0.8):
        for day in (0, 2, 7, 14, 30, 60, 120):
            words = card.describe(H=left, days=day)
            assert not untrue(words, card.scope(H=left, days=day)), words
            looked += 1
    assert looked == 42 and "has unfolded" in card.describe(H=0.4, days=120)
    assert untrue("1 % of the work. The reserve has unfolded.", {"now": 1, "months": 6, "mass": 1})
