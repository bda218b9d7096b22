"""A class: the file that a student hands in, and the page that finds what is true of thirty."""

from __future__ import annotations

import csv
import json
import math
import re
from pathlib import Path

import pytest
import sample_class as sample
from browser import answer_quiz, offline, open_page
from scipy import stats

from hepatica.site import study
from tools import browser as reader
from tools.browser import wait_until
from tools.classroom import findings, report
from tools.classroom.__main__ import main
from tools.classroom.clouds import clouds, share_of
from tools.classroom.files import Folder, HandedIn, NotHandedIn, read, read_folder
from tools.export.bank import bank
from tools.node import run_js

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def items():
    return bank(ROOT)


@pytest.fixture(scope="module")
def invented(items) -> list[dict]:
    return sample.students(items, ROOT)


@pytest.fixture(scope="module")
def handed(invented, tmp_path_factory) -> Path:
    """The folder of thirty files."""
    folder = tmp_path_factory.mktemp("class") / "handed in"
    sample.write(folder, invented)
    return folder


@pytest.fixture(scope="module")
def whole(handed) -> Folder:
    found = read_folder(handed)
    assert len(found.students) == sample.STUDENTS and found.remarks == []
    return found


HAND_IN = """import { handIn } from "./engine/handin.js";
---
return handIn(data.name, data.record, "2026-03-01");
"""
SECRET = "a line that somebody wrote"
RECORD = {
    "answers": {
        "quiz-00-pretest/d7bb62": {"given": 1, "right": True, "on": "2026-01-01", "last": False},
        "quiz-01-check/9c0ebd": {"given": SECRET, "right": True},
        "quiz-01-exercise-1/d30ed3": {"given": 0.54, "right": True, "note": SECRET},
        "quiz-00-pretest": {"finished": True},
        SECRET: {"given": 1, "right": True},
    },
    "predictions": {
        "first-card": {"kind": "draw", "given": {str(n): n for n in range(1, 6)}, "model": [1] * 5},
        "read-twice": {"kind": "share", "given": 20, "answer": 14, "asked": SECRET},
        "reserve-curve": {"kind": "draw", "given": {}, "model": [1] * 5},
        "who-turns-back": {"kind": "share", "given": -1},
        "eligibility": {"kind": "order", "given": [1, 0], "items": [{"rank": 1, "text": SECRET}]},
        "one-trial": {"kind": "choose", "given": 2, "text": SECRET, "right": False},
        "poison": {"kind": "constructor", "given": SECRET},
    },
}


def test_a_student_hands_in_numbers_and_nothing_written(tmp_path):
    file = run_js(HAND_IN, {"name": "  Fern  ", "record": RECORD}, tmp_path / "node")
    assert SECRET in json.dumps(RECORD) and SECRET not in json.dumps(file)
    assert file["pseudonym"] == "Fern" and set(file["answers"]) == {
        "quiz-00-pretest/d7bb62",
        "quiz-01-exercise-1/d30ed3",
    }
    assert file["answers"]["quiz-00-pretest/d7bb62"] == {"given": 1, "right": True}
    assert set(file["predictions"]) == {"first-card", "read-twice", "eligibility", "one-trial"}
    path = tmp_path / "fern.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    student, lost = read(path)
    assert lost == 0 and len(student.answers) == 2 and len(student.predictions) == 4


def test_every_key_of_the_course_may_be_handed_in(items, tmp_path):
    answers = {item.key: {"given": 0, "right": True} for item in items}
    cards = {card: {"kind": "share", "given": 5} for card in sample.card_ids(ROOT)}
    record = {"answers": answers, "predictions": cards}
    file = run_js(HAND_IN, {"name": "Fern", "record": record}, tmp_path)
    assert len(file["answers"]) == len(items) > 200
    assert set(file["predictions"]) == set(cards)


def test_the_true_gain_is_found(whole, items):
    gain = findings.gain(whole.students, items)
    assert len(gain.students) == sample.STUDENTS and gain.questions == 10
    assert 0 < gain.low < sample.GAIN < gain.high < 2 * sample.GAIN
    assert gain.low < gain.mean < gain.high


