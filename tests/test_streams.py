"""Blood that flows in a drawing, and the button Why?, as a reader meets them in a browser."""

from __future__ import annotations

import json

import pytest
from browser import watched

from hepatica.cards import bundle
from hepatica.lessons import n06_when_the_liver_fails as lesson
from hepatica.model.code import emit

WIDE = {"width": 1366, "height": 900}
STREAMS = """() => [...document.querySelectorAll(".hep-streams > g")].map((group) => ({
  shown: group.style.display !== "none",
  dots: getComputedStyle(group.querySelector(".dots")).display !== "none",
  arrows: getComputedStyle(group.querySelector(".arrow")).display !== "none",
  runs: group.getAnimations({ subtree: true }).filter((run) => run.playState === "running").length,
  rate: group.querySelector(".dots").getAnimations()[0].playbackRate,
}))"""
PUT = """(values) => document.querySelector("article.hep-card").hepatica.put(values)"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A page with the portal circulation, and an empty stretch to scroll to."""
    (spec,), table = emit([lesson.circulation().spec])
    data = json.dumps(spec).replace("<", "\\u003c")
    path = tmp_path_factory.mktemp("streams") / "card.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><style>{bundle.styles()}</style>"
        f'<figure class="hepatica-card" id="{spec["id"]}"><script type="application/json">{data}'
        f'</script></figure><div style="height: 5000px"></div>'
        f"<script>hepaticaFormulas = {table};</script><script>{bundle.classic()}</script>",
        encoding="utf-8",
    )
    return path


def opened(browser, file, motion: str = "no-preference"):
    """The page, once it stands."""
    page = browser.new_page(viewport=WIDE, reduced_motion=motion)
    page.goto(file.as_uri())
    page.wait_for_selector("article.hep-card svg.hep-streams", state="attached")
    page.wait_for_timeout(300)
    return page


def said(page) -> list[str]:
    """The steps on the page."""
    return page.eval_on_selector_all(
        ".hep-why-steps > li", "(lines) => lines.map((line) => line.textContent)"
    )


def test_dots_run_as_fast_as_the_blood(browser, file):
    page = opened(browser, file)
    page.evaluate(PUT, {"CPA": 37})
    vein, liver, shunt, tips, *_ = page.evaluate(STREAMS)
    assert vein["shown"] and vein["runs"] == 1 and liver["runs"] == lesson.LOOPS
    flows = lesson.circulation().scope(CPA=37)
    for stream, flow in ((liver, "flow_liver"), (shunt, "flow_shunt")):
        assert stream["rate"] / vein["rate"] == pytest.approx(flows[flow] / flows["Q_in"], rel=1e-3)
        assert stream["rate"] != pytest.approx(vein["rate"], rel=0.1)
    assert not tips["shown"] and tips["runs"] == 0 and not vein["arrows"]
    page.evaluate(PUT, {"CPA": 2})
    assert not page.evaluate(STREAMS)[2]["shown"], "the shunt is asleep"
    page.close()


def test_blood_rests_where_nobody_sees_it(browser, file):
    page = opened(browser, file)
    page.evaluate("scrollTo(0, 4000)")
    page.wait_for_timeout(300)
    assert sum(stream["runs"] for stream in page.evaluate(STREAMS)) == 0
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(300)
    assert sum(stream["runs"] for stream in page.evaluate(STREAMS)) > 0
    page.close()


def test_arrows_take_the_place_of_motion(browser, file):
    page = opened(browser, file, motion="reduce")
    streams = page.evaluate(STREAMS)
    assert sum(stream["runs"] for stream in streams) == 0
    assert streams[0]["arrows"] and not streams[0]["dots"]
    page.close()
    page = opened(browser, file)
    page.emulate_media(media="print")
    streams = page.evaluate(STREAMS)
    assert streams[0]["arrows"] and not streams[0]["dots"]
    page.close()


def test_why_is_asked_by_keyboard_and_follows(browser, file):
    page = opened(browser, file)
    with watched(page) as troubles:
        button = page.query_selector(".hep-why-button")
        button.press("Enter")
        assert button.get_attribute("aria-expanded") == "true"
        # nothing has moved, so it is compared with the first button that differs
        assert said(page) == lesson.circulation().because("scarred")
        page.evaluate(PUT, {"CPA": 30})
        page.wait_for_timeout(500)
        page.select_option(".hep-why select", "the start")
        assert said(page) == lesson.circulation().because(CPA=30) != []
        assert said(page) != lesson.circulation().because(CPA=37)
        page.select_option(".hep-why select", "“scarred, no collaterals”")
        assert said(page) == lesson.circulation().because("scarred, no collaterals", CPA=30)
        button.press("Enter")
        assert page.query_selector(".hep-why-panel").is_hidden()
    assert troubles == []
    page.close()
