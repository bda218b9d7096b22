"""How far four trials convince: a boundary for whoever looks after each trial, and a prior.

The numbers are those of `hepatica.analysis.sequential`; cards/engine/sequential.js works out the
same in the page at every move.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from math import exp, log
from typing import Any

from hepatica.analysis import sequential, specifications
from hepatica.analysis.pooling import NORMAL_95
from hepatica.cards.kinds.conviction.says import NUMBERS, SENTENCE
from hepatica.cards.parts.door import Number, OneOf
from hepatica.cards.parts.frame import Card, Preset
from hepatica.cards.parts.predict import Question

__all__ = ["Conviction"]

RATHER = 0.8
"""A risk ratio that many would call worth having: a fifth fewer deaths."""

SLIDERS = (
    ("reduction", "fewer deaths that would matter", "%", "linear", 20, 50, 1, 25),
    ("guess", "prior: your risk ratio", "", "linear", 0.4, 1.2, 0.05, 1),
    ("factor", "prior: wrong by a factor of, at most", "", "log", 1.2, 10, 0.1, 2),
)
"""Name, label, unit, scale, low, high, step and start."""


class Conviction(Card):
    """Two pictures: the trials' z against a boundary, and prior and trials joined.

    Parameters
    ----------
    id, title, question : str
        Identity (unique in the course), the message, and the question that the card answers.
    readings : mapping
        Name of each trial, in the order of their years: its key in data/death_counts.csv.
    leave_out : str
        The name of the trial that the reader may leave out.
    predict, presets : as for every card
    """

    waiting = "Guess first; then boundary, prior and trials appear."
    commit = "Show boundary and prior"

    def __init__(
        self,
        *,
        id: str,
        title: str,
        question: str,
        readings: Mapping[str, str],
        leave_out: str,
        predict: Question | None = None,
        presets: Iterable[Preset] = (),
    ):
        counts = specifications.tables()
        self._tables = {name: counts[key] for name, key in readings.items()}
        self._leave_out = leave_out
        controls = [_slider(*row) for row in SLIDERS]
        options = [{"label": f"with {leave_out}", "value": 1}]
        options.append({"label": "without", "value": 0})
        choice = {"kind": "choice", "name": "whole", "label": "trials", "options": options}
        spec = {"kind": "conviction", "id": id, "title": title, "question": question}
        spec |= {"controls": [*controls, choice], "leave_out": leave_out}
        spec["tables"] = {name: list(map(int, table)) for name, table in self._tables.items()}
        fields = {
            name: Number(start=start, low=low, high=high, label=label, unit=unit)
            for name, label, unit, _, low, high, _, start in SLIDERS
        }
        fields["whole"] = OneOf(of=[1, 0], start=1, label="trials")
        super().__init__(
            spec, fields, describe=SENTENCE, names=NUMBERS, predict=predict, presets=presets
        )

    def scope(self, **moved: Any) -> dict[str, float | str]:
        """Information, z and boundary after the last trial, and what the prior becomes."""
        values = super().scope(**moved)
        used = [
            table
            for name, table in self._tables.items()
            if values["whole"] or name != self._leave_out
        ]
        looks = sequential.looks(used)
        needed = sequential.people_needed(control_risk(used), values["reduction"] / 100)
        people, centre, se, z = looks[-1]
        boundary = sequential.boundaries([look[0] / needed for look in looks])[-1]
        mean, sd = sequential.posterior(values["guess"], values["factor"], centre, se)
        return {
            **{name: values[name] for name in ("reduction", "guess", "whole")},
            "needed": needed,
            "people": people,
            "share": 100 * people / needed,
            "z": z,
            "boundary": boundary,
            "prior_low": values["guess"] / values["factor"],
            "prior_high": values["guess"] * values["factor"],
            "post": exp(mean),
            "post_low": exp(mean - NORMAL_95 * sd),
            "post_high": exp(mean + NORMAL_95 * sd),
            "fewer": 100 * sequential.below(-mean / sd),
            "rather": 100 * sequential.below((log(RATHER) - mean) / sd),
        }

    def _static_lines(self) -> list[str]:
        return [f"<p>{html.escape(self.describe())}</p>"]


def control_risk(tables: Iterable[specifications.Table]) -> float:
    """Deaths among all controls, a share."""
    events, people = zip(*(table[2:] for table in tables), strict=True)
    return sum(events) / sum(people)


def _slider(
    name: str, label: str, unit: str, scale: str, low: float, high: float, step: float, start: float
) -> dict:
    """A slider for cards/parts/controls.js."""
    own = {"kind": "slider", "name": name, "label": label, "unit": unit, "scale": scale}
    return own | {"min": low, "max": high, "step": step, "value": start}
