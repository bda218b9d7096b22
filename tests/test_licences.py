"""The site carries its licences; every package has its licence and its reason in one table, which
agrees with the pins and with what is installed."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sample_course import quietly, sample

from hepatica import ledger
from hepatica.site import licences

ROOT = Path(__file__).resolve().parent.parent
SETS = ("read", "site", "test")
FAMILIES = {"bsd": "BSD", "mit": "MIT", "apache": "Apache", "mozilla": "MPL", "mpl": "MPL"}
FAMILIES |= {"python software": "PSF", "psf": "PSF", "isc": "ISC", "agpl": "AGPL", "lgpl": "LGPL"}


def pinned() -> dict[str, str]:
    """Every pinned package and the first set that asks for it."""
    found: dict[str, str] = {}
    for part in SETS:
        lines = (ROOT / "requirements" / f"{part}.txt").read_text("utf-8").splitlines()
        for line in (line for line in lines if line.strip() and not line.startswith("#")):
            found.setdefault(canonicalize_name(Requirement(line).name), part)
    return found


def asked_for() -> set[str]:
    """The packages that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    return {canonicalize_name(Requirement(each).name) for names in lists for each in names}


def families(words: str) -> set[str]:
    """The families of licences that some words name."""
    return {family for word, family in FAMILIES.items() if re.search(rf"\b{word}", words.lower())}


def stated(name: str) -> set[str]:
    """The families of licences that an installed package states; none where it states nothing
    or is not installed here."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return set()
    classifiers = [each for each in found.get_all("Classifier") or [] if "License" in each]
    first = (found.get("License") or "").split("\n")[0]
    return families(" ".join([found.get("License-Expression") or first, *classifiers]))


def problems(rows: list[dict]) -> list[str]:
    """Where the table differs from the pins, from pyproject.toml or from what is installed."""
    pins, direct = pinned(), asked_for()
    table = {row["key"]: row for row in rows if row["part"] in SETS}
    found = [f"{name} has no row" for name in sorted(pins.keys() - table.keys())]
    found += [f"{name} is not pinned" for name in sorted(table.keys() - pins.keys())]
    for name in sorted(pins.keys() & table.keys()):
        row, known = table[name], stated(name)
        if row["part"] != pins[name]:
            found.append(f"{name} stands in {pins[name]}.txt")
        if known and not known & families(row["licence"]):
            found.append(f"{name} says {sorted(known)}, not {row['licence']}")
        if (name in direct) == row["why"].startswith(licences.BROUGHT):
            found.append(f"{name}: why?")
    return found


def test_every_pin_has_its_licence_and_its_reason():
    rows = ledger.rows("dependencies")
    assert len(rows) > 150 and problems(rows) == []
    assert sum(bool(stated(name)) for name in pinned()) > 100, "hardly a package states a licence"


@pytest.mark.parametrize(
    "name, changes, word",
    [
        ("numpy", {"licence": "AGPL-3.0-or-later"}, "numpy says"),
        ("numpy", {"part": "test"}, "numpy stands in read.txt"),
        ("numpy", {"why": "brought along by pandas"}, "numpy: why?"),
        ("numpy", {"key": "numpi"}, "numpi is not pinned"),
    ],
)
def test_a_table_that_differs_is_refused(name, changes, word):
    rows = [row | changes if row["key"] == name else row for row in ledger.rows("dependencies")]
    assert any(word in found for found in problems(rows))


def test_the_site_carries_its_licences(tmp_path):
    site = quietly(sample(tmp_path))
    texts = {path.name: path.read_text("utf-8") for path in (site / licences.FOLDER).iterdir()}
    assert texts == licences.texts()
    assert texts["hepatica-code.txt"] == (ROOT / "LICENSE").read_text("utf-8")
    assert "Creative Commons" in texts["hepatica-text.txt"] and "MIT" in texts["plotly.txt"]
    page = BeautifulSoup((site / licences.PAGE).read_text("utf-8"), "html.parser")
    for name in texts:
        assert page.select(f'a[href="{licences.FOLDER}/{name}"]'), name
    shown = {item["id"].removeprefix("package-") for item in page.select(".rows li")}
    assert shown == {row["key"] for row in ledger.rows("dependencies")}
    start = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    assert start.select(f'footer a[href$="{licences.PAGE}"]')
