"""Refreshing notebooks, students' copies, and the proof that the strict comparison of outputs
rejects."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import refresh as notebooks

ROOT = Path(__file__).resolve().parent.parent
CARD = "application/vnd.hepatica.card+json"
SHOW_CARD = f"""from IPython.display import display
bundle = {{
    "{CARD}": {{"kind": "explorable", "id": "sample", "values": [1.5, 2.5]}},
    "text/html": "<p>Sample card</p>",
    "text/plain": "Sample card",
    "{notebooks.WIDGET_VIEW}": {{"model_id": __import__("uuid").uuid4().hex, "version_major": 2, "version_minor": 0}},
}}
display(bundle, raw=True)"""


def project(tmp_path: Path, **sources: list[str]) -> Path:
    """A project with one notebook per keyword, one code cell per source."""
    (tmp_path / "notebooks").mkdir()
    for name, cells in sources.items():
        notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
        nbformat.write(notebook, tmp_path / "notebooks" / f"{name}.ipynb")
    return tmp_path


def untidy_notebook() -> nbformat.NotebookNode:
    """A notebook with everything planted that must not be committed."""
    cell = new_code_cell(
        "1 + 1",
        execution_count=7,
        id="3f9ad0e1",
        metadata={
            "tags": ["card"],
            "jupyter": {"source_hidden": True, "is_executing": True},
            "scrolled": True,
            "execution": {"iopub.execute_input": "2026-01-01T10:00:00Z"},
            "ExecuteTime": {"start_time": "2026"},
        },
    )
    cell.outputs = [
        new_output("stream", name="stdout", text="one "),
        new_output("stream", name="stdout", text="line\n"),
        new_output(
            "display_data",
            {
                CARD: {"id": "sample"},
                "text/plain": "Sample",
                notebooks.WIDGET_VIEW: {"model_id": "0a1b2c"},
            },
            metadata={CARD: {}},
        ),
        new_output("display_data", {notebooks.WIDGET_VIEW: {"model_id": "3d4e5f"}}),
        new_output("stream", name="stdout", text=""),
        new_output("execute_result", {"text/plain": "2"}, execution_count=7),
    ]
    return new_notebook(
        cells=[new_markdown_cell("# Title  \n\n", id="77aa"), cell],
        metadata={
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"0a1b2c": {}}}},
            "kernelspec": {"name": "my-env", "display_name": "mine", "language": "python"},
            "language_info": {"name": "python", "version": "3.11.7"},
            "hepatica": {"title": "A question?"},
            "toc": "deadbeef",
        },
    )


def test_normalise_removes_what_differs_between_equal_runs():
    untidy = untidy_notebook()
    before = copy.deepcopy(untidy)
    clean = notebooks.normalise(untidy)
    assert untidy == before, "normalise must not change its input"
    text = notebooks.text_of(clean)
    planted = [
        "2026",
        "0a1b2c",
        "3d4e5f",
        "3f9ad0e1",
        "3.11.7",
        "my-env",
        "deadbeef",
        "is_executing",
        "scrolled",
    ]
    assert all(trace in notebooks.text_of(untidy) for trace in planted)
    assert [trace for trace in planted if trace in text] == []
    assert [cell.id for cell in clean.cells] == ["c01", "c02"]
    code = clean.cells[1]
    assert code.metadata == {"tags": ["card"], "jupyter": {"source_hidden": True}}
    assert code.execution_count == 1 == code.outputs[-1].execution_count
    assert [output.output_type for output in code.outputs] == [
        "stream",
        "display_data",
        "execute_result",
    ]
    assert code.outputs[0].text == "one line\n"
    assert code.outputs[1].data == {CARD: {"id": "sample"}, "text/plain": "Sample"}
    assert clean.metadata.hepatica.title == "A question?"
    assert notebooks.text_of(notebooks.normalise(clean)) == text


def test_refresh_is_idempotent_and_writes_only_changes(tmp_path):
    root = project(tmp_path, n01_card=[SHOW_CARD, "print('cards:', 1)"])
    path = root / "notebooks" / "n01_card.ipynb"
    assert notebooks.refresh(path, root) == [path]
    text, stamp = path.read_text(encoding="utf-8"), path.stat().st_mtime_ns
    assert notebooks.refresh(path, root) == []
    assert (path.read_text(encoding="utf-8"), path.stat().st_mtime_ns) == (text, stamp)
    assert notebooks.WIDGET_VIEW not in "".join(map(str, nbformat.read(path, 4).cells[0].outputs))
    changed = text.replace("'cards:', 1", "'cards:', 2")
    path.write_text(changed, encoding="utf-8")
    assert notebooks.refresh(path, root) == [path]
    assert "cards: 2" in path.read_text(encoding="utf-8")
    assert [item.name for item in (root / "notebooks").iterdir()] == ["n01_card.ipynb"], (
        "no draft is left"
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import sys; print('careful', file=sys.stderr)", "stderr"),
        ("import os; os._exit(1)", "a cell failed"),
    ],
)
def test_a_failing_cell_leaves_the_file_untouched(tmp_path, capsys, source, words):
    root = project(tmp_path, n01_bad=["print('fine')", source])
    path = root / "notebooks" / "n01_bad.ipynb"
    before = path.read_bytes()
    assert notebooks.main([], root) == 1
    message = capsys.readouterr().err
    assert words in message and "notebooks/n01_bad.ipynb" in message and "left as it was" in message
    assert path.read_bytes() == before


def test_names_select_notebooks(tmp_path):
    root = project(tmp_path, n01_one=["1"], n02_two=["2"])
    assert [path.stem for path in notebooks.select([], root)] == ["n01_one", "n02_two"]
    assert [path.stem for path in notebooks.select(["notebooks/n02_two.ipynb"], root)] == [
        "n02_two"
    ]
    with pytest.raises(notebooks.RefreshError, match="Write one of: n01_one, n02_two"):
        notebooks.select(["n03"], root)
    with pytest.raises(notebooks.RefreshError, match="no notebook"):
        notebooks.select([], tmp_path / "elsewhere")


# ---------------------------------------------------------------- students' copies


def graded(grade_id: str, **roles: bool) -> dict:
    """nbgrader's metadata for a cell."""
    return {
        "nbgrader": {
            "schema_version": 3,
            "grade_id": grade_id,
            "grade": False,
            "solution": False,
            "locked": False,
            "task": False,
        }
        | roles
    }


