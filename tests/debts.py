"""What the course still owes: debts.csv says how much, check by check, and may only shrink."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

TABLE = Path(__file__).with_name("debts.csv")
COLUMNS = ["check", "notebook", "owed"]
WHOLE = "all"
"""In the column `notebook`: the course as a whole."""


def owed(check: str, table: Path = TABLE) -> dict[str, int]:
    """How much of a check each notebook may still owe; a row of nothing is refused."""
    with open(table, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS, f"{table.name} has the columns {reader.fieldnames}"
        rows = [row for row in reader if row["check"] == check]
    found = {row["notebook"]: int(row["owed"]) for row in rows}
    assert len(found) == len(rows), f"{table.name} names a notebook twice for {check!r}"
    assert all(count > 0 for count in found.values()), f"{table.name}: take out rows of 0 ({check})"
    return found


def differences(check: str, found: Mapping[str, int], table: Path = TABLE) -> list[str]:
    """Where what a check found is not what the table says: too much, or less than it says."""
    allowed = owed(check, table)
    return [
        f"{check}, {notebook}: {now} owed, {table.name} says {was}. "
        + ("Mend it; a debt may only shrink." if now > was else "Correct the table.")
        for notebook in sorted({*found, *allowed})
        if (now := found.get(notebook, 0)) != (was := allowed.get(notebook, 0))
    ]
