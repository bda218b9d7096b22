"""Hand, picture and sentence together: while a slider has the focus, the picture that it moves and
the sentence are on the screen, and nothing covers the slider."""

from __future__ import annotations

import pytest
from browser import opened

from tools.browser import answer_prediction, at_rest

SIZES = {"phone": (390, 844), "laptop": (1366, 657)}  # px: the commonest phone and laptop
LEAST_SLIDERS = 90  # the course has more than a hundred; pages that show none are not looked at
A_FEW = {
    "00_start_here.html": ["first-card"],
    "12_run_your_own_trial.html": ["three-designs"],
}
BOARD = ("11_what_the_trials_show.html", "trials-deaths")
# Nothing stays in sight, and the sentence is as far from the controls as it used to be.
NOTHING_STAYS = """.hepatica :is(.hep-views, .hep-hand, .hep-live) { position: static !important; }
.hepatica .hep-live { margin-block-end: 50rem !important; }"""

# Which picture is shown is decided some frames after a move (parts/pictures.js).
PICTURE_CHOSEN = """() => new Promise((done) => {
  const wait = (frames) => (frames ? requestAnimationFrame(() => wait(frames - 1)) : done());
  wait(20);
})"""

# Boxes of what has to be seen, and what lies over the middle of what has the focus.
SEEN = """(card) => {
  const box = (node) => {
    const { top, bottom } = node.getBoundingClientRect();
    return { top, bottom, hidden: getComputedStyle(node).visibility === "hidden" };
  };
  const hand = document.activeElement;
  const { left, right, top, bottom } = hand.getBoundingClientRect();
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return {
    views: [...card.querySelectorAll(".hep-view")].map(box),
    sentence: box(card.querySelector(".hep-live")),
    covered: !(over && (over === hand || hand.labels?.[0]?.contains(over))),
    height: innerHeight,
  };
}"""

# Cards whose views change their size from frame to frame, though nobody touches them.
RESTLESS = """async () => {
  const cards = [...document.querySelectorAll("article.hep-card")];
  const sizes = () => cards.map((card) =>
    [...card.querySelectorAll(".hep-view")].map((view) => view.offsetHeight).join());
  const found = cards.map(() => new Set());
  for (let frame = 0; frame < 20; frame++) {
    sizes().forEach((size, i) => found[i].add(size));
    await new Promise(requestAnimationFrame);
  }
  return cards.filter((_, i) => found[i].size > 2).map((card) => card.dataset.card);
}"""
TREMBLES = """() => {
  let frame = 0;
  const step = () => {
    frame += 1;
    for (const view of document.querySelectorAll(".hepatica .hep-view"))
      view.style.paddingBlockEnd = `${frame % 7}px`;
    requestAnimationFrame(step);
  };
  step();
}"""


def inside(box: dict, height: float) -> bool:
    """Whether a box lies within the window, up to a pixel of rounding."""
    return not box["hidden"] and box["top"] >= -1 and box["bottom"] <= height + 1


def faults_of(card, slider) -> list[str]:
    """What a reader does not see while the slider is moved from its one end to the other."""
    slider.focus()
    slider.press("Home")
    start = at_rest(card)["views"]
    slider.press("End")
    end = at_rest(card)["views"]
    card.evaluate(PICTURE_CHOSEN)
    seen = card.evaluate(SEEN)
    moved = [view for view, a, b in zip(seen["views"], start, end, strict=True) if a != b]
    name = f"{card.get_attribute('data-card')}, {slider.get_attribute('data-name')}"
    fits = [inside(view, seen["height"]) for view in moved or seen["views"]]  # or its words move
    faults = [] if any(fits) else [f"{name}: no picture that it moves is in sight"]
    if not inside(seen["sentence"], seen["height"]):
        faults.append(f"{name}: the sentence is out of sight")
    if seen["covered"]:
        faults.append(f"{name}: the slider is covered")
    return faults


