"""An explorable: a model with controls, views, a question to predict and a sentence that says what happened."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from hepatica import ledger
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.controls import Given, Scenes, provenance
from hepatica.cards.parts.sentence import Description, Formula, scope_names, summarise
from hepatica.cards.parts.text import inline
from hepatica.model.chain import Chain
from hepatica.model.mathml import mathml, symbol_html
from hepatica.model import DAYS_PER_YEAR, Model

__all__ = ["Explorable", "PlayHead", "Predict", "Preset", "Run", "Sweep"]

MAX_CONTROLS = 4  # evidence/pedagogy: more controls cost working memory
# A row of switches is one control: they are read together. Scenes and Given are none: like a preset they say what is
# looked at, they are no further quantity to vary.
NO_QUANTITY = (Given, Scenes)
WITHOUT = "_without"  # suffix of the read-outs of the second run of a card
DAYS_PER_UNIT = {"hours": 1 / 24, "days": 1, "years": DAYS_PER_YEAR}


@dataclass(frozen=True)
class Run:
    """A run in time: from 0 `until` that many `unit`, reported at `points` times.

    With a `stretch` above 1 the times rise with that power, so that the beginning gets more of them.
    """

    until: float
    unit: str = "days"
    points: int = 161
    stretch: float = 1

    def json(self) -> dict:
        """The run for cards/kinds/explorable/card.js."""
        own = {"times": [float(time) for time in self.times()]} if self.stretch != 1 else {}
        per_unit = DAYS_PER_UNIT[self.unit]
        return {"until": self.until, "unit": self.unit, "points": self.points, "daysPerUnit": per_unit, **own}

    def times(self) -> np.ndarray:
        """Report times in the run's unit."""
        return self.until * np.linspace(0, 1, self.points) ** self.stretch

    def series(self, model: Model, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """Every reported series at the report times."""
        if isinstance(model, Chain):  # steps once a year by itself
            frame = model.simulate(int(self.until), **values)
        else:
            frame = model.simulate(at=self.times() * DAYS_PER_UNIT[self.unit], **values)
        return {name: frame[name].to_numpy() for name in frame}


@dataclass(frozen=True)
class Sweep:
    """Read-outs of a model without states while one parameter runs from `low` to `high`, evenly or in equal ratios."""

    parameter: str
    low: float
    high: float
    points: int = 161
    scale: str = "linear"

    def json(self) -> dict:
        """The sweep for cards/kinds/explorable/card.js."""
        own = {"times": [float(value) for value in self.times()]} if self.scale == "log" else {}
        return {"sweep": self.parameter, "from": self.low, "to": self.high, "points": self.points, **own}

    def times(self) -> np.ndarray:
        """The values of the parameter."""
        return (np.geomspace if self.scale == "log" else np.linspace)(self.low, self.high, self.points)

    def series(self, model: Model, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """Every reported series over the sweep."""
        rows = [model.evaluate(**{**values, self.parameter: x}) for x in self.times()]
        return {name: np.array([row[name] for row in rows]) for name in model.reported}


@dataclass(frozen=True)
class Preset:
    """A button that sets several controls at once."""

    label: str
    values: Mapping[str, float]
    hint: str = ""

    def json(self) -> dict:
        """The preset for cards/parts/controls.js."""
        return {"label": self.label, "values": dict(self.values), "hint": self.hint}


@dataclass(frozen=True)
class Predict:
    """A question before the curve: options (text, condition, why), exactly one condition true at the start values."""

    question: str
    options: tuple[tuple[str, str, str], ...]

    def json(self, names: Iterable[str], scope: Mapping[str, float]) -> dict:
        """The step for cards/parts/predict.js, with the key worked out by the model."""
        right = [bool(Formula(condition, names).value(scope)) for _, condition, _ in self.options]
        if sum(right) != 1:
            raise CardError(f"“{self.question}” has {sum(right)} right options at the start; it needs exactly one.")
        options = [{"text": inline(text), "right": key, "why": inline(why)}
                   for (text, _, why), key in zip(self.options, right, strict=True)]
        return {"question": inline(self.question), "options": options}


@dataclass(frozen=True)
class PlayHead:
    """A slider over the time of the run, with a play button; `start` is a report index (−1: the end)."""

    start: int = -1
    seconds: float = 8

    def json(self, run: Run) -> dict:
        """The head for cards/parts/controls.js."""
        step = run.until / (run.points - 1)
        label = {"hours": "Hour", "days": "Day", "years": "Year"}[run.unit]
        start = self.start % run.points
        return {"start": start, "seconds": self.seconds, "label": label, "unit": run.unit, "step": step}


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
        Values of a second run that is made each time with everything else as in the first, such as no treatment.
        Its read-outs end in `_without`: curves, sentences and drawings may name `CPA_without` or `CPA_without_end`.

    Raises CardError for too many controls, unknown names, or a prediction without exactly one right answer.
    """

    def __init__(
        self, model: Model, *, id: str, title: str, question: str, controls: list, views: list,
        describe: list[tuple[str | None, str]], run: Run | Sweep, predict: Predict | None = None,
        presets: Iterable[Preset] = (), head: PlayHead | None = None, equations: Iterable[str] = (),
        without: Mapping[str, float] | None = None,
    ):
        moving = [control for control in controls if not isinstance(control, NO_QUANTITY)]
        if len(moving) > MAX_CONTROLS:
            raise CardError(f"{id} has {len(moving)} controls; at most {MAX_CONTROLS}. Make a second card.")
        names = scope_names([*model.reported, *(name + WITHOUT for name in model.reported if without)],
                            model.parameters)
        controls_json = [control.json(model) for control in controls]
        start = {name: value for control in controls_json for name, value in values_of(control).items()}
        self._description = Description(describe, names)
        self._scope = partial(_scope, model, run, start, head, without)
        spec = {
            "kind": "explorable", "id": id, "title": title, "question": inline(question),
            "model": model.javascript(), "run": run.json(), "controls": controls_json,
            "presets": [preset.json() for preset in presets], "views": [view.json(names) for view in views],
            "head": head.json(run) if head else None,
            "predict": predict.json(names, self._scope()) if predict else None,
            "describe": self._description.json(), "equations": _equations(model, equations),
            "parameters": _parameter_rows(model), **({"without": dict(without)} if without else {}),
        }
        extra = {"head": spec["head"]["start"]} if head else {}
        super().__init__(spec, {**start, **extra, **({"prediction": None} if predict else {})})

    def _check(self, name, value):
        control = next((c for c in self.spec["controls"] if c["name"] == name), None) if self.spec else None
        if control and control["kind"] == "slider" and not control["min"] <= value <= control["max"]:
            allowed = f"{control['min']} to {control['max']} {control['unit']}"
            raise CardError(f"{name} = {value} is outside the slider's range {allowed}.")

    def describe(self, **moved: float) -> str:
        """The live sentence at the start values, or with some of them moved (`head`: a report, counted from 0)."""
        return self._description.say(self._scope(**moved))

    def preset(self, label: str) -> dict[str, float]:
        """What a preset sets, as `describe` takes it; raises CardError for a label that the card does not have."""
        known = {preset["label"]: preset["values"] for preset in self.spec["presets"]}
        if label not in known:
            raise CardError(f"{self.spec['id']} has no preset {label!r}. It has {', '.join(known) or 'none'}.")
        return dict(known[label])

    def _static_lines(self) -> list[str]:
        controls = ", ".join(html.escape(control["label"]) for control in self.spec["controls"])
        return [f"<p><em>At the start values:</em> {html.escape(self.describe())}</p>",
                f"<p><small>Interactive in JupyterLab and on the course's pages. Controls: {controls}.</small></p>"]


def values_of(control: Mapping) -> dict[str, float]:
    """Start values of the parameters that one control of a card sets."""
    return control.get("values") or {control["name"]: control["value"]}


def _scope(model: Model, run: Run | Sweep, start: Mapping[str, float], head: PlayHead | None,
           without: Mapping[str, float] | None, /, **moved: float) -> dict[str, float]:
    """What the formulas of the card may name, at the start values with some `moved`."""
    position = int(moved.pop("head", head.start if head else -1))
    chosen = {**start, **moved}
    times, values = run.times(), {**model.values(), **chosen}
    if isinstance(run, Sweep):
        position = int(np.abs(times - values[run.parameter]).argmin())
    series = run.series(model, chosen)
    if without:
        series |= {name + WITHOUT: row for name, row in run.series(model, {**chosen, **without}).items()}
    return summarise(series, times, position, values)


def _equations(model: Model, names: Iterable[str]) -> str:
    has_some = model.equations or model.balance or model.definitions or isinstance(model, Chain)
    return mathml(model.latex(*names), display=True) if has_some else ""


def _parameter_rows(model: Model) -> list[dict]:
    """The parameters that the equations use, as rows of the card's table."""
    formulas = (*model.rates, *model.balances, *model.reported.values())
    used = {str(symbol) for formula in formulas for symbol in formula.free_symbols}
    pulses = [vars(pulse).values() for train in model.inputs.values() for pulse in train]
    used |= {field for fields in pulses for field in fields if isinstance(field, str)}
    used |= {state.initial for state in model.states.values() if isinstance(state.initial, str)}
    return [{"symbol": symbol_html(name), "label": row.label, "value": ledger.plain(row.value),
             "unit": row.unit, **provenance(row.source, row.status)}
            for name, row in model.parameters.items() if name in used]
