"""The browser check of a summary of findings; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Every outcome says something else; both baselines move their bars; every choice opens."""
    reader.answer_prediction(card)
    sentence = lambda: reader.text(card, ".hep-live")
    said, start = set(), sentence()
    keys = [row.get_attribute("data-row") for row in card.query_selector_all(".hep-findings-row")]
    for key in keys:
        card.query_selector(f"[data-row='{key}']").click()
        said.add(sentence())
    assert len(said) == len(keys) > 3
    reader.button(card, "Reset").click()
    assert sentence() == start
    for slider in card.query_selector_all("input[type='range']"):
        before = card.query_selector(".hep-findings-risks").inner_text()
        slider.press("End")
        assert card.query_selector(".hep-findings-risks").inner_text() != before
    select = card.query_selector("select")
    for option in select.query_selector_all("option"):
        select.select_option(option.get_attribute("value"))
        assert card.query_selector(".hep-findings-row[aria-pressed='true']")
    return len(keys) + 2
