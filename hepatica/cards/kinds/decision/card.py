"""A decision: scenes of one case in order; the next one opens when the present one is decided well.

The scenes stand in data/quizzes/NN.toml like the items of a quiz, each with three more texts::

    [[bleeding.items]]
    when = "Minute 0"
    scene = "P.G. vomits fresh blood. …"
    question = "What first?"
    options = [{text = "…", right = true, why = "what follows"}, …]
    done = "what the list of actions says afterwards"
"""

from __future__ import annotations

from hepatica.cards.kinds.quiz.card import SENTENCE, Quiz
from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.text import inline

__all__ = ["Decision"]

SCENE = ("when", "scene", "done")


class Decision(Quiz):
    """A case to be decided step by step; a wrong choice says what it would lead to and can be taken
    back.

    `end` is said when every step is decided well. Raises CardError for a step without `when`,
    `scene` or `done`, or without exactly one right option.
    """

    sentence = (("given < 1", "{items:0f} decisions, one after the other."), *SENTENCE[1:])

    def __init__(
        self, items: list[dict], *, id: str, title: str, question: str = "", end: str = ""
    ):
        for number, item in enumerate(items, 1):
            missing = [field for field in SCENE if not item.get(field)]
            if missing:
                raise CardError(
                    f"{id}, step {number} has no {missing[0]!r}. Give each step when, "
                    "scene and done."
                )
        self._end = end
        super().__init__(items, id=id, title=title, question=question)

    def _told(self, spec: dict, items: list[dict]) -> dict:
        steps = [{**made, **_scene(item)} for made, item in zip(spec["items"], items, strict=True)]
        return {**spec, "kind": "decision", "items": steps, "end": inline(self._end)}

    def _static_lines(self) -> list[str]:
        steps = "".join(
            f"<li>{item['scene']} <em>{item['question']}</em></li>" for item in self.spec["items"]
        )
        return [f"<ol>{steps}</ol>"]


def _scene(item: dict) -> dict[str, str]:
    """The scene with its time, and the line for the list of what has been done."""
    when = item["when"]
    return {
        "scene": inline(f"**{when}.** {item['scene']}"),
        "done": inline(f"**{when}** · {item['done']}"),
    }
