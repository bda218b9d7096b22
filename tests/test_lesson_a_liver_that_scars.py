"""Notebook 03: what its cards say is what the model does."""

import numpy as np
import pytest

from hepatica import ledger
from hepatica.cards.kinds.livers.says import CUT, seen
from hepatica.lessons import n03_a_liver_that_scars as lesson
from hepatica.lessons.n03_a_liver_that_scars.one_liver import OLD_FULL, YOUNG_FULL
from hepatica.model import ModelError
from hepatica.models.tide import tide

CARDS = (
    "one_liver",
    "who_turns_back",
    "what_decides",
    "the_lock",
    "read_twice",
    "simtuzumab",
    "macrophages_away",
)


@pytest.mark.parametrize("name", CARDS)
def test_cards_speak_and_stay_small(name):
    card = getattr(lesson, name)()
    assert card.describe() and "{" not in card.describe()
    assert 1 <= len(card.spec["controls"]) <= 4


# -- one liver ---------------------------------------------------------------------------------------


def test_the_young_tank_empties_within_two_years_and_the_old_one_over_decades():
    run = tide.simulate(
        at=[365 * y for y in (30, 32, 50)], unchecked={"injury_years": 30, "d": 0.003}
    )
    young, old = run["C"].to_numpy(), run["X"].to_numpy()
    assert young[0] > 2 and young[1] < 0.05
    assert 0.2 < old[2] / old[0] < 0.3, "the reply says: about a quarter"


def test_the_tanks_follow_what_they_stand_for():
    drawing = lesson.one_liver().spec["views"][0]
    driven = {(binding["part"], binding["attribute"]) for binding in drawing["bindings"]}
    assert {("young", "fill-level"), ("aged", "fill-level"), ("drain", "stroke-width")} <= driven
    assert len(driven) == len(drawing["bindings"]), "a part is driven twice"


def test_no_corner_fills_a_tank_beyond_its_rim():
    fullest = lesson.one_liver().scope(d=0.004, chi=0.02, injury_years=40)
    assert 0.4 < fullest["C_max"] / YOUNG_FULL < 1 and 0.8 < fullest["X_max"] / OLD_FULL < 1
    beyond = tide.simulate(at=[365 * 45], unchecked={"d": 0.005, "chi": 0.01, "injury_years": 45})
    assert beyond["X"].iloc[0] > OLD_FULL, "a smaller hole would be noticed"


def test_the_mission_can_be_reached_and_missed_in_two_ways():
    card = lesson.one_liver()
    assert card.judge(injury_years=30, d=0.004, chi=0.05)[0]
    assert not card.judge(**card.mission.start)[0]
    early, shallow = (
        card.judge(injury_years=20, d=0.004, chi=0.05),
        card.judge(injury_years=30, d=0.003, chi=0.08),
    )
    assert not early[0] and "stopped the cause early" in early[1]
    assert not shallow[0] and "never held" in shallow[1]


def test_why_names_the_hole():
    (first, *_) = lesson.one_liver().because(chi=0.08, head=100)
    assert first.startswith("The old tank's hole") and "lowers" in first


def test_other_start_settings_leave_the_shared_model_alone():
    before = tide.values()
    other = tide.starting(injury_years=5)
    assert other.values()["injury_years"] == 5 != before["injury_years"]
    assert tide.values() == before
    with pytest.raises(ModelError, match="no parameter no_such_parameter"):
        tide.starting(no_such_parameter=1)


# -- a hundred livers --------------------------------------------------------------------------------


def test_a_hundred_are_counted_as_the_model_counts_them():
    card = lesson.who_turns_back()
    livers = seen((0, 5), cohort=1, people=100, seed=card.fields["seed"].start)
    assert card.scope(after=5)["back"] == (livers.area[1] < CUT).sum()
    assert (
        card.scope(after=0)["back"] == (livers.area[0] < CUT).sum() != card.scope(after=5)["back"]
    )


def test_the_first_draw_is_a_typical_one():
    back = lesson.who_turns_back().scope(after=5)["back"]
    row = ledger.number("targets/tide-band-hcv-true-5y")
    assert abs(back - row.value) <= 3
    assert not abs(lesson.who_turns_back().scope(after=5, seed=1)["back"] - row.value) <= 3, (
        "an untypical draw would be noticed"
    )


def test_other_people_are_other_people():
    card = lesson.who_turns_back()
    shares = [card.scope(after=5, seed=seed)["back"] for seed in range(1, 7)]
    assert len(set(shares)) > 3 and min(shares) > 30 and max(shares) < 70


def test_sorting_moves_nobody_and_shows_what_decides():
    card = lesson.what_decides()
    scopes = [card.scope(sort=sort) for sort in (0, 1, 2)]
    assert len({scope["back"] for scope in scopes}) == 1
    years, scar, chi = (abs(scope["first"] - scope["last"]) for scope in scopes)
    assert min(scar, chi) > 2 * years


def test_the_share_follows_from_whom_one_counts():
    card = lesson.what_decides()
    reached, words = card.judge(ceiling=22)
    assert reached and "who was counted" in words
    assert not card.judge(ceiling=30)[0]
    assert "reviewer" in card.judge(ceiling=15)[1]
    assert "not after five" in card.judge(ceiling=22, after=12)[1]


def test_waiting_is_a_mission():
    card = lesson.who_turns_back()
    first = next(year for year in range(21) if card.scope(after=year)["back"] >= 80)
    assert card.judge(after=first)[0] and not card.judge(after=first - 1)[0]
    assert "longer than you had to" in card.judge(after=20)[1]
    assert "often stop here" in card.judge(after=3)[1]


def test_collagen_hardly_tells_the_hypotheses_apart_and_cells_do():
    card = lesson.the_lock()
    for after in (1, 5):
        scope = card.scope(after=after)
        assert abs(scope["on"] - scope["off"]) < 10
        assert scope["lit_on"] - scope["lit_off"] > 10


def test_a_second_needle_reads_lower_on_the_same_day():
    scope = lesson.read_twice().scope(weeks=0)
    livers = seen((0.0,), cohort=2, people=100, seed=lesson.read_twice().fields["seed"].start)
    assert (livers.read >= CUT).all(), "everybody entered by a reading"
    assert scope["lower"] == (livers.reading[0] < CUT).sum() > 3
    assert scope["below"] == scope["never"], "nothing happens on the same day"


def test_the_trial_finds_what_its_livers_did():
    card = lesson.simtuzumab()
    scope = card.scope()
    assert scope["low"] < 0 < scope["high"] and -0.5 < scope["effect"] < -0.1
    nothing = card.scope(anti_lox=0.0)
    assert nothing["effect"] == 0 and "nothing" in card.describe(anti_lox=0.0)
    assert card.scope(truth=1, anti_lox=0.9)["effect"] == pytest.approx(
        card.scope(anti_lox=0.9)["effect"]
    )


def test_the_interval_of_a_difference_covers_the_truth_as_often_as_it_says():
    card, covered = lesson.simtuzumab(), []
    for seed in range(1, 13):
        scope = card.scope(seed=seed)
        covered.append(scope["low"] <= scope["effect"] <= scope["high"])
    assert 9 <= np.sum(covered) <= 12


def test_shares_by_cause_are_the_ledgers():
    rows = lesson.turned_back_by_cause().rows
    table = ledger.table("causes").set_index("key")
    assert len(rows) == 8
    for _, counted, share, people, _ in rows:
        (row,) = table[(table["statement"] == counted)].itertuples()
        assert share.startswith(ledger.plain(row.value)) and people == row.population
