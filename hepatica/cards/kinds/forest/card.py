"""Forest plots: trials to put in and take out, what they say together, and what is missing.

The rows come from `hepatica.analysis.trials.studies`; cards/engine/pooling.js pools in the page as
`hepatica.analysis.trials.pool` does here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite
from typing import TYPE_CHECKING, Any

from hepatica import ledger
from hepatica.analysis import trials
from hepatica.cards.kinds.forest.bias import bias_of
from hepatica.cards.kinds.forest.says import NUMBERS, end_said, names, pooled, rules
from hepatica.cards.parts.door import Field, Flag, OneOf, Several
from hepatica.cards.parts.frame import Card, CardError
from hepatica.cards.parts.mission import Mission
from hepatica.cards.parts.predict import Question

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Forest", "Published", "Scale"]

DESIGNS = {"rct": "randomised", "nonrandomised": "not randomised", "single_arm": "no control group"}
POPULATIONS = {
    "cirrhosis_compensated": "compensated",
    "cirrhosis_decompensated": "decompensated",
    "cirrhosis_child_b_c": "decompensated",
    "cirrhosis_unspecified": "stage not read",
    "aclf": "ACLF",
    "liver_failure_hbv": "ACLF",
    "alcoholic_hepatitis": "alcoholic hepatitis",
}
CELLS = (
    ("g_csf", "G-CSF"),
    ("C3A", "cells in a device"),
    ("MSC", "mesenchymal"),
    ("macrophage", "macrophages"),
    ("CD34|CD133", "CD34⁺ or CD133⁺"),
    (r"marrow|blood|\bBM\b|\bPB\b", "marrow or blood cells"),
    (".", "other cells"),
)
"""What was given: the first pattern that the kind of treatment or cell matches."""

FILTERS = {"design": "Design", "population": "Patients", "cells": "Given"}
MODES = {"all": "Each trial", "without": "Without each", "by-year": "Year by year"}
MEASURES = {"RR": "risk ratio", "OR": "odds ratio", "MD": "mean difference"}


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
    covers : str
        The outcome for which data/risk_of_bias.csv judges the trials; none: no signs beside them.
    predict : Question, optional
        A question first; it hides the pool, or "nothing".
    mission : Mission, optional
        A goal to bring about with the trials.

    Raises CardError for unknown names and for rows without a readable trial.
    """

    commit = "Show what the trials say"
    waiting = "Predict first; then the trials answer."

    def __init__(
        self,
        rows: pd.DataFrame,
        *,
        id: str,
        title: str,
        question: str,
        scale: Scale,
        happened: str = "",
        filters: Iterable[str] = (),
        off: Mapping[str, Sequence[str]] | None = None,
        modes: Iterable[str] = MODES,
        models: bool = True,
        group: str = "",
        split: bool = False,
        published: Iterable[Published] = (),
        funnel: bool = False,
        covers: str = "",
        predict: Question | None = None,
        mission: Mission | None = None,
    ):
        self._rows = trials.by_year(trials.readable(rows))
        if self._rows.empty:
            raise CardError(f"{id}: none of these studies has a readable effect.")
        chips = [_chips(rows, name, (off or {}).get(name, ()), id) for name in filters]
        modes = _known(modes, MODES, id)
        spec = {
            "kind": "forest",
            "id": id,
            "title": title,
            "question": question,
            "measure": _measure(self._rows, scale, happened),
            "trials": [_trial(row, group, covers) for row in self._rows.to_dict("records")],
            "missing": [_gap(row) for row in rows[rows["yi"].isna()].to_dict("records")],
            "filters": chips,
            "modes": [{"value": name, "label": MODES[name]} for name in modes],
            "models": models,
            "group": group,
            "published": [each.json() for each in published],
            "funnel": funnel,
        }
        self._trials, self._measure = spec["trials"], spec["measure"]
        self._groups = sorted({row["group"] for row in spec["trials"]}) if group else []
        self._funnel = funnel
        super().__init__(
            spec,
            self._fields(chips, modes, split),
            describe=rules(self._groups, funnel),
            names=names(self._groups),
            predict=predict,
            mission=mission,
        )

    def _fields(self, chips: list[dict], modes: list[str], split: bool) -> dict[str, Field]:
        """The model, what the rows show, which trials are out, and the chips."""
        known = {
            chip["name"]: Several(
                of=[each["label"] for each in chip["options"]],
                label=chip["label"],
                start=[each["label"] for each in chip["options"] if each["on"]],
            )
            for chip in chips
        }
        return {
            "method": OneOf(of=("DL", "fixed"), start="DL", label="the model"),
            "hartung": Flag(start=False, label="Knapp–Hartung"),
            "mode": OneOf(of=modes, start="all", label="the rows"),
            "off": Several(of=list(self._rows["trial"]), start=[], label="trials taken out"),
            "split": Flag(start=split, label="split"),
            **known,
        }

    def shown(self, **moved: Any) -> pd.DataFrame:
        """The trials that count at the start values, or with some of them moved."""
        return included(self._rows, {**self.start(), **moved})

    def scope(self, **moved: Any) -> dict[str, float | str]:
        """What the trials that count say together."""
        values = {**self.start(), **moved}
        rows = self.shown(**moved)
        made = {
            **dict.fromkeys(NUMBERS, 0.0),
            "k": len(rows),
            "fixed": float(values["method"] == "fixed"),
            "strict": float(values["hartung"] and values["method"] != "fixed"),
            "split": float(values["split"]),
            "measure": self._measure["words"],
            **dict.fromkeys(("heaviest", "low_said", "high_said"), ""),
            "trials": "trial" if len(rows) == 1 else "trials",
            **self._split(rows, values),
        }
        if rows.empty:
            return made
        tested = {"asked": 1.0, "p": trials.egger(rows).p} if self._funnel and len(rows) > 2 else {}
        return {
            **made,
            **pooled(rows, trials.pool(rows, values["method"], values["hartung"])),
            **tested,
        }

    def _split(self, rows: pd.DataFrame, values: Mapping) -> dict[str, float | str]:
        """The pool of each group."""
        names = {row["key"]: row["group"] for row in self._trials}
        made: dict[str, float | str] = {}
        for n, name in enumerate(self._groups):
            own = rows[[names[trial] == name for trial in rows["trial"]]]
            pool = trials.pool(own, values["method"], values["hartung"]) if len(own) else None
            ratio = self._measure["log"]
            ends = (0.0, "", "")
            if pool:
                ends = (pool.estimate, end_said(pool.low, ratio), end_said(pool.high, ratio))
            made |= dict(
                zip(
                    (f"g{n}_k", f"g{n}_centre", f"g{n}_low", f"g{n}_high"),
                    (len(own), *ends),
                    strict=True,
                )
            )
        return made

    def _static_lines(self) -> list[str]:
        rows = "".join(
            f'<tr><th scope="row">{html.escape(row["label"])}</th><td>{html.escape(row["counts"])}</td>'
            f"<td>{_ends(row, self.spec['measure'])}</td></tr>"
            for row in self.spec["trials"]
        )
        gaps = len(self.spec["missing"])
        missing = f"Without a readable number: {gaps} more studies."
        return [
            f"<p>{html.escape(self.describe())}</p>",
            f"<table>{rows}</table>",
            (
                f"<p><small>{missing} Interactive in JupyterLab and on the course's "
                "pages.</small></p>"
            ),
        ]


