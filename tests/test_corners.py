"""Every explorable at the corners of its controls: what a chart draws stays on its fixed axes; and
sentences where a count is one.

A corner sets one control to an end and leaves the others at their start; where the controls have at
most sixteen corners together, all of them are tried. The foot of a logarithmic axis is where we
stop looking, so a curve may sink below it; a marker may not, since it is drawn outside the frame.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from test_sentences import every_card

from hepatica.cards import Card, Explorable
from hepatica.cards.parts.door import Number

ALL_TOGETHER = 16  # corners, up to which every combination is tried
EDGE = 0.01  # of an axis: half the width of a line or a marker's rim, 3 of 300 px
MATHS = {name: getattr(math, name) for name in ("sqrt", "exp", "log", "pow", "floor")}
JAVASCRIPT = SimpleNamespace(max=max, min=min, abs=abs, PI=math.pi, **MATHS)

NOUNS = "alarms cells days doses hours infusions livers months patients points studies times trials"
MANY_OF_ONE = re.compile(
    rf"(?<![\d.,\u202f–−-])1 (?:{'|'.join(NOUNS.split())}|weeks|years|people)\b"
)


@cache
def cards() -> dict[str, Card]:
    """All cards of the lessons."""
    return every_card()


def explorables() -> list[Explorable]:
    """The cards that run a model."""
    return [card for card in cards().values() if isinstance(card, Explorable)]


def ends(control: dict) -> list[dict]:
    """What a control sets at its ends: low and high of a slider, else each of its options."""
    if control["kind"] == "slider":
        return [{control["name"]: control[end]} for end in ("min", "max")]
    if control["kind"] == "toggle":
        return [{control["name"]: control[way]} for way in ("on", "off")]
    named = [option for option in control.get("options", []) if "value" in option]
    return [{control["name"]: option["value"]} for option in named]


def corners(spec: dict) -> Iterator[dict]:
    """The settings that are tried: the start, one end at a time, all together where few."""
    head = {"kind": "slider", "name": "head", "min": 0, "max": spec["run"]["points"] - 1}
    controls = [*spec["controls"], *([head] if spec["head"] else [])]
    sides = [found for control in controls if (found := ends(control))]
    yield {}
    yield from itertools.chain(*sides)
    if math.prod(map(len, sides)) <= ALL_TOGETHER:
        for choice in itertools.product(*sides):
            yield {name: value for end in choice for name, value in end.items()}


def off(axis: dict, value: float) -> int:
    """-1 where a number lies below an axis by more than its rim, 1 above, 0 on it."""
    bend = math.log10 if axis["scale"] == "log" else float
    low, high = map(bend, sorted(axis["range"]))
    if axis["scale"] == "log" and value <= 0:
        return -1
    rim = EDGE * (high - low)
    return (bend(value) > high + rim) - (bend(value) < low - rim)


def strays(chart: dict, scope: dict) -> Iterator[str]:
    """The markers and curves of a chart that leave its axes at one setting; a curve all of which
    lies below is one that this setting does not draw."""
    for point in chart["points"]:
        for way in ("x", "y"):
            value = eval(point[way]["js"], {"s": SimpleNamespace(**scope), "Math": JAVASCRIPT})
            if math.isfinite(value) and off(chart[way], value):
                yield f"{point['label']} at {way} = {value:.4g}"
    for curve in chart["curves"]:
        low, high = (scope[f"{curve['y']}_{end}"] for end in ("min", "max"))
        if math.isfinite(high) and off(chart["y"], high) > 0:
            yield f"{curve['label']} up to {high:.4g}"
        below = math.isfinite(low) and off(chart["y"], low) < 0 == off(chart["y"], high)
        if below and chart["y"]["scale"] != "log":
            yield f"{curve['label']} down to {low:.4g}"


def stray_settings(card: Explorable) -> list[str]:
    """What leaves the axes of a card's charts, and at which settings."""
    charts = [view for view in card.spec["views"] if view["type"] == "chart"]
    return [
        f"{card.spec['id']} at {setting}: {stray}"
        for setting in (corners(card.spec) if charts else [])
        for scope in [card.scope(**setting)]
        for chart in charts
        for stray in strays(chart, scope)
    ]


@pytest.mark.full
def test_what_a_chart_draws_stays_on_its_axes():
    assert len(explorables()) > 40
    assert [found for card in explorables() for found in stray_settings(card)] == []


