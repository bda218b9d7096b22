"""Cards of notebook 10: five proposed mechanisms, each a lever on one number,
and the same liver without cells."""

from __future__ import annotations

from functools import cache

import numpy as np

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Binding,
    Chart,
    Choice,
    Curve,
    Drawing,
    Explorable,
    Given,
    PlayHead,
    Point,
    Preset,
    Run,
    Scenes,
    Slider,
    Switches,
)
from hepatica.cards.parts.frame import rounded
from hepatica.cards.parts.shapes import asked
from hepatica.model import Model
from hepatica.models.liver import after_stop
from hepatica.models.therapy import (
    LEVERS,
    SCHEDULES,
    at_first_infusion,
    clears,
    collagen_turnover,
    removal_needed,
    therapy,
)

HALF_YEAR, LAST_WEEKLY = 180, 175  # days
PER_DAY = 4  # reports a day: a signal that lives a day has a shape
NO_CELLS = {"infusions": 0, "held_days": 0}
SCENES = {"goes on": "ongoing", "gone after one year": "early", "gone after three years": "late"}
SWITCHES = {
    "on_1": "1 calms inflammation",
    "on_2": "2 supports repair",
    "on_3": ("3 opens the microcirculation"),
    "on_4": "4 wakes hepatocytes",
    "on_5": "5 removes scar cells",
}
DAYS = Axis("days", "", 0, 365)
# Title, read-out, colour role and range of the small charts, each with the same liver without
# cells.
OUTCOMES = (
    ("Scar (% of tissue)", "CPA", "collagen", 0, 30),
    ("Hepatocytes (% of healthy)", "mass", "hepatocyte", 0, 100),
    ("Gradient (mmHg)", "PSG", "blood", 0, 20),
    ("Albumin (g/L)", "A", "accent", 25, 45),
    ("Bilirubin, unconj. (µmol/L)", "bilirubin_si", "bile", 0, 12),
)
# myofibroblasts per mL after a year: a tenth of the quorum of notebook 02, from which they come
# back
LET_GO = 1000
CLOSE = 0.5  # percentage points of collagen area; nearer than this the card calls two livers alike


def therapy_with(**settings: float) -> Model:
    """The model with other start settings for parameters that a card does not offer as controls."""
    return therapy.starting(**rounded(settings))


def _only(*numbers: int, **more: float) -> dict[str, float]:
    """Values that switch on these levers and no others."""
    return {lever: float(int(lever[-1]) in numbers) for lever in LEVERS} | more


def _drawing() -> Drawing:
    """The map of the mechanisms: what is switched on is filled,
    what works at the play head glows."""
    marks = [
        Binding(f"{part}-{n}", "opacity", value, target=target)
        for n in range(1, 6)
        for part, value, target in (
            ("lamp", f"on_{n}", (0, 1)),
            ("arm", f"on_{n}", (0.25, 1)),
            ("glow", f"on_{n} * w * Min(1, Z)", (0, 1)),
        )
    ]
    return Drawing(
        "mechanisms", bindings=(*marks, *CIRCUIT), title="Where each mechanism would have to act"
    )


CIRCUIT = (
    Binding("injury", "opacity", "(1 - spared) * D", (0, 0.005), (0, 1)),
    Binding("influx", "opacity", "(1 - calmed) * A_0 * J / J_ref", (0, 2e4), (0.12, 1)),
    Binding("monocytes", "opacity", "(1 - calmed) * A_0 * J / J_ref", (0, 2e4), (0.25, 1)),
    Binding("hepatocytes", "count", "mass", (0, 100), (0, 10)),
    Binding("regrowth", "stroke-width", "1 + woken", (1, 2), (5, 11)),
    Binding("tone", "stroke-width", "1 - epsilon", (0, 1), (1.5, 8)),
    Binding("macrophage", "scale", "M", (1e3, 1e6), (0.45, 1.05), "log"),
    Binding("myofibroblast", "scale", "F", (1e3, 1e6), (0.45, 1.05), "log"),
    Binding("removal", "stroke-width", "mu_1 + kappa * g_in + removal", (0.3, 2.3), (3, 12)),
    Binding("deposition", "stroke-width", "deposition", (0, 0.06), (0.5, 6)),
    Binding("collagen", "count", "CPA", (2, 36), (0, 24)),
)


