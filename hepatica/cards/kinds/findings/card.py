"""A summary of findings: for each outcome how large, how certain, and what that means for a
thousand people like these; the reader moves the baselines.

The rows are those of `data/summary_of_findings.csv`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from hepatica import ledger
from hepatica.cards.kinds.findings.effects import changes, needed, per_thousand
from hepatica.cards.parts.door import Number, OneOf
from hepatica.cards.parts.frame import Card
from hepatica.cards.parts.predict import Question
from hepatica.ledger.evidence import CERTAINTIES, OUTCOMES

__all__ = ["Findings"]

GIVEN = {"cells": "cells", "g_csf": "G-CSF, a drug"}
PATIENTS = {
    "aclf": "acute-on-chronic failure",
    "decompensated": "decompensated cirrhosis",
    "compensated": "compensated cirrhosis",
}
SIGNS = {"high": "⊕⊕⊕⊕", "moderate": "⊕⊕⊕◯", "low": "⊕⊕◯◯", "very low": "⊕◯◯◯"}
RATIOS = ("RR", "OR")
MENDS = {
    r"risk of bias(?! -\d \(a third missing)|not randomised|not trusted|as above": "a blinded trial by lot",
    "a third missing": "a trial that loses nobody",
    "no control values": "the values of the control arm",
    "imprecision|one death": "more people",
    r"inconsistency -\d|too different": "trials alike enough to say why they differ",
    "indirectness|Asian": "trials in people like these",
    "publication bias": "the results of the silent trials",
    "not quantified|not read": "the numbers behind the words",
}
"""What would raise a certainty, by what lowered it (a pattern in the reasons of the table)."""
NAMES = (
    *("ratio", "points", "typical", "value", "low", "high", "zero", "graded"),
    *("outcome", "change", "needed", "certainty", "indirect"),
)
SENTENCE = [
    [
        (
            "ratio > 0",
            (
                "{outcome:t}: {typical:0f} of a thousand without, with it {change:t}. "
                "Number needed to treat: {needed:t}."
            ),
        ),
        ("points > 0", "{outcome:t}: {value:2f} points ({low:2f} to {high:2f})."),
        (None, "{outcome:t}: no number that we could read."),
    ],
    [
        ("graded > 0", "Certainty of the evidence: {certainty:t}."),
        (None, "{certainty:t}."),
    ],
    [("indirect > 0", "G-CSF is a drug: nothing follows for cells.")],
]


class Findings(Card):
    """Outcomes as rows; the picked one as people per thousand at two baselines.

    `predict` asks first; until then the certainties stay hidden.
    """

    commit = "Show the findings"
    waiting = "Predict first; then the findings."

    def __init__(self, *, id: str, title: str, question: str, predict: Question | None = None):
        table = ledger.table("summary_of_findings").to_dict("records")
        groups = [_group(table, who, given) for given in GIVEN for who in PATIENTS]
        rows = {row["key"]: row for group in groups for row in group["rows"]}
        spec = {
            "kind": "findings",
            "id": id,
            "title": title,
            "question": question,
            "groups": groups,
            "signs": SIGNS,
        }
        self._found = rows
        start = groups[0]["rows"][0]
        risk = {"low": 1, "high": 990, "whole": True}
        fields = {
            "who": OneOf(
                of=[group["key"] for group in groups],
                start=groups[0]["key"],
                label="patients and treatment",
            ),
            "row": OneOf(of=list(rows), start=start["key"], label="the outcome"),
            "low": Number(start=start["baseline_low"], label="the low baseline", **risk),
            "typical": Number(
                start=start["baseline_typical"], label="the typical baseline", **risk
            ),
        }
        super().__init__(spec, fields, describe=SENTENCE, names=NAMES, predict=predict)

    def scope(self, **moved: Any) -> dict[str, float | str]:
        """What the picked outcome comes to at the typical baseline."""
        values = {**self.start(), **moved}
        row = self._found[values["row"]]
        ratio = row["measure"] in RATIOS
        made = changes(row, values["typical"]) if ratio else []
        ends = {end: 0.0 if row[end] is None else row[end] for end in ("value", "low", "high")}
        return {
            **ends,
            "ratio": float(ratio),
            "points": float(row["measure"] == "MD"),
            "zero": float(bool(made) and made[1] < 0 < made[2]),
            "graded": float(row["certainty"] in SIGNS),
            "typical": float(values["typical"]),
            "outcome": row["name"],
            "change": per_thousand(made) if made else "",
            "needed": needed(made) if made else "",
            "certainty": row["certainty"],
            "indirect": float(row["given"] == "g_csf"),
        }

    def _static_lines(self) -> list[str]:
        rows = "".join(
            f'<tr><th scope="row">{html.escape(row["name"])}</th>'
            f"<td>{html.escape(group['label'])}</td><td>{html.escape(row['effect'])}</td>"
            f"<td>{html.escape(row['certainty'])}</td></tr>"
            for group in self.spec["groups"]
            for row in group["rows"]
        )
        heads = ("Outcome", "In whom", "Effect", "Certainty")
        head = "".join(f'<th scope="col">{name}</th>' for name in heads)
        table = f"<table><tr>{head}</tr>{rows}</table>"
        return [f"<p>{html.escape(self.describe())}</p>", table]


def _group(table: list[dict], who: str, given: str) -> dict:
    """The outcomes of one treatment in one group of patients; what holds for any patients stands
    in each."""
    kept = [row for row in table if row["given"] == given and row["population"] in (who, "any")]
    order = sorted(kept, key=lambda row: OUTCOMES.index(row["outcome"]))
    ratios_first = sorted(order, key=lambda row: row["measure"] not in RATIOS)
    if order[0]["measure"] not in RATIOS:
        order.remove(ratios_first[0])
        order.insert(0, ratios_first[0])
    label = f"{GIVEN[given]} in {PATIENTS[who]}"
    return {"key": f"{given}-{who}", "label": label, "rows": [_row(row) for row in order]}


def _row(row: Mapping) -> dict:
    """One outcome for cards/kinds/findings/card.js."""
    ends = {
        end: None if row[end] != row[end] else float(row[end]) for end in ("value", "low", "high")
    }
    risks = {
        name: None if row[name] is None or row[name] != row[name] else int(row[name])
        for name in ("baseline_low", "baseline_typical")
    }
    sources = [row["source"], *filter(None, str(row["other_sources"] or "").split(";"))]
    told = (
        "key",
        "given",
        "measure",
        "certainty",
        "reasons",
        "judged_by",
        "note",
        "trials",
        "people",
    )
    return {
        **{name: row[name] for name in told},
        **ends,
        **risks,
        "name": _name(row),
        "mind": could_change(row),
        "effect": _effect(row),
        "baseline_low_from": row["baseline_low_from"],
        "baseline_typical_from": row["baseline_typical_from"],
        "sources": [_source(key) for key in sources if key != "this-course"],
    }


def could_change(row: Mapping) -> str:
    """What would have to come for another word of certainty, from what lowered this one.

    >>> could_change({"certainty": "low", "reasons": "imprecision -1; risk of bias -1 (open)"})
    'a blinded trial by lot; more people'
    """
    if row["certainty"] == "no evidence":
        return "a trial that counts it"
    asked = [more for lowered, more in MENDS.items() if re.search(lowered, row["reasons"] or "")]
    return "; ".join(asked) or "the numbers behind the words"


def _name(row: Mapping) -> str:
    """The outcome with its time, and with the treatment where that is a special one."""
    label = row["label"][0].upper() + row["label"][1:]
    special = row["intervention"] not in ("cells", "MSC", "G-CSF")
    at = "" if row["at"] in ("", "any") else f", {row['at']}"
    what = f" ({row['intervention']})" if special else ""
    return f"{label}{at}{what}"


def _effect(row: Mapping) -> str:
    """The relative effect, or the words in its place."""
    if row["measure"] in ("words", "none"):
        return "in words" if row["measure"] == "words" else "no trial read"
    name = {"RR": "risk ratio", "OR": "odds ratio", "MD": "points"}[row["measure"]]
    ends = [f"{row[end]:.2f}".replace("-", "−") for end in ("value", "low", "high")]
    return f"{name} {ends[0]} ({ends[1]} to {ends[2]})"


def _source(key: str) -> dict[str, str]:
    reference = ledger.reference(key)
    return {"text": reference.short, "link": reference.link or ""}


def certainty_counts() -> dict[str, int]:
    """How many outcomes of the table have each certainty."""
    found = ledger.table("summary_of_findings")["certainty"].value_counts()
    return {word: int(found.get(word, 0)) for word in CERTAINTIES}
