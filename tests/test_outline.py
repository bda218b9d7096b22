"""The shape of a chart in words: start, end, turning points and crossings, from the run's own
numbers."""

from __future__ import annotations

import math

import pytest

from tools.node import Session

SCRIPT = """import { outline, turns } from "./engine/outline.js";
---
return data.row ? turns(data.row, data.least) : outline(data.axes, data.lines);
"""
YEARS = {"label": "time", "unit": "years", "range": [0, 20], "scale": "linear"}
SHARE = {"label": "scar", "unit": "%", "range": [0, 40], "scale": "linear"}
X = [i / 5 for i in range(101)]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    with Session(SCRIPT, tmp_path_factory.mktemp("outline")) as session:
        yield session


def told(session, *rows, x=None, y=SHARE, **more) -> str:
    lines = [{"label": "abc"[n], "x": x or X, "y": row, **more} for n, row in enumerate(rows)]
    return session.ask({"axes": {"x": YEARS, "y": y}, "lines": lines})


def test_constant_and_monotone(session):
    assert told(session, [5 for _ in X]) == "a: stays near 5.00 % from 0 years to 20.0 years."
    assert (
        told(session, [at for at in X])
        == "a: starts with 0 % at 0 years, rises to 20.0 % at 20.0 years."
    )
    assert "falls to 0 % at 20.0 years" in told(session, [20 - at for at in X])


def test_a_peak_is_told_and_a_wiggle_is_not(session):
    peak = [30 * math.exp(-(((at - 8) / 3) ** 2)) for at in X]
    assert "rises to 30.0 % at 8.00 years, then falls to" in told(session, peak)
    wiggle = [at + 0.3 * math.sin(5 * at) for at in X]
    assert "then" not in told(session, wiggle)
    assert session.ask({"row": [0, 3, 1, 4, 0], "least": 1.5}) == [1, 2, 3]
    assert session.ask({"row": [0, 3, 1, 4, 0], "least": 2.5}) == [3]
    swings = [20 + 10 * math.sin(3 * at) for at in X]
    assert "turns 19 times between" in told(session, swings)


def test_two_curves_cross_where_they_do(session):
    said = told(session, [at for at in X], [15 - at / 2 for at in X])
    assert said.endswith("a and b cross at 10.0 years.")
    apart = told(session, [0 if at < 5 else at - 5 for at in X], [0 for _ in X])
    assert "cross" not in apart, "curves that part have not crossed"
    assert "cross" not in told(session, X, [15 - at / 2 for at in X], fixed=True)
    level = {"label": "limit", "x": [0, 20], "y": [10, 10], "fixed": True}
    run = {"label": "a", "x": X, "y": [2 * at for at in X]}
    said = session.ask({"axes": {"x": YEARS, "y": SHARE}, "lines": [run, level]})
    assert said.endswith("a and limit cross at 5.00 years.")


def test_missing_numbers_single_points_and_loops(session):
    assert told(session, [None for _ in X]) == "a: no values here."
    holes = [None if 3 < at < 6 else at for at in X]
    assert "rises to 20.0 % at 20.0 years" in told(session, holes)
    assert told(session, [7], x=[4]) == "a: 7.00 % at 4.00 years."
    assert told(session, [0, 9], x=[4, 4]) == "a: a mark at 4.00 years."
    assert told(session, [1, 2, 3], x=[0, 5, 2]).startswith("a: leads from 1.00 % at 0 years")


def test_a_logarithmic_axis_is_read_as_drawn(session):
    cells = {"label": "cells", "unit": "per mL", "range": [1, 1e6], "scale": "log"}
    grows = [10 ** (at / 4) for at in X]
    assert "rises to" in told(session, grows, y=cells)
    # one part in a hundred of six decades is a seventh of the value: no change to the eye
    assert "stays near" in told(session, [1000 * (1 + at / 200) for at in X], y=cells)
    assert "falls to 0 per mL" in told(session, [1000 if at < 9 else 0 for at in X], y=cells)
