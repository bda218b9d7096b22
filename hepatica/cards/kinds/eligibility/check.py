"""The browser check of patients against rules; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Every patient has an own story, sliders move the verdicts, every rule set opens its rules."""
    assert not card.query_selector(".hep-matrix").is_visible(), "the table stands there unasked"
    reader.answer_prediction(card)
    card.query_selector(".hep-overview > summary").click()
    lists, count = set(), 0
    verdicts = lambda: reader.text(card, ".hep-rule-sets")
    for button in card.query_selector_all(".hep-matrix thead button"):
        button.click()
        lists.add(reader.text(card, ".hep-person") + verdicts())
        for slider in card.query_selector_all("input[type=range]"):
            before = verdicts()
            seen = [verdicts() for key in ("End", "Home") if slider.press(key) is None]
            assert {*seen} != {before}, f"{slider.get_attribute('data-name')} moves nothing"
            count += 1
        reader.button(card, "Reset").click()
    patients = card.query_selector_all(".hep-matrix thead button")
    assert len(lists) == len(patients) > 0
    for rule_set in card.query_selector_all(".hep-rule-set"):
        rule_set.evaluate("(rules) => rules.querySelector('summary').click()")
        assert rule_set.query_selector("ul.hep-rules li").is_visible()
        assert rule_set.query_selector(".hep-rules-read").inner_text().strip()
        count += 1
    return count
