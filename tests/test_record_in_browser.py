"""A reader's evenings on the pages from disk: what was answered and read is there the next day."""

from __future__ import annotations

import json

import pytest
from browser import answer_quiz, offline, open_page, refusals, wait_for_cards, watched

from hepatica.cards.kinds.review.check import check
from tools import browser as reader
from tools.browser import wait_until

LESSON = "04_where_the_septa_run"


@pytest.fixture
def page(browser):
    with offline(browser) as made, watched(made) as troubles:
        yield made
        assert refusals(made) == [] and not troubles


def visit(page, site, name: str, day: str) -> None:
    """Open a page on a day."""
    page.context.add_init_script(f"globalThis.hepaticaToday = '{day}'")
    open_page(page, site / f"{name}.html")


def live(page, card: str) -> str:
    return reader.text(page.query_selector(f"article[data-card='{card}']"), ".hep-live")


def test_the_next_evening_meets_continue_and_the_mistakes(site, page):
    visit(page, site, LESSON, "2026-03-01")
    options = page.query_selector_all("article[data-card='quiz-04-check'] .hep-item:first-child")
    assert len(options) == 1
    answer_quiz(page, "quiz-04-check", 0)
    score = live(page, "quiz-04-check")
    missed = page.query_selector_all("article[data-card='quiz-04-check'] [data-state='wrong']")
    assert len(missed) > 0
    page.query_selector_all("main section > h2[data-minutes]")[4].scroll_into_view_if_needed()
    wait_until(page, "hepaticaRecord.get('places', '04')?.seen.length")
    page.reload()
    wait_for_cards(page)
    assert live(page, "quiz-04-check") == score

    visit(page, site, "index", "2026-03-02")
    box = page.query_selector("[data-continue]").inner_text()
    assert "Continue: 04" in box and "minutes left" in box
    assert f"Review: {len(missed)} question" in box
    marks = page.eval_on_selector_all(
        ".progress",
        "(all) => all.map((one) => [one.closest('li').dataset.number, one.textContent])",
    )
    assert [number for number, _ in marks] == ["04"] and " of " in marks[0][1]

    visit(page, site, "review", "2026-03-02")
    wait_until(page, "document.querySelector('.hep-item')")
    items = page.query_selector_all(".hep-item")
    assert 3 <= len(items) <= 5 or len(items) == len(missed)
    answers = json.loads(page.evaluate("localStorage.getItem('hepatica/record')"))["answers"]
    wrong = [key for key, entry in answers.items() if not entry["right"]]
    first = page.evaluate(
        "(async () => (await hepaticaItems).find((item) => item.question === "
        "document.querySelector('.hep-item legend').innerHTML).key)()"
    )
    assert first in wrong


def test_the_review_page_works_empty_and_filled(site, page):
    visit(page, site, "review", "2026-03-01")
    assert check(page, page.query_selector("article.hep-card"), reader) == 3


def test_a_record_goes_to_another_browser_as_a_file(site, page, browser, tmp_path):
    visit(page, site, LESSON, "2026-03-01")
    answer_quiz(page, "quiz-04-recall", 0)
    visit(page, site, "review", "2026-03-01")
    with page.expect_download() as saved:
        reader.button(page.query_selector("article.hep-card"), "Save as a file").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    assert len(json.loads(file.read_text())["answers"]) == 2
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with offline(browser) as other:
        visit(other, site, "review", "2026-03-02")
        other.set_input_files("input[type=file]", broken)
        wait_until(other, "document.querySelector('.hep-keeping .hep-note:not([hidden])')")
        assert "Nothing was taken over" in other.inner_text(".hep-keeping .hep-note")
        other.set_input_files("input[type=file]", file)
        wait_until(other, "Object.keys(hepaticaRecord.all('answers')).length === 2")
        assert "of" in live(other, "review")


POISON = {
    "version": 1,
    "places": {
        "04": {"seen": "all", "of": "x", "left": [], "section": 3},
        "__proto__": {"seen": 1},
    },
    "answers": {"constructor": {"box": "1", "due": {}}, "quiz-04-recall/0": {"given": 9, "due": 7}},
}


def test_a_poisoned_store_breaks_no_page(site, page):
    visit(page, site, "glossary", "2026-03-01")
    page.evaluate("(it) => localStorage.setItem('hepatica/record', it)", json.dumps(POISON))
    for name in (LESSON, "index", "review"):
        visit(page, site, name, "2026-03-01")
    visit(page, site, LESSON, "2026-03-02")
    answer_quiz(page, "quiz-04-recall", 0)
    assert "of 2 right" in live(page, "quiz-04-recall")


