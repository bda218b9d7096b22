"""The real JupyterLab, started by course.py: every notebook runs,
and a slider moved by keyboard reaches Python."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from browser import answer_quiz, watched
from jupyter_client import BlockingKernelClient
from jupyter_core.paths import jupyter_runtime_dir

from hepatica.cards.kinds.welcome.check import check as check_welcome
from hepatica.cards.parts.minutes import sections, stored
from tools import browser as reader
from tools.browser import answer_prediction, look, wait_until
from tools.setup import surroundings

SIXTH = "06_when_the_liver_fails.ipynb"
ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
# The rest run in JupyterLab with --all, and in nbval always.
QUICK = {SIXTH}
VALUES = """import json
from ipywidgets.widgets.widget import _instances
from hepatica.cards import Card
print(json.dumps({card.spec["id"]: card.values for card in _instances.values() if isinstance(card, Card)}))"""
# Ends a browser or a kernel that hangs; a machine with thirty other jobs is thirty times slower.
PATIENCE = 600_000  # ms
# JupyterLab asks the server for files that a fresh installation does not have.
HARMLESS = re.compile(r"Failed to load resource.*(404|403)|favicon|WebSocket connection")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address and token of a JupyterLab that course.py started;
    it saves nothing into the project."""
    keep = tmp_path_factory.mktemp("keep")
    settings = keep / "lab" / "user-settings"
    write_setting(settings, "docmanager-extension/plugin", '{"autosave": false}')
    # JupyterLab draws only what is near the window; here every card must stand on the page at once.
    write_setting(settings, "notebook-extension/tracker", '{"windowingMode": "none"}')
    environment = os.environ | {
        surroundings.CHOSEN: str(keep),
        "HEPATICA_RECORD": str(tmp_path_factory.mktemp("record")),
    }
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [
        sys.executable,
        str(ROOT / "course.py"),
        "lab",
        "--",
        "--no-browser",
        "--port=0",
        *root,
    ]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_RUNTIME_DIR", str(keep / "runtime"))
        yield address_of(process)
    process.terminate()
    process.wait(timeout=300)


def write_setting(folder: Path, plugin: str, text: str) -> None:
    """One user setting of JupyterLab."""
    file = folder / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")


def address_of(process) -> tuple[str, str]:
    """The address and token that JupyterLab prints when it is ready."""
    printed = []
    for line in process.stdout:
        printed.append(line)
        found = re.search(r"(http://127\.0\.0\.1:\d+)/lab\S*[?&]token=(\w+)", line)
        if found:
            return found[1], found[2]
    raise RuntimeError("JupyterLab did not start:\n" + "".join(printed[-20:]))


def ask_kernel(lab, notebook: str) -> dict:
    """Values of all cards in the kernel of an open notebook."""
    address, token = lab
    with urllib.request.urlopen(f"{address}/api/sessions?token={token}") as reply:
        session = next(s for s in json.load(reply) if s["path"].endswith(notebook))
    client = BlockingKernelClient()
    client.load_connection_file(
        str(Path(jupyter_runtime_dir()) / f"kernel-{session['kernel']['id']}.json")
    )
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE / 1000)  # or what it prints may come before it is heard
    printed = []
    client.execute_interactive(
        VALUES,
        timeout=PATIENCE / 1000,
        store_history=False,
        output_hook=lambda m: printed.append(m["content"].get("text", "")),
    )
    client.stop_channels()
    return json.loads("".join(printed))


def run_all(page, lab, notebook: str) -> None:
    """Open a notebook in JupyterLab and run all its cells."""
    address, token = lab
    page.goto(f"{address}/lab/tree/notebooks/{notebook}?token={token}&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=PATIENCE)
    # the status bar knows when the kernel listens
    page.wait_for_selector("text=/ipykernel.*Idle/", timeout=PATIENCE)
    page.click("li.lm-MenuBar-item:has-text('Run')")
    page.click("li.lm-Menu-item[data-command='runmenu:run-all']")
    page.wait_for_selector("article.hep-card", timeout=PATIENCE, state="attached")
    # JupyterLab moves the focus to the last cell when the last cell has run.
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=PATIENCE)
    page.wait_for_timeout(1500)


