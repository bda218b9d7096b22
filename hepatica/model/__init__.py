"""How a model is written, run and handed on; nothing here knows about livers."""

from hepatica.model.chain import Chain, Counter
from hepatica.model.equations import Model
from hepatica.model.join import join, leaving_out
from hepatica.model.parts import ModelError, Output, State, Unknown
from hepatica.model.pulses import Pulse
from hepatica.model.units import DAYS_PER_YEAR

__all__ = [
    "DAYS_PER_YEAR",
    "Chain",
    "Counter",
    "Model",
    "ModelError",
    "Output",
    "Pulse",
    "State",
    "Unknown",
    "join",
    "leaving_out",
]
