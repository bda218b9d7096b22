"""The browser check of trials run again and again; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Nothing shows before the prediction; then every control and every run shows something new."""
    assert card.query_selector(".hep-live").inner_text().startswith("Predict first")
    reader.answer_prediction(card)
    name = card.get_attribute("data-card")
    reset = reader.button(card, "Reset")
    runs = [
        ("a run", [button.click])
        for button in card.query_selector_all("[aria-label='Run trials'] button")
    ]
    controls = card.query_selector_all("form.hep-controls input")
    inputs = [
        (control.get_attribute("data-name"), reader.moves_of(control)) for control in controls
    ]
    count, followed = 0, set()
    for what, moves in [*runs, *inputs]:
        reset.click()
        before, changed = reader.look(card), set()
        for move in moves:
            move()
            now = reader.look(card)
            changed |= {
                i
                for i, (a, b) in enumerate(zip(before["views"], now["views"], strict=True))
                if a != b
            }
        assert changed or not moves, f"{name}: moving {what} shows nothing"
        followed |= changed
        count += bool(moves)
    assert followed == set(range(len(reader.look(card)["views"]))), (
        f"{name}: a picture never changes"
    )
    return count