def _known(names: Iterable[str], allowed: Mapping, where: str) -> list[str]:
    names = list(names)
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise CardError(
            f"{where}: there is no {unknown[0]!r}. Write some of: {', '.join(allowed)}."
        )
    return names


def _measure(rows: pd.DataFrame, scale: Scale, happened: str) -> dict:
    name = rows["measure"].iloc[0]
    return {
        "name": name,
        "words": MEASURES[name],
        "log": name in trials.RATIOS,
        "low": scale.low,
        "high": scale.high,
        "ticks": list(scale.ticks),
        "left": scale.left,
        "right": scale.right,
        "unit": scale.unit,
        "happened": happened,
    }


def tags(row: Mapping) -> dict[str, str]:
    """The words by which the chips sort a study: design, population, cells."""
    given = next(
        words
        for pattern, words in CELLS
        if re.search(pattern, row["intervention_class"] if pattern == "g_csf" else row["cell_type"])
    )
    return {
        "design": DESIGNS[row["design"]],
        "population": POPULATIONS[row["population"]],
        "cells": given,
    }


def _chips(rows: pd.DataFrame, name: str, off: Sequence[str], where: str) -> dict:
    """One row of chips: the values that the readable trials have, in their usual order."""
    _known([name], FILTERS, where)
    known = trials.readable(rows).to_dict("records")
    order = {
        "design": DESIGNS.values(),
        "population": POPULATIONS.values(),
        "cells": [words for _, words in CELLS],
    }
    seen = {tags(row)[name] for row in known}
    labels = [label for label in dict.fromkeys(order[name]) if label in seen]
    for wrong in set(off) - set(labels):
        raise CardError(f"{where}: no trial is {wrong!r}. The chips are {', '.join(labels)}.")
    return {
        "name": name,
        "label": FILTERS[name],
        "options": [{"label": label, "on": label not in off} for label in labels],
    }


