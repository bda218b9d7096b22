"""A copy of the course in which mutants are tried; nothing outside it is ever changed."""

from __future__ import annotations

import compileall
import json
import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from tools.mutate import server
from tools.mutate.code import Mutant

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("hepatica", "data", "tests", "tools", "notebooks", "exercises", "requirements")
FILES = ("pyproject.toml", "conftest.py", "course.py", "README.md", "CONTRIBUTING.md")
LIMIT = 900
"""Seconds for one file of tests on the copy as it stands."""
DEAR = 200.0
"""Seconds; a single test that takes longer is not asked about mutants."""


def copied(folder: Path, root: Path = ROOT) -> Path:
    """A copy of the course in a folder, without what is built; what is compiled there is held to
    the text itself and not to its time."""
    for name in COPIED:
        if (root / name).is_dir():
            kept = shutil.ignore_patterns("__pycache__", "_site")
            shutil.copytree(root / name, folder / name, ignore=kept)
    for name in FILES:
        if (root / name).is_file():
            shutil.copy(root / name, folder / name)
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(folder / "hepatica", quiet=2, invalidation_mode=mode)
    return folder


class Runner:
    """Asks tests of a copy; what passes there unchanged is asked once and remembered."""

    def __init__(self, copy: Path, libraries: tuple[str, ...] = server.LIBRARIES):
        self.copy, self.libraries = copy, libraries
        self.sound: dict[str, dict[str, float]] = {}
        self.process: subprocess.Popen[str] | None = None

    def ask(self, test: str, limit: int = LIMIT) -> dict[str, Any]:
        """Which test of a file failed first, and how long each took."""
        if self.process is None or not server.SPLITS:
            self.start()
        job = {"tests": [test], "limit": limit, "dear": DEAR, "known": self.sound.get(test, {})}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The process that runs the tests has ended.")
        return json.loads(line)

    def start(self) -> None:
        """A process with the libraries, in the copy."""
        self.end()
        here = {"PYTHONPATH": str(self.copy), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(ROOT / "tools/mutate/server.py"), *self.libraries],
            cwd=self.copy,
            env={**os.environ, **here},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def end(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def seconds(self, test: str) -> float:
        """How long the tests of a file that are not dear take together on the copy as it stands; 0
        if there are none. Raises RuntimeError where one fails there, so that it tells nothing."""
        if test not in self.sound:
            answer = self.ask(test)
            if answer["failed"]:
                raise RuntimeError(f"{answer['failed']} fails on the copy itself.")
            self.sound[test] = answer["took"]
        return sum(spent for spent in self.sound[test].values() if spent <= DEAR)

    def killed(self, mutant: Mutant, tests: list[str]) -> str:
        """The test that notices a mutant, the nearest file asked first; "" where none does. The copy
        is as it was afterwards."""
        file = self.copy / mutant.file
        before, asked = file.read_text("utf-8"), 0
        for test in tests:
            seconds = self.seconds(test)
            if not seconds:
                continue
            asked += 1
            file.write_text(mutant.text, encoding="utf-8", newline="\n")
            try:
                failed = self.ask(test, 30 + int(10 * seconds))["failed"]
            finally:
                file.write_text(before, encoding="utf-8", newline="\n")
            if failed:
                return failed
        if not asked:
            raise RuntimeError(f"No test can be asked about {mutant.file}.")
        return ""
