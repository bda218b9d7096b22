"""What the views of open lives, of readings and of the audit say: rules, and the numbers that they
name, as cards/views/virtual_trial/ has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hepatica.analysis import virtual_life, virtual_readings
from hepatica.analysis.effects import ratio
from hepatica.cards.kinds.virtual_trial.says import TRUTH, Says, parameters
from hepatica.model.luck import normal

Z = float(normal(0.975))

# -- lives, blinded and open -----------------------------------------------------------------------

CLEAR = 0.03  # a ratio moved by less is called the same


def _life(v: dict, _data: Mapping) -> dict[str, Any]:
    """Deaths that a report counts in four arms of the same lives, and the ratios by each reading."""
    own, seed = parameters(v), int(v["seed"])
    found = {"benefit": v["benefit"], "lives": virtual_life.LIVES}
    for informed, design in ((False, "blind"), (True, "open")):
        arms = {cells: virtual_life.lives(cells, informed, seed, **own) for cells in (True, False)}
        for cells, arm in ((True, "cells"), (False, "control")):
            found[f"{design}_{arm}"] = int((arms[cells].fate == virtual_life.DEAD).sum())
        for reading in virtual_life.READINGS:
            ratio = virtual_life.risk_ratio(reading, informed, seed, **own)
            found[f"{design}_{reading}"] = ratio
    found["shift"] = found["open_deaths"] / found["blind_deaths"]
    found["moved"] = found["open_composite"] / found["blind_composite"]
    return found


COUNTED = (
    "Counted dead of {lives:0f}, blinded: {blind_cells:0f} with cells and {blind_control:0f} "
    "without; open: {open_cells:0f} and {open_control:0f}."
)
INSTEAD = "ratio {open_deaths:2f} instead of {blind_deaths:2f}."
WORSE, BETTER = f"shift > {1 + CLEAR}", f"shift < {1 - CLEAR}"
LIFE = Says(
    [
        TRUTH,
        [(None, COUNTED)],
        [
            (WORSE, f"Being open makes the cells look worse: {INSTEAD}"),
            (BETTER, f"Being open makes the cells look better: {INSTEAD}"),
            (None, f"Being open hardly moves the deaths: {INSTEAD}"),
        ],
        [
            (
                f"({WORSE}) & (moved < {1 - CLEAR})",
                "Death or transplant together say the opposite: {open_composite:2f}.",
            ),
            (None, "Death or transplant together: {open_composite:2f}."),
        ],
    ],
    (
        "benefit",
        "lives",
        *(f"{design}_{arm}" for design in ("blind", "open") for arm in ("cells", "control")),
        *(f"{design}_{name}" for design in ("blind", "open") for name in virtual_life.READINGS),
        "shift",
        "moved",
    ),
    _life,
)

# -- six readings ----------------------------------------------------------------------------------


def _readings(v: dict, _data: Mapping) -> dict[str, Any]:
    """Mean, spread and wins of a hundred trials in each reading."""
    own, seed = parameters(v), int(v["seed"])
    found: dict[str, Any] = {"benefit": v["benefit"]}
    for reading in virtual_readings.READINGS:
        rows = virtual_readings.reading_summary(reading, seed=seed, **own)
        found |= {f"{what}_{reading}": value for what, value in rows.items()}
    return found


READINGS = Says(
    [
        TRUTH,
        [
            (
                None,
                (
                    "Of a hundred such trials these are “significantly better”: {wins_screening:0f} "
                    "counted from screening, {wins_baseline:0f} from a new baseline, "
                    "{wins_register:0f} against a register, {wins_ancova:0f} by lot and with the "
                    "baseline allowed for."
                ),
            )
        ],
        [
            (
                "(spread_ancova < spread_change) & (spread_ancova < spread_end)",
                (
                    "Of the three by lot the last varies least, by {spread_ancova:2f} points "
                    "(end {spread_end:2f}, change {spread_change:2f})."
                ),
            ),
            (
                None,
                (
                    "Of the three by lot none gains here: they vary by {spread_end:2f}, "
                    "{spread_change:2f} and {spread_ancova:2f} points."
                ),
            ),
        ],
    ],
    (
        "benefit",
        *(
            f"{what}_{reading}"
            for reading in virtual_readings.READINGS
            for what in ("mean", "spread", "wins")
        ),
    ),
    _readings,
)

# -- an audit of printed counts --------------------------------------------------------------------


def _audit(v: dict, data: Mapping) -> dict[str, Any]:
    """The printed counts of one report, and what they say if so many transplants replaced a death."""
    report = data["reports"][f"{v['audited']:.0f}"]
    saved = min(int(v["saved"]), report["transplanted"])
    extra = int(v["missing"])
    dead, people = report["dead"] + extra, data["people"] + extra
    control = report["dead_control"] + saved
    log, variance = ratio(dead, people, control, data["people_control"])
    half = Z * np.sqrt(variance)
    return {
        "months": v["audited"],
        "extra": extra,
        "printed": report["dead"],
        "printed_control": report["dead_control"],
        "transplanted": report["transplanted"],
        "saved": saved,
        "dead": dead,
        "people": people,
        "control": control,
        "others": data["people_control"],
        "ratio": float(np.exp(log)),
        "low": float(np.exp(log - half)),
        "high": float(np.exp(log + half)),
    }


PRINTED = (
    "After {months:0f} months {printed:0f} with macrophages were dead and {printed_control:0f} "
    "without; {transplanted:0f} of those without had a transplant, nobody with."
)
COMPARED = (
    "{dead:0f} of {people:0f} against {control:0f} of {others:0f}, risk ratio {ratio:2f} "
    "({low:2f} to {high:2f}):"
)
AUDIT = Says(
    [
        [(None, PRINTED)],
        [
            ("saved < 1", f"If all of these would have lived without it: {COMPARED}"),
            (
                "saved >= transplanted",
                f"Death or transplant, as if all of these would have died without it: {COMPARED}",
            ),
            (None, f"If {{saved:0f}} of these would have died without it: {COMPARED}"),
        ],
        [("high < 1", "no effect lies outside."), (None, "no effect lies within.")],
        [("months < 40", "That page gives no arm sizes: here they are those of the later report.")],
    ],
    (
        "months",
        "extra",
        "printed",
        "printed_control",
        "transplanted",
        "saved",
        "dead",
        "people",
        "control",
        "others",
        "ratio",
        "low",
        "high",
    ),
    _audit,
)

VIEWS = {"life": LIFE, "readings": READINGS, "audit": AUDIT}
