"""What steatohepatitis is treated with today, from data/mash_treatment.csv."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hepatica import ledger
from hepatica.cards import Part, Row, Sheet
from hepatica.cards.parts.predict import Predict

TREATMENTS = {
    "resmetirom": "Resmetirom",
    "incretin": "Semaglutide and its kin",
    "FGF21": "FGF21 analogues",
    "surgery": "Surgery for weight",
    "weight": "Food and exercise",
    "other": "What missed in cirrhosis",
}
VERDICTS = {
    "met": "met",
    "missed": "missed",
    "not tested": "a second question, not tested on its own",
    "stopped": "stopped, no effect",
    "no control": "no control group, so no effect can be read",
}
QUESTION = Predict(
    "Which of these is licensed, in November 2026, for steatohepatitis **with cirrhosis**?",
    [
        (
            "Resmetirom, made for the liver.",
            False,
            (
                "“Made for the liver” is taken for “made for every stage”. It is licensed for F2 and F3; "
                "in cirrhosis there is so far one open arm without a control group."
            ),
        ),
        (
            "Semaglutide, used by millions.",
            False,
            (
                "Licensed for weight or diabetes is taken for licensed for the scar. For steatohepatitis "
                "it is licensed at F2 and F3; in cirrhosis fibrosis did not differ from placebo."
            ),
        ),
        (
            "Efruxifermin, tried at that stage.",
            False,
            (
                "Tried in is taken for licensed for. It missed its first question in cirrhosis; what a "
                "second question showed later has to be shown again."
            ),
        ),
        (
            "None of those that we found.",
            True,
            (
                "What helps before cirrhosis need not help in it. Open the parts: who was studied, "
                "against whom, and what missed?"
            ),
        ),
    ],
)


@cache
def mash_today() -> Sheet:
    """Treatments of steatohepatitis: licence, stage studied, effect against placebo, misses."""
    rows = ledger.table("mash_treatment").to_dict("records")
    groups = {key: [row for row in rows if row["treatment"] == key] for key in TREATMENTS}
    return Sheet(
        [
            Part(key, TREATMENTS[key], [_row(row) for row in own], _told(own))
            for key, own in groups.items()
        ],
        id="mash-today",
        title="Licensed for F2 and F3; for cirrhosis, nothing",
        question="What is K.'s disease treated with, at which stage, and against whom was it tried?",
        first="resmetirom",
        all_of="All, to print",
        pair_of=("treated", "placebo"),
        predict=QUESTION,
    )


def _row(row: dict[str, Any]) -> Row:
    """One row of the table; bars where treated and placebo were read in per cent."""
    paired = row["compared_with"] == "placebo" and row["comparison_value"] > 0
    tried = row["topic"] == "trial"
    return Row(
        row["label"],
        row["statement"],
        row["source"],
        row["status"],
        facts=[
            ("Stage", row["stage"] if row["stage"] != "not stated" else ""),
            ("Compared with", row["compared_with"] if tried else ""),
            ("Result", VERDICTS.get(row["verdict"], "")),
            ("Ratio", _ratio(row)),
            ("Year", str(row["year"])),
        ],
        read=read(row),
        pair=(row["value"], row["comparison_value"]) if paired else None,
    )


def _ratio(row: dict[str, Any]) -> str:
    if row["unit"] != "hazard ratio":
        return ""
    return f"hazard ratio {row['value']:g} ({row['low']:g} to {row['high']:g})"


def read(row: dict[str, Any]) -> str:
    """What was read of a source, and on which day."""
    if not row["read_on"]:
        return ""
    day = date.fromisoformat(row["read_on"])
    return f"{row['read_as']}, read on {day.day} {day:%B %Y}"


def _told(rows: list[dict[str, Any]]) -> str:
    """How many results a part holds, in whom, and how many met their endpoint."""
    trials = [row for row in rows if row["topic"] == "trial"]
    late = [row for row in trials if row["cirrhosis"] == "yes"]
    placebo = [row for row in late if row["compared_with"] == "placebo"]
    met = sum(row["verdict"] == "met" for row in placebo)
    words = "result" if len(trials) == 1 else "results"
    told = f"{len(trials)} {words}, {len(late)} in cirrhosis"
    if not placebo:
        return f"{told}; there none against placebo."
    return (
        f"{told}, {len(placebo)} of them against placebo: {met or 'none'} met its first question."
    )
