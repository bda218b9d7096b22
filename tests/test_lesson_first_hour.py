"""The first hour (notebook 08): more than one order is right, each wrong one has its own reply, and
Python and the page say the same."""

import inspect
import json
import re
from itertools import permutations
from pathlib import Path

import pytest

from hepatica import ledger
from hepatica.cards import Case, Step, Steps
from hepatica.cards.kinds.steps.card import taken_of
from hepatica.cards.parts.frame import CardError
from hepatica.lessons import n08_what_already_works as lesson
from hepatica.lessons.n08_what_already_works.first_hour import rules
from tools.node import run_js

CARD = lesson.first_hour()
CASES = {case["key"]: case for case in CARD.spec["cases"]}
SAID = """import { countOf, saidTo, takenOf } from "./kinds/steps/card.js";
---
return data.asked.map(([at, key, taken, values]) => {
  const step = data.spec.cases[at].steps.find((one) => one.key === key);
  const { counts, words } = saidTo(step, taken);
  return [counts, words, countOf(data.spec, values), takenOf(data.spec.cases[at], values.taken)];
});
"""


def orders(case: str) -> list[tuple[str, ...]]:
    """Every order of a case's steps in which each of them counts."""
    keys = [step.key for step in CARD.cases[case].right()]
    return [
        order
        for order in permutations(keys)
        if all(CARD.said(case, key, order[:place])[0] for place, key in enumerate(order))
    ]


def test_more_than_one_order_is_right_and_not_every_one():
    found = {case: len(orders(case)) for case in CASES}
    assert found == {"bleeding": 6, "infection": 2, "kidneys": 15, "confusion": 8}
    told = CARD.describe(case="infection", taken=["infection/tap"])
    assert told == "1 of 4 steps done." != CARD.describe(case="bleeding", taken=["infection/tap"])


def test_each_wrong_press_has_its_own_reply():
    replies = [
        words for case in CASES.values() for step in case["steps"] for _, words in step["early"]
    ]
    replies += [step["why"] for case in CASES.values() for step in case["steps"]]
    assert len(replies) == len(set(replies)) > 45
    assert [words for words in replies if len(words.split()) < 8] == []
    left = {key: sum(not step["done"] for step in case["steps"]) for key, case in CASES.items()}
    assert all(2 <= many <= 3 for many in left.values())
    assert not CARD.said("bleeding", "plasma")[0] and CARD.said("bleeding", "airway")[0]
    assert "choke" in CARD.said("bleeding", "endoscopy")[1]
    assert "before the look" in CARD.said("bleeding", "endoscopy", ["airway"])[1]


def test_the_place_of_an_offer_does_not_tell():
    first = [case["steps"][0] for case in CASES.values()]
    assert 0 < sum(bool(step["done"]) and not step["early"] for step in first) < len(first)


def test_python_and_the_page_say_the_same(tmp_path):
    asked, expected = [], []
    for at, (case, spec) in enumerate(CASES.items()):
        right = [step.key for step in CARD.cases[case].right()]
        for many in range(len(right) + 1):
            taken = right[:many]
            values = {"case": case, "taken": [f"{case}/{key}" for key in taken] + ["x/y"]}
            for step in spec["steps"]:
                asked.append([at, step["key"], taken, values])
                own = {"done": many, "steps": len(right)}
                expected.append([*CARD.said(case, step["key"], taken), own, taken])
                assert taken_of(CARD.cases[case], values["taken"]) == taken
    assert len(asked) > 150
    assert run_js(SAID, {"spec": CARD.spec, "asked": asked}, tmp_path) == expected
    assert expected[0] != expected[-1]


def test_the_rules_are_dated_rows_of_the_ledger():
    shown = [rule for case in CASES.values() for rule in case["rules"]]
    assert len(shown) >= 20 and all(rule["source"] for rule in shown)
    undated = [rule["text"] for rule in shown if "read on" not in rule["read"]]
    assert len(undated) <= 8, undated
    tap, old = rules("sbp-tap", "staging/hrs-aki-2015")
    assert "Britain 2021" in tap.text and tap.source == "aithal2021"
    assert "ICA 2015" in old.text
    with pytest.raises(KeyError, match="astrology"):
        rules("astrology")


def test_numbers_of_the_replies_come_from_the_ledger():
    """Numbers of a patient's vignette, of a score and of a rule's year stand in words or there."""
    source = json.dumps(CARD.spec, ensure_ascii=False)
    for key in ("sbp-recurrence-norfloxacin", "he-recurrence-placebo", "bleeding-survival-liberal"):
        value = f"{ledger.number(f'guidelines/{key}').value:g}"
        assert re.search(rf"(?<!\d){re.escape(value)} %", source), key
    assert "{" + "guidelines" not in source


def test_a_crooked_case_is_refused():
    one, two = Step("a", "A.", "Why a.", done="a"), Step("b", "B.", "Why b.", done="b")
    whole = {"id": "s", "title": "T", "question": "Q?"}
    case = Case("c", "C", "Scene.", [one, two], "End.")
    assert Steps([case], **whole).scope() == {"done": 0, "steps": 2}
    with pytest.raises(CardError, match="two cases"):
        Steps([case, case], **whole)
    late = Step("c", "C.", "Why c.", done="c", early={"d": "First d."})
    for steps in ([one], [one, one], [one, two, late], [one, Step("b", "B.", "", done="b")]):
        with pytest.raises(CardError, match="Case c"):
            Steps([Case("c", "C", "Scene.", steps, "End.")], **whole)


def named() -> list[str]:
    """The rows of practice that the card's words or its lists of rules rest on."""
    source = Path(inspect.getfile(rules)).read_text(encoding="utf-8")
    said = re.findall(r"\{guidelines/([\w-]+)", source)
    listed = re.findall(r'^            "([\w-]+)",$', source, re.MULTILINE)
    return sorted(set(said + listed))


def undated(table, keys: list[str]) -> list[str]:
    """Those of the rows that do not say on which day, and what of, their source was read."""
    return [key for key in keys if not (table.loc[key, "read_on"] and table.loc[key, "read_as"])]


def test_every_rule_of_the_first_hour_says_when_it_was_read():
    table = ledger.table("guidelines").set_index("key")
    keys = named()
    assert len(keys) > 30 and {"hrs-terlipressin", "he-lactulose-tube"} < set(keys)
    assert undated(table, keys) == []
    assert undated(table.assign(read_as=""), keys) == keys
