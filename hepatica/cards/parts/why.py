"""Why? — the causal arrows of a model, walked from what the reader has moved to what she asks about.

An arrow runs from a symbol to whatever is worked out from it: a definition, a read-out, the unknown
of a balance, or a state. Its step is the change of the target when only the source returns to its
value at the start, everything else held at now; the unknown is then solved again, a state run
again. The same in cards/engine/why.js; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import sympy
from scipy.optimize import brentq
from sympy.printing.jscode import jscode

from hepatica import ledger
from hepatica.cards.parts.controls import unit_shown
from hepatica.cards.parts.frame import CardError
from hepatica.cards.parts.sentence import format_number
from hepatica.model import Model
from hepatica.model.cast import cast
from hepatica.model.code import formula

SMALL = 0.01  # a step that changes its target by less is left out
HEAD = "head"  # the value that holds the report at which a run is read
SAME = 1e-9  # relative; two symbols that keep the same value are one thing
DOUBLINGS = 40  # of the bracket in which an unknown is looked for
PLAIN = [{"Max": max, "Min": min}, "math"]

Values = Mapping[str, float]
Read = Callable[[dict[str, float]], Values]


class Step(NamedTuple):
    """One arrow: the source from `was` to `now`, and what this alone does to the target."""

    source: str
    target: str
    was: float
    now: float
    before: float
    after: float


@dataclass(frozen=True)
class Node:
    """A symbol: what it is called, what it is worked out from, and how; its values are shown
    `times` so much."""

    name: str
    label: str
    unit: str
    sources: tuple[str, ...] = ()
    formulas: Mapping[str, sympy.Expr] = field(default_factory=dict)
    words: tuple[tuple[float, str], ...] = ()
    times: float = 1

    def json(self) -> dict:
        """The node for cards/engine/why.js."""
        named = [{"value": value, "word": word} for value, word in self.words]
        return {
            "name": self.name,
            "label": self.label,
            "unit": self.unit,
            "from": list(self.sources),
            **({"words": named} if named else {}),
            **({"times": self.times} if self.times != 1 else {}),
            **{key: _js(expression) for key, expression in self.formulas.items()},
        }

    def value(self, known: Values, again: Read) -> float:
        """What the symbol is when its sources are as in `known`; `again` runs the model anew."""
        if not self.formulas:
            return again(dict(known))[self.name]
        if "is" in self.formulas:
            return _number(self.formulas["is"], known)
        low, high = (_number(self.formulas[end], known) for end in ("low", "high"))
        return _root(lambda x: _number(self.formulas["gap"], {**known, self.name: x}), low, high)


def _root(gap: Callable[[float], float], low: float, high: float) -> float:
    """Where the gap of a balance closes; above `high`, too, where one source has gone back and the
    others have not. Raises ValueError if it closes nowhere."""
    for _ in range(DOUBLINGS):
        if gap(low) * gap(high) <= 0:
            break
        high = low + 2 * (high - low)
    return brentq(gap, low, high, xtol=1e-14)


def _js(expression: sympy.Expr) -> dict:
    scope = {symbol: sympy.Symbol(f"s.{symbol}") for symbol in expression.free_symbols}
    return formula(jscode(expression.subs(scope)))


def _number(expression: sympy.Expr, known: Values) -> float:
    names, work = _work(expression)
    return float(work(*(known[name] for name in names)))


@cache
def _work(expression: sympy.Expr) -> tuple[list[str], Callable]:
    """The names that a formula takes, and the formula as a function of them."""
    symbols = sorted(expression.free_symbols, key=str)
    return [str(symbol) for symbol in symbols], sympy.lambdify(symbols, expression, PLAIN)


class Why:
    """The arrows of a model between what a card moves and its targets.

    Parameters
    ----------
    model : Model
        Its definitions, balance, read-outs and states are the arrows.
    targets : names
        What the reader asks about.
    controls : list of dict
        The JSON of the card's controls: what can move, and what it is called.
    read : function
        The read-outs of the model at some values of its parameters.

    Raises CardError for a target that no control moves and a symbol that the cast does not name.
    """

    def __init__(self, model: Model, targets: Iterable[str], controls: list[dict], read: Read):
        self.model, self.targets, self._read = model, tuple(targets), read
        self._called, self._cast = _called(controls), cast(model)
        nodes = _sources(model)
        moved = [name for name in self._called if name in model.parameters]
        reached = _closure(moved, lambda name: [n for n, (s, _) in nodes.items() if name in s])
        asked = _closure(self.targets, lambda name: nodes.get(name, ((), {}))[0])
        for target in self.targets:
            if target not in reached:
                raise CardError(f"why: no control of the card moves {target}.")
        on_the_way = [name for name in (*moved, *nodes) if name in reached & asked]
        self.nodes = {
            name: self._node(name, *nodes.get(name, ((), {})), among=on_the_way)
            for name in on_the_way
        }

    def _node(self, name: str, sources: tuple[str, ...], formulas: dict, among: list[str]) -> Node:
        kept = tuple(source for source in sources if source in among)
        if name in self._called:
            label, unit, times, words = self._called[name]
            return Node(name, label, unit, kept, formulas, words, times)
        if self.model.label(name) != name:
            unit, times = _seen(self.model.unit(name))
            return Node(name, self.model.label(name), unit, kept, formulas, times=times)
        if name not in self._cast:
            raise CardError(
                f"why: {self.model.name} does not say what {name} is. Add it to the module's cast."
            )
        label, unit = self._cast[name]
        unit, times = _seen(unit)
        return Node(name, label, unit, kept, formulas, times=times)

    def json(self) -> dict:
        """The arrows for cards/engine/why.js."""
        return {"targets": list(self.targets), "nodes": [n.json() for n in self.nodes.values()]}

    # -- walking -----------------------------------------------------------------------------------

    def steps(self, now: Values, start: Values) -> list[Step]:
        """The steps from what differs between `now` and `start` (parameter values) to the targets."""
        here, there = self.known(now), self.known(start)
        arrows = self.arrows(here, there)
        name_of = self._alike(arrows, here, there)
        found: dict[tuple[str, str], Step] = {}
        for arrow in arrows:
            ends = name_of[arrow.source], name_of[arrow.target]
            if ends[0] != ends[1]:
                found.setdefault(ends, arrow._replace(source=ends[0], target=ends[1]))
        moved = {name_of[name] for name in self._called if name in name_of}
        return _walk(found, moved, {name_of[target] for target in self.targets})

    def arrows(self, here: Values, there: Values) -> list[Step]:
        """A step for each arrow that changes its target by more than a trifle, between two sets of
        what is `known`."""
        found = []
        for node in (node for node in self.nodes.values() if node.sources):
            after = node.value(here, self._again)
            for source in node.sources:
                was, now = there[source], here[source]
                if _close(was, now):
                    continue
                before = node.value({**here, source: was}, self._again)
                if abs(after - before) >= SMALL * max(abs(after), abs(before)) > 0:
                    found.append(Step(source, node.name, was, now, before, after))
        return found

    def known(self, values: Values) -> dict[str, float]:
        """Everything that a formula may name at some values of the card: parameters in the model's
        own units, and read-outs."""
        own = {name: value for name, value in values.items() if name in self.model.parameters}
        daily = self.model.daily({**self.model.values(), **own})
        return {**values, **self._read(dict(values)), **daily}  # a run reports years as years

    def _again(self, known: Values) -> Values:
        """The read-outs of a run anew, with the parameters as in `known`."""
        own = {name: known[name] / self.model.factor(name) for name in self._called}
        return self._read(own | {name: known[name] for name in (HEAD,) if name in known})

    def _alike(self, arrows: list[Step], here: Values, there: Values) -> dict[str, str]:
        """Each symbol's name, one for all that are the same thing: one is worked out from the other,
        keeps its value, and nothing else moves it."""
        groups = {name: {name} for name in self.nodes}
        for node in self.nodes.values():
            same = {
                source
                for source in node.sources
                if all(_close(at[source], at[node.name]) for at in (here, there))
            }
            if {arrow.source for arrow in arrows if arrow.target == node.name} <= same:
                joined = groups[node.name].union(*(groups[source] for source in same))
                groups |= dict.fromkeys(joined, joined)
        rank = [*self.targets, *self.nodes]
        return {name: min(group, key=rank.index) for name, group in groups.items()}

    # -- saying ------------------------------------------------------------------------------------

    def say(self, step: Step) -> str:
        """A step as a sentence with both values."""
        source, target = self.nodes[step.source], self.nodes[step.target]
        factor = self.model.factor(source.name) if source.name in self.model.parameters else 1
        was, now = (_written(source, value / factor) for value in (step.was, step.now))
        verb = "lifts" if step.after > step.before else "lowers"
        before, after = (_written(target, value) for value in (step.before, step.after))
        return (
            f"{source.label[:1].upper()}{source.label[1:]} {was} → {now}{_unit(source)}: it {verb} "
            f"the {target.label} from {before} to {after}{_unit(target)}."
        )


def _sources(model: Model) -> dict[str, tuple[tuple[str, ...], dict[str, sympy.Expr]]]:
    """What each symbol of a model is worked out from, and the formulas of it: `is`, or `gap`, `low`
    and `high` of a balance; a state has none and is run again."""
    found: dict[str, tuple[tuple[str, ...], dict[str, sympy.Expr]]] = {}
    for name, rate in zip(model.states, model.rates, strict=True):
        found[name] = ((*_names(rate, model.parameters), *_dated(model, rate)), {})
    for name, gap in model.balance.items():
        sources = tuple(source for source in _names(gap) if source != name)
        found[name] = (sources, {"gap": gap, **model.bracket})
    for name, expression in {**model.definitions, **model.readouts}.items():
        found[name] = (_names(expression), {"is": expression})
    return found


def _dated(model: Model, rate: sympy.Expr) -> tuple[str, ...]:
    """The parameters that say when and how strongly the inputs in a rate act."""
    pulses = [pulse for name in _names(rate, model.inputs) for pulse in model.inputs[name]]
    said = {name for pulse in pulses for name in pulse.uses()}
    own = {str(symbol) for symbol in rate.free_symbols}
    return tuple(name for name in model.parameters if name in said - own)


def _names(expression: sympy.Expr, among: Iterable[str] | None = None) -> tuple[str, ...]:
    names = sorted(map(str, expression.free_symbols))
    return tuple(name for name in names if among is None or name in among)


def _closure(begin: Iterable[str], onward: Callable[[str], Iterable[str]]) -> set[str]:
    """Everything that can be reached from `begin`."""
    found, waiting = set(), list(begin)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(onward(name))
    return found


def _walk(found: Mapping[tuple[str, str], Step], moved: set[str], asked: set[str]) -> list[Step]:
    """The steps on a way from what has moved to what is asked about, in the order of the walk; what
    leads nowhere further comes last."""
    reached = _closure(moved, lambda name: [target for source, target in found if source == name])
    useful = _closure(asked, lambda name: [source for source, target in found if target == name])
    kept = {ends: step for ends, step in found.items() if ends[0] in reached and ends[1] in useful}
    order = [
        name for name in dict.fromkeys(name for ends in kept for name in ends) if name in moved
    ]
    for name in order:  # grows as it goes
        order += [target for source, target in kept if source == name and target not in order]
    onward = {source for source, _ in kept}
    ranked = sorted(kept, key=lambda ends: (ends[1] not in onward, order.index(ends[0])))
    return [kept[ends] for ends in ranked]


def _seen(unit: str) -> tuple[str, float]:
    """What a reader sees of a unit, as on a slider; a unit outside the ledger stays as it is."""
    return ledger.shown(unit) if unit in set(ledger.table("units")["unit"]) else (unit, 1)


def _called(
    controls: list[dict],
) -> dict[str, tuple[str, str, float, tuple[tuple[float, str], ...]]]:
    """Label, shown unit with its factor, and named values of each parameter that a control moves."""
    found = {}
    for control in controls:
        kind, label = control["kind"], control["label"]
        if kind == "choice":
            words = tuple((option["value"], option["label"]) for option in control["options"])
            found[control["name"]] = (label, "", 1, words)
        elif kind == "toggle":
            found[control["name"]] = (
                label,
                "",
                1,
                ((control["off"], "no"), (control["on"], "yes")),
            )
        elif kind == "switches":
            for item in control["items"]:
                found[item["name"]] = (item["label"], "", 1, ((0, "no"), (1, "yes")))
        elif kind == "slider":
            found[control["name"]] = (label, *unit_shown(control), ())
    return found


def _written(node: Node, value: float) -> str:
    """A value as the reader knows it: a word, or three digits without idle noughts."""
    for known, word in node.words:
        if _close(known, value):
            return word
    digits = format_number(value * node.times, "3s")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _unit(node: Node) -> str:
    return f" {node.unit}" if node.unit else ""


def _close(a: Any, b: Any) -> bool:
    return abs(a - b) <= SAME * max(abs(a), abs(b), 1e-12)
