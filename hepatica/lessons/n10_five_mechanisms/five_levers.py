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
    PlayHead,
    Preset,
    Run,
    Scenes,
    Slider,
    Switches,
)
from hepatica.cards.parts.frame import rounded
from hepatica.cards.parts.shapes import asked
from hepatica.model import Model
from hepatica.models.therapy import LEVERS, SCHEDULES, at_first_infusion, therapy

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
