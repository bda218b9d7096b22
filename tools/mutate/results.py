"""What came of mutants: tests/mutants.csv, a row each, written as they end."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "tests/mutants.csv"
KILLED, SURVIVED = "killed", "survived"


class Result(NamedTuple):
    """A mutant and its end: the file, the line as it stands and as it stood in the mutant, killed or
    survived, by which test, and why nobody can see a survivor."""

    file: str
    was: str
    now: str
    end: str
    by: str
    reason: str = ""


def read(file: Path = RESULTS) -> list[Result]:
    """All results; none where there is no file yet."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return [Result(**row) for row in csv.DictReader(lines)]


def write(results: list[Result], file: Path = RESULTS) -> None:
    """Write the whole table, file by file."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerows([Result._fields, *sorted(results)])


def add(result: Result, file: Path = RESULTS) -> None:
    """Put one more at the end, so that a run that is cut off has lost nothing."""
    with file.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        if not lines.tell():
            writer.writerow(Result._fields)
        writer.writerow(result)


def gone(results: list[Result], root: Path = ROOT) -> list[Result]:
    """Results whose line stands in its file no more: they tell nothing of the code as it is."""
    lines: dict[str, set[str]] = {}
    for name in {result.file for result in results}:
        file = root / name
        text = file.read_text("utf-8") if file.exists() else ""
        lines[name] = {line.strip() for line in text.splitlines()}
    return [result for result in results if result.was not in lines[result.file]]
