"""Every row of the ledger is met by a reader: on the page of its table, or where a list says."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sample_course import quietly, sample

from hepatica import ledger
from hepatica.ledger.schemas import TABLES, key_column
from hepatica.site.tables import (
    SHOWN,
    UNSEARCHED,
    amount_of,
    groups_of,
    listed,
    page_of,
)

ELSEWHERE = {
    "glossary": "a page of its own",
    "references": "a page of its own",
    "causes": "the atlas of causes",
    "accelerators": "the atlas of causes",
    "claims": "verdicts that a reader weighs first, in notebook 13",
    "patients": "cases that a reader solves first",
    "misconceptions": "wrong ideas, named where a question refutes them",
    "cases": "the start page",
    "notebooks": "the start page",
    "score_cases": "worked examples that only tests read",
    "units": "stands beside every number",
    "sizes": "counts rows",
    "dependencies": "the page of licences",
    **dict.fromkeys(
        ("objectives", "activities", "plans", "plans_boards", "plans_questions", "plans_steps"),
        "the teachers' pages",
    ),
    "pbc": "single patients; notebook 07 uses them",
    "pbcseq": "single patients; notebook 07 uses them",
}
"""The tables that have no page of their own, and why."""

ODD = re.compile(r"\b(?:nan|undefined)\b|\bNone(?:,|$)|[a-z]{2,}_[a-z]{2,}")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The sample course as a site, built once; its tables are the course's own."""
    return quietly(sample(tmp_path_factory.mktemp("course")))


def soup_of(site: Path, name: str) -> BeautifulSoup:
    """One page, parsed."""
    return BeautifulSoup((site / name).read_text("utf-8"), "html.parser")


def missing(name: str, page: BeautifulSoup) -> list[str]:
    """The rows of a table that its page lacks, or shows without their number or their source."""
    column, items = key_column(name), {item.get("id"): item for item in page.select(".rows li")}
    found = []
    for row in ledger.rows(name):
        item = items.get(row[column])
        said = item.get_text(" ", strip=True) if item else ""
        source = ledger.reference(row["source"]).short if "source" in row else ""
        wanted = [amount_of(row), source]
        if not item or any(" ".join(each.split()) not in " ".join(said.split()) for each in wanted):
            found.append(row[column])
    return found


def test_every_table_has_a_page_or_a_place():
    assert set(SHOWN) | set(ELSEWHERE) == set(TABLES) and not set(SHOWN) & set(ELSEWHERE)
    assert sum(table.count for table in listed(ledger)) > 2500 and set(UNSEARCHED) < set(SHOWN)


def test_every_row_stands_on_the_page_of_its_table(site):
    for name in SHOWN:
        assert missing(name, soup_of(site, page_of(name))) == [], name
    page = soup_of(site, page_of("meta_analyses"))
    rows = page.select(".rows li")
    rows[0].decompose()
    rows[1].select_one(".amount").string = "0"
    assert len(missing("meta_analyses", page)) == 2


def test_the_tables_are_reached_from_every_page_and_from_the_sources(site):
    index = soup_of(site, "tables/index.html")
    links = {link["href"] for link in index.select(".rows a")}
    assert links == {page_of(name).removeprefix("tables/") for name in SHOWN}
    for name in ("references.html", "index.html", "exercises/01.html"):
        assert soup_of(site, name).select('a[href$="tables/index.html"]'), name


def test_headings_spell_names_as_medicine_does():
    half = re.compile(r"\b(?:csf|nh|fib|apri|albi|nfs|pugh|ckd|clif)\b|-na\b")
    headings = [group.title for name in SHOWN for group in groups_of(name, ledger)]
    assert [title for title in headings if half.search(title)] == []
    assert half.search("g csf") and half.search("MELD-na") and not half.search("MELD-Na")
    assert {"G-CSF", "FIB-4", "Child–Pugh", "natural history: HCV"} <= set(headings)


def test_no_row_speaks_in_code(site):
    for name in SHOWN:
        titles = [row.title for group in groups_of(name, ledger) for row in group.rows]
        assert len(titles) == len(ledger.rows(name))
        assert [title for title in titles if not title or ODD.search(title)] == []
        assert (
            ODD.search("sd: nan")
            and ODD.search("a, None")
            and ODD.search("final_value")
            and not ODD.search("remnant")
        )
    assert amount_of({"value": 3.0, "low": 1.0, "high": None, "unit": "%"}) == "3 (from 1) %"
    assert amount_of({"value": None, "low": 2.0, "high": 2.0, "unit": "1"}) == "2"
    assert amount_of({"finding": "no number"}) == ""
