"""Notebook 08: what its cards say is what the models and the ledger say."""

import pytest

from hepatica import ledger
from hepatica.cards import Decision, Quiz
from hepatica.cards.parts.frame import CardError
from hepatica.lessons import n08_what_already_works as lesson
from hepatica.models.natural_history import alcohol, hcv, share_after
from hepatica.models.portal import treated_portal
from tools.node import run_js

CARDS = {
    "cured_or_not": hcv.starting(F4=1),
    "abstinence": alcohol.starting(F4=1),
    "pressure": treated_portal,
    "window": lesson.transplant(),
}

# Card, label of the preset, words of the sentence.
PROMISES = [
    (
        "cured_or_not",
        "now",
        ("21 are dead after twenty years (never cured: 62; 53 or 69 with the cancer rates"),
    ),
    ("cured_or_not", "year 5", "40 are dead"),
    ("cured_or_not", "year 10", "53 are dead"),
    ("cured_or_not", "now, but no scar resolves", "38 are dead"),
    ("abstinence", "pooled studies", "48 of 100 are alive (drinking on: 27)"),
    ("abstinence", "the weakest effect", "39 of 100 are alive"),
    ("abstinence", "the strongest", "67 of 100 are alive"),
    ("abstinence", "five years later", "36 of 100 are alive"),
    ("pressure", "untreated", "Untreated: 13.5 mmHg"),
    ("pressure", "β-blocker", "10.8 mmHg instead of 13.5"),
    ("pressure", "stent (TIPS)", "61 % of the portal blood"),
    ("window", "B.O. (V05)", "refer now, at the first decompensation"),
    ("window", "J.C. (V10)", "does not see the tumour"),
    ("window", "S.V. (V11)", "call the transplant centre today"),
    ("window", "G.P. (V12)", "contraindication closes the window"),
]


@pytest.mark.parametrize(("name", "label", "words"), PROMISES)
def test_presets_say_what_they_promise(name, label, words):
    card = getattr(lesson, name)()
    assert words in card.describe(**card.preset(label))


def test_every_preset_is_checked_and_a_sentence_can_fail():
    labels = {
        (card, item["label"]) for card in CARDS for item in getattr(lesson, card)().spec["presets"]
    }
    assert labels == {(card, label) for card, label, _ in PROMISES}
    assert len(labels) == len(PROMISES) == 15
    assert "21 are dead after" not in lesson.cured_or_not().describe(
        **lesson.cured_or_not().preset("year 5")
    )


def test_the_hundred_add_up_to_the_same_people():
    for name, years in (("cured_or_not", 20), ("abstinence", 10)):
        card, chain = getattr(lesson, name)(), CARDS[name]
        never = 100 * chain.simulate(years)["dead"].iloc[-1]
        icons = next(view for view in card.spec["views"] if view["type"] == "icons")
        either_way = float(icons["groups"][2]["js"])
        assert either_way == pytest.approx(100 - never, abs=1e-3)
        assert either_way != pytest.approx(never, abs=1)


def test_how_much_needs_no_resolving_scar_is_a_range_without_a_winner():
    """Recomputed for each pair of cancer rates from three runs; the table,
    the ledger and this must agree."""
    low, high = (
        ledger.number(f"targets/nh-hcv-benefit-without-resolving-{end}").value
        for end in ("low", "high")
    )
    shares, rows = [], lesson.without_resolving().rows
    for (_, uncured, cured, _), row in zip(lesson.cancer_rates(), rows, strict=True):
        rates = {"p_H": uncured, "p_H_cured": cured}
        never = share_after("nh_hcv", "dead", 20, "F4", rates)
        dead = {
            p: share_after("nh_hcv", "dead", 20, "F4", rates, cure_year=0, p_43_cured=p)
            for p in (0, 0.129)
        }
        shares.append(100 * (never - dead[0]) / (never - dead[0.129]))
        assert row[6] == f"{shares[-1]:.0f} %" and row[3:6] == tuple(
            f"{x:.0f}" for x in (never, dead[0.129], dead[0])
        )
        assert dead[0] > dead[0.129]
    assert len(shares) == 4
    assert (min(shares), max(shares)) == pytest.approx((low, high), abs=0.1)
    assert min(shares) < 50 < max(shares)  # neither side wins


