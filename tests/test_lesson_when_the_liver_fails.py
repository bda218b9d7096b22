"""Notebook 06: what its cards say is what the ledger and the models say."""

import itertools
import re

import numpy as np
import pytest
from experiments import disagreement, draw

from hepatica import ledger
from hepatica.cards import Quiz
from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.sentence import Formula, scope_names, summarise
from hepatica.cards.views.pictures import svg
from hepatica.lessons import n06_when_the_liver_fails as lesson
from hepatica.models.acute import acute_loss
from hepatica.models.blood_tests import blood_balance
from hepatica.models.dashboard import consequence, dashboard
from hepatica.models.portal import portal_path, treated_portal
from tools.node import run_js

CARDS = {
    "circulation": treated_portal,
    "gradient": treated_portal,
    "treatment": treated_portal,
    "where_it_sits": portal_path,
    "first_to_fall": acute_loss,
    "five_consequences": dashboard,
}
EVALUATE = """import { compileModel, evaluateModel } from "./engine/solver.js";
---
const model = compileModel(data.model);
return data.sets.map((values) => evaluateModel(model, values));
"""


def scope(card: str, preset: str) -> dict[str, float]:
    """What the sentences of a card read after one of its presets is pressed."""
    explorable, model = getattr(lesson, card)(), CARDS[card]
    spec = explorable.spec
    start = {control["name"]: control["value"] for control in spec["controls"]}
    pressed = start | next(item["values"] for item in spec["presets"] if item["label"] == preset)
    head = pressed.pop("head", -1)
    run, values = spec["run"], model.values() | pressed
    if "sweep" not in run:
        times = np.linspace(0, run["until"], run["points"])
        frame = model.simulate(at=times, **pressed)
        return summarise({name: frame[name].to_numpy() for name in frame}, times, head, values)
    xs = np.linspace(run["from"], run["to"], run["points"])
    rows = [model.evaluate(**{**values, run["sweep"]: x}) for x in xs]
    series = {name: np.array([row[name] for row in rows]) for name in model.reported}
    return summarise(series, xs, int(np.abs(xs - values[run["sweep"]]).argmin()), values)


def test_every_card_is_made_once_under_its_own_name():
    ids = [getattr(lesson, name)().spec["id"] for name in CARDS]
    assert len(ids) == len(set(ids)) == 6
    assert lesson.circulation() is lesson.circulation()


# -- the dashboard model ---------------------------------------------------------------------------


def test_the_dashboard_is_the_two_models_and_nothing_more():
    """The circuit is that of the portal model; the blood tests are those of the balance at its
    bypass and inflow."""
    for values in draw(dashboard, 30):
        ours = dashboard.evaluate(**values)
        circuit = treated_portal.evaluate(
            **{name: values[name] for name in treated_portal.parameters}
        )
        assert all(
            ours[name] == pytest.approx(circuit[name], rel=1e-9)
            for name in ("PSG", "bypass", "flow_liver")
        )
        blood = {name: values[name] for name in blood_balance.parameters if name in values}
        joined = {"sigma": circuit["bypass"] / 100, "PSG": circuit["PSG"]}
        alone = blood_balance.evaluate(**blood, **joined)
        for name in ("albumin", "bilirubin", "INR", "ascites_margin"):
            assert ours[name] == pytest.approx(alone[name], rel=1e-9)
        assert ours["Q_L"] == pytest.approx(1440 * circuit["Q_in"])


def test_the_join_is_the_bypass():
    here = dashboard.evaluate(CPA=37, H=0.4, tips=1)
    there = blood_balance.evaluate(H=0.4, sigma=here["bypass"] / 100, PSG=here["PSG"])
    assert here["ammonia"] == pytest.approx(there["ammonia"], rel=1e-9)
    assert here["ammonia"] != pytest.approx(blood_balance.evaluate(H=0.4)["ammonia"], rel=0.5)


def test_javascript_agrees(tmp_path):
    sets = draw(dashboard, 50)
    for values in sets:
        values["H"] = max(values["H"], 0.05)
    theirs = run_js(EVALUATE, {"model": dashboard.javascript(), "sets": sets}, tmp_path)
    assert disagreement([dashboard.evaluate(**values) for values in sets], theirs) < 1e-8
    wrong = [{**values, "eta": values["eta"] * (1 + 1e-6)} for values in sets]
    assert disagreement([dashboard.evaluate(**values) for values in wrong], theirs) > 1e-8


