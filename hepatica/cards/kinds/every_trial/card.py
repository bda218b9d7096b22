"""Every trial of a drug against scar on the arrow that it tried to cut: without the drug, with it.

The rows are those of `data/antifibrotic_trials.csv`. Only shares of people whose scar got better
share an axis; everything else stands in a list below. Nothing is pooled.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

from hepatica import ledger
from hepatica.cards.parts.door import Flag, OneOf
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import Question
from hepatica.ledger.scarring import LEVELS

__all__ = ["EveryTrial"]

NOT_BETTER = "still in"
"""An endpoint with these words counts who did not get worse: it is no share of those better."""

MARKS = {
    "textbook": ("○", "textbook"),
    "cell": ("◐", "cells in a dish"),
    "animal": ("◐", "animals"),
    "human_tissue": ("●", "human tissue, an association"),
    "human_trial": ("◉", "trials in people"),
}
"""The mark of a level of evidence and what it stands for; the drawing shows the same."""

VERDICTS = {
    "met": "endpoint met",
    "missed": "endpoint missed",
    "not tested": "not tested",
    "no control": "no control group",
    "stopped": "stopped, no effect",
    "not read": "result not read",
}
"""The verdict on a row's own endpoint, in words."""

WITHOUT = {
    "placebo": "placebo",
    "untreated": "no treatment",
    "active": "the other treatment",
    "not randomised": "people not randomised",
    "none": "no control group",
}

NAMES = (
    *("drawn", "trials", "listed", "met", "missed", "other", "low", "high", "f4", "blind"),
    *("one", "picked", "name", "told", "asked"),
)
SENTENCE = [
    [
        (
            "drawn < 1",
            "No trial that fits has two numbers for this axis; {listed:0f} in the list.",
        ),
        (
            None,
            (
                "Drawn: {drawn:0f} {drawn:plural comparison} from {trials:0f} {trials:plural trial}. {met:0f} met the "
                "endpoint, {missed:0f} missed it, {other:0f} had no test or no control group."
            ),
        ),
    ],
    [
        ("high > low", "Without the drug, {low:0f} to {high:0f} % were better."),
        ("drawn > 0", "Without the drug, {high:0f} % were better."),
    ],
    [("picked > 0", "Picked: {name:t}, {told:t}.")],
]


class EveryTrial(Card):
    """Pairs of dots per arrow: a grey ring without the drug, a shape with it.

    Parameters
    ----------
    id, title, question : str
        Identity (unique in the course), the message, and the question that the card answers.
    arrows : mapping
        Arrow (a key of data/fibrogenesis.csv): its name on the card, in the order of the card.
    asked : str
        The arm whose share the prediction asks for; the sentence and replies may name `asked`.
    predict : Question, optional
        A question first: until it is answered, only the rings are drawn.
    mission : Mission, optional
        A goal that the card checks.

    Raises CardError for an arrow without trials or a trial whose arrow is not among them.
    """

    waiting = "The rings are people without the drug. Predict first; then the drugs appear."
    commit = "Show the drugs"

    def __init__(
        self,
        *,
        id: str,
        title: str,
        question: str,
        arrows: Mapping[str, str],
        asked: str,
        predict: Question | None = None,
        mission: Mission | None = None,
    ):
        spec = {"kind": "every_trial", "id": id, "title": title, "question": question}
        spec |= {"arrows": _arrows(id, arrows), "rows": _rows(arrows), "axis": [0, 90, 30]}
        spec |= {"verdicts": [{"name": name, "label": text} for name, text in VERDICTS.items()]}
        by_key = {row["key"]: row for row in spec["rows"]}
        if not by_key.get(asked, {}).get("pair"):
            raise CardError(f"{id}: no arm {asked!r} with two numbers on the axis.")
        spec["asked"] = by_key[asked]["drug"]
        self._shown = spec
        fields = {
            "arrow": OneOf(of=["", *arrows], start="", label="the arrow"),
            "f4": Flag(start=False, label="cirrhosis only"),
            "blind": Flag(start=False, label="double-blind only"),
            "row": OneOf(of=["", *by_key], start="", label="the trial"),
        }
        super().__init__(
            spec, fields, describe=SENTENCE, names=NAMES, predict=predict, mission=mission
        )

    def scope(self, **moved: Any) -> dict[str, float | str]:
        """What the filters let pass, counted, and the picked row in words."""
        values = super().scope(**moved)
        passing = [row for row in self._shown["rows"] if _passes(row, values)]
        pairs = [row for row in passing if row["pair"]]
        tally = {name: sum(row["verdict"] == name for row in pairs) for name in ("met", "missed")}
        picked = next((row for row in passing if row["key"] == values["row"]), None)
        return {
            "drawn": len(pairs),
            "trials": len({row["trial"] for row in pairs}),
            "listed": len(passing) - len(pairs),
            **tally,
            "other": len(pairs) - sum(tally.values()),
            "low": min((row["without"] for row in pairs), default=0),
            "high": max((row["without"] for row in pairs), default=0),
            "f4": float(values["f4"]),
            "blind": float(values["blind"]),
            "one": float(values["arrow"] != ""),
            "picked": float(picked is not None),
            "name": picked["name"] if picked else "",
            "told": picked["told"] if picked else "",
            "asked": self._shown["asked"],
        }

    def _static_lines(self) -> list[str]:
        where = "Every row stands in data/antifibrotic_trials.csv."
        return [f"<p>{html.escape(self.describe())} {where}</p>"]


