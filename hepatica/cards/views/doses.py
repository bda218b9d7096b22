"""Doses of trials on one logarithmic scale, in lanes by kind of cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hepatica.cards.parts.frame import CardError


@dataclass(frozen=True)
class Doses:
    """A row per trial: `lanes` by label, each with rows of name, route, per_kg, low, value, high,
    printed, infusions.

    The run must report or take `type` (lane from 1, 0 for all), `route` (from 1) and `body_mass`
    (kg). `yardsticks` maps a number of cells to the lines of words at its line; `range` is that of
    the axis, whole powers.
    """

    lanes: Mapping[str, Sequence[Mapping]]
    routes: Mapping[str, str]
    yardsticks: Mapping[float, Sequence[str]]
    range: tuple[float, float]
    title: str = ""

    def json(self, names: Iterable[str]) -> dict:
        """The view for cards/views/doses.js; raises CardError if the model lacks what the view
        reads."""
        missing = {"type", "route", "body_mass", "printed", "smallest", "largest"} - set(names)
        if missing:
            raise CardError(
                f"{self.title}: the model has no {', '.join(sorted(missing))}, "
                "which doses are drawn from."
            )
        lanes = [
            {"label": label, "rows": [dict(row) for row in rows]}
            for label, rows in self.lanes.items()
        ]
        routes = [{"name": name, "label": label} for name, label in self.routes.items()]
        sticks = [{"at": at, "words": list(words)} for at, words in self.yardsticks.items()]
        return {
            "type": "doses",
            "title": self.title,
            "lanes": lanes,
            "routes": routes,
            "yardsticks": sticks,
            "range": list(self.range),
        }
