"""Every target of the circuit and the reserve curve is recomputed by the model and must
come out."""

from __future__ import annotations

import pytest
from experiments import met, result, rows

MODELS = ("scar_circuit", "reserve")
TARGETS = [row for model in MODELS for row in rows(model)]


def value_of(row) -> float:
    """The result of a target's experiment in the unit of the target."""
    return result(row) * (100 if row["unit"] == "% of original volume" else 1)


@pytest.mark.parametrize("row", TARGETS, ids=lambda row: row["key"])
def test_target(row):
    value = value_of(row)
    assert met(row, value), f"{row['label']}: {value:g} {row['unit']}, expected {row['value']:g}"


def test_many_were_checked():
    assert len(TARGETS) > 70


def test_a_wrong_result_is_noticed():
    threshold = next(row for row in TARGETS if row["key"] == "circuit-threshold-quasi-steady")
    assert met(threshold, 2.26)
    assert not met(threshold, 2.28)
    assert not met(threshold, 2.16)
