"""A route of fifteen minutes for the curious: a few cards of several notebooks, a question each.

The list stands here only; the start page of the site and notebook 00 both show it.
"""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

from hepatica import ledger
from hepatica.cards.parts.minutes import CARD, output_minutes, outputs_of, stored
from hepatica.show import Table


class Stop(NamedTuple):
    """A stop: the notebook's number, the card's id and what it asks, never what it answers."""

    notebook: str
    card: str
    question: str


ROUTE = (
    Stop(
        "00",
        "first-card",
        "A cause scars a liver for twenty years and is cured. Does the scar go too?",
    ),
    Stop("06", "gradient-and-scar", "More scar, more resistance. What does the pressure do?"),
    Stop("12", "quiz-12-explanations", "He is better after the cells. Compared with whom?"),
    Stop("12", "three-designs", "The cells do nothing. How often does a trial say they help?"),
)


class RouteError(ValueError):
    """A stop of the route leads nowhere; says which."""


def bundle_of(stop: Stop, notebook: dict[str, Any]) -> dict[str, Any]:
    """The stored output (mime bundle) of a stop's card in its notebook.

    Raises RouteError when the notebook does not show the card.
    """
    for cell in notebook["cells"]:
        for data in outputs_of(cell):
            if data.get(CARD, {}).get("id") == stop.card:
                return data
    raise RouteError(
        f"The route stops at {stop.card!r}, which notebook {stop.notebook} does not show. "
        "Change ROUTE in hepatica/lessons/n00_route.py."
    )


def minutes_of(data: dict[str, Any]) -> int:
    """The whole minutes that a reader is told for one stop: at least one."""
    return max(1, round(output_minutes(data)))


def route() -> Table:
    """The stops as a table, each question a link to its card."""
    names = ledger.table("notebooks").set_index("key")["slug"]
    rows = []
    for stop in ROUTE:
        file = f"{stop.notebook}_{names[stop.notebook]}.ipynb"
        link = f'<a href="{file}#{stop.card}">{escape(stop.question)}</a>'
        told = minutes_of(bundle_of(stop, stored(file)))
        rows.append((stop.notebook, link, str(told)))
    total = sum(int(told) for *_, told in rows)
    caption = f"In a hurry? {total} minutes, {len(rows)} stops"
    return Table(caption, ("Notebook", "It asks", "Minutes"), tuple(rows))
