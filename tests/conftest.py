"""Shared fixtures."""

from __future__ import annotations

import os

import pytest
from browser import chromium
from filelock import FileLock

from hepatica.site.build import build
from tests.three import listening, three
from tools.node import Session

SOLVE = """import { compileModel, solveModel } from "./engine/solver.js";
const compiled = new Map();
---
if (data.model) compiled.set(data.model.name, compileModel(data.model));
if (!data.times) return null;
const series = solveModel(compiled.get(data.name), data.values, data.times);
return Object.fromEntries(data.read.map((name) => [name, Array.from(series[name])]));
"""


@pytest.fixture(scope="session")
def js_solver(tmp_path_factory):
    """A function (model, values, days, names) -> {name: series} that solves in JavaScript."""
    known = set()
    with Session(SOLVE, tmp_path_factory.mktemp("node")) as session:

        def solve(model, values, days, names):
            if model.name not in known:
                session.ask({"model": model.javascript()})
                known.add(model.name)
            return session.ask(
                {"name": model.name, "values": values, "times": list(days), "read": list(names)}
            )

        yield solve


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The pages of the course, built by the first process that needs them; tests read them only."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    out = shared / "site" / "_site"
    with FileLock(shared / "site.lock"):
        if not out.exists():
            build(out, tell=lambda *_: None)
    return out


@pytest.fixture(scope="module")
def browser():
    """A headless browser for one file of tests."""
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def engines():
    """The three browser engines for one file of tests."""
    with three() as started:
        yield started


@pytest.fixture(scope="module")
def pages(site, tmp_path_factory):
    """A copy of the pages in which each tells what its browser refuses and fetches."""
    return listening(site, tmp_path_factory.mktemp("engines") / "site")
