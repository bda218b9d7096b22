"""Every trial of a drug against scar in people, on the arrow that it tried to cut."""

from __future__ import annotations

from functools import cache

from hepatica.cards import EveryTrial, Mission, Share

ARROWS = {
    "integrin-frees-tgfb": "αv integrins",
    "tgfb-activates": "TGF-β and what follows it",
    "angiotensin-activates": "Angiotensin II",
    "ifng-brakes": "Interferon gamma, a brake",
    "crosslink-loxl2": "Cross-links (LOXL2)",
    "galectin3": "Galectin-3",
    "ccr2-recruits": "Monocytes called in (CCR2)",
    "inflammation-activates": "TNF and IL-1",
    "il10-brakes": "Interleukin-10, a brake",
    "death-activates": "Dying hepatocytes (caspases)",
    "stress-kills": "Stress before death (ASK1)",
    "ros-activates": "Oxidative stress",
    "lps-primes": "Endotoxin from the gut",
    "ppar-rests": "PPAR, towards rest",
    "fat-drives": "The cause: fat and sugar",
    "bileacid-drives": "Bile acids and their signals",
    "virus-drives": "The cause: the virus",
    "iron-drives": "The cause: iron",
    "immune-drives": "The cause: immune attack",
    "zaat-drives": "The cause: Z protein",
    "mixture": "A mixture of herbs",
}
"""The arrows that were tried: first at the stellate cell, then upstream, at last the causes."""

GUESS = Share(
    "STELLAR-3: people with bridging fibrosis (F3). Selonsertib blocks ASK1, and its mark in the "
    "liver fell with the dose: the drug hit its target. On placebo 13 of 100 were a stage better "
    "after 48 weeks. **And on selonsertib, 18 mg?**",
    answer="asked",
    by="the trial",
    reply=[
        (
            "guess > 20",
            (
                "You said {guess:0f}; it was {asked:0f}. “A target that is hit moves what lies behind "
                "it”: the arrow was cut, and the scar had others."
            ),
        ),
        (
            "guess > 13",
            (
                "You said {guess:0f}; it was {asked:0f}. “A little must come of it”: the drug's group "
                "did no better than placebo (p = 0.49)."
            ),
        ),
        (
            "guess < 5",
            (
                "You said {guess:0f}; it was {asked:0f}. “If it failed, nobody gets better”: one in "
                "ten was a stage better, as on placebo."
            ),
        ),
        (None, "You said {guess:0f}; it was {asked:0f}: no more than on placebo (p = 0.49)."),
    ],
)

NONE_MET = Mission(
    goal="Narrow the picture until at least three comparisons are left and **none** met its "
    "endpoint.",
    reached="(met < 1) & (drawn > 2)",
    done="None of these {drawn:0f} met its endpoint. The arrow, the stage of the scar, the dose or "
    "the time: the picture does not say which.",
    fails=[
        (
            "(met < 1) & (drawn < 3)",
            "Only {drawn:0f} left. “Nothing met” says little where next to nothing was tried.",
        ),
        (
            "(blind > 0) & (f4 < 1) & (one < 1)",
            "Blinding alone does not do it: {met:0f} still met their endpoint. Ask who was treated.",
        ),
    ],
    far="{met:0f} in sight met their endpoint.",
)


@cache
def every_trial() -> EveryTrial:
    """Rings first, then the drugs: what cutting an arrow did to scar in people."""
    return EveryTrial(
        id="every-trial",
        title="Every arrow that was cut in people",
        question="Which arrow was cut in people, and did the scar fall?",
        arrows=ARROWS,
        asked="selonsertib-stellar3-18-mg",
        predict=GUESS,
        mission=NONE_MET,
    )
