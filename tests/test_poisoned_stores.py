"""Poisoned stores and one watch over the colours: whatever lies in the browser's storage, the record
opens, keeps a new answer, loses nothing, says what happened, and is forgotten when asked."""

from __future__ import annotations

import json
import random

import pytest
from test_record import PAGE

from hepatica.cards.parts.record import PARTS
from tools.node import Session

NAMES = (
    *("constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "prototype"),
    *("length", "0", "", "__defineGetter__", "quiz-04-check/0", "claims-board/C01", "\N{SNOWMAN}"),
)
VALUES = (
    None,
    0,
    -1,
    1e308,
    True,
    "",
    "x" * 300,
    [],
    [1],
    {},
    {"given": {}},
    {"on": 7},
    {"box": "1"},
)
SOUND = {"given": 1, "right": False, "on": "2026-01-02", "box": 1, "due": "2026-01-05"}
MINE = {"given": 2, "on": "2026-03-01"}

THEME = """import { onTheme } from "./parts/theme.js";
---
const made = { observers: 0, listeners: [] };
globalThis.document = { documentElement: {}, body: {} };
globalThis.matchMedia = () => ({ addEventListener: (_, act) => made.listeners.push(act) });
globalThis.MutationObserver = class {
  constructor(act) { made.observers += 1; made.act = act; }
  observe() {}
};
delete globalThis.hepaticaTheme;
const nodes = Array.from({ length: data.cards }, () => ({}));
let painted = 0;
for (const node of nodes) onTheme(node, () => (painted += 1));
onTheme(nodes[0], () => (painted += 1));
made.act();
const once = painted;
made.listeners[0]();
return { observers: made.observers, listeners: made.listeners.length, once, twice: painted };
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with Session(PAGE, tmp_path_factory.mktemp("page")) as session:
        yield lambda **data: session.ask(data)


def poisoned(draw: random.Random) -> str:
    """A record that another program, another version or an accident has spoilt."""
    record = {"version": draw.choice([1, 1, 1, 0, 2, 99, -1, "1", None, 1.5])}
    for part in (*PARTS, "readers", *draw.sample(NAMES, 2)):
        entries = {name: draw.choice([*VALUES, SOUND]) for name in draw.sample(NAMES, 3)}
        record[part] = draw.choice([entries, entries, draw.choice(VALUES)])
    text = json.dumps(record)
    return draw.choice(
        [text, text, text[: draw.randrange(len(text))], draw.choice(["", "null", "[]"])]
    )


@pytest.mark.parametrize("seed", range(4))
def test_fifty_poisoned_stores_lose_nothing_and_take_an_answer(page, seed):
    draw, states = random.Random(seed), set()
    for _ in range(50):
        text, key = poisoned(draw), draw.choice(NAMES)
        full = draw.random() < 0.2
        steps = [
            *(["one", "put", "answers", key, MINE], ["two", "put", "answers", "other/1", MINE]),
            *(["one", "get", "answers", key], ["two", "get", "answers", "other/1"]),
        ]
        told = page(storage={"hepatica/record": text}, full=full, steps=steps)
        assert told["said"][2:] == [MINE, MINE], text
        kept = [
            value for name, value in told["storage"].items() if name.startswith("hepatica/record")
        ]
        if text in kept:
            states.add("kept as it was")
            assert told["complaint"], text
        else:
            states.add("read whole")
            sound = json.loads(text)
            now = json.loads(told["storage"]["hepatica/record"])
            for name, entry in sound.get("answers", {}).items() if sound["version"] else ():
                assert name == key or now["answers"][name] == entry, name
            assert now["answers"][key] == now["answers"]["other/1"] == MINE, "two tabs"
    assert "kept as it was" in states


@pytest.mark.parametrize("trouble", [{}, {"full": True}, {"denied": True}, {"off": True}])
def test_forgetting_always_works(page, trouble):
    draw = random.Random(5)
    for _ in range(25):
        storage = {
            "hepatica/record": poisoned(draw),
            "hepatica:old": "{}",
            "hepatica-theme": "dark",
        }
        steps = [
            *(["one", "erase"], ["one", "all", "answers"], ["one", "put", "answers", "a/1", MINE]),
            ["one", "get", "answers", "a/1"],
        ]
        told = page(storage=storage, steps=steps, **trouble)
        assert told["said"][1] == {} and told["said"][3] == MINE
        left = {name for name in told["storage"] if name.startswith(("hepatica/", "hepatica:"))}
        assert "hepatica-theme" in told["storage"]
        if not trouble:
            assert left == {"hepatica/record"}, "after forgetting there is room again"
        if trouble == {"full": True}:
            assert left == set()


def test_one_watch_serves_all_cards(tmp_path):
    with Session(THEME, tmp_path) as session:
        told = session.ask({"cards": 100})
    assert told == {"observers": 1, "listeners": 1, "once": 100, "twice": 200}
