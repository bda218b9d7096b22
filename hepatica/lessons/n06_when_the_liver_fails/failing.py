"""The pace of blood tests, and five consequences."""

from __future__ import annotations

from functools import cache

from hepatica.cards import (
    Axis,
    Binding,
    Chart,
    Choice,
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
from hepatica.models.blood_tests import blood_tests
from hepatica.models.dashboard import dashboard

from .portal import (
    ALBUMIN_LIMIT,
    AMMONIA_LIMIT,
    BLEEDING,
    HYPERTENSION,
    SCARRED,
    SIGNIFICANT,
    TARGET,
    VARICES,
    known,
)

MICROMOLES = 17.1  # µmol/L of bilirubin in 1 mg/dL
FOREVER = 10_000  # days; stands for a loss for good, see data/parameters.csv


@cache
def first_to_fall() -> Explorable:
    """After a sudden loss each test falls at its own pace: its half-life decides,
    not its importance."""
    tests = (
        "factor VII {VII:0f} %, factor II {II:0f} %, albumin {albumin_share:0f} % of healthy "
        "({A:0f} g/L)"
    )
    return Explorable(
        blood_tests,
        id="first-to-fall",
        title="A test is as fast as its protein is short-lived",
        question="All three proteins lose their makers on the same day. "
        "Why do they not fall together?",
        run=Run(28, points=169),
        head=PlayHead(start=12, seconds=10),
        controls=[
            Slider("lost", low=0, high=0.95, step=0.01, value=0.8),
            Choice(
                "loss_days", {"for good": FOREVER, "5 days": 5}, "the loss lasts", value=FOREVER
            ),
        ],
        views=[
            Chart(
                "Three proteins that only hepatocytes make",
                Axis("time since the loss", "days", 0, 28),
                Axis("left", "% of healthy", 0, 105),
                curves=(
                    Curve("albumin_share", "albumin", "hepatocyte", dash="solid"),
                    Curve("II", "factor II", "myofibroblast", dash="dash"),
                    Curve("VII", "factor VII", "therapy", dash="solid"),
                    Curve("mass", "hepatocytes left", "injury"),
                ),
                head=True,
                height=380,
            ),
        ],
        describe=[
            ("lost < 0.01", "Day {time:1f}: nothing is lost and nothing falls."),
            (
                "time > loss_days",
                "Day {time:1f}, cells back: "
                + tests
                + (". Factor VII has caught up first, albumin is the last to tell."),
            ),
            (
                "(VII < 90) & (albumin_share > 90)",
                "Day {time:1f}: "
                + tests
                + (". The clotting factor tells of the loss, albumin still hides it."),
            ),
            (
                "albumin_share - VII < 4",
                "Day {time:1f}: " + tests + (". By now all tell the same story."),
            ),
            (None, "Day {time:1f}: " + tests + "."),
        ],
        predict=asked("""
            A poison kills 80 % of the hepatocytes overnight. On day 2, which test has fallen most?
            * Albumin: it is the liver's main product.
                right if (albumin_share < VII) & (albumin_share < II)
            * Factor VII.
                right if (VII < II) & (VII < albumin_share)
                Half of it is gone in
                {physiology/factor-vii-half-life.low}–{physiology/factor-vii-half-life.high} hours,
                half of the albumin only after about {physiology/albumin-half-life} days. Press
                Play.
            * All by the same share: the same cells make them.
                right if (VII >= albumin_share) & (VII <= albumin_share)
        """),
        presets=[
            Preset("80 % lost", {"lost": 0.8, "loss_days": FOREVER, "head": 12}),
            Preset("80 % lost for 5 days", {"lost": 0.8, "loss_days": 5, "head": 48}),
            Preset("40 % lost", {"lost": 0.4, "loss_days": FOREVER, "head": 12}),
        ],
        equations=("VII", "II", "A"),
    )


# Our rule for ascites: pressure that pushes, and too little albumin to hold.
ASCITES = f"Min(PSG - {TARGET}, {ALBUMIN_LIMIT} - albumin)"
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
    "metabolism": (f"{MICROMOLES} * bilirubin", 0, 40, "0f", " µmol/L"),
    "pressure": ("PSG", 0, 25, "1f", " mmHg"),
}


