"""Cards: everything interactive in the course. A card is a JSON document, made here and drawn by
`card.js`.

The kinds of card are found by themselves: every folder of `kinds/` with a `card.py` adds the names
in its `__all__`.
"""

from importlib import import_module

from hepatica.cards.bundle import kinds
from hepatica.cards.parts.controls import Choice, Given, Scenes, Slider, Switches, Toggle
from hepatica.cards.parts.frame import Card, CardError, Preset
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import Draw, Order, Predict, Share
from hepatica.cards.views.people import Band, Group, Icons, Lives
from hepatica.cards.views.pictures import (
    Axis,
    Background,
    Binding,
    Chart,
    Curve,
    Drawing,
    Point,
    Tissue,
)

__all__ = [
    "Axis",
    "Background",
    "Band",
    "Binding",
    "Card",
    "CardError",
    "Chart",
    "Choice",
    "Curve",
    "Draw",
    "Drawing",
    "Given",
    "Group",
    "Icons",
    "Lives",
    "Mission",
    "Order",
    "Point",
    "Predict",
    "Preset",
    "Scenes",
    "Share",
    "Slider",
    "Switches",
    "Tissue",
    "Toggle",
]

for _kind in kinds():
    _module = import_module(f"hepatica.cards.kinds.{_kind}.card")
    globals().update({_name: getattr(_module, _name) for _name in _module.__all__})
    __all__ += _module.__all__
