"""The rule engine gives for all twelve patients what the case files say,
in Python and in the browser's JavaScript."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hepatica import ledger
from hepatica.analysis import eligibility
from hepatica.analysis.eligibility import (
    COMPARATOR,
    EXCLUDED,
    MEETS,
    UNKNOWN,
    EligibilityError,
    Judgement,
    Rule,
    facts,
    judge,
    rules_of,
    screen,
    transplant_referral,
)
from hepatica.lessons import n13_the_article as lesson
from hepatica.models import scores
from tools.node import Session

PATIENTS = ledger.table("patients").to_dict("records")
KEYS = [row["key"] for row in PATIENTS]
SETS = tuple(ledger.table("rule_sets")["key"])
COMPARED = {MEETS: "meets", EXCLUDED: "fails", UNKNOWN: "undetermined"}


def failed(verdicts: tuple[Judgement, ...], verdict: str) -> str:
    """Rule sets of one verdict with the rules that decided it, as the case files write them."""
    found = [
        f"{row.rule_set} ({'+'.join(row.rules)})" for row in verdicts if row.verdict == verdict
    ]
    return "; ".join(found) or "none"


def as_filed(patient: str | dict) -> dict[str, str]:
    """The five columns of data/patients.csv that the engine must reproduce."""
    *cells, comparator = screen(patient)
    assert comparator.rule_set == COMPARATOR
    met = [row.rule_set for row in cells if row.verdict == MEETS]
    return {
        "coded_rules_met": "; ".join(met) or "none",
        "coded_rules_failed": failed(cells, EXCLUDED),
        "coded_rules_undetermined": failed(cells, UNKNOWN),
        "predesci_comparator": COMPARED[comparator.verdict],
        "transplant_referral_due": transplant_referral(patient).due,
    }


def test_all_tables_are_covered():
    assert len(set(KEYS)) == len(KEYS) > 1
    assert (
        sum(len(rules_of(name)) for name in SETS)
        == len(ledger.table("eligibility"))
        > len(SETS)
        > 1
    )


@pytest.mark.parametrize("row", PATIENTS, ids=KEYS)
def test_the_engine_says_what_the_case_file_says(row):
    found = as_filed(row["key"])
    assert found == {column: row[column] for column in found}


@pytest.mark.parametrize(
    ("patient", "changes", "column"),
    [
        ("V01", {"bilirubin_mg_dl": 4.0}, "coded_rules_met"),
        ("V06", {"alcohol_abstinence_months": 2}, "coded_rules_failed"),
        ("V05", {"age_years": 70}, "coded_rules_failed"),
        ("V03", {"lsm_kpa": None}, "coded_rules_undetermined"),
        ("V03", {"hvpg_mmhg": None}, "predesci_comparator"),
        ("V01", {"hcc": 1}, "transplant_referral_due"),
    ],
)
def test_a_changed_patient_is_noticed(patient, changes, column):
    row = next(row for row in PATIENTS if row["key"] == patient)
    assert as_filed(facts(patient, **changes))[column] != row[column]


def test_scores_of_the_patients_are_those_of_the_case_files():
    expected = {
        "meld": "expected_meld",
        "meld_na": "expected_meld_na",
        "egfr_ml_min": "expected_egfr_ml_min",
        "child_pugh_score": "expected_child_pugh_points",
    }
    assert set(expected) == set(eligibility.SCORES)
    for row in PATIENTS:
        known = facts(row["key"])
        assert {name: known[name] for name in expected} == {
            name: row[column] for name, column in expected.items()
        }
    man = {"creatinine": 0.8, "creatinine_unit": "mg/dL", "age_years": 54, "sex": "M"}
    assert scores.egfr(**man) != facts("V01")["egfr_ml_min"], "sex matters"
    assert scores.egfr(**man | {"creatinine": 70.7, "creatinine_unit": "µmol/L"}) == scores.egfr(
        **man
    )


# -- three values ----------------------------------------------------------------------------------

YES = Rule("a", "include", "compensated", "==", 1)
HIGH = Rule("b", "include", "hvpg_mmhg", ">=", 10)
NO_CANCER = Rule("c", "exclude", "hcc", "==", 1)


@pytest.mark.parametrize(
    ("changes", "verdict", "rules"),
    [
        ({"compensated": 1, "hvpg_mmhg": 12, "hcc": 0}, MEETS, ()),
        ({"compensated": 1, "hvpg_mmhg": None, "hcc": 0}, UNKNOWN, ("b",)),
        ({"compensated": 0, "hvpg_mmhg": None, "hcc": 0}, EXCLUDED, ("a",)),
        ({"compensated": 0, "hvpg_mmhg": 9, "hcc": 1}, EXCLUDED, ("a", "b", "c")),
        ({"compensated": None, "hvpg_mmhg": None, "hcc": None}, UNKNOWN, ("a", "b", "c")),
    ],
)
def test_what_is_not_known_decides_only_where_nothing_excludes(changes, verdict, rules):
    found = judge(facts("V01", **changes), (YES, HIGH, NO_CANCER))
    assert (found.verdict, found.rules) == (verdict, rules)
    assert len(found.reasons) == len(rules)


def test_a_missing_value_never_makes_a_patient_eligible():
    names = [name for name in eligibility.KNOWN if name not in eligibility.SCORES]
    better = 0
    for key in KEYS:
        for name in names:
            pairs = zip(screen(key), screen(facts(key, **{name: None})), strict=True)
            changed = [(one, two) for one, two in pairs if one.verdict != two.verdict]
            assert all(two.verdict == UNKNOWN for _, two in changed), (
                f"{key} without {name}: {changed}"
            )
            better += len(changed)
    assert better > 100, "almost nothing changed: missing values are not looked at"


def test_referral_without_a_needed_value():
    assert transplant_referral(facts("V01", hcc=None)).due == UNKNOWN
    assert transplant_referral(facts("V05", hcc=None)).due == "yes", (
        "cancer or not: it has decompensated"
    )
    assert transplant_referral(facts("V01", sodium_mmol_l=None)).due == UNKNOWN


# -- properties ------------------------------------------------------------------------------------

BANDS = [rule for name in SETS for rule in rules_of(name) if rule.operator == "between"]
RANK = {EXCLUDED: 0, UNKNOWN: 1, MEETS: 2}


def loosened(rule: Rule, down: float, up: float) -> Rule:
    return dataclasses.replace(rule, low=rule.low - down, high=rule.high + up)


def harm(patient: str, rule_set: str, change) -> int:
    """By how much a change of the bands worsens the verdict; 0 or less for none."""
    rules = rules_of(rule_set)
    other = tuple(change(rule) if rule.operator == "between" else rule for rule in rules)
    return RANK[judge(patient, rules).verdict] - RANK[judge(patient, other).verdict]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    patient=st.sampled_from(KEYS),
    rule_set=st.sampled_from(SETS),
    down=st.floats(0, 60),
    up=st.floats(0, 60),
)
def test_loosening_a_band_never_excludes_more(patient, rule_set, down, up):
    assert harm(patient, rule_set, lambda rule: loosened(rule, down, up)) <= 0


def test_narrowing_a_band_can_exclude():
    assert len(BANDS) >= 20
    assert harm("V03", "REALISTIC", lambda rule: loosened(rule, -2, 0)) > 0, (
        "MELD 12 leaves the band"
    )


@settings(max_examples=100, deadline=None, derandomize=True)
@given(patient=st.sampled_from(KEYS), age=st.integers(18, 85), bilirubin=st.floats(0.3, 15))
def test_a_verdict_names_rules_of_its_own_set(patient, age, bilirubin):
    verdicts = screen(facts(patient, age_years=age, bilirubin_mg_dl=bilirubin))
    assert len(verdicts) == len(SETS)
    for found in verdicts:
        assert set(found.rules) <= {rule.key for rule in rules_of(found.rule_set)}
        assert bool(found.rules) == (found.verdict != MEETS)
        assert len(found.reasons) == len(found.rules)


# -- words and errors ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patient", "rule_set", "words"),
    [
        ("V01", "REALISTIC", "MELD 6 is below 11–15.5"),
        ("V01", "SUK2016", "the cause is MASLD (asked for: alcohol)"),
        ("V01", "BMMSC-RA", "no ascites (asked for: refractory or tense ascites)"),
        ("V01", "PREDESCI", "HVPG is not known"),
        ("V05", "SUK2016", "months without alcohol 0.5 is not above 6"),
        ("V08", "UCMSC-302", "portal vein partly closed"),
        ("V08", "STEMPEUCEL", "haemoglobin 7.6 is not above 10 g/dL"),
    ],
)
def test_reasons_are_plain_words(patient, rule_set, words):
    assert words in judge(patient, rule_set).reasons


def test_each_code_that_a_rule_asks_for_has_its_words():
    rules = ledger.table("eligibility")
    for variable, words in eligibility.FINDINGS.items():
        grades = [code for code in words if not isinstance(code, str)]
        assert grades == list(range(len(grades))), variable
        asked = rules.loc[rules["variable"] == variable, "value"].dropna()
        assert not grades or set(asked) <= set(grades), variable


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda: facts("V13"), "V13' is not known. Write one of: V12"),
        (lambda: facts("V01", bilirubin=2), "Write one of: bilirubin_mg_dl"),
        (lambda: facts("V01", meld=12), "'meld' is not known"),
        (lambda: judge("V01", "REALISTICK"), "Write one of: REALISTIC"),
        (
            lambda: Rule("x", "include", "melt", "between", low=1, high=2),
            ("rule x, variable: 'melt' is not known. Write"),
        ),
        (
            lambda: Rule("x", "include", "meld", "=>", 2),
            ("'=>' is not known. Write one of: ==, >, >=, <, <=, between"),
        ),
        (lambda: Rule("x", "includes", "meld", ">=", 2), "Write one of: include"),
        (lambda: Rule("x", "include", "meld", "between", 2), "'between' needs low and high"),
        (lambda: Rule("x", "include", "meld", ">="), "'>=' needs value"),
    ],
)
def test_errors_tell_what_to_write(act, says):
    with pytest.raises(EligibilityError, match=re.escape(says)):
        act()


def test_every_variable_of_the_table_has_words():
    variables = set(ledger.table("eligibility")["variable"])
    assert len(variables) > 30
    assert variables <= set(eligibility.KNOWN)


# -- the browser's judge ---------------------------------------------------------------------------

SCRIPT = """import { factsOf, judgeRules, referralOf } from "./engine/eligibility.js";
import { compileModel } from "./engine/solver.js";
let spec, model;
---
if (data.spec) { spec = data.spec; model = compileModel(spec.model); return null; }
const facts = factsOf(spec, model, spec.patients.find((patient) => patient.key === data.patient), data.changes);
return { judged: spec.rule_sets.map((set) => judgeRules(spec, set.rules, facts)), referral: referralOf(spec, facts) };
"""

CHANGES = [
    {},
    {"bilirubin_mg_dl": 0.3},
    {"bilirubin_mg_dl": 2.0},
    {"bilirubin_mg_dl": 3.0},
    {"bilirubin_mg_dl": 5.0},
    {"bilirubin_mg_dl": 9.9},
    {"bilirubin_mg_dl": 15},
    {"inr": 0.9},
    {"inr": 1.7},
    {"inr": 2.3},
    {"inr": 3.0},
    {"age_years": 18},
    {"age_years": 65},
    {"age_years": 66},
    {"age_years": 85},
    {"alcohol_abstinence_months": 0},
    {"alcohol_abstinence_months": 6},
    {"alcohol_abstinence_months": 6.5},
    {"alcohol_abstinence_months": 999},
    {"bilirubin_mg_dl": 3.2, "inr": 1.5, "age_years": 40, "alcohol_abstinence_months": 12},
]


@pytest.fixture(scope="module")
def browser_judge(tmp_path_factory):
    with Session(SCRIPT, tmp_path_factory.mktemp("node")) as session:
        session.ask({"spec": dict(lesson.eligibility().spec)})
        yield lambda patient, changes: session.ask({"patient": patient, "changes": changes})


def python_judge(patient: str, changes: dict) -> dict:
    """What Python says, in the shape of the JavaScript answer."""
    known = facts(
        patient, **{name: value for name, value in changes.items() if value != facts(patient)[name]}
    )
    judged = [
        {"verdict": row.verdict, "rules": list(row.rules), "reasons": list(row.reasons)}
        for row in screen(known)
    ]
    return {"judged": judged, "referral": transplant_referral(known)._asdict()}


def test_javascript_judges_like_python(browser_judge):
    count = 0
    for patient in KEYS:
        for changes in CHANGES:
            found = browser_judge(patient, changes)
            assert found == python_judge(patient, changes), f"{patient}, {changes}"
            count += len(found["judged"])
    assert count == len(KEYS) * len(CHANGES) * len(SETS)


def test_a_difference_between_the_languages_is_noticed(browser_judge):
    assert browser_judge("V01", {"inr": 2}) != python_judge("V01", {})
