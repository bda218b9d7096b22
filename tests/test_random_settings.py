"""Cards at settings drawn by chance: each sentence is whole, what the charts draw stays on their
axes, an explorable's sentence is the page's own, and a verdict is true by another criterion.

`HEPATICA_ROUNDS=200 .venv/bin/python course.py test --all tests/test_random_settings.py
tests/test_sentences.py` tries that many settings of every card, the dear ones too, and takes an hour;
HEPATICA_SEED gives others.
"""

import os
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from test_corners import cards, strays
from test_sentences import apart, settings
from verdicts import ELSEWHERE, VERDICTS
from verdicts_of_boards import NO_VERDICT, look
from verdicts_of_boards import VERDICTS as OF_BOARDS

from hepatica.cards import Card, Explorable
from tools.node import Session

ASKED = int(os.environ.get("HEPATICA_ROUNDS", "0"))
SEED = int(os.environ.get("HEPATICA_SEED", "29"))
ROUNDS, FEW, ONE = 12, 4, 1
# A card that runs a crowd or a stiff model takes half a second and more.
DEAR = {
    "the-lock",
    "simtuzumab",
    "read-twice",
    "septa-let-go",
    "what-decides",
    "who-turns-back",
}
SLOW = {
    "amplitude-and-duration",
    "counted-twice",
    "first-card",
    "first-to-fall",
    "five-levers",
    "gradient-and-scar",
    "macrophages-away",
    "needle",
    "one-liver",
    "portal-circulation",
    "scar-grows",
    "squeezed",
    "what-could-go-wrong",
    "zones-meet",
}
BROKEN = {
    "a value that is none": r"\b(?:NaN|nan|undefined|null|None(?! \w)|Infinity)\b"
    r"|(?<![A-Za-z])inf\b",
    "an open brace": r"[{}]",
    "two spaces": r"  ",
    "a space before a stop": r"\s[.,;:!?](?:\s|$)",
    "two stops": r"[.!?]{2}(?:\s|$)|,,|;;",
    "one of many": r"(?<![\d.,\u202f–−-])1 (?:years|days|weeks|months|people|patients|livers|hours)\b",
    "no capital": r"(?:^|(?<![A-Z])[.!?] )[a-zé](?![a-z]*[A-Z])\w+ \w+ ",
    "no end": r"[^.!?”)]$",
}
SAY = """import { compile } from "./engine/models.js";
import { compileDescription } from "./engine/rules.js";
import { runAt, timesOf } from "./engine/run.js";
const cards = new Map();
function known(spec) {
  const model = compile(spec.model);
  const published = Object.fromEntries(model.parameters.map((row) => [row.name, row.value]));
  const fields = Object.entries(spec.fields);
  const start = Object.fromEntries(fields.map(([name, field]) => [name, field.start]));
  const say = compileDescription(spec.describe);
  return { spec, model, published, start, say, times: timesOf(spec.run) };
}
---
if (data.spec) return cards.set(data.spec.id, known(data.spec)).size;
const card = cards.get(data.id);
return data.settings.map((at) => card.say(runAt(card, { ...card.start, ...at }).scope));
"""


def rounds(name: str) -> int:
    """How many settings of a card are tried."""
    return ASKED or (ONE if name in DEAR else FEW if name in SLOW else ROUNDS)


def broken(words: str) -> list[str]:
    """What is wrong with the form of a sentence."""
    return [what for what, form in BROKEN.items() if re.search(form, words)]


def on_steps(card: Card, values: dict) -> dict:
    """Settings as its sliders set them."""
    steps = {row["name"]: row for row in card.spec.get("controls") or [] if row.get("step")}
    return values | {
        name: round(row["min"] + row["step"] * round((values[name] - row["min"]) / row["step"]), 9)
        for name, row in steps.items()
        if isinstance(values.get(name), float) and row.get("scale", "linear") == "linear"
    }


def untrue(card: Card, values: dict, scope: dict, said: str) -> list[str]:
    """The verdicts in a sentence that another criterion contradicts."""
    seen = SimpleNamespace(
        **scope, again=lambda **changed: SimpleNamespace(**card.scope(**(values | changed)))
    )
    criteria = VERDICTS.get(card.spec["id"], {})
    return [
        f"untrue: {words}" for words, holds in criteria.items() if words in said and not holds(seen)
    ]


def untrue_on_board(card: Card, values: dict, said: str) -> list[str]:
    """The same for a card that runs no model."""
    seen = look(card, values, said)
    criteria = OF_BOARDS[card.spec["kind"]]
    return [
        f"untrue: {words}" for words, holds in criteria.items() if words in said and not holds(seen)
    ]


def faults_of(card: Card, values: dict) -> tuple[str, list[str]]:
    """What a card says at one setting, and what is wrong with that."""
    scope = card.scope(**card.admit(values))
    said = card._description.say(scope)
    found = broken(said)
    if isinstance(card, Explorable):
        charts = [view for view in card.spec["views"] if view["type"] == "chart"]
        found += [stray for chart in charts for stray in strays(chart, scope)]
        found += untrue(card, values, scope, said)
    elif card.spec["kind"] in OF_BOARDS:
        found += untrue_on_board(card, values, said)
    return said, [f"{card.spec['id']} {values}: {fault}: {said[:300]}" for fault in found]


