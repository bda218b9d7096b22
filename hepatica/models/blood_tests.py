"""What blood tests see in a chronic disease: lost hepatocytes, blood that passes the liver by, and
the wide arteries of a gut under pressure.

`blood_balance` is a liver that had months to adapt: at a hepatocyte mass H, a bypass sigma and a
gradient PSG it gives albumin, INR, bilirubin, ammonia and whether ascites can form. Albumin is made
along the reserve curve of `hepatica.models.reserve` and thinned by the water that wide arteries make
the kidneys keep; clotting factors have less reserve. Bilirubin is the sum of what waits for the
liver (unconjugated) and what waits to leave it (conjugated), which inflammation or a blocked duct
(cholestasis) can stop. Ascites asks for pressure and for wide arteries; a low albumin helps and
decides nothing. Fluxes are published or computed from published ones, the rest is a teaching
simplification. A sudden loss has a clock of its own: `hepatica.models.acute`.

Cast
----
symbol    meaning                                                            unit
P_g       portosystemic gradient                                             mmHg
CL_u      clearance of unconjugated bilirubin                                mL/day
s         synthesis of albumin, once the liver has adapted                   share of healthy
f         synthesis of clotting factors, once the liver has adapted          share of healthy
E         first-pass extraction of ammonia                                   share
rho_r     part of the portal ammonia that gets past the liver                share
N         ammonia in the body                                                mmol/L
w         splanchnic vasodilatation                                          ratio
thin      plasma, diluted                                                    ratio
Alb       albumin, diluted                                                   g/L
spleen    how far the spleen has grown                                       share
CL_b      clearance into the bile of a healthy liver                         L/day
bile      export into the bile                                               share of healthy
U         unconjugated bilirubin                                             mg/dL
B         conjugated bilirubin                                               mg/dL
drive     what fills the belly, once the pressure is there                   ratio

Parameters, with unit, range and source: data/parameters.csv, rows `reserve` and `blood_tests`.
"""

from __future__ import annotations

from hepatica import ledger
from hepatica.model import Model, Output, given, join, leaving_out
from hepatica.model.registry import register
from hepatica.models.reserve import reserve

ROWS = join(reserve.parameters, ledger.parameters("blood_tests"))
# what only a sudden loss needs (hepatica.models.acute)
SUDDEN = ("lost", "days", "stun", "tau_stun", "tau_adapt", "V_B", "k_II", "k_V", "k_X")
CURVE = reserve.formula("s")
CURVE_FACTORS = "(1 + s_half_f) * H / (H + s_half_f)"
EXPORT = "bilirubin_production * body_mass / (10 * B_c0) - CL_k"  # 10: mg/L in mg/dL
FACTORS = {"f2": "II", "f5": "V", "f7": "VII", "f10": "X"}
"""Symbol of each clotting factor that the INR sees, and its Roman numeral."""


def inr_formula(**shares: str) -> str:
    """The INR of four factors, each written as a share of healthy: ``inr_formula(f2="f2 / 100", …)``.

    One weight per factor, one power for all: a teaching simplification, since each laboratory's
    reagent weighs in its own way.
    """
    weighed = [f"({shares[name]})**e_{roman}" for name, roman in FACTORS.items()]
    return f"({' * '.join(weighed)})**(-inr_power)"


blood_balance = Model(
    "blood tests in balance",
    parameters=leaving_out(ROWS, *SUDDEN, "k_A", "k_VII"),
    # what a larger model works out, or counts in minutes
    levers={"gradient": "PSG", "clearance": "bilirubin_clearance"},
    definitions={
        "P_g": "{gradient}",
        "CL_u": "{clearance}",
        "s": CURVE,
        "f": CURVE_FACTORS,
        "E": "E_0 * s",
        "rho_r": "sigma + (1 - sigma) * (1 - E)",
        "N": "(renal + rho_r * G) / (Q_L * (1 - rho_r) + other)",
        "w": "Max(P_g - P_w, 0) / w_span * (1 + gut * sigma)",
        "thin": "1 + expand * Min(w, w_most) / w_most",
        "Alb": "albumin_normal * s / thin",
        "spleen": "Min(1, Max(0, P_g - P_spleen) / spleen_span)",
        "CL_b": EXPORT,
        "bile": "H**m_x * (1 - cholestasis)",
        "U": f"(1 + hemo * spleen) * ({reserve.formula('bilirubin', clearance='CL_u')})",
        "B": (
            "(1 + hemo * spleen) * bilirubin_production * body_mass / (10 * (CL_b * bile + CL_k))"
        ),
        "drive": "w * (1 + alpha * Max(0, albumin_normal - Alb) / albumin_normal)",
    },
    outputs={
        **{name: reserve.outputs[name] for name in ("mass", "synthesis")},
        "albumin": Output("Alb", "albumin", "g/L"),
        "factors": Output("100 * f", "clotting factors", "% of healthy"),
        "INR": Output(inr_formula(**dict.fromkeys(FACTORS, "f")), "INR", "ratio"),
        "bilirubin": Output("U + B", "bilirubin, total", "mg/dL"),
        "unconjugated": Output("U", "unconjugated bilirubin", "mg/dL"),
        "conjugated": Output("B", "conjugated bilirubin", "mg/dL"),
        "vasodilatation": Output("w", "splanchnic vasodilatation", "ratio"),
        "ascites_margin": Output(
            "Min(P_g - P_csph, drive - drive_on)", "beyond the edge of ascites", "ratio"
        ),
        "ammonia": Output("1000 * N", "ammonia", "µmol/L"),
        "portal_ammonia": Output("1000 * (N + G / Q_L)", "ammonia in the portal vein", "µmol/L"),
    },
)

register(__name__, blood_tests=blood_balance)


# -- experiments named in data/targets.csv ---------------------------------------------------------


@given.takes(read=given.readout(blood_balance))
def settled(
    read: str, H: float = 1.0, sigma: float = 0.0, PSG: float = 5.0, **changed: float
) -> float:
    """A read-out of a liver that had months to adapt, at hepatocyte mass `H` and bypass `sigma`
    (shares) and gradient `PSG` (mmHg)."""
    return blood_balance.evaluate(H=H, sigma=sigma, PSG=PSG, **changed)[read]


def has_ascites(H: float = 1.0, sigma: float = 0.0, PSG: float = 5.0, **changed: float) -> float:
    """1 where ascites can form in the model, else 0."""
    return float(settled("ascites_margin", H, sigma, PSG, **changed) >= 0)


@given.takes(share=given.above_0)
def inr_of_all(share: float) -> float:
    """INR when all four factors are at the same `share` of healthy."""
    values = blood_balance.values()
    weights = sum(values[f"e_{roman}"] for roman in FACTORS.values())
    return float(share ** (-values["inr_power"] * weights))


def steady_ammonia(H: float = 1.0, sigma: float = 0.0) -> float:
    """Ammonia (µmol/L) in balance at hepatocyte mass `H` (share of healthy)
    and bypass `sigma` (share of inflow)."""
    return blood_balance.evaluate(H=H, sigma=sigma)["ammonia"]


def portal_ammonia_ratio(**changed: float) -> float:
    """Ammonia in the portal vein over that in the body."""
    run = blood_balance.evaluate(**changed)
    return run["portal_ammonia"] / run["ammonia"]
