"""Honest times: ``python -m tools.minutes`` writes the minutes of `hepatica.cards.parts.minutes` into the
first cell of each notebook, data/notebooks.csv and the map of README.md, and tells what changed.

Afterwards ``python3 course.py refresh 00``: its map shows them too.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat

from hepatica.cards.parts.minutes import printed

ROOT = Path(__file__).resolve().parent.parent


def rewrite(root: Path = ROOT) -> list[str]:
    """Write the minutes of every notebook under root; one line for each that changed.

    Raises ValueError when a place that should state the minutes does not.
    """
    changed = []
    for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        number, told = path.stem[:2], printed(nbformat.read(path, as_version=4))
        before = _put(path, r'"\*(\d+) minutes\*', told)
        _put(root / "data" / "notebooks.csv", rf"^{number},.*,(\d+),[^,\n]*$", told)
        _put(root / "README.md", rf"^\| \[{number}\]\(notebooks/.*\| (\d+) \|$", told)
        if before != told:
            changed.append(f"{path.stem}: {before} → {told} minutes")
    return changed


def _put(path: Path, pattern: str, told: int) -> int:
    """Write a number where the pattern's first match in a file has its group; the number before."""
    text = path.read_text(encoding="utf-8")
    found = re.search(pattern, text, re.MULTILINE)
    if not found:
        raise ValueError(f"{path.name} states no minutes where {pattern!r} should find them")
    if int(found[1]) != told:
        fresh = f"{text[: found.start(1)]}{told}{text[found.end(1) :]}"
        path.write_text(fresh, encoding="utf-8", newline="\n")
    return int(found[1])


if __name__ == "__main__":
    print("\n".join(rewrite()) or "All minutes are those of the rule.")
    sys.exit(0)