def deaths(stage: int) -> float:
    """Per cent of patients in a clinical stage (1 to 5)
    who died within five years (D'Amico 2014)."""
    key = f"five-year-mortality-by-prognostic-stage-damico-2014-stage-{stage}-death-mostly-hcv-damico2014"
    return known(f"natural_history/{key}")


def _dashboard_bindings() -> tuple[Binding, ...]:
    """Bars and values of four read-outs, lamps and shares of four stages."""
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
    return (*bars, *values, *lamps, *shares)


@cache
def five_consequences() -> Explorable:
    """Scar and hepatocytes in, the article's five consequences out."""
    numbers = "ammonia {ammonia:0f} µmol/L, albumin {albumin:0f} g/L, gradient {PSG:1f} mmHg"
    return Explorable(
        dashboard,
        id="five-consequences",
        title="Five consequences, two causes",
        question="Move the scar alone, then the hepatocytes alone. "
        "Which of the five listen to which?",
        run=Sweep("CPA", 2, 60, points=59),
        controls=[
            Slider("CPA", "collagen area", step=1, value=SCARRED),
            Slider("H", low=0.1, high=1, step=0.01, value=1),
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
                (
                    f"(PSG <= {HYPERTENSION}) & (albumin >= {ALBUMIN_LIMIT}) & (ammonia <= "
                    f"{AMMONIA_LIMIT})"
                ),
                "All quiet: " + numbers + ".",
            ),
            (
                f"(PSG >= {SIGNIFICANT}) & (albumin >= {ALBUMIN_LIMIT})",
                "Scar without much loss: "
                + numbers
                + ". {bypass:0f} % of the blood goes uncleaned, "
                "while the proteins look well.",
            ),
            (
                f"(PSG < {SIGNIFICANT}) & (albumin < {ALBUMIN_LIMIT})",
                "Loss without much scar: "
                + numbers
                + (". The proteins fall; the pressure does not know of it."),
            ),
            (
                f"(PSG >= {SIGNIFICANT}) & (albumin < {ALBUMIN_LIMIT})",
                "Scar and loss together: "
                + numbers
                + (". Shunt and missing cells add up in the ammonia."),
            ),
            (None, "Early changes: " + numbers + "."),
        ],
        predict=Predict(
            "A heavily scarred liver in which **every hepatocyte is still at work**. "
            "Which consequences does it show?",
            (
                (
                    "Portal hypertension only: the cells do everything else.",
                    f"(PSG > {SIGNIFICANT}) & (ammonia <= {AMMONIA_LIMIT})",
                    "",
                ),
                (
                    "Portal hypertension, and toxins in the blood.",
                    (
                        f"(PSG > {SIGNIFICANT}) & (ammonia > {AMMONIA_LIMIT}) & (albumin >= "
                        f"{ALBUMIN_LIMIT})"
                    ),
                    (
                        "Blood that takes the shunt never meets the hepatocytes, "
                        "however healthy they are."
                    ),
                ),
                (
                    "All five: scar is scar.",
                    (f"(ammonia > {AMMONIA_LIMIT}) & (albumin < {ALBUMIN_LIMIT})"),
                    "",
                ),
            ),
        ),
        presets=[
            Preset("healthy", {"CPA": 2, "H": 1, "collaterals": 1, "tips": 0}),
            Preset("scar alone", {"CPA": SCARRED, "H": 1, "collaterals": 1, "tips": 0}),
            Preset("loss alone", {"CPA": 2, "H": 0.3, "collaterals": 1, "tips": 0}),
            Preset("both", {"CPA": SCARRED, "H": 0.3, "collaterals": 1, "tips": 0}),
            Preset("both, with a stent", {"CPA": SCARRED, "H": 0.3, "collaterals": 1, "tips": 1}),
        ],
        equations=("R_L", "P_s", "sigma", "s", "E", "N"),
    )
