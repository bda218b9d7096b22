"""The ledger: every number of the course, with value, unit, range, source and status.

The tables are the CSV files of ``data/``. A table is read when it is first asked for, checked against its
schema (``hepatica.ledger.schemas``) and kept. Anything wrong raises ``LedgerError`` with file, row, column, value and
what to do.

    >>> number("parameters/scar_circuit.mu_1").value
    0.3

``python -m hepatica.ledger`` checks everything and prints the number of rows per table.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hepatica.ledger import schemas

if TYPE_CHECKING:
    import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "data"
"""The folder of the tables."""

INHERITS = {
    "liver": "scar_circuit", "nh_hcv": "nh_late", "nh_masld": "nh_late", "nh_alcohol": "nh_late",
    "nh_decompensation": "nh_late",
}
"""A model on the left takes every parameter of the model on the right that it does not set itself."""

PLACEHOLDER = re.compile(r"\{([a-z_]{3,}/[^{}:\s]+)(?::([^{}]*))?\}")
"""{table/row-key}, {table/row-key.low} or {table/row-key:.1f} in a text."""


class LedgerError(ValueError):
    """Something in the ledger is wrong or unknown; the message says what to write instead."""


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
    """One number of the ledger; ``low`` and ``high`` are None where the source gives no interval."""

    key: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    source: str
    status: str


@dataclass(frozen=True)
class Reference:
    """One source: DOI, PubMed and PMC numbers where known, otherwise an address."""

    key: str
    short: str
    title: str
    doi: str
    pmid: str
    pmc: str
    url: str
    note: str

    @property
    def link(self) -> str:
        """The best address: DOI, then PubMed, then PMC, then the page itself; blank for our own work."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        if self.pmc:
            return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmc}/"
        return self.url


def table(name: str, data: Path | str | None = None) -> pd.DataFrame:
    """One table, checked; ``name`` is the file name without ``.csv``.

    Numbers are floats (blank: NaN), whole numbers nullable integers, text is text (blank: ""). The frame is a
    copy, so changing it does not change the ledger. `data` is another folder of tables, for tests. Raises
    LedgerError for an unknown name or a table that breaks a rule.
    """
    return _load(name, _folder(data)).copy()


def parameters(model: str, data: Path | str | None = None) -> dict[str, Parameter]:
    """The parameters of ``model`` by symbol.

    The liver model contains the scar circuit, so ``parameters("liver")`` holds the liver's own rows plus every
    row of ``scar_circuit`` that the liver does not set itself (see ``INHERITS``): a shared rate is written only
    once. Raises LedgerError for a model without rows.
    """
    rows = _load("parameters", _folder(data))
    if model not in set(rows["model"]):
        advice = _instead(model, rows["model"])
        raise LedgerError(f"data/parameters.csv has no model {model!r}. {advice}")
    inherited = parameters(INHERITS[model], data) if model in INHERITS else {}
    fields = list(Parameter.__dataclass_fields__)
    own = rows.loc[rows["model"] == model, fields].to_dict("records")
    return inherited | {row["symbol"]: Parameter(**row) for row in own}


def number(key: str, data: Path | str | None = None) -> Number:
    """The number of row ``table/row-key``, e.g. ``physiology/portal-share``.

    ``table/row-key.column`` gives another numeric column of the row, e.g. ``trials/Newsome2018.n_treated``.
    Raises LedgerError, with the nearest keys, when there is no such row or column.
    """
    name, row, column = _locate(key, _folder(data))
    value = _numeric(key, name, row, column)
    whole_row = column == "value"
    return Number(
        key=key,
        label=row.get("label") or row[schemas.key_column(name)],
        value=value,
        low=_or_none(row.get("low")) if whole_row else None,
        high=_or_none(row.get("high")) if whole_row else None,
        unit=row.get("unit", "") if column in ("value", "low", "high", "sd") else "",
        source=row.get("source", ""),
        status=row.get("status", ""),
    )


def reference(key: str, data: Path | str | None = None) -> Reference:
    """The source ``key`` of data/references.csv; raises LedgerError, with the nearest keys, when unknown."""
    return Reference(**_row("references", key, _folder(data)))


def cite(key: str, data: Path | str | None = None) -> str:
    """A Markdown link to a source, ``[Adler 2020](https://doi.org/…)``; plain words where it has no address."""
    source = reference(key, data)
    return f"[{source.short}]({source.link})" if source.link else source.short


