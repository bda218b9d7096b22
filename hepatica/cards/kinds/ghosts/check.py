"""The browser check of the picture of all predictions; `reader` is `tools.browser`."""

from __future__ import annotations

AXIS = {"range": [0, 10], "scale": "linear", "label": "collagen", "unit": "%"}
GUESSES = (
    {"kind": "choose", "given": 0, "title": "A", "text": "one", "right": True, "answer": "one"},
    {"kind": "choose", "given": 1, "title": "B", "text": "<i>two</i>", "answer": "one"},
    {"kind": "share", "given": 20, "title": "C", "answer": 70, "of": "of a hundred"},
    {
        "kind": "draw",
        "given": {str(n): n for n in range(1, 6)},
        "title": "D",
        "model": [5, 4, 3, 2, 1],
        "axes": {"x": AXIS, "y": AXIS},
    },
    {"kind": "choose", "given": -1, "title": "E"},
    {"kind": "draw", "given": {"1": "no"}, "title": "F"},
)
PUT = """(rows) => rows.forEach(([id, entry]) =>
  globalThis.hepaticaRecord.put("predictions", id, { ...entry, on: "2026-01-01" }))"""


def check(page, card, reader) -> int:
    """Empty, it says so; each sound prediction appears beside the model, in picture and words, and
    leads to its card; one that is damaged is left out."""
    page.evaluate("globalThis.hepaticaRecord.erase()")
    assert "No prediction of yours" in reader.text(card, ".hep-live")
    assert not card.query_selector(".hep-ghosts-words").is_visible()
    ids = card.evaluate(
        "(card) => [...card.querySelectorAll('a[data-ghost]')].map((each) => each.dataset.ghost)"
    )
    rows = [*zip(ids, GUESSES, strict=False), ["no-longer-here", GUESSES[2]]]
    assert len(rows) == len(GUESSES) + 1, f"only {len(ids)} predictions are in the course"
    page.evaluate(PUT, rows)
    says = reader.text(card, ".hep-live")
    assert says.startswith("5 predictions") and "Of 2 choices 1" in says and "“C”" in says
    card.query_selector(".hep-ghosts-words summary").click()
    words = reader.text(card, ".hep-ghosts-words table")
    assert "70 of a hundred" in words and "two" in words and "<i>" not in words
    assert len(card.query_selector_all(".hep-ghosts-words tbody tr")) == 6
    assert len(card.query_selector_all("svg.hep-ghost")) == 3
    page.evaluate("globalThis.hepaticaRecord.erase()")
    return 4