def master() -> nbformat.NotebookNode:
    """An exercise master with a reading item, a task, two checks and a teacher's note."""
    solution = (
        'def gradient(wedged, free):\n    """Pressure gradient, mmHg."""\n'
        "    ### BEGIN SOLUTION\n    return wedged - free\n    ### END SOLUTION"
    )
    check = (
        "assert gradient(14, 6) == 8\n### BEGIN HIDDEN TESTS\nassert gradient(20, "
        "1) == 19\n### END HIDDEN TESTS"
    )
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Exercise"),
            new_markdown_cell("Note for the teacher", metadata={"tags": ["teacher"]}),
            new_code_cell(
                "show_quiz()",
                execution_count=1,
                metadata={"tags": ["reading"]},
                outputs=[new_output("display_data", {"text/html": "<p>Question</p>"})],
            ),
            new_code_cell(solution, execution_count=2, metadata=graded("gradient", solution=True)),
            new_code_cell(
                check,
                execution_count=3,
                metadata=graded("check", grade=True, locked=True, points=2),
                outputs=[new_output("stream", text="correct\n")],
            ),
            new_code_cell(
                "assert gradient(6, 6) == 0",
                execution_count=4,
                metadata=graded("check2", grade=True, locked=True, points=1),
            ),
            new_markdown_cell("The end"),
            new_markdown_cell(
                "My model answer", metadata=graded("text", solution=True, grade=True, points=3)
            ),
        ]
    )
    return notebooks.normalise(notebook)


def test_student_copy_has_the_task_and_folds_the_solution():
    original = master()
    before = copy.deepcopy(original)
    student = notebooks.student_copy(original)
    assert original == before, "the master must not change"
    sources = [cell.source for cell in student.cells]
    assert [source.split("\n")[0] for source in sources] == [
        "# Exercise",
        "show_quiz()",
        "def gradient(wedged, free):",
        "assert gradient(14, 6) == 8",
        "assert gradient(6, 6) == 0",
        "<details>",
        "The end",
        notebooks.TEXT_STUB,
        "<details>",
    ]
    assert "wedged - free" not in sources[2] and "NotImplementedError" in sources[2]
    assert "```python\ndef gradient" in sources[5] and "wedged - free" in sources[5]
    assert "My model answer" in sources[8] and "My model answer" not in sources[7]
    text = notebooks.text_of(student)
    assert not any(word in text for word in ("HIDDEN", "SOLUTION", "teacher", "gradient(20, 1)"))
    assert student.cells[1].outputs[0].data == {"text/html": "<p>Question</p>"}
    assert [len(cell.outputs) for cell in student.cells if cell.cell_type == "code"] == [1, 0, 0, 0]
    assert (
        student.cells[3].metadata.editable is False
        and student.cells[3].metadata.nbgrader.points == 2
    )
    assert len({cell.id for cell in student.cells}) == len(student.cells) == 9


def function_in(source: str, name: str):
    """Run the source of a cell and return the function that it defines."""
    names: dict = {}
    exec(source, names)  # noqa: S102 (our own sample)
    return names[name]


def test_the_stub_is_python_and_says_that_it_is_a_stub():
    student = notebooks.student_copy(master())
    with pytest.raises(NotImplementedError, match="not done yet"):
        function_in(student.cells[2].source, "gradient")(14, 6)
    assert function_in(master().cells[3].source, "gradient")(14, 6) == 8


