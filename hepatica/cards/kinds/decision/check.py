"""The browser check of a decision in steps; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Each step stays closed until the one before is decided well; every choice explains itself."""
    count = 0
    for item in card.query_selector_all(".hep-item"):
        reader.look(card)
        assert item.is_visible(), "a step that does not open"
        for option in item.query_selector_all(".hep-option"):
            option.query_selector("input").check()
            count += 1
            assert reader.text(option, ".hep-why").strip()
            if option.get_attribute("data-state") == "right":
                break
    assert card.query_selector(".hep-log").is_visible()
    return count
