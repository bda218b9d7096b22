"""Cards of notebook 01: the lobule, the sinusoid, oxygen on the way, the two supplies,
and the functional reserve."""

from .inflow import ML_MIN_PER_UNIT, supplies, two_supplies
from .reserve import (
    GONE,
    GRAM_PER_DECILITRE,
    LARGEST_REST,
    NEARLY_NOTHING,
    albumin_edges,
    days_or_months,
    reserve_curve,
    smallest_remnants,
)
from .sinusoid import (
    AT_THIS_FLOW,
    DRIVEN_SINUSOID,
    FROM_TRACT_TO_VEIN,
    SEGMENTS,
    STROKES,
    ZONES,
    cells,
    oxygen,
    oxygen_at,
)
from .zones import DISPUTED, lobule, sources, tint, zoned

__all__ = [
    "AT_THIS_FLOW",
    "DISPUTED",
    "DRIVEN_SINUSOID",
    "FROM_TRACT_TO_VEIN",
    "GONE",
    "GRAM_PER_DECILITRE",
    "LARGEST_REST",
    "ML_MIN_PER_UNIT",
    "NEARLY_NOTHING",
    "SEGMENTS",
    "STROKES",
    "ZONES",
    "albumin_edges",
    "cells",
    "days_or_months",
    "lobule",
    "oxygen",
    "oxygen_at",
    "reserve_curve",
    "smallest_remnants",
    "sources",
    "supplies",
    "tint",
    "two_supplies",
    "zoned",
]
