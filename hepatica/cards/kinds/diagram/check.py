"""The browser check of a drawing with parts and layers; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Each part and each layer shows its own text."""
    reader.answer_prediction(card)
    texts = set()
    parts = card.query_selector_all(".hep-parts button")
    for part in parts:
        part.click()
        texts.add(reader.text(card, ".hep-part-text"))
    assert len(texts) == len(parts) > 0
    layers = card.query_selector_all(".hep-layers input")
    legends = set()
    for layer in layers:
        layer.check()
        legend = reader.text(card, ".hep-layer-text")
        legends.add((legend, card.query_selector("svg").get_attribute("style")))
    assert len(legends) == len(layers)
    return len(parts) + len(layers)
