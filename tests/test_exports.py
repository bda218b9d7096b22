"""The question banks are read back by the programs' own rules, and hold what the course holds."""

from __future__ import annotations

import csv
import dataclasses
import html
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

from hepatica.cards.kinds.quiz.stored import stored_items, without_tags
from tools.export import canvas, deck, moodle, sheet
from tools.export.__main__ import export
from tools.export.bank import CARD, EXERCISE, POINTS_AT_CARD, bank, leaving, titles

ROOT = Path(__file__).resolve().parent.parent
FORMULA = ("=", "+", "@")  # a spreadsheet takes such a text for one
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


@pytest.fixture(scope="module")
def items():
    return bank(ROOT)


@pytest.fixture(scope="module")
def out(items, tmp_path_factory) -> Path:
    """The folder of an export."""
    folder = tmp_path_factory.mktemp("export")
    said = "\n".join(export(folder, items))
    assert f"{len(leaving(items))} notes" in said and f"all {len(items)} questions" in said
    return folder


def key_faults(found: list[str], wanted: list[str]) -> list[str]:
    """What a bank lacks, has twice, or has and should not."""
    there, due = Counter(found), Counter(wanted)
    return [f"{key}: {there[key]} of {due[key]}" for key in there | due if there[key] != due[key]]


def test_the_bank_is_every_question_of_the_course(items):
    orders = [item.key for item in items if item.kind == "order"]
    stored = [item["key"] for item in stored_items(ROOT)]
    assert len(stored) > 200 and len(orders) > 1
    assert key_faults([item.key for item in items], [*stored, *orders]) == []
    assert key_faults(stored[1:], stored) == [f"{stored[0]}: 0 of 1"]
    assert key_faults([*stored, stored[0]], stored) == [f"{stored[0]}: 2 of 1"]


def needs_the_course(item) -> bool:
    """Whether a question that may leave speaks of something that stays."""
    return not item.left_out and bool(POINTS_AT_CARD.search(f"{item.question} {item.hint}"))


def test_a_question_that_needs_a_card_stays_and_is_counted(items):
    assert {item.left_out for item in items} == {"", CARD, EXERCISE}
    assert [item.key for item in items if needs_the_course(item)] == []
    held = next(item for item in items if item.left_out == CARD)
    assert needs_the_course(dataclasses.replace(held, left_out=""))


def moodle_faults(root: ET.Element) -> list[str]:
    """What Moodle would refuse or mark wrongly, question by question."""
    faults = [] if root[0].get("type") == "category" else ["the first is no category"]
    for question in root:
        kind, name = question.get("type"), question.findtext("idnumber", "category")
        grades = [float(answer.get("fraction", 0)) for answer in question.findall("answer")]
        if kind == "category":
            path = question.findtext("category/text", "").replace("//", "")
            if path.count("/") != 3 or not path.startswith("$course$/top/"):
                faults.append(f"{path}: no path of a category")
        elif kind in ("multichoice", "numerical"):
            if sorted(grades)[-1:] != [100.0] or grades.count(100.0) != 1:
                faults.append(f"{name}: {grades.count(100.0)} answers are right")
            if any(not answer.findtext("feedback/text") for answer in question.findall("answer")):
                faults.append(f"{name}: an answer without a reply")
        elif kind != "matching" or len(question.findall("subquestion")) < 3:
            faults.append(f"{name}: a question of kind {kind}")
        if kind == "numerical" and len(question.findall("answer/tolerance")) != len(grades):
            faults.append(f"{name}: a number without tolerance")
        if kind != "category" and not question.findtext("questiontext/text"):
            faults.append(f"{name}: nothing is asked")
    return faults


def test_moodle_reads_the_bank(out, items):
    text = (out / moodle.FILE).read_text(encoding="utf-8")
    root, free = ET.fromstring(text), leaving(items)
    assert moodle_faults(root) == []
    assert key_faults([q.text for q in root.iter("idnumber")], [item.key for item in free]) == []
    assert len(root.findall("question[@type='category']")) == len({i.notebook for i in free})
    told = {q.findtext("idnumber"): q for q in root if q.get("type") == "multichoice"}
    for item in free:
        if item.kind == "choice":  # the page's order, and the page's replies
            answers = told[item.key].findall("answer")
            pairs = [(one.findtext("text"), one.findtext("feedback/text")) for one in answers]
            assert pairs == [(one.text, one.why) for one in item.options]
            assert told[item.key].findtext("shuffleanswers") == "false"


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ('fraction="100"', 'fraction="0"', "0 answers are right"),
        ('fraction="0"', 'fraction="100"', "2 answers are right"),
        ("$course$/top/Hepatica/", "Hepatica/", "no path of a category"),
        ('type="matching"', 'type="essay"', "of kind essay"),
        ("<tolerance>", "<range>", "without tolerance"),
    ],
)
def test_a_bank_that_moodle_would_misread_is_found(out, good, bad, fault):
    text = (out / moodle.FILE).read_text(encoding="utf-8")
    assert good in text
    broken = text.replace(good, bad, 1)
    if bad == "<range>":
        broken = broken.replace("</tolerance>", "</range>", 1)
    assert fault in "\n".join(moodle_faults(ET.fromstring(broken)))


def take_in(collection: Collection, package: Path) -> dict[str, int]:
    """Import a deck as the program does; how many notes were new, updated or there already."""
    options = ImportAnkiPackageOptions()
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    log = collection.import_anki_package(request).log
    return {name: len(getattr(log, name)) for name in ("new", "updated", "duplicate")}


@pytest.fixture
def collection(tmp_path):
    made = Collection(str(tmp_path / "collection.anki2"))
    yield made
    made.close()


