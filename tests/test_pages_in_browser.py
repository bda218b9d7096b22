"""Every exported page, opened from disk with the network blocked: all controls of all cards move what they should."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import answer_prediction, chromium, look, watched
from playwright.sync_api import TimeoutError as NotInTime

from hepatica.site.build import PROJECT, build

PAGES = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted(path.stem for path in (PROJECT / "exercises").glob("*.ipynb"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site") / "_site"
    build(out, tell=lambda *_: None)
    return out


@pytest.fixture(scope="module")
def browser():
    with chromium() as made:
        yield made


@pytest.fixture
def offline_page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    context.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    page = context.new_page()
    yield page
    context.close()


def shoot(page, name: str) -> None:
    """Keep a picture of the page for whoever wants to look; the folder stays out of git."""
    file = PROJECT / "_screenshots" / f"{name.replace('/', '-')}.png"
    file.parent.mkdir(exist_ok=True)
    page.screenshot(path=file, full_page=True)


def open_page(page, file):
    """Open a page from disk and wait until its cards and charts are alive."""
    page.goto(file.as_uri())
    page.wait_for_function("document.documentElement.dataset.cards === 'ready'")
    page.wait_for_function("!document.querySelector('.hep-waiting')")
    return page.query_selector_all("article.hep-card")


def moves_of(control) -> list:
    """Ways to move one native control with the keyboard; none for one that cannot move, such as a chosen radio."""
    kind = control.get_attribute("type")
    if kind == "radio":
        return [] if control.is_checked() else [control.check]
    keys = ["Space"] if kind == "checkbox" else ["End", "Home"]
    return [lambda key=key: control.press(key) for key in keys]


def check_explorable(page, card) -> int:
    """Move every control from the start; each must change something, and each view and the sentence must follow one."""
    answer_prediction(card)
    name = card.get_attribute("data-card")
    reset = next(button for button in card.query_selector_all(".hep-actions button") if button.inner_text() == "Reset")
    followed, count = set(), 0
    for control in card.query_selector_all("form.hep-controls input, .hep-time input"):
        reset.click()
        start, changed = look(card), set()
        moves = moves_of(control)
        for move in moves:
            move()
            now = look(card)
            changed |= {i for i, (a, b) in enumerate(zip(start["views"], now["views"], strict=True)) if a != b}
            changed |= {"sentence"} if start["text"] != now["text"] else set()
        assert changed or not moves, f"{name}: moving {control.get_attribute('data-name')} shows nothing"
        followed |= changed
        count += bool(moves)
    everything = {"sentence", *range(len(look(card)["views"]))}
    assert followed == everything, f"{name}: {everything - followed} never changes"
    return count


def check_diagram(page, card) -> int:
    """Each part and each layer shows its own text."""
    texts = set()
    parts = card.query_selector_all(".hep-parts button")
    for part in parts:
        part.click()
        texts.add(card.query_selector(".hep-part-text").inner_text())
    assert len(texts) == len(parts) > 0
    layers = card.query_selector_all(".hep-layers input")
    legends = set()
    for layer in layers:
        layer.check()
        drawn = card.query_selector("svg").get_attribute("style")
        legends.add((card.query_selector(".hep-layer-text").inner_text(), drawn))
    assert len(legends) == len(layers)
    return len(parts) + len(layers)


def check_quiz(page, card) -> int:
    """Every option explains itself, and a number gets an answer."""
    count = 0
    for option in card.query_selector_all(".hep-option"):
        option.query_selector("input").check()
        why = option.query_selector(".hep-why")
        assert not why.is_visible() or why.inner_text().strip(), "an option without explanation"
        count += 1
    for number in card.query_selector_all("input.hep-number"):
        number.fill("1")
        number.press("Enter")
        count += 1
    assert card.query_selector(".hep-score").inner_text().strip()
    return count


def check_decision(page, card) -> int:
    """Each step stays closed until the one before is decided well; every choice explains itself."""
    count = 0
    for item in card.query_selector_all(".hep-item"):
        assert item.is_visible(), "a step that does not open"
        for option in item.query_selector_all(".hep-option"):
            option.query_selector("input").check()
            count += 1
            assert option.query_selector(".hep-why").inner_text().strip()
            if option.get_attribute("data-state") == "right":
                break
    assert card.query_selector(".hep-log").is_visible()
    return count


def check_ladder(page, card) -> int:
    """Each rung opens to its own text, the upper ones after the prediction; the brochure's view takes marks away."""
    veiled = card.query_selector_all("button.hep-rung:disabled")
    assert veiled, "nothing is veiled before the prediction"
    answer_prediction(card)
    rungs, texts = card.query_selector_all("button.hep-rung"), set()
    for rung in rungs:
        rung.click()
        assert rung.get_attribute("aria-pressed") == "true"
        texts.add(card.query_selector(".hep-rung-open").inner_text())
    assert len(texts) == len(rungs) > len(veiled)
    before = look(card)
    card.query_selector("[data-name='only_for']").check()
    after = look(card)
    assert before["text"] != after["text"]
    assert before["views"] != after["views"]
    return len(rungs) + 1


