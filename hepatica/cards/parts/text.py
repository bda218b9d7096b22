"""Short texts on cards: Markdown in one line, with numbers from the ledger."""

from __future__ import annotations

import re

import mistune

from hepatica import ledger

_render = mistune.create_markdown(escape=False)


def inline(text: str) -> str:
    """HTML of one line of Markdown; `{table/row-key}` becomes the number in the ledger.

    >>> inline("the *slow* scar")
    'the <em>slow</em> scar'
    """
    html = _render(ledger.fill(" ".join(text.split()))).strip()
    return html.removeprefix("<p>").removesuffix("</p>")


def paragraphs(text: str) -> str:
    """HTML of several paragraphs of Markdown."""
    return _render(ledger.fill(text)).strip()


def typeset(text: str) -> str:
    """A sentence of a table with the signs of print: at least, at most, and a dash between two
    numbers.

    >>> typeset("HVPG >=10 mmHg, 5-7% per year")
    'HVPG ≥10 mmHg, 5–7% per year'
    """
    return re.sub(r"(?<=\d)-(?=\d)", "–", text.replace(">=", "≥").replace("<=", "≤"))
