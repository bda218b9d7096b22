"""The browser check of rungs of evidence; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Each rung opens to its own text, the upper ones once predicted;
    the brochure takes marks away."""
    veiled = card.query_selector_all("button.hep-rung:disabled")
    assert veiled, "nothing is veiled before the prediction"
    reader.answer_prediction(card)
    rungs, texts = card.query_selector_all("button.hep-rung"), set()
    for rung in rungs:
        rung.click()
        texts.add(reader.text(card, ".hep-rung-open"))
        assert rung.get_attribute("aria-pressed") == "true"
    assert len(texts) == len(rungs) > len(veiled)
    before = reader.look(card)
    card.query_selector("[data-name='only_for']").check()
    after = reader.look(card)
    assert before["text"] != after["text"]
    assert before["views"] != after["views"]
    return len(rungs) + 1
