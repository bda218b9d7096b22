"""The question before the answer: the reader commits, then sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hepatica.cards.parts.door import OneOf
from hepatica.cards.parts.text import inline

SKIPPED = -1


class PredictionError(ValueError):
    """A question without exactly one right answer; the message names it."""


@dataclass(frozen=True)
class Predict:
    """A question with options (text, right, why), exactly one of them right.

    `right` is true or false, or a condition in the names of the card's scope, which then works the
    key out at its start values. `hides` says what stays covered until the reader has answered,
    where a kind of card offers a choice.
    """

    question: str
    options: Sequence[tuple[str, bool | str, str]]
    hides: str | int = ""

    def json(self, holds: Callable[[str], bool] | None = None) -> dict:
        """The step for cards/parts/predict.js; `holds` judges a condition.

        Raises PredictionError unless exactly one option is right.
        """
        keys = [
            holds(right) if isinstance(right, str) else bool(right) for _, right, _ in self.options
        ]
        if sum(keys) != 1:
            raise PredictionError(
                f"“{self.question}” has {sum(keys)} right options at the start; "
                "it needs exactly one."
            )
        options = [
            {"text": inline(text), "right": key, "why": inline(why)}
            for (text, _, why), key in zip(self.options, keys, strict=True)
        ]
        return {"question": inline(self.question), "options": options, "hides": self.hides}

    def field(self) -> OneOf:
        """What the card keeps of the answer; a link never carries it."""
        return OneOf(
            of=range(SKIPPED, len(self.options)), empty=True, private=True, label="the prediction"
        )
