"""Dated events: an input of a model is a train of pulses,
and the solver restarts at each of their edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

SHORTEST = 1e-6  # days; no input of interest is shorter, and a solver chokes on shorter stretches


@dataclass(frozen=True)
class Pulse:
    """An input that is `height` from day `start` for `duration` days, `repeats` times, one every
    `period` days.

    Each field is a number or the name of a parameter.
    """

    start: float | str
    duration: float | str
    height: float | str
    repeats: float | str = 1
    period: float | str = 0

    def uses(self) -> set[str]:
        """Names of the parameters that the pulse reads."""
        return {field for field in vars(self).values() if isinstance(field, str)}

    def resolved(self, values: Mapping[str, float]) -> Pulse:
        """The same pulse with every parameter name replaced by its value."""
        fields = (self.start, self.duration, self.height, self.repeats, self.period)
        return Pulse(
            *(values[field] if isinstance(field, str) else float(field) for field in fields)
        )

    def windows(self) -> list[tuple[float, float]]:
        """First and last day of each repeat of a resolved pulse;
        a repeat ends where the next begins."""
        if self.duration <= 0 or self.height == 0:
            return []
        count = round(self.repeats)
        length = min(self.duration, self.period) if count > 1 else self.duration
        begins = [self.start + n * self.period for n in range(count)]
        return [(begin, begin + length) for begin in begins]


def level(pulses: Iterable[Pulse], times: np.ndarray) -> np.ndarray:
    """Sum of resolved pulses at each time; a pulse counts from its first instant up to, not at,
    its end."""
    total = np.zeros_like(times, dtype=float)
    for pulse in pulses:
        for begin, end in pulse.windows():
            total += pulse.height * ((begin <= times) & (times < end))
    return total


def edges(pulses: Iterable[Pulse], days: float) -> list[float]:
    """Days, strictly inside the run, on which an input jumps;
    jumps within `SHORTEST` of the last are one."""
    ends = {edge for pulse in pulses for window in pulse.windows() for edge in window}
    kept = [0.0]
    for edge in sorted(ends):
        if kept[-1] + SHORTEST < edge < days - SHORTEST:
            kept.append(edge)
    return kept[1:]
