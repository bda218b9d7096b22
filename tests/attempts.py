"""Attempts from a seed: good samples of links, records, tables and answers, damaged in many ways.

Every generator takes a `random.Random`, so that a seed tells the attempt again.
"""

from __future__ import annotations

import json
import os
import random
from typing import Any
from urllib.parse import quote

Draw = random.Random

NAMES = (
    *("__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "length", "", " ", "0"),
    *("-1", "then", "toJSON", "\N{SNOWMAN}", "a/b", "<b>", "%", "prediction", "\ud800"),
)
"""Names that mean something to a language, or nothing to a card."""
MARKUP = '<img src=x onerror="globalThis.struck = 1"><script>struck=1</script>'
DEEP, DEPTH = "\N{SNOWMAN}deep", 100_000
ODD = (
    *(None, True, False, 0, -1, 1, 3, 99, 0.5, -0.0, 1e308, -1e308, 5e-324, 2**63, 10**400),
    *("", " ", "0", "1", "-1", "null", "3,5", "1e999", "0x10", "２", "x" * 5000, "\ud800"),
    *("\0", "\u202e", MARKUP, DEEP, [], [[]], [0], [None], [1, 1], {}, {"given": 1}, {"1": 3}),
    *({"__proto__": 1}, {"length": 3}, {"0": {"0": 0}}, "2026-13-45", "9999-99-99"),
)
"""Values that no place of a sample expects."""


def rounds(few: int) -> int:
    """How many attempts of a kind: `few`, or as many as HEPATICA_ROUNDS says."""
    return int(os.environ.get("HEPATICA_ROUNDS", "0")) or few


def luck(kind: str) -> Draw:
    """The chance of a kind of attempt; HEPATICA_SEED gives others."""
    return random.Random(f"{kind} {os.environ.get('HEPATICA_SEED', '1')}")


# -- text ------------------------------------------------------------------------------------------


def spoilt_text(draw: Draw, text: str) -> str:
    """A text after an accident: cut, doubled, letters lost, put in or changed, or in other letters."""
    for _ in range(draw.choice([1, 1, 2, 5])):
        at = draw.randrange(len(text) + 1)
        end = min(len(text), at + draw.choice([1, 1, 2, 10, 100]))
        sign = draw.choice([*"\"'<>&%#?=~,;:.-+{}[]()\\/ \n\t\0", "é", "\u200b", "\u2212", "٣"])
        ways = (
            text[:at],
            text[at:],
            text[:at] + text[end:],
            text[:at] + sign + text[at:],
            text[:at] + sign + text[end:],
            text[:at] + text[at:end] * 3 + text[end:],
            text + text,
            text.swapcase(),
            text.replace(sign, sign + sign),
        )
        text = draw.choice(ways)
    return text


def spoilt_bytes(draw: Draw, raw: bytes) -> bytes:
    """The bytes of a file after an accident of a disk, an editor or a download."""
    for _ in range(draw.choice([1, 1, 1, 2, 4])):
        at = draw.randrange(len(raw) + 1)
        end = min(len(raw), at + draw.choice([1, 1, 3, 40, 4000]))
        new = draw.choice(
            [b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"\xc3", b" ", b";", b"9", b""]
        )
        ways = (
            raw[:at] + new + raw[at:],
            raw[:at] + new + raw[end:],
            raw[:at],
            raw[:at] + raw[at:end] * 2 + raw[end:],
            raw[:at] + bytes(draw.randrange(256) for _ in range(8)) + raw[end:],
        )
        raw = draw.choice(ways)
    return raw


# -- JSON ------------------------------------------------------------------------------------------


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """The path of everything within a JSON value."""
    pairs = value.items() if isinstance(value, dict) else []
    inside = enumerate(value) if isinstance(value, list) else pairs
    return [path, *(each for key, item in inside for each in places(item, (*path, key)))]


def spoilt_value(draw: Draw, value: Any) -> Any:
    """A copy of a JSON value with one place of it put in, taken out, renamed or replaced."""
    made = json.loads(json.dumps(value))
    path = draw.choice(places(made))
    if not path:
        return draw.choice([made, draw.choice(ODD)])
    around = made
    for key in path[:-1]:
        around = around[key]
    last, way = path[-1], draw.choice(["replace", "replace", "replace", "out", "name", "deep"])
    if way == "out":
        del around[last]
    elif way == "name" and isinstance(around, dict):
        around[draw.choice(NAMES)] = around.pop(last)
    elif way == "deep" and isinstance(around, dict):
        around[draw.choice(NAMES)] = draw.choice(ODD)
    else:
        around[last] = draw.choice(ODD)
    return made


def as_text(value: Any) -> str:
    """A JSON value as text; where DEEP stands, lists within lists."""
    return json.dumps(value).replace(json.dumps(DEEP), "[" * DEPTH + "]" * DEPTH)


def spoilt_json(draw: Draw, value: Any) -> str:
    """The text of a JSON value after one to five accidents; one in four is of its letters."""
    for _ in range(draw.choice([1, 1, 2, 3, 5])):
        value = spoilt_value(draw, value)
    text = as_text(value)
    return spoilt_text(draw, text) if draw.random() < 0.25 else text


# -- links -----------------------------------------------------------------------------------------


def good_link(draw: Draw, name: str, fields: dict[str, dict]) -> list[tuple[str, str]]:
    """Name and text for some fields of a card, as an address holds them."""
    some = draw.sample(sorted(fields), min(len(fields), draw.randint(1, 3)))
    return [(each, good_word(draw, fields[each])) for each in some]


def good_word(draw: Draw, field: dict) -> str:
    """A value of a field as an address holds it."""
    if field["type"] == "flag":
        return draw.choice(["on", "off"])
    if field["type"] in ("one", "several"):
        return str(draw.choice(field["of"] or [""]))
    ends = [end for end in (field.get("low"), field.get("high")) if end is not None]
    return str(draw.choice([*ends, field["start"]]))


def spoilt_link(draw: Draw, name: str, fields: dict[str, dict]) -> str:
    """An address of a card that somebody mistyped, cut, made longer or made up."""
    pairs = good_link(draw, name, fields) if fields else []
    for _ in range(draw.choice([1, 1, 2])):
        word = draw.choice(ODD)
        word = word if isinstance(word, str) else json.dumps(word)
        known = draw.choice([*fields, *NAMES])
        new = draw.choice(
            [(known, word), (draw.choice(NAMES), word), (known, spoilt_text(draw, "12.5"))]
        )
        pairs.insert(draw.randrange(len(pairs) + 1), new)
    if draw.random() < 0.1:
        pairs += [(f"{draw.choice(NAMES)}{n}", "1") for n in range(3000)]
    raw = draw.random() < 0.3
    told = [
        pair if raw else tuple(quote(each, errors="surrogatepass") for each in pair)
        for pair in pairs
    ]
    link = f"#{name}?" + "&".join(f"{key}={word}" for key, word in told)
    return spoilt_text(draw, link) if draw.random() < 0.3 else link


# -- answers ---------------------------------------------------------------------------------------

NUMBERS = (
    "2.5",
    "2,5",
    "−2",
    "-2",
    "1e3",
    " 7 ",
    "+4",
    ".5",
    "5.",
    "1 000",
    "1,000.5",
    "1.000,5",
    "0x1F",
    "0b11",
    "0o7",
    "1/2",
    "5 %",
    "٣",
    "１５",
    "∞",
    "Infinity",
    "-Infinity",
    "NaN",
    "1e999",
    "--2",
    "",
    " ",
    "two",
    "2..5",
    "2,,5",
    "−−2",
    "1_000",
    "\u200b5",
    "5\n",
    "1e",
    "e5",
    "9" * 400,
    MARKUP,
    "1\N{NARROW NO-BREAK SPACE}500",
    "1'500",
    "1,500",
    "–3",
    "2.5 mmHg",
)
"""What people type into a field for a number."""

BODIES = (
    "return {x}",
    "return str({x})",
    "return [{x}]",
    "return {x}, {x}",
    "return None",
    "pass",
    "return",
    "return ...",
    "return lambda: {x}",
    "return max",
    "return print",
    "return int",
    "return {x} * 1000",
    "return -{x}",
    "return {x} + 0j",
    "return float('nan')",
    "return 10 ** 400",
    "return 10 ** 5000",
    "return range(10 ** 12)",
    "return range(10 ** 30)",
    "return 'x' * 10 ** 6",
    "return {{}}",
    "return {{1, 2}}",
    "return iter([])",
    "return b'8'",
    "return object()",
    "return 1 / 0",
    "raise KeyError",
    "raise ValueError('')",
    "raise ValueError('a\\n\\nb\\n')",
    "raise ValueError('x' * 10 ** 5)",
    "return f()",
    "import nothing_here",
    "return undefined",
    "a = []\n    a.append(a)\n    return a",
    "a = {{}}\n    a[1] = a\n    return a",
    "assert False",
    "class A:\n        def __repr__(self): raise ValueError\n    return A()",
    "return Ellipsis",
    "class A:\n        def __getattr__(self, name): raise OSError\n    return A()",
    "yield {x}",
    "class A(list):\n        def __len__(self): return -1\n    return A()",
    "return NotImplemented",
    "import numpy as np\n    return np.array([[{x}]])",
    "import numpy as np\n    return np.nan",
    "import numpy as np\n    return np.ma.masked",
    "import numpy as np\n    return np.array(['8'])",
    "import numpy as np\n    return np.array({x})",
    "import numpy as np\n    return np.array([])",
    "import pandas as pd\n    return pd.NA",
    "import pandas as pd\n    return pd.DataFrame()",
    "import pandas as pd\n    return pd.Series([{x}, None])",
    "import pandas as pd\n    return pd.NaT",
    "from decimal import Decimal\n    return Decimal({x})",
    "raise NotImplementedError",
    "raise Exception",
    "from fractions import Fraction\n    return Fraction({x})",
    "return '{x},0'",
    "return 'ä'",
    "raise StopIteration",
    "raise RecursionError",
    "raise MemoryError",
    "class E(Exception):\n        def __str__(self): return 1 / 0\n    raise E",
    "return True",
    "class E(Exception):\n        def __str__(self): return ''\n    raise E",
    "return [[{x}], {x}]",
    "return [range(10 ** 12), {x}]",
    "return ['x' * 10 ** 6] * 2",
    "return [None] * 10 ** 6",
)
"""What stands in the function that a task asks for; `{x}` is the right answer."""
EXPECTED = (8, 0, 0.25, -3.0, "F2", True, [1, 2], (0.5,), [True, False], ["a", "b"])


def answer_code(draw: Draw) -> tuple[str, Any]:
    """A student's function `f`, and what the check expects of it."""
    expected = draw.choice(EXPECTED)
    body = draw.choice(BODIES).format(x=repr(expected))
    code = f"def f():\n    {body}\n"
    return (spoilt_text(draw, code) if draw.random() < 0.15 else code), expected
