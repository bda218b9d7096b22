"""Models in SBML Level 3, for other simulators (needs the package python-libsbml)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hepatica.model.equations import Model
from hepatica.model.parts import ModelError


def sbml(model: Model, days: float, **changed: float) -> str:
    """SBML of `model` with the given parameter values; the edges of its inputs become events.

    States are rate rules, definitions and outputs assignment rules, a balance an algebraic rule,
    time is in days.
    Raises ModelError if libsbml finds the document inconsistent.
    """
    import libsbml

    values = model.daily(model.values(**changed))
    document = libsbml.SBMLDocument(3, 2)  # version 2 knows max and min
    target = document.createModel()
    target.setId(model.name.replace(" ", "_").replace("-", "_"))
    _add_quantities(target, model, values)
    for name, expression in {**model.equations, **model.definitions, **model.readouts}.items():
        rule = target.createRateRule() if name in model.states else target.createAssignmentRule()
        rule.setVariable(name)
        rule.setMath(math_node(str(expression)))
    for gap in model.balance.values():
        target.createAlgebraicRule().setMath(math_node(str(gap)))
    for day in model.edges(values, days):
        _add_event(target, model, values, day)
    if document.checkInternalConsistency():
        raise ModelError(f"{model.name}: {document.getErrorLog().toString()}")
    return libsbml.writeSBMLToString(document)


def math_node(formula: str):
    """A formula as libsbml's tree; raises ModelError for what SBML cannot express."""
    import libsbml

    settings = libsbml.L3ParserSettings()
    # SymPy's log is the natural one; SBML's default is to base 10
    settings.setParseLog(libsbml.L3P_PARSE_LOG_AS_LN)
    text = formula.replace("**", "^").replace("Max", "max").replace("Min", "min")
    node = libsbml.parseL3FormulaWithSettings(text, settings)
    if node is None:
        raise ModelError(f"SBML cannot express {formula}: {libsbml.getLastParseL3Error()}")
    return node


def _add_quantities(target, model: Model, values: Mapping[str, float]) -> None:
    start = [
        np.exp(y) if state.logarithmic else y
        for y, state in zip(model.initial(values), model.states.values(), strict=True)
    ]
    inputs = {name: model.input_at(name, values, np.zeros(1))[0] for name in model.inputs}
    computed = dict.fromkeys([*model.unknown, *model.definitions, *model.readouts], 0.0)
    moving = dict(zip(model.states, start, strict=True)) | inputs | computed
    for name, value in {**values, **moving}.items():
        parameter = target.createParameter()
        parameter.setId(name)
        parameter.setValue(float(value))
        parameter.setConstant(name not in moving)


def _add_event(target, model: Model, values: Mapping[str, float], day: float) -> None:
    event = target.createEvent()
    event.setUseValuesFromTriggerTime(True)
    trigger = event.createTrigger()
    trigger.setPersistent(True)
    trigger.setInitialValue(False)
    trigger.setMath(math_node(f"time >= {day!r}"))
    for name in model.inputs:
        assignment = event.createEventAssignment()
        assignment.setVariable(name)
        assignment.setMath(math_node(repr(float(model.input_at(name, values, np.array([day]))[0]))))
