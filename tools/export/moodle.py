"""Moodle XML: a category per notebook, the course's reply to each option, numbers with tolerance.

Options keep the order of the page. A question of order is one of matching, which every Moodle has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from hepatica.cards.kinds.quiz.stored import without_tags
from tools.export.bank import CREDIT, Item

FILE = "hepatica-moodle.xml"
NAME_LENGTH = 80  # characters; the name only serves the teacher who looks for a question


def write(folder: Path, items: Iterable[Item], titles: Mapping[str, str]) -> Path:
    """Write the bank to a file in the folder, and return its path."""
    quiz = ET.Element("quiz")
    for notebook, group in groupby(items, key=lambda item: item.notebook):
        quiz.append(_category(titles[notebook]))
        quiz.extend(_question(item) for item in group)
    ET.indent(quiz, space=" ")
    path = folder / FILE
    ET.ElementTree(quiz).write(path, encoding="utf-8", xml_declaration=True)
    return path


def _text(parent: ET.Element, tag: str, words: str, **attributes: str) -> ET.Element:
    """A child with a <text>; HTML where `format` says so."""
    child = ET.SubElement(parent, tag, attributes)
    ET.SubElement(child, "text").text = words
    return child


def _html(parent: ET.Element, tag: str, words: str, **attributes: str) -> ET.Element:
    return _text(parent, tag, words, format="html", **attributes)


def _category(title: str) -> ET.Element:
    question = ET.Element("question", type="category")
    path = title.replace("/", "//")  # a single one would open a category below
    _text(question, "category", f"$course$/top/Hepatica/{path}")
    _html(question, "info", CREDIT)
    return question


def _question(item: Item) -> ET.Element:
    make = {"choice": _choice, "number": _number, "order": _order}[item.kind]
    kind = {"choice": "multichoice", "number": "numerical", "order": "matching"}[item.kind]
    question = ET.Element("question", type=kind)
    _text(question, "name", f"{item.quiz}: {without_tags(item.question)}"[:NAME_LENGTH])
    given = f"<p>{item.given}</p>" if item.given else ""
    unit = f" <em>({item.unit})</em>" if item.unit else ""
    _html(question, "questiontext", f"{given}<p>{item.question}{unit}</p>")
    _html(question, "generalfeedback", "")
    fixed = {"defaultgrade": "1", "penalty": "0", "hidden": "0", "idnumber": item.key}
    for tag, words in fixed.items():
        ET.SubElement(question, tag).text = words
    make(question, item)
    if item.misconception.startswith("M"):
        _text(ET.SubElement(question, "tags"), "tag", item.misconception)
    return question


def _choice(question: ET.Element, item: Item) -> None:
    for tag, words in (
        ("single", "true"),
        ("shuffleanswers", "false"),
        ("answernumbering", "none"),
    ):
        ET.SubElement(question, tag).text = words
    for option in item.options:
        answer = _html(question, "answer", option.text, fraction="100" if option.right else "0")
        _html(answer, "feedback", option.why)


def _number(question: ET.Element, item: Item) -> None:
    for value, fraction, why in [(item.answer, "100", item.why), *_missed(item)]:
        answer = _text(question, "answer", f"{value:.10g}", fraction=fraction)
        _html(answer, "feedback", why)
        ET.SubElement(answer, "tolerance").text = f"{item.tolerance:.10g}"
    if item.hint:
        _html(question, "hint", item.hint)


def _missed(item: Item) -> list[tuple[float, str, str]]:
    return [(value, "0", why) for value, why in item.misses]


def _order(question: ET.Element, item: Item) -> None:
    ET.SubElement(question, "shuffleanswers").text = "false"
    for option, rank in zip(item.options, item.ranks, strict=True):
        pair = _html(question, "subquestion", option.text)
        _text(pair, "answer", place(item, rank))


def place(item: Item, rank: int) -> str:
    """A place in the order in words; the first and the last say which end they are."""
    last = len(item.ranks) - 1
    ends = {0: f": {item.ends[0]}", last: f": {item.ends[1]}"}
    return f"{rank + 1}{ends.get(rank, '')}"
