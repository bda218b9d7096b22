"""The one door for outside values: Python and the page let in the same,
and say the same of the rest."""

from __future__ import annotations

import math

import pytest

from hepatica.cards import CardError
from hepatica.cards.parts.door import Field, Flag, Map, Number, OneOf, Several, Words
from hepatica.lessons import n03_a_liver_that_scars as n03
from hepatica.lessons import n11_what_the_trials_show as n11
from hepatica.lessons import n12_run_your_own_trial as n12
from tools.node import Session

FIELDS: dict[str, Field] = {
    "dose": Number(start=1, low=0, high=100, unit="mg"),
    "open": Number(start=1),
    "head": Number(start=0, low=0, high=160, whole=True),
    "stage": OneOf(of=(0, 1, 2.5), start=0),
    "mode": OneOf(of=("all", "by-year"), start="all"),
    "split": Flag(start=False),
    "cells": Several(of=("MSC", "G-CSF"), start=["MSC"]),
    "text": Words(start="", most=5),
    "prediction": OneOf(of=range(-1, 3), empty=True, private=True),
    "answers": Map(fields={"0": OneOf(of=range(3)), "1": Number()}, start={}, private=True),
}
TRIED = {
    "dose": [0, 100, 50.5, -0.1, 101, 99999, "7", None, True, [1]],
    "open": [1e9, -3, None],
    "head": [0, 160, 3.5, 99999],
    "stage": [1, 2.5, 2, "1"],
    "mode": ["by-year", "sideways", 3],
    "split": [True, False, 1, "on"],
    "cells": [[], ["G-CSF", "MSC"], ["MSC", "MSC"], ["CD34"], "MSC"],
    "text": ["scar", "much too long", 4],
    "prediction": [None, -1, 2, 3],
    "answers": [{}, {"0": 2}, {"0": 7}, {"1": 2.5, "0": None}, {"9": 1}, 3],
    "nobody": [1],
}
REFUSED_AT_LEAST = 20

SCRIPT = """import { admit, readLink, writeLink } from "./engine/door.js";
---
if (data.hash !== undefined) return readLink(data.hash, "card", data.fields);
if (data.values !== undefined) return writeLink("card", data.fields, data.values);
return data.tried.map(([name, value]) => admit(data.fields, { [name]: value }));
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Ask the page's door something."""
    fields = {name: field.json() for name, field in FIELDS.items()}
    with Session(SCRIPT, tmp_path_factory.mktemp("door")) as session:
        yield lambda **question: session.ask({"fields": fields, **question})


def test_both_doors_say_the_same(page):
    tried = [(name, value) for name, values in TRIED.items() for value in values]
    found = page(tried=tried)
    refused = 0
    for (name, value), there in zip(tried, found, strict=True):
        here = FIELDS[name].refusal(value) if name in FIELDS else "this card has no such value"
        assert there["refused"] == ([f"{name}: {here}."] if here else []), (name, value)
        assert there["values"] == ({} if here else {name: value})
        refused += bool(here)
    assert len(tried) - 10 > refused >= REFUSED_AT_LEAST
    assert FIELDS["dose"].refusal(math.nan) and FIELDS["dose"].refusal(math.inf)  # JSON has neither


def test_a_link_gives_back_what_it_was_given(page):
    values = {
        "dose": 12.5,
        "open": 1,
        "head": 3,
        "stage": 2.5,
        "mode": "by-year",
        "split": True,
        "cells": ["G-CSF"],
        "text": "a b",
        "prediction": 2,
        "answers": {"0": 1},
    }
    link = page(values=values)
    # unchanged or private
    assert "prediction" not in link and "answers" not in link and "open" not in link
    back = page(hash=link)
    changed = {
        name: value
        for name, value in values.items()
        if name not in ("open", "prediction", "answers")
    }
    assert back == {"values": changed, "refused": []}


@pytest.mark.parametrize(
    ("hash", "refused"),
    [
        ("#card?dose=99999&split=on", 1),
        ("#card?prediction=1", 1),
        ("#card?answers=1", 1),
        ("#card?nobody=1", 1),
        ("#card?head=1e99&cells=x~y&mode=", 3),
        ("#card?dose=", 1),
        ("#card?__proto__=1&constructor=2", 2),
    ],
)
def test_a_bad_link_is_told_and_nothing_breaks(page, hash, refused):
    found = page(hash=hash)
    assert len(found["refused"]) == refused, found
    assert found["values"] in ({}, {"split": True})


@pytest.mark.parametrize(
    "hash", ["#injury-duration%", "#card", "#%E0%A4%A", "", "#card%3Fdose=1", "#other?dose=1"]
)
def test_addresses_that_are_not_for_the_card(page, hash):
    assert page(hash=hash) == {"values": {}, "refused": []}


REFUSALS = [
    (n03.one_liver, {"stop_year": 1e9}),
    (n12.one_trial, {"many": 1_000_000_000}),
    (n12.one_trial, {"entry": "high"}),
    (n11.deaths, {"off": ["nobody"]}),
    (n11.deaths, {"method": "bayes"}),
    (n11.deaths, {"prediction": 17}),
    (n12.league, {"seed": 0.5}),
]


@pytest.mark.parametrize(("make", "values"), REFUSALS)
def test_cards_refuse_in_python_whatever_their_kind(make, values):
    card = make()
    name = next(iter(values))
    with pytest.raises(CardError, match=name):
        card.describe(**values)
    with pytest.raises(CardError, match=name):
        card.values = values
    with pytest.raises(CardError, match="no value"):
        card.describe(nobody=1)
    assert card.describe()


def test_every_kind_describes_its_presets():
    card = n12.one_trial()
    words = {card.describe(**card.preset(preset["label"])) for preset in card.spec["presets"]}
    assert len(words) == len(card.spec["presets"]) == 3
    assert (
        card.describe(n=100) if "n" in card.fields else card.describe(benefit=3) != card.describe()
    )
