"""Cards of notebook 08: the treatments that any new one has to beat,
and the years in which they still help."""

from hepatica.model.registry import register

from .causes import (
    CURE_YEARS,
    IN_CIRRHOSIS,
    SOBER_YEARS,
    abstinence,
    cancer_rates,
    cured_or_not,
    untreated,
    without_resolving,
)
from .first_hour import first_hour
from .league import LEAGUE, of_hundred, statements, to_beat
from .mash import mash_today
from .portal import pressure
from .staging import late_sheet, staging_sheet
from .transplantation import (
    BANDS,
    BENEFIT,
    WAITING,
    WHAT_ELSE,
    ratio_formula,
    transplant,
    waiting_formula,
    window,
)

__all__ = [
    "BANDS",
    "BENEFIT",
    "CURE_YEARS",
    "IN_CIRRHOSIS",
    "LEAGUE",
    "SOBER_YEARS",
    "WAITING",
    "WHAT_ELSE",
    "abstinence",
    "cancer_rates",
    "cured_or_not",
    "first_hour",
    "late_sheet",
    "mash_today",
    "of_hundred",
    "pressure",
    "ratio_formula",
    "staging_sheet",
    "statements",
    "to_beat",
    "transplant",
    "untreated",
    "waiting_formula",
    "window",
    "without_resolving",
]

register(__name__, transplant=transplant)
