"""One line to K.: the reader writes her a sentence, then reads it with her eyes."""

from __future__ import annotations

import html

from hepatica.cards.kinds.letter import stored
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.order import shown
from hepatica.cards.parts.text import inline

__all__ = ["Letter"]

MOST = 300
"""Letters in a line."""

NAMES = ("written", "picked")
SENTENCE = [
    ("written < 1", "Nothing is written yet. What you write stays on this computer."),
    ("picked < 1", "Your line is kept. Now read it with her eyes."),
    (None, "Kept for the letter of notebook 13. You may still change it."),
]


class Letter(Card):
    """What K. asks at the end of a notebook, three readings of the reader's line, her answer to
    each.

    The readings are shuffled and none is marked right or wrong. A claim's verdict is told only
    where the course has opened it. Raises CardError for a notebook without a line to K.
    """

    def __init__(self, notebook: str):
        if notebook not in stored.letters()["notebooks"]:
            known = ", ".join(stored.letters()["notebooks"])
            raise CardError(f"data/letters.toml has no notebook {notebook!r}. It has {known}.")
        asks = inline(stored.letters()["notebooks"][notebook]["asks"])
        rows = [_told(row, notebook) for row in stored.readings(notebook)]
        spec = {
            "kind": "letter",
            "id": f"letter-{notebook}",
            "title": "One sentence to take home",
            "question": f"“{asks}”",
            "notebook": notebook,
            "most": MOST,
            "readings": [{"place": n, **rows[n]} for n in shown(f"letter/{notebook}", len(rows))],
        }
        super().__init__(spec, {}, describe=SENTENCE, names=NAMES)

    @classmethod
    def load(cls, notebook: str) -> Letter:
        """The line to K. of a notebook, by its number."""
        return cls(notebook)

    def scope(self, **moved: float) -> dict[str, float]:
        """Nothing is known of a reader's lines outside the record."""
        return {**dict.fromkeys(NAMES, 0.0), **super().scope(**moved)}

    def _static_lines(self) -> list[str]:
        rows = "".join(
            f"<li>{row['text']} <em>She answers:</em> {row['answers']}</li>"
            for row in self.spec["readings"]
        )
        asked = html.escape("Write her one sentence. What would she take from it?")
        return [f"<p>{asked}</p><ul>{rows}</ul>"]


def _told(reading: dict, notebook: str) -> dict:
    """A reading as the card of a notebook tells it: a verdict that is opened later stays covered."""
    home = stored.opened_in(reading["claim"]["key"])
    if home <= notebook:
        return reading
    covered = {**reading["claim"], "verdict": "", "opened": stored.notebook(home)}
    return {**reading, "claim": covered}
