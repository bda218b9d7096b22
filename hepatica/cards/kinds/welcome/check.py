"""The browser check of the welcome; `reader` is `tools.browser`."""

from __future__ import annotations

PLACE = """() => hepaticaRecord.put("places", "06", {
  section: "3-·-What-relief-costs", name: "section 3", seen: ["a"], of: 11, left: 12.2,
  on: hepaticaToday, when: Date.now(),
})"""
OWN = """(own) => hepaticaRecord.put("places", own, {
  section: "a", name: "section 1", seen: [], of: 11, left: 30, on: hepaticaToday,
  when: Date.now() + 1000,
})"""
MISSED = """() => [0, 1, 2].forEach((n) => hepaticaRecord.put("answers", `x/${n}`, {
  given: 0, right: false, box: 1, on: "2020-01-01", due: "2020-01-02",
}))"""


def check(page, card, reader) -> int:
    """Nothing for a new reader; then where to go on, in another notebook first, and what is due."""
    page.evaluate("hepaticaRecord.erase(); globalThis.hepaticaToday ??= '2026-03-02'")
    assert lines(card, reader) == "" and not card.is_visible()
    page.evaluate(PLACE)
    assert lines(card, reader) == "Continue: 06, section 3, 12 minutes left"
    page.evaluate(OWN, "00")
    page.evaluate(MISSED)
    told = lines(card, reader).splitlines()
    assert told[0].startswith("Continue: 06")
    assert told[-1] == "Review: 3 questions that you missed"
    page.evaluate("hepaticaRecord.erase()")
    assert not card.is_visible()
    return 3


def lines(card, reader) -> str:
    """What the card says, once it has followed the record."""
    return reader.text(card, ".hep-welcome").strip()
