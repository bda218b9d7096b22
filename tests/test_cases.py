"""The cases for a detective: each opens a card that asks first, on a page that has it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from hepatica import ledger
from hepatica.cards.parts.minutes import CARD, outputs_of
from hepatica.site.cases import CaseError, cases

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"lesson": ROOT / "notebooks", "exercise": ROOT / "exercises"}
LONGEST = 5  # minutes; the start page promises it


def rows() -> list[dict]:
    return ledger.table("cases").to_dict("records")


def pages() -> dict[tuple[str, str], SimpleNamespace]:
    """The stored notebooks and exercises, as the site reads them."""
    found = {}
    for part, folder in FOLDERS.items():
        for file in folder.glob("[0-9]*.ipynb"):
            stored = json.loads(file.read_text(encoding="utf-8"))
            own = SimpleNamespace(name=file.stem, number=file.stem[:2], notebook=stored)
            found[part, own.number] = own
    return found


def test_ten_cases_of_five_minutes():
    made = cases(rows(), pages())
    assert len(made) == 10 == len({case["href"] for case in made})
    assert [case["key"] for case in made if not 1 <= case["minutes"] <= LONGEST] == []
    assert all(case["question"].endswith("?") for case in made)


def test_every_case_asks_before_it_tells():
    shown = {
        (part, number, data[CARD]["id"]): data[CARD]
        for (part, number), page in pages().items()
        for cell in page.notebook["cells"]
        for data in outputs_of(cell)
        if CARD in data
    }
    asks = lambda card: bool(card.get("predict") or card.get("items"))
    own = [shown[row["part"], row["notebook"], row["card"]] for row in rows()]
    assert [card["id"] for card in own if not asks(card)] == []
    assert any(not asks(card) for card in shown.values()), "the check rejects nothing"


def test_a_case_that_leads_nowhere_is_refused():
    lost = [{**rows()[0], "card": "no-such-card"}]
    with pytest.raises(CaseError, match="no-such-card"):
        cases(lost, pages())
    assert cases(rows(), {}) == []


def missing(site: Path, hrefs: list[str]) -> list[str]:
    """Addresses whose page lacks the anchor."""
    apart = [href.partition("#")[::2] for href in hrefs]
    soups = {
        page: BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
        for page in {page for page, _ in apart}
    }
    return [f"{page}#{name}" for page, name in apart if not soups[page].find(id=name)]


def test_the_start_page_links_every_case(site):
    start = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    links = [a["href"] for a in start.find(id="cases").parent.select("li > a")]
    assert links == [case["href"] for case in cases(rows(), pages())]
    assert missing(site, links) == []
    assert missing(site, [f"{links[0]}-not"]) == [f"{links[0]}-not"]
