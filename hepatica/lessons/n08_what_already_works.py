"""Cards of notebook 08: the treatments that any new one has to beat,
and the years in which they still help."""

from __future__ import annotations

import math
from functools import cache
from html import escape
from itertools import pairwise

from hepatica import ledger, show
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Choice,
    Curve,
    Explorable,
    Group,
    Icons,
    Point,
    Preset,
    Run,
    Slider,
    Sweep,
    Toggle,
)
from hepatica.cards.parts.shapes import asked, rules
from hepatica.model import Model, Output
from hepatica.model.chain import Chain
from hepatica.model.registry import register
from hepatica.models.natural_history import (
    alcohol,
    benefit_without_resolving,
    deaths_by_cancer_rate,
    hcv,
)
from hepatica.models.portal import treated_portal

CURE_YEARS, SOBER_YEARS = 20, 10
IN_CIRRHOSIS = "all 100 have cirrhosis, none a complication"

# MELD bands whose ratio Merion 2005 prints, in the abstract.
BANDS = {"6-11": (6, 11), "12-14": (12, 14), "18-20": (18, 20), "40": (40, 40)}
# The first MELD of each band of three-month mortality (Wiesner 2003).
WAITING = {"under-9": 6, "10-19": 10, "20-29": 20, "30-39": 30, "40": 40}


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
                    ),
                    Background(
                        [10],
                        [100 - no_cure.value],
                        "injury",
                        "patients, not cured",
                        "points",
                        symbol="x",
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
            * about twenty, a third as many.
                right if (dead_end > 0.15) & (dead_end <= 0.35)
                The cure takes away most decompensations; cancer becomes rarer as scars resolve, and
                does not stop. Now drag the year: what does waiting cost? And set *resolving* to
                zero.
            * fewer than ten: the cause is gone.
                right if dead_end <= 0.15
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
                ", ".join(map(_cited, sources)),
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
            * nearly half.
                right if (alive_end >= 36) & (alive_end < 56)
                A hazard ratio of {parameters/nh_alcohol.HR_dead} works every year, on death and on
                decompensation. Move both to the ends of their published ranges: what never changes
                is the direction.
            * more than seventy.
                right if alive_end >= 56
        """),
        presets=[
            Preset("pooled studies", {"abstinence_year": 0, "HR_D": 0.61, "HR_dead": 0.61}),
            Preset("the weakest effect", {"abstinence_year": 0, "HR_D": 0.79, "HR_dead": 0.76}),
            Preset("the strongest", {"abstinence_year": 0, "HR_D": 0.39, "HR_dead": 0.3}),
            Preset("five years later", {"abstinence_year": 5, "HR_D": 0.61, "HR_dead": 0.61}),
        ],
        equations=("F4", "D"),
    )


@cache
def pressure() -> Explorable:
    """The portal circuit of notebook 06 in short: a β-blocker, a stent, and what each costs."""
    return Explorable(
        treated_portal,
        id="pressure-treated",
        title="Two ways to take off pressure, two prices",
        question=(
            "Same scar, same day. What does each treatment do to the gradient, "
            "and to the blood that still meets the liver?"
        ),
        run=Sweep("CPA", 2, 40, points=39),
        controls=[
            Slider("CPA", "scar (collagen area)", low=2, high=40, step=1, value=20),
            Slider(
                "cut", "inflow taken away by a β-blocker", low=0, high=0.4, step=0.01, value=0.2
            ),
            Toggle("tips", on=1, off=0, label="stent (TIPS)"),
        ],
        views=[
            Chart(
                "Gradient between portal vein and liver veins",
                Axis("collagen area", "% of tissue", 2, 40),
                Axis("gradient", "mmHg", 0, 22),
                curves=(
                    Curve("P_before", "untreated", "injury", dash="dash"),
                    Curve("PSG", "treated", "therapy", dash="solid"),
                ),
                points=(Point("CPA", "PSG", "this liver", "accent", "circle", 13),),
                background=(
                    *(
                        Background([2, 40], [level, level], "muted", dash="dot")
                        for level in (10, 12)
                    ),
                    *(
                        Background(
                            [39.5],
                            [height],
                            "muted",
                            kind="text",
                            text=[words],
                            textposition="middle left",
                        )
                        for height, words in (
                            (9.2, "clinically significant"),
                            (11.2, "varices may bleed"),
                        )
                    ),
                ),
                height=340,
            )
        ],
        describe=rules("""
            tips > 0.5
                Stent open: {PSG:1f} mmHg instead of {P_before:1f}. The price: {bypass:0f} % of the
                portal blood, with its ammonia, no longer meets the liver.
            cut < 0.005
                Untreated: {PSG:1f} mmHg; {bypass:0f} % of the portal blood passes the liver by.
            otherwise
                β-blocker, inflow down by {100*cut:0f} %: {PSG:1f} mmHg instead of {P_before:1f};
                {bypass:0f} % of the portal blood passes the liver by.
        """),
        presets=[
            Preset("untreated", {"cut": 0, "tips": 0}),
            Preset("β-blocker", {"cut": 0.2, "tips": 0}),
            Preset("stent (TIPS)", {"cut": 0, "tips": 1}),
        ],
        equations=("R_L", "R", "Q_in", "P_now"),
    )


def ratio_formula() -> str:
    """ln of the hazard ratio against MELD: flat in the printed bands, a straight line (ours)
    between them."""
    heights = {
        name: math.log(ledger.number(f"guidelines/transplant-hr-{name}").value) for name in BANDS
    }
    corners = sorted({(meld, heights[name]) for name, ends in BANDS.items() for meld in ends})
    terms, slope = [f"{corners[0][1]:.7g}"], 0.0
    for (x, y), (next_x, next_y) in pairwise(corners):
        turn = (next_y - y) / (next_x - x) - slope
        terms.append(f"({turn:.7g})*Max(0, meld - {x})")
        slope += turn
    return " + ".join(terms)


def waiting_formula() -> str:
    """Deaths per hundred within three months on the waiting list, band by band,
    at whole MELD points."""
    rows = [
        (first, ledger.number(f"scores/meld-mortality-{name}").value)
        for name, first in WAITING.items()
    ]
    steps = [f"{rows[0][1]:g}"]
    for (_, lower), (first, upper) in pairwise(rows):
        steps.append(f"({upper - lower:g})*Min(1, Max(0, meld - {first - 1}))")
    return " + ".join(steps)


@cache
def transplant() -> Model:
    """What is published about transplantation against MELD; no states,
    nothing of ours but the line between bands."""
    return Model(
        "transplant window",
        parameters=ledger.parameters("transplant"),
        outputs={
            "ratio": Output(
                f"exp({ratio_formula()})",
                "death, recipients against those who wait",
                "hazard ratio",
            ),
            "waiting": Output(waiting_formula(), "dead within three months on the list", "%"),
        },
    )


register(__name__, transplant=transplant)

WHAT_ELSE = {
    "nothing else": 0,
    "a first decompensation": 1,
    "cancer within Milan": 2,
    "a contraindication": 3,
}
BENEFIT = (
    (
        "meld < 15",
        (
            "in the first year recipients died {ratio:2f} times as often as comparable "
            "people who waited."
        ),
    ),
    ("meld < 18", "no ratio is printed for these scores; somewhere here the balance turns."),
    (
        "meld < 21",
        ("recipients had a {100 - 100*ratio:0f} % lower risk of death than those who waited."),
    ),
    ("meld < 40", "no ratio was read for these scores; our line lies between the printed bands."),
    (
        "meld > 0",
        ("recipients had a {100 - 100*ratio:0f} % lower risk of death than those who waited."),
    ),
)


def _window_rules() -> list[tuple[str | None, str]]:
    """The sentence by what else is known and by score: refer or not,
    then what the operation itself would do."""
    due = {
        "reason > 2.5": (
            "a contraindication closes the window at any score. All other care goes on."
        ),
        "reason > 1.5": (
            "refer now. The score measures the failing liver and does not see the tumour."
        ),
        "(reason > 0.5) & (meld > 29)": "call the transplant centre today.",
        "reason > 0.5": "refer now, at the first decompensation, whatever the score.",
        "meld < 10": "the score alone is no reason to refer.",
        "meld < 15": "time for the first talk with the transplant team.",
        "meld > 0": "referral is due at the latest.",
    }
    rules: list[tuple[str | None, str]] = []
    for when, advice in due.items():
        benefit = (
            BENEFIT if "reason > 2.5" != when and "reason > 1.5" != when else (("meld > 0", ""),)
        )
        for band, effect in benefit:
            effect = f" Operated now: {effect}" if effect else ""
            rules.append((f"({when}) & ({band})", f"MELD {{meld:0f}}: {advice}{effect}"))
    return [*rules, (None, "MELD {meld:0f}.")]


def _printed_bands() -> list[Background]:
    """The printed hazard ratios as bands, and our straight lines (on the log axis) between them."""
    heights = {name: ledger.number(f"guidelines/transplant-hr-{name}").value for name in BANDS}
    bands = [
        Background(
            ends,
            [heights[name]] * 2,
            "therapy",
            "printed (Merion 2005)" if name == "6-11" else "",
            dash="solid",
        )
        for name, ends in BANDS.items()
    ]
    last = Background([40], [heights["40"]], "therapy", kind="points", symbol="star")
    gaps = [
        Background(
            [BANDS[one][1], BANDS[two][0]],
            [heights[one], heights[two]],
            "muted",
            "our line between the bands" if two == "40" else "",
            dash="dot",
        )
        for one, two in pairwise(BANDS)
    ]
    return [*gaps, *bands, last]


def _waiting_bands() -> Background:
    """Three-month mortality on the waiting list as steps."""
    starts = [*WAITING.values(), 41]
    deaths = [ledger.number(f"scores/meld-mortality-{name}").value for name in WAITING]
    edges = [(first - 0.5, last - 0.5) for first, last in pairwise(starts)]
    x, y = [at for edge in edges for at in edge], [death for death in deaths for _ in range(2)]
    return Background(x, y, "injury", "those who wait (Wiesner 2003)", dash="solid")


@cache
def window() -> Explorable:
    """Benefit of transplantation against MELD, as far as it is printed,
    and what opens the door earlier."""
    return Explorable(
        transplant(),
        id="transplant-window",
        title="The operation has its time; the conversation comes earlier",
        question="Drag the score. Where does the operation begin to save lives, "
        "and where does the conversation begin?",
        run=Sweep("meld", 6, 40, points=35),
        controls=[
            Slider("meld", "MELD", low=6, high=40, step=1, value=13),
            Choice("reason", WHAT_ELSE, "what else is known"),
        ],
        views=[
            Chart(
                "Death after transplantation, against waiting",
                Axis("MELD", "points", 6, 40.5),
                Axis(
                    "hazard ratio",
                    "",
                    0.03,
                    6,
                    "log",
                    ticks={0.05: "0.05", 0.2: "0.2", 1: "1", 5: "5"},
                ),
                points=(Point("meld", "ratio", "this score", "accent", "circle", 13),),
                background=(
                    Background(
                        [6, 40.5, 40.5, 6],
                        [0.03, 0.03, 1, 1],
                        "good",
                        "transplantation is safer",
                        "area",
                    ),
                    *_printed_bands(),
                    Background(
                        [10, 10], [0.03, 6], "ink", "refer from here (MELD-Na)", dash="dash"
                    ),
                    Background([15, 15], [0.03, 6], "ink", "at the latest (MELD-Na)", dash="solid"),
                ),
                height=340,
            ),
            Chart(
                "Dead within three months on the waiting list, 1999–2001",
                Axis("MELD", "points", 6, 40.5),
                Axis("dead", "of 100", 0, 80),
                background=(_waiting_bands(),),
                points=(Point("meld", "waiting", "this score", "accent", "circle", 13),),
                height=240,
            ),
        ],
        describe=_window_rules(),
        predict=asked("""
            Two people with the same MELD of 13. One gets a new liver, the other waits with
            comparable disease. Who is more likely to die within the first **year**?
            * The one who waits: a new liver is always better.
                right if ratio < 0.9
            * Both alike.
                right if (ratio >= 0.9) & (ratio <= 1.1)
            * The one with the new liver.
                right if ratio > 1.1
                An operation has a price of its own. Drag the score up: the balance turns, then the
                benefit grows. And yet the *talk* with the transplant team is due from MELD-Na
                {guidelines/refer-meld-na}.
        """),
        presets=[
            Preset("B.O. (V05)", {"meld": 19, "reason": 1}, "first ascites"),
            Preset("J.C. (V10)", {"meld": 9, "reason": 2}, "one tumour of 3.1 cm"),
            Preset("S.V. (V11)", {"meld": 37, "reason": 1}, "three organs failing"),
            Preset("G.P. (V12)", {"meld": 27, "reason": 3}, "heart failure and frailty"),
        ],
        equations=(),
    )


def _cited(key: str) -> str:
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
            (escape(row.statement), f"{show.MARKS[row.status]} {_cited(row.source)}")
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
                _cited(ledger.number(on).source),
            )
            for name, outcome, kind, on, off in rows
        ),
    )
