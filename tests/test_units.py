"""One unit for one quantity: slider, axis, sentence, question, options and presets speak alike.

What a unit looks like is said once, in data/units.csv or in a slider's `units`; here every card is
read as its reader reads it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

import pytest
from test_corners import cards

from hepatica import ledger
from hepatica.cards import Card
from hepatica.cards.parts.controls import Slider, unit_shown
from hepatica.cards.parts.sentence import Description
from hepatica.model.units import DAYS_PER, UNITS_PER_DAY, in_days

TABLES = ("parameters", "fields", "model", "describe")  # the equations' own numbers, and no text
SHARE = re.compile(r"\b(?:share|proportion|fraction|probability)\b|^1/|[a-zA-Z]/[a-z]+/[a-z]")
TIMES = r"(?:per|a|an|each|every) (hour|day|week|month|year)\b"
PER_CENT = re.compile(rf"%[^.;:?%\d]{{0,40}}? {TIMES}")
BARE = re.compile(rf"\d {TIMES}(?! of| ago| later)|^{TIMES}$")
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\d.]*\d)")
POWERS = [10.0**power for power in (-3, -2, -1, 1, 2, 3)]


def controls(spec: Mapping) -> dict[str, tuple[str, float]]:
    """The unit and the factor in which each number that the reader moves is shown."""
    moved = [c for c in spec.get("controls") or [] if c.get("kind") in ("slider", "given")]
    return {control["name"]: unit_shown(control) for control in moved}


def texts(node: object) -> Iterator[str]:
    """Every text of a card; of a control the units that it shows instead of the ledger's."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for each in node:
            yield from texts(each)
    elif isinstance(node, dict):
        kept = (name for name in node if name not in TABLES)
        for name in kept:
            if not (name == "unit" and node.get("units")):
                yield from texts(node[name])


def units(node: object) -> Iterator[str]:
    """Every unit of a card that a reader sees."""
    if isinstance(node, list):
        for each in node:
            yield from units(each)
    elif isinstance(node, dict):
        if node.get("unit") and not node.get("units"):
            yield node["unit"]
        for name in (name for name in node if name not in TABLES):
            yield from units(node[name])


def quarrels(spec: Mapping, said: str = "") -> Iterator[str]:
    """Units that no reader is shown, and a rate that is told in per cent here and bare there."""
    yield from (f"unit “{unit}”" for unit in units(spec) if SHARE.search(unit))
    words = [said, *texts(spec)]
    in_per_cent = {match[1] for text in words for match in PER_CENT.finditer(text)}
    bare = {match[1] or match[2] for text in words for match in BARE.finditer(text)}
    yield from (f"% a {time} beside per {time}" for time in sorted(in_per_cent & bare))


def scaled(value: float, other: float) -> bool:
    """Whether two numbers are one at two scales: 0.1 and 0.001."""
    return any(math.isclose(value, other * power, rel_tol=1e-6) for power in POWERS)


def slips(spec: Mapping) -> Iterator[str]:
    """Presets whose label has a value at another scale than its slider."""
    shown = controls(spec)
    for preset in spec.get("presets") or []:
        set_ = {name: v for name, v in preset["values"].items() if v and name in shown}
        slid = [value * shown[name][1] for name, value in set_.items()]
        for number in map(float, NUMBER.findall(preset["label"])):
            if any(scaled(number, value) for value in slid) and not any(
                math.isclose(number, value, rel_tol=1e-6) for value in slid
            ):
                yield f"preset “{preset['label']}” beside {slid}"


