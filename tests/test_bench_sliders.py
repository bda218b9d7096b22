"""The bench of the sliders counts a page's own work, and finds a card that takes too long."""

from __future__ import annotations

import pytest

from tests.browser import chromium
from tools.sliders import MOVED, PAINTED, SPEEDS, judged, of_card, spent

PAGE = 1, 1  # process and thread


def mark(name: str, at: int) -> dict:
    """A mark of the page at a time in µs."""
    return {"name": name, "ts": at, "pid": 1, "tid": 1}


def task(at: int, lasts: int, works: int, thread: tuple[int, int] = PAGE) -> dict:
    """A task by the clock and by the processor, in µs."""
    pid, tid = thread
    named = {"name": "ThreadControllerImpl::RunTask", "pid": pid, "tid": tid}
    return named | {"ts": at, "dur": lasts, "tdur": works}


def test_only_work_of_the_page_between_move_and_picture_counts():
    events = [
        mark(MOVED, 1000),
        mark(PAINTED, 90_000),
        task(900, 60_000, 5000),  # most of it waited for a processor
        task(70_000, 4000, 3000),
        task(0, 800, 700),  # over before the move
        task(95_000, 900, 800),  # after the picture
        task(2000, 50_000, 50_000, (1, 2)),  # another thread
    ]
    assert spent(events) == [8.0]


def test_a_task_without_processor_time_counts_by_the_clock():
    unmeasured = task(2000, 50_000, 0)
    del unmeasured["tdur"]
    assert spent([mark(MOVED, 1000), mark(PAINTED, 90_000), unmeasured]) == [50.0]


def test_a_trace_without_moves_is_refused():
    with pytest.raises(ValueError, match="0 moves"):
        spent([task(0, 10, 10)])


def test_a_card_is_judged_by_its_work_not_by_the_clock():
    crowded = [400.0] * 12
    assert judged("x", 1, [16.0] * 12, crowded).met
    assert not judged("x", 1, [17.0] * 12, [17.0] * 12).met
    assert not judged("x", 1, [5.0] * 10 + [34.0] * 2, crowded).met
    assert judged("x", 6, [8.0] * 12, crowded).met
    assert not judged("x", 6, [8.5] * 12, crowded).met
    assert not judged("x", 6, [5.0] * 10 + [17.0] * 2, crowded).met


BUSY = """(busy) => {
  document.body.innerHTML = "<article data-card='one'><input type='range'></article>";
  document.querySelector("input").addEventListener("input", () => {
    for (const end = performance.now() + busy; performance.now() < end; );
  });
}"""


@pytest.mark.parametrize(("busy", "met"), [(0, True), (200, False)])
def test_a_card_that_works_too_long_is_found(busy, met):
    with chromium() as browser:
        page = browser.new_page()
        page.evaluate(BUSY, busy)
        lines = list(of_card(browser, page, "one", "00"))
    assert len(lines) == len(SPEEDS)
    assert [line.met for line in lines] == [met] * len(SPEEDS), "\n".join(map(str, lines))
