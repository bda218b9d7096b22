"""The pages for teachers: plans of each notebook and of several, objectives, class activities."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup

from hepatica.ledger.teaching import LEVELS
from hepatica.site import teach
from hepatica.site.dom import Article, Entry, visible_text
from hepatica.site.lesson import Lesson

OWN_NOTES = "The notebook’s own notes"
KINDS = {
    "route": "The quarter of an hour, in class",
    "mission": "Missions",
    "case": "Cases for a detective",
}
"""The kinds of class activities, as their page calls them."""


class Teaching:
    """Makes what teachers get beyond the box of a notebook; nothing in a course without all
    notebooks, whose plans would lead nowhere."""

    def __init__(self, course: Any, ledger: Any) -> None:
        self.course, self.ledger = course, ledger

    @cached_property
    def complete(self) -> bool:
        """Whether every notebook that the tables name is there."""
        there = {lesson.number for lesson in self.course.lessons}
        return {row["notebook"] for row in self._rows("objectives")} <= there

    @cached_property
    def planned(self) -> set[str]:
        """The numbers of the notebooks that have plans here."""
        return {row["key"] for row in self._rows("plans_boards")} if self.complete else set()

    @cached_property
    def several(self) -> list[dict[str, Any]]:
        """The plans of several notebooks; none in a course without all of them."""
        return self._plans("combination") if self.complete else []

    @cached_property
    def shelves(self) -> dict[str, teach.Shelf]:
        """The cards and tasks of each notebook."""
        return {
            lesson.number: teach.shelf_of(lesson, self.course.exercise(lesson.number))
            for lesson in self.course.lessons
        }

    def pages(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield (file name, template, what it is given) of the pages on the whole course."""
        if not self.complete:
            return
        given = {"title": "Plans of several notebooks", "plans": self.several}
        yield "teacher/plans.html", "teacher_plans.html.j2", given
        levels = list(dict.fromkeys(LEVELS.values()))
        given = {"title": "Objectives", "objectives": self.objectives, "levels": levels}
        yield "teacher/objectives.html", "teacher_objectives.html.j2", given
        given = {"title": "Class activities", "kinds": KINDS, "activities": self.activities}
        yield "teacher/activities.html", "teacher_activities.html.j2", given

    def given(self, lesson: Lesson) -> dict[str, Any]:
        """What the plan of one notebook is made of; empty for one without plans, and in a course
        without all notebooks."""
        number = lesson.number
        if number not in self.planned:
            return {}
        shelf = self.shelves[number]
        boards = {row["key"]: row for row in self._rows("plans_boards")}
        asked = {row["key"]: row["ask"] for row in self._rows("plans_questions")}
        return {
            "plans": [each for each in self._plans("notebook") if each["notebooks"] == number],
            "board": boards[number]["board"].split(" | "),
            "paper": boards[number]["paper"],
            "ideas": teach.ideas_of(shelf, self._rows("misconceptions"), asked),
            "replies": teach.replies_of(shelf),
            "objectives": [each for each in self.objectives if each["notebook"] == number],
            "activities": [each for each in self.activities if each["notebook"] == number],
            "number": number,
            **self._tasks(number),
        }

    def _tasks(self, number: str) -> dict[str, Any]:
        """The Python tasks of a notebook's exercise, and how many of them run on its page."""
        exercise = self.course.exercise(number)
        tasks = list(exercise.tasks.values()) if exercise else []
        return {"tasks": tasks, "here": sum(not task.missing for task in tasks)}

    @cached_property
    def objectives(self) -> list[dict[str, Any]]:
        """All objectives, in the order of the course."""
        return teach.objectives_of(self._rows("objectives"), self.shelves)

    @cached_property
    def activities(self) -> list[dict[str, Any]]:
        """All class activities."""
        rows, cases = self._rows("activities"), self._rows("cases")
        return teach.activities_of(rows, cases, self.shelves)

    def _plans(self, kind: str) -> list[dict[str, Any]]:
        rows, several = self._rows("plans_steps"), kind == "combination"
        plans = [row for row in self._rows("plans") if row["kind"] == kind]
        steps = [teach.steps_of(row["key"], rows, self.shelves, several) for row in plans]
        return [
            {**row, "parts": teach.parts_of(own)} for row, own in zip(plans, steps, strict=True)
        ]

    def _rows(self, table: str) -> list[dict[str, Any]]:
        return self.ledger.rows(table)


def with_plan(body: Article, plan: str) -> Article:
    """A teacher's page with its plan before the box of the notebook, which is named once."""
    own = body.soup.find_all("h2", recursive=False)
    for heading in own[1:]:
        if visible_text(heading) == visible_text(own[0]):
            heading.decompose()
    if own:
        own[0].string = OWN_NOTES
    for node in reversed(list(BeautifulSoup(plan, "html.parser").contents)):
        body.soup.insert(0, node.extract())
    headings = body.soup.find_all("h2", recursive=False)
    body.contents = [Entry(each["id"], visible_text(each)) for each in headings]
    return body
