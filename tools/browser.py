"""An installed browser, driven by playwright, and what a reader does and sees in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ElementHandle, Page, sync_playwright

from hepatica.site import chromium

installed = chromium.installed
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]
MISSING = f"No browser found ({', '.join(chromium.NAMES)}). Install Chromium, Chrome or Edge."

# What changes twice within a frame is drawn in the next; the third comes after both.
THREE_FRAMES = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
})"""

# A chart's own wait begins at the first frame after a move; the page's clock, not ours, is what a busy
# machine delays.
LONGER_THAN_CHARTS = """() => new Promise((done) => {
  requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 300));
})"""

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


@contextmanager
def headless(path: str) -> Iterator[Browser]:
    """The browser at `path`, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def wait_until(page: Page, condition: str, patience: float = 30) -> None:
    """Wait until a JavaScript expression is true on the page; raises TimeoutError after `patience`
    seconds.

    playwright's own `wait_for_function` makes code of text within the page, which the pages' policy
    refuses.
    """
    end = time.monotonic() + patience
    while not page.evaluate(f"Boolean({condition})"):
        if time.monotonic() > end:
            raise TimeoutError(f"After {patience:g} s it is still not so: {condition}")
        page.wait_for_timeout(25)


def answer_prediction(card: ElementHandle) -> None:
    """Commit to something, if the card asks: the first option, a curve with one point moved, a
    share, the order as it stands."""
    section = card.query_selector(
        ".hep-predict[data-answered='false'], .hep-predict:not([data-answered])"
    )
    if section:
        COMMITS[section.get_attribute("data-way")](card, section)
        section.query_selector("button.hep-primary").click()


def _draw(card: ElementHandle, _section: ElementHandle) -> None:
    """Move the last point of the pad, once the axes are there to draw on."""
    card.wait_for_selector(".hep-pad circle[tabindex]")
    card.query_selector_all(".hep-pad circle[tabindex]")[-1].press("PageUp")


COMMITS = {
    "choose": lambda _, section: section.query_selector("input[type=radio]").check(),
    "draw": _draw,
    "share": lambda _, section: section.query_selector("input[type=range]").press("PageUp"),
    "order": lambda *_: None,
}


OPEN_FOLDS = """() => {
  for (const fold of document.querySelectorAll("details.aside")) fold.open = true;
}"""


def unfold(page: Page) -> None:
    """Open what a page folds away for those who want more, so that its cards can be seen."""
    page.evaluate(OPEN_FOLDS)


def painted(card: ElementHandle, script: str) -> Any:
    """What a function of the card (JavaScript) returns once the card has followed its controls:
    what changes twice within a frame is drawn in the next one."""
    card.evaluate(THREE_FRAMES)
    return card.evaluate(script)


def text(card: ElementHandle, selector: str) -> str:
    """The words in a part of the card, once the card has followed its controls."""
    card.evaluate(THREE_FRAMES)
    return card.query_selector(selector).inner_text()


def look(card: ElementHandle) -> dict:
    """What the card shows once it has followed its controls: its sentence (`text`)
    and its pictures (`views`)."""
    return painted(card, LOOK)


def at_rest(card: ElementHandle) -> dict:
    """What the card shows at rest: a chart moves its lines at once and, when nothing has moved for a
    moment (views/chart.js), draws them anew with other digits."""
    card.evaluate(LONGER_THAN_CHARTS)
    return look(card)


def button(card: ElementHandle, words: str) -> ElementHandle:
    """The card's button with these words; raises LookupError when there is none."""
    for found in card.query_selector_all("button"):
        if found.inner_text() == words:
            return found
    raise LookupError(f"{card.get_attribute('data-card')} has no button {words!r}.")


def moves_of(control: ElementHandle) -> list[Callable[[], None]]:
    """Ways to move one native control with the keyboard; none for one that cannot move,
    such as a chosen radio."""
    kind = control.get_attribute("type")
    if kind == "radio":
        return [] if control.is_checked() else [control.check]
    keys = ["Space"] if kind == "checkbox" else ["End", "Home"]
    return [lambda key=key: control.press(key) for key in keys]
