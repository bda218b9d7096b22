"""Cards of notebook 07: the scores at the bedside, their noise,
and what they told about the Mayo Clinic's patients."""

from .bedside import (
    ASCITES,
    BLOOD_AND_EXAMINER,
    CHILD_PUGH,
    CONFUSION,
    LETTERS,
    POINTS,
    SEX,
    UNSWEPT,
    child_pugh,
    chosen,
    four_scores,
    patients,
)
from .counting import ENDS, LOOK_BACK, MISSING, before_the_end, counted_twice
from .laboratories import SAMPLES, one_tube, samples
from .mayo_patients import GRADES, LAST_YEAR, YEARS, asked_value, by_step, mayo, mayo_curves, picked
from .predictions import GROUPS, PREDICTORS, said_and_came

__all__ = [
    "ASCITES",
    "BLOOD_AND_EXAMINER",
    "CHILD_PUGH",
    "CONFUSION",
    "ENDS",
    "GRADES",
    "GROUPS",
    "LAST_YEAR",
    "LETTERS",
    "LOOK_BACK",
    "MISSING",
    "POINTS",
    "PREDICTORS",
    "SAMPLES",
    "SEX",
    "UNSWEPT",
    "YEARS",
    "asked_value",
    "before_the_end",
    "by_step",
    "child_pugh",
    "chosen",
    "counted_twice",
    "four_scores",
    "mayo",
    "mayo_curves",
    "one_tube",
    "patients",
    "picked",
    "said_and_came",
    "samples",
]
