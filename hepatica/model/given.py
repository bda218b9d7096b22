"""The one door for what a caller gives to a function: a flag, a name, names, a number, a count.

Each function returns the value as Python's own and raises GivenError, which names the argument, the
value and what to write instead. Numbers of numpy count as numbers; a word is never taken for a
flag, nor its letters for names.

`takes` puts such functions before a whole function, one per argument.
"""

from __future__ import annotations

import difflib
import inspect
import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from itertools import pairwise
from numbers import Integral, Real
from typing import Any

FLAGS = {"yes": True, "no": False, 0: False, 1: True}


class GivenError(ValueError):
    """An argument that a function cannot use; the message names it and says what to write."""


def flag(value: Any, what: str) -> bool:
    """True or False, also from 0, 1, "yes" and "no"; GivenError for any other value."""
    found = _own(value)
    if isinstance(found, bool | str | Real) and found in FLAGS:
        return FLAGS[found]
    raise GivenError(f"{what}={value!r} is neither yes nor no. Write True or False.")


def one_of(value: Any, what: str, known: Iterable[Any]) -> Any:
    """A value that is one of those known; GivenError names the nearest of them."""
    allowed = list(known)
    try:
        if _own(value) in allowed:
            return _own(value)
    except (TypeError, ValueError):
        pass  # an array or a frame is none of them
    words = [str(each) or "''" for each in allowed]
    near = words if len(words) < 8 else difflib.get_close_matches(str(value).lower(), words, n=4)
    raise GivenError(
        f"{what}={value!r} is not known. Write one of: {', '.join(near or words[:8])}."
    )


def names(value: Any, what: str) -> tuple[str, ...]:
    """Several names, each once; GivenError for a bare word, whose letters are no names."""
    if isinstance(value, str | bytes):
        raise GivenError(f"{what}={value!r} is one word. Write [{value!r}].")
    try:
        found = tuple(value)
    except TypeError:
        raise GivenError(f"{what}={value!r} is no list of names. Write a list.") from None
    for each in found:
        if not isinstance(each, str):
            raise GivenError(f"{what} holds {each!r}, which is no name. Write words.")
        if found.count(each) > 1:
            raise GivenError(f"{what} holds {each!r} twice. Name each once.")
    return found


def number(
    value: Any, what: str, low: float = -math.inf, high: float = math.inf, above: bool = False
) -> float:
    """A finite number from `low` (with `above`: from beyond it) to `high`; GivenError otherwise."""
    found = _own(value)
    if isinstance(found, bool) or not isinstance(found, Real) or not math.isfinite(found):
        raise GivenError(f"{what}={value!r} is no number. Write a finite number.")
    if found < low or found > high or (above and found == low):
        raise GivenError(f"{what}={found:g} is out of range. Write {_range(low, high, above)}.")
    return float(found)


def whole(value: Any, what: str, low: int = 0, high: float = math.inf) -> int:
    """A whole number from `low` to `high`; GivenError otherwise."""
    found = number(value, what, low, high)
    if found != int(found):
        raise GivenError(f"{what}={found:g} is no whole number. Count people, events or times.")
    return int(found)


def rising(value: Any, what: str, low: float = 0.0) -> list[float]:
    """Numbers of which each is greater than the one before, the first at least `low`."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise GivenError(f"{what}={value!r} is no list of numbers. Write [{value}].")
    found = [number(each, what, low) for each in value]
    for before, now in pairwise(found):
        if now <= before:
            raise GivenError(f"{what} holds {now:g} after {before:g}. Write rising numbers.")
    if not found:
        raise GivenError(f"{what} is empty. Write at least one number.")
    return found


def numbers(
    value: Any, what: str, low: float = -math.inf, high: float = math.inf, above: bool = False
) -> Sequence[float]:
    """Each of several numbers (an array, a column, a list) as `number` takes it."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise GivenError(f"{what}={value!r} is no list of numbers. Write a list.")
    return [number(each, what, low, high, above) for each in value]


