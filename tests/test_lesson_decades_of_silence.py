"""Notebook 05: what its cards say is what the chains do, and its people are whole."""

import numpy as np
import pytest

from hepatica import ledger
from hepatica.cards import Band, CardError, Group, Icons, Lives, Quiz
from hepatica.cards.parts.text import typeset
from hepatica.lessons import n05_decades_of_silence as lesson
from hepatica.models.diagnostics import natural_frequencies, published_tests
from hepatica.models.natural_history import alcohol, hcv, masld, share_after
from tools.node import run_js

CARDS = ("silent_years", "single_lives", "tests_in_people", "after_cirrhosis", "one_pace")

# Card, label of the preset, words of the sentence.
PROMISES = [
    ("silent_years", "never cured", "30 of a hundred have a cirrhosis that they cannot feel"),
    ("silent_years", "cured in year 30", "cured in year 30"),
    ("silent_years", "cured in year 20", "0 of a hundred have silent cirrhosis, 9 have had"),
    ("silent_years", "cured in year 10", "0 of a hundred have silent cirrhosis, 1 have had"),
    ("single_lives", "never cured", "64 of a hundred reach cirrhosis and 25 die"),
    ("single_lives", "cured in year 30", "41 of a hundred reach cirrhosis and 19.0 die"),
    ("single_lives", "cured in year 20", "16 of a hundred reach cirrhosis and 8.0 die"),
    ("single_lives", "cured in year 10", "2 of a hundred reach cirrhosis and 1.4 die"),
    (
        "after_cirrhosis",
        "never",
        ("26 of a hundred with hepatitis C are alive without a complication, 42 with MASLD, 2"),
    ),
    ("after_cirrhosis", "after ten years", "42 of a hundred with hepatitis C"),
    (
        "after_cirrhosis",
        "at once",
        ("77 of a hundred with hepatitis C are alive without a complication, 44 with MASLD"),
    ),
    ("one_pace", "all studies", "misses points of both"),
    ("one_pace", "0.8", "passes both diamonds"),
    ("one_pace", "0.74", "the first square is hit"),
    ("one_pace", "0.54", "the first is missed"),
]
TESTS = {
    "FIB-4": "fib-4",
    "stiffness, for F3": "stiffness-masld-f3",
    "stiffness, for cirrhosis": "stiffness-masld-f4",
}


@pytest.mark.parametrize(("name", "label", "words"), PROMISES)
def test_presets_end_as_their_sentences_say(name, label, words):
    card = getattr(lesson, name)()
    assert words in card.describe(**card.preset(label))


def test_every_preset_is_checked_and_a_wrong_promise_noticed():
    labels = {
        (card, item["label"]) for card in CARDS for item in getattr(lesson, card)().spec["presets"]
    }
    checked = {(card, label) for card, label, _ in PROMISES} | {
        ("tests_in_people", label) for label in TESTS
    }
    assert labels == checked and len(checked) == 18
    assert "30 of a hundred" not in lesson.silent_years().describe(
        **lesson.silent_years().preset("cured in year 20")
    )


def test_presets_of_tests_are_the_published_ones():
    card = lesson.tests_in_people()
    for label, key in TESTS.items():
        test = published_tests()[key]
        assert card.preset(label) == {
            "sensitivity": test.sensitivity,
            "specificity": test.specificity,
        }
    assert card.preset("FIB-4") != card.preset("stiffness, for F3")


def test_sentences_of_the_tests_card():
    assert "finds 3 and alarms 34 others" in lesson.tests_in_people().describe()
    found = natural_frequencies(69, 64, 5)
    assert (found.true_positive, found.false_positive) == (3, 34)


def test_three_causes_are_the_three_chains():
    """Each third of the joined chain is the chain of its cause, started in F4,
    also after the switch."""
    checked = 0
    for year in (0, 7, 20):
        joined = lesson.three_causes().simulate(20, treated_year=year)
        for ending, chain in (("hcv", hcv), ("masld", masld), ("alcohol", alcohol)):
            own = chain.starting(F4=1).simulate(20, **{chain.switch: year})
            assert joined[f"alive_{ending}"].to_numpy() == pytest.approx(
                own["alive"].to_numpy(), abs=1e-9
            )
            early = [stage for stage in ("F0", "F1", "F2", "F3", "F4") if stage in own]
            assert joined[f"silent_{ending}"].to_numpy() == pytest.approx(
                100 * own[early].sum(axis=1), abs=1e-9
            )
            checked += 1
    assert checked == 9
    other = hcv.starting(F4=1).simulate(20, cure_year=8)["alive"]
    assert joined["alive_hcv"].to_numpy() != pytest.approx(other.to_numpy(), abs=1e-3)


