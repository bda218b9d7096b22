"""Cards of notebook 11 about all of the evidence: what each outcome comes to, and who is missing."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.analysis import trials
from hepatica.cards import Findings, Predict, Register
from hepatica.cards.kinds.findings.card import certainty_counts


@cache
def findings() -> Findings:
    """How large, how certain: one outcome is better than low, and it is a harm."""
    counts = certainty_counts()
    why = (
        f"One: fever, a harm, counted in {_fever_trials()} trials of all kinds of disease. For deaths, transplants "
        "and encephalopathy the word is *very low*: the true effect may be far from the number. "
        "That is no verdict on cells; it says what trials would have to do."
    )
    return Findings(
        id="summary-of-findings",
        title="The surest finding is a fever",
        question="For each outcome: how large is the effect, and how certain?",
        predict=Predict(
            "GRADE has four words: high, moderate, low, very low. For how many outcomes of cells "
            "is the certainty *moderate* or better?",
            (
                (
                    "None of them: it is all guesswork",
                    False,
                    "“Weak trials know nothing.” One thing was counted so often that it is fairly "
                    "sure: fever.",
                ),
                (
                    "One, and it is a side effect",
                    counts["moderate"] == 1 and not counts["high"],
                    why,
                ),
                (
                    "Half, and among them the deaths",
                    counts["moderate"] + counts["high"] > 5,
                    "“A death cannot be miscounted.” True, and six or seven deaths still tell "
                    "little: certainty also needs numbers.",
                ),
            ),
        ),
    )


def _fever_trials() -> str:
    """In how many trials fever was counted."""
    rows = ledger.table("summary_of_findings").set_index("key")
    return rows.loc["any-cells-fever-mostly-days", "trials"]


POOL = ("Spahr2013", "Newsome2018", "Brennan2025", "Lin2017")
"""The randomised trials of infused cells in which deaths can be counted."""


def pooled_people() -> dict[str, int]:
    """People of each trial in the pool of deaths."""
    rows = trials.studies("deaths", trials=POOL)
    return {row.label: int(row.n_treated + row.n_control) for row in rows.itertuples()}


def randomised_people() -> int:
    """People in all trials of infused cells that the ledger calls randomised, each counted once."""
    table = ledger.table("trials")
    kept = table[(table["design"] == "rct") & (table["intervention_class"] == "cells")]
    kept = kept[~kept["key"].isin(trials.INSIDE)]
    return int(kept[["n_treated", "n_control"]].sum().sum())


@cache
def register() -> Register:
    """As many people in trials that ended in silence as in the pool."""
    pooled = sum(pooled_people().values())
    why = (
        "About as many. Most of them sit in two trials of acute-on-chronic failure: blinded, the "
        "kind that is missing. One was terminated; of the other only one copy of the register "
        "says that it ended. Silence is no failure, and no success either."
    )
    share = "(silent_people / pooled)"
    return Register(
        id="register",
        title="As many people in silent trials as in the pool",
        question="Who is missing from the forest plot?",
        pooled=pooled_people(),
        randomised=randomised_people(),
        predict=Predict(
            f"The four trials of the forest plot hold {pooled} people. How many sit in registered "
            "trials that have ended and published nothing we could find?",
            (
                (
                    "Hardly any: what ends is published",
                    f"{share} < 0.2",
                    "“Science reports.” Nobody has to be a cheat: a sponsor runs out of money, a "
                    "paper is refused. The people are missing all the same.",
                ),
                ("About as many as in the pool", f"({share} > 0.7) & ({share} < 1.4)", why),
                (
                    "Ten times as many: all failures vanish",
                    f"{share} > 5",
                    "“They hide it.” Of most trials the register does not tell how they stand; "
                    "not known is not hidden.",
                ),
            ),
        ),
    )
