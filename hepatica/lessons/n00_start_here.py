"""Cards of notebook 00: the first verdict on the article, a first model,
and the map of the course."""

from __future__ import annotations

from functools import cache
from html import escape
from itertools import takewhile
from pathlib import Path

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Chart,
    Curve,
    Draw,
    Explorable,
    Mission,
    PlayHead,
    Preset,
    Quiz,
    Run,
    Slider,
    Tissue,
)
from hepatica.cards.parts.shapes import rules
from hepatica.model.units import DAYS_PER_YEAR
from hepatica.models.liver import after_stop, liver
from hepatica.show import Table

NOTEBOOKS = ledger.DATA.parent / "notebooks"

OPTIONS = {
    "It holds": ("supported",),
    "It holds in part": ("partly supported",),
    "It misleads, or nothing supports it": ("true but misleading", "not supported"),
    "It cannot be told": ("uncertain",),
}
"""What a reader may answer, and the verdicts of data/claims.csv that the answer stands for: from
true to false, then what nobody knows. A scale keeps its order in every question."""

CLEAR = 4  # % of the area: twice the healthy collagen, which a pathologist would call no scar
CLEARED = f"CPA_end <= {CLEAR}"
STAYS = "CPA_end > 0.7 * CPA_max"

DURATION = "{injury_years:1f} years of injury"
PEAK = "collagen reaches {CPA_max:0f} % of the area, then the cause goes."


@cache
def first_verdict(*claims: str) -> Quiz:
    """One question per claim (ids such as "C01");
    the key is the ledger's verdict and stays covered."""
    rows = ledger.table("claims").set_index("key").loc[list(claims)]
    return Quiz(
        [_verdict_item(row) for row in rows.itertuples()],
        id="quiz-00-first-verdict",
        title="Your first verdict on eight claims",
        question="What do you think of each claim, before you know more? No answer is marked "
        "today.",
        feedback="later",
        keep=True,
        one_by_one=True,
    )


def _verdict_item(claim) -> dict:
    """One claim as a question with four options."""
    why = f"Verdict: {claim.verdict}; certainty {claim.certainty.replace('_', ' ')}."
    options = [
        {"text": text, "right": claim.verdict in verdicts, "why": why}
        for text, verdicts in OPTIONS.items()
    ]
    words = claim.claim.partition(" (")[0]  # the bracket is our remark, not the article's claim
    return {"question": f"**{claim.Index}.** {words}", "options": options, "ladder": True}


@cache
def first_card() -> Explorable:
    """A liver that is injured for a while: does the scar go when the cause goes?"""
    return Explorable(
        liver,
        id="first-card",
        title="What counts is how long the cause acts",
        question="For how long may a liver be injured and still clear its scar?",
        run=Run(10, "years", points=241),
        head=PlayHead(seconds=8),
        controls=[
            Slider("injury_years", "how long the cause acts", low=0, high=5, step=0.1, value=1)
        ],
        views=[
            Tissue(
                "A field of liver tissue at the year of the play head; collagen is stained red.",
                "Tissue, collagen in red",
            ),
            Chart(
                "Collagen in the tissue",
                Axis("time", "years", 0, 10),
                Axis("collagen", "% of area", 0, 35),
                curves=(Curve("CPA", "collagen", "collagen", dash="solid"),),
                head=True,
                height=250,
            ),
        ],
        describe=[
            (
                "CPA_max < 3",
                (f"{DURATION}: collagen stays near the healthy {{CPA_0:0f}} % of the area."),
            ),
            (
                CLEARED,
                (f"{DURATION}: {PEAK} In year ten {{CPA_end:1f}} % is left. The scar is cleared."),
            ),
            (
                STAYS,
                (
                    f"{DURATION}: {PEAK} In year ten {{CPA_end:0f}} % is still there. "
                    "The scar stays."
                ),
            ),
            (
                None,
                (
                    f"{DURATION}: {PEAK} The scar fades slowly; "
                    f"in year ten {{CPA_end:0f}} % is left."
                ),
            ),
        ],
        predict=Draw(
            "A cause injures this liver for **one year**, then goes. Draw what becomes of the "
            "scar in the ten years.",
            "CPA",
            rules("""
                guess_5 > 0.7 * guess_max
                    In your drawing the scar stays: scar is scar, many think. In the model young
                    collagen is removed once the cause is gone; of {CPA_max:0f} % of the area
                    {CPA_end:0f} % is left. Now let the cause act longer: does it still go?
                guess_5 > 5
                    You let a part of it go. In the model nearly all of it goes once the cause is
                    gone: from {CPA_max:0f} % of the area down to {CPA_end:0f} %. Now let the cause
                    act longer: does it still go?
                otherwise
                    You let it heal, and so does the model: from {CPA_max:0f} % of the area down to
                    {CPA_end:0f} %. Now let the cause act longer: does it still go?
            """),
        ),
        presets=[Preset("1 year", {"injury_years": 1}), Preset("3 years", {"injury_years": 3})],
        mission=_longest_injury(),
        equations=("C", "X"),
    )


def _longest_injury() -> Mission:
    """The longest injury, in steps of the slider, that still ends with a cleared scar."""
    longest = longest_cleared()
    return Mission(
        "Find the longest injury, to a tenth of a year, that this liver still clears by year ten "
        f"(at most {CLEAR} % of the area).",
        reached=f"(CPA_end <= {CLEAR}) & (injury_years > {longest - 0.05:.2f})",
        done="{injury_years:1f} years: the longest injury that it still clears. A tenth of a year "
        "more leaves a scar.",
        fails=[
            (STAYS, "{injury_years:1f} years are far too many: {CPA_end:0f} % stay for good."),
            (
                f"CPA_end > {CLEAR}",
                "{injury_years:1f} years: {CPA_end:1f} % are left. That is no longer clear.",
            ),
        ],
        far="{injury_years:1f} years: cleared, with {CPA_end:1f} % left. It could take more.",
    )


def longest_cleared() -> float:
    """The longest injury (years, in tenths) after which year ten shows no scar."""
    left = lambda years: after_stop("CPA", DAYS_PER_YEAR * years, DAYS_PER_YEAR * (10 - years))
    tenths = (tenth / 10 for tenth in range(1, 51))
    return max(takewhile(lambda years: left(years) <= CLEAR, tenths))


def course_map(folder: Path = NOTEBOOKS) -> Table:
    """The notebooks of the course in order; those that stand in `folder` are linked,
    the others are announced."""
    rows = ledger.table("notebooks")
    return Table(
        "The way through the course",
        ("Notebook", "It asks", "Minutes", "State"),
        tuple(
            (
                row.key,
                _entrance(row, folder),
                f"{row.minutes:g}",
                "ready" if _file(row, folder).exists() else "to come",
            )
            for row in rows.itertuples()
        ),
    )


def _file(row, folder: Path) -> Path:
    return folder / f"{row.key}_{row.slug}.ipynb"


def _entrance(row, folder: Path) -> str:
    """The question of a notebook, as a link where the notebook exists."""
    question, file = escape(row.question), _file(row, folder)
    return f'<a href="{file.name}">{question}</a>' if file.exists() else question
