"""A small course with everything that the site knows how to show, for the tests of the site."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from hepatica.site import SiteError, build
from hepatica.site.outputs import CARD, PLOTLY
from hepatica.site.tables import SHOWN, page_of

HIDDEN = {"jupyter": {"source_hidden": True}}
FACT = "physiology/total-flow"
QUIZ = {
    "kind": "quiz",
    "id": "sample-quiz",
    "title": "Check yourself </script>",
    "items": [
        {
            "type": "choice",
            "question": "Which cell makes most of the scar?",
            "options": [
                {
                    "text": "The hepatocyte",
                    "right": False,
                    "why": "It works; it lays down little collagen.",
                },
                {
                    "text": "The myofibroblast",
                    "right": True,
                    "why": "It comes mostly from stellate cells.",
                },
            ],
        }
    ],
}
CHART = {
    "data": [
        {
            "type": "scatter",
            "x": [0, 1, 2, 3],
            "y": [1, 2, 4, 3],
            "mode": "lines+markers",
            "line": {"color": "#be2952"},
        }
    ],
    "layout": {
        "title": {"text": "Collagen rises, then falls"},
        "xaxis": {"title": {"text": "years"}},
    },
}
TABLES = ["tables/index.html", *map(page_of, SHOWN)]
PAGES = [
    "01_the_healthy_lobule.html",
    "02_from_injury_to_scar.html",
    "accessibility.html",
    "atlas.html",
    "exercises/01.html",
    "exercises/index.html",
    "glossary.html",
    "index.html",
    "licences.html",
    "references.html",
    "review.html",
    "slides/01-presenter.html",
    "slides/01.html",
    "slides/02-presenter.html",
    "slides/02.html",
    *sorted(TABLES),
    "teacher/01-solutions.html",
    "teacher/01.html",
    "teacher/02.html",
    "teacher/index.html",
    "teacher/study.html",
]
TABLE = (
    "<div>\n<style scoped>.dataframe td {vertical-align: top}</style>\n"
    '<table border="1" class="dataframe"><thead><tr style="text-align: '
    'right;"><th></th><th>value</th></tr></thead>'
    "<tbody><tr><th>$\\lambda_1$</th><td>0.9</td></tr></tbody></table>\n</div>"
)


def shown(data: dict, **metadata) -> nbformat.NotebookNode:
    """An output of a cell."""
    return new_output("display_data", data={"text/plain": "…", **data}, metadata=metadata)


def code(source: str, *outputs, **metadata) -> nbformat.NotebookNode:
    """A folded code cell with outputs."""
    return new_code_cell(source, outputs=list(outputs), metadata={**HIDDEN, **metadata})


def lesson_cells() -> list[nbformat.NotebookNode]:
    """Cells with everything the site knows how to show."""
    return [
        new_markdown_cell(
            "# The healthy lobule — What does the liver do, and where?\n\n30 minutes. "
            "At the end you can *draw* a lobule, *name* its cells and *predict* which zone an "
            "injury hits.\n\nYou need nothing from earlier."
        ),
        new_markdown_cell(
            "## A patient\n\n> K., 54, brings an article. “Doctor, can cells melt the scar?”\n\n"
            f'Each minute <data value="{FACT}">1500 mL</data> of blood pass through '
            f'(<data value="{FACT} physiology/total-flow-bromsulfalein">two measurements</data>). '
            "See [the next notebook](02_from_injury_to_scar.ipynb#What-heals), the "
            "[exercise](../exercises/01_the_healthy_lobule.ipynb), "
            "the [glossary](../data/glossary.csv) and [the "
            "code](../hepatica/models/scar_circuit.py)."
        ),
        new_markdown_cell(
            "## What grows?\n\nMyofibroblasts $F$ grow with the growth factor $P$ and die at rate "
            "$\\mu_1$:\n\n$$\\frac{\\mathrm{d}F}{\\mathrm{d}t} = F"
            "\\left(\\lambda_1\\,\\frac{P}{k_1+P}\\left(1-\\frac{F}{K}\\right)-\\mu_1\\right) "
            "\\tag{1}$$\n\n| symbol | meaning |\n|---|---|\n| $\\lambda_1$ | growth rate |\n| $K$ "
            "| room for cells |\n\nA dollar that is money, \\$5, stays a dollar.\n\n"
            "<details><summary>A common error</summary>\n\n"
            "Scar is *not* dead tissue: $F>0$ means it is being made.\n\n</details>"
        ),
        code(
            "quiz()", shown({CARD: QUIZ, "text/html": "<p><b>Check yourself</b> Which cell?</p>"})
        ),
        code(
            "chart()",
            shown({PLOTLY: CHART}),
            hepatica={"alt": "Collagen rises to year 2 and then falls."},
        ),
        new_code_cell(
            "liver = 1 + 1  # twice one\nliver",
            outputs=[shown({"text/html": TABLE})],
            metadata={"tags": ["read"]},
        ),
        code("print('done')", new_output("stream", name="stdout", text="F at day 100: 12 < 13\n")),
        new_markdown_cell(
            "### A picture\n\n![One lobule, drawn](lobule.png)\n\n![A cell](cell.svg)"
        ),
        new_markdown_cell(
            "## What this model cannot tell you\n\nIt knows no bile.\n\n```python\nx = 'plain'\n```"
        ),
        new_markdown_cell(
            "<details><summary>For teachers</summary>\n\nSECRET timing: ten minutes.\n\n</details>",
            metadata={"tags": ["teacher"]},
        ),
        new_markdown_cell("NOT ON THE SITE", metadata={"tags": ["no-site"]}),
    ]


def write(path: Path, cells: list) -> None:
    """Write a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)


