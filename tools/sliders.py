"""From slider to painted picture, for each card of the course that has a slider.

A card is judged by the processor time of the page's main thread, from the move of the slider until
the picture that it changed is painted: scripts, styles, layout, painting. Time on the clock also
holds what other programs took meanwhile, so it is printed, not judged. A processor slowed six-fold
needs the same work six times as long. Chromium's own slowing (it stops the page's main thread)
gives the clock beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tools.browser import answer_prediction, unfold, wait_until
from tools.budget import Line

__all__ = ["SPEEDS", "every_slider", "judged", "of_card", "ready", "spent"]

SPEEDS = {1: (16.7, 33), 6: (50, 100)}  # processor slowed so many times: median and p95 in ms
MOVES = 12  # of each slider
RANGE = "input[type=range]"
TRACED = ["toplevel", "blink.user_timing"]
MOVED, PAINTED = "slider-moved", "slider-painted"
MOVE_EACH = """async ([id, moves, moved, painted]) => {
  const card = document.querySelector(`article[data-card='${id}']`);
  const sliders = [...card.querySelectorAll("input[type=range]")].filter((one) => one.offsetParent);
  const clock = [];
  for (const slider of sliders) {
    const [low, high] = [Number(slider.min), Number(slider.max)];
    for (let i = 0; i <= moves; i++) {
      // a browser hands over what a slider does at the beginning of a frame
      await new Promise((done) => requestAnimationFrame(done));
      if (i > 0) performance.mark(moved); // the first move wakes what has slept
      const began = performance.now();
      slider.value = low + (high - low) * (0.1 + (0.8 * ((i * 7) % moves)) / moves);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      const channel = new MessageChannel();
      const drawn = new Promise((done) => (channel.port1.onmessage = done));
      channel.port2.postMessage(0); // arrives when this frame is painted
      await drawn;
      if (i > 0) performance.mark(painted);
      if (i > 0) clock.push(performance.now() - began);
      await new Promise((done) => setTimeout(done, 20));
    }
  }
  return clock;
}"""


def ready(browser, file: Path):
    """A page from disk whose cards are live and whose charts are drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(file.as_uri())
    unfold(page)
    wait_until(page, "document.documentElement.dataset.cards === 'ready'")
    wait_until(page, "!document.querySelector('.hep-waiting')", 90)
    return page


def every_slider(browser, site: Path) -> Iterator[Line]:
    """A line per card and speed, in the order of the course."""
    for file in sorted(site.glob("[01][0-9]_*.html")):
        page = ready(browser, file)
        for card in page.query_selector_all("article[data-card]"):
            answer_prediction(card)
            slider = next((s for s in card.query_selector_all(RANGE) if s.is_visible()), None)
            if not slider:
                continue
            slider.hover(force=True)
            page.wait_for_timeout(600)  # until what the answer set in motion is at rest
            yield from of_card(browser, page, card.get_attribute("data-card"), file.stem[:2])
        page.close()


def of_card(browser, page, card: str, notebook: str) -> Iterator[Line]:
    """The lines of one card that is in sight."""
    given = [card, MOVES, MOVED, PAINTED]
    browser.start_tracing(page=page, categories=TRACED)
    clock = {1: page.evaluate(MOVE_EACH, given)}
    work = spent(json.loads(browser.stop_tracing())["traceEvents"])
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    clock[6] = page.evaluate(MOVE_EACH, given)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    slow.detach()
    for speed in SPEEDS:
        yield judged(f"{notebook} {card}", speed, work, clock[speed])


def spent(events: list[dict]) -> list[float]:
    """Processor time (ms) of each move: of every task of the main thread that ran between the move
    and its painted picture. Raises ValueError where a trace has no moves."""
    marks = [event for event in events if event["name"] in (MOVED, PAINTED)]
    moves = sorted(mark["ts"] for mark in marks if mark["name"] == MOVED)
    ends = sorted(mark["ts"] for mark in marks if mark["name"] == PAINTED)
    if not moves or len(moves) != len(ends):
        raise ValueError(f"The trace has {len(moves)} moves and {len(ends)} painted pictures.")
    thread = marks[0]["pid"], marks[0]["tid"]
    tasks = [
        # a trace that leaves out a task's processor time still has its time on the clock: no less
        (event["ts"], event["ts"] + event["dur"], event.get("tdur", event["dur"]) / 1000)
        for event in events
        if event["name"].endswith("RunTask")
        and (event["pid"], event["tid"]) == thread
        and "dur" in event  # a task that the trace cuts off has none
    ]
    return [
        sum(work for begin, end, work in tasks if end > moved and begin <= painted)
        for moved, painted in zip(moves, ends, strict=True)
    ]


def judged(card: str, speed: int, work: list[float], clock: list[float]) -> Line:
    """The budget of one card at one speed, from milliseconds of work here and on the clock at that
    speed."""
    median, p95 = (speed * at for at in typical(work))
    seen = " / ".join(f"{at:.0f}" for at in typical(clock))
    most, late = SPEEDS[speed]
    return Line(
        f"{card}: slider to painted, {'slowed six-fold' if speed > 1 else 'as it is'}",
        f"{most} ms / {late} ms",
        f"{median:.0f} ms / {p95:.0f} ms of work (by the clock {seen})",
        median <= most and p95 <= late,
    )


def typical(numbers: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    ordered = sorted(numbers)
    return ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]