def _small_multiples() -> list[Chart]:
    """The signal and the five outcomes in the year after the first infusion."""
    signal = Chart(
        "Effect signal (infusions at work)",
        DAYS,
        Axis("", "", 0, 3),
        curves=(Curve("Z", "effect signal", "therapy", dash="solid"),),
        head=True,
        height=170,
        small=True,
    )
    return [
        signal,
        *(
            Chart(
                title,
                DAYS,
                Axis("", "", low, high),
                head=True,
                height=170,
                small=True,
                curves=(
                    Curve(f"{read}_without", "without cells", "muted", dash="dash"),
                    Curve(read, "with cells", role, dash="solid"),
                ),
            )
            for title, read, role, low, high in OUTCOMES
        ),
    ]


def _verdicts() -> list[tuple[str | None, str]]:
    """The live sentence: both livers at the play head and after a year, then what that means."""
    numbers = (
        "Day {time:0f}: scar {CPA:1f} % (without cells {CPA_without:1f} %), "
        "albumin {A:1f} g/L ({A_without:1f}). Day 365: "
        "scar {CPA_end:1f} % ({CPA_without_end:1f} %). "
    )
    apart, apart_end = "Abs(CPA - CPA_without)", "Abs(CPA_end - CPA_without_end)"
    alike = f"({apart} < {CLOSE}) & ({apart_end} < {CLOSE})"
    ongoing, early = "(injury_years > 0)", "(injury_years <= 0) & (X_start < 5)"
    return [
        (
            "(on_1 + on_2 + on_3 + on_4 + on_5 < 1) | (w < 0.005)",
            (
                "Nothing is switched on: day {time:0f}, scar {CPA:1f} %; day 365, {CPA_end:1f} %. "
                "This is the liver without cells."
            ),
        ),
        (f"{early} & {alike}", numbers + "The scar falls, and without cells it falls just as far."),
        (f"{alike} & (A - A_without > {CLOSE})", numbers + "Better blood, the same scar."),
        (alike, numbers + "The two livers are hardly to be told apart."),
        (
            f"{ongoing} & ({apart_end} < {apart}) & (Z_end < 0.05)",
            numbers + "It worked while it lasted; the cause goes on, and the scar comes back.",
        ),
        (
            f"{ongoing} & (CPA_end < CPA_without_end)",
            numbers + ("It works as long as it is kept up; the cause goes on."),
        ),
        (
            f"{early} & (CPA_end < CPA_without_end)",
            numbers + ("The scar falls faster; without cells it goes as well."),
        ),
        (
            f"(CPA_end < CPA_without_end) & (F_end < {LET_GO})",
            numbers + "The circuit has let go of its scar; it need not be treated for ever.",
        ),
        (
            "CPA_end < CPA_without_end",
            numbers
            + (
                "Less scar for now. But {F_end:2s} myofibroblasts per mL are left, "
                "enough to make it again."
            ),
        ),
        (None, numbers),
    ]


def _preset(label: str, scenario: str, schedule: str, tau: float, *on: int) -> Preset:
    """A preset of the card of levers: the cause, how often, how long an effect persists,
    which levers are on."""
    course = {"spacing": 7, **SCHEDULES[schedule], "tau": tau, "w": 1}
    course["head"] = PER_DAY * LAST_WEEKLY + 1 if schedule == "weekly" else PER_DAY * HALF_YEAR
    return Preset(label, {**rounded(at_first_infusion(scenario)), **course, **_only(*on)})


