"""Each lever on the same people: a cohort with hepatitis C and cirrhosis, for two years."""

from __future__ import annotations

from hepatica import ledger
from hepatica.show import Table

LEVERS = {
    "none": "none",
    "calm": "1a recruitment of macrophages halved",
    "switch": "1b their restorative switch half way",
    "cause": "2 the cause halved",
    "removal": "5 scar cells removed at 0.1 per day",
    "digest": "5 breakdown of collagen half as fast again",
    "tgf": "TGF-β halved",
    "timp": "TIMP halved",
    "lox": "nine tenths of cross-linking blocked",
}
"""Rows of the table: the lever's name in data/targets.csv and in words."""


def cohort_table() -> Table:
    """Mean change of the collagen area and the share below F4 after two years, by lever."""
    return Table(
        "Each lever on the same cohort, two years: change of the collagen area in points "
        "(and how many in a hundred lie below F4)",
        ("Lever", "Cause goes on", "Cause gone"),
        tuple((words, _cell(key), _cell(f"{key}-gone")) for key, words in LEVERS.items()),
    )


def _cell(key: str) -> str:
    """The two numbers of a lever; a dash where a cause that is gone cannot be halved."""
    if key == "cause-gone":
        return "–"
    change = ledger.number(f"targets/therapy-crowd-{key}").value
    back = ledger.number(f"targets/therapy-crowd-{key}-back").value
    return f"{change:+.1f}".replace("-", "−") + f" ({back:.0f})"
