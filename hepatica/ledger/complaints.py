"""What the ledger says when something is wrong: file, row, column,
value and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hepatica.ledger.fields import PANDAS_TYPES, Field, Known, links
from hepatica.ledger.printed import STANDS_IN
from hepatica.ledger.schemas import TABLES, key_column

if TYPE_CHECKING:
    import pandas as pd


ROW_CHECKS = {
    "range": "value",
    "parameter-key": "key",
    "reading": "read_on",
    "counted": "events",
    **{column: column for column in STANDS_IN},
}
"""The column to name when a check of several cells of a row fails."""


class LedgerError(ValueError):
    """Something in the ledger is wrong or unknown; the message says what to write instead."""


def instead(wrong: str, allowed: Iterable[str]) -> str:
    """ "Write one of …": the nearest allowed words, or the first few when none is near."""
    words = sorted(set(allowed))
    near = difflib.get_close_matches(wrong, words, n=4, cutoff=0.5) or difflib.get_close_matches(
        wrong.lower(), words, n=4, cutoff=0.4
    )
    if not words:
        return "Nothing is known yet."
    return f"Write one of: {', '.join(near or words[:8])}{'' if near or len(words) <= 8 else ' …'}."


def complaint(name: str, raw: pd.DataFrame, failures: pd.DataFrame, known: Known) -> str:
    """One message for the first failure of a table: file, row, key, column, value and what to do.

    `raw` holds the cells as text, `failures` pandera's failure cases, `known` the row keys of the
    other tables.
    """
    placed = failures.dropna(subset=["index"])
    placed = placed.assign(whole_row=placed["check"].isin(list(ROW_CHECKS)))  # one cell comes first
    first = placed.sort_values(["index", "whole_row"], kind="stable").iloc[0]
    index, code = int(first["index"]), str(first["check"])
    column = ROW_CHECKS.get(code, str(first["column"]))
    row = raw.loc[index]
    where = f"data/{name}.csv, row {index + 2} (key {row[key_column(name)]}), column {column}"
    others = failures["index"].nunique() - 1
    more = (
        f" ({others} more row{'s' if others > 1 else ''} of this table fail too.)" if others else ""
    )
    return f"{where}: {_advice(name, column, code, row, known)}{more}"


def _advice(name: str, column: str, code: str, row: pd.Series, known: Known) -> str:
    """What is wrong with one cell and what to write instead."""
    field, value = TABLES[name][column], row[column]
    if code == "blank":
        return "the cell is blank. " + _needed(field)
    if code == "duplicate":
        return f"{value!r} is used by an earlier row too. Give each row a key of its own."
    if code == "choice":
        return f"{value!r} is not allowed. Write one of: {', '.join(field.choices)}."
    if code == "link":
        return _unknown_link(value, field, known)
    if code == "json":
        return f'{value!r} is not a JSON object. Write it like {{"A_0": 1000000}}.'
    if code == "range":
        return (
            f"{value} does not lie within low {row['low']} and high {row['high']}. "
            "Correct one of them."
        )
    if code == "parameter-key":
        return f"{value!r} is not model.symbol. Write {row['model']}.{row['symbol']}."
    if code == "day":
        return f"{value!r} is not a day. Write year-month-day, e.g. 2026-11-27."
    if code == "reading":
        return (
            f"the day is {value or 'blank'} and read_as is {row['read_as'] or 'blank'}. "
            "Fill both or neither."
        )
    if code == "counted":
        return f"{value} of {row['patients']} is not what {row['as_printed']!r} says. Correct one of them."
    return (
        f"{value!r} does not hold every number of the row. Write what the source prints; a "
        "complement, another unit or a middle is computed: say so in status."
    )


def _needed(field: Field) -> str:
    """What to put into a cell that must not be blank."""
    if field.table:
        return f"Write a key of data/{field.table}.csv."
    return "Write a number." if field.kind in PANDAS_TYPES else "Write what belongs there."


def _unknown_link(value: str, field: Field, known: Known) -> str:
    """Advice for a key that its table does not have."""
    rows = known(field.table)
    wrong = next(part for part in links(value, field) if part not in rows)
    singular = field.table.removesuffix("s").replace("_", " ")
    advice = instead(wrong, rows).removesuffix(".")
    return f"{wrong!r} is not a known {singular}. {advice}, or add it to data/{field.table}.csv."
