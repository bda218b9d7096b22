"""Cards of trials: what Python and the page say is the same, and wrong descriptions are refused."""

from __future__ import annotations

import re

import pytest

from hepatica import ledger
from hepatica.analysis import trials
from hepatica.cards import CardError, Forest, Guess, Published, Reporting, Scale
from hepatica.cards.kinds.forest.card import included, sentence
from hepatica.cards.kinds.reporting.card import told
from hepatica.lessons import n11_what_the_trials_show as lesson
from tools.node import run_js

FORESTS = {"deaths": lesson.deaths, "meld": lesson.meld, "gcsf": lesson.gcsf, "funnel": lesson.funnel}
SCALE = Scale(0.02, 16, (0.1, 1, 10), "fewer", "more")

FOREST_JS = """import { forestSentence } from "./kinds/forest/card.js";
---
return data.map(([trials, measure, values]) => forestSentence(trials, measure, values));
"""
REPORT_JS = """import { reportSentence } from "./kinds/reporting/card.js";
---
return data.sets.map((studies) => reportSentence(studies, data.outcomes));
"""


def kept_sets(card: Forest) -> list[list[str]]:
    """Some choices of trials: the start, all, each alone, all but each, and none."""
    every = [row["key"] for row in card.spec["trials"]]
    return [list(included(card._rows, card.spec["start"])["trial"]), every, *([key] for key in every),
            *([key for key in every if key != out] for out in every), []]


@pytest.mark.parametrize("name", FORESTS)
def test_page_and_python_say_the_same(name, tmp_path):
    card, asked, wanted = FORESTS[name](), [], []
    for keys in kept_sets(card):
        for method, hartung in (("DL", False), ("DL", True), ("fixed", False)):
            rows = card._rows[card._rows["trial"].isin(keys)]
            wanted.append(sentence(rows, method, hartung))
            shown = [row for row in card.spec["trials"] if row["key"] in keys]
            asked.append([shown, card.spec["measure"], {"method": method, "hartung": hartung}])
    found = run_js(FOREST_JS, asked, tmp_path)
    assert len(found) == 3 * len(kept_sets(card)) > 20
    assert found == wanted
    assert found[0].replace("95", "90") not in wanted and "No trial is left" in found[-1]


def test_page_and_python_count_the_same(tmp_path):
    card = lesson.who_reports_what()
    studies, outcomes = card.spec["studies"], card.spec["outcomes"]
    sets = [studies, studies[:1], [row for row in studies if row["tags"]["design"] == "randomised"]]
    found = run_js(REPORT_JS, {"sets": sets, "outcomes": outcomes}, tmp_path)
    assert found == [told(rows, outcomes) for rows in sets] and len(set(found)) == 3
    assert card.describe() == found[0]


def test_cards_start_where_the_ledger_says():
    """The numbers of the sentence are those of data/pools.csv that the notebook cites."""
    for make, key in ((lesson.deaths, "deaths-cells"), (lesson.meld, "meld-3m"),
                      (lesson.gcsf, "gcsf-deaths-randomised-3m")):
        row = ledger.number(f"pools/{key}")
        ends = f"{row.value:.2f} (95 % interval {row.low:.2f} to {row.high:.2f})".replace("-", "−")
        assert ends in make().describe(), key
        assert ends.replace(" to ", " to 1") not in make().describe()
    weight = f"{ledger.number('pools/deaths-cells-lin-weight').value:.0f} % of the weight"
    assert weight in lesson.deaths().describe() and weight not in lesson.meld().describe()
    assert len(lesson.who_reports_what().spec["studies"]) == ledger.number("pools/studies").value


def test_values_move_the_card():
    card = lesson.deaths()
    try:
        card.values = {"off": ["Lin2017"]}
        assert "0.59 (95 % interval 0.17 to 2.02)" in card.describe()
        card.values = {"design": ["randomised", "not randomised"]}
        assert "4 trials" in card.describe()
        card.values = {"off": [], "method": "fixed"}
        assert card.describe().startswith("If all had one common effect: 5 trials")
        with pytest.raises(CardError, match="Write one of: DL, fixed"):
            card.values = {"method": "bayes"}
        with pytest.raises(CardError, match="no value 'methode'"):
            card.values = {"methode": "DL"}
    finally:
        card.values = dict(card.spec["start"])


def test_every_study_is_shown_or_said_to_be_missing():
    for make, studies in ((lesson.deaths, 47), (lesson.meld, 45), (lesson.gcsf, 19), (lesson.funnel, 66)):
        spec = make().spec
        assert len(spec["trials"]) + len(spec["missing"]) == studies, spec["id"]
        assert all(gap["why"] for gap in spec["missing"])
        assert all(row["counts"] and row["link"].startswith("https://") or row["source"] for row in spec["trials"])


def test_the_static_form_has_every_trial_and_the_gaps():
    text = lesson.deaths().static_html()
    assert text.count("<tr>") == len(lesson.deaths().spec["trials"]) == 6
    assert "15/56 v 24/54" in text and "more studies" in text and "0.60 (0.36 to 1.02)" in text
    assert not re.search(r"\bnan|None|inf\b", text)


@pytest.mark.parametrize(("make", "advice"), {
    "nothing": (lambda: Forest(trials.studies("deaths", trials=("Shi2021",)), id="x", title="", question="",
                               scale=SCALE), "none of these studies"),
    "filter": (lambda: Forest(trials.studies("deaths"), id="x", title="", question="", scale=SCALE,
                              filters=("colour",)), "Write some of: design"),
    "chip": (lambda: Forest(trials.studies("deaths"), id="x", title="", question="", scale=SCALE,
                            filters=("design",), off={"design": ["blue"]}), "The chips are randomised"),
    "mode": (lambda: Forest(trials.studies("deaths"), id="x", title="", question="", scale=SCALE,
                            modes=("sideways",)), "Write some of: all"),
    "guess": (lambda: Guess("?", (("a", True, ""), ("b", True, ""))).json(), "2 right options"),
    "published": (lambda: Published("x", "no-such-pool").json(), "no-such-pool"),
    "outcome": (lambda: Reporting(trials.reporting(), id="x", title="", question="", outcomes={"joy": "Joy"}),
                "The outcomes are albumin"),
}.values())
def test_wrong_descriptions_get_advice(make, advice):
    with pytest.raises(ValueError, match=advice):
        make()
