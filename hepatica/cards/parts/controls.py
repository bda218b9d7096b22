"""Controls of an explorable: each moves one parameter of its model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from hepatica import ledger
from hepatica.cards.parts.door import Field, Number, OneOf
from hepatica.cards.parts.frame import CardError, rounded
from hepatica.model import Model
from hepatica.model.mathml import symbol_html

MAX_CONTROLS = 4  # evidence/pedagogy: more controls cost working memory
STEPS = 100  # a slider has at least this many positions


def provenance(source: str, status: str) -> dict:
    """Status, short name and link of a source, as cards show them."""
    reference = ledger.reference(source)
    return {"status": status, "source": reference.short, "link": reference.link}


def parameter_row(row: ledger.Parameter) -> dict:
    """A row of the ledger for the table under a card."""
    return {
        "symbol": symbol_html(row.symbol),
        "label": row.label,
        "value": ledger.plain(row.value),
        "unit": row.unit,
        **provenance(row.source, row.status),
    }


@dataclass(frozen=True)
class Slider:
    """A slider over a parameter's range in the ledger, or over a narrower one.

    The unit that is shown is that of data/units.csv. `units` names another, such as
    {"% a day": 100}, or several that the reader switches, {"mg/dL": 1, "µmol/L": 17.1}; the value
    stays.
    """

    name: str
    label: str | None = None
    low: float | None = None
    high: float | None = None
    step: float | None = None
    value: float | None = None
    units: Mapping[str, float] | None = None

    def json(self, model: Model) -> dict:
        """The control for cards/parts/controls.js;
        raises CardError if the ledger does not allow its range."""
        row = model.parameters[self.name]
        low, high = (
            (row.low if self.low is None else self.low),
            (row.high if self.high is None else self.high),
        )
        if not row.low <= low < high <= row.high:
            raise CardError(
                f"The slider {self.name} runs from {low} to {high}; "
                f"data/parameters.csv allows {row.low} to {row.high}."
            )
        value = row.value if self.value is None else self.value
        return {
            "kind": "slider",
            "name": self.name,
            "label": self.label or row.label,
            "unit": row.unit,
            "scale": row.scale,
            "min": low,
            "max": high,
            "step": self.step or tidy_step(high - low),
            "value": value,
            **provenance(row.source, row.status),
            **_shown(row.unit, self.units),
        }


@dataclass(frozen=True)
class Choice:
    """A few named values of one parameter."""

    name: str
    options: Mapping[str, float]
    label: str | None = None
    value: float | None = None

    def json(self, model: Model) -> dict:
        """The control for cards/parts/controls.js."""
        row = model.parameters[self.name]
        options = [{"label": label, "value": value} for label, value in self.options.items()]
        value = row.value if self.value is None else self.value
        if value not in self.options.values():
            raise CardError(
                f"The choice {self.name} starts at {value}, "
                f"which is no option of {dict(self.options)}."
            )
        base = {"kind": "choice", "name": self.name, "label": self.label or row.label}
        return {**base, "options": options, "value": value}


@dataclass(frozen=True)
class Toggle:
    """A switch between two values of one parameter."""

    name: str
    on: float
    off: float
    label: str | None = None
    value: float | None = None

    def json(self, model: Model) -> dict:
        """The control for cards/parts/controls.js."""
        row = model.parameters[self.name]
        value = row.value if self.value is None else self.value
        base = {"kind": "toggle", "name": self.name, "label": self.label or row.label}
        return {**base, "on": self.on, "off": self.off, "value": value}


@dataclass(frozen=True)
class Switches:
    """Several on/off parameters that belong together, {name: label}, as one control;
    `on` names those that start on."""

    labels: Mapping[str, str]
    label: str
    on: Iterable[str] = ()

    def json(self, model: Model) -> dict:
        """The control for cards/parts/controls.js;
        raises CardError for a parameter that the model does not have."""
        on = tuple(self.on)
        for name in (*self.labels, *on):
            if name not in model.parameters or name not in self.labels:
                raise CardError(
                    f"The switch {name!r} needs a parameter of {model.name} and a label."
                )
        items = [{"name": name, "label": label} for name, label in self.labels.items()]
        values = {name: int(name in on) for name in self.labels}
        return {
            "kind": "switches",
            "name": next(iter(values)),
            "label": self.label,
            "items": items,
            "values": values,
        }


@dataclass(frozen=True)
class Scenes:
    """Named situations, {label: {parameter: value, …}}, that the reader chooses between; the first
    is the start.

    Each sets the same parameters, such as all start values of a run.
    """

    situations: Mapping[str, Mapping[str, float]]
    label: str

    def json(self, model: Model) -> dict:
        """The control for cards/parts/controls.js;
        raises CardError if two situations set different parameters."""
        options = [
            {"label": label, "values": rounded(dict(values))}
            for label, values in self.situations.items()
        ]
        names = set(options[0]["values"])
        if any(set(option["values"]) != names for option in options) or not names <= set(
            model.parameters
        ):
            raise CardError(
                f"{self.label}: all situations set the same parameters of {model.name}."
            )
        return {
            "kind": "scenes",
            "name": min(names),
            "label": self.label,
            "options": options,
            "values": options[0]["values"],
        }


@dataclass(frozen=True)
class Given:
    """A parameter that presets set and the card shows, but the reader does not move;
    `words` name its values."""

    name: str
    label: str | None = None
    words: Mapping[float, str] | None = None
    value: float | None = None
    step: float = 0.1

    def json(self, model: Model) -> dict:
        """The line for cards/parts/controls.js."""
        row = model.parameters[self.name]
        words = [{"value": value, "word": word} for value, word in (self.words or {}).items()]
        value = row.value if self.value is None else self.value
        base = {
            "kind": "given",
            "name": self.name,
            "label": self.label or row.label,
            "unit": row.unit,
        }
        given = {"step": self.step, "value": value, "words": words}
        return {**base, **given, **_shown(row.unit)}


def unit_shown(control: Mapping) -> tuple[str, float]:
    """The unit that a slider or a given value first shows, and what its values are multiplied by
    for it."""
    first = (control.get("units") or [{"unit": control["unit"], "factor": 1}])[0]
    return first["unit"], first["factor"]


def _shown(unit: str, units: Mapping[str, float] | None = None) -> dict:
    """The units of a control where they are not the ledger's own."""
    units = units or dict([ledger.shown(unit)])
    if units == {unit: 1}:
        return {}
    return {"units": [{"unit": unit, "factor": factor} for unit, factor in units.items()]}


