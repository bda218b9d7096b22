"""An interview: two places answer the same questions; a few may be asked, then the reader decides.

Interview(
    places=[Place("First", "We treat you."), Place("Second", "We study you.")],
    asks=[Ask("Who allowed it?", ("Nobody.", "The authority."), "why it matters",
    "isscr-guidelines-2021")], free=1, choice=[("To the first", False, "…"), ("To the second",
    True, "…")], id="interview", title="…", question="…", decide="Where to?", key=0,
    missed="what was not asked",
)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from hepatica.cards.parts.controls import provenance
from hepatica.cards.parts.door import OneOf, Several
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.text import inline

__all__ = ["Ask", "Interview", "Place"]


@dataclass(frozen=True)
class Place:
    """One of the two that are asked: its name and the letter it sent."""

    name: str
    letter: str


@dataclass(frozen=True)
class Ask:
    """A question with the reply of either place, what the difference tells,
    and the source of the question."""

    ask: str
    replies: tuple[str, str]
    why: str
    source: str
    status: str = "published"

    def json(self) -> dict:
        """The question for cards/kinds/interview/card.js."""
        return {
            "ask": inline(self.ask),
            "replies": [inline(reply) for reply in self.replies],
            "why": inline(self.why),
            **provenance(self.source, self.status),
        }


SENTENCE = [
    ("(decided > 0) & (left > 0)", "Now ask the others too, and read what each tells."),
    ("decided > 0", "All questions are asked."),
    ("free > 1", "You may put {free:0f} more questions to both."),
    ("free > 0", "You may put one more question to both."),
    (None, "That was the last one. Decide."),
]


class Interview(Card):
    """Ask two places `free` of the questions, decide, then hear the rest; replies are judged after
    the decision.

    `choice` holds options (text, right, why), exactly one right; `missed` is said when question
    number `key` was not among those asked. Raises CardError when a part does not fit.
    """

    def __init__(
        self,
        *,
        id: str,
        title: str,
        question: str,
        places: Sequence[Place],
        asks: Sequence[Ask],
        free: int,
        decide: str,
        choice: Sequence[tuple[str, bool, str]],
        key: int,
        missed: str,
    ):
        _require(id, len(places) == 2, f"{len(places)} places; an interview compares two")
        _require(
            id,
            0 < free < len(asks),
            f"free is {free}; it must leave some of the {len(asks)} questions unasked",
        )
        _require(id, sum(right for _, right, _ in choice) == 1, "needs exactly one right choice")
        _require(
            id,
            0 <= key < len(asks),
            f"key {key} is no question; there are {len(asks)}, counted from 0",
        )
        options = [
            {"text": inline(text), "right": right, "why": inline(why)}
            for text, right, why in choice
        ]
        spec = {
            "kind": "interview",
            "id": id,
            "title": title,
            "question": question,
            "free": free,
            "key": key,
            "places": [
                {"name": escape(place.name), "letter": inline(place.letter)} for place in places
            ],
            "items": [ask.json() for ask in asks],
            "missed": inline(missed),
            "choice": {"question": inline(decide), "options": options},
        }
        self._asks, self._free = len(asks), free
        fields = {
            "asked": Several(
                of=range(len(asks)), start=[], private=True, label="the questions asked"
            ),
            "choice": OneOf(of=range(len(choice)), empty=True, private=True, label="the choice"),
        }
        super().__init__(spec, fields, describe=SENTENCE, names=("decided", "left", "free"))

    def scope(self, **moved: list[int] | int | None) -> dict[str, float]:
        """Whether the reader has decided, and how many questions are left and free."""
        chosen = super().scope(**moved)
        asked = len(chosen["asked"])
        return {
            "decided": float(chosen["choice"] is not None),
            "left": self._asks - asked,
            "free": self._free - asked,
        }

    def _static_lines(self) -> list[str]:
        letters = [
            f"<p><strong>{place['name']}</strong>: {place['letter']}</p>"
            for place in self.spec["places"]
        ]
        rows = "".join(f"<li>{item['ask']}</li>" for item in self.spec["items"])
        return [*letters, f"<ol>{rows}</ol>"]


def _require(where: str, holds: bool, complaint: str) -> None:
    if not holds:
        raise CardError(f"{where}: {complaint}.")
