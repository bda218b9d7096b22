"""How a model is written, run and handed on; nothing here knows about livers."""

from hepatica.model.chain import Chain, Counter
from hepatica.model.equations import (
    DAYS_PER_YEAR,
    Model,
    ModelError,
    Output,
    Pulse,
    State,
    Unknown,
)

__all__ = ["DAYS_PER_YEAR", "Chain", "Counter", "Model", "ModelError", "Output", "Pulse", "State", "Unknown"]
