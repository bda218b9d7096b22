"""The browser check of steps to put in order; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Every case can be brought to its end by pressing what is offered; what is pressed too early
    is answered and stays; the end is closed until then."""
    cases = card.evaluate(
        "(c) => [...c.querySelectorAll('[data-case]')].map((b) => b.dataset.case)"
    )
    assert len(cases) > 1
    return sum(played(card, reader, case) for case in cases)


def played(card, reader, case: str) -> int:
    """How many presses a case takes; offers are pressed from the last to the first, round by
    round."""
    card.evaluate("(c, open) => c.hepatica.put({ case: open, tried: '' })", case)
    place = f"[data-page='{case}']"
    end = card.query_selector(f"{place} .hep-steps-end")
    presses, refused = 0, set()
    while not end.is_visible():
        assert presses < 100, f"{case} does not end"
        for button in reversed(card.query_selector_all(f"{place} .hep-offer")):
            if not button.is_visible():
                continue
            button.click()
            reader.look(card)  # once it has followed
            presses += 1
            if button.is_visible():
                refused.add(reader.text(card, f"{place} .hep-steps-not:not([hidden])"))
    assert len(refused) > 1 and "" not in refused, f"{case} refuses {refused}"
    assert card.query_selector_all(f"{place} .hep-steps-end s")
    return presses
