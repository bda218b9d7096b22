"""R as a referee: what it printed stands beside its script,
and it is asked again where it is installed."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent


def _numbers(text: str) -> dict[str, float]:
    """Key and value of each line that a script prints."""
    return {row["key"]: float(row["value"]) for row in csv.DictReader(io.StringIO(text))}


@cache
def stored(package: str) -> dict[str, float]:
    """What tests/r_`package`.R printed when tests/r_`package`.csv was written."""
    return _numbers((HERE / f"r_{package}.csv").read_text(encoding="utf-8"))


def asked(package: str) -> dict[str, float] | None:
    """What tests/r_`package`.R prints now; None where R or the package is not installed."""
    program = shutil.which("Rscript")
    library = [program, "-e", f"library({package})"]
    if not program or subprocess.run(library, capture_output=True, check=False).returncode:
        return None
    run = subprocess.run(
        [program, str(HERE / f"r_{package}.R")], capture_output=True, text=True, check=True
    )
    return _numbers(run.stdout)


def differing(
    found: dict[str, float],
    wanted: dict[str, float],
    relative: float = 1e-6,
    absolute: float = 1e-9,
) -> list[str]:
    """Keys whose numbers differ, or that only one side has."""
    shared = found.keys() & wanted.keys()
    assert shared, "nothing to compare"
    apart = [
        key
        for key in sorted(shared)
        if not np.isclose(found[key], wanted[key], rtol=relative, atol=absolute)
    ]
    return apart + sorted(found.keys() ^ wanted.keys())


def rejects(
    found: dict[str, float],
    wanted: dict[str, float],
    relative: float = 1e-6,
    absolute: float = 1e-9,
) -> bool:
    """The comparison sees one number that is off by a thousandth, and one that is missing."""
    key = next(key for key, value in found.items() if abs(value) > 1e-3)
    less = {name: value for name, value in found.items() if name != key}
    changed = found | {key: found[key] * 1.001}
    seen = (
        differing(changed, wanted, relative, absolute),
        differing(less, wanted, relative, absolute),
    )
    return seen == ([key], [key])
