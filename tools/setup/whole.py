"""What of the pinned packages is whole in an environment; run by that environment's Python.

Reads {"pins": […], "pip": "folder or wheel of pip"} as JSON and prints
{"prefix", "python", "hepatica", "lacking": […]}: success is what is there, not an exit code.
"""

from __future__ import annotations

import csv
import importlib.metadata
import json
import os
import re
import sys
import sysconfig
from pathlib import Path


def canonical(name: str) -> str:
    """The one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def whole(found: importlib.metadata.Distribution) -> bool:
    """True if every file that the package brought is there in its full size."""
    record, home = found.read_text("RECORD"), str(found.locate_file(""))
    if not record:
        return False
    for name, _, size in csv.reader(record.splitlines()):
        if name.endswith(".pyc"):
            continue
        try:
            there = os.stat(os.path.join(home, name)).st_size
        except OSError:
            return False
        if size and there != int(size):
            return False
    return True


def installed() -> dict[str, str]:
    """Name to version of what is whole inside this environment and nowhere else."""
    homes = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    found: dict[str, str] = {}
    for one in importlib.metadata.distributions(path=homes):
        name = canonical(one.metadata["Name"] or "")
        twice = name in found
        found[name] = "half" if twice or not whole(one) else one.version
    return found


def lacking(pins: list[str], pip: str) -> list[str]:
    """The pins for this machine that are not installed as they say."""
    sys.path.insert(0, pip)
    from pip._vendor.packaging.requirements import Requirement

    here, missing = installed(), []
    for line in pins:
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate():
            continue
        if str(wanted.specifier) != f"=={here.get(canonical(wanted.name))}":
            missing.append(line)
    return missing


def package() -> str:
    """Folder of the course that `import hepatica` reaches; "" if it reaches none."""
    try:
        import hepatica
    except ImportError:
        return ""
    return str(Path(hepatica.__file__).parent.parent)


def main() -> None:
    """Answer the question on standard input."""
    question = json.load(sys.stdin)
    python = "{}.{}.{}".format(*sys.version_info[:3])
    answer = {"prefix": sys.prefix, "python": python, "hepatica": package()}
    print(json.dumps(answer | {"lacking": lacking(question["pins"], question["pip"])}))


if __name__ == "__main__":
    main()
