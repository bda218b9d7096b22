"""Notebook 04: what its cards say is what the model does."""

import pytest

from hepatica.lessons import n04_where_the_septa_run as lesson

CARDS = ("zones_meet", "scar_grows", "squeezed", "needle", "cause_gone")

# Card, label of the preset, words of the sentence.
PROMISES = [
    ("zones_meet", "veins, just before", "no scar touches its neighbour"),
    ("zones_meet", "veins, joined", "islands left over sit on portal tracts"),
    ("zones_meet", "tracts, joined", "islands left over sit on central veins"),
    ("zones_meet", "both, joined", "Small islands"),
    ("scar_grows", "central veins", "85 % of the tissue is scar; 50 % of the hepatocytes are left. Read as F3"),
    ("scar_grows", "portal tracts", "Read as F4"),
    ("scar_grows", "every lobule alike", "Read as F4"),
    ("squeezed", "nothing presses", "scar 98 % of the tissue, hepatocytes 36 %, bridges closed 96 %. F4"),
    ("squeezed", "pressed", "scar 35 % of the tissue, hepatocytes 74 %, bridges closed 96 %. F4"),
    ("squeezed", "pressed hard", "bridges closed 96 %. F4"),
    ("needle", "10 mm", "the field is F3"),
    ("needle", "15 mm", "reads F2: too low"),
    ("needle", "25 mm", "the field is F3"),
    ("cause_gone", "4 years", "bridges closed 0 %"),
    ("cause_gone", "8 years", "scar 65 % of the tissue (at most 85 %), bridges closed 16 % (at most 52 %)"),
    ("cause_gone", "10 years", "bridges closed"),
]


@pytest.mark.parametrize(("name", "label", "words"), PROMISES)
def test_presets_end_as_their_sentences_say(name, label, words):
    card = getattr(lesson, name)()
    assert words in card.describe(**card.preset(label))


def test_every_preset_is_checked():
    labels = {(card, item["label"]) for card in CARDS for item in getattr(lesson, card)().spec["presets"]}
    assert labels == {(card, label) for card, label, _ in PROMISES}
    assert len(labels) == len(PROMISES)


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
    assert [view["type"] for view in card.spec["views"]].count("lobule") == 1


def test_the_longest_needle_fits_the_field():
    needle = next(item for item in lesson.needle().spec["controls"] if item["name"] == "needle_length")
    assert needle["max"] < lesson.LARGE.columns
    assert needle["max"] > lesson.SMALL.columns  # the small field would be too short
