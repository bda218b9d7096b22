"""The rules of the Mesa peer are ours: one site, stepped by hand,
ends where the table of histories says."""

import math

import numpy as np
import pytest

from hepatica.models.field import KEPT, element, histories, lobules
from tools.peers import LOGS, rk4


def stepped(days: int) -> dict[str, float]:
    """H, C, X and A of one injured site after that many days."""
    daily = element.daily(element.values())
    state = [math.exp(x) if log else x for x, log in zip(element.initial(daily), LOGS, strict=True)]
    for _ in range(days):
        state = rk4(state, True, list(daily.values()), daily["d"])
    return {name: value for name, value in zip(element.states, state, strict=True) if name in KEPT}


def test_one_site_by_hand():
    table = histories(lobules().values(), np.array([400.0]), 400)
    hand = stepped(400)
    for name in KEPT:
        assert hand[name] == pytest.approx(table[name][0, 0], rel=5e-3), name
    assert hand["C"] != pytest.approx(stepped(300)["C"], rel=5e-3)
