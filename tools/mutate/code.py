"""Mutants of code, Python's and the browser's: every operator swapped and every number changed, one at
a time, also in the equations that a model has as text.

Nothing is changed that could not matter or that no reader meets: comments, docstrings and other
text, errors, sizes of drawings.
"""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from typing import NamedTuple

SWAPS = {"+": "-", "-": "+", "*": "/", "/": "*", "**": "*", "+=": "-=", "-=": "+="} | {
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "==": "!=",
    "!=": "==",
    "===": "!==",
    "!==": "===",
    "and": "or",
    "or": "and",
    "&&": "||",
    "||": "&&",
}
BY = 0.05
DRAWN = {"width", "height", "margin", "size", "fontsize"}
"""Names of sizes, which are looked at and not tested."""
FORMULA = re.compile(r"[\w.]+ (?:[-+*/<>]|\*\*|[<>]=) [\w(-]|\*\*\d")
JS = re.compile(
    r"(?P<skip>/\*.*?\*/|//[^\n]*|\s+)"
    r"|(?P<text>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)"
    r"|(?P<number>0x[\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)"
    r"|(?P<name>[\w$]+)"
    r"|(?P<sign>=>|\.\.\.|[=!]==|\*\*=?|\+\+|--|&&=?|\|\|=?|\?\?=?|[-+*/<>=!]=|>>>|<<|>>|.)",
    re.DOTALL,
)
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])+/[a-z]*")
BEFORE_VALUE = {"return", "typeof", "case", "of", "in", "yield"}


class Mutant(NamedTuple):
    """A change: the file, the line as it stood and as it stands now (without indent), the whole text
    with it."""

    file: str
    was: str
    now: str
    text: str


class Token(NamedTuple):
    """A piece of code: its kind (number, name, sign or text), where it begins, what it says."""

    kind: str
    start: int
    word: str


def of_code(file: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a Python or JavaScript file, once each."""
    seen = set()
    tokens = _python(text) if file.endswith(".py") else _javascript(text)
    for start, word, other in _changes(tokens):
        changed = text[:start] + other + text[start + len(word) :]
        head, tail = text.rfind("\n", 0, start) + 1, text.find("\n", start)
        was = text[head:tail].strip()
        now = changed[head : tail + len(other) - len(word)].strip()
        if now not in seen:
            seen.add(now)
            yield Mutant(file, was, now, changed)


def _changes(tokens: list[Token]) -> Iterator[tuple[int, str, str]]:
    """Where to change what into what."""
    last = None
    for token in tokens:
        if token.kind == "number" and not token.word.startswith("0x"):
            yield token.start, token.word, changed_number(token.word)
        elif token.word in SWAPS and token.kind != "text" and _is_value(last):
            yield token.start, token.word, SWAPS[token.word]
        elif token.kind == "text":
            inside = _formula(token)
            yield from _changes(inside)
        last = token


def changed_number(word: str, up: bool = True) -> str:
    """A whole number one up (or down), another one a twentieth."""
    if word.isdigit():
        return str(int(word) + (1 if up else -1))
    number = float(word.replace("_", ""))
    return f"{number * (1 + BY if up else 1 - BY) or BY:.6g}"


def _is_value(token: Token | None) -> bool:
    """Whether an operator after this token has two sides."""
    if token is None:
        return False
    if token.kind == "name":
        return token.word not in BEFORE_VALUE and (
            not keyword.iskeyword(token.word) or token.word in ("None", "True", "False")
        )
    return token.kind in ("number", "text") or token.word in (")", "]")


# -- Python ----------------------------------------------------------------------------------------


def _python(text: str) -> list[Token]:
    """The tokens of a Python file that can be changed or stand before one, without errors, sizes
    and formatted text."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    left_out = _left_out(text)
    kinds = {tokenize.NUMBER: "number", tokenize.NAME: "name", tokenize.OP: "sign"}
    kinds |= {tokenize.STRING: "text"}
    found, formatted = [], 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        formatted += {"FSTRING_START": 1, "FSTRING_END": -1}.get(tokenize.tok_name[token.type], 0)
        row, column = token.start
        inside = any(a <= token.start < b for a, b in left_out)
        if token.type in kinds and not formatted and not inside:
            found.append(Token(kinds[token.type], starts[row - 1] + column, token.string))
    return found


def _left_out(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where errors are raised, sizes of drawings given and types named."""
    nodes: list[ast.AST] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Raise):
            nodes.append(node)
        elif isinstance(node, ast.keyword) and node.arg in DRAWN:
            nodes.append(node.value)
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            nodes.append(node.annotation)
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in nodes]


def _formula(text: Token) -> list[Token]:
    """The tokens of an equation that stands as text; none where the text is not one."""
    body = text.word[1:-1]
    if not FORMULA.search(body) or text.word[0] not in "\"'":
        return []
    try:
        ast.parse(body, mode="eval")
    except SyntaxError:
        return []
    found = _python(body)
    return [token._replace(start=token.start + text.start + 1) for token in found]


# -- JavaScript ------------------------------------------------------------------------------------


def _javascript(text: str) -> list[Token]:
    """The tokens of a JavaScript file, as its formatter writes it, without what is thrown."""
    found: list[Token] = []
    place, thrown = 0, False
    while place < len(text):
        regex = None if _is_value(found[-1] if found else None) else REGEX.match(text, place)
        match = JS.match(text, place)
        if regex and match.lastgroup != "skip":
            match, kind = regex, "text"
        else:
            kind = match.lastgroup
        thrown = match.group() != ";" and (thrown or match.group() == "throw")
        if kind != "skip" and not thrown:
            found.append(Token(kind, place, match.group()))
        place = match.end()
    return found
