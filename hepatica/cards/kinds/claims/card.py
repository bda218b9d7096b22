"""The board of claims: every claim of the article with its verdict, how certain it is, and what was left out."""

from __future__ import annotations

import html

from hepatica import ledger
from hepatica.cards.parts.frame import Card
from hepatica.cards.parts.text import inline, typeset

__all__ = ["ClaimsBoard"]

VERDICTS = ("supported", "partly supported", "uncertain", "true but misleading", "not supported")
CERTAINTIES = ("high", "moderate", "low", "very low")


class ClaimsBoard(Card):
    """All claims of data/claims.csv in the article's order, to filter, search, judge and open.

    `answers` maps what a reader may answer to the verdicts it stands for, as in notebook 00.
    """

    def __init__(self, *, id: str, title: str, question: str, answers: dict[str, tuple[str, ...]]):
        rows = ledger.table("claims").to_dict("records")
        spec = {
            "kind": "claims", "id": id, "title": title, "question": inline(question),
            "verdicts": list(VERDICTS), "certainties": list(CERTAINTIES),
            "answers": [{"text": text, "verdicts": list(verdicts)} for text, verdicts in answers.items()],
            "notebooks": _notebooks(), "claims": [_claim(row) for row in rows],
        }
        super().__init__(spec, {"judged": {}})

    def describe(self) -> str:
        """How many claims have which verdict."""
        counts = verdict_counts()
        return f"{sum(counts.values())} claims: {', '.join(f'{n} {verdict}' for verdict, n in counts.items())}."

    def _static_lines(self) -> list[str]:
        lines = [f"<li><strong>{row['key']}</strong> {html.escape(row['claim'])}: <em>{row['verdict']}</em>, certainty "
                 f"{row['certainty']}. Left out: {html.escape(row['left_out'])}</li>" for row in self.spec["claims"]]
        return [f"<p>{html.escape(self.describe())}</p>", f"<ul>{''.join(lines)}</ul>"]


def verdict_counts() -> dict[str, int]:
    """How many claims of the ledger have each verdict."""
    found = ledger.table("claims")["verdict"].value_counts()
    return {verdict: int(found.get(verdict, 0)) for verdict in VERDICTS}


def _notebooks() -> dict[str, dict[str, str]]:
    """File and question of each notebook by its number."""
    return {row.key: {"file": f"{row.key}_{row.slug}.ipynb", "question": row.question}
            for row in ledger.table("notebooks").itertuples()}


def _claim(row: dict) -> dict:
    """One claim for cards/kinds/claims/card.js; a bracket in the ledger's wording is our remark and stands apart."""
    words, _, remark = row["claim"].partition(" (")
    others = [key for key in str(row["other_sources"] or "").split(";") if key]
    return {
        "key": row["key"], "section": row["section"], "claim": words, "remark": remark.removesuffix(")"),
        "type": row["type"], "verdict": row["verdict"], "certainty": row["certainty"].replace("_", " "),
        "numbers": typeset(row["key_numbers"]), "evidence": typeset(row["evidence_summary"]),
        "left_out": typeset(row["what_the_article_leaves_out"]), "taught_in": str(row["taught_in"]).split(";"),
        "sources": [_source(key) for key in [row["source"], *others]],
    }


def _source(key: str) -> dict[str, str]:
    reference = ledger.reference(key)
    return {"text": reference.short, "link": reference.link or ""}
