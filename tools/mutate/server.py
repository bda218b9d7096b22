"""Runs tests of the folder in which it stands, one question a line, and answers which failed first;
the words after its name are libraries to begin with.

Each question is answered in a process split off from this one, in which the large libraries are
already there and nothing of the course is. Where a system cannot split, it answers once and ends.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

LIBRARIES = (
    "numpy",
    "pandas",
    "scipy.optimize",
    "scipy.integrate",
    "scipy.stats",
    "sympy",
    "pandera",
)
LIBRARIES += (
    "hypothesis",
    "plotly.graph_objects",
    "bs4",
    "lifelines",
    "nbformat",
    "statsmodels.api",
)
LIBRARIES += ("jinja2", "mistune", "nbconvert", "playwright.sync_api", "ipywidgets", "anywidget")
PAGES = {"site", "browser", "engines", "pages"}
"""Fixtures of whole pages, which take too long to be asked."""
SPLITS = hasattr(os, "fork")
WORDS = ["-x", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:nbval", "--no-header"]


class First:
    """Leaves out tests of whole pages and those that are known to be dear, runs the quick ones first
    and remembers how long each took and which was the first to fail."""

    def __init__(self, known: dict[str, float], dear: float) -> None:
        self.known, self.dear = known, dear
        self.failed = ""
        self.took: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        able = [item for item in items if not PAGES & set(item.fixturenames)]
        if self.known:
            able = [item for item in able if self.known.get(item.nodeid, 0) <= self.dear]
            able.sort(key=lambda item: self.known.get(item.nodeid, 0))
        items[:] = able

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid
        self.took[report.nodeid] = self.took.get(report.nodeid, 0) + report.duration

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid or "the start"


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Which of the tests failed first ("" if none did), and the seconds of each."""
    if Path("tools/tree.py").exists():
        tree = importlib.import_module("tools.tree")
        tree.foreign = lambda _root: ""  # the copy is the only one that this process can find
    first = First(job["known"], job["dear"])
    code = pytest.main([*WORDS, *job["tests"]], plugins=[first])
    failed = first.failed or ("the start" if code not in (0, 5) else "")
    return {"failed": failed, "took": first.took}


def split(job: dict[str, Any]) -> dict[str, Any]:
    """`run` in a process of its own that is ended, with all that it started, after `limit` s."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        signal.alarm(job["limit"])
        os.write(write, json.dumps(run(job)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as lines:
        _, status = os.waitpid(child, 0)
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            pass  # nothing that it started is left
        if status:
            return {"failed": f"no end in {job['limit']} s", "took": {}}
        return json.loads(lines.read())


def main() -> None:
    """Answer until there are no more questions."""
    for name in sys.argv[1:]:
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    for line in sys.stdin:
        job = json.loads(line)
        answer = split(job) if SPLITS else run(job)
        print(json.dumps(answer), file=answers, flush=True)
        if not SPLITS:
            return


if __name__ == "__main__":
    main()
