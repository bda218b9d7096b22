"""All predictions of a reader in one picture, from the reader's record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from hepatica import ledger
from hepatica.cards.kinds.quiz.stored import cards_in
from hepatica.cards.parts.frame import Card

__all__ = ["Ghosts"]

COUNTS = ("predicted", "choices", "right", "traced", "near", "skipped", "surprised")
SENTENCE = [
    [
        (
            "predicted < 1",
            (
                "No prediction of yours is kept yet. Nearly every notebook asks for some before it "
                "shows anything; they appear here, each beside what the model did."
            ),
        ),
        ("predicted < 2", "One prediction of yours is kept."),
        (None, "{predicted:0f} predictions of yours are kept."),
    ],
    [
        ("choices < 1", ""),
        ("(choices < 2) & (right > 0)", "Your one choice was the model's."),
        ("choices < 2", "Your one choice was another idea than the model's."),
        (None, "Of {choices:0f} choices {right:0f} were the model's."),
    ],
    [
        ("traced < 1", ""),
        ("traced < 2", "One you drew, tapped or put in order."),
        (
            "near < 1",
            "{traced:0f} you drew, tapped or put in order: see how far two ideas can lie.",
        ),
        (None, "Of {traced:0f} that you drew, tapped or put in order {near:0f} came close."),
    ],
    [
        ("predicted < 1", ""),
        ("surprised < 1", "Nothing here came as a surprise."),
        (
            None,
            (
                "What must have surprised you most: {surprise:t}. Such a thing is remembered; "
                "that is why the course asks first."
            ),
        ),
    ],
]


class Ghosts(Card):
    """Each guess as a ghost beside what the model did, by notebook; never a mark out of anything.

    `cards` maps a notebook's number to the ids of its cards that ask for a prediction.
    """

    def __init__(self, *, id: str, title: str, question: str, cards: Mapping[str, list[str]]):
        rows = ledger.table("notebooks").set_index("key")
        spec = {
            "kind": "ghosts",
            "id": id,
            "title": title,
            "question": question,
            "notebooks": [
                {
                    "key": key,
                    "file": f"{key}_{rows.loc[key, 'slug']}.ipynb",
                    "question": rows.loc[key, "question"],
                    "cards": list(ids),
                }
                for key, ids in sorted(cards.items())
                if ids
            ],
        }
        super().__init__(spec, {}, describe=SENTENCE, names=[*COUNTS, "surprise"])

    def scope(self, **moved: float) -> dict[str, float | str]:
        """Nothing is known of a reader's predictions outside the record."""
        return {**dict.fromkeys(COUNTS, 0.0), "surprise": "", **super().scope(**moved)}

    def _static_lines(self) -> list[str]:
        return ["<p>The picture is drawn from the reader's own record and stays there.</p>"]


def asking(cards: Iterable[dict]) -> list[str]:
    """The ids of the cards that ask for a prediction, in their order."""
    return [card["id"] for card in cards if card.get("predict")]


def stored_predictions(folder: Path, leave_out: str = "") -> dict[str, list[str]]:
    """The cards that ask for a prediction, by notebook, from the notebooks stored in `folder`."""
    found = {}
    for file in sorted(folder.glob("*.ipynb")):
        number = file.stem[:2]
        if number != leave_out:
            found[number] = asking(cards_in(file))
    return found
