"""The browser check of a model to move; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Move every control: each changes something, each view and the sentence follow one."""
    reader.answer_prediction(card)
    name = card.get_attribute("data-card")
    reset = reader.button(card, "Reset")
    followed, count = set(), 0
    for control in card.query_selector_all("form.hep-controls input, .hep-time input"):
        reset.click()
        start, changed = reader.at_rest(card), set()
        moves = reader.moves_of(control)
        for move in moves:
            move()
            now = reader.look(card)
            changed |= {
                i
                for i, (a, b) in enumerate(zip(start["views"], now["views"], strict=True))
                if a != b
            }
            changed |= {"sentence"} if start["text"] != now["text"] else set()
        assert changed or not moves, (
            f"{name}: moving {control.get_attribute('data-name')} shows nothing"
        )
        followed |= changed
        count += bool(moves)
    everything = {"sentence", *range(len(reader.look(card)["views"]))}
    assert followed == everything, f"{name}: {everything - followed} never changes"
    return count
