"""The score functions agree with the worked examples and refuse what no patient can have."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hepatica import ledger
from hepatica.models import scores

US = {"bilirubin": "mg/dL", "creatinine": "mg/dL", "albumin": "g/dL"}
SI = {"bilirubin": "µmol/L", "creatinine": "µmol/L", "albumin": "g/L"}
NAMES = {
    "ast_u_l": "ast",
    "alt_u_l": "alt",
    "platelets_10e9_l": "platelets",
    "sodium_mmol_l": "sodium",
    "bmi_kg_m2": "bmi",
    "ifg_or_diabetes": "diabetes",
    "wbc_10e9_l": "wbc",
    "pt_s": "pt",
    "pt_patient_s": "pt",
    "pt_control_s": "pt_control",
    "clif_of": "organ_failure",
    "ast_uln_u_l": "ast_upper_limit",
    "bilirubin_day0_mg_dl": "bilirubin_day_0",
    "bilirubin_day7_mg_dl": "bilirubin_day_7",
}
MEASURED = {
    f"{analyte}_{unit}": (analyte, units[analyte])
    for analyte in US
    for units in (US, SI)
    for unit in [units[analyte].replace("/", "_").replace("µ", "u").lower()]
}


def arguments(inputs: dict) -> dict:
    """The inputs of a row of score_cases.csv as arguments of a score function."""
    found = {}
    for name, value in inputs.items():
        if name == "umol_per_mg_dl":
            assert value == ledger.number("scores/units-bilirubin-factor").value
        elif name in MEASURED:
            analyte, unit = MEASURED[name]
            found |= {analyte: value, f"{analyte}_unit": unit}
        else:
            found[NAMES.get(name, name)] = value
    if "bilirubin_day_0" in found:
        found["bilirubin_unit"] = "mg/dL"
    return found


def albi_grade(**inputs) -> int:
    return scores.albi_grade(scores.albi(**inputs))


def nafld_category(age_years, **inputs) -> str:
    return scores.nafld_category(
        scores.nafld_score(age_years=age_years, **inputs), age_years=age_years
    )


CALLS = {
    "MELD": scores.meld,
    "MELD_UNROUNDED": lambda **x: scores.meld(rounded=False, **x),
    "MELD_NA_2016": scores.meld_na,
    "MELD_NA_UNROUNDED": lambda **x: scores.meld_na(rounded=False, **x),
    "MELD_NA_KIM2008": scores.meld_na_2008,
    "MELD_3_0": scores.meld_3,
    "MELD_3_0_UNROUNDED": lambda **x: scores.meld_3(rounded=False, **x),
    "MELD_3_0_SURVIVAL_90D": lambda meld_3_0: scores.meld_3_survival_90_days(meld_3_0),
    "MELD_SURVIVAL_90D_WIESNER": lambda meld: scores.meld_survival_90_days(meld),
    "CHILD_PUGH": scores.child_pugh,
    "ALBI": scores.albi,
    "ALBI_GRADE": albi_grade,
    "FIB4": scores.fib4,
    "APRI": scores.apri,
    "NFS": scores.nafld_score,
    "NFS_CATEGORY": nafld_category,
    "MADDREY_DF": scores.maddrey,
    "LILLE": scores.lille,
    "CLIF_C_ACLF": scores.clif_c_aclf,
    "CLIF_C_AD": scores.clif_c_ad,
    "AST_ALT_RATIO": scores.ast_alt_ratio,
}


def disagreement(case: dict) -> str:
    """Blank when the function gives the expected value and category of the case."""
    found = CALLS[case["score"]](**arguments(json.loads(case["inputs"])))
    if isinstance(found, scores.ChildPugh):
        found, letter = found
        if letter != case["category"]:
            return f"{case['key']}: class {letter}, expected {case['category']}"
    if isinstance(found, str):
        return (
            ""
            if found == case["category"]
            else (f"{case['key']}: {found}, expected {case['category']}")
        )
    # 1e-9 only lets a difference that equals the printed tolerance pass in binary arithmetic.
    close = abs(found - case["value"]) <= case["tolerance"] + 1e-9
    return "" if close else f"{case['key']}: {found}, expected {case['value']}"


def test_every_worked_example_agrees():
    cases = ledger.table("score_cases").to_dict("records")
    assert len(cases) == 116 and {case["score"] for case in cases} == set(CALLS)
    assert [problem for case in cases if (problem := disagreement(case))] == []
    spoilt = [
        case | {"value": case["value"] + 2 * case["tolerance"] + 1e-6, "category": "D"}
        for case in cases
    ]
    assert all(disagreement(case) for case in spoilt)


PATIENT = {
    "bilirubin": 2.8,
    "bilirubin_unit": "mg/dL",
    "creatinine": 2.0,
    "creatinine_unit": "mg/dL",
    "inr": 1.8,
}
WHOLE = PATIENT | {"albumin": 3.0, "albumin_unit": "g/dL", "sodium": 130, "sex": "male"}


def test_a_misprint_in_circulation_is_not_reproduced():
    """A public test set prints 18 for this patient."""
    inputs = PATIENT | {"bilirubin": 3, "creatinine": 1.5}
    assert scores.meld(**inputs) == 21


# -- bounds and rounding ---------------------------------------------------------------------------


def test_bounds_hold_at_and_beyond_them():
    for name, low in {"bilirubin": 1, "inr": 1, "creatinine": 1}.items():
        assert scores.meld(**PATIENT | {name: low * 0.6}) == scores.meld(**PATIENT | {name: low})
        assert scores.meld(**PATIENT | {name: low * 1.6}) > scores.meld(**PATIENT | {name: low})
    for score, highest in ((scores.meld, 4), (lambda **x: scores.meld_3(**WHOLE | x), 3)):
        at, beyond, below = (
            score(**PATIENT | {"creatinine": highest + step}) for step in (0, 5, -0.7)
        )
        assert at == beyond == score(**PATIENT, dialysis=True) > below
    for sodium, bound in ((110, 125), (145, 137)):
        for score in (scores.meld_na, scores.meld_3):
            inputs = PATIENT if score is scores.meld_na else WHOLE
            assert score(**inputs | {"sodium": sodium}) == score(**inputs | {"sodium": bound})
    for albumin, bound in ((1.2, 1.5), (4.4, 3.5)):
        assert scores.meld_3(**WHOLE | {"albumin": albumin}) == scores.meld_3(
            **WHOLE | {"albumin": bound}
        )


def test_scores_stay_between_6_and_40():
    worst = PATIENT | {"bilirubin": 40, "creatinine": 4, "inr": 8}
    assert scores.meld(**worst) == scores.meld_na(sodium=120, **worst) == 40
    assert scores.meld(**PATIENT | {"bilirubin": 0.2, "creatinine": 0.2, "inr": 0.8}) == 6
    capped, free = (scores.meld_3(**WHOLE | worst, capped=capped) for capped in (True, False))
    assert capped == 40 < free


def test_sodium_counts_only_above_meld_11():
    at_11 = {
        "bilirubin": 1.2,
        "bilirubin_unit": "mg/dL",
        "creatinine": 1.2,
        "creatinine_unit": "mg/dL",
        "inr": 1.2,
    }
    assert scores.meld(**at_11) == 11 == scores.meld_na(sodium=125, **at_11)
    assert (
        scores.meld_na(sodium=125, **at_11 | {"inr": 1.35})
        > scores.meld(**at_11 | {"inr": 1.35})
        > 11
    )


def test_halves_go_up():
    halves = [0.5, 1.5, 2.5, 22.5, 0.15, 2.675]
    assert [scores.round_half_up(value) for value in halves[:4]] == [1, 2, 3, 23]
    assert [scores.round_half_up(value, digits) for value, digits in ((0.15, 1), (2.675, 2))] == [
        0.2,
        2.68,
    ]
    assert scores.round_half_up(22.499) == 22 and scores.round_half_up(-2.5) == -2
    assert round(22.5) == 22 and round(2.675, 2) != 2.68  # what plain rounding would do


def test_child_pugh_limits_belong_to_the_middle_band():
    mild = {
        "bilirubin": 1,
        "bilirubin_unit": "mg/dL",
        "albumin": 4,
        "albumin_unit": "g/dL",
        "inr": 1,
        "ascites": "none",
        "encephalopathy": "none",
    }
    assert scores.child_pugh(**mild) == (5, "A")
    for name, inside, outside in (
        ("bilirubin", (2, 3), (1.99, 3.01)),
        ("inr", (1.7, 2.3), (1.69, 2.31)),
        ("albumin", (3.5, 2.8), (3.51, 2.79)),
    ):
        assert [scores.child_pugh(**mild | {name: value}).points for value in inside] == [6, 6], (
            name
        )
        assert [scores.child_pugh(**mild | {name: value}).points for value in outside] == [5, 7], (
            name
        )
    for name, by_grade in (("ascites", [5, 6, 7, 7]), ("encephalopathy", [5, 6, 6, 7, 7])):
        assert [
            scores.child_pugh(**mild | {name: grade}).points for grade in range(len(by_grade))
        ] == by_grade
    in_si = mild | {
        "bilirubin": 34.2,
        "bilirubin_unit": "µmol/L",
        "albumin": 35,
        "albumin_unit": "g/L",
    }
    assert scores.child_pugh(**in_si).points == 7


def test_cut_offs():
    assert [scores.albi_grade(value) for value in (-2.61, -2.6, -2.59, -1.39, -1.38)] == [
        1,
        1,
        2,
        2,
        3,
    ]
    masld = [scores.fib4_category(x, cause="MASLD", age_years=50) for x in (1.29, 1.3, 2.66, 2.67)]
    viral = [scores.fib4_category(x, cause="viral", age_years=70) for x in (1.44, 1.45, 3.25, 3.26)]
    assert masld == viral == ["low", "indeterminate", "indeterminate", "high"]
    assert scores.fib4_category(1.9, cause="MASLD", age_years=65) == "low"
    assert scores.fib4_category(0.4, cause="viral", age_years=40) == "low"
    for survival in (scores.meld_survival_90_days, scores.meld_3_survival_90_days):
        assert survival(40) < survival(6)
        for outside in (5.9, 40.1):
            with pytest.raises(ValueError, match="at least 6 and at most 40"):
                survival(outside)
    assert scores.nafld_category(0, age_years=65) == "low" != scores.nafld_category(0, age_years=64)
    assert [scores.maddrey_is_severe(x) for x in (31.99, 32)] == [False, True]
    assert (
        scores.meld_3(**WHOLE, age_years=17)
        == scores.meld_3(**WHOLE | {"sex": "female"})
        > scores.meld_3(**WHOLE)
    )
    assert scores.meld_3(**WHOLE, age_years=18) == scores.meld_3(**WHOLE)
    with pytest.raises(scores.UnknownGrade, match="'viral' or 'MASLD'"):
        scores.fib4_category(1, cause="HCV", age_years=50)


def test_the_virtual_patients_have_their_expected_scores():
    checked, wrong = 0, []
    for row in ledger.table("patients").to_dict("records"):
        values = {
            name: row[f"{name}_{unit}"]
            for name, unit in (("bilirubin", "mg_dl"), ("creatinine", "mg_dl"), ("albumin", "g_dl"))
        }
        lab = {**values, **{f"{name}_unit": unit for name, unit in US.items()}, "inr": row["inr"]}
        grades = {"ascites": int(row["ascites_code"]), "encephalopathy": int(row["he_grade"])}
        of_meld = {name: value for name, value in lab.items() if not name.startswith("albumin")}
        of_meld["dialysis"] = bool(row["dialysis"])
        liver = {name: value for name, value in lab.items() if not name.startswith("creatinine")}
        found = (
            scores.meld(**of_meld),
            scores.meld_na(sodium=row["sodium_mmol_l"], **of_meld),
            scores.meld_3(
                sodium=row["sodium_mmol_l"], sex=row["sex"], **lab, dialysis=of_meld["dialysis"]
            ),
            *scores.child_pugh(**liver, **grades),
        )
        expected = tuple(
            row[f"expected_{name}"]
            for name in ("meld", "meld_na", "meld_3", "child_pugh_points", "child_pugh_class")
        )
        checked += 1
        wrong += [(row["key"], found, expected)] if found != expected else []
    assert checked == 12 and wrong == []


# -- units -----------------------------------------------------------------------------------------


def test_limits_are_in_the_unit_that_the_scores_compute_in():
    for analyte, about in scores.ANALYTES.items():
        assert ledger.number(f"scores/limits-{analyte}").unit == next(iter(about.units)), analyte
    assert len(scores.ANALYTES) == 13


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(US)), st.floats(0, 1))
def test_a_unit_and_back_is_where_we_started(analyte, share):
    low, high = scores.bounds(f"limits-{analyte}")
    value = low + share * (high - low)
    there = scores.convert(analyte, value, US[analyte], SI[analyte])
    assert scores.convert(analyte, there, SI[analyte], US[analyte]) == pytest.approx(
        value, rel=1e-9
    )
    # a conversion that does nothing would pass the line above
    assert there != pytest.approx(value, rel=0.5)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.2, 40),
    st.floats(0.3, 9),
    st.floats(1, 5.5),
    st.floats(0.8, 6),
    st.integers(110, 150),
)
def test_the_unit_does_not_change_a_score(bilirubin, creatinine, albumin, inr, sodium):
    us = {"bilirubin": bilirubin, "creatinine": creatinine, "albumin": albumin}
    si = {name: scores.convert(name, value, US[name], SI[name]) for name, value in us.items()}
    both = [
        {
            **values,
            **{f"{name}_unit": units[name] for name in US},
            "inr": inr,
            "sodium": sodium,
            "sex": "F",
        }
        for values, units in ((us, US), (si, SI))
    ]
    without = [
        {name: x[name] for name in x if name.split("_")[0] not in ("albumin", "sex")} for x in both
    ]
    assert scores.meld_3(**both[0], rounded=False) == pytest.approx(
        scores.meld_3(**both[1], rounded=False)
    )
    assert scores.meld_na(**without[0], rounded=False) == pytest.approx(
        scores.meld_na(**without[1], rounded=False)
    )
    albi = [
        {name: x[name] for name in ("bilirubin", "bilirubin_unit", "albumin", "albumin_unit")}
        for x in both
    ]
    assert scores.albi(**albi[0]) == pytest.approx(scores.albi(**albi[1]))
    assert scores.albi(**albi[0] | {"bilirubin": bilirubin / 2}) < scores.albi(**albi[0])


@settings(max_examples=60, deadline=None)
@given(st.floats(0.1, 80), st.floats(0.1, 30), st.floats(0.5, 10))
def test_meld_never_falls_when_a_value_gets_worse(bilirubin, creatinine, inr):
    inputs = PATIENT | {"bilirubin": bilirubin, "creatinine": creatinine, "inr": inr}
    points = scores.meld(**inputs)
    assert 6 <= points <= 40 and points == int(points)
    for name, most in (("bilirubin", 80), ("creatinine", 30), ("inr", 10)):
        assert scores.meld(**inputs | {name: min(inputs[name] * 1.3, most)}) >= points


def test_spellings_of_micro():
    spelt = {
        scores.convert("bilirubin", 34.2, unit, "mg/dL") for unit in ("µmol/L", "umol/L", "μmol/L")
    }
    assert spelt == {2.0}
    assert not math.isclose(scores.convert("creatinine", 34.2, "umol/L", "mg/dL"), 2.0)


# -- refused ---------------------------------------------------------------------------------------

IMPOSSIBLE = [
    (
        {"bilirubin": 340},
        (
            r"bilirubin = 340 mg/dL .*If 340 µmol/L is meant "
            r".*bilirubin_unit='µmol/L'"
        ),
    ),
    (
        {"bilirubin": 0.9, "bilirubin_unit": "µmol/L"},
        (
            r"0\.9 µmol/L .*If 0\.9 mg/dL is meant "
            r".*bilirubin_unit='mg/dL'"
        ),
    ),
    ({"creatinine": 88}, r"creatinine = 88 mg/dL .* creatinine_unit='µmol/L'"),
    (
        {"creatinine": 1.1, "creatinine_unit": "umol/L"},
        (
            r"creatinine = 1\.1 µmol/L .* "
            r"creatinine_unit='mg/dL'"
        ),
    ),
    ({"albumin": 38}, r"albumin = 38 g/dL .* albumin_unit='g/L'"),
    (
        {"albumin": 3.8, "albumin_unit": "g/L"},
        (
            r"albumin = 3\.8 g/L .*5 to 70 g/L.* "
            r"albumin_unit='g/dL'"
        ),
    ),
    ({"inr": 14}, "INR = 14 .*seconds"),
    ({"inr": 70}, "per cent"),
    ({"sodium": 4.1}, "potassium"),
    ({"bilirubin": -1}, "decimal point"),
    ({"bilirubin": 1e6}, "decimal point"),
    ({"creatinine": 0}, "decimal point"),
]


@pytest.mark.parametrize(("change", "hint"), IMPOSSIBLE)
def test_an_impossible_value_names_the_likely_mistake(change, hint):
    assert scores.meld_3(**WHOLE) == 28
    with pytest.raises(scores.ImpossibleValue, match=hint):
        scores.meld_3(**WHOLE | change)


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"platelets": 150_000}, "per µL.*1000"),
        ({"ast": 0.6}, "µkat/L.*60"),
        ({"alt": 0.5}, "µkat/L.*60"),
        ({"age_years": 1968}, "year of birth"),
        ({"bmi": 0.003}, "centimetres"),
    ],
)
def test_an_impossible_value_of_the_fibrosis_scores(change, hint):
    inputs = {
        "age_years": 50,
        "bmi": 30,
        "diabetes": False,
        "ast": 40,
        "alt": 50,
        "platelets": 150,
        "albumin": 4,
        "albumin_unit": "g/dL",
    }
    assert math.isfinite(scores.nafld_score(**inputs))
    with pytest.raises(scores.ImpossibleValue, match=hint):
        scores.nafld_score(**inputs | change)


@pytest.mark.parametrize(
    ("change", "error", "hint"),
    [
        (
            {"bilirubin_unit": "mg/dl"},
            scores.UnknownUnit,
            ("bilirubin_unit='mg/dl' is not known. Write 'mg/dL' or 'µmol/L'"),
        ),
        ({"albumin_unit": "mg/dL"}, scores.UnknownUnit, "Write 'g/dL' or 'g/L'"),
        ({"sex": "w"}, scores.UnknownGrade, "female"),
        ({"bilirubin": None}, scores.ScoreError, "bilirubin is None, which is not a number"),
        ({"inr": float("nan")}, scores.ScoreError, "INR is nan"),
        ({"sodium": True}, scores.ScoreError, "sodium is True"),
        ({"albumin": "3.5"}, scores.ScoreError, "albumin is '3.5'"),
    ],
)
def test_what_is_not_a_measurement_is_refused(change, error, hint):
    with pytest.raises(error, match=hint):
        scores.meld_3(**WHOLE | change)


def test_a_unit_must_be_given():
    inputs = {name: value for name, value in PATIENT.items() if name != "bilirubin_unit"}
    with pytest.raises(TypeError, match="bilirubin_unit"):
        scores.meld(**inputs)


@pytest.mark.parametrize(
    "grade", [{"ascites": "lots"}, {"ascites": 4}, {"encephalopathy": 5}, {"ascites": True}]
)
def test_unknown_grades_are_refused(grade):
    inputs = {
        "bilirubin": 1,
        "bilirubin_unit": "mg/dL",
        "albumin": 4,
        "albumin_unit": "g/dL",
        "inr": 1,
        "ascites": "none",
        "encephalopathy": "none",
    }
    with pytest.raises(scores.UnknownGrade, match="is not a grade. Write 0 to"):
        scores.child_pugh(**inputs | grade)
