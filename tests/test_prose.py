"""Numbers and sources in the text: every digit is the ledger's or a name,
every link a source of the course."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from hepatica import ledger
from tools.text_rules import (
    digits_fault,
    external_links,
    facts,
    known_links,
    printed_numbers,
    stray_digits,
)

ROOT = Path(__file__).resolve().parent.parent
CARD = "application/vnd.hepatica.card+json"


def sources(root: Path = ROOT) -> dict[str, nbformat.NotebookNode]:
    """Every notebook that is written by hand: the course and the masters of the exercises."""
    paths = sorted((root / "notebooks").glob("*.ipynb")) + sorted(
        (root / "exercises" / "solutions").glob("*.ipynb")
    )
    return {path.relative_to(root).as_posix(): nbformat.read(path, as_version=4) for path in paths}


def cards(notebook: nbformat.NotebookNode) -> list[dict]:
    """The specification of every card that the notebook shows."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.data[CARD] for output in outputs if CARD in output.get("data", {})]


def labels(notebook: nbformat.NotebookNode) -> set[str]:
    """What is written on the buttons of a notebook's cards."""
    specs = cards(notebook)
    controls = [control for spec in specs for control in spec.get("controls", [])]
    options = [option for control in controls for option in control.get("options", [])]
    return {
        item["label"]
        for item in [*options, *(preset for spec in specs for preset in spec.get("presets", []))]
    }


def number_faults(name: str, notebook: nbformat.NotebookNode) -> tuple[list[str], int]:
    """What is wrong with the numbers of a notebook's text, and how many facts it states."""
    faults, count, buttons = [], 0, labels(notebook)
    for position, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "markdown":
            continue
        where = f"{name}, cell {position}"
        for keys, words in facts(cell.source):
            count += 1
            fault = digits_fault(keys, words)
            faults += [f"{where}: “{words}”: {fault}"] if fault else []
        stray = stray_digits(cell.source, buttons, exercise=name.startswith("exercises/"))
        faults += [
            f"{where}: “… {words} …” has digits without a key. "
            'Write <data value="table/row-key">, or the number as a word.'
            for words in stray
        ]
    return faults, count


def link_faults(
    name: str, notebook: nbformat.NotebookNode, known: set[str]
) -> tuple[list[str], int]:
    """External links of text and outputs that no row of data/references.csv has,
    and how many links there are."""
    faults, count = [], 0
    for position, cell in enumerate(notebook.cells, start=1):
        texts = [cell.source] if cell.cell_type == "markdown" else list(_output_texts(cell))
        links = [link for text in texts for link in external_links(text)]
        count += len(links)
        faults += [
            f"{name}, cell {position}: "
            f"{link} is the link of no row of data/references.csv. Add the source there, "
            "or write what ledger.cite(key) gives."
            for link in links
            if link not in known
        ]
    return faults, count


def _output_texts(cell: nbformat.NotebookNode):
    """The HTML of a code cell's outputs, and every text inside its cards."""
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        yield data.get("text/html", "")
        yield from _texts(data.get(CARD, ""))


def _texts(value: object):
    """Every piece of text in a JSON value that may hold HTML."""
    if isinstance(value, str):
        yield value if "href=" in value else ""
    else:
        for item in (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        ):
            yield from _texts(item)


def markdown(*texts: str) -> nbformat.NotebookNode:
    """A notebook of markdown cells, for samples."""
    return new_notebook(cells=[new_markdown_cell(text) for text in texts])


# --------------------------------------------------------------------------------------- the course


def test_every_number_of_the_text_is_the_ledgers():
    results = {name: number_faults(name, notebook) for name, notebook in sources().items()}
    assert results, "no notebook was found"
    faults = [fault for found, _ in results.values() for fault in found]
    assert not faults, "\n".join(faults)
    assert sum(count for _, count in results.values()) >= 4 * len(
        [n for n in results if n.startswith("notebooks/")]
    )


def test_every_link_of_the_text_is_a_source_of_the_course():
    known = known_links()
    results = {name: link_faults(name, notebook, known) for name, notebook in sources().items()}
    assert len(known) > 100
    assert sum(count for _, count in results.values()) > 0, "no link was checked"
    faults = [fault for found, _ in results.values() for fault in found]
    assert not faults, "\n".join(faults)


# ------------------------------------------------------------------------------------------ samples

FLOW = '<data value="physiology/total-flow">{}</data>'


@pytest.mark.parametrize("words", ["1500 mL/min", "1\u202f500", "1,500 mL/min", "about 1500"])
def test_digits_equal_to_the_ledgers_pass(words):
    assert ledger.number("physiology/total-flow").value == 1500
    assert number_faults("notebooks/x", markdown(FLOW.format(words))) == ([], 1)


@pytest.mark.parametrize(
    "words",
    [
        "1050 mL/min",  # digits changed places
        "1.5 L/min",  # converted
        "150 mL/min",
        "1600 mL/min",
        "much",
        "1500 of 2000",  # a second number rides along
    ],
)
def test_a_changed_number_is_refused(words):
    faults, count = number_faults("notebooks/x", markdown("First.", FLOW.format(words)))
    assert count == 1
    assert len(faults) == 1
    assert faults[0].startswith("notebooks/x, cell 2: “" + words)


