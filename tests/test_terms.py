"""Glossary terms in the text: which words open a note, which do not; the search's index."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from sample_course import quietly, sample

from hepatica import ledger
from hepatica.site.search import KINDS
from hepatica.site.terms import Terms, forms

MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def terms() -> Terms:
    """The glossary of the course."""
    return Terms(ledger)


def marked(terms: Terms, html: str) -> list[tuple[str, str]]:
    """Printed words and row of each term that opens a note."""
    soup = BeautifulSoup(html, "html.parser")
    terms.mark(soup)
    return [(tag.text, tag["aria-describedby"][5:]) for tag in soup.select(".term")]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("The hepatocyte works.", "hepatocyte"),
        ("Hepatocytes work.", "hepatocyte"),
        ("Her biopsy, a liver biopsy.", "liver-biopsy"),
        ("Two liver biopsies.", "liver-biopsy"),
        ("Bridging septa.", "septum"),
        ("An INR of one.", "international-normalised-ratio"),
        ("After TIPS the head.", "transjugular-intrahepatic-portosystemic-shunt"),
        ("Compensated cirrhosis is quiet.", "compensated-cirrhosis"),
        ("The portal\u00a0vein.", "portal-vein"),
        ("Cells are allogeneic.", "autologous-and-allogeneic"),
    ],
)
def test_a_term_opens_its_note(terms, words, key):
    assert [found for _, found in marked(terms, f"<p>{words}</p>")] == [key]


@pytest.mark.parametrize(
    "html",
    [
        "<h3>Cirrhosis</h3>",
        "<p><a href='x.html'>cirrhosis</a></p>",
        "<p><code>cirrhosis</code></p>",
        "<div class='code'><pre>cirrhosis</pre></div>",
        "<figure class='hepatica-card'><p>cirrhosis</p></figure>",
        "<table><tr><td>cirrhosis</td></tr></table>",
        "<p>precirrhosis, cirrhosis-like, or nor inr</p>",
        "<p>A <strong>cirrhosis</strong> is a scarred liver; cirrhosis again.</p>",
        "<p>An open label.</p>",
    ],
)
def test_other_words_open_none(terms, html):
    assert marked(terms, html) == []


def test_the_first_use_of_each_section_opens_a_note(terms):
    html = (
        "<p>Cirrhosis, cirrhosis. A model.</p><h2>One</h2><p>Cirrhosis. A model.</p>"
        "<details><summary>More</summary><p>ascites</p></details><p>ascites, ascites</p>"
    )
    assert [key for _, key in marked(terms, html)] == [
        "cirrhosis",
        "model",
        "cirrhosis",
        "ascites",
        "ascites",
    ]


def test_every_note_is_on_the_page(tmp_path):
    page = BeautifulSoup(
        (quietly(sample(tmp_path)) / "01_the_healthy_lobule.html").read_text("utf-8"),
        "html.parser",
    )
    openers = page.select("main .term, main data.fact")
    assert page.select("main .term") and page.select("main data.fact")
    for opener in openers:
        note = page.find(id=opener["aria-describedby"])
        assert note.text and "/" in note["data-rows"]
        assert opener["role"] == "button" and opener["tabindex"] == "0"


def doubled(rows: list[dict]) -> dict[str, set[str]]:
    """Words that stand for more than one row of the glossary."""
    homes: dict[str, set[str]] = {}
    for row in rows:
        for form in forms(row):
            homes.setdefault(form, set()).add(row["key"])
    assert len(homes) >= 2 * len(rows) - 2, "the glossary gave hardly a word"
    return {form: keys for form, keys in homes.items() if len(keys) > 1}


def test_no_word_stands_for_two_terms():
    rows = ledger.table("glossary").to_dict("records")
    assert doubled(rows) == {}
    again = {**rows[0], "key": "again"}
    assert doubled([*rows, again])[rows[0]["term"]] == {rows[0]["key"], "again"}


def test_the_index_leads_to_places_that_exist(tmp_path):
    site = quietly(sample(tmp_path))
    script = (site / "assets" / "search-index.js").read_text("utf-8")
    index = json.loads(script.removeprefix("globalThis.hepaticaIndex = ").removesuffix(";\n"))
    assert len(script.encode()) < MOST_BYTES
    pages = {
        name: BeautifulSoup((site / name).read_text("utf-8"), "html.parser")
        for name in index["pages"]
    }
    seen = {kind: 0 for kind in KINDS}
    for kind, page, anchor, text, _ in index["entries"]:
        seen[KINDS[kind]] += 1
        soup = pages[index["pages"][page]]
        assert text and (not anchor or soup.find(id=anchor)), (text, anchor)
    assert min(seen.values()) > 0, seen
    assert "Which cell makes most of the scar?" in script
    assert "The myofibroblast" not in script, "an answer stands in the index"
