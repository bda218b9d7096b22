"""One line that tells how far the installer is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO


class Progress:
    """Counts what has arrived; plain lines, fewer of them, when nobody watches a terminal."""

    def __init__(self, total: int, arrived: Path, site: Path, stream: TextIO | None = None):
        """`arrived` holds a folder per package that uv has unpacked, `site` the installed ones."""
        self.total, self.arrived, self.site = total, arrived, site
        self.stream = stream or sys.stdout
        self.terminal = self.stream.isatty()
        self.before = self.installed()
        self.shown = ("", 0)

    def installed(self) -> int:
        """Number of packages in the environment."""
        return sum(1 for _ in self.site.glob("*.dist-info"))

    def look(self) -> None:
        """Say what has changed since the last look."""
        done = self.installed() - self.before
        if done > 0:
            self.show("installing", done)
        else:
            self.show("fetching", sum(1 for _ in self.arrived.glob("*")))

    def show(self, verb: str, number: int) -> None:
        """Print the state: over the last one on a terminal, else every 50th."""
        number = min(number, self.total)
        step = (verb, number if self.terminal else number // 50)
        if not number or step == self.shown:
            return
        self.shown = step
        text = f"{verb} {number} of {self.total}"
        self.stream.write("\r" + text.ljust(40) if self.terminal else text + "\n")
        self.stream.flush()

    def end(self) -> None:
        """Leave an empty line on a terminal."""
        if self.terminal:
            self.stream.write("\r" + " " * 40 + "\r")
            self.stream.flush()