WITH_SLIDERS = "article.hep-card:is([data-kind='explorable'], [data-kind='eligibility'], [data-kind='virtual_trial'])"


def first_explorable(page):
    """The first card of the notebook that has sliders, with its charts drawn."""
    card = page.wait_for_selector(WITH_SLIDERS, timeout=PATIENCE, state="attached")
    card.scroll_into_view_if_needed()
    page.wait_for_function(
        "(card) => !card.querySelector('.hep-waiting')", arg=card, timeout=PATIENCE
    )
    return card


@pytest.mark.parametrize(
    "notebook",
    [n if n in QUICK else pytest.param(n, marks=pytest.mark.full) for n in NOTEBOOKS],
)
def test_notebook_in_jupyterlab(lab, browser, notebook):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    with watched(page) as troubles:
        run_all(page, lab, notebook)
        card = first_explorable(page)
        answer_prediction(card)
        slider = card.query_selector("form.hep-controls input[type=range]")
        name, identity = slider.get_attribute("data-name"), card.get_attribute("data-card")
        picture, value = look(card), ask_kernel(lab, notebook)[identity][name]
        for _ in range(8):
            slider.press("ArrowRight")
        page.wait_for_timeout(600)
        if look(card) == picture:  # the slider stood at its right end
            for _ in range(16):
                slider.press("ArrowLeft")
            page.wait_for_timeout(600)
        assert look(card)["views"] != picture["views"], (
            f"{identity}: the picture does not follow {name}"
        )
        assert ask_kernel(lab, notebook)[identity][name] != value, (
            f"{identity}: {name} did not reach Python"
        )
    assert not [line for line in troubles if not HARMLESS.search(line)]
    page.close()


# What a reader sees after Run All Cells: how far the notebook is scrolled, and whether the notes at
# its end are in the window.
IN_VIEW = """() => {
  const panel = document.querySelector(".jp-WindowedPanel-outer");
  const { top, bottom } = panel.getBoundingClientRect();
  const notes = [...panel.querySelectorAll("h2")].find((h) => h.textContent.includes("For teachers"));
  const at = notes?.getBoundingClientRect().top ?? Infinity;
  return { scrolled: panel.scrollTop, notes: at > top && at < bottom };
}"""
RESTLESS = """setInterval(() => {
  document.querySelector(".jp-NotebookPanel")?.dispatchEvent(new WheelEvent("wheel"));
}, 50);"""


@pytest.mark.parametrize("restless", [False, pytest.param(True, marks=pytest.mark.full)])
def test_after_all_cells_have_run_the_reader_is_at_the_start(lab, browser, restless):
    """A reader who scrolls meanwhile stays where JupyterLab leaves them: at the end."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    if restless:
        page.add_init_script(RESTLESS)
    run_all(page, lab, "00_start_here.ipynb")
    page.wait_for_timeout(5000)  # as the last card comes, and JupyterLab moves to the last cell
    seen = page.evaluate(IN_VIEW)
    assert (seen["scrolled"] > 1000) if restless else (seen == {"scrolled": 0, "notes": False})
    page.close()


# A chart that came late has its share (px).
SHARED_OUT = """[...document.querySelector("article.hep-card[data-kind='explorable']")
  .querySelectorAll(".hep-view")].every((view) => view.offsetHeight > 150)"""


def test_pictures_stay_in_sight_in_jupyterlab(lab, browser):
    """No box of JupyterLab between a card and the notebook scrolls by itself."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    run_all(page, lab, "00_start_here.ipynb")
    boxes = """(card) => {
      const found = [];
      for (let up = card; !up.matches(".jp-WindowedPanel-outer"); up = up.parentElement)
        if (getComputedStyle(up).overflowY !== "visible") found.push(up.className);
      return found;
    }"""
    card = page.query_selector("article.hep-card[data-kind='explorable']")
    assert card.evaluate(boxes) == []
    answer_prediction(card)
    card.query_selector("input[data-name='injury_years']").press("End")
    page.wait_for_timeout(1500)
    wait_until(page, SHARED_OUT)
    panel = page.query_selector(".jp-WindowedPanel-outer").bounding_box()
    seen = card.query_selector(".hep-views").bounding_box()
    assert panel["y"] <= seen["y"] and seen["height"] <= panel["height"]
    assert seen["y"] + seen["height"] <= panel["y"] + panel["height"] + 1  # px, rounded
    page.add_style_tag(content=".jp-OutputArea-output.jp-OutputArea-output { overflow: auto; }")
    page.evaluate(
        "() => document.querySelectorAll('style').forEach((style) => "
        "style.textContent.includes('hep-card') && style.remove())"
    )
    assert card.evaluate(boxes)
    page.close()


