"""A welcome for a reader who comes back to JupyterLab: where to go on, and what is due."""

from __future__ import annotations

from hepatica import ledger
from hepatica.cards.parts.frame import Card

__all__ = ["Welcome"]

SENTENCE = [
    ("lines < 1", "Whoever comes back finds here where to go on, and what is due."),
    (None, ""),
]


class Welcome(Card):
    """Where the reader stopped and which questions are due, out of the reader's record.

    `notebook` is the number of the one in which it stands: other notebooks are named first. For
    those who have begun nothing it shows nothing.
    """

    def __init__(self, notebook: str, *, id: str = "welcome", title: str = "Welcome back"):
        rows = ledger.table("notebooks").itertuples()
        spec = {
            "kind": "welcome",
            "id": id,
            "title": title,
            "question": "Go on where you stopped, or see first what you missed.",
            "own": notebook,
            "notebooks": [
                {"number": row.key, "file": f"{row.key}_{row.slug}.ipynb", "minutes": row.minutes}
                for row in rows
            ],
        }
        super().__init__(spec, {}, describe=SENTENCE, names=["lines"])

    def scope(self, **moved: float) -> dict[str, float]:
        """Nothing is known of a reader outside the record."""
        return {"lines": 0.0, **super().scope(**moved)}

    def _static_lines(self) -> list[str]:
        return [f"<p>{self.describe()}</p>"]
