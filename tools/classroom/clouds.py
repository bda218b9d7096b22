"""The predictions of a class, each as a cloud against what the model answers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hepatica.cards.kinds.quiz.stored import cards_in
from tools.classroom.files import HandedIn


@dataclass(frozen=True)
class Cloud:
    """A question before a card, and what was guessed: shares of a hundred, or drawn curves.

    Of a share `model` is one number; of a curve it is five heights, like each of `guesses`. `axes`
    are those of the chart of a curve.
    """

    notebook: str
    card: str
    kind: str
    question: str
    of: str
    guesses: tuple[Any, ...]
    model: Any
    axes: Mapping[str, Any] | None = None

    @property
    def near(self) -> int:
        """How many guesses lie within a tenth of the axis of the model, on average."""
        if self.kind == "share":
            return sum(abs(guess - self.model) <= 10 for guess in self.guesses)
        own = [share_of(self.axes["y"], height) for height in self.model]
        apart = [
            np.mean([abs(share_of(self.axes["y"], y) - m) for y, m in zip(row, own, strict=True)])
            for row in self.guesses
        ]
        return sum(bool(each <= 0.1) for each in apart)


def share_of(axis: Mapping[str, Any], value: float) -> float:
    """Where a value lies on an axis, 0 to 1, as parts/draw.js has it."""
    low, high = axis["range"]
    if axis.get("scale") == "log":
        low, high, value = math.log10(low), math.log10(high), math.log10(max(value, low))
    return min(1.0, max(0.0, (value - low) / (high - low)))


def clouds(students: Sequence[HandedIn], root: Path) -> list[Cloud]:
    """A cloud for every question of a share or a curve that somebody answered, by notebook."""
    found = []
    for notebook, card in _asking(root):
        kind, key = card["predict"]["way"], card["id"]
        given = [s.predictions[key] for s in students if key in s.predictions]
        given = [entry for entry in given if entry["kind"] == kind]
        if given:
            found.append(_cloud(notebook, card, kind, given))
    return found


def _asking(root: Path) -> Iterator[tuple[str, dict]]:
    seen = set()
    for file in sorted((root / "notebooks").glob("*.ipynb")):
        for card in cards_in(file):
            asks = (card.get("predict") or {}).get("way") in ("share", "draw")
            if asks and card["id"] not in seen:
                seen.add(card["id"])
                yield file.stem[:2], card


def _cloud(notebook: str, card: Mapping, kind: str, given: Sequence[Mapping]) -> Cloud:
    asked = card["predict"]
    common = (notebook, card["id"], kind, asked["question"], asked.get("of", ""))
    if kind == "share":
        return Cloud(*common, tuple(entry["given"] for entry in given), asked["answer"])
    # the page works the model's curve out; what most files carry is this version's
    model = Counter(tuple(entry["model"]) for entry in given).most_common(1)[0][0]
    view = asked["view"]
    if view is None:
        view = [one["type"] for one in card["views"]].index("chart")
    axes = {name: card["views"][view][name] for name in ("x", "y")}
    return Cloud(*common, tuple(tuple(entry["given"]) for entry in given), model, axes)