def check_screening(page, card) -> int:
    """Every patient has an own story, every slider moves the list of verdicts, every rule set opens its rules."""
    lists, count = set(), 0
    verdicts = lambda: card.query_selector(".hep-rule-sets").inner_text()
    for button in card.query_selector_all(".hep-matrix thead button"):
        button.click()
        lists.add(card.query_selector(".hep-person").inner_text() + verdicts())
        for slider in card.query_selector_all("input[type=range]"):
            before = verdicts()
            seen = [verdicts() for key in ("End", "Home") if slider.press(key) is None]
            assert {*seen} != {before}, f"{slider.get_attribute('data-name')} moves nothing"
            count += 1
        card.query_selector(".hep-actions button").click()
    patients = card.query_selector_all(".hep-matrix thead button")
    assert len(lists) == len(patients) > 0
    for rule_set in card.query_selector_all(".hep-rule-set"):
        rule_set.evaluate("(rules) => rules.querySelector('summary').click()")
        assert rule_set.query_selector("ul.hep-rules li").is_visible()
        assert rule_set.query_selector(".hep-rules-read").inner_text().strip()
        count += 1
    return count


VISIBLE_CLAIMS = "(card) => [...card.querySelectorAll('.hep-claim-row')].filter((row) => row.offsetParent).length"


def check_claims(page, card) -> int:
    """Each filter shows as many claims as it announces, a covered claim is uncovered by judging, each claim opens."""
    shown = lambda: card.evaluate(VISIBLE_CLAIMS)
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
    card.query_selector("form button").click()
    assert shown() == whole
    return count + check_judging(card) + open_claims(page, card)


def check_judging(card) -> int:
    """Cover the verdicts, judge the first claim: its verdict appears, and the agreement is told."""
    cover, row = card.query_selector("input[data-name=cover]"), card.query_selector(".hep-claim-row")
    cover.check()
    assert "covered" in row.inner_text()
    row.query_selector("input[type=radio]").check()
    assert "covered" not in row.inner_text()
    assert "1 of" in card.query_selector(".hep-live").inner_text()
    card.query_selector(".hep-cover button").click()
    cover.uncheck()
    return 2


# Opened by the page itself, in one go: a real click on each of 67 claims waits for as many frames.
OPENED_CLAIMS = """(card) => [...card.querySelectorAll(".hep-claim")].map((claim) => {
  claim.querySelector("summary").click();
  const parts = [...claim.querySelectorAll("dd")].map((part) => (part.checkVisibility() ? part.innerText.trim() : ""));
  return [claim.dataset.claim, parts, [...claim.querySelectorAll("a")].map((link) => link.getAttribute("href"))];
})"""


def open_claims(page, card) -> int:
    """Every claim opens, all parts are filled, and links to notebooks lead to pages beside this one."""
    here = Path(unquote(urlsplit(page.url).path)).parent
    claims = card.evaluate(OPENED_CLAIMS)
    for claim, parts, links in claims:
        assert parts and all(parts), f"{claim} has an empty part"
        pages = [link for link in links if not link.startswith("http")]
        assert pages, f"{claim} names no notebook"
        assert [link for link in pages if not (here / link).is_file()] == []
    return len(claims)


