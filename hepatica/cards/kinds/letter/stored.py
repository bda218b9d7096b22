"""The lines to K. of data/letters.toml: what she asks, what may be read, what she answers."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from hepatica import ledger
from hepatica.cards.parts.text import inline

FILE = ledger.DATA / "letters.toml"
LAST = "13"
"""The notebook that assembles the letter; there all verdicts are open."""


@cache
def letters() -> dict[str, Any]:
    """The whole file; `notebooks` maps a notebook's number to what K. asks there."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def readings(notebook: str) -> list[dict[str, Any]]:
    """The readings of a notebook in the order of the file, each with its claim."""
    return [
        {
            "text": inline(row["text"]),
            "answers": inline(row["answers"]),
            "claim": claim(row["claim"]),
        }
        for row in letters()["notebooks"][notebook]["readings"]
    ]


def claim(key: str) -> dict[str, str]:
    """A sentence of the article with the ledger's verdict.

    >>> claim("C01")["verdict"]
    'not supported'
    """
    row = ledger.table("claims").set_index("key").loc[key]
    return {"key": key, "words": row["claim"].partition(" (")[0], "verdict": row["verdict"]}


def opened_in(key: str) -> str:
    """The notebook in which a claim's verdict is opened: the first that teaches it.

    Those that notebook 00 asks to judge stay covered there.

    >>> opened_in("C23"), opened_in("C02"), opened_in("C01")
    ('00', '05', '13')
    """
    homes = str(ledger.table("claims").set_index("key").loc[key, "taught_in"]).split(";")
    later = homes[1:] if key in letters()["covered"] else homes
    return later[0] if later else LAST


def notebook(number: str) -> dict[str, str]:
    """Number, file and question of a notebook."""
    row = ledger.table("notebooks").set_index("key").loc[number]
    return {"key": number, "file": f"{number}_{row['slug']}.ipynb", "question": row["question"]}
