"""Every reasonable analysis: the counts are the ledger's, the page says what Python says, metafor
is the referee, and the shares are those found by another hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from referee import differing, rejects, stored

from hepatica import ledger
from hepatica.analysis import specifications
from hepatica.cards import CardError, SpecificationCurve
from hepatica.cards.kinds.specifications.card import plan
from hepatica.lessons import n11_every_analysis as lesson
from tools.node import run_js

TIGHT = 1e-9  # relative and absolute: the same formulas, other sums
OPEN = dict.fromkeys(specifications.AXES, "")
EVERY = """import { countChoices, everySpecification } from "./engine/specifications.js";
---
const all = everySpecification(data.plan);
return { all, counted: data.held.map((held) => countChoices(all, held)) };
"""


@cache
def every() -> tuple[specifications.Specification, ...]:
    return specifications.every()


def held(**choices: str) -> dict[str, str]:
    """These choices, the other axes open."""
    return OPEN | choices


# -- the counts ------------------------------------------------------------------------------------


def counted_elsewhere() -> dict[str, list[float]]:
    """The same counts where the ledger has them besides: outcomes of trials and two later reports."""
    arms = {"spahr-3m": "spahr2013-survival-3m", "lin-24w": "lin2017-survival-5p5m"}
    arms |= {"match-12m": "brennan2025-survival-12m", "realistic-27": "newsome2018-survival"}
    rows = ledger.table("trial_outcomes").set_index("key")[["events", "patients"]]
    return {
        key: [*map(float, rows.loc[f"{name}-treated"]), *map(float, rows.loc[f"{name}-control"])]
        for key, name in arms.items()
    }


def test_the_counts_are_those_of_the_trials():
    found = specifications.tables()
    wanted = counted_elsewhere()
    assert len(wanted) == 4 and {key: list(found[key]) for key in wanted} == wanted
    assert list(found["lin-24w"]) != wanted["spahr-3m"]
    later = {"match-30m": "match-30m-died", "match-48m": "match-later-died"}
    for key, name in later.items():
        died = [ledger.number(f"guidelines/{name}{arm}").value for arm in ("", "-control")]
        assert list(found[key][::2]) == died
    extra = found["realistic-53"]
    gcsf = ledger.table("trial_outcomes").set_index("key")
    alone = gcsf.loc["newsome2018-survival-treated-gcsf-only"]
    assert extra[3] == found["realistic-27"][3] + alone["patients"]
    assert extra[2] == found["realistic-27"][2] + alone["events"]


# -- what is found ---------------------------------------------------------------------------------


def test_the_shares_are_those_found_by_another_hand():
    """1667 of 1764 favour cells, 299 exclude no effect, none in favour of harm, none without Lin."""
    assert len(every()) == 1764 == len(set(every()))
    assert sum(each.favours for each in every()) == 1667
    assert sum(each.excludes for each in every()) == 299
    assert not any(each.low > 0 for each in every())
    without = [each for each in every() if "lin" not in specifications.SETS[each.trials]]
    assert len(without) == 948 and not any(each.excludes for each in without)
    _, exclude = specifications.shares(specifications.fits(held(trials="all")))
    assert round(exclude, 1) == 28.8
    ratios = np.exp([each.centre for each in every() if each.measure == "RR"])
    assert [round(x, 2) for x in (np.median(ratios), *np.quantile(ratios, [0, 1]))] == [
        0.63,
        0.46,
        1.3,
    ]


@pytest.mark.parametrize(
    ("model", "share"),
    [("KH", 0), ("DL", 27), ("fixed", 32), ("REML", 32), ("MH", 76), ("Peto", 80)],
)
def test_the_model_decides_with_all_four(model, share):
    found = specifications.fits(held(trials="all", model=model))
    assert round(specifications.shares(found)[1]) == share
    assert round(specifications.shares(found)[0]) == 100


def test_the_usual_analysis_is_the_pool_of_the_ledger():
    (one,) = specifications.fits(lesson.USUAL)
    pool = ledger.number("pools/deaths-cells")
    assert np.allclose(
        np.exp([one.centre, one.low, one.high]), [pool.value, pool.low, pool.high], rtol=1e-3
    )
    (strict,) = specifications.fits(lesson.USUAL | {"model": "KH"})
    assert not np.isclose(np.exp(strict.high), pool.high, rtol=1e-3)


def test_a_choice_that_means_nothing_is_passed_over():
    """Without MATCH its count does not matter; Peto asks nothing about zeros, and has no risk
    ratio."""
    usual = lesson.USUAL
    assert len(specifications.fits(usual | {"trials": "no-match", "match": "match-30m"})) == 1
    assert len(specifications.fits(usual | {"model": "Peto", "measure": "OR", "zero": "drop"})) == 1
    assert specifications.fits(usual | {"model": "Peto"}) == []
    assert specifications.fits(usual | {"match": "match-30m", "zero": "drop"}) == []
    open_trials = specifications.fits(held(match="match-30m"))
    assert {each.match for each in open_trials} == {"match-30m"}


# -- referees --------------------------------------------------------------------------------------


def summed() -> dict[str, float]:
    """Every model and measure: how many analyses, and the sums of their effects and ends."""
    found: dict[str, float] = {}
    for each in every():
        row = {"n": 1, "favour": each.favours, "exclude": each.excludes}
        row |= {"centre": each.centre, "low": each.low, "high": each.high}
        for name, value in row.items():
            key = f"specifications/{each.model}/{each.measure}/{name}"
            found[key] = found.get(key, 0.0) + value
    return found


def test_metafor_finds_the_same():
    wanted = {key: x for key, x in stored("metafor").items() if key.startswith("specifications/")}
    found = summed()
    assert len(found) == 96 and differing(found, wanted) == []
    assert rejects(found, wanted)


CHOICES = (
    OPEN,
    lesson.USUAL,
    held(trials="no-lin"),
    held(match="match-30m", model="Peto"),
    lesson.USUAL | {"model": "Peto"},
    held(trials="no-match", match="match-48m", zero="drop"),
)


@cache
def page(folder) -> dict:
    return run_js(EVERY, {"plan": plan(), "held": list(CHOICES)}, folder)


def apart(ours, theirs) -> list[str]:
    """Analyses whose choices, centre or ends differ between Python and the page."""
    ends = ("centre", "low", "high")
    return [
        str(one)
        for one, other in zip(ours, theirs, strict=True)
        if any(getattr(one, axis) != other[axis] for axis in specifications.AXES)
        or not np.allclose(
            [getattr(one, end) for end in ends],
            [other[end] for end in ends],
            rtol=TIGHT,
            atol=TIGHT,
        )
    ]


def test_the_page_finds_the_same(tmp_path):
    theirs = page(tmp_path)["all"]
    assert apart(every(), theirs) == []
    moved = [*theirs[:-1], theirs[-1] | {"high": theirs[-1]["high"] + 1e-7}]
    assert len(apart(every(), moved)) == 1, "the comparison sees no difference"


def test_the_page_counts_the_same(tmp_path):
    """Which analyses fit the choices, and what each option would leave in place of its row's."""
    found = 0
    for choices, counted in zip(CHOICES, page(tmp_path)["counted"], strict=True):
        assert len(counted["fit"]) == len(specifications.fits(choices))
        for axis, options in counted["options"].items():
            for option, told in options.items():
                if not option:
                    continue
                own = specifications.fits(choices | {axis: option})
                assert (told["n"], told["exclude"]) == (len(own), sum(e.excludes for e in own))
                found += 1
    assert found > 60


