"""One form for Python, JavaScript and styles; ``python -m tools.form`` gives it to the whole tree.

ruff formats and checks Python, oxfmt formats JavaScript and styles, oxlint checks JavaScript; their
settings are in pyproject.toml, .oxfmtrc.jsonc and .oxlintrc.json. What no package of the Python
index checks is checked here: names and blocks of styles, and long lines of code.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import tinycss2

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("hepatica", "tools", "tests", "course.py", "conftest.py")
CELLS = ("notebooks", "exercises")
COLUMNS = 100
HOLDS_PROPERTIES = ("font-face", "page", "property")
"""At-rules that hold properties; others, such as @media, hold rules."""


@dataclass(frozen=True)
class Tool:
    """A program with the words that make it check, those that make it mend,
    and the endings of its files."""

    check: tuple[str, ...]
    mend: tuple[str, ...]
    endings: tuple[str, ...]
    places: tuple[str, ...] = SOURCES


TOOLS = {
    "ruff check": Tool(
        ("ruff", "check", "--quiet"),
        ("ruff", "check", "--quiet", "--fix"),
        (".py", ".ipynb"),
        (*SOURCES, *CELLS),
    ),
    "ruff format": Tool(
        ("ruff", "format", "--quiet", "--check"), ("ruff", "format", "--quiet"), (".py",)
    ),
    "oxlint": Tool(("oxlint", "--quiet"), ("oxlint", "--quiet", "--fix"), (".js",)),
    "oxfmt": Tool(("oxfmt", "--list-different"), ("oxfmt",), (".js", ".css")),
}
"""In the order of mending: a mended line may need a new form."""


def files(endings: Iterable[str], places: Iterable[str] = SOURCES, root: Path = ROOT) -> list[Path]:
    """The files of the tree with one of these endings, those that somebody writes."""
    tops = [root / place for place in places]
    found = [path for top in tops for path in (top.rglob("*") if top.is_dir() else [top])]
    hidden = [
        path for path in found if any(part.startswith(".") for part in path.relative_to(root).parts)
    ]
    return sorted(
        path for path in {*found} - {*hidden} if path.suffix in endings and path.is_file()
    )


def run(words: tuple[str, ...], paths: list[Path], root: Path = ROOT) -> str:
    """What a tool of this environment has against `paths` by the settings of `root`;
    "" if nothing."""
    program = Path(sysconfig.get_path("scripts")) / words[0]
    command = [str(program), *words[1:], *(path.relative_to(root).as_posix() for path in paths)]
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    said = (done.stdout + done.stderr).strip()
    return "" if done.returncode == 0 else said or f"{words[0]} ended with {done.returncode}"


def style_faults(name: str, text: str, known: set[str]) -> list[str]:
    """What is wrong in a style file: what no browser reads, an empty block, a property twice in one
    block, and a custom property that nobody sets (`known` names those that somebody does)."""
    faults = [
        f"{name}: nobody sets {used}"
        for used in sorted(set(re.findall(r"var\((--[\w-]+)\)", text)) - known)
    ]
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    while rules:
        rule = rules.pop(0)
        if rule.type == "error":
            faults.append(f"{name}:{rule.source_line}: {rule.message}")
        elif (
            rule.type == "qualified-rule"
            or rule.content
            and rule.lower_at_keyword in HOLDS_PROPERTIES
        ):
            faults += [
                f"{name}:{rule.source_line}: {fault}" for fault in block_faults(rule.content)
            ]
        elif rule.content:
            rules += tinycss2.parse_rule_list(
                rule.content, skip_comments=True, skip_whitespace=True
            )
    return faults


def block_faults(content: list) -> list[str]:
    """What is wrong in the braces of one rule; a property may stand twice where the second is for
    newer browsers, which is told by another unit or function, never by the same value."""
    parts = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    broken = [part.message for part in parts if part.type == "error"]
    pairs = Counter(
        (part.name, tinycss2.serialize(part.value).strip())
        for part in parts
        if part.type == "declaration"
    )
    return (
        broken
        + [f"{name}: {value} twice" for (name, value), times in pairs.items() if times > 1]
        + ([] if parts else ["an empty block"])
    )


def properties_set(texts: Iterable[str]) -> set[str]:
    """The custom properties that styles or scripts set."""
    return {name for text in texts for name in re.findall(r"""(--[\w-]+)["'`]?\s*[:,]""", text)}


def long_lines(name: str, text: str) -> list[str]:
    """Lines beyond the last column, but for those that hold a text:
    breaking a drawing's path helps nobody."""
    return [
        f"{name}:{number}: {len(line)} columns"
        for number, line in enumerate(text.splitlines(), start=1)
        if len(line) > COLUMNS and not re.search("[\"'`]", line)
    ]


def own_faults(root: Path = ROOT) -> tuple[list[str], int]:
    """What this module itself finds in styles and JavaScript, and the number of files looked at."""
    texts = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in files((".css", ".js"), root=root)
    }
    known = properties_set(
        [
            *texts.values(),
            *(
                path.read_text(encoding="utf-8")
                for path in files((".py", ".j2", ".svg"), root=root)
            ),
        ]
    )
    faults = [fault for name, text in texts.items() for fault in long_lines(name, text)]
    faults += [
        fault
        for name, text in texts.items()
        if name.endswith(".css")
        for fault in style_faults(name, text, known)
    ]
    return faults, len(texts)


def main() -> int:
    """Mend what can be mended; print what is left for a person and return 1 if there is any."""
    left = []
    for name, tool in TOOLS.items():
        said = run(tool.mend, files(tool.endings, tool.places))
        left += [f"{name}:\n{said}"] if said else []
    left += own_faults()[0]
    print("\n".join(left) or "Python, JavaScript and styles have the one form.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
