"""Cards of notebook 01: the lobule, the sinusoid, oxygen on the way, the two supplies,
and the functional reserve."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import (
    Axis,
    Background,
    Binding,
    Chart,
    Curve,
    Diagram,
    Drawing,
    Explorable,
    Layer,
    Point,
    Predict,
    Preset,
    Slider,
    Sweep,
    Tissue,
)
from hepatica.models.reserve import reserve
from hepatica.models.sinusoid import sinusoid

SEGMENTS = 9  # rectangles of oxygen along the drawn sinusoid
STROKES = 40  # pairs of hatch strokes that cross the whole drawn plate
ML_MIN_PER_UNIT = 25  # the drawing of the blood supply: one unit of width carries this flow
GRAM_PER_DECILITRE = 10  # in g/L
# hepatocyte mass at which the curve starts; bilirubin has no balance without any
NEARLY_NOTHING = 0.01
# printed as perivenous in 1982; later reviews place glutamine formation there
DISPUTED = "urea-from-ammonia"


# -- the lobule ------------------------------------------------------------------------------------


def zoned(kind: str, zone: str) -> str:
    """Tasks or injuries (`kind` "task", "injury") of the ledger in a `zone` ("periportal",
    "perivenous"), as words."""
    rows = ledger.table("zonation")
    chosen = rows[(rows["kind"] == kind) & (rows["zone"] == zone) & (rows["key"] != DISPUTED)]
    return ", ".join(chosen["label"])


def sources(kind: str, *zones: str) -> str:
    """Links to the sources of the tasks or injuries of the ledger in these zones, each once."""
    rows = ledger.table("zonation")
    keys = dict.fromkeys(rows.loc[(rows["kind"] == kind) & rows["zone"].isin(zones), "source"])
    return "; ".join(ledger.cite(key) for key in keys if key != "this-course")


def tint(role: str, *percents: int) -> dict[str, dict[str, str]]:
    """Styles that mix a colour `role` into the hepatocytes of zones 1, 2 and 3."""
    mixes = [
        f"color-mix(in oklab, var(--{role}) {percent}%, var(--hepatocyte))" for percent in percents
    ]
    return {"svg": {f"--zone-{n}-fill": mix for n, mix in enumerate(mixes, 1)}}


@cache
def lobule() -> Diagram:
    """The lobule, part by part and zone by zone: structure, oxygen, tasks,
    and where injury begins."""
    oxygen = (
        "Oxygen pressure is "
        "{physiology/oxygen-periportal.low}–{physiology/oxygen-periportal.high} mmHg where blood "
        "enters and {physiology/oxygen-perivenous.low}–{physiology/oxygen-perivenous.high} "
        f"mmHg where it leaves: zone 1 breathes best. {ledger.cite('godoy2013')}"
    )
    tasks = (
        f"**Zone 1:** {zoned('task', 'periportal')}. **Zone 3:** {zoned('task', 'perivenous')}. "
        "The tasks overlap; this is where each is strongest. "
        f"{sources('task', 'periportal', 'perivenous')}"
    )
    centre = f"**Zone 3 first:** {zoned('injury', 'perivenous')}. {sources('injury', 'perivenous')}"
    rim = (
        f"**Zone 1 first:** {zoned('injury', 'periportal')}. {sources('injury', 'periportal')}; "
        "bile-duct disease: teaching statement"
    )
    structure = (
        "Blood runs from the portal tracts at the corners to the central vein; "
        "bile runs the other way."
    )
    return Diagram(
        Drawing("lobule"),
        id="lobule",
        title="One lobule, three neighbourhoods",
        question="Point at a part, then switch the layer: what differs between the rim and the "
        "centre?",
        layers=[
            Layer("structure", "Structure", structure),
            Layer("oxygen", "Oxygen", oxygen, tint("blood", 85, 45, 8)),
            Layer("tasks", "Tasks", tasks, _two_tasks()),
            Layer("centre", "Injury at the centre", centre, tint("injury", 0, 10, 80)),
            Layer("rim", "Injury at the rim", rim, tint("injury", 80, 10, 0)),
        ],
    )


def _two_tasks() -> dict[str, dict[str, str]]:
    """Styles of the layer of tasks: one colour for zone 1, another for zone 3, none between."""
    zone_3 = tint("macrophage", 0, 0, 65)["svg"]["--zone-3-fill"]
    return {"svg": tint("therapy", 75, 0, 0)["svg"] | {"--zone-3-fill": zone_3}}


# -- the sinusoid ----------------------------------------------------------------------------------


@cache
def cells() -> Diagram:
    """A stretch of sinusoid and the cells that live along it."""
    return Diagram(
        Drawing("sinusoid"),
        id="sinusoid-cells",
        title="Four kinds of cells share one capillary",
        question="Find the cell that stores vitamin A. It is quiet here; "
        "in notebook 02 it builds the scar.",
    )


def oxygen_at(way: float) -> str:
    """Formula of oxygen pressure (mmHg) at a share of the `way` from portal tract to central
    vein."""
    return f"Max(0, oxygen_inlet - fall * {way})"


ZONES = {1 / 6: "zone 1", 1 / 2: "zone 2", 5 / 6: "zone 3"}
FROM_TRACT_TO_VEIN = Axis("from portal tract to central vein", "", -0.04, 1.04, ticks=ZONES)
AT_THIS_FLOW = "With {100*flow:0f} % of normal flow and {100*uptake:0f} % of normal uptake, "

DRIVEN_SINUSOID = (
    *(
        Binding(f"segment-{n + 1}", "opacity", oxygen_at(n / (SEGMENTS - 1)), (0, 70), (0, 0.75))
        for n in range(SEGMENTS)
    ),
    Binding("starved", "opacity", "1"),
    Binding("starved", "count", "1 - supplied", (0, 1), (0, STROKES)),
)


def _ends() -> Background:
    """The published oxygen pressures at both ends, with their ranges, as points."""
    rows = [ledger.number(f"physiology/oxygen-{end}") for end in ("periportal", "perivenous")]
    return Background(
        [0, 1],
        [row.value for row in rows],
        "ink",
        "published range, healthy",
        "points",
        error=[(row.high - row.low) / 2 for row in rows],
    )


@cache
def oxygen() -> Explorable:
    """Oxygen along the way when flow or uptake changes."""
    inlet, outlet = (
        ledger.number(f"parameters/sinusoid.{name}").value
        for name in ("oxygen_inlet", "oxygen_outlet")
    )
    low = ledger.number("physiology/oxygen-perivenous").low
    return Explorable(
        sinusoid,
        id="sinusoid-oxygen",
        title="One stream for a whole row of cells",
        question="How little blood is enough, and who goes without first?",
        run=Sweep("way", 0, 1),
        controls=[
            Slider("flow", low=0.25, high=2, step=0.01, value=0.5),
            Slider("uptake", step=0.01),
        ],
        views=[
            Drawing("sinusoid", bindings=DRIVEN_SINUSOID),
            Chart(
                "Oxygen pressure on the way",
                FROM_TRACT_TO_VEIN,
                Axis("oxygen", "mmHg", 0, 75),
                curves=(Curve("oxygen", "the model", "blood"),),
                background=(
                    Background([0, 1], [inlet, outlet], "muted", "the model at rest", dash="dot"),
                    _ends(),
                ),
                height=300,
            ),
        ],
        describe=[
            (
                "supplied < 0.999",
                (
                    AT_THIS_FLOW + "oxygen is used up after {100*supplied:0f} % of the way. "
                    "The hepatocytes beside the central vein get none."
                ),
            ),
            (
                f"oxygen_end < {low}",
                (
                    AT_THIS_FLOW
                    + (
                        "{oxygen_end:0f} mmHg are left at the central vein: "
                        "less than in a healthy liver."
                    )
                ),
            ),
            (
                None,
                AT_THIS_FLOW
                + ("blood reaches the central vein with {oxygen_end:0f} mmHg of oxygen."),
            ),
        ],
        predict=Predict(
            "A patient bleeds, and flow through the sinusoid falls to **half**. "
            "Every hepatocyte takes as much oxygen as before. Who runs short?",
            (
                ("All zones alike: each gets half.", "oxygen_start - oxygen_end < 5", ""),
                ("Zone 1, since it lies next to the inflow.", "oxygen_start < oxygen_end", ""),
                (
                    "Zone 3, at the central vein.",
                    "(oxygen_end < 1) & (oxygen_start > 50)",
                    (
                        "Zone 1 takes its fill as always. The shortage travels down the row and "
                        "lands on the last cells."
                    ),
                ),
                (
                    "Nobody: half the flow is enough.",
                    f"(oxygen_end >= {low}) & (oxygen_start - oxygen_end >= 5)",
                    "",
                ),
            ),
        ),
        presets=[
            Preset("rest", {"flow": 1, "uptake": 1}),
            Preset("half flow", {"flow": 0.5, "uptake": 1}),
            Preset("half flow, half uptake", {"flow": 0.5, "uptake": 0.5}),
            Preset("hard work", {"flow": 1, "uptake": 2}),
        ],
    )


# -- the two supplies ------------------------------------------------------------------------------


def supplies() -> dict[str, float]:
    """Blood flow (mL/min) of the three trunks, from the total flow and the portal share of the
    ledger."""
    total, portal = (
        ledger.number(f"physiology/{key}").value for key in ("total-flow", "portal-share")
    )
    return {
        "portal-vein": total * portal / 100,
        "hepatic-artery": total * (100 - portal) / 100,
        "hepatic-vein": total,
    }


def _oxygen_widths(share: float) -> dict[str, dict[str, str]]:
    """Styles of the oxygen layer: each inflow as wide as its `share` (%) of the oxygen."""
    full = supplies()["hepatic-vein"] / ML_MIN_PER_UNIT
    return {
        "portal-vein": {"stroke-width": f"{full * share / 100:g}"},
        "hepatic-artery": {"stroke-width": f"{full * (100 - share) / 100:g}"},
        "hepatic-vein": {"opacity": "0.3"},
        "svg": {
            "--flow-shown": "0",
            "--oxygen-shown": "1",
            "--portal-blood": "color-mix(in oklab, var(--blood) 55%, var(--paper))",
        },
    }


@cache
def two_supplies() -> Diagram:
    """Portal vein and hepatic artery: unequal in blood, equal in oxygen."""
    flows, share = supplies(), ledger.number("physiology/portal-oxygen-share").value
    labels = [Binding(part, "text", str(flow)) for part, flow in flows.items()]
    oxygen = {"portal-vein": share, "hepatic-artery": 100 - share}
    labels += [
        Binding(f"{part}-oxygen", "text", str(value), suffix=" % of O₂")
        for part, value in oxygen.items()
    ]
    widths = {part: {"stroke-width": f"{flow / ML_MIN_PER_UNIT:g}"} for part, flow in flows.items()}
    blood = (
        "Each trunk is as wide as its flow. The portal vein brings "
        "{physiology/portal-share}–{physiology/portal-share.high} % of the blood."
    )
    fed = (
        "Each inflow is as wide as the oxygen it brings: about half each, "
        "since portal blood has already fed the gut."
    )
    return Diagram(
        Drawing("blood_supply", bindings=tuple(labels)),
        id="two-supplies",
        title="Two supplies, shared unequally",
        question="Guess before you switch the layer: how do the two vessels share the oxygen?",
        layers=[
            Layer("blood", "Blood", f"{blood} {ledger.cite('openanesthesia-2016')}", widths),
            Layer(
                "oxygen",
                "Oxygen",
                f"{fed} {ledger.cite('openanesthesia-2016')}",
                _oxygen_widths(share),
            ),
        ],
    )


# -- the reserve -----------------------------------------------------------------------------------


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
    proportional, bands = f"{0.6 * healthy:.0f}", f"Child–Pugh bands ({third:g}, {second:g} g/L)"
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
                    "CPA": str(ledger.number("parameters/liver.CPA_0").value),
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
                f"(albumin >= {normal.low - 0.1}) & (albumin <= {normal.low + 0.1})",
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
        predict=Predict(
            "A liver loses 40 % of its hepatocytes for good. Where does albumin settle?",
            (
                (
                    f"Near {proportional} g/L: it falls in step with the cells.",
                    f"albumin < {0.65 * healthy}",
                    "",
                ),
                (
                    "Below the reference range, but not as far as that.",
                    f"(albumin < {normal.low}) & (albumin >= {0.65 * healthy})",
                    "",
                ),
                (
                    "Inside the reference range.",
                    f"albumin >= {normal.low}",
                    (
                        "The remaining cells make up for most. Drag on: flat where we feel safe, "
                        "steep where it is late."
                    ),
                ),
            ),
        ),
        presets=[
            Preset("healthy", {"H": 1}),
            Preset("60 % left", {"H": 0.6}),
            Preset("half left", {"H": 0.5}),
            Preset("a quarter left", {"H": 0.25}),
        ],
    )
