"""Sentences and questions written as texts say what their brackets said,
and broken ones are refused."""

from __future__ import annotations

import pytest

from hepatica.cards.parts.predict import Predict, PredictionError
from hepatica.cards.parts.shapes import asked, rules


def test_sentences_keep_their_order_conditions_and_words():
    found = rules("""
        (time < 5) & (CPA > 2)
            Infected, and nothing
            to notice: {time:0f}.

        otherwise
            Year {time:0f}.
    """)
    assert found == [
        ("(time < 5) & (CPA > 2)", "Infected, and nothing to notice: {time:0f}."),
        (None, "Year {time:0f}."),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a < 1\notherwise\n    Words.", "“a < 1” has no sentence"),
        ("a < 1\n    Words.\notherwise", "“otherwise” has no sentence"),
        ("    Words.\na < 1\n    More words.", "stands below no condition"),
    ],
)
def test_broken_sentences_are_refused(text, says):
    with pytest.raises(ValueError, match=says):
        rules(text)


def test_a_question_keeps_its_options_conditions_and_replies():
    found = asked("""
        In how many has the liver
        made itself **noticed**?
        * About fifty:
          half of them.
            right if noticed > 35
        * Three or four.
            right if noticed <= 35
            Nearly all are squares.
            Now press Play.
    """)
    assert found == Predict(
        "In how many has the liver made itself **noticed**?",
        (
            ("About fifty: half of them.", "noticed > 35", ""),
            ("Three or four.", "noticed <= 35", "Nearly all are squares. Now press Play."),
        ),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("How many?", "has no options"),
        ("How many?\n* Few.", "“Few.” needs one line"),
        ("How many?\n* Few.\n    right if a < 1\n    right if a < 2", "“Few.” needs one line"),
    ],
)
def test_a_broken_question_is_refused(text, says):
    with pytest.raises(PredictionError, match=says):
        asked(text)
