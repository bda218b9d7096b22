"""The browser check of the atlas of causes; `reader` is `tools.browser`."""

from __future__ import annotations

PAGE = ".hep-atlas-page"


def check(page, card, reader) -> int:
    """Nothing opens before the prediction; each cause and each comparison has a page of its own;
    a question covers its numbers; one accelerator is open at a time."""
    assert reader.text(card, PAGE) == "?", "the atlas is open before the prediction"
    reader.answer_prediction(card)
    causes = card.evaluate(
        "(c) => [...c.querySelectorAll('[data-cause]')].map((b) => b.dataset.cause)"
    )
    pages = {key: opened(card, reader, {"cause": key, "by": ""}) for key in causes}
    views = card.evaluate("(c) => [...c.querySelectorAll('[data-by]')].map((b) => b.dataset.by)")
    pages |= {f"by {by}": opened(card, reader, {"by": by}) for by in views if by}
    assert len({text for text, _ in pages.values()}) == len(pages)
    assert all(told for _, told in pages.values())
    opened(card, reader, {"cause": "hcv", "by": ""})
    over = card.query_selector(f"{PAGE} .hep-track-run ~ .hep-track-groups")
    assert over, "the span from group to group is drawn over, not under, the line to the number"
    return len(pages) + answer_questions(card, reader) + open_factors(card, reader)


def opened(card, reader, values: dict) -> tuple[str, str]:
    """The page and the sentence at these values."""
    card.evaluate("(c, values) => c.hepatica.put(values)", {"factor": "", **values})
    return reader.text(card, PAGE), reader.text(card, ".hep-live")


def answer_questions(card, reader) -> int:
    """Each question of a page gives way to numbers."""
    asked = 0
    for values in ({"by": "", "cause": "drug"}, {"by": "regression"}):
        before, _ = opened(card, reader, values)
        section = card.query_selector(f"{PAGE} .hep-predict[data-answered='false']")
        section.query_selector("input[type=radio]").check()
        section.query_selector("button.hep-primary").click()
        reader.look(card)
        assert len(reader.text(card, PAGE)) > len(before)
        asked += 1
    return asked


def open_factors(card, reader) -> int:
    """Every accelerator opens to its number, and closes the one before."""
    opened(card, reader, {"by": "factors"})
    keys = card.evaluate(
        "(c) => [...c.querySelectorAll('[data-factor]')].map((b) => b.dataset.factor)"
    )
    for key in keys:
        card.evaluate("(c, values) => c.hepatica.put(values)", {"factor": key})
        rows = card.query_selector_all(f"{PAGE} [data-row]")
        assert [row.get_attribute("data-row") for row in rows] == [key]
    return len(keys)
