"""An installed browser for the tests, and what a reader can see of a card."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tools.browser import MISSING, headless, installed

# What a card shows now: its sentence and, for each view, the drawn shapes.
LOOK = """(card) => {
  const seen = (view) => {
    const canvas = view.querySelector("canvas");
    if (canvas) return canvas.toDataURL();
    const drawing = view.querySelector(".hep-drawing svg");
    if (drawing) return drawing.outerHTML;
    const paths = [...view.querySelectorAll(".scatterlayer path")];
    return paths.map((p) => p.getAttribute("d") + p.getAttribute("transform")).join() || view.innerHTML;
  };
  const views = [...card.querySelectorAll(".hep-view")];
  return { text: card.querySelector(".hep-live")?.textContent, views: views.map(seen) };
}"""


def require_browser() -> str:
    """Path of a browser; without one the test fails where CI=true and is skipped, with the reason, elsewhere."""
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
