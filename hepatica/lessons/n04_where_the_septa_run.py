"""Cards of notebook 04: a field of lobules, the walls in it, and a needle."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Chart,
    Choice,
    Curve,
    Explorable,
    Mission,
    PlayHead,
    Preset,
    Run,
    Share,
    Slider,
)
from hepatica.cards.parts.shapes import asked, rules
from hepatica.cards.views.map import LobuleMap
from hepatica.models.field import BOTH, CENTRAL, PORTAL, Field, Lobules

SMALL = Field(6, 6, 240, 208)  # a site every 25 µm
LARGE = Field(26, 8, 416, 111)  # room for the longest needle

STRIKES = {"central veins": CENTRAL, "portal tracts": PORTAL, "both": BOTH}
YEARS = Axis("time", "years", 0, 20)
SHARE = Axis("share", "%", 0, 100)
FIELD_CURVES = (
    Curve("hepatocytes", "hepatocytes left", "hepatocyte", dash="solid"),
    Curve("scarred", "scarred tissue", "collagen", dash="dash"),
    Curve("bridged", "bridges closed", "ink", dash="dot"),
)
MAP = (
    "Map of a field of lobules in histology colours: hepatocytes tan, young scar red, "
    "cross-linked scar maroon."
)


def _where(value: float | None = None) -> Choice:
    return Choice("pattern", STRIKES, "injury strikes round", value=value)


@cache
def zones_meet() -> Explorable:
    """Pure geometry: how wide must a zone be before neighbours join?"""
    return Explorable(
        Lobules(SMALL).starting(zone_growth=0),
        id="zones-meet",
        title="In the model, where cells die decides where scars join",
        question="How wide must an injured zone be before neighbouring scars join?",
        run=Run(3, "years", points=13),
        controls=[
            _where(PORTAL),
            Slider(
                "zone_0", "radius of the injured zone", low=0.05, high=0.6, step=0.01, value=0.3
            ),
        ],
        views=[LobuleMap(MAP, "After three years of injury inside the zone")],
        describe=rules("""
            bridged < 50
                A zone of {zone_0:2f} mm: {scarred:0f} % of the tissue is scarred, and no scar touches
                its neighbour.
            scarred > 99.5
                A zone of {zone_0:2f} mm reaches everywhere: all tissue is scarred, and no island is
                left.
            pattern < 0.5
                A zone of {zone_0:2f} mm: the central veins are joined; {scarred:0f} % of the tissue is
                scarred. The islands left over sit on portal tracts.
            pattern < 1.5
                A zone of {zone_0:2f} mm: the portal tracts are joined; {scarred:0f} % of the tissue is
                scarred. The islands left over sit on central veins: the old lobules.
            otherwise
                A zone of {zone_0:2f} mm: tracts and veins are joined; {scarred:0f} % of the tissue is
                scarred. Small islands are left between them.
        """),
        predict=asked("""
            Round central veins the injured zone must reach {targets/lobule-bridging-central} mm
            before two neighbouring scars touch. Now the injury strikes round the **portal tracts**.
            With a zone of 0.3 mm,
            * no two tracts are joined.
                right if bridged < 50
                So it would be if the distances were the same. The lobule is; its corners stand
                closer together than its middles.
            * all neighbours are joined.
                right if (bridged >= 50) & (bridged <= 100)
                Portal tracts stand closer together than central veins: at the corners of the
                hexagon, not in the middles. Now switch to *central veins* and find their width.
            * one pair in two is joined.
                right if bridged > 100
                In a liver of unequal lobules it would be. Here all are alike, so all join at once:
                a threshold, no slope.
        """),
        presets=[
            Preset("veins, 0.48 mm", {"pattern": CENTRAL, "zone_0": 0.48}),
            Preset("veins, 0.51 mm", {"pattern": CENTRAL, "zone_0": 0.51}),
            Preset("tracts, 0.3 mm", {"pattern": PORTAL, "zone_0": 0.3}),
            Preset("both, 0.3 mm", {"pattern": BOTH, "zone_0": 0.3}),
        ],
        equations=("C", "X"),
    )


@cache
def scar_grows() -> Explorable:
    """The order of events: deposits, bridges, islands."""
    return Explorable(
        Lobules(SMALL).starting(variation=0.15),
        id="scar-grows",
        title="The walls close when nearly all is scarred: something is missing",
        question="How much scar does it take to close the walls?",
        run=Run(20, "years", points=161),
        head=PlayHead(start=125, seconds=12),
        controls=[
            _where(CENTRAL),
            Slider("zone_growth", low=0.01, high=0.06, step=0.005),
            Choice(
                "variation",
                {"all alike": 0, "different": 0.15, "very different": 0.3},
                "lobules",
                value=0.15,
            ),
        ],
        views=[
            LobuleMap(MAP, "Six lobules across, twenty years of injury"),
            Chart("The whole field", YEARS, SHARE, curves=FIELD_CURVES, head=True, height=260),
        ],
        describe=rules("""
            stage < 0.5
                Year {time:1f}: nothing to see yet. The zone reaches {zone:2f} mm.
            stage < 1.5
                Year {time:1f}: deposits round every source, {scarred:0f} % of the tissue scarred, but
                bridges are open. Read as F1.
            stage < 2.5
                Year {time:1f}: the first bridges, {bridged:0f} % of all possible ones;
                {scarred:0f} % of the tissue is scarred. Read as F2.
            stage < 3.5
                Year {time:1f}: {bridged:0f} % of the bridges are closed and {scarred:0f} % of the
                tissue is scarred; {hepatocytes:0f} % of the hepatocytes are left. Read as F3.
            scarred > 99.5
                Year {time:1f}: all tissue is scarred and no clean island is left; {hepatocytes:0f} % of
                the hepatocytes live on in it. Read as F4.
            otherwise
                Year {time:1f}: {bridged:0f} % of the bridges are closed, the islands are cut off.
                Read as F4. {scarred:0f} % of the tissue is scarred; {hepatocytes:0f} % of the
                hepatocytes are left.
        """),
        predict=Share(
            "Injury round the central veins, until **half of the bridges** are closed. How much of the "
            "tissue is scarred by then (a tenth collagen or more)?",
            "scarred",
            rules("""
                guess < 30
                    You say {guess:0f} %: walls are thin, and so many are in a real cirrhosis. In the
                    model it is {answer:0f} %: round zones must grow into each other before they
                    join, so its walls are as broad as its zones. Something is missing.
                guess < 65
                    You say {guess:0f} %, as if bridges and scar grew in step. In the model it is
                    {answer:0f} %: round zones must grow into each other before they join. Look at a
                    real cirrhosis: many of its walls are thin. Something is missing.
                otherwise
                    You say {guess:0f} %, the model {answer:0f} %: round zones must grow into each
                    other before they join. Yet many walls of a real cirrhosis are thin. Something
                    is missing.
            """),
            of="% of the tissue",
        ),
        presets=[
            Preset("central veins", {"pattern": CENTRAL, "variation": 0.15, "zone_growth": 0.03}),
            Preset("portal tracts", {"pattern": PORTAL, "variation": 0.15, "zone_growth": 0.03}),
            Preset("every lobule alike", {"variation": 0}),
        ],
        equations=("C", "X"),
    )


@cache
def squeezed() -> Explorable:
    """Regrowing hepatocytes press the scar into walls."""
    return Explorable(
        Lobules(SMALL).starting(variation=0.15, condense=0.3),
        id="squeezed",
        title="Same stage, half of the scar",
        question="What changes when regrowing hepatocytes press on the scar?",
        run=Run(20, "years", points=161),
        head=PlayHead(start=160, seconds=12),
        controls=[
            _where(CENTRAL),
            Slider("condense", "pressing by regrowing hepatocytes", high=1, step=0.1, value=0.3),
        ],
        views=[
            LobuleMap(MAP, "The same field, with hepatocytes that press"),
            Chart("The whole field", YEARS, SHARE, curves=FIELD_CURVES, head=True, height=260),
        ],
        describe=rules("""
            condense < 0.05
                Year {time:1f}, nothing presses: {scarred:0f} % of the tissue scarred, collagen
                {CPA_field:0f} % of the area, hepatocytes {hepatocytes:0f} %, bridges closed
                {bridged:0f} %. F{stage:0f}.
            otherwise
                Year {time:1f}, pressed: {scarred:0f} % of the tissue scarred, collagen
                {CPA_field:0f} % of the area, hepatocytes {hepatocytes:0f} %, bridges closed
                {bridged:0f} %. F{stage:0f}.
        """),
        predict=asked("""
            Without pressing, year 20 is F4: almost all tissue is scarred and less than half of the
            hepatocytes are left. Now hepatocytes that regrow **press the scar together**. Year 20
            is
            * F3, with two thirds of them left.
                right if stage_end < 3.5
                Less scar sounds like an earlier stage. A stage asks whether the walls are closed,
                not how broad they are.
            * F4, with two thirds of them left.
                right if (stage_end > 3.5) & (hepatocytes_end > 60)
                A stage counts walls, not their breadth. Slide the pressing to zero and back.
            * F4, with one third of them left.
                right if (stage_end > 3.5) & (hepatocytes_end <= 60)
                Pressing moves scar; it also makes room, and cells that have room regrow.
        """),
        presets=[
            Preset("nothing presses", {"condense": 0, "head": 160}),
            Preset("pressed", {"condense": 0.3, "head": 160}),
            Preset("pressed hard", {"condense": 1, "head": 160}),
        ],
        equations=("C", "X", "A", "squeeze"),
    )


@cache
def needle() -> Explorable:
    """A biopsy needle in a field of 26 lobules by 8."""
    told = "Year {time:1f}: the field is F{stage:0f} ({bridged:0f} % of the bridges closed). "
    own = "This needle ({needle_bridged:0f} %) reads F{needle_stage:0f}"
    many = (
        " Of 200 random needles {2*agree:0f} agree, "
        "{2*too_low:0f} read too low and {2*too_high:0f} too high."
    )
    return Explorable(
        Lobules(LARGE).starting(pattern=PORTAL, variation=0.25),
        id="needle",
        title="The needle sees a strip",
        question="How often does a needle read the stage of the field?",
        run=Run(20, "years", points=81),
        head=PlayHead(start=28, seconds=12),
        controls=[
            Slider("needle_x", low=0, high=16, step=0.1, value=3),
            Slider("needle_y", low=0.6, high=6.3, step=0.1, value=3.5),
            Slider("needle_length", low=5, high=25, step=1, value=15),
            Choice("seed", {"one": 1, "two": 2, "three": 3, "four": 4}, "liver"),
        ],
        views=[
            LobuleMap(
                MAP + " A frame marks the biopsy needle.",
                "Twenty-six lobules long, eight deep; the frame is the needle",
                needle=True,
            ),
            Chart(
                "200 random needles of this length",
                YEARS,
                Axis("needles", "%", 0, 102),
                curves=(
                    Curve("agree", "agree with the field", "ink", dash="solid"),
                    Curve("too_low", "read too low", "bad", dash="dash"),
                    Curve("too_high", "read too high", "accent", dash="dot"),
                ),
                head=True,
                height=250,
            ),
        ],
        describe=[
            ("needle_stage > stage", told + own + ": too high." + many),
            ("needle_stage < stage", told + own + ": too low." + many),
            (None, told + "This needle ({needle_bridged:0f} %) agrees." + many),
        ],
        predict=asked(
            """
            The field has just become F3. Of 200 needles of 15 mm, set down at random, how many also
            read F3?
            * About 60.
                right if agree < 55
                Just past a border most needles still read the stage before. Play the years: halfway
                between two borders nearly all agree.
            * About 140.
                right if (agree >= 55) & (agree < 85)
                So it is halfway between two stages. Just past a border chance decides, and the
                needle sees a strip.
            * About 190.
                right if agree >= 85
                Fifteen lobules sound like a fair sample. They lie side by side, though, and what
                made one of them scar late made its neighbours late as well: a strip, not a sample.
            """,
            ladder=True,
        ),
        mission=Mission(
            "Be the unlucky doctor: find a liver, a year and a place where the needle misses the "
            "stage of the field by two or more.",
            reached="Abs(needle_stage - stage) >= 2",
            done="The field is F{stage:0f}, this needle reads F{needle_stage:0f}. The patient would "
            "be told something else altogether.",
            fails=[
                (
                    "needle_length > 15",
                    "{needle_length:0f} mm is a long needle; length is what protects from this.",
                ),
                (
                    "Abs(needle_stage - stage) < 1",
                    "Field and needle agree: F{stage:0f}. Most do, except near a border.",
                ),
            ],
            far="F{stage:0f} against F{needle_stage:0f}: one stage, which happens every day.",
        ),
        presets=[
            Preset("10 mm", {"needle_length": 10}),
            Preset("15 mm", {"needle_length": 15}),
            Preset("25 mm", {"needle_length": 25, "needle_x": 0.5}),
        ],
        equations=("C", "X"),
    )


@cache
def cause_gone() -> Explorable:
    """For the exercises: the cause stops; which part of the scar goes?"""
    return Explorable(
        Lobules(SMALL).starting(variation=0.15, stop_year=18),
        id="septa-let-go",
        title="The youngest scar goes first",
        question="Stop the cause earlier or later. Which part of the scar is still there years after?",
        run=Run(28, "years", points=113),
        head=PlayHead(start=112, seconds=12),
        controls=[
            Slider("stop_year", "the cause stops after", low=4, high=20, step=0.5, value=18),
            Slider("condense", "pressing by regrowing hepatocytes", high=1, step=0.1, value=0),
        ],
        views=[
            LobuleMap(MAP, "Injury round the central veins, then none"),
            Chart(
                "The whole field",
                Axis("time", "years", 0, 28),
                SHARE,
                curves=FIELD_CURVES,
                head=True,
                height=260,
            ),
        ],
        describe=rules("""
            otherwise
                Year {time:1f}, cause stopped after {stop_year:1f} years: {scarred:0f} % of the tissue
                scarred (at most {scarred_max:0f} %), collagen {CPA_field:0f} % of the area (at most
                {CPA_field_max:0f} %), bridges closed {bridged:0f} % (at most {bridged_max:0f} %),
                F{stage:0f}.
        """),
        presets=[
            Preset("10 years", {"stop_year": 10, "condense": 0, "head": 112}),
            Preset("18 years", {"stop_year": 18, "condense": 0, "head": 112}),
            Preset("18 years, pressed", {"stop_year": 18, "condense": 0.3, "head": 112}),
        ],
        equations=("C", "X"),
    )
