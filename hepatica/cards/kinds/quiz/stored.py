"""The items of all quizzes, for the review: read from the cards stored in the notebooks.

The keys of many items are worked out by a model, which takes minutes; the notebooks hold the
result.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hepatica.cards.parts.minutes import CARD, outputs_of
from hepatica.ledger import DATA

KINDS = ("quiz", "decision")
SHOWN = ("type", "question", "misconception", "options", "answer", "tolerance", "unit", "why")
TAKEN = (*SHOWN, "hint", "misses", "scene")


def items_of(cards: Iterable[dict], notebook: str) -> list[dict[str, Any]]:
    """The items of the quizzes among a notebook's cards, each with its key and its notebook.

    A quiz that marks nothing is left out: its questions are asked before the course answers them.
    """
    return [
        {"key": item.get("key", f"{card['id']}/{place}"), "notebook": notebook}
        | {name: item[name] for name in TAKEN if name in item}
        for card in cards
        if card["kind"] in KINDS and card.get("feedback") != "later"
        for place, item in enumerate(card["items"])
    ]


def without_tags(markup: str) -> str:
    """The words of an item or a question without their markup."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def notebooks_of(root: Path) -> list[Path]:
    """Every notebook and students' exercise under `root`; that of a number before its exercise."""
    files = [*(root / "notebooks").glob("*.ipynb"), *(root / "exercises").glob("*.ipynb")]
    return sorted(files, key=lambda path: (path.stem[:2], path.parent.name != "notebooks"))


def cards_in(notebook: Path) -> Iterator[dict]:
    """The cards stored in the outputs of a notebook's file."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        yield from (data[CARD] for data in outputs_of(cell) if CARD in data)


def stored_items(root: Path = DATA.parent) -> list[dict[str, Any]]:
    """The items of every notebook and exercise under `root`."""
    return [item for file in notebooks_of(root) for item in items_of(cards_in(file), file.stem[:2])]


def answer_items(card: Any, message: dict) -> None:
    """Send the items to a card that asks for them."""
    if message.get("kind") == "items":
        card.send({"kind": "items", "id": message["id"], "items": stored_items()})
