"""The checks of exercises: right answers pass, wrong ones meet the likely reason."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from hepatica.exercises import NotYet, check, check_raises


def stub():
    raise NotImplementedError("not done yet")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (8, 8),
        (8.05, 8.0),
        (np.float64(8), 8),
        (np.array(8.0), 8),
        (lambda: 8, 8),
        (0.0, 0),
        ("F2", "f2 "),
        (True, True),
        (np.bool_(False), False),
        ([1, 2], (1, 2)),
        (pd.Series([1.0, 2.0], index=[5, 6]), [1, 2]),
    ],
)
def test_right_answers_pass_and_print_one_line(answer, expected, capsys):
    check("the answer", answer, expected, unit="mmHg")
    printed = capsys.readouterr().out
    assert printed.startswith("correct: the answer is ") and printed.count("\n") == 1


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (None, 8, "return"),
        (..., 8, "'...'"),
        (stub, 8, "empty stub"),
        (lambda x: x, 8, "call it"),
        ("8", 8, "one number"),
        (True, 1, "one number"),
        ([8], 8, "one number"),
        (8, "F2", "a text"),
        (1, True, "True or False"),
        (8, [8, 9], "several numbers"),
        (-8, 8, "sign"),
        (8000, 8, "1000 times too large"),
        (0.008, 8, "1000 times too small"),
        (0.8, 80, "fraction where per cent"),
        (80, 8, "decimal point"),
        (8 * 365, 8, ("days against years")),
        (9, 8, "too large"),
        (7, 8, "too small"),
        (float("nan"), 8, "division by zero"),
        (float("inf"), 8, "division"),
        ("F3", "F2", "not right"),
        (False, True, "not right"),
        ([1, 2, 3], [1, 2], "3 values; 2"),
        ([1, 20], [1, 2], "[1] is 20"),
        ([1, None], [1, 2], "[1] is None"),
    ],
)
def test_wrong_answers_meet_the_likely_reason(answer, expected, words):
    with pytest.raises(AssertionError) as caught:
        check("the answer", answer, expected)
    assert words in str(caught.value) and str(caught.value).startswith("the answer")


def test_a_foreseen_mistake_is_explained():
    with pytest.raises(NotYet, match="added the two"):
        check("the gradient", 20, 8, unit="mmHg", why={20: "you added the two pressures"})
    check("the gradient", 8, 8, why={8.01: "too close to a right answer to be a mistake"})


def ratio(a, b):
    return a / b


def endless(n):
    return endless(n + 1)


def silent():
    """Returns nothing."""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda: ratio(1, 0), ("“return a / b”", "ends in ZeroDivisionError: ")),
        (lambda: endless(0), ("“return endless(n + 1)”", "ends in RecursionError: ")),
        (lambda: silent()[0], ("cannot go on with what your code returned", "NoneType")),
        (lambda: sorted([1, "a"]), ("cannot go on", "TypeError")),
        (lambda: max(map(ratio, [1], [0])), ("“return a / b”",)),
    ],
)
def test_an_error_is_one_sentence_with_the_students_own_line(answer, words):
    with pytest.raises(NotYet) as caught:
        check("the answer", answer, 8)
    said = str(caught.value)
    assert all(each in said for each in words), said
    assert "\n" not in said and caught.value.__suppress_context__


def test_an_error_in_a_library_names_the_line_that_called_it():
    def parsed():
        return pd.read_csv("there is no such file")

    with pytest.raises(NotYet, match="“return pd.read_csv"):
        check("the answer", lambda: parsed(), 8)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_what_stops_a_run_is_no_wrong_answer(stop):
    def run():
        raise stop

    with pytest.raises(stop):
        check("the answer", run, 8)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((8, [1]), "should be one number, and is 8, 1 (tuple)"),
        ((3, 5), "decimal point"),
        ("3,5", "decimal point"),
        (lambda: 10**400, "is inf"),
        (lambda: -(10**400), "is -inf"),
        ([1, [2]], "should be one number"),
        ({1, 2}, "should be one number"),
    ],
)
def test_odd_answers_are_judged(answer, words):
    with pytest.raises(NotYet) as caught:
        check("the answer", answer, 8)
    assert words in str(caught.value)


def test_what_rounding_leaves_of_nought_is_shown_as_nought(capsys):
    check("the answer", -2e-15, 0, unit="%", rel=1)
    assert "is 0 %" in capsys.readouterr().out


def test_the_checks_need_nothing_but_python():
    """They run on a page too, where there is no numpy."""
    code = (
        "import sys; sys.modules.update(numpy=None, pandas=None, scipy=None); "
        "from hepatica.exercises import check; check('it', [1, 2.5], (1, 2.5))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_check_that_cannot_compare_is_the_authors_error():
    with pytest.raises(TypeError, match="cannot compare"):
        check("the answer", 8, object())


def test_jupyter_shows_the_sentence_alone():
    assert NotYet("x is 1")._render_traceback_() == ["Not yet: x is 1"]


def test_check_raises(capsys):
    def strict(value):
        if value < 0:
            raise ValueError("negative")
        return value

    check_raises("a negative pressure", lambda: strict(-1), ValueError)
    assert "raises ValueError" in capsys.readouterr().out
    with pytest.raises(NotYet, match="gave 1"):
        check_raises("a negative pressure", lambda: strict(1), ValueError)
    with pytest.raises(NotYet, match="empty stub"):
        check_raises("a negative pressure", stub, ValueError)
