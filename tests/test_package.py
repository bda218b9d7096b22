"""A wheel and an archive of the sources take along every file of the package (scripts, styles,
drawings, templates, kinds of card) and every table, and a card opens where nothing else lies."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_{}(sys.argv[1]))"
OPEN = """
import hepatica
from hepatica import ledger
from hepatica.cards import Quiz
from hepatica.lessons import n03_a_liver_that_scars as cards
print(hepatica.__file__)
assert ledger.table("trials").shape[0] > 10 and Quiz.load("02", "check").spec["items"]
assert cards.macrophages_away().spec["kind"]
"""


def source(folder: Path) -> Path:
    """A copy of what a wheel is built from."""
    shutil.copytree(
        ROOT / "hepatica", folder / "hepatica", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(ROOT / "data", folder / "data")
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(ROOT / name, folder)
    return folder


def built(folder: Path, what: str) -> Path:
    """The wheel or sdist that setuptools builds in `folder`."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD.format(what), str(folder / "dist")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return folder / "dist" / done.stdout.split()[-1]


def left_out(folder: Path, packed: set[str]) -> set[str]:
    """Files of the package, and tables, that are not among those packed."""
    places = [folder / "hepatica", folder / "data"]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    there = {path.relative_to(folder).as_posix() for path in files}
    assert len(there) > 250
    return there - packed


def in_wheel(file: Path) -> set[str]:
    """What a wheel holds, the tables by their names in the project."""
    with zipfile.ZipFile(file) as wheel:
        return {name.split(".data/data/share/hepatica/")[-1] for name in wheel.namelist()}


def test_wheel_and_archive_hold_every_file_and_a_card_opens_from_them(tmp_path):
    folder = source(tmp_path / "source")
    with tarfile.open(built(folder, "sdist")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        archive.extractall(tmp_path / "unpacked", filter="data")
    assert left_out(folder, names) == set()
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    wheel = built(unpacked, "wheel")
    assert left_out(folder, in_wheel(wheel)) == set()
    python = installed(wheel, tmp_path / "clean")
    done = subprocess.run(
        [python, "-I", "-c", OPEN], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "clean") in done.stdout


def installed(wheel: Path, place: Path) -> Path:
    """The Python of a new environment with the wheel; what it needs is taken from this one."""
    venv.create(place)
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    words = ["-m", "pip", "--python", python, "install", "--no-deps", "--quiet", wheel]
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    found = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()
    (Path(found) / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def test_a_wheel_without_drawings_or_tables_is_noticed(tmp_path):
    settings = source(tmp_path) / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('"*.svg", "*.json", ', "").replace('"data/*.csv", ', ""), encoding="utf-8"
    )
    missing = left_out(tmp_path, in_wheel(built(tmp_path, "wheel")))
    drawings = {f"hepatica/cards/drawings/lobule.{kind}" for kind in ("svg", "json")}
    assert drawings | {"data/parameters.csv"} <= missing
