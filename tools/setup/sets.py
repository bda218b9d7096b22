"""The three sets of pinned packages, each in a file of requirements/; a later one builds on the
earlier. Beside them, on the first: what a class's server needs."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

SETS = ("read", "site", "test")
HUB = "hub"
SIZE = re.compile(r"^# MB on the disk: (\d+); over the network: (\d+)$", re.MULTILINE)
MB_PER_MINUTE_AT_HOME = 150  # 20 megabits per second


def up_to(last: str) -> tuple[str, ...]:
    """The sets that a command needs whose last one is `last`."""
    return (SETS[0], HUB) if last == HUB else SETS[: SETS.index(last) + 1]


def file(root: Path, name: str) -> Path:
    """Where a set is written down."""
    return root / "requirements" / f"{name}.txt"


def pins(root: Path, names: tuple[str, ...]) -> list[str]:
    """The pinned packages of these sets, a line each."""
    text = "\n".join(file(root, name).read_text(encoding="utf-8") for name in names)
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def fingerprint(root: Path, name: str) -> str:
    """Changes with the pins of a set, and not with its comments."""
    return hashlib.sha256("\n".join(pins(root, (name,))).encode()).hexdigest()


def size(root: Path, names: tuple[str, ...]) -> tuple[int, int]:
    """What these sets take on the disk and over the network, in MB, as their files say."""
    found = [SIZE.search(file(root, name).read_text(encoding="utf-8")) for name in names]
    return sum(int(line[1]) for line in found), sum(int(line[2]) for line in found)


def announcement(root: Path, names: tuple[str, ...]) -> str:
    """What is about to happen, how large it is and how long it takes."""
    disk, network = size(root, names)
    minutes = max(1, round(network / MB_PER_MINUTE_AT_HOME))
    return (
        f"Setting up the course in {root / '.venv'} (once): {network} MB come over the network "
        f"and take {disk} MB here; about {minutes} min at 20 megabits per second."
    )