def test_the_interval_covers_as_often_as_it_says(items):
    """95 % of classes: fewer than 34 of forty come in four of a thousand such tests."""
    tests = [item for item in items if item.key.startswith(findings.AFTER)]
    covered = 0
    for seed in range(40):
        files = sample.students(tests, ROOT, seed)
        students = [student_of(file) for file in files]
        gain = findings.gain(students, tests)
        covered += gain.low <= sample.GAIN <= gain.high
    assert 34 <= covered <= 40


def test_a_class_that_moved_alike_has_no_interval(items):
    """Any two students who gain two answers each would else be told that they know more."""
    keys = [item.key for item in items if item.key.startswith(findings.AFTER)]
    rights = {findings.BEFORE: 3, findings.AFTER: 5}
    answers = {
        start + key.removeprefix(findings.AFTER): (0, place < many)
        for start, many in rights.items()
        for place, key in enumerate(keys)
    }
    students = [HandedIn("", name, "", answers, {}) for name in "ab"]
    gain = findings.gain(students, items)
    assert gain.mean == 2 and math.isnan(gain.low) and math.isnan(gain.high)
    assert report._headline(gain) == "All moved alike: from 3.0 to 5.0 of 10"


def student_of(file: dict) -> HandedIn:
    answers = {key: (entry["given"], entry["right"]) for key, entry in file["answers"].items()}
    return HandedIn("", file["pseudonym"], "", answers, file["predictions"])


def test_hard_easy_and_crooked_questions_are_found(whole, items):
    said = {each.item.key: each.said for each in findings.questions(whole.students, items)}
    assert said[sample.HARD] == "too hard" and said[sample.EASY] == "too easy"
    assert said[sample.UPSIDE_DOWN] == "tells little"
    others = [key for key, words in said.items() if words == "tells little"]
    assert len(others) < 5, others  # chance finds few of two hundred and fifty
    few = findings.questions(whole.students[:5], items)
    assert {each.said for each in few} == {""}


def test_the_idea_that_is_held_is_found(whole, items):
    held = findings.ideas(whole.students, items)
    assert held[0].key == sample.HELD and held[0].wrong > 0.6 > held[1].wrong
    tested = [idea for idea in held if idea.before == idea.before]
    assert len(tested) > 4
    assert sum(idea.after < idea.before for idea in tested) >= len(tested) - 1


def test_guesses_stand_where_they_were_made(whole):
    found = {cloud.card: cloud for cloud in clouds(whole.students, ROOT)}
    far, near = found["who-turns-back"], found["read-twice"]
    assert far.model == 52 and far.near == 0 < near.near
    for card, at in sample.GUESSES.items():
        mean = sum(found[card].guesses) / sample.STUDENTS
        assert abs(mean - at) < 4  # more than three errors of a mean of thirty with spread 6
    assert found["first-card"].model == (2, 11, 19, 9, 5)
    assert share_of({"range": [1, 100], "scale": "log"}, 10) == pytest.approx(0.5)


def test_bad_files_are_named_in_a_sentence_each_and_lose_nothing(invented, tmp_path):
    folder = tmp_path / "files"
    sample.write(folder, invented)
    expected = sample.spoil(folder, invented)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    found = read_folder(folder)
    for name, said in expected.items():
        mine = [remark for remark in found.remarks if name in remark]
        assert len(mine) == 1 and said in mine[0] and mine[0].endswith("."), (name, found.remarks)
    assert len(found.remarks) == len(expected) > 12
    assert len(found.students) == sample.STUDENTS + 1  # the torn file still counts
    assert before == {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    "change", [{"given": True}, {"given": 1e999}, {"given": 10**400}, {"right": 1}, {}]
)
def test_an_entry_of_another_form_is_left_out(invented, tmp_path, change):
    file = json.loads(json.dumps(invented[0]))
    key = next(iter(file["answers"]))
    file["answers"][key] = {**file["answers"][key], **change} if change else [1]
    path = tmp_path / "one.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    student, lost = read(path)
    assert lost == 1 and key not in student.answers


