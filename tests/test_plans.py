"""Plans of classes: their minutes add up, their steps show what there is, and no answer of theirs
reaches a student's page."""

from __future__ import annotations

import re
from itertools import pairwise
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from test_objectives import Shelf, course_shelves, stored

from hepatica import ledger
from hepatica.cards.parts.minutes import CARD, output_minutes, outputs_of
from hepatica.lessons.n00_route import ROUTE
from hepatica.site.dom import Article, number_headings
from hepatica.site.exporter import exporter
from hepatica.site.facts import Facts
from hepatica.site.teach import TeachError, activities_of, parts_of, steps_of
from hepatica.site.teach_pages import Teaching, with_plan

LENGTHS = (45, 90)
PER_CARD, PER_ITEM = 3.5, 0.75
"""Minutes that a step gives at least: a card with its vote, one question of a quiz."""
ALLOWED = re.compile(r"\bnotebooks? \d\d|\b(?:C|F|V)\d{1,2}\b|\b(?:0\d|1[0-3])\b|45 minutes")
"""Digits of a plan that are no finding: notebooks, claims, stages, patients, lengths of a class."""
SAID = ("aim", "ready", "what", "teacher", "students", "board", "paper", "ask", "say", "answer")


@pytest.fixture(scope="module")
def shelves() -> dict[str, Shelf]:
    return course_shelves()


def plan_rows() -> list[dict]:
    return ledger.rows("plans")


def step_rows() -> list[dict]:
    return ledger.rows("plans_steps")


def off_the_clock(plans: list[dict], steps: list[dict]) -> list[str]:
    """Plans whose steps in class do not fill their minutes."""
    found = []
    for plan in plans:
        own = [each for each in steps if each["plan"] == plan["key"] and each["way"] != "home"]
        total = sum(each["minutes"] for each in own)
        found += [] if total == plan["minutes"] else [f"{plan['key']}: {total}"]
    return found


def test_minutes_add_up():
    plans, steps = plan_rows(), step_rows()
    assert len(plans) == 32 and off_the_clock(plans, steps) == []
    longer = [{**steps[0], "minutes": steps[0]["minutes"] + 1}, *steps[1:]]
    assert off_the_clock(plans, longer) == ["00-45: 46"]


def test_every_notebook_has_a_plan_of_45_and_of_90_minutes_and_four_join_several():
    plans = plan_rows()
    own = {(p["notebooks"], p["minutes"]) for p in plans if p["kind"] == "notebook"}
    numbers = [row["key"] for row in ledger.rows("notebooks")]
    assert own == {(number, length) for number in numbers for length in LENGTHS}
    joined = [p["key"] for p in plans if p["kind"] == "combination"]
    assert joined == ["03-11-90", "day", "four-weeks", "elective"]


def wrong_lengths(plans: list[dict], steps: list[dict]) -> list[str]:
    """Steps that play a whole plan in other minutes than its own, or of another notebook."""
    known = {plan["key"]: plan for plan in plans}
    found = []
    for step in filter(lambda each: each["plays"], steps):
        played, whole = known[step["plays"]], known[step["plan"]]
        fits = played["minutes"] == step["minutes"]
        if not fits or played["notebooks"] not in whole["notebooks"].split(";"):
            found.append(step["key"])
    return found


def test_a_step_that_plays_a_plan_has_its_minutes():
    plans, steps = plan_rows(), step_rows()
    assert sum(bool(step["plays"]) for step in steps) == 29
    assert wrong_lengths(plans, steps) == []
    day = next(step for step in steps if step["key"] == "day-1")
    assert wrong_lengths(plans, [{**day, "plays": "00-90"}, {**day, "plays": "04-45"}]) == [
        "day-1",
        "day-1",
    ]


def hurried(steps: list[dict], known: dict[str, Shelf]) -> list[str]:
    """Steps that leave a card, or a question of a quiz, less time than it takes."""
    found = []
    for step in steps:
        needed = 0.0
        for name in filter(None, step["uses"].split(";") if step["way"] != "home" else ()):
            number, _, own = name.partition(":")
            card, _, place = own.partition("/")
            shelf = known[number]
            spec = shelf.cards.get(card) or shelf.extra.get(card) or {}
            asked = 1 if place else len(spec.get("items", []))
            listed = spec.get("kind") in ("quiz", "decision")
            needed += asked * PER_ITEM if listed else PER_CARD
        found += [f"{step['key']}: {needed:g}"] if needed > step["minutes"] else []
    return found


