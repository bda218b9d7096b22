"""The atlas of causes: card and page print what the tables hold, keep units apart, multiply
nothing, and answer no question before it is asked."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
import test_guessing as guessing
from browser import offline, open_page, watched

from hepatica import ledger
from hepatica.analysis import atlas
from hepatica.cards import Atlas, CardError, Predict, Trap
from hepatica.lessons.n05_decades_of_silence import causes_atlas
from tools import browser as reader

DIGITS = re.compile(r"\d+(?:\.\d+)?")
NO_REGRESSION = {
    "hdv",
    "metald",
    "psc",
    "a1at",
    "buddchiari",
    "cardiac",
    "cf",
    "drug",
    "biliaryatresia",
}


def printed(words: str) -> set[float]:
    """The numbers in a text."""
    return {
        float(digits)
        for digits in DIGITS.findall(words.replace("95 % interval", "").replace(",", ""))
    }


def strange(words: str, row) -> set[float]:
    """Numbers of a text that no cell of its row holds."""
    cells = (row.value, row.low, row.high, getattr(row, "reference_value", None), 100000)
    return printed(words) - {float(cell) for cell in cells if cell is not None}


def test_amounts_are_the_numbers_of_their_row_and_no_others():
    rows = ledger.table("causes").set_index("key")
    entries = [e for cause in atlas.causes() for part in cause.entries.values() for e in part]
    assert len(entries) == len(rows) == 117
    assert {
        e.key: strange(e.amount, rows.loc[e.key])
        for e in entries
        if strange(e.amount, rows.loc[e.key])
    } == {}
    numbers = rows[rows["value"].notna() | rows["low"].notna()]
    assert {e.key for e in entries if e.amount} == set(numbers.index)


def test_a_cause_has_one_name():
    names = ledger.table("causes").groupby("cause")["label"].nunique()
    assert set(names) == {1}, names


def test_accelerators_are_never_multiplied():
    rows = ledger.table("accelerators").set_index("key")
    factors = atlas.accelerators()
    assert len(factors) == len(rows) == 43
    assert [f.key for f in factors if strange(f.amount, rows.loc[f.key])] == []
    ratios = [f for f in factors if f.kind == "ratio"]
    assert len(ratios) > 25 and all(f.low is not None for f in ratios)
    product = f"relative risk {ratios[0].value * ratios[1].value:.2f}"
    assert strange(product, rows.loc[ratios[0].key])


def test_mixed_denominators_stay_apart():
    table = ledger.table("causes")
    paces = table[table["aspect"] == "pace"].set_index("key")
    listed = [key for keys in atlas.GROUPS.values() for key in keys]
    assert sorted(listed) == sorted(paces.index)
    for heading, keys in atlas.GROUPS.items():
        units = {paces.loc[key, "unit"].removesuffix(" dead") for key in keys}
        assert len(units) == 1 or heading == "other units", heading
    assert not any({"psc-pace", "hcv-pace"} <= set(keys) for keys in atlas.GROUPS.values())


def test_blanks_stay_blank_and_the_best_evidence_comes_first():
    spec = causes_atlas().spec
    regression = {c["key"]: c["rows"]["regression"] for c in spec["causes"]}
    empty = {key for key, rows in regression.items() if not any(row["amount"] for row in rows)}
    assert empty == NO_REGRESSION
    shown = [row["text"] for key in empty - {"a1at"} for row in regression[key]]
    assert set(shown) == {atlas.BLANK}
    assert spec["order"][0] == ["pbc", "pbc-regression"]
    assert {cause for cause, _ in spec["order"][-len(empty) :]} == empty
    cause = atlas.causes()[0]
    blank = replace(cause.entries["regression"][0], amount="")
    best = replace(blank, amount="3 %", evidence="randomised trial")
    assert [e for _, e in atlas.by_evidence([(cause, blank), (cause, best)])] == [best, blank]


def test_the_span_of_groups_is_that_of_the_same_source():
    pace = {e.key: e for cause in atlas.causes() for e in cause.entries["pace"]}
    assert pace["hcv-pace"].bar.groups == (13, 42)
    assert pace["psc-pace"].bar.groups is None, "referral is no biology"


def test_sentences_wait_for_their_question():
    card = causes_atlas()
    assert "30 years" in card.describe() and "13 against 30" in card.describe(
        factor="hcv-age-sex-men-over-40"
    )
    assert "30 years" in card.describe(factor="pbc-no-udca"), "an accelerator of another cause"
    before, after = card.describe(cause="drug"), card.describe(cause="drug", blamed=0)
    assert "22.3" not in before and "question first" in before and "22.3" in after
    assert "randomised" not in card.describe(by="regression")
    assert "comparison: 1" in card.describe(by="regression", defined=-1)


def test_traps_give_nothing_away_and_answer_everybody():
    card = causes_atlas()
    items = [
        guessing.choice(trap["name"], (card.spec["question"],), trap["predict"], False)
        for trap in card.spec["traps"]
    ]
    assert len(items) == 2
    for item in items:
        assert guessing.silent(item) == [] and not guessing.given_away(item), item.where
        assert guessing.unevenness(item) < guessing.MOST_UNEVEN
    told = replace(items[0], replies=("", *items[0].replies[1:]))
    assert guessing.silent(told)
    assert {trap["name"] for trap in card.spec["traps"]} == {"blamed", "defined"}
    rows = ledger.table("causes").set_index("key")
    assert "19.3, p = 0.33" in rows.loc["drug-pace", "statement"]
    assert "19.3 %" in json.dumps(card.spec["traps"][0])


def test_a_trap_guards_rows_that_exist():
    asked = Predict("?", (("a", True, ""), ("b", False, "")))
    for guards in ([], ["no-such-row"]):
        with pytest.raises(CardError, match="name rows of"):
            Atlas(id="x", title="t", question="q", traps=[Trap("t", guards, asked)])
    with pytest.raises(CardError, match="no cause 'gin'"):
        Atlas(id="x", title="t", question="q", first="gin")


RECORD = "JSON.parse(localStorage.getItem('hepatica/record')).answers"
PLACES = {"blamed": {"by": "", "cause": "drug"}, "defined": {"by": "regression"}}


def open_atlas(page, site):
    """The atlas on its page, with the question before it answered."""
    open_page(page, site / "05_decades_of_silence.html")
    card = page.query_selector("article[data-card='causes-atlas']")
    if card.get_attribute("data-veiled") == "true":
        reader.answer_prediction(card)
    return card


def question_of(card, name: str):
    """The question inside the atlas, on its page."""
    card.evaluate("(c, values) => c.hepatica.put(values)", {"factor": "", **PLACES[name]})
    return card.query_selector(".hep-atlas-page .hep-predict")


def test_answers_inside_the_atlas_are_kept_once_and_found_again(site, browser):
    with offline(browser) as page, watched(page) as troubles:
        card = open_atlas(page, site)
        for name, option in (("blamed", 0), ("defined", 1)):
            step = question_of(card, name)
            step.query_selector_all("input[type=radio]")[option].check()
            step.query_selector("button.hep-primary").click()
        kept = page.evaluate(RECORD)
        assert {key: kept[key]["given"] for key in kept if key.startswith("causes-atlas/")} == {
            "causes-atlas/blamed": 0,
            "causes-atlas/defined": 1,
        }
        reader.button(card, "Reset").click()
        again = question_of(card, "blamed")
        assert again.get_attribute("data-answered") == "false"
        again.query_selector_all("input[type=radio]")[1].check()
        again.query_selector("button.hep-primary").click()
        assert page.evaluate(RECORD) == kept, "an answer counts once"
        step = question_of(open_atlas(page, site), "blamed")
        assert step.get_attribute("data-answered") == "true"
        assert step.query_selector_all("input[type=radio]")[0].is_checked()
        page.evaluate(
            "hepaticaRecord.put('answers', 'causes-atlas/blamed', {given: 0, asked: 'of old'})"
        )
        fresh = question_of(open_atlas(page, site), "blamed")
        assert fresh.get_attribute("data-answered") == "false", "another question was answered"
        assert not troubles
