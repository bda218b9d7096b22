"""The tables of ``data/``: read when first asked for, checked against their schema, and kept."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hepatica.ledger import schemas, validation
from hepatica.ledger.complaints import LedgerError, complaint, instead
from hepatica.ledger.fields import PANDAS_TYPES

if TYPE_CHECKING:
    import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "data"
"""The folder of the tables."""


def table(name: str, data: Path | str | None = None) -> pd.DataFrame:
    """One table, checked; ``name`` is the file name without ``.csv``.

    Numbers are floats (blank: NaN), whole numbers nullable integers, text is text (blank: ""). The
    frame is a copy, so changing it does not change the ledger. `data` is another folder of tables,
    for tests. Raises LedgerError for an unknown name or a table that breaks a rule.
    """
    return checked(name, folder_of(data)).copy()


def forget() -> None:
    """Drop every table that is kept; whoever asks next reads the files again."""
    for kept in (checked, _keys, rows):
        kept.cache_clear()


def folder_of(data: Path | str | None) -> Path:
    """The folder of the tables that a caller means."""
    return DATA if data is None else Path(data)


@lru_cache(maxsize=256)
def checked(name: str, folder: Path) -> pd.DataFrame:
    """One table, read, checked and kept: shared by all who ask, so nobody may change it."""
    import pandera.errors

    if name not in schemas.TABLES:
        raise LedgerError(f"There is no table {name!r}. {instead(name, schemas.TABLES)}")
    raw = _read(name, folder)

    def known(other: str) -> frozenset[str]:
        return _keys(other, folder)

    try:
        return validation.schema(name, known).validate(raw, lazy=True)
    except pandera.errors.SchemaErrors as error:
        raise LedgerError(complaint(name, raw, error.failure_cases, known)) from None


def _read(name: str, folder: Path) -> pd.DataFrame:
    """The cells of a table as text; blank cells of number columns become missing values."""
    import pandas as pd

    file = folder / f"{name}.csv"
    if not file.exists():
        raise LedgerError(
            f"data/{name}.csv is missing. Restore it, or take it out of hepatica/ledger/schemas.py."
        )
    frame = pd.read_csv(file, dtype=object, keep_default_na=False, encoding="utf-8")
    for column, field in schemas.TABLES[name].items():
        if field.kind in PANDAS_TYPES and column in frame:
            frame[column] = frame[column].where(frame[column] != "", None)
    return frame


@lru_cache(maxsize=256)
def _keys(name: str, folder: Path) -> frozenset[str]:
    """The row keys of a table, read without checking it,
    so that two tables may point to each other."""
    column = schemas.key_column(name)
    return frozenset(_read(name, folder).get(column, ()))


@lru_cache(maxsize=256)
def rows(name: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Every row of a table by its key."""
    frame = checked(name, folder)
    return dict(zip(frame[schemas.key_column(name)], frame.to_dict("records"), strict=True))


def row(name: str, key: str, folder: Path) -> dict[str, Any]:
    """One row by its key; LedgerError, with the nearest keys, when there is none."""
    known = rows(name, folder)
    if key not in known:
        raise LedgerError(f"data/{name}.csv has no row {key!r}. {instead(key, known)}")
    return known[key]
