"""Cases for a detective: ten audits of five minutes, each a card of a notebook or an exercise.

The list is data/cases.csv; the start page shows it.
"""

from __future__ import annotations

from typing import Any

from hepatica.cards.parts.minutes import CARD, output_minutes, outputs_of
from hepatica.site.lesson import Lesson

FOLDERS = {"lesson": "{0.name}.html", "exercise": "exercises/{0.number}.html"}
"""The page of a notebook and of its exercise."""


class CaseError(ValueError):
    """A case leads nowhere; says which."""


def cases(rows: list[dict[str, Any]], pages: dict[tuple[str, str], Lesson]) -> list[dict[str, Any]]:
    """The cases with address and minutes, for the start page.

    `rows` are those of data/cases.csv, `pages` the notebooks by part and number; none are told in a
    course without them all. Raises CaseError for a card that its page does not show.
    """
    if any((row["part"], row["notebook"]) not in pages for row in rows):
        return []
    return [_case(row, pages[row["part"], row["notebook"]]) for row in rows]


def _case(row: dict[str, Any], page: Lesson) -> dict[str, Any]:
    told = {
        data[CARD]["id"]: max(1, round(output_minutes(data)))
        for cell in page.notebook["cells"]
        for data in outputs_of(cell)
        if CARD in data
    }
    if row["card"] not in told:
        raise CaseError(
            f"The case {row['key']!r} opens {row['card']!r}, which the {row['part']} "
            f"{row['notebook']} does not show. Change data/cases.csv."
        )
    href = f"{FOLDERS[row['part']].format(page)}#{row['card']}"
    return {**row, "href": href, "minutes": told[row["card"]]}
