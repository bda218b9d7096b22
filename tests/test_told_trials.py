"""The tables behind pictures of virtual trials, of a hundred livers and of a conviction hold the
numbers of their run; the check that every picture has one notices each that is left out."""

from __future__ import annotations

import pytest
from browser import offline, open_page
from test_outline import TABLELESS

from tools.browser import answer_prediction
from tools.node import Session

SCRIPT = """import * as told from "./engine/told_trials.js";
import { trialPatients, analyseTrial } from "./engine/virtual_trial.js";
---
if (data.tells) return told[data.tells](data.run, data.more);
const patients = trialPatients(data.v, 1, 30, 20);
const result = analyseTrial(data.v, patients, data.design, "meld");
const state = { v: data.v, outcome: "meld", patients, result, many: data.many };
const bins = { counts: { 0: 3, "-2": 4 }, wins: { "-2": 1 }, bin: 0.5 };
return { tables: told.designTables(state, data.design, bins), patients, result };
"""
V = {"meld_mean": 14, "meld_sd": 5, "noise": 2, "measurements": 1, "entry": 12, "months": 6}
V |= {"drift": 2, "abstinent": 0.3, "recovery": 3, "recovery_months": 4, "benefit": 1}
V |= {"wellbeing_sd": 10, "wellbeing_per_point": 1, "expectation": 0.5, "transplant": 0.2}
V |= {"risk_15": 0.3, "risk_slope": 0.1, "death_ratio": 1, "sd_change": 4, "n": 30}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    with Session(SCRIPT, tmp_path_factory.mktemp("told")) as session:
        yield session


def tables(session, tells: str, run: dict, more=None) -> list[dict]:
    found = session.ask({"tells": tells, "run": run, "more": more})
    for table in found:
        assert table["rows"], tells
        assert {len(row) for row in table["rows"]} == {len(table["heads"])}, tells
    return found


def mean(numbers) -> float:
    numbers = list(numbers)
    return sum(numbers) / len(numbers)


def test_the_arms_of_a_design_are_its_patients(session):
    asked = {"v": V, "design": "blinded", "many": []}
    found = session.ask(asked)
    arms, estimate = found["tables"]
    for row, cells in zip(arms["rows"], (True, False), strict=True):
        own = [one for one in found["patients"] if one["cells"] is cells]
        stay = [one for one in own if not one["dead"] and not one["transplanted"]]
        assert [int(cell) for cell in row[1:5]] == [
            len(own),
            sum(one["dead"] for one in own),
            sum(one["transplanted"] for one in own),
            len(stay),
        ]
        for cell, name in zip(row[5:7], ("entry", "final"), strict=True):
            assert float(cell) == pytest.approx(mean(one[name] for one in stay), abs=0.05)
    said = float(estimate["rows"][0][1].replace("−", "-"))
    assert said == pytest.approx(found["result"]["estimate"], abs=0.05)
    alone = session.ask(asked | {"design": "before-after", "many": [0] * 7})["tables"]
    assert len(alone[0]["rows"]) == 1
    assert alone[2]["rows"] == [["−1.0", "−0.5", "4", "1"], ["0.0", "0.5", "3", "0"]]


def test_people_lives_and_reports_are_counted(session):
    people = [{"first": 11, "second": 9}, {"first": 14, "second": 12.5}]
    (clinic,) = tables(session, "clinicTables", {"v": V, "all": people})
    assert clinic["rows"] == [
        ["person 1", "14.0", "12.5", "yes"],
        ["person 2", "11.0", "9.0", "no"],
    ]
    arm = [{"fate": fate} for fate in ("dead", "alive", "alive")]
    run = {"designs": [{"cells": arm, "control": arm[1:]}], "names": ["open"]}
    (lives,) = tables(session, "lifeTables", run | {"fates": {"dead": "died", "alive": "alive"}})
    assert lives["rows"] == [["open, with cells", "1", "2"], ["open, without", "0", "2"]]
    now = {"dead": 8, "people": 26, "printed_control": 9, "control": 10, "others": 24}
    (fates,) = tables(session, "fateTables", {"now": now | {"saved": 1, "transplanted": 5}})
    assert fates["rows"][1] == ["without", "24", "9", "1", "4", "10"]
    assert sum(map(int, fates["rows"][1][2:])) == 24, "everybody once"


