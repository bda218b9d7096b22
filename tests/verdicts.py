"""What a verdict in an explorable's sentence must mean, written anew from the run's numbers.

`VERDICTS[card]` holds words of the sentence and a criterion on the scope of the run (`s.F_end`);
the card's own rules are not asked. Where a verdict tells the future, the model runs on to see it;
`s.again(name=value)` is the same run with something changed.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

from hepatica import ledger
from hepatica.models.natural_history import hcv
from hepatica.models.scar_circuit import scar_circuit
from hepatica.models.tide import tide

TREATED, CONTROLS = 28, 30  # Spahr2013
CLASSES = {"A": (5, 6), "B": (7, 9), "C": (10, 15)}


def later(s: SimpleNamespace, model, day: float) -> SimpleNamespace:
    """The same run long after it was shown."""
    values = {name: getattr(s, name) for name in model.parameters}
    rows = model.simulate(at=[0.0, day], unchecked=values)
    return SimpleNamespace(
        **{name: float(rows[name].iloc[-1]) for name in ("F", "M", "CPA") if name in rows}
    )


def circuit(s: SimpleNamespace) -> SimpleNamespace:
    """The wound two years later: what dies out is not yet too small to count."""
    return later(s, scar_circuit, 730.0)


def falls_behind(s: SimpleNamespace) -> bool:
    """Whether factor II goes on to rise for two days, as what tells of the past does."""
    head = round(s.time * 6)
    return s.again(head=min(head + 12, 168)).f2 >= s.again(head=head).f2


def rates(s: SimpleNamespace) -> tuple[float, float]:
    """How both cells change within an hour of the play head."""
    values = {name: getattr(s, name) for name in scar_circuit.parameters}
    rows = scar_circuit.simulate(at=[0.0, s.time + 1e-9, s.time + 0.04], unchecked=values)
    return tuple(float(rows[name].iloc[-1] - rows[name].iloc[1]) for name in ("F", "M"))


def hot(s: SimpleNamespace) -> bool:
    """Whether both cells are there in the end."""
    end = circuit(s)
    return end.F > 1e5 and end.M > 1e5


def cold(s: SimpleNamespace) -> bool:
    """Whether myofibroblasts are left without macrophages in the end."""
    end = circuit(s)
    return end.F > 1e5 and end.M < 1


def heals(s: SimpleNamespace) -> bool:
    """Whether both cells are gone in the end."""
    return circuit(s).F < 100


def years_on(s: SimpleNamespace, years: float) -> SimpleNamespace:
    """The liver of the scar model years after the run's end."""
    return later(s, tide, 365.0 * years)


def found_in(name: str, years: int) -> tuple[float, float]:
    """A study's share with cirrhosis, in percent, and the room that its bar or mark takes."""
    row = ledger.number(f"targets/nh-{name}-{years}y")
    return row.value, 0.15 + (row.high - row.value if row.high is not None else 1.5)


def passes(s: SimpleNamespace, name: str, years: int) -> bool:
    """Whether the line goes through a study's mark."""
    value, room = found_in(name, years)
    reached = 100 * float(hcv.series([years], pace=s.pace)["reached_F4"][-1])
    return abs(reached - value) <= room


def interval(s: SimpleNamespace) -> tuple[float, float]:
    """Difference of two shares, 95 % interval by Wald; 10 of 14 in the other arm."""
    one, two = s.with_cells / 100, s.improved / CONTROLS
    half = 1.96 * math.sqrt(one * (1 - one) / TREATED + two * (1 - two) / CONTROLS)
    return one - two - half, one - two + half


def sum_of_points(s: SimpleNamespace, letter: str) -> bool:
    """Whether the five rows of the score add up to a class."""
    rows = ("bilirubin", "albumin", "INR", "ascites", "encephalopathy")
    low, high = CLASSES[letter]
    return low <= sum(getattr(s, f"points_{row}") for row in rows) <= high


ELSEWHERE = {
    "five-levers": "test_verdicts_of_notebook_10.py",
    "amplitude-and-duration": "test_verdicts_of_notebook_10.py",
    "what-could-go-wrong": "test_verdicts_of_notebook_10.py",
    "plausible-fall": "test_verdicts_of_notebook_10.py",
}
"""Cards whose verdicts have their second look in a file of their own."""

