"""What a caller gives by mistake: each function of the analyses and scores that takes a flag, names,
counts, times or a grade refuses what it cannot use, naming the argument and the value."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from hepatica.analysis import (
    eligibility,
    mayo,
    pooling,
    sequential,
    specifications,
    survival,
    trials,
)
from hepatica.model import given
from hepatica.models import scores

LIVER = {"bilirubin": 2.8, "bilirubin_unit": "mg/dL", "inr": 1.8}
MELD = {**LIVER, "creatinine": 1.2, "creatinine_unit": "mg/dL"}
CHILD = {**LIVER, "albumin": 3.0, "albumin_unit": "g/dL", "encephalopathy": 0}
FATTY = {"age_years": 50, "bmi": 30, "ast": 40, "alt": 40, "platelets": 200, "albumin": 4}


def studies(**changed) -> pd.DataFrame:
    """Three studies to pool, some cells written anew."""
    made = {"trial": ["A", "B", "C"], "measure": "MD", "yi": [1.0, 2.0, 3.0], "vi": [1.0, 0.5, 2.0]}
    return pd.DataFrame(made | changed)


def patients(**changed) -> pd.DataFrame:
    """Four patients who were followed."""
    made = {"days": [10, 20, 30, 40], "outcome": ["death", "censored", "transplant", "death"]}
    return pd.DataFrame(made | {"score": [4.0, 3.0, 2.0, 1.0]} | changed)


CURVE = survival.kaplan_meier(patients())
NOTHING = dict.fromkeys(specifications.AXES, "")

WRONG = {
    "flag as a word": (lambda: scores.meld(**MELD, dialysis="maybe"), "dialysis='maybe'"),
    "flag as a digit in quotes": (
        lambda: scores.nafld_score(**FATTY, albumin_unit="g/dL", diabetes="0"),
        "diabetes='0'",
    ),
    "no flag": (lambda: scores.meld_na(**MELD, sodium=135, dialysis=None), "dialysis=None"),
    "flag of an analysis": (lambda: trials.pool(studies(), knapp_hartung="off"), "knapp_hartung"),
    "grade beyond the last": (lambda: scores.child_pugh(**CHILD, ascites=9), "ascites=9"),
    "grade in a list": (
        lambda: scores.child_pugh(**CHILD, ascites=["mild"]),
        r"ascites=\['mild'\]",
    ),
    "score of nobody": (lambda: scores.albi_grade(math.nan), "score=nan"),
    "unknown analyte": (lambda: scores.convert("iron", 1, "mg/dL", "g/dL"), "analyte='iron'"),
    "variance of zero": (lambda: trials.pool(studies(vi=[0, 1, 1])), "study A: vi.*=0 is out of"),
    "variance below zero": (lambda: trials.pool(studies(vi=[1, -1, 1])), "study B: vi.*=-1 is"),
    "variance missing": (lambda: trials.pool(studies(vi=[1, 1, math.nan])), "study C: vi.*nan"),
    "variance without end": (
        lambda: trials.egger(studies(vi=[1, 1, math.inf])),
        "study C: vi.*inf",
    ),
    "effect without end": (lambda: trials.funnel(studies(yi=[1, 1, math.inf])), "study C: yi=inf"),
    "study twice": (lambda: trials.pool(studies(trial=["A", "B", "A"])), "study 'A' twice"),
    "no variances": (lambda: trials.pool(studies().drop(columns="vi")), "no column 'vi'"),
    "no frame": (lambda: trials.leave_one_out([1, 2]), "no column 'trial'"),
    "unknown group": (lambda: trials.subgroups(studies(), "regoin"), "by='regoin'"),
    "twelve dead of ten": (lambda: trials.fragility(12, 10, 3, 10), "a=12 of n1=10"),
    "half a person": (lambda: trials.fragility(1.5, 10, 3, 10), "a=1.5 is no whole number"),
    "more events than people": (
        lambda: trials.mantel_haenszel([1, 12], [10, 10], [3, 3], [10, 10]),
        "a=12 of n1=10",
    ),
    "arms of two lengths": (lambda: trials.peto([1, 2], [10], [3, 3], [10, 10]), "one length"),
    "counts that are missing": (lambda: trials.peto([math.nan], [10], [3], [10]), "a=nan"),
    "names as one word": (lambda: trials.studies("deaths", trials="Garg2012"), "trials='Garg2012'"),
    "months the wrong way": (lambda: trials.studies("deaths", months=(6, 3)), r"months=\(6, 3\)"),
    "months before": (lambda: trials.studies("deaths", months=-1), "months=-1"),
    "correction below zero": (lambda: trials.studies("deaths", continuity=-1), "continuity=-1"),
    "unknown outcome of trials": (lambda: trials.studies("Death"), "'Death'. Write one of: deaths"),
    "unknown pool": (lambda: trials.recomputed("none"), "key='none'"),
    "unknown outcome": (lambda: mayo.mayo_count("Death"), "outcome='Death'.*censored, .*death"),
    "unknown cause": (lambda: mayo.mayo_incidence(1, 2, "Death"), "cause='Death'"),
    "unknown column": (lambda: mayo.mayo_sum(2, "km"), "column='km'"),
    "unknown grade": (lambda: mayo.mayo_survival(4, 2), "grade=4"),
    "outcome with a capital": (
        lambda: survival.kaplan_meier(patients(outcome=["Death", "death", "death", "death"])),
        "outcome='Death'.*death",
    ),
    "days below zero": (lambda: survival.kaplan_meier(patients(days=[-1, 2, 3, 4])), "days=-1"),
    "days missing": (
        lambda: survival.cumulative_incidence(patients(days=[1, 2, 3, None])),
        "days=nan",
    ),
    "years that fall": (lambda: survival.at_times(CURVE, [2, 1]), "years holds 1 after 2"),
    "years below zero": (lambda: survival.at_times(CURVE, [-1, 1]), "years=-1"),
    "one year": (lambda: survival.numbers_at_risk(patients(), years=5), "years=5 is no list"),
    "scores as one word": (lambda: survival.discrimination(patients(), "score"), "names='score'"),
    "variables as one word": (
        lambda: survival.predicted_risk(patients(), patients(), "score"),
        "variables='score'",
    ),
    "measurements as one word": (lambda: survival.missingness("albi"), "measurements='albi'"),
    "kinds as one word": (
        lambda: survival.areas(
            np.ones(2), np.array(["death"] * 2), np.ones(2), np.ones(1), "death"
        ),
        "kinds='death'",
    ),
    "scores missing": (
        lambda: survival.concordance([1, 2], [True, False], [1.0, math.nan]),
        "score=nan",
    ),
    "events that are no flags": (
        lambda: survival.concordance([1, 2], [3, 0], [1.0, 2.0]),
        "happened=3",
    ),
    "arrays of two lengths": (lambda: survival.concordance([1], [1, 0], [1.0, 2.0]), "1 days, 2"),
    "one fold": (lambda: survival.cross_validated_risk(patients(), ["score"], folds=1), "folds=1"),
    "a step of nothing": (lambda: survival.trajectories("albi", step=0), "step=0"),
    "a code as a word": (lambda: eligibility.facts("V01", compensated="no"), "compensated: 'no'"),
    "a grade that is not": (lambda: eligibility.facts("V01", he_grade=7), "he_grade: 7"),
    "a number as a word": (lambda: eligibility.judge({"inr": "1.2"}, "REALISTIC"), "inr='1.2'"),
    "no patient": (lambda: eligibility.screen(3), "patient=3"),
    "no rules": (lambda: eligibility.judge("V01", [3]), r"rule_set=\[3\]"),
    "a risk above one": (lambda: sequential.people_needed(20, 0.5), "control=20"),
    "looks that go back": (lambda: sequential.boundaries([0.5, 0.2]), "times holds 0.2 after 0.5"),
    "a prior of no width": (lambda: sequential.posterior(1, 1, 0, 1), "factor=1"),
    "unknown model": (lambda: specifications.effect([(1, 9, 2, 9)], "RR", "dl"), "model='dl'"),
    "unknown choice": (lambda: specifications.fits({**NOTHING, "zero": "none"}), "zero='none'"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_names_argument_and_value(mistake):
    call, words = WRONG[mistake]
    with pytest.raises(given.GivenError, match=words):
        call()


def test_what_means_the_same_is_read_alike():
    plain = scores.child_pugh(**CHILD, ascites=1)
    assert plain == scores.child_pugh(**CHILD, ascites=np.int64(1))
    told = {
        scores.meld(**MELD, dialysis=each) for each in ("no", False, 0, np.int64(0), np.bool_(0))
    }
    assert told == {scores.meld(**MELD)}
    assert scores.meld(**MELD, dialysis="yes") == scores.meld(**MELD, dialysis=1) > min(told)
    assert survival.concordance([1, 2], [1, 0], [2.0, 1.0]) == survival.concordance(
        np.array([1, 2]), np.array([True, False]), np.array([2.0, 1.0])
    )
    assert trials.fragility(*map(np.int64, (7, 23, 17, 24))) == trials.fragility(7, 23, 17, 24)


# -- any value at all ------------------------------------------------------------------------------

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=3),
    st.integers(-3, 50),
    st.floats(),
    st.sampled_from([np.int64(1), np.float64(0.5), np.bool_(True), np.array([1.0]), (), [1], {}]),
)

CALLS = {
    "fragility": (trials.fragility, (7, 23, 17, 24)),
    "people needed": (sequential.people_needed, (0.2, 0.5)),
    "posterior": (sequential.posterior, (1.0, 3.0, -0.2, 0.3)),
    "boundaries": (lambda *times: sequential.boundaries(times), (0.2, 0.6, 1.0)),
    "variance between": (lambda *v: pooling.tau2_of([1, 2, 3], v, "DL"), (1.0, 0.5, 2.0)),
    "pool": (
        lambda y, v, flag: trials.pool(studies(yi=[y, 2, 3], vi=[v, 0.5, 2]), "DL", flag).se,
        (1.0, 0.5, True),
    ),
    "effect of one trial": (lambda *arms: sum(trials_ratio(*arms)), (1, 10, 2, 10)),
    "meld": (
        lambda inr, dialysis: scores.meld(**{**MELD, "inr": inr}, dialysis=dialysis),
        (1.8, 0),
    ),
    "child-pugh": (lambda grade: scores.child_pugh(**CHILD, ascites=grade)[0], (1,)),
    "count of patients": (mayo.mayo_count, ("death",)),
    "facts": (
        lambda grade: eligibility.facts("V01", he_grade=grade)["child_pugh_score"] or 0,
        (1,),
    ),
}


def trials_ratio(*arms):
    return [each for each in pooling_ratio(*arms) if not math.isnan(each)]


def pooling_ratio(*arms):
    from hepatica.analysis.effects import ratio

    return ratio(*arms)


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=12, deadline=None, derandomize=True)
@drawn(data=st.data())
def test_anything_is_refused_or_gives_a_number(name, data):
    """One argument is replaced by anything: a GivenError says so, or a finite number comes."""
    call, sound = CALLS[name]
    at, odd = data.draw(st.integers(0, len(sound) - 1)), data.draw(ANYTHING)
    arguments = [*sound[:at], odd, *sound[at + 1 :]]
    try:
        found = call(*arguments)
    except given.GivenError as error:
        assert len(str(error)) > 15
        return
    assert np.all(np.isfinite(found)), (name, arguments, found)


def test_the_sound_arguments_are_taken():
    for name, (call, sound) in CALLS.items():
        assert np.all(np.isfinite(call(*sound))), name


# -- every public function with a flag or names ----------------------------------------------------

MODULES = (eligibility, mayo, pooling, scores, sequential, specifications, survival, trials)


def test_docstrings_say_what_is_refused():
    """A public function that raises of itself says so in its docstring, or its module does."""
    checked = 0
    for module in MODULES:
        for name, made in inspect.getmembers(module, inspect.isfunction):
            body = inspect.getsource(made)
            if name.startswith("_") or made.__module__ != module.__name__ or "given." not in body:
                continue
            told = f"{made.__doc__} {module.__doc__}"
            assert "GivenError" in told or "Raises" in told or "raises" in told, name
            checked += 1
    assert checked > 15
