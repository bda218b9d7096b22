"""A diagram: a drawing whose parts can be pointed at and whose layers show one property at a
time."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hepatica.cards.parts.door import OneOf
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import Question
from hepatica.cards.parts.text import inline
from hepatica.cards.views.pictures import Drawing, part_ids

__all__ = ["Diagram", "Layer"]


@dataclass(frozen=True)
class Layer:
    """One property shown on a drawing: for each part,
    the CSS properties to set (part "svg" is the whole drawing)."""

    id: str
    label: str
    text: str
    styles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def json(self, drawing: str) -> dict:
        """The layer for cards/kinds/diagram/card.js;
        raises CardError for a part that the drawing does not have."""
        for part in self.styles:
            if part != "svg" and part not in part_ids(drawing):
                raise CardError(
                    f"The layer {self.id} colours {part!r}, "
                    f"which the drawing {drawing} does not have."
                )
        styles = {part: dict(properties) for part, properties in self.styles.items()}
        return {"id": self.id, "label": self.label, "html": inline(self.text), "styles": styles}


NAMES = ("alt", "layered", "layer_no", "layer_label", "picked", "part_name")
SENTENCE = [
    [(None, "{alt:t}")],
    [("layered > 0", "Shown: {layer_label:t}.")],
    [("picked > 0", "Picked: {part_name:t}.")],
]


class Diagram(Card):
    """A drawing to explore: `parts` of the drawing with their texts,
    and `layers` to switch between.

    With `predict` the first layer is what stands before the answer and the second is shown with it.
    A sentence, mission or reply may name `layer_no`, the place of the layer counted from 1.
    """

    waiting = "Predict first; then the drawing answers."
    commit = "Show the answer"

    def __init__(
        self,
        drawing: Drawing,
        *,
        id: str,
        title: str,
        question: str,
        layers: Iterable[Layer] = (),
        predict: Question | None = None,
        mission: Mission | None = None,
    ):
        layers = [layer.json(drawing.name) for layer in layers]
        base = {"kind": "diagram", "id": id, "title": title, "question": question}
        shown = {
            key: value for key, value in drawing.json().items() if key not in ("type", "title")
        }
        spec = {**base, **shown, "layers": layers}
        fields = {
            "part": OneOf(of=[part["id"] for part in spec["parts"]], empty=True, label="the part")
        }
        if layers:
            known = [layer["id"] for layer in layers]
            fields["layer"] = OneOf(of=known, start=known[bool(predict)], label="the layer")
        self._shown = spec
        super().__init__(
            spec, fields, describe=SENTENCE, names=NAMES, predict=predict, mission=mission
        )

    def scope(self, **moved: str | None) -> dict[str, str | float]:
        """What the drawing shows: its description, the layer and the picked part."""
        chosen, spec = super().scope(**moved), self._shown
        layers = [each["id"] for each in spec["layers"]]
        place = layers.index(chosen["layer"]) if layers else -1
        layer = spec["layers"][place]["label"] if layers else ""
        part = next((each["name"] for each in spec["parts"] if each["id"] == chosen["part"]), "")
        return {
            "alt": spec["alt"],
            "layered": float(layer != ""),
            "layer_no": float(place + 1),
            "layer_label": layer,
            "picked": float(part != ""),
            "part_name": part,
        }

    def _static_lines(self) -> list[str]:
        parts = "".join(
            f"<li><strong>{html.escape(part['name'])}</strong>: {part['html']}</li>"
            for part in self.spec["parts"]
        )
        return [f"<p>{html.escape(self.spec['alt'])}</p>", f"<ul>{parts}</ul>"]
