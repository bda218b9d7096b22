"""The portal circuit: published targets, one balance in Python and JavaScript,
and what a wrong balance gets told."""

from __future__ import annotations

import numpy as np
import pytest
from experiments import disagreement, draw, met, result, rows

from hepatica import ledger
from hepatica.cards import Axis, Chart, Curve, Explorable, Slider, Sweep, Toggle
from hepatica.model import Model, ModelError, Output, State, Unknown
from hepatica.model.sbml import sbml
from hepatica.models.portal import (
    AFTER,
    BEFORE,
    WITHIN,
    blocked,
    portal,
    portal_path,
    scar_for_gradient,
    scar_of,
    treated,
    treated_portal,
    untreated,
)
from hepatica.models.scar_circuit import scar_circuit
from tools.node import run_js

AGREEMENT = 1e-9  # relative; both languages solve to about 1e-14 of the bracket

EVALUATE = """import { compileModel, evaluateModel, sweepModel } from "./engine/solver.js";
---
const model = compileModel(data.model);
const plain = (series) => Object.fromEntries(Object.entries(series).map(([name, column]) => [name, [...column]]));
if (data.grid) return plain(sweepModel(model, {}, data.name, data.grid));
return data.sets.map((values) => evaluateModel(model, values));
"""


# -- targets ---------------------------------------------------------------------------------------


def test_every_target_is_met_and_a_spoilt_one_is_not():
    targets = rows("portal")
    assert len(targets) >= 79
    for row in targets:
        value = result(row)
        assert met(row, value), (row["key"], value, row["value"])
        assert not met({**row, "value": row["value"] * 1.1}, value), row["key"]


def test_what_flows_in_flows_out():
    for values in draw(portal, 50):
        run = portal.evaluate(**values)
        total = run["flow_liver"] + run["flow_shunt"] + run["flow_tips"]
        assert total == pytest.approx(values["Q"], rel=1e-9)
        assert total != pytest.approx(values["Q"] * 1.001, rel=1e-9)


def test_a_settled_circuit_is_the_published_one():
    """With the shunt settled and no drug, both models are the same circuit;
    before it settles they differ."""
    for R_L in (10, 25, 35):
        ours = treated("PSG", R_L, tips=1, settled=1)
        assert ours == pytest.approx(untreated("PSG", R_L, tips=1), rel=1e-9)
        assert treated("PSG", R_L, tips=0) == pytest.approx(untreated("PSG", R_L), rel=1e-9)
    assert treated("PSG", 25, tips=1) < treated("PSG", 25, tips=1, settled=1)


def test_a_narrow_shunt_keeps_its_width_below_the_threshold():
    rest = portal.evaluate(R_L=6)
    assert rest["PSG"] < portal.values()["P_0"] and rest["r"] == pytest.approx(
        rest["r_0"], rel=1e-12
    )
    assert portal.evaluate(R_L=20)["r"] > 1.5 * rest["r_0"]


def test_scar_and_resistance_belong_together():
    assert treated_portal.evaluate(CPA=scar_of(25))["R_L"] == pytest.approx(25)
    assert (
        scar_for_gradient(12, "none")
        < scar_for_gradient(12, "insensitive")
        < scar_for_gradient(12, "sensitive")
    )


# -- where the resistance sits ---------------------------------------------------------------------


def test_the_catheter_sees_the_sinusoids_only():
    """The same block gives the same gradient everywhere; HVPG is normal unless it sits in them."""
    normal = ledger.number("physiology/hvpg-normal").high
    high = ledger.number("physiology/hvpg-csph").value
    for block in (10, 20, 30):
        gradients = [blocked("PSG", block, site) for site in (BEFORE, WITHIN, AFTER)]
        assert gradients == pytest.approx([gradients[0]] * 3) and gradients[0] > high
        hvpg = [blocked("HVPG", block, site) for site in (BEFORE, WITHIN, AFTER)]
        assert max(hvpg[0], hvpg[2]) <= normal < hvpg[1] == pytest.approx(gradients[1])
    assert not blocked("HVPG", 20, 0.5) <= normal, "half of it in the sinusoids is seen"


def test_a_path_without_block_is_the_treated_circuit_untreated():
    for values in draw(portal_path, 20):
        shared = {name: values[name] for name in treated_portal.parameters if name in values}
        ours = portal_path.evaluate(**{**values, "block": 0.0})
        theirs = treated_portal.evaluate(**shared)
        same = {name: ours[name] for name in ("PSG", "R_L", "r", "P_portal", "shunt_share")}
        assert same == pytest.approx({name: theirs[name] for name in same}, rel=1e-9)
        assert ours["HVPG"] == pytest.approx(ours["PSG"])
        assert ours["PSG"] != pytest.approx(portal_path.evaluate(**{**values, "block": 5.0})["PSG"])


def test_pressure_falls_from_gut_to_heart_at_its_named_places():
    for values in draw(portal_path, 20):
        steps = portal_path.sweep("place", [0, 1, 2, 3, 4], **values)
        run = {name: row[0] for name, row in steps.items()}
        named = [run["P_portal"], run["P_portal"], run["P_wedged"], run["P_free"], values["P_ra"]]
        assert list(steps["P_here"]) == pytest.approx(named)
        assert all(np.diff(steps["P_here"]) <= 1e-12)
        assert list(steps["P_here"]) != pytest.approx(named[::-1])


# -- Python and JavaScript -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model", [portal, treated_portal, portal_path], ids=lambda model: model.name
)
def test_javascript_agrees(model, tmp_path):
    sets = draw(model, 200)
    ours = [model.evaluate(**values) for values in sets]
    theirs = run_js(EVALUATE, {"model": model.javascript(), "sets": sets}, tmp_path)
    assert len(theirs) == 200 and disagreement(ours, theirs) < AGREEMENT
    wrong = [{**values, "eta": values["eta"] * (1 + 1e-7)} for values in sets]
    assert disagreement([model.evaluate(**values) for values in wrong], theirs) > AGREEMENT


