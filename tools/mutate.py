"""Mutants: one operator, number or parameter changed in a copy of the course, and whether the tests
that should hold it notice: ``python -m tools.mutate 20`` tries twenty drawn by chance, with a seed.

The copy lies in a folder of its own; nothing here is ever changed. A line says whether a test failed,
what was changed, and which tests looked. Run by hand: a mutant takes as long as its tests.
"""

from __future__ import annotations

import ast
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("hepatica", "data", "tests", "tools", "notebooks", "exercises", "requirements")
FILES = ("pyproject.toml", "conftest.py", "course.py", "README.md")
FOLDERS = ("hepatica/model", "hepatica/models", "hepatica/analysis")
SWAPS: dict[type[ast.operator | ast.cmpop], type[ast.operator | ast.cmpop]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
BY_FIVE = 1.05
ALWAYS = ("tests/test_stored_numbers.py",)
"""The tests that every changed number of a table meets."""


class Mutant(NamedTuple):
    """A change: the file, the line, what stood there, what stands there now, and the new text."""

    file: str
    line: int
    was: str
    now: str
    text: str


def of_code(file: str, text: str) -> Iterator[Mutant]:
    """Every operator swapped and every number changed by a twentieth, one at a time."""
    nodes = list(ast.walk(ast.parse(text)))
    for place in range(len(nodes)):
        tree = ast.parse(text)
        node = list(ast.walk(tree))[place]
        was = _changed(node)
        if was is not None:
            yield Mutant(file, node.lineno, was, ast.unparse(node), ast.unparse(tree))


def _changed(node: ast.AST) -> str | None:
    """What a node was before it was changed in place; None where there is nothing to change."""
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
        was = ast.unparse(node)
        node.op = SWAPS[type(node.op)]()
        return was
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in SWAPS:
        was = ast.unparse(node)
        node.ops = [SWAPS[type(node.ops[0])]()]
        return was
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        was = ast.unparse(node)
        whole = isinstance(node.value, int)
        node.value = node.value + 1 if whole else node.value * BY_FIVE or BY_FIVE
        return was
    return None


def of_table(file: str, text: str) -> Iterator[Mutant]:
    """Every value of a table changed by a twentieth, one at a time."""
    rows = list(csv.reader(text.splitlines()))
    if "value" not in rows[0]:
        return
    column = rows[0].index("value")
    for number, row in enumerate(rows[1:], start=1):
        if row[column]:
            now = f"{float(row[column]) * BY_FIVE or BY_FIVE:.6g}"
            changed = [
                *rows[:number],
                [*row[:column], now, *row[column + 1 :]],
                *rows[number + 1 :],
            ]
            yield Mutant(file, number + 1, row[column], now, _written(changed))


def _written(rows: list[list[str]]) -> str:
    """Rows as a table."""
    lines = []
    for row in rows:
        cells = [f'"{c.replace(chr(34), chr(34) * 2)}"' if set(c) & set(',"') else c for c in row]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def tests_of(file: str, root: Path = ROOT) -> list[str]:
    """The smallest tests that should notice: those that name the module, shortest first."""
    if file.startswith("data/"):
        return list(ALWAYS)
    name = Path(file).stem
    named = [
        path
        for path in sorted((root / "tests").glob("test_*.py"))
        if f"{name} import" in (words := path.read_text("utf-8")) or f"import {name}" in words
    ]
    found = sorted(named, key=lambda path: path.stat().st_size)[:2]
    return [path.relative_to(root).as_posix() for path in found] or ["tests/test_targets.py"]


def passes(copy: Path, tests: list[str]) -> bool:
    """Whether the tests pass in a copy as it stands."""
    command = [sys.executable, "-m", "pytest", *tests, "-x", "-q", "-n", "0"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider"],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def killed(mutant: Mutant, copy: Path, tests: list[str]) -> bool:
    """Whether a test fails on the mutant in a copy, and passes without it; the copy is as it was
    afterwards. Raises RuntimeError where the tests fail on the copy itself."""
    if not passes(copy, tests):
        raise RuntimeError(f"{' '.join(tests)} fail on the copy itself, so they tell nothing.")
    file = copy / mutant.file
    before = file.read_text("utf-8")
    file.write_text(mutant.text, encoding="utf-8", newline="\n")
    try:
        return not passes(copy, tests)
    finally:
        file.write_text(before, encoding="utf-8", newline="\n")


def copied(folder: Path, root: Path = ROOT) -> Path:
    """A copy of the course in a folder, without what is built."""
    for name in COPIED:
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(root / name, folder / name)
    return folder


def drawn(count: int, seed: int, root: Path = ROOT) -> list[Mutant]:
    """Mutants by chance: half of code, half of tables, each from a file drawn first."""
    luck = random.Random(seed)
    code = [path for folder in FOLDERS for path in sorted((root / folder).glob("[a-z]*.py"))]
    tables = sorted((root / "data").glob("*.csv"))
    found: list[Mutant] = []
    while len(found) < count:
        path = luck.choice(code if len(found) % 2 == 0 else tables)
        make = of_code if path.suffix == ".py" else of_table
        several = list(make(path.relative_to(root).as_posix(), path.read_text("utf-8")))
        found += [luck.choice(several)] if several else []
    return found


def main(count: int, seed: int) -> None:
    """Try mutants one after the other, print what came of each."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        for mutant in drawn(count, seed):
            tests = tests_of(mutant.file)
            end = "killed" if killed(mutant, copy, tests) else "survived"
            change = f"{mutant.was} → {mutant.now}"
            print(f"{end}  {mutant.file}:{mutant.line}  {change}  {' '.join(tests)}", flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:3] + ["10", "1"][len(sys.argv) - 1 :])))
