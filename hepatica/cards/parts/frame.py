"""What every card is: a JSON document, a widget in JupyterLab, a short text where nothing runs.

A kind of card says what it takes (`fields`, see parts/door.py), what it can be asked about
(`scope`) and what it says (`describe`, rules over that scope, see parts/sentence.py). The frame
does the rest, here and in parts/frame.js: values and their one door, the prediction, the sentence,
reset, keep and share.
"""

from __future__ import annotations

import difflib
import gzip
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import anywidget
import traitlets
from plotly.offline import get_plotlyjs

from hepatica.cards import bundle
from hepatica.cards.parts import minutes, record
from hepatica.cards.parts.door import Field
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import PredictionError, Question, guessed, skipped
from hepatica.cards.parts.sentence import Description, Formula, Rule
from hepatica.cards.parts.text import inline
from hepatica.model.code import emit

MIME = minutes.CARD
PREDICTION = "prediction"
"""The value that holds what the reader has committed to (parts/predict.py); None: not yet."""


class CardError(ValueError):
    """A card was described wrongly; the message says what to write instead."""


@dataclass(frozen=True)
class Preset:
    """A button that sets several values at once."""

    label: str
    values: Mapping[str, Any]
    hint: str = ""

    def json(self) -> dict:
        """The preset for cards/parts/controls.js."""
        return {"label": self.label, "values": dict(self.values), "hint": self.hint}


@cache
def _plotly() -> bytes:
    """plotly.js, compressed, as the kernel sends it to a page that has none yet."""
    return gzip.compress(get_plotlyjs().encode("utf-8"), compresslevel=1)


