"""Notebook 04: what its cards say is what the model does."""

import pytest

from hepatica.lessons import n04_where_the_septa_run as lesson

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
