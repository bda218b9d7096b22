"""The index of the search field: headings, terms, claims and questions, in one script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bs4 import BeautifulSoup

from hepatica.site.dom import visible_text
from hepatica.site.lesson import Lesson
from hepatica.site.outputs import cards_of, script_json
from hepatica.site.tables import Row

KINDS = ("heading", "term", "claim", "question", "row")
"""In the order of the results; an entry names its kind by its place here."""
MATHS = re.compile(r"\$+([^$]*)\$+")


class Entry(NamedTuple):
    """One thing to be found: its kind, its page and place there, its words, and where it stands or
    what it means."""

    kind: int
    page: str
    anchor: str
    text: str
    more: str


@dataclass
class Index:
    """What the search knows, collected while the pages are made."""

    entries: list[Entry] = field(default_factory=list)

    def add_page(self, page: str, lesson: Lesson, where: str, soup: BeautifulSoup) -> None:
        """Take up a page: its title, its headings, and its questions without their answers."""
        self._add("heading", page, "", lesson.heading, where)
        for heading in soup.find_all(["h2", "h3"], id=True):
            if not heading.find_parent("figure"):
                self._add("heading", page, heading["id"], visible_text(heading), where)
        for cell in lesson.notebook.cells:
            for card in cards_of(cell):
                for item in card.get("items", []) if card.get("kind") == "quiz" else []:
                    self._add("question", page, card["id"], _words(item["question"]), where)

    def add_terms(self, ledger: Any) -> None:
        """Take up the glossary."""
        for row in ledger.table("glossary").to_dict("records"):
            short = f" ({row['abbreviation']})" if row["abbreviation"] else ""
            text = f"{row['term'][:1].upper()}{row['term'][1:]}{short}"
            self._add("term", "glossary.html", row["key"], text, row["definition"])

    def add_claims(self, ledger: Any, lessons: list[Lesson]) -> None:
        """Take up the claims, each where it is taught last, with the board of notebook 13 apart."""
        pages = {lesson.number: lesson for lesson in lessons}
        anchors = {(entry.page, entry.anchor) for entry in self.entries}
        for row in ledger.table("claims").to_dict("records"):
            taught = [pages[n] for n in str(row["taught_in"]).split(";") if n in pages]
            if taught:
                page, where = f"{taught[-1].name}.html", f"Claim, notebook {taught[-1].number}"
                anchor = "Key-points" if (page, "Key-points") in anchors else ""
                self._add("claim", page, anchor, f"{row['key']} {row['claim']}", where)

    def add_rows(self, page: str, table: str, rows: Sequence[Row]) -> None:
        """Take up the rows of a table: each name once, where it stands first."""
        counts = Counter(row.title for row in rows)
        for row in {row.title: row for row in reversed(rows)}.values():
            more = row.amount if counts[row.title] == 1 else f"{counts[row.title]} rows"
            self._add("row", page, row.key, row.title, f"{table}. {more}".removesuffix(". "))

    def script(self) -> str:
        """The index as a script, which a page loads when its search field is used."""
        pages = sorted({entry.page for entry in self.entries})
        rows = [[e.kind, pages.index(e.page), e.anchor, e.text, e.more] for e in self.entries]
        return f"globalThis.hepaticaIndex = {script_json({'pages': pages, 'entries': rows})};\n"

    def _add(self, kind: str, page: str, anchor: str, text: str, more: str) -> None:
        self.entries.append(Entry(KINDS.index(kind), page, anchor, text, more))


def _words(html: str) -> str:
    """A question as plain words."""
    return visible_text(BeautifulSoup(MATHS.sub(r"\1", html), "html.parser"))
