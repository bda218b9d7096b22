"""Equations: LaTeX in, MathML out, so that a page needs no script and no network to show them."""

from __future__ import annotations

import re
from html import escape

from latex2mathml.converter import convert
from sympy.printing.pretty.pretty_symbology import pretty_symbol

LETTERS = re.compile(r'(?:<mi mathvariant="normal">([^<&])</mi>)+')
# latex2mathml knows align but not its inner twin; both draw the same table.
TWINS = {"aligned": "align*", "gathered": "gather*", "equation": None, "equation*": None}


class MathError(ValueError):
    """An equation cannot be set completely; the message says what is not understood."""


def mathml(latex: str, display: bool = False) -> str:
    """One equation as a <math> element; raises MathError when it cannot be set completely."""
    text = _plain_environments(latex.strip())
    try:
        markup = convert(text, display="block" if display else "inline")
    # the converter raises a dozen unrelated classes; all mean the same here
    except Exception as error:
        raise MathError(type(error).__name__) from error
    leftover = re.search(r"\\[A-Za-z]+|<m[io]>&</m[io]>", markup)
    if leftover:
        raise MathError(f"{leftover.group().strip('<>mio/')} is not understood")
    return LETTERS.sub(_one_word, markup).replace("<math ", f'<math alttext="{escape(text)}" ', 1)


def _plain_environments(latex: str) -> str:
    for name, twin in TWINS.items():
        for end in ("begin", "end"):
            latex = latex.replace(rf"\{end}{{{name}}}", rf"\{end}{{{twin}}}" if twin else "")
    return latex.strip()


def _one_word(match: re.Match[str]) -> str:
    # An upright word is one identifier; letter by letter it would be read out and spaced as a
    # product.
    letters = re.sub(r"<[^>]*>", "", match.group())
    return match.group() if len(letters) == 1 else f"<mi>{letters}</mi>"


def symbol_html(name: str) -> str:
    """A parameter's name as readers know it: Greek letters and subscripts, or plain words.

    >>> symbol_html("beta_3"), symbol_html("J_ref"), symbol_html("injury_days")
    ('<i>β</i><sub>3</sub>', '<i>J</i><sub>ref</sub>', 'injury days')
    """
    base, _, below = name.partition("_")
    letter = pretty_symbol(base)
    if len(letter) > 1 and not letter.isupper():
        return name.replace("_", " ")
    subscript = f"<sub>{below.replace('_', ',')}</sub>" if below else ""
    return f"<i>{letter}</i>{subscript}"
