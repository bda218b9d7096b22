"""QTI packages for Canvas through text2qti: one quiz per notebook.

Questions of order have no counterpart there and are left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from tools.export.bank import Item

FOLDER = "canvas"
SIGNS = re.compile(r"([\\`*_\[\]$#~^])")
TAGS = re.compile(r"(<[^>]+>)")


def takes(item: Item) -> bool:
    """Whether Canvas has this kind of question."""
    return item.kind != "order"


def write(folder: Path, items: Iterable[Item], titles: Mapping[str, str]) -> list[Path]:
    """Write a package per notebook below the folder, and return their paths."""
    home, paths = folder / FOLDER, []
    home.mkdir(exist_ok=True)
    for notebook, group in groupby(filter(takes, items), key=lambda item: item.notebook):
        path = home / f"hepatica-{notebook}.zip"
        text = f"Quiz title: {titles[notebook]}\nshuffle answers: false\n\n"
        text += "\n".join(_question(n, item) for n, item in enumerate(group, 1))
        QTI(Quiz(text, config=Config(), source_name=path.name)).save(path)
        paths.append(path)
    return paths


def marked(markup: str) -> str:
    """An item's HTML as text2qti's Markdown: tags stay, every other sign stands for itself."""
    parts = TAGS.split(markup)
    words = [SIGNS.sub(r"\\\1", html.unescape(part)) for part in parts[::2]]
    return "".join(word + tag for word, tag in zip(words, [*parts[1::2], ""], strict=True))


def _question(number: int, item: Item) -> str:
    given = f"{marked(item.given)} — " if item.given else ""
    unit = f" <em>({item.unit})</em>" if item.unit else ""
    lines = [f"{number}. {given}{marked(item.question)}{unit}"]
    if item.kind == "number":
        lines += [f"... {marked(item.why)}", f"=   {item.answer:.10g} +- {item.tolerance:.10g}"]
    for n, option in enumerate(item.options):
        star = "*" if option.right else ""
        lines += [f"{star}{chr(ord('a') + n)}) {marked(option.text)}", f"... {marked(option.why)}"]
    return "\n".join(lines) + "\n"
