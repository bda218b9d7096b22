"""Cards of notebook 06: the portal circulation, its treatment, the pace of blood tests,
and five consequences."""

from __future__ import annotations

from functools import cache

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
    PlayHead,
    Point,
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
from hepatica.models.portal import PATIENTS, scar_of, treated_portal

MICROMOLES = 17.1  # µmol/L of bilirubin in 1 mg/dL
FOREVER = 10_000  # days; stands for a loss for good, see data/parameters.csv
UNITS_PER_LITRE = 50  # the drawing of the portal circulation: 1 L/min is this wide
LOOPS = 5  # ways through the drawn liver, each with a fifth of the flow
SEPTA = 48  # red strokes that cross the whole drawn liver
WIDEST = 1.2  # L/min at the end of a width's scale
SCARRED = scar_of(25)  # collagen area (%) at the resistance for which the targets are stated
SCAR = Axis("collagen area", "% of the liver", 0, 60)


def known(key: str) -> float:
    """A number of the ledger: its value, or the bound that a key ending in .low or .high names."""
    row, _, bound = key.rpartition(".") if key.endswith((".low", ".high")) else (key, "", "value")
    return getattr(ledger.number(row), bound)


# Thresholds, each from the ledger: gradients in mmHg, ammonia and bilirubin in µmol/L, albumin in
# g/L.
HYPERTENSION = known("physiology/hvpg-portal-hypertension")
SIGNIFICANT = known("physiology/hvpg-csph")
TARGET = known("physiology/hvpg-bleeding-target")
UNCONTROLLED = known("physiology/hvpg-uncontrolled-bleeding")
RESPONSE = known("physiology/hvpg-response")
VARICES, BLEEDING = known("targets/portal-rule-varices"), known("targets/portal-rule-bleeding")
AMMONIA_LIMIT = known("physiology/ammonia-upper-limit.high")
ALBUMIN_LIMIT = known("physiology/serum-albumin.low")


# -- the portal circulation ------------------------------------------------------------------------


def _wide(part: str, flow: str, share: float = 1) -> Binding:
    """A vessel as wide as its flow (L/min), or each of several that share it."""
    return Binding(part, "stroke-width", flow, (0, WIDEST), (0, WIDEST * UNITS_PER_LITRE * share))


PORTAL_FLOWS = (
    _wide("portal-vein", "Q_in"),
    _wide("liver-flow", "flow_liver", 1 / LOOPS),
    _wide("shunt", "flow_shunt"),
    _wide("tips-flow", "flow_tips"),
    _wide("hepatic-vein", "flow_liver + flow_tips"),
    Binding("scar", "count", "CPA", (treated_portal.values()["CPA_0"], 60), (0, SEPTA)),
    Binding("pressure", "opacity", "PSG", (HYPERTENSION, UNCONTROLLED), (0, 0.55)),
    Binding("tips", "opacity", "tips"),
    Binding("gradient-value", "text", "PSG", style="1f", suffix=" mmHg"),
    Binding("liver-value", "text", "flow_liver", style="2f", suffix=" L/min"),
    Binding("portal-value", "text", "P_portal", style="0f", suffix=" mmHg"),
    Binding("inflow-value", "text", "Q_in", style="2f", suffix=" L/min"),
    Binding("shunt-value", "text", "flow_shunt", style="2f", suffix=" L/min"),
    Binding("share-value", "text", "shunt_share", style="0f", suffix=" %"),
    Binding("tips-value", "text", "flow_tips", style="2f", suffix=" L/min"),
    Binding("heart-value", "text", "P_ra", style="0f", suffix=" mmHg"),
)
WITHOUT_STENT = (
    "liver",
    "scar",
    "portal-vein",
    "pressure",
    "shunt",
    "liver-flow",
    "hepatic-vein",
    "gut",
    "heart",
)


