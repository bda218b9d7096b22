"""The shape of a chart in words: start, end, turning points and crossings, from the run's own
numbers; and what pictures that are no charts show, in words and rows."""

from __future__ import annotations

import math
import re

import pytest
from browser import offline, open_page

from hepatica.site.build import PROJECT
from tools.browser import answer_prediction
from tools.node import Session

SCRIPT = """import { outline, turns } from "./engine/outline.js";
import { TOLD, shortName, zonesOf } from "./engine/told.js";
---
if (data.alt) return shortName(data.alt);
if (data.zones) return Array.from(zonesOf(data.zones));
if (data.picture) return TOLD[data.picture](data.view, data.run, data.drawn);
return data.row ? turns(data.row, data.least) : outline(data.axes, data.lines);
"""
YEARS = {"label": "time", "unit": "years", "range": [0, 20], "scale": "linear"}
SHARE = {"label": "scar", "unit": "%", "range": [0, 40], "scale": "linear"}
X = [i / 5 for i in range(101)]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    with Session(SCRIPT, tmp_path_factory.mktemp("outline")) as session:
        yield session


def told(session, *rows, x=None, y=SHARE, **more) -> str:
    lines = [{"label": "abc"[n], "x": x or X, "y": row, **more} for n, row in enumerate(rows)]
    return session.ask({"axes": {"x": YEARS, "y": y}, "lines": lines})


def test_constant_and_monotone(session):
    assert told(session, [5 for _ in X]) == "a: stays near 5.00 % from 0 years to 20.0 years."
    assert (
        told(session, [at for at in X])
        == "a: starts with 0 % at 0 years, rises to 20.0 % at 20.0 years."
    )
    assert "falls to 0 % at 20.0 years" in told(session, [20 - at for at in X])


def test_a_peak_is_told_and_a_wiggle_is_not(session):
    peak = [30 * math.exp(-(((at - 8) / 3) ** 2)) for at in X]
    assert "rises to 30.0 % at 8.00 years, then falls to" in told(session, peak)
    wiggle = [at + 0.3 * math.sin(5 * at) for at in X]
    assert "then" not in told(session, wiggle)
    assert session.ask({"row": [0, 3, 1, 4, 0], "least": 1.5}) == [1, 2, 3]
    assert session.ask({"row": [0, 3, 1, 4, 0], "least": 2.5}) == [3]
    swings = [20 + 10 * math.sin(3 * at) for at in X]
    assert "turns 19 times between" in told(session, swings)


def test_two_curves_cross_where_they_do(session):
    said = told(session, [at for at in X], [15 - at / 2 for at in X])
    assert said.endswith("a and b cross at 10.0 years.")
    apart = told(session, [0 if at < 5 else at - 5 for at in X], [0 for _ in X])
    assert "cross" not in apart, "curves that part have not crossed"
    assert "cross" not in told(session, X, [15 - at / 2 for at in X], fixed=True)
    level = {"label": "limit", "x": [0, 20], "y": [10, 10], "fixed": True}
    run = {"label": "a", "x": X, "y": [2 * at for at in X]}
    said = session.ask({"axes": {"x": YEARS, "y": SHARE}, "lines": [run, level]})
    assert said.endswith("a and limit cross at 5.00 years.")


def test_missing_numbers_single_points_and_loops(session):
    assert told(session, [None for _ in X]) == "a: no values here."
    holes = [None if 3 < at < 6 else at for at in X]
    assert "rises to 20.0 % at 20.0 years" in told(session, holes)
    assert told(session, [7], x=[4]) == "a: 7.00 % at 4.00 years."
    assert told(session, [0, 9], x=[4, 4]) == "a: a mark at 4.00 years."
    assert told(session, [1, 2, 3], x=[0, 5, 2]).startswith("a: leads from 1.00 % at 0 years")


def test_a_logarithmic_axis_is_read_as_drawn(session):
    cells = {"label": "cells", "unit": "per mL", "range": [1, 1e6], "scale": "log"}
    grows = [10 ** (at / 4) for at in X]
    assert "rises to" in told(session, grows, y=cells)
    # one part in a hundred of six decades is a seventh of the value: no change to the eye
    assert "stays near" in told(session, [1000 * (1 + at / 200) for at in X], y=cells)
    assert "falls to 0 per mL" in told(session, [1000 if at < 9 else 0 for at in X], y=cells)


# ---- pictures that are no charts ----


def picture(session, kind: str, view: dict, run: dict, drawn=None) -> dict:
    return session.ask({"picture": kind, "view": view, "run": run, "drawn": drawn})


def test_a_name_is_the_first_clause_of_a_description(session):
    assert session.ask({"alt": "A liver: red scar, tan cells."}) == "A liver"
    assert session.ask({"alt": "A liver"}) == "A liver"


