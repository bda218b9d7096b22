"""Nothing lies about unused in the styles: each class that a rule names is given by a script, a
template, a notebook or a program, and each custom property is read somewhere."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
READERS = ("*.py", "*.js", "*.j2", "*.html", "*.ipynb", "*.svg", "*.csv", "*.toml")
OTHERS = re.compile(r"jp-|[a-z]{2}$")
"""Classes that JupyterLab and Pygments (two letters) give."""
COMPOSED = re.compile(r"([a-z]+-[\w-]*-)(?:\$\{|\{|\" ?\+)")
"""How a script puts a class together, such as `hep-track-${kind}`; `hep-${…}` would be any."""


def without_comments(style: str) -> str:
    return re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)


def dead_classes(styles: str, readers: str) -> list[str]:
    """Classes of the rules that no reader names, whole or put together."""
    rules = " ".join(re.findall(r"([^{};]+)\{", without_comments(styles)))
    words, starts = set(re.findall(r"[A-Za-z_][\w-]*", readers)), set(COMPOSED.findall(readers))
    return [
        name
        for name in sorted(set(re.findall(r"\.([A-Za-z_][\w-]*)", rules)) - words)
        if not OTHERS.match(name) and not any(name.startswith(start) for start in starts)
    ]


def dead_properties(styles: str, readers: str) -> list[str]:
    """Custom properties that are set and read nowhere."""
    bare = without_comments(styles)
    read = set(re.findall(r"var\(\s*(--[\w-]+)", bare))
    return sorted(
        name
        for name in set(re.findall(r"(--[\w-]+)\s*:", bare)) - read
        if not re.search(rf"{name}(?![\w-])", readers)
    )


def texts(kinds: tuple[str, ...]) -> str:
    folders = ("hepatica", "notebooks", "exercises", "data")
    files = (file for folder in folders for kind in kinds for file in (ROOT / folder).rglob(kind))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_styles_hold_nothing_that_is_dead():
    styles, readers = texts(("*.css",)), texts(READERS)
    assert styles.count("{") > 500
    assert dead_classes(styles, readers) == []
    assert dead_properties(styles, readers) == []


def test_what_is_dead_is_noticed():
    styles = ".live, .dead .kc { --read: 1; --idle: 2; left: var(--read) } .made-up-two { top: 0 }"
    assert dead_classes(styles, "class=live `made-up-${x}` `de${x}`") == ["dead"]
    assert dead_classes(styles, "class=live") == ["dead", "made-up-two"]
    assert dead_properties(styles, "") == ["--idle"]
    assert dead_properties(styles, 'getPropertyValue("--idle")') == []
