"""The browser check of boundary and prior; `reader` is `tools.browser`."""

from __future__ import annotations

DRAWN = """(card) => [...card.querySelectorAll(".hep-conviction svg g")].map((g) => g.innerHTML).join()"""


def check(page, card, reader) -> int:
    """Nothing is drawn before the answer; then every control moves pictures and sentence."""
    assert not card.evaluate(DRAWN).strip(","), "drawn before the answer"
    reader.answer_prediction(card)
    reset, count = reader.button(card, "Reset"), 0
    look = lambda: reader.painted(card, DRAWN) + reader.text(card, ".hep-live")
    start = look()
    for slider in card.query_selector_all("input[type=range][data-name]"):
        slider.press("End")
        assert look() != start, slider.get_attribute("data-name")
        reset.click()
        assert look() == start
        count += 1
    card.query_selector("input[data-name=whole][value='0']").click()
    assert look() != start
    reset.click()
    return count + 1
