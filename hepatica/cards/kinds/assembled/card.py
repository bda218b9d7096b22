"""The letter to K., assembled from the reader's own lines, with the ledger's verdict beside each."""

from __future__ import annotations

from hepatica.cards.kinds.letter import stored
from hepatica.cards.parts.frame import Card

__all__ = ["AssembledLetter"]

NAMES = ("written", "picked", "total")
SENTENCE = [
    (
        "written < 1",
        (
            "You have not written to K. yet. Each notebook ends with one line to her; "
            "begin with any of them."
        ),
    ),
    (
        "written < total",
        "{written:0f} of {total:0f} lines are written. Those that are missing stand below.",
    ),
    ("picked < written", "All lines are written. Some you have not yet read with her eyes."),
    (None, "Your letter is complete. Read it once more as if you were K."),
]


class AssembledLetter(Card):
    """All lines to K. in the order of the notebooks; each with what she takes from it, the claim
    behind that and its verdict."""

    def __init__(self, *, id: str, title: str, question: str):
        numbers = sorted(stored.letters()["notebooks"])
        spec = {
            "kind": "assembled",
            "id": id,
            "title": title,
            "question": question,
            "lines": [
                {**stored.notebook(number), "readings": stored.readings(number)}
                for number in numbers
            ],
        }
        super().__init__(spec, {}, describe=SENTENCE, names=NAMES)

    def scope(self, **moved: float) -> dict[str, float]:
        """Nothing is known of a reader's lines outside the record."""
        total = len(stored.letters()["notebooks"])
        return {"written": 0.0, "picked": 0.0, "total": float(total), **super().scope(**moved)}

    def _static_lines(self) -> list[str]:
        return ["<p>The letter is made of the reader's own lines and stays with the reader.</p>"]