def test_a_solution_outside_a_solution_cell_is_refused():
    wrong = master()
    del wrong.cells[3].metadata["nbgrader"]
    with pytest.raises(RuntimeError, match="non-solution cell"):
        notebooks.student_copy(wrong)


def exercise_folder(root: Path) -> Path:
    """A project with one master and its copy; returns the path of the copy."""
    (root / "exercises" / "solutions").mkdir(parents=True)
    notebooks.write_if_changed(root / "exercises/solutions/01_gradient.ipynb", master())
    copy_path = root / "exercises" / "01_gradient.ipynb"
    notebooks.write_if_changed(copy_path, notebooks.student_copy(master()))
    return copy_path


def test_committed_students_copies_are_what_their_masters_make(tmp_path):
    assert notebooks.masters(ROOT), "there is no exercise master"
    assert notebooks.stale_copies(ROOT) == [], "run: python3 course.py refresh"
    copy_path = exercise_folder(tmp_path)
    assert notebooks.stale_copies(tmp_path) == []
    good = copy_path.read_text(encoding="utf-8")
    copy_path.write_text(good.replace("The end", "The End"), encoding="utf-8")
    assert notebooks.stale_copies(tmp_path) == [
        ("01_gradient.ipynb: differs from what its master makes")
    ]
    copy_path.rename(copy_path.with_name("02_other.ipynb"))
    assert notebooks.stale_copies(tmp_path) == [
        "01_gradient.ipynb: missing",
        "02_other.ipynb: has no master in exercises/solutions/",
    ]


def test_committed_notebooks_are_normalised():
    paths = notebooks.all_notebooks(ROOT)
    assert paths, "there is no notebook"

    def untidy(text: str) -> bool:
        return notebooks.text_of(notebooks.normalise(nbformat.reads(text, 4))) != text

    assert [path.name for path in paths if untidy(path.read_text(encoding="utf-8"))] == [], (
        "run: course.py refresh"
    )
    assert untidy(notebooks.text_of(untidy_notebook()))


def unrun_cells(notebook: nbformat.NotebookNode) -> list[str]:
    """Code cells that nobody ran: the comparison would pass over them in silence."""
    return [
        cell.id
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None
    ]


def test_every_code_cell_is_committed_executed():
    paths = notebooks.all_notebooks(ROOT)
    assert paths, "there is no notebook"
    assert {path.name: unrun_cells(nbformat.read(path, 4)) for path in paths} == {
        path.name: [] for path in paths
    }
    assert unrun_cells(new_notebook(cells=[new_code_cell("1 + 1", id="c01")])) == ["c01"]


# --------------------------------------------------------------- does the strict comparison reject?


def nbval_outcomes(folder: Path) -> dict[str, bool]:
    """Run nbval as the course does over a folder; notebook name to passed or not."""
    report = folder / "report.xml"
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        str(folder / "pytest.ini"),
        "-p",
        "no:cacheprovider",
        "--nbval",
        "--nbval-sanitize-with",
        str(ROOT / "tests" / "nbval_sanitize.cfg"),
        f"--junitxml={report}",
        str(folder),
    ]
    subprocess.run(command, capture_output=True, cwd=folder, check=False)
    outcomes: dict[str, bool] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("classname").removesuffix(".ipynb").rsplit(".", 1)[-1]
        failed = any(child.tag in ("failure", "error", "skipped") for child in case)
        outcomes[name] = outcomes.get(name, True) and not failed
    return outcomes


def test_strict_comparison_rejects_an_altered_result(tmp_path):
    """The outputs of a notebook are compared with a fresh run, card specification and all."""
    sources = [SHOW_CARD, "print('threshold', 3.25)", "object()"]
    root = project(tmp_path, good=sources)
    path = root / "notebooks" / "good.ipynb"
    notebooks.refresh(path, root)
    good = path.read_text(encoding="utf-8")
    altered = {
        "number": good.replace('"threshold 3.25\\n"', '"threshold 3.26\\n"'),
        "card": json.dumps(_with_card_value(json.loads(good), 2.6), indent=1),
        "html": good.replace('"<p>Sample card</p>"', '"<p>Another card</p>"', 1),
    }
    for name, text in altered.items():
        assert text != good, name
        (root / "notebooks" / f"{name}.ipynb").write_text(text, encoding="utf-8")
    assert nbval_outcomes(root / "notebooks") == {
        "good": True,
        "number": False,
        "card": False,
        "html": False,
    }


def _with_card_value(notebook: dict, value: float) -> dict:
    """The same notebook with another number in its card."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    card = next(output["data"][CARD] for output in outputs if CARD in output.get("data", {}))
    card["values"][1] = value
    return notebook
