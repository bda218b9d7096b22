"""What holds for every test and every notebook: the tree that is tested, what runs, what the last
line tells.

`python3 course.py test` leaves out what is marked `full` (large matrices of engines, widths and
schemes); `python3 course.py test --all` runs everything.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import programs, tree

ROOT = Path(__file__).resolve().parent
MOST_CORES = 7  # a process of tests and its browser take 1 GB of memory
LEFT_OUT = pytest.StashKey[int]()

tree.serve(ROOT)
os.environ["HEPATICA_RECORD"] = "off"  # a test must not write into a reader's record


def pytest_addoption(parser: pytest.Parser) -> None:
    """The word after `course.py test` that asks for everything."""
    parser.addoption(
        "--all", action="store_true", dest="everything", help="run the tests marked full as well"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin to count what is left out."""
    config.stash[LEFT_OUT] = 0


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: tests of pages often wait for a page to rest."""
    return min(os.cpu_count() or 1, MOST_CORES) + 1


def _is_worker(session: pytest.Session) -> bool:
    """True in a process that runs tests for another one."""
    return hasattr(session.config, "workerinput")


def pytest_sessionstart(session: pytest.Session) -> None:
    """End at once where the tests would look at another tree than the one in which they lie."""
    trouble = "" if _is_worker(session) else tree.foreign(ROOT)
    if trouble:
        raise pytest.UsageError(trouble)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --all, leave out what is marked `full`."""
    if config.option.everything:
        return
    left = [item for item in items if item.get_closest_marker("full")]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if not item.get_closest_marker("full")]
    config.stash[LEFT_OUT] = len(left)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the count to the first process; with CI=true a run without a program that it needs has
    failed."""
    if _is_worker(session):
        session.config.workeroutput["left_out"] = session.config.stash[LEFT_OUT]
    elif programs.in_ci() and session.exitstatus == pytest.ExitCode.OK and programs.missing():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error: object) -> None:
    """Take the count from a worker; all of them collect the same."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line, after pytest's own: what did not run, and what this machine lacks."""
    if hasattr(config, "workerinput"):
        return
    line = last_line(config.stash[LEFT_OUT], programs.missing(), programs.in_ci())
    if line:
        config.get_terminal_writer().line(line)


def last_line(left_out: int, missing: list[str], ci: bool = False) -> str:
    """What the run has to say after its result; "" if nothing was left out and nothing is
    missing."""
    lacks = (
        f"{'FAILED, because this' if ci else 'This'} machine has no {', no '.join(missing)}."
        if missing
        else ""
    )
    rest = f"Left out: {left_out} larger tests (python3 course.py test --all)." if left_out else ""
    return " ".join(filter(None, [rest, lacks]))
