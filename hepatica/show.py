"""Tables for notebooks: numbers, parameters and claims of the ledger, and results of models; and
the line with which a notebook ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from numbers import Real
from typing import Any

from hepatica import __version__, ledger
from hepatica.model.mathml import symbol_html

MARKS = {"published": "●", "computed": "◐", "teaching": "○", "model input": "◇"}


@dataclass(frozen=True)
class Table:
    """A table that a notebook displays; cells are HTML."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _repr_html_(self) -> str:
        names = "".join(f'<th scope="col">{name}</th>' for name in self.head)
        head = f"<caption>{self.caption}</caption><thead><tr>{names}</tr></thead>"
        return f"<table>{head}<tbody>{''.join(_row_html(row) for row in self.rows)}</tbody></table>"

    def __repr__(self) -> str:
        return f"{self.caption}: {len(self.rows)} rows"


def table(caption: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
    """A result as a table: what it shows, its columns (with units), its rows.

    Round numbers to what should be seen; a column prints them with the same number of decimals.
    Raises ValueError for a row that does not fit the head.
    """
    names, values = tuple(head), [tuple(row) for row in rows]
    odd = [row for row in values if len(row) != len(names)]
    if odd:
        raise ValueError(f"{len(names)} columns {names}, but a row of {len(odd[0])}: {odd[0]}")
    columns = [_column(column) for column in zip(*values, strict=True)]
    cells = tuple(zip(*columns, strict=True))
    return Table(escape(caption), tuple(escape(name) for name in names), cells)


def frame(caption: str, data: Any) -> Table:
    """A pandas table with what it shows as its caption; its index is the first column.

    Names written like_this are printed as words.
    """
    spoken = lambda x: x.replace("_", " ") if isinstance(x, str) and x.isidentifier() else x
    rows = [[spoken(x) for x in row] for row in data.reset_index().itertuples(index=False)]
    names = (data.index.name, *data.columns)
    return table(caption, [str(spoken(name) or "") for name in names], rows)


def _column(values: Sequence[Any]) -> list[str]:
    """The cells of a column; numbers from a thousand on need no decimals to stand in line."""
    numbers = [float(value) for value in values if _is_number(value)]
    places = max((len(ledger.plain(x).partition(".")[2]) for x in numbers), default=0)
    even = max((abs(x) for x in numbers), default=0) < 1000
    form = (lambda x: ledger.written(x, f".{places}f")) if even else ledger.plain
    words = ["" if x is None else str(x) for x in values]
    cells = zip(values, words, strict=True)
    return [form(float(x)) if _is_number(x) else escape(word) for x, word in cells]


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _row_html(row: Iterable[str]) -> str:
    first, *rest = row
    cells = "".join(f"<td>{cell}</td>" for cell in rest)
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'


def _source(key: str) -> str:
    reference = ledger.reference(key)
    short = escape(reference.short)
    return f'<a href="{escape(reference.link)}">{short}</a>' if reference.link else short


def _interval(low: float | None, high: float | None) -> str:
    known = [ledger.plain(x) for x in (low, high) if x is not None]
    # no dash beside a minus sign
    return (" to " if low is not None and low < 0 else "–").join(known)


def _words(status: str) -> str:
    """The status of a number with its mark; a row without one has no mark."""
    return f"{MARKS.get(status, '')} {status}"


def numbers(*keys: str, caption: str = "Numbers of this notebook") -> Table:
    """Numbers of the ledger by key, such as "physiology/portal-share".

    Raises LedgerError for an unknown key.
    """
    head = ("What", "Value", "Range", "Unit", "Status", "Source")
    return Table(caption, head, tuple(_number_row(ledger.number(key)) for key in keys))


def _number_row(row: ledger.Number) -> tuple[str, ...]:
    value = "" if row.value is None else ledger.plain(row.value)
    interval, unit = _interval(row.low, row.high), escape(row.unit)
    return (escape(row.label), value, interval, unit, _words(row.status), _source(row.source))


def parameters(model: str, *symbols: str, caption: str = "") -> Table:
    """Parameters of a model by symbol, or all of them; the range is what a slider may offer.

    Raises LedgerError for an unknown model and KeyError for an unknown symbol.
    """
    chosen = ledger.parameters(model)
    rows = [chosen[symbol] for symbol in symbols or chosen]
    head = ("Symbol", "Meaning", "Value", "Range", "Unit", "Status", "Source")
    title = caption or f"Parameters of the model: {model.replace('_', ' ')}"
    return Table(title, head, tuple(_parameter_row(row) for row in rows))


def _parameter_row(row: ledger.Parameter) -> tuple[str, ...]:
    value, interval = ledger.plain(row.value), _interval(row.low, row.high)
    name, unit = symbol_html(row.symbol), escape(row.unit)
    return (name, escape(row.label), value, interval, unit, _words(row.status), _source(row.source))


def claims(*ids: str, caption: str = "Claims of the article met here") -> Table:
    """Claims of the article with verdict, certainty, what it leaves out and the best source.

    Raises KeyError for an unknown id.
    """
    rows = ledger.table("claims").set_index("key").loc[list(ids)].reset_index()
    head = ("Claim", "The article says", "Verdict", "Certainty", "What it leaves out")
    return Table(
        caption, (*head, "Best source"), tuple(_claim_row(row) for row in rows.itertuples())
    )


def _claim_row(row: Any) -> tuple[str, ...]:
    verdict, certainty = f"<strong>{escape(row.verdict)}</strong>", row.certainty.replace("_", " ")
    left_out, source = escape(row.what_the_article_leaves_out), _source(row.source)
    return (row.key, escape(row.claim), verdict, escape(certainty), left_out, source)


@dataclass(frozen=True)
class Footer:
    """The last line of a notebook: the version that runs, and the one it was written for."""

    written_for: str
    installed: str

    @property
    def warning(self) -> str:
        """What to do where the two differ; "" where they are one."""
        if self.written_for == self.installed:
            return ""
        return (
            f"Careful: the installed package is {self.installed}, this notebook is of "
            f"{self.written_for}. A cell may fail or show another number than its text. Take both "
            "from one release of the course; on a class's server, tell whoever looks after it."
        )

    def __repr__(self) -> str:
        line = f"Hepatica {self.installed} · this notebook was written for {self.written_for}"
        return f"{line}\n{self.warning}".rstrip()

    def _repr_html_(self) -> str:
        line, *more = map(escape, repr(self).split("\n"))
        bold = "".join(f'<p role="alert"><strong>{each}</strong></p>' for each in more)
        return f"<p><small>{line}</small></p>{bold}"


def footer(written_for: str) -> Footer:
    """The versions of package and notebook, with a warning where they differ.

    `course.py refresh` writes the version into the notebook; nobody types it.
    """
    return Footer(written_for, __version__)
