"""Descriptions of tables turned into pandera schemas, whose complaints carry short codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from hepatica.ledger.fields import PANDAS_TYPES, Field, Known, links
from hepatica.ledger.printed import STANDS_IN, counted, printed
from hepatica.ledger.schemas import TABLES

if TYPE_CHECKING:  # pandera takes about a second to import, so it waits until a table is validated
    import pandas as pd
    import pandera.pandas as pa


def schema(name: str, known: Known) -> pa.DataFrameSchema:
    """The pandera schema of one table.

    ``known`` gives the row keys of the tables that this one points to. Each check carries a short
    code (``blank``, ``choice``, ``link`` …) that the ledger turns into advice.
    """
    import pandera.pandas as pa

    columns = {column: _column(field, known) for column, field in TABLES[name].items()}
    return pa.DataFrameSchema(columns, checks=_row_checks(name))


def _column(field: Field, known: Known) -> pa.Column:
    import pandera.pandas as pa

    if field.kind in PANDAS_TYPES:
        filled = pa.Check(lambda cells: cells.notna(), error="blank", ignore_na=False)
        return pa.Column(
            PANDAS_TYPES[field.kind], [] if field.optional else filled, nullable=True, coerce=True
        )
    tests = _cell_tests(field, known)
    checks = [pa.Check(test, element_wise=True, error=code) for code, test in tests.items()]
    if field.kind == "key":
        checks.append(pa.Check(lambda cells: ~cells.duplicated(), error="duplicate"))
    return pa.Column(None, checks)


def _cell_tests(field: Field, known: Known) -> dict[str, Callable[[str], bool]]:
    """Tests for one text cell by code of the complaint; blank cells only fail ``blank``."""
    tests: dict[str, Callable[[str], bool]] = {}
    if not field.optional:
        tests["blank"] = lambda cell: bool(cell.strip())
    if field.kind == "choice":
        tests["choice"] = lambda cell: set(links(cell, field)) <= set(field.choices)
    if field.kind == "link":
        rows = known(field.table)
        tests["link"] = lambda cell: all(part in rows for part in links(cell, field))
    if field.kind == "json":
        tests["json"] = _is_json_object
    if field.kind == "day":
        tests["day"] = _is_day
    return tests


def _is_json_object(cell: str) -> bool:
    try:
        return not cell or isinstance(json.loads(cell), dict)
    except json.JSONDecodeError:
        return False


def _is_day(cell: str) -> bool:
    try:
        return not cell or date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _row_checks(name: str) -> list[pa.Check]:
    """Checks that look at several cells of a row."""
    import pandera.pandas as pa

    checks = []
    if {"value", "low", "high"} <= TABLES[name].keys():
        checks.append(pa.Check(_in_range, error="range"))
    if "read_on" in TABLES[name]:
        checks.append(pa.Check(_day_and_reading_together, error="reading"))
    checks += [pa.Check(_stands_in(column), error=column) for column in _words_of(name)]
    if {"as_printed", "events"} <= TABLES[name].keys():
        checks.append(pa.Check(lambda rows: _plain(rows).apply(counted, axis=1), error="counted"))
    if name == "parameters":
        checks.append(pa.Check(_key_is_model_and_symbol, error="parameter-key"))
    return checks


def _in_range(rows: pd.DataFrame) -> pd.Series:
    """low <= value <= high wherever the numbers are given."""
    above = rows["low"].isna() | rows["value"].isna() | (rows["value"] >= rows["low"])
    below = rows["high"].isna() | rows["value"].isna() | (rows["value"] <= rows["high"])
    ordered = rows["low"].isna() | rows["high"].isna() | (rows["low"] <= rows["high"])
    return above & below & ordered


def _day_and_reading_together(rows: pd.DataFrame) -> pd.Series:
    return (rows["read_on"] == "") == (rows["read_as"] == "")


def _words_of(name: str) -> list[str]:
    """The columns of printed words that a table has beside a status."""
    return [column for column in STANDS_IN if {column, "status"} <= TABLES[name].keys()]


def _stands_in(column: str) -> Callable[[pd.DataFrame], pd.Series]:
    """A check that the numbers of each row stand in one column of printed words."""
    return lambda rows: _plain(rows).apply(lambda row: printed(row, column), axis=1)


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with None for what is blank."""
    return rows.astype(object).where(rows.notna(), None)


def _key_is_model_and_symbol(rows: pd.DataFrame) -> pd.Series:
    return rows["key"] == rows["model"] + "." + rows["symbol"]
