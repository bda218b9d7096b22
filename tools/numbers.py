"""Numbers that moved: in the tables, held against tests/stored_numbers.csv, and in the results of a
notebook, held against those of its last run. Refresh names each and stores the new ones.

A row of the file is a row of a table and the numbers of its columns, as they are written. The two
tables of single patients of the Mayo Clinic are held as one digest each.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from hepatica import ledger
from hepatica.ledger import cells
from hepatica.ledger.fields import PANDAS_TYPES
from hepatica.ledger.schemas import TABLES, key_column
from hepatica.ledger.tables import SIZES
from hepatica.ledger.teaching import TABLES as TEACHING

STORED = Path(__file__).resolve().parent.parent / "tests" / "stored_numbers.csv"
WHOLE = ("pbc", "pbcseq")
"""Tables of single patients, which stay as their source has them: a digest each."""
APART = (SIZES, *TEACHING)
"""Tables whose numbers are rows and minutes, no findings; their own tests hold them."""
COLUMNS = ("row", "numbers")
SHOWN = 12
"""Moved numbers of one notebook that are named; of more, how many there are."""
DIGITS = re.compile(r"[-\N{MINUS SIGN}]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")

Numbers = dict[str, dict[str, str]]
"""Row (`table/key`) to column to number, as written."""


def of_tables(data: Path = ledger.DATA) -> Numbers:
    """Every number column of every row of a folder of tables."""
    found: Numbers = {}
    for name in sorted(set(TABLES) - set(APART)):
        file = data / f"{name}.csv"
        if name in WHOLE:
            digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
            found[f"{name}/all"] = {"digest": digest}
            continue
        key = key_column(name)
        numeric = [column for column, field in TABLES[name].items() if field.kind in PANDAS_TYPES]
        for row in cells.read(file, TABLES[name]):
            filled = {column: row[column] for column in numeric if row[column]}
            if filled:
                found[f"{name}/{row[key]}"] = filled
    return found


def read(file: Path = STORED) -> Numbers:
    """The numbers as they were stored; none where there is no file yet."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        return {
            row["row"]: dict(pair.split("=", 1) for pair in row["numbers"].split())
            for row in csv.DictReader(lines)
        }


def moved(before: Numbers, after: Numbers) -> list[str]:
    """One line per number that differs, came or went."""
    lines = []
    for row in sorted(before.keys() | after.keys()):
        old, new = before.get(row, {}), after.get(row, {})
        for column in dict.fromkeys([*old, *new]):
            if old.get(column) != new.get(column):
                was, now = old.get(column, "nothing"), new.get(column, "nothing")
                lines.append(f"{row}.{column}: {was} → {now}")
    return lines


def store(data: Path = ledger.DATA, file: Path = STORED) -> list[str]:
    """Write the tables' numbers as they are now; return what has moved since the last time."""
    now = of_tables(data)
    lines = moved(read(file), now)
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\n")
    rows.writerow(COLUMNS)
    for row, numbers in now.items():
        rows.writerow([row, " ".join(f"{column}={number}" for column, number in numbers.items())])
    if lines or not file.exists():
        file.write_text(made.getvalue(), encoding="utf-8", newline="\n")
    return lines


def moved_in(before: NotebookNode, after: NotebookNode) -> list[str]:
    """One line per stored result of a notebook whose number differs from the last run's, with
    where it stands; the first `SHOWN` of them, then how many more."""
    lines = []
    for number, (old, new) in enumerate(zip(before.cells, after.cells, strict=False), start=1):
        if old.get("source") == new.get("source"):
            pairs = _leaves(old.get("outputs", []), new.get("outputs", []), f"cell {number}")
            lines += [line for place, was, now in pairs for line in _line(place, was, now)]
    more = len(lines) - SHOWN
    return lines[:SHOWN] + ([f"… and {more} more"] if more > 0 else [])


def _leaves(old: Any, new: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """The leaves of two nested results that stand in the same place and differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() & new.keys():
            yield from _leaves(old[key], new[key], f"{place}, {key}")
    elif isinstance(old, list) and isinstance(new, list):
        for index, (one, other) in enumerate(zip(old, new, strict=False)):
            yield from _leaves(one, other, f"{place} {index}")
    elif old != new:
        yield place, old, new


def _line(place: str, was: Any, now: Any) -> list[str]:
    """What has moved in one leaf: a number, or the digits of a text."""
    short = ", ".join(part for part in place.split(", ") if "/" not in part and part != "data")
    if isinstance(was, str) and isinstance(now, str):
        old, new = DIGITS.findall(was), DIGITS.findall(now)
        if len(old) != len(new):
            return [f"{short}: {len(old)} numbers → {len(new)}"]
        return [f"{short}: {a} → {b}" for a, b in zip(old, new, strict=True) if a != b]
    return [f"{short}: {was} → {now}"]


if __name__ == "__main__":
    print("\n".join(store()) or "no stored number moved")
