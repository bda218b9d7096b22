"""The bank: every question of the course with its replies, and why some do not leave the course.

The keys of many questions are worked out by a model, so they are read from the cards stored in the
notebooks. The questions before the course (00) are asked again in 13, marked; they come from there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hepatica.cards.kinds.quiz.stored import KINDS, cards_in, notebooks_of
from hepatica.ledger import DATA

ROOT = DATA.parent
CREDIT = "Hepatica: an explorable course on liver scarring and cell therapy. CC BY 4.0."
EXERCISE = "it belongs to a task with a card of its own"
CARD = "it is answered at a card"
POINTS_AT_CARD = re.compile(r"\bcards?\b|slider|\bdrag\b|start values", re.IGNORECASE)
OPEN = re.compile(r"-(recall|check|post-test)$")
"""Quizzes whose lead speaks of the notebook and not of the question."""


@dataclass(frozen=True)
class Option:
    """What can be chosen, and the course's reply to it; both are HTML within a line."""

    text: str
    why: str
    right: bool


@dataclass(frozen=True)
class Item:
    """A question. `kind` is "choice", "number" or "order"; all words are HTML within a line.

    `key` never changes while the question reads the same. `given` is what must be known first.
    Of an order the `options` stand as the page shows them, and `ranks` counts from 0. `left_out`
    says why the question stays in the course; empty if it may leave.
    """

    key: str
    notebook: str
    quiz: str
    kind: str
    question: str
    misconception: str = ""
    given: str = ""
    options: tuple[Option, ...] = ()
    ranks: tuple[int, ...] = ()
    ends: tuple[str, str] = ("", "")
    answer: float = 0.0
    tolerance: float = 0.0
    unit: str = ""
    why: str = ""
    hint: str = ""
    misses: tuple[tuple[float, str], ...] = ()
    left_out: str = ""


def titles() -> dict[str, str]:
    """What each notebook is called in a bank: its number and its question."""
    from hepatica import ledger

    rows = ledger.table("notebooks").to_dict("records")
    return {row["key"]: f"{row['key']} {row['question']}" for row in rows}


def bank(root: Path = ROOT) -> list[Item]:
    """All items, by notebook, those of a notebook before those of its exercise."""
    found: dict[str, Item] = {}
    for file in notebooks_of(root):
        for item in _items(cards_in(file), file.stem[:2], file.parent.name == "exercises"):
            found.setdefault(item.key, item)
    return list(found.values())


def leaving(items: list[Item]) -> list[Item]:
    """Those that may leave the course."""
    return [item for item in items if not item.left_out]


def staying(items: list[Item]) -> Counter[str]:
    """How many stay, by the reason."""
    return Counter(item.left_out for item in items if item.left_out)


def _items(cards: Iterator[dict], notebook: str, exercise: bool) -> Iterator[Item]:
    for card in cards:
        if card["kind"] in KINDS and card.get("feedback") != "later":
            for item in card["items"]:
                yield _item(card, item, notebook, exercise)
        elif (card.get("predict") or {}).get("way") == "order":
            yield _order(card, notebook)


def _item(card: Mapping, item: Mapping, notebook: str, exercise: bool) -> Item:
    words = " ".join([item["question"], item.get("hint", "")])
    reason = EXERCISE if exercise else CARD if POINTS_AT_CARD.search(words) else ""
    lead = "" if OPEN.search(card["id"]) else card.get("question", "")
    common = {"key": item["key"], "notebook": notebook, "quiz": card["title"], "left_out": reason}
    common["given"] = " ".join(filter(None, [lead, item.get("scene", "")]))
    common |= {name: item[name] for name in ("question", "misconception")}
    if item["type"] == "choice":
        options = (Option(one["text"], one["why"], one["right"]) for one in item["options"])
        return Item(kind="choice", options=tuple(options), **common)
    numbers = {name: item[name] for name in ("answer", "tolerance", "unit", "why", "hint")}
    misses = tuple((miss["value"], miss["why"]) for miss in item["misses"])
    return Item(kind="number", misses=misses, **numbers, **common)


def _order(card: Mapping[str, Any], notebook: str) -> Item:
    """A question of order before a card; the card's title may tell the answer, so it is not taken."""
    asked = card["predict"]
    return Item(
        key=f"order-{card['id']}",
        notebook=notebook,
        quiz="Put in order",
        kind="order",
        given=card["question"],
        question=asked["question"],
        options=tuple(Option(one["text"], one["why"], False) for one in asked["items"]),
        ranks=tuple(one["rank"] for one in asked["items"]),
        ends=tuple(asked["ends"]),
    )