def test_precision_is_what_is_printed():
    hot = ledger.number("targets/circuit-hot-F").value
    assert hot == pytest.approx(481389.3)
    for words in ("480\u202f000", "481\u202f000", "481\u202f389", "4.8×10⁵", "4.81 × 10⁵"):
        assert digits_fault(["targets/circuit-hot-F"], words) == "", words
    for words in ("482\u202f000", "490\u202f000", "4.9×10⁵", "4.8×10⁶", "500\u202f000"):
        assert digits_fault(["targets/circuit-hot-F"], words), words


def test_ranges_falls_and_units_with_digits():
    assert (
        digits_fault(["parameters/tide.k_x.low", "parameters/tide.k_x.high"], "0–0.003 per day")
        == ""
    )
    assert digits_fault(["parameters/tide.k_x.low", "parameters/tide.k_x.high"], "0.003 per day"), (
        "one key is idle"
    )
    assert digits_fault(["targets/tide-rat-fall"], "26 %") == ""
    assert digits_fault(["targets/tide-rat-fall"], "−26 %") == ""
    assert digits_fault(["targets/tide-rat-fall"], "+26 %")
    rate = next(
        n
        for n in map(ledger.number, keys_with_unit("per 1000 person-years"))
        if n.value is not None
    )
    assert digits_fault([rate.key], f"{rate.value:g} per 1000 person-years") == ""
    assert [n.value for n in printed_numbers("1-2, −3 and 2×10⁶")] == [1, 2, -3, 2e6]


def keys_with_unit(unit: str) -> list[str]:
    """Keys of the natural history with a unit."""
    rows = ledger.table("natural_history")
    return [f"natural_history/{key}" for key in rows.loc[rows["unit"] == unit, "key"]]


def test_an_unknown_key_is_refused():
    faults, _ = number_faults(
        "notebooks/x", markdown('<data value="physiology/total-flwo">1500</data>')
    )
    assert len(faults) == 1
    assert "total-flow" in faults[0], "the message offers the nearest key"
    assert "names no number" in number_faults("notebooks/x", markdown("<data>1500</data>"))[0][0]


@pytest.mark.parametrize(
    "text",
    [
        "It takes 5 years.",
        "About 70 % of it.",
        "Press *2 days*.",  # no such button here
        "A ratio of 1:3.",
        "See notebook 3.",
        "Stage F5.",
        "<details><summary>About 20 of them</summary></details>",
        "It grew to 10&nbsp;mm.",
        "*40 minutes* of that are yours, and 5 minutes mine",
    ],
)
def test_stray_digits_are_refused(text):
    faults, _ = number_faults("notebooks/x", markdown(text))
    assert faults, text
    assert faults[0].startswith("notebooks/x, cell 1: “")


def test_digits_that_name_something_pass():
    names = """*40 minutes*

## 2 · The watershed

1. first
2. second

Notebook 03 and notebooks 01–13, 04 and 05, claims C04 and C01–C08, patient V01, stages F0–F4,
zones 1 to 3, TIDE-6, CSF1. A rule $x_1 = 2$, code `F = 3`, a source [Adler 2020](https://doi.org/10.1016/j.isci.2020.100841).

```python
y = 4
```
"""
    assert stray_digits(names) == []
    assert stray_digits("Task 1, 8 minutes, 2 points", exercise=True) == []
    assert len(stray_digits("Task 1, 8 minutes, 2 points")) == 3


def test_a_button_may_be_named_only_when_it_exists():
    spec = {
        "kind": "explorable",
        "presets": [{"label": "3 years"}],
        "controls": [{"options": [{"label": "day 30"}]}],
    }
    shown = new_code_cell(
        "card", outputs=[new_output("execute_result", data={CARD: spec}, execution_count=1)]
    )
    notebook = markdown("Press *3 years* or **day 30**.")
    notebook.cells.append(shown)
    assert number_faults("notebooks/x", notebook)[0] == []
    notebook.cells[0].source = "Press *4 years*; it takes 3 years."
    assert len(number_faults("notebooks/x", notebook)[0]) == 2


def test_a_foreign_link_is_refused():
    known = known_links()
    adler = ledger.reference("adler2020").link
    brackets = ledger.reference("marcellin2013").link
    assert "(" in brackets
    good = markdown(
        f"[Adler 2020]({adler}), [Marcellin 2013]({brackets}), <{adler}>, [next](01_x.ipynb)"
    )
    assert link_faults("x", good, known) == ([], 3)
    for text in (
        "[copy](https://example.org/a)",
        '<a href="https://example.org/a">a</a>',
        "https://example.org/a.",
        f"[Adler 2020]({adler}9)",
    ):
        faults, count = link_faults("x", markdown(text), known)
        assert (len(faults), count) == (1, 1), text
    quiz = {"items": [{"options": [{"why": '<a href="https://example.org/b">b</a>'}]}]}
    shown = new_code_cell(
        "quiz", outputs=[new_output("execute_result", data={CARD: quiz}, execution_count=1)]
    )
    assert len(link_faults("x", new_notebook(cells=[shown]), known)[0]) == 1
