"""Taking the cause away."""

from __future__ import annotations

from functools import cache

from hepatica import ledger, show
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Curve,
    Explorable,
    Group,
    Icons,
    Preset,
    Run,
    Slider,
)
from hepatica.cards.parts.shapes import asked
from hepatica.model.chain import Chain
from hepatica.models.natural_history import (
    alcohol,
    benefit_without_resolving,
    deaths_by_cancer_rate,
    hcv,
)

from .league import cited

CURE_YEARS, SOBER_YEARS = 20, 10
IN_CIRRHOSIS = "all 100 have cirrhosis, none a complication"


def untreated(chain: Chain, years: int, **changed: float) -> dict[str, list[float]]:
    """Years, and per cent dead and alive in each,
    of a group that starts with cirrhosis and whose cause goes on."""
    run = chain.starting(F4=1).simulate(years, **changed)
    return {
        "years": list(run.index),
        "dead": list(100 * run["dead"]),
        "alive": list(run["alive"]),
        "decompensated": list(100 * run["reached_D"]),
    }


def _people(never_dead: float, because: str) -> Icons:
    """A hundred people at the end: dead, alive only because of the treatment, alive either way."""
    return Icons(
        title="The same hundred people at the end",
        groups=(
            Group("dead", "100 * dead_end", "injury", "cross"),
            Group(
                f"alive only because {because}",
                f"Max({never_dead:.7g} - 100 * dead_end, 0)",
                "therapy",
                "diamond",
            ),
            Group("alive either way", f"{100 - never_dead:.7g}", "hepatocyte", "ring"),
        ),
    )


