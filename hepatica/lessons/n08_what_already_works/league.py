"""The treatments to beat, and statements with their sources."""

from __future__ import annotations

from html import escape

from hepatica import ledger, show


def cited(key: str) -> str:
    """A source as a link."""
    reference = ledger.reference(key)
    return (
        f'<a href="{escape(reference.link)}">{escape(reference.short)}</a>'
        if reference.link
        else reference.short
    )


def statements(*keys: str, caption: str = "For teaching, not for treating") -> show.Table:
    """Rows of data/guidelines.csv, in our words and with their sources;
    raises KeyError for an unknown key."""
    table = ledger.table("guidelines").set_index("key").loc[list(keys)]
    return show.Table(
        caption,
        ("Statement", "Source"),
        tuple(
            (escape(row.statement), f"{show.MARKS[row.status]} {cited(row.source)}")
            for row in table.itertuples()
        ),
    )


# Treatment, outcome, rows with and without it; survival rows are turned into deaths.
LEAGUE = (
    (
        "hepatitis C cured, advanced fibrosis",
        "death within ten years",
        "cohort",
        "natural_history/10-year-all-cause-mortality-ishak-4-6-svr-death-hcv-vandermeer2012",
        "natural_history/10-year-all-cause-mortality-ishak-4-6-no-svr-death-hcv-vandermeer2012",
    ),
    (
        "abstinence, late alcohol-related disease",
        "death within five years",
        "cohorts, review page",
        "guidelines/alcohol-5y-late-abstinent",
        "guidelines/alcohol-5y-late-drinking",
    ),
    (
        "albumin beside the antibiotic, infected ascites",
        "death in hospital",
        "randomised",
        "guidelines/sbp-death-albumin",
        "guidelines/sbp-death-antibiotic",
    ),
    (
        "β-blocker, portal hypertension without complication",
        "decompensation or death",
        "randomised",
        "guidelines/nsbb-predesci-treated",
        "guidelines/nsbb-predesci-placebo",
    ),
    (
        "restrained transfusion, upper gastrointestinal bleeding of any cause",
        ("death within six weeks"),
        "randomised",
        "guidelines/bleeding-survival-restrictive",
        "guidelines/bleeding-survival-liberal",
    ),
)


def of_hundred(key: str) -> float:
    """How many of a hundred had the bad outcome; a row in "% alive" counts the others."""
    row = ledger.number(key)
    return 100 - row.value if row.unit == "% alive" else row.value


def to_beat() -> show.Table:
    """What treatments that work do for a hundred people, the largest difference first."""
    rows = sorted(LEAGUE, key=lambda row: of_hundred(row[3]) - of_hundred(row[4]))
    return show.Table(
        "The treatments to beat, per hundred people",
        ("Treatment, in whom", "Outcome", "With", "Without", "Fewer", "Evidence", "Source"),
        tuple(
            (
                name,
                outcome,
                f"{of_hundred(on):.0f}",
                f"{of_hundred(off):.0f}",
                f"{of_hundred(off) - of_hundred(on):.0f}",
                kind,
                cited(ledger.number(on).source),
            )
            for name, outcome, kind, on, off in rows
        ),
    )
