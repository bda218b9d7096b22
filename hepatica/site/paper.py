"""A notebook on paper: its cards with their questions, numbered through; what a student gets before
the answer, what a teacher has after it, an answer sheet and a key with reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bs4 import BeautifulSoup, Tag

from hepatica import ledger
from hepatica.site.dom import Article, article, visible_text
from hepatica.site.facts import Facts
from hepatica.site.lesson import Lesson
from hepatica.site.links import SiteMap
from hepatica.site.slides import SHOWN, plain, slides_of

NAMES = {
    "handout": "Handout",
    "teacher": "Teacher’s handout",
    "answers": "Answer sheet",
    "key": "Key",
    "exercise": "Exercise sheet",
}
"""The sheets of a notebook."""
LETTERS = "ABCDEFGHIJKLMNOP"
ASKING = ("quiz", "decision")
"""Kinds that are their questions: nothing to draw."""
WRITTEN = ("letter", "assembled")
"""Kinds in which a reader writes."""
ON_SCREEN = ("welcome", "review", "claims", "change", "ghosts")
"""Kinds that collect what was answered on a screen."""
LEFT_OUT = ("where the numbers come from", "key points", "what this model cannot tell you")
"""Sections that belong after the answers."""
WORDS = ("p", "ul", "ol", "blockquote")


@dataclass(frozen=True)
class Question:
    """One question: `answer` and `why` in HTML, for the key and the teacher."""

    number: int
    asked: str
    way: str
    options: list[dict[str, Any]] = field(default_factory=list)
    answer: str = ""
    why: str = ""

    @property
    def lettered(self) -> list[tuple[str, dict[str, Any]]]:
        """The options in the order in which the page shows them."""
        return list(zip(LETTERS, self.options, strict=False))

    @property
    def letter(self) -> str:
        """Of the right option; "" where nothing is to be chosen."""
        return next((letter for letter, each in self.lettered if each.get("right")), "")


@dataclass(frozen=True)
class Block:
    """What stays together on paper: a section's opening, or a card with its questions."""

    heading: str = ""
    above: str = ""
    words: str = ""
    card: str = ""
    kind: str = ""
    asked: str = ""
    finding: str = ""
    figure: str = ""
    commit: str = ""
    drawn: bool = False
    questions: list[Question] = field(default_factory=list)


def blocks_of(soup: BeautifulSoup) -> list[Block]:
    """The blocks of a notebook's article, in its order, questions numbered from 1."""
    blocks: list[Block] = []
    number = 1
    for slide in slides_of(soup):
        left = slide.title.casefold() in LEFT_OUT
        if slide.first and not left:
            said = plain("".join(_openings(slide)))
            blocks.append(Block(heading=slide.title, words=said))
        for figure in () if left else _figures(slide.html):
            block = card_block(figure, number)
            number += len(block.questions)
            if block.kind in WRITTEN and blocks and blocks[-1].heading:
                block = replace(block, above=blocks.pop().heading)
            if block.kind not in ON_SCREEN:
                blocks.append(block)
    return [
        each
        for each, after in zip(blocks, [*blocks[1:], Block(heading="–")], strict=True)
        if each.card or each.words or not after.heading
    ]


def questions_of(blocks: list[Block]) -> list[Question]:
    """All questions of some blocks."""
    return [question for block in blocks for question in block.questions]


def _openings(slide: Any) -> list[str]:
    """What a section says before its first card."""
    parts = [] if slide.card else slide.parts
    return [part for part in parts if part.startswith(tuple(f"<{name}" for name in WORDS))]


def _figures(html: str) -> list[Tag]:
    soup = BeautifulSoup(html, "html.parser")
    return [each for each in soup.select(SHOWN) if each.css.match("figure.hepatica-card")]


def card_block(figure: Tag, number: int) -> Block:
    """A card as a block; its questions are numbered from `number`."""
    spec = json.loads(figure.find("script").string)
    kind, said = spec["kind"], _sentence(figure)
    questions = [
        question
        for n, question in enumerate(_questions(spec, said), number)
        for question in [Question(n, **question)]
    ]
    asking = kind in ASKING or kind in WRITTEN or kind in ON_SCREEN
    return Block(
        card=spec["id"],
        kind=kind,
        asked=spec["question"] or spec["title"],
        finding=spec["title"],
        figure="" if asking else str(figure),
        commit=json.dumps(_commit(spec.get("predict"))),
        drawn=(spec.get("predict") or {}).get("way") == "draw",
        questions=[] if kind in ON_SCREEN else questions,
    )


def _sentence(figure: Tag) -> str:
    """What the card says at its start values, from its static form."""
    told = figure.select("details p")
    lines = [visible_text(each) for each in told if each.find("em")]
    return next((line.partition(":")[2].strip() for line in lines if "start values" in line), "")


def _questions(spec: dict[str, Any], said: str) -> Iterator[dict[str, Any]]:
    """What a card asks, in the words of `Question`."""
    if step := spec.get("predict"):
        yield STEPS[step["way"]](step, said)
    if spec["kind"] in ASKING:
        for item in spec["items"]:
            yield _item(item)


