"""A class that hands in: `python3 course.py marks FOLDER [03 …]`, with nbgrader.

The first time FOLDER gets nbgrader's settings and, in `release/`, the notebooks to give out (all
exercises, or those named). What comes back lies in `submitted/NAME/03/` and is marked the next
times, one by one, so that a broken notebook costs only itself: `marks.csv`, and `feedback/`.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from tools import refresh

SETTINGS = "nbgrader_config.py"
REASON = re.compile(r"^\s*[\w.]+Error: .{,200}", re.MULTILINE)


class MarksError(RuntimeError):
    """What keeps a class from being marked, in one sentence."""


def nbgrader(folder: Path):
    """nbgrader at work in `folder` with the settings that lie there."""
    # Here and not above: nbgrader takes seconds to import.
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    # It starts a program that lies beside this Python.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    config = PyFileConfigLoader(SETTINGS, path=str(folder)).load_config()
    config.CourseDirectory.root = str(folder)
    return NbGraderAPI(config=config)


def make(folder: Path, names: list[str]) -> None:
    """Put settings and the named masters into `folder`, at first all; what is there stays.

    Raises MarksError, and writes nothing, for a name that no exercise has.
    """
    if unknown := set(names) - {master.name[:2] for master in refresh.masters()}:
        raise MarksError(f"There is no exercise {', '.join(sorted(unknown))}: write 03, or 03 11.")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / SETTINGS).exists():
        shutil.copy(refresh.ROOT / "exercises" / SETTINGS, folder)
    if not names and (folder / "source").is_dir():
        return
    for master in refresh.masters():
        target = folder / "source" / master.name[:2] / master.name
        if (not names or master.name[:2] in names) and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(master, target)


def release(api, folder: Path) -> list[str]:
    """Make the notebooks to give out that are not there yet; their numbers."""
    made = []
    for source in sorted((folder / "source").iterdir()):
        if not (folder / "release" / source.name).exists():
            result = api.generate_assignment(source.name)
            if not result["success"]:
                raise MarksError(f"exercise {source.name} cannot be given out:\n{result['log']}")
            made.append(source.name)
    return made


def handed_in(folder: Path) -> list[tuple[str, str]]:
    """Exercise and student of all that is new since it was marked, or has no feedback yet."""
    found = []
    for place in sorted((folder / "submitted").glob("*/*")):
        student, exercise = place.parent.name, place.name
        marked = list((folder / "autograded" / student / exercise).glob("*.ipynb"))
        told = any((folder / "feedback" / student / exercise).glob("*.html"))
        newest = max((file.stat().st_mtime for file in place.glob("*.ipynb")), default=0)
        if place.is_dir() and not (told and any(f.stat().st_mtime > newest for f in marked)):
            found.append((exercise, student))
    return found


def mark(api, exercise: str, student: str) -> str:
    """Mark one notebook and write its feedback; what went wrong, or nothing."""
    steps = ((api.autograde, "not marked"), (api.generate_feedback, "marked, without feedback"))
    for step, lost in steps:
        result = step(exercise, student)
        if not result["success"]:
            reasons = REASON.findall(f"{result.get('error', '')}\n{result.get('log', '')}")
            return f"{lost}: {reasons[-1].strip() if reasons else 'no reason given'}"
    return ""


def export(folder: Path) -> Path:
    """Write marks.csv with the settings' own list of marks."""
    from nbgrader.apps import ExportApp

    file = folder / "marks.csv"
    app = ExportApp()
    app.config_dir = str(folder)
    app.initialize([f"--CourseDirectory.root={folder}", f"--to={file}", "--log-level=ERROR"])
    app.start()
    return file


def main(words: list[str]) -> int:
    """Give out what is new, mark what came in; the exit code."""
    if not words:
        print(
            "Name the folder of the class: python3 course.py marks FOLDER [03 …]", file=sys.stderr
        )
        return 1
    folder = Path(words[0]).resolve()
    try:
        make(folder, words[1:])
        api = nbgrader(folder)
        if made := release(api, folder):
            print(f"To give out, in {folder / 'release'}: {', '.join(made)}")
        for exercise, student in handed_in(folder):
            trouble = mark(api, exercise, student)
            print(f"{exercise}  {student:<24} {trouble or 'marked'}", flush=True)
    except MarksError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Marks, with what to look at: {export(folder)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
