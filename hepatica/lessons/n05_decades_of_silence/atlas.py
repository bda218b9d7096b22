"""The atlas of causes, with a question before it and two inside."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import Atlas, Predict, Trap

STEM = "natural_history/prevalence-of-cirrhosis-20-years-after-infection-f4-hcv-"


@cache
def causes_atlas() -> Atlas:
    """Eighteen causes: where each starts, how fast, what stops it, and what was seen to go back."""
    return Atlas(
        id="causes-atlas",
        title="Who is counted sets the pace as much as the cause does",
        question="Eighteen ways to the same scar. How fast, and how does anybody know?",
        predict=_referral(),
        traps=[
            Trap("blamed", _rows_of("drug"), _blamed()),
            Trap("defined", ["by-regression"], _defined()),
        ],
    )


def _rows_of(cause: str) -> list[str]:
    """Every row of the atlas that belongs to a cause, its accelerators too."""
    tables = (ledger.table("causes"), ledger.table("accelerators"))
    return [key for table in tables for key in table[table["cause"] == cause]["key"]]


def _referral() -> Predict:
    """Who is counted: the same disease in transplant centres and in the whole population."""
    centres = ledger.number("accelerators/psc-where-seen").value
    return Predict(
        "Primary sclerosing cholangitis in half of the Netherlands: from diagnosis to a transplant "
        "or to death from it the median was {causes/psc-pace} years. Counted in the **transplant "
        "centres** alone, it was",
        (
            (
                "about 13 years.",
                centres < 17,
                (
                    "{accelerators/psc-where-seen} years. Those who do badly are sent there, the quiet "
                    "ones stay away: *referral bias*. Hepatitis C likewise: after twenty years "
                    f"{{{STEM}non-clinical-settings-thein2008}} % had cirrhosis outside clinics, "
                    f"{{{STEM}clinical-settings-thein2008}} % in clinics. Before a pace, ask who was "
                    "counted."
                ),
            ),
            (
                "about 21 years.",
                17 <= centres < 26,
                (
                    "“A disease has its pace.” Perhaps it has; a number has the pace of the people who "
                    "were counted."
                ),
            ),
            (
                "about 30 years.",
                centres >= 26,
                (
                    "“Experts keep people well for longer.” They may. But who is sent to a transplant "
                    "centre is worse off already, and that weighs more."
                ),
            ),
        ),
        ladder=True,
    )


def _blamed() -> Predict:
    """A drug blamed for a disease: psoriasis, methotrexate, diabetes."""
    never, diabetes = 19.3, ledger.number("accelerators/mtx-diabetes").low  # the note of drug-pace
    return Predict(
        "Among people with psoriasis on methotrexate, {causes/drug-pace} % had a stiff liver "
        "(7.9 kPa or more). For decades the drug was blamed. What went with stiffness in that "
        "study?",
        (
            (
                "The dose taken over the years",
                False,
                (
                    "“A poison adds up.” So it was taught, and biopsies were planned by the gram. Here "
                    "the dose taken in all did not count."
                ),
            ),
            (
                "Diabetes, with the drug or not",
                never > 0 and diabetes > 1,
                (
                    "Of those who had never taken it 19.3 % were as stiff (p = 0.33). With diabetes the "
                    "odds were {accelerators/mtx-diabetes} times as high "
                    "({accelerators/mtx-diabetes.low} to {accelerators/mtx-diabetes.high}). The drug "
                    "was blamed for much of what MASLD does. One cross-section, no trial."
                ),
            ),
            (
                "Psoriasis, by its severity",
                False,
                (
                    "“The inflamed skin reaches the liver.” Both groups had psoriasis, so it cannot "
                    "tell them apart; diabetes could."
                ),
            ),
        ),
    )


def _defined() -> Predict:
    """One word, four definitions."""
    return Predict(
        "Cirrhosis “regressed” in {causes/hbv-regression} % (hepatitis B), "
        "{causes/hcv-regression} % (hepatitis C, cured), {causes/haemochromatosis-regression} % "
        "(haemochromatosis) and {causes/hcv-regression-2} % (hepatitis C again). What differs most "
        "between these four numbers?",
        (
            (
                "How fast each cause is cleared",
                False,
                (
                    "“A better drug, a better liver.” In part. But hepatitis C stands here twice, far "
                    "apart, and one of the two asks for two stages."
                ),
            ),
            (
                "What had to happen to be counted",
                True,
                (
                    "One step out of a class, no cirrhosis any more, two stages, two stages. Whether "
                    "the cause was gone differs too: most of the last group were not cured. And only "
                    "those who agreed to a second needle are counted."
                ),
            ),
            (
                "How well the needle was aimed",
                False,
                (
                    "“It is all sampling error.” A needle misses a stage now and then, in both "
                    "directions. It does not turn seven into seventy of a hundred."
                ),
            ),
        ),
    )
