"""What stands around the cards works by keyboard alone: the menu, the search, the button of the
colours, a deck of slides with its vote and its presenter's window. The focus can be seen there."""

from __future__ import annotations

import json

import pytest
from browser import offline, wait_for_cards
from slides import at, open_deck
from test_keyboard import LISTEN

from hepatica.cards import Welcome
from hepatica.cards.kinds.welcome.check import MISSED, PLACE
from tools.browser import wait_until

WIDTHS = {"wide": (1366, 768), "phone": (390, 844)}
PAGE = "02_from_injury_to_scar.html"
MOST = 60  # Tabs from one place to another
SEEN = """() => {
  const node = document.activeElement;
  const { top, bottom, left, right, width } = node.getBoundingClientRect();
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const over = document.elementFromPoint(x, y);
  const free = !over || node.contains(over) || over.contains(node);
  return width > 0 && kb.ring(node) && free && bottom > 0 && top < innerHeight;
}"""
SHOWN = "(node) => node.checkVisibility({ visibilityProperty: true })"


@pytest.fixture
def page(browser):
    with offline(browser) as page:
        page.add_init_script(LISTEN)
        yield page


def focused(page, selector: str) -> bool:
    return page.evaluate("(at) => document.activeElement.matches(at)", selector)


def tab_to(page, selector: str, key: str = "Tab") -> None:
    """Tab until the focus is on `selector`; each stop on the way can be seen."""
    for _ in range(MOST):
        page.keyboard.press(key)
        stop = page.evaluate("document.activeElement.outerHTML.slice(0, 80)")
        if page.evaluate("document.activeElement !== document.body"):
            assert page.evaluate(SEEN), f"the focus cannot be seen at {stop}"
        if focused(page, selector):
            return
    raise AssertionError(f"Tab does not come to {selector}")


def open_menu(page) -> None:
    tab_to(page, ".menu > summary")
    page.keyboard.press("Enter")
    assert page.query_selector(".menu[open] ol").is_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_menu_opens_closes_and_leads_on(site, page, width):
    page.set_viewport_size(dict(zip(("width", "height"), WIDTHS[width], strict=True)))
    page.goto((site / PAGE).as_uri())
    tab_to(page, "a.skip")
    page.keyboard.press("Enter")
    assert focused(page, "#content"), "the link past the menu"
    page.goto((site / PAGE).as_uri())
    open_menu(page)
    tab_to(page, ".menu li:nth-child(3) a")
    page.keyboard.press("Escape")
    assert focused(page, ".menu > summary") and not page.query_selector(".menu[open]")
    page.keyboard.press("Space")
    assert page.query_selector(".menu[open]")
    tab_to(page, ".site-header nav > a")
    assert not page.query_selector(".menu[open]"), "a menu that was left covers nothing"
    tab_to(page, "button.theme")
    before = page.evaluate("document.querySelector('button.theme').textContent")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('button.theme').textContent") != before
    tab_to(page, ".menu > summary", "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, ".menu li:nth-child(4) a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/03_" in page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_the_search_is_asked_walked_left_and_followed(site, page, width):
    page.set_viewport_size(dict(zip(("width", "height"), WIDTHS[width], strict=True)))
    page.goto((site / PAGE).as_uri())
    page.keyboard.press("/")
    assert focused(page, ".search input") and page.evaluate(SEEN)
    page.keyboard.type("stellate")
    page.wait_for_selector(".search-results:not([hidden]) li a")
    assert page.query_selector(".search-results [role=status]").inner_text()[0].isdigit()
    for key, place in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("Tab", 2)):
        page.keyboard.press(key)
        assert focused(page, f".search-results li:nth-child({place}) a"), key
        assert page.evaluate(SEEN), key
    page.keyboard.press("Escape")
    assert focused(page, ".search input") and not page.is_visible(".search-results")
    page.keyboard.press("Control+A")
    page.keyboard.type("zzzz")
    page.wait_for_selector(".search-results [role=status]:has-text('Nothing found')")
    page.keyboard.press("Tab")
    assert not page.is_visible(".search-results"), "what was left covers nothing"
    page.keyboard.press("/")
    page.keyboard.type("collagen")
    page.wait_for_selector(".search-results:not([hidden]) li a")
    before = page.url
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def turned(page, key: str, place: str) -> None:
    page.keyboard.press(key)
    assert at(page) == place, key


