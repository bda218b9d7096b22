"""The tables of ``data/``: read when first asked for, checked against their schema, and kept."""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hepatica.ledger import cells, schemas, validation
from hepatica.ledger.complaints import LedgerError, complaint, instead
from hepatica.ledger.fields import PANDAS_TYPES

if TYPE_CHECKING:
    import pandas as pd

BESIDE = Path(__file__).resolve().parents[2] / "data"
INSTALLED = Path(sys.prefix) / "share" / "hepatica" / "data"
DATA = BESIDE if BESIDE.is_dir() else INSTALLED
"""The folder of the tables: beside the package, where a reader mends them, or installed with it."""

SIZES = "sizes"
"""The table that says how many rows each other table has at least."""


def table(name: str, data: Path | str | None = None) -> pd.DataFrame:
    """One table, checked; ``name`` is the file name without ``.csv``.

    Numbers are floats (blank: NaN), whole numbers nullable integers, text is text (blank: ""). The
    frame is a copy, so changing it does not change the ledger. `data` is another folder of tables,
    for tests. Raises LedgerError for an unknown name or a table that breaks a rule.
    """
    return checked(name, folder_of(data)).copy()


def rows(name: str, data: Path | str | None = None) -> list[dict[str, Any]]:
    """One table as a list of rows, each a dict by column, in the order of the file.

    Numbers are floats, whole numbers ints (blank: None), text is text (blank: ""). This needs
    nothing but Python, so that it works on a page of the site as it does in a notebook, where the
    table is checked besides. The rows are copies. Raises LedgerError as `table` does.
    """
    return [dict(row) for row in _plain_rows(name, folder_of(data))]


def forget() -> None:
    """Drop every table that is kept; whoever asks next reads the files again."""
    for kept in (checked, _keys, _cells, _plain_rows, keyed):
        kept.cache_clear()


def folder_of(data: Path | str | None) -> Path:
    """The folder of the tables that a caller means."""
    return DATA if data is None else Path(data)


@lru_cache(maxsize=256)
def checked(name: str, folder: Path) -> pd.DataFrame:
    """One table, read, checked and kept: shared by all who ask, so nobody may change it."""
    _require_described(name)
    if not find_spec("pandas"):
        raise LedgerError(f'There is no pandas here. Write ledger.rows("{name}"), a list of rows.')
    import pandera.errors

    raw = _read(name, folder)

    def known(other: str) -> frozenset[str]:
        return _keys(other, folder)

    try:
        return validation.schema(name, known).validate(raw, lazy=True)
    except pandera.errors.SchemaErrors as error:
        _cells.cache_clear()  # who mends the file and asks again must find it mended
        raise LedgerError(complaint(name, raw, error.failure_cases, known)) from None


def _read(name: str, folder: Path) -> pd.DataFrame:
    """The cells of a table as text; blank cells of number columns become missing values."""
    import pandas as pd

    columns = schemas.TABLES[name]
    frame = pd.DataFrame(_cells(name, folder), columns=list(columns), dtype=object)
    for column, field in columns.items():
        if field.kind in PANDAS_TYPES:
            frame[column] = frame[column].where(frame[column] != "", None)
    return frame


@lru_cache(maxsize=256)
def _cells(name: str, folder: Path) -> tuple[cells.Row, ...]:
    """The cells of a table, whole and in their places, but not yet checked against each other."""
    file = _file(name, folder)
    found = tuple(cells.read(file, schemas.TABLES[name]))
    sizes = found if name == SIZES else _cells(SIZES, folder)
    cells.check_size(file, len(found), {row["table"]: int(row["rows"]) for row in sizes})
    return found


@lru_cache(maxsize=256)
def _keys(name: str, folder: Path) -> frozenset[str]:
    """The row keys of a table, read without checking it,
    so that two tables may point to each other."""
    column = schemas.key_column(name)
    return frozenset(row[column] for row in _cells(name, folder))


def _require_described(name: str) -> None:
    """Raise LedgerError for a table that has no description."""
    if name not in schemas.TABLES:
        raise LedgerError(f"There is no table {name!r}. {instead(name, schemas.TABLES)}")


def _file(name: str, folder: Path) -> Path:
    """The file of a table; LedgerError when it is not there."""
    file = folder / f"{name}.csv"
    if not file.exists():
        raise LedgerError(
            f"data/{name}.csv is missing. Restore it, or take it out of hepatica/ledger/schemas.py."
        )
    return file


@lru_cache(maxsize=256)
def _plain_rows(name: str, folder: Path) -> tuple[dict[str, Any], ...]:
    """The rows of a table, checked where pandas is installed."""
    _require_described(name)
    if find_spec("pandas"):
        checked(name, folder)
    fields = schemas.TABLES[name]
    return tuple(
        {column: _cell(cell, fields[column].kind) for column, cell in row.items()}
        for row in _cells(name, folder)
    )


def _cell(text: str, kind: str) -> Any:
    """One cell as a value of its kind."""
    if kind not in PANDAS_TYPES:
        return text
    if text == "":
        return None
    return float(text) if kind == "number" else int(text)


@lru_cache(maxsize=256)
def keyed(name: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Every row of a table by its key: shared by all who ask, so nobody may change it."""
    found = _plain_rows(name, folder)
    column = schemas.key_column(name)
    return {row[column]: row for row in found}


def row(name: str, key: str, folder: Path) -> dict[str, Any]:
    """One row by its key; LedgerError, with the nearest keys, when there is none."""
    known = keyed(name, folder)
    if key not in known:
        raise LedgerError(f"data/{name}.csv has no row {key!r}. {instead(key, known)}")
    return known[key]
