"""Why?: the causal steps are those of the model, signs and all, and the page says the same."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

from hepatica.cards import Explorable, Run, Slider
from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.why import Step, Why
from hepatica.lessons import n06_when_the_liver_fails as lesson
from hepatica.model import Model, Output, State
from hepatica.model.cast import cast, told
from hepatica.models.dashboard import dashboard
from hepatica.models.portal import portal_path, treated_portal
from hepatica.models.tide import tide
from tools.node import Session

AGREEMENT = 1e-6  # relative; the page's formulas hold the model's numbers at six digits at least
SAY = """import { compile } from "./engine/models.js";
import { compileWhy } from "./engine/why.js";
---
const model = compile(data.model);
const why = compileWhy(data.why, { parameters: model.parameters, read: model.evaluate });
return why.steps(data.now, data.start).map((step) => ({ ...step, says: why.say(step) }));
"""
SETTINGS = 12
CONTROLS = {
    treated_portal: ("CPA", "cut", "tips", "settled", "epsilon", "collaterals"),
    portal_path: ("block", "site", "CPA", "collaterals", "P_ra"),
}
TARGETS = {treated_portal: ("PSG", "flow_liver", "shunt_share"), portal_path: ("PSG", "HVPG")}


def sliders(model: Model, *names: str) -> list[dict]:
    """A slider for each name, as cards write them."""
    return [Slider(name).json(model) for name in names]


def why_of(model: Model) -> Why:
    """The arrows of a model without clock from its controls to its targets, as above."""
    controls = sliders(model, *CONTROLS[model])
    return Why(model, TARGETS[model], controls, lambda values: model.evaluate(**values))


def drawn(model: Model) -> list[tuple[dict, dict]]:
    """Pairs of settings of the controls, at random."""
    luck, rows = np.random.default_rng(6), model.parameters

    def one() -> dict[str, float]:
        return {
            name: float(rows[name].low + luck.random() * (rows[name].high - rows[name].low))
            for name in CONTROLS[model]
        }

    return [(one(), one()) for _ in range(SETTINGS)]


# -- signs -----------------------------------------------------------------------------------------


def slope(model: Model, arrow: Step, known: dict) -> float:
    """How a symbol answers to one of its sources, by a small difference of the formula itself; of a
    balance, by how its gap answers to both."""

    def moved(expression: sympy.Expr, name: str) -> float:
        width = 1e-6 * max(abs(known[name]), 1e-3)
        symbols = list(expression.free_symbols)
        work = sympy.lambdify(symbols, expression, [{"Max": max, "Min": min}, "math"])

        def at(shift: float) -> float:
            there = {**known, name: known[name] + shift}
            return work(*(there[str(symbol)] for symbol in symbols))

        return (at(width / 2) - at(-width / 2)) / width

    if arrow.target in model.balance:
        gap = model.balance[arrow.target]
        return -moved(gap, arrow.source) / moved(gap, arrow.target)
    formula = {**model.definitions, **model.readouts}[arrow.target]
    return moved(formula, arrow.source)


def wrong_way(model: Model, arrows: list[Step], known: dict) -> list[Step]:
    """Steps whose sign is not that of the mean slope along the step times the move of the source."""
    return [
        arrow
        for arrow in arrows
        if np.sign(arrow.after - arrow.before)
        != np.sign(arrow.now - arrow.was)
        * np.sign(
            sum(
                slope(model, arrow, known | {arrow.source: place})
                for place in np.linspace(arrow.was, arrow.now, 11)[1:-1]
            )
        )
    ]


@pytest.mark.parametrize("model", CONTROLS, ids=lambda model: model.name)
def test_every_step_goes_the_way_of_its_slope(model):
    why, count = why_of(model), 0
    for now, start in drawn(model):
        here = why.known(now)
        arrows = why.arrows(here, why.known(start))
        assert wrong_way(model, arrows, here) == []
        turned = [arrow._replace(before=arrow.after, after=arrow.before) for arrow in arrows]
        assert len(wrong_way(model, turned, here)) == len(arrows), "a turned step passes"
        count += len(arrows)
    assert count > 100


def test_a_moved_block_moves_its_resistance():
    why = why_of(portal_path)
    start = {"block": 20.0, "site": 1.0, "CPA": 2.0, "collaterals": 1.0, "P_ra": 5.0}
    steps = why.steps({**start, "site": 0.0}, start)
    ways = {(step.source, step.target): step.after > step.before for step in steps}
    assert ways["site", "R_sin"] is False and ways["P_wedged", "HVPG"] is False
    assert not any("PSG" in ends for ends in ways), "the whole resistance has not changed"
    assert [step.target for step in steps][-1] == "HVPG"


def test_a_step_is_what_its_source_alone_does():
    """By hand: the gradient if only the liver's resistance were back, the shunt staying wide."""
    why = why_of(treated_portal)
    start = {**dict.fromkeys(("cut", "tips", "settled", "epsilon"), 0.0), "collaterals": 1.0}
    steps = why.steps({**start, "CPA": 37.0}, {**start, "CPA": 2.0})
    step = next(step for step in steps if (step.source, step.target) == ("R_L", "PSG"))
    now = treated_portal.evaluate(CPA=37, settled=0)
    alone = 1 / (1 / 4 + 1 / now["R_s"])
    assert (step.before, step.after) == pytest.approx((alone, now["PSG"]))
    assert (step.was, step.now) == pytest.approx((4, 25))
    assert step.before != pytest.approx(treated_portal.evaluate(CPA=2, settled=0)["PSG"], rel=0.02)


