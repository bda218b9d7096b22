"""The bank as a table: every question, also those that stay in the course, with why they do."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from hepatica.cards.kinds.quiz.stored import without_tags
from tools.export.bank import Item

FILE = "hepatica.csv"
COLUMNS = ("key", "notebook", "quiz", "kind", "given", "question", "misconception", "answer")
COLUMNS += ("tolerance", "unit", "reply", "hint", "left_out")


def write(folder: Path, items: Iterable[Item]) -> Path:
    """Write the table to a file in the folder, and return its path."""
    items = list(items)
    most = max((len(item.options) for item in items), default=0)
    pairs = [name for n in range(1, most + 1) for name in (f"option_{n}", f"reply_{n}")]
    path = folder / FILE
    # Spreadsheets take UTF-8 for what it is only after this mark.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, [*COLUMNS, *pairs], restval="")
        table.writeheader()
        table.writerows(_row(item) for item in items)
    return path


def _row(item: Item) -> dict[str, str]:
    """One question in plain words; options are numbered as the page shows them."""
    row = {"key": item.key, "notebook": item.notebook, "kind": item.kind}
    row |= {"misconception": item.misconception, "unit": item.unit, "left_out": item.left_out}
    row |= {
        name: without_tags(getattr(item, name)) for name in ("quiz", "given", "question", "hint")
    }
    row |= {"answer": _answer(item), "reply": without_tags(item.why)}
    if item.kind == "number":
        row["tolerance"] = f"{item.tolerance:.10g}"
    for n, option in enumerate(item.options, 1):
        row |= {f"option_{n}": without_tags(option.text), f"reply_{n}": without_tags(option.why)}
    return row


def _answer(item: Item) -> str:
    """A number, the number of the right option, or those of all in their order."""
    if item.kind == "number":
        return f"{item.answer:.10g}"
    if item.kind == "order":
        return " ".join(str(item.ranks.index(rank) + 1) for rank in range(len(item.ranks)))
    return str(1 + [option.right for option in item.options].index(True))
