"""One set-up at a time, also when an earlier start was killed and its installer works on."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tools.setup import say

LOCK = ".venv-setup.lock"
LOG = ".venv-setup.log"


def try_lock(handle: IO[bytes]) -> bool:
    """Take the operating system's lock on an open file; it ends with the process,
    so it is never stale."""
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def at_work(log: Path) -> bool:
    """On Windows: True while an installer writes into the log, which nobody can rename then.

    Elsewhere an installer inherits the lock, and this is not needed.
    """
    if os.name != "nt" or not log.exists():
        return False
    aside = log.with_suffix(".old")
    try:
        os.replace(log, aside)
        os.replace(aside, log)
    except OSError:
        return True
    return False


@contextmanager
def only_one(root: Path) -> Iterator[int]:
    """Hold the lock while the body runs, which gets its file number to hand to installers;
    a second start waits here and says for whom."""
    path, log = root / LOCK, root / LOG
    with open(path, "a+b") as handle:
        if not try_lock(handle) or at_work(log):
            say(holder(path))
            while not try_lock(handle) or at_work(log):
                time.sleep(0.2)
        # Byte 0 is the locked one (Windows lets nobody else read it); the process number follows
        # for the message.
        handle.seek(0)
        handle.truncate()
        handle.write(f"\n{os.getpid()}\n".encode("ascii"))
        handle.flush()
        yield handle.fileno()


def lives(process: str) -> bool:
    """True unless this process is known to have ended."""
    if os.name == "nt" or not process.isdigit():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, so there is one
        return True
    return True


def holder(path: Path) -> str:
    """One sentence on who is at work, as far as the lock file can be read."""
    with open(path, "rb") as handle:
        handle.seek(1)
        process = handle.read().decode("ascii", "replace").strip()
    if lives(process):
        return f"Another start is setting up the course (process {process or '?'}); waiting for it."
    return "An earlier start was ended and its installer is still at work; waiting for it."
