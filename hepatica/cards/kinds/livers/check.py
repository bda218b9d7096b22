"""The browser check of a hundred livers; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Nothing shows before the prediction; then every control and other people show something new."""
    assert card.query_selector(".hep-live").inner_text().startswith("Predict first")
    reader.answer_prediction(card)
    arrived = f"!document.querySelector('[data-card={card.get_attribute('data-card')}]').hepatica.waiting()"
    reader.wait_until(page, arrived)
    name, reset = card.get_attribute("data-card"), reader.button(card, "Reset")
    inputs = [
        (control.get_attribute("data-name"), reader.moves_of(control))
        for control in card.query_selector_all("form.hep-controls input")
    ]
    count = 0
    for what, moves in [
        ("other people", [reader.button(card, "Draw other people").click]),
        *inputs,
    ]:
        reset.click()
        before, changed = reader.look(card), False
        for move in moves:
            move()
            card.evaluate(reader.THREE_FRAMES)
            reader.wait_until(page, arrived)
            now = reader.look(card)
            changed |= now["text"] != before["text"] or now["views"] != before["views"]
        assert changed or not moves, f"{name}: moving {what} shows nothing"
        count += bool(moves)
    return count
