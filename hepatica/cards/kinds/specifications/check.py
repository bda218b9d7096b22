"""The browser check of a specification curve; `reader` is `tools.browser`."""

from __future__ import annotations

LOOK = """(card) => card.querySelector(".hep-live").textContent
  + [...card.querySelectorAll(".hep-specs-share")].map((each) => each.textContent).join()
  + card.querySelector("path.in-no").getAttribute("d").length
  + card.querySelector(".hep-specs-mine").getAttribute("style")"""
COVERED = """(card) => [...card.querySelectorAll(".hep-specs-share, path")]
  .every((each) => !each.textContent && !each.getAttribute("d"))"""


def check(page, card, reader) -> int:
    """Nothing shows before the answer; then every choice moves the sentence, the shares or the
    curve, and Reset brings the start back."""
    name = card.get_attribute("data-card")
    assert card.evaluate(COVERED), f"{name}: results before the answer"
    card.query_selector("input[value='no-lin']").click()
    assert card.evaluate(COVERED), f"{name}: a choice shows its result before the answer"
    reader.answer_prediction(card)
    reset, count = reader.button(card, "Reset"), 0
    reset.click()
    start = reader.painted(card, LOOK)
    for choice in card.query_selector_all(".hep-specs-choices input[type=radio]"):
        if choice.is_checked():
            continue
        choice.click()
        assert reader.painted(card, LOOK) != start, f"{name}: {choice.get_attribute('value')}"
        reset.click()
        assert reader.painted(card, LOOK) == start, f"{name}: Reset does not bring the start back"
        count += 1
    assert count > 20
    return count
