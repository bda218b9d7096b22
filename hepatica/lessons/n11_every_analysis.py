"""Cards of notebook 11 that ask how much of an answer is the analyst's."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.analysis import sequential, specifications
from hepatica.cards import Conviction, Mission, Predict, Preset, Share, SpecificationCurve
from hepatica.cards.parts.shapes import rules

TRIALS = {
    "all": "all four",
    "no-lin": "without Lin 2017",
    "compensated": "REALISTIC and MATCH",
    "failing": "Spahr and Lin",
    "no-match": "without MATCH",
    "no-realistic": "without REALISTIC",
}
MEASURES = {"RR": "risk ratio", "OR": "odds ratio", "RD": "risk difference"}
MODELS = {
    "fixed": "one common effect",
    "DL": "random, DerSimonian–Laird",
    "REML": "random, REML",
    "KH": "random, Knapp–Hartung",
    "MH": "Mantel–Haenszel",
    "Peto": "Peto",
}
ZEROS = {
    "half": "add ½ in that trial",
    "every": "add ½ to every trial",
    "drop": "leave that trial out",
}


def _readings(trial: str) -> dict[str, str]:
    """Each way to count the deaths of a trial, with the counts that it gives."""
    rows = ledger.table("death_counts").set_index("key").loc[list(specifications.READINGS[trial])]
    return {
        row.Index: f"{row.reading}: {row.events_treated}/{row.n_treated} v "
        f"{row.events_control}/{row.n_control}"
        for row in rows.itertuples()
    }


AXES = {
    "trials": ("Trials", TRIALS),
    "match": ("Deaths in MATCH", _readings("match")),
    "realistic": ("Deaths in REALISTIC", _readings("realistic")),
    "measure": ("Measure", MEASURES),
    "model": ("Model", MODELS),
    "zero": ("Nobody died in an arm", ZEROS),
}
USUAL = {
    "trials": "all",
    "match": "match-12m",
    "realistic": "realistic-27",
    "measure": "RR",
    "model": "DL",
    "zero": "half",
}
"""The analysis of the diamond in section 2."""

OPEN = dict.fromkeys(AXES, "")


@cache
def every_analysis() -> SpecificationCurve:
    """All reasonable pools of the deaths in four trials: most favour cells, few exclude no effect."""
    return SpecificationCurve(
        id="every-analysis",
        title="Nearly all favour cells, few exclude no effect, none of them without Lin 2017",
        question="Four trials, one question: how much of the answer is the analyst’s?",
        axes=AXES,
        start=USUAL,
        without=("lin", "Lin 2017"),
        predict=Share(
            "Below stands the analysis of our diamond. **Make it yours**: which trials, which count, "
            "which model? Then guess: of a hundred such analyses, how many have an interval that "
            "excludes no effect?",
            answer="exclude_all",
            of="of a hundred analyses",
            by="all analyses",
            reply=rules("""
                guess > 50
                    “The diamond lay below one, so the others will.” Its side is indeed nearly always
                    the same: {favour_all:1f} % favour cells. But only {exclude_all:1f} % exclude no
                    effect, and each of these contains Lin 2017.
                guess > 30
                    “About as many as not.” {exclude_all:1f} % do, and each of these contains Lin
                    2017. Yet {favour_all:1f} % favour cells: the direction is hardly the analyst’s
                    choice, the verdict is.
                guess > 6
                    Near it: {exclude_all:1f} %. Now the other half: {favour_all:1f} % favour cells.
                    The direction is hardly the analyst’s choice, the verdict is.
                otherwise
                    “Small trials show nothing.” {exclude_all:1f} % exclude no effect all the same,
                    and {favour_all:1f} % favour cells. Not shown is not the same as not there.
            """),
        ),
        presets=[
            Preset("every analysis", OPEN),
            Preset("all with all four trials", OPEN | {"trials": "all"}),
            Preset("all without Lin 2017", OPEN | {"trials": "no-lin"}),
        ],
        mission=_sell_it(),
    )


def _sell_it() -> Mission:
    return Mission(
        "You are paid to make it **significant**. Begin with Knapp–Hartung, which allows for few "
        "trials, and find one analysis that excludes no effect. Then try it without Lin 2017.",
        reached="(single > 0) & (exclude > 50) & (lacks < 1)",
        done="Significant, and not one patient has changed. A report shows you one analysis: ask "
        "which was planned before anybody saw the deaths.",
        fails=[
            (
                "lacks > 0",
                (
                    "Without {absent:t} it cannot be done: none of {n_without:0f}. No method makes up "
                    "for a trial that is not there, and three small ones cannot tell."
                ),
            ),
            ("n < 1", "No such analysis exists: the sentence above says why."),
            ("n > 1", "A report shows one analysis. Choose one option in every row."),
            (
                "(hartung > 0) & (whole > 0)",
                (
                    "With all four Knapp–Hartung never does it: it asks how far four trials scatter, and four "
                    "cannot say that well."
                ),
            ),
            (
                "difference > 0",
                "As a difference it is hard: the trials start from very different risks.",
            ),
        ],
        far="No effect still lies inside. Which rows show a share above zero on the right?",
        start=USUAL | {"model": "KH"},
    )


YEARS = {
    "Spahr": "spahr-3m",
    "Lin 2017": "lin-24w",
    "REALISTIC": "realistic-27",
    "MATCH": "match-12m",
}
"""The trials as they appeared, each with its usual count."""


@cache
def enough() -> Conviction:
    """The same four trials for whoever looks after each, and for whoever had a prior."""
    counts = specifications.tables()
    people, *_, z = sequential.looks([counts[key] for key in YEARS.values()])[-1]
    alone = "A fifth is enough for a hint and too little for a verdict: "
    return Conviction(
        id="enough-to-know",
        title="Enough for a hint, too little for a verdict",
        question="Four trials, z above two: is that enough?",
        readings=YEARS,
        leave_out="Lin 2017",
        predict=Predict(
            f"Pooled, the four trials reach a z of {z:.2f}: beyond 1.96. One planned trial that shows "
            "**a quarter fewer deaths** needs a certain number of people. How much of that have the "
            "four together?",
            (
                (
                    "About a fifth of them",
                    "share < 30",
                    (
                        f"{alone}whoever looks after each trial must ask for more than 1.96, or luck "
                        "wins in the end."
                    ),
                ),
                (
                    "About half of them",
                    "(share >= 30) & (share < 75)",
                    (
                        "“Four trials must be about half of one good one.” Together they are "
                        f"{people:.0f} people; it takes more than a thousand. For 40 % fewer deaths "
                        "it would be half: move the first slider."
                    ),
                ),
                (
                    "All of them or more",
                    "share >= 75",
                    (
                        "“Significant, so it was large enough.” A small trial can pass 1.96 by luck, and "
                        "mostly does so with too large an effect."
                    ),
                ),
            ),
            ladder=True,
        ),
        presets=[
            Preset("sceptic", {"guess": 1, "factor": 2}),
            Preset("hard sceptic", {"guess": 1, "factor": 1.5}),
            Preset("no idea", {"guess": 1, "factor": 10}),
            Preset("hopeful", {"guess": 0.6, "factor": 2}),
        ],
    )