@cache
def circulation() -> Explorable:
    """The portal circulation drawn to scale: scar narrows one way, and blood widens another."""
    flows = "{flow_liver:2f} L/min pass the liver, {flow_shunt:2f} the shunt"
    return Explorable(
        treated_portal,
        id="portal-circulation",
        title="Blood finds another way",
        question="Drag the scar. When does the shunt wake up, and what does it do to the pressure?",
        run=Sweep("CPA", 2, 60, points=117),
        controls=[Slider("CPA", "collagen area", step=0.5, value=2), Toggle("collaterals", 1, 0)],
        views=[Drawing("portal", bindings=PORTAL_FLOWS, parts=WITHOUT_STENT)],
        describe=[
            (
                "collaterals < 0.5",
                (
                    "Collagen area {CPA:1f} %, no collaterals: all blood passes the liver, "
                    "at a gradient of {PSG:1f} mmHg."
                ),
            ),
            (
                f"PSG <= {HYPERTENSION}",
                (
                    "Collagen area {CPA:1f} %: blood passes the liver at a gradient of {PSG:1f} "
                    "mmHg. The shunt is asleep."
                ),
            ),
            (
                f"shunt_share <= {VARICES}",
                "Collagen area {CPA:1f} %: the gradient is {PSG:1f} mmHg; " + flows + ".",
            ),
            (
                None,
                "Collagen area {CPA:1f} %: " + flows + ". It relieves the pressure, "
                "yet {PSG:1f} mmHg remain, and {shunt_share:0f} % of the blood is not cleaned.",
            ),
        ],
        presets=[
            Preset("healthy", {"CPA": 2, "collaterals": 1}),
            Preset("scarred", {"CPA": SCARRED, "collaterals": 1}),
            Preset("scarred, no collaterals", {"CPA": SCARRED, "collaterals": 0}),
        ],
        equations=("R_L", "P_s"),
    )


def _threshold(value: float, words: str, at: float, side: str) -> tuple[Background, Background]:
    """A threshold of the gradient (mmHg) as a line with its words at scar `at`."""
    line = Background([0, 60], [value, value], "muted", "", dash="dot")
    # off the line, which would strike the words through
    clear = value + (0.4 if side.startswith("top") else -0.4)
    return line, Background(
        [at], [clear], "muted", "", "text", text=[f"{value:g}  {words}"], textposition=side
    )


THRESHOLDS = (
    *_threshold(HYPERTENSION, "portal hypertension", 60, "top left"),
    *_threshold(SIGNIFICANT, "clinically significant", 60, "bottom left"),
    *_threshold(TARGET, "bleeding", 60, "top left"),
    *_threshold(UNCONTROLLED, "bleeding hard to stop", 0.5, "top right"),
)


@cache
def gradient() -> Explorable:
    """The portosystemic gradient against scar, with the thresholds that patients are judged by."""
    told = "Collagen area {CPA:1f} %: a gradient of {PSG:1f} mmHg, "
    return Explorable(
        treated_portal,
        id="gradient-and-scar",
        title="Same scar, different pressure",
        question="How much scar crosses each line? Then leave the scar alone: "
        "what else moves the pressure?",
        run=Sweep("CPA", 2, 60, points=117),
        controls=[
            Slider("CPA", "collagen area", step=0.5, value=40),
            Toggle("collaterals", 1, 0),
            Choice(
                "c",
                {"slowly": PATIENTS["insensitive"]["c"], "readily": PATIENTS["sensitive"]["c"]},
                "the shunt widens",
            ),
            Choice("epsilon", {"no": 0, "half": 0.5, "fully": 1}, "vessels in the liver relaxed"),
        ],
        views=[
            Chart(
                "Portosystemic gradient",
                SCAR,
                Axis("gradient", "mmHg", 0, 30),
                curves=(Curve("PSG", "gradient", "blood", dash="solid"),),
                points=(Point("CPA", "PSG", "this liver", "accent", "circle", 14),),
                background=THRESHOLDS,
                height=400,
            ),
        ],
        describe=[
            (f"PSG <= {HYPERTENSION}", told + "normal."),
            (f"PSG < {SIGNIFICANT}", told + "portal hypertension, not yet clinically significant."),
            (f"PSG < {TARGET}", told + "clinically significant: complications become likely."),
            (f"PSG < {UNCONTROLLED}", told + "in the range in which varices bleed."),
            (None, told + "in the range in which a bleeding is hard to stop."),
        ],
        predict=asked("""
            From 20 to 40 % collagen the liver's resistance rises by four fifths. Collaterals may
            grow. What does the gradient do between these two scars?
            * It rises by four fifths as well: pressure is flow times resistance.
                right if PSG > 23
            * It rises by clearly less.
                right if (PSG > 15) & (PSG <= 23)
                The shunt opens a second way, and the two share the flow. Switch the collaterals off
                to see the four fifths.
            * It stays where it was: the collaterals take all the extra pressure off.
                right if PSG <= 15
        """),
        presets=[
            Preset(name, {"CPA": area, "collaterals": grow, "c": 1, "epsilon": relaxed})
            for name, area, grow, relaxed in (
                ("20 %", 20, 1, 0),
                ("40 %", 40, 1, 0),
                ("40 %, no collaterals", 40, 0, 0),
                ("40 %, vessels relaxed", 40, 1, 1),
            )
        ],
        equations=("R_L", "r", "P_s"),
    )


# -- treatment -------------------------------------------------------------------------------------


