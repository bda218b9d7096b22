"""Equations of a page: found in text, set as MathML,
with the place named when one cannot be set."""

from __future__ import annotations

import re
from html import escape

from hepatica.model.mathml import MathError
from hepatica.model.mathml import mathml as converted
from hepatica.site.errors import SiteError

TAG = re.compile(r"\\tag\{([^}]*)\}")
DISPLAY = re.compile(r"(?<!\\)\$\$(.+?)(?<!\\)\$\$", re.DOTALL)
INLINE = re.compile(r"(?<![\\$])\$(?![\s$])([^$\n]+?)(?<![\\\s])\$(?![\d$])")


def mathml(latex: str, place: object, display: bool = False) -> str:
    """Return one equation as a <math> element.

    Raises SiteError with the place and the text when the equation cannot be set completely.
    """
    try:
        return converted(TAG.sub("", latex), display)
    except MathError as error:
        raise SiteError(
            f"{place}: the equation ${latex.strip()}$ cannot be set as MathML ({error}). "
            "Close every brace and use plain LaTeX commands; write \\$ for a dollar sign that is "
            "money."
        ) from error


def display_equation(latex: str, place: object) -> str:
    r"""Return a displayed equation in a box that scrolls sideways; \tag{n} becomes its number."""
    tag = TAG.search(latex)
    number = f'<span class="equation-number">({escape(tag.group(1))})</span>' if tag else ""
    return f'<div class="equation scroll">{mathml(latex, place, display=True)}{number}</div>'


def typeset_text(text: str, place: object) -> str:
    """Return plain text (already escaped as HTML) with its $…$ and $$…$$ replaced by MathML."""
    text = DISPLAY.sub(lambda m: mathml(_unescape(m.group(1)), place, display=True), text)
    return INLINE.sub(lambda m: mathml(_unescape(m.group(1)), place), text)


def has_maths(text: str) -> bool:
    """Tell whether text still holds an equation between dollar signs."""
    return bool(DISPLAY.search(text) or INLINE.search(text))


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