def sample(root: Path, *more: nbformat.NotebookNode) -> Path:
    """A course of two notebooks and one exercise, with more cells in the first;
    returns its root."""
    write(root / "notebooks" / "01_the_healthy_lobule.ipynb", [*lesson_cells(), *more])
    second = (
        "# From injury to scar — Why does one wound heal and another scar?\n\n40 min\n\n## "
        "What heals\n\nOne does."
    )
    write(root / "notebooks" / "02_from_injury_to_scar.ipynb", [new_markdown_cell(second)])
    card = code("quiz()", shown({CARD: {**QUIZ, "id": "exercise-quiz"}}))
    solution = new_code_cell(
        "def share(a, b):\n    return a / b", metadata={"nbgrader": {"solution": True}}
    )
    texts = [
        "# The healthy lobule: exercises",
        "## Reading track\n\n### Look (6 minutes)",
        (
            "## Coding track\n\n*8 minutes, "
            "2 points*\n\n<details><summary>Hint</summary>\n\nDivide.\n\n</details>"
        ),
    ]
    title, reading, coding = [new_markdown_cell(text) for text in texts]
    write(
        root / "exercises" / "solutions" / "01_the_healthy_lobule.ipynb",
        [title, reading, card, coding, solution],
    )
    stub = nbformat.from_dict({**solution, "source": "def share(a, b):\n    ..."})
    write(root / "exercises" / "01_the_healthy_lobule.ipynb", [title, reading, card, coding, stub])
    (root / "notebooks" / "lobule.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    drawing = '<svg viewBox="0 0 9 9"><g id="cell"><title>Cell</title></g><use href="#cell"/></svg>'
    (root / "notebooks" / "cell.svg").write_text(drawing)
    (root / "hepatica" / "models").mkdir(parents=True)
    (root / "hepatica" / "models" / "scar_circuit.py").write_text("scar = 1\n")
    return root


def quietly(root: Path) -> Path:
    """Build the course under root without a word and return the site's folder."""
    build(root / "_site", root, tell=lambda line: None)
    return root / "_site"


def rejected(tmp_path: Path, *cells: nbformat.NotebookNode) -> str:
    """The message with which a build refuses the sample course with these cells added."""
    with pytest.raises(SiteError) as caught:
        quietly(sample(tmp_path, *cells))
    assert not (tmp_path / "_site").exists(), "a refused build must leave nothing behind"
    assert not list(tmp_path.glob("._site*"))
    return str(caught.value)
