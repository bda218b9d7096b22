"""The board of claims: every claim of the article with its verdict, how certain it is,
and what was left out."""

from __future__ import annotations

import html
from typing import Any

from hepatica import ledger
from hepatica.cards.parts.door import Field, Flag, Map, OneOf, Words
from hepatica.cards.parts.frame import Card
from hepatica.cards.parts.text import typeset

__all__ = ["ClaimsBoard"]

VERDICTS = ("supported", "partly supported", "uncertain", "true but misleading", "not supported")
CERTAINTIES = ("high", "moderate", "low", "very low")


HOLDS = {"supported", "partly supported"}
FILTERS = ("section", "type", "verdict", "certainty")
SEARCHED = ("key", "claim", "remark", "evidence", "numbers", "left_out")
NAMES = ("found", "total", "covered", "given", "agree", "trusting", "doubting")
SENTENCE = [
    [(None, "{found:0f} of {total:0f} claims shown.")],
    [
        (
            "covered < 1",
            (
                "The diamonds say how certain the evidence is; below the verdict stands how sure "
                "we are of it."
            ),
        )
    ],
    [
        ("(given < 1) & (covered > 0)", "You have judged none of {total:0f} yet."),
        ("given > 0", "You judged {given:0f} of {total:0f}; {agree:0f} as the course does."),
    ],
    [
        (
            "(trusting > 0) & (doubting > 0)",
            (
                "Of the others {trusting:0f} you trusted more than "
                "the evidence does and {doubting:0f} hold better than you thought."
            ),
        ),
        ("trusting > 0", "Of the others {trusting:0f} you trusted more than the evidence does."),
        ("doubting > 0", "Of the others {doubting:0f} hold better than you thought."),
    ],
]


class ClaimsBoard(Card):
    """All claims of data/claims.csv in the article's order, to filter, search, judge and open.

    `answers` maps what a reader may answer to the verdicts it stands for, as in notebook 00;
    `covered` says that the verdicts are hidden until the reader judges or uncovers them.
    """

    def __init__(
        self,
        *,
        id: str,
        title: str,
        question: str,
        answers: dict[str, tuple[str, ...]],
        covered: bool = False,
    ):
        rows = ledger.table("claims").to_dict("records")
        spec = {
            "kind": "claims",
            "id": id,
            "title": title,
            "question": question,
            "verdicts": list(VERDICTS),
            "certainties": list(CERTAINTIES),
            "answers": [
                {"text": text, "verdicts": list(verdicts)} for text, verdicts in answers.items()
            ],
            "notebooks": _notebooks(),
            "claims": [_claim(row) for row in rows],
        }
        self._board = spec
        super().__init__(spec, _fields(spec, covered), describe=SENTENCE, names=NAMES)

    def scope(self, **moved: Any) -> dict[str, float]:
        """How many claims are shown, and how the reader's own verdicts agree with the course's."""
        values = super().scope(**moved)
        found = [row for row in self._board["claims"] if _passes(row, values)]
        own = _agreement(
            self._board,
            {key: answer for key, answer in values["judged"].items() if answer is not None},
        )
        return {
            "found": len(found),
            "total": len(self._board["claims"]),
            "covered": float(values["covered"]),
            **own,
        }

    def _static_lines(self) -> list[str]:
        lines = [
            f"<li><strong>{row['key']}</strong> {html.escape(row['claim'])}: "
            f"<em>{row['verdict']}</em> (sure of it: {row['sure']}), evidence {row['certainty']}. "
            "Left out: "
            f"{html.escape(row['left_out'])}</li>"
            for row in self.spec["claims"]
        ]
        told = f"<p>{html.escape(verdicts_in_words())}</p><ul>{''.join(lines)}</ul>"
        if not self.fields["covered"].start:
            return [told]
        return [f"<details><summary>All claims with their verdicts</summary>{told}</details>"]


def _fields(spec: dict, covered: bool) -> dict[str, Field]:
    """The filters, whether the verdicts are covered, and the reader's own verdicts."""
    filters = {
        name: OneOf(
            of=["", *dict.fromkeys(row[name] for row in spec["claims"])], start="", label=name
        )
        for name in FILTERS
    }
    answer = OneOf(of=range(len(spec["answers"])))
    judged = Map(
        fields={row["key"]: answer for row in spec["claims"]},
        start={},
        private=True,
        label="own verdicts",
    )
    return {
        **filters,
        "text": Words(start="", label="the search"),
        "covered": Flag(start=covered, label="cover"),
        "judged": judged,
    }


def _passes(row: dict, values: dict) -> bool:
    """Whether the filters and the search let a claim through."""
    text = " ".join(row[name] for name in SEARCHED).lower()
    return all(values[name] in ("", row[name]) for name in FILTERS) and all(
        word in text for word in values["text"].lower().split()
    )


def _agreement(spec: dict, judged: dict[str, int]) -> dict[str, float]:
    """How many verdicts the reader gave, how many agree,
    and how many trust or doubt more than the evidence does."""
    verdict = {row["key"]: row["verdict"] for row in spec["claims"]}
    answers = {key: spec["answers"][int(number)]["verdicts"] for key, number in judged.items()}
    differ = [key for key, verdicts in answers.items() if verdict[key] not in verdicts]
    trusting = [key for key in differ if verdict[key] not in HOLDS and set(answers[key]) & HOLDS]
    doubting = [key for key in differ if verdict[key] in HOLDS and not set(answers[key]) & HOLDS]
    return {
        "given": len(answers),
        "agree": len(answers) - len(differ),
        "trusting": len(trusting),
        "doubting": len(doubting),
    }


def verdicts_in_words() -> str:
    """How many claims have which verdict."""
    counts = verdict_counts()
    return (
        f"{sum(counts.values())} claims: "
        f"{', '.join(f'{n} {verdict}' for verdict, n in counts.items())}."
    )


def verdict_counts() -> dict[str, int]:
    """How many claims of the ledger have each verdict."""
    found = ledger.table("claims")["verdict"].value_counts()
    return {verdict: int(found.get(verdict, 0)) for verdict in VERDICTS}


def _notebooks() -> dict[str, dict[str, str]]:
    """File and question of each notebook by its number."""
    return {
        row.key: {"file": f"{row.key}_{row.slug}.ipynb", "question": row.question}
        for row in ledger.table("notebooks").itertuples()
    }


def _claim(row: dict) -> dict:
    """One claim for cards/kinds/claims/card.js; a bracket in the ledger's wording is our remark and
    stands apart."""
    words, _, remark = row["claim"].partition(" (")
    others = [key for key in str(row["other_sources"] or "").split(";") if key]
    return {
        "key": row["key"],
        "section": row["section"],
        "claim": words,
        "remark": remark.removesuffix(")"),
        "type": row["type"],
        "verdict": row["verdict"],
        "certainty": row["certainty"].replace("_", " "),
        "sure": row["sure"],
        "as_of": row["as_of"],
        "numbers": typeset(row["key_numbers"]),
        "evidence": typeset(row["evidence_summary"]),
        "left_out": typeset(row["what_the_article_leaves_out"]),
        "taught_in": str(row["taught_in"]).split(";"),
        "sources": [_source(key) for key in [row["source"], *others]],
    }


def _source(key: str) -> dict[str, str]:
    reference = ledger.reference(key)
    return {"text": reference.short, "link": reference.link or ""}
