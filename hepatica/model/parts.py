"""What a model is declared with: states, an unknown, read-outs,
and the error that says what to write instead."""

from __future__ import annotations

from dataclasses import dataclass


class ModelError(ValueError):
    """A model was defined or used wrongly; the message says what to write instead."""


@dataclass(frozen=True)
class State:
    """A quantity that changes in time; `logarithmic` states are integrated as their logarithm."""

    label: str
    unit: str
    initial: float | str = 0.0
    logarithmic: bool = False


@dataclass(frozen=True)
class Unknown:
    """The quantity that a balance determines; it lies between the formulas `low` and `high` of the
    parameters."""

    label: str
    unit: str
    low: str
    high: str


@dataclass(frozen=True)
class Output:
    """A read-out computed from states, parameters and inputs by the formula `expression`."""

    expression: str
    label: str
    unit: str
