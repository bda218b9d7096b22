"""uv against pip: `python3 course.py bench set-up` makes two environments for reading, over the
network, in one run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.budget import Line
from tools.setup import sets
from tools.setup.environment import site_packages, venv_python

ROOT = Path(__file__).resolve().parent.parent
SET_UP = (
    "import pathlib, tools.setup.environment as e; e.ensure(pathlib.Path.cwd(), 'read', ('uv',))"
)
AT_LEAST = 5  # times faster than pip
MOST_MB = 700


def copy(folder: Path) -> Path:
    """What of the course a set-up needs, in a folder of its own."""
    for name in ("tools", "requirements", "hepatica"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def seconds(command: list[str], folder: Path) -> float:
    """How long a program takes in a folder; its output goes nowhere."""
    variables = {name: text for name, text in os.environ.items() if not name.startswith("UV_")}
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=variables, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def with_course(folder: Path) -> float:
    """The set-up as a reader gets it, with the check that everything is whole."""
    return seconds([sys._base_executable, "-c", SET_UP], copy(folder))


def with_pip(folder: Path) -> float:
    """The two commands that everybody knows, with the same pins."""
    venv = folder / ".venv"
    make = seconds([sys._base_executable, "-m", "venv", str(venv)], folder)
    pins = str(sets.file(ROOT, "read"))
    install = [str(venv_python(venv)), "-m", "pip", "install", "-qq", "-r", pins]
    return make + seconds(install, folder)


def megabytes(folder: Path) -> int:
    """What the files below a folder take, in MB."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return round(sum(path.stat().st_size for path in files) / 1e6)


def measured() -> list[Line]:
    """The two budgets of the set-up."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        uv, size = with_course(Path(one)), megabytes(Path(one) / ".venv")
        packages = sum(1 for _ in site_packages(Path(one) / ".venv").glob("*.dist-info"))
        pip = with_pip(Path(other))
    return [
        Line(
            f"set-up for reading, {packages} packages, against pip alone",
            f"at least {AT_LEAST} times faster",
            f"{pip / uv:.1f} times ({uv:.1f} s against {pip:.1f} s)",
            pip / uv >= AT_LEAST,
        ),
        Line("the same on the disk", f"under {MOST_MB} MB", f"{size} MB", size < MOST_MB),
    ]
