"""Cases whose steps the reader puts in order; a step too early and an offer that is no step each
have a reply of their own.

Steps(
    cases=[Case("bleeding", "Blood", "He vomits blood.", steps=[
        Step("airway", "Airway and two cannulas.", "He has to live to be treated.", done="airway"),
        Step("look", "Endoscopy.", "Now he can bear it.", done="seen",
             early={"airway": "Sedated in shock he may choke."}),
        Step("plasma", "Plasma for the INR.", "The INR is not what makes him bleed."),
    ], end="The bleeding stops.", rules=[Rule("Within 12 hours.", "wong2022-endoscopy")])],
    id="first-hour", title="…", question="…",
)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from hepatica.cards.parts.controls import provenance
from hepatica.cards.parts.door import OneOf, Several
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.order import shown
from hepatica.cards.parts.text import inline

__all__ = ["Case", "Rule", "Step", "Steps"]

SENTENCE = [
    ("done < 1", "{steps:0f} steps to put in order. Some of the offers are none."),
    ("done < steps", "{done:0f} of {steps:0f} steps done."),
    (None, "All {steps:0f} steps done."),
]


@dataclass(frozen=True)
class Step:
    """An offer. With `done`, the words for the list of what has been done, it is a step, else it is
    better left alone.

    `why` is said when it is taken (or, left alone, when it is tried). `early` names the steps that
    come before it, each with what is said while that one is missing.
    """

    key: str
    text: str
    why: str
    done: str = ""
    early: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict:
        """The step for cards/kinds/steps/card.js; `early` in its order."""
        early = [[before, inline(words)] for before, words in self.early.items()]
        words = {"text": inline(self.text), "why": inline(self.why), "done": inline(self.done)}
        return {"key": self.key, "early": early, **words}


@dataclass(frozen=True)
class Rule:
    """A rule behind a case, in words, with its source; `read` says what was read of it, and when."""

    text: str
    source: str
    status: str = "published"
    read: str = ""

    def json(self) -> dict:
        """The rule for cards/kinds/steps/card.js."""
        own = {"text": inline(self.text), "read": escape(self.read)}
        return {**own, **provenance(self.source, self.status)}


@dataclass(frozen=True)
class Case:
    """One case: where it stands, its steps in a right order (left-alone offers anywhere), what is
    said at the end, and the rules behind it."""

    key: str
    label: str
    scene: str
    steps: Sequence[Step]
    end: str
    rules: Sequence[Rule] = ()

    def json(self, card: str) -> dict:
        """The case for cards/kinds/steps/card.js; offers stand in an order drawn from its key."""
        self._require_order()
        order = shown(f"{card}/{self.key}", len(self.steps))
        return {
            "key": self.key,
            "label": self.label,
            "scene": inline(self.scene),
            "steps": [self.steps[place].json() for place in order],
            "end": inline(self.end),
            "rules": [rule.json() for rule in self.rules],
        }

    def right(self) -> list[Step]:
        """The steps, without what is better left alone."""
        return [step for step in self.steps if step.done]

    def _require_order(self) -> None:
        before: list[str] = []
        for step in self.steps:
            late = [key for key in step.early if key not in before]
            if late or step.key in before or not step.why:
                raise CardError(f"Case {self.key}: {step.key} needs a reply, a key, order: {late}.")
            before += [step.key] if step.done else []
        if len(before) < 2:
            raise CardError(f"Case {self.key} has {len(before)} steps; an order needs two.")


class Steps(Card):
    """Cases whose steps are put in order, one press at a time; a case may have more than one right
    order.

    Raises CardError for a case without order or reply, and for two cases of one key.
    """

    def __init__(self, cases: Sequence[Case], *, id: str, title: str, question: str):
        self.cases = {case.key: case for case in cases}
        if len(self.cases) < len(cases):
            raise CardError(f"{id}: two cases have one key.")
        spec = {"kind": "steps", "id": id, "title": title, "question": question}
        spec["cases"] = [case.json(id) for case in cases]
        steps = [f"{case.key}/{step.key}" for case in cases for step in case.steps]
        right = [f"{case.key}/{step.key}" for case in cases for step in case.right()]
        fields = {
            "case": OneOf(of=list(self.cases), start=cases[0].key, label="the case"),
            "taken": Several(of=right, start=[], private=True, label="the steps done"),
            "tried": OneOf(of=["", *steps], start="", private=True, label="the last press"),
        }
        super().__init__(spec, fields, describe=SENTENCE, names=("done", "steps"))

    def scope(self, **moved) -> dict[str, float]:
        """How many steps the open case has, and how many of them are done."""
        values = super().scope(**moved)
        case = self.cases[values["case"]]
        return {"done": len(taken_of(case, values["taken"])), "steps": len(case.right())}

    def said(self, case: str, key: str, taken: Iterable[str] = ()) -> tuple[bool, str]:
        """Whether a step of a case counts after others (their own keys), and what is said to it."""
        step = next(step for step in self.cases[case].steps if step.key == key)
        early = next((words for before, words in step.early.items() if before not in taken), "")
        return bool(step.done) and not early, inline(early or step.why)

    def _static_lines(self) -> list[str]:
        fold = "<details><summary>One right order of each</summary>"
        return [fold, *(_case_html(case) for case in self.cases.values()), "</details>"]


def taken_of(case: Case, taken: Iterable[str]) -> list[str]:
    """The keys of a case's own steps among those taken in all cases."""
    return [one.split("/")[1] for one in taken if one.split("/")[0] == case.key]


def _case_html(case: Case) -> str:
    """A case in print: the scene, its steps in order, the sources of its rules."""
    steps = "".join(f"<li>{inline(step.text)}</li>" for step in case.right())
    told = f"<p><strong>{escape(case.label)}.</strong> {inline(case.scene)}</p>"
    sources = dict.fromkeys(_linked(rule.json()) for rule in case.rules)
    return f"{told}<ol>{steps}</ol><p>Rules: {', '.join(sources)}.</p>"


def _linked(rule: dict) -> str:
    name = escape(rule["source"])
    return f'<a href="{escape(rule["link"])}">{name}</a>' if rule["link"] else name
