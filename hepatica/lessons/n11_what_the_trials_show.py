"""Cards of notebook 11: what the trials show, what they show together, and what nobody reported."""

from __future__ import annotations

from functools import cache

from hepatica.analysis import trials
from hepatica.cards import Forest, Predict, Published, Reporting, Scale

RATIO_TICKS = (0.02, 0.1, 0.25, 0.5, 1, 2, 4, 16)
RATIO = Scale(0.02, 16, RATIO_TICKS, "fewer deaths if treated", "more deaths")
EARLY = (0.5, 3)
"""Months: G-CSF is judged by deaths up to day 90."""


@cache
def who_reports_what() -> Reporting:
    """Sixty-six studies, few of which let any outcome be compared between two arms."""
    right = "{pools/studies-deaths} of {pools/studies}"
    why = (
        "In {pools/studies-deaths} studies deaths can be counted in both arms, "
        "in {pools/studies-meld} MELD can be compared, in {pools/studies-meld-spread} of these "
        "with a printed mean and its spread. The others measured more than we could read: "
        "mostly abstracts are open."
    )
    return Reporting(
        trials.reporting(),
        id="trials-reporting",
        title="Most of the evidence cannot be compared",
        question="How many studies let you compare deaths, or blood tests, between two arms?",
        outcomes={
            "deaths": "Deaths",
            "meld": "MELD",
            "albumin": "Albumin",
            "bilirubin": "Bilirubin",
        },
        predict=Predict(
            "The ledger holds {pools/studies} studies of cells, cell devices and G-CSF. "
            "In how many can the deaths be counted in both arms?",
            (
                ("Nearly all, about 60", False, ""),
                ("About 40", False, ""),
                (right, True, why),
                ("In two", False, ""),
            ),
        ),
    )


@cache
def deaths() -> Forest:
    """Deaths with cells and without: a small, mixed pool that hangs on one trial."""
    rows = trials.studies("deaths", "RR")
    rest = trials.recomputed("deaths-cells-without-lin")
    why = (
        "Without Lin 2017 the ratio is {pools/deaths-cells-without-lin:.2f}, but anything from "
        "{pools/deaths-cells-without-lin.low:.2f} to {pools/deaths-cells-without-lin.high:.2f} "
        "fits. Take the trial out and see. That is no proof that cells do nothing; "
        "it shows that the evidence was one trial."
    )
    return Forest(
        rows[rows["intervention_class"] != "g_csf"],
        id="trials-deaths",
        covers="deaths",
        title="One trial carries the news about survival",
        question="Do fewer people die with cells?",
        scale=RATIO,
        happened="died",
        filters=("design", "population"),
        off={"design": ["not randomised"], "population": ["alcoholic hepatitis"]},
        predict=Predict(
            "Four randomised trials of infused cells together: "
            "risk ratio {pools/deaths-cells:.2f}, with an interval that stays below 1. "
            "What happens when the largest of them is taken out?",
            (
                ("The ratio moves to 1: the other three saw nothing", rest.estimate > 0.9, ""),
                (
                    "The ratio stays, but its interval now reaches far beyond 1",
                    rest.estimate < 0.9 and rest.high > 1,
                    why,
                ),
                ("Little: three trials say it as firmly as four", rest.high < 1, ""),
            ),
            hides="nothing",
        ),
    )


