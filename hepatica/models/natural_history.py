"""How long until cirrhosis, and what then: yearly chains for hepatitis C, fatty liver and alcohol.

Hepatitis C moves one way until a cure; MASLD also moves back; for alcohol no study gives
stage-by-stage numbers, so each early lesion leads straight to cirrhosis. Two more models look at
late disease only: the four clinical stages of 2006 (superseded by the five of D'Amico 2014; a dated
illustration), and what follows a first decompensation (in continuous time, because its rates are
fast).

Nobody in the hepatitis C chain dies of anything but the liver; the other two count deaths from all
causes. The model from which it takes its late steps (`hep-sim-model-inputs`) lets people die of
other causes in every state; that rule is left out here.

Cast
----
symbol        meaning                                            unit
F0            no fibrosis                                        share
F1            portal fibrosis                                    share
F2            few septa                                          share
F3            many septa                                         share
F4            cirrhosis, compensated                             share
D1            decompensated, first year                          share
D             decompensated                                      share
HCC           liver cancer                                       share
T1            transplant, first year                             share
T             transplant, later                                  share
dead          dead                                               share
fat           steatosis by alcohol                               share
hepatitis     steatohepatitis by alcohol                         share
fibrosis      fibrosis before cirrhosis, by alcohol              share
stage1        no varices, no ascites                             share
stage2        varices, no ascites                                share
stage3        ascites                                            share
stage4        variceal bleeding                                  share
first         alive, first decompensation only                   share
further       alive, further decompensation                      share
transplant    transplanted after a first decompensation          share
dead_first    dead without further decompensation                share
dead_further  dead or transplanted after further decompensation  share
reached_F4    steps into cirrhosis so far                        share
reached_D     steps into decompensation so far                   share
first_HCC     cancer as the first complication so far            share
any_HCC       cancer so far                                      share

Parameters, with unit, range and source: data/parameters.csv, rows `nh_…`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.linalg import expm

from hepatica import ledger
from hepatica.model import DAYS_PER_YEAR, Model, Output, State, given
from hepatica.model.chain import Chain, Counter
from hepatica.model.registry import register

STAGES = {
    "F0": State("no fibrosis", "share", 1),
    "F1": State("portal fibrosis", "share"),
    "F2": State("few septa", "share"),
    "F3": State("many septa", "share"),
    "F4": State("cirrhosis, compensated", "share"),
}
LATE = {
    "D": State("decompensated", "share"),
    "HCC": State("liver cancer", "share"),
    "T1": State("transplant, first year", "share"),
    "T": State("transplant, later", "share"),
    "dead": State("dead", "share"),
}
AFTER_CANCER_AND_TRANSPLANT = {
    "HCC": {"dead": "p_H_dead"},
    "T1": {"dead": "p_T1_dead", "T": "rest"},
    "T": {"dead": "p_T_dead"},
}


def _outputs(silent: str, decompensated: str) -> dict[str, Output]:
    """Read-outs in per cent that all three chains share."""
    return {
        "silent": Output(f"100 * ({silent})", "alive without any complication", "%"),
        "cirrhosis": Output(f"100 * (F4 + {decompensated} + HCC)", "living with cirrhosis", "%"),
        "decompensated": Output(f"100 * ({decompensated})", "living with decompensation", "%"),
        "alive": Output("100 * (1 - dead)", "alive", "%"),
    }


hcv = Chain(
    "hepatitis C",
    parameters=ledger.parameters("nh_hcv"),
    states=STAGES | {"D1": State("decompensated, first year", "share")} | LATE,
    transitions={
        "F0": {"F1": "pace * p_01"},
        "F1": {"F2": "pace * p_12"},
        "F2": {"F3": "pace * p_23"},
        "F3": {"F4": "pace * p_34"},
        "F4": {"D1": "p_D", "HCC": "p_H"},
        "D1": {"HCC": "p_DH", "T1": "yearly(r_T)", "dead": "p_D1_dead", "D": "rest"},
        "D": {"HCC": "p_DH", "T1": "yearly(r_T)", "dead": "p_D_dead"},
        **AFTER_CANCER_AND_TRANSPLANT,
    },
    switch="cure_year",
    after={
        "F0": {"F1": "0"},
        "F1": {"F2": "0"},
        "F2": {"F3": "0"},
        "F3": {"F4": "0", "HCC": "p_3H_cured"},
        "F4": {"D1": "p_D_cured", "HCC": "p_H_cured", "F3": "p_43_cured"},
    },
    counters={
        "reached_F4": Counter("reached cirrhosis so far", (("F3", "F4"),)),
        "reached_D": Counter("decompensated so far", (("F4", "D1"),)),
        "first_HCC": Counter(
            "cancer as the first complication so far", (("F3", "HCC"), ("F4", "HCC"))
        ),
        "any_HCC": Counter(
            "cancer so far", (("F3", "HCC"), ("F4", "HCC"), ("D1", "HCC"), ("D", "HCC"))
        ),
    },
    outputs=_outputs("F0 + F1 + F2 + F3 + F4", "D1 + D"),
)

masld = Chain(
    "MASLD",
    parameters=ledger.parameters("nh_masld"),
    states=STAGES | LATE,
    transitions={
        "F0": {"F1": "yearly(r_01)", "dead": "yearly(r_early_dead)"},
        "F1": {"F2": "yearly(r_12)", "F0": "yearly(r_10)", "dead": "yearly(r_early_dead)"},
        "F2": {"F3": "yearly(r_23)", "F1": "yearly(r_21)", "dead": "yearly(r_early_dead)"},
        "F3": {"F4": "yearly(r_34)", "F2": "yearly(r_32)", "dead": "yearly(r_F3_dead)"},
        "F4": {
            "D": "yearly(r_D)",
            "HCC": "yearly(r_H)",
            "F3": "yearly(r_43)",
            "dead": "yearly(r_F4_dead)",
        },
        "D": {"T1": "yearly(r_T)", "dead": "yearly(HR_D_dead * r_F4_dead)"},
        **AFTER_CANCER_AND_TRANSPLANT,
    },
    switch="treatment_year",
    after={
        "F0": {"F1": "yearly(left * r_01)"},
        "F1": {"F2": "yearly(left * r_12)"},
        "F2": {"F3": "yearly(left * r_23)"},
        "F3": {"F4": "yearly(left * r_34)"},
    },
    counters={
        "reached_F4": Counter("steps into cirrhosis so far", (("F3", "F4"),)),
        "reached_D": Counter("decompensated so far", (("F4", "D"),)),
        "any_HCC": Counter("cancer so far", (("F4", "HCC"),)),
    },
    outputs=_outputs("F0 + F1 + F2 + F3 + F4", "D"),
)

alcohol = Chain(
    "alcohol-related liver disease",
    parameters=ledger.parameters("nh_alcohol"),
    states={
        "fat": State("steatosis", "share", 1),
        "hepatitis": State("steatohepatitis", "share"),
        "fibrosis": State("fibrosis before cirrhosis", "share"),
        "F4": STAGES["F4"],
    }
    | LATE,
    transitions={
        "fat": {"F4": "p_fat_F4", "dead": "p_fat_dead"},
        "hepatitis": {"F4": "p_hepatitis_F4", "dead": "p_hepatitis_dead"},
        "fibrosis": {"F4": "p_fibrosis_F4", "dead": "p_hepatitis_dead"},
        "F4": {"D": "p_D", "HCC": "p_H", "dead": "p_F4_dead"},
        "D": {"HCC": "p_DH", "T1": "yearly(r_T)", "dead": "p_D_dead"},
        **AFTER_CANCER_AND_TRANSPLANT,
    },
    switch="abstinence_year",
    after={
        "fat": {"F4": "lowered(p_fat_F4, HR_early)"},
        "hepatitis": {"F4": "lowered(p_hepatitis_F4, HR_early)"},
        "fibrosis": {"F4": "lowered(p_fibrosis_F4, HR_early)"},
        "F4": {"D": "lowered(p_D, HR_D)", "dead": "lowered(p_F4_dead, HR_dead)"},
        "D": {"dead": "lowered(p_D_dead, HR_dead)", "F4": "p_recompensation"},
    },
    counters={
        "reached_F4": Counter(
            "reached cirrhosis so far", (("fat", "F4"), ("hepatitis", "F4"), ("fibrosis", "F4"))
        ),
        "reached_D": Counter("steps into decompensation so far", (("F4", "D"),)),
        "any_HCC": Counter("cancer so far", (("F4", "HCC"), ("D", "HCC"))),
    },
    outputs=_outputs("fat + hepatitis + fibrosis + F4", "D"),
)

stages = Chain(
    "clinical stages of cirrhosis",
    parameters=ledger.parameters("nh_stages"),
    states={
        "stage1": State("no varices, no ascites", "share", 1),
        "stage2": State("varices, no ascites", "share"),
        "stage3": State("ascites", "share"),
        "stage4": State("variceal bleeding", "share"),
        "dead": State("dead", "share"),
    },
    transitions={
        "stage1": {"stage2": "p_12", "stage3": "p_13", "dead": "p_1_dead"},
        "stage2": {"stage3": "p_23", "stage4": "p_24", "dead": "p_2_dead"},
        "stage3": {"stage4": "p_34", "dead": "p_3_dead"},
        "stage4": {"dead": "p_4_dead"},
    },
    outputs={
        "gone": Output("100 * (stage3 + stage4 + dead)", "decompensated or dead", "%"),
        "alive": Output("100 * (1 - dead)", "alive", "%"),
    },
)

decompensation = Model(
    "after a first decompensation",
    parameters=ledger.parameters("nh_decompensation"),
    states={
        "first": State("alive, first decompensation only", "share", 1),
        "further": State("alive, further decompensation", "share"),
        "transplant": State("transplanted", "share"),
        "dead_first": State("dead without further decompensation", "share"),
        "dead_further": State("dead or transplanted after further decompensation", "share"),
    },
    equations={
        "first": "-(r_further + r_first_dead + r_T) * first",
        "further": "r_further * first - r_exit * further",
        "transplant": "r_T * first",
        "dead_first": "r_first_dead * first",
        "dead_further": "r_exit * further",
    },
    outputs={"dead": Output("100 * (dead_first + dead_further)", "dead", "%")},
)

CHAINS = {"nh_hcv": hcv, "nh_masld": masld, "nh_alcohol": alcohol, "nh_stages": stages}
PROGRESSION = ("p_01", "p_12", "p_23", "p_34")

# nh_late: rows that several chains share
register(__name__, **CHAINS, nh_decompensation=decompensation, nh_late=())


# -- experiments named in data/targets.csv ---------------------------------------------------------


def _of_this_chain(found: dict) -> None:
    """What the chain reports, and a state of it to start in."""
    chain = CHAINS[found["chain"]]
    given.one_of(found["quantity"], "quantity", chain.reported)
    given.one_of(found.get("start", ""), "start", ["", *chain.people])


@given.takes(_of_this_chain, chain=given.word(CHAINS))
def share_after(
    chain: str,
    quantity: str,
    years: int,
    start: str = "",
    unchecked: Mapping[str, float] | None = None,
    **changed: float,
) -> float:
    """Per cent of a group in a state, counted or read out after `years`;
    `start` puts everybody into one state."""
    model = CHAINS[chain].starting(**{start: 1}) if start else CHAINS[chain]
    value = model.simulate(years, unchecked=unchecked, **changed)[quantity].iloc[-1]
    return float(value if quantity in model.outputs else 100 * value)


@given.takes(uncured=given.share, cured=given.share)
def deaths_by_cancer_rate(uncured: float, cured: float, years: int = 20) -> dict[str, float]:
    """Dead of 100 with hepatitis C cirrhosis: never cured, cured now, and cured now while no scar
    resolves.

    `uncured`, `cured`: yearly chance of liver cancer in cirrhosis, before and after the cure.
    """
    rates = {"p_H": uncured, "p_H_cured": cured}
    scenes = {
        "never": {},
        "cured": {"cure_year": 0},
        "cured, none resolves": {"cure_year": 0, "p_43_cured": 0},
    }
    return {
        name: share_after("nh_hcv", "dead", years, "F4", rates, **scene)
        for name, scene in scenes.items()
    }


@given.takes(uncured=given.share, cured=given.share)
def benefit_without_resolving(uncured: float, cured: float, years: int = 20) -> float:
    """Per cent of the deaths avoided by a cure that are avoided although no scar resolves."""
    dead = deaths_by_cancer_rate(uncured, cured, years)
    return 100 * (dead["never"] - dead["cured, none resolves"]) / (dead["never"] - dead["cured"])


@given.takes(
    years=given.count,
    pace=given.from_0,
    reading=given.word(("probability", "hazard", "converted")),
    limit=given.word(("value", "low", "high")),
)
def cirrhosis_after(
    years: int, pace: float = 1, reading: str = "probability", limit: str = "value"
) -> float:
    """Per cent with cirrhosis (F4 or beyond) `years` after infection, under three readings of the
    printed numbers.

    `reading`: "probability" applies each number once a year; "hazard" takes it as a rate in
    continuous time; "converted" turns it into the rate −ln(1 − p) first. `limit`: "value", "low" or
    "high" of each number.
    """
    chances = pace * np.array([getattr(hcv.parameters[name], limit) for name in PROGRESSION])
    if chances.max() >= 1 and reading != "hazard":
        raise given.GivenError(f"pace={pace:g} makes a yearly chance of 1 or more. Write less.")
    if reading == "probability":
        changed = dict(zip(PROGRESSION, chances, strict=True))
        return 100 * float(hcv.simulate(years, unchecked=changed)["reached_F4"].iloc[-1])
    rates = {"hazard": chances, "converted": -np.log(1 - chances)}[reading]
    matrix = np.diag(rates, 1) - np.diag([*rates, 0])
    return 100 * float(expm(matrix * years)[0, -1])


@given.takes(stages_per_year=given.share)
def median_years_to_cirrhosis(stages_per_year: float) -> float:
    """First year in which half of all infected have cirrhosis,
    if every stage takes equally long; inf beyond a hundred."""
    changed = dict.fromkeys(PROGRESSION, stages_per_year)
    reached = hcv.simulate(100, unchecked=changed)["reached_F4"]
    half = reached.index[reached >= 0.5]
    return float(half[0]) if len(half) else np.inf


def masld_worse_after(years: int) -> float:
    """Per cent that have left F1 upwards after `years`, whether or not they came back."""
    only_up = {"r_10": 0, "r_early_dead": 0, "r_21": 0}
    return 100 - share_after("nh_masld", "F1", years, "F1", only_up)


def masld_without_regression(years: int = 20) -> float:
    """How many times more people live with cirrhosis when nothing ever moves back."""
    closed = dict.fromkeys(("r_10", "r_21", "r_32", "r_43"), 0.0)
    return share_after("nh_masld", "cirrhosis", years, unchecked=closed) / share_after(
        "nh_masld", "cirrhosis", years
    )


@given.takes(quantity=given.readout(decompensation), years=given.from_0)
def after_decompensation(quantity: str, years: float) -> float:
    """Per cent in a state `years` after the first decompensation, in continuous time."""
    value = decompensation.simulate(at=[years * DAYS_PER_YEAR])[quantity].iloc[0]
    return float(value if quantity in decompensation.outputs else 100 * value)
