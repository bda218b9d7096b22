"""An Anki deck: one below it per notebook, the misconception behind a question as its tag.

Decks, the note's form and the notes have ids that never change, so that a newer version of the deck
updates what a student has and keeps what the program knows of each card.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from pathlib import Path

import genanki

from tools.export.bank import CREDIT, Item

FILE = "hepatica.apkg"
FIELDS = ("Key", "Given", "Question", "Offered", "Answer", "Replies", "Credit")
FRONT = """<div class="given">{{Given}}</div>
<div class="question">{{Question}}</div>
{{Offered}}"""
BACK = """{{FrontSide}}
<hr id="answer">
<div class="right">{{Answer}}</div>
{{Replies}}
<p class="credit">{{Credit}}</p>"""
STYLE = """.card { font: 1.15rem/1.45 Georgia, serif; max-width: 36em; margin: 0 auto; padding: 1em; }
.given { opacity: 0.75; font-size: 0.9em; margin-bottom: 0.6em; }
.right { font-weight: bold; }
li { margin: 0.4em 0; }
.credit { opacity: 0.6; font-size: 0.7em; margin-top: 2em; }"""


def lasting(name: str) -> int:
    """An id for a name: always the same, positive, of 31 bits."""
    return int(hashlib.sha256(f"hepatica/{name}".encode()).hexdigest()[:8], 16) >> 1 | 1 << 30


def write(folder: Path, items: Iterable[Item], titles: Mapping[str, str]) -> Path:
    """Write the deck to a file in the folder, and return its path."""
    model = genanki.Model(
        lasting("note"),
        "Hepatica question",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Question", "qfmt": FRONT, "afmt": BACK}],
        css=STYLE,
    )
    decks = [genanki.Deck(lasting("deck"), "Hepatica", CREDIT)]
    for notebook, group in groupby(items, key=lambda item: item.notebook):
        name = f"Hepatica::{titles[notebook].replace('::', ':')}"
        deck = genanki.Deck(lasting(f"deck/{notebook}"), name, CREDIT)
        for item in group:
            deck.add_note(_note(model, item))
        decks.append(deck)
    path = folder / FILE
    genanki.Package(decks).write_to_file(path)
    return path


def _note(model: genanki.Model, item: Item) -> genanki.Note:
    tags = [f"misconception::{item.misconception}"] if item.misconception.startswith("M") else []
    words = {"choice": _choice, "number": _number, "order": _order}[item.kind](item)
    fields = [item.key, item.given, item.question, *words, CREDIT]
    guid = genanki.guid_for("hepatica", item.key)
    return genanki.Note(model=model, fields=fields, tags=tags, guid=guid)


def _list(rows: Iterable[str], tag: str = "ul") -> str:
    return f"<{tag}>{''.join(f'<li>{row}</li>' for row in rows)}</{tag}>"


def _choice(item: Item) -> tuple[str, str, str]:
    """What is offered, the answer, and the reply to each option."""
    right = next(option for option in item.options if option.right)
    others = [f"<b>{one.text}</b> {one.why}" for one in item.options if not one.right]
    return (
        _list(option.text for option in item.options),
        right.text,
        f"<p>{right.why}</p>{_list(others)}",
    )


def _number(item: Item) -> tuple[str, str, str]:
    unit = escape(item.unit)
    within = f" (within {item.tolerance:.3g})" if item.tolerance else ""
    missed = [f"<b>{value:.4g}</b> {why}" for value, why in item.misses]
    replies = f"<p>{item.why}</p>{_list(missed) if missed else ''}"
    return f"<p><em>A number, {unit}.</em></p>", f"{item.answer:.4g} {unit}{within}", replies


def _order(item: Item) -> tuple[str, str, str]:
    ranked = sorted(zip(item.ranks, item.options, strict=True), key=lambda pair: pair[0])
    answer = f"From “{item.ends[0]}” to “{item.ends[1]}”:"
    rows = [f"<b>{option.text}</b> {option.why}" for _, option in ranked]
    return _list(option.text for option in item.options), answer, _list(rows, "ol")