def _trial(row: Mapping, group: str, covers: str) -> dict:
    """One row of the plot."""
    source = ledger.reference(row["source"])
    sizes = [int(row[arm]) for arm in ("n_treated", "n_control") if isfinite(row[arm])]
    return {
        "key": row["trial"],
        "label": row["label"],
        "year": int(row["year"]) if isfinite(row["year"]) else None,
        "tags": tags(row),
        "blinded": row["blinded"] == "yes",
        "group": _group(row, group),
        "counts": _counts(row),
        "patients": sum(sizes) if len(sizes) == 2 else None,
        "yi": row["yi"],
        "vi": row["vi"],
        "months": row["months"] if isfinite(row["months"]) else None,
        "estimated": row["estimated"],
        "note": row["note"],
        "printed": row["printed"],
        "source": source.short,
        "link": source.link,
        "bias": bias_of(row["trial"], covers),
    }


def _group(row: Mapping, group: str) -> str:
    if not group:
        return ""
    return f"{group.capitalize()} not read" if row[group] == "not read" else row[group]


def _counts(row: Mapping) -> str:
    """What was counted or measured in the two arms: treated v control."""
    if not isfinite(row["treated"]):
        return "only the difference printed"
    if row["measure"] in trials.RATIOS:
        return " v ".join(
            f"{int(row[arm])}/{int(row['n_' + arm])}" for arm in ("treated", "control")
        )
    return " v ".join(
        f"{_signed(row[arm])} ± {row['sd_' + arm]:.2f} ({int(row['n_' + arm])})"
        for arm in ("treated", "control")
    )


def _signed(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def _gap(row: Mapping) -> dict:
    """A study without an effect, and why."""
    return {"label": row["label"], "tags": tags(row), "why": row["problem"]}


def _ends(row: Mapping, measure: Mapping) -> str:
    """Effect and interval of one trial."""
    width = trials.NORMAL_95 * row["vi"] ** 0.5
    ends = [row["yi"], row["yi"] - width, row["yi"] + width]
    centre, low, high = (exp(end) if measure["log"] else end for end in ends)
    return (
        f"{_signed(centre)} ({end_said(low, measure['log'])} to {end_said(high, measure['log'])})"
    )


def included(rows: pd.DataFrame, values: Mapping) -> pd.DataFrame:
    """The rows that the chips let pass and that are not taken out."""
    passing = [
        row["trial"] not in values["off"]
        and all(tags(row)[name] in values[name] for name in FILTERS if name in values)
        for row in rows.to_dict("records")
    ]
    return rows[passing]
