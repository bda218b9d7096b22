"""A file of the ledger as cells of text: one line a row, UTF-8, commas, every cell in its place.

What is not that is refused, so that an accident in a spreadsheet or an editor never becomes a
number: another encoding, a file that was cut off, a row too long or too short, a quote that does
not close, a blank line, digits that are no number. The message names file, row (as an editor counts
lines), column and what to write. It needs nothing but Python, so it holds on a page too.
"""

from __future__ import annotations

import codecs
import csv
import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from hepatica.ledger.complaints import LedgerError
from hepatica.ledger.fields import PANDAS_TYPES, Field

Columns = Mapping[str, Field]
Row = dict[str, str]

FORMS = {
    "number": re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"),
    "whole": re.compile(r"-?[0-9]{1,15}"),
}
"""How digits are written; Python's own reading also takes nan, inf, 1_500 and other scripts."""

QUOTED = re.compile(r'(?:^|(?<=,))"(?:[^"]|"")*"(?=,|$)')
"""A quoted cell of a line; a quote that is left when these are gone does not close."""

ORDERS = {codecs.BOM_UTF8: "UTF-8", codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
"""What a file in front of which a byte order mark stands is written in."""

NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\ufeff\ufffd]")
"""Signs that no cell needs and no reader sees: they are left by a broken file or encoding."""

SAVE = "Save the table as CSV in UTF-8 without a byte order mark"
MISREAD = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|\u00e2\u20ac"
)
"""How letters of UTF-8 look that were taken for Windows' code page, which a page's Python lacks."""
SHEET_ERROR = re.compile(r"#(REF!|NAME\?|VALUE!|DIV/0!|N/A|NULL!|NUM!|SPILL!)")


def read(file: Path, columns: Columns) -> list[Row]:
    """The rows of a file by column, as text; row number n of the list stands on line n + 2.

    Raises LedgerError for anything that is not a whole table of these columns.
    """
    lines = _lines(file, columns)
    _check_header(file, lines[0], columns)
    if len(lines) == 1:
        raise _wrong(file, 2, columns, 0, "no row stands under the header. Restore the rows.")
    rows = [_row(file, n, line, columns) for n, line in enumerate(lines[1:], start=2)]
    for n, row in enumerate(rows, start=2):
        _check_cells(file, n, row, columns)
    return rows


def _wrong(file: Path, n: int, columns: Columns, at: int, what: str, key: str = "") -> LedgerError:
    """The error for one cell: the column is the one at place `at`, or the last."""
    names = list(columns)
    of = f" (key {key})" if key else ""
    where = f"data/{file.name}, row {n}{of}, column {names[min(at, len(names) - 1)]}"
    return LedgerError(f"{where}: {what}")


# -- lines -----------------------------------------------------------------------------------------


def _lines(file: Path, columns: Columns) -> list[str]:
    """The lines of a file without their ends; LedgerError unless it is whole and in UTF-8."""
    raw = file.read_bytes()
    if not raw.strip():
        raise _wrong(file, 1, columns, 0, f"the file is empty. Write {','.join(columns)} first.")
    for mark, name in ORDERS.items():
        if raw.startswith(mark):
            what = f"the file begins with the byte order mark of {name}. {SAVE}."
            raise _wrong(file, 1, columns, 0, what)
    text = _decoded(file, raw, columns).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines.pop():
        at = _cells_before(text)
        what = "the last line has no end, so the file may be cut off. Restore it, or end the line."
        raise _wrong(file, len(lines) + 1, columns, at, what)
    blank = next((n for n, line in enumerate(lines, start=1) if not line.strip()), None)
    if blank:
        raise _wrong(file, blank, columns, 0, "the line is blank. Delete it.")
    return lines


def _decoded(file: Path, raw: bytes, columns: Columns) -> str:
    """The text; LedgerError at the first byte that is not of UTF-8, or that no text holds."""
    try:
        text, end = raw.decode("utf-8"), -1
    except UnicodeDecodeError as error:
        text, end = raw[: error.start].decode("utf-8"), error.start
    odd = NO_TEXT.search(text)
    if odd:
        text, end = text[: odd.start()], odd.start()
    if end < 0:
        return text
    n = text.count("\n") + 1 if "\n" in text else text.count("\r") + 1
    what = f"a sign here is no text of UTF-8. {SAVE}, not as UTF-16 or a code page of Windows."
    raise _wrong(file, n, columns, _cells_before(text), what)


def _cells_before(text: str) -> int:
    """How many cells are complete in the last line of a text that stops within a cell."""
    left = QUOTED.sub("", re.split("[\r\n]", text)[-1])
    return left.partition('"')[0].count(",")


# -- rows ------------------------------------------------------------------------------------------


