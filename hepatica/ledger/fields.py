"""The words in which a table is described, column by column: ``text()``, ``number()``,
``link("units")`` …"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Known = Callable[[str], frozenset[str]]
"""Gives the row keys of another table, e.g. ``known("units")``."""

PANDAS_TYPES = {"number": "float64", "whole": "Int64"}
"""How each kind of column is stored; every other kind is text."""


@dataclass(frozen=True)
class Field:
    """The rule for one column: its kind, whether cells may be blank, and what they may hold."""

    kind: str
    optional: bool = False
    choices: tuple[str, ...] = ()
    table: str = ""
    many: bool = False


def key() -> Field:
    """A unique name for the row."""
    return Field("key")


def text(optional: bool = False) -> Field:
    """Free text."""
    return Field("text", optional)


def number(optional: bool = True) -> Field:
    """A single number; blank where the source gives none."""
    return Field("number", optional)


def whole(optional: bool = True) -> Field:
    """A single whole number; blank where the source gives none."""
    return Field("whole", optional)


def one_of(*choices: str, optional: bool = False) -> Field:
    """One word out of a fixed list."""
    return Field("choice", optional, choices)


def some_of(*choices: str, optional: bool = False) -> Field:
    """One or more words out of a fixed list, separated by semicolons."""
    return Field("choice", optional, choices, many=True)


def link(table: str, optional: bool = False, many: bool = False) -> Field:
    """A key of another table, or several separated by semicolons when ``many``."""
    return Field("link", optional, table=table, many=many)


def day(optional: bool = True) -> Field:
    """A day, written year-month-day: ``2026-11-27``."""
    return Field("day", optional)


def json_object(optional: bool = False) -> Field:
    """A JSON object, e.g. ``{"bilirubin_mg_dl": 1.2}``."""
    return Field("json", optional)


def links(cell: str, field: Field) -> list[str]:
    """The keys or words written in one cell (semicolons separate several)."""
    parts = cell.split(";") if field.many else [cell]
    return [part.strip() for part in parts if part.strip()]
