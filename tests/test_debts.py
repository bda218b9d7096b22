"""What each notebook still owes to the game: a question as heading before each prediction, a
mission, one line to K. The table debts.csv says how much, and it may only shrink."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import debts
import pytest

ROOT = Path(__file__).resolve().parent.parent
CARD = "application/vnd.hepatica.card+json"
LAST = "13"  # the notebook in which the lines become a letter


def stored(notebook: Path) -> list[dict]:
    """The cards of a notebook as they are committed."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [output["data"][CARD] for output in outputs if CARD in output.get("data", {})]


@cache
def course() -> dict[str, list[dict]]:
    """All cards by notebook."""
    files = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    return {file.name[:2]: stored(file) for file in files}


def headings(_notebook: str, cards: Iterable[dict]) -> int:
    """Predictions below a heading that asks nothing."""
    return sum(bool(card.get("predict")) and not card["question"].endswith("?") for card in cards)


def missions(_notebook: str, cards: Iterable[dict]) -> int:
    """1 without a mission."""
    return int(not any(card.get("mission") for card in cards))


def lines(notebook: str, cards: Iterable[dict]) -> int:
    """1 without a line to K."""
    return int(notebook != LAST and not any(card["kind"] == "letter" for card in cards))


CHECKS = {"heading is a question": headings, "mission": missions, "line to K.": lines}


@pytest.mark.parametrize("check", CHECKS)
def test_no_notebook_owes_more_than_the_table_says(check):
    found = Counter({name: CHECKS[check](name, cards) for name, cards in course().items()})
    assert len(found) > 10
    assert debts.differences(check, +found) == []


ASKS = {"kind": "explorable", "question": "How much?", "predict": {"way": "choose"}}


@pytest.mark.parametrize(
    ("check", "card", "owed"),
    [
        (headings, ASKS, 0),
        (headings, {**ASKS, "question": "Move the slider."}, 1),
        (headings, {**ASKS, "question": "Move the slider.", "predict": None}, 0),
        (missions, ASKS, 1),
        (missions, {**ASKS, "mission": {"goal": "Halve it."}}, 0),
        (lines, ASKS, 1),
        (lines, {"kind": "letter"}, 0),
    ],
)
def test_a_notebook_that_owes_is_noticed(check: Callable, card: dict, owed: int):
    assert check("07", [card]) == owed
