"""Two places with the same letter."""

from __future__ import annotations

from functools import cache

from hepatica.cards import Ask, Interview, Place

from .rows import rows_of

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
