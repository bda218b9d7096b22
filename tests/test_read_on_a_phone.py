"""What can be read on a small phone, and what cannot be read before the answer: labels of drawings
keep 9 px, no unit breaks in a word, and nothing that looks like a result stands where a run is
veiled, nor can a hand move what the veil hides."""

from __future__ import annotations

from browser import opened

from tools.browser import answer_prediction

PHONE = (320, 640)  # px: the smallest phone that we promise
LEAST = 9  # px: what two labels that meet are left with; all others have 10
PAGES = ("05_decades_of_silence.html", "06_when_the_liver_fails.html")

# Labels of drawings that are smaller on the screen, as text and px.
SMALL = """(card, least) => [...card.querySelectorAll(".hep-drawing svg text")]
  .filter((label) => label.textContent.trim() && label.getClientRects().length)
  .map((label) => [label.textContent, parseFloat(getComputedStyle(label).fontSize)
    * label.getScreenCTM().a])
  .filter(([, px]) => px < least)"""
# Words of labels and units that stand on two lines; after a stroke or a hyphen they may break.
BROKEN = r"""(card) => {
  const found = [], range = document.createRange();
  const labels = "label, legend, output, button, .hep-legend li, .hep-bar-head, .hep-unit";
  for (const node of card.querySelectorAll(labels)) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode())
      for (const { 0: word, index } of text.textContent.matchAll(/[^\s\/\u200b–—-]+/g)) {
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const lines = [...range.getClientRects()].filter((box) => box.width > 0);
        if (new Set(lines.map((box) => Math.round(box.top / 4))).size > 1) found.push(word);
      }
  }
  return found;
}"""
# Read-outs with a number beside or in the pictures, axes and fixed words apart.
RESULTS = r"""(card) => [...card.querySelectorAll(
    ".hep-view output, .hep-view text[id$='-value'], .hep-live, .hep-bar-total, .hep-legend b")]
  .filter((node) => node.checkVisibility({ checkOpacity: true }) && /\d/.test(node.textContent))
  .map((node) => node.textContent.trim())"""
# A goal that names what the run will show.
GOALS = """(card) => [...card.querySelectorAll(".hep-mission")]
  .filter((node) => node.checkVisibility()).map((node) => node.textContent)"""
# What a hand can move although the run is veiled; tabs and parts of a drawing only show what is there.
LOOSE = """(card) => [...card.querySelectorAll(
    ".hep-stage :is(input, select, button), .hep-board :is(input, select, button)")]
  .filter((node) => !node.disabled && !node.closest("[inert]") && !node.matches(".hep-part, .hep-tabs *"))
  .filter((node) => node.getClientRects().length)
  .map((node) => node.textContent || node.dataset.name)"""


def pages_of(request, site) -> list[str]:
    """All lessons with --all, else a few."""
    lessons = sorted(path.name for path in site.glob("[01][0-9]_*.html"))
    return lessons if request.config.getoption("everything") else list(PAGES)


def faults(card) -> list:
    return [*card.evaluate(SMALL, LEAST), *card.evaluate(BROKEN)]


def test_labels_are_legible_and_units_whole_on_a_small_phone(request, browser, site):
    looked, found = 0, []
    for name in pages_of(request, site):
        page = opened(browser, site / name, PHONE)
        for card in page.query_selector_all("article.hep-card"):
            answer_prediction(card)
            page.wait_for_timeout(150)
            crowded = name[:2] in ("01", "09", "10")  # labels meet before they have grown to 10 px
            wrong = card.evaluate(BROKEN) if crowded else faults(card)
            found += [(card.get_attribute("data-card"), *wrong)] if wrong else []
            looked += 1
        page.close()
    assert looked > 10 and found == []


def test_small_labels_and_broken_words_are_noticed(browser, site):
    page = opened(browser, site / PAGES[1], PHONE)
    card = page.query_selector("article[data-card='portal-circulation']")
    assert faults(card) == []
    page.add_style_tag(
        content=".hep-drawing svg text { font-size: 24px !important; }"
        ".hepatica .hep-control label { width: 3rem; word-break: break-all; }"
    )
    assert len(card.evaluate(SMALL, LEAST)) > 5 and len(card.evaluate(BROKEN)) > 0
    page.close()


def test_before_the_answer_nothing_looks_like_a_result(request, browser, site):
    looked, found = 0, []
    for name in pages_of(request, site):
        page = opened(browser, site / name, PHONE)
        for card in page.query_selector_all("article[data-veiled='true']"):
            card_id = card.get_attribute("data-card")
            if card_id in GIVEN:
                continue
            shown = [each for look in (RESULTS, LOOSE, GOALS) for each in card.evaluate(look)]
            found += [(card_id, each) for each in shown]
            looked += 1
        page.close()
    assert looked > 5 and found == []


GIVEN = {
    "trials-deaths": "its question gives the pool and asks what it hangs on",
    "evidence-ladder": "its lower rungs are there to read before the question is answered",
    "why-walls": "a ladder too: what is thought is there to read, what was seen in people is asked",
}


def test_a_nought_before_the_answer_is_noticed(browser, site):
    page = opened(browser, site / PAGES[1], PHONE)
    card = page.query_selector("article[data-card='portal-treatment']")
    assert card.evaluate(RESULTS) == [] == card.evaluate(LOOSE) == card.evaluate(GOALS)
    card.evaluate("(card) => { card.querySelector('.hep-mission').hidden = false; }")
    assert "keep more than 0.5" in card.evaluate(GOALS)[0]
    card.evaluate("(card) => { card.querySelector('[id$=gradient-value]').textContent = '0 %'; }")
    card.evaluate("(card) => card.querySelectorAll('[inert]').forEach((n) => { n.inert = false; })")
    assert card.evaluate(RESULTS) == ["0 %"] and len(card.evaluate(LOOSE)) > 3
    page.close()
