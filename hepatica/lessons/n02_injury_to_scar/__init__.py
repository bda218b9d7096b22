"""Cards of notebook 02: the macrophage–myofibroblast circuit."""

from .scar import depletion, loops, old_scar
from .wound import (
    BOTH_CELLS,
    COLD,
    DAYS,
    DENSITY,
    DRIVEN_CIRCUIT,
    HEALED,
    SCARRED,
    WIDE_DENSITY,
    circuit,
    injury_duration,
    phase_plane,
    watershed,
)

__all__ = [
    "BOTH_CELLS",
    "COLD",
    "DAYS",
    "DENSITY",
    "DRIVEN_CIRCUIT",
    "HEALED",
    "SCARRED",
    "WIDE_DENSITY",
    "circuit",
    "depletion",
    "injury_duration",
    "loops",
    "old_scar",
    "phase_plane",
    "watershed",
]