@cache
def levers() -> Explorable:
    """Five switches on one liver, five outcomes, and always the same liver without cells."""
    return Explorable(
        therapy,
        id="five-levers",
        title="Five levers, and the liver that was left alone",
        question=(
            "Solid curves: with cells; dashed: the same liver without. Switch levers on, "
            "repeat the infusion. Which curve leaves its twin, and for how long?"
        ),
        run=Run(365, points=PER_DAY * 365 + 1),
        head=PlayHead(start=PER_DAY * HALF_YEAR, seconds=10),
        without=NO_CELLS,
        controls=[
            Scenes({label: at_first_infusion(name) for label, name in SCENES.items()}, "The cause"),
            Switches(SWITCHES, "Mechanisms", on=SWITCHES),
            Slider("infusions", "infusions", low=1, high=26, step=1),
            Given("spacing", "one every", {1: "day", 7: "7 days", 30: "30 days"}, step=1),
            Slider("tau", "the effect of one persists", low=0.25, high=30),
            Slider("w", "strength of all that is on", step=0.01),
        ],
        views=[_drawing(), *_small_multiples()],
        describe=_verdicts(),
        predict=asked("""
            **One infusion, all five mechanisms at full strength**, an effect that dies with the
            cell within days. The cause goes on: without cells the collagen area rises from
            {targets/therapy-cpa-start-ongoing} to {targets/therapy-cpa-none-ongoing-180d} % in half
            a year. With the infusion it is then
            * below {targets/therapy-cpa-start-ongoing} %: five mechanisms at once turn it round.
                right if CPA < 19.1
            * still near {targets/therapy-cpa-start-ongoing} %: the rise is stopped for a while.
                right if (CPA >= 19.1) & (CPA < 21)
            * {targets/therapy-all-one-cpa-180d} %: as good as no difference.
                right if CPA >= 21
                The effect is gone in days, the collagen stays for months. Now repeat it every week;
                then let the cause be gone after one year, and watch the *dashed* curve.
        """),
        presets=[
            _preset("one infusion", "ongoing", "one", 1, 1, 2, 3, 4, 5),
            _preset("three, a month apart", "ongoing", "monthly", 1, 1, 2, 3, 4, 5),
            _preset("weekly for half a year", "ongoing", "weekly", 1, 1, 2, 3, 4, 5),
            _preset("better blood only", "ongoing", "weekly", 7, 4),
            _preset("a cause gone early", "early", "weekly", 1, 1, 2, 3, 4, 5),
            _preset("the right moment", "late", "one", 7, 5),
        ],
        equations=(
            "S",
            "calmed",
            "spared",
            "epsilon",
            "woken",
            "removal",
            "J",
            "H",
            "F",
            "M",
            "R",
            "P_s",
        ),
    )


PERSISTENCE = np.geomspace(0.25, 100, 14)
AMPLITUDE = (0.02, 20)
MARKS = (  # days of effect in all, amplitude per day, words and where they stand
    (1, 2, "1", "top center"),
    (7, 2, "7", "top center"),
    (26, 2, "26 × 1", "top center"),
    (14, 1, "14 steady", "middle right"),
)


@cache
def boundary() -> np.ndarray:
    """Least extra removal per day that clears a self-sustaining scar,
    for each persistence in `PERSISTENCE`."""
    return np.array([removal_needed(tau) for tau in PERSISTENCE])


@cache
def everywhere(scenario: str) -> bool:
    """Whether the whole map clears the scar; raises ValueError for a map with a boundary,
    which is drawn otherwise."""
    corners = {
        clears(removal, tau, scenario)
        for removal in AMPLITUDE
        for tau in (PERSISTENCE[0], PERSISTENCE[-1])
    }
    if len(corners) > 1:
        raise ValueError(f"{scenario}: the map is not the same everywhere; draw its boundary.")
    return corners.pop()


PERSISTS = Axis("days of effect: persistence × infusions", "", 0.25, 100, "log")
REMOVES = Axis("extra removal of scar cells", "per day", *AMPLITUDE, "log")
YOURS = Point("tau * infusions", "a_5", "your cell", "accent", "circle", 13)


def _whole_map(scenario: str, title: str) -> Chart:
    """A map on which every point has the same outcome."""
    x, y = (0.25, 100, 100, 0.25), (AMPLITUDE[0], AMPLITUDE[0], AMPLITUDE[1], AMPLITUDE[1])
    role = "good" if everywhere(scenario) else "bad"
    ends = "gone, everywhere" if role == "good" else "back within ten years, everywhere"
    return Chart(
        f"{title}: {ends}",
        Axis("days", "", 0.25, 100, "log"),
        Axis("", "", *AMPLITUDE, "log"),
        points=(YOURS,),
        background=(Background(x, y, role, ends, "area"),),
        height=180,
        small=True,
    )


