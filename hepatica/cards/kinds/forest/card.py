"""Forest plots: trials to put in and take out, what they say together, and what is missing.

The rows come from `hepatica.analysis.trials.studies`; cards/engine/pooling.js pools in the page as `hepatica.analysis.trials.pool` does here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite
from typing import TYPE_CHECKING

from hepatica import ledger
from hepatica.analysis import trials
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.text import inline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Forest", "Guess", "Published", "Scale"]

DESIGNS = {"rct": "randomised", "nonrandomised": "not randomised", "single_arm": "no control group"}
POPULATIONS = {
    "cirrhosis_compensated": "compensated", "cirrhosis_decompensated": "decompensated",
    "cirrhosis_child_b_c": "decompensated", "cirrhosis_unspecified": "stage not read", "aclf": "ACLF",
    "liver_failure_hbv": "ACLF", "alcoholic_hepatitis": "alcoholic hepatitis",
}
CELLS = (("g_csf", "G-CSF"), ("C3A", "cells in a device"), ("MSC", "mesenchymal"), ("macrophage", "macrophages"),
         ("CD34|CD133", "CD34⁺ or CD133⁺"), (".", "marrow or blood cells"))
"""What was given: the first pattern that the kind of treatment or cell matches."""

FILTERS = {"design": "Design", "population": "Patients", "cells": "Given"}
MODES = {"all": "Each trial", "without": "Without each", "by-year": "Year by year"}
MEASURES = {"RR": "risk ratio", "OR": "odds ratio", "MD": "mean difference"}
AVERAGES = 0.5, 50  # share of the weight, and I², from which the sentence warns


@dataclass(frozen=True)
class Scale:
    """The axis: its ends and ticks, and what stands left and right of no effect."""

    low: float
    high: float
    ticks: Sequence[float]
    left: str
    right: str
    unit: str = ""


@dataclass(frozen=True)
class Published:
    """A published pool, drawn below ours as a row of data/meta_analyses.csv states it."""

    label: str
    key: str

    def json(self) -> dict:
        """The pool for cards/kinds/forest/card.js, with its source."""
        row = ledger.number(f"meta_analyses/{self.key}")
        source = ledger.reference(row.source)
        ends = {"value": row.value, "low": row.low, "high": row.high}
        return {"label": self.label, **ends, "source": source.short, "link": source.link}


@dataclass(frozen=True)
class Guess:
    """A question before the answer: options (text, whether it is right, why); `hides` the "pool" or "nothing"."""

    question: str
    options: tuple[tuple[str, bool, str], ...]
    hides: str = "pool"

    def json(self) -> dict:
        """The step for cards/parts/predict.js; raises CardError unless exactly one option is right."""
        right = sum(bool(key) for _, key, _ in self.options)
        if right != 1:
            raise CardError(f"“{self.question}” has {right} right options; it needs exactly one.")
        options = [{"text": inline(text), "right": bool(key), "why": inline(why)} for text, key, why in self.options]
        return {"question": inline(self.question), "options": options, "hides": self.hides,
                "commit": "Show what the trials say"}


class Forest(Card):
    """Trials as rows, their pool as a diamond, and the studies that say nothing as gaps.

    Parameters
    ----------
    rows : DataFrame
        From `hepatica.analysis.trials.studies`: one outcome and one measure.
    id, title, question : str
        Identity (unique in the course), the message, and the question that the card answers.
    scale : Scale
        The axis; logarithmic for ratios.
    happened : str
        What the counts count, such as "died".
    filters : names
        Rows of chips: design, population, cells.
    off : mapping
        Chips that are off at the start: {"design": ["not randomised"]}.
    modes : names
        all, without (leave one out), by-year (cumulative).
    models : bool
        Whether the reader may choose the model (random effects, one common effect; Knapp-Hartung).
    group : str
        A column by which the reader may split the trials; the start value of the switch is `split`.
    published : list of Published
        Pools from reviews, below ours.
    funnel : bool
        Draw the funnel above the rows, which are folded.
    predict : Guess, optional
        A question first.

    Raises CardError for unknown names and for rows without a readable trial.
    """

    def __init__(
        self, rows: pd.DataFrame, *, id: str, title: str, question: str, scale: Scale, happened: str = "",
        filters: Iterable[str] = (), off: Mapping[str, Sequence[str]] | None = None, modes: Iterable[str] = MODES,
        models: bool = True, group: str = "", split: bool = False, published: Iterable[Published] = (),
        funnel: bool = False, predict: Guess | None = None,
    ):
        self._rows = trials.by_year(trials.readable(rows))
        if self._rows.empty:
            raise CardError(f"{id}: none of these studies has a readable effect.")
        chips = [_chips(rows, name, (off or {}).get(name, ()), id) for name in filters]
        spec = {
            "kind": "forest", "id": id, "title": title, "question": inline(question),
            "measure": _measure(self._rows, scale, happened),
            "trials": [_trial(row, group) for row in self._rows.to_dict("records")],
            "missing": [_gap(row) for row in rows[rows["yi"].isna()].to_dict("records")],
            "filters": chips, "modes": [{"value": name, "label": MODES[name]} for name in _known(modes, MODES, id)],
            "models": models, "group": group, "published": [each.json() for each in published], "funnel": funnel,
            "predict": predict.json() if predict else None,
        }
        values = {"method": "DL", "hartung": False, "mode": "all", "off": [], "split": split,
                  **{chip["name"]: [each["label"] for each in chip["options"] if each["on"]] for chip in chips}}
        spec["start"] = values
        super().__init__(spec, {**values, **({"prediction": None} if predict else {})})

    def _check(self, name, value):
        allowed = {"method": ("DL", "fixed"), "mode": tuple(MODES)}.get(name)
        if allowed and value not in allowed:
            raise CardError(f"{name} = {value!r} is not possible. Write one of: {', '.join(allowed)}.")

    def shown(self) -> pd.DataFrame:
        """The trials that count with the present values of the card."""
        return included(self._rows, self.values)

    def describe(self) -> str:
        """The sentence at the present values."""
        return sentence(self.shown(), self.values["method"], self.values["hartung"])

    def _static_lines(self) -> list[str]:
        rows = "".join(f"<tr><th scope=\"row\">{html.escape(row['label'])}</th><td>{html.escape(row['counts'])}</td>"
                       f"<td>{_ends(row, self.spec['measure'])}</td></tr>" for row in self.spec["trials"])
        gaps = len(self.spec["missing"])
        missing = f"Without a readable number: {gaps} more studies."
        return [f"<p>{html.escape(self.describe())}</p>", f"<table>{rows}</table>",
                f"<p><small>{missing} Interactive in JupyterLab and on the course's pages.</small></p>"]


def _known(names: Iterable[str], allowed: Mapping, where: str) -> list[str]:
    names = list(names)
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise CardError(f"{where}: there is no {unknown[0]!r}. Write some of: {', '.join(allowed)}.")
    return names


def _measure(rows: pd.DataFrame, scale: Scale, happened: str) -> dict:
    name = rows["measure"].iloc[0]
    return {"name": name, "words": MEASURES[name], "log": name in trials.RATIOS, "low": scale.low, "high": scale.high,
            "ticks": list(scale.ticks), "left": scale.left, "right": scale.right, "unit": scale.unit,
            "happened": happened}


def tags(row: Mapping) -> dict[str, str]:
    """The words by which the chips sort a study: design, population, cells."""
    given = next(words for pattern, words in CELLS
                 if re.search(pattern, row["intervention_class"] if pattern == "g_csf" else row["cell_type"]))
    return {"design": DESIGNS[row["design"]], "population": POPULATIONS[row["population"]], "cells": given}


def _chips(rows: pd.DataFrame, name: str, off: Sequence[str], where: str) -> dict:
    """One row of chips: the values that the readable trials have, in their usual order."""
    _known([name], FILTERS, where)
    known = trials.readable(rows).to_dict("records")
    order = {"design": DESIGNS.values(), "population": POPULATIONS.values(), "cells": [words for _, words in CELLS]}
    seen = {tags(row)[name] for row in known}
    labels = [label for label in dict.fromkeys(order[name]) if label in seen]
    for wrong in set(off) - set(labels):
        raise CardError(f"{where}: no trial is {wrong!r}. The chips are {', '.join(labels)}.")
    return {"name": name, "label": FILTERS[name],
            "options": [{"label": label, "on": label not in off} for label in labels]}


def _trial(row: Mapping, group: str) -> dict:
    """One row of the plot."""
    source = ledger.reference(row["source"])
    sizes = [int(row[arm]) for arm in ("n_treated", "n_control") if isfinite(row[arm])]
    return {"key": row["trial"], "label": row["label"], "year": int(row["year"]) if isfinite(row["year"]) else None,
            "tags": tags(row), "blinded": row["blinded"] == "yes", "group": _group(row, group),
            "counts": _counts(row), "patients": sum(sizes) if len(sizes) == 2 else None, "yi": row["yi"],
            "vi": row["vi"], "months": row["months"] if isfinite(row["months"]) else None,
            "estimated": row["estimated"], "note": row["note"], "printed": row["printed"],
            "source": source.short, "link": source.link}


def _group(row: Mapping, group: str) -> str:
    if not group:
        return ""
    return f"{group} not read" if row[group] == "not read" else row[group]


def _counts(row: Mapping) -> str:
    """What was counted or measured in the two arms: treated v control."""
    if not isfinite(row["treated"]):
        return "only the difference printed"
    if row["measure"] in trials.RATIOS:
        return " v ".join(f"{int(row[arm])}/{int(row['n_' + arm])}" for arm in ("treated", "control"))
    return " v ".join(f"{_signed(row[arm])} ± {row['sd_' + arm]:.2f} ({int(row['n_' + arm])})"
                      for arm in ("treated", "control"))


def _signed(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def _gap(row: Mapping) -> dict:
    """A study without an effect, and why."""
    return {"label": row["label"], "tags": tags(row), "why": row["problem"]}


def _ends(row: Mapping, measure: Mapping) -> str:
    """Effect and interval of one trial."""
    width = trials.NORMAL_95 * row["vi"] ** 0.5
    ends = [row["yi"], row["yi"] - width, row["yi"] + width]
    shown = [_signed(exp(end) if measure["log"] else end) for end in ends]
    return f"{shown[0]} ({shown[1]} to {shown[2]})"


def included(rows: pd.DataFrame, values: Mapping) -> pd.DataFrame:
    """The rows that the chips let pass and that are not taken out."""
    passing = [row["trial"] not in values["off"] and all(tags(row)[name] in values[name] for name in FILTERS
                                                         if name in values) for row in rows.to_dict("records")]
    return rows[passing]


# -- the sentence; cards/kinds/forest/card.js says the same -----------------------------------------------------------


def sentence(rows: pd.DataFrame, method: str = "DL", hartung: bool = False) -> str:
    """What the readable trials of `rows` say together, with the warnings that belong to it."""
    if rows.empty:
        return "No trial is left. Put one in."
    made = trials.pool(rows, method, hartung)
    return " ".join(filter(None, (_result(rows, made), _ahead(made), _disagreement(made), _heaviest(rows, made))))


def _result(rows: pd.DataFrame, made: trials.Pool) -> str:
    sizes = rows["n_treated"] + rows["n_control"]
    patients = f", {int(sizes.sum())} patients" if sizes.notna().all() else ""
    assumed = "If all had one common effect: " if made.method == "fixed" and len(rows) > 1 else ""
    trial_word = "1 trial" if len(rows) == 1 else f"{len(rows)} trials"
    ends = f"{_signed(made.estimate)} (95 % interval {_signed(made.low)} to {_signed(made.high)})"
    return f"{assumed}{trial_word}{patients}: {MEASURES[made.measure]} {ends}."


def _ahead(made: trials.Pool) -> str:
    """The prediction interval, which is what a next patient's hospital would care about."""
    if not isfinite(made.prediction_low):
        return ""
    wide = made.measure in trials.RATIOS and (made.prediction_low < 0.01 or made.prediction_high > 100)
    ends = f"{_signed(made.prediction_low)} to {_signed(made.prediction_high)}"
    return f"In a new trial like these the effect could be {'almost anything' if wide else ends}."


def _disagreement(made: trials.Pool) -> str:
    k = len(made.weights)
    if k == 1:
        return "One trial cannot show how much trials differ."
    spread = f"I² {made.i2:.0f} %, τ² {made.tau2:.2f}"
    if made.i2 >= AVERAGES[1]:
        return f"The trials disagree ({spread}): one average hides that."
    return f"{spread}" + (", but so few trials cannot show disagreement." if k < 5 else ".")


def _heaviest(rows: pd.DataFrame, made: trials.Pool) -> str:
    trial, share = max(made.weights.items(), key=lambda item: item[1])
    if share < AVERAGES[0] or len(made.weights) < 2:
        return ""
    label = rows.set_index("trial").loc[trial, "label"]
    return f"{label} alone carries {100 * share:.0f} % of the weight."
