"""The picture of tissue paints what its state says, whatever it showed before."""

from __future__ import annotations

import pytest

from tools.node import Session

STEPS = """import { tissueField } from "./views/tissue/field.js";
import { tissueClasses, tissuePaint, tissuePicture, tissueTargets } from "./views/tissue/paint.js";
---
const field = tissueField(240, 160, { plate: [200, 140, 40, 20] });
const colours = Uint32Array.from({ length: 256 }, (_, i) => i);
const fresh = () => tissuePicture(field, new Uint32Array(240 * 160), colours);
const once = (state) => {
  const picture = fresh();
  tissuePaint(picture, tissueTargets(field, state));
  return picture;
};
const walk = fresh();
return data.map((state) => {
  const whole = once(state);
  const others = () => walk.pixels.filter((pixel, p) => pixel !== whole.pixels[p]).length;
  const unpainted = others();
  tissuePaint(walk, tissueTargets(field, state));
  const codes = [...tissueClasses(walk)];
  return {
    unpainted,
    differs: others(),
    collagen: codes.filter((code) => code === 5 || code === 6).length / field.tissue,
    linked: codes.filter((code) => code === 6).length / field.tissue,
  };
});
"""
STATES = [
    {"H": 1, "F": 0, "M": 0, "CPA": 2, "X": 0},
    {"H": 0.5, "F": 4e5, "M": 2e5, "CPA": 30, "X": 12},
    {"H": 0.7, "F": 4e5, "M": 2e5, "CPA": 9, "X": 12},
    {"H": 0.7, "F": 1e5, "M": 5e5, "CPA": 9.1, "X": 3},
    {"H": 0.2, "F": 5e5, "M": 0, "CPA": 45, "X": 45},
    {"H": 1, "F": 0, "M": 0, "CPA": 0, "X": 0},
]


@pytest.fixture(scope="module")
def steps(tmp_path_factory) -> list[dict]:
    """What a walk through the states shows after each of them."""
    with Session(STEPS, tmp_path_factory.mktemp("tissue")) as session:
        return session.ask(STATES)


def test_a_walk_paints_what_painting_it_all_paints(steps):
    assert all(step["unpainted"] > 100 for step in steps)
    assert [step["differs"] for step in steps] == [0] * len(STATES)


def test_the_share_of_red_is_the_share_of_collagen(steps):
    for step, state in zip(steps, STATES, strict=True):
        assert 100 * step["collagen"] == pytest.approx(state["CPA"], abs=0.01)
        linked = min(state["X"], state["CPA"])
        assert 100 * step["linked"] == pytest.approx(linked, abs=0.01)