def _late_map() -> Chart:
    """The map of the self-sustaining scar with its boundary, worked out by the model."""
    low, high = AMPLITUDE
    # at the upper edge
    leaves = float(np.exp(np.interp(-np.log(high), -np.log(boundary()), np.log(PERSISTENCE))))
    inside = boundary() < high
    x, y = np.array([leaves, *PERSISTENCE[inside]]), np.array([high, *boundary()[inside]])
    e_folds = ledger.number("targets/therapy-e-folds-1d").value
    rule = (e_folds / high, 100), (high, e_folds / 100)
    return Chart(
        "The cause was stopped late, after three years: is the scar gone ten years later?",
        PERSISTS,
        REMOVES,
        points=(YOURS,),
        background=(
            Background([*x, 100], [*y, high], "good", "gone", "area"),
            Background([0.25, 0.25, *x, 100], [low, high, *y, low], "bad", "kept", "area"),
            Background([40], [7], "ink", kind="text", text=["gone"]),
            Background([0.7], [0.1], "ink", kind="text", text=["kept"]),
            Background(x, y, "ink", "boundary of one infusion", dash="solid"),
            Background(*rule, "muted", f"amplitude × days = {ledger.plain(e_folds)}", dash="dash"),
            *(
                Background(
                    [days],
                    [rate],
                    "therapy",
                    "examples, in days of effect" if days == 1 else "",
                    "points",
                    text=[words],
                    symbol="star",
                    textposition=place,
                )
                for days, rate, words, place in MARKS
            ),
        ),
        height=400,
    )


@cache
def what_would_have_to_be_true() -> Explorable:
    """How strong and how long an effect must be: the outcome of every combination,
    for three kinds of liver."""
    what = "{a_5:2s} per day × {tau*infusions:2s} days of effect = {a_5*tau*infusions:2s} e-folds. "
    rest = (
        " With the cause going on, any course on this map loses in the end; "
        "after an early stop the scar goes by itself."
    )
    return Explorable(
        therapy_with(**at_first_infusion("late"), on_5=1),
        id="amplitude-and-duration",
        title="Strong or long: what counts is the product",
        question="Drag your cell across the line. Can a cell that lives one day be strong enough?",
        run=Run(10, "years", points=241),
        without=NO_CELLS,
        controls=[
            Slider("a_5", "extra removal at full effect"),
            Slider("tau", "the effect of one infusion persists"),
            Choice("infusions", {"one": 1, "26, one a week": 26}, "infusions", value=1),
        ],
        views=[
            _late_map(),
            _whole_map("ongoing", "Cause goes on"),
            _whole_map("early", "Stopped early"),
            Chart(
                "Stopped late: scar (% of tissue), dashed without cells",
                Axis("years", "", 0, 10),
                Axis("", "", 0, 30),
                height=180,
                small=True,
                curves=(
                    Curve("CPA_without", "without cells", "muted", dash="dash"),
                    Curve("CPA", "your cell", "collagen", dash="solid"),
                ),
            ),
        ],
        describe=[
            ("tau*infusions > 100", what + "That is off the map: an effect that hardly ever ends."),
            (
                "F_end < 1e5",
                what
                + ("Enough: the self-sustaining scar lets go, down to {CPA_end:1f} % in ten years.")
                + rest,
            ),
            (
                "a_5*tau*infusions > 9",
                what
                + (
                    "Enough on paper, but spread too thin: the scar cells grow faster than they "
                    "are removed."
                )
                + rest,
            ),
            (None, what + "Too little: the scar cells are back before the scar is gone." + rest),
        ],
        predict=asked("""
            The scar keeps itself. One infusion brings an effect that dies with the cell, after
            **about a day**, but removes scar cells at {parameters/therapy.a_5} per day: seven times
            as fast as they die by themselves. Ten years later the scar
            * is gone: seven times as fast is enough.
                right if F_end < 1e5
            * is about half of what it would have been.
                right if (F_end >= 1e5) & (CPA_end < 0.7 * CPA_without_end)
            * is where it would have been without cells.
                right if (F_end >= 1e5) & (CPA_end >= 0.7 * CPA_without_end)
                Two e-folds leave one scar cell in seven, and the macrophages that feed it. Now drag
                the amplitude up, or the persistence: where does the outcome turn?
        """),
        presets=[
            Preset("lives one day", {"a_5": 2, "tau": 1, "infusions": 1}),
            Preset("lives seven days", {"a_5": 2, "tau": 7, "infusions": 1}),
            Preset("one day, 26 times", {"a_5": 2, "tau": 1, "infusions": 26}),
            Preset("weak but long", {"a_5": 0.15, "tau": 100, "infusions": 1}),
        ],
        equations=("F", "removal", "S"),
    )


PUBLISHED = {"one": "square", "two": "diamond"}
# eighteen months: of the livers in data/targets.csv the one that loses most by itself
INJURED_DAYS = 547
SINCE_THE_STOP = {0: "the first half-year", HALF_YEAR: "the second half-year"}