@cache
def cured_or_not() -> Explorable:
    """Hepatitis C with cirrhosis: the same hundred people, cured in some year or never."""
    never = untreated(hcv, CURE_YEARS)
    cancer = hcv.parameters["p_H"]
    rare, often = (untreated(hcv, CURE_YEARS, p_H=rate) for rate in (cancer.low, cancer.high))
    dead, ill = never["dead"][-1], never["decompensated"][-1]
    rows = "natural_history/10-year-all-cause-mortality-ishak-4-6-{}-death-hcv-vandermeer2012"
    cure, no_cure = (ledger.number(rows.format(kind)) for kind in ("svr", "no-svr"))
    told = (
        "Cured in year {cure_year:0f} of their cirrhosis: of 100 people {100*dead_end:0f} are "
        f"dead after twenty years (never cured: {dead:.0f}; "
        f"{rare['dead'][-1]:.0f} or {often['dead'][-1]:.0f} with the cancer rates of two "
        f"cohorts) and {{100*reached_D_end:0f}} have decompensated (never cured: {ill:.0f}). "
        f"Avoided: {{{dead:.0f} - floor(100*dead_end + 0.5):0f}} deaths and {{{ill:.0f} - "
        f"floor(100*reached_D_end + 0.5):0f}} decompensations."
    )
    return Explorable(
        hcv.starting(F4=1),
        id="cured-or-not",
        title="When is it too late for a cure?",
        question=f"Hepatitis C; in year 0 {IN_CIRRHOSIS}. What does a cure still change, "
        "and what does waiting cost?",
        run=Run(CURE_YEARS, "years", points=CURE_YEARS + 1),
        controls=[
            Slider("cure_year", "cured after", low=0, high=CURE_YEARS, step=1, value=0),
            Slider(
                "p_43_cured", "cirrhosis resolving after the cure", low=0, high=0.25, step=0.001
            ),
            Slider(
                "p_H_cured",
                "liver cancer in cirrhosis after the cure",
                low=0.018,
                high=0.035,
                step=0.001,
            ),
        ],
        views=[
            Chart(
                "Alive",
                Axis("cirrhosis for", "years", 0, CURE_YEARS),
                Axis("alive", "of 100", 0, 100),
                curves=(Curve("alive", "cured", "therapy", dash="solid"),),
                background=(
                    Background(
                        [*rare["years"], *often["years"][::-1]],
                        [*rare["alive"], *often["alive"][::-1]],
                        "injury",
                        "never cured, by the cancer rates of two cohorts",
                        "area",
                    ),
                    Background(
                        never["years"], never["alive"], "injury", "never cured", dash="dash"
                    ),
                    Background(
                        [10],
                        [100 - cure.value],
                        "therapy",
                        "patients, cured (van der Meer 2012)",
                        "points",
                        error=[cure.high - cure.value],
                        symbol="circle",
                        veil=True,
                    ),
                    Background(
                        [10],
                        [100 - no_cure.value],
                        "injury",
                        "patients, not cured",
                        "points",
                        symbol="x",
                        veil=True,
                    ),
                ),
                height=300,
            ),
            _people(dead, "they were cured"),
        ],
        describe=[
            (
                f"cure_year >= {CURE_YEARS}",
                (
                    f"Never cured within twenty years: {dead:.0f} of 100 are dead and {ill:.0f} "
                    "have decompensated."
                ),
            ),
            (None, told),
        ],
        predict=asked("""
            They all have cirrhosis already; of a hundred never cured,
            {targets/nh-hcv-f4-dead-20y-never:.0f} are dead after twenty years. Cure the virus
            **now**. Dead after twenty years:
            * about forty-five: cirrhosis is cirrhosis.
                right if dead_end > 0.35
                The scar is taken for the illness. In the chain people die of complications and of
                cancer, and the virus drives both.
            * a third of that: both roads narrow.
                right if (dead_end > 0.15) & (dead_end <= 0.35)
                The cure takes away most decompensations; cancer becomes rarer as scars resolve, and
                does not stop. Now drag the year: what does waiting cost? And set *resolving* to
                zero.
            * fewer than ten: the cause is gone.
                right if dead_end <= 0.15
                The cause is taken for the whole risk. The scarred liver stays for years, and cancer
                goes on in it, more rarely.
        """),
        presets=[
            *(
                Preset(label, {"cure_year": year, "p_43_cured": 0.129, "p_H_cured": 0.021})
                for label, year in (("now", 0), ("year 5", 5), ("year 10", 10))
            ),
            Preset(
                "now, but no scar resolves", {"cure_year": 0, "p_43_cured": 0, "p_H_cured": 0.021}
            ),
        ],
        equations=("F4",),
    )


def cancer_rates() -> list[tuple[str, float, float, tuple[str, ...]]]:
    """Pairs of yearly chances of liver cancer in cirrhosis, uncured and cured,
    with where each pair comes from."""
    uncured, cured = hcv.parameters["p_H"], hcv.parameters["p_H_cured"].value
    ratio = ledger.number("natural_history/hcc-svr-odds-bang2017").value
    return [
        (
            "two unrelated cohorts, the uncured rate low",
            uncured.low,
            cured,
            ("fattovich1997", "lockart2022"),
        ),
        (
            "uncured: the middle of two cohorts",
            uncured.value,
            cured,
            ("sangiovanni2006", "lockart2022"),
        ),
        (
            "two unrelated cohorts, the uncured rate high",
            uncured.high,
            cured,
            ("sangiovanni2006", "lockart2022"),
        ),
        (
            "cured as an odds ratio to uncured, all stages",
            uncured.high,
            ratio * uncured.high,
            ("sangiovanni2006", "bang2017"),
        ),
    ]


def without_resolving() -> show.Table:
    """How many deaths a cure avoids with and without resolving scars,
    for each pair of cancer rates that was read."""
    rows = []
    for words, uncured, cured, sources in cancer_rates():
        dead = deaths_by_cancer_rate(uncured, cured)
        share = benefit_without_resolving(uncured, cured)
        rows.append(
            (
                words,
                f"{100 * uncured:.3g}",
                f"{100 * cured:.2g}",
                *(f"{n:.0f}" for n in dead.values()),
                f"{share:.0f} %",
                ", ".join(map(cited, sources)),
            )
        )
    return show.Table(
        "Dead of 100 after twenty years in the model, by the rates of cancer",
        (
            "Cancer rates",
            "Cancer a year of 100, uncured",
            "cured",
            "Dead: never cured",
            "cured",
            "cured, none resolves",
            "Benefit that needs no resolving",
            "Sources",
        ),
        tuple(rows),
    )