def test_the_window_is_what_is_printed():
    model, checked = lesson.transplant(), 0
    for name, ends in lesson.BANDS.items():
        row = ledger.number(f"guidelines/transplant-hr-{name}")
        for meld in ends:
            assert model.evaluate(meld=meld)["ratio"] == pytest.approx(row.value, rel=1e-4)
            checked += 1
    assert checked == 8
    between, printed = (
        model.evaluate(meld=16)["ratio"],
        ledger.number("guidelines/transplant-hr-12-14").value,
    )
    assert between != pytest.approx(printed, rel=0.1)
    for name, first in lesson.WAITING.items():
        expected = ledger.number(f"scores/meld-mortality-{name}").value
        assert model.evaluate(meld=first)["waiting"] == pytest.approx(expected)
        assert first == 6 or model.evaluate(meld=first - 1)["waiting"] < expected


def test_lower_risks_and_ratios_are_the_same_numbers():
    for band in ("18-20", "40"):
        ratio = ledger.number(f"guidelines/transplant-hr-{band}").value
        assert ledger.number(f"guidelines/transplant-lower-{band}").value == pytest.approx(
            100 * (1 - ratio)
        )
    lower = ledger.number("guidelines/transplant-lower").value
    assert lower == pytest.approx(100 * (1 - ledger.number("guidelines/transplant-hr").value))
    assert lower != pytest.approx(ledger.number("guidelines/transplant-lower-40").value)


def test_the_league_counts_the_bad_outcome():
    assert lesson.of_hundred("guidelines/bleeding-survival-liberal") == 9
    assert lesson.of_hundred("guidelines/sbp-death-antibiotic") == 29
    fewer = [int(row[4]) for row in lesson.to_beat().rows]
    assert fewer == sorted(fewer, reverse=True) == [25, 19, 17, 11, 4]
    assert all(len(row) == 7 and "href" in row[6] for row in lesson.to_beat().rows)


def test_statements_have_sources_and_units():
    table = ledger.table("guidelines")
    assert 40 <= len(table) <= 200
    # a number has a unit
    assert (table["unit"].ne("") == table[["value", "low", "high"]].notna().any(axis=1)).all()
    assert len(lesson.statements(*table["key"]).rows) == len(table)
    with pytest.raises(KeyError, match="astrology"):
        lesson.statements("bleeding-inr", "astrology")


def test_a_decision_without_a_scene_is_refused():
    step = {
        "when": "Now",
        "scene": "He bleeds.",
        "question": "What?",
        "done": "done",
        "options": [
            {"text": "a", "right": True, "why": "x"},
            {"text": "b", "right": False, "why": "y"},
        ],
    }
    assert Decision([step], id="whole", title="Whole", question="What?").spec["items"][0]["scene"]
    with pytest.raises(CardError, match="step 1 has no 'scene'"):
        Decision([step | {"scene": ""}], id="bare", title="Bare")
    with pytest.raises(CardError, match="2 right options"):
        Decision([step | {"options": [step["options"][0]] * 2}], id="two", title="Two")


STEP_OF = """import { stepOf } from "./kinds/decision/card.js";
---
return data.answers.map((answers) => stepOf({ items: data.steps }, answers));
"""


def test_the_next_step_opens_when_the_present_one_is_right(tmp_path):
    steps = [{"type": "choice", "options": [{"right": True}, {"right": False}]} for _ in range(3)]
    answers = [{}, {"0": 1}, {"0": 0}, {"0": 0, "1": 1}, {"0": 0, "1": 0, "2": 0}, {"1": 0}]
    assert run_js(STEP_OF, {"answers": answers, "steps": steps}, tmp_path) == [0, 0, 1, 1, 3, 0]


def test_quizzes_load_and_refute():
    loaded = {
        name: Quiz.load("08", name)
        for name in ("recall", "recompensation", "check", "exercise_1", "exercise_2")
    }
    assert 4 <= len(loaded["check"].spec["items"]) <= 6
    tagged = {item["misconception"] for quiz in loaded.values() for item in quiz.spec["items"]}
    assert {"M6", "M10", "M13"} <= tagged


def test_the_mission_needs_two_clocks():
    card = lesson.window()
    assert not card.judge(**card.mission.start)[0]
    reached, words = card.judge(meld=8, reason=1)
    assert reached and "recipients died 3.64 times as often" in words
    said = {
        card.judge(meld=meld, reason=reason)[1]
        for meld, reason in ((8, 0), (8, 2), (8, 3), (19, 1))
    }
    assert len(said) == 4
    assert not any(card.judge(**preset["values"])[0] for preset in card.spec["presets"])


@pytest.mark.parametrize("name", CARDS)
def test_cards_speak_and_stay_small(name):
    card = getattr(lesson, name)()
    assert card.describe()
    assert "{" not in card.describe()
    assert 1 <= len(card.spec["controls"]) <= 4
