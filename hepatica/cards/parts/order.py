"""The order in which options are shown: drawn from the item's key, so it is the same everywhere."""

from __future__ import annotations

from hashlib import sha256

SALT = "hepatica"
"""With this one, no place among the options wins over the whole course (tests/test_guessing.py)."""


def shown(key: str, many: int) -> list[int]:
    """The places 0 … `many` − 1 in the order in which the item of this key shows them.

    >>> shown("first-card", 3) == shown("first-card", 3)
    True
    """
    return sorted(range(many), key=lambda place: sha256(f"{SALT}/{key}/{place}".encode()).digest())


def short_key(text: str) -> str:
    """Six signs that stand for a text; another text has others.

    >>> short_key("Which cell makes the scar?")
    'da81f9'
    """
    return sha256(text.encode()).hexdigest()[:6]
