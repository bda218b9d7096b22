"""The pages of the tables: every row with its number, its source and how sure that is."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any, NamedTuple

from hepatica.ledger import plain
from hepatica.ledger.fields import PANDAS_TYPES
from hepatica.ledger.schemas import TABLES, key_column

SHOWN = {
    "physiology": ("Healthy and cirrhotic livers", "state"),
    "zonation": ("Zones of the lobule", "kind"),
    "natural_history": ("The course of liver disease", "label"),
    "staging": ("Steps of staging", "topic"),
    "scores": ("Scores: bands, coefficients, limits", "score"),
    "guidelines": ("Treatment and its trials", "topic"),
    "mash_treatment": ("Treatment of steatohepatitis", "treatment"),
    "fibrogenesis": ("How scar is made", "kind"),
    "antifibrotic_trials": ("Trials of drugs against scar", "target"),
    "why_walls": ("Why walls", "topic"),
    "mechanisms": ("What cells are said to do", "mechanism"),
    "biodistribution": ("Where the cells go", "species"),
    "trials": ("Trials of cells", "intervention_class"),
    "trial_doses": ("Doses of cells", "cell_group"),
    "trial_outcomes": ("Outcomes of the trials", "trial"),
    "death_counts": ("Deaths, counted in several ways", "trial"),
    "risk_of_bias": ("Risk of bias", "trial"),
    "registrations": ("Registered trials", "stage"),
    "meta_analyses": ("Published pools", "review"),
    "pools": ("Our pools", "outcome"),
    "summary_of_findings": ("Findings per thousand", "population"),
    "rule_sets": ("Rules of entry: whose", "completeness"),
    "eligibility": ("Rules of entry", "rule_set"),
    "parameters": ("Parameters of the models", "model"),
    "targets": ("What a model must reproduce", "model"),
}
"""The tables that have a page: what it is called, and the column by which its rows stand together."""

UNSEARCHED = ("targets",)
"""Tables whose rows would crowd the results of a search: what tests ask of a model."""

TITLES = {
    "trials": ("first_author", "called", "year"),
    "trial_outcomes": ("outcome", "arm"),
    "death_counts": ("reading",),
    "risk_of_bias": ("outcome", "domain"),
    "registrations": ("short", "registry_id"),
    "meta_analyses": ("outcome", "intervention"),
    "eligibility": ("criterion",),
    "natural_history": ("from_state", "to_state", "population"),
}
"""The columns that name a row, where `label` alone does not."""

OWN_PLACE = ("value", "low", "high", "unit", "source", "status", "note", "read_at", "read_on")
OWN_PLACE += ("read_as", "same_as", "scale", "arguments", "experiment", "variable", "operator")
STATUS = {
    "published": "Published value",
    "computed": "Worked out from published numbers or by the model",
    "teaching": "Simplification of this course",
    "model input": "Assumption of a published model, not a measurement",
}
WORDS = ("as_printed", "effect_as_printed", "value_as_printed")
BLANK = ("", None)
CODED = re.compile(r"(?<![\w/.])[a-z]{2,}(?:_[a-z0-9]+)*_[a-z]{2,}(?:_[a-z0-9]+)*(?![\w/.])")
CAPITALS = (
    "HCV HBV HDV HIV MELD INR RCT MASH MASLD ACLF HCC HVPG SD PBC ALBI APRI NFS FIB-4 MELD-Na"
)
SPELT = {word.lower(): word for word in CAPITALS.split()} | {
    "child-pugh": "Child–Pugh",
    "ckd-epi-2021": "CKD-EPI 2021",
    "clif-c-aclf": "CLIF-C ACLF",
    "clif-c-ad": "CLIF-C AD",
    "g csf": "G-CSF",
    "meld-3": "MELD 3.0",
    "meld-na-kim2008": "MELD-Na (Kim 2008)",
    "nh": "natural history:",
}
"""Abbreviations and names that the tables write small, and how they are spelt."""
SMALL = re.compile(rf"\b(?:{'|'.join(sorted(SPELT, key=len, reverse=True))})\b")


class Row(NamedTuple):
    """One row of a page: its key, its name, its number, what else it says, and where from."""

    key: str
    title: str
    amount: str
    details: str
    printed: str
    source: str
    status: str
    note: str
    read: str


class Group(NamedTuple):
    """Rows that stand together under a heading."""

    anchor: str
    title: str
    rows: list[Row]


class Listed(NamedTuple):
    """A table in the list of tables."""

    name: str
    title: str
    count: int
    href: str


def listed(ledger: Any) -> list[Listed]:
    """The tables that have a page, in the order of the list."""
    return [
        Listed(name, title, len(ledger.rows(name)), page_of(name).removeprefix("tables/"))
        for name, (title, _) in SHOWN.items()
    ]


def page_of(name: str) -> str:
    """The page of a table, as a file of the site."""
    return f"tables/{name.replace('_', '-')}.html"


def groups_of(name: str, ledger: Any) -> list[Group]:
    """The rows of a table, in the order of the file within each heading."""
    column = SHOWN[name][1]
    order: dict[str, int] = {}
    rows = ledger.rows(name)
    for row in rows:
        order.setdefault(row[column] or "", len(order))
    rows.sort(key=lambda row: order[row[column] or ""])
    together = groupby(rows, key=lambda row: row[column] or "")
    return [
        Group(f"group-{n}", _words(value or "other"), [_row(name, row) for row in found])
        for n, (value, found) in enumerate(together, start=1)
    ]


def amount_of(row: dict[str, Any]) -> str:
    """The number of a row with its range and unit; blank where it has none."""
    value, low, high = (row.get(column) for column in ("value", "low", "high"))
    if value is None and low is None and high is None:
        return ""
    ends = _ends(low, high)
    first = "" if value is None else plain(value)
    spread = f" ({ends})" if ends and first else ends
    unit = row.get("unit") or ""
    return f"{first}{spread} {'' if unit in ('1', 'dimensionless') else unit}".strip()


def _ends(low: float | None, high: float | None) -> str:
    """The ends of a range in words; blank where it has none."""
    if low is not None and high is not None:
        return plain(low) if low == high else f"{plain(low)} to {plain(high)}"
    if low is not None:
        return f"from {plain(low)}"
    return "" if high is None else f"up to {plain(high)}"


def _row(name: str, row: dict[str, Any]) -> Row:
    """One row as a reader sees it."""
    titled = [column for column in TITLES.get(name, ("label",)) if row[column] not in BLANK]
    said = [_cell(row[column], name, column) for column in titled]
    title = SMALL.sub(lambda match: SPELT[match[0]], ", ".join(said))
    apart = {*titled, *OWN_PLACE, *WORDS, key_column(name), SHOWN[name][1]}
    details = [
        f"{_words(column)}: {_cell(row[column], name, column)}"
        for column in TABLES[name]
        if column not in apart and row[column] not in BLANK
    ]
    printed = next((row[column] for column in WORDS if row.get(column)), "")
    read = f"as {row['read_as']} on {row['read_on']}" if row.get("read_on") else ""
    return Row(
        row[key_column(name)],
        title[:1].upper() + title[1:],
        amount_of(row),
        "; ".join(details).rstrip("."),
        printed,
        row.get("source", ""),
        row.get("status", ""),
        row.get("note") or "",
        read,
    )


def _cell(cell: Any, name: str, column: str) -> str:
    """A cell as words."""
    if TABLES[name][column].kind in PANDAS_TYPES:
        return plain(cell)
    return (
        _words(cell) if TABLES[name][column].kind in ("choice", "link") else CODED.sub(_coded, cell)
    )


def _coded(match: re.Match[str]) -> str:
    """A coded word of a text, such as final_value."""
    return _words(match[0])


def _words(name: str) -> str:
    """A name of the tables as words: no underscores, abbreviations in capitals."""
    words = re.sub("^n_", "number ", name).replace("_", " ").strip()
    return SMALL.sub(lambda match: SPELT[match[0]], words)
