"""Who reports what: every study as a square in a field per outcome, so that what is missing can be
seen.

The rows come from `hepatica.analysis.trials.reporting`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hepatica.cards.kinds.forest.card import CELLS, DESIGNS, FILTERS, tags
from hepatica.cards.parts.door import OneOf, Several
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.predict import Question

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reporting"]

STATES = {
    "numbers": "both arms can be compared",
    "partly": "some numbers, no comparison",
    "words": "only words",
    "not found": "nothing found",
    "same patients": "the same patients as another study",
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
    predict : Question, optional
        A question first.

    Raises CardError for an outcome without rows.
    """

    commit = "Show what the trials say"
    waiting = "Predict first; then the studies answer."

    def __init__(
        self,
        rows: pd.DataFrame,
        *,
        id: str,
        title: str,
        question: str,
        outcomes: Mapping[str, str],
        predict: Question | None = None,
    ):
        known = sorted(set(rows["outcome"]))
        for outcome in set(outcomes) - set(known):
            raise CardError(f"{id}: no rows for {outcome!r}. The outcomes are {', '.join(known)}.")
        studies = _studies(rows, list(outcomes))
        spec = {
            "kind": "reporting",
            "id": id,
            "title": title,
            "question": question,
            "outcomes": [
                {"name": name, "label": label, "words": label if label.isupper() else label.lower()}
                for name, label in outcomes.items()
            ],
            "studies": studies,
            "states": [{"name": name, "label": label} for name, label in STATES.items()],
            "filters": [_chips(studies, name) for name in ("design", "cells")],
        }
        self._studies, self._outcomes = studies, spec["outcomes"]
        fields = {
            chips["name"]: Several(
                of=chips["options"], start=chips["options"], label=chips["label"]
            )
            for chips in spec["filters"]
        }
        fields["study"] = OneOf(
            of=["", *(study["key"] for study in studies)], start="", label="the study"
        )
        counts = [f"n{i}" for i, _ in enumerate(outcomes)]
        super().__init__(
            spec,
            fields,
            describe=_rules(spec["outcomes"]),
            predict=predict,
            names=[*counts, "studies", "word", "nothing"],
        )

    def scope(self, **moved: Any) -> dict[str, float | str]:
        """How many of the studies that the chips let pass allow each outcome to be compared."""
        values = super().scope(**moved)
        kept = [
            study
            for study in self._studies
            if all(study["tags"][name] in values[name] for name in ("design", "cells"))
        ]
        counts = {
            f"n{i}": sum(study["read"][i]["state"] == "numbers" for study in kept)
            for i, _ in enumerate(self._outcomes)
        }
        nothing = sum(all(cell["state"] != "numbers" for cell in study["read"]) for study in kept)
        return {
            **counts,
            "studies": len(kept),
            "word": "study" if len(kept) == 1 else "studies",
            "nothing": nothing,
        }

    def _static_lines(self) -> list[str]:
        return [f"<p>{html.escape(self.describe())}</p>"]


def _studies(rows: pd.DataFrame, outcomes: list[str]) -> list[dict]:
    """The studies, those with most to compare first, with state and words for each outcome."""
    made = []
    for trial, group in rows.groupby("trial", sort=False):
        first, by = group.iloc[0], group.set_index("outcome").to_dict("index")
        told_about = [
            {"state": by[name]["status"], "words": by[name]["problem"] or by[name]["printed"]}
            for name in outcomes
        ]
        made.append(
            {"key": trial, "label": first["label"], "tags": tags(first), "read": told_about}
        )
    order = list(STATES)
    return sorted(made, key=lambda study: [order.index(cell["state"]) for cell in study["read"]])


def _chips(studies: Sequence[Mapping], name: str) -> dict:
    """One row of chips with every value that occurs, in the usual order."""
    seen = {study["tags"][name] for study in studies}
    order = DESIGNS.values() if name == "design" else [label for _, label in CELLS]
    return {
        "name": name,
        "label": FILTERS[name],
        "options": [label for label in order if label in seen],
    }


def _rules(outcomes: Sequence[Mapping]) -> list:
    """The sentence of the card: each outcome with how many studies let it be compared."""
    parts = ", ".join(f"{outcome['words']} in {{n{i}:0f}}" for i, outcome in enumerate(outcomes))
    return [
        (
            None,
            (
                f"Of {{studies:0f}} {{word:t}}, the two arms can be compared for {parts}. "
                f"In {{nothing:0f}} of them nothing can be compared."
            ),
        )
    ]
