"""The question before the answer: the reader commits, then sees.

Four ways to commit: choose (`Predict`), draw a curve (`Draw`), tap a share of a hundred (`Share`),
put in order (`Order`). Of a drawn curve, a share and an order nothing is right or wrong; rules
reply to what was given, over the scope of the card at its start and the guess. What the rules may
name of the guess is worked out here and in engine/guess.js.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from hepatica.cards.parts.door import Field, Map, Number, OneOf, Several
from hepatica.cards.parts.order import shown
from hepatica.cards.parts.sentence import Rule
from hepatica.cards.parts.text import inline

SKIPPED = -1
HANDLES = 5
"""A drawn curve is kept as so many points, evenly over the axis."""

Worked = Callable[[str], Any]
"""Works out a formula in the names of the card's scope, at its start values."""


class PredictionError(ValueError):
    """A question without exactly one right answer; the message names it."""


@dataclass(frozen=True)
class Predict:
    """A question with options (text, right, reply), exactly one of them right.

    `right` is true or false, or a condition in the names of the card's scope, which then works the
    key out at its start values. The options are shuffled by the card's id, except on a `ladder` of
    numbers, which keeps its order. `hides` says what stays covered until the reader has answered,
    where a kind of card offers a choice.
    """

    question: str
    options: Sequence[tuple[str, bool | str, str]]
    hides: str | int = ""
    ladder: bool = False
    way: ClassVar[str] = "choose"
    reply: ClassVar[Sequence[Rule]] = ()

    def json(self, work_out: Worked | None = None, key: str = "") -> dict:
        """The step for cards/parts/predict.js, for the card with this `key`.

        Raises PredictionError unless exactly one option is right.
        """
        keys = [
            bool(work_out(right)) if isinstance(right, str) else bool(right)
            for _, right, _ in self.options
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
        order = range(len(options)) if self.ladder else shown(key, len(options))
        step = {"way": self.way, "question": inline(self.question), "hides": self.hides}
        return {**step, "ladder": self.ladder, "options": [options[place] for place in order]}

    def field(self) -> Field:
        """What the card keeps of the answer; a link never carries it."""
        places = range(SKIPPED, len(self.options))
        return OneOf(of=places, empty=True, private=True, label="the prediction")

    def names(self) -> list[str]:
        """What the rules of the reply may name besides the scope."""
        return []


@dataclass(frozen=True)
class Draw:
    """A curve to be drawn on the empty axes of a chart, the first one unless `view` says another.

    `curve` is the read-out that the model then draws; its first point is given unless `from_start`
    is False. The rules of `reply` may name `guess_1` … `guess_5`, `model_1` … `model_5` and
    `guess_max`, `guess_min`, in the units of the axis.
    """

    question: str
    curve: str
    reply: Sequence[Rule]
    view: int | None = None
    from_start: bool = True
    hides: str = ""
    way: ClassVar[str] = "draw"

    def json(self, work_out: Worked | None = None, key: str = "") -> dict:
        """The step for cards/parts/draw.js."""
        own = {"curve": self.curve, "view": self.view, "from_start": self.from_start}
        return {"way": self.way, "question": inline(self.question), "hides": self.hides, **own}

    def field(self) -> Field:
        """Five heights, by number; none of them when the reader has skipped."""
        points = {str(n + 1): Number() for n in range(HANDLES)}
        return Map(fields=points, empty=True, private=True, label="the drawn curve")

    def names(self) -> list[str]:
        """What the rules of the reply may name besides the scope."""
        numbered = [f"{who}_{n + 1}" for who in ("guess", "model") for n in range(HANDLES)]
        return [*numbered, "guess_max", "guess_min"]


@dataclass(frozen=True)
class Share:
    """A share of a hundred to be tapped; `answer` is a formula in the names of the scope, in per
    cent, and `of` says of what; `by` says who drew the outlined answer. The rules of `reply` may
    name `guess` and `answer`."""

    question: str
    answer: str
    reply: Sequence[Rule]
    of: str = "of a hundred"
    hides: str = ""
    by: str = ""
    way: ClassVar[str] = "share"

    def json(self, work_out: Worked | None = None, key: str = "") -> dict:
        """The step for cards/parts/share_of.js."""
        step = {"way": self.way, "question": inline(self.question), "hides": self.hides}
        by = {"by": self.by} if self.by else {}
        return {**step, **by, "of": self.of, "answer": float(work_out(self.answer))}

    def field(self) -> Field:
        """How many of a hundred; −1 when the reader has skipped."""
        return Number(
            low=SKIPPED, high=100, whole=True, empty=True, private=True, label="the guessed share"
        )

    def names(self) -> list[str]:
        """What the rules of the reply may name besides the scope."""
        return ["guess", "answer"]


@dataclass(frozen=True)
class Order:
    """Items (text, rank, reply) to be put in order, the lowest rank first; a rank is a number or a
    formula in the names of the scope. The reply of an item is said when it was put in the wrong
    place. The rules of `reply` may name `pairs`, how many of `all_pairs` stand the right way round.
    """

    question: str
    items: Sequence[tuple[str, float | str, str]]
    reply: Sequence[Rule]
    ends: tuple[str, str] = ("first", "last")
    hides: str = ""
    way: ClassVar[str] = "order"

    def json(self, work_out: Worked | None = None, key: str = "") -> dict:
        """The step for cards/parts/order.js; `rank` counts from 0.

        Raises PredictionError for two items of the same rank.
        """
        ranks = [work_out(rank) if isinstance(rank, str) else rank for _, rank, _ in self.items]
        if len(set(ranks)) < len(ranks):
            raise PredictionError(f"“{self.question}”: two items have the same rank: {ranks}.")
        items = [
            {"text": inline(text), "rank": sorted(ranks).index(rank), "why": inline(why)}
            for (text, _, why), rank in zip(self.items, ranks, strict=True)
        ]
        order = shown(key, len(items))
        if [items[place]["rank"] for place in order] == list(range(len(items))):
            order = order[::-1]  # the answer is not handed out
        step = {"way": self.way, "question": inline(self.question), "hides": self.hides}
        return {**step, "ends": list(self.ends), "items": [items[place] for place in order]}

    def field(self) -> Field:
        """The places of the items as the reader has put them; empty when skipped."""
        places = list(range(len(self.items)))
        return Several(of=places, empty=True, private=True, label="the order")

    def names(self) -> list[str]:
        """What the rules of the reply may name besides the scope."""
        return ["pairs", "all_pairs"]


Question = Predict | Draw | Share | Order


def guessed(step: Mapping[str, Any], given: Any, model: Sequence[float] = ()) -> dict[str, float]:
    """What the rules of a reply may name of the guess: `step` is a question's JSON, `given` the
    reader's answer, `model` the five heights of the model's own curve, for a drawn one."""
    if step["way"] == "draw":
        heights = [given[str(n + 1)] for n in range(HANDLES)]
        drawn = {f"guess_{n}": height for n, height in enumerate(heights, 1)}
        own = {f"model_{n}": height for n, height in enumerate(model, 1)}
        return {**drawn, **own, "guess_max": max(heights), "guess_min": min(heights)}
    if step["way"] == "share":
        return {"guess": given, "answer": step["answer"]}
    if step["way"] == "order":
        ranks = [step["items"][place]["rank"] for place in given]
        pairs = list(combinations(ranks, 2))
        return {"pairs": sum(a < b for a, b in pairs), "all_pairs": len(pairs)}
    return {}


SKIP = {"choose": SKIPPED, "draw": {}, "share": SKIPPED, "order": []}
"""What a reader who does not want to answer has given, by the way to commit."""


def skipped(given: Any) -> bool:
    """Whether an answer says that the reader did not want to answer."""
    return given in SKIP.values()
