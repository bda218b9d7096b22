"""Quizzes. The questions stand in data/quizzes/NN.toml; their keys are worked out when the card is
made.

An item is a choice::

    [[recall.items]]
    question = "Which cell turns into the scar maker?"
    misconception = "M8"                      # optional: the documented error that this item
    refutes options = [
        {text = "The stellate cell", right = true, why = "…"},
        {text = "The hepatocyte", right = "False", why = "…"},
    ]

`right` is true, false, or a Python expression over the models' experiments, such as
"threshold_duration(A_0=1e5) > 5"; exactly one option must come out right. Or an item is a number::

    question = "How long may the injury last?"
    answer = "threshold_duration()"           # a number or such an expression
    tolerance = 0.1
    unit = "days"
    why = "…"
    hint = "…"
    misses = [{value = "threshold_duration(form='four_variable')", why = "…"}]
"""

from __future__ import annotations

import html
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from hepatica import analysis, ledger, models
from hepatica.cards.kinds.quiz.stored import answer_items
from hepatica.cards.parts.door import Field, Map, Number, OneOf
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.order import short_key, shown
from hepatica.cards.parts.text import inline
from hepatica.model import registry

__all__ = ["Quiz"]

QUIZZES = ledger.DATA / "quizzes"
RELATIVE_TOLERANCE = 0.02  # a number within 2 % is right unless the item says otherwise


@cache
def experiments() -> Mapping[str, Callable]:
    """What the key of a quiz may call: every public experiment of the models,
    and `number` of the ledger."""
    public = registry.experiments(registry.load(models, analysis))
    return {**public, "number": lambda key: ledger.number(key).value}


def work_out(key: Any, where: str) -> Any:
    """The value of a quiz key: plain values stand for themselves,
    texts are expressions over `experiments`."""
    if not isinstance(key, str):
        return key
    try:
        return eval(key, {"__builtins__": {}}, dict(experiments()))
    except NameError as error:
        known = ", ".join(experiments())
        raise CardError(
            f"{where}: the key “{key}” calls something unknown ({error}). Known: {known}."
        ) from None


SENTENCE = [
    ("given < 1", "{items:0f} questions."),
    (None, "{right:0f} of {given:0f} right, {items - given:0f} to go."),
]
LATER = [
    ("given < 1", "{items:0f} questions."),
    (
        None,
        (
            "{given:0f} of {items:0f} answered. Your answers are kept; "
            "you meet them again in the last notebook."
        ),
    ),
]


class Quiz(Card):
    """Questions with every option explained.

    Each answer counts once, the first time, and goes into the reader's record (parts/record.js).
    `feedback` "later" does not tell right from wrong (a pre-test), and the answers may be changed
    until the reader finishes; `keep` says that a later notebook compares them; `one_by_one` asks
    one question at a time. Raises CardError for an item without exactly one right option.
    """

    sentence = SENTENCE

    def __init__(
        self,
        items: list[dict],
        *,
        id: str,
        title: str,
        question: str = "",
        feedback: str = "now",
        keep: bool = False,
        one_by_one: bool = False,
    ):
        made = [_item(item, id, f"{id}, item {n}", keep) for n, item in enumerate(items, 1)]
        base = {"kind": "quiz", "id": id, "title": title, "question": question}
        spec = {**base, "feedback": feedback, "keep": keep, "items": made}
        if one_by_one:
            spec["one_by_one"] = True
        answers = {str(n): _answer_field(item) for n, item in enumerate(made)}
        self._items = made
        fields = {"answers": Map(fields=answers, start={}, private=True, label="the answers")}
        rules = LATER if feedback == "later" else self.sentence
        super().__init__(
            self._told(spec, items), fields, describe=rules, names=("items", "given", "right")
        )

    def _told(self, spec: dict, _items: list[dict]) -> dict:
        """The card's JSON with what a further kind of quiz tells beside its questions."""
        return spec

    @classmethod
    def load(cls, notebook: str, name: str) -> Quiz:
        """The quiz `name` of data/quizzes/`notebook`.toml."""
        file = QUIZZES / f"{notebook}.toml"
        quizzes = tomllib.loads(file.read_text(encoding="utf-8"))
        if name not in quizzes:
            raise CardError(
                f"data/quizzes/{file.name} has no quiz {name!r}. It has {', '.join(quizzes)}."
            )
        return cls(id=f"quiz-{notebook}-{name.replace('_', '-')}", **quizzes[name])

    def scope(self, **moved: dict) -> dict[str, float]:
        """How many items there are, are answered and are answered rightly."""
        answers = {
            str(key): given
            for key, given in super().scope(**moved)["answers"].items()
            if given is not None
        }
        right = sum(_is_right(self._items[int(key)], given) for key, given in answers.items())
        return {"items": len(self._items), "given": len(answers), "right": right}

    def _answer(self, widget, message: dict, buffers) -> None:
        super()._answer(widget, message, buffers)
        answer_items(self, message)

    def _static_lines(self) -> list[str]:
        questions = "".join(
            f"<li>{item['question']}{_static_options(item)}</li>" for item in self.spec["items"]
        )
        return [f"<ol>{questions}</ol>"]


