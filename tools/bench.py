"""The budgets of the course, measured in one run: `python3 course.py bench`.

Numbers of one run on one machine are compared with each other, so that ratios mean something on a
slow laptop too. The command ends with 1 if a budget is missed.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from hepatica.analysis import virtual_trial
from hepatica.models.natural_history import hcv
from hepatica.models.tide import tide
from hepatica.site.build import build
from tools.browser import MISSING, answer_prediction, headless, installed, wait_until
from tools.budget import Line
from tools.node import Session
from tools.peers import compare
from tools.race import measured
from tools.sliders import every_slider, ready

ROOT = Path(__file__).resolve().parent.parent
DAYS = [3650 * i / 160 for i in range(161)]
MOVES = 60


def milliseconds(act: Callable[[], object], times: int) -> float:
    """Median duration of `act` in ms over so many calls, after two calls that do not count."""
    durations = []
    for _ in range(times + 2):
        began = time.perf_counter()
        act()
        durations.append(1000 * (time.perf_counter() - began))
    return statistics.median(durations[2:])


# -- the solver ------------------------------------------------------------------------------------

TIMED_SOLVE = """import { compileModel, solveModel } from "./engine/solver.js";
---
const model = compileModel(data.model);
const durations = [];
for (let i = 0; i < 60; i++) {
  const began = performance.now();
  solveModel(model, data.values, data.times);
  durations.push(performance.now() - began);
}
return durations.slice(20).sort((a, b) => a - b)[20];
"""


def solver() -> list[Line]:
    """TIDE-6 over ten years: JavaScript against SciPy's LSODA with a Python right-hand side."""
    values = {"injury_years": 3}
    with tempfile.TemporaryDirectory() as folder, Session(TIMED_SOLVE, Path(folder)) as session:
        script = session.ask({"model": tide.javascript(), "values": values, "times": DAYS})
    python = milliseconds(lambda: tide.simulate(at=DAYS, rtol=1e-7, **values), 20)
    return [
        Line("TIDE-6, 10 years, in JavaScript", "under 5 ms", f"{script:.2f} ms", script < 5),
        Line(
            "the same against SciPy's LSODA, equal tolerance",
            "at least 5 times faster",
            f"{python / script:.0f} times ({python:.1f} ms)",
            python / script >= 5,
        ),
    ]


# -- the page --------------------------------------------------------------------------------------

MOVE_SLIDER = """async ([id, moves]) => {
  const slider = document.querySelector(`article[data-card='${id}'] form.hep-controls input[type=range]`);
  const [low, high] = [Number(slider.min), Number(slider.max)];
  const shown = [], script = [], painted = [];
  for (let i = 0; i < moves; i++) {
    slider.value = low + (high - low) * (0.2 + 0.6 * ((i * 7) % moves) / moves);
    const began = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const handled = performance.now() - began; // the picture has been rewritten by now
    shown.push(handled);
    await new Promise((done) => requestAnimationFrame((frame) => {
      script.push(handled + performance.now() - frame);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { painted.push(performance.now() - began); done(); };
      channel.port2.postMessage(0);
    }));
    await new Promise((done) => setTimeout(done, 30));
  }
  const sorted = (list) => list.sort((a, b) => a - b);
  return { shown: sorted(shown), script: sorted(script), painted: sorted(painted) };
}"""
FIRST_CARD = """new MutationObserver((_, observer) => {
  if (document.querySelector("article.hep-card .hep-live, article.hep-card .hep-option")) {
    globalThis.firstCard = performance.now();
    observer.disconnect();
  }
}).observe(document, { childList: true, subtree: true });"""


def slider_on_page(browser, site: Path) -> dict[str, list[float]]:
    """Sorted milliseconds for a card with one chart: until the picture is rewritten, of script,
    until it is painted."""
    page = ready(browser, site / "02_from_injury_to_scar.html")
    card = page.query_selector("article[data-card='injury-duration']")
    answer_prediction(card)
    card.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    return page.evaluate(MOVE_SLIDER, ["injury-duration", MOVES])


