"""What stops a build of the site, told so that a beginner knows what to write instead."""

from __future__ import annotations

from typing import NamedTuple


class SiteError(ValueError):
    """The site cannot be built from these notebooks; the message names the place and the remedy."""


class Place(NamedTuple):
    """Where a piece of a page comes from: the file, the cell (counted from 1)
    and the cell's first words."""

    file: str
    cell: int
    words: str = ""

    def __str__(self) -> str:
        quoted = f' ("{self.words}")' if self.words else ""
        return f"{self.file}, cell {self.cell}{quoted}"


def place_of(file: str, index: int, source: str) -> Place:
    """Return the place of the cell with this index (counted from 0) and source text."""
    lines = source.strip().splitlines()
    words = lines[0] if lines else ""
    return Place(file, index + 1, words if len(words) <= 50 else words[:49] + "…")
