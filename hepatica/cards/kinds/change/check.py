"""The browser check of first answers beside last ones; `reader` is `tools.browser`."""

from __future__ import annotations


def check(page, card, reader) -> int:
    """Without kept answers it says so; each answer kept by a quiz appears at once."""
    pairs = card.evaluate(
        "(card) => card.hepatica.pairs.map((pair) => [pair.before, pair.after, pair.items.length])"
    )
    page.evaluate("localStorage.clear()")
    assert "No answers" in keep_answers(page, card, reader, {})
    assert "side by side" in keep_answers(page, card, reader, {pairs[0][0]: {"0": 0}})
    all_three = {pairs[0][1]: {"0": 1}, pairs[1][0]: {"0": 0}, pairs[1][1]: {"0": 2}}
    told = keep_answers(page, card, reader, all_three)
    assert "Right before" in told
    assert len(card.query_selector_all(".hep-change-table td[data-state]")) == 2 * pairs[0][2]
    assert len(card.query_selector_all(".hep-verdict-table tbody tr")) == pairs[1][2]
    assert len(card.query_selector_all(".hep-agree")) == 2
    return 4


def keep_answers(page, card, reader, answers: dict[str, dict]) -> str:
    """Keep answers as quizzes do, and return what the card says then."""
    page.evaluate(
        """(answers) => {
      for (const [id, given] of Object.entries(answers)) localStorage.setItem(`hepatica:${id}`, JSON.stringify(given));
      dispatchEvent(new Event("hepatica:kept"));
    }""",
        answers,
    )
    return reader.text(card, ".hep-live")
