"""Five levers on one liver."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Binding,
    Chart,
    Curve,
    Drawing,
    Explorable,
    Given,
    Mission,
    PlayHead,
    Preset,
    Run,
    Scenes,
    Slider,
    Switches,
)
from hepatica.cards.parts.frame import rounded
from hepatica.cards.parts.shapes import asked, rules
from hepatica.model import Model
from hepatica.models.therapy import ALL, LEVERS, SCHEDULES, at_first_infusion, therapy

HALF_YEAR, LAST_WEEKLY, TWO_YEARS = 180, 175, 730  # days
PER_DAY = 2  # reports a day: a signal that lives a day has a shape
NO_CELLS = {"infusions": 0, "held_days": 0}
SCENES = {
    "goes on": "ongoing",
    "gone today, soft scar": "stopped",
    "gone today, stiff scar": "locked",
}
SWITCHES = {
    "on_1": "1a calms: fewer macrophages recruited",
    "on_1b": "1b calms: macrophages switched to repair",
    "on_2": "2 supports repair",
    "on_3": "3 opens the microcirculation",
    "on_4": "4 wakes hepatocytes",
    "on_5": "5 removes scar cells",
}
DAYS = Axis("days", "", 0, TWO_YEARS)
# Title, read-out, colour role and range of the small charts, each with the same liver without
# cells.
OUTCOMES = (
    ("Scar (% of tissue)", "CPA", "collagen", 0, 30),
    ("Hepatocytes (% of healthy)", "mass", "hepatocyte", 0, 100),
    ("Gradient (mmHg)", "PSG", "blood", 0, 20),
    ("Albumin (g/L)", "A", "accent", 25, 45),
    ("Bilirubin (µmol/L)", "bilirubin_si", "bile", 0, 40),
)
# myofibroblasts per mL after two years: a tenth of the quorum of notebook 02, from which they come
# back
LET_GO = 1000
CLOSE = 0.5  # percentage points of collagen area; nearer than this the card calls two livers alike
FADED = 0.05  # infusions; below this nothing is at work any more


def therapy_with(**settings: float) -> Model:
    """The model with other start settings for parameters that a card does not offer as controls."""
    return therapy.starting(**rounded(settings))


def only(mechanisms: str) -> dict[str, float]:
    """Values that switch on these levers, such as "1 1b 5", and no others."""
    return {lever: float(lever.removeprefix("on_") in mechanisms.split()) for lever in LEVERS}


def _drawing() -> Drawing:
    """The map of the mechanisms: what is switched on is filled,
    what works at the play head glows."""
    marks = [
        Binding(f"{part}-{n}", "opacity", value, target=target)
        for n, on in LAMPS.items()
        for part, value, target in (
            ("lamp", on, (0, 1)),
            ("arm", on, (0.25, 1)),
            ("glow", f"{on} * w * Min(1, Z)", (0, 1)),
        )
    ]
    return Drawing(
        "mechanisms", bindings=(*marks, *CIRCUIT), title="Where each mechanism would have to act"
    )


LAMPS = {1: "Max(on_1, on_1b)"} | {n: f"on_{n}" for n in range(2, 6)}
INFLUX = "(1 - calmed) * A_0 * J / J_ref"
CIRCUIT = (
    Binding("injury", "opacity", "harm", (0, 0.002), (0, 1)),
    Binding("influx", "opacity", INFLUX, (0, 1e4), (0.12, 1)),
    Binding("monocytes", "opacity", INFLUX, (0, 1e4), (0.25, 1)),
    Binding("hepatocytes", "count", "mass", (0, 100), (0, 10)),
    Binding("regrowth", "stroke-width", "1 + woken", (1, 2), (5, 11)),
    Binding("tone", "stroke-width", "1 - epsilon", (0, 1), (1.5, 8)),
    Binding("macrophage", "scale", "M", (1e3, 1e6), (0.45, 1.05), "log"),
    Binding("myofibroblast", "scale", "F", (1e3, 1e6), (0.45, 1.05), "log"),
    Binding("removal", "stroke-width", "mu", (0.3, 2.3), (3, 12)),
    Binding("deposition", "stroke-width", "deposition", (0, 0.02), (0.5, 6)),
    Binding("collagen", "count", "CPA", (2, 36), (0, 24)),
)


def _small_multiples() -> list[Chart]:
    """The signal and the five outcomes in the two years after the first infusion."""
    signal = Chart(
        "Effect signal (infusions at work)",
        DAYS,
        Axis("", "", 0, 5),
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
    """The live sentence: both livers at the play head and after two years, then what that means."""
    numbers = (
        "Day {time:0f}: scar {CPA:1f} % (without cells {CPA_without:1f} %), "
        "albumin {A:1f} g/L ({A_without:1f}). After two years: "
        "scar {CPA_end:1f} % ({CPA_without_end:1f} %). "
    )
    apart, apart_end = "Abs(CPA - CPA_without)", "Abs(CPA_end - CPA_without_end)"
    alike = f"({apart} < {CLOSE}) & ({apart_end} < {CLOSE})"
    less, faded = "(CPA_end < CPA_without_end)", f"(Z_end < {FADED})"
    ongoing, alone = "(injury_years > 0)", f"(F_without_end < {LET_GO})"
    verdicts = {
        f"{alone} & {alike}": "The scar falls, and without cells it falls just as far.",
        f"{alike} & (A - A_without > {CLOSE})": "Better blood, the same scar.",
        alike: "By their scar the two livers are hardly to be told apart.",
        f"{ongoing} & {less} & ({apart_end} < {apart}) & {faded}": (
            "It worked while it lasted; the cause goes on, and the scar comes back."
        ),
        f"{ongoing} & {less} & {faded}": (
            "Less scar for now; but the cause goes on, and nothing is at work against it any more."
        ),
        f"{ongoing} & {less}": "It works as long as it is kept up; the cause goes on.",
        f"{alone} & {less}": "The scar falls faster; without cells it goes as well.",
        f"{less} & {faded} & (F_end < {LET_GO})": (
            "The myofibroblasts have let go. What they leave drains slowly, over years."
        ),
        f"{less} & {faded}": (
            "Less scar for now. But {F_end:2s} myofibroblasts per mL are left, enough to make it "
            "again."
        ),
        less: "Less scar, as long as something still acts.",
    }
    nothing = (
        "Nothing is switched on: day {time:0f}, scar {CPA:1f} %; after two years {CPA_end:1f} %. "
        "This is the liver without cells."
    )
    off = f"({' + '.join(LEVERS)} < 1) | (w < 0.005)"
    return [
        (off, nothing),
        *((when, numbers + words) for when, words in verdicts.items()),
        (None, numbers),
    ]


def _preset(label: str, scenario: str, schedule: str, tau: float, mechanisms: str) -> Preset:
    """A preset of the card of levers: the cause, how often, how long an effect persists,
    which levers are on."""
    course = {"spacing": 7, **SCHEDULES[schedule], "tau": tau, "w": 1}
    course["head"] = PER_DAY * LAST_WEEKLY + 1 if schedule == "weekly" else PER_DAY * HALF_YEAR
    return Preset(label, {**rounded(at_first_infusion(scenario)), **course, **only(mechanisms)})


def _let_go() -> Mission:
    """A stiff scar freed by an effect that dies with the cell."""
    freed = f"(F_end < {LET_GO}) & (F_without_end >= {LET_GO})"
    return Mission(
        "The cause of a **stiff scar** is gone; the effect dies with the cell, after **one day**. "
        "With at most **ten** infusions make its myofibroblasts let go for good.",
        reached=f"{freed} & (injury_years <= 0) & (tau <= 1) & (infusions <= 10)",
        done="They have let go, with {infusions:0f} infusions of one day: {F_end:2s} per mL are "
        "left. Where a lock holds them a short course may do, if it comes close together. Nobody "
        "can yet tell in a patient whether there is such a lock.",
        fails=rules(f"""
            injury_years > 0
                The cause goes on: whatever you remove, it makes again.
            F_without_end < {LET_GO}
                This scar is soft: its cells let go without any infusion. That was no task.
            (tau > 1) & (F_end < {LET_GO})
                They let go; but your effect outlives the cell: {{tau:1f}} days. Who has shown that?
            (infusions > 10) & (F_end < {LET_GO})
                They let go, after {{infusions:0f}} infusions. Ten must do.
        """),
        far="{F_end:2s} myofibroblasts per mL after two years: between your infusions they grow "
        "back, or nothing that is switched on removes them.",
        start={
            **rounded(at_first_infusion("locked")),
            **only("1"),
            "infusions": 4,
            "spacing": 30,
            "tau": 1,
            "w": 0.5,
        },
    )


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
        run=Run(TWO_YEARS, points=PER_DAY * TWO_YEARS + 1),
        head=PlayHead(start=PER_DAY * HALF_YEAR, seconds=10),
        without=NO_CELLS,
        controls=[
            Scenes({label: at_first_infusion(name) for label, name in SCENES.items()}, "The cause"),
            Switches(SWITCHES, "Mechanisms", on=SWITCHES),
            Slider("infusions", "infusions", low=1, high=26, step=1),
            Given("spacing", "one every", {1: "day", 7: "7 days", 30: "30 days"}, step=1),
            Slider("tau", "the effect of one persists", low=0.5, high=30),
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
                right if CPA < 19.47
                “Many levers, much effect.” All five pull for a day or two; the scar is the work of
                decades.
            * {targets/therapy-all-one-cpa-180d} %: as good as no difference.
                right if (CPA >= 19.47) & (CPA < 19.74)
                The effect is gone in days, the collagen stays for years. Now repeat it every week;
                then let the cause be gone, and watch the *dashed* curve.
            * {targets/therapy-cpa-none-ongoing-180d} %: to the tenth what it would have been.
                right if CPA >= 19.74
                “Gone in a day is as if it had never been.” Nearly: a tenth of a point is left, and
                no biopsy would see it. Now repeat it every week.
        """),
        presets=[
            _preset("one infusion", "ongoing", "one", 1, ALL),
            _preset("three, a month apart", "ongoing", "monthly", 1, ALL),
            _preset("weekly for half a year", "ongoing", "weekly", 1, ALL),
            _preset("better blood only", "ongoing", "weekly", 7, "3 4"),
            _preset("a cause that is gone", "stopped", "weekly", 1, ALL),
            _preset("a scar held awake", "locked", "one", 7, "5"),
        ],
        mission=_let_go(),
        why=("CPA", "PSG"),
        equations=(
            "S",
            "calmed",
            "turned",
            "spared",
            "epsilon",
            "woken",
            "removal",
            "r",
            "harm",
            "H",
            "F",
            "M",
            "R",
            "P_s",
        ),
    )