def test_tissue_is_told_as_its_composition(session):
    states = {name: {"js": f"s.{name}"} for name in ("H", "CPA", "X", "F", "M")}
    scope = {"H": 0.625, "CPA": 14.2, "X": 3.1, "F": 210000, "M": 0}
    told = picture(session, "tissue", {"states": states}, {"scope": scope})
    for words in (
        "14.2 % is collagen",
        "3.10 % of the tissue",
        "62.5 %",
        "210\u202f000 scar cells",
    ):
        assert words in told["words"], words
    assert ["scar cells per mL", "210\u202f000"] in told["rows"]
    bare = picture(session, "tissue", {"states": states}, {"scope": scope | {"F": 0}})
    assert "neither scar cells nor macrophages" in bare["words"]


FIELD = {"width": 120, "height": 104, "columns": 3, "rows": 3}
FIELD_SCOPE = {"CPA_field": 9, "scarred": 30, "bridged": 50}


def test_a_field_tells_where_its_scar_lies(session):
    zones = session.ask({"zones": FIELD})
    assert set(zones) == {0, 1, 2, 3, 4}
    sites = len(zones)
    for zone, place in ((0, "at the central veins"), (4, "at the portal tracts")):
        scar = [20 if where == zone else 1 for where in zones]
        drawn = {"field": FIELD, "out": {"H": [1] * sites, "C": scar, "X": [0] * sites}}
        told = picture(session, "map", {}, {"scope": FIELD_SCOPE}, drawn)
        assert f"densest {place} (20.0 %)" in told["words"]
        assert told["rows"][zone][1:] == [100, 20, 0]
    even = {"field": FIELD, "out": {"H": [1] * sites, "C": [3] * sites, "X": [2] * sites}}
    told = picture(session, "map", {}, {"scope": FIELD_SCOPE}, even)
    assert "spread evenly (5.00 %" in told["words"]
    assert "50.0 % of the bridges" in picture(session, "map", {}, {"scope": FIELD_SCOPE})["words"]


def test_people_and_lives_are_counted(session):
    groups = [{"label": "found"}, {"label": "missed"}]
    told = picture(session, "icons", {"groups": groups, "people": 10}, {}, [7, 3])
    assert told["words"] == "Of 10 people: 7 found; 3 missed."
    bands = [{"label": "well"}, {"label": "ill"}, {"label": "dead"}]
    lived = [[0, 0, 1, 2], [0, 0, 0, 0], [0, 2, 2, 2]]
    told = picture(session, "lives", {"bands": bands}, {}, lived)
    assert "ill or beyond: 2 (the first in year 1)" in told["words"]
    assert told["rows"][0] == ["person 1", "2", "3"] and told["rows"][1][1:] == ["never", "never"]


def test_drawings_and_bars_tell_their_numbers(session):
    number = {"attribute": "text", "part": "gradient-value", "style": "1f", "suffix": " mmHg"}
    width = {"attribute": "stroke-width", "part": "vein", "from": [0, 2], "to": [0, 60]}
    view = {"parts": [{"id": "vein", "name": "Portal vein"}]}
    view["bindings"] = [number | {"js": "s.gradient"}, width | {"js": "s.flow"}]
    told = picture(session, "drawing", view, {"scope": {"gradient": 12.34, "flow": 0.5}})
    assert told["words"] == "It now shows: gradient 12.3 mmHg."
    assert ["Portal vein: width", "25 % of its range"] in told["rows"]
    part = {"label": "pooled", "js": "s.a", "style": "1f"}
    bar = {"label": "Score", "total": {"js": "s.a"}, "style": "0f", "parts": [part, part]}
    told = picture(session, "bars", {"rows": [bar], "unit": "points"}, {"scope": {"a": 7}})
    assert told["words"] == "Score: 7 points." and len(told["rows"]) == 3


def test_trials_are_told_one_by_one(session):
    rows = [
        {"name": "One 2010", "route": 1, "high": 9, "printed": "1e6", "infusions": 2},
        {"name": "Two 2012", "route": 2},
    ]
    lanes = [{"label": "macrophages", "rows": rows}]
    scope = {"type": 0, "route": 0, "smallest": 1e6, "largest": 1e6}
    told = picture(session, "doses", {"lanes": lanes}, {"scope": scope})
    assert "1 of 2 trials could be read" in told["words"]
    assert told["rows"][1] == ["Two 2012", "macrophages", "not read", "not told"]
    assert (
        len(picture(session, "doses", {"lanes": lanes}, {"scope": scope | {"route": 2}})["rows"])
        == 1
    )
    trials = [
        {"key": k, "label": k, "yi": y, "vi": 0.01} for k, y in (("a", 0), ("b", 0), ("c", 2))
    ]
    told = picture(session, "funnel", {"measure": {}}, {"all": trials, "kept": trials})
    assert "common effect of 0.67" in told["words"] and "3 outside" in told["words"]
    told = picture(session, "funnel", {"measure": {}}, {"all": trials, "kept": trials[:2]})
    assert "none outside" in told["words"] and told["rows"][2][3] == "no"


# ---- every picture of the course ----

