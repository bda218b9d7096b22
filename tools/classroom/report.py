"""The page on a class and its tables."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from hepatica import ledger
from hepatica.cards.bundle import HERE as CARDS
from hepatica.cards.kinds.quiz.stored import without_tags
from tools.classroom import findings, pictures
from tools.classroom.clouds import Cloud, clouds
from tools.classroom.files import Folder, HandedIn
from tools.export.bank import ROOT, Item, bank

HERE = Path(__file__).parent
IDEAS, SHOWN = 6, 4
"""So many ideas, and questions of a kind, stand on the page; the tables hold all."""
TALK = (
    ("too hard", "No more right than by guessing."),
    ("too easy", "Nine of ten right: no need to ask."),
    ("tells little", "Those who know the rest do no better here: look at its words."),
)
FORMULA = ("=", "+", "-", "@", "\t")  # a spreadsheet would run such a text


def write(out: Path, folder: Folder, name: str, root: Path = ROOT) -> Path:
    """Write the page and its tables into `out`; the path of the page."""
    items = bank(root)
    students = folder.students
    gain = findings.gain(students, items)
    asked = findings.questions(students, items)
    held = findings.ideas(students, items)
    guessed = clouds(students, root)
    out.mkdir(parents=True, exist_ok=True)
    _tables(out, students, gain, asked, held)
    shown = {
        "folder": folder,
        "name": name,
        "gain": gain,
        "headline": _headline(gain) if gain else "",
        "slopes": pictures.slopes(gain) if gain else "",
        "ideas": _ideas(held),
        "talk": _talk(asked),
        "clouds": [(cloud, _picture(cloud)) for cloud in guessed],
        "unknown": findings.unknown(students, items),
    }
    page = out / "index.html"
    page.write_text(_page(shown), encoding="utf-8")
    return page


def _page(shown: dict[str, Any]) -> str:
    """The page as text; whatever a file brought is escaped."""
    loader = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True)
    palette = (CARDS / "parts" / "palette.css").read_text(encoding="utf-8")
    style = Markup(palette + (HERE / "page.css").read_text(encoding="utf-8"))
    helpers = {
        "plain": without_tags,
        "percent": _percent,
        "known": lambda share: not math.isnan(share),
    }
    return loader.get_template("page.html.j2").render(style=style, **helpers, **shown)


def _percent(share: float) -> int:
    return round(100 * share)


def _headline(gain: findings.Gain) -> str:
    """The finding as a title."""
    before, after = (sum(scores) / len(scores) for scores in (gain.before, gain.after))
    words = f"from {before:.1f} to {after:.1f} of {gain.questions}"
    if math.isnan(gain.low):
        return f"All moved alike: {words}"
    if gain.low > 0:
        return f"They know more than before: {words}"
    if gain.high < 0:
        return f"They know less than before: {words}"
    return f"No clear difference: {words}"


def _ideas(held: Sequence[findings.Idea]) -> list[tuple[findings.Idea, str]]:
    said = ledger.table("misconceptions").set_index("key")["misconception"]
    judged = [idea for idea in held if idea.answers >= findings.FEWEST]
    return [(idea, said[idea.key]) for idea in judged[:IDEAS]]


def _talk(asked: Sequence[findings.Question]) -> list[tuple[str, str, list, int]]:
    if not any(each.answers >= findings.FEWEST for each in asked):
        return []
    found = []
    for name, meaning in TALK:
        rows = [each for each in asked if each.said == name]
        rows = rows[::-1] if name == "too easy" else rows
        found.append((name.capitalize(), meaning, rows[:SHOWN], len(rows[SHOWN:])))
    return found


def _picture(cloud: Cloud) -> Markup:
    return pictures.strip(cloud) if cloud.kind == "share" else pictures.curves(cloud)


def _tables(
    out: Path,
    students: Sequence[HandedIn],
    gain: findings.Gain | None,
    asked: Sequence[findings.Question],
    held: Sequence[findings.Idea],
) -> None:
    scores = dict(zip(gain.students, zip(gain.before, gain.after, strict=True))) if gain else {}
    rows = [
        (s.pseudonym, *scores.get(s.pseudonym, ("", "")), len(s.answers), _right(s))
        for s in students
    ]
    _table(out / "students.csv", "pseudonym before after answers right", rows)
    rows = [_question_row(each) for each in asked]
    names = "key notebook question answers right low high tells tells_low tells_high said"
    _table(out / "questions.csv", names, rows)
    rows = [(i.key, i.answers, *map(_cell, (i.wrong, i.before, i.after))) for i in held]
    _table(out / "ideas.csv", "key answers wrong before after", rows)
    rows = [
        (s.pseudonym, card, entry["kind"], " ".join(map(str, _list(entry["given"]))))
        for s in students
        for card, entry in s.predictions.items()
    ]
    _table(out / "predictions.csv", "pseudonym card kind given", rows)


def _right(student: HandedIn) -> int:
    return sum(right for _, right in student.answers.values())


def _question_row(each: findings.Question) -> tuple:
    item: Item = each.item
    numbers = (each.right, each.low, each.high, each.tells, each.tells_low, each.tells_high)
    asked = (item.key, item.notebook, without_tags(item.question), each.answers)
    return (*asked, *map(_cell, numbers), each.said)


def _cell(number: float) -> str:
    return "" if math.isnan(number) else f"{number:.3f}"


def _list(given: Any) -> list:
    return given if isinstance(given, list) else [given]


def _table(path: Path, names: str, rows: Iterable[Sequence]) -> None:
    """Write a table; a text that a spreadsheet would run is made a text again."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(names.split())
        for row in rows:
            table.writerow([_harmless(cell) for cell in row])


def _harmless(cell: Any) -> Any:
    runs = isinstance(cell, str) and cell.startswith(FORMULA) and not _is_number(cell)
    return f"'{cell}" if runs else cell


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
