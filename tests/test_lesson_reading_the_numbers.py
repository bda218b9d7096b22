"""Notebook 07: the formulas on its cards are those of hepatica.scores, and its cards say what the patients did."""

import json

import pytest
from experiments import met, result, rows
from node import run_js
from test_scores import PATIENT, WHOLE, arguments

from hepatica import ledger, scores
from hepatica.models.scores_model import INPUTS, bedside, laboratories, laboratory_spread, patient

READ = {"MELD": "meld", "MELD_UNROUNDED": "meld_exact", "MELD_NA_2016": "meld_na", "MELD_NA_UNROUNDED": "meld_na_exact",
        "MELD_3_0": "meld_3", "MELD_3_0_UNROUNDED": "meld_3_exact", "CHILD_PUGH": "child_pugh", "ALBI": "albi",
        "ALBI_GRADE": "albi"}
EVALUATE = """import { compileModel, evaluateModel } from "./solve.js";
---
const model = compileModel(data.model);
return data.sets.map((values) => evaluateModel(model, values));
"""


# -- one truth, no drift ------------------------------------------------------------------------------------


def inputs(case: dict) -> dict[str, float]:
    """The inputs of a worked example as parameters of `bedside`."""
    given = arguments(json.loads(case["inputs"]))
    measured = {name: scores.measured(name.lower(), given[key], given.get(f"{key}_unit") or unit)
                for name, key, unit in (("bilirubin", "bilirubin", ""), ("creatinine", "creatinine", ""),
                                        ("albumin", "albumin", ""), ("INR", "inr", "ratio"), ("sodium", "sodium", "mmol/L"))
                if key in given}
    grades = {"ascites": scores.ASCITES, "encephalopathy": scores.ENCEPHALOPATHY}
    findings = {name: words.get(given[name], given[name]) for name, words in grades.items() if name in given}
    yes = {"dialysis": given.get("dialysis", False), "female": scores.FEMALE[given.get("sex", "male")]}
    return measured | findings | {name: float(value) for name, value in yes.items()}


def found(case: dict, read: dict[str, float]) -> float:
    value = read[READ[case["score"]]]
    return scores.albi_grade(value) if case["score"] == "ALBI_GRADE" else value


def cases() -> list[dict]:
    """Worked examples of the scores on the cards; adolescents, the score without cap and other variants apart."""
    every = ledger.table("score_cases").to_dict("records")
    kept = [case for case in every if case["score"] in READ]
    apart = [case for case in kept if {"age_years", "capped"} & set(json.loads(case["inputs"]))]
    assert len(kept) == 88 and len(apart) <= 3, apart
    return [case for case in kept if case not in apart]


def disagreements(examples: list[dict], reads: list[dict[str, float]]) -> list[str]:
    return [f"{case['key']}: {found(case, read)}, expected {case['value']}" for case, read in zip(examples, reads, strict=True)
            if abs(found(case, read) - case["value"]) > case["tolerance"] + 1e-9]


def test_worked_examples_agree_in_both_languages(tmp_path):
    examples = cases()
    sets = [inputs(case) for case in examples]
    python = [bedside.evaluate(**values) for values in sets]
    browser = run_js(EVALUATE, {"model": bedside.javascript(), "sets": sets}, tmp_path)
    spoilt = [case | {"value": case["value"] + 2 * case["tolerance"] + 1e-6} for case in examples]
    for reads in (python, browser):
        assert disagreements(examples, reads) == []
        assert len(disagreements(spoilt, reads)) == len(examples)
    for ours, theirs in zip(python, browser, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12)


def test_classes_agree():
    examples = [case for case in cases() if case["score"] == "CHILD_PUGH"]
    letters = [" ABC"[int(bedside.evaluate(**inputs(case))["child_pugh_class"])] for case in examples]
    assert len(letters) == 18 and letters == [case["category"] for case in examples] and len(set(letters)) == 3


def test_the_virtual_patients_have_the_scores_of_the_ledger():
    table = ledger.table("patients").set_index("key")
    for key, row in table.iterrows():
        read = bedside.evaluate(**patient(key))
        for name in ("meld", "meld_na", "meld_3", "child_pugh"):
            expected = row["expected_child_pugh_points" if name == "child_pugh" else f"expected_{name}"]
            assert read[name] == expected != read[name] + 1, (key, name)
        assert "ABC"[int(read["child_pugh_class"]) - 1] == row["expected_child_pugh_class"]
    assert len(table) == 12


def test_a_grid_of_patients_agrees_with_the_score_functions():
    checked = 0
    for bilirubin in (0.4, 1.0, 2.0, 3.0, 7.9, 31.0):
        for creatinine in (0.5, 1.3, 3.0, 4.4):
            for sodium in (118, 127, 137, 145):
                for albumin, inr, female in ((1.2, 2.3, 1), (2.8, 1.7, 0), (3.5, 0.9, 1), (4.4, 4.0, 0)):
                    values = {"bilirubin": bilirubin, "creatinine": creatinine, "sodium": sodium, "albumin": albumin,
                              "INR": inr, "female": female}
                    blood = PATIENT | {"bilirubin": bilirubin, "creatinine": creatinine, "inr": inr}
                    read = bedside.evaluate(**values)
                    assert read["meld"] == scores.meld(**blood)
                    assert read["meld_na"] == scores.meld_na(sodium=sodium, **blood)
                    whole = WHOLE | blood | {"sodium": sodium, "albumin": albumin, "sex": "MF"[female]}
                    assert read["meld_3"] == scores.meld_3(**whole)
                    checked += 1
    assert checked == 384


def test_what_each_measurement_adds_adds_up():
    for key in ("V01", "V05", "V09", "V11"):
        read = bedside.evaluate(**patient(key))
        assert 6.43 + sum(read[f"of_{name}"] for name in ("bilirubin", "INR", "creatinine")) == pytest.approx(read["meld_exact"])
        parts = sum(read[f"of_{name}_3"] for name in ("bilirubin", "INR", "creatinine", "sodium", "albumin", "sex"))
        assert 6 + parts == pytest.approx(read["meld_3_exact"]) and 7 + parts != pytest.approx(read["meld_3_exact"])
