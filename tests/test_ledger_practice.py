"""Rules of practice: whose they are, which year, when they were read; never by way of a mirror, a
machine that answers or a calculator. No address in the course's data is a bare number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hepatica import ledger
from hepatica.ledger.readings import PRACTICE

DATA = ledger.DATA
WEAK = (
    "droracle", "scribd", "studylib", "docslib", "thesecretsofmedicine", "russbo", "bibliotheek",
    "qxmd", "medicalalgorithms", "calculatorhub", "onlycalculators", "readycalculator", "mdcalc",
    "reviewer4you", "cfu288", "echosensclinical", "digestivedashboard", "medilib",
    "staging.tactuum", "wilddata", "paperexplained", "ouci.dntb", "movatter", "weglot", "medluna",
    "colinskiis",
)  # fmt: skip
"""Parts of the names of mirrors, machines that answer and calculators."""

NO_PRIMARY = {
    "qxmd-meld": "the policy of the waiting list, whose text could not be read",
    "maddrey-page": "the coefficient 4.6; the paper of 1978 was not found",
    "scottish-palliative-guideline": "traditional figures; no primary source is known",
    "bmj-best-practice-b": "shares alive by abstinence; no paper that prints them was found",
}
"""Weak sources that stand because nothing better is known, and what rests on them."""

GUIDES = re.compile(
    r"EASL|AASLD|ESGE|ACG|ESPEN|ICA\b|Baveno|Franchis|guid(?:eline|ance)|consensus|"
    r"Veterans|selection criteria|\bBSG\b|Aithal|vaccination",
    re.IGNORECASE,
)
"""What the short name or the title of a guideline says."""
COHORTS = {"padua2025"}
"""Cohorts that tried out a guideline and are none."""
BARE = r"\[[0-9a-f:]+\]|0x[0-9a-f]+|\d{1,10}(?:\.\d{1,3}){0,3}"
NUMBER_HOST = re.compile(rf"https?://(?:{BARE})(?::\d+)?(?=[/\s\"'<>?#),;]|$)", re.IGNORECASE)


def numbered(text: str) -> list[str]:
    """Addresses in a text whose host is a bare number."""
    return NUMBER_HOST.findall(text)


def files() -> list[Path]:
    return sorted(path for path in DATA.rglob("*") if path.suffix in {".csv", ".toml", ".md"})


def test_no_address_is_a_bare_number():
    texts = {path: path.read_text(encoding="utf-8") for path in files()}
    assert len(texts) > 40 and sum(text.count("http") for text in texts.values()) > 500
    assert {path.name: found for path, text in texts.items() if (found := numbered(text))} == {}


@pytest.mark.parametrize(
    "address",
    [
        "http://47.251.13.51:8081/38174913",
        "https://10.0.0.1",
        "read at http://[2001:db8::1]/page",
        "http://1572395042/x",
        "http://0x2ffb0d33/x",
    ],
)
def test_a_bare_number_is_noticed(address):
    assert numbered(address)


@pytest.mark.parametrize(
    "address", ["https://doi.org/10.1016/j.jhep.2021.12.022", "https://78stepshealth.us/1.2.3.4"]
)
def test_a_number_within_an_address_is_none(address):
    assert not numbered(address)


def is_weak(source: ledger.Reference) -> bool:
    """Whether the source's link leads to a mirror, a machine that answers or a calculator."""
    return any(name in urlsplit(source.link).netloc for name in WEAK)


def sources(tables: Iterable[str]) -> dict[str, set[str]]:
    """The sources of some tables, with the rows that rest on each."""
    found: dict[str, set[str]] = {}
    for name in tables:
        for row in ledger.table(name).itertuples():
            found.setdefault(row.source, set()).add(f"{name}/{row.key}")
    return found


def test_no_rule_rests_on_a_mirror_a_machine_or_a_calculator():
    found = sources((*PRACTICE, "scores"))
    assert len(found) > 80
    weak = {key for key in found if key != "this-course" and is_weak(ledger.reference(key))}
    assert weak == set(NO_PRIMARY), {key: found[key] for key in weak ^ set(NO_PRIMARY)}


def test_a_rule_on_a_mirror_is_noticed():
    page = ledger.Reference("x", "X", "X", "", "", "", "https://www.droracle.ai/articles/1", "")
    assert is_weak(page)
    assert not is_weak(ledger.Reference("x", "X", "X", "10.1000/x", "", "", page.url, ""))


def is_guide(source: ledger.Reference) -> bool:
    """Whether a source is a guideline, by its names."""
    return source.key not in COHORTS and bool(GUIDES.search(f"{source.short} {source.title}"))


def dated(row) -> bool:
    """Whether a row says when it was read and what of it, and its year (or its source does)."""
    source = ledger.reference(row.source)
    words = f"{source.short} {source.title} {row.statement}"
    year = getattr(row, "year", "") or re.search(r"\b(?:19|20)\d\d\b", words)
    return bool(row.read_on and row.read_as and year)


def guides(name: str) -> list:
    """The rows of a table that state a guideline; those on cells are about licences and ethics."""
    rows = ledger.table(name).itertuples()
    ours = (row for row in rows if getattr(row, "topic", "") != "cells")
    return [row for row in ours if is_guide(ledger.reference(row.source))]


def test_every_rule_of_a_guideline_says_its_year_and_when_it_was_read():
    rules = {f"{name}/{row.key}": row for name in PRACTICE for row in guides(name)}
    assert len(rules) > 40
    assert [key for key, row in rules.items() if not dated(row)] == []


def test_a_rule_without_its_day_or_year_is_noticed():
    row = next(row for row in guides("guidelines") if row.key == "he-lactulose")
    assert dated(row)
    assert not dated(row._replace(read_on=""))
    assert not dated(row._replace(source="msd-manual-professional"))
