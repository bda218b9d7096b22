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
from hepatica.models.tide import scar, tide
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

HORIZON = 50  # years
LIVER = {"d": 0.003, "speed": 1.7}
"""A liver that has cirrhosis of the model after twenty years of a steady cause."""
CIRRHOSIS = ledger.parameters("tide")["cut_F4"].value  # % of the area
CLEAR = 4  # % of the area: twice the healthy collagen, which a pathologist would call no scar
CLEARED = f"CPA_end <= {CLEAR}"
STAYS = f"CPA_end >= {CIRRHOSIS}"

DURATION = "{injury_years:0f} {injury_years:plural year} of injury"
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
    """A liver that is injured for decades: does the scar go when the cause goes?"""
    return Explorable(
        tide.starting(**LIVER),
        id="first-card",
        title="The scar goes, slowly: what matters is how much there is",
        question="The cause goes after years of injury. What becomes of the scar?",
        run=Run(HORIZON, "years", points=201),
        head=PlayHead(seconds=10),
        controls=[
            Slider("injury_years", "how long the cause acts", low=0, high=45, step=1, value=20)
        ],
        views=[
            Tissue(
                "A field of liver tissue at the year of the play head; collagen is stained red.",
                "Tissue, collagen in red",
            ),
            Chart(
                "Collagen in the tissue",
                Axis("time", "years", 0, HORIZON),
                Axis("collagen", "% of area", 0, 35),
                curves=(Curve("CPA", "collagen", "collagen", dash="solid"),),
                head=True,
                height=250,
            ),
        ],
        describe=_sentence(),
        predict=Draw(
            "A cause injures this liver for **twenty years**, then goes. Draw what becomes of the "
            "scar in the fifty years.",
            "CPA",
            rules("""
                guess_max < 5
                    You drew hardly any scar. In the model twenty years are enough for {CPA_max:0f} %
                    of the area; then it drains, and by year fifty {CPA_end:0f} % is left. Now let
                    the cause act longer.
                guess_5 > 0.7 * guess_max
                    In your drawing the scar stays: scar is scar, many think. In the model it is
                    taken down once the cause is gone: of {CPA_max:0f} % of the area {CPA_end:0f} %
                    is left in year fifty. Now let the cause act longer: does it still go?
                guess_3 < 0.7 * model_3
                    No cause, no scar, you say. Nearly: in the model old collagen leaves slowly.
                    Ten years after the cause {model_3:0f} % of {CPA_max:0f} is still there, in year
                    fifty {CPA_end:0f} %. Now let the cause act longer: does it still go?
                otherwise
                    You let it go slowly, and so does the model: from {CPA_max:0f} % of the area
                    down to {CPA_end:0f} % in year fifty. Now let the cause act longer: does it
                    still go?
            """),
        ),
        presets=[
            Preset("20 years", {"injury_years": 20}),
            Preset("40 years", {"injury_years": 40}),
        ],
        mission=_longest_injury(),
        equations=("C", "X"),
    )


def _sentence() -> list[tuple[str | None, str]]:
    """What became of the scar by the last year."""
    end = f"{DURATION}: {PEAK} In year fifty "
    return [
        ("CPA_max < 3", f"{DURATION}: collagen stays near the healthy {{CPA_0:0f}} % of the area."),
        (CLEARED, end + "{CPA_end:1f} % is left. The scar is as good as gone."),
        (STAYS, end + "{CPA_end:0f} % is left: still cirrhosis, and still going."),
        (None, end + "{CPA_end:1f} % is left. The scar is going, slowly."),
    ]


def _longest_injury() -> Mission:
    """The longest injury, in whole years, that ends with a scar as good as gone."""
    return Mission(
        f"Find the longest injury, in whole years, that leaves at most {CLEAR} % of the area by "
        f"year {HORIZON}.",
        reached=f"({CLEARED}) & (injury_years > {longest_cleared() - 0.5:g})",
        done="{injury_years:0f} years: the longest of which so little is left. A year more leaves "
        "more scar, and less time for it to go.",
        fails=[
            (STAYS, "{injury_years:0f} years are far too many: {CPA_end:0f} % are left."),
            (f"CPA_end > {CLEAR}", "{injury_years:0f} years: {CPA_end:1f} % are left. Too much."),
        ],
        far="{injury_years:0f} years: only {CPA_end:1f} % left. It could take more.",
    )


def longest_cleared() -> int:
    """The longest injury (whole years) after which the last year shows no scar."""
    left = lambda years: scar("CPA", HORIZON, years, **LIVER)
    return max(takewhile(lambda years: left(years) <= CLEAR, range(10, 45)))


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
