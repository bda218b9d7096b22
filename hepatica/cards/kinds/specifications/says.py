"""What a specification curve says: all analyses first, then those that fit the choices."""

from __future__ import annotations

NUMBERS = (
    *("total", "favour_all", "exclude_all", "n_without", "exclude_without", "absent"),
    *("n", "favour", "exclude", "lacks", "whole", "hartung", "difference"),
    *("single", "ratio", "centre", "low", "high", "measure"),
)

ALL = (
    "Of {total:0f} reasonable analyses {favour_all:1f} % favour cells, and {exclude_all:1f} % "
    "exclude no effect"
)
RATIO = "Yours: {measure:t} {centre:2f} ({low:2f} to {high:2f})"
FEWER = "Yours: {-centre:1f} fewer deaths in a hundred"
EXCLUDED = "no effect is excluded."
POSSIBLE = "no effect remains possible."

SENTENCE = [
    [
        ("exclude_without <= 0", f"{ALL}; of the {{n_without:0f}} without {{absent:t}}, none."),
        (None, f"{ALL}; of those without {{absent:t}}, {{exclude_without:1f}} %."),
    ],
    [
        (
            "n < 1",
            (
                "Your choices do not go together: Peto’s method gives an odds ratio only, and a "
                "trial can be left out for its zero only where it has one and two others remain."
            ),
        ),
        ("(single > 0) & (ratio > 0) & (high < 1)", f"{RATIO}; {EXCLUDED}"),
        ("(single > 0) & (ratio > 0)", f"{RATIO}; {POSSIBLE}"),
        (
            "(single > 0) & (high < 0)",
            f"{FEWER} (from {{-low:1f}} to {{-high:1f}} fewer); {EXCLUDED}",
        ),
        (
            "(single > 0) & (centre < 0)",
            f"{FEWER} (from {{-low:1f}} fewer to {{high:1f}} more); {POSSIBLE}",
        ),
        (
            "single > 0",
            (
                "Yours: {centre:1f} more deaths in a hundred (from {-low:1f} fewer to "
                f"{{high:1f}} more); {POSSIBLE}"
            ),
        ),
        ("n >= total", ""),
        (
            None,
            (
                "Of the {n:0f} that fit your choices {favour:1f} % favour cells, {exclude:1f} % "
                "exclude no effect."
            ),
        ),
    ],
]
