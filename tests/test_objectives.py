"""What each notebook is for: objectives that name every card, quiz item and exercise of the course,
and nothing that there is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hepatica import ledger
from hepatica.ledger.teaching import LEVELS
from hepatica.site.lesson import Lesson
from hepatica.site.teach import Shelf, TeachError, objectives_of, shelf_of

ROOT = Path(__file__).resolve().parent.parent
ASKING = ("quiz", "decision")
FEWEST, MOST = 4, 6


def stored(folder: str) -> dict[str, Lesson]:
    """The notebooks of a folder by number, as they are stored."""
    files = sorted((ROOT / folder).glob("[0-9]*.ipynb"))
    read = {file.stem[:2]: json.loads(file.read_text(encoding="utf-8")) for file in files}
    return {file.stem[:2]: Lesson(f"{folder}/{file.name}", read[file.stem[:2]]) for file in files}


def course_shelves() -> dict[str, Shelf]:
    """The cards and tasks of every notebook, by its number."""
    lessons, exercises = stored("notebooks"), stored("exercises")
    return {number: shelf_of(lesson, exercises.get(number)) for number, lesson in lessons.items()}


@pytest.fixture(scope="module")
def shelves() -> dict[str, Shelf]:
    return course_shelves()


@pytest.fixture
def rows() -> list[dict]:
    return ledger.rows("objectives")


def named(rows: list[dict], number: str, part: str) -> set[str]:
    """What the objectives of a notebook name in a column."""
    own = [row[part] for row in rows if row["notebook"] == number]
    return set(";".join(own).split(";")) - {""}


def without_objective(rows: list[dict], number: str, shelf: Shelf) -> list[str]:
    """The cards, quiz items, exercise cards and tasks that belong to no objective."""
    cards, items = named(rows, number, "cards"), named(rows, number, "items")
    lost = []
    for name, spec in shelf.cards.items():
        if name in cards | items:
            continue
        asked = range(1, len(spec["items"]) + 1) if spec["kind"] in ASKING else ()
        parts = [f"{name}/{place}" for place in asked] or [name]
        lost += [f"{number}: {part}" for part in parts if part not in items]
    practised = named(rows, number, "exercises")
    return lost + [f"{number}: {e}" for e in [*shelf.extra, *shelf.tasks] if e not in practised]


def misplaced(rows: list[dict], shelves: dict[str, Shelf]) -> list[str]:
    """Ids that stand in a column of another kind: a card among the items, an item among the
    exercises."""
    wrong = []
    for row in rows:
        shelf = shelves[row["notebook"]]
        exercise = {*shelf.extra, *shelf.tasks}
        for part in ("cards", "items", "exercises"):
            for name in filter(None, row[part].split(";")):
                spec = shelf.cards.get(name.partition("/")[0])
                fits = {
                    "cards": name in shelf.cards,
                    "items": spec is not None and spec["kind"] in ASKING,
                    "exercises": name in exercise,
                }
                wrong += [] if fits[part] else [f"{row['key']}: {name} among {part}"]
    return wrong


def test_every_card_quiz_item_and_exercise_belongs_to_an_objective(rows, shelves):
    assert [x for number, s in shelves.items() for x in without_objective(rows, number, s)] == []
    first = [row for row in rows if row["key"] != "03-5"]
    assert without_objective(first, "03", shelves["03"]) == [
        "03: the-lock",
        "03: quiz-03-check/3",
        "03: gap",
    ]


def test_every_id_exists_and_stands_in_its_column(rows, shelves):
    made = objectives_of(rows, shelves)
    assert sum(len(each["cards"]) + len(each["items"]) for each in made) > 200
    assert misplaced(rows, shelves) == []
    turned = {**rows[0], "cards": rows[0]["items"], "items": rows[0]["cards"]}
    assert misplaced([turned], shelves) == [
        "00-1: quiz-00-check/2 among cards",
        "00-1: first-card among items",
    ]


@pytest.mark.parametrize("name", ["no-such-card", "quiz-03-check/7", "quiz-03-check/0", "gap/1"])
def test_what_no_notebook_has_is_refused(shelves, rows, name):
    lost = [{**row, "cards": name} for row in rows if row["key"] == "03-1"]
    with pytest.raises(TeachError, match=name):
        objectives_of(lost, shelves)


def faults(rows: list[dict], numbers: list[str]) -> list[str]:
    """Notebooks with too few or too many objectives; objectives without a card or an item, or
    whose key is not their notebook's."""
    found = []
    for number in numbers:
        own = [row for row in rows if row["notebook"] == number]
        if not FEWEST <= len(own) <= MOST:
            found.append(f"{number}: {len(own)} objectives")
        keys = [f"{number}-{place}" for place in range(1, len(own) + 1)]
        found += [
            f"{row['key']}: key" for row, key in zip(own, keys, strict=True) if row["key"] != key
        ]
        found += [f"{row['key']}: bare" for row in own if not (row["cards"] and row["items"])]
    return found


def test_four_to_six_objectives_a_notebook_each_with_card_and_item(rows):
    numbers = [row["key"] for row in ledger.rows("notebooks")]
    assert faults(rows, numbers) == []
    bare = [{**row, "items": ""} for row in rows if row["notebook"] == "07"][:3]
    assert faults(bare, ["07"]) == ["07: 3 objectives", *(f"07-{i}: bare" for i in (1, 2, 3))]


def test_objectives_reach_from_remembering_to_creating(rows):
    reached = {LEVELS[row["verb"]] for row in rows}
    assert reached == set(LEVELS.values()) and len(reached) == 6
    for number in {row["notebook"] for row in rows}:
        own = {LEVELS[row["verb"]] for row in rows if row["notebook"] == number}
        assert own & {"analyse", "evaluate", "create"}, number
