"""Formulas and sentences of cards, for both runtimes: Python writes the default description,
JavaScript the live one.

A formula may name every read-out of a run: `F` at the play head, `F_start`, `F_end`, `F_max`,
`F_min` and `F_peak` (the time of the maximum), every parameter, and `time` at the play head. The
rules here match cards/engine/rules.js.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import sympy
from sympy.parsing.sympy_parser import parse_expr
from sympy.printing.jscode import jscode

from hepatica.model.code import formula

SUFFIXES = ("", "_start", "_end", "_max", "_min", "_peak")
SLOT = re.compile(r"\{([^{}/]+?):(\d[fs]|t|plural \w+(?: \w+)?)\}")
PLURAL = "plural "  # the style of a noun that follows a whole number: {n:0f} {n:plural year}
TEXT = "t"  # the style of a slot that holds words of the scope, not a number


class FormulaError(ValueError):
    """A formula of a card names something that its model does not report."""


class Formula:
    """An expression or a condition in the names of a run's scope."""

    def __init__(self, text: str | float, names: Iterable[str]):
        symbols = {name: sympy.Symbol(name) for name in names}
        functions = {
            "Max": sympy.Max,
            "Min": sympy.Min,
            "sqrt": sympy.sqrt,
            "ln": sympy.log,
            "exp": sympy.exp,
        }
        self.text = str(text)
        self.expression = parse_expr(self.text, local_dict=functions | symbols)
        for unknown in sorted(
            getattr(self.expression, "free_symbols", set()) - set(symbols.values()), key=str
        ):
            close = difflib.get_close_matches(str(unknown), symbols, n=3)
            raise FormulaError(
                f"“{text}” uses {unknown}, which this model does not report. Close names: {close}."
            )

    @property
    def js(self) -> dict[str, str]:
        """The formula in JavaScript, with every name read from the scope `s`."""
        scope = {
            symbol: sympy.Symbol(f"s.{symbol}")
            for symbol in getattr(self.expression, "free_symbols", set())
        }
        return formula(
            jscode(self.expression.subs(scope) if scope else sympy.sympify(self.expression))
        )

    def value(self, scope: Mapping[str, float]) -> float | bool:
        """The number, or the truth of the condition, for one scope."""
        known = {
            symbol: scope[str(symbol)] for symbol in getattr(self.expression, "free_symbols", set())
        }
        result = sympy.sympify(self.expression).subs(known)
        return bool(result) if result in (sympy.true, sympy.false) else float(result)


def scope_names(reported: Iterable[str], parameters: Iterable[str]) -> list[str]:
    """All names that a formula on a card may use."""
    return [*(name + suffix for name in reported for suffix in SUFFIXES), *parameters, "time"]


def summarise(
    series: Mapping[str, np.ndarray], times: np.ndarray, head: int, values: Mapping[str, float]
) -> dict:
    """The scope of a run: read-outs at the head, start, end, extremes and time of the peak."""
    scope = dict(values)
    for name, row in series.items():
        numbers = (row[head], row[0], row[-1], row.max(), row.min(), times[row.argmax()])
        scope |= {name + suffix: float(x) for suffix, x in zip(SUFFIXES, numbers, strict=True)}
    return scope | {"time": float(times[head])}


def format_number(x: float, style: str) -> str:
    """A number with decimals ("1f") or significant digits ("2s"), thousands set apart by narrow
    spaces; "plural year" and "plural person people" are the noun to a whole number.

    >>> format_number(1, "plural year"), format_number(2, "plural year")
    ('year', 'years')
    >>> format_number(481389.3, "2s"), format_number(13.07, "1f")
    ('480\\u202f000', '13.1')
    """
    if style.startswith(PLURAL):
        one, *many = style.removeprefix(PLURAL).split()
        return one if format_number(x, "0f") == "1" else (*many, f"{one}s")[0]
    if not np.isfinite(x):
        return "–"
    digits = int(style[:-1])
    if style.endswith("s"):
        if abs(x) < 1e-6:
            return "0"
        digits = digits - 1 - int(np.floor(np.log10(abs(float(f"{x:.{digits - 1}e}")))))
    exact = Decimal(float(x))  # as it is stored, which is what JavaScript rounds
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    whole, _, part = f"{abs(rounded):f}".partition(".")
    grouped = re.sub(r"\B(?=(\d{3})+$)", "\u202f", whole) if len(whole) > 4 else whole
    sign = "−" if rounded < 0 else ""
    return sign + grouped + (f".{part}" if digits > 0 else "")


class Sentence:
    """A text with slots: `{CPA_end:1f}` holds a formula and a number style,
    `{heaviest:t}` words of the scope."""

    def __init__(self, text: str, names: Iterable[str]):
        names = list(names)
        pieces = SLOT.split(text)
        slots = zip(pieces[1::3], pieces[2::3], strict=True)
        self.texts = pieces[::3]
        self.slots = [(_slot(formula, style, names), style) for formula, style in slots]
        if any("{" in piece for piece in self.texts):
            raise FormulaError(
                f"“{text}”: write a slot as {{formula:1f}}, {{formula:2s}} or {{words:t}}."
            )

    def parts(self) -> list:
        """The sentence as JSON for cards/engine/rules.js."""
        slots = [
            {"text": slot} if style == TEXT else {**slot.js, "style": style}
            for slot, style in self.slots
        ]
        return [
            part
            for pair in zip(self.texts, [*slots, ""], strict=True)
            for part in pair
            if part != ""
        ]

    def fill(self, scope: Mapping[str, Any]) -> str:
        """The sentence with its numbers and words."""
        slots = [
            str(scope[slot]) if style == TEXT else format_number(slot.value(scope), style)
            for slot, style in self.slots
        ]
        return "".join(part for pair in zip(self.texts, [*slots, ""], strict=True) for part in pair)


def _slot(formula: str, style: str, names: Iterable[str]) -> Formula | str:
    """What a slot reads; raises FormulaError for words that the scope does not have."""
    if style != TEXT:
        return Formula(formula, names)
    if formula not in names:
        raise FormulaError(f"{{{formula}:t}}: the scope has no words of that name.")
    return formula


Rule = tuple[str | None, str]


class Description:
    """What a card says: groups of rules (condition, sentence); in each group the first rule that
    holds speaks.

    One list of rules is one group and ends with a rule that always holds, `(None, "…")`. Of several
    groups only the first must; the others may stay silent. What the groups say is joined by spaces.
    """

    def __init__(self, rules: Sequence[Rule] | Sequence[Sequence[Rule]], names: Iterable[str]):
        names = list(names)
        groups = rules if rules and isinstance(rules[0], list) else [rules]
        self.groups = [
            [
                (Formula(when, names) if when else None, Sentence(text, names))
                for when, text in group
            ]
            for group in groups
        ]
        if not self.groups[0] or self.groups[0][-1][0] is not None:
            raise FormulaError("A description ends with a rule that always holds: (None, “…”).")

    def json(self) -> list[list[dict]]:
        """The groups for cards/engine/rules.js."""
        return [
            [{"when": when.js if when else None, "parts": text.parts()} for when, text in group]
            for group in self.groups
        ]

    def say(self, scope: Mapping[str, Any]) -> str:
        """The sentence for one scope."""
        spoken = (
            next(
                (text.fill(scope) for when, text in group if when is None or when.value(scope)), ""
            )
            for group in self.groups
        )
        return " ".join(filter(None, spoken))
