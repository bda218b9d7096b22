"""When the sources were read: how many rows say so, and which rules of practice grow old."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import NamedTuple

from hepatica.ledger import tables
from hepatica.ledger.columns import READINGS
from hepatica.ledger.schemas import TABLES, key_column

OURS = "this-course"
"""The source of what this course made itself: nothing was read there."""

PRACTICE = ("guidelines", "mash_treatment", "staging")
"""The tables of rules of practice, which guidelines change."""

MONTHS = 18
"""How long a rule of practice may go unread before it is listed."""


class Reading(NamedTuple):
    """Rows of one table that rest on a source, how many say on which day it was read, and as
    what (`original`, `abstract`, `secondary copy`)."""

    table: str
    rows: int
    dated: int
    read_as: dict[str, int]

    @property
    def undated(self) -> int:
        """Rows that do not say when their source was read."""
        return self.rows - self.dated


def readings(data: Path | str | None = None) -> list[Reading]:
    """Every table with sources, in alphabetical order; rows of this course's own are not
    counted."""
    folder = tables.folder_of(data)
    names = sorted(name for name in TABLES if "read_on" in TABLES[name])
    return [found for name in names if (found := _reading(name, folder)).rows]


def _reading(name: str, folder: Path) -> Reading:
    """The counts of one table."""
    rows = tables.checked(name, folder)
    source = rows["source" if "source" in rows else key_column(name)]
    rows = rows[source != OURS]
    ways = {way: int((rows["read_as"] == way).sum()) for way in READINGS}
    return Reading(name, len(rows), int((rows["read_on"] != "").sum()), ways)


def grown_old(
    today: date, months: int = MONTHS, data: Path | str | None = None
) -> list[tuple[str, str]]:
    """The rules of practice read more than `months` months before `today`: (table/key, day),
    the oldest first. Rows that do not say when they were read are counted by `readings`."""
    folder, before = tables.folder_of(data), _earlier(today, months).isoformat()
    found = [
        (f"{name}/{key}", row["read_on"])
        for name in PRACTICE
        for key, row in tables.keyed(name, folder).items()
        if row["read_on"] and row["read_on"] < before
    ]
    return sorted(found, key=lambda each: (each[1], each[0]))


def verdicts_grown_old(
    today: date, months: int = MONTHS, data: Path | str | None = None
) -> list[tuple[str, str]]:
    """The claims whose newest source was read more than `months` months before `today`:
    (claims/key, day), the oldest first. Where no source says when it was read, the day of the
    verdict counts."""
    folder, before = tables.folder_of(data), _earlier(today, months).isoformat()
    days = {key: row["read_on"] for key, row in tables.keyed("references", folder).items()}
    found = []
    for key, row in tables.keyed("claims", folder).items():
        sources = [row["source"], *(row["other_sources"] or "").split(";")]
        newest = max(days.get(source.strip(), "") for source in sources) or row["as_of"]
        found += [(f"claims/{key}", newest)] if newest < before else []
    return sorted(found, key=lambda each: (each[1], each[0]))


def _earlier(day: date, months: int) -> date:
    """The same day so many months before, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
