"""Which tests hold a module: those that stand nearest to it, by imports of Python, of the browser's
modules, and of these by name in a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FARTHEST = 3
"""Steps of import between a test and what it holds."""
MOST = 6
"""Test files that are asked; a mutant that fewer let live has often been killed by the next."""
JS_IMPORT = re.compile(r"""(?:from|import)\s+["'](\.[^"']+\.js)["']""")
FIXTURES = ("js_solver",)
"""Fixtures of tests/conftest.py that run modules of the browser."""


@cache
def graph(root: Path = ROOT) -> dict[str, set[str]]:
    """What each file of the package and of the tests imports, as paths from the root."""
    files = [*sorted((root / "hepatica").rglob("*.py")), *sorted((root / "tests").glob("*.py"))]
    scripts = sorted((root / "hepatica/cards").rglob("*.js"))
    known = {path.relative_to(root).as_posix() for path in [*files, *scripts]}
    edges = {}
    for path in files:
        text, name = path.read_text("utf-8"), path.relative_to(root).as_posix()
        found = {file for module in _imported(text) for file in _files(module, known)}
        if name.startswith("tests/"):
            named = JS_IMPORT.findall(text)
            found |= {f"hepatica/cards/{script.removeprefix('./')}" for script in named}
            if any(fixture in text for fixture in FIXTURES):
                found.add("tests/conftest.py")
        edges[name] = (found & known) - {name}
    for path in scripts:
        named = JS_IMPORT.findall(path.read_text("utf-8"))
        there = {(path.parent / script).resolve() for script in named}
        edges[path.relative_to(root).as_posix()] = {
            one.relative_to(root.resolve()).as_posix() for one in there if one.is_file()
        }
    return edges


def _imported(text: str) -> Iterator[str]:
    """The modules that a Python file names in its imports, with what it takes out of each."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files(module: str, known: set[str]) -> Iterator[str]:
    """The files that a module's name may stand for."""
    path = module.replace(".", "/")
    for name in (f"{path}.py", f"{path}/__init__.py", f"tests/{path}.py"):
        if name in known:
            yield name


def distances(test: str, root: Path = ROOT) -> dict[str, int]:
    """How many imports away each file is from a test."""
    edges, found, edge = graph(root), {test: 0}, [test]
    for steps in range(1, FARTHEST + 1):
        edge = [to for one in edge for to in edges.get(one, ()) if to not in found]
        found |= dict.fromkeys(edge, steps)
    return found


def tests_of(file: str, root: Path = ROOT) -> list[str]:
    """The test files that hold a module: the one of its name, then the nearest, the shorter before
    the longer."""
    near = []
    for path in sorted((root / "tests").glob("test_*.py")):
        test = path.relative_to(root).as_posix()
        steps = distances(test, root).get(file)
        if steps is not None:
            named = path.stem == f"test_{Path(file).stem}"
            near.append((not named, steps, path.stat().st_size, test))
    return [test for *_, test in sorted(near)][:MOST]
