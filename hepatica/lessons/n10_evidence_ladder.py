"""The evidence ladder of notebook 10: how high each proposed mechanism has climbed,
from data/mechanisms.csv."""

from __future__ import annotations

import re
from functools import cache

from hepatica import ledger
from hepatica.cards.kinds.ladder.card import Claim, Finding, Ladder
from hepatica.cards.parts.predict import Predict

MECHANISMS = {
    "1_immunomodulation": Claim("Calms inflammation", "Calm"),
    "2_tissue_repair_support": Claim("Supports repair", "Repair"),
    "3_microcirculation_angiogenesis": Claim("Opens small vessels", "Vessels"),
    "4_host_hepatocyte_stimulation": Claim("Wakes the liver’s own cells", "Wake"),
    "5_antifibrotic": Claim("Slows the scar", "Scar"),
}
RUNGS = {
    "in_vitro": "In a dish",
    "animal": "In animals",
    "human_biomarker": "In people (biopsy, blood or image)",
    "human_pool_mixed": "In pools, not all drawn by lot",
    "human_rct": "In randomised trials",
}
NO_UNIT = ("not stated", "difference", "stage", "patients")
SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
CALM, REPAIR, VESSELS, WAKE, SCAR = range(5)
PEOPLE, POOLED, RANDOMISED = 2, 3, 4

# What the column `direction` says about the mechanism of its row.
DIRECTIONS = {
    "for": (
        "anti-inflammatory",
        "anti-apoptotic",
        "pro-repair",
        "improved",
        "pro-angiogenic",
        "pro-regenerative",
        "antifibrotic",
    ),
    "open": ("uncertain", "transient", "partly_improved", "pro-macrophage"),
    "against": ("no_effect", "pro-fibrotic"),
    "aside": ("background", "no_difference"),
}
# Rows that their direction alone would place wrongly: an antibody, not a cell; a study known by its
# title only; a note that gives no number and took no biopsy, so that it cannot tell.
SIGN_OF_ROW = {
    "antifibrotic-g-csf-and-cd133-cells-fibrosis-dickson2018": "open",
    "antifibrotic-anti-loxl2-antibody-not-a-cell-therapy-ikenaga2017": "aside",
    "risk-fibrogenic-potential-of-human-msc-in-injured-baertschiger2009": "open",
}
# Risks stand on the ladder that they weaken; the others hold for all five.
LADDER_OF_RISK = {
    "risk-msc-with-myofibroblast-like-shape-dibonzo2008": "5_antifibrotic",
    "risk-fibrogenic-potential-of-human-msc-in-injured-baertschiger2009": "5_antifibrotic",
}


def sign_of(row) -> str:
    """What a row of data/mechanisms.csv says about its mechanism;
    KeyError for a direction that is not sorted yet."""
    signs = {direction: sign for sign, directions in DIRECTIONS.items() for direction in directions}
    return SIGN_OF_ROW.get(row.key) or signs[row.direction]


def findings() -> list[Finding]:
    """Every row of the table that belongs to one of the five ladders, in the table's order."""
    ladders, rungs = list(MECHANISMS), list(RUNGS)
    placed = [
        (LADDER_OF_RISK.get(row.key, row.mechanism), row)
        for row in ledger.table("mechanisms").itertuples()
    ]
    return [
        Finding(
            ladders.index(mechanism),
            rungs.index(row.evidence_level),
            sign_of(row),
            capital(row.label),
            sentence(row.finding),
            row.source,
            row.status,
            sentence(row.counter_evidence),
            printed(row),
        )
        for mechanism, row in placed
        if mechanism in MECHANISMS
    ]


def for_all() -> list[tuple[str, str]]:
    """Risks and limits that hold for all five mechanisms, with their sources."""
    rows = ledger.table("mechanisms").query("mechanism == 'risk_or_limit'")
    return [
        (sentence(f"{row.finding}. {row.counter_evidence}"), row.source)
        for row in rows.itertuples()
        if row.key not in LADDER_OF_RISK
    ]


def sentence(words: str) -> str:
    """The words with one full stop at the end, as print sets them."""
    return typeset(f"{words.strip().rstrip('.')}.") if words.strip() else ""


def typeset(words: str) -> str:
    """The words with minus signs, per cent signs and powers of ten.

    >>> typeset("-0.5 percent of 5e7")
    '−0.5 % of 5×10⁷'
    """
    words = re.sub(r"(?<![\w.])-(?=\d)", "−", words.replace(" percent", " %"))
    return re.sub(
        r"\b(\d)e(\d)\b", lambda match: f"{match[1]}×10{SUPERSCRIPT[int(match[2])]}", words
    )


def capital(words: str) -> str:
    """The words with a capital at the start, unless the first word is spelt with one inside."""
    first = words.split()[0]
    return typeset(
        words if any(letter.isupper() for letter in first) else words[:1].upper() + words[1:]
    )


def printed(row) -> str:
    """The effect as its source prints it, with its unit; blank where no number could be read."""
    known = "[" in row.effect_as_printed or row.unit in NO_UNIT or row.unit in row.effect_as_printed
    return typeset(
        row.effect_as_printed + ("" if known or not row.effect_as_printed else f", {row.unit}")
    )


def in_favour(rung: int = RANDOMISED) -> set[int]:
    """The mechanisms with a finding in favour on a rung."""
    return {item.claim for item in findings() if (item.rung, item.sign) == (rung, "for")}


HOW_MANY = {
    0: (
        "None of them.",
        (
            "“Nothing has passed a fair test.” Two have a result, repair and scar, in one open trial "
            "each. Few and open is not none."
        ),
    ),
    1: (
        "One of them.",
        (
            "“The leading idea got through.” Inflammation leads in dishes and animals; on the top rung "
            "stands a score that its trial neither showed nor ruled out. Two others have a result: "
            "repair and scar."
        ),
    ),
    2: (
        "Two of them.",
        (
            "Repair (Shi 2021, hepatitis B: longer survival after the first year) and scar (Suk 2016, "
            "alcohol: less collagen on biopsies), in one open trial each. Against the liver's own "
            "cells stand two, inflammation is undecided, for vessels we found no such test. "
            "Open the rungs, then tick the brochure’s box."
        ),
    ),
    5: (
        "All of them.",
        (
            "“What works in animals works in people.” Most of what works in animals does not get that "
            "far. Two have a result, repair and scar, in one open trial each."
        ),
    ),
}
"""How many mechanisms a reader may expect to have a randomised result, each with its reply."""


@cache
def ladder() -> Ladder:
    """Five mechanisms, five rungs: what was found, for and against, and where nothing was."""
    found = len(in_favour())
    options = [(words, number == found, reply) for number, (words, reply) in HOW_MANY.items()]
    return Ladder(
        list(MECHANISMS.values()),
        list(RUNGS.values()),
        findings(),
        id="evidence-ladder",
        title="Crowded at the bottom, thin at the top",
        question=(
            "Every mark is a published finding; the rails are amber as far up as anything speaks "
            "for it. How high has each mechanism climbed?"
        ),
        predict=Predict(
            (
                "In animals all five have findings in their favour. "
                "How many have a **randomised** result of people in their favour?"
            ),
            options,
            hides=PEOPLE,
            ladder=True,
        ),
        notes=for_all(),
    )