def made(value: Any, what: str, kind: type) -> Any:
    """Something of the kind that other functions of the course return; GivenError otherwise."""
    if isinstance(value, kind):
        return value
    raise GivenError(
        f"{what}={value!r:.80} is no {kind.__name__}. Give one that a function returned."
    )


def _own(value: Any) -> Any:
    """A value of numpy as Python's own."""
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value


def _range(low: float, high: float, above: bool) -> str:
    """The numbers that are allowed, in words."""
    start = f"more than {low:g}" if above else f"at least {low:g}"
    if math.isinf(high):
        return start
    return f"at most {high:g}" if math.isinf(low) else f"{start} and at most {high:g}"


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number, of Python or of numpy, and no flag."""
    found = _own(value)
    return isinstance(found, Integral) and not isinstance(found, bool)


# -- the arguments of a whole function -------------------------------------------------------------

Rule = Callable[[Any, str], Any]

from_0: Rule = partial(number, low=0)
above_0: Rule = partial(number, low=0, above=True)
share: Rule = partial(number, low=0, high=1)
some: Rule = partial(number, low=0, high=1, above=True)
per_cent: Rule = partial(number, low=0, high=100)
count: Rule = partial(whole, low=1)
seed: Rule = partial(whole, low=0, high=2**32 - 1)


def not_0(value: Any, what: str) -> float:
    """A number other than 0; GivenError otherwise."""
    if number(value, what):
        return number(value, what)
    raise GivenError(f"{what}=0 is out of range. Write another number.")


def counts(value: Any, what: str) -> list[int] | int:
    """One whole number or several; GivenError otherwise."""
    several = isinstance(value, Iterable) and getattr(value, "ndim", 1)
    return [whole(each, what) for each in value] if several else whole(value, what)


def pairs(value: Any, what: str) -> list[tuple[int, ...]]:
    """Pairs of whole numbers, such as two arms of each trial; GivenError otherwise."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise GivenError(f"{what}={value!r} is no list of pairs. Write [(20, 20)].")
    found = [tuple(whole(each, what, 1) for each in numbers(pair, what)) for pair in value]
    for pair in found:
        if len(pair) != 2:
            raise GivenError(f"{what} holds {pair}. Write two numbers each, as [(20, 20)].")
    return found


def word(known: Iterable[Any]) -> Rule:
    """The rule for a name out of a set."""
    return partial(one_of, known=known)


def readout(model: Any) -> Rule:
    """The rule for something that a model reports, asked only when it is called."""
    return lambda value, what: one_of(value, what, model.reads)


def a(kind: type) -> Rule:
    """The rule for something of a kind, see `made`."""
    return partial(made, kind=kind)


def or_none(rule: Rule) -> Rule:
    """The same rule for an argument that may be None."""
    return lambda value, what: None if value is None else rule(value, what)


a_text: Rule = a(str)
Check = Callable[[dict[str, Any]], None]


def takes(*checks: Check, **rules: Rule) -> Callable[[Callable], Callable]:
    """Let a function have what its rules make of its arguments, once each of the `checks` on all of
    them together has passed; arguments left out keep their defaults.

    Raises GivenError as the rules do, and TypeError for an argument that is missing or that the
    function does not have.
    """

    def guard(function: Callable) -> Callable:
        signature = inspect.signature(function)
        if unknown := rules.keys() - signature.parameters.keys():
            raise TypeError(f"{function.__name__} has no {', '.join(sorted(unknown))}.")

        @wraps(function)
        def guarded(*args: Any, **named: Any) -> Any:
            bound = signature.bind(*args, **named)
            for what, rule in rules.items():
                if what in bound.arguments:
                    bound.arguments[what] = rule(bound.arguments[what], what)
            for check in checks:
                check(bound.arguments)
            return function(*bound.args, **bound.kwargs)

        return guarded

    return guard
