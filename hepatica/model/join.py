"""Joining models: tables of names become one, and a name that would mean two things is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from hepatica.model.parts import ModelError

Item = TypeVar("Item")


def join(*tables: Mapping[str, Item], shared: Iterable[str] = ()) -> dict[str, Item]:
    """Parameters, states, definitions … of several models in one table.

    A name may stand in two tables only if it is declared as `shared`, and then it must be the same
    thing in both.
    Raises ModelError for a name that two tables share by accident, a shared one that differs, and a
    declaration that no two tables need.

    >>> join({"a": 1}, {"b": 2}, {"a": 1}, shared=["a"])
    {'a': 1, 'b': 2}
    """
    joined: dict[str, Item] = {}
    twice = set()
    for table in tables:
        for name in [name for name in table if name in joined]:
            twice.add(name)
            _require_same(name, joined[name], table[name], name in set(shared))
        joined |= table
    for name in set(shared) - twice:
        raise ModelError(f"{name} is declared as shared, but no two of the joined models have it.")
    return joined


def _require_same(name: str, first: object, second: object, declared: bool) -> None:
    if not declared:
        raise ModelError(
            f"Two of the joined models have a {name}. Rename one, leave one out, "
            "or declare it as shared."
        )
    if first != second:
        raise ModelError(
            f"{name} is declared as shared, but the joined models mean different things by it."
        )


def leaving_out(table: Mapping[str, Item], *names: str) -> dict[str, Item]:
    """The table without `names`; raises ModelError for one that it does not have."""
    for name in names:
        if name not in table:
            raise ModelError(f"There is no {name} to leave out. There are {', '.join(table)}.")
    return {name: item for name, item in table.items() if name not in names}
