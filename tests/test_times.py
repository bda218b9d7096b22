"""Printed minutes are those of the rule; code stands open where it teaches; results are tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sample_course import QUIZ, quietly, sample

from hepatica import show
from hepatica.cards.parts import minutes as rule
from hepatica.site import SiteError, times
from hepatica.site.build import course_of
from hepatica.site.outputs import CARD
from tools import minutes

ROOT = Path(__file__).resolve().parent.parent
TOLERANCE = 0.10
BARE = ("[", "{", "(")
"""How Python writes a list, a dict and a tuple."""


def course(root: Path = ROOT) -> dict[str, nbformat.NotebookNode]:
    """The notebooks of the course by file name without ending."""
    found = sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    assert found, "no notebook was found"
    return {path.stem: nbformat.read(path, as_version=4) for path in found}


# --------------------------------------------------------------------------------------- the minutes


def dishonest(name: str, notebook: nbformat.NotebookNode, stated: int) -> list[str]:
    """What is wrong with the minutes stated for a notebook: more than a tenth off, or more than
    the rounding to five allows."""
    told_by_rule = rule.minutes(notebook)
    first = re.search(r"^\*(\d+) minutes\*$", notebook.cells[0].source, re.MULTILINE)
    told = {"data/notebooks.csv": stated, "its first cell": int(first[1]) if first else 0}
    allowed = max(TOLERANCE * told_by_rule, rule.STEP / 2)
    return [
        f"{name}: {place} says {found} minutes, the rule {told_by_rule:.0f}. Run python -m tools.minutes."
        for place, found in told.items()
        if abs(found - told_by_rule) > allowed
    ]


def test_the_minutes_of_each_notebook_are_those_of_the_rule():
    with (ROOT / "data" / "notebooks.csv").open(encoding="utf-8", newline="") as file:
        stated = {
            f"{row['key']}_{row['slug']}": int(row["minutes"]) for row in csv.DictReader(file)
        }
    notebooks = course()
    assert set(stated) == set(notebooks)
    assert [
        fault for name, found in notebooks.items() for fault in dishonest(name, found, stated[name])
    ] == []


def quarter_hours(minutes_each: float, count: int) -> nbformat.NotebookNode:
    """A notebook of sections of equal length, in words."""
    body = "word " * round(minutes_each * rule.WORDS_PER_MINUTE)
    cells = [new_markdown_cell(f"## Part {n}\n\n{body}") for n in range(count)]
    return new_notebook(cells=[new_markdown_cell("# A — B?\n\n*30 minutes*"), *cells])


def test_dishonest_minutes_are_found():
    notebook = quarter_hours(7.5, 4)
    assert dishonest("x", notebook, 30) == []
    assert len(dishonest("x", notebook, 20)) == 1
    notebook.cells[0].source = "# A — B?"
    assert "its first cell says 0" in dishonest("x", notebook, 30)[0]


def test_minutes_come_from_words_cards_questions_and_equations():
    quiz = new_output("display_data", data={CARD: QUIZ, "text/html": "<p>" + "word " * 50 + "</p>"})
    card = new_output("display_data", data={CARD: {"id": "c", "predict": {"way": ""}}})
    cells = [
        new_markdown_cell("# Title\n\n" + "word " * 99 + "\n\n```\n" + "code " * 900 + "\n```"),
        new_markdown_cell("## One\n\nsee [this](https://x.org/a-b_c(1)) $x + 1$\n\n$$a = b$$"),
        new_code_cell("quiz " * 500, outputs=[quiz, card]),
        new_markdown_cell("## For teachers\n\n" + "word " * 900, metadata={"tags": ["teacher"]}),
    ]
    first, second = rule.sections(new_notebook(cells=cells))
    assert (first.heading, first.minutes) == ("", 0.5)
    assert second.heading == "One"
    words = (4 + 50) / rule.WORDS_PER_MINUTE
    assert second.minutes == pytest.approx(words + 1 + rule.ITEM + 3 + 1)
    assert second.cards == (QUIZ["id"], "c")


def test_a_stop_comes_about_every_quarter_of_an_hour():
    found = rule.sections(quarter_hours(5, 9))
    assert times.stops(found) == {4: 15, 7: 15}
    assert times.stops(rule.sections(quarter_hours(5, 4))) == {4: 15}
    assert times.stops(rule.sections(quarter_hours(4.9, 3))) == {}
    assert times.stops(rule.sections(quarter_hours(12, 2))) == {2: 12}


def test_a_page_shows_its_stops_and_what_each_section_takes(tmp_path):
    long = new_markdown_cell(
        "## A long one\n\n" + "word " * 3000 + "\n\n## The rest\n\n" + "so " * 1200
    )
    site = quietly(sample(tmp_path, long))
    page = BeautifulSoup((site / "01_the_healthy_lobule.html").read_text("utf-8"), "html.parser")
    assert [re.sub(r"\d+", "N", tag.text) for tag in page.select(".stop")] == [
        "≈ N min: a good place to stop"
    ] * len(page.select(".stop"))
    assert page.select(".stop")
    assert float(page.find(id="A-long-one")["data-minutes"]) == pytest.approx(15, abs=0.1)
    assert not BeautifulSoup((site / "slides/01.html").read_text("utf-8"), "html.parser").select(
        ".stop"
    )
    with pytest.raises(SiteError, match="2 sections on the page, 1 in the notebook"):
        soup = BeautifulSoup("<h2>A</h2><h2>B</h2>", "html.parser")
        times.mark(soup, rule.sections(quarter_hours(1, 1)))


def test_the_command_writes_the_minutes_of_the_rule(tmp_path):
    notebook = quarter_hours(15, 4)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data").mkdir()
    path = tmp_path / "notebooks" / "01_long.ipynb"
    nbformat.write(notebook, path)
    row = 'key,slug,question,minutes,patients\n01,long,"Why, and when?",30,V01\n'
    (tmp_path / "data" / "notebooks.csv").write_text(row)
    line = "| [01](notebooks/01_long.ipynb) | Why, and when? | 30 |\n"
    (tmp_path / "README.md").write_text(line)
    assert minutes.rewrite(tmp_path) == ["01_long: 30 → 60 minutes"]
    assert "*60 minutes*" in nbformat.read(path, as_version=4).cells[0].source
    assert (tmp_path / "data" / "notebooks.csv").read_text() == row.replace(",30,", ",60,")
    assert (tmp_path / "README.md").read_text() == line.replace("| 30 |", "| 60 |")
    assert minutes.rewrite(tmp_path) == []


# ------------------------------------------------------------------------------- code and results


def open_code(page: BeautifulSoup, notebook: nbformat.NotebookNode) -> list[str]:
    """Code that stands open on a page though its cell is not tagged as worth reading."""
    tagged = {
        " ".join(cell.source.split())
        for cell in notebook.cells
        if cell.cell_type == "code" and "read" in cell.metadata.get("tags", [])
    }
    shown = [" ".join(block.get_text().split()) for block in page.select("main div.code")]
    return [code for code in shown if code not in tagged]


def test_code_is_folded_unless_it_is_worth_reading(tmp_path):
    plain = new_code_cell("a_cell = 'that stands open in the notebook'")
    root = sample(tmp_path, plain)
    page = BeautifulSoup(
        (quietly(root) / "01_the_healthy_lobule.html").read_text("utf-8"), "html.parser"
    )
    notebook = course(root)["01_the_healthy_lobule"]
    assert page.select("main div.code") and open_code(page, notebook) == []
    assert "a_cell" in "".join(box.text for box in page.select("details.code"))
    for box in page.select("details.code"):
        box.name, box["class"] = "div", "code"
    assert any("a_cell" in code for code in open_code(page, notebook))


def test_the_pages_of_the_course_keep_to_it():
    lessons = course_of(ROOT).lessons
    assert len(lessons) == len(course())
    pages = [
        BeautifulSoup(f"<main>{each.student_html()}</main>", "html.parser") for each in lessons
    ]
    assert sum(len(page.select("main div.code")) for page in pages) > 10, "nothing is left to read"
    pairs = zip(lessons, pages, strict=True)
    assert [code for lesson, page in pairs for code in open_code(page, lesson.notebook)] == []


def bare_results(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Results that are nothing but a Python list, dict or tuple, or lines of them in print."""
    for position, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            plain = set(data) == {"text/plain"} and data["text/plain"].startswith(BARE)
            printed = output.output_type == "stream" and any(
                line.startswith(BARE) for line in output.text.splitlines()
            )
            if plain or printed:
                yield f"cell {position}: {cell.source[:60]!r}"


