"""The sheets for paper: each is printed, read back and looked at as a picture."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pypdfium2
import pytest
from browser import require_browser
from bs4 import BeautifulSoup

from hepatica import ledger
from hepatica.site import paper
from hepatica.site.build import PROJECT, _save_page, _write_assets, course_of, site_map
from hepatica.site.pages import Pages
from hepatica.site.printing import print_sheets

MOST = {"handout": 8, "teacher": 9, "answers": 2, "key": 8, "exercise": 8}
"""Pages of A4."""
FULL = pytest.mark.full
ALL = [f"{n:02}" for n in range(14)]
QUICK = ("03", "08")
NUMBERS = [pytest.param(n, marks=() if n in QUICK else FULL) for n in ALL]
A4 = (595, 842)
INK = 0.004
"""The least share of a page that is not white."""
DEAF = """#!/bin/sh
for word; do case "$word" in --user-data-dir=*) home="${word#*=}";; esac; done
printf '1\\n' > "$home/DevToolsActivePort"
exec sleep 60
"""
"""A browser that names a port on which nobody listens."""


def words(text: str) -> str:
    """Letters and digits only: a line's end and a ligature say nothing."""
    plain = BeautifulSoup(text, "html.parser").get_text()
    return re.sub(r"[\W_]+", "", plain.replace("ﬁ", "fi").replace("ﬂ", "fl")).casefold()


class Sheet:
    """A printed sheet: the words of its pages, and how much ink is on each."""

    def __init__(self, file: Path) -> None:
        document = pypdfium2.PdfDocument(file)
        pages = [document[n] for n in range(len(document))]
        self.sizes = [page.get_size() for page in pages]
        self.texts = [page.get_textpage().get_text_range() for page in pages]
        self.pages = [words(text) for text in self.texts]
        self.ink = [ink_of(page) for page in pages]

    @property
    def words(self) -> str:
        """Of all pages."""
        return "".join(self.pages)


def ink_of(page: pypdfium2.PdfPage) -> float:
    """The share of a page, its foot left out, that is not white."""
    picture = page.render(scale=0.5, grayscale=True).to_pil()
    width, height = picture.size
    shades = picture.crop((0, 0, width, int(0.94 * height))).histogram()
    return 1 - sum(shades[200:]) / sum(shades)


# ---- what a sheet may be accused of ----


def shape_faults(sheet: Sheet, most: int) -> list[str]:
    """Too many pages, a page of another size, a blank page."""
    faults = [f"{len(sheet.pages)} pages"] if len(sheet.pages) > most else []
    faults += [f"size {size}" for size in sheet.sizes if [round(x) for x in size] != list(A4)]
    return faults + [f"page {n} is blank" for n, ink in enumerate(sheet.ink, 1) if ink < INK]


def told(blocks: list[paper.Block]) -> list[str]:
    """What a student must not read: every reply, every finding, every sentence of a card."""
    options = [each["text"] for q in paper.questions_of(blocks) for each in q.options]
    headings = words(
        " ".join([*options, *(block.heading + block.words + block.asked for block in blocks)])
    )
    said = [block.finding for block in blocks if block.figure and block.finding != block.asked]
    said = [each for each in said if words(each) not in headings]  # the notebook says it itself
    for question in paper.questions_of(blocks):
        said += [question.why, *(option.get("why", "") for option in question.options)]
    return [each for each in said if len(words(each)) > 20]


def leaks(sheet: Sheet, forbidden: list[str]) -> list[str]:
    """Which of these a sheet says."""
    return [each for each in forbidden if words(each) in sheet.words]


def absences(sheet: Sheet, needed: list[str]) -> list[str]:
    """Which of these a sheet lacks."""
    return [each for each in needed if words(each) not in sheet.words]


def cuts(sheet: Sheet, blocks: list[paper.Block], title: str) -> list[str]:
    """Which cards do not stand whole, from heading to last option, on one page."""
    faults = []
    for block in blocks:
        if not (block.figure and block.questions):
            continue
        ends = [getattr(block, title), block.questions[-1].asked]
        ends += [option["text"] for option in block.questions[-1].options]
        if not any(all(words(end) in page for end in ends) for page in sheet.pages):
            faults.append(block.card)
    return faults


def disorder(sheet: Sheet, questions: list[paper.Question]) -> list[str]:
    """Questions whose options do not follow each other as on the page."""
    faults = []
    for question in questions:
        line = "".join(f"{letter}{words(each['text'])}" for letter, each in question.lettered)
        if question.way == "choose" and line.casefold() not in sheet.words:
            faults.append(question.asked)
    return faults


# ---- the sheets of one notebook ----


@pytest.fixture(scope="module")
def course():
    """The notebooks, and which page stands for which."""
    found = course_of(PROJECT)
    return found, site_map(found, PROJECT)


@pytest.fixture(scope="module", params=NUMBERS)
def printed(request, course, tmp_path_factory):
    """(blocks, sheets by name, folder) of a notebook."""
    found, links = course
    lesson = next(each for each in found.lessons if each.number == request.param)
    folder, names, given = tmp_path_factory.mktemp("paper"), [], {}
    _write_assets(folder / "assets")
    pages = Pages(found, links, ledger)
    for sheet, parts in paper.sheets(lesson, found, links, ledger):
        given[sheet] = parts
        name, html = pages._page(paper.name_of(lesson.number, sheet), "paper.html.j2", **parts)
        _save_page(folder, name, html)
        names.append(name)
    done = print_sheets(folder, names, lambda _: None, require_browser())
    assert sorted(done) == sorted(names)
    sheets = {
        sheet: Sheet(folder / paper.name_of(lesson.number, sheet).replace("html", "pdf"))
        for sheet in given
    }
    return given["handout"]["blocks"], sheets, given


