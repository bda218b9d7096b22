"""Seeded attempts to break whole pages: addresses and stored records, damaged in many ways.

As test_attempts.py, on the built site: HEPATICA_ROUNDS says how many, HEPATICA_SEED which.
"""

from __future__ import annotations

import json
import random

import attempts
import pytest
from attempts import luck, rounds
from browser import offline, refusals, wait_for_cards, watched
from test_attempts import KEPT, course_of, good_record, lost, shown_in

PAGES = ("index", "review", "00_start_here", "02_from_injury_to_scar", "13_the_article")
"""Pages that read different parts of the record."""
STORE = "(pairs) => { for (const [key, text] of pairs) localStorage.setItem(key, text); }"
ODD = """() => [
  ...(globalThis.struck === undefined ? [] : ["markup became an element"]),
  ...[...document.querySelectorAll("article.hep-card")].filter((card) => !card.hepatica)
    .map((card) => `not alive: ${card.dataset.card}`),
  ...[...document.querySelectorAll(".hep-live, .continue, .hep-predict")]
    .map((node) => node.textContent)
    .filter((words) => /NaN|undefined|\\[object/.test(words)),
]"""


@pytest.fixture
def page(browser):
    with offline(browser) as page:
        yield page


def amiss(page, address: str) -> list[str]:
    """What a page at an address does that none may do."""
    with watched(page) as troubles:
        page.goto("about:blank")
        page.goto(address)
        if page.query_selector("figure.hepatica-card"):
            wait_for_cards(page)
        page.wait_for_timeout(100)
    return [*troubles, *refusals(page), *page.evaluate(ODD)]


@pytest.mark.full
def test_no_address_breaks_a_page(site, page):
    draw, shown = luck("addresses"), shown_in("notebooks")
    for _ in range(rounds(6)):
        name = draw.choice(sorted(shown))
        notebook, card = shown[name]
        link = attempts.spoilt_link(draw, name, card["fields"]).encode("utf-8", "replace").decode()
        link = f"#{link.removeprefix('#')}"  # what stands before it is the page's own name
        assert amiss(page, (site / f"{notebook}.html").as_uri() + link) == [], link[:500]


@pytest.mark.full
def test_no_stored_record_breaks_a_page(site, page):
    draw, cards = luck("kept"), shown_in("notebooks")
    course = course_of({name: card for name, (_, card) in cards.items()})
    for _ in range(rounds(6)):
        text = attempts.spoilt_json(draw, good_record(draw, course))
        page.goto((site / "licences.html").as_uri())
        page.evaluate("localStorage.clear()")
        page.evaluate(STORE, [[KEPT, text]])
        where = draw.choice(PAGES)
        assert amiss(page, (site / f"{where}.html").as_uri()) == [], f"{where}: {text[:800]}"
        store = page.evaluate("({ ...localStorage })")
        assert lost(text, {KEPT: "{}"} | store, ()) == [], f"{where}: {text[:800]}"
    page.evaluate("localStorage.clear()")


@pytest.mark.full
def test_a_page_that_breaks_is_noticed(site, page):
    address = (site / "licences.html").as_uri()
    for script, said in (
        ("globalThis.struck = 1", "markup became"),
        ("document.body.insertAdjacentHTML('beforeend', '<p class=hep-live>NaN %</p>')", "NaN"),
        ("setTimeout(() => { throw new Error('Boom') })", "Boom"),
    ):
        page.add_init_script(f"addEventListener('load', () => {{ {script} }});")
        assert any(said in fault for fault in amiss(page, address)), said


def test_the_same_seed_makes_the_same_attempts():
    cards = shown_in("notebooks")
    course = course_of({name: card for name, (_, card) in cards.items()})
    texts = [json.dumps(good_record(random.Random("a"), course)) for _ in range(2)]
    assert texts[0] == texts[1] and len(texts[0]) > 1000
