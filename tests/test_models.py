"""What every model keeps, whatever its kind: one protocol, one meaning per name, levers,
a place in the registry."""

from __future__ import annotations

import importlib
import re

import numpy as np
import pytest

from hepatica import analysis, ledger, lessons, models
from hepatica.lessons import n08_what_already_works, n11_trial_audit
from hepatica.model import (
    Chain,
    Model,
    ModelError,
    Output,
    State,
    join,
    leaving_out,
    registry,
)
from hepatica.model.pulses import SHORTEST, Pulse, edges
from hepatica.models.acute import acute_loss
from hepatica.models.cohorts import crowd
from hepatica.models.field import Field, Lobules
from hepatica.models.natural_history import hcv
from hepatica.models.portal import portal, treated_portal
from hepatica.models.reserve import reserve
from hepatica.models.scar_circuit import scar_circuit
from hepatica.models.therapy import therapy
from hepatica.models.tide import tide, tide_therapy
from tools.node import Session

REGISTERED = registry.load(models, analysis)
FIELD = Lobules(Field(4, 4, 24, 24))
KINDS = {  # one model of each kind, times of its own clock, a changed value
    "equations": (tide, [0, 30, 180], {"d": 0.02}),
    "chain": (hcv, [0, 1, 20], {"pace": 0.6}),
    "field": (FIELD, [0, 400, 3650], {"zone_growth": 0.05}),
    "crowd": (crowd, [0, 1, 5], {"remains": 0.4}),
    "balance": (treated_portal, [0], {"CPA": 12.0}),
    "read-outs": (reserve, [0, 1], {"H": 0.5}),
}
# the tolerance of tests/test_lobule.py; the closer ones are held in test_parity and its neighbours
PARITY = 2e-3

SERIES = """import { compile } from "./engine/models.js";
---
const model = compile(data.model);
return Object.fromEntries(Object.entries(model.series(data.values, data.times)).map(([k, v]) => [k, Array.from(v)]));
"""
SWEEP = """import { compile } from "./engine/models.js";
---
const model = compile(data.model);
const found = { swept: model.sweep(data.values, data.name, data.grid), one: model.evaluate(data.values) };
found.swept = Object.fromEntries(Object.entries(found.swept).map(([k, v]) => [k, Array.from(v)]));
return found;
"""


# -- one protocol ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_gives_series_in_both_languages(name, tmp_path):
    model, times, changed = KINDS[name]
    ours = model.series(times, **changed)
    assert list(ours) == list(model.reported)
    assert all(row.shape == (len(times),) for row in ours.values())
    with Session(SERIES, tmp_path) as session:
        question = {"model": model.javascript(), "times": times, "values": changed}
        theirs, others = session.ask(question), session.ask(question | {"values": {}})
    assert set(theirs) == set(ours)
    assert all(_alike(ours[key], theirs[key]) for key in ours)
    assert not all(_alike(ours[key], others[key]) for key in ours), (
        "the changed value does not matter"
    )


def _alike(ours, theirs) -> bool:
    return np.allclose(ours, np.array(theirs, float), rtol=1e-4, atol=PARITY)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_names_its_read_outs_and_their_units(name):
    model, *_ = KINDS[name]
    called = {read: (model.label(read), model.unit(read)) for read in model.reported}
    assert all(label and label != unit for label, unit in called.values()), called
    assert crowd.label("back") == "below F4" and crowd.unit("back") == "%"


@pytest.mark.parametrize("model", [tide, FIELD, crowd], ids=["equations", "field", "crowd"])
def test_a_run_without_times_goes_evenly_from_0_to_its_end(model):
    assert list(model.simulate(8, points=5).index) == [0, 2, 4, 6, 8]


