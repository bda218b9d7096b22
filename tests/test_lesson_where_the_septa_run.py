"""Notebook 04: what its cards say is what the model does."""

import pytest

from hepatica.lessons import n04_where_the_septa_run as lesson
from hepatica.lessons import n04_why_walls as walls

CARDS = ("zones_meet", "scar_grows", "squeezed", "needle", "cause_gone")


def test_a_sentence_changes_with_the_field():
    assert "no scar touches" in lesson.zones_meet().describe(zone_0=0.2)
    assert "no scar touches" not in lesson.zones_meet().describe(zone_0=0.35)
    assert "nothing to see" in lesson.scar_grows().describe(head=4)


@pytest.mark.parametrize("name", CARDS)
def test_cards_speak_and_stay_small(name):
    card = getattr(lesson, name)()
    assert card.describe()
    assert "{" not in card.describe()
    assert 1 <= len(card.spec["controls"]) <= 4
    assert [view["type"] for view in card.spec["views"]].count("map") == 1


def test_the_longest_needle_fits_the_field():
    needle = next(
        item for item in lesson.needle().spec["controls"] if item["name"] == "needle_length"
    )
    assert needle["max"] < lesson.LARGE.columns
    assert needle["max"] > lesson.SMALL.columns  # the small field would be too short


@pytest.mark.parametrize(
    ("moved", "reached", "says"),
    [
        ({"needle_x": 13, "needle_y": 3.5, "needle_length": 5, "head": 33}, True, "reads F1"),
        ({"needle_length": 25, "needle_x": 0.5}, False, "length is what protects"),
        ({"head": 5}, False, "Field and needle agree"),
        ({"head": 33}, False, "one stage, which happens every day"),
    ],
)
def test_a_needle_can_miss_by_two_stages(moved, reached, says):
    found, words = lesson.needle().judge(**moved)
    assert found is reached
    assert says in words


def test_a_guessed_breadth_of_the_walls_is_answered():
    card = lesson.scar_grows()
    assert card.spec["predict"]["answer"] > 65
    told = {card.reply(share).partition(":")[0] for share in (10, 50, 90)}
    assert len(told) == 3


def test_no_island_is_promised_where_none_is_left():
    told = lesson.zones_meet().describe(zone_0=0.6)
    assert "no island is left" in told and "sit on" not in told
    late = lesson.scar_grows().describe(pattern=1, head=160)
    assert "no clean island is left" in late and "cut off" not in late
    assert "cut off" in lesson.scar_grows().describe(head=160)


def test_ten_years_after_the_stop_pressed_walls_keep_their_stage_with_less_collagen():
    card = lesson.cause_gone()
    free, pressed = (card.scope(condense=press, head=112) for press in (0, 0.3))
    assert pressed["CPA_field"] < free["CPA_field"] < 0.5 * free["CPA_field_max"]
    assert pressed["stage"] > free["stage"] and pressed["bridged"] > 60 and free["bridged"] < 10


def test_the_ladder_shows_what_was_seen_and_where_nothing_was():
    card = walls.seen_in_people()
    assert [name for name in walls.CLAIMS if walls.unseen(name)] == ["pressing"]
    assert len(walls.findings()) >= 10
    assert {walls.EXPLANATIONS[item.claim] for item in walls.findings()} == set(walls.CLAIMS)
    assert card.spec["predict"]["hides"] == walls.PEOPLE  # no upper rung before the reader commits
    with pytest.raises(ValueError, match="not in tuple"):
        walls.unseen("magic")
