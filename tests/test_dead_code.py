"""Nothing lies about unused: each name of the package and of the tools is read somewhere, and each
export of the cards' engines, parts and kinds is imported by another module or by a test."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from hepatica.cards import bundle

ROOT = Path(__file__).parents[1]
READERS = ("*.py", "*.csv", "*.ipynb", "*.js", "*.toml", "*.j2", "*.html")
FOLDERS = ("hepatica", "tools", "tests", "data", "notebooks", "exercises")
WORD = re.compile(r"[A-Za-z_]\w*")
EXPORT = re.compile(r"^export (?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)


@cache
def words() -> Counter[str]:
    """How often each word stands in everything that may read a name."""
    files = (file for folder in FOLDERS for kind in READERS for file in (ROOT / folder).rglob(kind))
    found = Counter()
    for file in [*files, *ROOT.glob("*.py")]:
        found.update(WORD.findall(file.read_text(encoding="utf-8")))
    return found


def defined(source: str) -> Iterator[str]:
    """The public functions, classes and constants of a module."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.Assign):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def unread(source: str, known: Counter[str]) -> list[str]:
    """The names of a module that stand nowhere but in their own definition."""
    return [name for name in defined(source) if not name.startswith("_") and known[name] < 2]


def modules() -> dict[str, str]:
    """The JavaScript of the cards."""
    return {file.as_posix(): file.read_text(encoding="utf-8") for file in bundle.HERE.rglob("*.js")}


def lonely(sources: dict[str, str], others: Iterable[str]) -> list[str]:
    """Exports that no other module and none of the other texts names."""
    told = {word for text in others for word in WORD.findall(text)}
    return [
        f"{file}: {name}"
        for file, text in sources.items()
        for name in EXPORT.findall(text)
        if name not in told
        and not any(re.search(rf"\b{name}\b", t) for other, t in sources.items() if other != file)
    ]


def test_every_name_is_read():
    files = [file for folder in ("hepatica", "tools") for file in (ROOT / folder).rglob("*.py")]
    dead = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in unread(file.read_text(encoding="utf-8"), words())
    ]
    assert len(files) > 200 and dead == []


def test_every_export_is_imported():
    tests = [file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("*.py")]
    maker = Path(bundle.__file__).read_text(encoding="utf-8")
    found = lonely(modules(), [*tests, maker])
    assert [row for row in found if "/cards/views/" not in row] == []


def test_what_is_dead_is_noticed():
    source = "def alive(): ...\ndef dead(): ...\nGONE = 1\n"
    assert unread(source, Counter(alive=2, dead=1, GONE=1)) == ["dead", "GONE"]
    both = {"a.js": "export function one() {}\nexport const two = 1;", "b.js": "import { one }"}
    assert lonely(both, []) == ["a.js: two"] and lonely(both, ["two"]) == []
