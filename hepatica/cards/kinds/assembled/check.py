"""The browser check of the assembled letter; `reader` is `tools.browser`."""

from __future__ import annotations

PUT = """([notebook, entry]) =>
  globalThis.hepaticaRecord.put("letter", notebook, { ...entry, on: "2026-01-01" })"""


def check(page, card, reader) -> int:
    """Empty, it says where to begin; a line appears with the verdict on what she takes from it; a
    text of the reader's is never markup; the button copies, or lays the text out."""
    page.evaluate("globalThis.hepaticaRecord.erase()")
    assert "not written to K. yet" in reader.text(card, ".hep-live")
    links = card.query_selector_all(".hep-letter-missing a")
    assert not card.query_selector(".hep-letter-paper").is_visible()
    page.evaluate(PUT, ["03", {"line": "Stop <b>the cause</b>.", "reading": 0}])
    page.evaluate(PUT, ["05", {"line": "You have time.", "reading": None}])
    assert "Stop <b>the cause</b>." in reader.text(card, ".hep-letter-paper")
    assert reader.text(card, ".hep-letter-verdict").strip() == "partly supported"
    assert "not yet read with her eyes" in reader.text(card, ".hep-letter-paper")
    assert len(card.query_selector_all(".hep-letter-missing a")) == len(links) - 2
    reader.button(card, "Copy the letter").click()
    said = card.wait_for_selector(".hep-letter-copy .hep-note:not([hidden])")
    assert "opied" in said.inner_text() or "copy it" in said.inner_text()
    page.evaluate("globalThis.hepaticaRecord.erase()")
    return 5
