"""The review: questions of all quizzes that come back to a reader, and the reader's own record."""

from __future__ import annotations

from hepatica import ledger
from hepatica.cards.kinds.quiz.stored import answer_items
from hepatica.cards.parts.frame import Card

__all__ = ["Review"]

COUNTS = ("answered", "done", "today")
SENTENCE = [
    (
        "answered < 1",
        (
            "Nothing to review yet. Answer some questions in a notebook: from tomorrow on, "
            "what you missed comes back here, a few questions a day."
        ),
    ),
    ("today < 1", "Nothing is due today. The next question comes back on {next:t}."),
    ("done < today", "{done:0f} of {today:0f} today."),
    (None, "{done:0f} of {today:0f} today: that is all. The next comes back on {next:t}."),
]


class Review(Card):
    """The questions due today, the ideas behind the reader's mistakes, and the record's buttons.

    The items are not in the card: the page has them in a script of its own, JupyterLab asks Python.
    """

    def __init__(self, *, id: str = "review", title: str = "Questions of today"):
        ideas = ledger.table("misconceptions").to_dict("records")
        first = ledger.table("notebooks").to_dict("records")[0]
        spec = {
            "kind": "review",
            "id": id,
            "title": title,
            "question": "A question that was missed comes back the next day, then after 3, 7 and "
            "21 days.",
            "ideas": [
                {name: row[name] for name in ("key", "misconception", "instead")} for row in ideas
            ],
            "start": {
                "file": f"{first['key']}_{first['slug']}.ipynb",
                "words": f"{first['key']} {first['question']}",
            },
        }
        super().__init__(spec, {}, describe=SENTENCE, names=[*COUNTS, "next"])

    def scope(self, **moved: float) -> dict[str, float | str]:
        """Nothing is known of a reader's answers outside the record."""
        return {**dict.fromkeys(COUNTS, 0.0), "next": "", **super().scope(**moved)}

    def _answer(self, widget, message: dict, buffers) -> None:
        super()._answer(widget, message, buffers)
        answer_items(self, message)

    def _static_lines(self) -> list[str]:
        return ["<p>The questions that come back depend on the reader's own answers.</p>"]