def check_change(page, card) -> int:
    """Without kept answers it says so; each answer kept by a quiz appears at once."""
    says = card.query_selector(".hep-live")
    pairs = card.evaluate("(card) => card.hepatica.pairs.map((pair) => [pair.before, pair.after, pair.items.length])")
    page.evaluate("localStorage.clear()")
    assert "No answers" in keep_answers(page, card, {})
    assert "side by side" in keep_answers(page, card, {pairs[0][0]: {"0": 0}})
    told = keep_answers(page, card, {pairs[0][1]: {"0": 1}, pairs[1][0]: {"0": 0}, pairs[1][1]: {"0": 2}})
    assert "Right before" in told == says.inner_text()
    assert len(card.query_selector_all(".hep-change-table td[data-state]")) == 2 * pairs[0][2]
    assert len(card.query_selector_all(".hep-verdict-table tbody tr")) == pairs[1][2]
    assert len(card.query_selector_all(".hep-agree")) == 2
    return 4


def keep_answers(page, card, answers: dict[str, dict]) -> str:
    """Keep answers as quizzes do, and return what the card says then."""
    page.evaluate("""(answers) => {
      for (const [id, given] of Object.entries(answers)) localStorage.setItem(`hepatica:${id}`, JSON.stringify(given));
      dispatchEvent(new Event("hepatica:kept"));
    }""", answers)
    return card.query_selector(".hep-live").inner_text()


def check_trial(page, card) -> int:
    """Nothing shows before the prediction; then every control and every button that runs trials shows something new."""
    assert card.query_selector(".hep-live").inner_text().startswith("Predict first")
    answer_prediction(card)
    name = card.get_attribute("data-card")
    reset = next(button for button in card.query_selector_all(".hep-actions button") if button.inner_text() == "Reset")
    runs = [("a run", [button.click]) for button in card.query_selector_all("[aria-label='Run trials'] button")]
    controls = card.query_selector_all("form.hep-controls input")
    count, followed = 0, set()
    for what, moves in [*runs, *((control.get_attribute("data-name"), moves_of(control)) for control in controls)]:
        reset.click()
        before, changed = look(card), set()
        for move in moves:
            move()
            now = look(card)
            changed |= {i for i, (a, b) in enumerate(zip(before["views"], now["views"], strict=True)) if a != b}
        assert changed or not moves, f"{name}: moving {what} shows nothing"
        followed |= changed
        count += bool(moves)
    assert followed == set(range(len(look(card)["views"]))), f"{name}: a picture never changes"
    return count


def check_interview(page, card) -> int:
    """Three questions are free and get two replies each; after the decision each reply is judged and all are open."""
    asks = card.query_selector_all("button.hep-ask")
    free = [ask for ask in asks if ask.is_enabled()]
    assert len(free) == len(asks)
    for ask in free[:3]:
        ask.click()
        assert len([reply for reply in card.query_selector_all(".hep-reply") if reply.is_visible()]) % 2 == 0
    assert not any(ask.is_enabled() for ask in asks)
    assert not any(why.is_visible() for why in card.query_selector_all(".hep-reply-why"))
    told = set()
    for option in card.query_selector_all(".hep-option input"):
        option.check()
        told.add(card.query_selector(".hep-live").inner_text())
    assert len(told) == len(card.query_selector_all(".hep-option"))
    for ask in asks[3:]:
        ask.click()
    assert all(why.is_visible() for why in card.query_selector_all(".hep-reply-why"))
    return len(asks) + len(told)


FOREST = """(card) => [...card.querySelectorAll(
  ".hep-forest-track > i, .hep-forest-effect, .hep-forest-prefix, .hep-forest-group, .hep-forest-void, circle")]
  .filter((mark) => mark.checkVisibility())
  .map((mark) => mark.getAttribute("style") + (mark.dataset.in ?? "") + mark.textContent + mark.childElementCount)
  .join() + card.querySelector(".hep-live").textContent"""