def test_erasing_asks_first(site, page):
    visit(page, site, "04_where_the_septa_run", "2026-03-01")
    answer_quiz(page, "quiz-04-recall", 0)
    visit(page, site, "review", "2026-03-01")
    card = page.query_selector("article.hep-card")
    reader.button(card, "Erase my record").click()
    reader.button(card, "Keep it").click()
    assert page.evaluate("Object.keys(hepaticaRecord.all('answers')).length") == 2
    reader.button(card, "Erase my record").click()
    reader.button(card, "Erase everything").click()
    assert page.evaluate("localStorage.getItem('hepatica/record')") is None


def test_an_answer_counts_once_and_practice_leaves_the_record(site, page):
    visit(page, site, LESSON, "2026-03-01")
    card = page.query_selector("article[data-card='quiz-04-recall']")
    first = card.query_selector_all(".hep-item")[0]
    options = first.query_selector_all("input[type=radio]")
    options[0].focus()
    options[0].press("ArrowDown")
    assert not options[0].is_disabled(), "the arrow keys walk, they do not answer"
    options[1].press("Enter")
    assert all(option.is_disabled() for option in options)
    kept = page.evaluate("localStorage.getItem('hepatica/record')")
    reader.button(card, "Start again").click()
    assert card.query_selector(".hep-practice").is_visible()
    options[0].check()
    answers = json.loads(page.evaluate("localStorage.getItem('hepatica/record')"))["answers"]
    assert answers == json.loads(kept)["answers"]


def test_a_recall_quiz_asks_what_is_due_of_earlier_notebooks(site, page):
    visit(page, site, LESSON, "2026-03-01")
    answer_quiz(page, "quiz-04-check", 0)
    visit(page, site, "05_decades_of_silence", "2026-03-02")
    wait_until(
        page, "document.querySelector('article[data-card=quiz-05-recall] .hep-returning li')"
    )
    card = page.query_selector("article[data-card=quiz-05-recall]")
    shown = [item for item in card.query_selector_all(".hep-item") if item.is_visible()]
    assert [reader.text(item, ".hep-from") for item in shown] == ["From notebook 04"] * 2
    visit(page, site, "04_where_the_septa_run", "2026-03-02")
    assert not page.query_selector("article[data-card=quiz-04-recall] .hep-returning li")


def test_a_pretest_asks_one_question_at_a_time_and_goes_on_where_it_was_left(site, page):
    visit(page, site, "00_start_here", "2026-03-01")
    card = "article[data-card='quiz-00-pretest']"
    visible = f"{card} .hep-item:not([hidden])"
    assert page.inner_text(f"{card} .hep-place") == "Question 1 of 10"
    for _ in range(2):
        page.query_selector_all(f"{visible} input[type=radio]")[0].check()
        page.click(f"{card} .hep-steps .hep-primary")
    assert len(page.query_selector_all(visible)) == 1
    page.reload()
    wait_for_cards(page)
    assert page.inner_text(f"{card} .hep-place") == "Question 3 of 10"
    page.click(f"{card} .hep-steps button")
    page.query_selector_all(f"{visible} input[type=radio]")[1].check()  # changed: not finished yet
    assert page.query_selector(f"{card} .hep-finish").is_hidden()
    page.reload()
    wait_for_cards(page)
    answer_rest(page, card)
    page.click(f"{card} .hep-finish")
    assert all(one.is_disabled() for one in page.query_selector_all(f"{visible} input"))


def answer_rest(page, card: str) -> None:
    """Go through the questions to the last one."""
    while True:
        page.query_selector_all(f"{card} .hep-item:not([hidden]) input[type=radio]")[0].check()
        further = page.query_selector(f"{card} .hep-steps .hep-primary:visible")
        if not further:
            return
        further.click()


BLOCKED = (
    "Object.defineProperty(globalThis, 'localStorage', { get() { throw new Error('blocked'); } })"
)


def told_of_storage(page) -> list[str]:
    """What the cards of a page say of the browser's storage."""
    notes = page.eval_on_selector_all(
        ".hep-note", "list => list.filter((n) => !n.hidden).map((n) => n.textContent)"
    )
    return [words for words in notes if "lasts until you leave the page" in words]


def test_a_browser_that_keeps_nothing_is_told_of_once(site, page):
    visit(page, site, LESSON, "2026-03-01")
    assert told_of_storage(page) == []
    page.context.add_init_script(BLOCKED)
    for name in (LESSON, "review"):
        visit(page, site, name, "2026-03-01")
        assert len(told_of_storage(page)) == 1, name
