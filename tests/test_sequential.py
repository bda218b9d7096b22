"""The boundary and the prior of notebook 11: equal in the page, held to the multivariate normal
distribution and to the numbers found by another hand."""

from __future__ import annotations

from functools import cache
from math import exp

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from hepatica.analysis import sequential, specifications
from hepatica.cards.kinds.conviction.card import control_risk
from hepatica.lessons import n11_every_analysis as lesson
from tools.node import run_js

TIGHT = 1e-9  # relative: the same steps in both languages
RECURSION = 2e-4  # of the share spent: Simpson's rule against the integral itself
PAGE = """import { boundariesOf, looksOf, normalAbove, peopleNeeded, posteriorOf }
  from "./engine/sequential.js";
---
const looks = looksOf(data.tables);
return {
  looks,
  needed: data.cuts.map((cut) => peopleNeeded(data.risk, cut)),
  boundaries: data.times.map(boundariesOf),
  after: data.priors.map(([guess, factor]) => posteriorOf(guess, factor, looks.at(-1))),
  tails: data.places.map(normalAbove),
};
"""
CUTS = (0.2, 0.25, 0.3, 0.4, 0.5)
PRIORS = ((1, 2), (1, 1.5), (1, 10), (0.6, 2))


@cache
def tables() -> list[specifications.Table]:
    counts = specifications.tables()
    return [counts[key] for key in lesson.YEARS.values()]


def times(cut: float) -> list[float]:
    """Shares of the information after each trial."""
    needed = sequential.people_needed(control_risk(tables()), cut)
    return [look[0] / needed for look in sequential.looks(tables())]


def test_the_numbers_are_those_found_by_another_hand():
    """Information for five effects, z and boundary after each trial, four priors."""
    risk = control_risk(tables())
    assert risk == pytest.approx(32 / 135)
    needed = [sequential.people_needed(risk, cut) for cut in CUTS[:4]]
    assert np.allclose(needed, [2344, 1470, 999, 537], atol=0.6)
    looks = sequential.looks(tables())
    assert [round(look[3], 2) for look in looks] == [0.76, 2.03, 1.87, 2.07]
    assert [round(height, 2) for height in sequential.boundaries(times(0.25))[1:]] == [
        5.8,
        5.03,
        4.55,
    ]
    assert round(sequential.boundaries(times(0.4))[-1], 2) == 2.79
    for (guess, factor), known in zip(PRIORS, (0.71, 0.81, 0.61, 0.60), strict=True):
        mean, _ = sequential.posterior(guess, factor, *looks[-1][1:3])
        assert round(exp(mean), 2) == known


def crossed(heights: list[float], shares: list[float]) -> float:
    """The probability that chance alone passes some boundary, by the joint normal distribution."""
    rows = [[np.sqrt(min(s, t) / max(s, t)) for t in shares] for s in shares]
    joint = multivariate_normal(cov=rows, abseps=1e-9, releps=1e-9, maxpts=4_000_000, seed=1)
    return 1 - joint.cdf(heights, lower_limit=[-height for height in heights])


@pytest.mark.parametrize("shares", [(0.3, 0.7, 1.0), (0.25, 0.5, 0.75, 1.0), (0.31, 0.42, 0.51)])
def test_the_boundary_spends_what_it_may(shares):
    """All looks together err as often as the spending function says; 5 % at full information."""
    heights = sequential.boundaries(list(shares))
    spent = sequential._spent(shares[-1])
    assert crossed(heights, list(shares)) == pytest.approx(spent, rel=RECURSION)
    assert crossed([1.96] * len(shares), list(shares)) > 1.2 * 0.05, "the check accepts 1.96"
    if shares[-1] == 1:
        assert spent == pytest.approx(0.05)


def test_the_page_finds_the_same(tmp_path):
    data = {"tables": tables(), "risk": control_risk(tables()), "cuts": CUTS, "priors": PRIORS}
    data |= {"times": [times(cut) for cut in CUTS], "places": [-4, 0, 2.9, 3.1, 5, 6.5, 9.8]}
    page = run_js(PAGE, data, tmp_path)
    looks = sequential.looks(tables())
    assert np.allclose(
        [[look[name] for name in ("people", "centre", "se", "z")] for look in page["looks"]],
        looks,
        rtol=TIGHT,
    )
    needed = [sequential.people_needed(data["risk"], cut) for cut in CUTS]
    assert np.allclose(page["needed"], needed, rtol=TIGHT)
    heights = [sequential.boundaries(shares) for shares in data["times"]]
    assert np.allclose(page["boundaries"], heights, rtol=TIGHT)
    after = [sequential.posterior(*prior, *looks[-1][1:3]) for prior in PRIORS]
    assert np.allclose([[each["mean"], each["sd"]] for each in page["after"]], after, rtol=TIGHT)
    tails = [sequential.below(-place) for place in data["places"]]
    assert np.allclose(page["tails"], tails, rtol=TIGHT, atol=0)
    assert not np.allclose(page["needed"], np.array(needed) * (1 + 1e-7), rtol=TIGHT)


def test_the_card_says_what_the_boundary_and_the_prior_say():
    card = lesson.enough()
    assert "not the boundary" in card.describe()
    assert "passes neither" in card.describe(whole=0)
    assert "fewer deaths with 66 %" in card.describe(whole=0)  # bayes-no-lin of the evidence
    right = [option["text"] for option in card.spec["predict"]["options"] if option["right"]]
    assert right == ["About a fifth of them"]
