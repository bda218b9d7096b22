"""Corrected facts of treatment (notebook 08 and its tables):
each right value stands where it is printed."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from hepatica import ledger
from hepatica.lessons.n08_what_already_works import first_hour
from tools.text_rules import facts

ROOT = Path(__file__).resolve().parent.parent
NH, G = "natural_history/", "guidelines/"

# Correction, key of the ledger, value (with its interval), source, status.
LEDGER = [
    ("K01", "parameters/nh_hcv.p_H_cured", (0.021, 0.018, 0.035), "lockart2022", "published"),
    ("K01", "parameters/nh_hcv.p_3H_cured", (0.005, 0.003, 0.007), "lockart2022", "published"),
    (
        "K02",
        NH + "published-model-transition-f4-after-svr-hcc-hcv-cured-hep-sim-model-inputs",
        (0.005, 0.002, 0.013),
        "hep-sim-model-inputs",
        "model input",
    ),
    (
        "K02",
        NH + "hcc-after-svr-cirrhosis-lockart2022",
        (2.1, 1.9, 2.4),
        "lockart2022",
        "published",
    ),
    ("K02", NH + "hcc-after-svr-f3-lockart2022", (0.5, 0.3, 0.7), "lockart2022", "published"),
    (
        "K02",
        NH + "hcc-after-svr-cirrhosis-kim2023",
        (2.99, 2.52, 3.54),
        "kim2023-hcc-svr",
        "published",
    ),
    (
        "K09",
        G + "hbv-recompensated",
        (56.2, None, None),
        "prospective-entecavir-cohort-2022",
        "published",
    ),
    (
        "K09",
        G + "hbv-recompensated-events",
        (60.4, None, None),
        "prospective-entecavir-cohort-2022",
        "published",
    ),
    (
        "K05",
        G + "mash-cirrhosis-semaglutide",
        (71, None, None),
        "loomba2023-semaglutide-f4",
        "published",
    ),
    (
        "K05",
        G + "mash-cirrhosis-efruxifermin-36w",
        (24, 22, 24),
        "noureddin2025-symmetry",
        "published",
    ),
    (
        "K05",
        G + "mash-cirrhosis-efruxifermin-96w",
        (29, None, None),
        "noureddin2025-symmetry",
        "published",
    ),
    ("K05", G + "mash-cirrhosis-surgery", (0.28, 0.12, 0.64), "aminian2025", "published"),
    ("K06", G + "mash-semaglutide-fibrosis", (36.8, None, None), "sanyal2025-essence", "published"),
    ("K07", G + "nutrition-energy", (35, None, None), "easl-easd-easo-masld-2024", "published"),
    (
        "K07",
        G + "nutrition-energy-obesity",
        (None, 500, 800),
        "easl-easd-easo-masld-2024",
        "published",
    ),
    (
        "K08",
        G + "nutrition-protein-obesity",
        (1.5, None, None),
        "easl-easd-easo-masld-2024",
        "published",
    ),
    ("K17", G + "surveillance-sensitivity", (47, 33, 61), "tzartzeva2018", "published"),
    (
        "K18",
        G + "surveillance-limited-view",
        (59.2, 24.2, 86.9),
        "surveillance-imaging-quality-2023",
        "published",
    ),
    ("K24", G + "nsbb-carvedilol-pooled", (0.506, 0.289, 0.887), "villanueva2022", "published"),
    ("K26", G + "alcohol-medication-disease", (0.37, 0.31, 0.43), "vannier2022", "published"),
    (
        "K26",
        G + "alcohol-medication-decompensation",
        (0.35, 0.23, 0.53),
        "vannier2022",
        "published",
    ),
    (
        "K28",
        NH + "annual-incidence-of-first-ascites-compensated-f4-ascites-hcv-hcv-214-cohort",
        (2.9, None, None),
        "sangiovanni2006",
        "published",
    ),
    ("K29", G + "transplant-living-balance", (11, None, None), "jackson2022", "published"),
    ("K41", G + "albumin-long-term", (0.62, 0.4, 0.95), "caraceni2018", "published"),
    ("K41", G + "albumin-target-hospital", (0.98, 0.71, 1.33), "china2021-attire", "published"),
    ("K44", G + "bleeding-endoscopy", (12, None, None), "wong2022-endoscopy", "published"),
    ("K39", "parameters/nh_hcv.p_43_cured", (0.129, 0, 0.25), "paired-biopsy-study", "computed"),
    ("K51", "parameters/nh_hcv.p_H", (0.0265, 0.014, 0.039), "sangiovanni2006", "computed"),
    (
        "K51",
        NH + "hcc-hcv-cirrhosis-untreated-sangiovanni2006",
        (3.9, None, None),
        "sangiovanni2006",
        "published",
    ),
]

# Correction, key of the ledger, digits in the text of notebook 08.
PRINTED = [
    ("K01", NH + "hcc-after-svr-cirrhosis-lockart2022", "2.1"),
    ("K01", NH + "hcc-after-svr-f3-lockart2022", "0.5"),
    ("K26", G + "alcohol-medication-people", "9635"),
    ("K37", NH + "share-with-cirrhosis-ishak-6-hcv-vandermeer2012", "54 %"),
    ("K52", "targets/nh-hcv-benefit-without-resolving-low", "47"),
    ("K52", "targets/nh-hcv-benefit-without-resolving-high", "86 %"),
    ("K52", "targets/nh-hcv-f4-dead-20y-never", "62"),
    ("K52", "targets/nh-hcv-f4-dead-20y-cured-0", "21"),
]

# Correction, place ("text", "shown" for notebook 08's outputs, "quiz", "first hour", or a table's row and
# column), words there.
WORDS = [
    ("K03", "text", "the data do not decide"),
    ("K03", "text", "does not end it: with cirrhosis the scans go on"),
    ("K05", "text", "In cirrhosis there are trials, and most of them failed"),
    ("K05", "shown", "no significant difference in fibrosis; weight, enzymes and liver fat better"),
    ("K05", "shown", "24 % of 63 on 50 mg and 22 % of 57 on 28 mg, on placebo 14 % of 61"),
    ("K05", "shown", "29 % of 63 on 50 mg, on placebo 11 % of 61; only 134 of the 181"),
    ("K05", "shown", "20.9 against 46.4 % within 15 years. Nobody was drawn by lot"),
    ("K06", "text", "Two drugs are licensed for F2 and F3, none for cirrhosis"),
    ("K06", "shown", "since 14 March 2024, accelerated; Europe: conditional"),
    (
        "K06",
        "shown",
        "since 15 August 2025, accelerated. For steatohepatitis with F2 or F3; not for cirrhosis",
    ),
    ("K07", "shown", "Without obesity: at least 35 kcal per kilogram of actual weight"),
    ("K07", "shown", "With a BMI above 30 and no complication: 500 to 800 kcal a day below need"),
    ("K08", "shown", "more than 1.5 g of protein per kilogram of ideal weight"),
    ("K09", "guidelines/hbv-recompensated.statement", "159 (56.2 %) recompensated"),
    ("K09", "guidelines/hbv-recompensated-events.statement", "one part of the definition"),
    ("K09", "text", "of 283 with ascites, 56.2 % recompensated on entecavir"),
    ("K09", "claims/C34.key_numbers", "56.2% of 283 HBV patients on entecavir"),
    ("K16", "guidelines/surveillance-interval.statement", "Ultrasound plus AFP every six months"),
    ("K16", "claims/C64.key_numbers", "ultrasound with AFP"),
    ("K16", "patients/V03.answer_management", "ultrasound with AFP"),
    ("K16", "glossary/alpha-fetoprotein.definition", "measured beside ultrasound"),
    ("K07", "patients/V05.answer_management", "the rule for people without obesity"),
    ("K26", "text", "Alcohol use disorder is treated like other diseases"),
    ("K26", "text", "Relapse is common and no reason to end care"),
    ("K29", "text", "the people were listed two decades ago"),
    ("K29", "text", "the gain began at MELD-Na 11"),
    ("K29", "guidelines/transplant-hr-6-11.note", "listed 2001 to 2003"),
    ("K29", "glossary/liver-transplantation.definition", "86 % were alive after one year"),
    ("K35", "guidelines/hrs-treat.statement", "may reverse the kidney injury"),
    ("K35", "first hour", "By the rule of 2015 two days of albumin; by that of 2024 enough volume"),
    ("K36", "guidelines/aclf-grade3.statement", "though recovery is possible"),
    *(
        (
            "K36",
            place,
            "A transplant can cure; without one deaths are very frequent, though recovery",
        )
        for place in ("quiz", "first hour")
    ),
    ("K23", "text", "Four trials of carvedilol agree"),
    ("K42", "text", "Of the latest recipients in Europe 86 % lived after one year"),
    ("K42", "text", "transplanted 10,659 livers in a year"),
    ("K36", "patients/V11.answer_management", "some people do recover"),
    ("K40", "guidelines/nsbb-predesci-hr.statement", "jaundice not counted"),
    ("K41", "shown", "18-month survival 77 against 66 %; open label"),
    ("K41", "shown", "113 of 380 (29.7 %) against 120 of 397 (30.2 %)"),
    ("K42", "guidelines/refer-meld-na.statement", "rules differ between countries"),
    ("K43", "guidelines/bleeding-tips.statement", "B of 8 or 9 points"),
    ("K43", "first hour", "In class B the stent is for eight or nine points with active bleeding"),
    ("K43", "patients/V08.answer_management", "Child-Pugh B of 8 or 9 points (he has 9)"),
    ("K44", "first hour", "Endoscopy within 12 hours of arrival"),
    ("K44", "shown", "Endoscopy within 12 hours, and banding"),
    ("K56", "guidelines/bleeding-haemoglobin.source", "esge-guideline"),
    ("K56", "guidelines/sbp-tap.source", "aithal2021"),
    ("K53", "text", "Nobody in the hepatitis C chain dies of anything but the liver"),
    (
        "K53",
        "text",
        ("Its cancer after the cure is a constant chance; in patients it falls with the years"),
    ),
]


@cache
def notebook() -> list[dict]:
    """The cells of notebook 08."""
    (path,) = (ROOT / "notebooks").glob("08_*.ipynb")
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def markdown() -> str:
    """The text of notebook 08."""
    return "\n\n".join(
        "".join(cell["source"]) for cell in notebook() if cell["cell_type"] == "markdown"
    )


def text(place: str) -> str:
    """What stands at a place, without tags and emphasis, blanks made one."""
    if place == "text":
        found = markdown()
    elif place == "shown":
        found = "\n".join(
            "".join(output.get("data", {}).get("text/html", ""))
            for cell in notebook()
            for output in cell.get("outputs", [])
        )
    elif place == "first hour":
        found = json.dumps(first_hour().spec, ensure_ascii=False)
    elif place == "quiz":
        found = (ROOT / "data" / "quizzes" / "08.toml").read_text(encoding="utf-8")
    else:
        table, _, rest = place.partition("/")
        row, _, column = rest.rpartition(".")
        rows = ledger.table(table)
        found = rows.loc[rows["key"] == row, column].item()
    return re.sub(r"\s+", " ", re.sub(r"</?[a-z][^<>]*>|\*", "", found))


def wrong_row(key: str, values: tuple, source: str, status: str) -> str:
    """How a row of the ledger differs from what it should say, or ""."""
    row = ledger.number(key)
    found = (row.value, row.low, row.high), row.source, row.status
    return "" if found == (values, source, status) else f"{key} says {found}"


def test_corrected_rows_of_the_ledger():
    faults = [f"{identity}: {fault}" for identity, *row in LEDGER if (fault := wrong_row(*row))]
    assert not faults, "\n".join(faults)
    assert len(LEDGER) == 29
    _, key, values, source, status = LEDGER[0]
    assert wrong_row(key, (0.005, 0.002, 0.013), source, status)
    assert wrong_row(key, values, "hep-sim-model-inputs", status) and wrong_row(
        key, values, source, "model input"
    )


def test_corrected_numbers_are_printed():
    printed = facts(markdown())
    missing = [
        f"{identity}: {digits} from {key}"
        for identity, key, digits in PRINTED
        if ([key], digits) not in printed
    ]
    assert not missing, "\n".join(missing)
    assert len(PRINTED) == 8
    assert ([PRINTED[0][1]], "0.5") not in printed


def test_corrected_words_stand_in_their_places():
    missing = [
        f"{identity}: {place} lacks “{words}”"
        for identity, place, words in WORDS
        if words not in text(place)
    ]
    assert not missing, "\n".join(missing)
    assert len(WORDS) == 50
    assert "licensed for cirrhosis" not in text("text") and "glass left standing" not in text(
        "shown"
    )


def test_no_late_step_of_another_model_passes_for_a_measurement():
    """K02, K54: what HEP-SIM assumed is marked so, in both tables."""
    checked = 0
    for name in ("parameters", "natural_history"):
        rows = ledger.table(name)
        taken = rows.loc[rows["source"] == "hep-sim-model-inputs", "status"]
        assert set(taken) == {"model input"}, name
        checked += len(taken)
    assert checked == 17
    assert "hep-sim-model-inputs" not in set(
        ledger.table("parameters").query("status == 'published'")["source"]
    )