@cache
def meld() -> Forest:
    """MELD at three months: about a point, in trials of which half are estimates."""
    rows = trials.studies("meld", months=3, intervention="cells")
    together = trials.recomputed("meld-3m")
    why = (
        f"MELD is {-together.estimate:.1f} points lower, and anything from {-together.low:.1f} "
        f"lower to {together.high:.1f} higher fits. Laboratories that measure the same blood "
        "differ by "
        "{scores/laboratories-meld-mean} points. Add the study that was not randomised and "
        "watch the average grow."
    )
    return Forest(
        rows,
        id="trials-meld",
        covers="meld",
        title="A point of MELD, perhaps",
        question="Does MELD fall more with cells?",
        scale=Scale(
            -8, 4, (-8, -6, -4, -2, 0, 2, 4), "lower MELD if treated", "higher MELD", "points"
        ),
        filters=("design",),
        off={"design": ["not randomised"]},
        predict=Predict(
            "At three months, by how much is MELD lower with cells than without, "
            "in the three randomised trials that can be compared?",
            (
                ("By about four points", together.estimate < -3, ""),
                (
                    "By less than a point on average, and zero lies in the interval",
                    together.estimate > -1 and together.high > 0,
                    why,
                ),
                ("It is higher with cells", together.estimate > 0, ""),
            ),
        ),
    )


@cache
def gcsf() -> Forest:
    """One drug, two continents: the average of Asia and Europe is true of neither."""
    rows = trials.studies("deaths", "OR", months=EARLY, intervention="g_csf")
    asia, europe = (
        trials.recomputed("gcsf-deaths-asia-3m"),
        trials.recomputed("gcsf-deaths-europe-3m"),
    )
    why = (
        "In Asia the odds ratio is {pools/gcsf-deaths-asia-3m:.2f}, "
        "in the one European trial with counts {pools/gcsf-deaths-europe-3m:.2f}. "
        "A review with other European trials found {meta_analyses/marot2020-death-3m-or-2} and "
        "{meta_analyses/marot2020-death-3m-or-3}. Their average, "
        "{meta_analyses/marot2020-death-3m-or}, describes nobody. "
        "Split the trials by region."
    )
    return Forest(
        rows,
        id="trials-gcsf",
        covers="deaths",
        title="An average that describes nobody",
        question="Does G-CSF, which sends the marrow's own cells into the blood, save lives?",
        scale=Scale(
            0.01, 16, (0.01, 0.05, 0.25, 1, 4, 16), "fewer deaths if treated", "more deaths"
        ),
        happened="died",
        filters=("design",),
        off={"design": ["not randomised"]},
        modes=("all", "by-year"),
        group="region",
        published=(
            Published("Trials in Asia", "marot2020-death-3m-or-2"),
            Published("Trials in Europe", "marot2020-death-3m-or-3"),
            Published("Both together", "marot2020-death-3m-or"),
        ),
        predict=Predict(
            "Five randomised trials of G-CSF with counts of deaths come from Asia; one, "
            "in eighteen centres, from Europe. What do you expect?",
            (
                ("About the same benefit in both: a drug knows no borders", europe.high < 1, ""),
                (
                    "A large benefit in Asia, none to be seen in Europe",
                    asia.high < 1 < europe.high and europe.estimate > 0.9,
                    why,
                ),
                ("No benefit anywhere", asia.high > 1, ""),
            ),
        ),
    )


@cache
def funnel() -> Forest:
    """Every comparison of deaths in the ledger: the small trials show the large effects."""
    rows = trials.studies("deaths", "RR")
    test = trials.egger(rows)
    lopsided = test.p < 0.05 and test.intercept < 0
    why = (
        "The two trials that counted most deaths lie at 1; of the others nearly all lie to the "
        "left of it. Small trials without a benefit may lie in drawers. "
        "But those two also treated other patients in other countries, "
        "so the shape alone does not tell why."
    )
    return Forest(
        rows,
        id="trials-funnel",
        title="The small trials shine",
        question="Where are the small trials that found nothing?",
        scale=RATIO,
        happened="died",
        filters=("design", "cells"),
        modes=("all",),
        models=False,
        funnel=True,
        predict=Predict(
            "All {pools/studies-deaths} comparisons of deaths. Which find the largest benefit?",
            (
                (
                    "The ones with many deaths: they can detect it",
                    not lopsided and test.intercept > 0,
                    "",
                ),
                ("The ones with few deaths", lopsided, why),
                ("The number makes no difference", not lopsided and test.p >= 0.05, ""),
            ),
        ),
    )
