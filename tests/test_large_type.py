"""Type alone at 200 %, as a browser's own font size makes it: no page goes sideways, neither where
rules on the window's width know of it nor where they do not."""

from __future__ import annotations

import pytest
from browser import opened

from tools.browser import wait_until

# px over the right edge that nobody could read without scrolling sideways
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DOUBLE = "document.documentElement.style.fontSize = '200%'"
NEAR = 1  # px; widths are rounded
DESK, PHONE = (1280, 800), (390, 844)
PAGES = (
    ("index.html", DESK),  # columns of the path
    ("11_what_the_trials_show.html", DESK),  # a forest, code
    ("teacher/objectives.html", DESK),  # a table of five columns
    ("index.html", PHONE),
    ("02_from_injury_to_scar.html", PHONE),  # long words in questions
    ("05_decades_of_silence.html", PHONE),  # a range of large numbers
    ("06_when_the_liver_fails.html", PHONE),  # sliders with long units
    ("11_what_the_trials_show.html", PHONE),
    ("12_run_your_own_trial.html", PHONE),  # tabs
    ("teacher/index.html", PHONE),
    ("teacher/objectives.html", PHONE),
)


@pytest.mark.parametrize(("name", "size"), PAGES)
def test_type_alone_at_200_percent_fits(site, browser, name, size):
    page = opened(browser, site / name, size)
    page.evaluate(DOUBLE)
    wait_until(page, f"{OVER} <= {NEAR}", 8)
    page.close()


def test_a_width_in_large_type_is_noticed(site, browser):
    page = opened(browser, site / "teacher/objectives.html", DESK)
    assert page.evaluate(OVER) <= NEAR
    page.add_style_tag(content=".matrix { min-width: 51rem; }")  # what its columns had
    assert page.evaluate(OVER) <= NEAR
    page.evaluate(DOUBLE)
    assert page.evaluate(OVER) > 100
    page.close()


@pytest.mark.parametrize("name", ["teacher/objectives.html", "teacher/index.html"])
def test_tables_for_teachers_fit_a_phone(site, browser, name):
    page = opened(browser, site / name, PHONE)
    wide = """() => [...document.querySelectorAll("table")].filter((table) =>
      table.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length"""
    assert page.evaluate(wide) == 0
    page.add_style_tag(content="main table { min-width: 30rem; }")
    assert page.evaluate(wide) == 1, "the sample: a table that goes sideways"
    page.close()
