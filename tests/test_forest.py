"""Cards of trials: what Python and the page say is the same, and wrong descriptions are refused."""

from __future__ import annotations

import re

import pytest

from hepatica import ledger
from hepatica.analysis import trials
from hepatica.cards import CardError, Forest, Predict, Published, Reporting, Scale
from hepatica.cards.kinds.forest.bias import NAMES, SIGNS, bias_of
from hepatica.cards.kinds.forest.says import end_said
from hepatica.lessons import n11_what_the_trials_show as lesson
from tools.node import run_js

FORESTS = {
    "deaths": lesson.deaths,
    "meld": lesson.meld,
    "gcsf": lesson.gcsf,
    "funnel": lesson.funnel,
}
SCALE = Scale(0.02, 16, (0.1, 1, 10), "fewer", "more")

SCRIPT = """import { compileDescription } from "./engine/rules.js";
import { forestScope } from "./kinds/forest/scope.js";
import { reportScope } from "./kinds/reporting/card.js";
---
const say = compileDescription(data.spec.describe);
const { filters, studies, outcomes, trials } = data.spec;
const lets = (values, [name, tag]) => !(name in values) || values[name].includes(tag);
const among = (values, tags) => Object.entries(tags).every((tag) => lets(values, tag));
const told = (study) => Object.fromEntries(filters.map(({ name }) => [name, study.tags[name]]));
const scope = {
  reporting: (values) => reportScope(studies.filter((study) => among(values, told(study))), outcomes),
  forest: (values) => {
    const kept = trials.filter((trial) => !values.off.includes(trial.key) && among(values, trial.tags));
    return forestScope(data.spec, values, kept);
  },
}[data.spec.kind];
return data.values.map((values) => say(scope(values)));
"""


def settings(card: Forest) -> list[dict]:
    """Some choices: the start, all, each alone, all but each, and none; with every model,
    split or not."""
    every = [row["key"] for row in card.spec["trials"]]
    chips = {
        chip["name"]: [each["label"] for each in chip["options"]] for chip in card.spec["filters"]
    }
    kept = [
        every,
        *([key] for key in every),
        *([key for key in every if key != out] for out in every),
        [],
    ]
    off = [[key for key in every if key not in keys] for keys in kept]
    models = [("DL", False), ("DL", True), ("fixed", False)]
    return [
        {},
        *(
            {**chips, "off": out, "method": method, "hartung": hartung, "split": len(out) % 2 == 0}
            for out in off
            for method, hartung in models
        ),
    ]


@pytest.mark.parametrize("name", FORESTS)
def test_page_and_python_say_the_same(name, tmp_path):
    card = FORESTS[name]()
    asked = settings(card)
    found = run_js(
        SCRIPT,
        {"spec": card.spec, "values": [{**card.start(), **values} for values in asked]},
        tmp_path,
    )
    wanted = [card.describe(**values) for values in asked]
    assert len(found) == len(asked) > 20
    assert found == wanted
    assert found[0].replace("95", "90") not in wanted and "No trial is left" in found[-1]


def test_page_and_python_count_the_same(tmp_path):
    card = lesson.who_reports_what()
    asked = [{}, {"design": ["randomised"]}, {"cells": []}]
    found = run_js(
        SCRIPT,
        {"spec": card.spec, "values": [{**card.start(), **values} for values in asked]},
        tmp_path,
    )
    assert found == [card.describe(**values) for values in asked] and len(set(found)) == 3


def test_cards_start_where_the_ledger_says():
    """The numbers of the sentence are those of data/pools.csv that the notebook cites."""
    for make, key in (
        (lesson.deaths, "deaths-cells"),
        (lesson.meld, "meld-3m"),
        (lesson.gcsf, "gcsf-deaths-randomised-3m"),
    ):
        row = ledger.number(f"pools/{key}")
        ends = f"{row.value:.2f} (95 % interval {row.low:.2f} to {row.high:.2f})".replace("-", "−")
        assert ends in make().describe(), key
        assert ends.replace(" to ", " to 1") not in make().describe()
    weight = f"{ledger.number('pools/deaths-cells-lin-weight').value:.0f} % of the weight"
    assert weight in lesson.deaths().describe() and weight not in lesson.meld().describe()
    assert len(lesson.who_reports_what().spec["studies"]) == ledger.number("pools/studies").value


def test_values_move_the_card():
    card = lesson.deaths()
    everybody = {"design": ["randomised", "not randomised"]}
    assert "0.59 (95 % interval 0.17 to 2.02)" in card.describe(off=["Lin2017"])
    assert "4 trials" in card.describe(off=["Lin2017"], **everybody)
    assert card.describe(method="fixed", **everybody).startswith(
        "If all had one common effect: 5 trials"
    )
    with pytest.raises(CardError, match="“bayes” is none of “DL”, “fixed”"):
        card.values = {"method": "bayes"}
    with pytest.raises(CardError, match="no value 'methode'"):
        card.values = {"methode": "DL"}


