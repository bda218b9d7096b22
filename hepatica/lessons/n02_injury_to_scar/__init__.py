"""Cards of notebook 02: the stellate cell, what was tried against its scar, and the circuit."""

from .scar import depletion, loops, old_scar
from .stellate import freeing, leaving, staying, waking
from .tried import every_trial
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
    "every_trial",
    "freeing",
    "injury_duration",
    "leaving",
    "loops",
    "old_scar",
    "phase_plane",
    "staying",
    "waking",
    "watershed",
]
