"""Markdown cells to HTML: Jupyter's own dialect, with equations as MathML and checked raw HTML."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from hepatica.site.errors import SiteError
from hepatica.site.maths import display_equation, has_maths, mathml, typeset_text

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
VERBATIM = {"script", "style", "code", "pre", "math", "textarea", "svg"}


class Renderer(IPythonRenderer):
    """Jupyter's Markdown, with MathML for equations and plain headings."""

    def __init__(self, place: object, attachments: dict | None = None) -> None:
        super().__init__(escape=False, exclude_anchor_links=True, attachments=attachments)
        self.place = place

    def block_math(self, body: str) -> str:
        return display_equation(body, self.place)

    def inline_math(self, body: str) -> str:
        return mathml(body, self.place)

    def latex_environment(self, name: str, body: str) -> str:
        return display_equation(f"\\begin{{{name}}}{body}\\end{{{name}}}", self.place)

    def block_html(self, html: str) -> str:
        return html

    def paragraph(self, text: str) -> str:
        # A displayed equation is a block of its own and may not sit inside a paragraph.
        if '<div class="equation' not in text:
            return f"<p>{text}</p>\n"
        pieces = re.split(r'(<div class="equation.*?</div>)', text, flags=re.DOTALL)
        return "".join(
            p if p.startswith("<div") else f"<p>{p.strip()}</p>\n" for p in pieces if p.strip()
        )

    def block_code(self, code: str, info: str | None = None) -> str:
        return highlighted(code, (info or "text").split()[0])

    def _embed_image_or_attachment(self, src: str) -> str:
        return super()._embed_image_or_attachment(src) if src.startswith("attachment:") else src


def markdown(source: str, place: object, attachments: dict | None = None) -> str:
    """Return one markdown cell as HTML; equations become MathML, also in tables and raw HTML.

    Raises SiteError for an equation that cannot be set and for raw HTML that is not closed in its
    cell.
    """
    html = MarkdownWithMath(renderer=Renderer(place, attachments or {})).render(source)
    return typeset_html(require_balanced(html, place), place)


def highlighted(code: str, language: str) -> str:
    """Return source code as a <pre> with Pygments classes; unknown languages stay plain."""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return f'<pre class="source scroll"><code>{escape(code, quote=False)}</code></pre>\n'
    body = highlight(code, lexer, HtmlFormatter(nowrap=True))
    return f'<pre class="source scroll"><code>{body}</code></pre>\n'


def typeset_html(html: str, place: object) -> str:
    """Return HTML in which equations left between dollar signs outside code are MathML."""
    if not has_maths(html):
        return html
    pieces = re.split(r"(<[^>]*>)", html)
    depth = 0
    for i, piece in enumerate(pieces):
        if i % 2:
            depth += _verbatim_step(piece)
        elif depth == 0:
            pieces[i] = typeset_text(piece, place)
    return "".join(pieces)


def _verbatim_step(tag: str) -> int:
    name = re.match(r"</?([A-Za-z0-9]+)", tag)
    if not name or name.group(1).lower() not in VERBATIM or tag.endswith("/>"):
        return 0
    return -1 if tag.startswith("</") else 1


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fault = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """A tag closed in itself (<br/>, <path/>) opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or self.fault:
            return
        if not self.open or self.open.pop() != tag:
            self.fault = f"</{tag}> closes nothing that is open"


def balance_fault(html: str) -> str:
    """Return what is wrong with the nesting of tags in html,
    or "" when every tag is closed in order."""
    parser = _Balance()
    parser.feed(html)
    parser.close()
    return parser.fault or (f"<{parser.open[-1]}> is never closed" if parser.open else "")


def require_balanced(html: str, place: object) -> str:
    """Return html unchanged; raise SiteError when a tag is left open or closed twice."""
    fault = balance_fault(html)
    if fault:
        raise SiteError(f"{place}: {fault}. Open and close each HTML tag inside the same cell.")
    return html
