"""Decks in Chromium: every page of every slide fits the window, the keys turn it, a class votes."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import offline, refusals, watched
from slides import at, faults, open_deck, walk
from test_slides import PRESENTER

SIZES = {"720": (1280, 720), "1080": (1920, 1080)}
DECKS = [f"{number:02}" for number in range(14)]
QUICK = ["03"]
RESIZED = 200  # ms: a deck counts its pages 120 after the window has another size
COMMIT_ALL = """() => {
  for (const card of document.querySelectorAll(".hep-card[data-veiled=true]")) {
    const way = card.querySelector(".hep-predict").dataset.way;
    card.hepatica.put({ prediction: { draw: {}, order: [] }[way] ?? 0 });
  }
}"""
CLICKED = """async (button) => {
  button.click();
  await null;
  return document.documentElement.dataset.rest ?? null;
}"""
BAD = """() => {
  const slide = document.querySelector(".slide[data-shown] .slide-body");
  slide.insertAdjacentHTML("beforeend", `<p style="position:fixed;top:2000px;font-size:12px">Too low</p>
    <div style="overflow:auto;height:20px;flex:none"><p style="height:90px">It scrolls</p></div>`);
}"""


@pytest.fixture(scope="module")
def page(browser):
    with offline(browser) as made:
        yield made


def amiss(page, site: Path, deck: str) -> dict[str, list[str]]:
    """What is amiss on each page of a deck, asked and answered, at both sizes; one load."""
    found, pages = {}, 0
    page.set_viewport_size({"width": 1280, "height": 720})
    open_deck(page, (site / "slides" / f"{deck}.html").as_uri())
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(RESIZED)
        for place in walk(page):
            pages += 1
            if wrong := faults(page):
                found[f"{deck} {name} {place}"] = wrong
        page.evaluate(COMMIT_ALL)
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Home")
    assert pages > 20, deck
    return found


@pytest.mark.parametrize("deck", QUICK)
def test_some_decks_fit_the_window(page, site, deck):
    with watched(page) as troubles:
        assert amiss(page, site, deck) == {}
    assert troubles == [] and refusals(page) == []
    page.evaluate(BAD)
    told = " ".join(faults(page))
    assert 'outside: p. "Too low"' in told and "type 12.0" in told and "scrolls: div" in told
    page.evaluate("document.querySelector('.slide[data-shown] .slide-body').replaceChildren()")
    assert "nothing under the heading" in faults(page)
    fill = (
        "(html) => { document.querySelector('.slide[data-shown] .slide-body').innerHTML = html; }"
    )
    page.evaluate(fill, '<p class="hep-live" style="font-size: 30px">The mean of all trials.</p>')
    assert faults(page) == ["nothing but a sentence or buttons"]
    page.evaluate(fill, '<div class="hep-forest"><p class="hep-forest-row">A trial</p></div>')
    assert any(fault.startswith("no axis") for fault in faults(page))


def test_page_keys_turn_whatever_has_the_focus(page, site):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_deck(page, (site / "slides" / "03.html").as_uri())
    page.keyboard.press("ArrowRight")
    assert at(page) == "2.1"
    page.keyboard.press("PageDown")
    radio = page.query_selector(".slide[data-shown] input[type=radio]")
    radio.focus()
    page.keyboard.press("ArrowDown")
    assert at(page) == "3.1", "an arrow belongs to the control that has the focus"
    page.keyboard.press("PageDown")
    assert at(page) == "3.2"
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    assert at(page) == "2.1"


def test_a_class_votes_twice_and_the_reveal_is_the_cards_own_commit(page, site):
    page.set_viewport_size({"width": 1280, "height": 720})
    with watched(page) as troubles:
        votes_and_reveals(page, site)
    assert troubles == []


def votes_and_reveals(page, site):
    """Hands are counted twice on the slide of the tanks, then it shows what the model does."""
    open_deck(page, (site / "slides" / "03.html").as_uri() + "#one-liver")
    card = page.query_selector("#one-liver .hep-card")
    page.keyboard.press("v")
    vote = page.wait_for_selector(".vote")
    assert vote.query_selector("button.hep-primary").is_disabled()
    inputs = vote.query_selector_all("[data-round='1'] input")
    for field, many in zip(inputs, ("4", "9", "2"), strict=True):
        field.fill(many)
    shares = "(v) => [...v.querySelectorAll('.vote-bar')].map((b) => Number(b.style.getPropertyValue('--share')))"
    assert vote.evaluate(shares)[::2] == pytest.approx([4 / 9, 1, 2 / 9])
    assert card.get_attribute("data-veiled") == "true", "a count gives nothing away"
    assert faults(page) == []
    vote.query_selector("text=Vote again").click()
    vote.query_selector_all("[data-round='2'] input")[0].fill("12")
    assert faults(page) == []
    at_once = vote.query_selector("text=Reveal").evaluate(CLICKED)
    assert at_once is None, "a deck with other pages is not at rest"
    assert card.get_attribute("data-veiled") == "false"
    assert card.evaluate("(c) => c.hepatica.values().prediction") == 0
    assert not page.query_selector(".vote")
    walk_on = [*walk(page)]
    assert walk_on[:4] == ["5.1", "5.2", "5.3", "5.4"], "the picture's pages follow the reveal"


def test_the_presenters_window_follows_and_turns(page, site):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_deck(page, (site / "slides" / "03.html").as_uri())
    with page.expect_popup() as opened:
        page.keyboard.press("p")
    window = opened.value
    window.wait_for_selector(".presenter-place:has-text('1 / ')")
    assert PRESENTER in window.url
    window.keyboard.press("PageDown")
    window.wait_for_selector(".presenter-place:has-text('2 / ')")
    assert at(page) == "2.1"
    assert window.query_selector(".presenter-next").inner_text() not in ("", "The last slide.")
    window.close()


@pytest.mark.full
@pytest.mark.parametrize("deck", [deck for deck in DECKS if deck not in QUICK])
def test_every_deck_fits_the_window(page, site, deck):
    assert amiss(page, site, deck) == {}
