"""Notebook 03: what its cards say is what the model does."""

import pytest

from hepatica import ledger
from hepatica.cards.parts.sentence import Formula, scope_names
from hepatica.lessons import n03_a_liver_that_scars as lesson
from hepatica.model import DAYS_PER_YEAR, ModelError
from hepatica.models.liver import after_stop, liver, point_of_no_return

CARDS = (
    "years_of_injury",
    "stop_the_cause",
    "no_return",
    "cross_linking",
    "donors",
    "macrophages_away",
)


def test_a_sentence_changes_with_the_fate():
    card = lesson.stop_the_cause()
    at_the_end = {"head": card.spec["run"]["points"] - 1}
    assert "keeps itself" not in card.describe(**card.preset("1 year") | at_the_end)
    assert "keeps itself" in card.describe(**card.preset("3 years") | at_the_end)
    assert "so far the injury goes on" in card.describe(**card.preset("3 years") | {"head": 10})


def test_the_marker_rides_on_the_line_that_the_model_drew():
    point = lesson.no_return().spec["views"][0]["points"][1]
    assert "Math.max" in point["y"]["js"]
    formula = lesson.along(lesson.STOPS, lesson.outcomes()[1], "injury_years")
    names, checked = scope_names(liver.reported, liver.parameters), 0
    for stop in (0.3, 1, 1.63, 2, 2.08, 2.2, 3.33, 5.9):
        drawn = Formula(formula, names).value({"injury_years": stop})
        assert drawn == pytest.approx(
            after_stop("CPA", stop * DAYS_PER_YEAR, 10 * DAYS_PER_YEAR), abs=0.35
        ), stop
        checked += 1
    assert checked == 8
    assert Formula(formula, names).value({"injury_years": 2.2}) > 3 * Formula(formula, names).value(
        {"injury_years": 2}
    )


def test_the_lines_of_the_window_are_runs_of_the_model():
    area, that_day, later, _ = lesson.no_return().spec["views"][0]["background"]
    assert max(area["x"]) == pytest.approx(point_of_no_return() / DAYS_PER_YEAR, rel=1e-4)
    for line, days in ((that_day, 0), (later, 10 * DAYS_PER_YEAR)):
        assert line["y"][7] == pytest.approx(
            after_stop("CPA", line["x"][7] * DAYS_PER_YEAR, days), rel=1e-4
        )
    assert that_day["y"][7] != pytest.approx(later["y"][7], rel=0.5)


def test_the_lock_is_the_collagen_and_not_the_calendar():
    days, cross_linked = zip(
        *((point_of_no_return(d), point_of_no_return(d, "X")) for d in (0.003, 0.02)), strict=True
    )
    assert max(days) / min(days) > 1.5
    assert max(cross_linked) / min(cross_linked) < 1.1


def test_donors_are_the_ledgers():
    chart = lesson.donors().spec["views"][0]
    published = [
        row.value
        for row in ledger.table("targets").itertuples()
        if row.key.startswith("published-donor-volume")
    ]
    assert chart["background"][0]["y"] == pytest.approx(published)
    assert len(published) == 6
    assert chart["background"][0]["y"] != pytest.approx([share + 1 for share in published])


def test_other_start_settings_leave_the_shared_model_alone():
    before = liver.values()
    other = liver.starting(injury_years=0.5)
    assert other.values()["injury_years"] == 0.5
    assert liver.values() == before
    assert before["injury_years"] == 3
    with pytest.raises(ModelError, match="no parameter no_such_parameter"):
        liver.starting(no_such_parameter=1)


@pytest.mark.parametrize("name", CARDS)
def test_cards_speak_and_stay_small(name):
    card = getattr(lesson, name)()
    assert card.describe()
    assert "{" not in card.describe()
    assert 1 <= len(card.spec["controls"]) <= 4
    assert sum(view["type"] == "tissue" for view in card.spec["views"]) <= (
        card.spec["head"] is not None
    )
