"""Checks of the whole ledger: every table loads, and a row that repeats another (`same_as`) agrees
with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hepatica.ledger import tables
from hepatica.ledger.complaints import LedgerError
from hepatica.ledger.schemas import TABLES, key_column

PER_CENT = ("%", "per 100")
"""How units of per cent begin; other units of a share are a hundredth of them."""


def check(data: Path | str | None = None) -> dict[str, int]:
    """Load every table, compare the rows that repeat others, and return each table's number of
    rows; raises LedgerError at the first thing that is wrong."""
    folder = tables.folder_of(data)
    described, present = set(TABLES), {file.stem for file in folder.glob("*.csv")}
    for name in sorted(present - described):
        raise LedgerError(
            f"data/{name}.csv has no schema. Describe its columns in hepatica/ledger/schemas.py."
        )
    counts = {name: len(tables.checked(name, folder)) for name in sorted(described)}
    check_copies(folder)
    return counts


def check_copies(folder: Path) -> int:
    """Compare every row that has a `same_as` with the row it names; return how many there are.

    Raises LedgerError for a row that does not exist or a number that differs. A share and a per
    cent (0.021 and 2.1 %) are the same number.
    """
    found = 0
    for name in sorted(TABLES):
        if "same_as" not in TABLES[name]:
            continue
        for key, row in tables.keyed(name, folder).items():
            if row["same_as"]:
                _compare(name, key, row, folder)
                found += 1
    return found


def _compare(name: str, key: str, row: dict[str, Any], folder: Path) -> None:
    """Raise LedgerError when a row's value is not that of the row it repeats."""
    other, _, other_key = row["same_as"].partition("/")
    if other not in TABLES or "value" not in TABLES[other]:
        raise LedgerError(
            f"{_where(name, key, folder)}, column same_as: {row['same_as']!r} names no row with a "
            "value. Write table/row-key, e.g. natural_history/years-to-half."
        )
    value = float(tables.row(other, other_key, folder)["value"])
    unit = tables.row(other, other_key, folder)["unit"]
    if abs(_share(row["value"], row["unit"]) - _share(value, unit)) > 1e-9:
        raise LedgerError(
            f"{_where(name, key, folder)}, column value: {row['value']:g} {row['unit']} is not the "
            f"{value:g} {unit} of {row['same_as']}. Correct one of them, or clear same_as."
        )


def _share(value: float, unit: str) -> float:
    """A number in its own unit, a per cent as a share."""
    return float(value) / 100 if unit.startswith(PER_CENT) else float(value)


def _where(name: str, key: str, folder: Path) -> str:
    """File, row and key, as the other complaints write them."""
    line = list(tables.keyed(name, folder)).index(key) + 2
    return f"data/{name}.csv, row {line} ({key_column(name)} {key})"
