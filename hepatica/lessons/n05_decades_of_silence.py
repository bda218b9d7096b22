"""Cards of notebook 05: the years before anybody notices, single lives, tests counted in people."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html import escape

from hepatica import ledger, show
from hepatica.cards import (
    Axis,
    Background,
    Band,
    Chart,
    Choice,
    Curve,
    Explorable,
    Group,
    Icons,
    Lives,
    PlayHead,
    Predict,
    Preset,
    Run,
    Slider,
    Sweep,
)
from hepatica.cards.parts.shapes import asked, rules
from hepatica.model import Output, join
from hepatica.model.chain import Chain
from hepatica.models import natural_history
from hepatica.models.diagnostics import published_tests, tested_people
from hepatica.models.natural_history import alcohol, hcv, masld

YEARS = 40
SHARE = Axis("of those infected", "%", 0, 100)
SINCE_INFECTION = Axis("years since infection", "", 0, YEARS)
FORTY_YEARS = Run(until=YEARS, unit="years", points=YEARS + 1)
CURE = Slider("cure_year", "cured after (40: never)", low=0, high=YEARS, step=1, value=YEARS)
PACE = Choice(
    "pace", {"found in the community": 0.74, "all studies": 1.0}, "who is counted", value=1.0
)
CURES = {
    "never cured": YEARS,
    "cured in year 30": 30,
    "cured in year 20": 20,
    "cured in year 10": 10,
}
LATE_HCV = "D1 + D + HCC + T1 + T"


@cache
def with_readouts() -> Chain:
    """The chain of hepatitis C with what the cards of this notebook read out besides."""
    return _with_outputs(
        hcv,
        beyond=Output(f"100 * (F4 + {LATE_HCV} + dead)", "cirrhosis or beyond", "%"),
        noticed=Output(f"100 * ({LATE_HCV} + dead)", "had a complication, or died of it", "%"),
        gone=Output("100 * dead", "dead of the liver", "%"),
        cirrhotic=Output("100 * reached_F4", "reached cirrhosis so far", "%"),
    )


@cache
def silent_years() -> Explorable:
    """A hundred people with hepatitis C, year by year: how many have cirrhosis,
    and how many could notice?"""
    return Explorable(
        with_readouts(),
        id="silent-years",
        title="Scar first, complications decades later",
        question=(
            "A hundred people are infected in year 0. Press Play and watch the squares: "
            "how long do they stay squares before anything happens that a person would notice?"
        ),
        run=FORTY_YEARS,
        head=PlayHead(start=20, seconds=10),
        controls=[CURE, PACE],
        views=[
            Icons(
                (
                    Group("no scar or little (F0 to F2)", "F0 + F1 + F2", "hepatocyte", "ring"),
                    Group("many septa (F3)", "F3", "collagen", "circle"),
                    Group("cirrhosis, compensated: silent (F4)", "F4", "crosslinked", "square"),
                    Group("with a complication, or transplanted", LATE_HCV, "therapy", "triangle"),
                    Group("dead of the liver", "dead", "injury", "cross"),
                ),
                title="A hundred people in this year",
            ),
            Chart(
                "The same hundred over forty years",
                SINCE_INFECTION,
                SHARE,
                curves=(
                    Curve("beyond", "cirrhosis or beyond", "crosslinked", dash="solid"),
                    Curve(
                        "noticed", "of these, with a complication or dead", "therapy", dash="dash"
                    ),
                    Curve("gone", "of these, dead of the liver", "injury", dash="dot"),
                ),
                head=True,
                height=250,
            ),
        ],
        describe=rules("""
            time > cure_year
                Year {time:0f}, cured in year {cure_year:0f}: {100*F4:0f} of a hundred have silent
                cirrhosis, {noticed:0f} have had a complication or died of the liver. Without the
                virus the lines flatten.
            time < 5
                Year {time:0f}: infected, and nothing to notice. {100*F0:0f} of a hundred have no
                scar at all.
            otherwise
                Year {time:0f}: {100*F4:0f} of a hundred have a cirrhosis that they cannot feel;
                {noticed:1f} have had a complication or died of it.
        """),
        predict=asked("""
            A hundred people, infected twenty years ago, never treated. In how many has the liver
            made itself **noticed** by a complication, or killed?
            * About fifty.
                right if noticed > 35
            * About twenty: everyone with cirrhosis.
                right if (noticed > 10) & (noticed <= 35)
            * Three or four.
                right if noticed <= 10
                About sixteen have reached cirrhosis, and most of them are squares: alive, and
                without a complication. Now press Play.
        """),
        presets=[
            Preset(label, {"cure_year": year, "pace": 1, "head": YEARS})
            for label, year in CURES.items()
        ],
        equations=("F3", "F4"),
    )


@cache
def single_lives() -> Explorable:
    """Ten people with the same chances, one strip each."""
    return Explorable(
        hcv,
        id="single-lives",
        title="Same chances, different lives",
        question=(
            "Ten people, the same infection, the same yearly chances. "
            "Draw other people a few times. What can you tell one of them in year ten?"
        ),
        run=FORTY_YEARS,
        controls=[CURE, PACE],
        views=[
            Lives(
                hcv,
                (
                    Band("F0 to F2", ("F0", "F1", "F2"), "hepatocyte", 1),
                    Band("F3", ("F3",), "collagen", 2),
                    Band("silent cirrhosis", ("F4",), "crosslinked", 4),
                    Band("complication or transplant", ("D1", "D", "HCC", "T1", "T"), "therapy", 6),
                    Band("dead of the liver", ("dead",), "injury", 1),
                ),
                title="Ten lives, forty years",
                switch_label="cure",
            )
        ],
        describe=rules("""
            cure_year < 40
                Cured in year {cure_year:0f}: over forty years {100*reached_F4_end:0f} of a hundred
                reach cirrhosis and {100*dead_end:1f} die of the liver. The ten above keep their
                luck; only their chances changed.
            otherwise
                Never cured: over forty years {100*reached_F4_end:0f} of a hundred reach cirrhosis
                and {100*dead_end:0f} die of the liver. The ten above scatter around that.
        """),
        predict=asked("""
            Ten people, infected in the same year, with **identical** chances. Forty years later
            * all have cirrhosis; they got there within a few years of each other.
                right if reached_F4_end > 0.9
            * some got there before year twenty, some late, and several never.
                right if (reached_F4_end > 0.3) & (reached_F4_end <= 0.9)
                Four steps, each a yearly lottery: chance alone spreads the arrival over decades.
                Real people differ as well, so they spread even more.
            * hardly anyone has cirrhosis.
                right if reached_F4_end <= 0.3
        """),
        presets=[Preset(label, {"cure_year": year, "pace": 1}) for label, year in CURES.items()],
        equations=("F0", "F1", "F2", "F3"),
    )


@cache
def tests_in_people() -> Explorable:
    """A test among a hundred people: who is found, missed, alarmed and reassured."""
    chosen = {
        "FIB-4": "fib-4",
        "stiffness, for F3": "stiffness-masld-f3",
        "stiffness, for cirrhosis": "stiffness-masld-f4",
    }
    tests = published_tests()
    presets = [_test_preset(label, tests[key]) for label, key in chosen.items()]
    return Explorable(
        tested_people,
        id="tests-in-people",
        title="A positive test means what the crowd makes of it",
        question=(
            "Diamonds have advanced fibrosis, circles do not; filled marks tested positive. "
            "Among the filled ones, how many are diamonds? Move the share of ill people, "
            "then change the test."
        ),
        run=Sweep("prevalence", 1, 60, 60),
        controls=[
            Slider("prevalence", "people who have it", low=1, high=60, step=1, value=5),
            Slider("sensitivity", low=50, high=100, step=1),
            Slider("specificity", low=50, high=100, step=1),
        ],
        views=[
            Icons(
                (
                    Group("ill and found", "true_positive", "collagen", "diamond"),
                    Group("ill and missed", "false_negative", "crosslinked", "open-diamond"),
                    Group("well and alarmed", "false_positive", "therapy", "circle"),
                    Group("well and reassured", "true_negative", "hepatocyte", "ring"),
                ),
                title="A hundred people take the test",
            ),
            Chart(
                "What a result means, by the share of ill people",
                Axis("people who have it", "%", 0, 60),
                Axis("result is right", "%", 0, 100),
                curves=(
                    Curve("ppv", "positive: has it", "collagen", dash="solid"),
                    Curve("npv", "negative: does not have it", "hepatocyte", dash="dash"),
                ),
                head=True,
                height=250,
            ),
        ],
        describe=rules("""
            ppv < 50
                Of a hundred people, {with_condition:0f} have it. The test finds {true_positive:0f}
                and alarms {false_positive:0f} others: most positive tests are wrong. Of the
                negative ones {npv:0f} % are right.
            otherwise
                Of a hundred people, {with_condition:0f} have it. The test finds {true_positive:0f},
                misses {false_negative:0f} and alarms {false_positive:0f} others: {ppv:0f} % of the
                positive tests are right.
        """),
        predict=asked("""
            In a surgery five of a hundred people with diabetes have advanced fibrosis (our
            assumption). FIB-4 finds {scores/fib-4-sensitivity} % of them and clears
            {scores/fib-4-specificity} % of the others. Of those who test **positive**, how many
            have it?
            * About seven of ten: that is what the sensitivity says.
                right if ppv > 50
            * About four of ten.
                right if (ppv > 25) & (ppv <= 50)
            * About one of ten.
                right if ppv <= 25
                Count the filled marks: three or four diamonds among more than thirty circles. The
                sensitivity starts from the ill; the patient starts from the result.
        """),
        presets=presets,
        equations=("true_positive", "false_positive", "ppv"),
    )


def _test_preset(label: str, test) -> Preset:
    return Preset(
        label, {"sensitivity": test.sensitivity, "specificity": test.specificity}, test.label
    )


# -- three causes from the same start --------------------------------------------------------------

CAUSES = {"hcv": (hcv, "hepatitis C"), "masld": (masld, "MASLD"), "alcohol": (alcohol, "alcohol")}
TREATED = "treated_year"


def within_reach(chain: Chain, start: str) -> set[str]:
    """Every state that people of `start` can come to, before or after the switch."""
    seen, waiting = set(), {start}
    while waiting:
        seen |= waiting
        waiting = {target for source, target in chain.steps if source in waiting} - seen
    return seen


def renamed(text: str, ending: str, chain: Chain) -> str:
    """A formula of `chain` with every parameter named after its cause,
    for example ``p_D`` as ``p_D_hcv``."""
    return re.sub(
        r"[A-Za-z_]\w*", lambda m: f"{m[0]}_{ending}" if m[0] in chain.parameters else m[0], text
    )


def _of_cause(ending: str, chain: Chain, words: str) -> dict[str, dict]:
    """The part of `chain` that starts in F4, every name ending in its cause,
    as arguments of a Chain."""
    reach, texts = within_reach(chain, "F4"), chain.written
    before, after = (
        _nested(
            {
                (a + ending, b + ending): renamed(text, ending, chain)
                for (a, b), text in side.items()
                if a in reach
            }
        )
        for side in texts
    )
    silent = " + ".join(
        stage + ending for stage in ("F0", "F1", "F2", "F3", "F4") if stage in reach
    )
    return {
        "parameters": {
            f"{symbol}_{ending}": replace(row, label=f"{words}: {row.label}")
            for symbol, row in chain.parameters.items()
            if symbol != chain.switch
        },
        "states": {
            s + ending: replace(chain.states[s], initial=float(s == "F4") / 3)
            for s in chain.people
            if s in reach
        },
        "transitions": before,
        "after": after,
        "outputs": {
            f"silent_{ending}": Output(
                f"300 * ({silent})", f"{words}: alive without a complication", "%"
            ),
            f"alive_{ending}": Output(f"100 - 300 * dead{ending}", f"{words}: alive", "%"),
        },
    }


@cache
def three_causes() -> Chain:
    """Three equal groups with compensated cirrhosis, each in the chain of its cause,
    one switch year for all."""
    parts = [_of_cause(ending, chain, words) for ending, (chain, words) in CAUSES.items()]
    joined = {name: join(*(part[name] for part in parts)) for name in parts[0]}
    row = alcohol.parameters[alcohol.switch]
    joined["parameters"][TREATED] = replace(
        row, symbol=TREATED, label="year in which the cause is treated"
    )
    return Chain("compensated cirrhosis, three causes", switch=TREATED, **joined)


def _with_outputs(chain: Chain, **more: Output) -> Chain:
    """The same chain with further read-outs."""
    before, after = (_nested(texts) for texts in chain.written)
    return Chain(
        chain.name,
        parameters=chain.parameters,
        states={state: chain.states[state] for state in chain.people},
        transitions=before,
        after=after,
        switch=chain.switch,
        counters=chain.counters,
        outputs={**chain.outputs, **more},
    )


def _nested(texts: Mapping[tuple[str, str], str]) -> dict[str, dict[str, str]]:
    moves: dict[str, dict[str, str]] = {}
    for (source, target), text in texts.items():
        moves.setdefault(source, {})[target] = text
    return moves


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
                ("Hepatitis C.", _fewest("hcv"), ""),
                ("MASLD.", _fewest("masld"), ""),
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


# -- one pace and two studies ----------------------------------------------------------------------


def _study(name: str, role: str, label: str, symbol: str) -> Background:
    rows = [ledger.number(f"targets/nh-{name}-{years}y") for years in (20, 40)]
    error = [row.high - row.value if row.high is not None else 0 for row in rows]
    return Background(
        [20, 40], [row.value for row in rows], role, label, "points", symbol=symbol, error=error
    )


@cache
def one_pace() -> Explorable:
    """Two studies, two points each: a wrong pace can be tuned, a wrong shape cannot."""
    return Explorable(
        with_readouts(),
        id="one-pace",
        title="A wrong pace can be tuned, a wrong shape cannot",
        question="One pace for all years. Bring the line through both diamonds; "
        "then through both squares.",
        run=Run(until=45, unit="years", points=46),
        controls=[Slider("pace", "pace of scarring", low=0.5, high=1.06, step=0.01, value=1)],
        views=[
            Chart(
                "Reached cirrhosis",
                Axis("years since infection", "", 0, 45),
                Axis("of those infected", "%", 0, 70),
                curves=(Curve("cirrhotic", "model", "crosslinked", dash="solid"),),
                background=(
                    _study("poynard", "blood", "Poynard 2001", "diamond"),
                    _study("dore", "therapy", "Dore 2002 (an estimate by model)", "square"),
                ),
                height=320,
            )
        ],
        describe=rules("""
            (pace > 0.77) & (pace < 0.83)
                Pace {pace:2f}: the line passes both diamonds. Poynard's patients were slower than
                the pooled studies, by one factor.
            (pace > 0.71) & (pace <= 0.77)
                Pace {pace:2f}: the first square is hit, and the line ends at
                {100*reached_F4_max:0f} % near year forty-five, far above the second.
            pace < 0.57
                Pace {pace:2f}: the second square is near, but now the first is missed: far too few
                cirrhoses at twenty years.
            otherwise
                Pace {pace:2f}: the line misses points of both studies. Keep trying.
        """),
        presets=[
            Preset("all studies", {"pace": 1}),
            Preset("0.8", {"pace": 0.8}),
            Preset("0.74", {"pace": 0.74}),
            Preset("0.54", {"pace": 0.54}),
        ],
        equations=("F0", "F1", "F2", "F3"),
    )


# -- published results against the model -----------------------------------------------------------

AGAINST = (
    "nh-dore-40y",
    "nh-fattovich-survival-10y",
    "nh-alcohol-decompensation-5y",
    "nh-masld-trial-f3",
    "nh-compensated-1y-death",
    "nh-planas-5y",
    "nh-decompensation-1y-dead",
)


def against_the_model() -> show.Table:
    """Published results that the chains miss, wholly or in part,
    beside what the chains say (per cent)."""
    rows = ledger.table("targets").set_index("key").loc[list(AGAINST)]
    cells = tuple(
        (
            escape(row.label),
            ledger.plain(row.value),
            f"{answer(row):.1f}",
            row.reproduced,
            escape(row.note),
            source(row),
        )
        for row in rows.itertuples()
    )
    head = ("What", "Published, %", "Model, %", "Hit?", "Perhaps because", "Source")
    return show.Table("Published results against the model", head, cells)


def answer(row) -> float:
    """What the model says to a row of data/targets.csv."""
    return getattr(natural_history, row.experiment)(**json.loads(row.arguments))


def source(row) -> str:
    """The link to the source of a row of the ledger."""
    reference = ledger.reference(row.source)
    return f'<a href="{escape(reference.link)}">{escape(reference.short)}</a>'
