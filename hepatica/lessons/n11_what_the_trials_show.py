"""Cards of notebook 11: what the trials show, what they show together, and what nobody reported."""

from __future__ import annotations

from functools import cache

from hepatica.analysis import trials
from hepatica.cards import Forest, Mission, Predict, Published, Reporting, Scale

RATIO_TICKS = (0.02, 0.1, 0.25, 0.5, 1, 2, 4, 16)
RATIO = Scale(0.02, 16, RATIO_TICKS, "fewer deaths if treated", "more deaths")
EARLY = (0.5, 3)
"""Months: G-CSF is judged by deaths up to day 90."""


@cache
def who_reports_what() -> Reporting:
    """Seventy-nine studies, few of which let any outcome be compared between two arms."""
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
                (
                    "Nearly all, about 70",
                    False,
                    "“Deaths are always counted.” Counted perhaps; printed for both arms, rarely.",
                ),
                (
                    "More than half, about 45",
                    False,
                    "“Most report what matters.” Most report blood tests, in one arm, or in words.",
                ),
                (right, True, why),
                (
                    "Hardly any, only two",
                    False,
                    "“It is all bad.” Some counted well, and it is those that this notebook reads.",
                ),
            ),
        ),
    )


STRICT = Mission(
    goal=(
        "*Knapp–Hartung* is on, and the strict interval reaches beyond 1. You write the brochure: "
        "make it stay **below 1**, with the strict method, by leaving trials out."
    ),
    start={"hartung": True},
    reached="(strict > 0) & (k > 1) & (high < 1)",
    done=(
        "{k:0f} trials that happen to agree: {low:2f} to {high:2f}. Strict arithmetic takes "
        "agreement for certainty, and nobody new was treated. Ask of every pool who was left out."
    ),
    fails=[
        ("strict < 1", "Switching the strict method off is the oldest way. Leave it on."),
        ("k < 2", "With one trial there is nothing to be strict about. Keep two at least."),
    ],
    far="Up to {high:2f}: still beyond 1. Which trials say nearly the same?",
)
"""Two small trials that agree by chance look surer than four."""


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
                (
                    "It moves to 1: the other three saw nothing",
                    rest.estimate > 0.9,
                    (
                        "“All of it was that one trial.” The others lean the same way; they are only "
                        "too small to say so firmly."
                    ),
                ),
                (
                    "It stays, but far more than 1 is now possible",
                    rest.estimate < 0.9 and rest.high > 1,
                    why,
                ),
                (
                    "It stays: three trials say it as firmly as four",
                    rest.high < 1,
                    "“A trial is a trial.” The largest had six of every seven parts of the weight.",
                ),
            ),
            hides="nothing",
        ),
        mission=STRICT,
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
                (
                    "By about four points, more than any noise",
                    together.estimate < -3,
                    (
                        "“The study with four points shows it.” That one was not randomised; those "
                        "that were find less."
                    ),
                ),
                (
                    "By less than a point on average, and zero lies in the interval",
                    together.estimate > -1 and together.high > 0,
                    why,
                ),
                (
                    "It is higher with cells, so they do some harm",
                    together.estimate > 0,
                    (
                        "“Not proven, so harmful.” The average leans the other way, by less than a "
                        "point."
                    ),
                ),
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
        "G-CSF is a drug: nothing follows for cells. In Asia the odds ratio is {pools/gcsf-deaths-asia-3m:.2f}, "
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
                (
                    "About the same benefit in both: a drug knows no borders",
                    europe.high < 1,
                    (
                        "“A drug is a drug.” Patients, causes, other care and blinding differ with "
                        "the place, and so did the result."
                    ),
                ),
                (
                    "A large benefit in the five, none to be seen in the one",
                    asia.high < 1 < europe.high and europe.estimate > 0.9,
                    why,
                ),
                (
                    "No benefit in the five either: small trials are noise",
                    asia.high > 1,
                    (
                        "“Small is false.” Each of them found fewer deaths; together they are far "
                        "from chance. What they share besides is another question."
                    ),
                ),
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
                    "The ones with many deaths",
                    not lopsided and test.intercept > 0,
                    (
                        "“Large trials detect more.” They detect smaller effects; they do not make "
                        "them larger."
                    ),
                ),
                ("The ones with few deaths", lopsided, why),
                (
                    "Those and others alike",
                    not lopsided and test.p >= 0.05,
                    "So it would be if only chance scattered them, and nothing was left out.",
                ),
            ),
        ),
    )
