"""Cards of notebook 11 about all of the evidence: what each outcome comes to, and who is missing."""

from __future__ import annotations

from functools import cache
from html import escape

from hepatica import ledger, show
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
                    (
                        "“Weak trials know nothing.” One thing was counted so often that it is fairly "
                        "sure: fever."
                    ),
                ),
                (
                    "One, and it does harm",
                    counts["moderate"] == 1 and not counts["high"],
                    why,
                ),
                (
                    "Half, and among them the deaths",
                    counts["moderate"] + counts["high"] > 5,
                    (
                        "“A death cannot be miscounted.” True, and six or seven deaths still tell "
                        "little: certainty also needs numbers."
                    ),
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
                    (
                        "“Science reports.” Nobody has to be a cheat: a sponsor runs out of money, a "
                        "paper is refused. The people are missing all the same."
                    ),
                ),
                ("About as many as in the pool", f"({share} > 0.7) & ({share} < 1.4)", why),
                (
                    "Ten times as many: all failures vanish",
                    f"{share} > 5",
                    (
                        "“They hide it.” Of most trials the register does not tell how they stand; "
                        "not known is not hidden."
                    ),
                ),
            ),
        ),
    )


# ------------------------------------------------------------------------------------- tables


def ways_to_pool() -> show.Table:
    """The deaths of the four trials pooled in five ways, from effects and from counts."""
    rows = trials.studies("deaths", trials=POOL)
    odds = trials.studies("deaths", "OR", trials=POOL)
    arms = [rows[each] for each in ("treated", "n_treated", "control", "n_control")]
    made = (
        ("random effects (DerSimonian–Laird)", trials.pool(rows)),
        ("the same, Knapp–Hartung", trials.pool(rows, knapp_hartung=True)),
        ("Mantel–Haenszel, zeros as they are", trials.mantel_haenszel(*arms)),
        ("random effects (DerSimonian–Laird)", trials.pool(odds)),
        ("Peto, for rare events", trials.peto(*arms)),
    )
    words = {"RR": "risk ratio", "OR": "odds ratio"}
    return show.Table(
        "The same deaths, five ways to pool them",
        ("Way", "Measure", "Estimate", "From", "To"),
        tuple(
            (
                way,
                words[pool.measure],
                *(f"{end:.2f}" for end in (pool.estimate, pool.low, pool.high)),
            )
            for way, pool in made
        ),
    )


def match_in_time() -> show.Table:
    """MATCH at its three looks: deaths, transplants and both, macrophages v control."""
    looks = [("1 year", _first_year(), None, "brennan2025")]
    looks += [("30 months", *_later("30m"), "match-easl-2024")]
    looks += [("4 years", *_later("later"), "match-four-years")]
    return show.Table(
        "MATCH, macrophages v control",
        ("After", "Died", "Transplanted", "Either", "Read in"),
        tuple(_look(*look) for look in looks),
    )


def _first_year() -> tuple[int, int]:
    """Deaths of the first year in both arms."""
    row = trials.studies("deaths", trials=("Brennan2025",)).iloc[0]
    return int(row["treated"]), int(row["control"])


def _later(look: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Deaths and transplants at a later look; none of the treated had a transplant."""
    died, others, moved = (
        int(ledger.number(f"guidelines/match-{look}-{what}").value)
        for what in ("died", "died-control", "transplants-control")
    )
    return (died, others), (0, moved)


def _look(
    after: str, died: tuple[int, int], moved: tuple[int, int] | None, source: str
) -> tuple[str, ...]:
    """One row of the table; what was not read is a dash."""
    reference = ledger.reference(source)
    both = None if moved is None else (died[0] + moved[0], died[1] + moved[1])
    cells = ("–" if pair is None else f"{pair[0]} v {pair[1]}" for pair in (died, moved, both))
    return (after, *cells, f'<a href="{escape(reference.link)}">{escape(reference.short)}</a>')


BOTH_SIDES = (
    (
        "Deaths, infused cells",
        (
            "Three of four trials lean to fewer deaths; in hepatitis B two open trials agree, and so does a "
            "pool of trials and cohorts in liver failure; in MATCH more lived without a transplant later on"
        ),
        (
            "All four are open; one carries the weight; two blinded trials are silent; in MATCH the gap in "
            "deaths closed"
        ),
    ),
    (
        "MELD, infused cells",
        "Lower on average, and lowest in the one blinded trial",
        "Zero lies in the interval; that trial lost a third of its people; REALISTIC saw no difference",
    ),
    (
        "Safety, infused cells",
        (
            "In trials of all kinds of disease fever and nothing else clearly; in MATCH fewer severe liver "
            "events"
        ),
        (
            "In REALISTIC, other cells, more serious events; in one cohort, not by lot, more liver cancer "
            "after ten years; few of the trials were in cirrhosis"
        ),
    ),
    (
        "Deaths, G-CSF, a drug",
        (
            "In Asia far fewer, also in a later pool of decompensated cirrhosis; Cochrane: it may lower the "
            "risk of death"
        ),
        (
            "In Europe none fewer; the blinded trial in decompensated cirrhosis was not significant; "
            "Cochrane does not trust the evidence"
        ),
    ),
)
"""Each pooled question: what in the sources speaks for the treatment, and what against."""


def both_sides() -> show.Table:
    """The best argument of either side for each pooled question."""
    return show.Table(
        "Both sides, from the same sources", ("Question", "For", "Against"), BOTH_SIDES
    )