def _chosen(step: dict[str, Any], _said: str = "") -> dict[str, Any]:
    right = next(each for each in step["options"] if each["right"])
    return {
        "asked": step["question"],
        "way": "choose",
        "options": step["options"],
        "answer": right["text"],
        "why": right["why"],
    }


def _share(step: dict[str, Any], said: str) -> dict[str, Any]:
    answer = f"{step['answer']:.0f} {step['of']}"
    return {
        "asked": step["question"],
        "way": "share",
        "answer": answer,
        "why": said,
        "options": [{"text": step["of"]}],
    }


def _order(step: dict[str, Any], said: str) -> dict[str, Any]:
    ranked = sorted(range(len(step["items"])), key=lambda place: step["items"][place]["rank"])
    first, last = step["ends"]
    answer = " – ".join(LETTERS[place] for place in ranked)
    return {
        "asked": f"{step['question']} <em>({first} … {last})</em>",
        "way": "order",
        "options": step["items"],
        "answer": f"{answer} ({first} … {last})",
        "why": said,
    }


def _drawn(step: dict[str, Any], said: str) -> dict[str, Any]:
    return {
        "asked": step["question"],
        "way": "draw",
        "why": said,
        "answer": "The curve stands in the teacher’s handout.",
    }


STEPS = {"choose": _chosen, "share": _share, "order": _order, "draw": _drawn}


def _item(item: dict[str, Any]) -> dict[str, Any]:
    """An item of a quiz; a scene goes before its question."""
    asked = " ".join(filter(None, [item.get("scene"), item["question"]]))
    if item["type"] == "choice":
        return _chosen({**item, "question": asked})
    answer = float(f"{item['answer']:.3g}")
    return {
        "asked": asked,
        "way": "number",
        "answer": f"{ledger.plain(answer)} {item['unit']}",
        "why": item["why"],
        "options": [{"text": item["unit"]}],
    }


def _commit(step: dict[str, Any] | None) -> Any:
    """The right answer as the card takes it; None where nothing is asked."""
    if not step:
        return None
    if step["way"] == "choose":
        return next(n for n, each in enumerate(step["options"]) if each["right"])
    if step["way"] == "share":
        return round(step["answer"])
    if step["way"] == "order":
        return sorted(range(len(step["items"])), key=lambda place: step["items"][place]["rank"])
    return {}


def name_of(number: str, sheet: str) -> str:
    """The page of a sheet on the site."""
    return f"paper/{number}-{sheet}.html"


def sheets(
    lesson: Lesson, course: Any, links: SiteMap, ledger: Any
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each sheet of a lesson with what its template is given."""
    page = name_of(lesson.number, "handout")
    body = article(lesson.student_html(), lesson.source, page, links, ledger)
    blocks = blocks_of(body.soup)
    drawn = BeautifulSoup("".join(block.figure for block in blocks), "html.parser")
    common = {"title": lesson.title, "lesson": lesson, "names": NAMES, "blocks": blocks}
    common["written"] = WRITTEN
    common["questions"] = questions_of(blocks)
    cards = Article([], Facts(ledger), drawn)
    common |= {"lead": plain(body.lead), "points": _key_points(body.soup)}
    for sheet in ("handout", "teacher"):
        yield sheet, {**common, "sheet": sheet, "article": cards}
    for sheet in ("answers", "key"):
        yield sheet, {**common, "sheet": sheet}
    if exercise := course.exercise(lesson.number):
        task = article(exercise.student_html(), exercise.source, page, links, ledger)
        parts = list(exercise_parts(without_solutions(task.soup)))
        yield "exercise", {**common, "sheet": "exercise", "parts": parts}


def _key_points(soup: BeautifulSoup) -> str:
    """What the notebook says under its key points, without tables."""
    head = next((h for h in soup.find_all("h2") if visible_text(h) == "Key points"), None)
    after = head.find_next_siblings() if head else []
    words = []
    for node in after:
        if node.name == "h2":
            break
        if node.name in ("ul", "ol"):
            words.append(str(node))
    return plain("".join(words))


def exercise_parts(html: str) -> Iterator[str | Block]:
    """An exercise in its order: HTML, and each card as a block, questions numbered from 1."""
    number = 1
    for node in BeautifulSoup(html, "html.parser").contents:
        figures = _figures(str(node)) if isinstance(node, Tag) else []
        if not figures:
            yield str(node)
        for figure in figures:
            block = card_block(figure, number)
            number += len(block.questions)
            yield block


def without_solutions(task: BeautifulSoup) -> str:
    """An exercise's article for paper: no hints, no worked solutions, no checks, no given code
    beyond what the tasks name, nothing that follows a solution."""
    soup = BeautifulSoup(str(task), "html.parser")
    for fold in soup.select("details:not(.code)"):
        if fold.decomposed:  # it followed a solution
            continue
        after = fold.find_next_siblings()
        if "solution" in visible_text(fold.summary).casefold():
            for node in after:
                if node.name in ("h2", "h3"):
                    break
                node.decompose()
        fold.decompose()
    for gone in soup.select("details.code, .coding script, .coding-there, .note"):
        gone.decompose()
    return str(soup)
