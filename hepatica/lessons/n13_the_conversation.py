"""Cards of notebook 13: the talk with K., what a seller should be asked,
and which results would change our mind."""

from __future__ import annotations

from functools import cache
from html import escape

from hepatica import ledger, show
from hepatica.cards import Ask, Decision, Interview, Place
from hepatica.cards.parts.text import inline
from hepatica.lessons.n08_what_already_works import statements

HARMS = (
    "harm-artery",
    "harm-realistic",
    "harm-realistic-control",
    "harm-fever",
    "harm-clots",
    "harm-infections",
    "harm-blindness",
    "harm-growth",
    "harm-tumour",
    "price-own",
    "price-donor",
    "appeals-certain",
    "websites-uk",
)
"""Rows of data/guidelines.csv: what is documented about harms, prices and promises."""

REGULATORS = (
    "regulator-fda",
    "regulator-nmpa",
    "regulator-charged",
    "regulator-ema",
    "gcsf-acg-2022",
    "isscr-first",
    "cochrane-uncertain",
    "harm-unknown",
)
"""Rows of data/guidelines.csv: what those say whose task it is to allow, to warn or to review."""

ANSWERS = {
    "ask-licence": (
        "a number, and the authority that allowed it",
        ("“in a register” – and no authority"),
    ),
    "ask-money": ("in a trial: nothing", "a discount, “this month only”"),
    "ask-cells": (
        "type, donor, dose, licence of the laboratory",
        "“young, natural, your own”; one cell for all diseases",
    ),
    "ask-comparison": (
        "a published trial with a control group",
        ("testimonials, “nine of ten feel better”"),
    ),
    "ask-harm": ("a list with counts, insurance, a telephone number", "“no risk”"),
    "ask-later": (
        "“yes, perhaps; let us ask your centre first”",
        ("“nothing is closed”, without asking anyone"),
    ),
    "ask-before": ("a scan of liver and portal vein; “a cancer means no”", "a questionnaire"),
    "ask-second-opinion": ("“gladly; here are our records”", "“your doctor is behind the times”"),
}
"""What a good answer sounds like, and a warning sign, for each question (ours,
after the sources of the rows)."""

PLACES = (
    Place(
        "Institute of Cellular Hepatology",
        "“We give mesenchymal cells to people with cirrhosis. A place is free in March.”",
    ),
    Place(
        "Liver Cell Programme, City Hospital",
        "“We give mesenchymal cells to people with cirrhosis. Please send your papers.”",
    ),
)
"""Two invented places whose letters sound alike."""

REPLIES = {
    "ask-licence": (
        "“We are entered in an international register.”",
        (
            "“No such product is licensed. This is a trial that the national authority has "
            "allowed; look both numbers up.”"
        ),
        (
            "Sponsors write a registry entry themselves; sellers use it as if it were an approval. "
            "Ask for the authority."
        ),
    ),
    "ask-money": (
        "“7,900 dollars; until Friday the second infusion is half price.”",
        "“You pay nothing. We refund your fare.”",
        (
            "Who is charged outside a trial is, in the words of the US authority, "
            "likely being deceived."
        ),
    ),
    "ask-cells": (
        "“Young, natural stem cells. They also help joints and nerves.”",
        (
            "“Cord cells of one donor; their number and culture are in the protocol. "
            "The laboratory is inspected.”"
        ),
        (
            "One cell for many diseases is a warning sign. Without type, "
            "dose and culture no result can be repeated."
        ),
    ),
    "ask-comparison": (
        "“Nine of ten feel better. Watch our patients' films.”",
        "“We do not know yet. Half have a placebo, and neither you nor we are told who.”",
        "The place that *does not know* is the one that will find out.",
    ),
    "ask-harm": (
        "“Nothing. The cells are natural.”",
        (
            "“Fever, often. All serious events are listed for you; "
            "here are the insurance and a number to call at night.”"
        ),
        "Nobody treats people and sees nothing go wrong; who reports nothing has not looked.",
    ),
    "ask-later": (
        "“It closes nothing.”",
        "“It may: some centres want you to wait before you are listed. Ask yours before you sign.”",
        "What a treatment may exclude you from later is part of its price, and so are lost months.",
    ),
    "ask-before": (
        "“Your last blood test will do. We begin on Monday.”",
        (
            "“A scan of liver and portal vein; a cancer means no. "
            "And with your MELD of {patients/V01.expected_meld} you are too well for this trial: "
            "we should have to say no to you.”"
        ),
        (
            "The place that one would trust turns K. away. A serious place can say no; "
            "a seller cannot."
        ),
    ),
    "ask-second-opinion": (
        "“Your doctor is behind the times.”",
        "“Gladly. She may have all records.”",
        "An opinion counts when nobody earns from it.",
    ),
}
"""What either place replies, and what the difference tells; both are invented."""

CHOICE = (
    (
        "To the Institute of Cellular Hepatology",
        False,
        (
            "They take everyone who pays. Nothing they said can be looked up; "
            "no result could speak against them."
        ),
    ),
    (
        "To the Liver Cell Programme",
        False,
        (
            "The careful place, and the wrong patient: K. is too well for its trial. "
            "Nothing is lost by asking; but her own next step lies elsewhere."
        ),
    ),
    (
        "To neither, for now",
        True,
        (
            "One sells. The other is serious, and would not take her: she is too well. "
            "Its name goes into her notes, for the day when a trial fits."
        ),
    ),
)
"""Where K. may send her papers, and what it would lead to."""

