"""The browser check of a line to K.; `reader` is `tools.browser`."""

from __future__ import annotations

LINE = "You have time, and we will read it together."


def check(page, card, reader) -> int:
    """A line is kept and then read in three ways, each with its own answer; another line asks
    again."""
    page.evaluate("globalThis.hepaticaRecord.erase()")
    assert reader.text(card, ".hep-live").startswith("Nothing is written")
    choices = card.query_selector(".hep-letter-readings")
    assert not choices.is_visible(), "the readings stand there before there is a line"
    write(card, reader, LINE)
    assert "her eyes" in reader.text(card, ".hep-live") and choices.is_visible()
    said = set()
    for radio in card.query_selector_all("input[type=radio]"):
        radio.check()
        said.add(reader.text(card, ".hep-letter-said"))
        claim = reader.text(card, ".hep-letter-claim")
        assert "Our verdict: " in claim or "opened in notebook" in claim
    assert len(said) == 3, f"{len(said)} answers to three readings"
    write(card, reader, LINE + " Soon.")
    assert "her eyes" in reader.text(card, ".hep-live")
    page.evaluate("globalThis.hepaticaRecord.erase()")
    return 5


def write(card, reader, line: str) -> None:
    """Write a line and hand it over."""
    card.query_selector("textarea").fill(line)
    reader.button(card, "Let her read it").click()
