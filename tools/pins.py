"""Write the pins of requirements/ anew from pyproject.toml: `.venv/bin/python -m tools.pins`.

Versions that still fit stay; names of packages after the command may get newer versions. Headers
with the sizes stay too: measure them with `python3 course.py bench set-up`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.setup import installer, sets

ROOT = Path(__file__).resolve().parent.parent
COMPILE = ("pip", "compile", "--universal", "--no-annotate", "--no-header", "--quiet")


def compiled(root: Path, last: str, kept: list[str], newer: list[str]) -> list[str]:
    """All pins up to a set, for every machine."""
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    settings = installer.roads(listing.stdout)
    extras = [word for name in sets.up_to(last)[1:] for word in ("--extra", name)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "pins.txt"  # what stands there is kept where it can be
        out.write_text("\n".join(kept) + "\n", encoding="utf-8")
        words = [sys.executable, "-m", "uv", *COMPILE, "--no-emit-find-links", "-o", str(out)]
        words += [word for name in newer for word in ("--upgrade-package", name)]
        words += ["--index-strategy", "unsafe-best-match", *installer.switches_for_uv(settings)]
        variables = os.environ | installer.for_uv(settings)
        subprocess.run([*words, *extras, "pyproject.toml"], cwd=root, env=variables, check=True)
        return out.read_text(encoding="utf-8").split("\n")[:-1]


def header(file: Path) -> list[str]:
    """The comment at the top of a file of pins."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("#")]


def main(newer: list[str]) -> None:
    """Each set holds what those below it do not."""
    names = (*sets.SETS, sets.HUB)
    kept, found = list(dict.fromkeys(sets.pins(ROOT, names))), {}
    for name in names:
        found[name] = compiled(ROOT, name, kept, newer)
        earlier = {line for below in sets.up_to(name)[:-1] for line in found[below]}
        own = [line for line in found[name] if line not in earlier and not line.startswith("-")]
        file = sets.file(ROOT, name)
        text = "\n".join([*header(file), *own]) + "\n"
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