class Card(anywidget.AnyWidget):
    """A card; `values` holds what the reader has set and can be read and set from Python.

    `card.values = {"injury_days": 3}` changes one value and leaves the others. Raises CardError for
    a name that the card does not have or a value that it does not take.

    Parameters
    ----------
    spec : dict
        What the kind's JavaScript needs, as JSON.
    fields : dict of str to Field
        What the card takes from outside, with start values.
    describe : rules
        What the card says, see `hepatica.cards.parts.sentence.Description`.
    names : list of str
        What the rules may name: the keys of `scope()`.
    predict : Predict, Draw, Share or Order, optional
        A question first; `waiting` stands in place of the sentence until it is answered, and the
        card's `question` is its heading: the title tells what was found.
    mission : Mission, optional
        A goal that the card checks.
    presets : list of Preset, optional
        Buttons that set several values.
    """

    waiting = "Predict first; then the model answers."
    commit = "Show what the model does"
    _css = bundle.styles()
    _sent = traitlets.Dict(read_only=True).tag(sync=True)
    values = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        spec: dict[str, Any],
        fields: Mapping[str, Field],
        *,
        describe: Sequence[Rule] | Sequence[Sequence[Rule]],
        names: Iterable[str] = (),
        predict: Question | None = None,
        presets: Iterable[Preset] = (),
        mission: Mission | None = None,
    ):
        self.fields = {**fields, **({PREDICTION: predict.field()} if predict else {})}
        self._description = Description(describe, names)
        self.spec = rounded(
            {
                **spec,
                "question": inline(spec.get("question", "")),
                "describe": self._description.json(),
                "predict": self._step(predict, spec, list(names)),
                **({"mission": mission.json(names)} if mission else {}),
                "presets": [preset.json() for preset in presets],
                "fields": {name: field.json() for name, field in self.fields.items()},
            }
        )
        for preset in presets:
            self.admit(preset.values, f"the preset “{preset.label}”")
        self.mission = mission
        self.admit(mission.start if mission else {}, "the mission's start")
        (sent,), self._formulas = emit([self.spec])
        super().__init__()
        self.set_trait("_sent", sent)
        self.values = {name: field.start for name, field in self.fields.items()}
        self.on_msg(self._answer)

    def _step(self, predict: Question | None, spec: dict, names: list[str]) -> dict | None:
        """The prediction's JSON, its key worked out at the start values."""
        if not predict:
            return None
        if not spec.get("question"):
            raise CardError(f"{spec['id']} has a prediction and needs a question as its heading.")
        try:
            step = predict.json(lambda key: Formula(key, names).value(self.scope()), spec["id"])
        except PredictionError as error:
            raise CardError(str(error)) from None
        if predict.reply:
            self._reply = Description(predict.reply, [*names, *predict.names()])
            step["reply"] = self._reply.json()
        return {**step, "waiting": self.waiting, "commit": self.commit}

    @property
    def _esm(self) -> str:
        """The module of this card: the runtime, and the card's own formulas as functions."""
        return bundle.widget_with(self._formulas)

    # -- values and what they mean -----------------------------------------------------------------

    @traitlets.validate("values")
    def _merge(self, proposal) -> dict[str, Any]:
        return {**self._trait_values.get("values", {}), **self.admit(proposal["value"])}

    def admit(self, values: Mapping[str, Any], where: str = "") -> dict[str, Any]:
        """`values`, if the card takes them all; raises CardError for an unknown name or a value it
        does not take."""
        for name, value in values.items():
            if name not in self.fields:
                close = difflib.get_close_matches(name, self.fields, n=3) or list(self.fields)
                raise CardError(
                    f"{where or 'This card'}: there is no value {name!r}. "
                    f"It has {', '.join(close)}."
                )
            why = self.fields[name].refusal(value)
            if why:
                raise CardError(f"{where or name}: {why}.")
        return dict(values)

    def start(self) -> dict[str, Any]:
        """The start value of every field."""
        return {name: field.start for name, field in self.fields.items()}

    def scope(self, **moved: Any) -> dict[str, Any]:
        """What the sentence may name, at the start values with some `moved`;
        kinds of card add to it."""
        return {**self.start(), **moved}

    def describe(self, **moved: Any) -> str:
        """The live sentence at the start values, or with some of them moved.

        Raises CardError for a value that the card does not take.
        """
        return self._description.say(self.scope(**self.admit(moved)))

    def reply(self, given: Any) -> str:
        """What the card replies to a prediction, as `values["prediction"]` holds it."""
        step = self.spec["predict"]
        if step["way"] == "choose":
            return step["options"][given]["why"] if given >= 0 else ""
        if skipped(given):
            return ""
        return self._reply.say({**self.scope(), **guessed(step, given, self.heights())})

    def judge(self, **moved: Any) -> tuple[bool, str]:
        """Whether the card's mission is reached with some values moved, and what is said of it."""
        scope = self.scope(**self.admit(moved))
        says = Description(self.mission.rules(), scope)
        return Formula(self.mission.reached, scope).value(scope), says.say(scope)

    def heights(self) -> list[float]:
        """The five heights of the model's own curve where one is drawn as the prediction."""
        return []

    def preset(self, label: str) -> dict[str, Any]:
        """What a preset sets, as `describe` takes it;
        raises CardError for a label that the card does not have."""
        known = {preset["label"]: preset["values"] for preset in self.spec["presets"]}
        if label not in known:
            raise CardError(
                f"{self.spec['id']} has no preset {label!r}. It has {', '.join(known) or 'none'}."
            )
        return dict(known[label])

    # -- outputs -----------------------------------------------------------------------------------

    def _answer(self, _widget, message: dict, _buffers) -> None:
        if message.get("kind") == "plotly":
            self.send({"kind": "plotly"}, buffers=[_plotly()])
        if message.get("kind") == "record":
            self.send({"kind": "record", "id": message["id"], **record.answer(message)})
        if message.get("kind") == "sections":
            found = minutes.answer(minutes.open_notebook())
            self.send({"kind": "sections", "id": message["id"], **found})

    def _static_lines(self) -> list[str]:
        """Further HTML lines for viewers that run nothing."""
        controls = ", ".join(
            html.escape(control["label"]) for control in self.spec.get("controls", [])
        )
        return [
            f"<p><em>At the start values:</em> {html.escape(self.describe())}</p>",
            (
                "<p><small>Interactive in JupyterLab and on the course's pages. Controls: "
                f"{controls}.</small></p>"
            ),
        ]

    def static_html(self) -> str:
        """The card as a few lines of HTML, for viewers that run nothing; where there is a
        prediction, the answer is folded."""
        title, question = html.escape(self.spec["title"]), self.spec["question"]
        if self.spec["predict"]:
            fold = f"<details><summary>The answer</summary><p><strong>{title}</strong></p>"
            asked = self.spec["predict"]["question"]
            head = [f"<p><strong>{question}</strong></p>", f"<p>{asked}</p>", fold]
            return "\n".join([*head, *self._static_lines(), "</details>"])
        head = [f"<p><strong>{title}</strong></p>", f"<p>{question}</p>" if question else ""]
        return "\n".join(line for line in (*head, *self._static_lines()) if line)

    def _repr_mimebundle_(self, **kwargs):
        live = super()._repr_mimebundle_(**kwargs)
        data, metadata = live if isinstance(live, tuple) else (live, {})
        plain = f"{self.spec['title']}. {self.describe()}"
        own = {MIME: self.spec, "text/html": self.static_html(), "text/plain": plain}
        return {**data, **own}, metadata


def rounded(value: Any) -> Any:
    """`value` with every float at six significant digits,
    so that other machines write the same card."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple | range):
        return [rounded(item) for item in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else float(f"{value:.6g}")
    return value
