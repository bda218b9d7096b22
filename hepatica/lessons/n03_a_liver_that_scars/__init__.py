"""Cards of notebook 03: one liver that scars, a hundred that do or do not turn back, and what a
needle can see of it."""

from .hundred import (
    read_twice,
    simtuzumab,
    the_lock,
    turned_back_by_cause,
    what_decides,
    who_turns_back,
)
from .macrophages import macrophages_away
from .one_liver import one_liver

__all__ = [
    "macrophages_away",
    "one_liver",
    "read_twice",
    "simtuzumab",
    "the_lock",
    "turned_back_by_cause",
    "what_decides",
    "who_turns_back",
]
