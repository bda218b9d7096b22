"""Groups of columns that many tables share, and the words that they may hold."""

from __future__ import annotations

from hepatica.ledger.fields import Field, day, link, number, one_of, text

STATUSES = ("published", "computed", "teaching", "model input")
READINGS = ("original", "abstract", "secondary copy")


def words(text: str) -> tuple[str, ...]:
    """The words of a text: a long list of names stays a paragraph."""
    return tuple(text.split())


def measured() -> dict[str, Field]:
    """The columns that every table of measured numbers shares."""
    return {"value": number(), "low": number(), "high": number(), "unit": link("units")}


def reading() -> dict[str, Field]:
    """When a row's source was last read and what of it; both blank in rows from before this was
    kept."""
    return {"read_on": day(), "read_as": one_of(*READINGS, optional=True)}


def origin() -> dict[str, Field]:
    """Where a row comes from: source, status, free note, the address actually read, when and
    what of it."""
    return {
        "source": link("references"),
        "status": one_of(*STATUSES),
        "note": text(True),
        "read_at": text(True),
        **reading(),
    }