def test_small_steps_are_left_out_and_no_move_has_none():
    why = why_of(treated_portal)
    start = {**dict.fromkeys(("cut", "tips", "settled", "epsilon"), 0.0), "collaterals": 1.0}
    assert why.steps({**start, "CPA": 20.0}, {**start, "CPA": 20.0}) == []
    assert why.steps({**start, "CPA": 20.05}, {**start, "CPA": 20.0}) == []
    assert why.steps({**start, "CPA": 21.0}, {**start, "CPA": 20.0}) != []


def test_an_unchanged_name_for_the_same_thing_is_no_step():
    """Untreated, gradient before and now are one; with a stent they are two."""
    said = lesson.circulation().because(CPA=37)
    assert len(said) == 7 and not any("under treatment" in line for line in said)
    assert said[1] == (
        "Resistance of the way through the liver 4 → 25 mmHg·min/L: it lifts the portosystemic "
        "gradient from 3.77 to 18.2 mmHg."
    )


# -- what a model must say -------------------------------------------------------------------------


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(CardError, match="no control of the card moves Q_in"):
        Why(treated_portal, ("Q_in",), sliders(treated_portal, "CPA"), treated_portal.evaluate)
    with pytest.raises(CardError, match="does not say what R_L is"):
        Why(dashboard, ("PSG",), sliders(dashboard, "CPA"), dashboard.evaluate)


def test_a_cast_is_read_with_the_casts_it_names():
    assert cast(treated_portal)["R_L"] == ("resistance of the way through the liver", "mmHg·min/L")
    assert cast(Model("of no module", parameters={}, outputs={})) == {}
    text = "\nCast\n----\nsymbol  meaning\nz  made up  mg\nas in hepatica.models.portal\n\n"
    assert told(text)["z"].unit == "mg" and "R_s" in told(text) and told("No cast.") == {}


def test_a_model_with_a_clock_is_run_again():
    """A state answers to what moved by a run anew; a read-out of it by its formula."""
    rows = {name: tide.parameters[name] for name in ("d", "rho")}
    model = Model(
        "cells alone",
        parameters=rows,
        states={"H": State("hepatocytes", "share of healthy", 1.0)},
        equations={"H": "rho * (1 - H) - d * H"},
        outputs={"lost": Output("100 * (1 - H)", "share of hepatocytes lost", "%")},
    )
    card = Explorable(
        model,
        id="why-test",
        title="t",
        question="q",
        run=Run(100),
        controls=[Slider("d", "death of hepatocytes")],
        views=[],
        describe=[(None, "Lost.")],
        why=("lost",),
    )
    start, more = card.start()["d"], rows["d"].high
    assert start != more
    first, last = card.because(d=more)
    assert first.startswith("Death of hepatocytes") and "it lowers the hepatocytes from" in first
    assert last.startswith("Hepatocytes") and "it lifts the share of hepatocytes lost" in last
    assert card.because() == []


# -- the page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", CONTROLS, ids=lambda model: model.name)
def test_the_page_says_the_same(model, tmp_path):
    why = why_of(model)
    question = {"model": model.javascript(), "why": why.json()}
    with Session(SAY, tmp_path) as session:
        for now, start in drawn(model)[:6]:
            ours = why.steps(now, start)
            theirs = session.ask({**question, "now": now, "start": start})
            assert [why.say(step) for step in ours] == [step["says"] for step in theirs]
            for step, other in zip(ours, theirs, strict=True):
                assert list(step)[2:] == pytest.approx(
                    [other[key] for key in Step._fields[2:]], rel=AGREEMENT
                )
            there = session.ask({**question, "now": start, "start": now})  # both ways round
            assert [why.say(step) for step in why.steps(start, now)] == [s["says"] for s in there]
            assert [why.say(step) for step in ours] != [step["says"] for step in there]


def test_the_page_leaves_out_what_leads_nowhere(tmp_path):
    """Asked about the flow alone, the page tells of the flow alone."""
    controls = sliders(treated_portal, *CONTROLS[treated_portal])
    why = Why(treated_portal, ("flow_liver",), controls, lambda v: treated_portal.evaluate(**v))
    question = {"model": treated_portal.javascript(), "why": why.json()}
    now, start = drawn(treated_portal)[5]
    with Session(SAY, tmp_path) as session:
        theirs = session.ask({**question, "now": now, "start": start})
    ours = [why.say(step) for step in why.steps(now, start)]
    assert ours == [step["says"] for step in theirs]
    assert len(ours) < len(why_of(treated_portal).steps(now, start))


def test_a_healthy_liver_compared_with_a_scarred_one(tmp_path):
    """What went back lies above the bracket of what is now."""
    why, ours = why_of(treated_portal), lesson.circulation().because("scarred")
    assert len(ours) >= 6 and "lowers the portosystemic gradient" in ours[1]
    off = {**dict.fromkeys(("cut", "tips", "settled", "epsilon"), 0.0), "collaterals": 1.0}
    question = {"model": treated_portal.javascript(), "why": why.json()}
    pair = {"now": {**off, "CPA": 2.0}, "start": {**off, "CPA": 37.0}}
    with Session(SAY, tmp_path) as session:
        theirs = [step["says"] for step in session.ask({**question, **pair})]
    assert theirs == [why.say(step) for step in why.steps(**pair)]
    assert any(line.endswith("to 3.98 mmHg.") for line in theirs)


def test_a_card_without_the_word_has_no_button():
    assert "why" not in lesson.gradient().spec and "why" in lesson.circulation().spec