def test_every_study_is_shown_or_said_to_be_missing():
    for make, studies in (
        (lesson.deaths, 60),
        (lesson.meld, 58),
        (lesson.gcsf, 19),
        (lesson.funnel, 79),
    ):
        spec = make().spec
        assert len(spec["trials"]) + len(spec["missing"]) == studies, spec["id"]
        assert all(gap["why"] for gap in spec["missing"])
        assert all(
            row["counts"] and row["link"].startswith("https://") or row["source"]
            for row in spec["trials"]
        )


def test_the_static_form_has_every_trial_and_the_gaps():
    text = lesson.deaths().static_html()
    assert text.count("<tr>") == len(lesson.deaths().spec["trials"]) == 6
    assert "15/56 v 24/54" in text and "more studies" in text and "0.60 (0.36 to 1.02)" in text
    assert not re.search(r"\bnan|None|inf\b", text)


@pytest.mark.parametrize(
    ("make", "advice"),
    {
        "nothing": (
            lambda: Forest(
                trials.studies("deaths", trials=("Shi2021",)),
                id="x",
                title="",
                question="",
                scale=SCALE,
            ),
            "none of these studies",
        ),
        "filter": (
            lambda: Forest(
                trials.studies("deaths"),
                id="x",
                title="",
                question="",
                scale=SCALE,
                filters=("colour",),
            ),
            "Write some of: design",
        ),
        "chip": (
            lambda: Forest(
                trials.studies("deaths"),
                id="x",
                title="",
                question="",
                scale=SCALE,
                filters=("design",),
                off={"design": ["blue"]},
            ),
            ("The chips are randomised"),
        ),
        "mode": (
            lambda: Forest(
                trials.studies("deaths"),
                id="x",
                title="",
                question="",
                scale=SCALE,
                modes=("sideways",),
            ),
            "Write some of: all",
        ),
        "guess": (
            lambda: Predict("?", (("a", True, ""), ("b", True, ""))).json(),
            "2 right options",
        ),
        "published": (lambda: Published("x", "no-such-pool").json(), "no-such-pool"),
        "outcome": (
            lambda: Reporting(
                trials.reporting(), id="x", title="", question="", outcomes={"joy": "Joy"}
            ),
            "The outcomes are albumin",
        ),
    }.values(),
)
def test_wrong_descriptions_get_advice(make, advice):
    with pytest.raises(ValueError, match=advice):
        make()


def test_every_row_of_a_pool_says_how_far_it_can_be_trusted():
    """Six judgements with their reasons beside each randomised trial; a result that nobody judged
    has none, and another outcome's judgement is not lent to it."""
    judged = 0
    for make in (lesson.deaths, lesson.meld, lesson.gcsf):
        for row in make().spec["trials"]:
            if row["tags"]["design"] != "randomised":
                continue
            marks = row["bias"]["marks"]
            assert [each["name"] for each in marks] == list(NAMES.values()), row["key"]
            assert all(each["reason"] and each["sign"] in SIGNS.values() for each in marks)
            judged += 1
    assert judged > 12
    assert bias_of("Spahr2013", "meld") is None and bias_of("Sharma2020", "deaths") is None
    assert bias_of("Lin2017", "") is None


def test_an_overall_judgement_follows_from_its_domains():
    """RoB 2: one domain high, high; all low, low; else some concerns. `not readable` is not low."""
    checked = 0
    for trial, covers in ledger.table("risk_of_bias")[["trial", "covers"]].drop_duplicates().values:
        if covers == "study":
            continue
        *domains, overall = (each["judgement"] for each in bias_of(trial, covers)["marks"])
        assert overall == _overall(domains), (trial, covers)
        checked += 1
    assert checked > 20 and _overall(["low", "not readable"]) != "low"


def _overall(domains: list[str]) -> str:
    if "high" in domains:
        return "high"
    return "low" if set(domains) == {"low"} else "some concerns"


def test_an_interval_that_reaches_far_says_only_that():
    said = [end_said(value, True) for value in (0.0049, 0.0051, 0.3, 100, 100.2, 1e7)]
    assert said == ["below 0.01", "0.01", "0.30", "100.00", "above 100", "above 100"]
    assert end_said(120.0, False) == "120.00" and end_said(-0.001, False) == "0.00"
    alone = {"off": ["Spahr2013", "Thompson2018", "Sharma2020"], "hartung": True, "method": "DL"}
    kinds = {"population": ["compensated", "alcoholic hepatitis"]}
    kinds |= {"design": ["randomised", "not randomised"]}
    assert "(95 % interval below 0.01 to above 100)" in lesson.deaths().describe(**alone, **kinds)
