"""An account of the machine for each student, made when their server first starts."""

from __future__ import annotations

import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path

TEMPLATE = "hepatica-{USERNAME}"  # no student becomes "root", or anybody else who is there
NAMES = r"[a-z][a-z0-9-]{0,19}"  # what an account may be called, its beginning included


def account(name: str) -> str:
    """The machine's name for a student."""
    return TEMPLATE.format(USERNAME=name)


def exists(name: str) -> bool:
    """True if the machine knows an account of this name."""
    return any(entry.pw_name == name for entry in pwd.getpwall())


def make(spawner, run: Callable = subprocess.run, known: Callable[[str], bool] = exists) -> None:
    """Make the student's account with a home that nobody else can read, unless it is there."""
    name = account(spawner.user.name)
    if not known(name):
        words = ["useradd", "--create-home", "--key", "HOME_MODE=0700", "--shell", "/bin/bash"]
        run([*words, name], check=True)


def record(spawner) -> str:
    """Where a student's answers are kept: in their own home, not beside the shared package."""
    home = getattr(spawner, "home_dir", "") or pwd.getpwnam(account(spawner.user.name)).pw_dir
    return str(Path(home) / ".hepatica")
