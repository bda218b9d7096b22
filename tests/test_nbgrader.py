"""A class hands in: every notebook gets the marks that it deserves, from the teacher's page's own
commands, and a table of the visible answers gets none."""

from __future__ import annotations

import contextlib
import copy
import csv
import functools
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import course
from hepatica.exercises import NotYet, reading_marks
from tools import marks, refresh

ROOT = Path(__file__).resolve().parent.parent
NAME = "12_run_your_own_trial.ipynb"
TABLE = {
    "false-success": "def false_success(**settings):\n    return {(): 94.3, ('abstinent',): 24.8, "
    "('entry',): 66.0, ('abstinent', 'entry'): 2.6}[tuple(settings)]",
    "able": "def able(points, sd):\n"
    "    return {(1, 1.93): 2, (2, 1.93): 12, (3, 4.25): 4, (1, 4.25): 0}[points, sd]",
    "gap": "def gap(publish):\n    return {0.2: -0.6017, 0.5: -0.3131, 1: 0}[publish]",
}
ENDLESS = "import time\n\n\ndef able(points, sd):\n    while True:\n        time.sleep(0.1)"
# The check that the endless loop hangs in is waited for briefly; all else may take its time here.
BRIEFLY = """
c.Execute.timeout_func = lambda cell: 20 if "able-check" in str(cell.metadata) else 600
c.Execute.iopub_timeout = 600
"""


