"""The oldest browsers that the README names are those of the features that the pages use, and no
page needs a newer one."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from hepatica.cards import bundle
from hepatica.site.build import STATIC
from tests.house import ROOT

FEATURES = list(
    csv.DictReader(Path(__file__).with_name("oldest_browsers.csv").open("r", encoding="utf-8"))
)
NAMED = re.compile(r"Chrome and Edge from ([\d.]+), Firefox from ([\d.]+) and Safari from ([\d.]+)")
# Came to all three engines later than what the README names, each with a sample.
NEWER = {
    r"\.(?:union|intersection|difference|symmetricDifference|isSubsetOf)\(": "a.union(b)",
    r"\bPromise\.(?:withResolvers|try)\b": "Promise.withResolvers()",
    r"\b(?:Iterator\.from|Array\.fromAsync|RegExp\.escape)\b": "Array.fromAsync(list)",
    r"\.(?:values|keys|entries)\(\)\.(?:map|filter|take|toArray|some|find)\(": "m.keys().map(f)",
    r"\.(?:toBase64|toHex|setFromBase64)\(|\.from(?:Base64|Hex)\(": "bytes.toBase64()",
    r"@starting-style|@position-try|@function\b": "@starting-style { }",
    r"\b(?:anchor-name|position-anchor|interpolate-size|field-sizing)\s*:": "anchor-name: --a",
    r"\b(?:calc-size|sibling-index|contrast-color)\(": "width: calc-size(auto, size)",
}


def sources() -> dict[str, str]:
    """Our own scripts and style sheets."""
    files = [
        p for end in ("js", "css") for home in (bundle.HERE, STATIC) for p in home.rglob(f"*.{end}")
    ]
    return {p.relative_to(ROOT).as_posix(): p.read_text("utf-8") for p in files}


def oldest(features: list[dict]) -> tuple[float, ...]:
    """The first versions of Chrome, Firefox and Safari that know all features."""
    return tuple(
        max(float(row[name]) for row in features) for name in ("chrome", "firefox", "safari")
    )


def test_the_readme_names_the_oldest_browsers():
    named = NAMED.search((ROOT / "README.md").read_text("utf-8"))
    assert tuple(map(float, named.groups())) == oldest(FEATURES)
    older = [row for row in FEATURES if row["feature"] != ":has()"]
    assert oldest(older) != oldest(FEATURES), "a feature that is left out is noticed"


def test_the_features_are_used_and_have_a_source():
    text = "\n".join(sources().values())
    assert len(FEATURES) >= 4
    assert [row["feature"] for row in FEATURES if not re.search(row["pattern"], text)] == []
    assert all(row["source"].startswith("https://") for row in FEATURES)
    assert not re.search(r"no-such-feature\(", text)


@pytest.mark.parametrize(("pattern", "sample"), NEWER.items())
def test_no_newer_feature_is_used(pattern, sample):
    assert re.search(pattern, sample)
    assert [name for name, text in sources().items() if re.search(pattern, text)] == []
