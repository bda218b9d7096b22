"""Seeded attempts to break what is read in Python: tables, a class's files, students' answers.

As test_attempts.py: HEPATICA_ROUNDS says how many, HEPATICA_SEED which.
"""

from __future__ import annotations

import contextlib
import io
import re
import time
from typing import Any

import attempts
import pytest
from attempts import MARKUP, luck, rounds
from test_bad_tables import LARGE

from hepatica import ledger
from hepatica.exercises import NotYet, check, reading_marks
from hepatica.ledger import cells, schemas
from tools.classroom import report
from tools.classroom.files import NotHandedIn, read, read_folder
from tools.node import Session

LONGEST = 1000  # letters of a message that a reader can take in
SLOWEST = 5.0  # seconds; an attempt takes milliseconds, but for the first import of a library

# -- tables, and the files of a class --------------------------------------------------------------

PLACE = r"data/{}\.csv, row [1-9]\d*( \(key [^\n]*\))?(, column|: column) \S+"


def faults_of_table(name: str, said: str) -> list[str]:
    """What a message on a spoilt table lacks."""
    placed = re.match(PLACE.format(name), said, re.DOTALL)
    return [*([] if placed else ["no place"]), *(["too long"] if len(said) > 1500 else [])]


def cells_that_moved(before: list[dict], after: list[dict]) -> int:
    """How many cells of two readings of a table differ, row by row."""
    rows = list(zip(before, after, strict=False))
    return sum(a[name] != b[name] for a, b in rows for name in a) + abs(len(before) - len(after))


def test_tables(tmp_path):
    draw, refused, read_as = luck("tables"), 0, 0
    small = sorted(set(schemas.TABLES) - set(LARGE))
    for n in range(rounds(60)):
        name, file = draw.choice(small), tmp_path / str(n)
        raw = (ledger.DATA / f"{name}.csv").read_bytes()
        file.mkdir()
        file = file / f"{name}.csv"
        file.write_bytes(attempts.spoilt_bytes(draw, raw))
        columns = schemas.TABLES[name]
        try:
            found = cells.read(file, columns)
            cells.check_size(file, len(found), {name: raw.count(b"\n") - 1})
        except ledger.LedgerError as error:
            refused += 1
            assert faults_of_table(name, str(error)) == [], str(error)[:2000]
            continue
        moved = cells_that_moved(cells.read(ledger.DATA / file.name, columns), found)
        read_as += 1
        same = all(tuple(row) == tuple(columns) for row in found)
        assert same and moved <= 8 * len(columns) + len(found) * len(columns) * (moved > 99), moved
    assert refused > 30 and read_as > 0


def test_a_message_without_its_place_is_noticed():
    assert faults_of_table("units", "data/units.csv, row 3, column unit: write it.") == []
    assert faults_of_table("units", "data/units.csv: 'utf-8' codec can't decode") == ["no place"]
    assert "too long" in faults_of_table("units", "x" * 2000)
    assert cells_that_moved([{"a": "1", "b": "2"}], [{"a": "1", "b": "3"}]) == 1


def good_file() -> dict:
    """What a student hands in."""
    answers = {f"quiz-0{n}-check/9c0eb{n}": {"given": 1, "right": True} for n in range(4)}
    predictions = {
        "first-card": {"kind": "draw", "given": [1, 2, 3, 4, 5], "model": [5, 4, 3, 2, 1]},
        "read-twice": {"kind": "share", "given": 20},
        "eligibility": {"kind": "order", "given": [1, 0]},
        "one-trial": {"kind": "choose", "given": 2, "right": False},
    }
    whole = {"hepatica_class": 1, "pseudonym": "Fern", "made": "2026-03-01"}
    return {**whole, "answers": answers, "predictions": predictions}


def test_the_files_of_a_class(tmp_path):
    draw, refused, kept = luck("class"), 0, 0
    for n in range(rounds(60)):
        good, path = good_file(), tmp_path / f"{n}.json"
        text = attempts.spoilt_json(draw, good)
        raw = text.encode("utf-8", "surrogatepass")
        path.write_bytes(attempts.spoilt_bytes(draw, raw) if draw.random() < 0.3 else raw)
        try:
            student, _ = read(path)
        except NotHandedIn as error:
            refused += 1
            assert str(error).endswith(".") and len(str(error)) < 200
            continue
        kept += len(student.answers) + len(student.predictions)
    assert refused > 10 and kept > 60
    assert report.write(tmp_path / "page", read_folder(tmp_path), "Ours").is_file()
    page = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    assert struck(page) == [] and struck(f"<p>{MARKUP}</p>") == ["<img", "<script"]


