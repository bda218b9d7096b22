"""A diagram: a drawing whose parts can be pointed at and whose layers show one property at a time."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.text import inline
from hepatica.cards.views.pictures import Drawing, part_ids

__all__ = ["Diagram", "Layer"]


@dataclass(frozen=True)
class Layer:
    """One property shown on a drawing: for each part, the CSS properties to set (part "svg" is the whole drawing)."""

    id: str
    label: str
    text: str
    styles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def json(self, drawing: str) -> dict:
        """The layer for cards/kinds/diagram/card.js; raises CardError for a part that the drawing does not have."""
        for part in self.styles:
            if part != "svg" and part not in part_ids(drawing):
                raise CardError(f"The layer {self.id} colours {part!r}, which the drawing {drawing} does not have.")
        styles = {part: dict(properties) for part, properties in self.styles.items()}
        return {"id": self.id, "label": self.label, "html": inline(self.text), "styles": styles}


class Diagram(Card):
    """A drawing to explore: `parts` of the drawing with their texts, and `layers` to switch between."""

    def __init__(self, drawing: Drawing, *, id: str, title: str, question: str, layers: Iterable[Layer] = ()):
        layers = [layer.json(drawing.name) for layer in layers]
        base = {"kind": "diagram", "id": id, "title": title, "question": inline(question)}
        shown = {key: value for key, value in drawing.json().items() if key not in ("type", "title")}
        spec = {**base, **shown, "layers": layers}
        super().__init__(spec, {"part": None, "layer": layers[0]["id"] if layers else None})

    def _check(self, name, value):
        if not self.spec or value is None:
            return
        allowed = [item["id"] for item in self.spec["parts" if name == "part" else "layers"]]
        if value not in allowed:
            raise CardError(f"This diagram has no {name} {value!r}. It has {', '.join(allowed)}.")

    def describe(self) -> str:
        """What the drawing shows."""
        return self.spec["alt"]

    def _static_lines(self) -> list[str]:
        parts = "".join(f"<li><strong>{html.escape(part['name'])}</strong>: {part['html']}</li>"
                        for part in self.spec["parts"])
        return [f"<p>{html.escape(self.spec['alt'])}</p>", f"<ul>{parts}</ul>"]
