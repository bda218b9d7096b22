"""What a forest plot says: rules, and the numbers that they name, as cards/kinds/forest/card.js has
them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from hepatica.analysis import trials
from hepatica.cards.parts.sentence import format_number

if TYPE_CHECKING:
    import pandas as pd

FAR = 0.01, 100  # a ratio beyond these could be almost anything
AVERAGES = 0.5, 50  # share of the weight, and I², from which the sentence warns
NUMBERS = (
    "k",
    "counted",
    "patients",
    "fixed",
    "strict",
    "ratio",
    "centre",
    "low",
    "high",
    "ahead",
    "wide",
    "ahead_low",
    "ahead_high",
    "free",
    "i2",
    "tau2",
    "heavy",
    "split",
    "asked",
    "p",
)
SENTENCE = [
    [
        ("k < 1", "No trial is left. Put one in."),
        (
            "(fixed > 0) & (k > 1) & (counted > 0)",
            (
                "If all had one common effect: {k:0f} trials, "
                "{patients:0f} patients: {measure:t} {centre:2f} (95 % interval {low_said:t} to "
                "{high_said:t})."
            ),
        ),
        (
            "(fixed > 0) & (k > 1)",
            (
                "If all had one common effect: {k:0f} trials: "
                "{measure:t} {centre:2f} (95 % interval {low_said:t} to {high_said:t})."
            ),
        ),
        (
            "counted > 0",
            (
                "{k:0f} {trials:t}, {patients:0f} patients: "
                "{measure:t} {centre:2f} (95 % interval {low_said:t} to {high_said:t})."
            ),
        ),
        (
            None,
            "{k:0f} {trials:t}: {measure:t} {centre:2f} (95 % interval {low_said:t} to {high_said:t}).",
        ),
    ],
    [
        (
            "(k > 2) & (k < 4) & (fixed < 1)",
            "Three trials are too few to say where a new one would lie.",
        ),
        ("wide > 0", "In a new trial like these the effect could be almost anything."),
        (
            "ahead > 0",
            (
                "In a new trial like these the effect could be {ahead_low:2f} to {ahead_high:2f} "
                "(t with {free:0f} degrees of freedom)."
            ),
        ),
    ],
    [
        ("k < 1", ""),
        ("k < 2", "One trial cannot show how much trials differ."),
        (
            f"i2 >= {AVERAGES[1]}",
            ("The trials disagree (I² {i2:0f} %, τ² {tau2:2f}): one average hides that."),
        ),
        ("k < 5", "I² {i2:0f} %, τ² {tau2:2f}, but so few trials cannot show disagreement."),
        (None, "I² {i2:0f} %, τ² {tau2:2f}."),
    ],
    [
        (
            f"(k > 1) & (heavy >= {100 * AVERAGES[0]:g})",
            ("{heaviest:t} alone carries {heavy:0f} % of the weight."),
        )
    ],
]
"""What the trials say together, with the warnings that belong to it."""

EGGER = [
    ("asked < 1", ""),
    (
        "(k < 10) & (p < 0.001)",
        ("Egger’s test (p < 0.001): {k:0f} trials are too few for it to tell."),
    ),
    (
        "(k < 10) & (p < 0.1)",
        "Egger’s test (p = {p:3f}): {k:0f} trials are too few for it to tell.",
    ),
    ("k < 10", "Egger’s test (p = {p:2f}): {k:0f} trials are too few for it to tell."),
    (
        "p < 0.001",
        (
            "Egger’s test: p < 0.001, a lopsided funnel. "
            "Unpublished failures are one reason; sicker patients, other care or chance are others."
        ),
    ),
    (
        "p < 0.05",
        (
            "Egger’s test: p = {p:3f}, a lopsided funnel. "
            "Unpublished failures are one reason; sicker patients, other care or chance are others."
        ),
    ),
    ("p < 0.1", "Egger’s test: p = {p:3f}, no clear sign of a lopsided funnel."),
    (None, "Egger’s test: p = {p:2f}, no clear sign of a lopsided funnel."),
]


def rules(groups: Sequence[str], funnel: bool) -> list[list]:
    """The sentence, one for each group, and Egger's test below a funnel."""
    own = [
        [
            (
                f"(split > 0) & (g{n}_k > 0)",
                (f"{name}: {{g{n}_centre:2f}} ({{g{n}_low:t}} to {{g{n}_high:t}})."),
            )
        ]
        for n, name in enumerate(groups)
    ]
    return [*SENTENCE, *own, *([EGGER] if funnel else [])]


def names(groups: Sequence[str]) -> list[str]:
    """Every name that the rules may use."""
    own = [f"g{n}_{end}" for n, _ in enumerate(groups) for end in ("k", "centre", "low", "high")]
    return [*NUMBERS, *own, "measure", "trials", "heaviest", "low_said", "high_said"]


def end_said(value: float, ratio: bool) -> str:
    """An end of an interval; of a ratio very far from 1 only that it is far."""
    if ratio and value > FAR[1]:
        return f"above {FAR[1]:g}"
    said = format_number(value, "2f")
    return f"below {FAR[0]:g}" if ratio and said == "0.00" else said


def pooled(rows: pd.DataFrame, made: trials.Pool) -> dict[str, float | str]:
    """A pool in the names of the card's sentence."""
    sizes = rows["n_treated"] + rows["n_control"]
    ratio = made.measure in trials.RATIOS
    # three trials leave one degree of freedom, and nothing to say
    ahead = len(rows) > 3 and isfinite(made.prediction_low)
    wide = ahead and ratio and (made.prediction_low < FAR[0] or made.prediction_high > FAR[1])
    trial, share = max(made.weights.items(), key=lambda item: item[1])
    return {
        "counted": float(sizes.notna().all()),
        "patients": float(sizes.sum()),
        "ratio": float(ratio),
        "centre": made.estimate,
        "low": made.low,
        "high": made.high,
        "low_said": end_said(made.low, ratio),
        "high_said": end_said(made.high, ratio),
        "ahead": float(ahead),
        "wide": float(wide),
        "ahead_low": made.prediction_low if ahead else 0.0,
        "ahead_high": made.prediction_high if ahead else 0.0,
        "free": float(len(rows) - 2 if ahead else 0),
        "i2": made.i2 if isfinite(made.i2) else 0.0,
        "tau2": made.tau2,
        "heavy": 100 * share,
        "heaviest": rows.set_index("trial").loc[trial, "label"],
    }
