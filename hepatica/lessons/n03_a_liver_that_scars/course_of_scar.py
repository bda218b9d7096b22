"""The course of a scar."""

from __future__ import annotations

from functools import cache

import numpy as np

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Choice,
    Curve,
    Explorable,
    PlayHead,
    Point,
    Preset,
    Run,
    Slider,
    Tissue,
)
from hepatica.cards.parts.shapes import asked, rules
from hepatica.models.liver import liver

SCARRED = "F_end > 1e5"
COLLAGEN = Axis("collagen area", "% of tissue", 0, 40)
BOTH_COLLAGENS = (
    Curve("CPA", "all collagen", "collagen", dash="solid"),
    Curve("X", "of it cross-linked", "crosslinked"),
)
CAUSE_STOPS = Point("injury_years", "CPA_max", "the cause stops", "injury", "diamond", 12)
DONOR_DAYS = {"1w": 7, "2w": 14, "1m": 30, "3m": 91, "6m": 182, "12m": 365}


def stops(years: dict[str, float], **more: float) -> list[Preset]:
    """Presets that set the year in which the cause stops,
    and `more` values such as the play head."""
    return [Preset(label, {"injury_years": stop} | more) for label, stop in years.items()]


@cache
def years_of_injury() -> Explorable:
    """Ten years of a steady injury: the tissue, its collagen and its hepatocytes under one play
    head."""
    time = Axis("time", "years", 0, 10)
    mass = Axis("hepatocytes", "% of healthy", 0, 105)
    return Explorable(
        liver.starting(injury_years=10),
        id="years-of-injury",
        title="A weak injury, for a long time",
        question="Press Play. When does the red grow fastest, and what becomes of the hepatocytes "
        "meanwhile?",
        run=Run(10, "years", points=121),
        head=PlayHead(start=0, seconds=12),
        controls=[
            Slider(
                "d",
                "hepatocytes dying of the injury",
                low=0,
                high=0.01,
                step=0.0001,
                value=0.001,
                units={"% a day": 100},
            )
        ],
        views=[
            Tissue(
                title="The tissue in picrosirius colours: the red share of the picture is the "
                "collagen area",
                alt="Drawn section of liver. Collagen is red, cross-linked collagen dark red. "
                "Both grow around the vessels, then join into walls, "
                "while tan hepatocytes are lost.",
            ),
            Chart("Collagen area", time, COLLAGEN, curves=BOTH_COLLAGENS, head=True, height=272),
            Chart(
                "Hepatocyte mass",
                time,
                mass,
                curves=(Curve("mass", "hepatocytes", "hepatocyte", dash="solid"),),
                head=True,
                height=272,
            ),
        ],
        describe=rules("""
            (time < 0.01) & (CPA_end > 4)
                Year 0, a healthy liver. Ten years of this injury will raise the collagen area from
                {CPA_start:1f} % to {CPA_end:1f} % and leave {100*H_end:0f} % of the hepatocytes.
                Press Play.
            CPA_max < 4
                Year {time:1f}: collagen area {CPA:1f} %. This injury is too weak to start a scar;
                the liver keeps up.
            otherwise
                Year {time:1f}: collagen covers {CPA:1f} % of the tissue ({X:1f} % cross-linked);
                {100*H:0f} % of the hepatocytes are left.
        """),
        predict=asked("""
            If 0.5 % of the hepatocytes die every day, ten years bring the collagen area to
            {targets/liver-cpa-d0.005-10y} %. Now **a fifth** of that: 0.1 % a day, for ten years.
            The collagen area ends
            * at about a fifth of the scar, near 8 %.
                right if (CPA_end > 4) & (CPA_end < 14)
            * much higher, near 24 %.
                right if CPA_end > 20
                The two cells hold each other up once they are there: the injury starts the circuit,
                it hardly sets its strength. Press Play; then find an injury that is too weak to
                start it.
            * near the healthy 2 %: so weak an injury is repaired.
                right if CPA_end < 4
        """),
        presets=[Preset(f"{100 * d:g} % a day", {"d": d}) for d in (0.0005, 0.001, 0.005)],
        equations=("H", "F", "M", "C", "X"),
    )


