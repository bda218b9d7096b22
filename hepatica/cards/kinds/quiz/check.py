"""The browser check of a quiz; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Every option explains itself, and a number gets an answer."""
    count = 0
    for option in card.query_selector_all(".hep-option"):
        option.query_selector("input").check()
        why = option.query_selector(".hep-why")
        assert not why.is_visible() or why.inner_text().strip(), "an option without explanation"
        count += 1
    for number in card.query_selector_all("input.hep-number"):
        number.fill("1")
        number.press("Enter")
        count += 1
    assert card.query_selector(".hep-live").inner_text().strip(), "the score is not told"
    return count
