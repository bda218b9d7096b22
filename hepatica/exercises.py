"""Checks for exercises: they say what is wrong, in words that help to put it right.

The same checks run in a notebook and on a page of the site, so nothing here needs more than Python's
own library; answers from numpy and pandas are understood all the same.

A check cell of an exercise reads

    check("the gradient of K.", lambda: gradient_mmHg(14, 6), 8, unit="mmHg",
          why={20: "you added the two pressures; the gradient is their difference"})

The ``lambda`` lets the check answer kindly when the function is still a stub. A wrong answer raises
``NotYet``, an ``AssertionError``, so that nbgrader scores the cell; a right one prints one line. An
error in the student's code becomes one sentence with the line of that code.
"""

from __future__ import annotations

import inspect
import linecache
import math
import traceback
from collections.abc import Callable, Mapping
from itertools import islice
from numbers import Real
from pathlib import Path
from typing import Any

SLIPS = [  # factor between answer and expected value, and the likely reason
    (-1, "the sign is the wrong way round"),
    (1000, "it is 1000 times too large: is a unit prefix (milli, kilo) missing?"),
    (1 / 1000, "it is 1000 times too small: is a unit prefix (milli, kilo) missing?"),
    (100, "it is 100 times too large: per cent where a fraction is asked for?"),
    (1 / 100, "it is 100 times too small: a fraction where per cent is asked for?"),
    (10, "it is 10 times too large: look for a slipped decimal point, or dL against L"),
    (1 / 10, "it is 10 times too small: look for a slipped decimal point, or dL against L"),
    (365.25, "it is 365 times too large: days against years?"),
    (1 / 365.25, "it is 365 times too small: days against years?"),
    (24, "it is 24 times too large: hours against days?"),
    (1 / 24, "it is 24 times too small: hours against days?"),
    (60, "it is 60 times too large: minutes against hours, or seconds against minutes?"),
    (1 / 60, "it is 60 times too small: minutes against hours, or seconds against minutes?"),
]


TINY = 1e-12
"""What is smaller is shown as nought: it is what rounding leaves of one."""


LONGEST = 200
"""Letters of a value, or of an error, that are repeated in a message."""


class NotYet(AssertionError):
    """The answer is not right yet; the message says what to look at."""

    def _render_traceback_(self) -> list[str]:
        """Show the message alone in Jupyter: where in the library it was raised helps nobody."""
        return [f"Not yet: {self}"]


def check(
    name: str,
    answer: Any,
    expected: Any,
    *,
    rel: float = 0.01,
    unit: str = "",
    why: Mapping[Any, str] | None = None,
) -> None:
    """Compare an answer with what is expected: print a line, or raise NotYet with the likely slip.

    answer: a value, or a function without arguments that computes it (so that an empty stub can be
        told apart).
    expected: a number (right within the relative difference rel), a text, a truth value, or a
        sequence of numbers.
    why: wrong answers one can foresee, each with its explanation.
    """
    value = _value(name, answer)
    _kind_problem(0, expected)  # the task's own mistake is no student's
    try:
        problem, shown = _problem(value, expected, rel, unit, why or {}), _show(value, unit)
    except Exception as error:  # noqa: BLE001, an object of the student's own may raise anything
        raise NotYet(f"{name}: {_cannot_go_on(_words_of(error))}") from None
    if problem:
        raise NotYet(f"{name} {problem}.")
    print(f"correct: {name} is {shown}")


def _problem(value: Any, expected: Any, rel: float, unit: str, why: Mapping[Any, str]) -> str:
    """What is wrong with an answer; empty if nothing is."""
    for wrong, reason in why.items():
        if _same(value, wrong, rel) and not _same(value, expected, rel):
            return f"is {_show(value, unit)}: {reason}"
    return _kind_problem(value, expected) or _value_problem(value, expected, rel, unit)


def _cannot_go_on(words: str) -> str:
    return f"the check cannot go on with what your code returned ({words})."


def _value(name: str, answer: Any) -> Any:
    """The answer itself, computed if it is a function without arguments; NotYet for any error."""
    try:
        return _called(name, answer)
    except NotYet:
        raise
    except Exception as error:  # noqa: BLE001, whatever a student's code raises is told
        raise NotYet(f"{name}: {explained(error, answer)}") from None


