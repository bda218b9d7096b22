"""Notes of numbers and terms, and the search field, as a reader uses them from disk."""

from __future__ import annotations

import pytest
from browser import offline, refusals
from nbformat.v4 import new_markdown_cell
from sample_course import FACT, quietly, sample

from hepatica import __version__
from tools.browser import wait_until

TEXT = "## Shunts\n\nA TIPS lowers the pressure, and a TIPS costs the head. Nothing else does."
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
KEPT = """(() => {
  const write = (text) => Promise.resolve((globalThis.sent = text));
  Object.defineProperty(navigator, "clipboard", { value: { writeText: write } });
})()"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return quietly(sample(tmp_path_factory.mktemp("course"), new_markdown_cell(TEXT)))


@pytest.fixture
def page(browser):
    with offline(browser) as made:
        thrown: list[str] = []
        made.on("pageerror", lambda error: thrown.append(error.stack or str(error)))
        yield made
        assert refusals(made) == []
        # the sample's card has no sentence, which the card's own script says
        assert [stack for stack in thrown if "hepatica.js" not in stack] == []


def opened(page, site, name: str = "01_the_healthy_lobule"):
    """The page of a lesson, opened from disk."""
    page.goto((site / f"{name}.html").as_uri())
    return page


def note(page):
    """The one note of a page."""
    return page.locator(".fact-note")


def test_a_term_opens_its_note_by_keyboard_and_escape_closes_it(page, site):
    term = opened(page, site).locator(".term", has_text="TIPS")
    assert term.count() == 1, "only the first use opens a note"
    width = page.evaluate("document.documentElement.scrollHeight")
    term.focus()
    assert "Transjugular intrahepatic portosystemic shunt (TIPS)" in note(page).inner_text()
    assert term.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    assert term.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.documentElement.scrollHeight") == width, "the text moved"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Report an error"
    page.keyboard.press("Escape")
    assert note(page).is_hidden()
    assert page.evaluate("document.activeElement.textContent") == "TIPS"


def test_a_tap_opens_a_note_and_another_closes_it(page, site):
    term = opened(page, site).locator(".term", has_text="TIPS")
    term.click()
    page.mouse.move(0, 0)
    assert note(page).is_visible()
    page.locator("h1").click()
    assert note(page).is_hidden()


def test_an_error_is_reported_with_row_page_and_version(page, site):
    page.add_init_script(KEPT)
    opened(page, site).locator("main data.fact").first.click()
    page.get_by_role("button", name="Report an error").click()
    wait_until(page, "document.querySelector('.fact-said').textContent.startsWith('Copied')")
    sent = page.evaluate("globalThis.sent")
    for part in (FACT, "01_the_healthy_lobule.html", f"Hepatica {__version__},", "1500"):
        assert part in sent, part


def test_without_a_clipboard_the_message_stands_ready_to_copy(page, site):
    page.add_init_script(NO_CLIPBOARD)
    opened(page, site).locator(".term", has_text="TIPS").click()
    page.get_by_role("button", name="Report an error").click()
    wait_until(page, "document.activeElement.matches('.fact-text')")
    chosen = page.evaluate(
        "(({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))"
        "(document.activeElement)"
    )
    assert "glossary/transjugular-intrahepatic-portosystemic-shunt" in chosen
    assert "Copied" not in note(page).inner_text()


def asked(page, words: str) -> list[str]:
    """The results for some words, first lines only."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    wait_until(page, "!document.querySelector('.search-results').hidden")
    page.wait_for_timeout(50)
    return [link.inner_text().split("\n")[0] for link in page.query_selector_all(".search a")]


def test_the_index_is_loaded_when_the_field_is_used(page, site):
    opened(page, site)
    assert page.evaluate("globalThis.hepaticaIndex === undefined")
    page.locator(".search input").focus()
    wait_until(page, "globalThis.hepaticaIndex")


def test_a_search_finds_the_term_and_leads_there(page, site):
    found = asked(opened(page, site, "exercises/01"), "TIPS")
    assert found[0] == "Transjugular intrahepatic portosystemic shunt (TIPS)"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#*")
    assert page.evaluate("document.querySelector(':target dt').textContent").endswith("TIPS")


def test_headings_come_before_terms_claims_and_questions(page, site):
    found = asked(opened(page, site), "sh")
    assert found[0] == "Shunts"
    assert any("shunt" in words and words != "Shunts" for words in found[1:])
    found = asked(opened(page, site), "which cell makes most")
    assert set(found) == {"Which cell makes most of the scar?"}
    assert len(found) == 2, "in the notebook and in the exercise"


def test_nothing_found_says_so(page, site):
    assert asked(opened(page, site), "zebrafish") == []
    assert "Nothing found for “zebrafish”" in page.locator(".search-results").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(".search-results").is_hidden()
