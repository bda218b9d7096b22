"""Every notebook has the same build: sections in order, few words between cards, short cells,
whole cards, claims."""

from __future__ import annotations

import copy
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from hepatica import ledger
from hepatica.cards.kinds.letter import stored
from tools.text_rules import CODE, LINK, MATHS, TAG

ROOT = Path(__file__).resolve().parent.parent
CARD = "application/vnd.hepatica.card+json"
FIRST = "00"  # the notebook that has nothing to recall
BEFORE = ["A patient", "Recall"]
AFTER = [
    "Where the numbers come from",
    "What this model cannot tell you",
    "Check yourself",
    "One line to K.",
    "Key points",
    "For teachers",
]
LINE = AFTER[3]
STEP = re.compile(r"(\d+) · \S.*")
STEPS = range(3, 6)
MOST_WORDS, MOST_LINES = 60, 12  # course.md and style.md
MISCONCEPTION = re.compile(r"M(?:1[0-6]|[1-9])")


def course(root: Path = ROOT) -> dict[str, nbformat.NotebookNode]:
    """The notebooks of the course by file name without ending."""
    return {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((root / "notebooks").glob("*.ipynb"))
    }


def headings(notebook: nbformat.NotebookNode, level: int) -> list[str]:
    """The headings of one level, those inside code fences left out."""
    texts = [CODE.sub("", cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]
    return [
        match
        for text in texts
        for match in re.findall(rf"^#{{{level}}}\s+(.+?)\s*$", text, re.MULTILINE)
    ]


def words_in(source: str) -> int:
    """How many words of prose a reader sees in a markdown cell, headings apart."""
    text = re.sub(r"^#+ .*$", " ", CODE.sub(" code ", source), flags=re.MULTILINE)
    text = TAG.sub(" ", LINK.sub(r" \1 ", MATHS.sub(" x ", text)))
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def card_outputs(notebook: nbformat.NotebookNode) -> list[tuple[int, dict, str]]:
    """Each card shown: number of its cell, specification, and what it says in plain text."""
    return [
        (position, output.data[CARD], output.data.get("text/plain", ""))
        for position, cell in enumerate(notebook.cells, start=1)
        for output in cell.get("outputs", [])
        if CARD in output.get("data", {})
    ]


# ---------------------------------------------------------------------------------------- the rules


def opening_faults(name: str, notebook: nbformat.NotebookNode) -> list[str]:
    """One title with a dash, and the minutes that data/notebooks.csv gives."""
    titles, rows = headings(notebook, 1), ledger.table("notebooks").set_index("key")
    faults = (
        []
        if len(titles) == 1
        else [(f"{name}: {len(titles)} headings of the first level; write one.")]
    )
    faults += [
        f"{name}: the title “{title}” has no dash. Write “Title — Guiding question?”."
        for title in titles
        if " — " not in title
    ]
    number, _, slug = name.partition("_")
    if number not in rows.index or rows.loc[number, "slug"] != slug:
        return [*faults, f"{name}: data/notebooks.csv has no such notebook."]
    minutes = f"*{rows.loc[number, 'minutes']:g} minutes*"
    first = notebook.cells[0].source.splitlines()
    return (
        faults
        if minutes in first
        else [*faults, (f"{name}: the first cell has no line “{minutes}”.")]
    )


def section_faults(name: str, notebook: nbformat.NotebookNode) -> list[str]:
    """The sections in their order, with three to five numbered steps."""
    found = headings(notebook, 2)
    steps = [heading for heading in found if STEP.fullmatch(heading)]
    before = BEFORE[:1] if name.startswith(FIRST) and "Recall" not in found else BEFORE
    expected = [*before, *steps, *(head for head in AFTER if head != LINE or has_line(name))]
    faults = (
        []
        if found == expected
        else [(f"{name}: its sections are {found}; they should be {expected}.")]
    )
    numbers = [int(STEP.fullmatch(heading)[1]) for heading in steps]
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append(f"{name}: the steps are numbered {numbers}.")
    return (
        faults
        if len(steps) in STEPS
        else [*faults, (f"{name}: {len(steps)} steps; write three to five.")]
    )


def has_line(name: str) -> bool:
    """Whether a notebook has a line to K. (data/letters.toml) or is the one that gathers them."""
    return name[:2] in stored.letters()["notebooks"] or name[:2] == stored.LAST


def line_faults(name: str, notebook: nbformat.NotebookNode) -> list[str]:
    """A notebook whose line to K. is announced and has no card."""
    wanted = "article.letter()" if name[:2] == stored.LAST else f'Letter.load("{name[:2]}")'
    shown = any(cell.cell_type == "code" and wanted in cell.source for cell in notebook.cells)
    return [] if shown or not has_line(name) else [f"{name}: no cell shows {wanted}."]


def wordy_cells(name: str, notebook: nbformat.NotebookNode) -> tuple[list[str], int]:
    """Markdown cells inside the steps with more than 60 words,
    and how many such cells there are."""
    faults, count, inside = [], 0, False
    for position, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "markdown":
            continue
        for heading in re.findall(r"^## (.+?)\s*$", cell.source, re.MULTILINE):
            inside = bool(STEP.fullmatch(heading))
        if inside:
            count += 1
            words, begin = words_in(cell.source), cell.source[:40]
            faults += (
                [
                    (
                        f"{name}, cell {position}: {words} words; "
                        f"at most {MOST_WORDS} between cards (“{begin} …”)."
                    )
                ]
                if words > MOST_WORDS
                else []
            )
    return faults, count


def long_cells(name: str, notebook: nbformat.NotebookNode) -> list[str]:
    """Code cells with more than twelve lines."""
    lines = {
        position: len(cell.source.rstrip().splitlines())
        for position, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code"
    }
    return [
        (
            f"{name}, cell {position}: {count} lines of code; at most {MOST_LINES}. "
            "Move the rest into the package."
        )
        for position, count in lines.items()
        if count > MOST_LINES
    ]


def card_faults(name: str, notebook: nbformat.NotebookNode) -> list[str]:
    """Cards without title, question or description,
    and a notebook without a misconception to refute."""
    faults, shown = [], card_outputs(notebook)
    for position, spec, plain in shown:
        where = f"{name}, cell {position}, card {spec.get('id')!r}"
        needed = ("id", "title") if spec["kind"] == "quiz" else ("id", "title", "question")
        faults += [
            f"{where}: it has no {field}."
            for field in needed
            if not str(spec.get(field) or "").strip()
        ]
        if not plain.removeprefix(f"{spec.get('title')}.").strip():
            faults.append(f"{where}: it has no description.")
        pictures = [
            view
            for view in [spec, *spec.get("views", [])]
            if "svg" in view or view.get("type") == "tissue"
        ]
        faults += [
            f"{where}: a picture has no description (alt)."
            for view in pictures
            if not view.get("alt")
        ]
    items = [item for _, spec, _ in shown if spec["kind"] == "quiz" for item in spec["items"]]
    tagged = [item for item in items if MISCONCEPTION.fullmatch(item.get("misconception") or "")]
    return (
        faults
        if tagged
        else [*faults, (f"{name}: no quiz item carries a misconception (M1 to M16).")]
    )


def repeated_ids(notebooks: dict[str, nbformat.NotebookNode]) -> list[str]:
    """Card ids used more than once in the course."""
    places = [
        (spec["id"], f"{name}, cell {position}")
        for name, notebook in notebooks.items()
        for position, spec, _ in card_outputs(notebook)
    ]
    counts = Counter(identity for identity, _ in places)
    return [
        f"{where}: the card id {identity!r} is used {counts[identity]} times."
        for identity, where in places
        if counts[identity] > 1
    ]


def unnamed_claims(notebooks: dict[str, nbformat.NotebookNode]) -> tuple[list[str], int]:
    """Claims that a notebook should teach (data/claims.csv, taught_in) but does not name;
    how many were looked up."""
    written = {
        name[:2]: "\n".join(cell.source for cell in notebook.cells)
        for name, notebook in notebooks.items()
    }
    due = [
        (claim.key, number)
        for claim in ledger.table("claims").itertuples()
        for number in str(claim.taught_in).split(";")
        if number in written
    ]
    return [
        (
            f"notebook {number}: claim {key} is taught here (data/claims.csv) but not named. "
            "Add it to show.claims(…)."
        )
        for key, number in due
        if not re.search(rf"\b{key}\b", written[number])
    ], len(due)


CLAIMS = 67  # the article's


def untaught_claims(notebooks: dict[str, nbformat.NotebookNode], claims) -> list[str]:
    """Claims that the course as a whole leaves out: too few rows, no notebook, a missing one,
    or one without the id."""
    faults = (
        []
        if len(claims) == CLAIMS
        else [(f"data/claims.csv has {len(claims)} claims; the article has {CLAIMS}.")]
    )
    numbers = {name[:2] for name in notebooks}
    homes = {
        claim.key: [number for number in str(claim.taught_in).split(";") if number]
        for claim in claims.itertuples()
    }
    faults += [
        f"claim {key}: taught_in names no notebook." for key, found in homes.items() if not found
    ]
    faults += [
        f"claim {key}: there is no notebook {number}."
        for key, found in homes.items()
        for number in found
        if number not in numbers
    ]
    return faults + unnamed_claims(notebooks)[0]


# --------------------------------------------------------------------------------------- the course


@pytest.fixture(scope="module")
def notebooks() -> dict[str, nbformat.NotebookNode]:
    found = course()
    assert found, "no notebook was found"
    return found


def test_each_notebook_opens_with_title_and_minutes(notebooks):
    assert [
        fault for name, notebook in notebooks.items() for fault in opening_faults(name, notebook)
    ] == []


def test_the_sections_stand_in_order(notebooks):
    assert [
        fault
        for name, notebook in notebooks.items()
        for fault in (*section_faults(name, notebook), *line_faults(name, notebook))
    ] == []


def test_few_words_between_cards(notebooks):
    results = [wordy_cells(name, notebook) for name, notebook in notebooks.items()]
    assert min(count for _, count in results) >= 3, "a notebook has no text in its steps"
    assert [fault for faults, _ in results for fault in faults] == []


def test_code_cells_are_short(notebooks):
    assert all(
        any(cell.cell_type == "code" for cell in notebook.cells) for notebook in notebooks.values()
    )
    assert [
        fault for name, notebook in notebooks.items() for fault in long_cells(name, notebook)
    ] == []


def test_cards_are_whole(notebooks):
    shown = {name: len(card_outputs(notebook)) for name, notebook in notebooks.items()}
    assert min(shown.values()) >= 2, f"too few cards: {shown}"
    assert [
        fault for name, notebook in notebooks.items() for fault in card_faults(name, notebook)
    ] == []


def test_card_ids_are_unique_in_the_course(notebooks):
    assert repeated_ids(notebooks) == []


def test_each_claim_is_named_where_it_is_taught(notebooks):
    faults, count = unnamed_claims(notebooks)
    assert count > 0, "no claim was looked up"
    assert faults == []


def test_all_claims_of_the_article_are_taught(notebooks):
    claims = ledger.table("claims")
    assert untaught_claims(notebooks, claims) == []
    assert any(
        f"{len(claims) - 1} claims" in fault
        for fault in untaught_claims(notebooks, claims.drop(index=0))
    )
    after = f"{len(notebooks):02d}"
    homeless = claims.assign(taught_in=claims["taught_in"].where(claims["key"] != "C45", after))
    assert untaught_claims(notebooks, homeless) == [f"claim C45: there is no notebook {after}."]
    silent = {name: copy.deepcopy(notebook) for name, notebook in notebooks.items()}
    for cell in silent["13_the_article"].cells:
        cell.source = cell.source.replace("C45", "C46")
    assert [fault.partition(" is taught")[0] for fault in untaught_claims(silent, claims)] == [
        "notebook 13: claim C45"
    ]


# ------------------------------------------------------------------------------------------ samples

NAME = "03_a_liver_that_scars"
EXPLORABLE = {
    "kind": "explorable",
    "id": "sample",
    "title": "It tips",
    "question": "When?",
    "views": [{"type": "tissue", "alt": "Liver tissue."}],
}
QUIZ = {"kind": "quiz", "id": "sample-quiz", "title": "Check", "items": [{"misconception": "M1"}]}


def shown(spec: dict, says: str) -> nbformat.NotebookNode:
    """A cell that shows a card."""
    data = {CARD: copy.deepcopy(spec), "text/plain": f"{spec['title']}. {says}"}
    return new_code_cell(
        "card", outputs=[new_output("execute_result", data=data, execution_count=1)]
    )


def sample() -> nbformat.NotebookNode:
    """A notebook that keeps all rules."""
    texts = [
        "# A liver that scars — When is it too late?\n\n*50 minutes*",
        "## A patient\n\nK.",
        "## Recall",
        "## 1 · One\n\nLook.",
        "## 2 · Two",
        "## 3 · Three",
    ]
    cells = [new_markdown_cell(text) for text in texts]
    cells += [shown(EXPLORABLE, "It tips late."), shown(QUIZ, "One question.")]
    claims = ledger.table("claims")
    due = claims.loc[claims["taught_in"].str.split(";").map(lambda numbers: "03" in numbers), "key"]
    named = new_code_cell(f"show.claims({', '.join(repr(key) for key in due)})")
    line = new_code_cell('Letter.load("03")')
    return new_notebook(
        cells=[*cells, named, line, *(new_markdown_cell(f"## {heading}") for heading in AFTER)]
    )


def all_faults(notebook: nbformat.NotebookNode, name: str = NAME) -> list[str]:
    """What any rule finds in one notebook."""
    return [
        *opening_faults(name, notebook),
        *section_faults(name, notebook),
        *line_faults(name, notebook),
        *wordy_cells(name, notebook)[0],
        *long_cells(name, notebook),
        *card_faults(name, notebook),
        *repeated_ids({name: notebook}),
        *unnamed_claims({name: notebook})[0],
    ]


def test_a_sound_sample_passes():
    assert all_faults(sample()) == []


def replaced(old: str, new: str):
    def spoil(notebook):
        for cell in notebook.cells:
            cell.source = cell.source.replace(old, new)

    return spoil


def in_card(position: int, **changed):
    def spoil(notebook):
        [output for cell in notebook.cells for output in cell.get("outputs", [])][position].data[
            CARD
        ].update(changed)

    return spoil


def silent(notebook):
    output = next(output for cell in notebook.cells for output in cell.get("outputs", []))
    output.data["text/plain"] = "It tips."


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (replaced(" — ", " "), "no dash"),
        (replaced("Look.", "# Again — and again"), "2 headings of the first level"),
        (replaced("*50 minutes*", "*45 minutes*"), "“*50 minutes*”"),
        (replaced("## Recall", "Recall"), "its sections are"),
        (replaced("## Key points", "## Summary"), "its sections are"),
        (replaced("## One line to K.", "## A line"), "its sections are"),
        (replaced("Letter.load", "Quiz.load"), 'no cell shows Letter.load("03")'),
        (replaced("## 3 · Three", "## 4 · Three"), "numbered [1, 2, 4]"),
        (replaced("## 3 · Three", "### Three"), "2 steps"),
        (replaced("Look.", "word " * 61), "61 words"),
        (replaced("show.claims(", "\n" * 12 + "show.claims("), "13 lines"),
        (replaced("'C05'", "'C04'"), "claim C05"),
        (in_card(0, title=""), "no title"),
        (in_card(0, question=""), "no question"),
        (in_card(0, views=[{"type": "tissue", "alt": ""}]), "no description (alt)"),
        (in_card(0, id="sample-quiz"), "used 2 times"),
        (in_card(1, items=[{"misconception": "M17"}]), "no quiz item carries"),
        (silent, "no description"),
    ],
)
def test_a_spoilt_sample_is_refused(spoil, says):
    notebook = sample()
    spoil(notebook)
    assert any(says in fault for fault in all_faults(notebook)), (
        f"{says!r} not among {all_faults(notebook)}"
    )


def test_only_the_first_notebook_may_leave_out_recall():
    notebook = sample()
    replaced("## Recall", "")(notebook)
    assert section_faults("00_start_here", notebook) == []
    assert section_faults(NAME, notebook)


def test_words_are_those_a_reader_sees():
    text = (
        '## 1 · Five words\n\nAbout <data value="a/b">70 %</data> of [the '
        "flow](https://x.org) — `code`, $x + 2$."
    )
    assert words_in(text) == 7, "About 70 of the flow code x"
    assert words_in("word " * 60) == MOST_WORDS


def test_an_unknown_notebook_is_refused():
    assert opening_faults("03_a_liver", sample())[-1].endswith("has no such notebook.")
