"""The browser check of a forest plot; `reader` is `tools.browser`."""

from __future__ import annotations

FOREST = """(card) => [...card.querySelectorAll(
  ".hep-forest-track > i, .hep-forest-effect, .hep-forest-prefix, .hep-forest-group, .hep-forest-void, circle")]
  .filter((mark) => mark.checkVisibility())
  .map((mark) => mark.getAttribute("style") + (mark.dataset.in ?? "") + mark.textContent + mark.childElementCount)
  .join() + card.querySelector(".hep-live").textContent"""


def check(page, card, reader) -> int:
    """Every chip, switch and trial moves the pool or what is below; Reset brings the start back."""
    reader.answer_prediction(card)
    card.evaluate(
        "(card) => card.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
    )
    name, count = card.get_attribute("data-card"), 0
    reset = reader.button(card, "Reset")
    forest = lambda: reader.painted(card, FOREST)
    start = forest()
    for control in card.query_selector_all(
        ".hep-forest-chip, .hep-forest-controls input, .hep-forest-trial input"
    ):
        if control.is_disabled() or (
            control.get_attribute("type") == "radio" and control.is_checked()
        ):
            continue
        control.click()
        assert forest() != start, (
            f"{name}: {control.evaluate('(it) => it.outerHTML')} shows nothing"
        )
        reset.click()
        assert forest() == start, f"{name}: Reset does not bring the start back"
        count += 1
    assert count > 4
    for note in card.query_selector_all(".hep-bias"):
        assert len(note.query_selector_all("li")) == 6 and "RoB 2" in note.inner_text()
        count += 1
    return count