@cache
def abstinence() -> Explorable:
    """Alcohol-related cirrhosis: the same people, drinking on or not,
    over the range of published hazard ratios."""
    never = untreated(alcohol, SOBER_YEARS)
    dead = never["dead"][-1]
    return Explorable(
        alcohol.starting(F4=1),
        id="abstinence",
        title="What does it change when drinking stops?",
        question=f"In year 0 {IN_CIRRHOSIS}. How much does stopping do, and how sure can we be?",
        run=Run(SOBER_YEARS, "years", points=SOBER_YEARS + 1),
        controls=[
            Slider(
                "abstinence_year", "drinking stops after", low=0, high=SOBER_YEARS, step=1, value=0
            ),
            Slider("HR_D", "hazard ratio of decompensation", low=0.39, high=0.79, step=0.01),
            Slider("HR_dead", "hazard ratio of death", low=0.3, high=0.76, step=0.01),
        ],
        views=[
            Chart(
                "Alive",
                Axis("cirrhosis for", "years", 0, SOBER_YEARS),
                Axis("alive", "of 100", 0, 100),
                curves=(Curve("alive", "drinking stops", "therapy", dash="solid"),),
                background=(
                    Background(
                        never["years"], never["alive"], "injury", "drinking goes on", dash="dash"
                    ),
                ),
                height=300,
            ),
            _people(dead, "they stopped"),
        ],
        describe=[
            (
                f"abstinence_year >= {SOBER_YEARS}",
                f"Nobody stops: after ten years {100 - dead:.0f} of 100 are alive.",
            ),
            (
                None,
                (
                    "Drinking stops in year {abstinence_year:0f}: "
                    "after ten years {alive_end:0f} of 100 "
                    f"are alive (drinking on: {100 - dead:.0f}). "
                    f"That is {{{dead:.7g} - 100*dead_end:0f}} deaths avoided, at hazard "
                    "ratios of {HR_D:2f} for decompensation and {HR_dead:2f} for death."
                ),
            ),
        ],
        predict=asked("""
            Of a hundred who go on drinking, {targets/nh-alcohol-survival-10y-drinking:.0f} are
            alive after ten years. All stop **today**; the pooled hazard ratio of death is
            {parameters/nh_alcohol.HR_dead}. Alive after ten years:
            * about thirty: the harm is done.
                right if alive_end < 36
                Cirrhosis is taken for the end. Each further year is decided anew, and drinking has a
                part in it.
            * nearly half: each year is safer.
                right if (alive_end >= 36) & (alive_end < 56)
                A hazard ratio of {parameters/nh_alcohol.HR_dead} works every year, on death and on
                decompensation. Move both to the ends of their published ranges: what never changes
                is the direction.
            * over seventy: the cause is gone.
                right if alive_end >= 56
                A ratio of the risk is taken for a ratio of the living, and the cirrhosis is
                forgotten: it goes on killing, at a lower rate.
        """),
        presets=[
            Preset("pooled studies", {"abstinence_year": 0, "HR_D": 0.61, "HR_dead": 0.61}),
            Preset("the weakest effect", {"abstinence_year": 0, "HR_D": 0.79, "HR_dead": 0.76}),
            Preset("the strongest", {"abstinence_year": 0, "HR_D": 0.39, "HR_dead": 0.3}),
            Preset("five years later", {"abstinence_year": 5, "HR_D": 0.61, "HR_dead": 0.61}),
        ],
        equations=("F4", "D"),
    )
