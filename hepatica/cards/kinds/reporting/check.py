"""The browser check of what the trials report; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Every chip changes the count; every kind of square says what was read; arrow keys walk on."""
    reader.answer_prediction(card)
    sentence = lambda: reader.text(card, ".hep-live")
    start, chips = sentence(), card.query_selector_all(".hep-forest-chip")
    for chip in chips:
        chip.click()
        assert sentence() != start, f"{chip.inner_text()} changes nothing"
        chip.click()
        assert sentence() == start
    kinds = {
        cell.get_attribute("data-state"): cell
        for cell in card.query_selector_all(".hep-report-cell")
    }
    texts = set()
    for cell in kinds.values():
        cell.click()
        texts.add(reader.text(card, ".hep-report-about"))
    assert len(texts) == len(kinds) == 5
    first = card.query_selector(".hep-report-cell[tabindex='0']")
    first.press("ArrowRight")
    assert page.evaluate("document.activeElement.matches('.hep-report-cell')")
    assert first.get_attribute("tabindex") == "-1"
    return len(chips) + len(kinds)
