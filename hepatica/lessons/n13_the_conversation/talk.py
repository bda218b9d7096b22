"""The talk with K."""

from __future__ import annotations

from functools import cache

from hepatica.cards import Decision

TAKES_HOME = (
    (
        "Known: her outlook",
        (
            "Of a hundred people at her stage about {targets/nh-masld-f4-silent-10y:.0f} are alive "
            "without a complication after ten years, in our model. "
            "Older cohorts of all causes counted "
            "{natural_history/decompensation-within-10-years-compensated-decompensated-all-causes-damico2006} "
            "*with* one."
        ),
        ("damico2006",),
    ),
    (
        "Known: what cells did to a score",
        (
            "MATCH, with macrophages: {guidelines/match-difference} MELD points after three months "
            "({guidelines/match-difference.low} to {guidelines/match-difference.high:.0f}). "
            "Laboratories differ by {scores/laboratories-meld-mean} on the same blood. REALISTIC, "
            "with stem cells: no difference."
        ),
        ("brennan2025", "newsome2018"),
    ),
    (
        "Known: the risk of cancer",
        (
            "Of a hundred people with cirrhosis {guidelines/surveillance-cancer-risk.low} to "
            "{guidelines/surveillance-cancer-risk.high} get liver cancer each year."
        ),
        ("tapper2023",),
    ),
    (
        "Not known: benefit",
        (
            "Whether cells prevent complications or lengthen life. In MATCH "
            "{trial_outcomes/brennan2025-survival-12m-treated.events} of "
            "{trial_outcomes/brennan2025-survival-12m-treated.patients} died within a year with "
            "cells, {trial_outcomes/brennan2025-survival-12m-control.events} of "
            "{trial_outcomes/brennan2025-survival-12m-control.patients} without; after four years, "
            "by a press report, {guidelines/match-later-alive} % were alive without a transplant, "
            "{guidelines/match-later-alive-control} % without cells: unblinded, "
            "and too few to tell."
        ),
        ("brennan2025", "match-four-years"),
    ),
    (
        "Not known: people like her",
        (
            "What cells would do to somebody as well as she is: "
            "we found no randomised trial of such people. Nor how often clinics harm: "
            "nobody counts."
        ),
        ("pew-charitable-trusts-2021",),
    ),
    (
        "To do: the cause",
        (
            "Weight, sugar, blood pressure, no alcohol, enough protein. A statin, "
            "or a medicine for diabetes or weight, if she has the reason for one; "
            "none treats cirrhosis itself. Diet and exercise lowered the portal gradient by a "
            "tenth or more in {guidelines/weight-pressure} %, *without a control group*."
        ),
        ("easl-easd-easo-masld-2024", "defranchis2022", "berzigotti2017"),
    ),
    (
        "To do: the scan",
        (
            "Ultrasound and AFP every {guidelines/surveillance-interval} months: "
            "a small cancer can often be cured. In cirrhosis cohorts speak for it, "
            "not randomised trials."
        ),
        ("aasld-hcc-guidance-2023", "singal2014"),
    ),
    (
        "To do: the watch",
        (
            "Stiffness and platelets every {guidelines/yearly-tests} months; vaccinations. "
            "Vomited blood, black stools or confusion: the emergency department. "
            "Yellow eyes or a swelling belly: call at once, and the transplant team."
        ),
        (
            "baveno-vi-consensus-2015-j-hepatol-63",
            "vaccination-cirrhosis-2009",
            "us-veterans-affairs",
        ),
    ),
    (
        "To do: the offer",
        (
            "Bring it. Eight questions before any payment; a trial only through a registry *and* "
            "her hepatologist."
        ),
        ("isscr-a-closer-look-at-stem-cells-truth",),
    ),
)
"""What K. should be able to say at the end: three numbers, two gaps, four steps;
each with its sources."""


@cache
def conversation() -> Decision:
    """Ask, tell, ask: the talk with K. in seven decisions,
    hype and contempt both among the wrong choices."""
    return Decision.load("13", "conversation")
