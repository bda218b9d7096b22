"""The review page, and the script with the items of all quizzes that it asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from markupsafe import Markup

from hepatica.cards import Review
from hepatica.cards.kinds.quiz.stored import items_of
from hepatica.site.lesson import Lesson
from hepatica.site.outputs import CARD, card_figure, cards_of

PAGE = "review.html"
SCRIPT = "items.js"


@dataclass(frozen=True)
class CardPage:
    """What the frame of a page asks of its article, for a page that is one card."""

    figure: Markup
    kinds: tuple[str, ...] = ("review",)
    needs_plotly: bool = False
    notes: list = field(default_factory=list)


def review_card() -> CardPage:
    """The card of the review page."""
    card = Review()
    data, _ = card._repr_mimebundle_()
    return CardPage(Markup(card_figure(data[CARD], data["text/html"], PAGE)))


def items_script(lessons: list[Lesson]) -> str:
    """The script that holds the items of these notebooks' quizzes."""
    items = [
        item
        for lesson in lessons
        for cell in lesson.notebook.cells
        for item in items_of(cards_of(cell), lesson.number)
    ]
    text = json.dumps(items, ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.hepaticaStored = {text};\n"
