"""How long each patient was followed and how it ended, checked: what every question of
`hepatica.analysis.survival` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hepatica.analysis.pbc import SurvivalError
from hepatica.model import given
from hepatica.model.registry import register

if TYPE_CHECKING:  # pandas takes seconds to import
    import pandas as pd
    from numpy.typing import NDArray

register(__name__, follow_up=())

OUTCOMES = ("censored", "transplant", "death")
"""How the follow-up of a patient can end."""

EVENTS = {"death": ("death",), "death or transplant": ("death", "transplant")}
"""What counts as the event."""


def kinds_of(event: str) -> tuple[str, ...]:
    """The outcomes that an event counts; SurvivalError for one that is not known."""
    if not isinstance(event, str) or event not in EVENTS:
        raise SurvivalError(
            f"event={event!r} is not known. Write one of: {', '.join(map(repr, EVENTS))}."
        )
    return EVENTS[event]


def happened(rows: pd.DataFrame, event: str) -> NDArray:
    """Whether each patient had the event; SurvivalError for rows that `follow_up` refuses."""
    return np.isin(follow_up(rows)[1], kinds_of(event))


def follow_up(rows: pd.DataFrame) -> tuple[NDArray, NDArray]:
    """Days and outcome of each patient as arrays.

    Raises SurvivalError for a missing column or an outcome that is not known, GivenError for days
    that are missing, not finite or below zero.
    """
    for name in ("days", "outcome"):
        if name not in getattr(rows, "columns", ()):
            raise SurvivalError(f"rows has no column {name!r}. Give a frame like cohort().")
    days = given.numbers(rows["days"], "rows, column days", 0)
    for outcome in rows["outcome"].unique():
        given.one_of(outcome, "rows, column outcome", OUTCOMES)
    return np.array(days), rows["outcome"].to_numpy(str)


def arrays(days, ended, score) -> tuple[NDArray, NDArray, NDArray]:
    """Three arrays of one length: days at least zero, flags, finite scores; GivenError otherwise."""
    days = np.array(given.numbers(days, "days", 0))
    score = np.array(given.numbers(score, "score"))
    ended = np.array([given.flag(each, "happened") for each in ended], dtype=bool)
    if not len(days) == len(ended) == len(score):
        sizes = f"{len(days)} days, {len(ended)} events and {len(score)} scores"
        raise SurvivalError(f"There are {sizes}. Give one of each per patient.")
    return days, ended, score
