"""Everybody can use it: axe on every page, wide and narrow, light and dark, before and after the
answers; charts in words and numbers; a page that opens keeps silent; forced colours, large type,
narrow windows, old browsers, no scripts; the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from browser import offline, open_page, refusals
from playwright.sync_api import Page

from hepatica.site.build import PROJECT
from tools.browser import answer_prediction

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe would fetch the style sheets again, which the policy of the pages forbids.
OPTIONS = {
    "preload": False,
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"label-content-name-mismatch": {"enabled": True}},
}
# The inside of a chart is a picture with a name and a description; axe need not walk its paths.
RUN = """(options) => axe.run({ exclude: [".hep-plot > *"] }, options).then(({ violations }) =>
  violations.map(({ id, nodes }) => `${id} ${nodes.length}: ${nodes[0].html.slice(0, 150)}`))"""
OPEN_ALL = """() => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const slide of document.querySelectorAll(".slide")) slide.dataset.shown = "";
}"""
# (width, scheme): each is seen before and after the answers, by page in turn
STATES = [((1280, "light"), (390, "dark")), ((390, "light"), (1280, "dark"))]
LESSONS = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
NUMBERS = [name[:2] for name in LESSONS]
EXERCISES = sorted(path.stem[:2] for path in (PROJECT / "exercises").glob("*.ipynb"))
PAGES = [
    *LESSONS,
    *(f"{folder}/{number}" for folder in ("slides", "teacher") for number in NUMBERS),
    *(f"slides/{number}-presenter" for number in NUMBERS),
    *(f"exercises/{number}" for number in EXERCISES),
    *(f"teacher/{number}-solutions" for number in EXERCISES),
    *("index", "exercises/index", "teacher/index", "atlas", "glossary", "references", "review"),
]
QUICK = {"01_the_healthy_lobule", "slides/06", "review"}


@pytest.fixture
def page(browser):
    with offline(browser) as page:
        yield page


def full(names: list[str], quick: set[str]) -> list:
    """Names as parameters; all but the quick ones wait for --all."""
    return [name if name in quick else pytest.param(name, marks=pytest.mark.full) for name in names]


def violations(page: Page) -> list[str]:
    """What axe finds on the page, of any impact."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text("utf-8"))
    page.evaluate("scrollTo(0, 0)")
    return page.evaluate(RUN, OPTIONS)


def emulate(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_timeout(250)


def answer_all(page: Page, deck: bool) -> None:
    """Commit on every card; a slide's card is answered through its own door, since only one slide
    at a time can be clicked."""
    for card in page.query_selector_all("article.hep-card[data-veiled='true']"):
        if deck:
            card.evaluate("(card) => card.hepatica.put({ prediction: 0 })")
        else:
            answer_prediction(card)
    page.wait_for_timeout(300)


@pytest.mark.parametrize("name", full(PAGES, QUICK))
def test_no_violation_of_any_impact(site, page, name):
    before, after = STATES[PAGES.index(name) % 2]
    open_page(page, site / f"{name}.html")
    page.evaluate(OPEN_ALL)
    emulate(page, *before)
    assert violations(page) == []
    answer_all(page, deck=name.startswith("slides/"))
    emulate(page, *after)
    page.evaluate(OPEN_ALL)
    assert violations(page) == []
    assert refusals(page) == []


FAULTS = {
    "label": "document.querySelector('main').append(document.createElement('input'))",
    "target-size": "document.querySelector('main').insertAdjacentHTML('beforeend', '"
    + "<button>a</button>" * 3
    + "'); document.querySelectorAll('main > button').forEach((b) => b.style.cssText = "
    "'all: unset; font-size: 8px')",
    "landmark-unique": "document.querySelector('main').insertAdjacentHTML('beforeend', "
    "'<section aria-label=a></section><section aria-label=a></section>')",
    "label-content-name-mismatch": "document.querySelector('main').insertAdjacentHTML('beforeend',"
    " '<button aria-label=close>Open the fold</button>')",
    "color-contrast": "document.querySelector('main p').style.color = 'light-dark(#ccc, #444)'",
}


def test_a_planted_fault_is_noticed(site, page):
    open_page(page, site / "review.html")
    for fault, script in FAULTS.items():
        page.evaluate(f"() => {{ {script}; }}")
        assert any(line.startswith(fault + " ") for line in violations(page)), fault
