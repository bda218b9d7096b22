"""A dated sheet: rules or results in parts, each row with its source and the day it was read.

Sheet(
    parts=[Part("pressure", "Portal pressure", [Row("15 kPa", "Ruled out.", "defranchis2022")])],
    id="sheet", title="…", question="…", first="pressure", all_of="All steps, to print",
)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from hepatica.cards.parts.controls import provenance
from hepatica.cards.parts.door import OneOf
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.predict import Question
from hepatica.cards.parts.text import typeset

__all__ = ["Part", "Row", "Sheet"]

SENTENCE = [(None, "{told:t}")]


@dataclass(frozen=True)
class Row:
    """One rule or result, in words.

    `facts` are pairs (what, words), `read` says when and what was read, `mine` what it means for
    one person, `differs` where sources disagree. `pair` is (with, without) in per cent.
    """

    label: str
    text: str
    source: str
    status: str = "published"
    facts: Sequence[tuple[str, str]] = ()
    read: str = ""
    mine: str = ""
    differs: str = ""
    pair: tuple[float, float] | None = None

    def json(self) -> dict:
        """The row for cards/kinds/sheet/card.js."""
        words = {
            name: escape(typeset(getattr(self, name)))
            for name in ("label", "text", "read", "mine", "differs")
        }
        facts = [[escape(what), escape(typeset(said))] for what, said in self.facts if said]
        pair = list(self.pair) if self.pair else None
        return {**words, "facts": facts, "pair": pair, **provenance(self.source, self.status)}


@dataclass(frozen=True)
class Part:
    """Rows under one heading; `told` is what the card says of them."""

    key: str
    label: str
    rows: Sequence[Row]
    told: str = ""


class Sheet(Card):
    """Parts to open one by one, or all at once for printing.

    `first` is the part that is open at the start, `all_of` the button that opens all of them,
    `pair_of` names the two bars of a row with a pair. Raises CardError for a part without rows, two
    parts of one key, and an unknown first part.
    """

    waiting = "Predict first; then the sheet opens."
    commit = "Open the sheet"

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        id: str,
        title: str,
        question: str,
        first: str,
        all_of: str,
        pair_of: tuple[str, str] = ("with", "without"),
        predict: Question | None = None,
    ):
        _require_parts(parts, first)
        spec = {"kind": "sheet", "id": id, "title": title, "question": question}
        spec |= {"all_of": all_of, "pair_of": list(pair_of)}
        spec["parts"] = [
            {
                "key": part.key,
                "label": part.label,
                "told": part.told,
                "rows": [row.json() for row in part.rows],
            }
            for part in parts
        ]
        count = sum(len(part.rows) for part in parts)
        spec["all_told"] = f"{len(parts)} parts, {count} rows, each with its source."
        self._told = {"": spec["all_told"], **{part.key: part.told for part in parts}}
        fields = {
            "part": OneOf(
                of=["", *(part.key for part in parts)], start=first, label="the open part"
            )
        }
        super().__init__(spec, fields, describe=SENTENCE, names=("told",), predict=predict)

    def scope(self, **moved: str) -> dict[str, str]:
        """What the card says of the open part."""
        return {"told": self._told[super().scope(**moved)["part"]]}

    def _static_lines(self) -> list[str]:
        return [f"<p>{escape(self.describe())}</p>", *map(_table, self.spec["parts"])]


def _require_parts(parts: Sequence[Part], first: str) -> None:
    keys = [part.key for part in parts]
    empty = [part.key for part in parts if not part.rows]
    if len(set(keys)) < len(keys) or empty:
        raise CardError(f"Each part of a sheet has its own key and rows; see {empty or keys}.")
    if first not in keys:
        raise CardError(f"No part is called {first!r}. Choose one of {', '.join(keys)}.")


def _table(part: dict) -> str:
    """A part as a table, for print and for viewers that run nothing."""
    head = "".join(f'<th scope="col">{words}</th>' for words in ("What", "Says", "Source"))
    rows = "".join(
        f'<tr><th scope="row">{row["label"]}</th><td>{_said(row)}</td><td>{_whence(row)}</td></tr>'
        for row in part["rows"]
    )
    return f"<table><caption>{escape(part['label'])}</caption><tr>{head}</tr>{rows}</table>"


def _said(row: dict) -> str:
    facts = [f"{what}: {words}" for what, words in row["facts"]]
    return "<br>".join(filter(None, (row["text"], *facts, row["differs"], row["mine"])))


def _whence(row: dict) -> str:
    name = escape(row["source"])
    linked = f'<a href="{escape(row["link"])}">{name}</a>' if row["link"] else name
    return f"{linked}<br>{row['read']}" if row["read"] else linked
