"""Notebook 09: the books of the label, the doses of the trials,
and what the cards say about them."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from experiments import draw, met, result, rows

from hepatica import ledger
from hepatica.cards import Quiz
from hepatica.cards.parts.frame import CardError
from hepatica.cards.views.doses import Doses
from hepatica.cards.views.pictures import svg
from hepatica.lessons import n09_the_cells as lesson
from hepatica.models.biodistribution import (
    arrivals,
    biodistribution,
    doses,
    label,
    largest_dose,
    living,
    trial_doses,
)
from tools.node import run_js

CARDS = {"road": biodistribution, "trial_dose": doses(), "if_they_stayed": arrivals}

# -- the model -------------------------------------------------------------------------------------


def test_every_target_is_met_and_a_spoilt_one_is_not():
    targets = rows("biodistribution")
    assert len(targets) >= 24
    for row in targets:
        value = result(row)
        assert met(row, value), (row["key"], value, row["value"])
        assert not met({**row, "value": row["value"] * 1.1}, value), row["key"]


def test_the_model_passes_through_the_patients():
    table, checked = ledger.table("biodistribution"), 0
    for row in table[table["study"] == "Gholamrezanezhad 2011"].itertuples():
        assert row.low <= label(row.organ, row.time_hours) <= row.high, row.key
        assert not row.low <= label(row.organ, row.time_hours, T_B=12) + 20 <= row.high
        checked += 1
    assert checked == 6
    for row in table[table["study"] == "Couto 2011"].itertuples():
        assert label("liver", row.time_hours, artery=1) == pytest.approx(row.value, rel=1e-3)
        assert label("liver", row.time_hours) != pytest.approx(row.value, rel=0.1)
        checked += 1
    assert checked > 6


def test_day_ten_does_not_tell_the_pace_but_day_one_would():
    row = ledger.number("biodistribution/gholamrezanezhad-2011-liver-240h")
    ends = [(label("liver", 240, T_B=half), label("liver", 24, T_B=half)) for half in (12, 48)]
    assert all(row.low < late < row.high for late, _ in ends)
    assert ends[0][1] > 2 * ends[1][1]


def test_no_label_is_lost_and_none_is_made():
    books = ("L_0", "Li_0", "Sp_0", "B_0")
    values = biodistribution.values()
    assert sum(values[name] for name in books) == pytest.approx(100)
    for drawn in draw(biodistribution, 20):
        start = {name: values[name] for name in books}
        run = biodistribution.simulate(10, points=41, **{**drawn, **start, "artery": 0.0})
        total = run[["lung", "liver", "spleen", "elsewhere"]].sum(axis=1)
        assert np.allclose(total, 100)
        assert (run["elsewhere"] >= 0).all()
        assert (np.diff(run["lung"]) <= 1e-9).all()
        assert (run["living_liver"] <= run["liver"] + 1e-9).all()
        assert not np.allclose(run["living_liver"], run["liver"])


def test_label_rises_while_the_living_fall():
    assert label("liver", 240) > label("liver", 72) > label("liver", 24)
    assert living("liver", 240) < living("liver", 72) < living("liver", 24)


# -- the doses -------------------------------------------------------------------------------------


NO_LANE = ("Lanthier2017", "WangMF2018", "Cardinale2014")
"""Not drawn among the doses: patients of Spahr 2013; a kind of cell that was not read; cells of the
fetal bile ducts, which are none of the four kinds."""


def test_doses_are_those_that_the_trials_print():
    table, trials = ledger.table("trial_doses"), ledger.table("trials").set_index("key")
    cells = trials[(trials["intervention_class"] == "cells") & ~trials.index.isin(NO_LANE)]
    assert set(table["trial"]) == set(cells.index)
    printed = 0
    for row in table.itertuples():
        words = cells.loc[row.trial, "cells_as_printed"]
        has_number = not np.isnan([row.value, row.low]).all()
        assert has_number == bool(words), row.key
        assert (row.unit == "cells/kg") == ("/kg" in words), row.key
        if has_number:
            printed += 1
            found = mantissas(words)
            numbers = [number for number in (row.value, row.low, row.high) if not np.isnan(number)]
            ours = {f"{number:.3e}"[:5].rstrip("0.") for number in numbers}
            assert row.spread.startswith("mean") or ours <= found, (row.key, ours, found)
    assert (printed, len(table)) == (32, 55)


def mantissas(words: str) -> set[str]:
    """The leading digits of every number in a printed dose."""
    plain = re.sub(r"10\^\d+|/kg", " ", words)
    digits = {f"{float(number):.3e}"[:5].rstrip("0.") for number in re.findall(r"\d+\.?\d*", plain)}
    return digits | ({"1"} if "10^" in words else set())


def test_a_mistyped_dose_would_be_noticed():
    assert mantissas("median 195 million (range 120-295 million)") == {"1.95", "1.2", "2.95"}
    assert "1.96" not in mantissas("median 195 million (range 120-295 million)")


def test_the_words_of_the_card_are_the_counts():
    read = trial_doses()
    assert (len(read), sum(row["high"] is not None for row in read)) == (55, 32)
    assert "Fifty-five" in lesson.trial_dose().spec["predict"]["question"]
    assert largest_dose("fold") == pytest.approx(940)
    assert largest_dose("fold", type=1) < largest_dose("fold")


def test_what_the_model_counts_is_what_the_table_holds():
    read, checked = trial_doses(), 0
    for kind in range(5):
        for route in range(4):
            run = doses().evaluate(type=kind, route=route, body_mass=60)
            here = [row for row in read if kind in (0, row["type"]) and route in (0, row["route"])]
            weighed = [row["high"] * (60 if row["per_kg"] else 1) for row in here if row["high"]]
            assert run["shown"] == len(here)
            assert run["printed"] == len(weighed)
            assert run["largest"] == pytest.approx(max(weighed, default=0))
            checked += len(here)
    assert checked > 100


DOSES = """import { createDoses } from "./views/doses.js";
---
return typeof createDoses;
"""


def test_the_view_is_there_and_refuses_a_model_that_lacks_its_names(tmp_path):
    assert run_js(DOSES, {}, tmp_path) == "function"
    view = lesson.trial_dose().spec["views"][0]
    assert sum(len(lane["rows"]) for lane in view["lanes"]) == 55
    made = Doses(lanes={}, routes={}, yardsticks={}, range=(1, 10), title="Doses")
    with pytest.raises(CardError, match="body_mass"):
        made.json(["type", "route", "printed", "smallest", "largest"])


# -- the cards -------------------------------------------------------------------------------------


def crowded(rings: dict[str, int], most: dict[str, float]) -> list[str]:
    """Groups of rings, such as "label-lung", with too few for the largest share of their organ,
    or twice too many."""
    shares = {name: most[name.partition("-")[2]] for name in rings}
    return [
        name for name, share in shares.items() if not share - 0.5 <= rings[name] < 2 * share + 10
    ]


def test_each_organ_has_room_for_its_rings():
    runs = [biodistribution.simulate(10, points=241, artery=road) for road in (0, 1)]
    most = {
        organ: max(run[organ].max() for run in runs)
        for organ in ("lung", "liver", "spleen", "elsewhere")
    }
    assert min(most.values()) > 30, most
    groups = re.findall(
        r'<g id="((?:label|alive)-(?:lung|liver|spleen|elsewhere))"(.*?)</g>',
        svg("body"),
        re.DOTALL,
    )
    rings = {name: drawn.count("<circle") for name, drawn in groups}
    assert len(rings) == 2 * len(most)
    assert crowded(rings, most) == []
    assert crowded(rings, most | {"liver": 100}) == ["label-liver", "alive-liver"]
    assert crowded(rings | {"alive-lung": 0}, most) == ["alive-lung"]


def test_filled_rings_lie_on_rings():
    drawn = svg("body")
    for organ in ("lung", "liver", "spleen", "elsewhere"):
        label_of, alive = (
            re.findall(
                r'cx="(\S+)" cy="(\S+)"', re.search(rf'<g id="{kind}-{organ}".*?</g>', drawn)[0]
            )
            for kind in ("label", "alive")
        )
        assert label_of == alive
        assert len(set(label_of)) == len(label_of) > 20


def test_where_nobody_measured_no_number_is_drawn():
    drawing = lesson.road().spec["views"][0]
    words = {
        binding["part"]: binding["js"]
        for binding in drawing["bindings"]
        if binding["attribute"] == "text"
    }
    assert "1 - s.artery" in words["lung-label"]
    assert "1 - s.artery" in words["spleen-alive"]
    assert "artery" not in words["liver-label"]


def test_tables_count_the_trials_and_name_their_sources():
    assert sum(int(row[1]) for row in lesson.kinds().rows) == 55
    assert sum(int(row[-1]) for row in lesson.kinds().rows) == 32
    assert all("href" in row[-1] for row in lesson.prices().rows)
    numbers = [row[1] for row in lesson.prices().rows]
    assert numbers[0] == "1.61 (1.22–2.11) times" and numbers.count("–") == 1
    assert "1 of 27 with, 5 of 24 without" in numbers
    with pytest.raises(KeyError, match="astrology"):
        lesson.prices("astrology")
    assert len(lesson.findings("risk-msc-with-myofibroblast-like-shape-dibonzo2008").rows) == 1


def test_quizzes_load_and_refute():
    loaded = {
        name: Quiz.load("09", name)
        for name in ("recall", "become", "check", "exercise_1", "exercise_2")
    }
    assert 4 <= len(loaded["check"].spec["items"]) <= 6
    assert {"M8", "M14"} <= {
        item["misconception"] for quiz in loaded.values() for item in quiz.spec["items"]
    }
    places = {
        next(i for i, option in enumerate(item["options"]) if option["right"])
        for quiz in loaded.values()
        for item in quiz.spec["items"]
        if "options" in item
    }
    assert places == {0, 1, 2}


@pytest.mark.parametrize("name", CARDS)
def test_cards_speak_and_stay_small(name):
    card = getattr(lesson, name)()
    assert card.describe()
    assert "{" not in card.describe()
    assert len(json.dumps(card.spec)) < 80_000
    assert 1 <= len(card.spec["controls"]) <= 4


@pytest.mark.parametrize(
    ("moved", "reached", "says"),
    [
        ({"dose": 3.5e9, "arriving": 41}, True, "almost the largest dose"),
        ({"dose": 1e9, "arriving": 100}, False, "is the most that was seen"),
        ({"dose": 8e9, "arriving": 10}, False, "No trial that we read"),
        ({"dose": 5e7, "arriving": 41}, False, "not yet one in a hundred"),
    ],
)
def test_one_in_a_hundred_takes_nearly_everything(moved, reached, says):
    found, words = lesson.if_they_stayed().judge(**moved)
    assert found is reached
    assert says in words


def test_a_guessed_share_is_answered():
    card = lesson.road()
    assert card.spec["predict"]["answer"] < 5
    assert "as the leaflet does" in card.reply(80)
    assert "which shows the label" in card.reply(30)
    assert "near the model's" in card.reply(2)
