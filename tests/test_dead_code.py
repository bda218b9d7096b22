"""Nothing lies about unused: each name of the package and of the tools is read somewhere, those of
the package not by tests alone, each member of their classes is named somewhere, and each export of
the cards' engines, parts and kinds is imported by another module or by a test."""

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


HOOKS = {
    "_esm": "anywidget reads it",
    "_css": "anywidget reads it",
    "_merge": "traitlets calls what observes",
    "template_file": "nbconvert reads it",
    "output_mimetype": "nbconvert reads it",
    "block_math": "mistune calls it",
    "inline_math": "mistune calls it",
    "latex_environment": "mistune calls it",
    "block_html": "mistune calls it",
    "block_code": "mistune calls it",
    "handle_data": "HTMLParser calls it",
    "pytest_runtest_logreport": "pytest calls it",
    "pytest_collectreport": "pytest calls it",
}
"""Members that nobody here names, because a library does."""
TESTED_ONLY = {
    "possible_means": "how a sentence of notebook 11 was found, held by a test",
    "possible_with_sd": "how a sentence of notebook 11 was found, held by a test",
    "sbml": "the way of a model to other programs, among them the referee",
}
"""Names of the package that no part of the course reads, and why they stay."""


@cache
def texts() -> dict[Path, Counter[str]]:
    """The words of everything that may read a name, by its path from the root; not of this file,
    which lists them."""
    files = [file for folder in FOLDERS for kind in READERS for file in (ROOT / folder).rglob(kind)]
    return {
        file.relative_to(ROOT): Counter(WORD.findall(file.read_text(encoding="utf-8")))
        for file in [*files, *ROOT.glob("*.py")]
        if file != Path(__file__)
    }


def defined(source: str) -> Iterator[str]:
    """The public functions, classes and constants of a module."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.Assign):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def members(source: str) -> Iterator[str]:
    """The methods, fields and constants of the classes of a module, but those that Python calls."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef):
            continue
        for each in node.body:
            targets = each.targets if isinstance(each, ast.Assign) else []
            targets = [each.target] if isinstance(each, ast.AnnAssign) else targets
            names = [one.id for one in targets if isinstance(one, ast.Name)]
            names += [each.name] if isinstance(each, ast.FunctionDef) else []
            yield from (name for name in names if not name.startswith("__"))


def readers(name: str, file: Path, known: dict[Path, Counter[str]]) -> list[Path]:
    """The files that may read a name of a module: its own, if that names it again, and others that
    name the module or its package too; tables and quizzes name functions without their module."""
    homes = (file.stem, file.parent.name)
    return [
        other
        for other, words in known.items()
        if (words[name] > 1 if other == file else words[name])
        and (
            other == file or other.suffix in (".csv", ".toml") or any(words[home] for home in homes)
        )
    ]


def unread(file: Path, source: str, known: dict[Path, Counter[str]]) -> list[str]:
    """The public names of a module that nobody reads, or nobody but tests, and the members of its
    classes that stand nowhere but in their own definition."""
    by_name = {name: readers(name, file, known) for name in defined(source) if name[0] != "_"}
    found = [name for name, by in by_name.items() if all(p.parts[0] == "tests" for p in by)]
    if file.parts[0] != "hepatica":
        found = [name for name in found if not by_name[name]]
    return [
        *found,
        *(name for name in members(source) if sum(words[name] for words in known.values()) < 2),
    ]


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
    dead = {
        name: file.relative_to(ROOT)
        for file in files
        for name in unread(file.relative_to(ROOT), file.read_text(encoding="utf-8"), texts())
    }
    assert len(files) > 200
    assert {name: file for name, file in dead.items() if name not in HOOKS | TESTED_ONLY} == {}
    assert set(HOOKS | TESTED_ONLY) == set(dead), "a reason that nothing needs any more"


def test_every_export_is_imported():
    tests = [file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("*.py")]
    maker = Path(bundle.__file__).read_text(encoding="utf-8")
    found = lonely(modules(), [*tests, maker])
    assert [row for row in found if "/cards/views/" not in row] == []


def test_what_is_dead_is_noticed():
    source = "def alive(): ...\ndef dead(): ...\nGONE = 1\nclass C:\n def m(s): ...\n n: int = 1\n"
    file, other, test = Path("hepatica/a.py"), Path("hepatica/b.py"), Path("tests/c.py")
    own = Counter(alive=1, dead=1, GONE=1, C=2, m=1, n=1)
    far = Counter(alive=1, dead=1, n=1)  # dead is another module's there
    assert unread(file, source, {file: own, other: far | Counter(a=1)}) == ["GONE", "m"]
    assert unread(file, source, {file: own, other: far}) == ["alive", "dead", "GONE", "m"]
    assert unread(file, source, {file: own, test: far | Counter(a=1, GONE=1)})[:3] == [
        "alive",
        "dead",
        "GONE",
    ]
    both = {"a.js": "export function one() {}\nexport const two = 1;", "b.js": "import { one }"}
    assert lonely(both, []) == ["a.js: two"] and lonely(both, ["two"]) == []
