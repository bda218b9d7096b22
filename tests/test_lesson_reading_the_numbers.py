"""Notebook 07: the formulas on its cards are those of hepatica.models.scores,
and its cards say what the patients did."""

import json

import pytest
from experiments import met, result, rows
from test_scores import PATIENT, WHOLE, arguments

from hepatica import ledger
from hepatica.lessons import n07_reading_the_numbers as lesson
from hepatica.models import scores
from hepatica.models.bedside import bedside, laboratories, laboratory_spread, patient
from tools.node import run_js

READ = {
    "MELD": "meld",
    "MELD_UNROUNDED": "meld_exact",
    "MELD_NA_2016": "meld_na",
    "MELD_NA_UNROUNDED": "meld_na_exact",
    "MELD_3_0": "meld_3",
    "MELD_3_0_UNROUNDED": "meld_3_exact",
    "CHILD_PUGH": "child_pugh",
    "ALBI": "albi",
    "ALBI_GRADE": "albi",
}
EVALUATE = """import { compileModel, evaluateModel } from "./engine/solver.js";
---
const model = compileModel(data.model);
return data.sets.map((values) => evaluateModel(model, values));
"""


# -- one truth, no drift ---------------------------------------------------------------------------


def inputs(case: dict) -> dict[str, float]:
    """The inputs of a worked example as parameters of `bedside`."""
    given = arguments(json.loads(case["inputs"]))
    measured = {
        name: scores.measured(name.lower(), given[key], given.get(f"{key}_unit") or unit)
        for name, key, unit in (
            ("bilirubin", "bilirubin", ""),
            ("creatinine", "creatinine", ""),
            ("albumin", "albumin", ""),
            ("INR", "inr", "ratio"),
            ("sodium", "sodium", "mmol/L"),
        )
        if key in given
    }
    grades = {"ascites": scores.ASCITES, "encephalopathy": scores.ENCEPHALOPATHY}
    findings = {
        name: words.get(given[name], given[name]) for name, words in grades.items() if name in given
    }
    yes = {
        "dialysis": given.get("dialysis", False),
        "female": scores.FEMALE[given.get("sex", "male")],
    }
    return measured | findings | {name: float(value) for name, value in yes.items()}


def found(case: dict, read: dict[str, float]) -> float:
    value = read[READ[case["score"]]]
    return scores.albi_grade(value) if case["score"] == "ALBI_GRADE" else value


def cases() -> list[dict]:
    """Worked examples of the scores on the cards; adolescents,
    the score without cap and other variants apart."""
    every = ledger.table("score_cases").to_dict("records")
    kept = [case for case in every if case["score"] in READ]
    apart = [case for case in kept if {"age_years", "capped"} & set(json.loads(case["inputs"]))]
    assert len(kept) == 88 and len(apart) <= 3, apart
    return [case for case in kept if case not in apart]


def disagreements(examples: list[dict], reads: list[dict[str, float]]) -> list[str]:
    return [
        f"{case['key']}: {found(case, read)}, expected {case['value']}"
        for case, read in zip(examples, reads, strict=True)
        if abs(found(case, read) - case["value"]) > case["tolerance"] + 1e-9
    ]


def test_worked_examples_agree_in_both_languages(tmp_path):
    examples = cases()
    sets = [inputs(case) for case in examples]
    assert sets
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
    letters = [
        " ABC"[int(bedside.evaluate(**inputs(case))["child_pugh_class"])] for case in examples
    ]
    assert (
        len(letters) == 18
        and letters == [case["category"] for case in examples]
        and len(set(letters)) == 3
    )


def test_the_virtual_patients_have_the_scores_of_the_ledger():
    table = ledger.table("patients").set_index("key")
    for key, row in table.iterrows():
        read = bedside.evaluate(**patient(key))
        for name in ("meld", "meld_na", "meld_3", "child_pugh"):
            expected = row[
                "expected_child_pugh_points" if name == "child_pugh" else f"expected_{name}"
            ]
            assert read[name] == expected != read[name] + 1, (key, name)
        assert "ABC"[int(read["child_pugh_class"]) - 1] == row["expected_child_pugh_class"]
    assert len(table) > 1


def test_a_grid_of_patients_agrees_with_the_score_functions():
    checked = 0
    for bilirubin in (0.4, 1.0, 2.0, 3.0, 7.9, 31.0):
        for creatinine in (0.5, 1.3, 3.0, 4.4):
            for sodium in (118, 127, 137, 145):
                for albumin, inr, female in (
                    (1.2, 2.3, 1),
                    (2.8, 1.7, 0),
                    (3.5, 0.9, 1),
                    (4.4, 4.0, 0),
                ):
                    values = {
                        "bilirubin": bilirubin,
                        "creatinine": creatinine,
                        "sodium": sodium,
                        "albumin": albumin,
                        "INR": inr,
                        "female": female,
                    }
                    blood = PATIENT | {"bilirubin": bilirubin, "creatinine": creatinine, "inr": inr}
                    read = bedside.evaluate(**values)
                    assert read["meld"] == scores.meld(**blood)
                    assert read["meld_na"] == scores.meld_na(sodium=sodium, **blood)
                    whole = (
                        WHOLE | blood | {"sodium": sodium, "albumin": albumin, "sex": "MF"[female]}
                    )
                    assert read["meld_3"] == scores.meld_3(**whole)
                    checked += 1
    assert checked == 384