# -- the card --------------------------------------------------------------------------------------


def test_the_card_says_both_halves():
    card = lesson.every_analysis()
    says = card.describe()
    assert "94.5 % favour cells" in says and "17.0 %" in says and "without Lin 2017, none" in says
    for guess in (0, 10, 40, 90):
        reply = card.reply(guess)
        assert "94.5 % favour cells" in reply and "17.0 %" in reply, guess
    assert len({card.reply(guess) for guess in (0, 10, 40, 90)}) == 4
    assert abs(card.spec["predict"]["answer"] - 16.95) < 0.01


@pytest.mark.parametrize(
    ("moved", "reached", "says"),
    [
        ({}, True, "not one patient"),
        ({"model": "KH"}, False, "scatter"),
        ({"model": "Peto", "measure": "OR"}, True, "not one patient"),
        ({"model": "Peto"}, False, "No such analysis"),
        ({"trials": "no-lin", "model": "Peto", "measure": "OR"}, False, "none of 948"),
        ({"model": ""}, False, "A report shows one"),
        ({"measure": "RD"}, False, "As a difference"),
        ({"match": "match-48m"}, False, "No effect still lies inside"),
    ],
)
def test_the_mission_is_reached_by_arithmetic_only_with_lin(moved, reached, says):
    card = lesson.every_analysis()
    found, said = card.judge(**(lesson.USUAL | moved))
    assert found is reached and says in said
    assert not card.judge(**card.mission.start)[0]


def test_options_that_no_analysis_has_are_refused():
    axes = dict(lesson.AXES)
    axes["measure"] = ("Measure", {"RR": "risk ratio"})
    with pytest.raises(CardError, match="axis measure"):
        SpecificationCurve(
            id="odd",
            title="Odd",
            question="",
            axes=axes,
            start=lesson.USUAL,
            without=("lin", "Lin"),
        )
