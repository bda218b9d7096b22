"""The register: every registered trial as a bar as long as its people are many, by where it stands,
beside the people whom a pool contains.

The rows are those of `data/registrations.csv`.
"""

from __future__ import annotations

import html
from typing import Any

from hepatica import ledger
from hepatica.cards.parts.door import OneOf
from hepatica.cards.parts.frame import Card
from hepatica.cards.parts.predict import Question
from hepatica.ledger.evidence import STAGES

__all__ = ["Register"]

ORDER = (
    "with results",
    "without results",
    "recruiting",
    "not yet recruiting",
    "unknown",
    "withdrawn",
)
TOLD = {
    "with results": "published, or posted in the register",
    "without results": "completed or terminated, nothing published that we found",
    "recruiting": "still enrolling people",
    "not yet recruiting": "registered, not begun",
    "unknown": "the copies do not tell, or were not updated for years",
    "withdrawn": "nobody was enrolled",
}
NAMES = (
    "trials",
    "silent",
    "silent_people",
    "pooled",
    "randomised",
    "share",
    "unknown",
    "about",
    "picked",
)
SENTENCE = [
    (
        None,
        (
            "{trials:0f} registered trials. In {silent:0f} that ended without results: "
            "{silent_people:0f} people. In the pool of deaths: {pooled:0f}, "
            "{share:0f} % of the {randomised:0f} in trials of cells called randomised whose arms "
            "we could read. "
            "Of {unknown:0f} more trials nobody tells where they stand."
        ),
    ),
]


class Register(Card):
    """One bar per trial, in a row per stage; the pool is the row to compare with.

    Parameters
    ----------
    id, title, question : str
        Identity (unique in the course), the message, and the question that the card answers.
    pooled : mapping
        The trials of the pool and how many people each contributes.
    randomised : int
        All people of the ledger's randomised trials of infused cells.
    predict : Question, optional
        A question first.
    """

    commit = "Open the register"
    waiting = "Predict first; then the register opens."

    def __init__(
        self,
        *,
        id: str,
        title: str,
        question: str,
        pooled: dict[str, int],
        randomised: int,
        predict: Question | None = None,
    ):
        rows = ledger.table("registrations").to_dict("records")
        stages = [{"name": name, "told": TOLD[name], "trials": _of(rows, name)} for name in ORDER]
        assert set(ORDER) == set(STAGES)
        pool = [{"key": "", "label": name, "people": n} for name, n in pooled.items()]
        spec = {
            "kind": "register",
            "id": id,
            "title": title,
            "question": question,
            "pool": pool,
            "randomised": randomised,
            "stages": stages,
        }
        self._stages, self._pool, self._randomised = stages, pool, randomised
        keys = [trial["key"] for stage in stages for trial in stage["trials"]]
        fields = {"trial": OneOf(of=["", *keys], start="", label="the trial")}
        super().__init__(spec, fields, describe=SENTENCE, names=NAMES, predict=predict)

    def scope(self, **moved: Any) -> dict[str, float | str]:
        """How many trials and people stand where."""
        values = {**self.start(), **moved}
        by = {stage["name"]: stage["trials"] for stage in self._stages}
        silent, pooled = by["without results"], sum(each["people"] for each in self._pool)
        return {
            "trials": float(sum(map(len, by.values()))),
            "silent": float(len(silent)),
            "silent_people": float(sum(each["people"] for each in silent)),
            "pooled": float(pooled),
            "randomised": float(self._randomised),
            "share": 100 * pooled / self._randomised,
            "unknown": float(len(by["unknown"])),
            "about": values["trial"],
            "picked": float(values["trial"] != ""),
        }

    def _static_lines(self) -> list[str]:
        return [f"<p>{html.escape(self.describe())}</p>"]


def _of(rows: list[dict], stage: str) -> list[dict]:
    """The trials of one stage, the largest first; a trial without a number counts no people."""
    kept = [_trial(row) for row in rows if row["stage"] == stage]
    return sorted(kept, key=lambda trial: -trial["people"])


def _trial(row: dict) -> dict:
    """One trial for cards/kinds/register/card.js."""
    known = row["planned"] is not None and row["planned"] == row["planned"]
    told = (
        row["sponsor"],
        row["condition"],
        row["design"],
        row["cell"],
        f"masking: {row['masking']}",
    )
    return {
        "key": row["key"],
        "label": row["short"],
        "people": int(row["planned"]) if known else 0,
        "size": f"{int(row['planned'])} people" if known else "number not read",
        "told": " · ".join(told),
        "seen": row["status_as_seen"],
        "note": row["note"],
        "registry": row["registry_id"],
        "link": row["read_at"].split(" ; ")[0],
    }
