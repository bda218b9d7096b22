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

DIFFER = {
    "fib4-low": "An analysis of three populations (2024) warns that 2.0 misses more.",
    "elf-9-8": "Countries differ: Wales has moved to 9.8, NICE keeps 10.51.",
    "hcc-surveillance-2023": "United States 2023: with AFP. Europe 2018: ultrasound alone.",
    "surveillance-after-cure": "For F3 the guidelines differ.",
    "hvpg-10": "In MASLD events below 10 mmHg do occur.",
    "hvpg-ladder": "No hard floors: bleeding was read from 9.0 mmHg on, ascites from 8.0.",
    "further-decompensation": "Whether jaundice alone counts as a first event: sources differ.",
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


@cache
def staging_sheet() -> Sheet:
    """Every step from first suspicion to late disease, for K. and for the pocket."""
    rows = ledger.table("staging").to_dict("records")
    own = mine()
    return Sheet(
        [
            Part(
                str(step), label, [_row(row, own) for row in of_step(rows, step)], told(rows, step)
            )
            for step, label in enumerate(STEPS)
        ],
        id="staging-sheet",
        title="K. between the rules: staging as read in November 2026",
        question="Which rule applies at which step, who says so, and what held before?",
        first="1",
        all_of="All steps, to print",
        predict=QUESTION,
    )


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
