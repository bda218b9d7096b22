"""Formulas as functions in a script of their own, so that no page has to evaluate text.

In a card's JSON a formula is `{"js": source}`, an expression in the names `s.…` of the scope, or
`{"js": body, "of": "y p u dy"}`, the body of a function of those arguments. `emit` takes every
formula out of a list of cards, writes each once as a JavaScript function, and leaves its place in
that table behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SCOPE = "s"


def formula(source: str, of: str = SCOPE) -> dict[str, str]:
    """A formula in a card's JSON."""
    return {"js": source} if of == SCOPE else {"js": source, "of": of}


def is_formula(value: Any) -> bool:
    """Whether a part of a card's JSON is a formula."""
    return isinstance(value, dict) and isinstance(value.get("js"), str)


def emit(specs: Iterable[dict]) -> tuple[list[dict], str]:
    """The cards with each formula replaced by its place in a table, and the table as JavaScript."""
    places: dict[str, int] = {}
    made = [_replaced(spec, places) for spec in specs]
    lines = ",\n".join(places)
    return made, f"[\n{lines}\n]"


def _replaced(value: Any, places: dict[str, int]) -> Any:
    if is_formula(value):
        rest = {key: item for key, item in value.items() if key not in ("js", "of")}
        return {**rest, "js": places.setdefault(written(value), len(places))}
    if isinstance(value, dict):
        return {key: _replaced(item, places) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(item, places) for item in value]
    return value


def written(value: dict) -> str:
    """A formula as a JavaScript function."""
    arguments = value.get("of", SCOPE)
    if arguments == SCOPE:
        return f"(s) => {value['js']}"
    return f"({', '.join(arguments.split())}) => {{\n{value['js']}\n}}"
