"""Seeded attempts to break the course from outside: links, stored states, tables, answers.

A few dozen of each kind here. `HEPATICA_ROUNDS=200 .venv/bin/python course.py test
tests/test_attempts.py tests/test_attempts_at_answers.py` makes that many, and HEPATICA_SEED=2 makes
others.
"""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path
from typing import Any

import attempts
import pytest
from attempts import luck, rounds
from test_record import PAGE

from hepatica.cards.kinds.quiz.stored import cards_in
from hepatica.cards.parts import door, record
from tools.export.bank import bank
from tools.node import Session

ROOT = Path(__file__).resolve().parent.parent
KEPT = "hepatica/record"
LONGEST = 1000  # letters of a message that a reader can take in
SLOWEST = 2.0  # seconds; an attempt takes milliseconds
MINE = {"given": 2, "right": True, "on": "2026-03-01", "box": 2, "due": "2026-03-04"}

# -- links -----------------------------------------------------------------------------------------

LINKS = """import { readLink, toldOf } from "./engine/door.js";
---
const told = readLink(data.hash, data.id, data.fields);
return { ...told, said: toldOf(told.refused) };
"""


def shown_in(folder: str) -> dict[str, tuple[str, dict]]:
    """The notebook and the JSON of every card that the notebooks of a folder show, by its id."""
    found = {}
    for file in sorted((ROOT / folder).glob("[0-9]*.ipynb")):
        found |= {card["id"]: (file.stem, card) for card in cards_in(file)}
    return found


@pytest.fixture(scope="module")
def known() -> dict[str, dict]:
    """The JSON of every card that the notebooks and exercises show, by its id."""
    shown = shown_in("notebooks") | shown_in("exercises")
    return {name: card for name, (_, card) in shown.items()}


def field_of(stored: dict) -> door.Field:
    """A field as Python has it, from its JSON."""
    kinds = {kind.type: kind for kind in door.Field.__subclasses__()}
    own = {name: value for name, value in stored.items() if name != "type"}
    if "fields" in own:
        own["fields"] = {key: field_of(each) for key, each in own["fields"].items()}
    return kinds[stored["type"]](**own)


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    with Session(LINKS, tmp_path_factory.mktemp("links")) as session:
        yield lambda **data: session.ask(data)


def faults_of_link(card, told: dict) -> list[str]:
    """What an address did to a card that none may do."""
    fields = {name: field_of(stored) for name, stored in card["fields"].items()}
    in_vain = [name for name in told["values"] if name not in fields]
    private = [name for name in told["values"] if name not in in_vain and fields[name].private]
    wrong = [
        f"{name}: {why}"
        for name, value in told["values"].items()
        if name not in in_vain and (why := fields[name].refusal(value))
    ]
    silent = bool(told["refused"]) != bool(told["said"])
    return [
        *(f"unknown {name}" for name in in_vain),
        *(f"private {name}" for name in private),
        *wrong,
        *(["silent"] if silent else []),
        *([f"too long: {len(told['said'])}"] if len(told["said"]) > LONGEST else []),
    ]


def test_links(known, linked):
    draw, refused, taken = luck("links"), 0, 0
    for _ in range(rounds(60)):
        name = draw.choice(sorted(known))
        fields = known[name]["fields"]
        link = attempts.spoilt_link(draw, name, fields)
        told = linked(hash=link, id=name, fields=fields)
        assert faults_of_link(known[name], told) == [], link[:500]
        refused, taken = refused + bool(told["refused"]), taken + bool(told["values"])
    assert refused > 20 and taken > 5


def test_a_link_keeps_what_is_good(known, linked):
    card = known["gradient-and-scar"]
    fields = card["fields"]
    name, field = next((n, f) for n, f in fields.items() if f["type"] == "number")
    for bad in ("&__proto__=1", "&%E0%A4%A=%", "&prediction=1", "&=&&==", f"&{'x' * 9000}=1" * 300):
        told = linked(
            hash=f"#{card['id']}?{name}={field['low']}{bad}", id=card["id"], fields=fields
        )
        assert told["values"] == {name: field["low"]} and faults_of_link(card, told) == []


def test_a_link_that_does_too_much_is_noticed(known):
    card = known["gradient-and-scar"]
    told = {"values": {"prediction": 1, "nobody": 2, "CPA": 1e9}, "refused": ["x."], "said": ""}
    found = faults_of_link(card, told)
    assert len(found) == 4 and "silent" in found and "private prediction" in found
    assert faults_of_link(card, {"values": {}, "refused": ["x"], "said": "x" * 1001})


# -- stored states ---------------------------------------------------------------------------------