def test_a_model_without_time_is_swept(tmp_path):
    grid = [5.0, 15.0, 30.0]
    ours = treated_portal.sweep("CPA", grid, tips=1)
    question = {
        "model": treated_portal.javascript(),
        "name": "CPA",
        "grid": grid,
        "values": {"tips": 1},
    }
    with Session(SWEEP, tmp_path) as session:
        found = session.ask(question)
    assert all(_alike(ours[name], found["swept"][name]) for name in treated_portal.reported)
    assert found["one"]["PSG"] == pytest.approx(treated_portal.evaluate(tips=1)["PSG"], rel=1e-6)
    assert ours["PSG"][0] < ours["PSG"][2]
    with pytest.raises(ModelError, match="changes in time"):
        tide.sweep("d", [0.01])


def test_every_model_says_which_clock_it_keeps():
    clocks = {name: model.clock for name, (model, *_) in KINDS.items()}
    assert clocks == {
        "equations": "days",
        "chain": "years",
        "field": "days",
        "crowd": "years",
        "balance": "",
        "read-outs": "",
    }
    assert (tide.ticks_per("years"), hcv.ticks_per("years"), tide.ticks_per("hours")) == (
        365,
        1,
        1 / 24,
    )
    assert acute_loss.clock == "days" and not acute_loss.inputs, "states alone have a clock"
    with pytest.raises(ModelError, match="has no clock"):
        portal.ticks_per("days")
    with pytest.raises(ModelError, match="no unit of a run"):
        tide.ticks_per("weeks")
    with pytest.raises(ModelError, match="whole years"):
        hcv.series([0, 0.5])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"phi_0": 1.5}, "at most 1"),
        ({"phi_0": -0.1}, "never below 0"),
        ({"d": -1}, "never below 0"),
    ],
)
def test_what_is_not_checked_against_the_ledger_is_still_no_nonsense(values, said):
    with pytest.raises(ModelError, match=said):
        tide.simulate(1, unchecked=values)
    assert tide.simulate(1, points=2, unchecked={"phi_0": 0.9})["phi"].iloc[0] > 0.1


def test_other_start_values_leave_the_shared_model_alone():
    before = tide.values()
    assert tide.starting(injury_years=0.5).values() == before | {"injury_years": 0.5}
    assert tide.values() == before
    half = hcv.starting(F0=0.5, F4=0.5, pace=0.5)
    assert half.series([0])["F4"][0] == 0.5 and half.values()["pace"] == 0.5
    assert hcv.series([0])["F0"][0] == 1 and isinstance(half, Chain)
    assert FIELD.starting(variation=0.1).field is FIELD.field
    assert tide.starting(C=3.0).series([0])["C"][0] == 3
    for model, values in (
        (tide, {"no_such": 1}),
        (tide, {"injury_years": -1}),
        (hcv, {"F9": 1}),
        (hcv, {"F4": 0.5}),
    ):
        with pytest.raises(ModelError):
            model.starting(**values)


def test_a_model_says_which_parameters_it_uses():
    checked = 0
    for model in _models():
        used = model.uses()
        assert used == [name for name in model.parameters if name in used]
        checked += len(used)
    assert checked > 200
    rows = ledger.parameters("reserve")
    idle = Model("idle", parameters=rows, outputs={"mass": Output("100 * H", "mass", "%")})
    assert idle.uses() == ["H"]


def _models() -> list[Model]:
    return [model for entry in REGISTERED.values() for model in entry.models]


# -- one meaning per name --------------------------------------------------------------------------


def test_joined_models_share_no_name_by_accident():
    mine, other = ledger.parameters("tide"), dict(treated_portal.parameters)
    with pytest.raises(ModelError, match="Two of the joined models have a CPA_0"):
        join(mine, other)
    joined = join(mine, other, shared=["CPA_0"])
    assert len(joined) == len(mine) + len(other) - 1
    with pytest.raises(ModelError, match="mean different things"):
        join(mine, {"CPA_0": mine["rho"]}, shared=["CPA_0"])
    with pytest.raises(ModelError, match="no two of the joined models"):
        join(mine, other, shared=["CPA_0", "rho"])
    with pytest.raises(ModelError, match="no tail to leave out"):
        leaving_out(mine, "tail")
    assert "rho" not in leaving_out(mine, "rho")


