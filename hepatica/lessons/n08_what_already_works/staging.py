"""From a blood score to a failing liver: the rules of data/staging.csv, dated, with K. on them."""

from __future__ import annotations

from functools import cache
from typing import Any

from hepatica import ledger
from hepatica.cards import Part, Row, Sheet
from hepatica.cards.parts.predict import Predict
from hepatica.models.scores import fib4

from .mash import read

STEPS = (
    "First suspicion",
    "Stiffness and pressure",
    "Scan for cancer",
    "Treating the pressure",
    "Clinical states",
    "After a complication",
    "Late: kidney, ACLF, hepatitis",
)
"""The steps of data/staging.csv, 0 to 6."""

HERS, LATE = range(4), range(4, 7)
"""The steps on K.'s own sheet, and those of people who have had a complication."""

EVERY_DAY = (
    "nutrition-energy-obesity",
    "nutrition-protein-obesity",
    "nsaid-ascites",
    "paracetamol-day",
    "statin-compensated",
    "vaccines",
    "surveillance-limited-view",
)
"""Rows of data/guidelines.csv: what to do and what to leave, before any complication."""

AFTER = (
    "nutrition-energy",
    "nutrition-protein",
    "ascites-diuretic",
    "nsbb-caution",
    "albumin-target-hospital",
    "statin-rifaximin-decompensated",
)
"""The same for people without obesity, and with ascites."""

DIFFER = {
    "fib4-low": "An analysis of three populations (2024) warns that 2.0 misses more.",
    "elf-9-8": "Countries differ. In 2024 Wales moved from 10.51, the limit of NICE, to 9.8.",
    "hcc-surveillance-2023": "United States 2023: with AFP. Europe 2018: ultrasound alone.",
    "surveillance-after-cure": "After a cure at F3 some go on, some do not.",
    "hvpg-10": "In MASLD events below 10 mmHg do occur.",
    "hvpg-ladder": "No hard floors: bleeding was read from 9.0 mmHg on, ascites from 8.0.",
    "further-decompensation": "Does jaundice alone count as a first event? Some say so, some do not.",
    "albumin-long-term": "In hospital, albumin to reach 30 g/L gained nothing (ATTIRE, 2021).",
    "hrs-aki-2015": "Still repeated by AASLD 2021; ADQI and ICA changed it in 2024.",
    "hrs-aki-2024": "AASLD 2021 still repeats the rule of 2015.",
    "ah-steroid": "Pools of single patients see a gain; Cochrane and STOPAH are not clear.",
}
"""Where sources disagree; shown, not settled."""

NAMED = ("alcohol-associated hepatitis", "cancer surveillance")
"""Topics whose rows are named by them too."""

UNREAD = "could not be read"
QUESTION = Predict(
    "K.: {patients/V01.lsm_kpa} kPa, platelets {patients/V01.platelets_10e9_l}, BMI 34. Does she "
    "have clinically significant portal pressure, by the rules of 2022?",
    [
        (
            "Ruled out: her platelets are normal.",
            False,
            (
                "One half of a rule is taken for the whole. Ruling out asks for 15 kPa or less *and* "
                "enough platelets; she is above 15."
            ),
        ),
        (
            "Ruled in: she is above fifteen kPa.",
            False,
            (
                "The limit that rules out is taken for the one that rules in. Ruling in starts at 25 kPa, "
                "and not in people with a BMI of 30 or more."
            ),
        ),
        (
            "Neither: she is somewhere between.",
            True,
            (
                "Too stiff to rule out, not stiff enough to rule in, and with her weight outside that "
                "rule. The catheter has not been used."
            ),
        ),
    ],
)


def mine() -> dict[str, str]:
    """What some rules say of K. (V01 of data/patients.csv)."""
    k = ledger.table("patients").set_index("key").loc["V01"]
    score = fib4(age_years=k.age_years, ast=k.ast_u_l, alt=k.alt_u_l, platelets=k.platelets_10e9_l)
    stiff, platelets = f"{k.lsm_kpa:g} kPa", f"{k.platelets_10e9_l:g}"
    return {
        "fib4-low": f"K.: FIB-4 {score:.1f} from her values, between the two limits.",
        "lsm-8-12": f"K.: {stiff}, above 12.",
        "cacld-10-15": f"K.: {stiff}, above 15. F3 or F4 stays open.",
        "csph-rule-out": f"K.: {stiff}: not ruled out, although her platelets are {platelets}.",
        "csph-rule-in": f"K.: {stiff} and a BMI of 34: not ruled in, and outside this rule.",
        "csph-grey-20-25": f"K.: {platelets} platelets, not below 110; and her BMI is 34.",
        "csph-obese-masld": "K.: this is her case.",
        "endoscopy-spared": f"K.: {stiff} and {platelets}: spared; both again in a year.",
        "carvedilol-csph": "K.: significant pressure is not shown in her.",
        "hvpg-10": "K.: not measured.",
    }


