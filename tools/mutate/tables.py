"""Mutants of tables: every number of every table a twentieth up and a twentieth down.

All numbers of a folder are changed at once and each must be named: rows are compared one by one, so
none hides another. A table of single patients is one digest, which is asked cell by cell.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
from pathlib import Path

from hepatica.ledger.fields import PANDAS_TYPES
from hepatica.ledger.schemas import TABLES, key_column
from tools import numbers

BY = 0.05
DIGEST_CELLS = 5
"""Cells of each table of single patients that are asked, drawn with a seed."""


def moved(word: str, kind: str, up: bool) -> str:
    """A number of a table a twentieth up or down, a whole one by one at least."""
    sign = 1 if up else -1
    if kind == "whole":
        return str(int(word) + sign * max(1, round(abs(int(word)) * BY)))
    return f"{float(word) * (1 + sign * BY) or sign * BY:.10g}"


def numeric(name: str) -> dict[str, str]:
    """The number columns of a table and their kinds."""
    return {
        column: field.kind for column, field in TABLES[name].items() if field.kind in PANDAS_TYPES
    }


def change(file: Path, up: bool, only: tuple[int, str] | None = None) -> list[tuple[str, str]]:
    """Change every number of a table (or the one in row `only[0]`, column `only[1]`); return key and
    column of each."""
    name = file.stem
    kinds, key = numeric(name), key_column(name)
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))
    done = []
    for number, row in enumerate(rows):
        for column, kind in kinds.items():
            if row[column] and (only is None or only == (number, column)):
                row[column] = moved(row[column], kind, up)
                done.append((row[key], column))
    made = io.StringIO()
    writer = csv.DictWriter(made, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(made.getvalue(), encoding="utf-8", newline="\n")
    return done


def held() -> list[str]:
    """Tables whose numbers are stored one by one."""
    return sorted(set(TABLES) - {*numbers.APART, *numbers.WHOLE})


def survivors(data: Path, folder: Path, up: bool) -> tuple[list[str], dict[str, int]]:
    """Numbers of the tables in `data` whose change nobody names, and how many were changed of each
    table; `folder` takes the copy."""
    copy = folder / ("up" if up else "down")
    shutil.copytree(data, copy)
    changed = {name: change(copy / f"{name}.csv", up) for name in held()}
    changed = {name: cells for name, cells in changed.items() if cells}
    found = {line.split(": ")[0] for line in _named(data, copy)}
    asked = {f"{name}/{key}.{column}" for name in changed for key, column in changed[name]}
    return sorted(asked - found), {name: len(cells) for name, cells in changed.items()}


def _named(data: Path, copy: Path) -> list[str]:
    """What is named when the tables of a copy are held against those of a folder."""
    return numbers.moved(numbers.of_tables(data), numbers.of_tables(copy))


def silent_cells(name: str, data: Path, folder: Path, seed: int) -> list[str]:
    """Cells of a table of single patients whose change leaves its digest as it was; each folder is
    asked of once."""
    copy = shutil.copytree(data, folder / name)
    file, row = copy / f"{name}.csv", f"{name}/all"
    text, was = file.read_bytes(), numbers.of_tables(data)[row]
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8"))))
    filled = [(n, c) for n, line in enumerate(rows) for c in numeric(name) if line[c]]
    silent = []
    for place in random.Random(seed).sample(filled, DIGEST_CELLS):
        change(file, True, place)
        if numbers.of_tables(copy)[row] == was:
            silent.append(f"{name}, row {place[0] + 2}, {place[1]}")
        file.write_bytes(text)
    return silent