VERDICTS = {
    "first-card": {
        "stays near the healthy": lambda s: s.CPA_max < 1.5 * s.CPA_0,
        "as good as gone": lambda s: s.CPA_end < 2 * s.CPA_0,
        "still cirrhosis, and still going": lambda s: s.CPA_end >= 13 > years_on(s, 250).CPA,
        "The scar is going, slowly": lambda s: years_on(s, 100).CPA < s.CPA_end < 13,
    },
    "reserve-curve": {
        "All hepatocytes at work": lambda s: s.mass > 99.4,
        "at the lower end of the reference range": lambda s: abs(s.albumin - 35) < 0.2,
        "inside the reference range. The blood test sees nothing": lambda s: s.albumin > 35,
        "in the second Child–Pugh band": lambda s: 28 <= s.albumin < 35,
        "in the third Child–Pugh band": lambda s: s.albumin < 28,
    },
    "days-or-months": {
        "nearly the": lambda s: 0.9 < s.now / s.months < 1.001,
        "less than the cells alone would say": lambda s: s.now < 100 * s.H,
        "on the way to": lambda s: 100 * s.H <= s.now < s.months,
    },
    "sinusoid-oxygen": {
        "The hepatocytes beside the central vein get none": lambda s: s.oxygen_end < 0.5,
        "blood reaches the central vein with": lambda s: s.oxygen_end >= 25,
        "less than in a healthy liver": lambda s: (
            s.oxygen_end < s.again(flow=1, uptake=1).oxygen_end
        ),
    },
    "depletion": {
        "a cold scar": cold,
        "left in place: the wound ends as a hot scar": lambda s: s.removal_days == 0 and hot(s),
        "the wound heals": heals,
    },
    "loops": {
        "The cold scar stays": cold,
        "The hot scar stays": hot,
        "The cold scar melts away": lambda s: s.removal_days > 0 and heals(s),
        "Even the hot scar melts away": lambda s: s.removal_days == 0 and heals(s),
        "The scar is going, slowly": lambda s: circuit(s).F < s.F_end / 2,
    },
    "circuit": {
        "the injury draws macrophages in": lambda s: s.time <= s.injury_days and s.injury_days > 0,
        "the injury is long over": lambda s: s.time > s.injury_days + 5 and hot(s),
        "a race": lambda s: s.time > s.injury_days and rates(s)[0] > 0,
        "Both grow": lambda s: min(rates(s)) > 0 and hot(s),
        "both die out": heals,
    },
    "injury-duration": {
        "the wound ends in a scar": hot,
        "then the wound heals": heals,
        "still undecided": lambda s: 1e3 < s.F_end and min(s.F_end, s.M_end) < 1e5,
    },
    "phase-plane": {
        "the injury still draws macrophages in": lambda s: 0 < s.injury_days >= s.time,
        "drifts to the hot scar": hot,
        "on the healing side": heals,
        "still undecided": lambda s: 1e3 < s.F_end and min(s.F_end, s.M_end) < 1e5,
    },
    "macrophages-away": {
        "left in place: collagen peaks": lambda s: s.removal_days == 0,
        "(left in place: 13.7 %)": lambda s: abs(s.again(removal_days=0).CPA_max - 13.7) < 0.06,
    },
    "one-liver": {
        "too weak, or too short, to leave a scar": lambda s: s.CPA_max < 1.5 * s.CPA_0,
        "of the lobules take part": lambda s: 0 < s.phi <= 1 and s.time <= s.injury_years + 0.01,
        "Press Play": lambda s: s.time < 0.1 and s.CPA_max > 1.2 * s.CPA_0,
        "cirrhosis in the model": lambda s: s.CPA >= 13,
        "Its cells never rest": lambda s: years_on(s, 200).F > 1e5,
        "still cirrhosis": lambda s: s.CPA >= 13 and s.time >= s.injury_years,
        "down from": lambda s: s.CPA <= s.CPA_max,
    },
    "zones-meet": {
        "no scar touches its neighbour": lambda s: s.bridged < 1,
        "no island is left": lambda s: s.scarred > 99,
        "the central veins are joined": lambda s: s.pattern == 0 and s.bridged > 99,
        "the portal tracts are joined": lambda s: s.pattern == 1 and s.bridged > 99,
        "tracts and veins are joined": lambda s: s.pattern == 2 and s.bridged > 99,
    },
    "scar-grows": {
        "nothing to see yet": lambda s: s.scarred < 5 and s.bridged == 0,
        "but bridges are open": lambda s: s.bridged < 25,
        "the first bridges": lambda s: 0 < s.bridged < 50,
        "Read as F3": lambda s: 0 < s.bridged < 100,
        "no clean island is left": lambda s: s.scarred > 99,
        "the islands are cut off": lambda s: s.bridged > 75,
    },
    "squeezed": {
        "nothing presses": lambda s: s.condense < 0.05,
        "pressed: ": lambda s: s.condense >= 0.05 and s.scarred <= 100,
    },
    "needle": {
        "too high. Of": lambda s: s.needle_stage > s.stage,
        "too low. Of": lambda s: s.needle_stage < s.stage,
        "agrees. Of": lambda s: s.needle_stage == s.stage,
        "random needles": lambda s: round(2 * (s.agree + s.too_low + s.too_high)) == 200,
    },
    "after-cirrhosis": {
        "Cause treated in year": lambda s: (
            s.silent_hcv_end >= s.again(treated_year=20).silent_hcv_end
        ),
        "Cause never treated": lambda s: s.treated_year == 20,
    },
    "tests-in-people": {
        "most positive tests are wrong": lambda s: s.false_positive > s.true_positive,
        "of the positive tests are right": lambda s: s.true_positive >= s.false_positive,
    },
    "one-pace": {
        "passes both diamonds": lambda s: all(passes(s, "poynard", at) for at in (20, 40)),
        "the first square is hit": lambda s: passes(s, "dore", 20) and not passes(s, "dore", 40),
        "the second square is near, but now the first is missed": lambda s: (
            not passes(s, "dore", 20)
        ),
        "misses points of both studies": lambda s: (
            not any(all(passes(s, study, at) for at in (20, 40)) for study in ("poynard", "dore"))
        ),
    },
    "silent-years": {
        "the lines flatten": lambda s: s.F4 <= s.again(cure_year=40).F4 and s.time > s.cure_year,
        "nothing to notice": lambda s: s.noticed < 1,
        "a cirrhosis that they cannot feel": lambda s: s.time <= s.cure_year,
    },
    "single-lives": {
        "Cured in year": lambda s: s.dead_end <= s.again(cure_year=40).dead_end,
        "Never cured": lambda s: s.cure_year == 40,
    },
    "first-to-fall": {
        "The clotting factors tell of the loss": lambda s: s.f7 < 90,
        "of healthy, INR": lambda s: s.INR >= 0.9 and max(s.f7, s.f5, s.f2) <= 101,
        "albumin still hides it": lambda s: s.albumin_share > s.f7 and s.albumin_share > 90,
        "Factor VII tells of today": lambda s: s.f7 > s.f2 and falls_behind(s),
    },
    "five-consequences": {
        "With a stent": lambda s: s.ammonia > s.again(tips=0).ammonia,
        "All quiet": lambda s: s.PSG <= 5 and s.albumin >= 35 and s.ammonia <= 35 and s.INR < 1.3,
        "no loss that albumin shows": lambda s: s.albumin >= 35,
        "The proteins look well": lambda s: s.albumin >= 35,
        "the proteins look well": lambda s: s.albumin >= 35,
        "ascites is within reach: it": lambda s: s.ascites_margin >= 0,
        "no ascites is within reach": lambda s: s.ascites_margin < 0,
        "without much scar": lambda s: s.PSG < 10 and s.CPA < 20,
        "however low the albumin": lambda s: s.again(H=0.15).ascites_margin < 0,
        "Shunt and missing cells add up": lambda s: (
            s.ammonia > max(s.again(H=1).ammonia, s.again(collaterals=0).ammonia)
        ),
        "The ammonia comes from the missing cells alone": lambda s: (
            s.again(H=1).ammonia < 1.05 * s.again(CPA=2, H=1).ammonia
        ),
        "Early changes": lambda s: s.PSG < 10 and s.H > 0.4,
    },
    "where-it-sits": {
        "Hardly a block": lambda s: s.block < 1,
        "before the sinusoids": lambda s: s.site == 0 and s.HVPG <= 5,
        "their difference is normal": lambda s: s.site == 2 and s.HVPG <= 5 and s.P_free > s.P_ra,
        "and the two agree": lambda s: s.site == 1 and abs(s.PSG - s.HVPG) < 1,
    },
    "portal-circulation": {
        "all blood passes the liver": lambda s: s.flow_shunt == 0,
        "The shunt is asleep": lambda s: s.PSG <= 5 and s.shunt_share < 2,
        "the shunt.": lambda s: 0 < s.flow_shunt,
        "It relieves the pressure": lambda s: s.PSG < s.again(collaterals=0).PSG,
        "is not cleaned": lambda s: s.flow_shunt / (s.flow_shunt + s.flow_liver) > 0.1,
    },
    "gradient-and-scar": {
        "mmHg, normal": lambda s: s.PSG <= 5,
        "not yet clinically significant": lambda s: 5 < s.PSG < 10,
        "complications become likely": lambda s: 10 <= s.PSG < 12,
        "in which varices bleed": lambda s: 12 <= s.PSG < 20,
        "hard to stop": lambda s: s.PSG >= 20,
    },
    "portal-treatment": {
        "First day": lambda s: s.settled == 0,
        "of the stent": lambda s: s.tips == 1,
        "The old shunt has narrowed": lambda s: s.PSG >= s.again(settled=0).PSG - 1e-9,
        "No treatment": lambda s: s.cut == 0 and s.tips == 0,
        "With less pressure the shunt has narrowed": lambda s: (
            s.again(settled=0).PSG - 1e-9 <= s.PSG < s.P_before_start
        ),
    },
    "four-scores": {
        "points that bilirubin, INR and creatinine do not show": lambda s: s.meld_na >= s.meld + 3,
        "as low as the scores can go, or nearly": lambda s: max(s.meld, s.meld_3) <= 8,
        "of a hundred listed patients": lambda s: 0 <= s.dead_90_days <= 100,
    },
    "child-pugh": {
        f"class {letter}": lambda s, letter=letter: sum_of_points(s, letter) for letter in CLASSES
    },
    "counted-twice": {
        "more than everybody": lambda s: s.death_km + s.transplant_km > 100,
        "one minus Kaplan–Meier says": lambda s: (
            s.death_km >= s.death_real and s.transplant_km >= s.transplant_real
        ),
        "both ways agree to within a point": lambda s: (
            max(s.death_km - s.death_real, s.transplant_km - s.transplant_real) <= 1
        ),
    },
    "before-the-end": {
        "In the last year before death": lambda s: s.before < 1.5,
        "from the": lambda s: s.patients_death >= 1,
    },
    "one-tube": {
        "at most one point apart": lambda s: abs(s.meld_high - s.meld_low) <= 1,
        "the scale ends here": lambda s: s.meld_high == 40,
        "The patient has not changed": lambda s: s.meld_high - s.meld_low >= 2,
    },
    "mayo-curves": {
        "nobody of grade 3 is followed any more": lambda s: s.followed_3 == 0,
        "Only": lambda s: 1 <= s.followed_3 < 10,
        "Behind the lowest curve stand": lambda s: (
            s.followed_3 >= 10 and s.alive_3 == min(s.alive_1, s.alive_2, s.alive_3)
        ),
    },
    "said-and-came": {
        "few events, wide intervals": lambda s: s.year < 1.5 and s.to_4 - s.from_4 > 10,
        "the sickest quarter": lambda s: s.said_4 >= s.said_1,
    },
    "cured-or-not": {
        "Never cured within twenty years": lambda s: s.cure_year == 20,
        "Avoided": lambda s: round(100 * s.dead_end) <= 62 and round(100 * s.reached_D_end) <= 44,
    },
    "abstinence": {
        "Nobody stops": lambda s: s.abstinence_year == 10,
        "deaths avoided": lambda s: s.again(abstinence_year=10).dead_end >= s.dead_end,
    },
    "pressure-treated": {
        "Stent open": lambda s: s.tips == 1 and s.PSG < s.P_before,
        "Untreated": lambda s: abs(s.PSG - s.P_before) < 0.2,
        "β-blocker": lambda s: s.PSG < s.P_before,
    },
    "transplant-window": {
        "MELD": lambda s: 6 <= s.meld <= 40,
        "closes the window at any score": lambda s: s.reason == 3,
        "does not see the tumour": lambda s: s.reason == 2,
        "call the transplant centre today": lambda s: s.reason == 1 and s.meld >= 30,
        "refer now, at the first decompensation": lambda s: s.reason == 1,
        "the score alone is no reason": lambda s: s.reason == 0 and s.meld < 10,
        "time for the first talk": lambda s: s.reason == 0 and 10 <= s.meld < 15,
        "due at the latest": lambda s: s.reason == 0 and s.meld >= 15,
        "lower risk of death": lambda s: 0 < s.ratio < 1,
        "times as often": lambda s: s.ratio > 1 and s.meld < 15,
    },
    "trial-doses": {
        "No trial of this kind": lambda s: s.shown == 0,
        "none prints a dose": lambda s: s.shown > 0 == s.printed,
        "we could read the dose": lambda s: 0 < s.printed <= s.shown,
        "-fold": lambda s: s.largest_million > s.smallest_million,
    },
    "road-of-cells": {
        "nothing is printed after the first day": lambda s: s.artery == 1 and s.time > 24,
        "after the catheter": lambda s: s.artery == 1,
        "none of them can be alive": lambda s: s.living_liver < 0.06 and s.liver > 1,
        "can be alive there": lambda s: 0.05 <= s.living_liver <= s.liver,
    },
    "if-they-stayed": {
        "replaces by itself": lambda s: s.dose * s.arriving / 100 <= 1e10,
    },
    "one-trial": {
        "No control arm": lambda s: s.improved == 0,
        "leaves out zero": lambda s: interval(s)[0] > 0,
        "More improved without cells": lambda s: interval(s)[1] < 0,
        "No difference at all remains possible": lambda s: interval(s)[0] <= 0 <= interval(s)[1],
    },
}
