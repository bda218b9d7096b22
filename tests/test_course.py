"""course.py: the one door opens on a fresh machine, after accidents, and quickly."""

import ast
import importlib.util
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import house
import pytest
from house import finish, require, run, sets_of, start

from tools.setup import environment

ROOT = Path(__file__).resolve().parent.parent
SOURCE = (ROOT / "course.py").read_text(encoding="utf-8")


def load_course():
    """course.py as a module."""
    spec = importlib.util.spec_from_file_location("course", ROOT / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


course = load_course()


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """In a folder with a space and a letter beyond ASCII, and no network."""
    return house.build(tmp_path_factory.mktemp("hep") / "wątroba and liver")


def children_seconds() -> float:
    """Processor time of all children that have ended (on Windows, which does not tell,
    the time of day)."""
    spent = os.times()
    return time.perf_counter() if os.name == "nt" else spent.children_user + spent.children_system


HANGS = """#!/bin/sh
touch "$0.asked"
exec sleep 600
"""


def interrupted(home) -> tuple[int, str]:
    """How a start ends that Ctrl-C stops while an installer is at work that comes to no end."""
    house.make_uv(home, HANGS)
    # Whoever runs the tests in the background lets them, and all they start, be deaf to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = start(home, "lab")
    while not list(home.glob(".venv-setup.cache/**/*.asked")):
        assert process.poll() is None, finish(process)
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    try:
        code, _, err = finish(process)
    finally:  # or every later start would hang as well
        process.kill()
        next((home / "wheels").glob("uv-*.whl")).unlink()
        shutil.rmtree(home / ".venv-setup.cache", ignore_errors=True)
    return code, err


def test_set_up_survives_accidents(home):
    """One story, in order: install fails, is interrupted, two starts at once, second start,
    changed pins."""
    require(home, "tinypackage==1.0\nabsent-package==9.0")
    code, out, err = run(home, "lab")
    assert code == 1 and "absent-package" in err and "Then start again." in err
    assert "Traceback" not in err and "uv could not; pip does it now" in out
    assert "absent-package" in (home / ".venv-setup.log").read_text(encoding="utf-8")
    assert (home / ".venv" / "pyvenv.cfg").exists() and sets_of(home) == set()

    require(home, "tinypackage==1.0")
    if os.name != "nt":  # Windows has no way to send Ctrl-C to one process
        code, err = interrupted(home)
        assert code == 130 and "Stopped" in err and "Traceback" not in err
        assert sets_of(home) == set()

    both = [start(home, "lab"), start(home, "lab")]
    results = [finish(process) for process in both]
    assert [code for code, _, _ in results] == [0, 0], results
    assert sum("Set up in" in out for _, out, _ in results) == 1
    assert sum("waiting for it" in out for _, out, _ in results) == 1
    assert sets_of(home) == {"read"} and not (home / ".venv-setup.cache").exists()
    assert not (home / ".venv" / environment.UNFINISHED).exists()

    require(home, "tinypackage==1.0\n# a comment changes nothing")
    assert environment.is_ready(home)
    require(home, "tinypackage==1.1")
    assert not environment.is_ready(home)
    require(home, "tinypackage==1.0")


def test_each_set_comes_with_the_first_command_that_needs_it(home):
    code, out, err = run(home, "lab")
    assert code == 0 and sets_of(home) == {"read"}, err
    code, out, err = run(home, "site")
    assert code == 0 and sets_of(home) == {"read", "site"}, err
    assert "1 MB come over the network and take 1 MB here" in out
    code, out, err = run(home, "bench")
    assert code == 0 and sets_of(home) == {"read", "site", "test"}, err
    site = environment.site_packages(home / ".venv")
    assert {path.name for path in site.glob("*package.py")} == {
        "tinypackage.py",
        "sitepackage.py",
        "testpackage.py",
    }


def test_the_second_start_is_quick_and_changes_nothing(home):
    assert run(home, "site")[0] == 0
    before = children_seconds()
    code, out, err = run(home, "site", "somewhere else")
    seconds = children_seconds() - before
    assert code == 0 and "Setting up" not in out, err
    answer, prefix, extra, folder = json.loads(out)
    assert (answer, extra) == (42, ["somewhere else"])
    assert Path(prefix) == home / ".venv" and Path(folder) == home
    assert seconds < 3, f"it took {seconds:.1f} s of processor time; the budget is 3 s"


def test_lab_is_started_for_this_machine_only(home):
    _code, out, err = run(home, "--", "--no-browser")
    words = json.loads(out.splitlines()[-1])[2]
    assert words[0] == "--ip=127.0.0.1" and words[-1] == "--no-browser", err
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in words
    assert not any("token" in word or "password" in word for word in words)
    file = home / ".venv/share/jupyter/lab/settings/overrides.json"
    news = json.loads(file.read_text(encoding="utf-8"))
    assert news["@jupyterlab/apputils-extension:notification"] == {
        "fetchNews": "false",
        "checkForUpdates": False,
    }


def test_a_spoiled_stamp_is_not_believed(home):
    assert run(home, "lab")[0] == 0 and environment.is_ready(home)
    stamp = home / ".venv" / environment.STAMP
    good = stamp.read_text(encoding="utf-8")
    for spoil in ({"python": "3.10 /usr/bin/python3"}, {"sets": {}}, {"place": "/elsewhere"}):
        stamp.write_text(json.dumps(json.loads(good) | spoil), encoding="utf-8")
        assert not environment.is_ready(home), spoil
    stamp.write_text(good[:20], encoding="utf-8")
    assert not environment.is_ready(home)
    stamp.write_text(good, encoding="utf-8")
    assert environment.is_ready(home)


def test_old_python_meets_one_sentence():
    assert course.python_problem((3, 11, 0)) == "" == course.python_problem((3, 14, 2))
    for version in ((3, 10, 9), (3, 6, 1)):
        sentence = course.python_problem(version)
        assert "3.11 or newer" in sentence and f"3.{version[1]}" in sentence
        assert "\n" not in sentence
    assert "python3-venv" in course.python_problem((3, 11, 0), find=lambda name: None)


def imports(source: str) -> set[str]:
    """First names of all modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_old_python_can_read_course_py():
    ast.parse(SOURCE, feature_version=(3, 7))
    with pytest.raises(SyntaxError):
        ast.parse("match 1:\n    case 1: pass", feature_version=(3, 7))


def test_nothing_needs_to_be_installed_before_the_set_up():
    known = sys.stdlib_module_names | {"tools", "__future__"}
    files = [ROOT / "course.py", *(ROOT / "tools" / "setup").glob("*.py")]
    assert len(files) > 8 and "numpy" not in known
    # whole.py reads pins with what pip carries along, and looks whether the course is found
    allowed = {"whole.py": {"pip", "hepatica"}}
    for file in files:
        foreign = imports(file.read_text(encoding="utf-8")) - known
        assert foreign <= allowed.get(file.name, set()), file
    assert imports("import os\nfrom numpy import array") - known == {"numpy"}


def test_commands():
    assert course.parse([]) == ("lab", [])
    assert course.parse(["--", "--port=0"]) == ("lab", ["--port=0"])
    words = ["tests/test_x.py", "-k", "one"]
    assert course.parse(["test", *words]) == ("test", words)
    assert course.parse(["test", "--all"]) == ("test", ["--all"])
    assert "Write one of: lab, test" in course.command_problem(course.parse(["labb"]))
    assert all(command in course.__doc__ for command in course.COMMANDS)
    assert set(course.OWN) < set(course.COMMANDS)
    assert all(last in ("read", "site", "test", "hub") for _, last in course.COMMANDS.values())


@pytest.mark.parametrize("words", [["-h"], ["help"], ["bench", "--help"], ["refresh", "02", "-h"]])
def test_help_needs_no_set_up(tmp_path, capsys, words):
    assert course.main(words, tmp_path) == 0
    assert "bench" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_lone_course_py_says_what_is_absent(tmp_path, capsys):
    assert course.main([], tmp_path) == 1
    sentence = capsys.readouterr().err
    assert "does not work alone" in sentence and str(tmp_path) in sentence
    assert sentence.count("\n") == 1 and list(tmp_path.iterdir()) == []
    assert course.folder_problem(ROOT) == ""
