"""What a lecturer sees of a deck in a browser, page by page, and what is amiss there."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tools.browser import wait_until

TYPE = 24
"""px at 1280 × 720: the least type of words."""
PICTURE = 18
"""px: the least type of ticks and of words in a picture."""
SETTLED = 80
"""ms after the deck is at rest, in which a chart is drawn anew."""
REST = "document.documentElement.dataset.rest === 'true'"

AUDIT = """([least, picture]) => {
  const slide = document.querySelector(".slide[data-shown]");
  const faults = [];
  const name = (node) => `${node.tagName.toLowerCase()}.${node.getAttribute("class") ?? ""} ${
    JSON.stringify((node.textContent ?? "").trim().slice(0, 40))}`;
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const near = 2;
  const scrolls = (node) => {
    const style = getComputedStyle(node);
    const tall = /auto|scroll/.test(style.overflowY) && node.scrollHeight > node.clientHeight + near;
    const wide = /auto|scroll/.test(style.overflowX) && node.scrollWidth > node.clientWidth + near;
    return tall || wide;
  };
  const words = [];
  for (const node of slide.querySelectorAll("*")) {
    if (!seen(node) || node.closest(".hep-hidden, .hep-twin, details:not([open]) > :not(summary)")) continue;
    if (scrolls(node)) faults.push(`scrolls: ${name(node)}`);
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || node.matches("title, desc, script, style, option, .katex-mathml *, math *")) continue;
    const range = document.createRange();
    const boxes = [...node.childNodes]
      .filter((child) => child.nodeType === 3 && child.data.trim())
      .flatMap((child) => (range.selectNodeContents(child), [...range.getClientRects()]))
      .filter(({ width, height }) => width > 1 && height > 1);
    if (!boxes.length) continue;
    const svg = node.closest("svg");
    const scale = svg && node.getScreenCTM ? Math.hypot(node.getScreenCTM().a, node.getScreenCTM().b) : 1;
    const size = Number.parseFloat(getComputedStyle(node).fontSize) * scale;
    const needed = svg || node.closest(".hep-views, .hep-forest, sup, sub") ? picture : least;
    if (size < needed - 0.1) faults.push(`type ${size.toFixed(1)}: ${name(node)}`);
    const panned = node.closest("[data-scrolls]")?.getBoundingClientRect(); // turned page by page
    for (const box of boxes) {
      if (panned && (box.top < panned.top || box.bottom > panned.bottom)) continue;
      if (box.left < -near || box.top < -near || box.right > innerWidth + near || box.bottom > innerHeight + near)
        faults.push(`outside: ${name(node)}`);
      words.push({ node, box });
    }
  }
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.35 * Math.min(a.height, b.height);
  const deck = [...document.querySelectorAll(".deck button, .deck-place")].filter(seen)
    .map((node) => ({ node, box: node.getBoundingClientRect() }));
  const all = [...words, ...deck];
  for (let i = 0; i < all.length; i += 1)
    for (let j = i + 1; j < all.length; j += 1) {
      const [a, b] = [all[i], all[j]];
      if (a.node !== b.node && !a.node.contains(b.node) && !b.node.contains(a.node) && over(a.box, b.box))
        faults.push(`meet: ${name(a.node)} and ${name(b.node)}`);
    }
  const pictures = [...slide.querySelectorAll(".slide-body :is(svg, canvas, img, input)")];
  const body = slide.querySelector(".slide-body");
  if (body && !words.some(({ node }) => body.contains(node)) && !pictures.some(seen))
    faults.push("nothing under the heading");
  const frame = ".hep-live, .hep-live *, .hep-actions *, .hep-forest-axis *, .hep-forest-head *";
  const inside = words.filter(({ node }) => body?.contains(node));
  if (inside.length && inside.every(({ node }) => node.matches(frame)) && !pictures.some(seen))
    faults.push("nothing but a sentence or buttons");
  for (const row of slide.querySelectorAll(".hep-forest-row:not(.hep-forest-head, .hep-forest-axis)"))
    if (seen(row) && ![...row.closest(".hep-forest").querySelectorAll(".hep-forest-axis")].some(seen))
      faults.push(`no axis: ${name(row)}`);
  if (slide.scrollHeight > slide.clientHeight + near) faults.push("the slide is taller than the window");
  return [...new Set(faults)];
}"""


def open_deck(page: Page, address: str) -> None:
    """Open a deck and wait for its cards."""
    page.goto(address)
    wait_until(page, "document.documentElement.dataset.cards === 'ready'")
    at_rest(page)


def at_rest(page: Page) -> None:
    """Wait until the pages of the slide at hand are counted and its pictures have their size."""
    wait_until(page, REST)
    page.wait_for_timeout(SETTLED)


def at(page: Page) -> str:
    """Where the deck is: slide and page, as `3.1`."""
    return page.evaluate("document.documentElement.dataset.page")


def walk(page: Page) -> Iterator[str]:
    """Turn through a deck from where it is; yield the place of each page, at rest."""
    here = ""
    while at(page) != here:
        here = at(page)
        at_rest(page)
        here = at(page)
        yield here
        page.keyboard.press("PageDown")


def faults(page: Page) -> list[str]:
    """What is amiss on the page at hand."""
    scale = page.viewport_size["width"] / 1280
    return page.evaluate(AUDIT, [TYPE * min(1, scale), PICTURE])
