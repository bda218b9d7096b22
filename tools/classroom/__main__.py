"""`python3 course.py class FOLDER`: a page on a class, from the files that its students handed in.

Writes `_class/index.html`, which needs nothing beside it, and the numbers as tables. Nothing in
FOLDER is changed, and nothing leaves this computer.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.classroom import report
from tools.classroom.files import read_folder


def main(words: list[str] | None = None) -> int:
    """Write the page; 0, or 1 with the reason on the error stream."""
    parser = argparse.ArgumentParser(
        prog="course.py class", description="A page on a class, from the files handed in."
    )
    parser.add_argument("folder", type=Path, help="where the students' files lie")
    parser.add_argument("out", nargs="?", default="_class", type=Path, help="default: _class")
    given = parser.parse_args(words)
    if not given.folder.is_dir():
        print(f"There is no folder {given.folder}.", file=sys.stderr)
        return 1
    if given.out.resolve() == given.folder.resolve():
        print(
            "The page needs a folder of its own: it must not lie among the files.", file=sys.stderr
        )
        return 1
    found = read_folder(given.folder)
    try:
        page = report.write(given.out, found, given.folder.name)
    except OSError as error:
        print(f"Nothing can be written into {given.out}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{len(found.students)} students. Open {page} in a browser.")
    print(*(f"  {remark}" for remark in found.remarks), sep="\n", end="\n" if found.remarks else "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
