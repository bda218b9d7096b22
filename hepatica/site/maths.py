"""Equations: LaTeX in, MathML out, so that a page needs no script and no network to show them."""

from __future__ import annotations

import re
from html import escape

from latex2mathml.converter import convert

from hepatica.site.errors import SiteError

TAG = re.compile(r"\\tag\{([^}]*)\}")
LETTERS = re.compile(r'(?:<mi mathvariant="normal">([^<&])</mi>)+')
DISPLAY = re.compile(r"(?<!\\)\$\$(.+?)(?<!\\)\$\$", re.DOTALL)
INLINE = re.compile(r"(?<![\\$])\$(?![\s$])([^$\n]+?)(?<![\\\s])\$(?![\d$])")
# latex2mathml knows align but not its inner twin; both draw the same table.
TWINS = {"aligned": "align*", "gathered": "gather*", "equation": None, "equation*": None}


def mathml(latex: str, place: object, display: bool = False) -> str:
    """Return one equation as a <math> element.

    Raises SiteError with the place and the text when the equation cannot be set completely.
    """
    text = _plain_environments(TAG.sub("", latex).strip())
    try:
        markup = convert(text, display="block" if display else "inline")
    except Exception as error:  # the converter raises a dozen unrelated classes; all mean the same here
        raise _unreadable(latex, place, type(error).__name__) from error
    leftover = re.search(r"\\[A-Za-z]+|<m[io]>&</m[io]>", markup)
    if leftover:
        raise _unreadable(latex, place, f"{leftover.group().strip('<>mio/')} is not understood")
    markup = LETTERS.sub(_one_word, markup)
    return markup.replace("<math ", f'<math alttext="{escape(text)}" ', 1)


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


def _plain_environments(latex: str) -> str:
    for name, twin in TWINS.items():
        for end in ("begin", "end"):
            latex = latex.replace(rf"\{end}{{{name}}}", rf"\{end}{{{twin}}}" if twin else "")
    return latex.strip()


def _one_word(match: re.Match[str]) -> str:
    # An upright word is one identifier; letter by letter it would be read out and spaced as a product.
    letters = re.sub(r"<[^>]*>", "", match.group())
    return match.group() if len(letters) == 1 else f"<mi>{letters}</mi>"


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unreadable(latex: str, place: object, reason: str) -> SiteError:
    return SiteError(
        f"{place}: the equation ${latex.strip()}$ cannot be set as MathML ({reason}). "
        "Close every brace and use plain LaTeX commands; write \\$ for a dollar sign that is money."
    )