def _called(name: str, answer: Any) -> Any:
    """As `_value`, with the errors of the student's code as they are."""
    if not callable(answer):
        return answer
    if inspect.signature(answer).parameters:
        raise NotYet(
            f"{name}: you gave the function itself; call it, with its arguments in parentheses."
        )
    try:
        return answer()
    except NotImplementedError:
        raise NotYet(
            f"{name}: this is still the empty stub. Replace the line 'raise NotImplementedError' "
            "above by your own code, run it, then check again."
        ) from None


def explained(error: BaseException, asked: Callable[[], Any] | None = None) -> str:
    """An error as one sentence, with the line of the student's own code in which it came up.

    asked: the check's own function; an error in it, and not in what it calls, is due to what the
        student's code returned.
    """
    words = _words_of(error)
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_own(frame.filename)]
    if not own:
        return words
    last = own[-1]
    if asked is not None and last.name == "<lambda>" and last.lineno == _line(asked, last):
        return _cannot_go_on(words)
    source = linecache.getline(last.filename, last.lineno).strip()
    return f"line {last.lineno} of your code, “{source}”, ends in {words}"


def _words_of(error: BaseException) -> str:
    """The last line of an error, as Python says it."""
    lines = "".join(traceback.format_exception_only(error)).strip().splitlines()
    return _cut(lines[-1])


def _cut(text: str) -> str:
    """A text, or its beginning where nobody would read it to the end."""
    return f"{text[:LONGEST]} …" if len(text) > LONGEST else text


def _is_own(filename: str) -> bool:
    """Whether a file holds what the reader wrote: neither this course nor an installed library."""
    library = (str(Path(__file__).parent), str(Path(linecache.__file__).parent), "<frozen")
    return not (filename.startswith(library) or "site-packages" in filename)


def _line(asked: Callable[[], Any], frame: traceback.FrameSummary) -> int | None:
    """The line of `frame` if it lies in the function `asked`."""
    code = getattr(asked, "__code__", None)  # an object that can be called has none
    if code is None:
        return None
    lines = {line for _, _, line in code.co_lines() if line is not None}
    return frame.lineno if code.co_filename == frame.filename and frame.lineno in lines else None


def _plain(value: Any) -> Any:
    """The value itself; what an array without dimensions holds."""
    return value.item() if getattr(value, "ndim", None) == 0 else value


def _is_truth(value: Any) -> bool:
    """True for True and False, numpy's own too."""
    return isinstance(_plain(value), bool)


def _is_number(value: Any) -> bool:
    """True for a real number, alone or as an array without dimensions, not for a truth value."""
    return isinstance(_plain(value), Real) and not _is_truth(value)


def _is_sequence(value: Any) -> bool:
    """True for lists, tuples, arrays and table columns."""
    return isinstance(value, (list, tuple, range)) or getattr(value, "ndim", 0) > 0


def _float(value: Any) -> float:
    """The number as a float; infinite where it is too large for one."""
    try:
        return float(_plain(value))
    except OverflowError:
        return math.inf if _plain(value) > 0 else -math.inf


def _kind_problem(value: Any, expected: Any) -> str:
    """Say how the kind of the answer is wrong; empty if it is the expected kind."""
    if value is None:
        return "is None: the function has to end with “return …”"
    if value is Ellipsis:
        return "is still '...': put your answer in its place"
    for is_kind, words in (
        (_is_truth, "True or False"),
        (lambda item: isinstance(item, str), "a text in quotation marks"),
        (_is_number, "one number"),
        (_is_sequence, "several numbers"),
    ):
        if is_kind(expected):
            return "" if is_kind(value) else f"should be {words}, {_what_it_is(value, expected)}"
    raise TypeError(
        f"check() cannot compare with {expected!r}: expect a number, a text, "
        "a truth value or numbers."
    )


def _what_it_is(value: Any, expected: Any) -> str:
    """How a value of the wrong kind reads, with a word on the decimal comma where it may be one."""
    found = f"and is {_show(value)} ({type(value).__name__})"
    pair = isinstance(value, tuple) and len(value) == 2 and all(map(_is_number, value))
    text = isinstance(value, str) and value.strip().replace(",", "", 1).lstrip("-").isdigit()
    if _is_number(expected) and (pair or (text and "," in value)):
        found += ". Python writes a decimal point, 3.5, where others write 3,5"
    return found


