"""The functional reserve."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Chart,
    Curve,
    Draw,
    Explorable,
    Point,
    Preset,
    Slider,
    Sweep,
    Tissue,
)
from hepatica.cards.parts.shapes import asked, rules
from hepatica.models.acute import reserve_in_days
from hepatica.models.reserve import reserve

GRAM_PER_DECILITRE = 10  # in g/L
# hepatocyte mass at which the curve starts; bilirubin has no balance without any
NEARLY_NOTHING = 0.01
LARGEST_REST = 0.8  # after a smaller loss the stunning of the rest would be the whole story


def albumin_edges() -> tuple[float, float]:
    """Ends of the middle Child–Pugh band of albumin (g/L)."""
    row = ledger.number("scores/child-pugh-albumin-2")
    return row.low * GRAM_PER_DECILITRE, row.high * GRAM_PER_DECILITRE


def smallest_remnants() -> tuple[float, float]:
    """Smallest and largest of the minimal remnants (% of volume)
    that surgeons leave of a normal liver."""
    values = [
        ledger.number(f"physiology/remnant-{who}").value
        for who in ("vauthey", "shoup", "schindl", "kishi")
    ]
    return min(values), max(values)


def _band(x: tuple[float, float], y: tuple[float, float], role: str, label: str) -> Background:
    return Background([x[0], x[1], x[1], x[0]], [y[0], y[0], y[1], y[1]], role, label, "area")


GONE = "{100-mass:0f} % of the hepatocytes are gone and albumin settles at {albumin:1f} g/L"


@cache
def reserve_curve() -> Explorable:
    """How much hepatocyte mass can go before albumin leaves its reference range?"""
    normal, (third, second) = ledger.number("physiology/serum-albumin"), albumin_edges()
    healthy = ledger.number("parameters/reserve.albumin_normal").value
    bands = f"Child–Pugh bands ({third:g}, {second:g} g/L)"
    return Explorable(
        reserve,
        id="reserve-curve",
        title="What a blood test sees of the liver",
        question="How much of the liver must go before albumin leaves its reference range?",
        run=Sweep("H", NEARLY_NOTHING, 1, points=100),  # a point at every whole per cent
        controls=[Slider("H", low=NEARLY_NOTHING, high=1, step=0.01, value=0.6)],
        views=[
            Tissue(
                "A section of liver in which hepatocytes disappear as the slider falls; "
                "no scar is drawn.",
                states={
                    "H": "H",
                    "F": "0",
                    "M": "0",
                    "X": "0",
                    "CPA": str(ledger.number("parameters/tide.CPA_0").value),
                },
            ),
            Chart(
                "Albumin once it has settled",
                Axis("hepatocyte mass left", "% of healthy", 0, 100),
                Axis("albumin", "g/L", 0, 52),
                curves=(Curve("albumin", "the model", "hepatocyte", x="mass", dash="solid"),),
                points=(Point("mass", "albumin", "this liver", "accent", "circle", 13),),
                background=(
                    _band((0, 100), (normal.low, normal.high), "good", "reference range"),
                    _band(smallest_remnants(), (0, 52), "muted", "smallest remnant surgeons leave"),
                    Background([0, 100], [third, third], "muted", bands, dash="dash"),
                    Background([0, 100], [second, second], "muted", "", dash="dash"),
                    Background(
                        [0, 100], [0, healthy], "muted", "if albumin fell in step", dash="dot"
                    ),
                ),
                height=360,
            ),
        ],
        describe=[
            (
                f"(albumin >= {normal.low}) & (H >= 0.995)",
                ("All hepatocytes at work: albumin {albumin:0f} g/L."),
            ),
            (
                f"(albumin >= {normal.low - 0.15}) & (albumin <= {normal.low + 0.15})",
                GONE + ", just at the lower end of the reference range.",
            ),
            (
                f"albumin >= {normal.low}",
                GONE + (", inside the reference range. The blood test sees nothing."),
            ),
            (
                f"albumin >= {third}",
                GONE + (", below the reference range, in the second Child–Pugh band."),
            ),
            (None, GONE + ", in the third Child–Pugh band."),
        ],
        predict=Draw(
            "Take hepatocytes away for good, from the whole liver on the right to none on the left. "
            "Draw where albumin settles.",
            "albumin",
            rules(f"""
                guess_3 < {0.65 * healthy}
                    With half of the cells you draw {{guess_3:0f}} g/L: in step with the cells, as
                    if each made its share and no more. In the model it is {{model_3:0f}}: those that
                    remain make up for most. Flat where we feel safe, steep where it is late.
                guess_3 < {normal.low - 2}
                    With half of the cells you draw {{guess_3:0f}} g/L: a fall that a blood test
                    would show. In the model it is {{model_3:0f}}, still inside the reference
                    range: those that remain make up for most.
                guess_2 > {normal.low}
                    You keep it normal until nearly nothing is left. In the model a quarter of the
                    cells gives {{model_2:0f}} g/L: the reserve is large, and it ends.
                otherwise
                    Flat where we feel safe, steep where it is late: so does the model, with
                    {{model_3:0f}} g/L at half of the cells and {{model_2:0f}} at a quarter.
            """),
        ),
        presets=[
            Preset("healthy", {"H": 1}),
            Preset("60 % left", {"H": 0.6}),
            Preset("45 % left", {"H": 0.45}),
            Preset("a fifth left", {"H": 0.2}),
        ],
    )


@cache
def days_or_months() -> Explorable:
    """The same loss, overnight or over years: the reserve needs time to unfold."""
    return Explorable(
        reserve_in_days,
        id="days-or-months",
        title="The reserve needs months",
        question="The same number of cells is lost, once over years and once overnight. "
        "Is the work that is left the same?",
        run=Sweep("H", NEARLY_NOTHING, LARGEST_REST, points=80),
        controls=[
            Slider("H", low=NEARLY_NOTHING, high=LARGEST_REST, step=0.01, value=0.4),
            Slider("days", low=0, high=120, step=1, value=2),
        ],
        views=[
            Chart(
                "What the cells that are left make",
                Axis("hepatocyte mass left", "% of healthy", 0, 100),
                Axis("synthesis", "% of healthy", 0, 105),
                curves=(
                    Curve("months", "lost over years", "hepatocyte", x="mass", dash="solid"),
                    Curve("now", "lost overnight", "injury", x="mass", dash="dash"),
                ),
                points=(
                    Point("mass", "months", "slow", "hepatocyte", "circle", 13),
                    Point("mass", "now", "sudden", "injury", "diamond", 13),
                ),
                height=360,
            ),
        ],
        describe=[
            (
                "now > 0.93 * months",
                (
                    "{mass:0f} % of the cells left, day {days:0f}: {now:0f} % of the work, nearly the "
                    "{months:0f} % of a slow loss. The reserve has unfolded."
                ),
            ),
            (
                "now < mass",
                (
                    "{mass:0f} % of the cells left, day {days:0f}: {now:0f} % of the work, less than "
                    "the cells alone would say; those that live are stunned. After a slow loss: "
                    "{months:0f} %."
                ),
            ),
            (
                None,
                (
                    "{mass:0f} % of the cells left, day {days:0f}: {now:0f} % of the work, on the way "
                    "to the {months:0f} % of a slow loss."
                ),
            ),
        ],
        predict=asked("""
            In the model three fifths of the cells are gone. Over years this leaves
            {targets/acute-work-H0.4-months} % of the work. How much is left two days after the
            same loss overnight?
            * The same: the cells that are left are the same.
                right if now > 0.9 * months
                The reserve is taken for a store that is there at once. The cells are the same, and
                they have had no time to grow into the work.
            * As much as there are cells.
                right if (now <= 0.9 * months) & (now >= 0.9 * mass)
                Right that the reserve is missing. But those that live through the blow work less
                than before for some days.
            * Less than there are cells.
                right if now < 0.9 * mass
                In the model {targets/acute-work-H0.4-2d} %. The reserve is not a store: it unfolds
                over weeks, and just after the blow the cells that live are stunned.
        """),
        presets=[
            Preset("day 2", {"H": 0.4, "days": 2}),
            Preset("day 14", {"H": 0.4, "days": 14}),
            Preset("four months on", {"H": 0.4, "days": 120}),
        ],
        equations=("s", "share"),
    )
