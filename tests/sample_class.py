"""Thirty invented students whose truth is known, and files that are not what they should be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hepatica.cards.kinds.quiz.stored import cards_in
from tools.classroom.findings import AFTER, BEFORE
from tools.export.bank import Item

STUDENTS = 30
GAIN = 3.0
"""True mean gain, in right answers of ten."""
HELD, HARD, EASY, UPSIDE_DOWN = (
    "M12",
    "quiz-02-check/b171e3",
    "quiz-06-check/4a7c55",
    "quiz-07-check/557c08",
)
"""The idea that the class holds, and the questions that are too hard, too easy, and answered better
by those who know less."""
GUESSES = {"who-turns-back": 80.0, "read-twice": 5.0}
"""Where the class's guesses of a share centre."""


def chance(item: Item, ability: float) -> float:
    """How probably a student is right at once."""
    if item.key in (HARD, EASY):
        return 0.05 if item.key == HARD else 0.99
    if item.key == UPSIDE_DOWN:
        return 0.8 if ability < 0 else 0.2
    middle = 0.25 if item.misconception == HELD else 0.65
    return float(np.clip(middle + 0.18 * ability, 0.02, 0.98))


def students(items: Sequence[Item], root: Path, seed: int = 17) -> list[dict]:
    """The files of the class, as engine/handin.js makes them."""
    dice = np.random.default_rng(seed)
    return [student(n, items, root, dice) for n in range(STUDENTS)]


def student(n: int, items: Sequence[Item], root: Path, dice: np.random.Generator) -> dict:
    """One file; a student gains as much as all others on average."""
    ability, answers = float(dice.normal()), {}
    for item in (each for each in items if each.kind != "order"):
        right = dice.random() < chance(item, ability)
        if item.key.startswith(AFTER):
            end, after = item.key.removeprefix(AFTER), np.clip(0.7 + 0.1 * ability, 0.4, 1)
            right = dice.random() < after
            early = dice.random() < after - GAIN / 10
            answers[BEFORE + end] = answer(item, bool(early))
        answers[item.key] = answer(item, bool(right))
    predictions = {
        card: {"kind": "share", "given": float(np.clip(round(dice.normal(at, 6)), 0, 100))}
        for card, at in GUESSES.items()
    }
    predictions["first-card"] = {
        "kind": "draw",
        "given": [2, *(round(float(y), 2) for y in dice.uniform(5, 30, 4))],
        "model": [2, 11, 19, 9, 5],
    }
    whole = {"hepatica_class": 1, "pseudonym": f"Leaf {n + 1:02d}", "made": "2026-03-01"}
    return {**whole, "answers": answers, "predictions": predictions}


def answer(item: Item, right: bool) -> dict:
    """An answer that is right or is not."""
    if item.kind == "number":
        return {
            "given": item.answer if right else item.answer + 10 * item.tolerance + 1,
            "right": right,
        }
    places = [n for n, option in enumerate(item.options) if option.right is right]
    return {"given": places[0], "right": right}


def write(folder: Path, files: Sequence[dict]) -> None:
    """One file a student."""
    folder.mkdir(parents=True, exist_ok=True)
    for n, file in enumerate(files):
        text = json.dumps(file, indent=1)
        (folder / f"hepatica-class-{n:02d}.json").write_text(text, encoding="utf-8")


def spoil(folder: Path, files: Sequence[dict]) -> dict[str, str]:
    """Add every kind of bad file; by name, what its sentence must say."""
    first = json.dumps(files[0])
    torn = {**files[1], "pseudonym": "Torn", "answers": dict(files[1]["answers"])}
    torn["answers"]["quiz-00-check/0f4008"] = {"given": "<script>", "right": 1}
    spoilt = {
        "copy of leaf.json": (first, "both say the same"),
        "again.json": (json.dumps({**files[2], "made": "2026-03-09"}), "again.json counts"),
        "broken.json": (first[: len(first) // 2], "broken off"),
        "empty.json": ("", "empty"),
        "essay.docx": ("PK\x03\x04 an essay", "not a file of this course"),
        "list.json": ("[1, 2]", "not a file of this course"),
        "deep.json": ("[" * 100_000, "not a file of this course"),
        "later.json": (json.dumps({**files[3], "hepatica_class": 2}), "another version"),
        "nameless.json": (json.dumps({**files[4], "pseudonym": "  "}), "no pseudonym"),
        "record.json": ('{"version": 1, "answers": {}}', "a whole record"),
        "torn.json": (json.dumps(torn), "1 entry was left out"),
        "huge.json": (" " * 2_100_000, "far too large"),
    }
    for name, (text, _) in spoilt.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "photos").mkdir()
    (folder / "binary.json").write_bytes(bytes(range(256)))
    (folder / ".DS_Store").write_bytes(b"\0")
    more = {"photos": "a folder", "binary.json": "not a file of this course"}
    return {name: said for name, (_, said) in spoilt.items()} | more


def card_ids(root: Path) -> list[str]:
    """The ids of all cards of the notebooks."""
    files = sorted((root / "notebooks").glob("*.ipynb"))
    return [c["id"] for f in files for c in cards_in(f)]