FAIR = {
    "C55": (
        "An arm vein is little. A catheter in the liver artery is more: in one small trial "
        "{guidelines/harm-artery} of {guidelines/harm-artery-treated} people died after its "
        "contrast medium. Later trials used it too."
    ),
    "C56": (
        "The cells are selected, grown and counted in a laboratory; "
        "*natural* says nothing about benefit or harm."
    ),
    "C57": (
        "Cells were given on top of other treatment; whether the two help each other has not "
        "been tested."
    ),
    "C58": (
        "In trials mesenchymal cells brought more fever and no clear excess of clots; "
        "serious events were more frequent in one trial of other cells, "
        "less frequent in another. What clinics sell was not tested."
    ),
    "C59": (
        "It is not known whether cells help on average; so nobody can say in whom they help more."
    ),
    "C60": (
        "*Keep it word for word.* We would only add: blinded, larger, "
        "and with outcomes that patients feel."
    ),
    "C61": "No trial has shown that a scarred liver recovers through cells, completely or in part.",
    "C62": (
        "The stage decides the outlook with and without cells; "
        "whether it changes their effect is not known."
    ),
}
"""The article's four advantages and four limitations, rewritten so that they say what is known."""

WAITING = {
    "wait-hepastem": (
        "it was blinded, and large; its results would count whatever they say",
        "more alive at day ninety with cells than with placebo",
    ),
    "wait-msc-dlc-2": (
        "it sets cord cells against a placebo in decompensated cirrhosis",
        "fewer complications or deaths with cells than with placebo",
    ),
    "wait-aclf": (
        "it asks the same in the sickest, against an albumin solution",
        "more alive without a transplant",
    ),
    "wait-cellgram": (
        "it lasts three years and counts what matters to patients",
        "more alive without a transplant, counting everyone who was randomised",
    ),
}
"""Trials to wait for: why each matters, and what we should have to see (ours)."""


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


@cache
def interview() -> Interview:
    """Two places with the same letter: three of eight questions, then where K.
    should send her papers."""
    asks = [
        Ask(row.statement, REPLIES[row.Index][:2], REPLIES[row.Index][2], row.source, row.status)
        for row in rows_of(*REPLIES)
    ]
    return Interview(
        id="two-places",
        title="A serious place can say no",
        places=PLACES,
        asks=asks,
        free=3,
        question="Two invented places, two letters that sound alike. You have three questions. "
        "Which would you ask?",
        decide="Where should K. send her papers?",
        choice=CHOICE,
        key=list(REPLIES).index("ask-before"),
        missed="Your three did not include the question about tests beforehand: open it now.",
    )


def rows_of(*keys: str):
    return ledger.table("guidelines").set_index("key").loc[list(keys)].itertuples()


def _cited(row) -> str:
    reference = ledger.reference(row.source)
    return (
        f'{show.MARKS[row.status]} <a href="{escape(reference.link)}">{escape(reference.short)}</a>'
    )


def questions() -> show.Table:
    """Eight questions to whoever sells cells, each with its source,
    a good answer and a warning sign."""
    listen = "<strong>A good answer:</strong> {}<br><strong>A warning:</strong> {}"
    return show.Table(
        "Eight questions before any payment",
        ("Ask", "Listen for"),
        tuple(
            (
                f"{escape(row.statement)} {_cited(row)}",
                listen.format(*map(escape, ANSWERS[row.Index])),
            )
            for row in rows_of(*ANSWERS)
        ),
    )


def harms() -> show.Table:
    """Documented harms, prices and promises with their numbers; a count of cases is no rate."""
    return show.Table(
        "What is documented",
        ("What", "How many"),
        tuple(
            (
                f"{escape(row.label)} {_cited(row)}",
                _how_many(ledger.number(f"guidelines/{row.Index}")),
            )
            for row in rows_of(*HARMS)
        ),
    )


UNITS = {"patients": "people", "ratio": "times", "US dollars": "dollars"}


def _how_many(number: ledger.Number) -> str:
    """A number in words that a patient would use, its range behind it."""
    ends = "–".join(ledger.plain(end) for end in (number.low, number.high) if end is not None)
    shown = (
        ends
        if number.value is None
        else ledger.plain(number.value) + (f" ({ends})" if ends else "")
    )
    unit = (
        "person"
        if (shown, number.unit) == ("1", "patients")
        else UNITS.get(number.unit, number.unit)
    )
    return f"{shown} {unit}"


def regulators() -> show.Table:
    """What authorities, researchers and reviewers say, in our words."""
    return statements(*REGULATORS, caption="Those whose task it is")


def fair_sentences() -> show.Table:
    """The article's advantages and limitations beside their verdict and a sentence that says what
    is known."""
    claims = ledger.table("claims").set_index("key").loc[list(FAIR)]
    return show.Table(
        "Eight sentences, made fair",
        ("The article says", "A fair sentence"),
        tuple(
            (
                f"{row.Index} · {escape(row.claim)}<br><strong>{escape(row.verdict)}</strong>",
                inline(FAIR[row.Index]),
            )
            for row in claims.itertuples()
        ),
    )


def takes_home() -> show.Table:
    """Three numbers that are known, two things that are not, and four to do next,
    each with its sources."""
    return show.Table(
        "What K. takes home",
        ("About", "In words that she can repeat"),
        tuple(
            (escape(head), inline(" ".join((text, *map(ledger.cite, sources)))))
            for head, text, sources in TAKES_HOME
        ),
    )


def waiting_for() -> show.Table:
    """The trials whose results could change the verdicts, and what would have to be seen."""
    return show.Table(
        "What would change our mind",
        ("Trial", ("Why it matters, and what we should have to see")),
        tuple(
            (
                f"{escape(row.statement)} {_cited(row)}",
                "{}.<br><strong>To see:</strong> {}.".format(*map(escape, WAITING[row.Index])),
            )
            for row in rows_of(*WAITING)
        ),
    )
