"""The reader's record: read, brought up to date, merged, kept on a page and in a file; and what is
due when."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from hepatica.cards.parts import record
from tools.node import Session

READ = """import { entriesOf, mergeRecords, readRecord } from "./engine/record.js";
---
const found = readRecord(data.text);
const merged = data.other === undefined ? found.record : mergeRecords(found.record, readRecord(data.other).record);
return { state: found.state, entries: entriesOf(merged), readers: merged.readers };
"""

# A page without a page: a storage that may be switched off or full, and a window that listens.
PAGE = """import { openRecord, today } from "./parts/record.js";
const listeners = [];
globalThis.addEventListener = (name, act) => listeners.push([name, act]);
globalThis.dispatchEvent = () => true;
class Storage {
  getItem(name) { if (this.off) throw new Error("off"); return Object.hasOwn(this, name) ? this[name] : null; }
  setItem(name, text) { if (this.off || this.full) throw new Error("no"); this[name] = text; }
  removeItem(name) { delete this[name]; }
}
---
const storage = new Storage();
for (const [name, text] of Object.entries(data.storage ?? {})) storage[name] = text;
for (const name of ["off", "full"])
  if (data[name]) Object.defineProperty(storage, name, { value: true, enumerable: false });
Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  get: () => { if (data.denied) throw new Error("denied"); return storage; },
});
delete globalThis.hepaticaRecord;
globalThis.hepaticaToday = "2026-03-01";
const one = openRecord({});
const told = [];
const card = (name) => ({
  root: { contains: () => data.inHand === name, isConnected: true },
  say: (words) => told.push([name, words]),
});
for (const name of data.cards ?? ["first"]) one.listen(card(name));
delete globalThis.hepaticaRecord;
const two = openRecord({});
const tabs = { one, two };
const said = [];
for (const [tab, does, ...words] of data.steps ?? []) said.push(tabs[tab][does](...words) ?? null);
const answers = { ...one.all("answers") };
const [[, complaint] = ["", ""]] = told;
return { said, storage: { ...storage }, answers, complaint, told, day: today() };
"""

ANSWER = {"given": 1, "right": True, "on": "2026-01-02", "box": 1, "due": "2026-01-05"}


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    with Session(READ, tmp_path_factory.mktemp("read")) as session:
        yield lambda text, **more: session.ask({"text": text, **more})


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with Session(PAGE, tmp_path_factory.mktemp("page")) as session:
        yield lambda **data: session.ask(data)


def text_of(**parts) -> str:
    return json.dumps({"version": 1, **parts})


def test_a_sound_record_is_read_whole(read):
    found = read(text_of(answers={"a/1": ANSWER}, readers=["Ada"], letter={"01": {"line": "x"}}))
    assert found["state"] == "sound" and found["readers"] == ["Ada"]
    assert found["entries"] == [["answers", "a/1", ANSWER], ["letter", "01", {"line": "x"}]]
    assert read(None) == {"state": "none", "entries": [], "readers": []}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", "damaged"),
        ("{", "damaged"),
        ("null", "damaged"),
        ("[]", "damaged"),
        ('"hepatica"', "damaged"),
        ("{}", "damaged"),
        ('{"version": "1"}', "damaged"),
        ('{"version": -1}', "damaged"),
        ('{"version": 1, "answers": []}', "damaged"),
        ('{"version": 1, "answers": {"a": 3}}', "damaged"),
        ('{"version": 1, "readers": "Ada"}', "damaged"),
        ('{"version": 2, "answers": {}}', "newer"),
    ],
)
def test_what_is_no_record_is_refused(read, text, state):
    assert read(text) == {"state": state, "entries": [], "readers": []}


def test_damage_leaves_the_sound_rest(read):
    text = text_of(answers={"a/1": ANSWER, "a/2": None}, missions=7)
    assert read(text)["state"] == "damaged"
    assert read(text)["entries"] == [["answers", "a/1", ANSWER]]


@pytest.mark.parametrize("key", ["__proto__", "constructor", "toString", "hasOwnProperty"])
def test_a_key_named_like_a_property_of_every_object_is_a_key(read, page, key):
    text = json.dumps({"version": 1, "answers": {key: ANSWER}})
    assert read(text, other=text)["entries"] == [["answers", key, ANSWER]]
    assert read('{"version": 1}', other=text)["entries"] == [["answers", key, ANSWER]]
    kept = page(steps=[["one", "put", "answers", key, ANSWER], ["two", "get", "answers", key]])
    assert kept["said"] == [None, ANSWER]
    assert page(steps=[["one", "get", "answers", key]])["said"] == [None]


def test_cards_kept_by_the_old_version_come_over(read, page):
    found = read(json.dumps({"version": 0, "kept": {"quiz-00-pretest": {"0": 2, "1": None}}}))
    assert found["entries"] == [["answers", "quiz-00-pretest/0", {"given": 2, "on": ""}]]
    old = {"hepatica:quiz-00-pretest": '{"3": 1}', "hepatica:other": "not ours", "x": "1"}
    moved = page(storage=old)
    assert moved["answers"] == {"quiz-00-pretest/3": {"given": 1, "on": ""}}
    assert set(moved["storage"]) == {"hepatica/record", "hepatica:other", "x"}
    new = {**old, "hepatica/record": text_of(answers={"quiz-00-pretest/3": ANSWER})}
    assert page(storage=new)["answers"] == {"quiz-00-pretest/3": ANSWER}


def test_merging_takes_the_newer_day_and_both_readers(read):
    later = {**ANSWER, "given": 0, "on": "2026-02-01"}
    mine = text_of(answers={"a": ANSWER, "b": later}, readers=["Ada"])
    other = text_of(answers={"a": later, "b": ANSWER, "c": ANSWER}, readers=["Ben", "Ada"])
    merged = read(mine, other=other)
    assert merged["readers"] == ["Ada", "Ben"]
    assert {key: entry["given"] for _, key, entry in merged["entries"]} == {"a": 0, "b": 0, "c": 1}


def test_two_tabs_lose_nothing(page):
    kept = page(
        steps=[["one", "put", "answers", "a", ANSWER], ["two", "put", "answers", "b", ANSWER]]
    )
    assert set(kept["answers"]) == {"a", "b"} and kept["complaint"] == ""
    assert set(json.loads(kept["storage"]["hepatica/record"])["answers"]) == {"a", "b"}


def test_a_store_that_cannot_be_read_is_set_aside_and_told(page):
    stored = {"hepatica/record": "{broken", "hepatica/record/unreadable": "older"}
    kept = page(storage=stored, steps=[["one", "put", "answers", "a", ANSWER]])
    assert kept["storage"]["hepatica/record/unreadable"] == "older"
    assert kept["storage"]["hepatica/record/unreadable/2"] == "{broken"
    assert json.loads(kept["storage"]["hepatica/record"])["answers"] == {"a": ANSWER}
    kept = page(storage=stored, steps=[["one", "get", "answers", "a"]])
    assert "set aside" in kept["complaint"] and len(kept["told"]) == 1


def test_a_newer_record_stays_as_it_is_and_that_is_told(page):
    newer = '{"version": 2, "answers": {"a": 1}}'
    kept = page(storage={"hepatica/record": newer}, steps=[["one", "put", "answers", "b", ANSWER]])
    assert kept["storage"] == {"hepatica/record": newer}
    assert kept["answers"] == {"b": ANSWER} and "newer version" in kept["complaint"]


@pytest.mark.parametrize("fault", ["off", "full", "denied"])
def test_without_a_store_the_page_remembers_for_itself_and_says_so_once(page, fault):
    put = [["one", "put", "answers", "a", ANSWER], ["one", "get", "answers", "a"]]
    kept = page(**{fault: True}, steps=put, cards=["first", "second"])
    assert kept["said"] == [None, ANSWER] and kept["storage"] == {}
    ((name, words),) = kept["told"]
    assert "lasts until you leave the page" in words and name == "first"
    in_hand = page(**{fault: True}, steps=put, cards=["first", "second"], inHand="second")
    alone = page(**{fault: True}, steps=put, cards=[])["told"]
    assert fault != "full" or [name for name, _ in in_hand["told"]] == ["second"]
    assert alone == [] == page(steps=put)["told"]


def test_a_file_goes_out_and_comes_in(page):
    put = ["one", "put", "answers", "a", ANSWER]
    out = page(steps=[put, ["one", "exported", "Ada"]])["said"][1]
    assert json.loads(out)["readers"] == ["Ada"] and json.loads(out)["exported"] == "2026-03-01"
    back = page(steps=[["two", "imported", out], ["one", "all", "readers"]])
    assert back["said"] == ["", ["Ada"]] and back["answers"] == {"a": ANSWER}
    for text, says in (("{", "damaged"), ('{"version": 9}', "newer"), ("[]", "damaged")):
        refused = page(steps=[put, ["one", "imported", text]])
        assert says in refused["said"][1] and refused["answers"] == {"a": ANSWER}


def test_erasing_leaves_nothing_behind(page):
    stored = {"hepatica:quiz": '{"1": 1}', "hepatica/record/unreadable": "x", "theme": "dark"}
    assert page(storage=stored, steps=[["one", "erase"]])["storage"] == {"theme": "dark"}


# ---------------------------------------------------------------- what is due when

DUE = """import * as review from "./engine/review.js";
---
return review[data.ask](...data.with);
"""


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    with Session(DUE, tmp_path_factory.mktemp("due")) as session:
        yield lambda ask, *given: session.ask({"ask": ask, "with": given})


def test_a_question_comes_back_after_one_three_seven_and_twenty_one_days(review):
    entry, day, days = review("firstEntry", 0, False, "2026-02-27"), "2026-02-27", []
    assert entry["box"] == 1
    for _ in range(5):
        assert entry["due"] > day
        day = entry["due"]
        entry = review("reviewedEntry", entry, True, day)
        days.append(day)
    assert days == ["2026-02-28", "2026-03-03", "2026-03-10", "2026-03-31", "2026-04-21"]
    assert (entry["given"], entry["right"], entry["last"]) == (0, False, True)
    wrong = review("reviewedEntry", entry, False, day)
    assert (wrong["box"], wrong["due"]) == (1, "2026-04-22")
    assert review("firstEntry", 0, True, "2026-12-31")["due"] == "2027-01-03"
    for poisoned in (-5, 0, 99, "x", None):
        again = review("reviewedEntry", {"box": poisoned}, True, "2026-02-27")
        assert (again["box"], again["due"]) == (2, "2026-03-02")


def item(key: str, misconception: str = "none") -> dict:
    return {"key": key, "notebook": key[:2], "misconception": misconception}


def answered(right: bool, due: str, **more) -> dict:
    return {"given": 0, "right": right, "on": "2026-01-01", "box": 1, "due": due, **more}


def keys(found: list[dict]) -> list[str]:
    return [each["key"] for each in found]


def test_mistakes_come_first_then_what_waits_longest(review):
    items = [item("01a"), item("01b"), item("02c"), item("02d"), item("03e")]
    answers = {
        "01a": answered(True, "2026-01-02"),
        "01b": answered(False, "2026-01-04"),
        "02c": answered(True, "2026-01-05", last=False),
        "02d": answered(False, "2026-01-03", last=True),
        "03e": answered(False, "2026-01-09"),
    }
    assert keys(review("dueItems", items, answers, "2026-01-05")) == ["01b", "02c", "01a", "02d"]
    assert review("dueItems", items, answers, "2026-01-01") == []
    assert review("dueItems", items, {}, "2026-01-05") == []


def test_five_a_day_are_enough(review):
    items = [item(f"01{n}") for n in range(9)]
    answers = {each["key"]: answered(False, "2026-01-02") for each in items}
    assert len(review("dueItems", items, answers, "2026-01-02")) == 5
    for each in items[:3]:
        answers[each["key"]] = review("reviewedEntry", answers[each["key"]], True, "2026-01-02")
    assert keys(review("dueItems", items, answers, "2026-01-02")) == ["013", "014"]
    assert len(review("doneToday", items, answers, "2026-01-02")) == 3


def test_a_day_with_few_is_filled_with_the_same_misconception(review):
    items = [item("01a", "M2"), item("01b", "M2"), item("01c", "M3"), item("09d", "M2")]
    answers = {"01a": answered(False, "2026-01-02")}
    assert keys(review("dueItems", items, answers, "2026-01-02")) == ["01a", "01b"]
    assert review("ownMisconceptions", items, answers) == ["M2"]
    pretest = {"01a": {"given": 0, "right": False, "on": "2026-01-01"}}
    assert review("dueItems", items, pretest, "2026-01-02") == []
    assert review("ownMisconceptions", items, pretest) == []


# ---------------------------------------------------------------- the file of JupyterLab


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """Ask the record in a folder of its own."""
    monkeypatch.setenv(record.SWITCH, str(tmp_path / "course"))
    return lambda **message: record.answer(message)


def keep(*keys: str, version: int = 1) -> dict:
    entries = [["answers", key, ANSWER] for key in keys]
    return {"do": "keep", "entries": entries, "readers": [], "version": version}


def test_the_file_keeps_what_several_notebooks_send(kept, tmp_path):
    assert kept(do="read") == {"state": "kept", "text": None}
    kept(**keep("a"))
    found = kept(**keep("b", "__proto__"))
    assert found["state"] == "kept"
    assert set(json.loads(found["text"])["answers"]) == {"a", "b", "__proto__"}
    assert [file.name for file in (tmp_path / "course").iterdir()] == ["record.json"]
    assert kept(do="erase")["text"] is None


def test_a_file_of_a_newer_version_is_left_alone(kept, tmp_path):
    kept(**keep("a", version=2))
    before = (tmp_path / "course" / "record.json").read_text()
    assert kept(**keep("b"))["state"] == "newer"
    assert (tmp_path / "course" / "record.json").read_text() == before


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 1, "answers": 3}'])
def test_a_file_that_cannot_be_read_is_set_aside(kept, tmp_path, text):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "record.json").write_text(text)
    assert kept(do="read")["text"] == text
    assert json.loads(kept(**keep("a"))["text"])["answers"] == {"a": ANSWER}
    assert (tmp_path / "course" / "record-unreadable-1.json").read_text() == text


def test_switched_off_nothing_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv(record.SWITCH, "off")
    assert record.answer(keep("a"), [tmp_path]) == {"state": "off", "text": None}
    assert list(tmp_path.iterdir()) == []


def test_where_the_course_cannot_be_written_the_next_folder_serves(monkeypatch, tmp_path):
    monkeypatch.setenv(record.SWITCH, "on")
    (tmp_path / "file").touch()
    inside = tmp_path / "file" / "no-folder"
    assert record.answer(keep("a"), [inside, tmp_path / "data"])["state"] == "kept"
    assert (tmp_path / "data" / "record.json").is_file()
    assert record.answer(keep("a"), [inside]) == {"state": "unwritable", "text": None}


@pytest.mark.parametrize(
    "message",
    [
        {"do": "send"},
        {"do": "keep", "entries": [["secrets", "a", {}]], "readers": [], "version": 1},
        {"do": "keep", "entries": [["answers", "a", 3]], "readers": [], "version": 1},
    ],
)
def test_other_messages_are_refused(kept, message):
    with pytest.raises(record.RecordError):
        kept(**message)


WRITER = """import sys
from hepatica.cards.parts import record
for n in range(20):
    entries = [["answers", f"{sys.argv[1]}/{n}", {"given": n}]]
    record.answer({"do": "keep", "entries": entries, "readers": [], "version": 1})
"""


def test_several_kernels_at_once_lose_nothing(tmp_path):
    environment = {**os.environ, record.SWITCH: str(tmp_path)}
    command = [sys.executable, "-c", WRITER]
    writers = [subprocess.Popen([*command, name], env=environment) for name in "abc"]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert len(json.loads((tmp_path / "record.json").read_text())["answers"]) == 60
