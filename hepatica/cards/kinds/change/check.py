"""The browser check of first answers beside last ones; `reader` is `tools.browser`."""

from __future__ import annotations

KEYS = """(card) => card.hepatica.pairs.map((pair) =>
  [pair.before, pair.after].map(({ items }) => items.map((item) => item.key)))"""

KEEP = """(given) => {
  const text = localStorage.getItem("hepatica/record") ?? '{"version": 1}';
  const record = JSON.parse(text);
  record.answers = { ...record.answers };
  for (const [key, answer] of given) record.answers[key] = { given: answer, on: "" };
  localStorage.setItem("hepatica/record", JSON.stringify(record));
  dispatchEvent(new Event("hepatica:record"));
}"""


def check(page, card, reader) -> int:
    """Without kept answers it says so; each answer that the record holds appears at once."""
    (test, test_now), (verdict, verdict_now) = card.evaluate(KEYS)
    page.evaluate("localStorage.clear()")
    assert "No answers" in keep_answers(page, card, reader, [])
    assert "side by side" in keep_answers(page, card, reader, [(test[0], 0)])
    all_three = [(test_now[0], 1), (verdict[0], 0), (verdict_now[0], 2)]
    assert "Right before" in keep_answers(page, card, reader, all_three)
    assert len(card.query_selector_all(".hep-change-table td[data-state]")) == 2 * len(test)
    assert len(card.query_selector_all(".hep-verdict-table tbody tr")) == len(verdict)
    assert len(card.query_selector_all(".hep-agree")) == 2
    return 4


def keep_answers(page, card, reader, given: list[tuple[str, int]]) -> str:
    """Put answers into the record, and return what the card says then."""
    page.evaluate(KEEP, given)
    return reader.text(card, ".hep-live")