def misspoken(description: Description, shown: Mapping[str, tuple[str, float]]) -> Iterator[str]:
    """Slots that say a slider's value, or what it leaves of a whole, at another scale or with
    another unit than the slider."""
    for _, sentence in (rule for group in description.groups for rule in group):
        for (slot, _), after in zip(sentence.slots, sentence.texts[1:], strict=True):
            names = sorted(map(str, getattr(getattr(slot, "expression", None), "free_symbols", ())))
            if len(names) != 1 or names[0] not in shown:
                continue
            unit, factor = shown[names[0]]
            slope = slot.expression.diff(names[0])
            if not slope.is_number:
                continue
            if scaled(abs(float(slope)), factor):
                yield f"{names[0]} × {float(slope):g} beside a slider × {factor:g}"
            elif unit.startswith("%") != after.lstrip(" \u00a0").startswith("%") and "%" in (
                unit + after[:3]
            ):
                yield f"{names[0]}: “{after[:12]}” beside a slider in “{unit}”"


def complaints(card: Card) -> list[str]:
    """All that argues about units on a card."""
    spec, shown = card.spec, controls(card.spec)
    found = [*quarrels(spec, card.describe()), *slips(spec), *misspoken(card._description, shown)]
    return [f"{spec['id']}: {complaint}" for complaint in found]


@pytest.mark.full
def test_a_quantity_has_one_unit_on_a_card():
    read = sum(len(controls(card.spec)) for card in cards().values())
    assert read > 50
    assert [found for card in cards().values() for found in complaints(card)] == []


SLIDER = {"kind": "slider", "name": "d", "label": "dying", "unit": "1/day"}
IN_PER_CENT = SLIDER | {"units": [{"unit": "% a day", "factor": 100}]}
PRESET = {"label": "0.1 % a day", "values": {"d": 0.001}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"controls": [SLIDER]},
        {"controls": [SLIDER | {"unit": "share of healthy"}]},
        {"views": [{"y": {"label": "liver", "unit": "share of the old volume"}}]},
        {"controls": [SLIDER | {"units": [{"unit": "per day", "factor": 1}]}], "presets": [PRESET]},
        {"controls": [IN_PER_CENT], "question": "What if 0.001 per day die?"},
        {"controls": [IN_PER_CENT], "presets": [PRESET | {"label": "0.001 a day"}]},
    ],
)
def test_units_that_argue_are_noticed(wrong):
    right = {"controls": [IN_PER_CENT], "presets": [PRESET], "question": "0.1 % die every day."}
    assert [*quarrels(right), *slips(right)] == []
    assert [*quarrels(wrong), *slips(wrong)] != []


def test_a_sentence_at_another_scale_is_noticed():
    shown = {"H": ("% of healthy", 100)}
    said = {text: Description([(None, text)], ["H"]) for text in ("{100*H:0f} %", "{H:1f} left")}
    assert list(misspoken(said["{100*H:0f} %"], shown)) == []
    assert len(list(misspoken(said["{H:1f} left"], shown))) == 1
    gone = Description([(None, "{100*(1-H):0f} are gone")], ["H"])
    assert len(list(misspoken(gone, shown))) == 1


def test_a_shown_unit_stands_in_the_ledger_once():
    assert ledger.shown("share") == ("%", 100)
    assert ledger.shown("ratio") == ("", 1) == ledger.shown("")
    assert ledger.shown("mmHg") == ("mmHg", 1)
    with pytest.raises(ledger.LedgerError, match=r"units.csv has no row 'sharee'"):
        ledger.shown("sharee")
    assert Slider("d", units={"% a day": 100}).units == {"% a day": 100}


def test_the_clock_of_a_model_has_whole_days():
    """A day has 24 hours of 60 minutes, a year 365 days, whichever way round it is asked."""
    rates = {"1/min": 24 * 60, "%/h": 24, "g/day": 1, "1/year": 1 / 365, "cells/mL": 1}
    assert {unit: in_days(unit) for unit in rates} == rates
    spans = {"min": 1 / (24 * 60), "hours": 1 / 24, "day": 1, "years": 365, "mmHg": 1}
    assert {unit: in_days(unit) for unit in spans} == pytest.approx(spans, rel=1e-12)
    assert DAYS_PER == {"hours": 1 / 24, "days": 1, "years": 365}
    assert UNITS_PER_DAY["h"] == UNITS_PER_DAY["hours"] != UNITS_PER_DAY["min"]
