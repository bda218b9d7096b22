"""Write into data/sizes.csv how many rows each table of the ledger has, so that a table that loses
some is refused: ``python -m tools.sizes``, after rows were added or taken out on purpose."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hepatica.ledger.cells import read
from hepatica.ledger.schemas import TABLES
from hepatica.ledger.tables import DATA, SIZES


def write(data: Path = DATA) -> bool:
    """Count the rows of every table of a folder; tell whether a number has changed."""
    counts = [
        (name, len(TABLES) if name == SIZES else len(read(data / f"{name}.csv", TABLES[name])))
        for name in sorted(TABLES)
    ]
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows([tuple(TABLES[SIZES]), *counts])
    file = data / f"{SIZES}.csv"
    changed = not file.exists() or file.read_text(encoding="utf-8") != made.getvalue()
    file.write_text(made.getvalue(), encoding="utf-8", newline="\n")
    return changed


if __name__ == "__main__":
    print("data/sizes.csv has changed" if write() else "data/sizes.csv holds")