# What a card shows as a picture to all; a picture in a picture is a part of it.
PICTURES = """  const pictures = (place) =>
  [...place.querySelectorAll(":is(article.hep-card, article.hep-card *):is(svg, canvas, [role=img])")]
    .filter((node) => !node.closest("[aria-hidden=true], .hep-pad") && !node.matches("span, i"))
    .filter((node) => !node.parentElement.closest("svg, [role=img]"));
"""
# Pictures of cards that a screen reader cannot take for anything: without a name, or with neither a
# description, a table of values nor, in a group with a title, a name that tells numbers.
MUTE = (
    "() => {"
    + PICTURES
    + """  return pictures(document).filter((node) => {
    const name = node.getAttribute("aria-label")?.trim();
    const words = document.getElementById(node.getAttribute("aria-describedby"))?.textContent.trim();
    const told = node.closest(".hep-view[role=group][aria-label]") && /\\d|hidden|answer/.test(name);
    return node.getAttribute("role") !== "img" || !name || !(words || told);
  })
  .map((node) => `${node.closest("article").dataset.card}: ${node.outerHTML.slice(0, 120)}`);
}"""
)
# Cards of which a picture has no table in the fold, each section of which is a named sentence and its
# tables with rows. A card of a kind below has its pictures' content as text beside them.
TOLD_BESIDE = ("diagram",)  # a drawing that no run moves: its parts are a list with their texts
TABLELESS = (
    "(only) => {"
    + PICTURES
    + """
  const counts = [], missing = [];
  for (const card of document.querySelectorAll("article.hep-card")) {
    if (only && only !== card.dataset.card) continue;
    const views = new Set(pictures(card).map((node) => node.closest(".hep-view") ?? node)).size;
    if (!views || BESIDE.includes(card.dataset.kind)) continue;
    const fold = card.querySelector(".hep-values:not([hidden])");
    if (fold && !fold.open) {
      fold.open = true;
      fold.dispatchEvent(new Event("toggle")); // its own comes a task later
    }
    const told = [...(fold?.querySelectorAll(".hep-scroll > p") ?? [])].filter((words) =>
      words.nextElementSibling?.querySelector("tbody tr"));
    counts.push(told.length);
    if (told.length < views) missing.push(`${card.dataset.card}: ${told.length} of ${views}`);
  }
  return { counts, missing };
}""".replace("BESIDE", str(list(TOLD_BESIDE)))
)
NOTEBOOKS = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
EXERCISES = [f"exercises/{path.stem[:2]}" for path in (PROJECT / "exercises").glob("*.ipynb")]
CARD = re.compile(r'<figure class="hepatica-card"[^>]* id="([^"]+)"')


def pages_with_all_cards(site) -> list[str]:
    """The notebooks, and the exercises that have a card which no notebook has."""
    known: set[str] = set()
    found = []
    for name in [*NOTEBOOKS, *sorted(EXERCISES)]:
        cards = {
            card
            for card in CARD.findall((site / f"{name}.html").read_text("utf-8"))
            if not card.startswith("quiz-")
        }
        if cards - known:
            found.append(name)
        known |= cards
    assert len(known) > 100
    return found


@pytest.mark.full
def test_every_picture_has_a_name_its_words_and_its_table(site, browser):
    counts = []
    with offline(browser) as page:
        for name in pages_with_all_cards(site):
            for card in open_page(page, site / f"{name}.html"):
                answer_prediction(card)
            page.wait_for_timeout(500)  # words follow at rest
            assert page.evaluate(MUTE) == [], name
            tables = page.evaluate(TABLELESS, None)
            assert tables["missing"] == [], name
            counts += tables["counts"]
    assert len(counts) > 50 and min(counts) > 0


SPOILT = {
    "no name": "node.removeAttribute('aria-label')",
    "no words": "node.removeAttribute('aria-describedby')",
    "words that are gone": "node.setAttribute('aria-describedby', 'nowhere')",
    "no picture": "node.removeAttribute('role')",
}


def test_a_mute_picture_is_noticed_and_nothing_is_told_before_the_answer(site, browser):
    with offline(browser) as page:
        cards = open_page(page, site / f"{NOTEBOOKS[4]}.html")
        card = next(card for card in cards if card.query_selector("canvas.hep-map"))
        words = """(card) => document.getElementById(
          card.querySelector("canvas").getAttribute("aria-describedby")).textContent"""
        assert "covered until you have answered" in card.evaluate(words)
        assert "bridges" not in card.evaluate(words) and page.evaluate(MUTE) == []
        answer_prediction(card)
        page.wait_for_timeout(500)
        assert "of the bridges between vessels are closed" in card.evaluate(words)
        before = card.evaluate(words)
        card.query_selector(".hep-control input[type=range]").press("Home")
        page.wait_for_timeout(700)
        assert card.evaluate(words) != before, "the words follow the controls"
        for fault, script in SPOILT.items():
            spoil = "(card) => { const node = card.querySelector('canvas'); " + script + "; }"
            kept = card.evaluate("(card) => card.querySelector('canvas').outerHTML")
            card.evaluate(spoil)
            assert page.evaluate(MUTE), fault
            card.evaluate(
                """(card, html) => { const old = card.querySelector("canvas");
                const made = new DOMParser().parseFromString(html, "text/html").querySelector("canvas");
                for (const { name, value } of made.attributes) old.setAttribute(name, value); }""",
                kept,
            )
            assert page.evaluate(MUTE) == []
