"""A moving line holds no more points than a screen can show, and none that a reader would miss."""

from __future__ import annotations

import math
import re

import pytest

from tools.node import Session

SCRIPT = """import { linePath } from "./views/chart.js";
---
return linePath(data, (x) => x, (y) => y);
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The points of the path that a line becomes."""
    with Session(SCRIPT, tmp_path_factory.mktemp("chart")) as session:

        def ask(x, y) -> list[tuple[float, float]]:
            found = re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", session.ask({"x": x, "y": y}))
            return [(float(a), float(b)) for a, b in found]

        yield ask


def test_a_dense_line_is_thinned_and_keeps_its_shape(path):
    x = [i / 10 for i in range(5001)]
    y = [100 + 80 * math.sin(at / 60) + (50 if i == 2503 else 0) for i, at in enumerate(x)]
    kept = path(x, y)
    assert len(kept) < 600
    assert kept[-1] == (500.0, round(y[-1], 1)), "the line ends where it ends"
    assert (250.3, round(y[2503], 1)) in kept, "a spike of one point stays"
    at = 0
    for a, b in zip(x, y, strict=True):  # nowhere is the line a pixel from what it leaves out
        while at + 1 < len(kept) and kept[at + 1][0] <= a:
            at += 1
        assert abs(kept[at][0] - a) <= 1.1 and abs(kept[at][1] - b) <= 1.1


def test_a_sparse_line_keeps_every_point_and_gaps_are_left_out(path):
    assert path([0, 10, 20, 30], [1, 2, None, 3]) == [(0, 1), (10, 2), (30, 3)]
    assert path([0, 10, 20], [5, 6, 7]) == [(0, 5), (10, 6), (20, 7)]