def test_anki_takes_the_deck_in_once(out, items, collection):
    free, package = leaving(items), out / deck.FILE
    assert take_in(collection, package)["new"] == len(free)
    assert take_in(collection, package) == {"new": 0, "updated": 0, "duplicate": len(free)}
    assert collection.note_count() == collection.card_count() == len(free)
    names = {found.name for found in collection.decks.all_names_and_ids()}
    wanted = {f"Hepatica::{titles()[item.notebook]}" for item in free}
    assert len(wanted) == 14 and wanted <= names
    ideas = {f"misconception::{i.misconception}" for i in free if i.misconception[:1] == "M"}
    assert set(collection.tags.all()) == ideas and len(ideas) > 10
    notes = [collection.get_note(one) for one in collection.find_notes("")]
    assert key_faults([note["Key"] for note in notes], [item.key for item in free]) == []
    assert all(without_tags(note["Answer"]) not in without_tags(note["Question"]) for note in notes)


def test_a_newer_deck_updates_the_notes(items, collection, tmp_path, monkeypatch):
    few = [item for item in leaving(items) if item.notebook == "00"]
    assert take_in(collection, deck.write(tmp_path, few, titles()))["new"] == len(few)
    mended = dataclasses.replace(few[0], misconception="M99", given="Mended.")
    monkeypatch.setattr("time.time", lambda: 4e9)  # a later day than that of the first deck
    newer = deck.write(tmp_path, [mended, *few[1:]], titles())
    monkeypatch.undo()
    assert take_in(collection, newer)["new"] == 0 and collection.note_count() == len(few)
    found = [collection.get_note(one) for one in collection.find_notes(f"Key:{mended.key}")]
    assert [note["Given"] for note in found] == ["Mended."]
    monkeypatch.setattr(deck.genanki, "guid_for", lambda *_: "another")  # ids that do not last
    assert take_in(collection, deck.write(tmp_path, few[:1], titles()))["new"] == 1


def words_of(markup: str) -> str:
    """Letters and figures only: quotation marks and spaces are text2qti's own."""
    return re.sub(r"[\W_]+", "", html.unescape(without_tags(markup)))


def is_key(values: list[str], labels: list[str], item) -> bool:
    """Whether what scores is what is right: the label of an option, or the number."""
    if item.kind == "choice":
        place = [option.right for option in item.options].index(True)
        return values == labels[place : place + 1]
    return len(labels) == 1 and abs(float(values[0]) - item.answer) <= max(item.tolerance, 1e-9)


def canvas_faults(root: ET.Element, items: list) -> list[str]:
    """Where a package of Canvas differs from the bank, in what is asked, offered or right."""
    found = list(root.iter(f"{QTI}item"))
    faults = [] if len(found) == len(items) else [f"{len(found)} of {len(items)} questions"]
    for node, item in zip(found, items, strict=False):
        words = [words_of(text.text or "") for text in node.iter(f"{QTI}mattext")]
        if words_of(item.question) not in words[0]:
            faults.append(f"{item.key}: asks something else")
        if not {words_of(one) for o in item.options for one in (o.text, o.why)} <= set(words):
            faults.append(f"{item.key}: an option or a reply is lost")
        scored = [c for c in node.iter(f"{QTI}respcondition") if c.find(f"{QTI}setvar") is not None]
        values = [v.text for c in scored for v in c.iter(f"{QTI}varequal")]
        labels = [label.get("ident") for label in node.iter(f"{QTI}response_label")]
        if not is_key(values, labels, item):
            faults.append(f"{item.key}: the key is another")
    return faults


def test_canvas_packages_hold_the_bank(out, items):
    taken = [item for item in leaving(items) if canvas.takes(item)]
    looked = 0
    for path in sorted((out / canvas.FOLDER).glob("*.zip")):
        mine = [item for item in taken if item.notebook == path.stem[-2:]]
        with zipfile.ZipFile(path) as archive:
            assert "imsmanifest.xml" in archive.namelist()
            quiz = next(n for n in archive.namelist() if re.fullmatch(r"(.+)/\1\.xml", n))
            root = ET.fromstring(archive.read(quiz))
        assert canvas_faults(root, mine) == []
        looked += len(mine)
    assert looked == len(taken) > 100
    turned = dataclasses.replace(mine[0], options=(*mine[0].options[1:], mine[0].options[0]))
    other = dataclasses.replace(mine[0], question="What else?")
    assert any("the key is another" in one for one in canvas_faults(root, [turned, *mine[1:]]))
    assert any("asks something else" in one for one in canvas_faults(root, [other, *mine[1:]]))
    assert f"{len(mine)} of {len(mine) - 1} questions" in canvas_faults(root, mine[:-1])
    assert canvas.marked("p &lt; 0.001 * <em>a_b</em>") == r"p < 0.001 \* <em>a\_b</em>"


def test_the_sheet_holds_all_with_a_key_each(out, items):
    with (out / sheet.FILE).open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["key"]: row for row in csv.DictReader(stream)}
    assert key_faults(list(rows), [item.key for item in items]) == []
    for item in items:
        row = rows[item.key]
        assert row["left_out"] == item.left_out and "<em>" not in json.dumps(row)
        if item.kind == "choice":
            assert item.options[int(row["answer"]) - 1].right
            assert row[f"option_{row['answer']}"] == without_tags(
                next(one.text for one in item.options if one.right)
            )
        elif item.kind == "number":
            assert float(row["answer"]) == pytest.approx(item.answer, rel=1e-9)
    texts = [text for row in rows.values() for name, text in row.items() if name != "answer"]
    assert [text for text in texts if text.startswith(FORMULA)] == [] and "=1".startswith(FORMULA)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, capsys):
    from tools.export.__main__ import main

    (tmp_path / "file").touch()
    assert main([str(tmp_path / "file")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