def _answer_field(item: dict) -> Field:
    """What an item takes as an answer: the number of an option, or a number."""
    return OneOf(of=range(len(item["options"]))) if item["type"] == "choice" else Number()


def _is_right(item: dict, answer: float) -> bool:
    if item["type"] == "choice":
        return item["options"][int(answer)]["right"]
    return abs(answer - item["answer"]) <= item["tolerance"]


def _static_options(item: dict) -> str:
    if item["type"] == "number":
        return f" <em>(a number, {html.escape(item['unit'])})</em>"
    return "<ul>" + "".join(f"<li>{option['text']}</li>" for option in item["options"]) + "</ul>"


def _item(item: dict, quiz: str, where: str, keep: bool) -> dict:
    """An item's JSON; its `key` stands for its question within the quiz, wherever it is kept.

    `listed` tells where each option of the source is shown: what was kept before items had keys
    counts options as the source lists them.
    """
    base = {
        "key": f"{quiz}/{short_key(item['question'])}",
        "question": inline(item["question"]),
        "misconception": item.get("misconception", ""),
    }
    if "options" not in item:
        return {**base, **_number(item, where)}
    order = _order(item, base["key"])
    listed = {"listed": [order.index(place) for place in range(len(order))]} if keep else {}
    return {**base, **listed, **_choice(item, order, where)}


def _order(item: dict, key: str) -> list[int]:
    """The options as shown: shuffled by the item's key; a ladder of numbers keeps its order."""
    many = len(item["options"])
    return list(range(many)) if item.get("ladder", False) else shown(key, many)


def _choice(item: dict, order: list[int], where: str) -> dict:
    """A choice with its options in the order in which they are shown."""
    options = [
        {
            "text": inline(option["text"]),
            "why": inline(option["why"]),
            "right": bool(work_out(option["right"], where)),
        }
        for option in item["options"]
    ]
    right = sum(option["right"] for option in options)
    if right != 1:
        raise CardError(
            f"{where} has {right} right options; it needs exactly one. "
            "Check `right` of each option."
        )
    shown_options = [options[place] for place in order]
    return {"type": "choice", "ladder": item.get("ladder", False), "options": shown_options}


def _number(item: dict, where: str) -> dict:
    answer = float(work_out(item["answer"], where))
    misses = [
        {"value": float(work_out(miss["value"], where)), "why": inline(miss["why"])}
        for miss in item.get("misses", [])
    ]
    tolerance = float(item.get("tolerance", abs(answer) * RELATIVE_TOLERANCE))
    if any(abs(miss["value"] - answer) <= tolerance for miss in misses):
        raise CardError(
            f"{where}: a “miss” lies within {tolerance:g} of the right answer {answer:g}."
        )
    return {
        "type": "number",
        "answer": answer,
        "tolerance": tolerance,
        "unit": item["unit"],
        "why": inline(item["why"]),
        "hint": inline(item["hint"]),
        "misses": misses,
    }
