"""A hundred livers: who turns back, what decides it, and what a needle can see of it."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import Livers, Mission, Order, Preset, Share
from hepatica.cards.kinds.livers.says import READ_AFTER, REREAD
from hepatica.cards.parts.shapes import asked, rules
from hepatica.show import Table

TYPICAL_READING = 2  # a draw whose share on the same day is near that of 2000 people
TYPICAL = 4  # a draw whose share after five years is near that of 2000 people
PER_ARM = 73  # livers in each arm of the replayed trial
SPREADS = ("speed_gsd", "chi_gsd", "X_s_gsd", "biopsy_sd", "cut_F4", "d", "chi")


BAND_YEARS = (1, 2, 3, 5, 10, 20)


def band() -> dict[str, list[float]]:
    """Where nine of ten draws of a hundred lie: per cent no longer cirrhotic, some years on."""
    rows = [ledger.number(f"targets/tide-band-hcv-true-{year}y") for year in BAND_YEARS]
    ends = {"low": [row.low for row in rows], "high": [row.high for row in rows]}
    return {"years": list(BAND_YEARS), **ends}


def telling(what: str) -> float:
    """How well something known at the stop tells who turns back: area under the curve, 0.5 chance."""
    return ledger.number(f"targets/tide-telling-{what}").value


def observed() -> dict[str, float | str]:
    """What a study counted five years after the cure; it gives no interval."""
    row = ledger.number("targets/published-tide-hcv-back-paired")
    return {"label": "a study of two biopsies", "year": 5, "value": row.value}


BY_CAUSE = (
    "hbv-regression",
    "hcv-regression-3",
    "hcv-regression-2",
    "haemochromatosis-regression",
    "aih-regression",
    "masld-regression",
    "masld-regression-2",
    "pbc-regression",
)
"""Rows of the table of causes: a share that turned back, and what was counted."""


def turned_back_by_cause() -> Table:
    """Published shares, each with what was counted and of whom."""
    rows = ledger.table("causes").set_index("key").loc[list(BY_CAUSE)]
    lines = [
        (
            row.label,
            row.statement,
            f"{ledger.plain(row.value)} {row.unit}",
            row.population,
            ledger.reference(row.source).short,
        )
        for row in rows.itertuples()
    ]
    columns = ("Cause", "What was counted", "Share", "Of whom", "Source")
    return Table("Turned back, by cause: each share and what was counted", columns, tuple(lines))


@cache
def who_turns_back() -> Livers:
    """A hundred people with cirrhosis of hepatitis C, all cured on the same day."""
    return Livers(
        "counted",
        "hcv",
        id="who-turns-back",
        seed=TYPICAL,
        title="About half, in the model, and who is not written on their faces",
        question="A hundred people with cirrhosis are cured of hepatitis C. Who turns back?",
        data={"band": band(), "published": observed()},
        uses=SPREADS,
        predict=Share(
            "In all hundred a biopsy reads cirrhosis; today they lose the virus. **Five years later**, "
            "how many lie below the line?",
            answer="back",
            of="of a hundred livers",
            reply=rules("""
                guess > answer + 25
                    You trust the cure: no cause, no scar. In the model {back:0f} of this hundred are
                    below the line after five years; the others still drain, or their cells never
                    rest.
                guess < answer - 20
                    “Cirrhosis is for ever”: many were taught so. In the model {back:0f} of this
                    hundred are below the line after five years.
                otherwise
                    Near it: {back:0f} of this hundred. That is no great feat of the model, which was
                    fitted to such a share. What nobody told it is who.
            """),
        ),
        mission=_patience(),
    )


def _patience() -> Mission:
    return Mission(
        "How long must one wait until **four of five** of this hundred lie below the line? Find "
        "the first year.",
        reached="(back >= 80) & (earlier < 80)",
        done="After {after:0f} {after:plural year}: {back:0f} of a hundred. A study of five years "
        "would have called many of them irreversible.",
        fails=[
            ("back >= 80", "{back:0f} of a hundred, but you have waited longer than you had to."),
            (
                "after <= 5",
                "After {after:0f} {after:plural year} only {back:0f}. Studies often stop here.",
            ),
        ],
        far="After {after:0f} {after:plural year} {back:0f} of a hundred: not yet.",
    )


@cache
def what_decides() -> Livers:
    """The same hundred in three orders, and what choosing them does to the share."""
    return Livers(
        "sorted",
        "hcv",
        id="what-decides",
        seed=TYPICAL,
        title="In the model: how much scar, then how digestible; the years tell little",
        question="Sort the same hundred. What tells who turns back?",
        data={"band": band()},
        predict=Order(
            "Put in order: what tells best, on the day of the cure, who will be back after five "
            "years?",
            [
                (
                    "how many years the cause has lasted",
                    -telling("years"),
                    (
                        "The years look like the obvious clock. But a slow liver of forty years may hold "
                        "less scar than a fast one of twenty-five: sort by them and look."
                    ),
                ),
                (
                    "how much of the liver is scar",
                    -telling("area"),
                    "How much must drain away counts most in the model: sort by it and look.",
                ),
                (
                    "how digestible the old scar is (the hole of its tank)",
                    -telling("chi"),
                    (
                        "How wide the hole is counts nearly as much as how much there is to drain: sort "
                        "by it. Nobody can measure it in a patient."
                    ),
                ),
            ],
            rules("""
                pairs > all_pairs - 0.5
                    So it is in the model: amount, then digestibility, and the years far behind.
                otherwise
                    In the model the amount tells most, digestibility nearly as much, and the years
                    next to nothing, by our rule of entry. Sort by each and look at the two ends.
            """),
            ends=("tells most", "tells least"),
        ),
        mission=_choose_the_trial(),
        presets=[
            Preset("everybody", {"ceiling": 30}),
            Preset("less than 22 %", {"ceiling": 22}),
        ],
    )


def _choose_the_trial() -> Mission:
    share = ledger.number("causes/hbv-regression").value
    return Mission(
        f"A study of **hepatitis B** reports **{share:g} %** after five years. Reach it in this hundred "
        "with hepatitis C, by choosing only who is counted. At least thirty livers.",
        reached=f"(after < 5.5) & (after > 4.5) & (share >= {share - 4:g}) & (n >= 30)",
        done="{share:0f} % of {n:0f} after five years. Nothing has changed but who was counted: the "
        "share of a study is a number about its entry, too.",
        fails=[
            (
                "(after > 5.5) | (after < 4.5)",
                "After {after:0f} {after:plural year}, not after five.",
            ),
            ("n < 30", "{share:0f} %, but only {n:0f} livers are left: a reviewer would smile."),
        ],
        far="{share:0f} % of {n:0f} livers. Who should not have been counted?",
    )


@cache
def the_lock() -> Livers:
    """With the lock and without it: the same collagen, other cells."""
    return Livers(
        "locked",
        "hcv",
        id="the-lock",
        seed=TYPICAL,
        title="Collagen can hardly tell; a stain for the cells could",
        question="Does stiff scar keep its cells awake? Which biopsy would tell?",
        predict=asked("""
            Two hypotheses: stiff scar **locks** its myofibroblasts awake, or it does not. Which
            second biopsy of a hundred cured people would tell the two apart?
            * One after a year, read for how much collagen is left.
                right if (on - off > 15) | (off - on > 15)
                “The sooner the clearer.” In the first years both hypotheses drain the same tanks;
                in the model the two shares lie a few livers apart, within luck.
            * One after five years, read for how much collagen is left.
                right if (on - off > 15) | (off - on > 15)
                The study that was done. Five years do sort the livers, but nearly alike under both
                hypotheses: a few livers apart, within luck.
            * One after five years, stained for what is still at work.
                right if lit_on - lit_off > 10
                Where the cause has gone and cells still work, something keeps them awake. In the
                model only the lock can do that. The studies that we could read counted collagen.
        """),
        presets=[
            Preset("one year", {"after": 1}),
            Preset("five years", {"after": 5}),
            Preset("twenty years", {"after": 20}),
        ],
    )


@cache
def read_twice() -> Livers:
    """People with cirrhosis of MASH under two needles."""
    weeks = {str(w): float(f"{y:.6g}") for w, y in zip(READ_AFTER, REREAD.years, strict=True)}
    return Livers(
        "reread",
        "mash_f4",
        id="read-twice",
        seed=TYPICAL_READING,
        title="Two needles in one liver disagree",
        question="Cirrhosis by biopsy. What does a second needle say?",
        data={"weeks": weeks},
        uses=("biopsy_sd", "cut_F4"),
        predict=Share(
            "A hundred people whose biopsy says cirrhosis, of MASH. A second needle goes in **on the "
            "same day**. How many of them does it read below cirrhosis?",
            answer="lower",
            of="of a hundred people",
            reply=rules("""
                guess < 3
                    “A biopsy is the truth.” Two needles meet two places: {lower:0f} of this hundred
                    read lower on the same day, and nothing has happened to them.
                guess > answer + 15
                    You distrust the needle more than the model does: {lower:0f} of this hundred.
                otherwise
                    {lower:0f} of this hundred, on the same day. They entered because the first
                    needle read high; the second has no reason to.
            """),
        ),
    )


@cache
def simtuzumab() -> Livers:
    """A drug against cross-linking in two arms of people with bridging scar, read by needles."""
    return Livers(
        "arms",
        "mash_f3",
        id="simtuzumab",
        title="A small truth drowns in the noise of needles",
        question="Block the enzyme that makes scar old. What does a trial of 96 weeks see?",
        people=2 * PER_ARM,
        seed=5,
        uses=("anti_lox", "biopsy_sd", "k_x"),
        predict=asked(
            f"""
            In mice an antibody against the cross-linking enzyme halved the collagen. Now people with
            bridging scar, {PER_ARM} in each arm, 96 weeks; we let the drug block 40 % of the cross-linking.
            **Drug minus placebo** is
            * less than one point, too little to be told from nothing.
                right if (effect > -1) & (low < 0) & (high > 0)
                Old scar is made slowly: in 96 weeks little of it is missing. And the two needles
                differ by more than that.
            * two to four points, about a quarter of the whole scar.
                right if effect < -2
                “It will work, if less than in mice.” In 96 weeks hardly any old scar is made, so
                hardly any can be missing.
            * five points or more, about half of it, as in the mice.
                right if effect < -5
                “What works in mice works.” In people it did not. Why the mouse got better, this model
                does not know.
            """,
            ladder=True,
        ),
    )
