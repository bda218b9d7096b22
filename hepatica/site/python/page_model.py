"""`hepatica.model` within a page: models run in the cards' JavaScript, behind the same names."""

import json
from collections import namedtuple
from collections.abc import Iterable

Parameter = namedtuple("Parameter", "value low high unit")

ask = None
"""Set by the page: takes a request as JSON and returns the answer as JSON."""


class ModelError(ValueError):
    """A model was asked for something that it does not have."""


class Column(list):
    """The values of one quantity over the run, by place; `column.at(time)` by time."""

    def __init__(self, values, index):
        super().__init__(values)
        self.index = index

    @property
    def iloc(self):
        """The values by place, as in a table of the notebook."""
        return list(self)

    def max(self):
        """The largest value."""
        return max(self)

    def min(self):
        """The smallest value."""
        return min(self)


class Run:
    """A run: `run["F"]` are the values of F, `run.index` the times."""

    def __init__(self, series, index):
        self._series, self.index = series, index
        self.columns = list(series)

    def __getitem__(self, name):
        if name not in self._series:
            raise KeyError(f"{name} is not reported. There are {', '.join(self._series)}.")
        return Column(self._series[name], self.index)

    def __len__(self):
        return len(self.index)

    @property
    def iloc(self):
        """The rows by place, each a dict by quantity."""
        return [dict(zip(self.columns, row)) for row in zip(*self._series.values())]


class Model:
    """A model by its name, its clock and its parameters (value, low, high, unit)."""

    def __init__(self, name, clock, parameters, states, own=None):
        self.name, self.clock, self._states = name, clock, states
        self.parameters = {key: Parameter(*row) for key, row in parameters.items()}
        self._own = own or {}

    def values(self, **changed):
        """All parameter values, with changed ones once the model takes them."""
        for name, value in changed.items():
            self._require(name)
            _, low, high, unit = self.parameters[name]
            if low is not None and not low <= value <= high:
                raise ModelError(
                    f"{name} = {value:g} {unit} is outside {low:g} to {high:g} {unit}."
                )
        ledger = {name: row.value for name, row in self.parameters.items()}
        own = {name: value for name, value in self._own.items() if name in ledger}
        return {name: float(value) for name, value in {**ledger, **own, **changed}.items()}

    def starting(self, **values):
        """The same model with other start values, of parameters or states; of a group in states,
        those that are not named are empty."""
        for name in values:
            if name not in self._states:
                self._require(name)
        shares = self.clock == "years" and any(name in self._states for name in values)
        own = {**(dict.fromkeys(self._states, 0) if shares else {}), **self._own, **values}
        return Model(self.name, self.clock, self.parameters, self._states, own)

    def _asked(self, values, **more):
        start = {name: value for name, value in self._own.items() if name in self._states}
        return _answer({"model": self.name, "values": values, "start": start, **more})

    def _require(self, name):
        if name not in self.parameters:
            known = ", ".join(self.parameters)
            raise ModelError(f"{self.name} has no parameter {name}. It has {known}.")

    def simulate(
        self, length=None, *, points=201, at: Iterable | None = None, unchecked=None, **changed
    ):
        """Run the model; see `hepatica.model.Model.simulate` in the notebooks."""
        if self.clock == "years":
            times = list(range((40 if length is None else length) + 1))
        elif at is None:
            times = [(100 if length is None else length) * n / (points - 1) for n in range(points)]
        else:
            times = list(at)
        values = self.values(**changed) | dict(unchecked or {})
        return Run(self._asked(values, times=times), times)

    def evaluate(self, **changed):
        """Read-outs of a model without time."""
        return self._asked(self.values(**changed))


def model(name, clock, parameters, states):
    """A model by the name of its variable."""
    return Model(name, clock, parameters, states)


def _answer(asked):
    answer = json.loads(ask(json.dumps(asked)))
    if "error" in answer:
        raise ModelError(answer["error"])
    return answer