def check_forest(page, card) -> int:
    """Every chip, switch and trial moves the pool or what stands below it; Reset brings the start back."""
    answer_prediction(card)
    card.evaluate("(card) => card.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    name, count = card.get_attribute("data-card"), 0
    reset = card.query_selector(".hep-forest-controls > button")
    start = card.evaluate(FOREST)
    for control in card.query_selector_all(".hep-forest-chip, .hep-forest-controls input, .hep-forest-trial input"):
        if control.is_disabled() or (control.get_attribute("type") == "radio" and control.is_checked()):
            continue
        control.click()
        assert card.evaluate(FOREST) != start, f"{name}: {control.evaluate('(it) => it.outerHTML')} shows nothing"
        reset.click()
        assert card.evaluate(FOREST) == start, f"{name}: Reset does not bring the start back"
        count += 1
    assert count > 4
    return count


def check_reporting(page, card) -> int:
    """Every chip changes what is counted; every kind of square says what was read; arrow keys walk on."""
    answer_prediction(card)
    sentence, about = card.query_selector(".hep-live"), card.query_selector(".hep-report-about")
    start, chips = sentence.inner_text(), card.query_selector_all(".hep-forest-chip")
    for chip in chips:
        chip.click()
        assert sentence.inner_text() != start, f"{chip.inner_text()} changes nothing"
        chip.click()
        assert sentence.inner_text() == start
    kinds = {cell.get_attribute("data-state"): cell for cell in card.query_selector_all(".hep-report-cell")}
    texts = set()
    for cell in kinds.values():
        cell.click()
        texts.add(about.inner_text())
    assert len(texts) == len(kinds) == 5
    first = card.query_selector(".hep-report-cell[tabindex='0']")
    first.press("ArrowRight")
    assert page.evaluate("document.activeElement.matches('.hep-report-cell')")
    assert first.get_attribute("tabindex") == "-1"
    return len(chips) + len(kinds)


CHECKS = {
    "interview": check_interview,
    "trial": check_trial,
    "ladder": check_ladder, "explorable": check_explorable, "diagram": check_diagram, "quiz": check_quiz,
    "decision": check_decision, "screening": check_screening, "claims": check_claims, "change": check_change,
    "forest": check_forest, "reporting": check_reporting}


@pytest.mark.parametrize("name", [*PAGES, *(f"exercises/{name[:2]}" for name in EXERCISES)])
def test_page_offline(site, offline_page, name):
    with watched(offline_page) as troubles:
        cards = open_page(offline_page, site / f"{name}.html")
        assert cards, "a page without a live card"
        shoot(offline_page, name)
        moves = sum(CHECKS[card.get_attribute("data-kind")](offline_page, card) for card in cards)
    assert moves > 0
    assert not troubles


def serious(page) -> list[str]:
    """What axe calls serious or critical on the page."""
    found = Axe().run(page).response["violations"]
    grave = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in grave]


OTHER_PAGES = ["index", "glossary", "references", "teacher/index"]
ALL_PAGES = [*PAGES, *(f"exercises/{name[:2]}" for name in EXERCISES), *OTHER_PAGES]


def comes_to_fit(page, patience: int = 5000) -> bool:
    """Whether the page is no wider than its window once its charts have followed, which takes a moment."""
    try:
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=patience)
    except NotInTime:
        return False
    return True


@pytest.mark.parametrize("name", ALL_PAGES)
def test_page_is_accessible_and_fits_a_phone(site, offline_page, name):
    offline_page.goto((site / f"{name}.html").as_uri())
    if offline_page.query_selector("figure.hepatica-card"):
        offline_page.wait_for_function("document.documentElement.dataset.cards === 'ready'")
    assert serious(offline_page) == []
    offline_page.set_viewport_size({"width": 390, "height": 844})
    assert comes_to_fit(offline_page), "the page scrolls sideways on a phone"


def test_a_wide_page_is_noticed(site, offline_page):
    offline_page.set_viewport_size({"width": 390, "height": 844})
    open_page(offline_page, site / f"{PAGES[2]}.html")
    assert comes_to_fit(offline_page)
    offline_page.evaluate("document.querySelector('main').style.cssText = 'width: 900px; max-width: none'")
    assert not comes_to_fit(offline_page, patience=500)


def test_an_inaccessible_page_is_noticed(site, offline_page):
    open_page(offline_page, site / f"{PAGES[2]}.html")
    offline_page.evaluate("document.querySelector('input[type=range]').parentElement.querySelector('label').remove()")
    assert any(line.startswith("label") for line in serious(offline_page))


def test_a_dead_control_is_noticed(site, offline_page):
    cards = open_page(offline_page, site / f"{PAGES[2]}.html")
    card = next(card for card in cards if card.get_attribute("data-kind") == "explorable")
    answer_prediction(card)
    card.evaluate("(card) => card.querySelectorAll('input').forEach((x) => x.replaceWith(x.cloneNode(true)))")
    with pytest.raises(AssertionError, match="shows nothing"):
        check_explorable(offline_page, card)