def _untreated() -> list[Background]:
    """Collagen of LSM-5 in the two half-years after its cause is gone, without therapy,
    in per cent of the start."""
    days = np.arange(0, HALF_YEAR + 1, 20)
    areas = {
        words: np.array([after_stop("CPA", INJURED_DAYS, float(since + day)) for day in days])
        for since, words in SINCE_THE_STOP.items()
    }
    return [
        Background(
            days,
            100 * area / area[0],
            "hepatocyte",
            f"no therapy, {words} without the cause",
            dash=dash,
            veil=True,
        )
        for (words, area), dash in zip(areas.items(), ("dashdot", "dot"), strict=True)
    ]


@cache
def plausible_fall() -> Explorable:
    """Is a published fall of collagen possible at all, and what would it need?"""
    falls = {dose: ledger.number(f"targets/published-suk-fall-{dose}").value for dose in PUBLISHED}
    largest = f"(1 - exp(-{HALF_YEAR / 100:g} * turnover))"  # as a share
    needed = {dose: f"{fall:g} * {largest}**(-1)" for dose, fall in falls.items()}
    opening = (
        "Turnover {turnover:2f} % per day, deposition cut by {100*deposition_cut:0f} %: "
        "collagen falls by {fall_end:0f} % in half a year; "
        "the ceiling is {fall_without_end:0f} %. "
    )
    return Explorable(
        collagen_turnover,
        id="plausible-fall",
        title="How far can collagen fall in half a year?",
        question="Two published falls, marked by lines. Which turnover and which cut reach them?",
        run=Run(HALF_YEAR, points=91),
        without={"deposition_cut": 1},
        controls=[
            Slider("turnover", step=0.01, value=0.2),
            Slider("deposition_cut", "deposition taken away", step=0.01, value=0.5),
        ],
        views=[
            Chart(
                "Collagen",
                Axis("time", "days", 0, 190),
                Axis("collagen", "% of the start", 0, 105),
                curves=(
                    Curve(
                        "pool_without",
                        "nothing laid down at all: the ceiling of the fall",
                        "muted",
                        dash="dash",
                    ),
                    Curve("pool", "with your cut", "collagen", dash="solid"),
                ),
                background=(
                    *_untreated(),
                    *(
                        Background([0, HALF_YEAR], [100 - fall] * 2, "therapy", dash="longdash")
                        for fall in falls.values()
                    ),
                    *(
                        Background(
                            [HALF_YEAR],
                            [100 - fall],
                            "therapy",
                            f"Suk 2016, {dose} infusion{'s' * (dose != 'one')}",
                            "points",
                            symbol=PUBLISHED[dose],
                        )
                        for dose, fall in falls.items()
                    ),
                ),
                height=380,
            )
        ],
        describe=[
            (
                f"{needed['two']} > 100",
                opening
                + f"A fall of {falls['one']:.0f} % needs a cut of {{{needed['one']}:0f}} %; "
                f"{falls['two']:.0f} % is more than stopping everything gives at this turnover: "
                "breakdown would have to be faster, or the area fell by more than the mass.",
            ),
            (
                None,
                opening + f"A fall of {falls['one']:.0f} % needs a cut of "
                f"{{{needed['one']}:0f}} %, {falls['two']:.0f} % one of {{{needed['two']}:0f}} %.",
            ),
        ],
        predict=asked("""
            Collagen turns over at {parameters/therapy.turnover.low} % per day, the low end of the
            published range. A treatment stops **all** deposition, at once and completely. After
            half a year collagen has fallen by at most
            * nearly everything: nothing new is laid down.
                right if fall_without_end > 80
            * about two thirds.
                right if (fall_without_end > 50) & (fall_without_end <= 80)
            * not even a third.
                right if fall_without_end < 33
                What lies there leaves at its own pace. Raise the turnover until the two published
                falls come within reach. Then look at the liver that had no therapy at all.
        """),
        presets=[
            Preset("slowest turnover, all stopped", {"turnover": 0.2, "deposition_cut": 1}),
            Preset("a quarter less, as published", {"turnover": 0.4, "deposition_cut": 0.49}),
            Preset("fastest turnover, half stopped", {"turnover": 0.6, "deposition_cut": 0.56}),
        ],
        equations=("pool",),
    )
