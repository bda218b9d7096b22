"""A run of an explorable as the page makes it: its times, its second run and its head give the same
scope as Python's."""

from __future__ import annotations

import numpy as np
import pytest
from test_corners import cards

from tools.node import Session

RUN = """import { compile } from "./engine/models.js";
import { runAt, timesOf } from "./engine/run.js";
---
const { spec, values } = data;
const model = compile(spec.model);
const published = Object.fromEntries(model.parameters.map((row) => [row.name, row.value]));
const times = timesOf(spec.run);
const { head, scope } = runAt({ spec, model, published, times }, values);
return { times: Array.from(times), head, scope };
"""
CARDS = {
    "in days": ("injury-duration", {"injury_days": 4}),
    "in years, with a head": ("one-liver", {"head": 31}),
    "over a parameter": ("gradient-and-scar", {"CPA": 17.2}),
    "over a parameter that no control sets": ("sinusoid-oxygen", {}),
    "over a parameter in equal ratios": ("if-they-stayed", {}),
    "beside the same liver untreated": ("plausible-fall", {}),
}
AGREEMENT = 1e-4  # relative; a card's JSON holds its numbers at six digits


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    with Session(RUN, tmp_path_factory.mktemp("run")) as session:
        yield session


def apart(ours: dict, theirs: dict) -> list[str]:
    """The names of a scope whose numbers differ, or that one of the two lacks."""
    return [
        name
        for name, value in ours.items()
        if name not in theirs
        or (theirs[name] is not None and not np.isclose(value, theirs[name], AGREEMENT, 1e-9))
    ]


@pytest.mark.parametrize(("name", "changed"), CARDS.values(), ids=CARDS)
def test_the_page_runs_as_python_does(session, name, changed):
    card = cards()[name]
    start = {key: field.start for key, field in card.fields.items() if not field.private}
    run = card.spec["run"]
    found = session.ask({"spec": card.spec, "values": start | changed})
    ends = [run.get("from", 0), run.get("to", run.get("until"))]
    assert len(found["times"]) == run["points"]
    assert found["times"][:: run["points"] - 1] == pytest.approx(ends)
    assert apart(card.scope(**changed), found["scope"]) == []
    assert 0 <= found["head"] < run["points"]
    if "head" in changed:
        assert found["head"] == changed["head"]
    elif "until" in run:
        assert found["head"] == run["points"] - 1


def test_another_run_is_noticed(session):
    card = cards()["one-liver"]
    start = {key: field.start for key, field in card.fields.items() if not field.private}
    other = card.spec | {"run": card.spec["run"] | {"ticksPerUnit": 360}}
    scope = session.ask({"spec": other, "values": start | {"head": 31}})["scope"]
    assert len(apart(card.scope(head=31), scope)) > 2