def test_what_each_measurement_adds_adds_up():
    for key in ("V01", "V05", "V09", "V11"):
        read = bedside.evaluate(**patient(key))
        assert 6.43 + sum(
            read[f"of_{name}"] for name in ("bilirubin", "INR", "creatinine")
        ) == pytest.approx(read["meld_exact"])
        parts = sum(
            read[f"of_{name}_3"]
            for name in ("bilirubin", "INR", "creatinine", "sodium", "albumin", "sex")
        )
        assert 6 + parts == pytest.approx(read["meld_3_exact"]) and 7 + parts != pytest.approx(
            read["meld_3_exact"]
        )


# -- targets ---------------------------------------------------------------------------------------


def test_every_target_is_met_and_a_spoilt_one_is_not():
    targets = [*rows("bedside"), *rows("mayo")]
    assert len(targets) >= 33
    for row in targets:
        value = result(row)
        assert met(row, value), (row["key"], value, row["value"])
        assert not met({**row, "value": row["value"] * 1.5}, value), row["key"]


def test_the_printed_ranges_of_the_laboratories_follow_from_the_inr_alone():
    assert lesson.samples()
    for sample in lesson.samples():
        low, high = (
            laboratories.evaluate(
                INR_low=sample["inr_low"],
                apart=sample["inr_high"] / sample["inr_low"],
                bilirubin=1,
                creatinine=1,
            )[f"meld_{end}"]
            for end in ("low", "high")
        )
        assert (low, high) == (sample["meld_low"], sample["meld_high"])
        assert laboratory_spread(sample["inr_low"], sample["inr_high"], 5, 1.5) == pytest.approx(
            high - low, abs=1
        )
    assert laboratory_spread(1.5, 1.5) == 0 < laboratory_spread(1.5, 1.7)


# -- cards -----------------------------------------------------------------------------------------

CARDS = (
    "four_scores",
    "child_pugh",
    "one_tube",
    "mayo_curves",
    "said_and_came",
    "counted_twice",
    "before_the_end",
)


def test_every_card_is_whole():
    presets = 0
    for name in CARDS:
        card = getattr(lesson, name)()
        controls = [control for control in card.spec["controls"] if control["kind"] != "given"]
        assert 1 <= len(controls) <= 4 and card.spec["question"] and card.describe()
        for preset in card.spec["presets"]:
            assert set(preset["values"]) <= {
                control["name"] for control in card.spec["controls"]
            }, (
                name,
                preset["label"],
            )
            presets += 1
    assert presets > len(CARDS)


def test_a_unit_switch_keeps_the_value():
    slider = next(
        control
        for control in lesson.four_scores().spec["controls"]
        if control["name"] == "bilirubin"
    )
    first, second = slider["units"]
    assert (first["unit"], first["factor"], second["unit"]) == ("mg/dL", 1, "µmol/L")
    there = scores.convert("bilirubin", slider["value"], "mg/dL", "µmol/L")
    assert slider["value"] * second["factor"] == pytest.approx(there) != slider["value"]


def test_lookups_give_the_values_they_were_made_of():
    model = lesson.mayo(
        "test",
        [lesson.asked_value("year", "", 0, 0, 3), lesson.asked_value("who", "", 1, 1, 2)],
        {
            "a": lesson.by_step("year", [4, 2.5, 2.5, 7]),
            "b": lesson.picked("who", [lesson.by_step("year", [1, 2, 3], 1), "10"]),
        },
    )
    assert [model.evaluate(year=year)["a"] for year in range(4)] == [4, 2.5, 2.5, 7]
    assert [model.evaluate(year=year)["b"] for year in (1, 2, 3)] == [1, 2, 3] != [1, 3, 2]
    assert model.evaluate(year=2, who=2)["b"] == 10


@pytest.mark.parametrize(
    ("moved", "reached", "says"),
    [
        ({"bilirubin": 1.5, "INR": 1.2, "creatinine": 1}, True, "nothing else that the older"),
        ({}, False, "it counts the sodium as well"),
        ({"bilirubin": 20, "INR": 3, "sodium": 140}, False, "in the very ill all scores agree"),
        ({"bilirubin": 1, "INR": 1, "creatinine": 1, "sodium": 140}, False, "not yet ten points"),
    ],
)
def test_the_newest_score_sees_whom_the_older_ones_did_not(moved, reached, says):
    found, words = lesson.four_scores().judge(**moved)
    assert found is reached
    assert says in words


def test_a_guess_of_two_years_is_answered():
    card = lesson.mayo_curves()
    assert 50 < card.spec["predict"]["answer"] < 60
    assert "said little about years" in card.reply(90)
    assert "the last days" in card.reply(10)
    assert "Move on to five years" in card.reply(50)
