"""The atlas of causes: who scars, where it starts, how fast, what stops it; one cause at a time, or
all of them by one aspect.

    Atlas(
        id="atlas", title="…", question="…", first="hcv",
        traps=[Trap("blamed", ["drug-pace"], Predict("…", [("…", True, "…"), ("…", False, "…")]))],
    )
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from hepatica.analysis import atlas
from hepatica.analysis.atlas import ALONE, BLANK, HEADINGS, Cause, Entry, Factor
from hepatica.cards.parts.controls import provenance
from hepatica.cards.parts.door import OneOf
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.predict import Predict, Question
from hepatica.cards.parts.text import typeset

__all__ = ["Atlas", "Trap"]

FACTORS = "factors"
"""The comparison that lists all accelerators."""

ASKED_FIRST = "A question first; then the numbers."
SENTENCE = [("asks > 0", "{told:t} " + ASKED_FIRST), (None, "{told:t}")]


@dataclass(frozen=True)
class Trap:
    """A question inside the atlas: until it is answered, the rows that it guards are covered.

    `name` is the value that keeps the answer, `guards` are keys of data/causes.csv and
    data/accelerators.csv.
    """

    name: str
    guards: Sequence[str]
    asked: Predict


class Atlas(Card):
    """Every cause of data/causes.csv, its accelerators one at a time, and comparisons by aspect.

    `first` is the cause shown at the start. Raises CardError for an unknown cause and for a trap
    that guards no row.
    """

    waiting = "Predict first; then the atlas opens."
    commit = "Open the atlas"

    def __init__(
        self,
        *,
        id: str,
        title: str,
        question: str,
        traps: Sequence[Trap] = (),
        first: str = "hcv",
        predict: Question | None = None,
    ):
        causes, factors = atlas.causes(), atlas.accelerators()
        _require_rows(first, traps, causes, factors)
        spec = {
            "kind": "atlas",
            "id": id,
            "title": title,
            "question": question,
            "causes": [_cause(cause) for cause in causes],
            "factors": [_factor(factor) for factor in factors],
            "headings": [*HEADINGS.items()],
            "groups": {heading: list(keys) for heading, keys in atlas.GROUPS.items()},
            "order": _order(causes),
            "traps": [_trap(trap, id) for trap in traps],
            "sources": _sources(causes, factors),
            **_told(causes, factors, {row for trap in traps for row in trap.guards}),
            "alone": ALONE,
            "blank": BLANK,
        }
        self._told, self._asked = spec["told"], spec["asked"]
        self._guards = {trap.name: set(trap.guards) for trap in traps}
        self._own = {factor.key: factor.cause for factor in factors}
        fields = {
            "cause": OneOf(of=[cause.key for cause in causes], start=first, label="the cause"),
            "by": OneOf(of=["", *HEADINGS, FACTORS], start="", label="what is compared"),
            "factor": OneOf(of=["", *self._own], start="", label="the accelerator"),
            **{trap.name: trap.asked.field() for trap in traps},
        }
        super().__init__(spec, fields, describe=SENTENCE, names=("told", "asks"), predict=predict)

    def scope(self, **moved: Any) -> dict[str, Any]:
        """The sentence of what is open, and whether a question stands before it."""
        chosen = super().scope(**moved)
        cause, by, factor = chosen["cause"], chosen["by"], chosen["factor"]
        shown = by == FACTORS or (by == "" and self._own.get(factor) == cause)
        if factor and shown:
            place, rows = f"factor {factor}", {factor}
        elif by:
            place, rows = f"by {by}", {f"by-{by}"}
        else:
            place, rows = f"cause {cause}", {f"{cause}-pace"}
        asks = any(chosen[name] is None and guards & rows for name, guards in self._guards.items())
        told = self._asked if asks else self._told
        return {"told": told[place], "asks": float(asks)}

    def _static_lines(self) -> list[str]:
        head = "".join(f'<th scope="col">{words}</th>' for words in HEADINGS.values())
        rows = "".join(
            f'<tr><th scope="row">{cause["label"]}</th>'
            + "".join(f"<td>{_in_words(cause['rows'][aspect])}</td>" for aspect in HEADINGS)
            + "</tr>"
            for cause in self.spec["causes"]
        )
        return [
            f"<p>{escape(self.describe())}</p>",
            f'<table><tr><th scope="col">Cause</th>{head}</tr>{rows}</table>',
        ]


def _require_rows(
    first: str, traps: Sequence[Trap], causes: Sequence[Cause], factors: Sequence[Factor]
) -> None:
    if first not in {cause.key for cause in causes}:
        raise CardError(f"The atlas has no cause {first!r}; see data/causes.csv.")
    rows = {entry.key for cause in causes for part in cause.entries.values() for entry in part}
    known = rows | {factor.key for factor in factors} | {f"by-{aspect}" for aspect in HEADINGS}
    for trap in traps:
        strange = set(trap.guards) - known
        if strange or not trap.guards:
            raise CardError(
                f"The question {trap.name!r} guards {sorted(strange) or 'nothing'}; name rows of "
                "data/causes.csv or data/accelerators.csv, or by-pace, by-regression …"
            )


def _cause(cause: Cause) -> dict:
    rows = {
        aspect: [_entry(entry) for entry in entries] for aspect, entries in cause.entries.items()
    }
    return {"key": cause.key, "label": escape(_capital(cause.label)), "rows": rows}


def _entry(entry: Entry) -> dict:
    words = {
        "key": entry.key,
        "text": escape(typeset(entry.statement)),
        "amount": entry.amount,
        "bar": asdict(entry.bar) if entry.bar else None,
        "evidence": escape("; ".join(filter(None, (entry.evidence, entry.population)))),
        "source": entry.source,
        "status": entry.status,
    }
    return words


def _factor(factor: Factor) -> dict:
    return {**asdict(factor), "comparison": typeset(factor.comparison)}


def _sources(causes: Sequence[Cause], factors: Sequence[Factor]) -> dict[str, list[str]]:
    """Short name and link of every source, once."""
    rows = [entry for cause in causes for part in cause.entries.values() for entry in part]
    keys = {row.source for row in (*rows, *factors)}
    cited = {key: provenance(key, "published") for key in sorted(keys)}
    return {key: [found["source"], found["link"]] for key, found in cited.items()}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _trap(trap: Trap, card: str) -> dict:
    step = trap.asked.json(None, f"{card}-{trap.name}")
    return {
        "name": trap.name,
        "guards": list(trap.guards),
        "predict": {**step, "commit": "Show the numbers"},
    }


def _order(causes: Sequence[Cause]) -> list[list[str]]:
    """Cause and row of every regression, the best evidence first and the blanks last."""
    pairs = [(cause, entry) for cause in causes for entry in cause.entries["regression"]]
    return [[cause.key, entry.key] for cause, entry in atlas.by_evidence(pairs)]


def _told(
    causes: Sequence[Cause], factors: Sequence[Factor], guarded: set[str]
) -> dict[str, dict[str, str]]:
    """What the sentence says of each place, and what of it before a question is answered."""
    pairs = {f"cause {cause.key}": (f"{cause.key}-pace", _of_cause(cause)) for cause in causes}
    pairs |= {f"by {aspect}": (f"by-{aspect}", _compared(aspect, causes)) for aspect in HEADINGS}
    pairs |= {f"factor {factor.key}": (factor.key, _of_factor(factor)) for factor in factors}
    together = f"{len(factors)} accelerators, each with its own outcome. {ALONE}"
    told = {place: words["all"] for place, (_, words) in pairs.items()}
    asked = {place: words["asked"] for place, (row, words) in pairs.items() if row in guarded}
    return {"told": told | {f"by {FACTORS}": together}, "asked": asked}


def _of_cause(cause: Cause) -> dict[str, str]:
    pace, name = cause.entries["pace"][0], _capital(cause.label)
    number = f": {pace.amount}" if pace.amount else ""
    return {"all": f"{name}: {pace.statement}{number}.", "asked": f"{name}."}


def _of_factor(factor: Factor) -> dict[str, str]:
    name = f"{_capital(factor.name)}, {typeset(factor.comparison)}"
    number = factor.amount or "named, without a number in what was read"
    return {"all": f"{name}: {number}. Outcome: {factor.outcome}. {ALONE}", "asked": f"{name}."}


def _compared(aspect: str, causes: Sequence[Cause]) -> dict[str, str]:
    entries = {cause.key: cause.entries[aspect] for cause in causes}
    with_number = [key for key, rows in entries.items() if any(row.amount for row in rows)]
    words = f"{HEADINGS[aspect]}, {len(causes)} causes."
    if aspect == "pace":
        words += (
            f" {len(with_number)} have a number, in {len(atlas.GROUPS)} kinds of count; "
            "between the kinds the bars do not compare."
        )
    if aspect == "regression":
        randomised = [
            key
            for key, rows in entries.items()
            if any(atlas.is_randomised(row.evidence) for row in rows)
        ]
        words += (
            f" {len(with_number)} have a number, {len(causes) - len(with_number)} have none; "
            f"from a randomised comparison: {len(randomised)}. Rows with a bar count cirrhosis that "
            "became less; the others count something else."
        )
    return {"all": words, "asked": f"{HEADINGS[aspect]}."}


def _in_words(rows: Sequence[dict]) -> str:
    return "<br>".join(f"{row['text']} {escape(row['amount'])}".strip() for row in rows)
