"""Run the experiments that data/targets.csv names,
and draw parameter sets from the ledger's ranges."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from hepatica import analysis, ledger, models
from hepatica.model import Model, registry

REGISTERED = registry.load(models, analysis)


def rows(model: str) -> list[dict[str, Any]]:
    """Targets of `model` that name an experiment."""
    table = ledger.table("targets")
    return table[(table["model"] == model) & (table["experiment"] != "")].to_dict("records")


def result(row: dict[str, Any]) -> float:
    """What the experiment of a target gives."""
    found = REGISTERED[row["model"]].experiments()[row["experiment"]]
    return found(**json.loads(row["arguments"] or "{}"))


def met(row: dict[str, Any], value: float) -> bool:
    """Whether `value` lies within the tolerance (relative, from the printed digits)
    of the target."""
    return abs(value - row["value"]) <= row["tolerance"] * abs(row["value"])


def draw(model: Model, count: int, seed: int = 1) -> list[dict[str, float]]:
    """Parameter sets inside the ranges of the ledger, logarithmic where the ledger says so."""
    generator = np.random.default_rng(seed)
    return [
        {name: _inside(row, generator.random()) for name, row in model.parameters.items()}
        for _ in range(count)
    ]


def _inside(row: ledger.Parameter, share: float) -> float:
    if row.scale == "log":
        return float(row.low * (row.high / row.low) ** share)
    return float(row.low + (row.high - row.low) * share)


def disagreement(ours: list[dict[str, float]], theirs: list[dict[str, float]]) -> float:
    """Largest relative difference of two lists of read-outs with the same names."""
    assert (
        ours
        and len(ours) == len(theirs)
        and all(set(a) == set(b) for a, b in zip(ours, theirs, strict=True))
    )
    return max(
        abs(a[name] - b[name]) / max(abs(a[name]), 1e-12)
        for a, b in zip(ours, theirs, strict=True)
        for name in a
    )
