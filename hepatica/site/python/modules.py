"""The parts of this course that a page's Python has: the checks, the ledger, and of the models what
can be said without numpy.

A model itself runs in the cards' JavaScript. A function of a models' module comes along as it is
written if all that it uses does: Python's own modules, the ledger, models, numbers and other such
functions.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import json
import sys
import textwrap
import types
from dataclasses import is_dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from hepatica.ledger.schemas import TABLES
from hepatica.ledger.tables import DATA
from hepatica.model import Model
from hepatica.model.code import emit

PACKAGE = Path(__file__).resolve().parents[2]
IN_PAGE = {
    "hepatica.exercises",
    "hepatica.ledger",
    "hepatica.model",
}
"""Modules that come along whole."""
MODELS = (
    "scar_circuit",
    "diagnostics",
    "portal",
    "blood_tests",
    "tide",
    "natural_history",
    "therapy",
)
"""Modules of `hepatica.models` that tasks use."""
OF_TABLES = {"to_numpy", "loc", "query", "itertuples"}
"""What a table of the notebooks can do and a run on a page cannot."""
SIMPLE = (bool, int, float, str, type(None))


def files() -> dict[str, str]:
    """Every file that the page's Python finds, by path: modules, and the ledger's tables."""
    whole = [PACKAGE / "exercises.py", *sorted((PACKAGE / "ledger").glob("*.py"))]
    whole.append(Path(__file__).with_name("runner.py"))
    found = {f"hepatica/{file.relative_to(PACKAGE).as_posix()}": _text(file) for file in whole}
    for package in ("", "models/", "site/", "site/python/"):
        found[f"hepatica/{package}__init__.py"] = ""
    found["hepatica/model.py"] = _text(Path(__file__).with_name("page_model.py"))
    for name in MODELS:
        found[f"hepatica/models/{name}.py"] = module_source(f"hepatica.models.{name}")
    return found | {f"data/{name}.csv": _text(DATA / f"{name}.csv") for name in sorted(TABLES)}


def models_script() -> str:
    """The models that came along, for cards/engine/models.js, with their formulas as functions."""
    names = sorted({n for module in MODELS for n in _models_in(f"hepatica.models.{module}")})
    specs = [model_named(name).javascript() for name in names]
    made, table = emit(specs)
    return f"const FORMULAS = {table};\nconst MODELS = {json.dumps(dict(zip(names, made, strict=True)))};"


@cache
def model_named(name: str) -> Model:
    """A model by the name of its variable."""
    for module in MODELS:
        found = vars(importlib.import_module(f"hepatica.models.{module}")).get(name)
        if isinstance(found, Model):
            return found
    raise LookupError(f"no module of a page has a model {name}")


@cache
def models_of(module: str) -> frozenset[str]:
    """The names of a models' module that a page has."""
    if module.removeprefix("hepatica.models.") not in MODELS:
        return frozenset()
    made = importlib.import_module(module)
    return frozenset(n for n in vars(made) if not n.startswith("__") and _source_of(made, n))


def module_source(module: str) -> str:
    """What a page has of a models' module, as Python."""
    made, lines = importlib.import_module(module), ["from __future__ import annotations", ""]
    names = [n for n in vars(made) if n in models_of(module)]
    models = [n for n in names if isinstance(vars(made)[n], Model)]
    for name in [*models, *(n for n in names if n not in models)]:
        lines += [_source_of(made, name), ""]
    return "\n".join(lines)


def _models_in(module: str) -> list[str]:
    made = importlib.import_module(module)
    return [n for n in models_of(module) if isinstance(vars(made)[n], Model)]


def _source_of(module: types.ModuleType, name: str, above: tuple[str, ...] = ()) -> str:
    """How a page makes a name of a module; "" where it cannot."""
    value = vars(module)[name]
    if isinstance(value, Model):
        return f"from hepatica.model import model\n{name} = model({name!r}, {_described(value)})"
    if isinstance(value, types.ModuleType):
        root = value.__name__
        stays = root in IN_PAGE or root.split(".")[0] in sys.stdlib_module_names
        return f"import {root} as {name}" if stays else ""
    if _is_simple(value):
        return f"{name} = {value!r}"
    if isinstance(value, dict) and all(isinstance(item, Model) for item in value.values()):
        at_hand = {id(item): key for key, item in vars(module).items() if isinstance(item, Model)}
        return f"{name} = {{{', '.join(f'{k!r}: {at_hand[id(v)]}' for k, v in value.items())}}}"
    if not isinstance(value, types.FunctionType | type) and not hasattr(value, "__wrapped__"):
        return ""
    return _definition(module, name, value, above)


def _described(model: Model) -> str:
    """Clock, parameters (value, low, high and unit by name) and states of a model."""
    rows = {n: (p.value, p.low, p.high, p.unit) for n, p in model.parameters.items()}
    return f"{model.clock!r}, {rows!r}, {[*model.states]!r}"


def literal(value: Any) -> str:
    """How Python writes a value made of numbers, texts, lists, dicts and records; "" for others.
    An array becomes a list, a record a SimpleNamespace."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if _is_simple(value):
        return repr(value)
    if not isinstance(value, type) and (is_dataclass(value) or hasattr(value, "_asdict")):
        fields = value._asdict() if hasattr(value, "_asdict") else vars(value)
        items = {name: literal(item) for name, item in fields.items()}
        inside = ", ".join(f"{name}={item}" for name, item in items.items() if item)
        return f"SimpleNamespace({inside})"
    if isinstance(value, dict):
        pairs = {literal(key): literal(item) for key, item in value.items()}
        text = ", ".join(f"{key}: {item}" for key, item in pairs.items())
        return f"{{{text}}}" if all(pairs) and all(pairs.values()) else ""
    if isinstance(value, list | tuple):
        items = [literal(item) for item in value]
        return f"[{', '.join(items)}]" if all(items) else ""
    return ""


def _is_simple(value: Any) -> bool:
    """Whether `repr` makes the value again."""
    if isinstance(value, dict):
        return all(_is_simple(item) for pair in value.items() for item in pair)
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return all(map(_is_simple, value))
    return type(value) in SIMPLE and not (isinstance(value, float) and not isfinite(value))


def _definition(module: types.ModuleType, name: str, value: Any, above: tuple[str, ...]) -> str:
    """A function or class as it is written, or an import where it comes from elsewhere."""
    home = value.__module__
    if home != module.__name__:
        ours = home.startswith("hepatica.models.") and name in models_of(home)
        stays = ours or home in IN_PAGE or home.split(".")[0] in sys.stdlib_module_names
        return f"from {home} import {value.__name__} as {name}" if stays else ""
    if isinstance(value, type) and not (is_dataclass(value) or issubclass(value, tuple)):
        return ""
    source = without_guard(textwrap.dedent(inspect.getsource(value)))
    used = _globals(compile(source, name, "exec"))
    needed = used & set(vars(module)) - {name, *above}
    there = not used & OF_TABLES and all(
        _source_of(module, each, (*above, name)) for each in needed
    )
    return source.rstrip() if there else ""


def without_guard(source: str) -> str:
    """A function without its `given.takes`, which asks the models more than a page has of them."""
    lines = source.splitlines()
    for above in getattr(ast.parse(source).body[0], "decorator_list", []):
        if ast.unparse(above).startswith("given.takes("):
            del lines[above.lineno - 1 : above.end_lineno]
            break
    return "\n".join(lines)


def _globals(code: types.CodeType) -> set[str]:
    """Every global name that code and what lies in it may read."""
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return {*code.co_names, *(n for c in inner for n in _globals(c))} - set(dir(builtins))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
