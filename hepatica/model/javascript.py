"""A model as plain data with JavaScript formulas, for cards/engine."""

from __future__ import annotations

import sympy
from sympy.printing.jscode import jscode

from hepatica.model.code import formula
from hepatica.model.definition import Definition


def specification(model: Definition) -> dict:
    """States, parameters, inputs and the two formulas of a model of equations, for
    cards/engine/solver.js.

    `rates` fills `dy` from integrated variables `y`, daily parameters `p` and inputs `u`; `report`
    fills `o` with everything in `reported`. A model with an unknown also has `unknown`: its name,
    and `balance`, which fills `dy` with lower end, upper end and gap of the balance at `y[0]`.
    """
    return _unknown(model) | {
        "states": [
            {"name": n, "initial": s.initial, "log": s.logarithmic} for n, s in model.states.items()
        ],
        # A list, not a dict: a notebook stores its JSON with sorted keys, and the rates read inputs
        # by place.
        "inputs": [[vars(pulse) for pulse in pulses] for pulses in model.inputs.values()],
        "rates": formula(body(model, model.rates, "dy", logs=True), of="y p u dy"),
        "report": formula(body(model, list(model.reported.values()), "o"), of="y p u o"),
    }


def _unknown(model: Definition) -> dict:
    if not model.unknown:
        return {}
    (name,) = model.unknown
    balance = body(model, [*model.bracketed.values()], "dy")
    return {"unknown": {"name": name, "balance": formula(balance, of="y p u dy")}}


def body(
    model: Definition, expressions: list[sympy.Expr], target: str, *, logs: bool = False
) -> str:
    """Statements that unpack the names used, then common parts, then the results, written into
    `target`.

    With `logs`, logarithmic states arrive as their logarithms.
    """
    used = {str(symbol) for expression in expressions for symbol in expression.free_symbols}
    lines = [f"const {name} = {source};" for name, source in _unpack(model, logs) if name in used]
    parts, results = sympy.cse(expressions, symbols=sympy.numbered_symbols("x_"))
    lines += [f"const {symbol} = {jscode(part)};" for symbol, part in parts]
    lines += [f"{target}[{i}] = {jscode(result)};" for i, result in enumerate(results)]
    return "\n".join(lines)


def _unpack(model: Definition, logs: bool) -> list[tuple[str, str]]:
    states = [
        (name, f"Math.exp(y[{i}])" if logs and state.logarithmic else f"y[{i}]")
        for i, (name, state) in enumerate(model.states.items())
    ]
    states += [(name, f"y[{i}]") for i, name in enumerate(model.unknown)]
    parameters = [(name, f"p[{i}]") for i, name in enumerate(model.parameters)]
    return states + parameters + [(name, f"u[{i}]") for i, name in enumerate(model.inputs)]
