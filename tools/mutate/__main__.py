"""Try mutants in a copy and note what came of each in tests/mutants.csv:

    python -m tools.mutate 20         twenty more, drawn by chance
    python -m tools.mutate 20 7       with another seed
    python -m tools.mutate 20 7 engine    of files whose path has this word
    python -m tools.mutate again      forget what stands in the code no more, ask survivors anew

A line says whether a test failed, which, and what was changed. Every survivor that a reader could see
wants a test; any other a reason, in the last column of the table. It takes seconds for each: run it
by hand, stop it when you like, and go on with the same words.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tools.mutate import results
from tools.mutate.code import Mutant, of_code
from tools.mutate.holders import ROOT, tests_of
from tools.mutate.results import KILLED, SURVIVED, Result
from tools.mutate.runner import Runner, copied

CODE = ("hepatica/model/*.py", "hepatica/models/*.py", "hepatica/analysis/*.py")
CODE += ("hepatica/cards/engine/*.js",)
TURN = 5
"""Mutants of a file in a row."""


def files(word: str = "", root: Path = ROOT) -> list[str]:
    """The files of models, analyses and engines whose path has a word, and that have tests."""
    found = [path for pattern in CODE for path in sorted(root.glob(pattern))]
    names = [path.relative_to(root).as_posix() for path in found]
    return [name for name in names if word in name and tests_of(name, root)]


def drawn(count: int, seed: int, word: str = "", root: Path = ROOT) -> list[Mutant]:
    """Mutants by chance that the table does not have: some of each file in turn, so that the small
    are asked as often as the large, and a test that was tried once serves several."""
    luck = random.Random(seed)
    known = {(result.file, result.now) for result in results.read()}
    piles = []
    for name in files(word, root):
        text = (root / name).read_text("utf-8")
        pile = [m for m in of_code(name, text) if (name, m.now) not in known]
        piles.append(luck.sample(pile, len(pile)))
    luck.shuffle(piles)
    turns = range(0, max(map(len, piles), default=0), TURN)
    return [mutant for turn in turns for pile in piles for mutant in pile[turn : turn + TURN]][
        :count
    ]


def tried(mutants: list[Mutant], runner: Runner) -> Iterable[Result]:
    """What comes of mutants, one after the other; each is printed."""
    begun = time.monotonic()
    for number, mutant in enumerate(mutants, start=1):
        by = runner.killed(mutant, tests_of(mutant.file))
        end = KILLED if by else SURVIVED
        spent = f"{number}/{len(mutants)}, {time.monotonic() - begun:.0f} s"
        print(f"{end} ({spent})  {mutant.file}  {mutant.was}  →  {mutant.now}  {by}", flush=True)
        yield Result(mutant.file, mutant.was, mutant.now, end, by)


def more(count: int, seed: int, word: str) -> None:
    """Try mutants that the table does not have."""
    mutants = drawn(count, seed, word)
    with tempfile.TemporaryDirectory() as folder, Runner(copied(Path(folder))) as runner:
        for result in tried(mutants, runner):
            results.add(result)


def again(root: Path = ROOT) -> None:
    """Forget what stands in the code no more, and ask the survivors anew; reasons stay."""
    old = results.read()
    old = [result for result in old if result not in set(results.gone(old))]
    reasons = {(one.file, one.now): one.reason for one in old if one.end == SURVIVED}
    mutants = [
        mutant
        for name in sorted({file for file, _ in reasons})
        for mutant in of_code(name, (root / name).read_text("utf-8"))
        if (name, mutant.now) in reasons
    ]
    kept = {(one.file, one.now): one for one in old if one.end == KILLED}
    with tempfile.TemporaryDirectory() as folder, Runner(copied(Path(folder))) as runner:
        for one in tried(mutants, runner):
            reason = reasons[one.file, one.now] if one.end == SURVIVED else ""
            kept[one.file, one.now] = one._replace(reason=reason)
    results.write(list(kept.values()))


def main(words: list[str]) -> None:
    """What the words ask for."""
    if words == ["again"]:
        again()
    else:
        count, seed, word = [*words, *["20", "1", ""][len(words) :]]
        more(int(count), int(seed), word)


if __name__ == "__main__":
    main(sys.argv[1:])