def test_names_follow_their_cause():
    text = lesson.renamed("yearly(HR_D_dead * r_F4_dead)", "masld", masld)
    assert text == "yearly(HR_D_dead_masld * r_F4_dead_masld)"
    assert lesson.renamed("1 - exp(2)", "masld", masld) == "1 - exp(2)"
    assert lesson.within_reach(hcv, "F4") >= {
        "F3",
        "F4",
        "dead",
    } and "F0" not in lesson.within_reach(hcv, "F4")
    assert "F0" in lesson.within_reach(masld, "F4")


def test_points_are_the_ledgers():
    diamonds, squares = lesson.one_pace().spec["views"][0]["background"]
    for line, study in ((diamonds, "poynard"), (squares, "dore")):
        assert line["y"] == [
            ledger.number(f"targets/nh-{study}-{years}y").value for years in (20, 40)
        ]
    assert diamonds["y"] != squares["y"]


def test_most_of_the_silent_have_no_complication():
    assert share_after("nh_hcv", "silent", 20) > 95 and share_after("nh_hcv", "reached_F4", 20) > 15
    assert not share_after("nh_hcv", "silent", 40) > 95


def test_results_against_the_model_are_misses():
    table, rows = lesson.against_the_model(), ledger.table("targets").set_index("key")
    assert len(table.rows) == len(lesson.AGAINST) >= 5
    for key, cells in zip(lesson.AGAINST, table.rows, strict=True):
        assert (
            rows.loc[key, "reproduced"] in ("no", "partly")
            and cells[3] == rows.loc[key, "reproduced"]
        )
        assert abs(float(cells[2]) - float(cells[1])) > 1, key
    hit = rows.loc["nh-thein-20y"]
    assert hit.reproduced == "yes" and abs(lesson.answer(hit) - hit.value) < 1


# -- views -----------------------------------------------------------------------------------------


def test_views_refuse_what_they_cannot_show():
    ring, dot = Group("a", "F0", "collagen", "ring"), Group("b", "F4", "collagen", "circle")
    assert len(Icons((ring, dot)).json(["F0", "F4"])["groups"]) == 2
    with pytest.raises(CardError, match="same colour and mark"):
        Icons((ring, ring)).json(["F0"])
    with pytest.raises(CardError, match="unknown mark 'star'"):
        Group("a", "F0", "collagen", "star").json(["F0"])
    with pytest.raises(CardError, match="unknown colour role"):
        Group("a", "F0", "red", "ring").json(["F0"])
    with pytest.raises(CardError, match="exactly one band"):
        Lives(hcv, (Band("early", ("F0", "F1"), "collagen", 1),)).json([])
    with pytest.raises(CardError, match="no state F9"):
        Band("late", ("F9",), "collagen", 1).json(hcv)
    with pytest.raises(CardError, match="outside 1 to 6"):
        Band("late", ("F4",), "collagen", 9).json(hcv)


WHOLE = """import { wholePeople } from "./views/icons.js";
---
return data.map(({ values, people }) => wholePeople(values, people));
"""


def test_icons_are_whole_people_that_add_up(tmp_path):
    rng = np.random.default_rng(4)
    asked = [
        {"values": rng.dirichlet(np.ones(5)).tolist(), "people": int(p)}
        for p in rng.choice([10, 100], 200)
    ]
    found = run_js(
        WHOLE,
        [*asked, {"values": [3, 2, 34, 61], "people": 100}, {"values": [1, 1, 1], "people": 100}],
        tmp_path,
    )
    assert len(found) == 202 and found[-2] == [3, 2, 34, 61] and found[-1] == [34, 33, 33]
    for counts, ask in zip(found[:200], asked, strict=True):
        assert sum(counts) == ask["people"]
        assert np.abs(np.array(counts) - ask["people"] * np.array(ask["values"])).max() < 1
    rounded = [
        [round(100 * share) for share in ask["values"]] for ask in asked if ask["people"] == 100
    ]
    # each group rounded by itself would not do
    assert any(sum(counts) != 100 for counts in rounded)


LIVES = """import { compile } from "./engine/models.js";
---
const chain = compile(data.chain);
const counts = (values) => chain.lives(values, 40, data.people, data.seed)
  .reduce((sum, life) => { life.forEach((state, year) => { sum[year][state] += 1; }); return sum; },
    Array.from({ length: 41 }, () => chain.states.map(() => 0)));
const few = (values) => chain.lives(values, 40, 10, data.seed);
return { never: counts({}), cured: counts({ cure_year: 20 }), few: [few({}), few({ cure_year: 20 })] };
"""


