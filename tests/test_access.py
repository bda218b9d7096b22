"""Everybody can use it: axe on every page, wide and narrow, light and dark, before and after the
answers; charts in words and numbers; a page that opens keeps silent; forced colours, zoom,
narrow windows, old browsers, no scripts.

`HEPATICA_WINDOWS=all .venv/bin/python course.py test --all tests/test_access.py -k violation` asks
axe in all eight states of every page, and takes an hour."""

from __future__ import annotations

import os
from pathlib import Path

import axe_playwright_python
import pytest
from browser import offline, open_page, refusals
from playwright.sync_api import Page

from hepatica.cards import bundle
from hepatica.cards.parts import palette
from hepatica.site.build import PROJECT
from tools.browser import answer_prediction, wait_until

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
EVERY = os.environ.get("HEPATICA_WINDOWS") == "all"
# (width, scheme) before and after the answers, by page in turn: each of the eight comes to a quarter
# of the pages of each kind.
STATES = [
    ((1280, "light"), (390, "dark")),
    ((390, "light"), (1280, "dark")),
    ((1280, "dark"), (390, "light")),
    ((390, "dark"), (1280, "light")),
]
LESSONS = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
NUMBERS = [name[:2] for name in LESSONS]
EXERCISES = sorted(path.stem[:2] for path in (PROJECT / "exercises").glob("*.ipynb"))
PAGES = [
    *LESSONS,
    *(f"teacher/{number}" for number in NUMBERS),
    *(f"slides/{number}" for number in NUMBERS),
    *(f"slides/{number}-presenter" for number in NUMBERS),
    *(f"exercises/{number}" for number in EXERCISES),
    *(f"teacher/{number}-solutions" for number in EXERCISES),
    *(
        "index",
        "accessibility",
        "licences",
        "exercises/index",
        "teacher/index",
        "teacher/activities",
        "teacher/objectives",
        "teacher/plans",
        "teacher/study",
        "atlas",
        "glossary",
        "references",
        "review",
    ),
]
QUICK = {"01_the_healthy_lobule", "accessibility", "review"}


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


def seen(page: Page, at: tuple[int, str]) -> list[str]:
    """What axe finds in a window of a width and a scheme."""
    emulate(page, *at)
    return violations(page)


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
    """Cards are seen before and after their answers; a deck, which shows those of its page, and a
    page that asks nothing in one state."""
    turn, deck = PAGES.index(name) % 4, name.startswith("slides/")
    states = STATES if EVERY else [STATES[turn]]
    open_page(page, site / f"{name}.html")
    page.evaluate(OPEN_ALL)
    asks = page.query_selector("article.hep-card[data-veiled='true']")
    if EVERY or not deck or not asks or turn < 2:
        assert [(at, found) for at, _ in states if (found := seen(page, at))] == []
    if asks and (EVERY or not deck or turn >= 2):
        answer_all(page, deck)
        page.evaluate(OPEN_ALL)
        assert [(at, found) for _, at in states if (found := seen(page, at))] == []
    assert refusals(page) == []


@pytest.mark.full
def test_no_violation_on_a_page_of_a_table(site, page):
    """They are one form with other rows, of which a few will do; each is seen in one of the four
    windows."""
    for number, file in enumerate(sorted((site / "tables").glob("*.html"))):
        open_page(page, file)
        page.evaluate(
            "document.querySelectorAll('tbody tr:nth-child(n+9)').forEach((r) => r.remove())"
        )
        states = STATES if EVERY else [STATES[number % 4]]
        assert [(at, found) for at, _ in states if (found := seen(page, at))] == [], file.name


def test_no_page_is_left_out(site):
    built = {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")}
    assert {name for name in built if not name.startswith("tables/")} == set(PAGES)


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
    "color-contrast": "document.querySelector('main').insertAdjacentHTML('beforeend', "
    "'<p style=\"color: light-dark(#ccc, #444)\">pale</p>')",
}


