"""What a student types by mistake into any function of the models and of the virtual trials: refused
with a message that names the argument, or answered rightly; never a raw error, never nan.

sound_arguments.csv holds a sound call of each public function, a row an argument with its kind; the
test makes one argument at a time bad. A function or an argument without a row is noticed. Where
`run` says `targets`, the sound call takes long, and tests/test_targets.py alone makes it.
"""

from __future__ import annotations

import csv
import importlib
import inspect
import json
import math
import pkgutil
import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hepatica import models
from hepatica.analysis import atlas, turning_back, virtual_life, virtual_readings, virtual_trial
from hepatica.model import given
from hepatica.models import cohorts

HERE = Path(__file__).parent
NOTEBOOKS = [
    file
    for folder in ("notebooks", "exercises")
    for file in (HERE.parent / folder).rglob("*.ipynb")
]
NO_NUMBERS = (math.nan, math.inf, "3", None, [1], [])
BAD = {
    "number": NO_NUMBERS,
    "from 0": (*NO_NUMBERS, -1),
    "above 0": (*NO_NUMBERS, -1, 0),
    "share": (*NO_NUMBERS, -0.1, 1.5),
    "per cent": (*NO_NUMBERS, -1, 101),
    "count": (*NO_NUMBERS, -1, 0, 1.5, True),
    "blocks": (*NO_NUMBERS, -100, 1.5, 50),
    "seed": (*NO_NUMBERS, -1, 1.5, 2**40),
    "word": ("nonsense", "", 7.5, None, ["nonsense"], math.nan),
    "choice": ("nonsense", 7, None, ["nonsense"], math.nan, -1),
    "flag": ("maybe", 2, None, math.nan, []),
    "rising": ([2, 1], "12", 3, [math.nan], [-1, 1], []),
    "pairs": ("12", 3, [3], [(1, 2, 3)], [(1.5, 2)], [(-1, 2)], [(math.nan, 2)]),
    "seeds": (math.nan, -1, 1.5, "12", None, [1.5], [math.nan]),
    "made": (None, 3, "x", [1]),
    "function": (None, 3, "x"),
    "mapping": (3, "x", [1]),
    "text": (None, 3, [1]),
}
"""What an argument of each kind cannot be; a kind "… or none" may be None."""
NUMPY = ("number", "from 0", "above 0", "share", "per cent", "count", "blocks", "seed")
RIGHT = {
    ("depleted", "when", "''"),  # macrophages are never absent
    ("share_after", "start", "''"),  # the chain's own start
    ("outcome", "mechanisms", "''"),  # no lever
    ("difference", "mechanisms", "''"),
    ("meld_3", "age_years", "None"),  # an adult
}
"""Bad as its kind goes, and yet answered rightly."""
LABELS = {
    "age_years": "age",
    "pt": "prothrombin time",
    "pt_control": "prothrombin time",
    "wbc": "white cells",
    "bmi": "body mass index",
    "organ_failure": "organ failure",
    "bilirubin_day_0": "bilirubin",
    "bilirubin_day_7": "bilirubin",
    "value": "bilirubin",
    "to": "unit=",
    "key": "scores",
}
"""What the scores call an argument."""
SCORES = ("hepatica.models.scores", "hepatica.models.measurements")
INNER = {
    "alive_by_meld": "writes a formula",
    "alive_by_meld_3": "writes a formula",
    "at_least": "writes a formula",
    "above": "writes a formula",
    "inr_formula": "writes a formula",
    "ranked": "arrays between parts of a cohort",
    "arrival": "arrays between parts of a field",
    "histories": "arrays between parts of a field",
    "stages": "arrays between parts of a field",
    "needle_places": "arrays between parts of a field",
    "enter": "arrays between parts of a trial",
    "entry": "a row of the ledger, for the card",
    "by_evidence": "entries of the atlas, for the card",
    "tidy": "numbers that `measured` has checked",
    "graded": "its callers are checked, in each score",
}
"""Public for other modules, and why no student calls them; no notebook names them."""
LEFT_OUT = {
    "round_half_up: digits": "written by the scores alone",
    "analyse: among": "an array of the subgroups",
    "apri: ast_upper_limit": "a limit of the laboratory, as ast",
}
"""Arguments without rows, and why."""
MODULES = [
    *(
        importlib.import_module(f"{models.__name__}.{each.name}")
        for each in pkgutil.iter_modules(models.__path__)
    ),
    atlas,
    turning_back,
    virtual_life,
    virtual_readings,
    virtual_trial,
]

# -- sound calls -----------------------------------------------------------------------------------


@cache
def livers() -> cohorts.People:
    return cohorts.enrolled("hcv", 100)


@cache
def group() -> virtual_trial.Patients:
    return virtual_trial.patients([1, 2], 20, 20)


@cache
def league() -> pd.DataFrame:
    return virtual_trial.league(20)


MADE = {
    "livers": livers,
    "group": group,
    "league": league,
    "arm": lambda: virtual_life.lives(True, True),
    "changes": lambda: group().final,
    "above_two": lambda: lambda x: x > 2,
}
"""What no row of a table can hold."""


