"""How long a notebook takes, by one rule, and where it may be laid aside.

Words at 200 a minute: prose, tables, and what a card or question says in print, its options
included. Then a minute for each displayed equation, three for each card and one more for its
prediction, 45 seconds for each question. Notes for teachers and code do not count. An estimate:
nobody has timed readers yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode

from hepatica.site.errors import SiteError
from hepatica.site.outputs import CARD

WORDS_PER_MINUTE = 200
EQUATION, CARD_MINUTES, PREDICTION, ITEM = 1.0, 3.0, 1.0, 0.75
STEP = 5
"""The printed minutes are rounded to this."""
SITTING, SHORTEST, LEFT = 15.0, 10.0, 5.0
"""Minutes of a sitting: what it aims at, the least before a stop, the least after the last one."""
TEXT_APART = re.compile(
    r"^(```|~~~).*?^\1|\$\$.*?\$\$|(?<=\])\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)|<[^>]*>",
    re.DOTALL | re.MULTILINE,
)
"""What a reader of a markdown text does not read: code, displayed equations, addresses, tags."""
INLINE = re.compile(r"\$[^$\n]+\$")
WORD = re.compile(r"\w[\w'’.,-]*")
SECTION = re.compile(r"^## (?=\S)", re.MULTILINE)


class Section(NamedTuple):
    """A section of a notebook: its heading ("" before the first one) and its minutes."""

    heading: str
    minutes: float


def sections(notebook: NotebookNode) -> list[Section]:
    """The sections that a student reads, each with its minutes."""
    found = [Section("", 0.0)]
    for cell in notebook.cells:
        if {"teacher", "no-site"} & set(cell.metadata.get("tags", [])):
            continue
        if cell.cell_type != "markdown":
            found[-1] = found[-1]._replace(minutes=found[-1].minutes + _output_minutes(cell))
            continue
        first, *others = SECTION.split(cell.source)
        found[-1] = found[-1]._replace(minutes=found[-1].minutes + _text_minutes(first))
        found += [Section(text.partition("\n")[0].strip(), _text_minutes(text)) for text in others]
    return found


def minutes(notebook: NotebookNode) -> float:
    """The minutes of the whole notebook."""
    return sum(section.minutes for section in sections(notebook))


def printed(notebook: NotebookNode) -> int:
    """The minutes as a reader is told: to the next five, five at least."""
    return max(STEP, STEP * round(minutes(notebook) / STEP))


def stops(found: list[Section]) -> dict[int, int]:
    """Before which sections one may stop, and for how many minutes one has read by then.

    A stop is made where the sitting comes nearer to a quarter of an hour than with the next section.
    """
    places: dict[int, int] = {}
    since = 0.0
    for place, section in enumerate(found):
        left = sum(each.minutes for each in found[place:])
        nearer = abs(since - SITTING) <= abs(since + section.minutes - SITTING)
        if nearer and since >= SHORTEST and left >= LEFT:
            places[place] = round(since)
            since = 0.0
        since += section.minutes
    return places


def mark(soup: BeautifulSoup, found: list[Section]) -> None:
    """Write each section's minutes on its heading and put a small mark where one may stop.

    Raises SiteError when the page has other sections than the notebook.
    """
    headings = soup.find_all("h2", recursive=False)
    if len(headings) != len(found) - 1:
        raise SiteError(
            f"{soup.get_text().strip()[:40]!r}: {len(headings)} sections on the page, "
            f"{len(found) - 1} in the notebook. Write each heading of a section as “## …”."
        )
    places = stops(found)
    for place, (heading, section) in enumerate(zip(headings, found[1:], strict=True), start=1):
        heading["data-minutes"] = f"{section.minutes:.1f}"
        if place in places:
            heading.insert_before(_stop(soup, places[place]))


def _stop(soup: BeautifulSoup, since: int) -> Tag:
    tag = soup.new_tag("p", attrs={"class": "stop"})
    tag.string = f"≈ {since} min: a good place to stop"
    return tag


def words(text: str) -> int:
    """How many words of a markdown text or of HTML are read; a formula in the line is one."""
    return len(WORD.findall(INLINE.sub(" x ", TEXT_APART.sub(" ", text))))


def _text_minutes(source: str) -> float:
    equations = len(re.findall(r"\$\$.*?\$\$", source, re.DOTALL))
    return words(source) / WORDS_PER_MINUTE + equations * EQUATION


def _output_minutes(cell: NotebookNode) -> float:
    return sum(sum(_pieces(output.get("data", {}))) for output in cell.get("outputs", []))


def _pieces(data: dict) -> Iterator[float]:
    """The minutes of an output, piece by piece."""
    yield words("".join(data.get("text/html", ""))) / WORDS_PER_MINUTE
    if CARD in data:
        items = data[CARD].get("items", [])
        yield len(items) * ITEM if items else CARD_MINUTES
        yield PREDICTION if data[CARD].get("predict") else 0
    elif "text/latex" in data:
        yield EQUATION