def test_a_marker_outside_and_a_curve_above_are_noticed():
    axis = {"range": [0, 10], "scale": "linear"}
    point = {"label": "here", "x": {"js": "s.a"}, "y": {"js": "Math.max(s.a, 2)"}}
    chart = {"x": axis, "y": axis, "points": [point], "curves": [{"y": "b", "label": "line"}]}
    scope = {"a": 1, "b_min": 0, "b_max": 10}
    assert list(strays(chart, scope)) == []
    assert len(list(strays(chart, scope | {"a": 11}))) == 2
    assert list(strays(chart, scope | {"b_max": 12})) == ["line up to 12"]
    assert list(strays(chart, scope | {"b_min": -3})) == ["line down to -3"]
    assert off({"range": [1, 100], "scale": "log"}, 0) == -1


def settings_of_one(card: Card) -> Iterator[dict]:
    """Settings in which a number of the card is 1, the play head's time too."""
    fields = [name for name, field in card.fields.items() if isinstance(field, Number)]
    known = [name for name in fields if None not in (card.fields[name].low, card.fields[name].high)]
    yield from ({name: 1} for name in known if card.fields[name].low <= 1 <= card.fields[name].high)
    if card.spec.get("head"):
        yield {"head": int(np.abs(np.asarray(card._times) - 1).argmin())}


def words_of(card: Card) -> Iterator[str]:
    """All that a card says where a number is 1."""
    yield from (card.describe(**setting) for setting in settings_of_one(card))
    controls = card.spec.get("controls") or []
    yield from (option["label"] for row in controls for option in row.get("options", []))
    yield from (preset["label"] for preset in card.spec.get("presets") or [])


def test_one_is_no_plural():
    said = [(name, words) for name, card in cards().items() for words in words_of(card)]
    assert len(said) > 100
    assert [(name, words) for name, words in said if MANY_OF_ONE.search(words)] == []


def test_one_trials_and_one_years_are_noticed():
    for wrong in ("1 trials", "After 1 years", "With 1 people, all"):
        assert MANY_OF_ONE.search(wrong)
    for right in ("1 trial", "21 years", "0.1 days", "1 day", "11 people"):
        assert not MANY_OF_ONE.search(right)


EMPHASIS = re.compile(r"\*[^\s*][^*]*\*|\[[^]]+\]\(")  # a live sentence is plain text


def test_no_sentence_shows_the_signs_of_markdown():
    said = [
        (name, part)
        for name, card in every_card().items()
        for rules in card.spec.get("describe") or []
        for rule in rules
        for part in rule["parts"]
        if isinstance(part, str)
    ]
    assert len(said) > 500
    assert [found for found in said if EMPHASIS.search(found[1])] == []
    assert EMPHASIS.search("Of the *area*, ") and EMPHASIS.search("[Suk 2016](https://")
    assert not EMPHASIS.search("2 * 3 and 4 * 5")


# Regions and marks that may be seen before the answer, and why they do not tell it.
REFERENCE = {
    "reserve-curve": "limits to read a curve by",
    "sinusoid-oxygen": "a healthy liver; asked is one after a bleed",
    "phase-plane": "where a path may end; asked is which of two paths ends where",
    "after-cirrhosis": "one of three groups at another time",
    "silent-years": "cirrhosis; asked are complications",
    "before-the-end": "the part of the follow-up that is looked at",
    "one-tube": "laboratories; asked is a score",
    "cured-or-not": "never cured, which the question tells",
    "road-of-cells": "label; asked are living cells",
    "plausible-fall": "two treatments; asked is the ceiling of any",
}


def seen_before(specs: Iterator[dict]) -> set[str]:
    """The cards whose charts show a region or a mark before the prediction is answered."""
    return {
        spec["id"]
        for spec in specs
        for view in (spec.get("views") or [] if spec.get("predict") else [])
        for item in view.get("background", [])
        if item["kind"] in ("area", "points") and not item.get("veil")
    }


def test_no_region_and_no_mark_gives_the_answer_away():
    specs = {name: card.spec for name, card in every_card().items()}
    assert seen_before(iter(specs.values())) == set(REFERENCE)
    bare = json.loads(json.dumps(specs["amplitude-and-duration"]))
    for item in bare["views"][0]["background"]:
        del item["veil"]
    assert seen_before(iter([bare])) == {"amplitude-and-duration"}