def test_results_are_tables_with_a_caption():
    notebooks = course()
    assert sum(len(cell.get("outputs", [])) for n in notebooks.values() for cell in n.cells) > 100
    assert {name: found for name, n in notebooks.items() if (found := [*bare_results(n)])} == {}


@pytest.mark.parametrize("words", ["[42.0, 40.0]", "{'VII': 0.33}", "(15, 26)"])
def test_a_bare_result_is_found(words):
    result = new_output("execute_result", data={"text/plain": words}, execution_count=1)
    printed = new_output("stream", name="stdout", text=f"5.8\n{words} none\n")
    for output in (result, printed):
        assert [*bare_results(new_notebook(cells=[new_code_cell("x", outputs=[output])]))]
    table = new_output("execute_result", data={"text/plain": words, "text/html": "<table>"})
    assert not [*bare_results(new_notebook(cells=[new_code_cell("x", outputs=[table])]))]


def test_a_result_becomes_a_table():
    made = show.table(
        "Who & when", ("who", "MELD", "share, %"), [("V01", 15, -0.5), ("V02", 26, 2.0)]
    )
    html = made._repr_html_()
    assert "<caption>Who &amp; when</caption>" in html
    assert "<td>15</td><td>−0.5</td>" in html and "<td>26</td><td>2.0</td>" in html
    assert html.count('scope="col"') == 3 and html.count('scope="row"') == 2
    large = show.table("Cells", ("k", "days"), [(1e9, 2.26), (6e8, 1)])._repr_html_()
    assert "1×10⁹" in large and "<td>2.26</td>" in large and "<td>1.00</td>" in large
    frame = pd.DataFrame({"by_F4": [1, 2]}, index=pd.Index([0.0, 20.0], name="day"))
    told = show.frame("Cells", frame)._repr_html_()
    assert '>day</th><th scope="col">by F4<' in told and '<th scope="row">20</th><td>2</td>' in told
    with pytest.raises(ValueError, match="a row of 2"):
        show.table("Who", ("who", "MELD", "share"), [("V01", 15)])