def test_a_deck_is_lectured_by_keys(site, page):
    """On, back, the ends, the text behind a slide, its answer, full screen and the window."""
    page.set_viewport_size({"width": 1280, "height": 720})
    open_deck(page, (site / "slides" / "03.html").as_uri())
    for key, place in (("PageDown", "2.1"), ("ArrowLeft", "1.1"), ("ArrowRight", "2.1")):
        turned(page, key, place)
    turned(page, "PageUp", "1.1")
    page.keyboard.press("End")
    last = page.evaluate("document.querySelectorAll('.slide').length")
    assert at(page).startswith(f"{last}.")
    turned(page, "Home", "1.1")
    tab_to(page, ".slide[data-shown] .slide-more > summary")
    page.keyboard.press("Enter")
    assert page.is_visible(".slide[data-shown] .slide-more[open] > div")
    page.keyboard.press("Enter")
    assert not page.query_selector(".slide[data-shown] .slide-more[open]")
    tab_to(page, ".deck [data-turn='1']")
    page.keyboard.press("Enter")
    assert at(page) == "2.1"
    tab_to(page, ".deck [data-turn='-1']", "Shift+Tab")
    page.keyboard.press("Space")
    assert at(page) == "1.1"
    for full in ("true", "false"):
        page.keyboard.press("f")
        wait_until(page, f"Boolean(document.fullscreenElement) === {full}")
    with page.expect_popup() as opened:
        page.keyboard.press("p")
    presenter_by_keys(page, opened.value)


def presenter_by_keys(page, window) -> None:
    """The presenter's window turns the deck by its own keys and its buttons."""
    window.wait_for_selector(".presenter-place:has-text('1 / ')")
    for key, place in (("ArrowRight", "2"), ("PageUp", "1"), ("PageDown", "2"), ("ArrowLeft", "1")):
        window.keyboard.press(key)
        window.wait_for_selector(f".presenter-place:has-text('{place} / ')")
    for _ in range(MOST):
        window.keyboard.press("Tab")
        if focused(window, "[data-turn='1']"):
            break
    window.keyboard.press("Enter")
    window.wait_for_selector(".presenter-place:has-text('2 / ')")
    assert at(page) == "2.1"
    window.close()


def test_a_class_votes_and_the_veil_lifts_by_keys(site, page):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_deck(page, (site / "slides" / "03.html").as_uri() + "#one-liver")
    card = page.query_selector("#one-liver .hep-card")
    page.keyboard.press("v")
    page.wait_for_selector(".vote")
    for hands in "492":
        assert focused(page, ".vote [data-round='1'] input")
        page.keyboard.type(hands)
        tab_to(page, ".vote input, .vote button")
    assert focused(page, ".vote-actions button"), "after the last answer come the actions"
    assert "again" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert focused(page, ".vote [data-round='2'] input")
    page.keyboard.type("12")
    assert card.get_attribute("data-veiled") == "true"
    tab_to(page, ".vote button.hep-primary")
    page.keyboard.press("Enter")
    wait_until(page, "document.querySelector('#one-liver .hep-card').dataset.veiled === 'false'")
    assert not page.query_selector(".vote")


def test_the_welcome_of_jupyterlab_leads_on(site, page):
    """The one kind that no page has, on a page that is given it."""
    spec = {**Welcome("00").spec, "describe": [[{"when": None, "parts": []}]]}
    file = site / "review.html"
    figure = '<figure class="hepatica-card" '
    made = f'{figure}id="welcome" data-kind="welcome"><script type="application/json">'
    html = file.read_text("utf-8").replace(
        figure, f"{made}{json.dumps(spec, default=int)}</script></figure>{figure}", 1
    )
    script = '<script src="assets/kinds/review.js"></script>'
    html = html.replace(script, script + script.replace("review", "welcome"))
    page.route(file.as_uri(), lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(file.as_uri())
    wait_for_cards(page)
    page.evaluate("globalThis.hepaticaToday ??= '2026-03-02'")
    page.evaluate(PLACE)
    page.evaluate(MISSED)
    page.wait_for_selector("article[data-kind=welcome] a[href='#review']")
    tab_to(page, "article[data-kind=welcome] a[href='#review']")
    page.keyboard.press("Enter")
    assert focused(page, "article[data-kind=review]"), "Tab leads on from there"
    tab_to(page, "article[data-kind=review] *")
    tab_to(page, "article[data-kind=welcome] a[href*='06_']", "Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "06_" in page.url


COVER = """() => {
  const made = document.body.appendChild(document.createElement("div"));
  made.style.cssText = "position: fixed; inset: 0; background: white; z-index: 99";
}"""
UNRINGED = """() => {
  const made = document.head.appendChild(document.createElement("style"));
  made.textContent = "* { outline: none !important; box-shadow: none !important; }";
}"""


@pytest.mark.parametrize("fault", [COVER, UNRINGED], ids=["covered", "without a ring"])
def test_a_focus_that_cannot_be_seen_is_noticed(site, page, fault):
    page.goto((site / PAGE).as_uri())
    page.evaluate(fault)
    with pytest.raises(AssertionError, match="cannot be seen"):
        tab_to(page, ".menu > summary")


def test_a_stop_that_is_not_reached_is_noticed(site, page):
    page.goto((site / PAGE).as_uri())
    page.evaluate("document.querySelector('.menu > summary').tabIndex = -1")
    with pytest.raises(AssertionError, match="does not come to"):
        tab_to(page, ".menu > summary")
