"""An installed browser for the tests, and what a reader can see of a card."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]

# What a card shows now: its sentence and, for each view, the drawn shapes.
LOOK = """(card) => {
  const seen = (view) => {
    const canvas = view.querySelector("canvas");
    if (canvas) return canvas.toDataURL();
    const drawing = view.querySelector(".hep-drawing svg");
    if (drawing) return drawing.outerHTML;
    return [...view.querySelectorAll(".scatterlayer path")].map((p) => p.getAttribute("d") + p.getAttribute("transform")).join() || view.innerHTML;
  };
  return { text: card.querySelector(".hep-live")?.textContent, views: [...card.querySelectorAll(".hep-view")].map(seen) };
}"""


def installed() -> str | None:
    """Path of a Chromium-like browser, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def require_browser() -> str:
    """Path of a browser; without one the test fails where CI=true and is skipped, with the reason, elsewhere."""
    path = installed()
    if path:
        return path
    reason = f"No browser found ({', '.join(NAMES)}). Install Chromium, Chrome or Edge to run the browser tests."
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    path = require_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def watched(page: Page) -> Iterator[list[str]]:
    """Errors that the page writes to its console or throws, collected into a list."""
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield troubles


def answer_prediction(card) -> None:
    """Choose the first option of the card's question, if it asks one, and ask for the answer."""
    section = card.query_selector(".hep-predict[data-answered='false'], .hep-predict:not([data-answered])")
    if section:
        section.query_selector("input[type=radio]").check()
        section.query_selector("button.hep-primary").click()


def look(card) -> dict:
    """What the card shows now, once it has come to rest."""
    card.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return card.evaluate(LOOK)
