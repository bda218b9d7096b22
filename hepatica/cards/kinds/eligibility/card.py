"""Eligibility: virtual patients against the entry rules of trials,
judged again when a value of the patient moves."""

from __future__ import annotations

import html

from hepatica import ledger
from hepatica.analysis import eligibility
from hepatica.analysis.eligibility import COMPARATOR, FINDINGS, KNOWN, NEVER, NUMBERS, SCORES
from hepatica.cards.parts.door import Number, OneOf
from hepatica.cards.parts.frame import PREDICTION, Card, CardError
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import Question
from hepatica.cards.parts.text import typeset

__all__ = ["Eligibility"]

MARKS = {eligibility.MEETS: "●", eligibility.EXCLUDED: "✕", eligibility.UNKNOWN: "?"}
SEXES = {"F": "woman", "M": "man"}
MOVED = ("bilirubin_mg_dl", "inr", "age_years", "alcohol_abstinence_months")
CALM = ("no", "no (contraindicated)", "discuss")
"""Answers on the transplant team by which nobody has to be called yet."""
NAMES = ("who", "met", "all", "before", "sets", "first", "refer", "called")
DRY, DRY_WORD = NEVER["alcohol_abstinence_months"]

SLIDERS = (
    {
        "name": "bilirubin_mg_dl",
        "label": "bilirubin",
        "unit": "mg/dL",
        "min": 0.3,
        "max": 15,
        "step": 0.1,
    },
    {"name": "inr", "label": "INR", "unit": "", "min": 0.9, "max": 3, "step": 0.1},
    {"name": "age_years", "label": "age", "unit": "years", "min": 18, "max": 85, "step": 1},
    {
        "name": "alcohol_abstinence_months",
        "label": "months without alcohol",
        "unit": "months",
        "min": 0,
        "max": 25,
        "step": 0.5,
        "top": DRY,
        "top_word": DRY_WORD,
    },
)


MET = "{who:t} meets the coded rules of {met:0f} of {all:0f} cell trials"
CAUTION = ": {sets:t}. Not refused is not yet helped: eligible is not indicated."
SENTENCE = [
    ("met < 1", "{who:t} is refused by all {all:0f} cell trials."),
    ("(met > before) | (met < before)", f"{MET} (before: {{before:0f}}){CAUTION}"),
    (None, f"{MET}{CAUTION}"),
]


class Eligibility(Card):
    """All rule sets of data/rule_sets.csv for one patient at a time, and all patients in one table.

    `first` is the patient shown at the start. Raises CardError for an unknown patient.
    """

    waiting = "Predict first; then the rules answer."
    commit = "Show what the rules say"

    def __init__(
        self,
        *,
        id: str,
        title: str,
        question: str,
        first: str = "V01",
        predict: Question | None = None,
        mission: Mission | None = None,
    ):
        people = _patients()
        if first not in {person["key"] for person in people}:
            raise CardError(f"There is no patient {first!r}. Write V01 to V{len(people):02}.")
        spec = {
            "kind": "eligibility",
            "id": id,
            "title": title,
            "question": question,
            "first": first,
            "calm": list(CALM),
            "patients": people,
            "rule_sets": _rule_sets(),
            "controls": [dict(slider) for slider in SLIDERS],
            "numbers": {name: list(words) for name, words in NUMBERS.items()},
            "never": {name: list(words) for name, words in NEVER.items()},
            "findings": {
                name: {str(code): word for code, word in words.items()}
                for name, words in FINDINGS.items()
            },
            "referral": [_step(step) for step in eligibility.referral_steps()],
            "model": eligibility.readings.javascript(),
            "model_inputs": eligibility.SCORE_INPUTS,
            "classes": [
                {
                    "letter": letter,
                    "to": ledger.number(f"scores/child-pugh-class-{letter.lower()}").high,
                }
                for letter in "ABC"
            ],
            "read_as": eligibility.READ_AS,
            "micromoles": ledger.number("scores/units-bilirubin-factor").value,
        }
        sliders = {
            row["name"]: Number(
                low=row["min"],
                high=row.get("top", row["max"]),
                label=row["label"],
                unit=row["unit"],
                empty=True,
            )
            for row in SLIDERS
        }
        keys = [person["key"] for person in people]
        self._who = {person["key"]: person["who"].split(",")[0] for person in people}
        fields = {"patient": OneOf(of=keys, start=first, label="the patient"), **sliders}
        super().__init__(
            spec, fields, describe=SENTENCE, names=NAMES, predict=predict, mission=mission
        )

    def scope(self, **moved: str | float | None) -> dict[str, str | float]:
        """Which cell trials take the patient, as in the case file and with the values moved."""
        chosen = super().scope(**moved)
        chosen.pop(PREDICTION, None)
        key = chosen.pop("patient")
        changes = {name: value for name, value in chosen.items() if value is not None}
        found = eligibility.facts(key, **changes)
        met, due = eligibility.accepting(found), eligibility.transplant_referral(found).due
        cells = [row for row in ledger.table("rule_sets")["key"] if row != COMPARATOR]
        return {
            "who": self._who[key],
            "met": len(met),
            "all": len(cells),
            "before": len(eligibility.accepting(key)),
            "sets": ", ".join(met),
            "first": float(key == self.fields["patient"].start),
            "refer": due,
            "called": float(due not in CALM),
        }

    def _static_lines(self) -> list[str]:
        head = "".join(
            f'<th scope="col">{html.escape(row["key"])}</th>' for row in self.spec["patients"]
        )
        found = {
            person["key"]: eligibility.screen(person["key"]) for person in self.spec["patients"]
        }
        rows = "".join(
            _static_row(row, [found[p["key"]][n] for p in self.spec["patients"]])
            for n, row in enumerate(self.spec["rule_sets"])
        )
        key = "; ".join(f"{mark} {verdict}" for verdict, mark in MARKS.items())
        return [
            f"<table><caption>{key}</caption><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"
        ]


