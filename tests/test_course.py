"""course.py: the one door opens on a fresh machine, after accidents, and quickly."""

import ast
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = (ROOT / "course.py").read_text(encoding="utf-8")


def load_course():
    """course.py as a module."""
    spec = importlib.util.spec_from_file_location("course", ROOT / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


course = load_course()


def make_wheel(folder: Path, name: str = "tinypackage") -> None:
    """Write the smallest installable package."""
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "ANSWER = 42\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(
            f"{info}/RECORD", f"{name}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Path:
    """A small project with course.py, in a folder with a space and a letter beyond ASCII,
    and no network."""
    root = tmp_path_factory.mktemp("hep") / "wątroba and liver"
    (root / "hepatica").mkdir(parents=True)
    (root / "wheels").mkdir()
    make_wheel(root / "wheels")
    (root / "course.py").write_text(SOURCE, encoding="utf-8")
    (root / "hepatica" / "__init__.py").touch()
    report = (
        "import json, os, sys, tinypackage\n"
        "print(json.dumps([tinypackage.ANSWER, sys.prefix, sys.argv[1:], os.getcwd()]))\n"
    )
    (root / "hepatica" / "site.py").write_text(report, encoding="utf-8")
    (root / "jupyterlab.py").write_text(report, encoding="utf-8")
    return root


def environment(root: Path) -> dict:
    """Only the wheels of the house can be installed."""
    quiet = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    return quiet | {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": (root / "wheels").as_uri(),
        "PYTHONUTF8": "1",
    }


def start(root: Path, *words: str) -> subprocess.Popen:
    """Start course.py from another folder than its own."""
    return subprocess.Popen(
        [sys.executable, str(root / "course.py"), *words],
        env=environment(root),
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root.parent,
    )


def finish(process: subprocess.Popen) -> tuple[int, str, str]:
    """Wait for the end: exit code, output, errors."""
    out, err = process.communicate(timeout=600)  # only a hanging one: the machine may be busy
    return process.returncode, out, err


def children_seconds() -> float:
    """Processor time of all children that have ended (on Windows, which does not tell,
    the time of day)."""
    spent = os.times()
    return time.perf_counter() if os.name == "nt" else spent.children_user + spent.children_system


def require(root: Path, text: str) -> None:
    (root / "requirements.txt").write_text(text + "\n", encoding="utf-8")


def test_set_up_survives_accidents(house):
    """One story, in order: install fails, is interrupted, two starts at once, second start,
    changed pins."""
    stamp = house / ".venv" / course.STAMP

    require(house, "tinypackage==1.0\nabsent-package==9.0")
    code, _, err = finish(start(house, "site"))
    assert (
        code == 1
        and "absent-package" in err
        and "Then start again." in err
        and "Traceback" not in err
    )
    assert "absent-package" in (house / ".venv-setup.log").read_text(encoding="utf-8")
    assert (house / ".venv" / "pyvenv.cfg").exists() and not stamp.exists()

    require(house, "tinypackage==1.0")
    (house / ".venv" / "left-over").touch()
    if os.name != "nt":  # Windows has no way to send Ctrl-C to one process
        process = start(house, "site")
        while (house / ".venv" / "left-over").exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        code, _, err = finish(process)
        assert code == 130 and "Stopped" in err and "Traceback" not in err
        assert not stamp.exists()

    both = [start(house, "site"), start(house, "site")]
    results = [finish(process) for process in both]
    assert [code for code, _, _ in results] == [0, 0], results
    assert sum("Set up in" in out for _, out, _ in results) == 1
    assert sum("waiting for it" in out for _, out, _ in results) == 1
    assert stamp.exists() and not (house / ".venv" / "left-over").exists()
    assert not (house / ".venv" / course.UNFINISHED).exists()

    before = children_seconds()
    code, out, err = finish(start(house, "site", "somewhere else"))
    seconds = children_seconds() - before
    assert code == 0 and "Setting up" not in out, err
    answer, prefix, extra, folder = json.loads(out)
    assert (answer, extra) == (42, ["somewhere else"])
    assert Path(prefix) == house / ".venv" and Path(folder) == house
    assert seconds < 3, (
        f"the second start took {seconds:.1f} s of processor time; the budget is 3 s"
    )

    code, out, err = finish(start(house, "--", "--no-browser"))
    words = json.loads(out)[2]
    assert words[0] == "--ip=127.0.0.1" and words[-1] == "--no-browser", err
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in words
    assert not any("token" in word or "password" in word for word in words)
    settings = (house / ".venv/share/jupyter/lab/settings/overrides.json").read_text(
        encoding="utf-8"
    )
    news = json.loads(settings)["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}

    assert course.is_ready(house)
    for spoil in (
        {"python": "3.10 /usr/bin/python3"},
        {"requirements": "0"},
        {"place": "/elsewhere"},
    ):
        good = stamp.read_text(encoding="utf-8")
        stamp.write_text(json.dumps(json.loads(good) | spoil), encoding="utf-8")
        assert not course.is_ready(house), spoil
        stamp.write_text(good[:20], encoding="utf-8")
        assert not course.is_ready(house)
        stamp.write_text(good, encoding="utf-8")
    require(house, "tinypackage==1.0\n# a comment is a change")
    assert not course.is_ready(house)


def test_old_python_meets_one_sentence():
    assert course.python_problem((3, 11, 0)) == "" == course.python_problem((3, 14, 2))
    for version in ((3, 10, 9), (3, 6, 1)):
        sentence = course.python_problem(version)
        assert (
            "3.11 or newer" in sentence and f"3.{version[1]}" in sentence and "\n" not in sentence
        )
    assert "python3-venv" in course.python_problem((3, 11, 0), find=lambda name: None)


def test_old_python_can_read_course_py():
    ast.parse(SOURCE, feature_version=(3, 7))
    with pytest.raises(SyntaxError):
        ast.parse("match 1:\n    case 1: pass", feature_version=(3, 7))
    tree = ast.parse(SOURCE)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    imported = {alias.name.split(".")[0] for node in imports for alias in node.names}
    imported |= {
        node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    assert len(imported) > 5 and imported <= sys.stdlib_module_names
    assert "numpy" not in sys.stdlib_module_names


def test_nothing_but_an_environment_is_removed(tmp_path):
    venv = tmp_path / ".venv"
    course.remove_venv(venv)  # nothing there: nothing to do
    venv.mkdir()
    (venv / "thesis.txt").write_text("two years of work")
    with pytest.raises(course.CourseError, match="Rename it"):
        course.remove_venv(venv)
    assert (venv / "thesis.txt").exists()
    (venv / "pyvenv.cfg").touch()
    course.remove_venv(venv)
    assert not venv.exists()
    venv.write_text("a file")
    with pytest.raises(course.CourseError, match="not a folder"):
        course.remove_venv(venv)


def test_a_lock_left_by_a_dead_process_is_free(tmp_path):
    lock = tmp_path / ".venv-setup.lock"
    lock.write_text("\n999999\n")
    with course.only_one_setup(tmp_path), open(lock, "a+b") as second:
        assert not course.try_lock(second)
        assert course.holder(lock) == f"process {os.getpid()}"
    with open(lock, "a+b") as third:
        assert course.try_lock(third)


def test_commands():
    assert course.parse([]) == ("lab", [])
    assert course.parse(["--", "--port=0"]) == ("lab", ["--port=0"])
    assert course.parse(["test", "tests/test_x.py", "-k", "one"]) == (
        "test",
        ["tests/test_x.py", "-k", "one"],
    )
    assert course.parse(["test", "--all"]) == ("test", ["--all"])
    with pytest.raises(course.CourseError, match="Write one of: lab, test"):
        course.parse(["labb"])
    assert all(command in course.__doc__ for command in course.COMMANDS)


def test_help_needs_no_set_up(tmp_path, capsys):
    assert course.main(["-h"], tmp_path) == 0
    assert "bench" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk is full"),
        (
            "NewConnectionError: x\nERROR: No matching distribution found for numpy",
            ("network did not answer"),
        ),
        ("ERROR: No matching distribution found for numpy==9", "newer than"),
        ("something new", "show the file"),
    ],
)
def test_failure_says_what_to_do(tmp_path, log, advice):
    path = tmp_path / "setup.log"
    path.write_text(log, encoding="utf-8")
    message = course.setup_failure(path)
    assert advice in message and log.splitlines()[-1] in message and str(path) in message


def test_progress_counts_what_this_machine_needs(tmp_path):
    import io

    require(tmp_path, "# pins\n" + "\n".join(f"package{n}==1" for n in range(60)))
    (tmp_path / ".venv").mkdir()
    stream = io.StringIO()
    progress = course.Progress(tmp_path, stream)
    progress.read("Ignoring package0: markers 'x' don't match your environment\n")
    for n in range(1, 60):
        progress.read(f"Collecting package{n}==1 (from -r requirements.txt (line {n}))\n")
    lines = stream.getvalue().splitlines()
    assert lines == [
        "finding 1 of 59: package1",
        "finding 25 of 59: package25",
        ("finding 50 of 59: package50"),
    ]
