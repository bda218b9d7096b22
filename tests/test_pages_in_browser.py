"""Every exported page, opened from disk with the network blocked: all controls of all cards move what they should."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import answer_prediction, chromium, look, watched

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


CHECKS = {"explorable": check_explorable, "diagram": check_diagram, "quiz": check_quiz, "decision": check_decision}


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


@pytest.mark.parametrize("name", ALL_PAGES)
def test_page_is_accessible_and_fits_a_phone(site, offline_page, name):
    offline_page.goto((site / f"{name}.html").as_uri())
    if offline_page.query_selector("figure.hepatica-card"):
        offline_page.wait_for_function("document.documentElement.dataset.cards === 'ready'")
    assert serious(offline_page) == []
    offline_page.set_viewport_size({"width": 390, "height": 844})
    offline_page.wait_for_timeout(500)  # charts follow a change of width after a moment
    assert offline_page.evaluate("document.documentElement.scrollWidth") <= 390, "the page scrolls sideways on a phone"


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


def test_shared_link_restores_the_card(site, offline_page):
    offline_page.goto((site / "02_from_injury_to_scar.html").as_uri() + "#injury-duration?injury_days=3")
    offline_page.wait_for_function("document.documentElement.dataset.cards === 'ready'")
    output = offline_page.query_selector("article[data-card='injury-duration'] output.hep-value")
    assert output.inner_text().startswith("3.00")


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
