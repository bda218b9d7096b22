"""The years before anybody notices, and single lives."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Band,
    Chart,
    Choice,
    Curve,
    Explorable,
    Group,
    Icons,
    Lives,
    PlayHead,
    Preset,
    Run,
    Slider,
)
from hepatica.cards.parts.shapes import asked, rules
from hepatica.models.natural_history import hcv

from .chains import LATE_HCV, with_readouts
from .evidence import study

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
                    Group(
                        "no scar, or a few septa (F0 to F2)", "F0 + F1 + F2", "hepatocyte", "ring"
                    ),
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
                background=(
                    study("poynard", "blood", "cirrhosis seen, Poynard 2001", "diamond"),
                    study("dore", "macrophage", "cirrhosis estimated, Dore 2002", "square"),
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
                “Twenty years of a virus must show.” They scar in silence: reserve hides what is
                lost.
            * About twenty.
                right if (noticed > 10) & (noticed <= 35)
                “Who has cirrhosis feels it.” Nearly as many have it, and most of them feel
                nothing.
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
                “The same chances, the same fate.” Equal chances make equal shares of large groups,
                and very unequal lives.
            * some got there before year twenty, some late, several not at all.
                right if (reached_F4_end > 0.3) & (reached_F4_end <= 0.9)
                Four steps, each a yearly lottery: chance alone spreads the arrival over decades.
                Real people differ as well, so they spread even more.
            * hardly anyone has cirrhosis.
                right if reached_F4_end <= 0.3
                “A slow disease can wait.” Each step is slow, and forty years are long: more than
                half get there in this chain.
        """),
        presets=[Preset(label, {"cure_year": year, "pace": 1}) for label, year in CURES.items()],
        equations=("F0", "F1", "F2", "F3"),
    )
