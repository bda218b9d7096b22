"""Cards: everything interactive in the course. A card is a JSON document, made here and drawn by `frontend/`."""

from hepatica.cards.card import Card, CardError
from hepatica.cards.change import Change
from hepatica.cards.claims_board import ClaimsBoard
from hepatica.cards.controls import Choice, Given, Scenes, Slider, Switches, Toggle
from hepatica.cards.decision import Decision
from hepatica.cards.diagram import Diagram, Layer
from hepatica.cards.explorable import Explorable, PlayHead, Predict, Preset, Run, Sweep
from hepatica.cards.forest import Forest, Guess, Published, Scale
from hepatica.cards.icons import Band, Group, Icons, Lives
from hepatica.cards.interview import Ask, Interview, Place
from hepatica.cards.ladder import Ladder
from hepatica.cards.quiz import Quiz
from hepatica.cards.reporting import Reporting
from hepatica.cards.screening import Screening
from hepatica.cards.trial import Trial
from hepatica.cards.views import Axis, Background, Binding, Chart, Curve, Drawing, Point, Tissue

__all__ = [
    "Ask", "Axis", "Background", "Band", "Binding", "Card", "CardError", "Change", "Chart", "Choice",
    "ClaimsBoard", "Curve", "Decision", "Diagram", "Drawing", "Explorable", "Forest", "Given", "Group",
    "Guess", "Icons", "Interview", "Ladder", "Layer", "Lives", "Place", "PlayHead", "Point", "Predict",
    "Preset", "Published", "Quiz", "Reporting", "Run", "Scale", "Scenes", "Screening", "Slider", "Sweep",
    "Switches", "Tissue", "Toggle", "Trial",
]
