"""An explorable: a model with controls, views, a question to predict and a sentence that says what
happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from hepatica.cards.parts.controls import (
    MAX_CONTROLS,
    Given,
    Scenes,
    fields_of,
    parameter_row,
    start_of,
)
from hepatica.cards.parts.door import Field, Number
from hepatica.cards.parts.frame import PREDICTION, Card, CardError, Preset
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import HANDLES, Question
from hepatica.cards.parts.sentence import scope_names, summarise
from hepatica.cards.parts.why import Why
from hepatica.model import Model
from hepatica.model.mathml import mathml, symbol_html

__all__ = ["Explorable", "PlayHead", "Run", "Sweep"]

# A row of switches is one control: they are read together. Scenes and Given are none: like a preset
# they say what is looked at, they are no further quantity to vary.
NO_QUANTITY = (Given, Scenes)
TIE = 1e-9  # of a sweep: two places are equally near to a value; the first counts
WITHOUT = "_without"  # suffix of the read-outs of the second run of a card


@dataclass(frozen=True)
class Run:
    """A run in time: from 0 `until` that many `unit`, reported at `points` times.

    With a `stretch` above 1 the times rise with that power, so that the beginning gets more of
    them.
    """

    until: float
    unit: str = "days"
    points: int = 161
    stretch: float = 1

    def json(self, model: Model) -> dict:
        """The run for cards/kinds/explorable/card.js."""
        own = {"times": [float(time) for time in self.times()]} if self.stretch != 1 else {}
        return {
            "until": self.until,
            "unit": self.unit,
            "points": self.points,
            "ticksPerUnit": model.ticks_per(self.unit),
            **own,
        }

    def times(self) -> np.ndarray:
        """Report times in the run's unit, shape (points,)."""
        return self.until * np.linspace(0, 1, self.points) ** self.stretch

    def series(self, model: Model, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """Every reported series at the report times, shape (points,) each."""
        return model.series(self.times() * model.ticks_per(self.unit), **values)


@dataclass(frozen=True)
class Sweep:
    """Read-outs of a model without states while one parameter runs from `low` to `high`,
    evenly or in equal ratios."""

    parameter: str
    low: float
    high: float
    points: int = 161
    scale: str = "linear"

    def json(self, _model: Model) -> dict:
        """The sweep for cards/kinds/explorable/card.js."""
        own = {"times": [float(value) for value in self.times()]} if self.scale == "log" else {}
        return {
            "sweep": self.parameter,
            "from": self.low,
            "to": self.high,
            "points": self.points,
            **own,
        }

    def times(self) -> np.ndarray:
        """The values of the parameter."""
        return (np.geomspace if self.scale == "log" else np.linspace)(
            self.low, self.high, self.points
        )

    def series(self, model: Model, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """Every reported series over the sweep."""
        return model.sweep(self.parameter, self.times(), **values)


@dataclass(frozen=True)
class PlayHead:
    """A slider over the time of the run, with a play button; `start` is a report index (−1:
    the end)."""

    start: int = -1
    seconds: float = 8

    def json(self, run: Run) -> dict:
        """The head for cards/parts/controls.js."""
        step = run.until / (run.points - 1)
        label = {"hours": "Hour", "days": "Day", "years": "Year"}[run.unit]
        start = self.start % run.points
        return {
            "start": start,
            "seconds": self.seconds,
            "label": label,
            "unit": run.unit,
            "step": step,
        }


class Explorable(Card):
    """A model to play with.

    Parameters
    ----------
    model : Model
        What runs; its parameters give labels, units, ranges, sources and status of the controls.
    id, title, question : str
        Identity (unique in the course), the message, and the question that the card answers.
    controls : list of Slider, Choice, Toggle, Switches, Scenes or Given
        At most four quantities.
    views : list of Chart, Drawing or Tissue
        What follows the run.
    describe : list of (condition or None, sentence)
        The first rule that holds is the live description.
    run : Run or Sweep
        How far the model runs, or what it sweeps.
    predict, presets, head : optional
        A question first; examples to try; a play head for drawings and tissue.
    equations : names, optional
        Which equations to show; all by default.
    without : values, optional
        Values of a second run that is made each time with everything else as in the first, such as
        no treatment. Its read-outs end in `_without`: curves, sentences and drawings may name
        `CPA_without` or `CPA_without_end`.
    why : names, optional
        What a button Why? asks about: the causal steps from what has moved to these read-outs.

    Raises CardError for too many controls, unknown names, or a prediction without exactly one right
    answer.
    """

    def __init__(
        self,
        model: Model,
        *,
        id: str,
        title: str,
        question: str,
        controls: list,
        views: list,
        describe: list[tuple[str | None, str]],
        run: Run | Sweep,
        predict: Question | None = None,
        presets: Iterable[Preset] = (),
        mission: Mission | None = None,
        head: PlayHead | None = None,
        equations: Iterable[str] = (),
        without: Mapping[str, float] | None = None,
        why: Iterable[str] = (),
    ):
        moving = [control for control in controls if not isinstance(control, NO_QUANTITY)]
        if len(moving) > MAX_CONTROLS:
            raise CardError(
                f"{id} has {len(moving)} controls; at most {MAX_CONTROLS}. Make a second card."
            )
        names = scope_names(
            [*model.reported, *(name + WITHOUT for name in model.reported if without)],
            model.parameters,
        )
        controls_json = [control.json(model) for control in controls]
        start = {
            name: value for control in controls_json for name, value in start_of(control).items()
        }
        presets = list(presets)
        self._run = partial(run.series, model, start)
        self._times = run.times()
        self._scope = partial(_scope, model, run, start, head, without)
        self._why = (
            Why(model, why, controls_json, partial(_read, model, self._scope)) if why else None
        )
        spec = {
            "kind": "explorable",
            "id": id,
            "title": title,
            "question": question,
            "model": model.javascript(),
            "run": run.json(model),
            "controls": controls_json,
            "views": [view.json(names) for view in views],
            "head": head.json(run) if head else None,
            "equations": _typeset(model.latex(*equations)),
            "parameters": _parameter_rows(model),
            **({"without": dict(without)} if without else {}),
            **({"why": self._why.json()} if self._why else {}),
        }
        super().__init__(
            spec,
            _fields(model, controls_json, presets, head, run),
            describe=describe,
            names=names,
            predict=predict,
            presets=presets,
            mission=mission,
        )

    def heights(self) -> list[float]:
        """The model's own curve at the five places where the reader draws hers."""
        step = self.spec["predict"]
        if step["way"] != "draw":
            return []
        place = next(n for n, view in enumerate(self.spec["views"]) if view["type"] == "chart")
        view = self.spec["views"][place if step["view"] is None else step["view"]]
        curve = next(curve for curve in view["curves"] if curve["y"] == step["curve"])
        columns = {**self._run(), "time": self._times}
        even = np.geomspace if view["x"]["scale"] == "log" else np.linspace
        places = even(*view["x"]["range"], HANDLES)
        return [float(y) for y in np.interp(places, columns[curve["x"]], columns[curve["y"]])]

    def because(self, compared: str = "", **moved: float) -> list[str]:
        """What the button Why? says at the start values with some `moved`, compared with the start
        or with the preset `compared`."""
        start = {name: value for name, value in self.start().items() if name != PREDICTION}
        now = {**start, **self.admit(moved)}
        same_time = {name: now[name] for name in ("head",) if name in now}
        with_it = {**start, **(self.preset(compared) if compared else {}), **same_time}
        steps = self._why.steps(now, with_it)
        return [self._why.say(step) for step in steps]

    def scope(self, **moved: float) -> dict[str, float]:
        """Read-outs of a run at the start values with some `moved` (`head`: a report,
        counted from 0)."""
        return self._scope(**{name: value for name, value in moved.items() if name != PREDICTION})


def _fields(
    model: Model,
    controls: list[dict],
    presets: list[Preset],
    head: PlayHead | None,
    run: Run | Sweep,
) -> dict[str, Field]:
    """What the card takes: what its controls move, what its presets set besides,
    and the play head."""
    fields = {name: field for control in controls for name, field in fields_of(control).items()}
    for name in dict.fromkeys(
        name for preset in presets for name in preset.values if name in model.parameters
    ):
        row = model.parameters[name]
        fields.setdefault(
            name,
            Number(start=row.value, low=row.low, high=row.high, label=row.label, unit=row.unit),
        )
    own = (
        {"head": Number(start=head.start % run.points, low=0, high=run.points - 1, whole=True)}
        if head
        else {}
    )
    return fields | own


def _scope(
    model: Model,
    run: Run | Sweep,
    start: Mapping[str, float],
    head: PlayHead | None,
    without: Mapping[str, float] | None,
    /,
    **moved: float,
) -> dict[str, float]:
    """What the formulas of the card may name, at the start values with some `moved`."""
    position = int(moved.pop("head", head.start if head else -1))
    chosen = {**start, **moved}
    times, values = run.times(), {**model.values(), **chosen}
    if isinstance(run, Sweep):
        away = np.abs(times - values[run.parameter])
        position = int(np.flatnonzero(away <= away.min() + TIE * np.ptp(times))[0])
    series = run.series(model, chosen)
    if without:
        series |= {
            name + WITHOUT: row for name, row in run.series(model, {**chosen, **without}).items()
        }
    return summarise(series, times, position, values)


def _read(
    model: Model, scope: Callable[..., dict[str, float]], values: Mapping[str, float]
) -> dict[str, float]:
    """The read-outs of a model at some values: of a run at its play head, if it has a clock."""
    if model.clock:
        return scope(**values)
    return model.evaluate(**{key: x for key, x in values.items() if key in model.parameters})


def _typeset(latex: str) -> str:
    return mathml(latex, display=True) if latex else ""


def _parameter_rows(model: Model) -> list[dict]:
    """The parameters that the equations use, as rows of the card's table."""
    return [
        {**parameter_row(model.parameters[name]), "symbol": symbol_html(name)}
        for name in model.uses()
    ]
