"""The browser check of the register; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Every bar opens its own entry and closes it; Reset closes it too."""
    reader.answer_prediction(card)
    about = lambda: reader.text(card, ".hep-register-about")
    start, said = about(), set()
    bars = card.query_selector_all("button.hep-register-bar")
    for bar in bars:
        bar.click()
        said.add(about())
    assert len(said) == len(bars) > 50
    bars[-1].click()
    assert about() == start
    bars[0].click()
    reader.button(card, "Reset").click()
    assert about() == start
    return len(bars)
