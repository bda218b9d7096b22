"""Cards of notebook 03: LSM-5, the liver that scars,
and the moment after which it no longer turns back."""

from .course_of_scar import (
    BOTH_COLLAGENS,
    CAUSE_STOPS,
    COLLAGEN,
    DONOR_DAYS,
    SCARRED,
    donors,
    macrophages_away,
    stop_the_cause,
    years_of_injury,
)
from .turning_back import STOPS, along, cross_linking, no_return, outcomes

__all__ = [
    "BOTH_COLLAGENS",
    "CAUSE_STOPS",
    "COLLAGEN",
    "DONOR_DAYS",
    "SCARRED",
    "STOPS",
    "along",
    "cross_linking",
    "donors",
    "macrophages_away",
    "no_return",
    "outcomes",
    "stop_the_cause",
    "years_of_injury",
]