def test_two_causes_and_what_listens_to_them():
    """Scar alone moves pressure, cells alone move the INR, ammonia hears both and albumin a
    little of the other: what the notebook says."""
    healthy, scar, loss, both = (
        {read: consequence(read, area, cells) for read in ("PSG", "albumin", "INR", "ammonia")}
        for area, cells in ((2, 1), (37, 1), (2, 0.3), (37, 0.3))
    )
    assert scar["INR"] == healthy["INR"] == 1 and loss["PSG"] == healthy["PSG"]
    assert 0.85 < scar["albumin"] / healthy["albumin"] < 0.9, "diluted, and still in its range"
    assert scar["PSG"] > 3 * healthy["PSG"] and loss["albumin"] < 0.8 * healthy["albumin"]
    assert (
        healthy["ammonia"] < scar["ammonia"] < both["ammonia"]
        and healthy["ammonia"] < loss["ammonia"]
    )


# -- the block and the catheter --------------------------------------------------------------------


def test_the_path_stays_on_its_axes():
    """The highest pressure that the card's controls reach fits the axis, with little to spare."""
    card = lesson.where_it_sits()
    chart = next(view for view in card.spec["views"] if view["type"] == "chart")
    ends = {name: field.high for name, field in card.fields.items() if hasattr(field, "high")}
    most = card.scope(**ends, collaterals=0, site=0)["P_here_max"]
    assert 0.9 * chart["y"]["range"][1] < most < chart["y"]["range"][1]
    gradient = lesson.gradient()
    chart = next(view for view in gradient.spec["views"] if view["type"] == "chart")
    most = gradient.scope(CPA=60, collaterals=0)["PSG_max"]
    assert 0.9 * chart["y"]["range"][1] < most < chart["y"]["range"][1]


def test_the_drawn_block_stands_where_the_model_has_it():
    drawn = {item.part: item for item in lesson.PATH_FLOWS}
    names = scope_names(portal_path.reported, portal_path.parameters)
    for site, part in ((0, "block-before"), (2, "block-after")):
        for other in (0, 1, 2):
            scope = lesson.where_it_sits().scope(site=other)
            shown = Formula(drawn[part].value, names).value(scope) > 0
            assert shown == (other == site)


def false_words(words: str, there: dict[str, float], free_alone: float) -> bool:
    """Whether a sentence of the block says what its numbers do not: a normal HVPG, two that agree,
    a pressure that the block has lifted."""
    normal = there["HVPG"] <= ledger.number("physiology/hvpg-normal").high
    agree = abs(there["HVPG"] - there["PSG"]) < 0.05
    claims = [
        ("normal" in words, normal),
        ("the two agree" in words, agree),
        ("lifts both" in words, there["P_free"] > free_alone + 0.05),
        ("Hardly a block" in words, there["PSG"] - there["HVPG"] < 1),
    ]
    return any(said and not true for said, true in claims)


def test_the_sentence_of_the_block_is_true_wherever_the_sliders_stand():
    card, looked = lesson.where_it_sits(), 0
    for block, site, heart, shunt in itertools.product(
        (0, 0.5, 1, 2, 10, 30), (0, 1, 2), (2, 5, 10), (0, 1)
    ):
        here = {"site": site, "P_ra": heart, "collaterals": shunt}
        there, bare = card.scope(block=block, **here), card.scope(block=0, **here)
        words = card.describe(block=block, **here)
        assert not false_words(words, there, bare["P_free"]), (block, here, words)
        looked += 1
    assert looked == 108
    there = card.scope(block=10, site=0)
    assert false_words("the block sits where it looks, and the two agree.", there, 0)
    assert false_words("the block lifts both", there, there["P_free"])


# -- the drawings ----------------------------------------------------------------------------------


