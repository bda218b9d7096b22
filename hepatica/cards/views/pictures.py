"""Views of an explorable: charts, drawings and tissue, all bound to the same run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.palette import DASHES, ROLES
from hepatica.cards.parts.sentence import Formula
from hepatica.cards.parts.text import inline

DRAWINGS = Path(__file__).resolve().parents[1] / "drawings"
INTERFACE_ROLES = ("ink", "muted", "accent", "good", "bad")


@dataclass(frozen=True)
class Axis:
    """An axis with a fixed range; `ticks` maps positions to words."""

    label: str
    unit: str
    low: float
    high: float
    scale: str = "linear"
    ticks: Mapping[float, str] | None = None

    def json(self) -> dict:
        """The axis for cards/views/chart.js."""
        named = (
            {"ticks": list(self.ticks), "ticktext": list(self.ticks.values())} if self.ticks else {}
        )
        return {
            "label": self.label,
            "unit": self.unit,
            "range": [self.low, self.high],
            "scale": self.scale,
            **named,
        }


@dataclass(frozen=True)
class Curve:
    """A read-out `y` against `x` (another read-out, or "time")."""

    y: str
    label: str
    role: str
    x: str = "time"
    dash: str | None = None

    def json(self) -> dict:
        """The curve for cards/views/chart.js."""
        dash = self.dash or _second_cue(self.role)[0]
        return {"x": self.x, "y": self.y, "label": self.label, "role": self.role, "dash": dash}


@dataclass(frozen=True)
class Point:
    """A marker whose place is two formulas of the run."""

    x: str
    y: str
    label: str
    role: str = "ink"
    symbol: str | None = None
    size: int = 11

    def json(self, names: Iterable[str]) -> dict:
        """The point for cards/views/chart.js."""
        x, y = Formula(self.x, names).js, Formula(self.y, names).js
        symbol = self.symbol or _second_cue(self.role)[1]
        return {
            "x": x,
            "y": y,
            "label": self.label,
            "role": self.role,
            "symbol": symbol,
            "size": self.size,
        }


@dataclass(frozen=True)
class Background:
    """What stands still in a chart: a line, points (data, with errors), an area or words.

    With `veil` it waits for the reader's prediction, as curves do.
    """

    x: Iterable[float]
    y: Iterable[float]
    role: str = "muted"
    label: str = ""
    kind: str = "line"
    dash: str | None = None
    text: Iterable[str] | None = None
    textposition: str | None = None
    error: Iterable[float] | None = None
    symbol: str | None = None
    veil: bool = False

    def json(self) -> dict:
        """The background trace for cards/views/chart.js."""
        given = {
            "text": self.text,
            "error": self.error,
            "textposition": self.textposition,
            "symbol": self.symbol,
        }
        extra = {
            key: (value if isinstance(value, str) else list(value))
            for key, value in given.items()
            if value is not None
        }
        base = {"kind": self.kind, "x": [float(v) for v in self.x], "y": [float(v) for v in self.y]}
        veil = {"veil": True} if self.veil else {}
        return {
            **base,
            "role": self.role,
            "label": self.label,
            "dash": self.dash or "solid",
            **veil,
            **extra,
        }


@dataclass(frozen=True)
class Chart:
    """A chart of the run with fixed axes; `head` draws a line at the play head;
    `small` ones stand side by side."""

    title: str
    x: Axis
    y: Axis
    curves: tuple[Curve, ...] = ()
    points: tuple[Point, ...] = ()
    background: tuple[Background, ...] = ()
    head: bool = False
    height: int = 340
    small: bool = False

    def json(self, names: Iterable[str]) -> dict:
        """The view for cards/views/chart.js; raises CardError for an unknown role or read-out."""
        _require_roles([*self.curves, *self.points, *self.background])
        for curve in self.curves:
            Formula(curve.y, names), Formula(curve.x, names)
        return {
            "type": "chart",
            "title": self.title,
            "x": self.x.json(),
            "y": self.y.json(),
            "head": self.head,
            "height": self.height,
            "curves": [curve.json() for curve in self.curves],
            "points": [point.json(names) for point in self.points],
            "background": [item.json() for item in self.background],
            **({"small": True} if self.small else {}),
        }


@dataclass(frozen=True)
class Binding:
    """What drives a part of a drawing: `attribute` follows `value`, mapped from one interval onto
    another.

    Attributes: stroke-width, opacity, scale, count, fill-level, text (with `style`), flow (dots run
    along the part's vessels, in units of the drawing a second), or a custom property "--x".
    """

    part: str
    attribute: str
    value: str
    source: tuple[float, float] = (0, 1)
    target: tuple[float, float] = (0, 1)
    scale: str = "linear"
    style: str = "0f"
    suffix: str = ""

    def json(self, names: Iterable[str]) -> dict:
        """The binding for cards/views/drawing.js."""
        base = {"part": self.part, "attribute": self.attribute, **Formula(self.value, names).js}
        if self.attribute == "text":
            return {**base, "style": self.style, "suffix": self.suffix}
        return {**base, "from": list(self.source), "to": list(self.target), "scale": self.scale}


@dataclass(frozen=True)
class Drawing:
    """A drawing of `drawings/` by name, with its parts to point at (`parts` names some,
    None means all)."""

    name: str
    bindings: tuple[Binding, ...] = ()
    parts: tuple[str, ...] | None = None
    title: str = ""

    def json(self, names: Iterable[str] = ()) -> dict:
        """The view for cards/views/drawing.js; raises CardError for a part that the drawing does
        not have."""
        known, words = part_ids(self.name), texts(self.name)
        for part in [*(self.parts or ()), *(binding.part for binding in self.bindings)]:
            if part not in known:
                raise CardError(
                    f"The drawing {self.name} has no part {part!r}. "
                    f"It has {', '.join(sorted(known))}."
                )
        parts = [
            {"id": part["id"], "name": part["name"], "html": inline(part["text"])}
            for part in words["parts"]
            if self.parts is None or part["id"] in self.parts
        ]
        base = {"type": "drawing", "title": self.title, "svg": svg(self.name), "alt": words["alt"]}
        return {
            **base,
            "parts": parts,
            "bindings": [binding.json(names) for binding in self.bindings],
        }


@dataclass(frozen=True)
class Tissue:
    """A histology-like picture whose states are formulas of the run;
    by default those of TIDE-6 by name."""

    alt: str
    title: str = ""
    states: Mapping[str, str] = field(
        default_factory=lambda: {name: name for name in ("H", "F", "M", "CPA", "X")}
    )

    def json(self, names: Iterable[str]) -> dict:
        """The view for cards/views/tissue.js."""
        states = {name: Formula(formula, names).js for name, formula in self.states.items()}
        return {"type": "tissue", "title": self.title, "alt": self.alt, "states": states}


@cache
def svg(name: str) -> str:
    """The markup of a drawing."""
    return (DRAWINGS / f"{name}.svg").read_text(encoding="utf-8").strip()


@cache
def texts(name: str) -> dict:
    """What a drawing shows (`alt`) and its parts in order (`id`, `name`, `text`)."""
    return json.loads((DRAWINGS / f"{name}.json").read_text(encoding="utf-8"))


@cache
def part_ids(name: str) -> frozenset[str]:
    """The ids of the parts of a drawing."""
    return frozenset(
        node.get("id") for node in ElementTree.fromstring(svg(name)).iter() if node.get("id")
    )


def _second_cue(role: str) -> tuple[str, str]:
    """Dash and marker symbol of a role, so that colour is never alone."""
    return DASHES.get(role, ("solid", "circle"))


def _require_roles(items: Iterable) -> None:
    for item in items:
        if item.role not in (*ROLES, *INTERFACE_ROLES):
            known = ", ".join((*ROLES, *INTERFACE_ROLES))
            raise CardError(
                f"{item.label}: unknown colour role {item.role!r}. Choose one of {known}."
            )
