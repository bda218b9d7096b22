"""Rows of data/guidelines.csv."""

from __future__ import annotations

from html import escape

from hepatica import ledger, show


def rows_of(*keys: str):
    return ledger.table("guidelines").set_index("key").loc[list(keys)].itertuples()


def cited(row) -> str:
    reference = ledger.reference(row.source)
    return (
        f'{show.MARKS[row.status]} <a href="{escape(reference.link)}">{escape(reference.short)}</a>'
    )