def test_widths_of_the_ways_are_their_flows():
    """Each vessel is 50 units wide for one litre a minute;
    the five ways through the liver share theirs."""
    widths = {item.part: item for item in lesson.PORTAL_FLOWS if item.attribute == "stroke-width"}
    assert len(widths) == 5
    for part, item in widths.items():
        slope = (item.target[1] - item.target[0]) / (item.source[1] - item.source[0])
        ways = lesson.LOOPS if part == "liver-flow" else 1
        assert (
            slope * ways == pytest.approx(lesson.UNITS_PER_LITRE)
            and item.target[0] == item.source[0] == 0
        )
    drawn = re.search(r'<g id="liver-flow".*?</g>', svg("portal"), re.DOTALL)[0]
    assert drawn.count("<path") == lesson.LOOPS
    scar = re.search(r'<g id="scar".*?</g>', svg("portal"), re.DOTALL)[0]
    assert scar.count("<path") == lesson.SEPTA
    run = treated_portal.evaluate(CPA=60, collaterals=0)
    assert run["flow_liver"] <= lesson.WIDEST, "the widest flow would be cut off"


def test_marks_on_the_bars_stand_at_their_numbers():
    """Each mark of the dashboard is the ledger's number and stands where the bar's scale puts
    it."""
    marks = {
        "toxins": [lesson.AMMONIA_LIMIT],
        "proteins": [lesson.ALBUMIN_LIMIT],
        "metabolism": [ledger.number("physiology/serum-bilirubin").high],
        "pressure": [lesson.HYPERTENSION, lesson.SIGNIFICANT, lesson.TARGET, lesson.UNCONTROLLED],
    }
    picture = svg("consequences")
    count = 0
    for name, expected in marks.items():
        _, low, high, *_ = lesson.BARS[name]
        part = picture.split(f'<g id="{name}">')[1].split(f'id="{name}-value"')[0]
        places = [float(x) for x in re.findall(r'stroke="var\(--ink\)"[^>]*d="M([\d.]+) ', part)]
        printed = [
            float(re.search(r"[\d.]+$", words)[0])
            for words in re.findall(r'class="tick"[^>]*>([^<]+)<', part)
        ]
        assert printed == expected
        assert places == pytest.approx(
            [40 + 1120 * (value - low) / (high - low) for value in expected], abs=0.1
        )
        assert places != pytest.approx(
            [40 + 1120 * value / (1.1 * high) for value in expected], abs=0.1
        )
        count += len(places)
    assert count == 7


def lit(CPA: float, H: float) -> list[int]:
    """The stages that light up for a scar (%) and a hepatocyte mass (share)."""
    names = scope_names(dashboard.reported, dashboard.parameters)
    there = dashboard.values() | dashboard.evaluate(CPA=CPA, H=H)
    there |= {name: 0.0 for name in names if name not in there}
    return [stage for stage, rule in lesson.LIT.items() if Formula(rule, names).value(there) > 0]


def test_stages_light_up_by_their_rules():
    assert lit(2, 1) == [] == lit(2, 0.3)
    assert lit(22, 1) == [2]
    assert lit(9, 0.2) == [], "a low albumin alone makes no ascites"
    assert lit(37, 1) == [2, 3, 4, 5] == lit(37, 0.3)
    assert 4 in lit(24, 1) and 4 not in lit(23, 1)


def test_deaths_rise_with_the_stage():
    shares = [lesson.deaths(stage) for stage in lesson.LIT]
    assert shares == [10, 20, 30, 88]  # five-year deaths as printed by D'Amico 2014
    with pytest.raises(ledger.LedgerError):
        lesson.deaths(6)


def test_the_same_number_twice():
    """Without relaxed vessels, what is left of the gradient is what is left of the liver's flow."""
    names = scope_names(treated_portal.reported, treated_portal.parameters)
    there = scope("treatment", "stent")
    left = [
        Formula(lesson.left_of(read, "start"), names).value(there) for read in ("PSG", "flow_liver")
    ]
    assert left[0] == pytest.approx(left[1]) == pytest.approx(35.5, abs=0.1)
    later = Formula(lesson.left_of("PSG", "end"), names).value(there)
    assert later > left[0] + 1


@pytest.mark.parametrize(
    ("name", "items"), [("recall", 2), ("check", 6), ("exercise_1", 3), ("exercise_2", 3)]
)
def test_quizzes(name, items):
    assert len(Quiz.load("06", name).spec["items"]) == items
    with pytest.raises(CardError):
        Quiz.load("06", name + "_missing")


