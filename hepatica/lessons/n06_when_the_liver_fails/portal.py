"""The portal circulation and its treatment."""

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
    Point,
    Predict,
    Preset,
    Slider,
    Sweep,
    Toggle,
)
from hepatica.cards.parts.shapes import asked
from hepatica.models.portal import PATIENTS, scar_of, treated_portal

from .mission import below_twelve

UNITS_PER_LITRE = 50  # the drawing of the portal circulation: 1 L/min is this wide
PACE = 110  # units a second of the dots, at 1 L/min
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


def _wide(part: str, flow: str, share: float = 1) -> Binding:
    """A vessel as wide as its flow (L/min), or each of several that share it."""
    return Binding(part, "stroke-width", flow, (0, WIDEST), (0, WIDEST * UNITS_PER_LITRE * share))


def _running(part: str, flow: str) -> Binding:
    """Dots along a vessel, as fast as its flow (L/min)."""
    return Binding(part, "flow", flow, (0, WIDEST), (0, WIDEST * PACE))


def vessels(**flows: str) -> tuple[Binding, ...]:
    """Vessels by name (with _ for -), each as wide and as fast as its flow."""
    parts = {name.replace("_", "-"): flow for name, flow in flows.items()}
    share = {"liver-flow": 1 / LOOPS}
    return (
        *(_wide(part, flow, share.get(part, 1)) for part, flow in parts.items()),
        *(_running(part, flow) for part, flow in parts.items()),
    )


def halo(part: str, pressure: str) -> Binding:
    """A red halo that grows with a pressure (mmHg above that of the right heart)."""
    return Binding(part, "opacity", pressure, (HYPERTENSION, UNCONTROLLED), (0, 0.55))


def scar(area: str) -> Binding:
    """Red septa, more of them with more collagen (% of area)."""
    return Binding("scar", "count", area, (treated_portal.values()["CPA_0"], 60), (0, SEPTA))


def number(part: str, read: str, style: str, unit: str) -> Binding:
    """A read-out with its unit, written into the drawing."""
    return Binding(part, "text", read, style=style, suffix=f" {unit}")


PORTAL_FLOWS = (
    *vessels(
        portal_vein="Q_in",
        liver_flow="flow_liver",
        shunt="flow_shunt",
        tips_flow="flow_tips",
        hepatic_vein="flow_liver + flow_tips",
    ),
    scar("CPA"),
    halo("pressure", "PSG"),
    Binding("tips", "opacity", "tips"),
    number("gradient-value", "PSG", "1f", "mmHg"),
    number("liver-value", "flow_liver", "2f", "L/min"),
    number("portal-value", "P_portal", "0f", "mmHg"),
    number("inflow-value", "Q_in", "2f", "L/min"),
    number("shunt-value", "flow_shunt", "2f", "L/min"),
    number("share-value", "shunt_share", "0f", "%"),
    number("tips-value", "flow_tips", "2f", "L/min"),
    number("heart-value", "P_ra", "0f", "mmHg"),
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
        why=("PSG", "flow_liver"),
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
    *_threshold(HYPERTENSION, "portal hypertension", 60, "bottom left"),
    *_threshold(SIGNIFICANT, "clinically significant", 60, "bottom left"),
    *_threshold(TARGET, "bleeding", 60, "top left"),
    *_threshold(UNCONTROLLED, "hard to stop", 0.5, "top right"),
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
                Axis("gradient", "mmHg", 0, 40),
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
            In the model the liver's resistance rises by four fifths from 20 to 40 % collagen.
            Collaterals may grow. What does the gradient do between these two scars?
            * It rises by four fifths as well: pressure is flow times resistance.
                right if PSG > 23
                True if this were the only way. Switch the collaterals off, and you have it.
            * It rises by clearly less.
                right if (PSG > 15) & (PSG <= 23)
                The shunt opens a second way, and the two share the flow. Switch the collaterals off
                to see the four fifths.
            * It stays where it was: the collaterals take all the extra pressure off.
                right if PSG <= 15
                A shunt is thought of as a safety valve. But it opens only because the pressure is
                up, and where it stayed as before, nothing would hold the shunt open.
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
        question="Bring the gradient below the target. What does each treatment do to the "
        "liver's blood, and what does the shunt do later?",
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
                        [3],
                        [107],
                        "muted",
                        "",
                        "text",
                        text=["untreated"],
                    ),
                    Background([0.4, 2.6], [100 - RESPONSE] * 2, "good", "", dash="dash"),
                    Background(
                        [2.65],
                        [100 - RESPONSE],
                        "good",
                        "",
                        "text",
                        text=["↓ protects"],
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
        mission=below_twelve(),
        predict=Predict(
            "In the model a stent takes 65 % off the gradient on the first day. "
            "What happens to the portal flow through the liver?",
            (
                (
                    "It rises: the pressure no longer stands against it.",
                    ("flow_liver * R_L > 1.02 * P_before_start"),
                    (
                        "Pressure here is taken for an obstacle. It is the drive: through the same "
                        "scar, less of it moves less blood."
                    ),
                ),
                (
                    "It stays as it was: only the pressure has changed.",
                    (
                        "(flow_liver * R_L <= 1.02 * P_before_start) & (flow_liver * R_L >= 0.98 * "
                        "P_before_start)"
                    ),
                    (
                        "As if pressure and flow were separate things. Through one resistance they "
                        "go together, and the scar is the same as before."
                    ),
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
