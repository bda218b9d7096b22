"""Cards of virtual trials: the page draws patients and trials itself,
with the numbers of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from hepatica import ledger
from hepatica.cards.kinds.virtual_trial import says, says_life
from hepatica.cards.parts.controls import MAX_CONTROLS, fields_of, parameter_row
from hepatica.cards.parts.door import Field, Number, OneOf
from hepatica.cards.parts.frame import PREDICTION, Card, CardError, Preset
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import Question

__all__ = ["VirtualTrial"]

MODEL = "virtual_trial"
VIEWS = says.VIEWS | says_life.VIEWS
MANY = 200
LAST_SEED = 1_000_000_000


class VirtualTrial(Card):
    """A card of hepatica.analysis.virtual_trial; `view` names what it draws
    (cards/views/virtual_trial/).

    Parameters
    ----------
    view : str
        "designs", "regression", "readings", "life", "audit", "power" or "league".
    controls : list of Slider, Choice or Toggle
        At most four, over parameters of the ledger's model virtual_trial.
    uses : names of parameters, optional
        Which rows its table of numbers lists.
    predict : Question, optional
        The question before the answer.
    data, seed, presets : optional
        What the view draws besides (sizes of real trials), which trial comes first, examples to
        try.

    Raises CardError for an unknown view, too many controls, or a prediction without exactly one
    right answer.
    """

    waiting = "Predict first; then the trials run."

    def __init__(
        self,
        view: str,
        *,
        id: str,
        title: str,
        question: str,
        controls: list,
        uses: Iterable[str] = (),
        predict: Question | None = None,
        mission: Mission | None = None,
        presets: Iterable[Preset] = (),
        data: Mapping[str, Any] | None = None,
        seed: int = 0,
    ):
        if view not in VIEWS:
            raise CardError(f"{id}: there is no view {view!r}. Choose one of {', '.join(VIEWS)}.")
        if len(controls) > MAX_CONTROLS:
            raise CardError(
                f"{id} has {len(controls)} controls; at most {MAX_CONTROLS}. Make a second card."
            )
        rows = ledger.parameters(MODEL)
        moved = [control.json(SimpleNamespace(parameters=rows, name=MODEL)) for control in controls]
        start = {control["name"]: control["value"] for control in moved}
        self._known = {name: row.value for name, row in rows.items()} | start
        self._says, self._data, presets = VIEWS[view], dict(data or {}), list(presets)
        spec = {
            "kind": "virtual_trial",
            "view": view,
            "id": id,
            "title": title,
            "question": question,
            "controls": moved,
            "values": self._known,
            "data": self._data,
            "parameters": [parameter_row(rows[name]) for name in uses],
        }
        super().__init__(
            spec,
            _fields(rows, moved, presets, seed),
            describe=self._says.rules,
            names=self._says.names,
            predict=predict,
            mission=mission,
            presets=presets,
        )

    def scope(self, **moved: float) -> dict[str, Any]:
        """What the trials show at the start values, or with some of them moved."""
        chosen = {
            name: value for name, value in super().scope(**moved).items() if name != PREDICTION
        }
        return self._says.scope({**self._known, **chosen}, self._data)


def _fields(
    rows: Mapping[str, ledger.Parameter], controls: list[dict], presets: list[Preset], seed: int
) -> dict[str, Field]:
    """What the controls move, what presets set besides, which trial is drawn, and how many more."""
    fields = {name: field for control in controls for name, field in fields_of(control).items()}
    for name in dict.fromkeys(name for preset in presets for name in preset.values):
        if name in rows:
            row = rows[name]
            fields.setdefault(
                name,
                Number(start=row.value, low=row.low, high=row.high, label=row.label, unit=row.unit),
            )
    return {
        **fields,
        "seed": Number(start=seed, low=0, high=LAST_SEED, whole=True, label="which trial"),
        "many": OneOf(of=(0, MANY), start=0, label="how many trials"),
    }