def test_curves_of_trials_say_their_shape_and_their_place(session):
    run = {"v": V, "needed": 253, "trials": [{"name": "One 2010", "perArm": 12}]}
    (power,) = tables(session, "powerTables", run)
    shares = {row[1]: float(row[2]) for row in power["rows"]}
    assert shares["253"] >= 80 > shares["200"] and power["rows"][2][0] == "One 2010"
    assert "80 of 100 find it with 253" in session.ask({"tells": "powerShape", "run": run})
    run = {"v": V, "fall": None}
    (fall,) = tables(session, "fallTables", run)
    assert fall["rows"][1][2] == "nobody enters"
    assert fall["rows"][0][2] == {row[1]: row[2] for row in fall["rows"][2:]}["12"]
    assert "rises to" in session.ask({"tells": "fallShape", "run": run})


def test_livers_are_told_one_by_one(session):
    livers = [
        {"years": 30, "stop": 20, "area": [20, 12]},
        {"years": 40, "stop": 25, "area": [25, 18]},
    ]
    (herd,) = tables(session, "herdTables", {"order": livers, "t": 1, "cut": 13})
    assert [row[3:] for row in herd["rows"]] == [["12.0", "yes"], ["18.0", "no"]]
    (pairs,) = tables(session, "pairTables", {"pairs": [[20, 12], [14, 14]], "cut": 13})
    assert [row[3] for row in pairs["rows"]] == ["yes", "no"]
    (arms,) = tables(
        session, "armTables", {"arms": [[1, 2], [-1, 0]], "found": {"drug": 1.5, "placebo": -0.5}}
    )
    assert arms["rows"] == [
        ["mean of the arm", "1.50", "−0.50"],
        ["liver 1", "1.0", "−1.0"],
        ["liver 2", "2.0", "0.0"],
    ]
    lines = [{"label": "lit", "values": [90, 40, 20], "from": 1}]
    run = {"years": [0, 0.5, 5], "lines": lines, "band": {"years": [5], "low": [10], "high": [30]}}
    run["published"] = {"label": "a study", "year": 5, "value": 22}
    shares, study = tables(session, "shareTables", run)
    assert shares["rows"][0] == ["0", "–", "–", "–"]
    assert shares["rows"][1:] == [["0.5", "40.0", "–", "–"], ["5", "20.0", "10.0", "30.0"]]
    assert study["rows"] == [["a study", "5", "22.0"]]
    assert "falls to 20.0 %" in session.ask({"tells": "shareShape", "run": run})
    lines[0]["values"] = []  # none has come yet
    assert session.ask({"tells": "shareShape", "run": run}) == ""
    assert tables(session, "shareTables", run)[0]["rows"][2][1] == "–"


def test_boundary_and_beliefs_are_told(session):
    run = {"names": ["A", "B"], "times": [0.1, 0.3], "ahead": [0.6], "heights": [6, 4, 2.6]}
    run |= {"needed": 1000, "looks": [{"people": 100, "z": 1}, {"people": 300, "z": 2.1}]}
    (boundary,) = tables(session, "boundaryTables", run)
    assert boundary["rows"][1:] == [
        ["B", "300", "2.10", "4.00"],
        ["boundary ahead", "600", "–", "2.60"],
    ]
    assert "The boundary: starts with 6.00" in session.ask({"tells": "boundaryShape", "run": run})
    (beliefs,) = tables(
        session, "beliefTables", {"prior": {"mean": 0, "sd": 0.3537}}, {"prior": "p"}
    )
    assert beliefs["rows"] == [["p", "1.00", "0.50", "2.00"]]


# ---- none is left out ----

LEFT_OUT = {
    "a table less": "card.querySelector('.hep-values-table').remove()",
    "an empty table": "card.querySelector('.hep-values-table tbody').replaceChildren()",
    "no fold": "card.querySelector('.hep-values').remove()",
    "a fold that stays hidden": "card.querySelector('.hep-values').hidden = true",
    "a picture more": "card.append(Object.assign(document.createElement('div'), { innerHTML: "
    "'<div class=hep-view><svg role=img aria-label=more></svg></div>' }))",
}


def test_a_picture_without_its_table_is_noticed(site, browser):
    with offline(browser) as page:
        cards = open_page(page, site / "11_what_the_trials_show.html")
        card = next(one for one in cards if one.get_attribute("data-card") == "enough-to-know")
        answer_prediction(card)
        (kept,) = page.evaluate(TABLELESS, "enough-to-know")["counts"]
        assert kept == 2 and not page.evaluate(TABLELESS, "enough-to-know")["missing"]
        html = card.inner_html()
        restore = "(card, html) => { card.innerHTML = html; }"
        card.evaluate(restore, html)  # from here on nothing fills the fold again
        for fault, script in LEFT_OUT.items():
            card.evaluate("(card) => { " + script + "; }")
            assert page.evaluate(TABLELESS, "enough-to-know")["missing"], fault
            card.evaluate(restore, html)
            assert not page.evaluate(TABLELESS, "enough-to-know")["missing"], fault