def _static_row(row: dict, judged: list[eligibility.Judgement]) -> str:
    cells = "".join(f"<td>{MARKS[found.verdict]}</td>" for found in judged)
    return f'<tr><th scope="row">{html.escape(row["key"])}</th>{cells}</tr>'


def _patients() -> list[dict]:
    """What the card needs of each virtual patient: who, a line of the story,
    the values that rules read, the answer."""
    return [
        {
            "key": row["key"],
            "who": f"{row['initials']}, {row['age_years']}, {SEXES[row['sex']]}",
            "title": row["title"],
            "cause": row["aetiology"],
            "stage": row["spectrum"],
            "story": typeset(row["vignette"]),
            "answer": typeset(row["answer_cell_therapy"]),
            "referral": typeset(row["transplant_reason"]),
            "female": int(row["sex"] == "F"),
            "values": _values(row["key"]),
        }
        for row in ledger.table("patients").to_dict("records")
    ]


def _values(patient: str) -> dict[str, float | str | None]:
    """The values of a patient that the rules and the scores read, scores left out."""
    read = {*eligibility.SCORE_INPUTS.values(), *(name for name in KNOWN if name not in SCORES)}
    known = eligibility.facts(patient)
    return {name: known[name] for name in sorted(read)}


def _rule_sets() -> list[dict]:
    """Each rule set with its rules, its source and how much of it could be read."""
    return [
        {
            "key": row.key,
            "label": row.label,
            "completeness": row.completeness,
            "cells": row.key != COMPARATOR,
            "source": ledger.reference(row.source).short,
            "link": ledger.reference(row.source).link,
            "rules": _rules(row.key),
        }
        for row in ledger.table("rule_sets").itertuples()
    ]


def _rules(rule_set: str) -> list[dict]:
    """The rules for cards/kinds/eligibility/card.js, with what the table says of each."""
    table = ledger.table("eligibility").set_index("key")
    return [
        {
            "key": rule.key,
            "type": rule.rule_type,
            "variable": rule.variable,
            "operator": rule.operator,
            "value": rule.value,
            "low": rule.low,
            "high": rule.high,
            "criterion": typeset(rule.criterion),
            "unit": table.loc[rule.key, "unit"],
            "printed": table.loc[rule.key, "value_as_printed"],
            "why": typeset(table.loc[rule.key, "rationale"]),
        }
        for rule in eligibility.rules_of(rule_set)
    ]


def _step(step: eligibility.Step) -> dict:
    """A step of the referral for cards/kinds/eligibility/card.js."""
    conditions = [
        {"variable": name, "operator": operator, "value": value, "type": "include"}
        for name, operator, value in step.conditions
    ]
    return {"due": step.due, "reason": step.reason, "conditions": conditions}
