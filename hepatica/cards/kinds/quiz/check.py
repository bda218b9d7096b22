"""The browser check of a quiz; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Every item takes one answer and explains it, and a number gets an answer."""
    count = 0
    for item in card.query_selector_all(".hep-item"):
        reader.look(card)  # once it has followed
        assert item.is_visible(), "a question that does not come up"
        count += _choose(item, reader) if item.query_selector(".hep-option") else _type(item)
        further = card.query_selector(".hep-steps .hep-primary:visible")
        if further:
            further.click()
    assert reader.text(card, ".hep-live").strip(), "the score is not told"
    return count


def _choose(item, reader) -> int:
    """Answer a choice: where answers are marked it closes, and says why."""
    options = item.query_selector_all(".hep-option")
    options[0].query_selector("input").check()
    reader.text(options[0], "span")
    if any(option.get_attribute("data-state") for option in options):
        assert all(option.query_selector("input").is_disabled() for option in options)
        told = [option for option in options if option.query_selector(".hep-why").is_visible()]
        states = {option.get_attribute("data-state") for option in told}
        assert "right" in states, "the right answer is not shown"
        assert all(reader.text(option, ".hep-why").strip() for option in told), "no reason"
        folded = len(item.query_selector_all(".hep-other"))
        assert len(told) + folded == len(options), "a reply that nobody can read"
    return len(options)


def _type(item) -> int:
    """Answer with a number; what is none is asked again, and does not count."""
    number = item.query_selector("input.hep-number")
    for odd, said in (("two", "Type a number"), ("1,500", "Type 1500 or 1.5.")):
        number.fill(odd)
        number.press("Enter")
        assert said in item.inner_text(), f"nothing is said to {odd}"
    number.fill("1")
    number.press("Enter")
    assert "Type 1500" not in item.inner_text(), "the number got no answer"
    return 1