def read() -> tuple[dict[Callable, dict[str, tuple[str, str]]], set[Callable]]:
    """Kind and value of each argument of each function, and the functions that take long."""
    calls, long = {}, set()
    with (HERE / "sound_arguments.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            made = getattr(importlib.import_module(f"hepatica.{row['module']}"), row["function"])
            calls.setdefault(made, {})[row["argument"]] = (row["kind"], row["value"])
            if row["run"]:
                long.add(made)
    return calls, long


CALLS, LONG = read()


def sound(made: Callable) -> dict[str, object]:
    """The arguments of a call that is in order."""
    return {
        name: MADE[value.removeprefix("made:")]()
        if value.startswith("made:")
        else json.loads(value)
        for name, (_, value) in CALLS[made].items()
    }


# -- every function --------------------------------------------------------------------------------


def functions(module) -> Iterator[Callable]:
    """The public functions of a module that take something."""
    for name, made in vars(module).items():
        own = getattr(made, "__module__", "") == module.__name__ and not isinstance(made, type)
        if (
            own
            and callable(made)
            and not name.startswith("_")
            and inspect.signature(made).parameters
        ):
            yield made


def missing(made: Callable, calls: dict) -> list[str]:
    """Arguments of a function that have no row."""
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    named = [p.name for p in inspect.signature(made).parameters.values() if p.kind not in kinds]
    return [f"{made.__name__}: {name}" for name in named if name not in calls.get(made, {})]


def test_every_argument_of_every_public_function_has_rows():
    found = [made for module in MODULES for made in functions(module)]
    assert len(found) > 120
    left = [row for made in found if made.__name__ not in INNER for row in missing(made, CALLS)]
    assert sorted(left) == sorted(LEFT_OUT)

    def new(years: float, seed: int = 0, **changed: float) -> float:
        return years + seed + len(changed)

    assert missing(new, {}) == ["new: years", "new: seed"]
    assert missing(new, {new: {"years": ("from 0", "1")}}) == ["new: seed"]


def test_what_is_left_out_is_in_no_notebook():
    cells = "".join(file.read_text(encoding="utf-8") for file in NOTEBOOKS)
    modules = "|".join(module.__name__.rpartition(".")[2] for module in MODULES)
    assert len(cells) > 100_000
    assert [name for name in INNER if _named(name, modules, cells)] == []
    assert _named("stages", "field|tide", "x = field.stages(1)")


def _named(name: str, modules: str, text: str) -> bool:
    return any(f"{module}.{name}(" in text for module in modules.split("|"))


# -- one argument gone bad -------------------------------------------------------------------------


def bad_values(kind: str) -> list[object]:
    """What an argument of a kind cannot be."""
    plain = kind.removesuffix(" or none")
    return [value for value in BAD[plain] if plain == kind or value is not None]


def wrong(made: Callable, name: str, value: object) -> str:
    """ "" if the function says what is wrong with an argument or answers rightly, else what it did."""
    words = [name, *([LABELS[name]] if made.__module__ in SCORES and name in LABELS else [])]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = made(**sound(made) | {name: value})
    except Exception as error:  # noqa: BLE001 - a raw one is what is looked for
        advised = type(error).__module__.startswith("hepatica") or "write" in str(error).casefold()
        told = any(word.casefold() in str(error).casefold() for word in words)
        fine = isinstance(error, ValueError | TypeError) and advised and told
        return "" if fine else f"{type(error).__name__}: {error}"
    right = (made.__name__, name, repr(value)) in RIGHT
    return "" if right else f"gave {found!r:.60}"


@pytest.mark.parametrize("made", CALLS, ids=lambda made: f"{made.__module__}.{made.__name__}")
def test_a_bad_argument_is_named(made):
    said = {
        f"{name}={value!r}": wrong(made, name, value)
        for name, (kind, _) in CALLS[made].items()
        for value in bad_values(kind)
    }
    assert said and {row: words for row, words in said.items() if words} == {}


@pytest.mark.parametrize(
    "made", [made for made in CALLS if made not in LONG], ids=lambda made: made.__name__
)
def test_a_number_of_numpy_is_taken_as_any_other(made):
    arguments = sound(made)
    numbers = {
        name: np.int64(value) if isinstance(value, int) else np.float64(value)
        for name, value in arguments.items()
        if CALLS[made][name][0].removesuffix(" or none") in NUMPY
    }
    assert _plain(made(**arguments | numbers)) == _plain(made(**arguments))


def _plain(found: object) -> str:
    """A result in words, whoever's numbers it holds."""
    return re.sub(r"np\.(?:int|float)64\((.*?)\)", r"\1", repr(found))


def test_what_is_wrong_with_an_answer_is_noticed(monkeypatch):
    def raw(years):
        return {1: 2}[years]

    def silent(years):
        return years * math.nan

    def nameless(years):
        return given.number(years, "x")

    def right(years):
        return given.number(years, "years")

    four = (raw, silent, nameless, right)
    for made in four:
        monkeypatch.setitem(CALLS, made, {"years": ("number", "1")})
    said = [wrong(made, "years", math.nan) for made in four]
    assert said[0].startswith("KeyError") and said[1] == "gave nan"
    assert said[2].startswith("GivenError: x=nan") and said[3] == ""
