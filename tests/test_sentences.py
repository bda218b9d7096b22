"""One sentence language in two runtimes: numbers are printed alike,
and every card says the same at any setting."""

from __future__ import annotations

import importlib
import json
import math
import os
import pkgutil
import re

import numpy as np
import pytest
from browser import chromium

from hepatica import lessons
from hepatica.cards import Card, bundle
from hepatica.cards.parts.door import Field, Flag, Number, OneOf, Several
from hepatica.cards.parts.predict import SKIP
from hepatica.cards.parts.sentence import Description, format_number
from hepatica.model.code import emit
from tools.node import run_js

STYLES = [f"{digits}{kind}" for kind, least in (("f", 0), ("s", 1)) for digits in range(least, 6)]
STYLES += ["plural year", "plural person people"]
SETTINGS = int(os.environ.get("HEPATICA_ROUNDS", "3"))  # of each card, besides the start
SEED = int(os.environ.get("HEPATICA_SEED", "11"))
CARD_DIGITS = 1e-5  # relative; a card's JSON holds its numbers at six digits
NUMBER = re.compile(r"−?\d[\d\u202f]*(?:\.\d+)?")

FORMAT = """import { formatNumber } from "./engine/rules.js";
---
return data.map(([value, style]) => formatNumber(value, style));
"""


def drawn_numbers(count: int = 400) -> list[float]:
    """Numbers of all sizes, and decimals that end in 5, half of which are ties only on paper."""
    luck = np.random.default_rng(5)
    sizes = 10.0 ** luck.uniform(-8, 9, count) * luck.choice([-1, 1], count)
    ties = [
        sign * (10 * k + 5) / 10**power
        for k in range(0, 60, 3)
        for power in range(7)
        for sign in (-1, 1)
    ]
    return [
        *map(float, sizes),
        *ties,
        0.0,
        -0.0,
        0.0215,
        0.5,
        1.5,
        2.5,
        9.5,
        99.5,
        999.95,
        1.0,
        1e-7,
        1e9,
    ]


def test_numbers_are_printed_alike(tmp_path):
    asked = [(value, style) for value in drawn_numbers() for style in STYLES]
    found = run_js(FORMAT, asked, tmp_path)
    wanted = [format_number(value, style) for value, style in asked]
    assert len(asked) > 7000 and found == wanted
    assert found != [format_number(value * 1.01, style) for value, style in asked]


def every_card() -> dict[str, Card]:
    """All cards of the lessons, made by the functions that need nothing said."""
    made = {}
    for item in pkgutil.walk_packages(lessons.__path__, "hepatica.lessons."):
        module = importlib.import_module(item.name)
        for make in [*vars(module).values()]:
            if getattr(make, "__module__", "") == item.name and returns_card(make):
                card = make()
                made[card.spec["id"]] = card
    return made


def returns_card(make: object) -> bool:
    """Whether something is a function without needs that says it returns a card."""
    notes = getattr(make, "__annotations__", {})
    names = {kind.__name__ for kind in kinds_of_card()}
    needs = getattr(getattr(make, "__wrapped__", make), "__code__", None)
    free = needs is not None and needs.co_argcount + needs.co_kwonlyargcount == 0
    return free and notes.get("return") in names


def kinds_of_card() -> set[type]:
    """Card and every class that descends from it."""
    found, open_ = {Card}, [Card]
    while open_:
        open_ += (fresh := [kind for kind in open_.pop().__subclasses__() if kind not in found])
        found |= set(fresh)
    return found


def unasked(card: Card) -> dict:
    """The prediction skipped, where there is one."""
    step = card.spec.get("predict")
    return {"prediction": SKIP[step["way"]]} if step else {}


def settings(card: Card, luck: np.random.Generator) -> dict:
    """Values that the card's door lets in; what is private stays, but the prediction is skipped."""
    open_ = {name: chosen(field, luck) for name, field in card.fields.items() if not field.private}
    known = {name: value for name, value in open_.items() if value is not None}
    return known | unasked(card)