def _value_problem(value: Any, expected: Any, rel: float, unit: str) -> str:
    """Say how the answer is wrong, its kind being right; empty if it is right."""
    if _same(value, expected, rel):
        return ""
    if _is_number(expected):
        return _number_problem(_float(value), _float(expected), rel, unit)
    if _is_sequence(expected):
        return _sequence_problem(value, expected, rel, unit)
    return f"is {_show(value)}, and that is not right"


def _number_problem(value: float, expected: float, rel: float, unit: str) -> str:
    """Name the likely slip behind a wrong number, or at least the direction."""
    shown = _show(value, unit)
    if not math.isfinite(value):
        return (
            f"is {shown}: look for a division by zero or the logarithm of a number that is not "
            "positive"
        )
    for factor, reason in SLIPS:
        if expected and _same(value, factor * expected, rel):
            return f"is {shown}: {reason}"
    return f"is {shown}, which is too {'large' if value > expected else 'small'}"


def _sequence_problem(value: Any, expected: Any, rel: float, unit: str) -> str:
    """Name the first wrong place in a sequence of numbers."""
    if len(value) != len(expected):
        return f"has {len(value)} values; {len(expected)} are expected"
    pairs = zip(list(value), list(expected), strict=True)
    place, got, wanted = next(
        (place, got, wanted)
        for place, (got, wanted) in enumerate(pairs)
        if not _same(got, wanted, rel)
    )
    problem = _kind_problem(got, wanted) or _value_problem(got, wanted, rel, unit)
    return f"[{place}] {problem} (Python counts from 0)"


def _same(value: Any, expected: Any, rel: float) -> bool:
    """True if the two agree: numbers within rel, the rest exactly (texts whatever their case)."""
    if _is_number(value) and _is_number(expected):
        return math.isclose(_float(value), _float(expected), rel_tol=rel, abs_tol=rel * 1e-6)
    if isinstance(value, str) and isinstance(expected, str):
        return value.strip().casefold() == expected.strip().casefold()
    if _is_sequence(value) and _is_sequence(expected):
        return len(value) == len(expected) and all(
            _same(a, b, rel) for a, b in zip(list(value), list(expected), strict=True)
        )
    return _is_truth(value) and _is_truth(expected) and bool(_plain(value) == _plain(expected))


def _show(value: Any, unit: str = "") -> str:
    """The value as a reader writes it, at most four digits, with its unit."""
    if _is_number(value):
        number = _float(value)
        text = f"{0 if abs(number) < TINY else number:.4g}"
    elif _is_sequence(value):
        items = list(islice(value, 5))  # it may hold more than there is room for
        text = ", ".join(_show(item) for item in items[:4]) + (", …" if len(items) > 4 else "")
    else:
        text = repr(value) if isinstance(value, str) else str(value)
    return f"{_cut(text)} {unit}".strip()


def check_raises(name: str, call: Callable[[], Any], error: type[Exception]) -> None:
    """Check that a call with senseless input raises this kind of error, as a task may ask."""
    try:
        result = _called(name, call)
    except error:
        print(f"correct: {name} raises {error.__name__}")
        return
    raise NotYet(f"{name} should raise {error.__name__}, and gave {_show(result)}.")


def reading_marks(notebook: str, answers: Any, *quizzes: str) -> int:
    """How many questions of the reading track are answered rightly: its marks, one each.

    answers: a list, or a function that returns it, with an entry per question of these quizzes in
        their order: the place of an option as shown, from 1, or a number. Raises NotYet for a stub
        and for a list of another length.
    """
    from hepatica.cards import Quiz  # here: a page, which has no cards in Python, marks nobody

    items = [item for name in quizzes for item in Quiz.load(notebook, name).spec["items"]]
    given = _value("the reading track", answers)
    if not _is_sequence(given) or len(given) != len(items):
        raise NotYet(f"the reading track has {len(items)} questions: a list of so many, please.")
    right = [_answered(item, answer) for item, answer in zip(items, given, strict=True)]
    for number, good in enumerate(right, start=1):
        print(f"question {number}: {'right' if good else 'look again'}")
    return sum(right)


def _answered(item: Mapping[str, Any], answer: Any) -> bool:
    """Whether a quiz question is answered rightly by the place of an option, or by a number."""
    if not _is_number(answer):
        return False
    if item["type"] == "number":
        return abs(_float(answer) - item["answer"]) <= item["tolerance"]
    return any(
        option["right"] and _float(answer) == place
        for place, option in enumerate(item["options"], start=1)
    )
