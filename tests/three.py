"""The three browser engines for the tests, the pages with a listener in them, and how what two
engines tell of a page is compared."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hepatica.site.policy import POLICY
from tools import engines

SCRIPT = Path(__file__).with_name("engines.js")
# Ten times what Python and JavaScript may differ by (test_parity.py), and a tenth of what a reader
# can see in a chart.
RELATIVE, ABSOLUTE = 1e-3, 1e-6
SHADE = 2e-3  # of a colour's parts, which run from 0 to 1; a screen shows steps of 4e-3
COVER = 0.05  # of a canvas; the engines smooth edges in their own ways
WIDTH, HEIGHT = 2, 0.08  # px, and the share by which letters of another width make a card longer
PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
KNOWN = re.compile(r"ResizeObserver loop|^error: Script error\.$")
"""What is no fault: a notice that a size is told in the next frame; WebKit covers its words on a
page from disk."""


@contextmanager
def three() -> Iterator[list[engines.Engine]]:
    """All three; where one lacks the test fails with CI=true and is skipped, by name, elsewhere."""
    if lacking := engines.missing():
        words = f"Not installed: {', '.join(lacking)}."
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(words)
        pytest.skip(words)
    with engines.engines() as started:
        yield started


def listening(site: Path, out: Path) -> Path:
    """A copy of the site in which each page begins with the listener, right after its policy."""
    shutil.copytree(site, out)
    shutil.copy(SCRIPT, out / "assets/engines.js")
    for page in out.rglob("*.html"):
        up = "../" * (len(page.relative_to(out).parts) - 1)
        policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        html = page.read_text("utf-8")
        assert html.count(policy) == 1, page
        script = f'{policy}<script src="{up}assets/engines.js"></script>'
        page.write_text(html.replace(policy, script), "utf-8")
    return out


def faults(told: dict) -> list[str]:
    """What went wrong on one page in one engine: errors, refusals, the network, a page too wide."""
    found = [line for line in told["troubles"] if not KNOWN.search(line)]
    found += [f"fetched {address}" for address in told["fetched"]]
    return found + ([f"wider by {told['wide']} px"] if told["wide"] > 0 else [])


def differences(one: dict, other: dict) -> list[str]:
    """Where two engines' tours of a page differ, as `step/card/part: this, that`."""
    found = list(_unlike(one["presets"], other["presets"], "presets"))
    for step, cards in one["steps"].items():
        assert [card["id"] for card in cards] == [card["id"] for card in other["steps"][step]]
        for card, twin in zip(cards, other["steps"][step], strict=True):
            for part, is_unlike in PARTS.items():
                found += is_unlike(card[part], twin[part], f"{step}/{card['id']}/{part}")
    return found


def _unlike(one, other, place: str) -> Iterator[str]:
    """Numbers differ beyond rounding, all else at all."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _unlike(one[key], other[key], f"{place}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            yield from _unlike(a, b, f"{place}/{n}")
    elif _are_numbers(one, other):
        if abs(one - other) > RELATIVE * max(abs(one), abs(other)) + ABSOLUTE:
            yield f"{place}: {one}, {other}"
    elif one != other:
        yield f"{place}: {_parting(str(one), str(other))}"


def _are_numbers(*values: object) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def _parting(one: str, other: str) -> str:
    """Two texts from a little before the place where they part."""
    same = len(os.path.commonprefix([one, other]))
    start = max(0, same - 20)
    return f"{one[start : same + 60]!r}, {other[start : same + 60]!r}"


def _unlike_colours(one: list[str], other: list[str], place: str) -> list[str]:
    """Colours in the order in which they come: the same words, and numbers within a shade."""
    words = [[PLAIN.sub("#", paint) for paint in paints] for paints in (one, other)]
    if words[0] != words[1]:
        return list(_unlike(*words, place))
    pairs = [
        zip(PLAIN.findall(a), PLAIN.findall(b), strict=True)
        for a, b in zip(one, other, strict=True)
    ]
    far = [(a, b) for pair in pairs for a, b in pair if abs(float(a) - float(b)) > SHADE]
    return [f"{place}: {a}, {b}" for a, b in far]


def _unlike_canvases(one: list, other: list, place: str) -> list[str]:
    """Canvases: as many, none of one colour only, and colours that cover alike."""
    if len(one) != len(other):
        return [f"{place}: {len(one)}, {len(other)}"]
    found = [f"{place}/{n}: empty" for n, c in enumerate([*one, *other]) if max(c) > 0.999]
    apart = [
        sum(abs(a - b) for a, b in zip(*pair, strict=True)) for pair in zip(one, other, strict=True)
    ]
    return found + [f"{place}/{n}: {by:.3f}" for n, by in enumerate(apart) if by > COVER]


def _unlike_sizes(one: list[float], other: list[float], place: str) -> list[str]:
    (width, height), (wide, high) = one, other
    alike = abs(width - wide) <= WIDTH and abs(height - high) <= HEIGHT * max(height, high)
    return [] if alike else [f"{place}: {one}, {other}"]


PARTS = {
    "words": _unlike,
    "scope": _unlike,
    "charts": _unlike,
    "drawings": _unlike,
    "controls": _unlike,
    "wide": _unlike,
    "colours": _unlike_colours,
    "canvases": _unlike_canvases,
    "size": _unlike_sizes,
}
"""How each part of what a card shows is compared."""