@pytest.mark.parametrize(("kind", "cut"), [
    ("screening", "input[type=range]"), ("claims", "select"), ("claims", ".hep-claim-row input[type=radio]"),
])
def test_a_dead_part_of_the_last_notebook_is_noticed(site, offline_page, kind, cut):
    cards = open_page(offline_page, site / "13_the_article.html")
    card = next(card for card in cards if card.get_attribute("data-kind") == kind)
    card.evaluate("(card, cut) => card.querySelectorAll(cut).forEach((x) => x.replaceWith(x.cloneNode(true)))", cut)
    with pytest.raises(AssertionError):
        CHECKS[kind](offline_page, card)


def test_a_dead_chip_is_noticed(site, offline_page):
    cards = open_page(offline_page, site / "11_what_the_trials_show.html")
    card = next(card for card in cards if card.get_attribute("data-kind") == "forest")
    answer_prediction(card)
    card.evaluate("(c) => c.querySelectorAll('.hep-forest-chip').forEach((x) => x.replaceWith(x.cloneNode(true)))")
    with pytest.raises(AssertionError, match="shows nothing"):
        check_forest(offline_page, card)


def test_a_dead_control_of_a_trial_is_noticed(site, offline_page):
    cards = open_page(offline_page, site / "12_run_your_own_trial.html")
    card = next(card for card in cards if card.get_attribute("data-card") == "power-of-a-trial")
    answer_prediction(card)
    card.evaluate("(card) => card.querySelectorAll('.hep-controls input').forEach((x) => x.replaceWith(x.cloneNode()))")
    card.evaluate("(card) => { card.querySelector('.hep-live').textContent = 'Predict first'; }")
    with pytest.raises(AssertionError, match="shows nothing"):
        check_trial(offline_page, card)


def test_shared_link_restores_the_card(site, offline_page):
    offline_page.goto((site / "02_from_injury_to_scar.html").as_uri() + "#injury-duration?injury_days=3")
    offline_page.wait_for_function("document.documentElement.dataset.cards === 'ready'")
    output = offline_page.query_selector("article[data-card='injury-duration'] output.hep-value")
    assert output.inner_text().startswith("3.00")


def test_answers_of_the_first_notebook_meet_those_of_the_last(site, offline_page):
    """Answer on one page, open another from disk: the kept answers are there, and the sums are right."""
    open_page(offline_page, site / "00_start_here.html")
    answer_quiz(offline_page, "quiz-00-pretest", 0)
    answer_quiz(offline_page, "quiz-00-first-verdict", 0)
    open_page(offline_page, site / "13_the_article.html")
    card = offline_page.query_selector("article[data-kind=change]")
    says = card.query_selector(".hep-live")
    assert "Your 10 answers of notebook 00 are here" in says.inner_text()
    answer_quiz(offline_page, "quiz-13-post-test", 1)
    spec = card.evaluate("(card) => card.hepatica.pairs[0].items.map((item) => item.right)")
    before, now = (spec.count(chosen) for chosen in (0, 1))
    assert f"Right before: {before} of 10. Right now: {now} of 10." in says.inner_text()
    assert "at first 2 of 8, now none given" in card.query_selector(".hep-verdict-table caption").inner_text()
    offline_page.evaluate("localStorage.clear()")
    open_page(offline_page, site / "13_the_article.html")
    assert "No answers" in offline_page.query_selector("article[data-kind=change] .hep-live").inner_text()


def answer_quiz(page, quiz: str, option: int) -> None:
    """Choose the same option in every item of a quiz."""
    items = page.query_selector_all(f"article[data-card='{quiz}'] .hep-item")
    assert items, f"no quiz {quiz} on the page"
    for item in items:
        item.query_selector_all("input[type=radio]")[option].check()


def test_tissue_is_as_red_as_the_collagen(site, offline_page):
    """The share of collagen-coloured pixels is the collagen proportionate area that the model reports."""
    cards = open_page(offline_page, site / "03_a_liver_that_scars.html")
    card = next(card for card in cards if card.query_selector("canvas.hep-tissue"))
    answer_prediction(card)
    for press in ("Home", "ArrowRight", "End"):
        card.query_selector(".hep-time input").press(press)
        offline_page.wait_for_timeout(200)
        red = card.query_selector("canvas.hep-tissue").evaluate("(canvas) => 100 * canvas.tissue.redFraction()")
        assert abs(red - card.evaluate("(card) => card.hepatica.scope().CPA")) < 0.1
