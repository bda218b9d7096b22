"""How long a notebook takes, section by section, by one rule.

Words at 200 a minute: prose, tables, and what a card or question says in print, its options
included. Then a minute for each displayed equation, three for each card and one more for its
prediction, 45 seconds for each question. Notes for teachers, folds (cells tagged "aside") and code
do not count. An estimate: nobody has timed readers yet.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hepatica.ledger import DATA, table

CARD = "application/vnd.hepatica.card+json"
WORDS_PER_MINUTE = 200
EQUATION, CARD_MINUTES, PREDICTION, ITEM = 1.0, 3.0, 1.0, 0.75
STEP = 5
"""The printed minutes are rounded to this."""
UNCOUNTED = {"teacher", "no-site", "aside"}
"""Tags of cells that a student need not read."""
TEXT_APART = re.compile(
    r"^(```|~~~).*?^\1|\$\$.*?\$\$|(?<=\])\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)|<[^>]*>",
    re.DOTALL | re.MULTILINE,
)
"""What a reader of a markdown text does not read: code, displayed equations, addresses, tags."""
INLINE = re.compile(r"\$[^$\n]+\$")
WORD = re.compile(r"\w[\w'’.,-]*")
SECTION = re.compile(r"^## (?=\S)", re.MULTILINE)
SESSION = "JPY_SESSION_NAME"
"""Where Jupyter's server tells a kernel which notebook it serves."""


class Section(NamedTuple):
    """A section of a notebook: its heading ("" before the first one), its minutes, its cards."""

    heading: str
    minutes: float
    cards: tuple[str, ...] = ()


def sections(notebook: Mapping[str, Any]) -> list[Section]:
    """The sections that a student reads, each with its minutes and the ids of its cards."""
    found = [Section("", 0.0)]
    for cell in notebook["cells"]:
        if UNCOUNTED & set(cell["metadata"].get("tags", [])):
            continue
        if cell["cell_type"] != "markdown":
            found[-1] = _with_outputs(found[-1], cell)
            continue
        first, *others = SECTION.split("".join(cell["source"]))
        found[-1] = found[-1]._replace(minutes=found[-1].minutes + _text_minutes(first))
        found += [Section(text.partition("\n")[0].strip(), _text_minutes(text)) for text in others]
    return found


def minutes(notebook: Mapping[str, Any]) -> float:
    """The minutes of the whole notebook."""
    return sum(section.minutes for section in sections(notebook))


def printed(notebook: Mapping[str, Any]) -> int:
    """The minutes as a reader is told: to the next five, five at least."""
    return max(STEP, STEP * round(minutes(notebook) / STEP))


def words(text: str) -> int:
    """How many words of a markdown text or of HTML are read; a formula in the line is one."""
    return len(WORD.findall(INLINE.sub(" x ", TEXT_APART.sub(" ", text))))


def output_minutes(data: Mapping[str, Any]) -> float:
    """The minutes of one output, by its mime bundle."""
    return sum(_pieces(data))


def outputs_of(cell: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The mime bundles of a cell's outputs."""
    return [output.get("data", {}) for output in cell.get("outputs", [])]


def _with_outputs(section: Section, cell: Mapping[str, Any]) -> Section:
    """A section with what a code cell adds to it."""
    shown = outputs_of(cell)
    more = section.minutes + sum(map(output_minutes, shown))
    own = tuple(data[CARD].get("id", "") for data in shown if CARD in data)
    return section._replace(minutes=more, cards=section.cards + own)


def _text_minutes(source: str) -> float:
    equations = len(re.findall(r"\$\$.*?\$\$", source, re.DOTALL))
    return words(source) / WORDS_PER_MINUTE + equations * EQUATION


def _pieces(data: Mapping[str, Any]) -> Iterator[float]:
    """The minutes of an output, piece by piece."""
    yield words("".join(data.get("text/html", ""))) / WORDS_PER_MINUTE
    if CARD in data:
        items = data[CARD].get("items", [])
        yield len(items) * ITEM if items else CARD_MINUTES
        yield PREDICTION if data[CARD].get("predict") else 0
    elif "text/latex" in data:
        yield EQUATION


# ------------------------------------------------------------------- the notebook that is being read


def stored(name: str, root: Path = DATA.parent) -> dict[str, Any]:
    """A notebook of the course by its file's name, as it is stored."""
    return json.loads((root / "notebooks" / name).read_text(encoding="utf-8"))


def open_notebook() -> str:
    """The file name of the course's notebook that this kernel serves, or "" for anything else."""
    name = Path(os.environ.get(SESSION, "").replace("\\", "/")).name
    rows = table("notebooks")
    return name if name in set(rows["key"] + "_" + rows["slug"] + ".ipynb") else ""


def answer(name: str) -> dict[str, Any]:
    """What the front end asks about a notebook: its number ("" when there is no such notebook),
    its sections with heading, minutes and cards; what stands before the first one is none."""
    if not name:
        return {"number": "", "sections": []}
    found = sections(stored(name))[1:]
    return {"number": name[:2], "sections": [section._asdict() for section in found]}
