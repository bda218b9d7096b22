"""No false sentence comes back: each row of retired_sentences.csv names one that the course once
printed."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from html import escape, unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).with_name("retired_sentences.csv")
PLACES = (
    "README.md",
    "notebooks/*.ipynb",
    "exercises/*.ipynb",
    "exercises/solutions/*.ipynb",
    "hepatica/**/*.py",
    "hepatica/**/*.svg",
    "hepatica/**/*.json",
    "hepatica/**/*.j2",
    "data/**/*.csv",
    "data/**/*.toml",
    "data/**/*.md",
)
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
PIECES = re.compile(r"(['\"])[ ]*\n\s*[frb]?\1")
"""Where Python joins one piece of a string to the next."""

Rule = tuple[str, re.Pattern[str], str]


def rules(table: Path = TABLE) -> list[Rule]:
    """Each row as (id, pattern, sample); a row that could not catch its own sample is refused."""
    found = []
    with open(table, encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            key, pattern, sample = row["id"], row["pattern"], row["sample"]
            assert key and pattern and sample, (
                f"{table.name}, row {line}: id, pattern and sample are all needed"
            )
            rule = re.compile(pattern)
            assert rule.search(plain(sample)), (
                f"{table.name}, row {line} ({key}): the pattern misses its own sample"
            )
            assert not rule.search(""), (
                f"{table.name}, row {line} ({key}): the pattern matches nothing at all"
            )
            found.append((key, rule, sample))
    return found


def plain(text: str) -> str:
    """The text as a reader sees it: no tags, no emphasis, pieces of strings joined,
    blanks made one."""
    joined = TAG.sub("", unescape(PIECES.sub("", text))).replace('\\"', '"').replace('""', '"')
    return re.sub(r"\s+", " ", joined.replace("**", ""))


def strings(value: object) -> list[str]:
    """Every string within a JSON value; a list of strings is one text cut into lines,
    and read as one too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        lines = ["".join(value)] if value and all(isinstance(item, str) for item in value) else []
        return lines + [text for item in value for text in strings(item)]
    return []


def texts(path: Path) -> list[str]:
    """What a file says: a notebook's sources and outputs (with the specifications of its cards),
    else the whole."""
    raw = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return [plain(raw)]
    cells = json.loads(raw)["cells"]
    found = [
        plain(text) for cell in cells for text in strings([cell["source"], cell.get("outputs", [])])
    ]
    return [text for text in found if len(text) < 200_000]  # a picture is no sentence


@cache
def the_course(root: Path = ROOT) -> dict[str, list[str]]:
    """All the texts, by file."""
    paths = [path for place in PLACES for path in sorted(root.glob(place))]
    return {path.relative_to(root).as_posix(): texts(path) for path in paths}


def faults(found: list[Rule], course: dict[str, list[str]]) -> list[str]:
    """Where a retired sentence stands: file, id and the words."""
    return [
        (
            f"{name}: {key} stands here again: "
            f"“… {text[max(0, hit.start() - 40) : hit.end() + 40]} …”"
        )
        for name, pieces in course.items()
        for text in dict.fromkeys(pieces)
        for key, rule, _ in found
        if (hit := rule.search(text))
    ]


def test_no_retired_sentence_is_left():
    course, found = the_course(), rules()
    assert found, "no pattern was read"
    kinds = {place: sum(1 for _ in ROOT.glob(place)) for place in PLACES}
    assert all(kinds.values()), (
        f"nothing was read from {[place for place, count in kinds.items() if not count]}"
    )
    assert len(course) >= 100
    wrong = faults(found, course)
    assert not wrong, f"{len(found)} patterns, {len(course)} files\n" + "\n".join(wrong)


@pytest.mark.parametrize("place", ["text", "output", "card", "python", "table", "drawing"])
def test_every_retired_sentence_is_caught_wherever_it_stands(place, tmp_path):
    found = rules()
    assert found
    for key, rule, sample in found:
        kind = {"python": "x.py", "table": "x.csv", "drawing": "x.svg"}.get(place, "x.ipynb")
        path = tmp_path / kind
        path.write_text(planted(place, sample), encoding="utf-8")
        wrong = faults([(key, rule, sample)], {"x": texts(path)})
        assert wrong and wrong[0].startswith(f"x: {key} stands here again: “"), (key, place)


def planted(place: str, sample: str) -> str:
    """A file in which the sample stands in the given place."""
    if place == "python":
        return f"TEXT = {json.dumps(sample, ensure_ascii=False)}\n"
    if place == "table":
        return 'key,statement\na,"{}"\n'.format(sample.replace('"', '""'))
    if place == "drawing":
        return f"<svg><title>{escape(sample)}</title></svg>"
    half = len(sample) // 2
    data = (
        {"application/vnd.hepatica.card+json": {"items": [{"why": sample}]}}
        if place == "card"
        else {"text/html": [sample[:half], sample[half:]]}
    )
    source = [sample[:half], sample[half:]] if place == "text" else []
    outputs = [] if place == "text" else [{"output_type": "display_data", "data": data}]
    return json.dumps(
        {"cells": [{"cell_type": "code", "source": source, "outputs": outputs}]}, ensure_ascii=False
    )


HISTORY = (
    "152 trials since 2024; the pool of 2020 (55 trials) had RR 2.48 (1.27-4.86).",
    "AASLD 2018: ultrasound with or without AFP; EASL 2018: ultrasound alone",
    "This row gave 58 and 55 until the counts were read: 54 and 51.",
    "The statement of 2020 named cord blood only; remestemcel-L was licensed on 18 December 2024.",
)


def test_a_note_that_explains_history_is_left_alone(tmp_path):
    found = rules()
    path = tmp_path / "x.csv"
    path.write_text(
        "key,note\n" + "".join(f'a{n},"{note}"\n' for n, note in enumerate(HISTORY)),
        encoding="utf-8",
    )
    assert faults(found, {"x": texts(path)}) == []


def test_a_rule_that_cannot_catch_its_sample_is_refused(tmp_path):
    table = tmp_path / "rules.csv"
    for row in ("X1,stays shut,The way back closes.", "X2,,words", "X3,(a)?,a"):
        table.write_text(f"id,pattern,sample\n{row}\n", encoding="utf-8")
        with pytest.raises(AssertionError, match="row 2"):
            rules(table)
