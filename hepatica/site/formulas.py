"""The formulas of a page's cards as functions in a script beside it,
so that a page evaluates no text."""

from __future__ import annotations

import json
import re

from hepatica.model.code import emit
from hepatica.site.outputs import script_json

CARD = re.compile(
    r'(<figure class="hepatica-card"[^>]*><script '
    r'type="application/json">)(.*?)(</script>)',
    re.DOTALL,
)


def with_formulas(html: str) -> tuple[str, str]:
    """A page whose cards name their formulas by number, and the script that holds these;
    "" for a page without cards."""
    found = list(CARD.finditer(html))
    if not found:
        return html, ""
    cards, table = emit(json.loads(match[2]) for match in found)
    made = iter(cards)
    return CARD.sub(
        lambda match: f"{match[1]}{script_json(next(made))}{match[3]}", html
    ), f"hepaticaFormulas = {table};\n"


def script_of(page: str) -> str:
    """The file of the formulas of a page: "exercises/03.html" has
    "assets/formulas/exercises-03.js"."""
    return f"assets/formulas/{page.removesuffix('.html').replace('/', '-')}.js"
