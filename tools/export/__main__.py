"""`python3 course.py export [FOLDER]`: the course's questions for Moodle, Anki, Canvas and a sheet.

Writes into `_export` when no folder is named. Files of an earlier export are replaced, everything
else in the folder stays.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.export import canvas, deck, moodle, sheet
from tools.export.bank import Item, bank, leaving, staying, titles


def export(folder: Path, items: list[Item]) -> list[str]:
    """Write every form of the bank into the folder; what was written, a line each."""
    folder.mkdir(parents=True, exist_ok=True)
    names, free = titles(), leaving(items)
    sheet.write(folder, items)
    moodle.write(folder, free, names)
    deck.write(folder, free, names)
    packages = canvas.write(folder, free, names)
    taken = sum(map(canvas.takes, free))
    return [
        f"{moodle.FILE:20} {len(free)} questions, a category per notebook (Moodle XML)",
        f"{deck.FILE:20} {len(free)} notes, a deck per notebook (Anki)",
        f"{canvas.FOLDER + '/':20} {taken} questions in {len(packages)} quizzes (Canvas, QTI)",
        f"{sheet.FILE:20} all {len(items)} questions",
        *(f"{many} stay in the course: {why}." for why, many in staying(items).items()),
        *([f"{len(free) - taken} of order are not for Canvas."] if taken < len(free) else []),
    ]


def main(words: list[str] | None = None) -> int:
    """Export the bank; 0, or 1 with the reason on the error stream."""
    parser = argparse.ArgumentParser(
        prog="course.py export", description="Write the course's questions for other programs."
    )
    parser.add_argument("folder", nargs="?", default="_export", type=Path, help="default: _export")
    folder = parser.parse_args(words).folder
    try:
        lines = export(folder, bank())
    except OSError as error:
        print(f"Nothing can be written into {folder}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"In {folder}:", *lines, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
