"""The chains of this notebook: hepatitis C with more read-outs, and three causes side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from hepatica.model import Output, join
from hepatica.model.chain import Chain
from hepatica.models.natural_history import alcohol, hcv, masld

LATE_HCV = "D1 + D + HCC + T1 + T"


@cache
def with_readouts() -> Chain:
    """The chain of hepatitis C with what the cards of this notebook read out besides."""
    return _with_outputs(
        hcv,
        beyond=Output(f"100 * (F4 + {LATE_HCV} + dead)", "cirrhosis or beyond", "%"),
        noticed=Output(f"100 * ({LATE_HCV} + dead)", "had a complication, or died of it", "%"),
        gone=Output("100 * dead", "dead of the liver", "%"),
        cirrhotic=Output("100 * reached_F4", "reached cirrhosis so far", "%"),
    )


CAUSES = {"hcv": (hcv, "hepatitis C"), "masld": (masld, "MASLD"), "alcohol": (alcohol, "alcohol")}
TREATED = "treated_year"


def within_reach(chain: Chain, start: str) -> set[str]:
    """Every state that people of `start` can come to, before or after the switch."""
    seen, waiting = set(), {start}
    while waiting:
        seen |= waiting
        waiting = {target for source, target in chain.steps if source in waiting} - seen
    return seen


def renamed(text: str, ending: str, chain: Chain) -> str:
    """A formula of `chain` with every parameter named after its cause,
    for example ``p_D`` as ``p_D_hcv``."""
    return re.sub(
        r"[A-Za-z_]\w*", lambda m: f"{m[0]}_{ending}" if m[0] in chain.parameters else m[0], text
    )


def _of_cause(ending: str, chain: Chain, words: str) -> dict[str, dict]:
    """The part of `chain` that starts in F4, every name ending in its cause,
    as arguments of a Chain."""
    reach, texts = within_reach(chain, "F4"), chain.written
    before, after = (
        _nested(
            {
                (a + ending, b + ending): renamed(text, ending, chain)
                for (a, b), text in side.items()
                if a in reach
            }
        )
        for side in texts
    )
    silent = " + ".join(
        stage + ending for stage in ("F0", "F1", "F2", "F3", "F4") if stage in reach
    )
    return {
        "parameters": {
            f"{symbol}_{ending}": replace(row, label=f"{words}: {row.label}")
            for symbol, row in chain.parameters.items()
            if symbol != chain.switch
        },
        "states": {
            s + ending: replace(chain.states[s], initial=float(s == "F4") / 3)
            for s in chain.people
            if s in reach
        },
        "transitions": before,
        "after": after,
        "outputs": {
            f"silent_{ending}": Output(
                f"300 * ({silent})", f"{words}: alive without a complication", "%"
            ),
            f"alive_{ending}": Output(f"100 - 300 * dead{ending}", f"{words}: alive", "%"),
        },
    }


@cache
def three_causes() -> Chain:
    """Three equal groups with compensated cirrhosis, each in the chain of its cause,
    one switch year for all."""
    parts = [_of_cause(ending, chain, words) for ending, (chain, words) in CAUSES.items()]
    joined = {name: join(*(part[name] for part in parts)) for name in parts[0]}
    row = alcohol.parameters[alcohol.switch]
    joined["parameters"][TREATED] = replace(
        row, symbol=TREATED, label="year in which the cause is treated"
    )
    return Chain("compensated cirrhosis, three causes", switch=TREATED, **joined)


def _with_outputs(chain: Chain, **more: Output) -> Chain:
    """The same chain with further read-outs."""
    before, after = (_nested(texts) for texts in chain.written)
    return Chain(
        chain.name,
        parameters=chain.parameters,
        states={state: chain.states[state] for state in chain.people},
        transitions=before,
        after=after,
        switch=chain.switch,
        counters=chain.counters,
        outputs={**chain.outputs, **more},
    )


def _nested(texts: Mapping[tuple[str, str], str]) -> dict[str, dict[str, str]]:
    moves: dict[str, dict[str, str]] = {}
    for (source, target), text in texts.items():
        moves.setdefault(source, {})[target] = text
    return moves
