"""What teachers' pages tell: plans, objectives and class activities, tied to the cards, quiz items
and exercises of the notebooks. The tables are data/plans*.csv, objectives.csv and activities.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from hepatica.cards.kinds.quiz.stored import without_tags
from hepatica.cards.parts.minutes import CARD, outputs_of
from hepatica.ledger.teaching import LEVELS, WAYS
from hepatica.site.lesson import Lesson

HOME = "home"
OFF = "no-site"
"""The tag of a cell that a page leaves out."""
QUIZ = re.compile(r"quiz-\d\d-(.+)")


class TeachError(ValueError):
    """A plan, objective or activity names what no notebook has; says which."""


class Use(NamedTuple):
    """Something of a notebook that a teacher's page names: its label, its address as seen from the
    folder teacher/, what a quiz item asks, and its slide, where it has one."""

    label: str
    href: str
    asks: str = ""
    slide: str = ""


@dataclass(frozen=True)
class Shelf:
    """The cards and tasks of one notebook and its exercise, by their ids."""

    lesson: Lesson
    exercise: Lesson | None = None
    cards: dict[str, dict] = field(default_factory=dict)
    extra: dict[str, dict] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()

    @cached_property
    def page(self) -> str:
        """The students' page."""
        return f"../{self.lesson.name}.html"

    @cached_property
    def practice(self) -> str:
        """The page of the exercise."""
        return f"../exercises/{self.lesson.number}.html"

    def use(self, name: str) -> Use:
        """What an id of this notebook stands for: a card, "quiz/3" for the third item of a quiz, a
        card or a task of its exercise. Raises TeachError for anything else."""
        card, _, place = name.partition("/")
        spec = self.cards.get(card) or self.extra.get(card)
        page = self.page if card in self.cards else self.practice
        slide = f"../slides/{self.lesson.number}.html#{card}" if card in self.cards else ""
        items = (spec or {}).get("items", [])
        if spec and not place:
            return Use(_label(card, spec), f"{page}#{card}", slide=slide)
        if spec and place.isdigit() and 1 <= int(place) <= len(items):
            asked = items[int(place) - 1].get("question", "")
            return Use(
                f"{_label(card, spec)} {place}", f"{page}#{card}", without_tags(asked), slide
            )
        if name in self.tasks:
            return Use(f"Task in Python: {name.replace('-', ' ')}", self.practice)
        raise TeachError(
            f"Notebook {self.lesson.number} has no card, quiz item or task {name!r}. "
            "Correct it in data/objectives.csv, plans_steps.csv or activities.csv."
        )


def shelf_of(lesson: Lesson, exercise: Lesson | None) -> Shelf:
    """The cards and tasks of a notebook and its exercise."""
    own = specs(lesson.notebook)
    more = specs(exercise.notebook) if exercise else {}
    extra = {name: spec for name, spec in more.items() if name not in own}
    return Shelf(lesson, exercise, own, extra, tuple(tasks(exercise.notebook) if exercise else ()))


def specs(notebook: dict[str, Any]) -> dict[str, dict]:
    """The cards stored in a notebook that its page shows, by id."""
    cells = [cell for cell in notebook["cells"] if OFF not in cell["metadata"].get("tags", [])]
    found = [data[CARD] for cell in cells for data in outputs_of(cell) if CARD in data]
    return {spec["id"]: spec for spec in found if "id" in spec}


def tasks(notebook: dict[str, Any]) -> Iterator[str]:
    """The ids of an exercise's tasks that are solved in a cell."""
    for cell in notebook["cells"]:
        grading = cell["metadata"].get("nbgrader", {})
        if grading.get("solution"):
            yield grading["grade_id"]


def _label(card: str, spec: dict) -> str:
    quiz = QUIZ.fullmatch(card)
    if quiz and spec["kind"] in ("quiz", "decision"):
        name = quiz[1].replace("-", " ")
        return name[0].upper() + name[1:]
    return without_tags(spec.get("title", card))


# --------------------------------------------------------------------------------------- the plans


