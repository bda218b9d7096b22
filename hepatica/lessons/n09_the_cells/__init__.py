"""Cards of notebook 09: which cells, by which road, how many arrive,
and what they would be if they stayed."""

from .dosing import KINDS, ROADS, SUPERSCRIPTS, kinds, trial_dose, usual_weight
from .price import PRICE, UNITS, findings, how_many, macrophages, prices
from .roads import HOURS, MEASURED, ONE_DAY, POINTS, TICKS, road
from .staying import ARRIVED, DAYS_OF_RENEWAL, IN_EACH_ML, SHARE, if_they_stayed

__all__ = [
    "ARRIVED",
    "DAYS_OF_RENEWAL",
    "HOURS",
    "IN_EACH_ML",
    "KINDS",
    "MEASURED",
    "ONE_DAY",
    "POINTS",
    "PRICE",
    "ROADS",
    "SHARE",
    "SUPERSCRIPTS",
    "TICKS",
    "UNITS",
    "findings",
    "how_many",
    "if_they_stayed",
    "kinds",
    "macrophages",
    "prices",
    "road",
    "trial_dose",
    "usual_weight",
]
