"""Corrected facts of the course of disease (notebooks 00 and 05, their tables):
each right value is where it should."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hepatica import ledger
from hepatica.analysis import eligibility
from tools.text_rules import facts

ROOT = Path(__file__).resolve().parent.parent
NH = "natural_history/"
WORSE = NH + "at-least-one-stage-of-progression-at-8-years-any-1-stage-worse-masld-{}-huang2023"
AFTER_FIRST = (
    "death-within-5-years-first-decompensation-death-mixed-causes-damico-further-decompensation"
)
ACLF = (
    "death-or-transplant-within-1-years-of-first-acute-on-chronic-liver-failure-mixed-causes-"
    "italian-inception-cohort-of-first"
)
STAGE = (
    NH + "five-year-mortality-by-prognostic-stage-damico-2014-stage-{}-death-mostly-hcv-damico2014"
)

# Correction, notebook, key of the ledger, value (with its interval), digits in the text.
PRINTED = [
    (
        "K04",
        "05",
        NH + "first-major-liver-event-after-surgery-f4-masld-aminian2025",
        (0.28, 0.12, 0.64),
        "0.28",
    ),
    (
        "K10",
        "05",
        NH + "decompensation-at-5-years-csph-masld-paternostro2024",
        (30.7, None, None),
        "30.7 %",
    ),
    (
        "K10",
        "05",
        NH + "decompensation-at-5-years-no-csph-masld-paternostro2024",
        (9.4, None, None),
        "9.4 %",
    ),
    ("K11", "05", STAGE.format(3), (20, None, None), "20 %"),
    ("K11", "05", STAGE.format(4), (30, None, None), "30 %"),
    ("K11", "05", STAGE.format(5), (88, None, None), "88 %"),
    (
        "K19",
        "05",
        NH + "median-duration-of-infection-to-cirrhosis-f0-f4-hcv-men-infected-after-poynard1997",
        (13, None, None),
        "13",
    ),
    (
        "K19",
        "05",
        NH + "median-duration-of-infection-to-cirrhosis-f0-f4-hcv-women-who-did-not-poynard1997",
        (42, None, None),
        "42",
    ),
    ("K19", "05", WORSE.format("with-type-2-diabetes"), (60, None, None), "60 %"),
    ("K19", "05", WORSE.format("without-diabetes"), (50, None, None), "50 %"),
    (
        "K25",
        "05",
        NH + "deaths-from-cirrhosis-and-other-chronic-world-death-all-causes-tham2025",
        (1425142, None, None),
        "1\u202f425\u202f142",
    ),
    ("K33", "05", "targets/nh-masld-f3-silent-10y", (87.1, None, None), "87"),
    ("K50", "05", "targets/nh-poynard-40y", (44, 36, 52), "44"),
    ("K50", "05", "targets/nh-dore-40y", (20, None, None), "20"),
]

# Correction, place (a notebook, or a row and column of the ledger), words that must stand there.
WORDS = [
    ("K04", "notebooks/05", "not randomised"),
    ("K04", "notebooks/05", "Trials at F4 exist"),
    (
        "K06",
        "guidelines/mash-resmetirom-licence.statement",
        "not for cirrhosis: in the United States since 14 March 2024",
    ),
    ("K06", "guidelines/mash-resmetirom-licence.statement", "announced on 19 August 2025"),
    ("K06", "guidelines/mash-semaglutide-licence.statement", "since 15 August 2025"),
    (
        "K11",
        "claims/C17.key_numbers",
        ("1.5%, 10%, 20% (bleeding alone), 30% (another first event), 88%"),
    ),
    ("K11", "claims/C17.key_numbers", "superseded"),
    ("K11", "claims/C62.key_numbers", "1.5% to 88%"),
    ("K12", "parameters/nh_stages.p_4_dead.note", "superseded"),
    ("K12", "targets/nh-stage4-1y-death.label", "of 2006 (superseded)"),
    (
        "K13",
        "glossary/decompensation.definition",
        "sources differ on whether jaundice alone counts",
    ),
    ("K13", "glossary/compensated-cirrhosis.definition", "sources differ on jaundice"),
    (
        "K14",
        "glossary/further-decompensation.definition",
        ("recurrent ascites, peritonitis or hepatorenal syndrome"),
    ),
    (
        "K15",
        f"{NH}{AFTER_FIRST}.note",
        "prints both and does not reconcile them",
    ),
    ("K16", "patients/V01.answer_management", "ultrasound with AFP"),
    ("K16", "patients/V10.answer_management", "ultrasound with AFP"),
    ("K19", "SOURCES", "On age, sex, alcohol, weight and diabetes there are times and ratios"),
    ("K23", "glossary/carvedilol.definition", "blocks alpha-1 receptors"),
    ("K33", "notebooks/00", "makes cirrhosis probable and does not prove it"),
    ("K33", "notebooks/05", "cirrhosis probable, not proven"),
    ("K33", "notebooks/05", "K. at F4 is our assumption"),
    ("K33", "quizzes/05", "Suppose that her scar is a compensated cirrhosis"),
    (
        "K33",
        "patients/V01.answer_stage",
        ("Compensated advanced chronic liver disease, cirrhosis probable"),
    ),
    (
        "K33",
        "patients/V01.note",
        "probable on stiffness and a slightly nodular surface, not proven",
    ),
    (
        "K38",
        f"{NH}{ACLF}.note",
        "APASL criteria, not those of EASL-CLIF",
    ),
    ("K45", "notebooks/05", "cramps, itch and poor sleep do not"),
    ("K19", "accelerators/hcv-alcohol-cirrhosis.comparison", "heavy (at least 210-560 g a week)"),
]


def notebook(number: str) -> dict:
    """The notebook with this number."""
    (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    return json.loads(path.read_text(encoding="utf-8"))


def text(place: str) -> str:
    """What stands at a place, blanks made one."""
    kind, _, rest = place.partition("/")
    if kind == "SOURCES":
        found = (ROOT / "data" / "SOURCES.md").read_text(encoding="utf-8")
    elif kind == "notebooks":
        found = "\n".join("".join(cell["source"]) for cell in notebook(rest)["cells"])
    elif kind == "quizzes":
        found = (ROOT / "data" / "quizzes" / f"{rest}.toml").read_text(encoding="utf-8")
    else:
        row, _, column = rest.rpartition(".")
        rows = ledger.table(kind)
        found = rows.loc[rows.iloc[:, 0] == row, column].item()
    return re.sub(r"[ \n]+", " ", found.replace("*", ""))


def fault(number: str, key: str, values: tuple, digits: str) -> str:
    """Why the number does not stand in the notebook as it should, or ""."""
    row = ledger.number(key)
    if (row.value, row.low, row.high) != values:
        return f"{key} is {row.value} ({row.low}–{row.high}), not {values}"
    markdown = "\n".join("".join(cell["source"]) for cell in notebook(number)["cells"])
    return (
        ""
        if ([key], digits) in facts(markdown)
        else (f"notebook {number} does not print {digits} from {key}")
    )


def test_corrected_numbers_stand_where_they_are_printed():
    faults = [f"{identity}: {found}" for identity, *row in PRINTED if (found := fault(*row))]
    assert not faults, "\n".join(faults)
    assert len(PRINTED) == 14
    number, key, values, digits = PRINTED[0][1:]
    assert fault(number, key, values, "0.38") and fault(number, key, (0.38, *values[1:]), digits)
    assert fault("00", key, values, digits)


def test_corrected_words_stand_in_their_places():
    faults = [
        f"{identity}: {place} lacks “{words}”"
        for identity, place, words in WORDS
        if words not in text(place)
    ]
    assert not faults, "\n".join(faults)
    assert len(WORDS) == 27
    assert "licensed for cirrhosis" not in text("notebooks/05")


def test_the_rate_of_decompensation_may_be_either_of_the_published_ones():
    """K10: without and with significant portal pressure, −ln(1 − p)
    / 5 of what was seen in five years."""
    row = ledger.parameters("nh_masld")["r_D"]
    assert row.status == "teaching"
    assert row.low < 0.0197 < row.value < 0.0733 < row.high


def test_a_probable_cirrhosis_is_coded_as_what_a_rule_would_be_told():
    """K33: one rule of one set asks for cirrhosis; not known, it leaves K. undecided,
    and the case file says so."""
    asking = [
        name
        for name in ledger.table("rule_sets")["key"]
        for rule in eligibility.rules_of(name)
        if rule.variable == "cirrhosis"
    ]
    assert asking == ["UCMSC-302"] == list(eligibility.accepting("V01"))
    assert (
        eligibility.judge(eligibility.facts("V01", cirrhosis=None), "UCMSC-302").verdict
        == eligibility.UNKNOWN
    )
    assert "proven or probable" in eligibility.FINDINGS["cirrhosis"][1]
    assert "only if a probable cirrhosis counts as cirrhosis" in text(
        "patients/V01.answer_cell_therapy"
    )


@pytest.mark.parametrize("stage, dead", [(1, 1.5), (2, 10), (3, 20), (4, 30), (5, 88)])
def test_the_five_stages_of_2014_stand_in_the_ledger(stage, dead):
    row = ledger.number(STAGE.format(stage))
    assert (row.value, row.source) == (dead, "damico2014")