def test_a_planted_fault_is_noticed(site, page):
    open_page(page, site / "review.html")
    for fault, script in FAULTS.items():
        page.evaluate(f"() => {{ {script}; }}")
        assert any(line.startswith(fault + " ") for line in violations(page)), fault


# ---- charts in words and numbers ----

CHARTS = "03_a_liver_that_scars"
DESCRIBED = """(card) => [...card.querySelectorAll(".hep-plot")].map((plot) =>
  document.getElementById(plot.getAttribute("aria-describedby"))?.textContent ?? "")"""
ROWS = "(card) => card.querySelectorAll('.hep-values-table tbody tr').length"


def charted(page: Page, site: Path):
    cards = open_page(page, site / f"{CHARTS}.html")
    return next(card for card in cards if card.query_selector(".hep-plot"))


def test_a_chart_says_its_shape_and_its_values_are_reached_by_keyboard(site, page):
    card = charted(page, site)
    fold = card.query_selector(".hep-values")
    assert all("covered" in words for words in card.evaluate(DESCRIBED)), "it gives the answer away"
    assert not fold.is_visible()
    answer_prediction(card)
    page.wait_for_timeout(400)
    before = card.evaluate(DESCRIBED)
    assert before and all("starts with" in words or "stays near" in words for words in before)
    assert card.evaluate(ROWS) == 0, "the table is made when it is opened"
    fold.query_selector("summary").press("Enter")
    wait_until(page, "document.querySelector('.hep-values[open] .hep-values-table tbody tr')")
    assert card.evaluate(ROWS) >= 21
    card.query_selector(".hep-control input[type=range]").press("End")
    page.wait_for_timeout(600)
    assert card.evaluate(DESCRIBED) != before, "the words follow the controls"
    assert card.evaluate(DESCRIBED)[0] in fold.inner_text()


# ---- silence ----

# Words that come into a live region which stood on the page before: what a screen reader speaks.
LISTEN_TO_LIVE = """(() => {
  const LIVE = "[aria-live], [role=status], [role=alert]";
  const known = new WeakSet();
  globalThis.spoken = [];
  new MutationObserver((records) => {
    for (const { target } of records) {
      const node = target instanceof Element ? target : target.parentElement;
      const region = node?.closest(LIVE);
      if (region && known.has(region) && region.textContent.trim())
        globalThis.spoken.push(region.textContent.trim().slice(0, 80));
    }
    for (const region of document.querySelectorAll(LIVE)) known.add(region);
  }).observe(document, { subtree: true, childList: true, characterData: true });
})()"""


def test_a_page_that_opens_keeps_silent_and_a_moved_slider_speaks(site, page):
    page.add_init_script(LISTEN_TO_LIVE)
    card = charted(page, site)
    page.wait_for_timeout(1200)  # longer than a card waits before it speaks
    assert page.evaluate("spoken") == []
    answer_prediction(card)
    card.query_selector(".hep-control input[type=range]").press("End")
    page.wait_for_timeout(1200)
    assert page.evaluate("spoken.length") > 0, "the sample: what moves is spoken of"


# ---- what is right is said, not only bordered ----

OUTCOMES = """(card) => [...card.querySelectorAll(".hep-option")]
  .filter(({ dataset }) => dataset.state)
  .map((option) => [option.dataset.state, option.querySelector(".hep-outcome:not([hidden])")?.textContent])"""


def test_the_right_option_has_a_sign_and_a_word(site, page):
    card = charted(page, site)
    answer_prediction(card)
    told = dict(card.evaluate(OUTCOMES))
    assert told["right"] in ("✓ the answer", "✓ your prediction")
    assert told.get("wrong", "✗ your prediction") == "✗ your prediction"


# ---- the reader's settings ----

