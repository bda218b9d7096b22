"""Outputs of code cells to HTML: cards, figures, equations, tables, pictures and text."""

from __future__ import annotations

import base64
import json
import re
from html import escape

from nbformat import NotebookNode

from hepatica.cards.parts.minutes import CARD, outputs_of
from hepatica.site.errors import SiteError
from hepatica.site.markup import markdown, require_balanced, typeset_html
from hepatica.site.maths import display_equation

PLOTLY = "application/vnd.plotly.v1+json"
WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif")
# Best form first: the first one an output offers is the one on the page.
ORDER = (CARD, PLOTLY, "text/latex", *PICTURES, "text/html", "text/markdown", "text/plain")
CONTROL = re.compile(r"\x1b\[[0-9;]*m")


def outputs_html(cell: NotebookNode, place: object) -> list[str]:
    """Return the HTML of each output of a code cell, in order.

    Raises SiteError for a mime type the site cannot show, a figure without description, an error or
    a warning.
    """
    descriptions = _descriptions(cell)
    expected = "raises-exception" in cell.metadata.get("tags", [])
    return [
        _output_html(output, descriptions, place, expected) for output in cell.get("outputs", [])
    ]


def cards_of(cell: NotebookNode) -> list[dict]:
    """Return the card specifications among a cell's outputs."""
    return [data[CARD] for data in outputs_of(cell) if CARD in data]


def _output_html(
    output: NotebookNode, descriptions: list[str], place: object, expected: bool
) -> str:
    if output.output_type == "stream":
        return _stream(output, place)
    if output.output_type == "error":
        return _traceback(output, place, expected)
    mime = _best(output.data, place)
    described = description_of(output, mime, descriptions)
    if mime in (PLOTLY, *PICTURES) and not described:
        raise SiteError(
            f"{place}: a figure has no description. Say what it shows: in the figure itself "
            '(fig.update_layout(meta={"description": "…"})) or in the cell metadata {"hepatica": '
            '{"alt": "…"}}.'
        )
    return _show(mime, output.data, described, place)


def _show(mime: str, data: NotebookNode, described: str, place: object) -> str:
    if mime == CARD:
        return card_figure(data[CARD], data.get("text/html", ""), place)
    if mime == PLOTLY:
        return _plot_figure(data[PLOTLY], described)
    if mime in PICTURES:
        return _picture(mime, data[mime], described)
    if mime == "text/html":
        return typeset_html(require_balanced(_text(data[mime]), place), place)
    # Math(…): a box that scrolls
    if mime == "text/latex" and _text(data[mime]).startswith(r"$\displaystyle"):
        return display_equation(_text(data[mime]).strip("$").removeprefix(r"\displaystyle"), place)
    if mime in ("text/latex", "text/markdown"):
        return markdown(_text(data[mime]), place)
    return f'<pre class="output scroll">{escape(_text(data[mime]), quote=False)}</pre>'


def card_figure(spec: dict, static_html: str, place: object) -> str:
    """Return a card as a figure: its specification for the runtime and its static form for paper
    and search."""
    if not spec.get("id"):
        raise SiteError(
            f'{place}: a card has no "id". Give each card a short name of its own, '
            'such as "scar-threshold".'
        )
    html = typeset_html(require_balanced(_text(static_html), place), place)
    return (
        f'<figure class="hepatica-card" id="{escape(spec["id"])}" '
        f'data-kind="{escape(spec.get("kind", ""))}"><script '
        f'type="application/json">{script_json(spec)}</script>{html}</figure>'
    )


def script_json(value: object) -> str:
    """Return value as compact JSON that cannot close the <script> element around it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def description_of(output: NotebookNode, mime: str, descriptions: list[str]) -> str:
    """Return the words that stand for a figure: from the figure, the output or (used up one by one)
    the cell."""
    meta = output.get("metadata", {})
    layout = output.data[PLOTLY].get("layout", {}) if mime == PLOTLY else {}
    own = layout.get("meta") if isinstance(layout.get("meta"), dict) else {}
    found = (
        own.get("description") or own.get("alt") or meta.get(mime, {}).get("alt") or meta.get("alt")
    )
    found = found or meta.get("hepatica", {}).get("alt")
    if not found and mime in (PLOTLY, *PICTURES) and descriptions:
        found = descriptions.pop(0)
    return str(found or "").strip()


def _descriptions(cell: NotebookNode) -> list[str]:
    meta = cell.metadata
    alt = meta.get("hepatica", {}).get("alt") or meta.get("hepatica.alt") or meta.get("alt") or []
    return [alt] if isinstance(alt, str) else list(alt)


def _best(data: NotebookNode, place: object) -> str:
    unknown = sorted(set(data) - {*ORDER, WIDGET})
    known = [mime for mime in ORDER if mime in data]
    only_widget = WIDGET in data and set(known) <= {"text/plain"}
    if unknown or only_widget or not known:
        raise SiteError(
            f"{place}: the site cannot show {', '.join(unknown) or WIDGET}. Return a card, "
            "a plotly figure, a table, "
            'a picture or text instead, or tag the cell "no-site" to keep it in the notebook only.'
        )
    return known[0]


def _plot_figure(figure: dict, described: str) -> str:
    spec = {"data": figure.get("data", []), "layout": figure.get("layout", {})}
    text = escape(described)
    height = spec["layout"].get("height") or 420
    area = f'<div class="plot-area" role="img" aria-label="{text}"></div>'
    data = f'<script type="application/json">{script_json(spec)}</script>'
    caption = f"<figcaption>{text}</figcaption>"
    return f'<figure class="plot" style="--plot-height:{height:g}px">{area}{data}{caption}</figure>'


def _picture(mime: str, data: object, described: str) -> str:
    text = escape(described)
    if mime == "image/svg+xml":
        coded = base64.b64encode(_text(data).encode()).decode()
    else:
        coded = "".join(_text(data).split())
    return f'<figure class="picture"><img src="data:{mime};base64,{coded}" alt="{text}"></figure>'


def _stream(output: NotebookNode, place: object) -> str:
    if output.name == "stderr":
        raise SiteError(
            f"{place}: the cell prints a warning ({_text(output.text).strip()[:120]}). "
            "Mend its cause and run it again."
        )
    return (
        '<pre class="output '
        f'scroll">{escape(CONTROL.sub("", _text(output.text)), quote=False)}</pre>'
    )


def _traceback(output: NotebookNode, place: object, expected: bool) -> str:
    if not expected:
        raise SiteError(
            f"{place}: the cell ends in {output.ename}: {output.evalue}. Mend it, "
            'or tag the cell "raises-exception" when the error is the lesson.'
        )
    return (
        '<pre class="output error '
        f'scroll">{escape(f"{output.ename}: {output.evalue}", quote=False)}</pre>'
    )


def _text(value: object) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