def test_no_step_is_hurried(shelves):
    steps = step_rows()
    assert hurried(steps, shelves) == []
    first = next(step for step in steps if step["uses"] == "00:first-card")
    assert hurried([{**first, "minutes": 3}], shelves) == [f"{first['key']}: 3.5"]


def test_steps_name_what_there_is(shelves):
    steps = step_rows()
    made = [step for plan in plan_rows() for step in steps_of(plan["key"], steps, shelves)]
    assert len(made) == len(steps) and sum(len(step["shown"]) for step in made) > 300
    lost = [{**steps[0], "uses": "00:no-such-card"}]
    with pytest.raises(TeachError, match="no-such-card"):
        steps_of("00-45", lost, shelves)


def test_a_step_at_home_takes_no_time_of_the_class(shelves):
    made = steps_of("four-weeks", step_rows(), shelves)
    assert [step["span"] for step in made[:4]] == ["0–45", "45–90", "", "90–135"]
    told = steps_of("four-weeks", step_rows(), shelves, several=True)
    assert told[2]["shown"][0].label == f"00: {made[2]['shown'][0].label}"
    assert [part for part, _ in parts_of(made)][:2] == [
        "Week 1: the liver and its scar",
        "Week 2: silence and failure",
    ]


def foreign_steps(plans: list[dict], steps: list[dict]) -> list[str]:
    """Steps of a plan that use a notebook which the plan does not name, unless they are read at
    home."""
    known = {plan["key"]: plan["notebooks"].split(";") for plan in plans}
    return [
        step["key"]
        for step in steps
        for name in filter(None, step["uses"].split(";"))
        if step["way"] != "home" and name[:2] not in known[step["plan"]]
    ]


def test_a_plan_keeps_to_its_notebooks():
    plans, steps = plan_rows(), step_rows()
    assert foreign_steps(plans, steps) == []
    assert foreign_steps(plans, [{**steps[0], "uses": "03:one-liver"}]) == ["00-45-1"]


def numbers_told(rows: list[dict]) -> list[str]:
    """Sentences of a table with digits that are a finding: those stand in the notebooks only."""
    said = [row[column] for row in rows for column in SAID if row.get(column)]
    return [text for text in said if re.search(r"\d", ALLOWED.sub("", text))]


@pytest.mark.parametrize(
    "table", ["plans", "plans_steps", "plans_boards", "plans_questions", "activities"]
)
def test_no_finding_is_typed_into_a_plan(table):
    assert numbers_told(ledger.rows(table)) == []
    assert numbers_told([{"say": "In C08 of notebook 00, 74 % turn back."}]) != []


def repeated(rows: list[dict], column: str) -> list[str]:
    """Sentences of some length that stand twice."""
    said = [s for row in rows for s in re.split(r"(?<=[.?!]) ", row[column]) if len(s) > 45]
    return sorted({each for each in said if said.count(each) > 1})


def test_no_long_sentence_is_said_twice():
    steps, acts = step_rows(), ledger.rows("activities")
    for column in ("teacher", "students"):
        assert repeated(steps, column) == []
    assert repeated(acts, "say") == repeated(acts, "answer") == []
    assert repeated([steps[2], steps[2]], "teacher") != []


# ----------------------------------------------------------------------------------- the activities


def unlisted(acts: list[dict], known: dict[str, Shelf]) -> list[str]:
    """Missions, cases and stops of the route without an activity."""
    there = {(row["kind"], row["card"]) for row in acts}
    cards = [spec for shelf in known.values() for spec in shelf.cards.values()]
    wanted = [("mission", spec["id"]) for spec in cards if spec.get("mission")]
    wanted += [("case", row["card"]) for row in ledger.rows("cases")]
    wanted += [("route", stop.card) for stop in ROUTE]
    return [f"{kind}: {card}" for kind, card in wanted if (kind, card) not in there]


def test_every_mission_case_and_stop_is_an_activity(shelves):
    acts = ledger.rows("activities")
    assert unlisted(acts, shelves) == [] and len(acts) == 31
    assert unlisted(acts[1:], shelves) == ["route: first-card"]
    route = [row["card"] for row in acts if row["kind"] == "route"]
    assert route == [stop.card for stop in ROUTE]


