"""Numbers and parameters by key, and the one way to print a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hepatica.ledger import tables
from hepatica.ledger.complaints import LedgerError, instead
from hepatica.ledger.fields import PANDAS_TYPES
from hepatica.ledger.printed import NUMBERS
from hepatica.ledger.schemas import TABLES, key_column

INHERITS = {
    "tide": "scar_circuit",
    "nh_hcv": "nh_late",
    "nh_masld": "nh_late",
    "nh_alcohol": "nh_late",
    "nh_decompensation": "nh_late",
}
"""A model on the left takes every parameter of the model on the right that it does not set
itself."""

IN_UNIT = (*NUMBERS, "reference_value")
"""The columns that stand in the unit of their row."""

PLACEHOLDER = re.compile(r"\{([a-z_]{3,}/[^{}:\s]+)(?::([^{}]*))?\}")
"""{table/row-key}, {table/row-key.low} or {table/row-key:.1f} in a text."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a model, with the range a slider may offer."""

    symbol: str
    label: str
    value: float
    low: float
    high: float
    unit: str
    scale: str
    source: str
    status: str
    note: str


@dataclass(frozen=True)
class Number:
    """One number of the ledger; ``low`` and ``high`` are None where the source gives no
    interval."""

    key: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str
    status: str


def parameters(model: str, data: Path | str | None = None) -> dict[str, Parameter]:
    """The parameters of ``model`` by symbol.

    The scar model contains the scar circuit, so ``parameters("tide")`` holds its own rows
    plus every row of ``scar_circuit`` that it does not set itself (see ``INHERITS``): a
    shared rate is written only once. Raises LedgerError for a model without rows.
    """
    rows = tables.rows("parameters", data)
    models = {row["model"] for row in rows}
    if model not in models:
        advice = instead(model, models)
        raise LedgerError(f"data/parameters.csv has no model {model!r}. {advice}")
    inherited = parameters(INHERITS[model], data) if model in INHERITS else {}
    fields = Parameter.__dataclass_fields__
    own = [row for row in rows if row["model"] == model]
    return inherited | {
        row["symbol"]: Parameter(**{field: row[field] for field in fields}) for row in own
    }


def number(key: str, data: Path | str | None = None) -> Number:
    """The number of row ``table/row-key``, e.g. ``physiology/portal-share``.

    ``table/row-key.column`` gives another numeric column of the row, e.g.
    ``trials/Newsome2018.n_treated``.
    Raises LedgerError, with the nearest keys, when there is no such row or column.
    """
    name, row, column = _locate(key, tables.folder_of(data))
    value = _numeric(key, name, row, column)
    whole_row = column == "value"
    return Number(
        key=key,
        label=row.get("label") or row[key_column(name)],
        value=value,
        low=_or_none(row.get("low")) if whole_row else None,
        high=_or_none(row.get("high")) if whole_row else None,
        unit=row.get("unit", "") if column in IN_UNIT else "",
        source=row.get("source", ""),
        status=row.get("status", ""),
    )


def fill(text: str, data: Path | str | None = None) -> str:
    """Replace ``{table/row-key}``, ``{table/row-key.low}`` and ``{table/row-key:.1f}`` by the
    ledger's numbers.

    Without a format a number is written as ``plain`` writes it. Raises LedgerError for an unknown
    key or a blank cell.
    """

    def digits(match: re.Match[str]) -> str:
        value = number(match[1], data).value
        if value is None:
            raise LedgerError(
                f"{match[0]} is blank in the ledger. Use another column, such as .low or .high."
            )
        return written(value, match[2]) if match[2] else plain(value)

    return PLACEHOLDER.sub(digits, text)


def shown(unit: str, data: Path | str | None = None) -> tuple[str, float]:
    """What a reader sees in place of a unit, and by how much values are multiplied for it.

    >>> shown("share of healthy"), shown("mmHg"), shown("ratio")
    (('% of healthy', 100.0), ('mmHg', 1.0), ('', 1.0))

    The one place where this is decided is data/units.csv. Raises LedgerError for an unknown unit.
    """
    if not unit:
        return "", 1
    row = tables.row("units", unit, tables.folder_of(data))
    words = row["shown"]
    return ("" if words == "none" else words or unit), float(row["times"] or 1)


def plain(value: float) -> str:
    """A number as a reader expects it: 70, 0.117, −0.87,
    and powers of ten from a million on (2×10⁶)."""
    if abs(value) >= 1e6:
        mantissa, power = f"{value:.6e}".split("e")
        raised = str(int(power)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{written(float(mantissa), 'g')}×10{raised}"
    return written(value, ".10g" if abs(value) >= 1e-4 or value == 0 else ".3g")


def written(value: float, form: str) -> str:
    """A number in Python's format `form`, such as ".1f",
    with a minus sign where Python writes a hyphen."""
    return format(value, form).replace("-", "\N{MINUS SIGN}")


def _locate(key: str, folder: Path) -> tuple[str, dict[str, Any], str]:
    """Table, row and column of ``table/row-key`` or ``table/row-key.column``."""
    name, slash, rest = key.partition("/")
    if not slash:
        raise LedgerError(
            f"{key!r} names no table. Write table/row-key, e.g. physiology/portal-share."
        )
    if rest in tables.keyed(name, folder):
        return name, tables.keyed(name, folder)[rest], "value"
    row_key, dot, column = rest.rpartition(".")
    if dot and row_key in tables.keyed(name, folder):
        return name, tables.keyed(name, folder)[row_key], column
    return name, tables.row(name, rest, folder), "value"


def _numeric(key: str, name: str, row: dict[str, Any], column: str) -> float | None:
    """The number in one cell; LedgerError when the column holds none."""
    numeric = [each for each, field in TABLES[name].items() if field.kind in PANDAS_TYPES]
    if column not in numeric:
        advice = instead(column, numeric)
        raise LedgerError(f"{key!r}: data/{name}.csv has no number column {column!r}. {advice}")
    return _or_none(row[column])


def _or_none(cell: float | None) -> float | None:
    return None if cell is None else float(cell)
