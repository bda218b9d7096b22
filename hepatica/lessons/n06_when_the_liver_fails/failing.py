"""The pace of blood tests, and five consequences."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Binding,
    Chart,
    Curve,
    Drawing,
    Explorable,
    PlayHead,
    Predict,
    Preset,
    Run,
    Slider,
    Sweep,
    Toggle,
)
from hepatica.cards.parts.shapes import asked
from hepatica.models.acute import acute_loss
from hepatica.models.dashboard import TWO_PATIENTS, dashboard

from .portal import (
    ALBUMIN_LIMIT,
    AMMONIA_LIMIT,
    BLEEDING,
    HYPERTENSION,
    SCARRED,
    SIGNIFICANT,
    VARICES,
    known,
)

MICROMOLES = 17.1  # µmol/L of bilirubin in 1 mg/dL
LEAST_LOSS = 0.2  # below it the stunning of the rest would be the whole story


@cache
def first_to_fall() -> Explorable:
    """After a sudden loss each test falls at its own pace: its half-life decides,
    not its importance."""
    tests = (
        "factor VII {f7:0f} %, factor V {f5:0f} %, factor II {f2:0f} %, albumin "
        "{albumin_share:0f} % of healthy, INR {INR:1f}"
    )
    return Explorable(
        acute_loss,
        id="first-to-fall",
        title="A test is as fast as its protein is short-lived",
        question="All these proteins lose their makers on the same day. "
        "Why do they not fall together?",
        run=Run(28, points=169),
        head=PlayHead(start=12, seconds=10),
        controls=[Slider("lost", low=LEAST_LOSS, high=0.95, step=0.01, value=0.8)],
        views=[
            Chart(
                "Four proteins that only hepatocytes make",
                Axis("time since the loss", "days", 0, 28),
                Axis("left", "% of healthy", 0, 105),
                curves=(
                    Curve("albumin_share", "albumin", "hepatocyte", dash="solid"),
                    Curve("f2", "factor II", "myofibroblast", dash="dash"),
                    Curve("f5", "factor V", "blood", dash="dashdot"),
                    Curve("f7", "factor VII", "therapy", dash="solid"),
                    Curve("mass", "hepatocytes left", "injury"),
                ),
                head=True,
                height=380,
            ),
        ],
        describe=[
            (
                "(f7 < 90) & (albumin_share > 90)",
                "Day {time:1f}: "
                + tests
                + ". The clotting factors tell of the loss, albumin still hides it.",
            ),
            (
                "(f7 > f2) & (time > 1)",
                "Day {time:1f}: "
                + tests
                + ". Factor VII tells of today, factor II of last week, albumin of last month.",
            ),
            (None, "Day {time:1f}: " + tests + "."),
        ],
        predict=asked("""
            In the model a poison kills 80 % of the hepatocytes overnight. On day 2, which test has
            fallen most?
            * Albumin: it is the liver's main product.
                right if (albumin_share < f7) & (albumin_share < f2)
                What there is most of is thought to tell first. A protein can only fall as fast as
                it disappears, and half of the albumin is still there after about
                {physiology/albumin-half-life} days.
            * Factor VII.
                right if (f7 < f5) & (f7 < f2) & (f7 < albumin_share)
                Half of it is gone in
                {physiology/factor-vii-half-life.low}–{physiology/factor-vii-half-life.high} hours,
                half of the albumin only after about {physiology/albumin-half-life} days. Press
                Play.
            * All by the same share: the same cells make them.
                right if (f7 >= albumin_share) & (f7 <= albumin_share)
                One cause is taken for one pace. The makers stop together; what is in the blood
                already goes at a pace of its own.
        """),
        presets=[
            Preset("80 % lost", {"lost": 0.8, "head": 12}),
            Preset("80 % lost, four weeks on", {"lost": 0.8, "head": 168}),
            Preset("40 % lost", {"lost": 0.4, "head": 12}),
        ],
        equations=("f7", "f2", "Alb", "share"),
    )


ASCITES = "ascites_margin"  # the model's rule: pressure and wide arteries, no condition on albumin
BLEEDS = f"Min(shunt_share - {VARICES}, PSG - {BLEEDING})"
LIT = {  # stage of D'Amico 2014, without the first (no varices): lit where this is positive
    2: f"shunt_share - {VARICES}",
    3: BLEEDS,
    4: ASCITES,
    5: f"Min({BLEEDS}, {ASCITES})",
}
BARS = {  # read-out and the ends of its drawn scale
    "toxins": ("ammonia", 0, 150, "0f", " µmol/L"),
    "proteins": ("albumin", 0, 50, "0f", " g/L"),
    "metabolism": (f"{MICROMOLES} * bilirubin", 0, 150, "0f", " µmol/L"),
    "pressure": ("PSG", 0, 25, "1f", " mmHg"),
}
CHAIN = {  # from pressure to fluid: read-out, and where its box is full
    "arteries": ("vasodilatation", 1.5),
    "salt": ("drive", 1.5),
    "thinned": ("thin - 1", 0.15),
}


def deaths(stage: int) -> float:
    """Per cent of patients in a clinical stage (1 to 5)
    who died within five years (D'Amico 2014)."""
    key = f"five-year-mortality-by-prognostic-stage-damico-2014-stage-{stage}-death-mostly-hcv-damico2014"
    return known(f"natural_history/{key}")


def _dashboard_bindings() -> tuple[Binding, ...]:
    """Bars and values of four read-outs, the chain to fluid, lamps and shares of four stages."""
    bars = [
        Binding(f"{name}-bar", "--level", read, (low, high), (0.004, 1))
        for name, (read, low, high, *_) in BARS.items()
    ]
    values = [
        Binding(f"{name}-value", "text", read, style=style, suffix=unit)
        for name, (read, _, _, style, unit) in BARS.items()
    ]
    lamps = [
        Binding(f"lamp-{stage}", "opacity", rule, (0, 1e-6), (0, 1)) for stage, rule in LIT.items()
    ]
    shares = [Binding(f"death-{stage}", "text", str(deaths(stage)), suffix=" %") for stage in LIT]
    chain = [
        Binding(f"{part}-on", "opacity", read, (0, most), (0, 1))
        for part, (read, most) in CHAIN.items()
    ]
    inr = Binding("inr-value", "text", "INR", style="1f")
    return (*bars, *values, inr, *chain, *lamps, *shares)


OPEN = {"collaterals": 1, "tips": 0}
BOTH = {"CPA": SCARRED, "H": 0.3}


@cache
def five_consequences() -> Explorable:
    """Scar and hepatocytes in, the article's five consequences out."""
    numbers = "gradient {PSG:1f} mmHg, ammonia {ammonia:0f} µmol/L, albumin {albumin:0f} g/L, INR {INR:1f}"
    well, ill = f"(albumin >= {ALBUMIN_LIMIT})", f"(albumin < {ALBUMIN_LIMIT})"
    return Explorable(
        dashboard,
        id="five-consequences",
        title="Five consequences, two causes",
        question="Move the scar alone, then the hepatocytes alone. "
        "Which of the five listen to which?",
        run=Sweep("CPA", 2, 60, points=59),
        controls=[
            Slider("CPA", "collagen area", step=1, value=SCARRED),
            Slider("H", low=0.15, high=1, step=0.01, value=1),
            Toggle("collaterals", 1, 0),
            Toggle("tips", 1, 0, "stent (TIPS)"),
        ],
        views=[Drawing("consequences", bindings=_dashboard_bindings())],
        describe=[
            (
                "tips > 0.5",
                "With a stent: " + numbers + "; {bypass:0f} % of portal blood passes the liver by. "
                "This ammonia is known to be too high: in patients muscle and kidney adapt.",
            ),
            (
                f"(PSG <= {HYPERTENSION}) & {well} & (ammonia <= {AMMONIA_LIMIT})",
                "All quiet: " + numbers + ".",
            ),
            (
                f"(ascites_margin >= 0) & {well}",
                "Pressure, and no loss that albumin shows: "
                + numbers
                + ". The proteins look well, and ascites is within reach: it asks for pressure and "
                "wide arteries.",
            ),
            (
                f"(PSG >= {SIGNIFICANT}) & {well}",
                "Scar, and no loss that albumin shows: "
                + numbers
                + ". {bypass:0f} % of the blood goes uncleaned, while the proteins look well.",
            ),
            (
                f"(ascites_margin < 0) & (PSG < {SIGNIFICANT}) & {ill}",
                "Loss without much scar: "
                + numbers
                + ". The proteins fall and no ascites is within reach, however low the albumin.",
            ),
            (
                f"(PSG >= {SIGNIFICANT}) & {ill} & (bypass >= 1)",
                "Scar and loss together: "
                + numbers
                + ". Shunt and missing cells add up in the ammonia.",
            ),
            (
                f"(PSG >= {SIGNIFICANT}) & {ill}",
                "Scar and loss together, no shunt: "
                + numbers
                + ". The ammonia comes from the missing cells alone.",
            ),
            (None, "Early changes: " + numbers + "."),
        ],
        predict=Predict(
            "In the model: a heavily scarred liver in which **every hepatocyte is still at work**. "
            "Which consequences does it show?",
            (
                (
                    "Portal hypertension only: the cells do everything else.",
                    f"(PSG > {SIGNIFICANT}) & (ammonia <= {AMMONIA_LIMIT})",
                    (
                        "A healthy cell is taken for a cell that is reached. What the shunt takes "
                        "past it, it cannot clean."
                    ),
                ),
                (
                    "Portal hypertension, and toxins in the blood.",
                    f"(PSG > {SIGNIFICANT}) & (ammonia > {AMMONIA_LIMIT}) & {well}",
                    (
                        "Blood that takes the shunt never meets the hepatocytes, "
                        "however healthy they are."
                    ),
                ),
                (
                    "All five: scar is scar.",
                    f"(ammonia > {AMMONIA_LIMIT}) & {ill}",
                    (
                        "Scar is taken for lost cells. Here nothing is lost, and the INR is that of "
                        "a healthy liver; albumin is only diluted."
                    ),
                ),
            ),
        ),
        presets=[
            Preset("healthy", {"CPA": 2, "H": 1, **OPEN}),
            *(Preset(name, {**liver, **OPEN}) for name, liver in TWO_PATIENTS.items()),
            Preset("both", {**BOTH, **OPEN}),
            Preset("both, with a stent", {**BOTH, **OPEN, "tips": 1}),
        ],
        equations=("R_L", "P_s", "sigma", "s", "f", "w", "Alb", "U", "B", "drive", "N"),
    )


LIVERS = {"healthy": {"CPA": 2, "H": 1}, **TWO_PATIENTS, "both": BOTH}
"""Four livers: scar (% of area) and hepatocyte mass (share of healthy)."""

READ_OUTS = {
    "gradient, mmHg": ("PSG", 1, 1),
    "portal blood past the liver, %": ("bypass", 1, 0),
    "ammonia, µmol/L": ("ammonia", 1, 0),
    "albumin, g/L": ("albumin", 1, 1),
    "INR": ("INR", 1, 1),
    "bilirubin, µmol/L": ("bilirubin", MICROMOLES, 0),
}
"""Name and unit of a read-out: its symbol, a factor and its decimals."""


def side_by_side() -> list[tuple[str, ...]]:
    """The scar and the cells of the four livers and their read-outs, row by row; ascites last."""
    made = [
        ("scar, % of area", *(f"{liver['CPA']:.0f}" for liver in LIVERS.values())),
        ("hepatocytes, % of healthy", *(f"{100 * liver['H']:.0f}" for liver in LIVERS.values())),
    ]
    runs = [dashboard.evaluate(**liver) for liver in LIVERS.values()]
    rows = [
        (name, *(f"{run[read] * factor:.{decimals}f}" for run in runs))
        for name, (read, factor, decimals) in READ_OUTS.items()
    ]
    return [*made, *rows, ("ascites", *("yes" if run[ASCITES] >= 0 else "no" for run in runs))]