EVERY_DAY_MINE = {
    "nutrition-energy-obesity": "K.: a BMI of 34, no complication. This row is hers.",
    "nutrition-protein-obesity": "K.: hers too. Weight is treated, not blamed.",
    "nsaid-ascites": "K.: no ascites. She asks before she takes one.",
    "paracetamol-day": "K.: her first choice.",
    "statin-compensated": "K.: her liver is no reason against one.",
    "vaccines": "K.: which of them is missing? Ask today.",
    "surveillance-limited-view": "K.: steatosis and a BMI of 34. Ask whether the liver was seen.",
}


@cache
def staging_sheet() -> Sheet:
    """From first suspicion to the treatment of the pressure, and every day: for K.'s pocket."""
    return Sheet(
        [*_parts(HERS), _care("day", "Every day", EVERY_DAY)],
        id="staging-sheet",
        title="K. between the rules: staging as read in November 2026",
        question="Which rule applies at which step, who says so, and what held before?",
        first="1",
        all_of="All steps, to print",
        predict=QUESTION,
    )


def her_steps() -> list[Part]:
    """The steps on K.'s own sheet; notebook 13 prints them once more."""
    return _parts(HERS)


@cache
def late_sheet() -> Sheet:
    """The same after a first complication; to look things up."""
    return Sheet(
        [*_parts(LATE), _care("care", "Every day, with ascites", AFTER)],
        id="late-sheet",
        title="After a complication: staging as read in November 2026",
        question="States, recompensation, kidney, acute-on-chronic failure: to look up.",
        first="4",
        all_of="All steps, to print",
    )


def _parts(steps: range) -> list[Part]:
    rows, own = ledger.table("staging").to_dict("records"), mine()
    return [
        Part(str(n), STEPS[n], [_row(row, own) for row in of_step(rows, n)], told(rows, n))
        for n in steps
    ]


def _care(key: str, label: str, keys: tuple[str, ...]) -> Part:
    """Rows of data/guidelines.csv as a part of a sheet."""
    table = ledger.table("guidelines").set_index("key")
    rows = [
        Row(
            row["label"],
            row["statement"],
            row["source"],
            row["status"],
            read=read(row),
            mine=EVERY_DAY_MINE.get(name, ""),
        )
        for name, row in ((name, table.loc[name]) for name in keys)
    ]
    return Part(key, label, rows, f"{label}: {len(rows)} rows, to do or to leave.")


def of_step(rows: list[dict[str, Any]], step: int) -> list[dict[str, Any]]:
    """The rules of one step, in the order of the table."""
    return [row for row in rows if row["step"] == step]


def told(rows: list[dict[str, Any]], step: int) -> str:
    """How many rules a step has, and for how many of them the grade was readable."""
    own = of_step(rows, step)
    graded = sum(bool(row["grade"]) and UNREAD not in _grade(row) for row in own)
    newest = max(row["year"] for row in own)
    return (
        f"{STEPS[step]}: {len(own)} rows, the newest of {newest}; "
        f"grade or kind of evidence read for {graded}."
    )


def _grade(row: dict[str, Any]) -> str:
    return row["grade"].replace("not readable", UNREAD)


def _dated(row: dict[str, Any]) -> str:
    return f"{row['guideline']} ({row['year']})"


def _row(row: dict[str, Any], own: dict[str, str]) -> Row:
    label = f"{row['topic']}: {row['label']}" if row["topic"] in NAMED else row["label"]
    said = row["guideline"] if str(row["year"]) in row["guideline"] else _dated(row)
    return Row(
        label,
        row["statement"],
        row["source"],
        row["status"],
        facts=[
            ("Says", said),
            ("In whom", row["population"]),
            ("Grade", _grade(row)),
            ("Before", row["before"]),
        ],
        read=read(row),
        mine=own.get(row["key"], ""),
        differs=f"Sources differ. {DIFFER[row['key']]}" if row["key"] in DIFFER else "",
    )
