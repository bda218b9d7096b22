"""What changed: the answers that a reader gave in notebook 00 beside those given now."""

from __future__ import annotations

from hepatica.cards.kinds.quiz.card import Quiz
from hepatica.cards.parts.frame import Card, CardError

__all__ = ["Change"]


COUNTS = ("before_given", "before_right", "after_given", "after_right", "both", "change")
COMPARED = (
    "Right before: {before_right:0f} of {before_given:0f}. Right now: "
    "{after_right:0f} of {after_given:0f}. Of the {both:0f} answered both times: "
)
SENTENCE = [
    (
        "before_given + after_given < 1",
        (
            "No answers of notebook 00 are kept in this browser. "
            "That is no harm: answer the ten questions above, and they appear here. "
            "If you did notebook 00 in another browser, on another computer or at another address, "
            "open this page there.{apart:t}"
        ),
    ),
    (
        "before_given < 1",
        (
            "No answers of notebook 00 are kept in this browser, "
            "so there is nothing to compare. Now: {after_right:0f} of {after_given:0f} "
            "right.{apart:t}"
        ),
    ),
    (
        "after_given < 1",
        (
            "Your {before_given:0f} answers of notebook 00 are here. "
            "Answer the same questions above; then both stand side by side."
        ),
    ),
    ("change > 0", COMPARED + "{change:0f} more right."),
    ("change < 0", COMPARED + "{-change:0f} fewer right."),
    (None, COMPARED + "as many right as before."),
]


class Change(Card):
    """Kept answers of a quiz before and after, item by item, and of first verdicts beside the
    ledger's.

    The quizzes keep their answers in the reader's record; this card reads them there.
    Raises CardError for a pair of quizzes that do not ask the same.
    """

    def __init__(
        self,
        *,
        id: str,
        title: str,
        question: str,
        test: tuple[Quiz, Quiz],
        verdicts: tuple[Quiz, Quiz],
        claims: dict[str, str],
    ):
        for before, after in (test, verdicts):
            _require_same(before, after)
        spec = {
            "kind": "change",
            "id": id,
            "title": title,
            "question": question,
            "test": _pair(*test),
            "verdicts": _pair(*verdicts),
            "claims": [{"key": key, "verdict": verdict} for key, verdict in claims.items()],
        }
        super().__init__(spec, {}, describe=SENTENCE, names=[*COUNTS, "apart"])

    def scope(self, **moved: float) -> dict[str, float | str]:
        """Nothing is known of a reader's answers outside the browser."""
        return {**dict.fromkeys(COUNTS, 0.0), "apart": "", **super().scope(**moved)}

    def _static_lines(self) -> list[str]:
        spec = self.spec
        compared = (
            f"{len(spec['test']['items'])} questions and {len(spec['verdicts']['items'])} verdicts"
        )
        return [
            (
                f"<p>{compared}, before the course and now; "
                "the answers stay in the reader's browser.</p>"
            )
        ]


def _require_same(before: Quiz, after: Quiz) -> None:
    """Both quizzes keep their answers and ask the same questions with the same options in the same
    order."""
    for quiz in (before, after):
        if not quiz.spec["keep"]:
            raise CardError(f"{quiz.spec['id']} does not keep its answers. Make it with keep=True.")
    one, two = ([_asked(item) for item in quiz.spec["items"]] for quiz in (before, after))
    if one != two:
        raise CardError(
            f"{before.spec['id']} and {after.spec['id']} do not ask the same; "
            "take one list of items."
        )


def _asked(item: dict) -> tuple:
    """What a reader sees of an item before answering, in whatever order the options are shown."""
    return item["question"], {(option["text"], option["right"]) for option in item["options"]}


def _pair(before: Quiz, after: Quiz) -> dict:
    """Where both sets of answers are kept, and the items they answer."""
    pairs = zip(before.spec["items"], after.spec["items"], strict=True)
    return {
        "before": _quiz(before),
        "after": _quiz(after),
        "title": after.spec["title"],
        "items": [_compared(one, two) for one, two in pairs],
    }


def _quiz(quiz: Quiz) -> dict:
    """What the front end needs to find a quiz's answers in the record."""
    taken = ("key", "type", "listed")
    items = [
        {name: item[name] for name in taken}
        | {"options": [each["text"] for each in item["options"]]}
        for item in quiz.spec["items"]
    ]
    return {"id": quiz.spec["id"], "items": items}


def _compared(before: dict, after: dict) -> dict:
    """An item with its options as they are shown now, and where each one shown before stands."""
    options = [option["text"] for option in after["options"]]
    return {
        "question": after["question"],
        "options": options,
        "right": [option["right"] for option in after["options"]].index(True),
        "was": [options.index(option["text"]) for option in before["options"]],
    }