def _passes(row: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether the filters let a row through."""
    return (
        values["arrow"] in ("", row["arrow"])
        and (row["f4"] or not values["f4"])
        and (row["blind"] or not values["blind"])
    )


def level_of(arrow: str) -> str:
    """The strongest level of evidence of an arrow of data/fibrogenesis.csv."""
    row = ledger.table("fibrogenesis").set_index("key").loc[arrow]
    return max(row["level"].split(";"), key=LEVELS.index)


def _arrows(id: str, arrows: Mapping[str, str]) -> list[dict]:
    """The arrows with their names and marks, in order."""
    tried = set(ledger.table("antifibrotic_trials")["arrow"])
    if tried != set(arrows):
        odd = ", ".join(sorted(tried ^ set(arrows)))
        raise CardError(f"{id}: arrows without trials, or trials without their arrow: {odd}.")
    marks = [MARKS[level_of(arrow)] for arrow in arrows]
    return [
        {"key": arrow, "label": label, "mark": mark, "words": words}
        for (arrow, label), (mark, words) in zip(arrows.items(), marks, strict=True)
    ]


def _rows(arrows: Iterable[str]) -> list[dict]:
    """One entry per arm, in the order of the arrows and then of the table."""
    table = ledger.table("antifibrotic_trials").astype(object)
    records = table.where(table.notna(), None).to_dict("records")
    return [_row(row) for arrow in arrows for row in records if row["arrow"] == arrow]


def _row(row: Mapping[str, Any]) -> dict:
    """One arm for card.js; `pair` says whether it has two numbers for the axis."""
    drug, without = row["drug_value"], row["placebo_value"]
    better = row["unit"] == "%" and NOT_BETTER not in row["endpoint"]
    pair = better and drug is not None and without is not None
    reference = ledger.reference(row["source"])
    return {
        **{name: row[name] for name in ("key", "trial", "arrow", "arm", "verdict")},
        "name": row["label"],
        "f4": row["cirrhosis"] == "yes",
        "blind": row["double_blind"] == "yes",
        "pair": pair,
        "drug": drug if pair else None,
        "without": without if pair else None,
        "who": f"{row['disease']}, {row['stage']}",
        "told": _told(row, pair),
        "lines": _lines(row),
        "source": {"text": reference.short, "link": reference.link or ""},
    }


def _told(row: Mapping[str, Any], pair: bool) -> str:
    """The result of an arm in words, with the people counted where the source gives them."""
    verdict = VERDICTS[row["verdict"]]
    if not pair:
        return f"{row['arm']}: {row['as_printed'] or 'no share could be read'}; {verdict}"
    drug = _share(row["drug_value"], row["drug_counted"])
    without = _share(row["placebo_value"], row["placebo_counted"])
    return f"{row['arm']}: {drug} better with the drug, {without} with {_other(row)}; {verdict}"


def _other(row: Mapping[str, Any]) -> str:
    return WITHOUT[row["control"]]


def _share(value: float, counted: int | None) -> str:
    return f"{value:g} %" + (f" of {counted}" if counted else "")


def _lines(row: Mapping[str, Any]) -> list[str]:
    """What stands under a row that is opened."""
    people = f"{row['patients']} people" if row["patients"] else ""
    weeks = f"{row['weeks']} weeks" if row["weeks"] else ""
    counted = f"counted: {row['counted']} only" if row["counted"] else ""
    facts = (row["design"], people, weeks, f"phase {row['phase']}", counted)
    tested = f"; p {row['p_value']}" if row["p_value"] else ""
    endpoint = f"{row['endpoint_rank'].capitalize()} endpoint: {row['endpoint']}{tested}."
    note = [f"{row['note'][0].upper()}{row['note'][1:]}."] if row["note"] else []
    return [endpoint, ", ".join(filter(None, facts)) + ".", *note]
