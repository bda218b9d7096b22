#!/usr/bin/env python3
"""The one door to the Hepatica course: sets up what a command needs when it first needs it.

    python3 course.py [lab | test | site | export | class | marks | hub | refresh | bench] [further words]

    lab       open the course in JupyterLab (this is what happens without a word)
    test      run the checks of the course; test --all adds the large ones, of every engine, width and scheme
    site      write the course as web pages that need no Python and no network, into _site/
    export    write the questions for Moodle, Anki, Canvas and spreadsheets into _export/
    class     class FOLDER: a page on a class from the files that its students handed in, into _class/
    marks     marks FOLDER: exercises to give out to a class that hands in, and their marks, through nbgrader
    hub       a server for a class, on one Linux machine: tools/hub/README.md
    refresh   run all notebooks again, store their results, make the students' exercise copies
    bench     measure the course's speed budgets; bench set-up compares uv with pip, over the network

Words after the command are handed on, for example:  python3 course.py lab -- --no-browser
"""

# This file uses the standard library only, and only syntax that Python 3.6 can read: someone with
# an old Python must meet a sentence, not a SyntaxError. What follows is in tools/setup/, which is
# imported when Python is known to be new enough.
import collections
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
COMMANDS = {  # words for Python, and the last set of packages that they need
    "lab": (["-m", "tools.lab"], "read"),
    "test": (["-m", "pytest"], "test"),
    "site": (["-m", "hepatica.site"], "site"),
    "export": (["-m", "tools.export"], "site"),
    "class": (["-m", "tools.classroom"], "read"),
    "marks": (["-m", "tools.marks"], "site"),
    "hub": (["-m", "tools.hub"], "hub"),
    "refresh": (["-m", "tools.refresh"], "site"),
    "bench": (["-m", "tools.bench"], "test"),
}
HELP = ("-h", "--help", "help")
# Commands whose help is the text above; the others are handed the word and answer themselves.
OWN = ("site", "export", "class", "marks", "refresh", "bench")
NEEDED = ("tools/setup", "requirements", "hepatica", "notebooks")  # beside this file

Request = collections.namedtuple("Request", "command extra")


def python_problem(version=sys.version_info, find=importlib.util.find_spec) -> str:
    """Say in one sentence why this Python cannot run the course; empty if it can."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        return (
            "This course needs Python {}.{} or newer, and this is Python {}.{}: "
            "install a newer one from python.org, then start course.py with it."
        ).format(*(OLDEST_PYTHON + tuple(version[:2])))
    if find("venv") is None or find("ensurepip") is None:
        return (
            "This Python lacks the venv and ensurepip modules: "
            "on Debian or Ubuntu install them with 'sudo apt install python3-venv', "
            "elsewhere reinstall Python from python.org."
        )
    return ""


def folder_problem(root: Path) -> str:
    """Say in one sentence what of the course is not beside this file; empty if all is there."""
    absent = [name for name in NEEDED if not (root / name).is_dir()]
    if not absent:
        return ""
    return (
        "course.py does not work alone: {} is not beside it in {}. "
        "Get the whole course as a folder and start course.py in there."
    ).format(" and ".join(absent), root)


def parse(words: list) -> Request:
    """Split the command line into the command and the words to hand on; no command means lab."""
    words = list(words)
    command = words.pop(0) if words and not words[0].startswith("-") else "lab"
    if words and words[0] == "--":
        words.pop(0)
    return Request(command, words)


def command_problem(request: Request) -> str:
    """Say in one sentence that a command does not exist; empty if it does."""
    if request.command in COMMANDS:
        return ""
    return f"'{request.command}' is not a command. Write one of: {', '.join(COMMANDS)}."


def arguments(root: Path, python: Path, request: Request) -> list:
    """The words for the environment's Python."""
    words = [str(python)] + COMMANDS[request.command][0]
    if request.command == "lab":
        # Only this machine may connect, and only with the token that JupyterLab prints: both are
        # its safe ways.
        words += [
            "--ip=127.0.0.1",
            "--ServerApp.root_dir=" + str(root),
            "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb",
        ]
    return words + request.extra


def run(words: list, environment: dict, root: Path) -> int:
    """Run a command in the project folder in place of this process, or beside it on Windows."""
    if os.name != "nt":
        os.chdir(str(root))
        sys.stdout.flush()
        os.execve(words[0], words, environment)
    child = subprocess.Popen(words, env=environment, cwd=str(root))
    while True:
        try:
            return child.wait()
        # the child has received it too and decides: JupyterLab asks before it ends
        except KeyboardInterrupt:
            continue


def set_up_and_run(request: Request, root: Path) -> int:
    """Install what the command lacks, then run it."""
    sys.path.insert(0, str(root))
    from tools.setup import CourseError, environment, failures, surroundings

    try:
        environment.ensure(root, COMMANDS[request.command][1])
        python = environment.venv_python(root / ".venv")
        return run(arguments(root, python, request), surroundings.course(root), root)
    except CourseError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        sentence = failures.of_the_disk(error, root)
        if not sentence:
            raise
        print(sentence, file=sys.stderr)
    return 1


def main(words: list, root: Path = ROOT) -> int:
    """Run course.py with these words and return the exit code."""
    request = parse(words)
    asked = request.command in OWN and not set(HELP).isdisjoint(request.extra)
    if asked or (words and words[0] in HELP):
        print(__doc__.strip())
        return 0
    problem = command_problem(request) or python_problem() or folder_problem(root)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    try:
        return set_up_and_run(request, root)
    except KeyboardInterrupt:
        print("\nStopped. Start again whenever you like.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