def chosen(field: Field, luck: np.random.Generator):
    """One value of a field by chance; None where it is open or a text."""
    if isinstance(field, Number):
        if field.low is None or field.high is None:
            return None
        value = luck.uniform(field.low, field.high)
        return (
            int(value)
            if field.whole
            else float(np.clip(float(f"{value:.4g}"), field.low, field.high))
        )
    if isinstance(field, OneOf):
        return list(field.of)[luck.integers(len(field.of))]
    if isinstance(field, Flag):
        return bool(luck.integers(2))
    if isinstance(field, Several):
        return [each for each in field.of if luck.random() < 0.7]
    return None


def apart(ours: str, theirs: str) -> str:
    """How two sentences differ; "" when the words agree and each number within one unit of its last
    digit."""
    if NUMBER.sub("#", ours) != NUMBER.sub("#", theirs):
        return f"{ours!r} here, {theirs!r} on the page"
    for mine, other in zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True):
        step = 10.0 ** -len(mine.partition(".")[2])
        size = abs(value_of(mine))
        if "." not in mine and size >= 1000:  # two significant digits
            step = 10.0 ** (math.floor(math.log10(size)) - 1)
        step = max(step, size * CARD_DIGITS)
        if abs(value_of(mine) - value_of(other)) > step * 1.001:
            return f"{mine} here, {other} on the page: {ours!r}"
    return ""


def value_of(text: str) -> float:
    return float(text.replace("−", "-").replace("\u202f", ""))


def page_of(cards: dict[str, Card]) -> str:
    """One page with all cards."""
    specs, table = emit([card.spec for card in cards.values()])
    figures = "".join(
        f'<figure class="hepatica-card" id="{spec["id"]}"><script type="application/json">'
        f"{json.dumps(spec).replace('<', chr(92) + 'u003c')}</script></figure>"
        for spec in specs
    )
    return (
        f"<!doctype html><meta charset=utf-8><style>{bundle.styles()}</style>{figures}"
        f"<script>hepaticaFormulas = {table};</script><script>{bundle.classic()}</script>"
    )


@pytest.fixture(scope="module")
def cards():
    return every_card()


@pytest.fixture(scope="module")
def page(cards, tmp_path_factory):
    file = tmp_path_factory.mktemp("cards") / "all.html"
    file.write_text(page_of(cards), encoding="utf-8")
    with chromium() as browser:
        made = browser.new_page()
        made.goto(file.as_uri())
        made.wait_for_function(
            "document.documentElement.dataset.cards === 'ready'", timeout=300_000
        )
        yield made


@pytest.mark.full
def test_every_card_says_the_same_in_python_and_on_the_page(cards, page):
    luck, faults, count = np.random.default_rng(SEED), [], 0
    for name, card in cards.items():
        for values in [unasked(card), *(settings(card, luck) for _ in range(SETTINGS))]:
            theirs = page.evaluate(
                "([id, values]) => "
                "document.querySelector(`[data-card='${id}']`).hepatica.put(values)",
                [name, values],
            )
            fault = apart(card.describe(**values), theirs.partition(" (Pages opened from disk")[0])
            faults += [f"{name} {values}: {fault}"] if fault else []
            count += 1
    assert count >= 4 * 60
    assert not faults, "\n".join(faults)


def test_a_sentence_that_differs_is_seen():
    assert apart("Day 3: 4.20 g/L", "Day 3: 4.21 g/L") == ""
    assert apart("Day 3: 4.20 g/L", "Day 3: 4.25 g/L") and apart("It heals.", "It scars.")
    assert apart("480 000 of them".replace(" ", "\u202f", 1), "490\u202f000 of them") == ""
    rules = [
        [(None, "{x:1f} of {y:0f}.")],
        [("x > y", "Much.")],
        [("x < 0", "Less than nothing."), (None, "{word:t}.")],
    ]
    said = Description(rules, ["x", "y", "word"])
    assert said.say({"x": 2, "y": 1, "word": "So"}) == "2.0 of 1. Much. So."
    assert said.say({"x": -2, "y": 1, "word": "So"}) == "−2.0 of 1. Less than nothing."
