"""Every card in Chromium, Firefox and WebKit: what it says, counts and draws at rest is the same in
all three, before and after the commitment and with all controls at either end."""

from __future__ import annotations

import copy
from itertools import pairwise

import pytest

from hepatica.site.build import PROJECT
from tests.three import differences, faults

PAGES = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
QUICK = {PAGES[0], PAGES[11]}  # tissue, and trials; --all compares them all
TOUR = "globalThis.engines.tour()"
STEPS = ["before", "committed", "low", "high"]
# A control that is not there: what an engine does on which a part of the page fails.
BREAK = "document.querySelector('.hep-actions button').remove()"


def toured(engine, file) -> dict:
    """What one engine tells of all cards of a page."""
    engine.go(file)
    return engine.ask(TOUR)


def pictures(told: dict) -> int:
    """How many charts, canvases and drawings stand on the page after the commitment, none empty."""
    count = 0
    for card in told["steps"]["committed"]:
        assert all(chart["drawn"] for chart in card["charts"]), card["id"]
        count += len(card["charts"]) + len(card["canvases"]) + len(card["drawings"])
    return count


@pytest.mark.parametrize(
    "name",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.full) for name in PAGES],
)
def test_three_engines_tell_the_same(engines, pages, name):
    tours = {engine.name: toured(engine, pages / f"{name}.html") for engine in engines}
    assert list(tours) == ["chromium", "firefox", "webkit"]
    first = tours.pop("chromium")
    assert list(first["steps"]) == STEPS and len(first["steps"]["before"]) > 2
    assert pictures(first) > 0
    assert faults(first) == []
    for engine, told in tours.items():
        assert faults(told) == [], engine
        assert differences(first, told) == [], engine


def test_the_tour_moves_what_it_looks_at(engines, pages):
    """A tour that moved nothing would find every engine alike."""
    told = toured(engines[0], pages / f"{PAGES[2]}.html")["steps"]
    for one, other in pairwise(STEPS):
        moved = [a["id"] for a, b in zip(told[one], told[other], strict=True) if a != b]
        assert len(moved) > 3, (one, other)
    charts = [card["charts"] for card in told["low"]]
    assert charts != [card["charts"] for card in told["high"]]


def test_an_engine_in_which_a_part_is_missing_is_noticed(engines, pages):
    file = pages / f"{PAGES[11]}.html"
    whole = toured(engines[0], file)
    engines[1].go(file)
    engines[1].ask(f"globalThis.engines.stand().then(() => {BREAK})")
    found = differences(whole, engines[1].ask(TOUR))
    assert any("/controls" in line for line in found)
    assert any("/words" in line for line in found)


# ---- the comparison ----

CARD = {
    "id": "sample",
    "words": "After 3 years 12 % are scar.",
    "scope": {"CPA": 12.0, "name": "K."},
    "charts": [{"axes": [0, 1], "traces": [{"name": "a", "x": [2, 0, 1], "y": [2, 5, 7]}]}],
    "drawings": [{"shapes": 3, "words": ["hepatocyte"]}],
    "controls": 4,
    "wide": [],
    "colours": ["none color(srgb 0.5 0.4 0.3)", "rgb(1, 2, 3) none"],
    "canvases": [[0.5, 0.5, 0.0]],
    "size": [640, 1000],
}
OTHERS = {
    "words": "After 3 years 13 % are scar.",
    "scope": {"CPA": 12.05, "name": "K."},
    "charts": [{"axes": [0, 1], "traces": [{"name": "a", "x": [2, 0, 1], "y": [2, 5, 7.05]}]}],
    "drawings": [{"shapes": 2, "words": ["hepatocyte"]}],
    "controls": 3,
    "wide": ["hep-live"],
    "colours": ["none color(srgb 0.5 0.41 0.3)", "rgb(1, 2, 3) none"],
    "canvases": [[0.55, 0.45, 0.0]],
    "size": [640, 1100],
}


def tour_of(**parts: object) -> dict:
    """A tour of one card and one step."""
    return {"steps": {"before": [CARD | parts]}, "presets": {}}


@pytest.mark.parametrize("part", OTHERS)
def test_a_difference_of_each_kind_is_found(part):
    assert OTHERS.keys() == CARD.keys() - {"id"}
    assert differences(tour_of(), copy.deepcopy(tour_of())) == []
    assert len(differences(tour_of(), tour_of(**{part: OTHERS[part]}))) == 1


@pytest.mark.parametrize(
    "parts",
    [
        {"scope": {"CPA": 12.0000001, "name": "K."}},
        {"colours": ["none color(srgb 0.500001 0.4 0.3)", "rgb(1, 2, 3) none"]},
        {"canvases": [[0.51, 0.49, 0.0]]},
        {"size": [641, 1020]},
    ],
)
def test_rounding_and_other_letters_are_no_difference(parts):
    assert differences(tour_of(), tour_of(**parts)) == []


def test_an_empty_canvas_a_lost_one_and_another_preset_are_found():
    empty = {"canvases": [[1.0, 0.0, 0.0]]}
    assert len(differences(tour_of(**empty), tour_of(**empty))) == 2
    assert len(differences(tour_of(), tour_of(canvases=[]))) == 1
    assert len(differences(tour_of(), tour_of() | {"presets": {"sample": ["x"]}})) == 1


def test_what_goes_wrong_on_a_page_is_found():
    good = {"troubles": ["error: Script error."], "fetched": [], "wide": -12}
    assert faults(good) == []
    assert len(faults(good | {"troubles": ["refused connect-src: x"]})) == 1
    assert len(faults(good | {"fetched": ["https://example.org/"]})) == 1
    assert len(faults(good | {"wide": 3})) == 1
