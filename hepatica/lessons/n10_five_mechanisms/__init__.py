"""Cards of notebook 10: five proposed mechanisms, each a lever on one number,
and the same liver without cells."""

from .cohort import cohort_table
from .five_levers import (
    CIRCUIT,
    CLOSE,
    DAYS,
    HALF_YEAR,
    LAST_WEEKLY,
    LET_GO,
    NO_CELLS,
    OUTCOMES,
    PER_DAY,
    SCENES,
    SWITCHES,
    levers,
    only,
    therapy_with,
)
from .how_sure import PERSISTENCE, WEEKLY, boundary, chords, strong_enough
from .strong_or_long import (
    AMPLITUDE,
    MARKS,
    PERSISTS,
    REMOVES,
    YOURS,
    everywhere,
    what_would_have_to_be_true,
)
from .turnover import PUBLISHED, SINCE_THE_STOP, plausible_fall
from .what_could_go_wrong import EIGHTH, LIVERS, what_could_go_wrong

__all__ = [
    "AMPLITUDE",
    "CIRCUIT",
    "CLOSE",
    "DAYS",
    "EIGHTH",
    "HALF_YEAR",
    "LAST_WEEKLY",
    "LET_GO",
    "LIVERS",
    "MARKS",
    "NO_CELLS",
    "OUTCOMES",
    "PERSISTENCE",
    "PERSISTS",
    "PER_DAY",
    "PUBLISHED",
    "REMOVES",
    "SCENES",
    "SINCE_THE_STOP",
    "SWITCHES",
    "WEEKLY",
    "YOURS",
    "boundary",
    "chords",
    "cohort_table",
    "everywhere",
    "levers",
    "only",
    "plausible_fall",
    "strong_enough",
    "therapy_with",
    "what_could_go_wrong",
    "what_would_have_to_be_true",
]
