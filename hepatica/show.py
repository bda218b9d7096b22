"""Tables for notebooks, straight from the ledger: numbers with their sources, claims with their verdicts, patients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from hepatica import ledger
from hepatica.model.mathml import symbol_html

MARKS = {"published": "●", "computed": "◐", "teaching": "○", "model input": "◇"}


@dataclass(frozen=True)
class Table:
    """A table that a notebook displays; cells are HTML."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in self.head)
        body = "".join(_row_html(row) for row in self.rows)
        return f"<table><caption>{self.caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def __repr__(self) -> str:
        return f"{self.caption}: {len(self.rows)} rows"


def _row_html(row: Iterable[str]) -> str:
    first, *rest = row
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"


def _source(key: str) -> str:
    reference = ledger.reference(key)
    short = escape(reference.short)
    return f'<a href="{escape(reference.link)}">{short}</a>' if reference.link else short


def _interval(low: float | None, high: float | None) -> str:
    known = [ledger.plain(x) for x in (low, high) if x is not None]
    return (" to " if low is not None and low < 0 else "–").join(known)  # no dash beside a minus sign


def numbers(*keys: str, caption: str = "Numbers of this notebook") -> Table:
    """Numbers of the ledger by key, such as "physiology/portal-share"; raises LedgerError for an unknown key."""
    rows = [ledger.number(key) for key in keys]
    return Table(caption, ("What", "Value", "Range", "Unit", "Status", "Source"), tuple(
        (escape(row.label), "" if row.value is None else ledger.plain(row.value), _interval(row.low, row.high),
         escape(row.unit), f"{MARKS.get(row.status, '')} {row.status}", _source(row.source)) for row in rows))


def parameters(model: str, *symbols: str, caption: str = "") -> Table:
    """Parameters of a model by symbol, or all of them; the range is what a slider may offer."""
    chosen = ledger.parameters(model)
    rows = [chosen[symbol] for symbol in symbols] if symbols else list(chosen.values())
    return Table(caption or f"Parameters of the model: {model.replace('_', ' ')}",
                 ("Symbol", "Meaning", "Value", "Range", "Unit", "Status", "Source"), tuple(
        (symbol_html(row.symbol), escape(row.label), ledger.plain(row.value), _interval(row.low, row.high),
         escape(row.unit), f"{MARKS[row.status]} {row.status}", _source(row.source)) for row in rows))


def claims(*ids: str, caption: str = "Claims of the article met here") -> Table:
    """Claims of the article with verdict, certainty, what it leaves out and the best source."""
    rows = ledger.table("claims").set_index("key").loc[list(ids)].reset_index()
    head = ("Claim", "The article says", "Verdict", "Certainty", "What it leaves out", "Best source")
    return Table(caption, head, tuple(
        (row.key, escape(row.claim), f"<strong>{escape(row.verdict)}</strong>", escape(row.certainty.replace("_", " ")),
         escape(row.what_the_article_leaves_out), _source(row.source)) for row in rows.itertuples()))
