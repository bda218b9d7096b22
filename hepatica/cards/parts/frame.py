"""What every card is: a JSON document, a widget in JupyterLab, a short text where nothing runs."""

from __future__ import annotations

import difflib
import gzip
import html
from functools import cache
from typing import Any

import anywidget
import traitlets
from plotly.offline import get_plotlyjs

from hepatica.cards import bundle
from hepatica.model.code import emit

MIME = "application/vnd.hepatica.card+json"


class CardError(ValueError):
    """A card was described wrongly; the message says what to write instead."""


@cache
def _plotly() -> bytes:
    """plotly.js, compressed, as the kernel sends it to a page that has none yet."""
    return gzip.compress(get_plotlyjs().encode("utf-8"), compresslevel=1)


class Card(anywidget.AnyWidget):
    """A card with the JSON `spec`; `values` holds what the reader has set and can be read and set from Python.

    `card.values = {"injury_days": 3}` changes one value and leaves the others.
    Raises CardError for a name that the card does not have or a value outside its range.
    """

    _css = bundle.styles()
    _sent = traitlets.Dict(read_only=True).tag(sync=True)
    values = traitlets.Dict().tag(sync=True)

    def __init__(self, spec: dict[str, Any], values: dict[str, Any]):
        self.spec = rounded(spec)
        (sent,), self._formulas = emit([self.spec])
        super().__init__()
        self.set_trait("_sent", sent)
        self._defaults = values
        self.values = values
        self.on_msg(self._answer)

    @property
    def _esm(self) -> str:
        """The module of this card: the runtime, and the card's own formulas as functions."""
        return bundle.widget_with(self._formulas)

    @traitlets.validate("values")
    def _merge(self, proposal) -> dict[str, Any]:
        known = getattr(self, "_defaults", proposal["value"])
        for name, value in proposal["value"].items():
            if name not in known:
                close = difflib.get_close_matches(name, known, n=3) or list(known)
                raise CardError(f"This card has no value {name!r}. It has {', '.join(close)}.")
            self._check(name, value)
        return {**known, **self._trait_values.get("values", {}), **proposal["value"]}

    def _check(self, name: str, value: Any) -> None:
        """Refuse a value that the card cannot show; kinds of card add their own rules."""

    def _answer(self, _widget, message: dict, _buffers) -> None:
        if message.get("kind") == "plotly":
            self.send({"kind": "plotly"}, buffers=[_plotly()])

    def describe(self) -> str:
        """One plain sentence that says what the card shows at its default values."""
        return self.spec["title"]

    def _static_lines(self) -> list[str]:
        """Further HTML lines for viewers that run nothing."""
        return []

    def static_html(self) -> str:
        """The card as a few lines of HTML, for viewers that run nothing."""
        title, question = html.escape(self.spec["title"]), self.spec.get("question") or ""
        lines = [f"<p><strong>{title}</strong></p>", f"<p>{question}</p>" if question else "", *self._static_lines()]
        return "\n".join(line for line in lines if line)

    def _repr_mimebundle_(self, **kwargs):
        live = super()._repr_mimebundle_(**kwargs)
        data, metadata = live if isinstance(live, tuple) else (live, {})
        plain = f"{self.spec['title']}. {self.describe()}"
        own = {MIME: self.spec, "text/html": self.static_html(), "text/plain": plain}
        return {**data, **own}, metadata


def rounded(value: Any) -> Any:
    """`value` with every float at six significant digits, so that other machines write the same card."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else float(f"{value:.6g}")
    return value
