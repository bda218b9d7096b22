"""Rules of practice: whose they are, which year, when they were read; never by way of a mirror, a
machine that answers or a calculator. No address in the course's data is a bare number."""

from __future__ import annotations

import ast
import json
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


BODY = re.compile(
    r"\b(?:Baveno(?: VII?)?|EASL|AASLD|ESGE|ACG|ADQI|ICA|KDIGO|BSG|NICE|ESPEN)\b|"
    r"\b(?:[Gg]uidelines?|[Cc]onsensus|national rule|rules? of (?:19|20)\d\d)\b"
)
"""What a sentence says when it states a rule of practice."""
NAME = re.compile(r"^[A-Z]")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
KEYS = re.compile(r'(?:\{|value="|\s)((?:guidelines|staging|mash_treatment)/[\w-]+)')


def sentences(text: str) -> list[str]:
    """The sentences of a text; a link counts as its words."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.split(r"(?<=[.?!:;])\s+|\n\n|\n- ", plain)


def clinic() -> list[tuple[str, str]]:
    """Every sentence of 06, 07 and 08 that a reader meets: notebooks, quizzes, cards."""
    found = []
    for path in sorted((DATA.parent / "notebooks").glob("0[678]_*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                found += [(path.stem, one) for one in sentences("".join(cell["source"]))]
    for path in sorted((DATA / "quizzes").glob("0[678].toml")):
        told = re.findall(r'"((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8"))
        found += [(path.name, one) for text in told for one in sentences(text)]
    for path in sorted((DATA.parent / "hepatica/lessons").glob("n0[678]_*/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        held = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [
            n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in held
        ]
        words = [text for text in texts if isinstance(text, str) and " " in text]
        found += [(path.name, one) for text in words for one in sentences(text)]
    return found


def bodies(sentence: str) -> list[str]:
    """The societies and rules that a sentence names; keys of the ledger are not its words."""
    return BODY.findall(re.sub(r"\{[^}]*\}|<[^>]*>|\w+/[\w-]+", "", sentence))


def unsupported(sentence: str, rows: list) -> str:
    """What a sentence that states a rule of practice lacks: its year, or a row that was read."""
    named = bodies(sentence)
    if not named or {key for key, _ in rows} & set(KEYS.findall(sentence)):
        return ""
    years = YEAR.findall(sentence)
    if not years:
        return "no year"
    held = [words for _, words in rows if any(year in words for year in years)]
    names = [name for name in named if NAME.match(name) and name.lower()[:5] not in "guideconse"]
    return "" if all(any(name in words for words in held) for name in names) else "no row"


def read_rows() -> list[tuple[str, str]]:
    """The rows of practice that say when they were read, with all they say of whose they are."""
    found = []
    for name in PRACTICE:
        for row in ledger.table(name).itertuples():
            source = ledger.reference(row.source)
            more = [getattr(row, column, "") for column in ("guideline", "year", "before", "note")]
            words = " ".join(map(str, [*more, row.statement, source.short, source.title]))
            found += [(f"{name}/{row.key}", words)] if row.read_on else []
    return found


def test_every_sentence_on_a_rule_of_practice_has_its_year_and_a_row_that_was_read():
    told, rows = clinic(), read_rows()
    stating = [(where, one) for where, one in told if bodies(one)]
    assert len(told) > 900 and len(stating) > 10
    assert [(*at, lacks) for at in stating if (lacks := unsupported(at[1], rows))] == []


@pytest.mark.parametrize(
    ("sentence", "lacks"),
    [
        ("By Baveno VII she needs no endoscopy.", "no year"),
        ("EASL asks for ultrasound alone.", "no year"),
        ("By NICE 1987 everybody gets a scan.", "no row"),
        ("A gradient of twelve bleeds.", ""),
        ("By Baveno VI (2015) the endoscopy is spared.", ""),
    ],
)
def test_a_rule_of_practice_without_year_or_row_is_noticed(sentence, lacks):
    assert unsupported(sentence, read_rows()) == lacks
