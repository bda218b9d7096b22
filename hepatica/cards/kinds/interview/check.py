"""The browser check of letters and questions; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Three questions are free, with two replies each;
    after the decision all are open and judged."""
    asks = card.query_selector_all("button.hep-ask")
    free = [ask for ask in asks if ask.is_enabled()]
    assert len(free) == len(asks)
    for number, ask in enumerate(free[:3], 1):
        ask.click()
        reader.look(card)
        replies = card.query_selector_all(".hep-reply")
        assert sum(reply.is_visible() for reply in replies) == 2 * number
    assert not any(ask.is_enabled() for ask in asks)
    assert not any(why.is_visible() for why in card.query_selector_all(".hep-reply-why"))
    told = set()
    for option in card.query_selector_all(".hep-option input"):
        option.check()
        told.add(reader.text(card, ".hep-verdict"))
    assert len(told) == len(card.query_selector_all(".hep-option"))
    for ask in asks[3:]:
        ask.click()
        reader.look(card)
    assert all(why.is_visible() for why in card.query_selector_all(".hep-reply-why"))
    return len(asks) + len(told)