def test_lives_are_drawn_with_the_chances_of_the_chain(tmp_path):
    """Counts lie within five standard deviations of the shares;
    luck before the cure does not change with the cure."""
    people = 20_000
    found = run_js(LIVES, {"chain": hcv.javascript(), "people": people, "seed": 1}, tmp_path)

    def worst(counts, **values):
        shares = hcv.simulate(40, **values)[hcv.people].to_numpy().clip(0, 1)
        spread = np.maximum(np.sqrt(people * shares * (1 - shares)), 1)
        return (np.abs(np.array(counts) - people * shares) / spread).max()

    assert worst(found["never"]) < 5 and worst(found["cured"], cure_year=20) < 5
    assert worst(found["never"], cure_year=20) > 5
    never, cured = (np.array(lives) for lives in found["few"])
    assert (
        never.shape == (10, 41)
        and (never[:, :21] == cured[:, :21]).all()
        and (never[:, 21:] != cured[:, 21:]).any()
    )


@pytest.mark.parametrize("name", CARDS)
def test_cards_speak_and_stay_small(name):
    card = getattr(lesson, name)()
    assert card.describe() and "{" not in card.describe()
    assert 1 <= len(card.spec["controls"]) <= 4


def test_the_mission_is_reached_by_a_better_test_and_not_by_another_crowd():
    card = lesson.tests_in_people()
    reached = [
        card.judge(**moved)[0]
        for moved in (
            {"specificity": 99, "sensitivity": 90},
            {"specificity": 96, "sensitivity": 80},
        )
    ]
    assert reached == [True, True]
    for moved, says in (
        ({"prevalence": 40}, "the crowd, not the test"),
        ({"specificity": 98}, "are missed"),
        ({}, "the alarms come from the many"),
    ):
        done, words = card.judge(**moved)
        assert not done and says in words


def test_the_ladder_holds_the_rules_and_the_one_for_obesity():
    table = lesson.staging_ladder()
    assert len(table.rows) == len(lesson.RUNGS) == 8
    rows = ledger.table("staging").set_index("key")
    for key, cells in zip(lesson.RUNGS, table.rows, strict=True):
        assert typeset(rows.loc[key, "statement"][1:]) in cells[1], key
    assert typeset(rows.loc["aclf-grade-2", "statement"][1:]) not in table.rows[0][1]
    assert "BMI below 30" in table.rows[6][1] and "obese" in table.rows[7][1]


def test_the_cohorts_stand_on_the_curve_of_forty_years():
    seen, estimated = lesson.silent_years().spec["views"][1]["background"]
    assert seen["y"] == [ledger.number(f"targets/nh-poynard-{years}y").value for years in (20, 40)]
    assert estimated["y"] == [
        ledger.number(f"targets/nh-dore-{years}y").value for years in (20, 40)
    ]
    assert 100 * hcv.simulate(40)["reached_F4"].iloc[-1] > seen["y"][1] > estimated["y"][1]


def right(item: dict) -> str:
    """The words of an item's right option."""
    return next(option["text"] for option in item["options"] if option["right"])


def test_the_keys_of_the_exercises_follow_the_tables():
    causes = ledger.table("causes")
    lots = causes[(causes["aspect"] == "regression") & causes["evidence"].str.startswith("random")]
    look, audit, ladder = (Quiz.load("05", f"exercise_{n}").spec["items"] for n in (1, 2, 3))
    assert look[1]["answer"] == lots["cause"].nunique() == 1
    numbers = [ledger.number(f"accelerators/alcohol-{who}-7").value for who in ("women", "men")]
    assert audit[0]["answer"] == pytest.approx(numbers[0] / numbers[1])
    assert audit[0]["misses"][0]["value"] != pytest.approx(audit[0]["answer"], rel=0.1)
    assert [right(item) for item in ladder] == [
        "It is ruled in.",
        "It is left open.",
        "It is ruled out.",
    ]


def test_two_kinds_of_people_pass_both_points_of_dore():
    """The answer of the last exercise: one point fitted, the other not used."""

    def reached(pace, years):
        return 100 * hcv.simulate(years, unchecked={"pace": pace})["reached_F4"].iloc[-1]

    first, second = (ledger.number(f"targets/nh-dore-{years}y").value for years in (20, 40))
    mixed = [0.16 * reached(1.5, years) + 0.84 * reached(0.35, years) for years in (20, 40)]
    assert mixed == pytest.approx([first, second], rel=0.02)
    alone = [reached(0.74, years) for years in (20, 40)]
    assert alone[0] == pytest.approx(first, rel=0.02) and alone[1] > 1.5 * second
