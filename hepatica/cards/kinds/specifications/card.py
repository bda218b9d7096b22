"""Every reasonable analysis at once: a specification curve over the choices that make it.

What the choices are and what each analysis finds is `hepatica.analysis.specifications`;
cards/engine/specifications.js works out the same in the page. Before the reader has answered, the
choices can be made but their results cannot be seen.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from math import exp
from typing import Any

from hepatica.analysis import specifications
from hepatica.analysis.effects import RATIOS
from hepatica.cards.kinds.specifications.says import NUMBERS, SENTENCE
from hepatica.cards.parts.door import OneOf
from hepatica.cards.parts.frame import Card, CardError, Preset
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import Question

__all__ = ["SpecificationCurve"]

MEASURES = {"RR": "risk ratio", "OR": "odds ratio", "RD": "risk difference"}
Axis = tuple[str, Mapping[str, str]]
"""The name of an axis on the card, and its options: key and label."""


class SpecificationCurve(Card):
    """All analyses as lines, sorted; below them the choices, each with the share that it leaves.

    Parameters
    ----------
    id, title, question : str
        Identity (unique in the course), the message, and the question that the card answers.
    axes : mapping
        Axis of `hepatica.analysis.specifications`: its name and the labels of its options.
    start : mapping
        One option per axis: the analysis that the reader finds chosen.
    without : (trial, name)
        The trial (a key of `READINGS`) on whose absence the sentence reports, and what it is called.
    predict, mission, presets : as for every card

    Raises CardError for axes or options that differ from those of the analysis.
    """

    waiting = "Choose your own analysis, then guess; then all of them appear."
    commit = "Show all analyses"

    def __init__(
        self,
        *,
        id: str,
        title: str,
        question: str,
        axes: Mapping[str, Axis],
        start: Mapping[str, str],
        without: tuple[str, str],
        predict: Question | None = None,
        mission: Mission | None = None,
        presets: Iterable[Preset] = (),
    ):
        _require_axes(axes, id)
        self._without = without
        spec = {"kind": "specifications", "id": id, "title": title, "question": question}
        spec |= {"plan": plan(), "without": list(without), "measures": MEASURES}
        spec["axes"] = [
            {
                "name": axis,
                "label": label,
                "options": [{"value": key, "label": words} for key, words in options.items()],
            }
            for axis, (label, options) in axes.items()
        ]
        fields = {
            axis: OneOf(of=["", *options], start=start[axis], label=label)
            for axis, (label, options) in axes.items()
        }
        super().__init__(
            spec,
            fields,
            describe=SENTENCE,
            names=NUMBERS,
            predict=predict,
            mission=mission,
            presets=presets,
        )

    def scope(self, **moved: Any) -> dict[str, float | str]:
        """Shares of all analyses, of those that fit the choices, and the one if it is one."""
        held = super().scope(**moved)
        every, fit = specifications.every(), specifications.fits(held)
        absent, name = self._without
        left = [each for each in every if absent not in specifications.SETS[each.trials]]
        favour_all, exclude_all = specifications.shares(every)
        favour, exclude = specifications.shares(fit)
        chosen = specifications.SETS.get(held["trials"])
        return {
            "total": len(every),
            "favour_all": favour_all,
            "exclude_all": exclude_all,
            "n_without": len(left),
            "exclude_without": specifications.shares(left)[1],
            "absent": name,
            "n": len(fit),
            "favour": favour,
            "exclude": exclude,
            "lacks": float(chosen is not None and absent not in chosen),
            "whole": float(held["trials"] == "all"),
            "hartung": float(held["model"] == "KH"),
            "difference": float(held["measure"] == "RD"),
            **_one(fit),
        }

    def _static_lines(self) -> list[str]:
        return [f"<p>{html.escape(self.describe())}</p>"]


def plan() -> dict:
    """What cards/engine/specifications.js combines."""
    return {
        "sets": {name: list(members) for name, members in specifications.SETS.items()},
        "readings": {trial: list(keys) for trial, keys in specifications.READINGS.items()},
        "tables": {key: list(map(int, row)) for key, row in specifications.tables().items()},
        "measures": list(specifications.MEASURES),
        "inverse": list(specifications.INVERSE),
        "counted": {model: list(all_) for model, all_ in specifications.COUNTED.items()},
        "zeros": list(specifications.ZEROS),
    }


def _one(fit: list[specifications.Specification]) -> dict[str, float | str]:
    """The analysis on the scale that a reader sees, deaths in a hundred for differences."""
    if len(fit) != 1:
        return {"single": 0.0, "ratio": 0.0, "centre": 0.0, "low": 0.0, "high": 0.0, "measure": ""}
    (each,) = fit
    ratio = each.measure in RATIOS
    ends = [exp(end) if ratio else 100 * end for end in (each.centre, each.low, each.high)]
    named = {"single": 1.0, "ratio": float(ratio), "measure": MEASURES[each.measure]}
    return named | dict(zip(("centre", "low", "high"), ends, strict=True))


def _require_axes(axes: Mapping[str, Axis], where: str) -> None:
    """Every option that some analysis has, and no other."""
    for axis in specifications.AXES:
        known = {getattr(each, axis) for each in specifications.every()} - {""}
        named = set(axes.get(axis, ("", {}))[1])
        if known != named:
            odd = ", ".join(sorted(known ^ named))
            raise CardError(
                f"{where}: axis {axis} lacks these options, or has them too many: {odd}."
            )
