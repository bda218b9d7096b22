"""A hundred livers after the stop of the cause: the page draws them itself, with the numbers of the
ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hepatica.cards.kinds.livers.says import (
    CUT,
    KINDS,
    NO_ORDER,
    READ_AFTER,
    SORTS,
    UNTIL,
    VIEWS,
)
from hepatica.cards.parts.controls import parameter_row
from hepatica.cards.parts.door import Field, Number, OneOf
from hepatica.cards.parts.frame import PREDICTION, Card, CardError, Preset
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import Question
from hepatica.models.cohorts import crowd

__all__ = ["Livers"]

LAST_SEED = 999
CEILING = 30  # % of area; nobody of a cohort has more at the stop
DOSES = {"nothing": 0.0, "40 % of it": 0.4, "90 % of it": 0.9}


def _slider(name: str, label: str, unit: str, field: Number, step: float) -> dict:
    ends = {"min": field.low, "max": field.high, "step": step, "value": field.start}
    return {"kind": "slider", "name": name, "label": label, "unit": unit, **ends}


def _choice(name: str, label: str, options: Mapping[str, float], value: float) -> dict:
    named = [{"label": words, "value": value} for words, value in options.items()]
    return {"kind": "choice", "name": name, "label": label, "options": named, "value": value}


def _after(first: int = 0) -> tuple[Field, dict]:
    field = Number(start=5, low=first, high=UNTIL, whole=True, label="years after the stop")
    return field, _slider("after", "years after the stop", "year", field, 1)


def _ceiling() -> tuple[Field, dict]:
    field = Number(start=CEILING, low=CUT, high=CEILING, whole=True, label="most scar at the stop")
    return field, _slider("ceiling", "only livers with less scar than", "% of area", field, 1)


def _listed(name: str, label: str, options: Mapping[str, float], start: float) -> tuple:
    field = OneOf(of=list(options.values()), start=start, label=label)
    return field, _choice(name, label, options, start)


CONTROLS = {
    "after": _after,
    "later": lambda: _after(1),
    "ceiling": _ceiling,
    "sort": lambda: _listed("sort", "in order of", {w: n for n, w in enumerate(SORTS)}, 0),
    "weeks": lambda: _listed(
        "weeks",
        "the second needle",
        {"the same day": 0} | {f"{w} weeks later": w for w in READ_AFTER[1:]},
        0,
    ),
    "truth": lambda: _listed("truth", "seen", {"as needles read": 0, "as the livers are": 1}, 0),
    "anti_lox": lambda: _listed("anti_lox", "the drug blocks", DOSES, 0.4),
}
OF_VIEW = {
    "counted": ("after",),
    "sorted": ("after", "sort", "ceiling"),
    "locked": ("later",),
    "reread": ("weeks", "truth"),
    "arms": ("anti_lox", "truth"),
}


class Livers(Card):
    """A card of hepatica.models.cohorts; `view` names what it draws (cards/views/livers/).

    Parameters
    ----------
    view : str
        "counted", "sorted", "locked", "reread" or "arms".
    cohort : str
        "hbv", "hcv", "mash_f4" or "mash_f3".
    people : int
        How many livers; both arms together.
    uses : names of parameters, optional
        Which rows its table of numbers lists.
    data, seed, predict, mission, presets : optional
        What the view draws besides, which draw comes first, and as for every card.

    Raises CardError for an unknown view or cohort.
    """

    waiting = "Predict first; then the livers are counted."

    def __init__(
        self,
        view: str,
        cohort: str,
        *,
        id: str,
        title: str,
        question: str,
        people: int = 100,
        uses: Iterable[str] = (),
        predict: Question | None = None,
        mission: Mission | None = None,
        presets: Iterable[Preset] = (),
        data: Mapping[str, Any] | None = None,
        seed: int = 1,
    ):
        for given, known in ((view, VIEWS), (cohort, KINDS)):
            if given not in known:
                raise CardError(f"{id}: there is no {given!r}. Choose one of {', '.join(known)}.")
        made = {name: CONTROLS[name]() for name in OF_VIEW[view]}
        fields = {control["name"]: field for field, control in made.values()}
        fields["seed"] = Number(start=seed, low=1, high=LAST_SEED, whole=True, label="which draw")
        self._says, self._data = VIEWS[view], dict(data or {})
        in_no_order = {"sort": NO_ORDER, "ceiling": CEILING} if view == "counted" else {}
        self._known = {"cohort": KINDS[cohort], "people": people, **in_no_order}
        spec = {
            "kind": "livers",
            "view": view,
            "id": id,
            "title": title,
            "question": question,
            "model": crowd.javascript(),
            "settings": self._known,
            "years": list(self._says.years),
            "data": self._data,
            "controls": [control for name, (_, control) in made.items()],
            "parameters": [parameter_row(crowd.parameters[name]) for name in uses],
        }
        super().__init__(
            spec,
            fields,
            describe=self._says.rules,
            names=self._says.names,
            predict=predict,
            mission=mission,
            presets=presets,
        )

    def scope(self, **moved: float) -> dict[str, float]:
        """What the livers show at the start values, or with some of them moved."""
        chosen = {
            name: value for name, value in super().scope(**moved).items() if name != PREDICTION
        }
        return self._says.scope({**self._known, **chosen}, self._data)
