"""How far each result of a forest plot can be trusted: RoB 2, domain by domain."""

from __future__ import annotations

from typing import Any

from hepatica import ledger
from hepatica.ledger.evidence import DOMAINS

SIGNS = {"low": "+", "some concerns": "!", "high": "−", "not readable": "?"}
"""The signs of RoB 2 itself; a question mark where what was read does not tell."""

NAMES = {
    "randomisation": "Who got what, and could it be foreseen?",
    "deviations": "Was other care the same?",
    "missing": "Who is missing from the result?",
    "measurement": "Could knowing sway what was measured?",
    "selection": "Was this result picked out?",
    "overall": "Overall",
}


def bias_of(trial: str, covers: str) -> dict[str, Any] | None:
    """The judgements on one result of a trial, the five domains and the overall one, and what
    others have said of the study; None where nobody judged it."""
    table = ledger.table("risk_of_bias")
    rows = table[(table["trial"] == trial) & (table["covers"] == covers)].set_index("domain")
    if not covers or rows.empty:
        return None
    marks = [_mark(rows.loc[domain], NAMES[domain]) for domain in (*DOMAINS, "overall")]
    others = table[(table["trial"] == trial) & (table["domain"] == "quality")]
    source = ledger.reference(rows.loc["overall", "source"])
    return {
        "outcome": rows.loc["overall", "outcome"],
        "marks": marks,
        "by": rows.loc["overall", "judged_by"],
        "read_as": rows.loc["overall", "read_as"],
        "others": [
            f"{row.judged_by}: “{row.judgement}” ({row.note})" for row in others.itertuples()
        ],
        "source": source.short,
        "link": source.link,
    }


def _mark(row: Any, name: str) -> dict[str, str]:
    """One judgement with its sign and its reason."""
    reason = f"{row['reason']} ({row['note']})" if row["note"] else row["reason"]
    return {
        "name": name,
        "judgement": row["judgement"],
        "sign": SIGNS[row["judgement"]],
        "reason": reason,
    }
