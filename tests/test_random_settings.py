"""Cards at settings drawn by chance: each sentence is whole, and what the charts draw stays on their
axes. That Python and the page say the same there is asked in test_sentences.py."""

import re

import numpy as np
import pytest
from test_corners import strays
from test_sentences import every_card, settings

from hepatica.cards import Card, Explorable

ROUNDS = 10
# A card that runs a crowd or a stiff model takes a tenth of a second and more; each kind of its
# sentences is tried at the corners and by its promises.
DEAR = {
    "the-lock",
    "simtuzumab",
    "read-twice",
    "septa-let-go",
    "what-decides",
    "who-turns-back",
    "what-could-go-wrong",
    "amplitude-and-duration",
    "five-levers",
    "counted-twice",
    "first-card",
    "needle",
    "squeezed",
    "granularity",
    "scar-grows",
    "zones-meet",
    "open-label-lives",
    "eligibility",
    "one-liver",
    "six-readings",
}
SLOW = {"first-to-fall", "macrophages-away", "trials-gcsf", "gradient-and-scar", "league-of-trials"}
BROKEN = {
    "a value that is none": r"\b(?:NaN|nan|undefined|null|None|Infinity)\b|(?<![A-Za-z])inf\b",
    "an open brace": r"[{}]",
    "two spaces": r"  ",
    "a space before a stop": r"\s[.,;:!?](?:\s|$)",
    "two stops": r"[.!?]{2}(?:\s|$)|,,|;;",
    "one of many": r"(?<![\d.,\u202f–−-])1 (?:years|days|weeks|months|people|patients|livers|hours)\b",
    "no capital": r"(?:^|[.!?] )[a-zé](?![a-z]*[A-Z])\w+ \w+ ",
    "no end": r"[^.!?”)]$",
}


def broken(words: str) -> list[str]:
    """What is wrong with the form of a sentence."""
    return [what for what, form in BROKEN.items() if re.search(form, words)]


def faults_of(card: Card, values: dict) -> list[str]:
    """What is wrong with a card at one setting."""
    ours = card.describe(**values)
    found = broken(ours)
    if isinstance(card, Explorable):
        scope = card.scope(**values)
        charts = [view for view in card.spec["views"] if view["type"] == "chart"]
        found += [stray for chart in charts for stray in strays(chart, scope)]
    return [f"{card.spec['id']} {values}: {fault}: {ours[:300]}" for fault in found]


@pytest.mark.full
def test_cards_that_are_cheap_say_whole_sentences_at_ten_settings():
    luck, count, faults = np.random.default_rng(29), 0, []
    for name, card in every_card().items():
        if name in DEAR | SLOW:
            continue
        for _ in range(ROUNDS):
            faults += faults_of(card, settings(card, luck))
            count += 1
    assert count > 600 and faults == []


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
