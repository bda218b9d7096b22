"""Glossary terms in the text: the first use in each section opens a note with the definition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag

from hepatica.site.facts import Note

APART = [
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "a",
    "abbr",
    "button",
    "code",
    "pre",
    "data",
    "figure",
    "label",
    "math",
    "script",
    "style",
    "summary",
    "svg",
    "table",
]
"""Elements whose words keep out of it: headings, links, code, numbers, cards, tables."""
DEFINED = ("strong", "b", "dfn")
"""Where a text sets a term like this, it explains the term itself."""
EVERYDAY = frozenset({"card", "claim", "ledger", "model", "parameter", "verdict"})
"""Words of the course that nearly every section uses: one note a page is enough."""
PART, SYNONYM = 10, 6
"""Letters from which half of a double term, or a second name in words, stands for the whole."""


class Terms:
    """The glossary as a pattern: every term, plural and abbreviation, longest first."""

    def __init__(self, ledger: Any) -> None:
        self.ledger = ledger
        self.rows = {row["key"]: row for row in ledger.table("glossary").to_dict("records")}
        self.key_of = {
            form: key for key, row in self.rows.items() for form in reversed([*forms(row)])
        }
        longest_first = sorted(self.key_of, key=len, reverse=True)
        named = "|".join(_pattern(form) for form in longest_first)
        self.pattern = re.compile(rf"(?<![\w-])(?:{named})(?![\w-])")
        self.plain = {_folded(form): key for form, key in self.key_of.items()}

    def mark(self, soup: BeautifulSoup) -> list[Note]:
        """Wrap the first use of each term in each section and return the notes that they open.

        A folded box counts as a section of its own: what it holds may never be seen.
        """
        used: dict[str, Note] = {}
        everyday: set[str] = set()
        seen: set[str] = set()
        for node in list(soup.contents):
            if isinstance(node, Tag) and node.name == "h2":
                seen = set()
            folded = isinstance(node, Tag) and node.name == "details"
            known = (set() if folded else seen) | everyday
            for key in self._mark_texts(node, known):
                used.setdefault(key, self.note(key))
            everyday |= known & EVERYDAY
            seen |= set() if folded else known
        return list(used.values())

    def note(self, key: str) -> Note:
        """The note of a term: its definition and who gives it."""
        row = self.rows[key]
        short = f" ({row['abbreviation']})" if row["abbreviation"] else ""
        source = self.ledger.reference(row["source"]).short
        name = row["term"][:1].upper() + row["term"][1:]
        text = f"{name}{short}: {row['definition']} Source: {source}."
        return Note(f"term-{key}", f"glossary/{key}", text)

    def _mark_texts(self, node: PageElement, seen: set[str]) -> list[str]:
        """Mark the texts under a node in reading order; the keys that got a note."""
        texts = [node] if isinstance(node, NavigableString) else list(_texts(node))
        return [key for text in texts for key in self._mark_text(text, seen)]

    def _mark_text(self, text: NavigableString, seen: set[str]) -> list[str]:
        explains = text.find_parent(DEFINED) is not None
        pieces, marked, end = [], [], 0
        for match in self.pattern.finditer(text):
            key = self.plain[_folded(match[0])]
            new = key not in seen
            seen.add(key)
            if new and not explains:
                pieces += [text[end : match.start()], _opener(match[0], key)]
                marked.append(key)
                end = match.end()
        if marked:
            text.replace_with(*(piece for piece in [*pieces, text[end:]] if piece))
        return marked


def forms(row: dict[str, Any]) -> Iterator[str]:
    """Every way in which a text may write a term: whole, halved, in the plural, abbreviated."""
    if " (of " in row["term"]:
        return  # without its bracket the word means other things too
    whole = re.sub(r"\s+\([^)]*\)", "", row["term"])
    halves = [half for half in re.split(r" (?:and|or) ", whole) if len(half) >= PART]
    names = [whole, *(halves if len(halves) > 1 or " or " in whole else [])]
    for short in str(row["abbreviation"]).split(" / "):
        capitals = sum(letter.isupper() for letter in short)
        if capitals >= 2 or len(short) >= SYNONYM:
            names.append(short)
    for name in names:
        yield name
        yield _plural(name)


def _plural(name: str) -> str:
    for ending, many in (("sis", "ses"), ("um", "a"), ("y", "ies"), ("s", "s"), ("ae", "ae")):
        if name.endswith(ending):
            return name.removesuffix(ending) + many
    return f"{name}s"


def _pattern(form: str) -> str:
    """A form as a pattern: any kind of space, its first letter in either case unless it is a
    short name."""
    words = r"[\s\u00a0\u202f]".join(re.escape(word) for word in form.split())
    if not form[1:2].islower() or not form[0].isalpha():
        return words
    return f"[{form[0].upper()}{form[0].lower()}]{words[1:]}"


def _folded(words: str) -> str:
    """What a form and its printed words have in common."""
    return " ".join((words[:1].lower() + words[1:]).split())


def _texts(node: Tag) -> Iterator[NavigableString]:
    """The texts under a node that are prose."""
    if node.name in APART or "equation" in node.get("class", []):
        return
    for child in list(node.children):
        if isinstance(child, Tag):
            yield from _texts(child)
        elif type(child) is NavigableString:
            yield child


def _opener(words: str, key: str) -> Tag:
    tag = BeautifulSoup("", "html.parser").new_tag("span")
    tag.string = words
    tag["class"], tag["role"], tag["tabindex"] = "term", "button", "0"
    tag["aria-expanded"], tag["aria-describedby"] = "false", f"term-{key}"
    return tag