@pytest.mark.full
def test_answers_of_the_first_notebook_reach_the_last(lab, browser):
    """Both notebooks write into one file beside the course, and read it when they are opened."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    run_all(page, lab, "00_start_here.ipynb")
    answer_quiz(page, "quiz-00-pretest", 0)
    page.wait_for_timeout(1500)
    assert page.evaluate("localStorage.getItem('hepatica/record')") is None
    run_all(page, lab, "13_the_article.ipynb")
    says = page.wait_for_selector(
        "article[data-kind='change'] .hep-live", timeout=PATIENCE, state="attached"
    )
    assert "Your 10 answers of notebook 00 are here" in says.text_content()
    page.evaluate("hepaticaRecord.erase()")
    assert "No answers" in says.text_content()
    page.close()


PLACE = "hepaticaRecord.get('places', '06')"


def wheel_to(page, heading: str) -> None:
    """Scroll as a reader does, with rests, until a heading stands in the upper half of the panel."""
    panel = page.query_selector(".jp-WindowedPanel-outer").bounding_box()
    page.mouse.move(panel["x"] + 40, panel["y"] + 300)
    script = f"""[...document.querySelectorAll('.jp-MarkdownOutput h2')]
        .find((one) => one.textContent.startsWith('{heading}')).getBoundingClientRect().top"""
    for _ in range(60):
        if page.evaluate(script) < panel["y"] + panel["height"] / 2:
            break
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(100)
    page.wait_for_timeout(3000)  # a place is kept after two seconds of rest


@pytest.mark.full
def test_the_next_evening_00_knows_where_the_reader_stopped(lab, browser):
    """What Run All scrolls through is no place; what the reader scrolls to or uses is."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.add_init_script("globalThis.hepaticaToday = '2026-03-01'")
    run_all(page, lab, SIXTH)
    page.evaluate("hepaticaRecord.erase()")
    page.wait_for_timeout(3000)
    assert page.evaluate(PLACE) is None, "nobody has read anything yet"
    answer_quiz(page, "quiz-06-recall", 0)
    wait_until(page, PLACE)
    assert page.evaluate(PLACE)["name"] == "“Recall”", "a card that is used is where the reader is"
    wheel_to(page, "2 · Pressure")
    place = page.evaluate(PLACE)
    assert place["name"] == "section 2" and "1-·-Two-ways-round" in place["seen"]
    assert 0 < place["left"] < sum(section.minutes for section in sections(stored(SIXTH)))
    page.close()

    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.add_init_script("globalThis.hepaticaToday = '2026-03-02'")
    run_all(page, lab, "00_start_here.ipynb")
    welcome = page.wait_for_selector("article[data-kind='welcome']")
    told = welcome.inner_text()
    assert re.search(r"Continue: 06, section 2, \d+ minutes left", told)
    assert re.search(r"Review: \d questions?", told)
    assert welcome.bounding_box()["y"] < 500, "it is met at the start"
    marks = page.eval_on_selector_all(
        ".jp-OutputArea table a .progress",
        "(all) => all.map((one) => one.parentElement.getAttribute('href') + one.textContent)",
    )
    assert len(marks) == 1 and re.search(r"/06_when.*\d of \d+ sections$", marks[0]), marks
    assert check_welcome(page, welcome, reader) == 3
    page.close()
