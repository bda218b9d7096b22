"""Who reports what: every study as a square in a field per outcome, so that what is missing can be seen.

The rows come from `hepatica.analysis.trials.reporting`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.kinds.forest.card import CELLS, DESIGNS, FILTERS, Guess, tags
from hepatica.cards.parts.text import inline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reporting"]

STATES = {
    "numbers": "both arms can be compared", "partly": "some numbers, no comparison", "words": "only words",
    "not found": "nothing found", "same patients": "the same patients as another study",
}
"""What could be read of an outcome, the best first."""


class Reporting(Card):
    """One square per study and outcome, filled where both arms can be compared.

    Parameters
    ----------
    rows : DataFrame
        From `hepatica.analysis.trials.reporting`.
    id, title, question : str
        Identity (unique in the course), the message, and the question that the card answers.
    outcomes : mapping
        Outcome: its name on the card, in the order of the fields.
    predict : Guess, optional
        A question first.

    Raises CardError for an outcome without rows.
    """

    def __init__(self, rows: pd.DataFrame, *, id: str, title: str, question: str, outcomes: Mapping[str, str],
                 predict: Guess | None = None):
        known = sorted(set(rows["outcome"]))
        for outcome in set(outcomes) - set(known):
            raise CardError(f"{id}: no rows for {outcome!r}. The outcomes are {', '.join(known)}.")
        studies = _studies(rows, list(outcomes))
        spec = {
            "kind": "reporting", "id": id, "title": title, "question": inline(question),
            "outcomes": [{"name": name, "label": label, "words": label if label.isupper() else label.lower()}
                         for name, label in outcomes.items()],
            "studies": studies,
            "states": [{"name": name, "label": label} for name, label in STATES.items()],
            "filters": [_chips(studies, name) for name in ("design", "cells")],
            "predict": predict.json() if predict else None,
        }
        values = {chips["name"]: chips["options"] for chips in spec["filters"]} | {"study": ""}
        super().__init__(spec, {**values, **({"prediction": None} if predict else {})})

    def describe(self) -> str:
        """How many of the studies let each outcome be compared."""
        return told(self.spec["studies"], self.spec["outcomes"])

    def _static_lines(self) -> list[str]:
        return [f"<p>{html.escape(self.describe())}</p>"]


def _studies(rows: pd.DataFrame, outcomes: list[str]) -> list[dict]:
    """The studies, those with most to compare first, with state and words for each outcome."""
    made = []
    for trial, group in rows.groupby("trial", sort=False):
        first, by = group.iloc[0], group.set_index("outcome").to_dict("index")
        told_about = [{"state": by[name]["status"], "words": by[name]["problem"] or by[name]["printed"]}
                      for name in outcomes]
        made.append({"key": trial, "label": first["label"], "tags": tags(first), "read": told_about})
    order = list(STATES)
    return sorted(made, key=lambda study: [order.index(cell["state"]) for cell in study["read"]])


def _chips(studies: Sequence[Mapping], name: str) -> dict:
    """One row of chips with every value that occurs, in the usual order."""
    seen = {study["tags"][name] for study in studies}
    order = DESIGNS.values() if name == "design" else [label for _, label in CELLS]
    return {"name": name, "label": FILTERS[name], "options": [label for label in order if label in seen]}


def told(studies: Sequence[Mapping], outcomes: Sequence[Mapping]) -> str:
    """The sentence of the card for some studies; cards/kinds/reporting/card.js says the same."""
    counts = [sum(study["read"][i]["state"] == "numbers" for study in studies) for i in range(len(outcomes))]
    parts = [f"{outcome['words']} in {count}" for outcome, count in zip(outcomes, counts, strict=True)]
    nothing = sum(all(cell["state"] != "numbers" for cell in study["read"]) for study in studies)
    word = "study" if len(studies) == 1 else "studies"
    compared = f"Of {len(studies)} {word}, the two arms can be compared for {', '.join(parts)}."
    return f"{compared} In {nothing} of them nothing can be compared."