def left_of(read: str, when: str) -> str:
    """What is left (%) of the gradient or of the flow through the liver, on the day ("start")
    or later ("end")."""
    before = {"PSG": "P_before_start", "flow_liver": "(P_before_start / R_L)"}[read]
    return f"100 * {read}_{when} / {before}"


def _left_points(read: str, at: int, name: str, role: str, symbol: str) -> tuple[Point, Point]:
    """Two markers side by side: the first day, and when the shunt has answered."""
    return (
        Point(str(at), left_of(read, "start"), name, role, symbol, 18),
        Point(str(at + 1), left_of(read, "end"), "", role, symbol, 18),
    )


@cache
def treatment() -> Explorable:
    """Less inflow or another way out: what each treatment takes off the pressure,
    and off the liver's blood."""
    effect = (
        "gradient {P_before_start:1f} → {PSG:1f} mmHg ({100*PSG*P_before_start**-1 - "
        "100:0f} %); portal flow through the liver {100*flow_liver*R_L*P_before_start**-1 - "
        "100:0f} %; "
    )
    past = "{bypass:0f} % of the inflow passes the liver by."
    return Explorable(
        treated_portal,
        id="portal-treatment",
        title="The pressure falls, and so does the liver's blood",
        question="Bring the gradient below the target. What does each treatment take from the "
        "liver, and what does the shunt do to it later?",
        run=Sweep("settled", 0, 1, points=2),
        controls=[
            Slider("CPA", "collagen area", low=10, step=0.5, value=SCARRED),
            Choice(
                "cut", {"none": 0, "−10 %": 0.1, "−20 %": 0.2, "−30 %": 0.3}, "beta-blocker: inflow"
            ),
            Toggle("tips", 1, 0, "stent (TIPS)", value=1),
            Choice("settled", {"first day": 0, "shunt has answered": 1}, "drawn"),
        ],
        views=[
            Drawing("portal", bindings=PORTAL_FLOWS),
            Chart(
                "What is left, in per cent of the untreated value",
                Axis(
                    "", "", 0.4, 5.6, ticks={1: "first day", 2: "later", 4: "first day", 5: "later"}
                ),
                Axis("left", "%", 0, 115),
                points=(
                    *_left_points("PSG", 1, "gradient", "blood", "circle"),
                    *_left_points(
                        "flow_liver", 4, "portal flow through the liver", "hepatocyte", "square"
                    ),
                ),
                background=(
                    Background([0.4, 5.6], [100, 100], "muted", "", dash="dot"),
                    Background(
                        [5.5],
                        [107],
                        "muted",
                        "",
                        "text",
                        text=["untreated"],
                        textposition="middle left",
                    ),
                    Background([0.4, 2.6], [100 - RESPONSE] * 2, "good", "", dash="dash"),
                    Background(
                        [0.45],
                        [100 - RESPONSE - 7],
                        "good",
                        "",
                        "text",
                        text=["below: protects"],
                        textposition="middle right",
                    ),
                ),
                height=300,
            ),
        ],
        describe=[
            ("(tips > 0.5) & (settled < 0.5)", "First day of the stent: " + effect + past),
            ("tips > 0.5", "The old shunt has narrowed, the stent stays open: " + effect + past),
            ("cut < 0.01", "No treatment: a gradient of {PSG:1f} mmHg; " + past),
            ("settled < 0.5", "First day: " + effect + past),
            (None, "With less pressure the shunt has narrowed: " + effect + past),
        ],
        predict=Predict(
            "A stent takes 65 % off the gradient on the first day. "
            "What happens to the portal flow through the liver?",
            (
                (
                    "It rises: the pressure no longer stands against it.",
                    ("flow_liver * R_L > 1.02 * P_before_start"),
                    "",
                ),
                (
                    "It stays as it was: only the pressure has changed.",
                    (
                        "(flow_liver * R_L <= 1.02 * P_before_start) & (flow_liver * R_L >= 0.98 * "
                        "P_before_start)"
                    ),
                    "",
                ),
                (
                    "It falls by 65 % as well.",
                    "flow_liver * R_L < 0.5 * P_before_start",
                    (
                        "The pressure was what drove blood through the scar. Take it away, "
                        "and the flow goes with it: the same number twice."
                    ),
                ),
            ),
        ),
        presets=[
            Preset("untreated", {"cut": 0, "tips": 0, "settled": 0}),
            Preset("beta-blocker", {"cut": 0.2, "tips": 0, "settled": 0}),
            Preset("beta-blocker, later", {"cut": 0.2, "tips": 0, "settled": 1}),
            Preset("stent", {"cut": 0, "tips": 1, "settled": 0}),
        ],
        equations=("Q_in", "P_before", "P_now", "P_s"),
    )


# -- blood tests -----------------------------------------------------------------------------------


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


# -- the dashboard ---------------------------------------------------------------------------------

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