def fill(text: str, data: Path | str | None = None) -> str:
    """Replace ``{table/row-key}``, ``{table/row-key.low}`` and ``{table/row-key:.1f}`` by the ledger's numbers.

    Without a format a number is written as ``plain`` writes it. Raises LedgerError for an unknown key or a blank
    cell.
    """

    def digits(match: re.Match[str]) -> str:
        value = number(match[1], data).value
        if value is None:
            raise LedgerError(f"{match[0]} is blank in the ledger. Use another column, such as .low or .high.")
        return _minus(format(value, match[2])) if match[2] else plain(value)

    return PLACEHOLDER.sub(digits, text)


def plain(value: float) -> str:
    """A number as a reader expects it: 70, 0.117, −0.87, and powers of ten from a million on (2×10⁶)."""
    if abs(value) >= 1e6:
        mantissa, power = f"{value:.6e}".split("e")
        raised = str(int(power)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return _minus(f"{float(mantissa):g}×10{raised}")
    return _minus(f"{value:.10g}" if abs(value) >= 1e-4 or value == 0 else f"{value:.3g}")


def _minus(number: str) -> str:
    """The number with a minus sign where Python writes a hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")


def check(data: Path | str | None = None) -> dict[str, int]:
    """Load every table and return its number of rows; raises LedgerError at the first thing that is wrong."""
    folder = _folder(data)
    described, present = set(schemas.TABLES), {file.stem for file in folder.glob("*.csv")}
    for name in sorted(present - described):
        raise LedgerError(f"data/{name}.csv has no schema. Describe its columns in hepatica/schemas.py.")
    return {name: len(_load(name, folder)) for name in sorted(described)}


def _folder(data: Path | str | None) -> Path:
    return DATA if data is None else Path(data)


@lru_cache(maxsize=256)
def _load(name: str, folder: Path) -> pd.DataFrame:
    """Read, check and keep one table."""
    import pandera.errors

    if name not in schemas.TABLES:
        raise LedgerError(f"There is no table {name!r}. {_instead(name, schemas.TABLES)}")
    raw = _read(name, folder)
    try:
        frame = schemas.schema(name, lambda other: _keys(other, folder)).validate(raw, lazy=True)
    except pandera.errors.SchemaErrors as error:
        raise LedgerError(_complaint(name, raw, error.failure_cases, folder)) from None
    return frame


def _read(name: str, folder: Path) -> pd.DataFrame:
    """The cells of a table as text; blank cells of number columns become missing values."""
    import pandas as pd

    file = folder / f"{name}.csv"
    if not file.exists():
        raise LedgerError(f"data/{name}.csv is missing. Restore it, or take it out of hepatica/schemas.py.")
    frame = pd.read_csv(file, dtype=object, keep_default_na=False, encoding="utf-8")
    for column, field in schemas.TABLES[name].items():
        if field.kind in schemas.PANDAS_TYPES and column in frame:
            frame[column] = frame[column].where(frame[column] != "", None)
    return frame


@lru_cache(maxsize=256)
def _keys(name: str, folder: Path) -> frozenset[str]:
    """The row keys of a table, read without checking it, so that two tables may point to each other."""
    column = schemas.key_column(name)
    return frozenset(_read(name, folder).get(column, ()))


@lru_cache(maxsize=256)
def _rows(name: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Every row of a table by its key."""
    frame = _load(name, folder)
    return dict(zip(frame[schemas.key_column(name)], frame.to_dict("records"), strict=True))


def _row(name: str, key: str, folder: Path) -> dict[str, Any]:
    rows = _rows(name, folder)
    if key not in rows:
        raise LedgerError(f"data/{name}.csv has no row {key!r}. {_instead(key, rows)}")
    return rows[key]


def _locate(key: str, folder: Path) -> tuple[str, dict[str, Any], str]:
    """Table, row and column of ``table/row-key`` or ``table/row-key.column``."""
    name, slash, rest = key.partition("/")
    if not slash:
        raise LedgerError(f"{key!r} names no table. Write table/row-key, e.g. physiology/portal-share.")
    if rest in _rows(name, folder):
        return name, _rows(name, folder)[rest], "value"
    row_key, dot, column = rest.rpartition(".")
    if dot and row_key in _rows(name, folder):
        return name, _rows(name, folder)[row_key], column
    return name, _row(name, rest, folder), "value"


def _numeric(key: str, name: str, row: dict[str, Any], column: str) -> float | None:
    """The number in one cell; LedgerError when the column holds none."""
    numeric = [each for each, field in schemas.TABLES[name].items() if field.kind in schemas.PANDAS_TYPES]
    if column not in numeric:
        advice = _instead(column, numeric)
        raise LedgerError(f"{key!r}: data/{name}.csv has no number column {column!r}. {advice}")
    return _or_none(row[column])


def _or_none(cell: Any) -> float | None:
    import pandas as pd

    return None if cell is None or pd.isna(cell) else float(cell)


def _instead(wrong: str, allowed: Iterable[str]) -> str:
    """ "Write one of …": the nearest allowed words, or the first few when none is near."""
    words = sorted(set(allowed))
    near = difflib.get_close_matches(wrong, words, n=4, cutoff=0.5) or difflib.get_close_matches(
        wrong.lower(), words, n=4, cutoff=0.4
    )
    if not words:
        return "Nothing is known yet."
    return f"Write one of: {', '.join(near or words[:8])}{'' if near or len(words) <= 8 else ' …'}."


def _complaint(name: str, raw: pd.DataFrame, failures: pd.DataFrame, folder: Path) -> str:
    """One message for the first failure of a table: file, row, key, column, value and what to do."""
    columns = _column_complaint(name, failures)
    if columns:
        return columns
    first = failures.dropna(subset=["index"]).sort_values("index", kind="stable").iloc[0]
    index, code = int(first["index"]), str(first["check"])
    column = "value" if code == "range" else "key" if code == "parameter-key" else str(first["column"])
    row = raw.loc[index]
    where = f"data/{name}.csv, row {index + 2} (key {row[schemas.key_column(name)]}), column {column}"
    others = failures["index"].nunique() - 1
    more = f" ({others} more row{'s' if others > 1 else ''} of this table fail too.)" if others else ""
    return f"{where}: {_advice(name, column, code, row, folder)}{more}"


def _column_complaint(name: str, failures: pd.DataFrame) -> str:
    """A message when columns are missing, unknown or in another order; blank otherwise."""
    expected = list(schemas.TABLES[name])
    for code, message in {
        "column_in_dataframe": "is missing. Add it",
        "column_in_schema": "is not known. Remove it, or describe it in hepatica/schemas.py",
        "column_ordered": "is not where it belongs. Keep this order",
    }.items():
        found = failures.loc[failures["check"] == code, "failure_case"]
        if len(found):
            where = f"data/{name}.csv, row 1: column {found.iloc[0]!r}"
            return f"{where} {message}. Columns: {', '.join(expected)}."
    return ""


def _advice(name: str, column: str, code: str, row: pd.Series, folder: Path) -> str:
    """What is wrong with one cell and what to write instead."""
    field, value = schemas.TABLES[name][column], row[column]
    if code == "blank":
        return "the cell is blank. " + _needed(field)
    if code == "duplicate":
        return f"{value!r} is used by an earlier row too. Give each row a key of its own."
    if code == "choice":
        return f"{value!r} is not allowed. Write one of: {', '.join(field.choices)}."
    if code == "link":
        return _unknown_link(value, field, folder)
    if code == "json":
        return f'{value!r} is not a JSON object. Write it like {{"A_0": 1000000}}.'
    if code == "range":
        return f"{value} does not lie within low {row['low']} and high {row['high']}. Correct one of them."
    if code == "parameter-key":
        return f"{value!r} is not model.symbol. Write {row['model']}.{row['symbol']}."
    kind = "a whole number" if field.kind == "whole" else "a number"
    return f"{value!r} is not {kind}. Write digits with a decimal point and no unit, or leave the cell blank."


def _needed(field: schemas.Field) -> str:
    """What to put into a cell that must not be blank."""
    if field.table:
        return f"Write a key of data/{field.table}.csv."
    return "Write a number." if field.kind in schemas.PANDAS_TYPES else "Write what belongs there."


def _unknown_link(value: str, field: schemas.Field, folder: Path) -> str:
    """Advice for a key that its table does not have."""
    known = _keys(field.table, folder)
    wrong = next(part for part in schemas.links(value, field) if part not in known)
    singular = field.table.removesuffix("s").replace("_", " ")
    advice = _instead(wrong, known).removesuffix(".")
    return f"{wrong!r} is not a known {singular}. {advice}, or add it to data/{field.table}.csv."


def main() -> None:
    """Check every table and print its number of rows."""
    counts = check()
    for name, rows in counts.items():
        print(f"{rows:6d}  {name}")
    print(f"{sum(counts.values()):6d}  rows in {len(counts)} tables, all checked")


if __name__ == "__main__":
    main()
