"""nbgrader's settings for these exercises; `python3 course.py marks FOLDER` puts them into FOLDER.

They also serve an nbgrader course that exists: copy this file there, or its lines. What they
change: the teacher's notes are not given out; a cell may take LIMIT seconds; a cell that stands
twice, or has lost its name, costs nobody else the marks; and the list of marks leaves out what was
not marked, where nbgrader alone writes nought.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor

LIMIT = 120
"""Seconds for a cell. An endless loop loses its own marks only."""
TWICE = "# This cell stood twice; the last one was marked."
COLUMNS = ("student", "exercise", "marks", "of", "coding", "reading", "written", "note")


class WithoutNotes(NbGraderPreprocessor):
    """Leaves cells tagged `teacher` out of what students get."""

    def preprocess(self, nb, resources):
        nb.cells = [cell for cell in nb.cells if "teacher" not in cell.metadata.get("tags", [])]
        return nb, resources


class OneOfEach(NbGraderPreprocessor):
    """Of cells with one name the last is marked, which Python runs last; the others run too."""

    def preprocess(self, nb, resources):
        seen = set()
        for cell in reversed(nb.cells):
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name is None or name in seen:
                cell.metadata.pop("nbgrader", None)
            if name in seen:
                cell.source = f"{TWICE}\n{cell.source}"
            seen |= {name} - {None}
        return nb, resources


class Marks(ExportPlugin):
    """A line per student and exercise: marks by track, blank where nothing was marked, and why."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the lines to `self.to`, marks.csv without it."""
        rows = [
            self._row(gradebook, assignment, student.id)
            for assignment in sorted(gradebook.assignments, key=lambda each: each.name)
            for student in sorted(gradebook.students, key=lambda each: each.id)
        ]
        with open(self.to or "marks.csv", "w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, COLUMNS, restval="")
            table.writeheader()
            table.writerows(rows)

    def _row(self, gradebook: Gradebook, assignment, student: str) -> dict:
        """One line; its note names what a teacher should look at."""
        row = {"student": student, "exercise": assignment.name, "of": f"{assignment.max_score:g}"}
        course = self.parent.coursedir
        place = lambda step: Path(course.format_path(step, student, assignment.name))
        marked = sorted(place(course.autograded_directory).glob("*.ipynb"))
        if not place(course.submitted_directory).is_dir():
            return row | {"note": "not handed in"}
        try:
            grades = gradebook.find_submission(assignment.name, student).notebooks
        except MissingEntry:
            marked = []
        if not marked:
            return row | {"note": "not marked: the notebook cannot be read or run; look at it"}
        return row | marks_of([grade for notebook in grades for grade in notebook.grades], marked)


def marks_of(grades: list, notebooks: list[Path]) -> dict:
    """Marks by track, and what was odd in the notebooks."""
    parts = {"coding": 0.0, "reading": 0.0, "written": 0.0}
    waiting = False
    for grade in grades:
        track = "reading" if grade.name == "reading-check" else "coding"
        parts["written" if grade.cell.cell_type == "markdown" else track] += grade.score
        waiting |= grade.needs_manual_grade
    cells = [cell for path in notebooks for cell in nbformat.read(path, 4).cells]
    there = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells}
    errors = [output for cell in cells for output in cell.get("outputs", [])]
    names = [output.ename for output in errors if output.output_type == "error"]
    notes = {
        f"stopped after {LIMIT} s": "CellTimeoutError" in names,
        "a cell stood twice": any(TWICE in cell.source for cell in cells),
        "a check was deleted": any(grade.name not in there for grade in grades),
        "a text waits to be read": waiting,
    }
    shown = {name: f"{value:g}" for name, value in parts.items()}
    return shown | {
        "marks": f"{sum(parts.values()):g}",
        "note": "; ".join(note for note, holds in notes.items() if holds),
    }


os.environ.setdefault("HEPATICA_RECORD", "off")  # marking answers no card in anybody's name
c = get_config()  # noqa: F821, nbgrader hands it in
c.GenerateAssignment.preprocessors = [
    WithoutNotes,
    *GenerateAssignment.preprocessors.default_args[0],
]
c.Autograde.sanitize_preprocessors = [OneOfEach, *Autograde.sanitize_preprocessors.default_args[0]]
c.ClearSolutions.code_stub = {
    "python": "# Write your code here instead of the next line.\n"
    "raise NotImplementedError('not done yet')"
}
c.ClearSolutions.text_stub = "*Write your answer here.*"
c.Execute.timeout = LIMIT
c.Execute.iopub_timeout = LIMIT
c.Execute.startup_timeout = 600
c.ExportApp.plugin_class = Marks