def tidy_step(span: float) -> float:
    """The largest step 1, 2 or 5 × 10ⁿ that gives a slider at least `STEPS` positions.

    >>> tidy_step(10), tidy_step(0.02)
    (0.1, 0.0002)
    """
    power = 10.0 ** np.floor(np.log10(span / STEPS))
    return float(
        max(round(k * power, 12) for k in (1, 2, 5, 10) if k * power <= span / STEPS * (1 + 1e-9))
    )


def fields_of(control: Mapping) -> dict[str, Field]:
    """What one control of a card lets in, by the names that it sets."""
    return FIELDS[control["kind"]](control)


def start_of(control: Mapping) -> dict[str, float]:
    """Start values of the parameters that one control of a card sets."""
    return control.get("values") or {control["name"]: control["value"]}


def _slider(control: Mapping) -> dict[str, Field]:
    ends = {"low": control["min"], "high": control["max"], "unit": control["unit"]}
    return {control["name"]: Number(start=control["value"], label=control["label"], **ends)}


def _listed(values: Iterable[float], control: Mapping) -> dict[str, Field]:
    return {control["name"]: OneOf(of=list(values), start=control["value"], label=control["label"])}


def _switches(control: Mapping) -> dict[str, Field]:
    return {
        item["name"]: OneOf(of=(0, 1), start=control["values"][item["name"]], label=item["label"])
        for item in control["items"]
    }


def _scenes(control: Mapping) -> dict[str, Field]:
    def known(name: str) -> list[float]:
        return list(dict.fromkeys(option["values"][name] for option in control["options"]))

    return {name: OneOf(of=known(name), start=value) for name, value in control["values"].items()}


FIELDS = {
    "slider": _slider,
    "choice": lambda control: _listed((option["value"] for option in control["options"]), control),
    "toggle": lambda control: _listed((control["on"], control["off"]), control),
    "switches": _switches,
    "scenes": _scenes,
    "given": lambda control: {
        control["name"]: Number(start=control["value"], label=control["label"])
    },
}
"""What each kind of control lets in; a given value is held to the model's own range by the card."""
