"""A goal that the card checks: reached in more than one way, missed in at least two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hepatica.cards.parts.sentence import Description, Formula, Rule
from hepatica.cards.parts.text import inline


@dataclass(frozen=True)
class Mission:
    """A goal in words, the condition under which it is reached, and what is said on the way.

    Attributes
    ----------
    goal : str
        What to bring about, in one sentence of Markdown.
    reached : str
        A condition in the names of the card's scope.
    done : str
        What is said then.
    fails : list of (condition, sentence)
        Ways to miss it, at least two, each with its own reply; tried in order.
    far : str
        What is said when neither holds.
    start : values, optional
        Where the mission begins, if not at the card's start values.
    """

    goal: str
    reached: str
    done: str
    fails: Sequence[Rule]
    far: str
    start: Mapping[str, Any] = field(default_factory=dict)

    def rules(self) -> list[Rule]:
        """All that the mission may say, the first that holds."""
        return [(self.reached, self.done), *self.fails, (None, self.far)]

    def json(self, names: Iterable[str]) -> dict:
        """The mission for cards/parts/mission.js; raises ValueError for fewer than two ways to
        miss it, FormulaError for a name that the scope does not have."""
        names = list(names)
        if len(self.fails) < 2:
            raise ValueError(f"The mission “{self.goal}” needs two ways to miss it.")
        return {
            "goal": inline(self.goal),
            "reached": Formula(self.reached, names).js,
            "says": Description(self.rules(), names).json(),
            "start": dict(self.start),
        }
