"""The browser check of trials on their arrows; `reader` is `tools.browser`."""

from __future__ import annotations

ROWS = "(card) => card.querySelectorAll('button.hep-arm').length"
FIRST = "(card) => card.querySelector('button.hep-arm').click()"


def check(page, card, reader) -> int:
    """Each arrow shows its own trials, both boxes narrow them, a row opens to its source."""
    reader.answer_prediction(card)
    shown = lambda: reader.painted(card, ROWS)
    whole, count = shown(), 0
    assert whole > 0
    assert len(card.query_selector_all(".hep-arm-track > [data-shape]")) == 2 * whole
    select, seen = card.query_selector("select[data-name=arrow]"), 0
    for option in select.query_selector_all("option[value]:not([value=''])"):
        select.select_option(option.get_attribute("value"))
        seen += shown()
        assert shown() or "in the list" in reader.text(card, ".hep-live")
        count += 1
    select.select_option("")
    assert seen == shown() == whole
    for name in ("f4", "blind"):
        box = card.query_selector(f"input[data-name={name}]")
        box.check()
        assert 0 < shown() < whole
        box.uncheck()
        count += 1
    shown()
    card.evaluate(FIRST)
    assert "endpoint" in reader.text(card, ".hep-arm-about")
    assert "Picked" in reader.text(card, ".hep-live")
    return count + 1
