"""Cards of virtual trials: the page draws patients and trials itself, with the numbers of the ledger."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from hepatica import ledger
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.controls import provenance
from hepatica.cards.kinds.explorable.card import MAX_CONTROLS, Preset
from hepatica.cards.parts.text import inline
from hepatica.model.mathml import symbol_html

__all__ = ["Trial"]

MODEL = "virtual_trial"
VIEWS = ("designs", "regression", "power", "league")


class Trial(Card):
    """A card of hepatica.analysis.virtual_trial; `view` names what it draws (cards/views/trials.js).

    Parameters
    ----------
    view : str
        "designs", "regression", "power" or "league".
    controls : list of Slider, Choice or Toggle
        At most four, over parameters of the ledger's model virtual_trial.
    says : str
        What the card shows at its start values, in one sentence (for readers without the live card).
    uses : names of parameters, optional
        Which rows its table of numbers lists.
    predict : (question, [(text, right, why), …]), optional
        The question before the answer; exactly one option is right.
    data, seed, presets : optional
        What the view draws besides (sizes of real trials), which trial comes first, examples to try.

    Raises CardError for an unknown view, too many controls, or a prediction without exactly one right answer.
    """

    def __init__(self, view: str, *, id: str, title: str, question: str, controls: list, says: str,
                 uses: Iterable[str] = (), predict: tuple[str, list[tuple[str, bool, str]]] | None = None,
                 presets: Iterable[Preset] = (), data: Mapping[str, Any] | None = None, seed: int = 0):
        if view not in VIEWS:
            raise CardError(f"{id}: there is no view {view!r}. Choose one of {', '.join(VIEWS)}.")
        if len(controls) > MAX_CONTROLS:
            raise CardError(f"{id} has {len(controls)} controls; at most {MAX_CONTROLS}. Make a second card.")
        rows = ledger.parameters(MODEL)
        moved = [control.json(SimpleNamespace(parameters=rows, name=MODEL)) for control in controls]
        start = {control["name"]: control["value"] for control in moved}
        self._says = says
        spec = {
            "kind": "trial", "view": view, "id": id, "title": title, "question": inline(question), "controls": moved,
            "values": {name: row.value for name, row in rows.items()} | start, "seed": seed, "data": dict(data or {}),
            "presets": [preset.json() for preset in presets], "predict": _asked(id, predict) if predict else None,
            "parameters": [_row(rows[name]) for name in uses],
        }
        super().__init__(spec, {**start, "seed": seed, "many": 0, **({"prediction": None} if predict else {})})

    def describe(self) -> str:
        """What it shows at its start values."""
        return self._says

    def _static_lines(self) -> list[str]:
        controls = ", ".join(html.escape(control["label"]) for control in self.spec["controls"])
        return [f"<p><em>At the start values:</em> {html.escape(self._says)}</p>",
                f"<p><small>Interactive in JupyterLab and on the course's pages. Controls: {controls}.</small></p>"]


def _asked(where: str, predict: tuple[str, list[tuple[str, bool, str]]]) -> dict:
    """The prediction for cards/parts/predict.js."""
    question, options = predict
    right = sum(bool(key) for _, key, _ in options)
    if right != 1:
        raise CardError(f"{where}: “{question}” has {right} right options; it needs exactly one.")
    made = [{"text": inline(text), "right": bool(key), "why": inline(why)} for text, key, why in options]
    return {"question": inline(question), "options": made}


def _row(row: ledger.Parameter) -> dict:
    """One line of the table under the card."""
    return {"symbol": symbol_html(row.symbol), "label": row.label, "value": ledger.plain(row.value), "unit": row.unit,
            **provenance(row.source, row.status)}
