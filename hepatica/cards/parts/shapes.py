"""Shapes that recur in the declaration of a card, written as texts instead of nested brackets."""

from __future__ import annotations

from textwrap import dedent

from hepatica.cards.parts.predict import Predict, PredictionError

LAST = "otherwise"
"""The condition of the sentence that holds when no other does."""
IF = "right if "


def rules(text: str) -> list[tuple[str | None, str]]:
    """A card's sentences: each condition at the margin, its sentence below it, indented.

    >>> rules('''
    ...     time < 5
    ...         Infected, and nothing
    ...         to notice.
    ...     otherwise
    ...         Year {time:0f}.
    ... ''')
    [('time < 5', 'Infected, and nothing to notice.'), (None, 'Year {time:0f}.')]

    Raises ValueError for a condition without a sentence and a sentence without a condition.
    """
    found: list[tuple[str, list[str]]] = []
    for line in _lines(text):
        if not line.startswith(" "):
            found.append((line, []))
        elif found:
            found[-1][1].append(line.strip())
        else:
            raise ValueError(
                f"“{line.strip()}” stands below no condition; write one at the margin."
            )
    for condition, sentence in found:
        if not sentence:
            raise ValueError(f"“{condition}” has no sentence; write it below, indented.")
    return [
        (None if condition == LAST else condition, " ".join(sentence))
        for condition, sentence in found
    ]


def asked(text: str, ladder: bool = False) -> Predict:
    """A question with its options, each with the condition under which it is right, and a reply;
    the options of a `ladder` of numbers keep their order.

    >>> asked('''
    ...     How many have noticed?
    ...     * About fifty.
    ...         right if noticed > 35
    ...     * Three or four.
    ...         right if noticed <= 35
    ...         Now press Play.
    ... ''').options
    (('About fifty.', 'noticed > 35', ''), ('Three or four.', 'noticed <= 35', 'Now press Play.'))

    Raises PredictionError for a question without options and an option without one condition.
    """
    question, *options = "\n".join(_lines(text)).split("\n* ")
    if not options:
        raise PredictionError(f"“{question}” has no options; begin each with a star.")
    made = tuple(_option(option) for option in options)
    return Predict(" ".join(question.split()), made, ladder=ladder)


def _option(text: str) -> tuple[str, str, str]:
    """Text, condition and reply of one option; the condition parts the text from the reply."""
    lines = [line.strip() for line in text.splitlines()]
    places = [place for place, line in enumerate(lines) if line.startswith(IF)]
    if len(places) != 1:
        raise PredictionError(f"“{lines[0]}” needs one line “right if …”.")
    place = places[0]
    words, reply = " ".join(lines[:place]), " ".join(lines[place + 1 :])
    return words, lines[place].removeprefix(IF), reply


def _lines(text: str) -> list[str]:
    """The lines of a text from the margin of its first line on, without blank ones."""
    return [line.rstrip() for line in dedent(text).splitlines() if line.strip()]
