"""`pip install .` takes along every file of the package: scripts, styles, drawings, templates,
kinds of card."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


def source(folder: Path) -> Path:
    """A copy of what a wheel is built from."""
    shutil.copytree(
        ROOT / "hepatica", folder / "hepatica", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(ROOT / name, folder)
    return folder


def left_out(folder: Path) -> set[str]:
    """Files of the package that a wheel built in `folder` lacks."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder / "dist")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    with zipfile.ZipFile(folder / "dist" / done.stdout.split()[-1]) as wheel:
        packed = set(wheel.namelist())
    there = {
        path.relative_to(folder).as_posix()
        for path in (folder / "hepatica").rglob("*")
        if path.is_file()
    }
    assert len(there) > 200
    return there - packed


def test_a_wheel_holds_every_file_of_the_package(tmp_path):
    assert left_out(source(tmp_path)) == set()


def test_a_wheel_without_drawings_is_noticed(tmp_path):
    settings = source(tmp_path) / "pyproject.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('"*.svg", "*.json", ', ""), encoding="utf-8"
    )
    missing = left_out(tmp_path)
    assert {"hepatica/cards/drawings/lobule.svg", "hepatica/cards/drawings/lobule.json"} <= missing
