"""The browser check of a dated sheet; `reader` is `tools.browser`."""

from __future__ import annotations

PAGE = ".hep-sheet"


def check(page, card, reader) -> int:
    """Nothing opens before a prediction; each part has rows of its own, and all of them stand on
    the page for printing."""
    asks = card.query_selector(".hep-predict") is not None
    assert asks == (reader.text(card, PAGE) == "?"), "the sheet is open before the prediction"
    reader.answer_prediction(card)
    keys = card.evaluate("(c) => [...c.querySelectorAll('[data-part]')].map((b) => b.dataset.part)")
    rows = {key: opened(card, reader, key) for key in keys}
    own = [texts for key, texts in rows.items() if key]
    assert all(own) and len(own) > 1
    assert rows[""] == [text for texts in own for text in texts]
    return len(rows)


def opened(card, reader, key: str) -> list[str]:
    """The rows on the page once a part's button is pressed."""
    card.evaluate("(c, part) => c.hepatica.put({ part })", key)
    assert reader.text(card, ".hep-live")
    return [row.inner_text() for row in card.query_selector_all(".hep-sheet-row")]
