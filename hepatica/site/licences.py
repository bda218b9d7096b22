"""Whose work the site carries: the texts of the licences, and every package with its licence."""

from __future__ import annotations

from importlib.metadata import files
from itertools import groupby
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
PAGE = "licences.html"
FOLDER = "licences"

PARTS = {
    "page": "In these pages",
    "read": "Reading and running the notebooks",
    "site": "Making pages and copies",
    "test": "Tests",
    "outside": "Programs outside Python, in tests",
}
"""What a package is needed for, in the order of the page."""

BROUGHT = "brought along by "
"""How the reason of a package begins that another one needs."""


def texts() -> dict[str, str]:
    """The licences that lie on every site, by file name: ours, and that of plotly.js."""
    ours = {name: (PROJECT / name).read_text("utf-8") for name in ("LICENSE", "LICENSE-TEXT")}
    (plotly,) = (file for file in files("plotly") or [] if file.name == "LICENSE.txt")
    found = {"hepatica-code": ours["LICENSE"], "hepatica-text": ours["LICENSE-TEXT"]}
    return {f"{name}.txt": text for name, text in found.items()} | {
        "plotly.txt": plotly.read_text("utf-8")
    }


def packages(ledger: Any) -> dict[str, list[dict[str, str]]]:
    """Every package by the part that needs it; those asked for by name first."""
    order = list(PARTS)

    def place(row: dict[str, str]) -> tuple[int, bool, str]:
        return order.index(row["part"]), row["why"].startswith(BROUGHT), row["key"]

    rows = sorted(ledger.rows("dependencies"), key=place)
    return {PARTS[part]: list(found) for part, found in groupby(rows, lambda row: row["part"])}