def test_a_sweep_agrees(tmp_path):
    sweep = Sweep("CPA", 2, 60, points=59)
    question = {"model": treated_portal.javascript(), "name": "CPA", "grid": list(sweep.times())}
    theirs = run_js(EVALUATE, question, tmp_path)
    ours = sweep.series(treated_portal, {})
    assert set(ours) == set(theirs) and len(ours["PSG"]) == 59
    assert all(np.allclose(ours[name], theirs[name], rtol=AGREEMENT, atol=0) for name in ours)
    assert not np.allclose(ours["PSG"], np.roll(theirs["PSG"], 1), rtol=AGREEMENT, atol=0)


def test_a_balance_out_of_reach_is_an_error_in_both_languages(tmp_path):
    model = small(unknown={"PSG": Unknown("gradient", "mmHg", low="0", high="0.5 * Q")})
    with pytest.raises(ModelError, match="PSG has no balance between 0 and 0.5"):
        model.evaluate()
    with pytest.raises(RuntimeError, match="PSG has no balance between 0 and 0.5"):
        run_js(EVALUATE, {"model": model.javascript(), "sets": [{}]}, tmp_path)


def test_roots_at_an_end_are_found(tmp_path):
    for low, high in (("Q", "2 * Q"), ("0", "Q")):
        model = small(unknown={"PSG": Unknown("gradient", "mmHg", low, high)}, balance="PSG = Q")
        theirs = run_js(EVALUATE, {"model": model.javascript(), "sets": [{}]}, tmp_path)
        assert [run["PSG"] for run in (model.evaluate(), *theirs)] == pytest.approx(
            [1, 1], rel=1e-12
        )


# -- definition and products -----------------------------------------------------------------------


def small(**changed) -> Model:
    """A liver alone: the gradient at which the inflow runs through one resistor."""
    parts = {
        "parameters": {name: portal.parameters[name] for name in ("Q", "R_L")},
        "unknown": {"PSG": Unknown("gradient", "mmHg", low="0", high="2 * Q * R_L")},
        "balance": "Q = PSG / R_L",
        "outputs": {"flow": Output("PSG / R_L", "flow", "L/min")},
    }
    return Model("liver alone", **{**parts, **changed})


def test_both_ways_to_write_a_balance():
    assert small().evaluate()["PSG"] == pytest.approx(6)
    assert small(balance="Q - PSG / R_L").evaluate(R_L=10)["PSG"] == pytest.approx(10)
    assert small().latex() == r"\begin{aligned}Q &= \frac{PSG}{R_{L}}\end{aligned}"
    assert small(balance="Q - PSG / R_L").latex("PSG") == (
        r"\begin{aligned}Q - \frac{PSG}{R_{L}} "
        r"&= 0\end{aligned}"
    )


MISTAKES = {
    "no balance": ({"balance": ""}, "exactly one unknown"),
    "no unknown": ({"unknown": {}}, "exactly one unknown"),
    "two unknowns": (
        {"unknown": {name: Unknown("x", "mmHg", "0", "1") for name in "xy"}},
        "exactly one unknown",
    ),
    "a state": (
        {"states": {"A": State("a", "g/L")}, "equations": {"A": "Q"}},
        ("neither states nor inputs"),
    ),
    "a wrong name in the balance": (
        {"balance": "Q = PSG / R_l"},
        ("uses R_l, which is not declared. Did you mean R_L"),
    ),
    "a wrong name in the bracket": (
        {"unknown": {"PSG": Unknown("x", "mmHg", "0", "Q * R_M")}},
        r"PSG.high uses R_M",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused(mistake):
    changed, advice = MISTAKES[mistake]
    with pytest.raises(ModelError, match=advice):
        small(**changed)


def test_a_balance_has_no_clock():
    with pytest.raises(ModelError, match="Use evaluate"):
        portal.simulate(10)
    with pytest.raises(ModelError, match="outside 3 to 40"):
        portal.evaluate(R_L=50)
    assert portal.daily({"Q": 2.0}) == {"Q": 2.0} and scar_circuit.daily({"beta_1": 1.0}) == {
        "beta_1": 1440
    }


def test_names_units_and_sbml():
    assert (portal.label("PSG"), portal.unit("PSG")) == ("portosystemic gradient", "mmHg")
    assert portal.latex().startswith(r"\begin{aligned}Q &= \frac{PSG}{R_{L}} + ")
    assert "<algebraicRule>" in sbml(portal, 0) and "<algebraicRule>" not in sbml(scar_circuit, 10)
    assert "unknown" in portal.javascript() and "unknown" not in scar_circuit.javascript()


def test_a_card_can_sweep_it():
    chart = Chart(
        "gradient",
        Axis("collagen area", "%", 2, 60),
        Axis("gradient", "mmHg", 0, 30),
        curves=(Curve("PSG", "gradient", "blood", x="time"),),
    )
    card = Explorable(
        treated_portal,
        id="portal-test",
        title="t",
        question="q",
        run=Sweep("CPA", 2, 60),
        controls=[Slider("CPA"), Toggle("tips", on=1, off=0), Toggle("settled", on=1, off=0)],
        views=[chart],
        describe=[(None, "The gradient is high.")],
    )
    labels = {row["label"] for row in card.spec["parameters"]}
    assert {treated_portal.label(name) for name in ("settled", "tips")} <= labels and portal.label(
        "R_L"
    ) not in labels
    assert card.spec["model"]["unknown"]["name"] == "P_s"
