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
    "human_rct": "In randomised trials, alone or pooled",
}
NO_UNIT = ("not stated", "difference", "stage", "patients")
SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
CALM, REPAIR, VESSELS, WAKE, SCAR = range(5)
PEOPLE, RANDOMISED = 2, 3

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
# title only.
SIGN_OF_ROW = {
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


def undisputed(claim: int, rung: int = RANDOMISED) -> bool:
    """Whether a mechanism has a finding in favour on a rung, and none against."""
    signs = {
        finding.sign for finding in findings() if (finding.claim, finding.rung) == (claim, rung)
    }
    return "for" in signs and "against" not in signs


NAMED = {
    CALM: (
        "Calming inflammation.",
        (
            "“The leading idea has been shown.” It leads in dishes and animals. On the top rung stands "
            "a score that the trial neither showed nor ruled out."
        ),
    ),
    REPAIR: (
        "Supporting repair.",
        (
            "“Better blood is repair.” Pooled trials do favour it; one pool contradicts them, and "
            "several mix in studies without random allocation."
        ),
    ),
    VESSELS: (
        "Opening small vessels.",
        (
            "“Where pressure falls, vessels open.” It was looked at in one pilot without a control; we "
            "found no randomised test. That is no finding against it."
        ),
    ),
    SCAR: (
        "Slowing the scar.",
        (
            "“Biopsies do not lie.” One randomised trial is in favour; another, with other cells, found "
            "nothing. They cannot simply be set off against each other."
        ),
    ),
}
"""The wrong answers that tempt, each with the idea behind it and what speaks against it."""


@cache
def ladder() -> Ladder:
    """Five mechanisms, four rungs: what was found, for and against, and where nothing was."""
    options = [(words, undisputed(claim), reply) for claim, (words, reply) in NAMED.items()]
    none = not any(undisputed(claim) for claim in range(len(MECHANISMS)))
    return Ladder(
        list(MECHANISMS.values()),
        list(RUNGS.values()),
        findings(),
        id="evidence-ladder",
        title="Crowded at the bottom, disputed at the top",
        question=(
            "Every mark is a published finding; the rails are amber as far up as anything speaks "
            "for it. How high has each mechanism climbed?"
        ),
        predict=Predict(
            (
                "In animals all five have findings in their favour. "
                "Which one has a **randomised** result in its favour, and none against it?"
            ),
            [
                *options,
                (
                    "None of the five.",
                    none,
                    (
                        "Two have a randomised result in favour, repair and scar; "
                        "each has one against as well. Inflammation stands undecided; "
                        "for the vessels we found no such test. Open the rungs, "
                        "then tick the brochure’s box."
                    ),
                ),
            ],
            hides=PEOPLE,
        ),
        notes=for_all(),
    )
