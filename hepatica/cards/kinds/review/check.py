"""The browser check of the review; `reader` is `tools.browser`."""

from __future__ import annotations

MISSED = """async (card) => {
  const [item] = await globalThis.hepaticaItems;
  const before = { given: 0, right: false, on: "2020-01-01", box: 1, due: "2020-01-02" };
  globalThis.hepaticaRecord.put("answers", item.key, before);
}"""


def check(page, card, reader) -> int:
    """Empty, it says where to begin; a question that was missed comes back; erasing asks first."""
    reader.wait_until(page, "globalThis.hepaticaItems")
    erase(card, reader)
    assert "Nothing to review yet" in reader.text(card, ".hep-live")
    assert card.query_selector(".hep-begin a").is_visible()
    card.evaluate(MISSED)
    reader.wait_until(page, "document.querySelector('article[data-kind=review] .hep-item')")
    assert reader.text(card, ".hep-live").startswith("0 of ")
    item = card.query_selector(".hep-item")
    if item.query_selector("input[type=radio]"):
        item.query_selector("input[type=radio]").check()
    else:
        item.query_selector("input").fill("1")
        item.query_selector("input").press("Enter")
    assert reader.text(card, ".hep-live").startswith("1 of ")
    erase(card, reader)
    return 3


def erase(card, reader) -> None:
    """Erase the record, after the page has asked whether to."""
    reader.button(card, "Erase my record").click()
    reader.button(card, "Erase everything").click()