def test_half_a_sign_does_not_cost_the_page_of_the_class(invented, tmp_path):
    file = {**invented[0], "pseudonym": "fox \ud800"}
    (tmp_path / "one.json").write_text(json.dumps(file), encoding="utf-8")
    found = read_folder(tmp_path)
    assert not found.students and "is broken off or changed" in found.remarks[0]


def page_faults(html: str) -> list[str]:
    """What a page that must stand alone, and hide what a file smuggles in, may not have."""
    faults = re.findall(r"<script|<img|<link|<iframe|<[^>]*\s(?:src|on\w+)=|url\(|@import", html)
    return faults + [each for each in re.findall(r'href="([^"]*)"', html) if each != "#files"]


def test_the_page_stands_alone_and_says_what_was_found(invented, tmp_path, capsys):
    folder, out = tmp_path / "files", tmp_path / "out"
    sample.write(folder, invented)
    evil = {**invented[0], "pseudonym": '=1+1<img src=x onerror="x()">'}
    (folder / "evil<b>.json").write_text(json.dumps(evil), encoding="utf-8")
    (folder / "<img src=y>.txt").write_text("x", encoding="utf-8")
    assert main([str(folder), str(out)]) == 0
    assert f"{sample.STUDENTS + 1} students" in capsys.readouterr().out
    html = (out / "index.html").read_text(encoding="utf-8")
    assert page_faults(html) == [] and "&lt;img src=y&gt;.txt is not a file" in html
    assert page_faults(html + '<img src="https://example.org">')
    assert "They know more than before" in html and "paired t" in html
    assert "So many studies cannot be wrong." in html
    with (out / "students.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == sample.STUDENTS + 1 and rows[0]["pseudonym"].startswith("'=1")
    for name in ("questions", "ideas", "predictions"):
        assert (out / f"{name}.csv").read_text(encoding="utf-8-sig").count("\n") > 5


def test_few_files_and_no_folder_are_said(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty"), str(tmp_path / "out")]) == 0
    assert "Nobody to compare yet" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert main([str(tmp_path / "absent")]) == 1
    assert main([str(tmp_path / "empty"), str(tmp_path / "empty")]) == 1
    assert capsys.readouterr().err.count("\n") == 2
    with pytest.raises(NotHandedIn):
        read(tmp_path)


def test_the_study_kit_counts_as_the_card_of_12_does():
    """By the noncentral t itself: one student fewer per group would not do."""
    assert study.CARD in sample.card_ids(ROOT)
    looked = 0
    for difference, row in study.sizes():
        for spread, many in zip(study.SPREADS, row, strict=True):
            enough, fewer = (power(n, difference / spread) for n in (many, many - 1))
            assert fewer < 0.8 <= enough
            looked += 1
    assert looked == 9


def power(n: int, effect: float) -> float:
    """Power of a two-sided t test at 5 % with n in each of two groups."""
    degrees, shift = 2 * n - 2, effect * (n / 2) ** 0.5
    edge = stats.t.ppf(0.975, degrees)
    return stats.nct.sf(edge, degrees, shift) + stats.nct.cdf(-edge, degrees, shift)


def test_a_file_is_seen_in_full_before_it_is_saved(site, browser, tmp_path):
    with offline(browser) as page:
        open_page(page, site / "04_where_the_septa_run.html")
        answer_quiz(page, "quiz-04-recall", 0)
        open_page(page, site / "review.html")
        page.query_selector(".hep-handing summary").click()
        shown = page.query_selector(".hep-handing .hep-file")
        assert page.query_selector(".hep-handing .hep-row button").is_disabled()
        page.query_selector(".hep-handing input").fill("Fern")
        reader.button(page.query_selector("article.hep-card"), "Show the file").click()
        wait_until(page, "document.querySelector('.hep-file pre')")
        text = shown.query_selector("pre").inner_text()
        with page.expect_download() as saved:
            shown.query_selector("button").click()
        file = tmp_path / saved.value.suggested_filename
        saved.value.save_as(file)
        assert file.read_text(encoding="utf-8").strip() == text.strip()
        student, lost = read(file)
        assert (student.pseudonym, len(student.answers), lost) == ("Fern", 2, 0)
        page.query_selector(".hep-handing input").fill("Moss")
        assert not shown.is_visible()
