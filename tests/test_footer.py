"""Every notebook ends with its version: the one that the package has, warned about where it is
another, and kept current by refresh."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from hepatica import __version__, ledger, show
from tools import refresh

ROOT = Path(__file__).resolve().parent.parent


def footer_faults(notebook, version: str = __version__) -> list[str]:
    """What a notebook's last lines lack: the line, its place before the teacher's, its version
    in code and result, its tag."""
    lines = [cell for cell in notebook.cells if refresh.FOOTER.search(cell.source)]
    if len(lines) != 1 or notebook.cells[-2] is not lines[0]:
        return ["no line, or in another place"]
    (line,) = lines
    faults = [] if line.source == f'show.footer("{version}")' else ["another version"]
    faults += [] if "no-site" in line.metadata.get("tags", []) else ["on the page, which has it"]
    says = [output.data.get("text/plain") for output in line.outputs]
    return faults if says == [repr(show.Footer(version, version))] else [*faults, "says another"]


def test_every_notebook_ends_with_the_version_of_the_package():
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert len(paths) == len(ledger.table("notebooks"))
    notebooks = [nbformat.read(path, as_version=4) for path in paths]
    assert [footer_faults(notebook) for notebook in notebooks] == [[]] * len(paths)
    assert footer_faults(notebooks[3], "9.9") == ["another version", "says another"]
    without, moved = copy.deepcopy(notebooks[3]), copy.deepcopy(notebooks[3])
    del without.cells[-2]
    moved.cells.append(moved.cells[-2])
    moved.cells[-3].metadata.tags = []
    assert footer_faults(without) == footer_faults(moved) == ["no line, or in another place"]


def test_refresh_writes_the_version_and_touches_no_text():
    said = 'Text on show.footer("0.0.1")'
    old = new_notebook(cells=[new_markdown_cell(said), new_code_cell('show.footer("0.0.1")')])
    new = refresh.with_version(old, "0.3.0")
    assert [cell.source for cell in new.cells] == [said, 'show.footer("0.3.0")']
    assert old.cells[1].source == 'show.footer("0.0.1")'


@pytest.mark.parametrize("other", ["0.0.1", "99.0", ""])
def test_another_version_is_warned_about_with_what_to_do(other):
    same, differs = show.footer(__version__), show.footer(other)
    assert same.warning == "" and "strong" not in same._repr_html_()
    for text in (repr(differs), differs._repr_html_()):
        assert "Careful" in text and "from one release" in text
        assert __version__ in text and other in text
    assert re.search(r'role="alert"><strong>Careful', differs._repr_html_())
    assert "<b>" not in show.footer("<b>")._repr_html_()