@cache
def stop_the_cause() -> Explorable:
    """The cause is stopped early or late; the tissue is followed for years."""
    gone = (
        "Year {time:1f}, {time - injury_years:1f} years without the cause: "
        "collagen {CPA:1f} %, down from {CPA_max:1f} %"
    )
    return Explorable(
        liver,
        id="stop-the-cause",
        title="When the cause is gone",
        question="Stop the cause earlier. Which scar fades, which one stays, "
        "and which takes years to decide?",
        run=Run(16, "years", points=161),
        head=PlayHead(start=30, seconds=12),
        controls=[
            Slider("injury_years", "the cause stops after", low=0.2, high=6, step=0.05, value=3)
        ],
        views=[
            Tissue(
                title="The same tissue, before and after the cause is stopped",
                alt="Drawn section of liver that scars while the injury lasts and then clears or "
                "stays scarred.",
            ),
            Chart(
                "Collagen area",
                Axis("time", "years", 0, 16),
                COLLAGEN,
                curves=BOTH_COLLAGENS,
                points=(CAUSE_STOPS,),
                head=True,
                height=280,
            ),
        ],
        describe=[
            (
                "time < injury_years + 0.01",
                (
                    "Year {time:1f}: so far the injury goes on. Collagen covers {CPA:1f} % of the "
                    "tissue; {100*H:0f} % of the hepatocytes are left."
                ),
            ),
            (SCARRED, gone + ". {F:2s} myofibroblasts per mL stay at work: the scar keeps itself."),
            ("CPA > 3", gone + ", and falling; {100*H:0f} % of the hepatocytes."),
            (
                None,
                gone + ". The scar is nearly gone and {100*H:0f} % of the hepatocytes are back.",
            ),
        ],
        predict=asked("""
            The injury lasts **three years**, then the cause is gone for good. Thirteen years later
            * the scar is gone: what caused it has been removed.
                right if CPA_end < 5
            * about half of the scar is left and it goes on fading.
                right if (CPA_end >= 5) & (CPA_end < 17)
            * most of the scar is still there, although nothing injures the liver.
                right if CPA_end >= 17
                Some young collagen goes, then nothing more. Press *Keep this run*, then stop at two
                years, and at one.
        """),
        presets=stops({"1 year": 1, "2 years": 2, "3 years": 3}, head=160),
        equations=("F", "C", "X"),
    )


@cache
def donors() -> Explorable:
    """Regrowth after donation: the model as a line, the donors of Aoki 2011 as points."""
    volumes = [ledger.number(f"targets/published-donor-volume-{when}").value for when in DONOR_DAYS]
    remnant = ledger.number("targets/published-donor-remnant").value / 100
    volume = Axis("liver", "% of the old volume", 30, 105)
    return Explorable(
        liver.starting(H_0=remnant, injury_years=0),
        id="donors",
        title="Right after a month, too complete after a year",
        question="Donors gave away more than half of a healthy liver. "
        "Which regrowth rate meets all six points?",
        run=Run(365, points=147),
        controls=[Slider("rho", step=0.0005)],
        views=[
            Chart(
                "Liver after donation",
                Axis("time", "days", 0, 370),
                volume,
                curves=(Curve("mass", "the model", "hepatocyte", dash="solid"),),
                background=(
                    Background(
                        list(DONOR_DAYS.values()), volumes, "ink", "donors (Aoki 2011)", "points"
                    ),
                ),
            )
        ],
        describe=[
            (
                None,
                (
                    "Regrowth {rho:2s} per day: after a year the model has {mass_end:0f} % "
                    f"of the old liver; the donors had {ledger.plain(volumes[-1])} %."
                ),
            )
        ],
        presets=[Preset("as in the course", {"rho": 0.03})],
        equations=("H",),
    )


@cache
def macrophages_away() -> Explorable:
    """For the exercises: macrophages are absent for sixty days,
    during the injury or during recovery."""
    model = liver.starting(injury_years=0.5)
    days = np.linspace(0, 540, 109)
    left = model.simulate(at=days)["CPA"]
    away = (("during the injury", 120), ("right after it", 185))
    return Explorable(
        model,
        id="macrophages-away",
        title="The same act, early or late, in the liver",
        question="Half a year of injury. Take all macrophages away for sixty days: "
        "when does it help or harm?",
        run=Run(540, points=181),
        controls=[
            Slider(
                "removal_day", "macrophages are taken away from", low=0, high=400, step=5, value=120
            ),
            Choice(
                "removal_days", {"leave them": 0, "sixty days without": 60}, "macrophages", value=60
            ),
        ],
        views=[
            Chart(
                "Collagen area",
                Axis("time", "days", 0, 540),
                Axis("collagen area", "% of tissue", 0, 10),
                curves=(Curve("CPA", "this run", "collagen", dash="solid"),),
                background=(
                    Background([0, 182.5, 182.5, 0], [0, 0, 10, 10], "injury", "injury", "area"),
                    Background(days, left, "muted", "macrophages left in place", "line", "dash"),
                ),
            )
        ],
        describe=[
            (
                "removal_days < 1",
                (
                    "Macrophages left in place: collagen peaks at {CPA_max:1f} % and is "
                    "{CPA_end:1f} % on day 540."
                ),
            ),
            (
                None,
                (
                    "Macrophages absent from day {removal_day:0f} to day {removal_day + "
                    "removal_days:0f}: collagen peaks at "
                    f"{{CPA_max:1f}} % (left in place: {left.max():.1f} %) and is {{CPA_end:1f}} "
                    f"% on day 540 (left in place: {left.iloc[-1]:.1f} %)."
                ),
            ),
        ],
        presets=[Preset(label, {"removal_day": day, "removal_days": 60}) for label, day in away],
        equations=("F", "M", "C", "r", "delta"),
    )
