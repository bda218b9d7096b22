"""Cards of notebook 04: a field of lobules, the walls in it, and a needle."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Chart,
    Choice,
    Curve,
    Explorable,
    PlayHead,
    Predict,
    Preset,
    Run,
    Slider,
    Toggle,
)
from hepatica.cards.lobule_view import LobuleMap
from hepatica.models.lobule import BOTH, CENTRAL, PORTAL, Field, Lobules

SMALL = Field(6, 6, 240, 208)  # 6 lobules across, a site every 25 µm
LARGE = Field(26, 8, 416, 111)  # wide enough for the longest needle
