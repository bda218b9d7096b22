"""The checks of exercises: right answers pass, wrong ones meet the likely reason."""

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


def test_an_error_in_the_students_code_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        check("the answer", lambda: 1 / 0, 8)


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
