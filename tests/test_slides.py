"""Decks: nothing of a notebook is lost between its page and its slides."""

from __future__ import annotations

from collections import Counter

import pytest
from bs4 import BeautifulSoup
from sample_course import quietly, sample

from hepatica.site import build
from hepatica.site.slides import CODE, code_of, slides_of

PRESENTER = "-presenter"


def kept(soup: BeautifulSoup, scope: str) -> Counter:
    """What a page teaches within `scope`: its headings, cards, questions of a quiz, key points,
    paragraphs, tables and equations, each as (kind, words)."""
    root = soup.select_one(scope)
    for code in root.select(CODE):
        code.decompose()
    found = Counter(("section", words(h)) for h in root.find_all("h2") if h.get("id"))
    for card in root.select("figure.hepatica-card"):
        found["card", card["id"]] += 1
    for kind, selector in {"text": "p, li", "table": "table", "equation": "math"}.items():
        nodes = [n for n in root.select(selector) if not n.find_parent("figure")]
        found.update((kind, words(node)) for node in nodes)
    return found


def words(tag) -> str:
    """The words of a tag with single spaces."""
    return " ".join(tag.get_text().split())


def lost(page: BeautifulSoup, deck: BeautifulSoup) -> list:
    """What a notebook's page teaches and its deck does not."""
    for frame in page.select(".toc, .facts-line, .kicker, .stop, .sources"):
        frame.decompose()
    return sorted((kept(page, "article") - kept(deck, "main")).keys())


def soups(site, lesson: str, number: str) -> list[BeautifulSoup]:
    """The page and the deck of a lesson."""
    files = (site / f"{lesson}.html", site / "slides" / f"{number}.html")
    return [BeautifulSoup(file.read_text("utf-8"), "html.parser") for file in files]


def test_a_deck_keeps_what_its_notebook_teaches(site):
    names = sorted(path.stem for path in site.glob("[0-9][0-9]_*.html"))
    assert len(names) == 14
    for name in names:
        assert lost(*soups(site, name, name[:2])) == [], name
    page, deck = soups(site, names[3], "03")
    card = deck.select_one("figure.hepatica-card")
    point = deck.select(".slide ul > li")[-1]
    gone = [("card", card["id"]), ("text", words(point))]
    card.decompose(), point.decompose()
    assert lost(page, deck) == sorted(gone)


def test_no_slide_is_empty_and_each_card_has_its_own(site):
    decks = [p for p in sorted(site.glob("slides/*.html")) if PRESENTER not in p.stem]
    assert len(decks) == 14
    empty = 0
    for deck in decks:
        soup = BeautifulSoup(deck.read_text("utf-8"), "html.parser")
        slides = soup.select(".slide")
        assert len(slides) > 10, deck.name
        assert bare(soup) == [], deck.name
        for slide in slides:
            assert len(slide.select("figure.hepatica-card")) <= 1, deck.name
        empty += len(slides)
    assert empty > 14 * 10
    sample = BeautifulSoup(
        '<section class="slide"><h2>Key points</h2><div class="slide-body"></div></section>',
        "html.parser",
    )
    assert bare(sample) == ["Key points"]


def bare(soup: BeautifulSoup) -> list[str]:
    """The titles of slides that show nothing."""
    slides = soup.select(".slide")
    return [words(s.h2) for s in slides if not s.select(".slide-body > *") and s.h2]


def test_the_presenters_page_has_the_teachers_box_and_a_note_per_slide(site):
    for deck in sorted(site.glob("slides/[0-9][0-9].html")):
        slides = BeautifulSoup(deck.read_text("utf-8"), "html.parser").select(".slide")
        file = deck.with_name(f"{deck.stem}{PRESENTER}.html")
        page = BeautifulSoup(file.read_text("utf-8"), "html.parser")
        assert len(page.select(".presenter-notes")) == len(slides) > 0, deck.name
        assert len(words(page.select_one(".presenter-box"))) > 200, deck.name


def test_what_is_shown_and_what_stands_behind_it():
    html = (
        '<h2 id="a">A</h2><p>One.</p><table><tr><td>1</td></tr></table>'
        '<figure class="hepatica-card" id="c"><script type="application/json">'
        '{"one_by_one":true}</script></figure><p>After.</p>'
        '<details class="aside"><summary>More</summary><p>Aside.</p>'
        '<figure class="hepatica-card" id="d"></figure></details><h2 id="b">B</h2><ul><li>x</li></ul>'
    )
    first, card, more, last = slides_of(BeautifulSoup(html, "html.parser"))
    assert first.html == "<p>One.</p>" and "<table>" in first.more
    assert card.card == "c" and "After." in card.more and '"one_by_one":false' in card.html
    assert more.card == "d" and more.title == "More: More" and "Aside." in more.more
    assert last.first and last.parts == ["<ul><li>x</li></ul>"]


def test_the_sample_course_has_decks_without_cards_too(tmp_path):
    site = quietly(sample(tmp_path))
    soup = BeautifulSoup((site / "slides/02.html").read_text("utf-8"), "html.parser")
    assert [words(s.h2) for s in soup.select(".slide") if s.h2] == ["What heals"]
    with pytest.raises(IndexError):
        slides_of(BeautifulSoup("<p>No heading.</p>", "html.parser"))[0]


def test_a_site_that_knows_its_address_shows_it_as_a_code(tmp_path):
    root = sample(tmp_path)
    build(root / "_site", root, tell=lambda _: None, address="https://example.org/course/")
    deck = BeautifulSoup((root / "_site/slides/01.html").read_text("utf-8"), "html.parser")
    cards = {slide["data-card"]: slide for slide in deck.select(".slide[data-card]")}
    assert cards
    for card, slide in cards.items():
        address = f"https://example.org/course/01_the_healthy_lobule.html#{card}"
        shown = slide.select_one(".slide-code path.qrline")
        wanted = BeautifulSoup(code_of(address), "html.parser").select_one("path.qrline")
        assert shown["d"] == wanted["d"]
        other = BeautifulSoup(code_of(f"{address}x"), "html.parser").select_one("path.qrline")
        assert shown["d"] != other["d"]
    without = quietly(root)
    assert ".slide-code" not in (without / "slides/01.html").read_text("utf-8")
    assert not soups(without, "01_the_healthy_lobule", "01")[1].select(".slide-code")