READERS = """import { readRecord } from "./engine/record.js";
import { dueItems, ownMisconceptions } from "./engine/review.js";
import { guessed, isSkipped } from "./engine/guess.js";
import { handIn } from "./engine/handin.js";
import { recalled } from "./parts/recall.js";
import { continueLine, lastPlace, markLinks, reviewLine } from "./parts/places.js";
import { recorded } from "./kinds/quiz/answers.js";
import { lineOf } from "./kinds/letter/card.js";
import { judgedBefore } from "./kinds/claims/card.js";
import { readGuess, toldOf } from "./kinds/ghosts/guesses.js";
import { pictureOf } from "./kinds/ghosts/picture.js";
import { textKept } from "./tasks.js";
class Node {
  constructor(tag) { Object.assign(this, { tag, nodes: [], marks: {}, style: {}, dataset: {} }); }
  append(...nodes) { this.nodes.push(...nodes); }
  replaceChildren(...nodes) { this.nodes = nodes; }
  setAttribute(name, value) { this.marks[name] = String(value); }
  getAttribute(name) { return this.marks[name] ?? null; }
  addEventListener() {}
  querySelector() { return null; }
  toggleAttribute() {}
}
Object.assign(globalThis, { Node, Text: class {}, hepaticaToday: "2026-03-01" });
globalThis.document = { createElement: (tag) => new Node(tag), createElementNS: (_, tag) => new Node(tag) };
const all = {};
const odd = (value, path) => {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [path];
  if (typeof value === "string") return /NaN|undefined|\\[object/.test(value) ? [`${path}: ${value}`] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => odd(each, `${path}/${key.slice(0, 20)}`));
};
---
if (data.items) return Object.assign(all, data) && 0;
const { record } = readRecord(data.text);
const own = { get: (part, key) => structuredClone(record[part][key]), all: (part) => record[part] };
const predictions = Object.values(record.predictions).map(readGuess).filter(Boolean);
const link = new Node("a");
link.setAttribute("href", data.href);
markLinks(own, [link]);
const replies = all.specs.flatMap((spec) => {
  const { prediction } = recalled({ spec, record: own });
  if (prediction === undefined || prediction === null || isSkipped(prediction)) return [];
  return [guessed(spec.predict, prediction, [1, 2, 3, 4, 5])];
});
const shown = {
  replies,
  due: dueItems(all.items, record.answers, "2026-03-01").map(({ key }) => key),
  ideas: ownMisconceptions(all.items, record.answers),
  handed: handIn("Fern", record, "2026-03-01"),
  next: continueLine(lastPlace(record.places), all.notebooks),
  review: reviewLine(record.answers, {}),
  marked: link,
  quizzes: all.quizzes.map((quiz) => recorded(own, quiz)),
  letters: all.notebooks.map(({ number }) => lineOf(own, number, 3)),
  judged: judgedBefore({ spec: all.board, record: own }),
  guesses: predictions,
  drawn: predictions.map((guess) => pictureOf(guess)),
  told: toldOf(predictions),
  code: textKept(own, "02/task", "stub"),
};
return { odd: odd(JSON.parse(JSON.stringify(shown, (_, v) => Number.isNaN(v) ? "NaN" : v)), ""), shown };
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with Session(PAGE, tmp_path_factory.mktemp("page")) as session:
        yield lambda **data: session.ask(data)


@pytest.fixture(scope="module")
def course(known) -> dict[str, Any]:
    return course_of(known)


def course_of(known: dict[str, dict]) -> dict[str, Any]:
    """What the readers of a record need of the course."""
    items = [vars(item) | {"options": None} for item in bank(ROOT)]
    return {
        "items": [
            {"key": i["key"], "notebook": i["notebook"], "misconception": i["misconception"]}
            for i in items
        ],
        "specs": [
            {
                "id": name,
                "fields": {"prediction": card["fields"]["prediction"]},
                "predict": card["predict"],
            }
            for name, card in known.items()
            if card.get("predict")
        ],
        "notebooks": [
            {"number": f"{n:02d}", "href": f"{n:02d}_x.html", "minutes": 30} for n in range(14)
        ],
        "quizzes": [
            {"id": name, "items": card["items"]}
            for name, card in known.items()
            if card.get("items")
        ],
        "board": known["claims-board"],
    }


@pytest.fixture(scope="module")
def readers(course, tmp_path_factory):
    with Session(READERS, tmp_path_factory.mktemp("readers")) as session:
        session.ask(course)
        yield lambda **data: session.ask({"href": "04_x.html", **data})


def good_record(draw, course: dict) -> dict:
    """A record as the course writes it, with some of everything."""
    answers = {item["key"]: MINE for item in draw.sample(course["items"], 3)}
    answers["claims-board/C01"] = {"given": 1, "on": "2026-02-01"}
    place = {"section": "1-·-Before", "name": "section 1", "seen": ["1-·-Before"], "of": 5}
    predictions = {
        spec["id"]: good_prediction(draw, spec) for spec in draw.sample(course["specs"], 6)
    }
    return {
        "version": 1,
        "readers": ["Ada"],
        "places": {"04": {**place, "left": 20, "on": "2026-02-01", "when": 1_790_000_000_000}},
        "predictions": predictions,
        "answers": answers,
        "missions": {"one-liver": {"reached": True, "on": "2026-02-01"}},
        "code": {"02/task": {"text": "def f():\n    return 1", "passed": True, "on": "2026-02-01"}},
        "letter": {"04": {"line": "It heals.", "reading": 1, "on": "2026-02-01"}},
    }


def good_prediction(draw, spec: dict) -> dict:
    """An entry of `predictions` as parts/recall.js keeps it."""
    step = spec["predict"]
    entry = {"kind": step["way"], "asked": step["question"], "title": "It", "question": "What?"}
    if step["way"] == "choose":
        n = draw.randrange(len(step["options"]))
        text = step["options"][n]["text"]
        return entry | {
            "given": n,
            "text": text,
            "right": False,
            "answer": text,
            "on": "2026-02-01",
        }
    if step["way"] == "draw":
        axis = {
            "range": [1, 10],
            "label": "scar",
            "unit": "%",
            "scale": draw.choice(["linear", "log"]),
        }
        given = {str(n): n for n in range(1, 6)}
        return entry | {"given": given, "model": [1, 2, 3, 4, 5], "axes": {"x": axis, "y": axis}}
    if step["way"] == "share":
        return entry | {"given": 20, "answer": 14, "of": "of a hundred"}
    places = list(range(len(step["items"])))
    return entry | {"given": places, "items": [{"text": "a", "rank": n} for n in places]}


def whole(text: str) -> dict | None:
    """A text as a mapping, if it is JSON of one."""
    with contextlib.suppress(ValueError, RecursionError, ZeroDivisionError):
        found = json.loads(text, parse_int=float, parse_constant=lambda name: 1 / 0)
        return found if isinstance(found, dict) else None
    return None


def lost(before: str, after: dict[str, str], touched: tuple[str, ...]) -> list[str]:
    """What stood in a store and stands there no more, neither as it was nor within the record."""
    if before in after.values():
        return []
    found, now = whole(before), whole(after[KEPT])
    if found is None:
        return ["a text that is no record"]
    return [
        f"{part}/{key}"
        for part in record.PARTS
        for key, entry in (found.get(part) or {}).items()
        if key not in touched and now.get(part, {}).get(key) != entry
    ]


def test_stored_states_lose_nothing_and_take_an_answer(page, course):
    draw, aside = luck("stores"), 0
    for _ in range(rounds(40)):
        text, key = (
            attempts.spoilt_json(draw, good_record(draw, course)),
            draw.choice(attempts.NAMES),
        )
        steps = [
            *(["one", "put", "answers", key, MINE], ["two", "put", "answers", "other/1", MINE]),
            *(["one", "get", "answers", key], ["two", "get", "answers", "other/1"]),
            *(["one", "all", part] for part in record.PARTS),
            ["two", "exported"],
        ]
        begun = time.monotonic()
        told = page(storage={KEPT: text}, steps=steps)
        assert time.monotonic() - begun < SLOWEST, text[:500]
        assert told["said"][2:4] == [MINE, MINE], text[:500]
        assert lost(text, told["storage"], (key, "other/1")) == [], text[:500]
        if any(name != KEPT for name in told["storage"]):
            aside += 1
            assert told["complaint"], text[:500]
    assert aside > 5


def test_a_store_that_loses_something_is_noticed():
    text = json.dumps({"version": 1, "answers": {"a/1": MINE, "b/1": MINE}})
    assert lost(text, {KEPT: '{"version": 1, "answers": {}}'}, ("a/1",)) == ["answers/b/1"]
    assert lost("{half", {KEPT: '{"version": 1}'}, ()) == ["a text that is no record"]
    assert lost("{half", {KEPT: '{"version": 1}', f"{KEPT}/unreadable": "{half"}, ()) == []


def test_whatever_is_stored_every_card_reads_it(readers, course):
    draw = luck("readers")
    for _ in range(rounds(40)):
        text = attempts.spoilt_json(draw, good_record(draw, course))
        told = readers(text=text)
        assert told["odd"] == [], text[:3000]
    sound = json.dumps(good_record(draw, course))
    shown = readers(text=sound)["shown"]
    assert shown["judged"] and shown["code"].startswith("def f") and shown["next"]
    assert len(shown["guesses"]) == 6 and len(shown["handed"]["predictions"]) > 3


def test_the_file_of_jupyterlab(course, monkeypatch, tmp_path):
    monkeypatch.setenv(record.SWITCH, "on")
    draw, aside = luck("file"), 0
    for n in range(rounds(60)):
        folder, text = tmp_path / str(n), attempts.spoilt_json(draw, good_record(draw, course))
        folder.mkdir()
        raw = text.encode("utf-8", "surrogatepass")
        raw = attempts.spoilt_bytes(draw, raw) if draw.random() < 0.3 else raw
        (folder / record.FILE).write_bytes(raw)
        keep = {"entries": [["answers", "a/1", MINE]], "readers": ["Ben"], "version": 1}
        told = record.answer({"do": "read"}, [folder])
        assert told["state"] == "kept"
        told = record.answer({"do": "keep", **keep}, [folder])
        left = {file.name: file.read_bytes() for file in folder.iterdir()}
        if told["state"] == "newer":
            assert left == {record.FILE: raw}
            continue
        now = json.loads(left[record.FILE])
        assert now["answers"]["a/1"] == MINE and "Ben" in now["readers"], raw[:500]
        if raw in left.values():
            aside += 1
            continue
        assert {**now, "readers": 0, "answers": 0} == {
            **dict.fromkeys(("version",), 1),
            **{k: v for k, v in json.loads(raw).items() if k != "version"},
            "readers": 0,
            "answers": 0,
        }, raw[:500]
    assert aside > 5


# -- faults that attempts have found ---------------------------------------------------------------


def test_half_a_sign_in_a_place_leads_to_the_page(readers):
    place = {"section": "1-\ud800", "name": {"no": 1}, "seen": ["a"], "of": "x", "when": 1}
    told = readers(text=json.dumps({"version": 1, "places": {"04": place}}))
    assert told["odd"] == [] and "04_x.html#1-%EF%BF%BD" in json.dumps(told["shown"]["next"])


def test_one_bad_verdict_takes_no_other_with_it(readers):
    answers = {"claims-board/C01": {"given": 1}, "claims-board/C02": {"given": 99}}
    told = readers(text=json.dumps({"version": 1, "answers": answers}))
    assert told["shown"]["judged"] == {"judged": {"C01": 1}}


def test_half_a_prediction_is_asked_again(readers, course):
    draw, halves = luck("halves"), {"order": [0], "draw": {"1": 3}}
    for way, half in halves.items():
        spec = next(spec for spec in course["specs"] if spec["predict"]["way"] == way)
        entry = good_prediction(draw, spec)
        for given, replies in ((half, 0), (entry["given"], 1)):
            stored = {"version": 1, "predictions": {spec["id"]: {**entry, "given": given}}}
            assert len(readers(text=json.dumps(stored))["shown"]["replies"]) == replies, way


def test_code_that_is_no_text_is_the_stub(readers):
    stored = {"version": 1, "code": {"02/task": {"text": {"no": "text"}}}}
    assert readers(text=json.dumps(stored))["shown"]["code"] == "stub"


@pytest.mark.parametrize(
    "text",
    [
        '{"version": 1, "answers": {"a": {"x": ' + "[" * 90_000 + "]" * 90_000 + "}}}",
        '{"version": 1, "answers": {"a": {"x": 1e999}}}',
        '{"version": 0, "answers": {"a": 1}}',
    ],
    ids=["deep", "infinite", "version 0"],
)
def test_what_cannot_be_written_again_is_set_aside(page, text):
    told = page(storage={KEPT: text}, steps=[["one", "put", "answers", "b", MINE]])
    assert text in told["storage"].values() and "set aside" in told["complaint"]
    assert json.loads(told["storage"][KEPT])["answers"] == {"b": MINE}


@pytest.mark.parametrize(
    ("raw", "aside"),
    [
        (b'{"version": 1, "letter": {"04": {"line": "R\xf6ntgen"}}}', True),
        (b'{"version": 1, "readers": [["Ada"]]}', True),
        (b'{"version": 1, "answers": {"a": {"x": ' + b"[" * 90_000 + b"]" * 90_000 + b"}}}", True),
        (b'{"version": 1, "letter": {"04": {"line": "\\ud800"}}}', False),
    ],
    ids=["code page", "readers", "deep", "half a sign"],
)
def test_a_file_is_set_aside_or_kept_whole(raw, aside, monkeypatch, tmp_path):
    monkeypatch.setenv(record.SWITCH, "on")
    (tmp_path / record.FILE).write_bytes(raw)
    entries = {"entries": [["answers", "b", MINE]], "readers": [], "version": 1}
    told = record.answer({"do": "keep", **entries}, [tmp_path])
    assert told["state"] == "kept" and json.loads(told["text"])["answers"] == {"b": MINE}
    assert (raw in [file.read_bytes() for file in tmp_path.iterdir()]) == aside
    assert aside or json.loads(told["text"])["letter"] == json.loads(raw)["letter"]