@pytest.mark.parametrize(
    "again",
    [
        {"definitions": {"H": "2"}},
        {"outputs": {"H": Output("2", "twice", "")}},
        {"states": {"H": State("mass", "")}, "equations": {"H": "1"}},
    ],
)
def test_a_name_means_one_thing_in_a_model(again):
    with pytest.raises(ModelError, match="H is both a"):
        Model("twice", parameters=ledger.parameters("reserve"), **again)


# -- levers ----------------------------------------------------------------------------------------


def test_a_later_model_fills_named_places():
    assert tide.formula("r") == "J_in / (J_in + J)"
    assert tide.formula("r", calm_switch=" + 1") == "J_in / (J_in + J) + 1"
    assert therapy.equations["H"] != tide.equations["H"]
    with pytest.raises(ModelError, match="no lever calm. It has: regrowth"):
        tide.formula("H", calm="0")
    rows = ledger.parameters("reserve")
    with pytest.raises(ModelError, match="the lever idle has no place"):
        Model("idle", parameters=rows, levers={"idle": "1"}, outputs={"a": Output("H", "", "")})
    with pytest.raises(ModelError, match="has a place {where}, but no such lever"):
        Model("lost", parameters=rows, outputs={"a": Output("{where} * H", "", "")})
    with pytest.raises(ModelError, match="no formula Z"):
        tide.formula("Z")


# -- the registry ----------------------------------------------------------------------------------


def test_every_module_registers_itself():
    modules = {entry.module for entry in REGISTERED.values()}
    expected = {
        f"{package.__name__}.{name}"
        for package in (models, analysis)
        for name in _modules_of(package)
    }
    assert modules == expected
    assert len(expected) > 15


def _modules_of(package) -> list[str]:
    folder = importlib.resources.files(package)
    return [
        path.stem for path in folder.iterdir() if path.suffix == ".py" and path.stem != "__init__"
    ]


def test_a_word_stands_for_one_module_and_an_experiment_has_one_name():
    with pytest.raises(ModelError, match="which stands for hepatica.models.tide"):
        registry.register("elsewhere", tide=())
    found = registry.experiments(REGISTERED)
    assert len(found) > 150 and "volume_after_resection" in found
    twice = {"scores": REGISTERED["scores"], "more": registry.Entry("more", __name__, ())}
    globals()["meld"] = lambda: None
    meld.__module__ = __name__  # noqa: F821
    try:
        with pytest.raises(ModelError, match="have an experiment meld"):
            registry.experiments(twice)
    finally:
        del globals()["meld"]


def test_the_tables_speak_of_registered_models():
    assert n08_what_already_works and n11_trial_audit  # lessons with a model of their own
    known = {**REGISTERED, **registry.load(lessons)}
    rows = [*_words("parameters", known), *_words("targets", REGISTERED)]
    assert len(rows) > 700
    assert [word for word, there in rows if not there] == []
    assert not dict(_words("parameters", {}))["tide"], "an unknown word is noticed"


def _words(table: str, known: dict) -> list[tuple[str, bool]]:
    return [(word, word in known) for word in ledger.table(table)["model"]]


def test_targets_name_experiments_that_there_are():
    table = ledger.table("targets")
    named = table[table["experiment"] != ""]
    lost = [
        row.key
        for row in named.itertuples()
        if row.experiment not in REGISTERED[row.model].experiments()
    ]
    assert len(named) > 300 and lost == []
    assert "no_such_experiment" not in REGISTERED["tide"].experiments()


# -- the cast of each long module ------------------------------------------------------------------