def short_of_time(acts: list[dict], told: dict[str, float]) -> list[str]:
    """Activities whose work is shorter than their card takes."""
    return [row["key"] for row in acts if row["work"] < round(told[row["card"]])]


def test_an_activity_has_the_minutes_of_its_card(shelves):
    told = {
        data[CARD]["id"]: output_minutes(data)
        for folder in ("notebooks", "exercises")
        for lesson in stored(folder).values()
        for cell in lesson.notebook["cells"]
        for data in outputs_of(cell)
        if CARD in data and "id" in data[CARD]
    }
    acts = ledger.rows("activities")
    made = activities_of(acts, ledger.rows("cases"), shelves)
    assert all(each["title"] and each["total"] <= 20 for each in made)
    assert short_of_time(acts, told) == []
    assert short_of_time([{**acts[0], "work": 3}], told) == ["route-first-card"]


# ---------------------------------------------------------------------------------------- the pages


def test_a_plan_stands_before_the_box_of_its_notebook():
    box = BeautifulSoup("<h2>For teachers</h2><h2>For teachers</h2><p>Timing.</p>", "html.parser")
    number_headings(box)
    made = with_plan(Article([], Facts(ledger), box), '<h2 id="board">The board</h2><p>A tap.</p>')
    assert [entry.text for entry in made.contents] == ["The board", "The notebook’s own notes"]
    assert made.body.index("A tap.") < made.body.index("Timing.")


def heading_faults(html: str) -> list[str]:
    """Jumps in the order of headings, ids that stand twice, tables without caption or scopes."""
    soup = BeautifulSoup(html, "html.parser")
    levels = [int(each.name[1]) for each in soup.find_all(re.compile("^h[1-6]$"))]
    found = [f"h{a} to h{b}" for a, b in pairwise(levels) if b > a + 1]
    ids = [each["id"] for each in soup.find_all(id=True)]
    found += sorted({f"id {each}" for each in ids if ids.count(each) > 1})
    found += ["no caption" for each in soup.find_all("table") if not each.caption]
    return found + ["no scope" for each in soup.find_all("th") if not each.get("scope")]


@pytest.fixture(scope="module")
def fragments(shelves) -> dict[str, str]:
    """The plan of each notebook as it is put on its page, and the pages on the whole course."""

    lessons = [shelf.lesson for shelf in shelves.values()]
    course = SimpleNamespace(lessons=lessons, exercise=lambda number: None)
    teaching, made = Teaching(course, ledger), {}
    teaching.shelves = shelves
    for lesson in lessons:
        given = {"resources": {"page": teaching.given(lesson)}}
        made[lesson.number] = exporter().render("teacher_plan.html.j2", given)
    return made


def test_the_parts_of_a_plan_are_in_order_and_its_tables_named(fragments):
    assert len(fragments) == 14
    assert {n: heading_faults(html) for n, html in fragments.items() if heading_faults(html)} == {}
    bad = "<h2 id='a'>A</h2><h4 id='a'>B</h4><table><tr><th>C</th></tr></table>"
    assert heading_faults(bad) == ["h2 to h4", "id a", "no caption", "no scope"]


def told_there(html: str, answers: list[str]) -> list[str]:
    """Answers of class activities that a page shows."""
    return [answer for answer in answers if answer in html]


def test_answers_stay_on_teachers_pages_and_are_folded(site):
    answers = [row["answer"] for row in ledger.rows("activities")]
    pages = sorted(site.glob("*.html")) + sorted(site.glob("*/*.html"))
    students = [page for page in pages if page.parent.name != "teacher"]
    words = {page: page.read_text(encoding="utf-8") for page in students}
    assert len(words) > 40 and [p for p, html in words.items() if told_there(html, answers)] == []
    own = BeautifulSoup((site / "teacher/activities.html").read_text("utf-8"), "html.parser")
    assert [fold.p.get_text() for fold in own.select(".activity details")] == answers
    assert told_there(str(own), answers)


def test_students_are_led_to_the_teachers_first_page_only(site):
    def led(html: str) -> set[str]:
        links = BeautifulSoup(html, "html.parser").select("a[href]")
        return {a["href"].partition("#")[0] for a in links if "teacher/" in a["href"]}

    for page in site.glob("*.html"):
        assert led(page.read_text(encoding="utf-8")) <= {"teacher/index.html"}, page.name
    assert led('<a href="teacher/03.html#board">') == {"teacher/03.html"}