def first_card(browser, page_file: Path) -> float:
    """Milliseconds from the start of loading a page from disk to its first live card."""
    page = browser.new_page()
    page.add_init_script(FIRST_CARD)
    page.goto(page_file.as_uri())
    wait_until(page, "globalThis.firstCard")
    return page.evaluate("globalThis.firstCard")


def page_lines(site: Path, latency: dict[str, list[float]], opening: float) -> list[Line]:
    """Budgets of the exported site."""
    heaviest = max(site.glob("*.html"), key=lambda file: file.stat().st_size)
    shared = sum(
        file.stat().st_size for file in (site / "assets").iterdir() if "plotly" not in file.name
    )
    weight = (heaviest.stat().st_size + shared) / 1e6
    plotly = len(list(site.rglob("plotly*.js")))
    median, p95 = (latency["script"][int(MOVES * share)] for share in (0.5, 0.95))
    return [
        Line(
            "slider to picture, one view: script, median / p95",
            "16.7 ms / 33 ms",
            f"{median:.1f} ms / {p95:.1f} ms",
            median <= 16.7 and p95 <= 33,
        ),
        Line(
            "heaviest page with all it loads, without plotly.js",
            "under 1 MB",
            f"{weight:.2f} MB ({heaviest.name})",
            weight < 1,
        ),
        Line("copies of plotly.js in the site", "one", str(plotly), plotly == 1),
        Line(
            "opening a page from disk to its first live card",
            "under 1.5 s",
            f"{opening / 1000:.2f} s",
            opening < 1500,
        ),
    ]


# -- the peer: interact with matplotlib in a live JupyterLab ---------------------------------------

PEER = """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import interact
from hepatica.models.scar_circuit import scar_circuit

@interact(injury_days=(0.0, 6.0, 0.1))
def show(injury_days=2.0):
    scar_circuit.simulate(100, points=161, injury_days=injury_days)[["F", "M"]].plot(logy=True)
    plt.show()"""
WATCH = """() => {
  globalThis.seen = [];
  new MutationObserver(() => {
    const image = document.querySelector(".jp-RenderedImage img");
    if (!image || image.src === globalThis.last) return;
    globalThis.last = image.src;
    globalThis.seen.push(performance.now());
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""


def interact_in_lab(browser) -> float:
    """Median milliseconds from a key press on ipywidgets' slider to the new matplotlib picture in
    JupyterLab."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PEER)])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, Path(folder) / "peer.ipynb")
        process, address, token = start_lab(folder)
        try:
            return _time_peer(browser, f"{address}/lab/tree/peer.ipynb?token={token}")
        finally:
            process.terminate()
            process.wait(timeout=30)


