"""Cards: everything interactive in the course. A card is a JSON document, made here and drawn by `frontend/`."""

from hepatica.cards.card import Card, CardError
from hepatica.cards.controls import Choice, Slider, Toggle
from hepatica.cards.decision import Decision
from hepatica.cards.diagram import Diagram, Layer
from hepatica.cards.explorable import Explorable, PlayHead, Predict, Preset, Run, Sweep
from hepatica.cards.icons import Band, Group, Icons, Lives
from hepatica.cards.quiz import Quiz
from hepatica.cards.views import Axis, Background, Binding, Chart, Curve, Drawing, Point, Tissue

__all__ = [
    "Axis", "Background", "Band", "Binding", "Card", "CardError", "Chart", "Choice", "Curve", "Decision",
    "Diagram", "Drawing", "Explorable", "Group", "Icons", "Layer", "Lives", "PlayHead", "Point", "Predict", "Preset",
    "Quiz", "Run", "Slider", "Sweep", "Tissue", "Toggle",
]
