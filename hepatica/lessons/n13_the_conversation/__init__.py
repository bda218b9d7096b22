"""Cards of notebook 13: the talk with K., what a seller should be asked,
and which results would change our mind."""

from .places import CHOICE, PLACES, REPLIES, interview
from .rows import rows_of
from .sellers import ANSWERS, HARMS, REGULATORS, UNITS, harms, questions, regulators
from .talk import TAKES_HOME, conversation, takes_home
from .verdicts import FAIR, WAITING, fair_sentences, waiting_for

__all__ = [
    "ANSWERS",
    "CHOICE",
    "FAIR",
    "HARMS",
    "PLACES",
    "REGULATORS",
    "REPLIES",
    "TAKES_HOME",
    "UNITS",
    "WAITING",
    "conversation",
    "fair_sentences",
    "harms",
    "interview",
    "questions",
    "regulators",
    "rows_of",
    "takes_home",
    "waiting_for",
]
