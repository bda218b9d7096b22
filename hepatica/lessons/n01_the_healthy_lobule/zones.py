"""The lobule and its zones."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import Diagram, Drawing, Layer

# printed as perivenous in 1982; later reviews place glutamine formation there
DISPUTED = "urea-from-ammonia"


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
