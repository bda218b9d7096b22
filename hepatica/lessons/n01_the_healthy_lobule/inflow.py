"""The two supplies."""

from __future__ import annotations

from functools import cache

from hepatica import ledger
from hepatica.cards import Binding, Diagram, Drawing, Layer

ML_MIN_PER_UNIT = 25  # the drawing of the blood supply: one unit of width carries this flow
PACE = 0.1  # units a second of the dots in it, for 1 mL/min


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
    widest = flows["hepatic-vein"]
    labels += [
        Binding(part, "flow", str(flow), (0, widest), (0, widest * PACE))
        for part, flow in flows.items()
    ]
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
