"""Oxygen on the way from portal tract to central vein, along one sinusoid (a teaching
simplification).

Every hepatocyte takes the same amount, so the pressure falls in proportion to the way travelled and
to uptake over flow. The pressures at both ends of a healthy sinusoid are published.
"""

from __future__ import annotations

from hepatica import ledger
from hepatica.model import Model, Output
from hepatica.model.registry import register

sinusoid = Model(
    "oxygen along a sinusoid",
    parameters=ledger.parameters("sinusoid"),
    definitions={"fall": "(oxygen_inlet - oxygen_outlet) * uptake / flow"},
    outputs={
        "oxygen": Output("Max(0, oxygen_inlet - fall * way)", "oxygen pressure", "mmHg"),
        "oxygen_end": Output(
            "Max(0, oxygen_inlet - fall)", "oxygen pressure at the central vein", "mmHg"
        ),
        "supplied": Output(
            "Min(1, oxygen_inlet / fall)", "share of the way that gets oxygen", "share"
        ),
    },
)

register(__name__, sinusoid=sinusoid)