LONG = 120  # lines; a longer module with a model begins with its cast
SAME = "as in "
ROW = re.compile(r"(\w+) {2,}(.+?)(?: {2,}(\S.*))?")


def cast(text: str) -> tuple[dict[str, str], set[str]]:
    """Symbol to unit, from the table below the line "Cast" of a docstring,
    and the symbols of casts it names."""
    _, found, below = text.partition("\nCast\n----\n")
    # the first line is the heading
    lines = below.split("\n\n")[0].strip().splitlines()[1:] if found else []
    named = [line.removeprefix(SAME) for line in lines if line.startswith(SAME)]
    rows = [ROW.fullmatch(line) for line in lines if not line.startswith(SAME)]
    elsewhere = [cast(importlib.import_module(name).__doc__) for name in named]
    return {row[1]: row[3] or "" for row in rows}, {
        symbol for one, two in elsewhere for symbol in {*one, *two}
    }


def miscast(text: str, acting: list[Model]) -> list[str]:
    """What a cast leaves out, makes up, or gives another unit than the models do."""
    (told, elsewhere), faults = cast(text), []
    needed = {name for model in acting for name in _moving(model)}
    faults += [f"{name} is missing" for name in sorted(needed - set(told) - elsewhere)]
    for name, unit in told.items():
        playing = [model for model in acting if name in _moving(model)]
        playing = playing or [
            model for model in acting if name in {*model.parameters, *model.outputs}
        ]
        if not playing:
            faults.append(f"{name} is in no model")
        faults += [
            f"{name} is in {model.unit(name)}, not {unit}"
            for model in playing
            if model.unit(name) not in ("", unit)
        ]
    return faults


def _moving(model: Model) -> set[str]:
    return {*model.states, *model.unknown, *model.inputs, *model.definitions}


def _casting() -> dict[str, list[Model]]:
    """Modules that must or do have a cast, with their models."""
    found: dict[str, list[Model]] = {}
    for entry in REGISTERED.values():
        module = importlib.import_module(entry.module)
        long = (
            len(
                importlib.resources.files(module.__package__)
                .joinpath(f"{entry.module.rpartition('.')[2]}.py")
                .read_text(encoding="utf-8")
                .splitlines()
            )
            > LONG
        )
        if (
            entry.models
            and (long or "\nCast\n" in module.__doc__)
            and module.__package__ == models.__name__
        ):
            found.setdefault(entry.module, []).extend(entry.models)
    return found


CASTING = _casting()


@pytest.mark.parametrize("module", CASTING)
def test_a_long_module_begins_with_its_cast(module):
    assert miscast(importlib.import_module(module).__doc__, CASTING[module]) == []


def test_a_wrong_cast_is_noticed():
    assert len(CASTING) >= 6
    right = importlib.import_module("hepatica.models.tide").__doc__
    assert miscast(right, [tide_therapy]) == []
    line = next(line for line in right.splitlines() if line.startswith("X "))
    assert miscast(right.replace(line + "\n", ""), [tide_therapy]) == ["X is missing"]
    assert miscast(right.replace(line, line.replace("% of area", "mg/dL")), [tide_therapy]) == [
        "X is in % of area, not mg/dL"
    ]
    assert miscast(right.replace(line, line + "\nzeta    made up    mg"), [tide_therapy]) == [
        "zeta is in no model"
    ]
    assert "F is missing" in miscast("No cast at all.", [scar_circuit])


def test_a_solver_restarts_once_at_a_jump():
    """Jumps at one instant are one, and none lies at either end of the run."""
    meeting = [Pulse(0, 2, 1), Pulse(2, 1, 5), Pulse(2 + SHORTEST / 2, 6, 1), Pulse(3, 7, 1)]
    assert edges(meeting, 10) == [2, 3, 8 + SHORTEST / 2]
    assert edges(meeting, 11)[-1] == 10 and edges([Pulse(SHORTEST / 2, 4, 1)], 10) != []