def spoken_on_the_page(session: Session, card: Card, tried: list[dict]) -> list[str]:
    """What the page's runtime says at these settings."""
    session.ask({"spec": card.spec})
    return session.ask({"id": card.spec["id"], "settings": tried})


@pytest.mark.full
def test_every_card_at_random(tmp_path):
    luck, count, faults = np.random.default_rng(SEED), 0, []
    with Session(SAY, tmp_path) as session:
        for name, card in cards().items():
            tried = [on_steps(card, settings(card, luck)) for _ in range(rounds(name))]
            told = [faults_of(card, values) for values in tried]
            faults += [fault for _, found in told for fault in found]
            count += len(tried)
            if isinstance(card, Explorable) and tried:
                theirs = spoken_on_the_page(session, card, tried)
                pairs = zip(tried, told, theirs, strict=True)
                faults += [
                    f"{name} {at}: {far}"
                    for at, (ours, _), page in pairs
                    if (far := apart(ours, page))
                ]
    assert count > 800 and faults == [], "\n".join(faults)


def rules_without(card: Card, criteria: dict) -> list[str]:
    """The rules of a card that branches in whose words no criterion stands."""
    groups = [group for group in card._description.groups if len(group) > 1]
    texts = [" # ".join(said.texts) for group in groups for _, said in group]
    return [text for text in texts if not any(part_of(words, text) for words in criteria)]


def part_of(words: str, text: str) -> bool:
    """Whether words that may hold numbers stand in a rule's own text."""
    return words in re.sub(r"\s*#\s*", " ", text) or words in text


def test_every_verdict_has_its_criterion():
    bare = {
        name: rules_without(card, VERDICTS.get(name, {}))
        for name, card in cards().items()
        if isinstance(card, Explorable) and name not in ELSEWHERE
    }
    assert {name: found for name, found in bare.items() if found} == {}
    assert set(VERDICTS) <= set(cards())
    assert len(rules_without(cards()["depletion"], {"a cold scar": None})) == 2


def test_what_is_held_elsewhere_is_held_there():
    assert len(ELSEWHERE) <= 6  # may only shrink
    for name, where in ELSEWHERE.items():
        assert "describe(" in (Path(__file__).parent / where).read_text(encoding="utf-8"), name


def test_a_false_verdict_is_noticed():
    card = cards()["gradient-and-scar"]
    at = {"CPA": 40.0, "collaterals": 1}
    said = card.describe(**at)
    assert untrue(card, at, card.scope(**at), said) == []
    assert untrue(card, at, card.scope(**at), "a gradient of 9 mmHg, normal.") == [
        "untrue: mmHg, normal"
    ]


def test_every_kind_of_board_has_criteria_or_says_why_not():
    made = [card for card in cards().values() if not isinstance(card, Explorable)]
    kinds = {card.spec["kind"] for card in made}
    assert kinds == set(OF_BOARDS) | set(NO_VERDICT) and not set(OF_BOARDS) & set(NO_VERDICT)
    bare = {
        card.spec["id"]: rules_without(card, OF_BOARDS[card.spec["kind"]])
        for card in made
        if card.spec["kind"] in OF_BOARDS
    }
    assert {name: found for name, found in bare.items() if any(found)} == {}
    assert len(rules_without(cards()["eligibility"], {"is refused by all": None})) == 2


FALSE = {
    "trials-deaths": (
        {"off": []},
        "The trials disagree: one average hides that.",
    ),
    "trials-funnel": ({}, "Egger’s test: p < 0.001, a lopsided funnel. Unpublished failures."),
    "eligibility": ({}, "She is refused by all 9 cell trials."),
    "every-analysis": ({}, "Your choices do not go together."),
    "enough-to-know": ({}, "Their z of 1.20 passes the boundary of 4.10."),
    "every-trial": ({}, "No trial that fits has two numbers for this axis; 3 in the list."),
    "match-audit": ({}, "risk ratio 0.50 (0.20 to 1.30): no effect lies outside."),
    "six-readings": ({"benefit": 2.0}, "Useless cells."),
    "open-label-lives": ({}, "Being open makes the cells look better: ratio 0.2 instead of 1."),
    "regression-to-the-mean": (
        {},
        "MELD is 17.0 at screening and 15.0 on the day: 2 higher, and nobody",
    ),
    "summary-of-findings": (
        {},
        (
            "x: 200 of a thousand without, with it 62 fewer (119 fewer to 227 more). Number needed "
            "to treat: 16 for one harm."
        ),
    ),
    "read-twice": ({"truth": 0}, "Without the noise of the needle: 3 of 100 lie below 13 %."),
}


def test_a_false_verdict_of_a_board_is_noticed():
    found = {name: untrue_on_board(cards()[name], *sample) for name, sample in FALSE.items()}
    assert {name: words for name, words in found.items() if len(words) != 1} == {}


def test_a_broken_sentence_is_noticed():
    for what, words in {
        "a value that is none": "The gradient is NaN mmHg.",
        "an open brace": "The gradient is {gradient:1f} mmHg.",
        "two spaces": "The gradient  is 12 mmHg.",
        "a space before a stop": "It heals .",
        "two stops": "It heals..",
        "one of many": "After 1 years it heals.",
        "no capital": "It heals. but not at once today.",
        "no end": "It heals",
    }.items():
        assert broken(words) == [what]
    assert broken("It heals in 1 year. At 0.1 days (or 21 days) it does not.") == []
    assert broken("Read by K.A. meets the rules. None found more.") == []