def struck(page: str) -> list[str]:
    """The elements of MARKUP that became elements of a page."""
    return [tag for tag in ("<img", "<script") if f"{tag} src=x" in page or f"{tag}>struck" in page]


# -- student answers -------------------------------------------------------------------------------

TYPED = """import { numberIn } from "./kinds/quiz/items.js";
---
return data.map(numberIn);
"""
AS_TYPED = re.compile(r"[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?")


def as_typed(text: str) -> float | None:
    """The number of a text by other means: a decimal comma or point, nothing between digits; none
    where a comma can stand before thousands."""
    plain = text.strip("\ufeff\u200a\u202f\xa0 \n\t").replace(",", ".", 1).replace("\u2212", "-", 1)
    value = float(plain) if AS_TYPED.fullmatch(plain) else float("inf")
    before, _, after = text.strip("\ufeff\u200a\u202f\xa0 \n\t").lstrip("-+\u2212").partition(",")
    thousands = len(after) == 3 and after.isdecimal() and before.isdecimal()
    if thousands and len(before) <= 3 and before[0] != "0":
        return None
    return value if abs(value) < float("inf") else None


def test_typed_numbers(tmp_path):
    draw = luck("typed")
    typed = [attempts.spoilt_text(draw, draw.choice(attempts.NUMBERS)) for _ in range(rounds(60))]
    typed += attempts.NUMBERS
    with Session(TYPED, tmp_path) as session:
        found = session.ask(typed)
    assert found == [as_typed(text) for text in typed]
    assert {"0x1F": None, "2,5": 2.5, "\u22122": -2, "1,500": None}.items() <= dict(
        zip(typed, found)
    ).items()
    assert None in found and len(set(found)) > 10


def told_to_student(code: str, expected: Any) -> str:
    """What a check says of a function `f`; errors that are none of its own go on."""
    names: dict = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            exec(compile(code, "your code", "exec"), names)  # noqa: S102, written for this test
        except Exception as error:  # noqa: BLE001, the notebook and the page tell it by themselves
            return f"no function: {type(error).__name__}"
        try:
            check("it", lambda: names["f"](), expected)
        except NotYet as wrong:
            return str(wrong)
    return printed.getvalue()


def faults_of_words(said: str) -> list[str]:
    """What is wrong with the form of a check's message."""
    return [
        *(["empty"] if len(said) < 10 else []),
        *(["too long"] if len(said) > LONGEST else []),
        *(["more than a line"] if "\n" in said.strip() else []),
    ]


def test_answers_in_code():
    draw, right, wrong = luck("code"), 0, 0
    for _ in range(rounds(80)):
        code, expected = attempts.answer_code(draw)
        begun = time.monotonic()
        said = told_to_student(code, expected)
        assert faults_of_words(said) == [], code
        assert time.monotonic() - begun < SLOWEST, code
        right, wrong = right + said.startswith("correct"), wrong + (not said.startswith("correct"))
    assert right > 0 and wrong > 30


@pytest.mark.parametrize("body", attempts.BODIES)
def test_every_odd_answer_is_told_in_a_sentence(body):
    for expected in (8, [1, 2], True):
        code = f"def f():\n    {body.format(x=repr(expected))}\n"
        assert faults_of_words(told_to_student(code, expected)) == [], code


def test_a_message_of_a_check_that_is_none_is_noticed():
    assert faults_of_words("") == ["empty"]
    assert faults_of_words("it\nis " + "x" * 2000) == ["too long", "more than a line"]
    assert faults_of_words("it is 9, which is too large.") == []


def test_answers_to_the_reading_track():
    draw = luck("reading")
    for _ in range(rounds(40)):
        given = attempts.spoilt_value(draw, [1, 2, 3])
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                assert 0 <= reading_marks("13", given, "exercise_1") <= 3
            except NotYet as wrong:
                assert str(wrong).endswith(".") and len(str(wrong)) < LONGEST
