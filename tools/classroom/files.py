"""The files that students handed in, read; whatever is no such file is named in a sentence.

A file is made by engine/handin.js. Nothing in it is trusted: an entry of another form is left out
and counted. No file is changed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VERSION = 1
MARK = "hepatica_class"
LARGEST = 2_000_000  # bytes; a whole course is a fiftieth of that
LONGEST = 40  # characters of a pseudonym
HEIGHTS = 5  # of a drawn curve
LAST = sys.float_info.max  # JSON writes numbers of any length; nan and infinity are above, too


@dataclass(frozen=True)
class HandedIn:
    """One student: first answers (question → given, right) and predictions (card → entry)."""

    file: str
    pseudonym: str
    made: str
    answers: dict[str, tuple[float, bool]]
    predictions: dict[str, dict[str, Any]]


@dataclass
class Folder:
    """What a folder held: the students, and a sentence on each file that is none or not whole."""

    students: list[HandedIn] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class NotHandedIn(ValueError):
    """A file that is not read; says why."""


def read_folder(folder: Path) -> Folder:
    """Every file of a folder; of two with one pseudonym the later day stays."""
    found, kept = Folder(), {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue  # what systems leave behind
        try:
            student, lost = read(path)
        except NotHandedIn as error:
            found.remarks.append(f"{path.name} {error}")
            continue
        if lost:
            words = "entry was" if lost == 1 else "entries were"
            found.remarks.append(f"{path.name} is damaged: {lost} {words} left out.")
        twin = kept.get(student.pseudonym.casefold())
        if twin:
            found.remarks.append(_doubled(twin, student))
        if not twin or _rank(student) > _rank(twin):
            kept[student.pseudonym.casefold()] = student
    found.students = sorted(kept.values(), key=lambda each: each.pseudonym.casefold())
    return found


def _rank(student: HandedIn) -> tuple[str, int]:
    return student.made, len(student.answers) + len(student.predictions)


def _doubled(first: HandedIn, second: HandedIn) -> str:
    """Which of two files of one pseudonym counts."""
    same = (first.answers, first.predictions) == (second.answers, second.predictions)
    counts = second if _rank(second) > _rank(first) else first
    why = "both say the same" if same else "two students, or one twice: ask"
    return (
        f"{first.file} and {second.file} have one pseudonym, “{first.pseudonym}”; "
        f"{counts.file} counts ({why})."
    )


def read(path: Path) -> tuple[HandedIn, int]:
    """The student of a file, and how many of its entries are none. Raises NotHandedIn."""
    found = _mapping(path)
    name = found.get("pseudonym")
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST:
        raise NotHandedIn("has no pseudonym: ask for it again.")
    answers, no_answers = _taken(found.get("answers"), _answer)
    predictions, no_predictions = _taken(found.get("predictions"), _prediction)
    made = found.get("made") if isinstance(found.get("made"), str) else ""
    student = HandedIn(path.name, name.strip(), made, answers, predictions)
    return student, no_answers + no_predictions


def _mapping(path: Path) -> Mapping[str, Any]:
    """The content of a file that says that it is one of ours."""
    if not path.is_file():
        raise NotHandedIn("is a folder: it was not opened.")
    if path.stat().st_size > LARGEST:
        raise NotHandedIn("is far too large for a file of this course.")
    text = path.read_bytes()
    if not text.strip():
        raise NotHandedIn("is empty: ask for it again.")
    try:
        found = json.loads(text.decode("utf-8-sig"))
        json.dumps(
            found, ensure_ascii=False
        ).encode()  # fails at half a sign, which no page can show
    except (ValueError, RecursionError):
        ours = MARK.encode() in text
        raise NotHandedIn(
            "is broken off or changed: ask for it again."
            if ours
            else "is not a file of this course."
        ) from None
    if isinstance(found, dict) and "version" in found and "answers" in found and MARK not in found:
        raise NotHandedIn(
            "is a whole record, with more than a class needs: ask for the file of "
            "“Hand in to a class”, and delete this one."
        )
    version = found.get(MARK) if isinstance(found, dict) else None
    if type(version) is not int:
        raise NotHandedIn("is not a file of this course.")
    if version != VERSION:
        raise NotHandedIn("was made by another version of the course: update this one.")
    return found


def _taken(entries: Any, take: Callable[[Any], Any]) -> tuple[dict[str, Any], int]:
    """The sound entries by key, and how many are not."""
    if not isinstance(entries, dict):
        return {}, 1
    found = {key: take(entry) for key, entry in entries.items()}
    sound = {key: entry for key, entry in found.items() if entry is not None}
    return sound, len(found) - len(sound)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LAST


def _is_curve(row: Any) -> bool:
    return isinstance(row, list) and len(row) == HEIGHTS and all(map(_is_number, row))


def _answer(entry: Any) -> tuple[float, bool] | None:
    if not isinstance(entry, dict) or not _is_number(entry.get("given")):
        return None
    right = entry.get("right")
    return (entry["given"], right) if isinstance(right, bool) else None


def _prediction(entry: Any) -> dict[str, Any] | None:
    if not isinstance(entry, dict):
        return None
    given, kind = entry.get("given"), entry.get("kind")
    row = isinstance(given, list) and bool(given) and all(map(_is_number, given))
    if kind == "choose" and _is_number(given) and isinstance(entry.get("right"), bool):
        return {"kind": kind, "given": given, "right": entry["right"]}
    if kind == "share" and _is_number(given) and 0 <= given <= 100:
        return {"kind": kind, "given": given}
    if kind == "draw" and _is_curve(given) and _is_curve(entry.get("model")):
        return {"kind": kind, "given": given, "model": entry["model"]}
    return {"kind": kind, "given": given} if kind == "order" and row else None
