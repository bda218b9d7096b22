"""The cast of a model: what its symbols mean, read from the docstring of the module that
registered it."""

from __future__ import annotations

import importlib
import re
from typing import NamedTuple

from hepatica.model.equations import Model
from hepatica.model.registry import home

HEADING = "\nCast\n----\n"
ELSEWHERE = "as in "  # a line that names another module with a cast
ROW = re.compile(r"(\w+) {2,}(.+?)(?: {2,}(\S.*))?")


class Role(NamedTuple):
    """What a symbol means, and its unit ("" for a pure number)."""

    meaning: str
    unit: str


def told(text: str) -> dict[str, Role]:
    """The symbols in the table below the line "Cast" of a docstring, and those of the casts that it
    names; {} for a docstring without one."""
    _, _, below = text.partition(HEADING)
    roles: dict[str, Role] = {}
    for line in below.split("\n\n")[0].strip().splitlines()[1:]:  # the first line is the heading
        if line.startswith(ELSEWHERE):
            other = importlib.import_module(line.removeprefix(ELSEWHERE))
            roles = told(other.__doc__ or "") | roles
        elif row := ROW.fullmatch(line):
            roles[row[1]] = Role(row[2], row[3] or "")
    return roles


def cast(model: Model) -> dict[str, Role]:
    """What the symbols of a registered model mean; {} for a model that stands in no module."""
    module = home(model)
    return told(importlib.import_module(module).__doc__ or "") if module else {}
