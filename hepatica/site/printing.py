"""The sheets of the site as PDFs, where a Chromium is installed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from hepatica.site.chromium import PATIENCE, Printer, PrintError, installed, printer

WIDTH = 703
"""px: the 186 mm of an A4 page that a sheet uses."""
READY = "document.documentElement.dataset.paper === 'ready'"
TABS = 2
BY_HAND = "The sheets in paper/ are web pages: print them from any browser."


def print_sheets(
    folder: Path,
    names: list[str],
    tell: Callable[[str], None],
    path: str | None = None,
    patience: float = PATIENCE,
) -> list[str]:
    """Print pages of the site in `folder` beside themselves; return the names of those printed.

    Uses the browser at `path`, else an installed one. Never raises for a browser that is missing
    or hangs: says so in a line, and the pages remain.
    """
    path = path or installed()
    if not path:
        tell(f"  No Chromium, Chrome or Edge is installed, so there are no PDFs. {BY_HAND}")
        return []
    done: list[str] = []
    try:
        with printer(path, patience) as browser:
            _print_all(browser, folder, names, done, tell)
    except PrintError as error:
        tell(f"  {len(names) - len(done)} PDFs were not made: {error}. {BY_HAND}")
    return done


def _print_all(
    browser: Printer, folder: Path, names: list[str], done: list[str], tell: Callable[[str], None]
) -> None:
    """Every tab takes its share of the names; `done` and `tell` follow each finished file."""

    def take(share: list[str]) -> None:
        tab = browser.tab()
        for name in share:
            made = tab.print((folder / name).as_uri(), READY, WIDTH)
            file = (folder / name).with_suffix(".pdf")
            file.write_bytes(made)
            done.append(name)
            tell(f"  {file.relative_to(folder).as_posix()} ({len(done)} of {len(names)})")

    with ThreadPoolExecutor(TABS) as pool:
        for share in as_completed([pool.submit(take, names[n::TABS]) for n in range(TABS)]):
            share.result()
