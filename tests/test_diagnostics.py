"""Tests as natural frequencies: whole people that add up, exact predictive values,
and the same in JavaScript."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from hepatica import ledger
from hepatica.models import diagnostics
from hepatica.models.diagnostics import natural_frequencies, published_tests, tested_people
from tools.node import run_js

GROUPS = ("true_positive", "false_negative", "false_positive", "true_negative")
# Worked out by hand from the formula of Bayes, per cent to the nearest whole one: (test,
# prevalence): (ppv, npv).
BY_HAND = {
    ("fib-4", 5): (9, 98),
    ("fib-4", 30): (45, 83),
    ("fib-4", 50): (66, 67),
    ("stiffness-masld-f3", 15): (41, 98),
    ("stiffness-alcohol-f3", 30): (57, 95),
    ("stiffness-hbv-f4", 5): (25, 99),
    ("stiffness-mixed-f4", 50): (94, 86),
    ("pathway-masld-f3", 15): (45, 93),
}


def test_people_are_whole_and_add_up():
    rng, checked = np.random.default_rng(1), 0
    for _ in range(300):
        people = int(rng.choice([10, 100, 1000]))
        given = rng.uniform(1, 100, 3)
        found = natural_frequencies(*given, people)
        counts = [getattr(found, group) for group in GROUPS]
        assert (
            sum(counts) == people
            and min(counts) >= 0
            and all(isinstance(count, int) for count in counts)
        )
        assert abs(counts[0] + counts[1] - people * given[2] / 100) <= 0.5 + 1e-6
        assert len(found.icons()) == people
        checked += 1
    assert checked == 300
    # each group rounded by itself
    naive = [round(100 * share) for share in (0.145, 0.045, 0.246, 0.564)]
    assert sum(naive) != 100


@pytest.mark.parametrize("name, prevalence", BY_HAND)
def test_predictive_values(name, prevalence):
    found = published_tests()[name].among(prevalence)
    assert (found.ppv, found.npv) == pytest.approx(BY_HAND[name, prevalence], abs=0.51)
    swapped = natural_frequencies(
        published_tests()[name].specificity, published_tests()[name].sensitivity, prevalence
    )
    assert (swapped.ppv, swapped.npv) != pytest.approx(BY_HAND[name, prevalence], abs=0.51)


def test_nobody_has_it_or_everybody():
    none, everybody = natural_frequencies(90, 80, 0), natural_frequencies(90, 80, 100)
    assert (none.true_positive, none.false_positive, none.ppv, none.npv) == (0, 20, 0, 100)
    assert (everybody.true_positive, everybody.false_negative, everybody.ppv, everybody.npv) == (
        90,
        10,
        100,
        0,
    )
    assert (
        natural_frequencies(100, 100, 0).ppv is None
        and natural_frequencies(100, 50, 100).npv is None
    )
    assert natural_frequencies(90, 80, 50).ppv is not None


MISTAKES = {
    "share instead of per cent": ((0.69, 64, 30), "write per cent, 69 and not 0.69"),
    "above all": ((69, 164, 30), "specificity = 164 is not between 0 and 100"),
    "below nothing": ((69, 64, -1), "prevalence = -1"),
    "half a person": ((69, 64, 30, 99.5), "whole number"),
    "too few": ((69, 64, 30, 3), "people = 3 patients is outside 10 to 1000"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_explained(mistake):
    arguments, advice = MISTAKES[mistake]
    with pytest.raises(ValueError, match=advice):
        natural_frequencies(*arguments)


def test_published_tests_have_sources_and_beat_a_coin():
    tests = published_tests()
    assert len(tests) >= 10 and {"fib-4", "stiffness-masld-f3", "stiffness-alcohol-f4"} <= set(
        tests
    )
    for test in tests.values():
        assert ledger.reference(test.source).link and "sensitivity" not in test.label, test.key
        assert test.sensitivity + test.specificity > 100, test.key
    rows = ledger.table("scores").set_index("key")
    # half a test is none
    assert "fib-4-65-usual-cut" not in tests and "fib-4-65-usual-cut-specificity" in rows.index
    assert all(
        rows.loc[f"{key}-specificity", "source"] == test.source for key, test in tests.items()
    )


RUN = """import { compileModel, evaluateModel } from "./engine/solver.js";
---
const model = compileModel(data.model);
return data.sets.map((values) => evaluateModel(model, values));
"""


def test_javascript_counts_the_same_people(tmp_path):
    rng = np.random.default_rng(3)
    sets = [
        {
            "people": int(rng.choice([100, 1000])),
            "prevalence": int(rng.integers(0, 101)),
            "sensitivity": int(rng.integers(1, 101)),
            "specificity": int(rng.integers(1, 101)),
        }
        for _ in range(300)
    ]
    found = run_js(RUN, {"model": tested_people.javascript(), "sets": sets}, tmp_path)
    ours = [tested_people.evaluate(**values) for values in sets]
    assert len(found) == 300
    assert all(
        theirs[group] == mine[group]
        for theirs, mine in zip(found, ours, strict=True)
        for group in GROUPS
    )
    assert any(
        theirs[group] != mine[group]
        for theirs, mine in zip(found[1:], ours, strict=False)
        for group in GROUPS
    )


def test_examples_in_the_text():
    result = doctest.testmod(diagnostics)
    assert result.attempted > 0 and result.failed == 0
