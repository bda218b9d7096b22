"""Cards of notebook 05: the years before anybody notices, single lives, tests counted in people."""

from .atlas import causes_atlas
from .causes import after_cirrhosis
from .chains import CAUSES, LATE_HCV, TREATED, renamed, three_causes, with_readouts, within_reach
from .evidence import (
    AGAINST,
    RUNGS,
    against_the_model,
    answer,
    one_pace,
    source,
    staging_ladder,
    tests_in_people,
)
from .years import (
    CURE,
    CURES,
    FORTY_YEARS,
    PACE,
    SHARE,
    SINCE_INFECTION,
    YEARS,
    silent_years,
    single_lives,
)

__all__ = [
    "AGAINST",
    "CAUSES",
    "CURE",
    "CURES",
    "FORTY_YEARS",
    "LATE_HCV",
    "PACE",
    "RUNGS",
    "SHARE",
    "SINCE_INFECTION",
    "TREATED",
    "YEARS",
    "after_cirrhosis",
    "against_the_model",
    "answer",
    "causes_atlas",
    "one_pace",
    "renamed",
    "silent_years",
    "single_lives",
    "source",
    "staging_ladder",
    "tests_in_people",
    "three_causes",
    "with_readouts",
    "within_reach",
]