def start_lab(folder: str) -> tuple[subprocess.Popen, str, str]:
    """A JupyterLab on `folder`, its address and its token."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        "--no-browser",
        "--ip=127.0.0.1",
        "--port=0",
        f"--ServerApp.root_dir={folder}",
        *root,
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    for line in process.stdout:
        found = re.search(r"(http://127\.0\.0\.1:\d+)/lab\S*[?&]token=(\w+)", line)
        if found:
            return process, found[1], found[2]
    raise RuntimeError("JupyterLab did not start.")


def _time_peer(browser, address: str) -> float:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=600_000)
    page.click("li.lm-MenuBar-item:has-text('Run')")
    page.click("li.lm-Menu-item[data-command='runmenu:run-all']")
    page.wait_for_selector(".jp-RenderedImage img", timeout=600_000)
    page.wait_for_timeout(2000)
    page.evaluate(WATCH)
    handle = page.query_selector(".noUi-handle")
    durations = []
    for _ in range(12):
        count, began = page.evaluate("[globalThis.seen.length, performance.now()]")
        handle.press("ArrowRight")
        page.wait_for_function(
            "(count) => globalThis.seen.length > count", arg=count, timeout=20_000
        )
        durations.append(page.evaluate("globalThis.seen.at(-1)") - began)
        page.wait_for_timeout(150)
    return statistics.median(durations[2:])


# -- notebooks and patients ------------------------------------------------------------------------


def notebook_times(file: Path) -> tuple[float, float]:
    """Seconds from a cold kernel to the first card and to the last cell."""
    notebook, moments = nbformat.read(file, as_version=4), {}
    began = time.perf_counter()

    def done(cell, cell_index, execute_reply):
        moments[cell_index] = time.perf_counter() - began

    NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(file.parent)}},
        on_cell_executed=done,
        store_widget_state=False,
        extra_arguments=["--log-level=40"],
    ).execute()
    pictures = [
        i
        for i in moments
        if any(
            "application/vnd.hepatica.card+json" in output.get("data", {})
            for output in notebook.cells[i].outputs
        )
    ]
    return moments[min(pictures)], max(moments.values())


def notebooks() -> list[Line]:
    """Budgets of the notebooks."""
    lines = []
    for file in sorted((ROOT / "notebooks").glob("*.ipynb")):
        first, last = notebook_times(file)
        lines.append(
            Line(
                f"{file.stem}: first card / last cell",
                "under 5 s / under 20 s",
                f"{first:.1f} s / {last:.1f} s",
                first < 5 and last < 20,
            )
        )
    return lines


def patients() -> list[Line]:
    """A million virtual patients through 40 years, and memory at 10 and 40 years."""
    began = time.perf_counter()
    hcv.walk(1_000_000, 40)
    seconds = time.perf_counter() - began
    peaks = []
    for years in (10, 40):
        tracemalloc.start()
        hcv.walk(100_000, years)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return [
        Line("a million patients through 40 years", "under 10 s", f"{seconds:.1f} s", seconds < 10),
        Line(
            "peak memory at 40 years against 10 years",
            "flat (within 20 %)",
            f"{peaks[1] / peaks[0]:.2f} times",
            peaks[1] < 1.2 * peaks[0],
        ),
    ]


def trials() -> list[Line]:
    """Ten thousand virtual trials of fifty patients, analysed."""
    began = time.perf_counter()
    virtual_trial.run(10_000, n=25)
    seconds = time.perf_counter() - began
    return [
        Line(
            "10 000 virtual trials of 50 patients, analysed",
            "under 10 s",
            f"{seconds:.2f} s",
            seconds < 10,
        )
    ]


def field() -> list[Line]:
    """A field of 128 × 128 sites through ten years,
    against the same rules as one Mesa agent per site."""
    times = compare()
    ours, ratio = times["ours_s"], times["times_faster"]
    return [
        Line("a field of 128 × 128 sites through 10 years", "under 2 s", f"{ours:.2f} s", ours < 2),
        Line(
            "the same rules with one Mesa agent per site (20 days, scaled)",
            "at least 20 times slower",
            f"{ratio:.0f} times",
            ratio >= 20,
        ),
    ]


def main() -> int:
    """Measure, print one line per budget as it comes, and return 1 if one is missed."""
    lines: list[Line] = []

    def tell(more: list[Line]) -> None:
        lines.extend(more)
        for line in more:
            print(line, flush=True)

    if "set-up" in sys.argv[1:]:  # only when asked for: it needs the network
        tell(measured())
        return 0 if all(line.met for line in lines) else 1
    tell(solver())
    tell(patients())
    tell(trials())
    tell(field())
    path = installed()
    if path is None:
        print(MISSING)
        return 1
    with tempfile.TemporaryDirectory() as folder, headless(path) as browser:
        site = Path(folder) / "_site"
        build(site, tell=lambda *_: None)
        for line in every_slider(browser, site):
            tell([line])
        latency = slider_on_page(browser, site)
        tell(page_lines(site, latency, first_card(browser, site / "03_a_liver_that_scars.html")))
        peer, own, painted = (
            interact_in_lab(browser),
            latency["shown"][MOVES // 2],
            latency["painted"][MOVES // 2],
        )
        tell(
            [
                Line(
                    "slider to new picture in the page: interact + matplotlib",
                    "at least 20 times slower",
                    f"{peer / own:.0f} times ({peer:.0f} ms against {own:.1f} ms; "
                    f"painted after {painted:.0f} ms)",
                    peer / own >= 20,
                )
            ]
        )
    tell(notebooks())
    missed = sum(not line.met for line in lines)
    print(f"{len(lines)} budgets, {missed} missed.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
