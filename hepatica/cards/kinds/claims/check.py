"""The browser check of the table of claims; `reader` is `tools.browser`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

VISIBLE_CLAIMS = """(card) =>
  [...card.querySelectorAll(".hep-claim-row")].filter((row) => row.offsetParent).length"""

# Opened by the page itself, in one go: a click on each of 67 claims waits for as many frames.
OPENED_CLAIMS = """(card) => [...card.querySelectorAll(".hep-claim")].map((claim) => {
  claim.querySelector("summary").click();
  const parts = [...claim.querySelectorAll("dd")].map((part) => (part.checkVisibility() ? part.innerText.trim() : ""));
  return [claim.dataset.claim, parts, [...claim.querySelectorAll("a")].map((link) => link.getAttribute("href"))];
})"""


def check(page, card, reader) -> int:
    """Each filter shows as many claims as it announces; judging uncovers a claim;
    each claim opens."""
    shown = lambda: reader.painted(card, VISIBLE_CLAIMS)
    card.query_selector("input[data-name=cover]").uncheck()
    whole, count = shown(), 0
    for select in card.query_selector_all("select"):
        for option in select.query_selector_all("option[value]:not([value=''])"):
            announced = int(option.inner_text().rpartition("(")[2].rstrip(")"))
            select.select_option(option.get_attribute("value"))
            assert 0 < shown() == announced < whole, option.inner_text()
            count += 1
        select.select_option("")
    parts = card.query_selector_all("button.hep-verdict-part")
    assert sum(int(part.query_selector("b").inner_text()) for part in parts) == whole
    for part in parts:
        part.click()
        assert shown() == int(part.query_selector("b").inner_text())
        part.click()
    card.query_selector("input[type=search]").fill("no such words at all")
    assert shown() == 0
    card.query_selector(".hep-filters button").click()
    assert shown() == whole
    return count + check_judging(card, reader) + open_claims(page, card)


def check_judging(card, reader) -> int:
    """Cover the verdicts, judge the first claim: its verdict appears, and the agreement is told."""
    cover, row = (
        card.query_selector("input[data-name=cover]"),
        card.query_selector(".hep-claim-row"),
    )
    cover.check()
    reader.painted(card, VISIBLE_CLAIMS)
    assert "covered" in row.inner_text()
    row.query_selector("input[type=radio]").check()
    reader.painted(card, VISIBLE_CLAIMS)
    assert "covered" not in row.inner_text()
    assert "1 of" in card.query_selector(".hep-live").inner_text()
    card.query_selector(".hep-cover button").click()
    cover.uncheck()
    return 2


def open_claims(page, card) -> int:
    """Every claim opens, all parts are filled, and links to notebooks lead to pages beside this."""
    here = Path(unquote(urlsplit(page.url).path)).parent
    claims = card.evaluate(OPENED_CLAIMS)
    for claim, parts, links in claims:
        assert parts and all(parts), f"{claim} has an empty part"
        pages = [link for link in links if not link.startswith("http")]
        assert pages, f"{claim} names no notebook"
        assert [link for link in pages if not (here / link).is_file()] == []
    return len(claims)