@pytest.mark.parametrize(
    ("moved", "reached", "says"),
    [
        ({"tips": 0, "cut": 0.3, "CPA": 30}, True, "treating the cause is for"),
        ({}, False, "The stent brings"),
        ({"tips": 0, "cut": 0.3, "CPA": 45}, False, "missing in the liver as well"),
        ({"tips": 0}, False, "the varices have their pressure"),
    ],
)
def test_a_safe_gradient_need_not_cost_the_liver_its_blood(moved, reached, says):
    found, words = lesson.treatment().judge(**moved)
    assert found is reached, words
    assert says in words


# -- the tables ------------------------------------------------------------------------------------


def unlike_the_ledger(told: list[tuple[str, float]]) -> list[str]:
    """The clinical states whose share is not that of D'Amico 2014 in the ledger."""
    key = (
        "natural_history/five-year-mortality-by-prognostic-stage-damico-2014-stage-{}-death-"
        "mostly-hcv-damico2014"
    )
    truth = [ledger.number(key.format(state)).value for state in range(1, len(told) + 1)]
    return [name for (name, share), value in zip(told, truth, strict=True) if share != value]


def test_the_states_are_those_of_2014_with_their_deaths():
    told = lesson.states()
    assert [share for _, share in told] == [1.5, 10, 20, 30, 88] and unlike_the_ledger(told) == []
    words = ("no varices", "varices", "bleeding", "other than bleeding", "second event")
    assert all(word in name for word, (name, _) in zip(words, told, strict=True))
    swapped = [*told[:2], (told[2][0], told[3][1]), (told[3][0], told[2][1]), told[4]]
    assert unlike_the_ledger(swapped) == [told[2][0], told[3][0]]


def untrue(told: list[tuple[str, str, str, str]]) -> list[str]:
    """The events whose rule, year or way of reading is not what the ledger says."""
    rows = [ledger.table(name).set_index("key") for name in ("guidelines", "staging")]
    truth = [table.loc[key] for table, keys in zip(rows, EVENTS, strict=True) for key in keys]
    found = []
    for (name, rule, whose, way), row in zip(told, truth, strict=True):
        said = row.statement.rstrip(".").replace("1.5-1.9", "1.5–1.9").replace("1-2", "1–2")
        year = str(row["year"]) if "year" in row else re.search(r"20\d\d", row.statement)[0]
        good = rule.rstrip(".") == said and year in whose + rule and row.read_on
        part = "not readable" in way and "not readable" in row.note
        found += [] if good and (part or way == lesson.MARKS[row.read_as]) else [name]
    return found


EVENTS = (lesson.FIRST, lesson.LATER)


def test_what_counts_as_an_event_says_whose_rule_and_what_was_read():
    """Two definitions of a first decompensation, HRS-AKI of two years, three grades of ACLF."""
    told = lesson.events()
    assert len(told) == 8 and untrue(told) == []
    easl, trial, _, old, new, *grades = (rule for _, rule, _, _ in told)
    assert "or jaundice" in easl and "jaundice was not counted" in trial
    assert "two consecutive days" in old and "no longer compulsory for two days" in new
    assert [words in rule for words, rule in zip(("alone", "Two", "Three"), grades)] == [True] * 3
    name, rule, whose, way = told[0]
    for spoilt in (
        (name, rule.replace(" or jaundice", ""), whose, way),
        (name, rule, whose, "the document"),
    ):
        assert untrue([spoilt, *told[1:]]) == [name]
    undated = (told[3][0], told[3][1], told[3][2].replace("2015", ""), told[3][3])
    assert untrue([*told[:3], undated, *told[4:]]) == [undated[0]]


def test_four_livers_side_by_side():
    """The two patients of the text, in the units of the card; albumin makes no ascites."""
    table = {name: cells for name, *cells in lesson.side_by_side()}
    assert list(lesson.LIVERS) == ["healthy", "pressure alone", "cells alone", "both"]
    assert table["ascites"] == ["no", "yes", "no", "yes"]
    assert table["hepatocytes, % of healthy"] == ["100", "100", "20", "30"], "both has more cells"
    assert table["INR"][:2] == ["1.0", "1.0"] and float(table["INR"][2]) > 2
    assert float(table["albumin, g/L"][1]) > 35 > float(table["albumin, g/L"][2])
    ends = ledger.number("physiology/serum-bilirubin")
    assert float(table["bilirubin, µmol/L"][0]) < ends.high < float(table["bilirubin, µmol/L"][2])
    assert float(table["bilirubin, µmol/L"][0]) / lesson.MICROMOLES < 1, "not in mg/dL"
