"""Where a model registers itself with its experiments, so that nobody keeps a list of models.

A module calls `register` once its models are there. The keyword is the word of the column `model`
in data/parameters.csv and data/targets.csv; every public function of the module is an experiment,
which targets name and quiz keys call. `load` imports all modules of the packages that it is given,
so a new file is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

from hepatica.model.equations import Model
from hepatica.model.parts import ModelError

Made = Model | Callable[[], Model]


@dataclass(frozen=True)
class Entry:
    """What one word of the column `model` stands for: the module,
    and its models (made on demand or at hand)."""

    key: str
    module: str
    made: tuple[Made, ...]

    @property
    def models(self) -> tuple[Model, ...]:
        """The models themselves."""
        return tuple(made if isinstance(made, Model) else made() for made in self.made)

    def experiments(self) -> dict[str, Callable]:
        """Every public function and class that the module itself defines."""
        inside = vars(sys.modules[self.module]).items()
        return {
            name: item
            for name, item in inside
            if callable(item)
            and not name.startswith("_")
            and getattr(item, "__module__", "") == self.module
        }


_entries: dict[str, Entry] = {}


def register(module: str, **models: Made | tuple[Made, ...]) -> None:
    """Register the models of a module: ``register(__name__, liver=liver)``, with ``()`` for
    functions alone.

    Raises ModelError for a word that another module has taken.
    """
    for key, made in models.items():
        if key in _entries and _entries[key].module != module:
            raise ModelError(
                f"{module} registers {key}, which stands for {_entries[key].module}. "
                "Take another word."
            )
        _entries[key] = Entry(key, module, made if isinstance(made, tuple) else (made,))


def home(model: Model) -> str:
    """The module that registered a model of this name; "" if none did."""
    at_hand = (
        (made.name, entry.module)
        for entry in _entries.values()
        for made in entry.made
        if isinstance(made, Model)
    )
    return dict(at_hand).get(model.name, "")


def load(*packages: ModuleType) -> dict[str, Entry]:
    """Every registered model of the packages by its word, in the order of modules;
    imports all their modules."""
    modules = [
        f"{package.__name__}.{item.name}"
        for package in packages
        for item in pkgutil.iter_modules(package.__path__)
    ]
    for module in modules:
        importlib.import_module(module)
    return {key: entry for key, entry in _entries.items() if entry.module in modules}


def experiments(entries: Mapping[str, Entry]) -> dict[str, Callable]:
    """All experiments by name; raises ModelError for a name that two modules use."""
    found: dict[str, Callable] = {}
    for entry in entries.values():
        for name, item in entry.experiments().items():
            if found.setdefault(name, item) is not item:
                other = found[name].__module__
                raise ModelError(
                    f"Both {other} and {entry.module} have an experiment {name}. "
                    "Rename one of them."
                )
    return found
