"""The run looks at the tree beside it, counts what it leaves out,
and names the programs that are missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools import programs, refresh, tree

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (
    "pyproject.toml",
    "conftest.py",
    "hepatica/site/chromium.py",
    "tools/__init__.py",
    "tools/tree.py",
    "tools/programs.py",
    "tools/browser.py",
    "tools/engines.py",
    "tools/refresh.py",
    "tests/nbval_sanitize.cfg",
)
SAMPLE = """import pytest
import hepatica

def test_tree():
    assert hepatica.MARK == "the copy"

@pytest.mark.full
@pytest.mark.parametrize("engine", ["one", "two", "three"])
def test_matrix(engine):
    pass
"""


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the project, with another `hepatica`, one notebook,
    one small test and three large ones."""
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name, text in {
        "hepatica/__init__.py": "MARK = 'the copy'\n__version__ = '1.0'\n",
        "hepatica/ledger/__init__.py": "def grown_old(_today):\n    return []\n\n\nverdicts_grown_old = grown_old\n",
        "hepatica/ledger/readings.py": "MONTHS = 18\n",
        "tools/numbers.py": "def store():\n    return []\n\n\ndef moved_in(*_):\n    return []\n",
        "tests/test_sample.py": SAMPLE,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "exercises" / "solutions").mkdir(parents=True)
    said = new_output("stream", text="the copy\n")
    cell = new_code_cell("import hepatica\nprint(hepatica.MARK)", execution_count=1, outputs=[said])
    refresh.write_if_changed(
        tmp_path / "notebooks" / "00_tree.ipynb", refresh.normalise(new_notebook(cells=[cell]))
    )
    return tmp_path


def run(root: Path, *words: str, **more: str) -> tuple[int, list[str]]:
    """Exit code and printed lines of this environment's Python in another folder,
    on a machine without programs."""
    plain = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PYTHONPATH", "CI") and not key.startswith("PYTEST")
    }
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=root,
        env=plain | {"PATH": os.devnull} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip().splitlines()


LACKS = (
    "machine has no a browser (Chromium, Chrome or Edge) for the pages, no Firefox, the second "
    "engine for the pages, no WebKit (webkit2gtk-driver, xvfb), the third engine for the pages, "
    "no R with metafor, "
    "the referee of the pooled effects, no R with survival, "
    "the referee of the survival curves."
)


def test_a_copy_is_tested_with_its_own_package(copy):
    """Both pytest and the kernel of a notebook import the copy,
    though the environment belongs to another tree."""
    code, lines = run(copy, "pytest", "-p", "no:cacheprovider")
    assert code == 0, "\n".join(lines)
    assert re.search(r"\b2 passed\b", lines[-2]), lines[-2]
    assert lines[-1] == f"Left out: 3 larger tests (python3 course.py test --all). This {LACKS}"


def test_all_runs_everything_and_ci_refuses_a_machine_without_programs(copy):
    code, lines = run(
        copy, "pytest", "-p", "no:cacheprovider", "-n", "0", "--all", "tests", CI="true"
    )
    assert re.search(r"\b4 passed\b", lines[-2]), lines[-2]
    assert (code, lines[-1]) == (1, f"FAILED, because this {LACKS}")


def test_another_tree_is_refused_in_one_sentence(copy):
    """Without the line that serves the tree, a kernel would import this project:
    nothing is tested then."""
    conftest = copy / "conftest.py"
    text = conftest.read_text(encoding="utf-8")
    conftest.write_text(text.replace("\ntree.serve(ROOT)\n", "\n"), encoding="utf-8")
    assert conftest.read_text(encoding="utf-8") != text
    code, lines = run(copy, "pytest", "-p", "no:cacheprovider", "-n", "0", PYTHONPATH=str(ROOT))
    assert code == pytest.ExitCode.USAGE_ERROR
    sentence = [line for line in lines if "a kernel imports" in line]
    assert len(sentence) == 1 and str(copy / "hepatica" / "__init__.py") in sentence[0]
    assert not any("passed" in line for line in lines)


def test_refresh_runs_a_copy_with_its_own_package(copy):
    path = copy / "notebooks" / "00_tree.ipynb"
    before = path.read_text(encoding="utf-8")
    code, lines = run(copy, "tools.refresh")
    assert code == 0 and lines[-1].endswith("unchanged"), lines
    path.write_text(before.replace("the copy", "elsewhere"), encoding="utf-8")
    code, lines = run(copy, "tools.refresh")
    assert code == 0 and path.read_text(encoding="utf-8") == before, lines


def test_refresh_refuses_another_tree(monkeypatch, capsys):
    elsewhere = Path(os.devnull).parent / "hepatica" / "__init__.py"
    monkeypatch.setattr(tree, "served_to_kernels", lambda folder: elsewhere)
    monkeypatch.setattr(refresh, "refresh", lambda *_: pytest.fail("it ran a notebook"))
    assert refresh.main([]) == 1
    message = capsys.readouterr().err.strip()
    assert (
        message.startswith(f"The hepatica that a kernel imports is {elsewhere}, not ")
        and "\n" not in message
    )


def test_this_tree_is_served():
    assert tree.foreign(ROOT) == ""
    assert os.environ["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)


def test_another_tree_is_foreign(copy):
    assert "this Python imports" in tree.foreign(copy)


def test_what_is_there_is_not_missing():
    assert len(programs.PROGRAMS) >= 4
    sample = (programs.Program("a", lambda: None), programs.Program("b", lambda: "/bin/b"))
    assert programs.missing(sample) == ["a"]
    assert not programs.r_package("no.such.package")