def _check_header(file: Path, line: str, columns: Columns) -> None:
    """LedgerError unless the first line names these columns, each once, in this order."""
    names, expected = next(csv.reader([line])), list(columns)
    if names == expected:
        return
    other = next((mark for mark in (";", "\t", "|") if line.count(mark) >= len(expected) - 1), "")
    if other and len(names) == 1 < len(expected):
        what = f"the cells are parted by {other!r}. Save the table with commas between them."
        raise _wrong(file, 1, columns, 0, what)
    missing = [name for name in expected if name not in names]
    unknown = [name for name in names if name not in expected]
    twice = [name for name in names if names.count(name) > 1]
    for found, what in (
        (missing, "is missing. Add it"),
        (unknown, "is not known. Remove it, or describe it in hepatica/ledger/schemas.py"),
        (twice, "stands twice. Remove one of them"),
        (names, "is not where it belongs. Keep this order"),
    ):
        if found:
            where = f"data/{file.name}, row 1: column {found[0]!r}"
            raise LedgerError(f"{where} {what}. Columns: {', '.join(expected)}.")


def _row(file: Path, n: int, line: str, columns: Columns) -> Row:
    """The cells of one line by column."""
    left = QUOTED.sub("", line)
    if '"' in left:
        at = left[: left.index('"')].count(",")
        what = "a quote does not close. Put the whole cell in quotes and double those within it."
        raise _wrong(file, n, columns, at, what)
    cells = next(csv.reader([line], strict=True))
    if len(cells) > len(columns):
        raise _too_many(file, n, cells, columns)
    if len(cells) < len(columns):
        what = f"the row has {len(cells)} cells and needs {len(columns)}. Add what is missing."
        raise _wrong(file, n, columns, _first_odd(cells, columns), what, cells[0])
    return dict(zip(columns, cells, strict=True))


def _too_many(file: Path, n: int, cells: Sequence[str], columns: Columns) -> LedgerError:
    """The error of a row that is too long; a decimal comma is told from other commas."""
    told = f"the row has {len(cells)} cells and needs {len(columns)}."
    if len(cells) == len(columns) + 1:
        for at, pair in enumerate(pairwise(cells)):
            joined = [*cells[:at], ".".join(pair), *cells[at + 2 :]]
            if _is_number(list(columns.values())[at], joined[at]) and _fit(joined, columns):
                what = f"{told} Write {joined[at]} if {','.join(pair)} is one number."
                return _wrong(file, n, columns, at, what, cells[0])
    what = f"{told} Put a cell that holds a comma in quotes."
    return _wrong(file, n, columns, _first_odd(cells, columns), what, cells[0])


def _is_number(field: Field, cell: str) -> bool:
    """Whether a filled cell of a number column holds a number."""
    form = FORMS.get(field.kind)
    return bool(form and form.fullmatch(cell) and math.isfinite(float(cell)))


def _fits(field: Field, cell: str) -> bool:
    """Whether a cell may stand in a column, as far as its own letters tell."""
    if field.kind in PANDAS_TYPES:
        return not cell or _is_number(field, cell)
    return not field.choices or not cell or field.many or cell in field.choices


def _fit(cells: Sequence[str], columns: Columns) -> bool:
    """Whether each cell may stand where it stands."""
    return all(map(_fits, columns.values(), cells))


def _first_odd(cells: Sequence[str], columns: Columns) -> int:
    """The place of the first cell that does not belong where it stands, or of the last."""
    fits = list(map(_fits, columns.values(), cells))
    return fits.index(False) if False in fits else len(cells)


# -- cells -----------------------------------------------------------------------------------------


def _check_cells(file: Path, n: int, row: Row, columns: Columns) -> None:
    """LedgerError for the first cell that an accident has changed."""
    for at, (name, cell) in enumerate(row.items()):
        what = _accident(cell, columns[name])
        if what:
            raise _wrong(file, n, columns, at, what, next(iter(row.values())))


def _accident(cell: str, field: Field) -> str:
    """What happened to one cell and what to write; blank if nothing did."""
    if field.kind in PANDAS_TYPES:
        kind = "a whole number" if field.kind == "whole" else "a number"
        advice = "Write digits with a decimal point and no unit, or leave the cell blank."
        return "" if _fits(field, cell) else f"{cell!r} is not {kind}. {advice}"
    if cell != cell.strip() and cell.strip():
        return f"{cell!r} begins or ends with a blank. Write {cell.strip()!r}."
    if SHEET_ERROR.fullmatch(cell):
        return f"{cell!r} is an error of a spreadsheet. Write what belongs there."
    if MISREAD.search(cell):
        return f"{cell!r} was read as a code page of Windows and saved so. Restore its letters."
    return ""


# -- whole tables ----------------------------------------------------------------------------------


def check_size(file: Path, rows: int, sizes: Mapping[str, int]) -> None:
    """LedgerError when a table has fewer rows than data/sizes.csv says: half of it may be gone."""
    if file.stem not in sizes:
        raise LedgerError(
            f"data/sizes.csv, row {len(sizes) + 2}, column table: there is no row for {file.name}. "
            f"Restore it, or write {file.stem},{rows} for a new table."
        )
    if rows < sizes[file.stem]:
        raise LedgerError(
            f"data/{file.name}, row {rows + 2}, column key: the table ends after {rows} rows and "
            f"had {sizes[file.stem]}. Restore them, or write {rows} into data/sizes.csv."
        )