RED = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let red = 0;
  for (let i = 0; i < data.length; i += 4) red += data[i] > data[i + 1] + 60 && data[i] > data[i + 2] + 20;
  return red;
}"""
STROKES = """(card) => new Set([...card.querySelectorAll(".hep-plot .js-line")]
  .map((path) => getComputedStyle(path).stroke)).size"""


def test_forced_colours_leave_colour_where_it_is_data(site, page):
    page.emulate_media(forced_colors="active")
    card = charted(page, site)
    answer_prediction(card)
    page.wait_for_timeout(400)
    assert card.evaluate(STROKES) >= 2, "the curves have one colour"
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    cards = open_page(page, site / "00_start_here.html")
    card = next(card for card in cards if card.query_selector("canvas.hep-tissue"))
    answer_prediction(card)
    card.query_selector(".hep-time input").press("End")
    page.wait_for_timeout(400)
    assert card.query_selector("canvas.hep-tissue").evaluate(RED) > 500
    assert _red_without_dyes(page) == 0, "a tissue in the system's colours is noticed"


def _red_without_dyes(page: Page) -> int:
    """The sample: red of a canvas that is painted with forced colours."""
    return page.evaluate(
        f"""() => {{
  const canvas = document.createElement("canvas");
  const probe = document.body.appendChild(document.createElement("span"));
  probe.style.color = "var(--collagen)";
  const context = canvas.getContext("2d");
  context.fillStyle = getComputedStyle(probe).color;
  context.fillRect(0, 0, canvas.width, canvas.height);
  probe.remove();
  return ({RED})(canvas);
}}"""
    )


def test_old_browsers_get_the_light_colours(site, page, tmp_path):
    """A browser that does not know light-dark() is one for which it has another name."""
    styles = (site / "assets" / "hepatica.css").read_text("utf-8")
    fallback = bundle.fallback(palette.PALETTE_CSS.read_text("utf-8"))
    painted = "getComputedStyle(document.querySelector('p')).color"
    ink = "rgb({}, {}, {})".format(*bytes.fromhex(palette.colours()["ink"][1:]))
    for css, expected in [
        (styles, ink),
        (
            styles.replace(fallback, ""),
            "rgb(0, 0, 0)",
        ),  # the sample: black
    ]:
        old = css.replace("light-dark(", "light-dim(")
        (tmp_path / "old.css").write_text(old, "utf-8")
        (tmp_path / "old.html").write_text(
            '<link rel="stylesheet" href="old.css"><p style="color: var(--ink)">ink</p>', "utf-8"
        )
        page.goto((tmp_path / "old.html").as_uri())
        assert page.evaluate(painted) == expected


SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"""
WIDE = "document.documentElement.scrollWidth > innerWidth + 1"
NARROW = ["02_from_injury_to_scar", "13_the_article"]


@pytest.mark.parametrize("name", full(LESSONS, {NARROW[0]}))
def test_320_px_with_spaced_text_and_a_zoom_of_200_percent_fit(site, page, name):
    page.set_viewport_size({"width": 320, "height": 800})
    open_page(page, site / f"{name}.html")
    spaced = (
        "(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); "
        "document.adoptedStyleSheets = [sheet]; }"
    )
    page.evaluate(spaced, SPACED)
    wait_until(page, f"!({WIDE})", 8)
    page.evaluate(spaced, "")
    page.set_viewport_size({"width": 640, "height": 400})  # 1280 × 800 at 200 %
    wait_until(page, f"!({WIDE})", 8)
    page.evaluate(spaced, "main { min-width: 50rem }")
    assert page.evaluate(WIDE), "the sample: a page that is too wide"


def test_without_scripts_a_page_says_so(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / f"{CHARTS}.html").as_uri())
    assert page.locator(".noscript").is_visible()
    assert page.locator("main figure.hepatica-card").first.inner_text().strip()
    context.close()


def test_little_motion_is_kept_to(site, page):
    card = charted(page, site)
    answer_prediction(card)
    moving = "(card) => card.getAnimations({ subtree: true }).length"
    assert card.evaluate(moving) == 0
    card.evaluate("(card) => card.animate([{ opacity: 0 }, { opacity: 1 }], 5000)")
    assert card.evaluate(moving) == 1, "the sample: something that moves"
