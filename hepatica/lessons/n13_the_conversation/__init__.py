"""Cards of notebook 13: the talk with K., what a seller should be asked,
and which results would change our mind."""

from .her_sheet import WHY_NOT, her_sheet, her_staging, said_of_cells, takes_home, trials
from .places import CHOICE, PLACES, REPLIES, interview
from .rows import rows_of
from .sellers import ANSWERS, HARMS, SAID, harms, questions
from .talk import TAKES_HOME, conversation
from .verdicts import FAIR, WAITING, fair_sentences, waiting_for

__all__ = [
    "ANSWERS",
    "CHOICE",
    "FAIR",
    "HARMS",
    "PLACES",
    "REPLIES",
    "SAID",
    "TAKES_HOME",
    "WAITING",
    "WHY_NOT",
    "conversation",
    "fair_sentences",
    "harms",
    "her_sheet",
    "her_staging",
    "interview",
    "questions",
    "rows_of",
    "said_of_cells",
    "takes_home",
    "trials",
    "waiting_for",
]