def used(
    names: str, shelves: dict[str, Shelf], notebook: str = "", several: bool = False
) -> list[Use]:
    """The uses of a cell such as "03:one-liver;03:quiz-03-check/1", or of one notebook's ids; the
    labels name the notebook where a plan has several."""
    found = []
    for name in filter(None, names.split(";")):
        number, _, own = name.rpartition(":")
        use = shelves[number or notebook].use(own)
        found.append(use._replace(label=f"{number}: {use.label}") if several else use)
    return found


def steps_of(
    plan: str, rows: list[dict[str, Any]], shelves: dict[str, Shelf], several: bool = False
) -> list[dict[str, Any]]:
    """The steps of a plan with their minutes on the clock ("" at home) and what they use."""
    clock, made = 0, []
    for row in rows:
        if row["plan"] != plan:
            continue
        span = ""
        if row["way"] != HOME:
            span = f"{clock}–{clock + row['minutes']}"
            clock += row["minutes"]
        shown = used(row["uses"], shelves, several=several)
        made.append({**row, "span": span, "told": WAYS[row["way"]], "shown": shown})
    return made


def parts_of(steps: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Steps by their part, in order: (part, its steps)."""
    parts: list[tuple[str, list[dict[str, Any]]]] = []
    for step in steps:
        if not parts or parts[-1][0] != step["part"]:
            parts.append((step["part"], []))
        parts[-1][1].append(step)
    return parts


def objectives_of(rows: list[dict[str, Any]], shelves: dict[str, Shelf]) -> list[dict[str, Any]]:
    """The objectives, each with its level and with what it is taught, asked and practised by."""
    made = []
    for row in rows:
        own = {
            part: used(row[part], shelves, row["notebook"])
            for part in ("cards", "items", "exercises")
        }
        made.append({**row, **own, "level": LEVELS[row["verb"]]})
    return made


def activities_of(
    rows: list[dict[str, Any]], cases: list[dict[str, Any]], shelves: dict[str, Shelf]
) -> list[dict[str, Any]]:
    """The class activities with their minutes and address; a case has the title of its row in
    data/cases.csv."""
    titles = {f"case-{case['key']}": case["title"] for case in cases}
    made = []
    for row in rows:
        use = shelves[row["notebook"]].use(row["card"])
        if row["part"] == "exercise":
            use = use._replace(href=f"{shelves[row['notebook']].practice}#{row['card']}")
        total = row["opening"] + row["work"] + row["debrief"]
        title = row["title"] or titles[row["key"]]
        made.append({**row, "title": title, "use": use, "total": total})
    return made


# ------------------------------------------------------------------------- what students get wrong


def ideas_of(
    shelf: Shelf, misconceptions: list[dict[str, Any]], questions: dict[str, str]
) -> list[dict[str, Any]]:
    """The misconceptions that this notebook's quizzes refute: the idea, what holds, what to ask
    back, and where it is asked."""
    where: dict[str, list[Use]] = {}
    for name, spec in shelf.cards.items():
        for place, item in enumerate(spec.get("items", []), 1):
            if item.get("misconception", "none") not in ("none", ""):
                found = where.setdefault(item["misconception"], [])
                found.append(shelf.use(f"{name}/{place}"))
    rows = [row for row in misconceptions if row["key"] in where]
    return [{**row, "ask": questions[row["key"]], "where": where[row["key"]]} for row in rows]


def replies_of(shelf: Shelf) -> list[dict[str, Any]]:
    """What each prediction is answered with when it is wrong: the card, its question, and the
    replies (answer or "", reply), all in the card's own words."""
    made = []
    for name, spec in shelf.cards.items():
        asked = spec.get("predict")
        told = _wrong(asked) if asked else []
        if told:
            made.append({"use": shelf.use(name), "question": asked["question"], "replies": told})
    return made


def _wrong(asked: dict[str, Any]) -> list[tuple[str, str]]:
    chosen = [
        (option["text"], option["why"])
        for option in asked.get("options", [])
        if isinstance(option, dict) and not option.get("right") and option.get("why")
    ]
    return chosen or [("", words) for words in _rules(asked.get("reply", []))]


def _rules(reply: list) -> Iterator[str]:
    """The sentences of a reply; what the card works out is an ellipsis here."""
    for rules in reply:
        for rule in rules:
            parts = [part if isinstance(part, str) else "…" for part in rule["parts"]]
            yield "".join(parts)
