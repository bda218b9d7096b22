"""What a card promises on a button, it says: one table for all cards, tests/promises.csv.

A row names a lesson, a card in it, the button (`preset`, empty: the card as it opens), further
settings (`sodium=140; head=end`, the end of the run), and words that the card's sentence must then
hold. A card with one promise on a button has one on every button.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from hepatica.cards.parts.frame import CardError


class Promise(NamedTuple):
    """One row of the table."""

    lesson: str
    card: str
    preset: str
    settings: str
    words: str

    @property
    def name(self) -> str:
        """The row's place among all."""
        return f"{self.lesson}.{self.card}: {self.preset or 'at the start'} {self.settings}".strip()


@cache
def promises() -> tuple[Promise, ...]:
    """The table."""
    with (Path(__file__).parent / "promises.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Promise(**row) for row in csv.DictReader(file))


def card_of(promise: Promise):
    """The card of a row."""
    return getattr(import_module(f"hepatica.lessons.{promise.lesson}"), promise.card)()


def settings_of(promise: Promise, spec: dict) -> dict[str, float]:
    """What the row sets beside its button, on a card with this specification."""
    pairs = [item.split("=") for item in promise.settings.split(";") if item.strip()]
    return {
        name.strip(): spec["run"]["points"] - 1 if value == "end" else float(value)
        for name, value in pairs
    }


@cache
def said(promise: Promise) -> str:
    """The card's sentence after the button and with the settings of the row;
    its words do not matter."""
    card = card_of(promise)
    pressed = card.preset(promise.preset) if promise.preset else {}
    return card.describe(**(pressed | settings_of(promise, card.spec)))


def broken(promise: Promise) -> str:
    """What the card says instead; "" if the promise is kept."""
    sentence = said(promise._replace(words=""))
    return "" if promise.words and promise.words in sentence else f"{promise.name} says: {sentence}"


def silent_buttons(rows: tuple[Promise, ...]) -> list[str]:
    """Buttons without a promise on cards that promise something on another one."""
    faults = []
    for lesson, card in dict.fromkeys((row.lesson, row.card) for row in rows if row.preset):
        mine = [row for row in rows if (row.lesson, row.card) == (lesson, card)]
        promised = {row.preset for row in mine}
        buttons = [preset["label"] for preset in card_of(mine[0]).spec["presets"]]
        faults += [f"{lesson}.{card}: {button}" for button in buttons if button not in promised]
    return faults


@pytest.mark.parametrize("promise", promises(), ids=lambda promise: promise.name)
def test_a_card_says_what_it_promises(promise):
    assert broken(promise) == ""
    assert broken(promise._replace(words=promise.words + " and nothing else")), (
        "the check accepts any words"
    )


def test_every_button_has_its_promise():
    rows = promises()
    assert len(rows) > 100 and len({(row.lesson, row.card) for row in rows}) > 25
    assert silent_buttons(rows) == []
    gone = next(row for row in rows if row.card == "abstinence" and row.preset == "the strongest")
    left = tuple(row for row in rows if row != gone)
    assert silent_buttons(left) == ["n08_what_already_works.abstinence: the strongest"]


def test_a_false_promise_is_refused():
    now = next(row for row in promises() if (row.card, row.preset) == ("cured_or_not", "now"))
    assert broken(now) == ""
    assert broken(now._replace(preset="year 5")).startswith(
        "n08_what_already_works.cured_or_not: year 5 says: "
    )
    assert broken(now._replace(words="")), "a promise without words is none"
    with pytest.raises(CardError, match="no preset 'yaer 5'"):
        broken(now._replace(preset="yaer 5"))


def test_settings_change_the_sentence():
    rows = [row for row in promises() if not row.preset and row.settings]
    assert len(rows) > 10
    deaf = [
        row.name
        for row in rows
        if said(row._replace(words="")) == said(row._replace(words="", settings=""))
    ]
    assert deaf == []
