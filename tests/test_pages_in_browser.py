"""Every exported page, opened from disk with the network blocked:
all controls of all cards move what they should."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from browser import answer_quiz, offline, open_page, refusals, watched

from hepatica.cards import bundle
from hepatica.site.build import PROJECT
from tools import browser as reader
from tools.browser import answer_prediction, wait_until

PAGES = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted(path.stem for path in (PROJECT / "exercises").glob("*.ipynb"))
OTHER_PAGES = [
    "index",
    "exercises/index",
    "atlas",
    "glossary",
    "references",
    "review",
    "teacher/index",
]
WITH_CARDS = [*PAGES, *(f"exercises/{name[:2]}" for name in EXERCISES)]
ALL_PAGES = [*WITH_CARDS, *OTHER_PAGES]
QUICK = {PAGES[6], PAGES[11]}  # circulation and trials; --all opens them all


@pytest.fixture
def offline_page(browser):
    with offline(browser) as page:
        yield page


def shoot(page, name: str) -> None:
    """Keep a picture of the page for whoever wants to look; the folder stays out of git."""
    file = PROJECT / "_screenshots" / f"{name.replace('/', '-')}.png"
    file.parent.mkdir(exist_ok=True)
    page.screenshot(path=file, full_page=True)


def check_of(kind: str, folder: Path = bundle.HERE / "kinds") -> Callable:
    """The browser check of a kind of card, `check(page, card, reader)` of its folder:
    how many things it moved."""
    assert (folder / kind / "check.py").is_file(), f"the kind {kind!r} has no check.py"
    return import_module(f"hepatica.cards.kinds.{kind}.check").check


def check(page, card) -> int:
    """Move everything that the card has; how many things that were.
    A card on which nothing moves is a failure."""
    kind = card.get_attribute("data-kind")
    count = check_of(kind)(page, card, reader)
    assert count > 0, f"the check of {kind} looked at nothing"
    return count


def test_every_kind_of_card_has_its_check(tmp_path):
    kinds = bundle.kinds()
    assert len(kinds) > 0
    for kind in kinds:
        assert callable(check_of(kind)), kind
    (tmp_path / "riddle").mkdir()
    with pytest.raises(AssertionError, match="'riddle' has no check.py"):
        check_of("riddle", tmp_path)


@pytest.mark.parametrize(
    "name",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.full) for name in WITH_CARDS],
)
def test_page_offline(site, offline_page, name):
    with watched(offline_page) as troubles:
        cards = open_page(offline_page, site / f"{name}.html")
        assert cards, "a page without a live card"
        shoot(offline_page, name)
        moves = sum(check(offline_page, card) for card in cards)
        assert refusals(offline_page) == []
    assert moves > 0
    assert not troubles


IN_JUPYTERLAB_ONLY = {"welcome"}  # a page has its own line for who comes back
# Frames that come late, as on a busy machine.
LATE_FRAMES = """(() => {
  const real = requestAnimationFrame;
  window.requestAnimationFrame = (act) => real(() => setTimeout(() => act(performance.now()), 80));
})()"""


@pytest.mark.full
@pytest.mark.parametrize("kind", sorted(set(bundle.kinds()) - IN_JUPYTERLAB_ONLY))
def test_a_check_waits_for_late_frames(site, offline_page, kind):
    """A check that read the card before its next frame would find nothing moved: it happened once,
    on a busy machine."""
    offline_page.add_init_script(LATE_FRAMES)
    pages = {
        site / f"{name}.html": (site / f"{name}.html").read_text("utf-8") for name in ALL_PAGES
    }
    having = [page for page, text in pages.items() if f'data-kind="{kind}"' in text]
    cards = open_page(offline_page, min(having, key=lambda page: len(pages[page])))
    card = next(card for card in cards if card.get_attribute("data-kind") == kind)
    assert check(offline_page, card) > 0


def comes_to_fit(page, patience: float = 5) -> bool:
    """Whether the page is no wider than its window once its charts have followed,
    which takes a moment (seconds)."""
    try:
        wait_until(page, "document.documentElement.scrollWidth <= innerWidth", patience)
    except TimeoutError:
        return False
    return True


@pytest.mark.full  # every page at two widths; `test --all` and CI run it
@pytest.mark.parametrize("name", ALL_PAGES)
def test_page_fits_a_phone(site, offline_page, name):
    offline_page.goto((site / f"{name}.html").as_uri())
    reader.unfold(offline_page)
    if offline_page.query_selector("figure.hepatica-card"):
        wait_until(offline_page, "document.documentElement.dataset.cards === 'ready'")
    assert refusals(offline_page) == []
    offline_page.set_viewport_size({"width": 390, "height": 844})
    assert comes_to_fit(offline_page), "the page scrolls sideways on a phone"


def test_a_wide_page_is_noticed(site, offline_page):
    offline_page.set_viewport_size({"width": 390, "height": 844})
    open_page(offline_page, site / f"{PAGES[2]}.html")
    assert comes_to_fit(offline_page)
    offline_page.evaluate(
        "document.querySelector('main').style.cssText = 'width: 900px; max-width: none'"
    )
    assert not comes_to_fit(offline_page, patience=0.5)


def test_a_dead_control_is_noticed(site, offline_page):
    cards = open_page(offline_page, site / f"{PAGES[2]}.html")
    card = next(card for card in cards if card.get_attribute("data-kind") == "explorable")
    answer_prediction(card)
    card.evaluate(
        "(card) => card.querySelectorAll('input').forEach((x) => x.replaceWith(x.cloneNode(true)))"
    )
    with pytest.raises(AssertionError, match="shows nothing"):
        check(offline_page, card)


@pytest.mark.parametrize(
    ("kind", "cut"),
    [
        ("eligibility", "input[type=range]"),
        ("claims", "select"),
        ("claims", ".hep-claim-row input[type=radio]"),
    ],
)
def test_a_dead_part_of_the_last_notebook_is_noticed(site, offline_page, kind, cut):
    cards = open_page(offline_page, site / "13_the_article.html")
    card = next(card for card in cards if card.get_attribute("data-kind") == kind)
    card.evaluate(
        "(card, cut) => card.querySelectorAll(cut).forEach((x) => "
        "x.replaceWith(x.cloneNode(true)))",
        cut,
    )
    with pytest.raises(AssertionError):
        check(offline_page, card)


def test_a_dead_chip_is_noticed(site, offline_page):
    cards = open_page(offline_page, site / "11_what_the_trials_show.html")
    card = next(card for card in cards if card.get_attribute("data-kind") == "forest")
    answer_prediction(card)
    card.evaluate(
        "(c) => c.querySelectorAll('.hep-forest-chip').forEach((x) => "
        "x.replaceWith(x.cloneNode(true)))"
    )
    with pytest.raises(AssertionError, match="shows nothing"):
        check(offline_page, card)


def test_a_dead_control_of_a_trial_is_noticed(site, offline_page):
    cards = open_page(offline_page, site / "12_run_your_own_trial.html")
    card = next(card for card in cards if card.get_attribute("data-card") == "power-of-a-trial")
    answer_prediction(card)
    card.evaluate(
        "(card) => card.querySelectorAll('.hep-controls input').forEach((x) => "
        "x.replaceWith(x.cloneNode()))"
    )
    card.evaluate("(card) => { card.querySelector('.hep-live').textContent = 'Predict first'; }")
    with pytest.raises(AssertionError, match="shows nothing"):
        check(offline_page, card)


def test_shared_link_restores_the_card(site, offline_page):
    offline_page.goto(
        (site / "02_from_injury_to_scar.html").as_uri() + "#injury-duration?injury_days=3"
    )
    wait_until(offline_page, "document.documentElement.dataset.cards === 'ready'")
    output = offline_page.query_selector("article[data-card='injury-duration'] output.hep-value")
    assert output.inner_text().startswith("3.00")


def test_answers_of_the_first_notebook_meet_those_of_the_last(site, offline_page):
    """Answer on one page, open another from disk: the kept answers are there,
    and the sums are right."""
    open_page(offline_page, site / "00_start_here.html")
    answer_quiz(offline_page, "quiz-00-pretest", 0)
    answer_quiz(offline_page, "quiz-00-first-verdict", 0)
    open_page(offline_page, site / "13_the_article.html")
    card = offline_page.query_selector("article[data-kind=change]")
    says = card.query_selector(".hep-live")
    assert "Your 10 answers of notebook 00 are here" in says.inner_text()
    answer_quiz(offline_page, "quiz-13-post-test", 1)
    asked = card.evaluate("(card) => card.hepatica.pairs[0].items")
    before = sum(item["was"][0] == item["right"] for item in asked)
    now = sum(item["right"] == 1 for item in asked)
    assert f"Right before: {before} of 10. Right now: {now} of 10." in says.inner_text()
    judged = card.evaluate("(card) => card.hepatica.pairs[1].items")
    agreed = sum(item["was"][0] == item["right"] for item in judged)
    caption = card.query_selector(".hep-verdict-table caption").inner_text()
    assert f"at first {agreed} of 8, now none given" in caption and 0 < agreed < 8
    offline_page.evaluate("localStorage.clear()")
    open_page(offline_page, site / "13_the_article.html")
    assert (
        "No answers"
        in offline_page.query_selector("article[data-kind=change] .hep-live").inner_text()
    )


def test_a_line_to_k_reaches_the_letter(site, offline_page):
    """Write in 00, pick a reading, open 13: the letter holds the line, with the verdict that 00
    kept covered."""
    open_page(offline_page, site / "00_start_here.html")
    card = offline_page.query_selector("article[data-card='letter-00']")
    line = "Give me time <b>to read</b>; nothing has to be decided this month."
    card.query_selector("textarea").fill(line)
    reader.button(card, "Let her read it").click()
    card.query_selector("input[type=radio][value='1']").check()
    assert "start looking for a clinic" in reader.text(card, ".hep-letter-said")
    assert "opened in notebook 13" in reader.text(card, ".hep-letter-claim")
    assert "not supported" not in card.inner_text()
    open_page(offline_page, site / "13_the_article.html")
    letter = offline_page.query_selector("article[data-kind=assembled]")
    assert line in reader.text(letter, ".hep-letter-paper")
    assert reader.text(letter, ".hep-letter-verdict").strip() == "not supported"
    assert reader.text(letter, ".hep-live").startswith("1 of 13 lines")
    link = letter.query_selector(".hep-letter-missing a")
    assert link.get_attribute("href") == "01_the_healthy_lobule.html#letter-01"
    offline_page.evaluate("localStorage.clear()")


def test_tissue_is_as_red_as_the_collagen(site, offline_page):
    """The share of collagen-coloured pixels is the collagen proportionate area that the model
    reports."""
    cards = open_page(offline_page, site / "00_start_here.html")
    card = next(card for card in cards if card.query_selector("canvas.hep-tissue"))
    answer_prediction(card)
    for press in ("Home", "ArrowRight", "End"):
        card.query_selector(".hep-time input").press(press)
        offline_page.wait_for_timeout(200)
        red = card.query_selector("canvas.hep-tissue").evaluate(
            "(canvas) => 100 * canvas.tissue.redFraction()"
        )
        assert abs(red - card.evaluate("(card) => card.hepatica.scope().CPA")) < 0.1
