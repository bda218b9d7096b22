"""An installed browser for the tests, pages without a network, and what goes wrong on a page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ElementHandle, Page

from tools.browser import MISSING, headless, installed, unfold, wait_until

# Every card is mounted, on the screen or not, and every chart drawn.
READY = """[...document.querySelectorAll("article.hep-card")].every((card) => card.hepatica)
  && !document.querySelector(".hep-waiting")"""
# Keeps what the page's policy refused, from before its first script.
LISTEN = """globalThis.refusals = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
  globalThis.refusals.push(`${effectiveDirective}: ${blockedURI} in ${sourceFile}:${lineNumber}`);
});"""


def require_browser() -> str:
    """Path of a browser; without one the test fails where CI=true and is skipped, with the reason,
    elsewhere."""
    path = installed()
    if path:
        return path
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    with headless(require_browser()) as browser:
        yield browser


@contextmanager
def watched(page: Page) -> Iterator[list[str]]:
    """Errors that the page writes to its console or throws, collected into a list."""
    troubles: list[str] = []
    page.on(
        "console",
        lambda message: troubles.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield troubles


@contextmanager
def offline(browser: Browser) -> Iterator[Page]:
    """A page for files on disk, with the network blocked (see `refusals`), for a reader who asks
    for little motion: nothing moves unless it is moved."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, offline=True, reduced_motion="reduce"
    )
    context.route(
        "**/*",
        lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort(),
    )
    context.add_init_script(LISTEN)
    yield context.new_page()
    context.close()


def open_page(page: Page, file: Path) -> list[ElementHandle]:
    """Open a page from disk and wait until its cards, which it returns, and charts are alive."""
    page.goto(file.as_uri())
    unfold(page)
    if page.query_selector("figure.hepatica-card"):
        wait_for_cards(page)
    return page.query_selector_all("article.hep-card")


def opened(browser: Browser, file: Path, size: tuple[int, int], **more: bool) -> Page:
    """A page of its own from disk, at a size in px, with all its cards drawn and a moment at rest."""
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height}, reduced_motion="reduce", **more
    )
    page.goto(file.as_uri())
    unfold(page)
    wait_until(page, READY)
    page.wait_for_timeout(300)
    return page


def wait_for_cards(page: Page) -> None:
    """Wait until every card is mounted and every chart drawn."""
    wait_until(page, "document.documentElement.dataset.cards === 'ready'")
    wait_until(page, "!document.querySelector('.hep-waiting')")


def refusals(page: Page) -> list[str]:
    """What the policy of a page of `offline` has refused since the page was opened."""
    return page.evaluate("globalThis.refusals")


def answer_quiz(page: Page, quiz: str, option: int) -> None:
    """Choose the same option in every item of a quiz, step by step where it asks one at a time."""
    card = page.query_selector(f"article[data-card='{quiz}']")
    items = card.query_selector_all(".hep-item") if card else []
    assert items, f"no quiz {quiz} on the page"
    for item in items:
        item.query_selector_all("input[type=radio]")[option].check()
        further = card.query_selector(".hep-steps .hep-primary:visible")
        if further:
            further.click()