def faults_on(page, cards: list[str] | None = None) -> tuple[list[str], int]:
    """Faults of all sliders of a page, or of some of its cards, and how many were moved."""
    faults, count = [], 0
    for card in page.query_selector_all("article.hep-card"):
        if cards and card.get_attribute("data-card") not in cards:
            continue
        sliders = card.query_selector_all("form input[type=range]")
        if sliders:
            answer_prediction(card)
        for slider in filter(lambda each: each.is_visible(), sliders):
            page.evaluate("scrollTo(0, 0)")
            faults += faults_of(card, slider)
            count += 1
    return faults, count


@pytest.mark.parametrize("size", SIZES)
def test_hand_picture_and_sentence_are_seen_together(browser, site, size):
    for name, cards in A_FEW.items():
        page = opened(browser, site / name, SIZES[size], bypass_csp=True)
        faults, count = faults_on(page, cards)
        assert count >= 2
        assert not faults, "\n".join(faults)
        page.add_style_tag(content=NOTHING_STAYS)
        assert faults_on(page, cards)[0], f"{name}: the test sees no fault where nothing stays"
        page.close()


@pytest.mark.parametrize("size", SIZES)
def test_a_board_keeps_its_sentence_in_sight(browser, site, size):
    """The sentence of a forest plot stays while its last trial is taken out."""
    name, card = BOARD
    page = opened(browser, site / name, SIZES[size], bypass_csp=True)
    board = page.query_selector(f"article[data-card='{card}']")
    answer_prediction(board)
    last = board.query_selector_all(".hep-forest-rows input[type=checkbox]")[-1]
    last.focus()
    last.press("Space")
    seen = board.evaluate(SEEN)
    assert inside(seen["sentence"], seen["height"]) and not seen["covered"]
    page.add_style_tag(content=NOTHING_STAYS)
    last.evaluate("(box) => box.scrollIntoView({ block: 'start', behavior: 'instant' })")
    assert not inside(board.evaluate(SEEN)["sentence"], seen["height"])
    page.close()


@pytest.mark.parametrize("size", SIZES)
def test_pictures_come_to_rest(browser, site, size):
    """What is measured must not change what is measured."""
    page = opened(browser, site / "00_start_here.html", SIZES[size], bypass_csp=True)
    page.wait_for_timeout(1000)
    assert page.evaluate(RESTLESS) == []
    page.evaluate(TREMBLES)
    assert "first-card" in page.evaluate(RESTLESS)
    page.close()


KEPT = """[...document.querySelectorAll(".hep-hand > :first-child")].map((says) =>
  Number.parseFloat(says.style.minHeight) || 0)"""


def given_back(narrow: list[float], wide: list[float]) -> bool:
    """Whether every sentence for which room was kept has less of it in the wide window."""
    return all(after < before for before, after in zip(narrow, wide, strict=True) if before)


def test_the_room_of_a_sentence_follows_the_width(browser, site):
    """What was kept for a narrow window is given back in a wide one."""
    page = opened(browser, site / "01_the_healthy_lobule.html", (240, 844), bypass_csp=True)
    page.wait_for_timeout(500)
    narrow = page.evaluate(KEPT)
    page.set_viewport_size({"width": 700, "height": 844})
    page.wait_for_timeout(500)
    wide = page.evaluate(KEPT)
    assert sum(kept > 0 for kept in narrow) >= 3
    assert given_back(narrow, wide) and not given_back(narrow, narrow)
    page.close()


@pytest.mark.full
@pytest.mark.parametrize("size", SIZES)
def test_every_slider_is_seen_with_what_it_moves(browser, site, size):
    faults, count = [], 0
    for path in sorted([*site.glob("[01][0-9]_*.html"), *site.glob("exercises/*.html")]):
        page = opened(browser, path, SIZES[size], bypass_csp=True)
        found, moved = faults_on(page)
        faults, count = faults + [f"{path.name}: {fault}" for fault in found], count + moved
        page.close()
    assert count >= LEAST_SLIDERS
    assert not faults, "\n".join(faults)
