"""Three causes from the same start."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import Axis, Background, Chart, Curve, Explorable, Predict, Preset, Run, Slider
from hepatica.cards.parts.shapes import rules

from .chains import CAUSES, TREATED, three_causes


def _fewest(cause: str) -> str:
    """The condition that `cause` ends with fewer people alive without a complication than the
    others."""
    others = [ending for ending in CAUSES if ending != cause]
    return " & ".join(f"(silent_{cause}_end < silent_{other}_end)" for other in others)


@cache
def after_cirrhosis() -> Explorable:
    """From the same compensated cirrhosis: three causes, treated early, late or never."""
    years = Axis("years since compensated cirrhosis", "", 0, 20)
    survival = [ledger.number(f"targets/nh-fattovich-survival-{years}y") for years in (5, 10)]
    lines = (
        ("hcv", "hepatitis C", "blood", "dash"),
        ("masld", "MASLD", "hepatocyte", "solid"),
        ("alcohol", "alcohol", "macrophage", "dot"),
    )
    return Explorable(
        three_causes(),
        id="after-cirrhosis",
        title="The cause sets the pace, also after cirrhosis",
        question=(
            "Three groups start with the same silent cirrhosis. When the cause is treated, "
            "which line bends, and how much does waiting cost?"
        ),
        run=Run(until=20, unit="years", points=21),
        controls=[
            Slider(
                TREATED,
                "year in which the cause is treated (20: never)",
                low=0,
                high=20,
                step=1,
                value=20,
            )
        ],
        views=[
            Chart(
                "Alive without a complication",
                years,
                Axis("of the group", "%", 0, 100),
                curves=tuple(
                    Curve(f"silent_{key}", label, role, dash=dash)
                    for key, label, role, dash in lines
                ),
                height=270,
            ),
            Chart(
                "Alive",
                years,
                Axis("of the group", "%", 0, 100),
                curves=tuple(
                    Curve(f"alive_{key}", label, role, dash=dash)
                    for key, label, role, dash in lines
                ),
                background=(
                    Background(
                        [5, 10],
                        [row.value for row in survival],
                        "blood",
                        "hepatitis C, published",
                        "points",
                    ),
                ),
                height=270,
            ),
        ],
        describe=rules("""
            treated_year < 20
                Cause treated in year {treated_year:0f}: after twenty years {silent_hcv_end:0f} of a
                hundred with hepatitis C are alive without a complication, {silent_masld_end:0f}
                with MASLD, {silent_alcohol_end:0f} with alcohol.
            otherwise
                Cause never treated: after twenty years {silent_hcv_end:0f} of a hundred with
                hepatitis C are alive without a complication, {silent_masld_end:0f} with MASLD,
                {silent_alcohol_end:0f} with alcohol.
        """),
        predict=Predict(
            (
                "Three groups with compensated cirrhosis, causes untreated. "
                "In which are the **fewest** still alive without a complication after twenty years?"
            ),
            (
                (
                    "Hepatitis C.",
                    _fewest("hcv"),
                    (
                        "“The virus never rests.” In this chain its silent cirrhosis decompensates "
                        "about half as often a year as that from alcohol."
                    ),
                ),
                (
                    "MASLD.",
                    _fewest("masld"),
                    (
                        "“Nobody treats fat in time.” In this chain its line falls most slowly of "
                        "the three."
                    ),
                ),
                (
                    "Alcohol.",
                    _fewest("alcohol"),
                    (
                        "Each year about twice as many decompensate as with hepatitis C, "
                        "and many die of something else. Now treat the cause."
                    ),
                ),
            ),
        ),
        presets=[
            Preset("never", {TREATED: 20}),
            Preset("after ten years", {TREATED: 10}),
            Preset("at once", {TREATED: 0}),
        ],
        equations=("F4hcv", "F4masld", "F4alcohol"),
    )