def test_the_sheets_of_a_notebook(printed):
    blocks, sheets, given = printed
    questions = paper.questions_of(blocks)
    forbidden = told(blocks)
    assert len(questions) >= 8 and len(forbidden) >= 20
    for name, sheet in sheets.items():
        assert shape_faults(sheet, MOST[name]) == [], name
        assert "Where the numbers come from" not in " ".join(sheet.texts), name
    for name in ("handout", "answers"):
        assert leaks(sheets[name], forbidden) == [], name
    asked = [question.asked for question in questions]
    for name in ("handout", "teacher", "key"):
        assert absences(sheets[name], asked) == [], name
    assert absences(sheets["key"], [q.why for q in questions]) == []
    assert absences(sheets["key"], [f"{q.letter} {q.answer}" for q in questions if q.letter]) == []
    assert disorder(sheets["handout"], questions) == []
    assert cuts(sheets["handout"], blocks, "asked") == []
    assert cuts(sheets["teacher"], blocks, "finding") == []
    # samples that must be rejected: the key as a handout, another order, a card cut in two
    assert leaks(sheets["key"], forbidden)
    turned = next(q for q in questions if q.way == "choose")
    turned = paper.replace(turned, options=turned.options[::-1])
    assert disorder(sheets["handout"], [turned])
    assert absences(sheets["answers"], asked)
    if "exercise" in sheets:
        solved_faults(sheets["exercise"], given["exercise"]["parts"])


def solved_faults(sheet: Sheet, parts: list) -> None:
    """An exercise's sheet has its tasks, and nothing that solves them."""
    cards = [part for part in parts if isinstance(part, paper.Block)]
    assert leaks(sheet, told(cards)) == []
    assert "Worked solution" not in " ".join(sheet.texts)
    assert absences(sheet, [q.asked for q in paper.questions_of(cards)]) == []


def test_what_a_sheet_is_accused_of():
    """Each check rejects its sample."""
    sheet = Sheet.__new__(Sheet)
    sheet.sizes, sheet.ink = [A4, (612, 792), A4], [0.1, 0.1, 0.0]
    sheet.pages = [words("Which end? A left"), words("B right, for the wall is thin"), ""]
    assert shape_faults(sheet, 2) == ["3 pages", "size (612, 792)", "page 3 is blank"]
    option = {"text": "left", "why": ""}, {"text": "right", "why": "for the wall is thin"}
    question = paper.Question(1, "Which end?", "choose", list(option), "right", option[1]["why"])
    block = paper.Block(card="c", asked="Which end?", finding="Thin walls", figure="f")
    block = paper.replace(block, questions=[question])
    assert cuts(sheet, [block], "asked") == ["c"]
    assert not disorder(sheet, [question])
    sheet.pages = sheet.pages[:1]
    assert disorder(sheet, [question]) and absences(sheet, ["right"]) == ["right"]


def test_an_exercise_without_its_solutions():
    html = """<h3>Task</h3><p>Write it.</p>
    <details><summary>Hint 1</summary><p>Use a sum.</p></details>
    <pre>def f(): raise</pre>
    <details class="code"><summary>What the check asks</summary>check(42)</details>
    <details><summary>Worked solution</summary>return 42</details><p>It is 42.</p><h3>Next</h3>"""
    shown = BeautifulSoup(
        paper.without_solutions(BeautifulSoup(html, "html.parser")), "html.parser"
    )
    assert shown.get_text(" ", strip=True) == "Task Write it. def f(): raise Next"


def test_without_a_browser_that_prints_the_pages_remain(tmp_path, monkeypatch):
    """None is installed, one ends at once, one hangs, one is deaf: a line says so."""
    lines: list[str] = []
    monkeypatch.setattr("hepatica.site.printing.installed", lambda: None)
    assert print_sheets(tmp_path, ["a.html"], lines.append) == []
    assert "No Chromium" in lines[-1]
    for script, patience in (("exit 1", 5), ("exec sleep 60", 0.5)):
        browser = tmp_path / "browser"
        browser.write_text(f"#!/bin/sh\n{script}\n")
        browser.chmod(0o755)
        assert print_sheets(tmp_path, ["a.html"], lines.append, str(browser), patience) == []
        assert lines[-1].startswith("  1 PDFs were not made: browser did not start")
    browser.write_text(DEAF)
    assert print_sheets(tmp_path, ["a.html"], lines.append, str(browser), 5) == []
    assert lines[-1].startswith("  1 PDFs were not made: the browser opened no tab")
    (tmp_path / "a.html").write_text("<p>never ready</p>")
    assert print_sheets(tmp_path, ["a.html"], lines.append, require_browser(), 3) == []
    assert "not ready after 3 seconds" in lines[-1]


def test_answers_as_the_cards_take_them():
    """The commit of each way, as JSON."""
    step = {"way": "order", "items": [{"rank": 1}, {"rank": 0}], "ends": ["first", "last"]}
    assert paper._commit(step) == [1, 0]
    assert paper._commit({"way": "share", "answer": 51.7}) == 52
    assert paper._commit(None) is None
    assert json.dumps(paper._commit({"way": "draw"})) == "{}"