def named(notebook, name: str):
    """The cell that nbgrader knows by this name."""
    return next(
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def filled(release, master, **cells: str):
    """What was given out, with the master's answers or these."""
    made = copy.deepcopy(release)
    for name in (*TABLE, "reading"):
        if answer := cells.get(name, named(master, name).source):
            named(made, name).source = answer
    return made


def twice(notebook):
    """The same with an answer and its check copied below themselves."""
    for name in ("gap", "gap-check"):
        cell = named(notebook, name)
        notebook.cells.insert(notebook.cells.index(cell) + 1, copy.deepcopy(cell))
    return notebook


def submissions(release, master) -> dict:
    """Notebooks as students hand them in, each with its own accident."""
    deleted, odd = filled(release, master), filled(release, master)
    deleted.cells.remove(named(deleted, "able-check"))
    odd.metadata.kernelspec = {"name": "julia-1.9", "display_name": "Julia", "language": "julia"}
    return {
        "right": filled(release, master),
        "half": filled(release, master, able="", gap="", reading=""),
        "empty": release,
        "deleted": deleted,
        "kernel": odd,
        "table": filled(release, master, **TABLE),
        "twice": twice(filled(release, master)),
        "endless": filled(release, master, able=ENDLESS),
    }


DESERVED = {  # coding of 6, reading of 7, and a word of the note
    "right": ("6", "7", ""),
    "half": ("2", "0", ""),
    "empty": ("0", "0", ""),
    "deleted": ("4", "7", "deleted"),
    "kernel": ("6", "7", ""),
    "table": ("0", "7", ""),
    "twice": ("6", "7", "stood twice"),
    "endless": ("4", "7", "stopped"),
    "broken": ("", "", "not marked"),
}


def page_commands(folder: Path) -> list[list[str]]:
    """The commands of the teacher's page, for this folder and this Python."""
    text = (ROOT / "exercises/MARKING.md").read_text(encoding="utf-8")
    lines = re.findall(r"^python3 course\.py (.+)$", text, re.MULTILINE)
    words = [shlex.split(line.replace("../my-class", shlex.quote(str(folder)))) for line in lines]
    return [[sys.executable, *course.COMMANDS[first][0], *rest] for first, *rest in words]


def hand_in(folder: Path) -> None:
    """Put every submission where a teacher puts them."""
    release = nbformat.read(folder / "release/12" / NAME, 4)
    master = nbformat.read(ROOT / "exercises/solutions" / NAME, 4)
    texts = {who: json.dumps(nb) for who, nb in submissions(release, master).items()}
    for who, text in (texts | {"broken": '{"cells": [oops'}).items():
        place = folder / "submitted" / who / "12"
        place.mkdir(parents=True)
        (place / NAME).write_text(text, encoding="utf-8")


@pytest.mark.full
def test_every_notebook_gets_the_marks_that_it_deserves(tmp_path):
    give_out, mark = page_commands(tmp_path)
    subprocess.run(give_out, cwd=ROOT, check=True, capture_output=True)
    released = (tmp_path / "release/12" / NAME).read_text(encoding="utf-8")
    assert "For teachers" not in released and "HIDDEN" not in released and "91.5" not in released
    with open(tmp_path / marks.SETTINGS, "a", encoding="utf-8") as settings:
        settings.write(BRIEFLY)
    hand_in(tmp_path)
    done = subprocess.run(mark, cwd=ROOT, check=True, capture_output=True, text=True)
    with open(tmp_path / "marks.csv", encoding="utf-8", newline="") as stream:
        rows = {row["student"]: row for row in csv.DictReader(stream)}
    found = {who: (row["coding"], row["reading"]) for who, row in rows.items()}
    assert found == {who: (coding, reading) for who, (coding, reading, _) in DESERVED.items()}
    notes = {who: row["note"] for who, row in rows.items()}
    assert all(word in notes[who] for who, (*_, word) in DESERVED.items()), notes
    assert [who for who, (*_, word) in DESERVED.items() if bool(word) != bool(notes[who])] == []
    assert "NotJSONError" in done.stdout
    assert {row["of"] for row in rows.values()} == {"13"}
    assert sum(line.endswith(" marked") for line in done.stdout.splitlines()) == 8
    pages = {path.parts[-3] for path in (tmp_path / "feedback").rglob("*.html")}
    assert pages == set(DESERVED) - {"broken"}
    assert marks.handed_in(tmp_path) == [("12", "broken")]


# ------------------------------------------------------ a table of the visible answers, everywhere


def test_an_exercise_that_is_not_there_is_named(tmp_path, capsys):
    folder = tmp_path / "class"
    assert marks.main([str(folder), "12", "99"]) == 1
    assert "no exercise 99" in capsys.readouterr().err and not folder.exists()


def visible(check: str) -> str:
    """A check as students see it."""
    return re.sub(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", check, flags=re.DOTALL)


def run(code: str, names: dict) -> None:
    """Run a cell without its talk."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "cell", "exec"), names)  # noqa: S102, the course's own


def passes_from_a_table(task: str, check: str, names: dict) -> bool:
    """Whether a check is content with the answers to the visible questions, written down.

    names: all that stands above, the right answer among it.
    """
    known, made = {}, re.findall(r"^def (\w+)", task, re.MULTILINE)
    right = {name: names[name] for name in made}

    def noted(name):
        @functools.wraps(right[name])
        def call(*args, **keys):
            return known.setdefault((name, repr((args, keys))), right[name](*args, **keys))

        return call

    def looked_up(name):
        @functools.wraps(right[name])
        def call(*args, **keys):
            return known[name, repr((args, keys))]

        return call

    run(visible(check), names | {name: noted(name) for name in made})
    assert known, task
    with contextlib.suppress(NotYet):
        run(check, names | {name: looked_up(name) for name in made})
        return True
    return False


def fooled(master: Path) -> tuple[list[str], int]:
    """Checks of an exercise that a table passes, and how many were looked at."""
    names, task, found, many = {}, "", [], 0
    for cell in nbformat.read(master, 4).cells:
        if cell.cell_type != "code" or "marks" in cell.metadata.get("tags", []):
            continue
        role = cell.metadata.get("nbgrader", {})
        if role.get("grade"):
            many += 1
            found += [role["grade_id"]] if passes_from_a_table(task, cell.source, names) else []
        task = cell.source if role.get("solution") else task
        run(cell.source, names)
    return found, many


QUICK = "12_run_your_own_trial"
MASTERS = [
    pytest.param(path, marks=[] if path.stem == QUICK else pytest.mark.full, id=path.stem)
    for path in refresh.masters()
]


@pytest.mark.parametrize("master", MASTERS)
def test_a_table_of_the_visible_answers_passes_nowhere(master):
    found, many = fooled(master)
    assert many > 1 and found == []


def test_a_check_without_hidden_questions_is_noticed():
    task, names = "def double(x):\n    return 2 * x", {}
    run(f"from hepatica.exercises import check\n{task}", names)
    open_check = 'check("double", lambda: double(2), 4)'
    hidden = "\n### BEGIN HIDDEN TESTS\ncheck('it', lambda: double(5), 10)\n### END HIDDEN TESTS"
    assert passes_from_a_table(task, open_check, names)
    assert not passes_from_a_table(task, open_check + hidden, names)


def reading(master: Path) -> tuple[list, list[str], float]:
    """The master's answers to the reading track, the quizzes that it asks about, its points."""
    cells = nbformat.read(master, 4).cells
    asked = re.findall(r'Quiz\.load\("\d\d", "(\w+)"\)', "\n".join(cell.source for cell in cells))
    by_name = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in cells}
    names: dict = {}
    exec(by_name["reading"].source, names)  # noqa: S102, the course's own
    check = by_name["reading-check"]
    assert re.findall(r'"(exercise_\d)"', check.source) == asked
    return names["reading_answers"](), asked, check.metadata.nbgrader.points


@pytest.mark.parametrize("master", MASTERS)
def test_the_reading_track_has_a_mark_for_each_question(master):
    answers, asked, points = reading(master)
    assert reading_marks(master.name[:2], lambda: answers, *asked) == points == len(answers) > 3


def test_wrong_answers_of_the_reading_track_get_no_mark(capsys):
    assert reading_marks("13", [1, 2, 3], "exercise_1") == 3
    assert reading_marks("13", [-1, "b", 3], "exercise_1") == 1
    assert capsys.readouterr().out.count("look again") == 2
    with pytest.raises(NotYet, match="3 questions"):
        reading_marks("13", [1, 2], "exercise_1")
