"""The rule for numbers and links in the text of the notebooks.

A number that is a fact is written ``<data value="physiology/portal-share">70 %</data>``: one key or
several of the ledger, and digits that equal the ledger's value (or its low or high) at the printed
precision. Other digits are allowed only where they name something (``NAMES``). A link to a source
is the link of a row of data/references.csv.

    >>> digits_fault(["physiology/total-flow"], "1500 mL/min")
    ''
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from hepatica import ledger

DATA = re.compile(r'<data\b(?:\s+value="([^"]*)")?[^>]*>(.*?)</data>', re.DOTALL)
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]+`", re.DOTALL | re.MULTILINE)
MATHS = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$|\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.DOTALL)
TARGET = r"\(\s*((?:[^()\s]|\([^()\s]*\))+)\s*\)"
"""A link's target; it may hold one pair of round brackets, as some DOIs do."""
LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]" + TARGET)
BARE = re.compile(r"https?://(?!www\.w3\.org/2000/svg)[^\s<>\"]+")  # a drawing's name space
HREF = re.compile(r"""\b(?:href|src)=["'](https?://[^"']+)["']""")
TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^>]*>", re.DOTALL)

SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBER = re.compile(
    r"(?<![\d.])([-−+]?)(?:(\d{1,3}(?:[\u202f\u2009\u00a0,]\d{3})+|\d+)(\.\d+)?(?:\s?×\s?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?)"
)
TWO_DIGITS = r"\d\d(?:(?:, | and | or |, and |–)\d\d)*"
NAMES = re.compile(
    r"\b(?:[Nn]otebooks? " + TWO_DIGITS + r"|C\d\d|V\d\d|F[0-4]|[Zz]ones? [123](?:(?: "
    r"and | to |–)[123])?"
    r"|4[ABC]|TIDE-6|CSF1|TIMP-1|MMP-13?|LOXL2|TGF-β1|CD133|CD34|FIB-4|MELD 3\.0)(?!\d)"
)
"""Digits that name something: notebooks, claims, patients, stages, zones, models, molecules,
scores."""
NUMBERED = re.compile(r"^\s*(?:#+ \d+ ·|\d+\. )|^\s*\*\d+ minutes\*\s*$", re.MULTILINE)
TASKS = re.compile(r"\b(?:(?:Task|Exercise|Hint) \d|\d+ (?:minutes?|points?))\b")
"""What exercises may number besides."""


@dataclass(frozen=True)
class Printed:
    """A number as printed: its value and half of its last digit's place;
    `signed` when it shows a sign."""

    value: float
    half: float
    signed: bool


def facts(text: str) -> list[tuple[list[str], str]]:
    """The <data> elements of a text, as (keys, printed words)."""
    return [
        ((match[1] or "").split(), unescape(TAG.sub("", match[2])))
        for match in DATA.finditer(CODE.sub(" ", text))
    ]


def printed_numbers(words: str) -> list[Printed]:
    """Every number in the words, with its precision; 2×10⁶ and thousands set apart are understood.

    >>> [(n.value, n.half) for n in printed_numbers("0.7–1.5")]
    [(0.7, 0.05), (1.5, 0.05)]
    """
    return [_printed(match) for match in NUMBER.finditer(words)]


def _printed(match: re.Match[str]) -> Printed:
    """One number; a sign counts only where no digit or letter stands before it,
    so 1-2 is a range."""
    sign, whole, part, power = match.groups()
    whole = re.sub(r"\D", "", whole)
    scale = 10.0 ** int((power or "0").translate(SUPERSCRIPT))
    before = match.string[: match.start()].rstrip()
    signed = bool(sign) and not (before and (before[-1].isalnum() or before[-1] in "%"))
    value = float(whole + (part or "")) * scale
    place = 10.0 ** -(len(part) - 1) if part else _last_place(whole)
    return Printed(-value if signed and sign in "-−" else value, place * scale / 2, signed)


def _last_place(whole: str) -> float:
    """The place of the last digit that counts: from 1000 on,
    zeros behind two digits may be rounding."""
    zeros = min(len(whole) - len(whole.rstrip("0")), len(whole) - 2) if len(whole) > 3 else 0
    return 10.0 ** max(zeros, 0)


def digits_fault(keys: Iterable[str], words: str) -> str:
    """What is wrong with the words of a <data> element, or "";
    unknown keys and foreign digits are named."""
    try:
        rows = {key: ledger.number(key) for key in keys}
    except ledger.LedgerError as error:
        return str(error)
    if not rows:
        return 'it names no number. Write <data value="table/row-key">'
    numbers = printed_numbers(_without_units(words, {row.unit for row in rows.values()}))
    if not numbers:
        return "it prints no digits"
    wrong = [
        n for n in numbers if not any(_agree(n, x) for row in rows.values() for x in _values(row))
    ]
    idle = [
        key
        for key, row in rows.items()
        if not any(_agree(n, x) for n in numbers for x in _values(row))
    ]
    if not wrong and not idle:
        return ""
    told = "; ".join(
        f"{key} is {' / '.join(f'{x:g}' for x in _values(row))} {row.unit}"
        for key, row in rows.items()
    )
    return f"its digits are not the ledger's ({told})"


def _without_units(words: str, units: set[str]) -> str:
    """The words without units that hold digits themselves,
    such as 10⁹/L or per 1000 person-years."""
    for unit in units:
        raised = re.sub(
            r"\^(-?\d+)",
            lambda m: m[1].translate({ord(str(i)): "⁰¹²³⁴⁵⁶⁷⁸⁹"[i] for i in range(10)}),
            unit,
        )
        for spelling in (f"× {raised}", f"×{raised}", raised, unit):
            words = words.replace(spelling, " ") if re.search(r"\d", unit) else words
    return words


def _values(row: ledger.Number) -> list[float]:
    return [x for x in (row.value, row.low, row.high) if x is not None]


def _agree(printed: Printed, value: float) -> bool:
    """Equal at the printed precision; a number printed without sign may be a fall,
    as in “fell by 14 %”."""
    slack = printed.half * (1 + 1e-9) + 1e-12
    return abs(printed.value - value) <= slack or (
        not printed.signed and abs(printed.value - abs(value)) <= slack
    )


def stray_digits(text: str, labels: Iterable[str] = (), exercise: bool = False) -> list[str]:
    """Digits of a markdown text that are neither facts nor names, each with the words around it.

    `labels` are the names of buttons on the notebook's cards: set in italics or bold, they may hold
    digits.
    """
    for pattern in (CODE, MATHS, DATA, LINK, BARE, TAG):
        text = pattern.sub(" ", text)
    for label in labels:
        text = re.sub(r"(\*{1,2})" + re.escape(label) + r"\1", " ", text)
    for pattern in (NUMBERED, NAMES, *((TASKS,) if exercise else ())):
        text = pattern.sub(" ", unescape(text))
    return [
        " ".join(text[max(0, m.start() - 30) : m.end() + 20].split())
        for m in re.finditer(r"\d+(?:[.,]\d+)*", text)
    ]


def external_links(text: str) -> list[str]:
    """Every address outside the project that a markdown or HTML text leads to."""
    text = CODE.sub(" ", text)
    targets = [match[2] for match in LINK.finditer(text)]
    rest = LINK.sub(" ", text)
    targets += HREF.findall(rest) + [
        address.rstrip(".,;:") for address in BARE.findall(HREF.sub(" ", rest))
    ]
    return [unescape(target) for target in targets if re.match(r"https?://", target)]


def known_links() -> set[str]:
    """The link of every row of data/references.csv."""
    return {ledger.reference(key).link for key in ledger.table("references")["key"]} - {""}
