"""Refresh: run the notebooks, store what a reader should see, make the students' copies.

``python -m tools.refresh`` runs all of them, ``python -m tools.refresh 01 02_circuit`` those whose
file name begins so. A notebook is written back only when something in it changed, and never when a
cell failed, so that every change of a result is a visible difference in the file.

The master of an exercise is ``exercises/solutions/NN_topic.ipynb``; ``exercises/NN_topic.ipynb`` is
made from it.
"""

from __future__ import annotations

import copy
import os
import re
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from hepatica import __version__, ledger
from hepatica.ledger.readings import MONTHS
from tools import numbers, tree

ROOT = Path(__file__).resolve().parent.parent
# Both are there to end a kernel that hangs, not to measure: a machine with thirty other jobs is
# thirty times slower.
CELL_SECONDS = 600
KERNEL_SECONDS = 600
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
KEPT_CELL_METADATA = ("tags", "nbgrader", "hepatica", "collapsed", "deletable", "editable")
KEPT_JUPYTER_METADATA = ("source_hidden", "outputs_hidden")
STUB = "# Write your code here instead of the next line.\nraise NotImplementedError('not done yet')"
TEXT_STUB = "*Write your answer here.*"
FOOTER = re.compile(r'show\.footer\("([^"]*)"\)')


class RefreshError(RuntimeError):
    """A notebook cannot be refreshed; the message names notebook, cell and cause."""


# ---------------------------------------------------------------- finding, reading, writing


def masters(root: Path = ROOT) -> list[Path]:
    """The exercise masters, in reading order."""
    return sorted((root / "exercises" / "solutions").glob("*.ipynb"))


def all_notebooks(root: Path = ROOT) -> list[Path]:
    """Every notebook that is run: the course, then the exercise masters."""
    return sorted((root / "notebooks").glob("*.ipynb")) + masters(root)


def select(names: Sequence[str], root: Path = ROOT) -> list[Path]:
    """Notebooks whose file name begins with one of the names, or all;
    raise RefreshError for a name without one."""
    everything = all_notebooks(root)
    if not everything:
        raise RefreshError(f"There is no notebook in {root / 'notebooks'}.")
    stems = [Path(name).name.removesuffix(".ipynb") for name in names]
    for stem in stems:
        if not any(path.stem.startswith(stem) for path in everything):
            known = ", ".join(path.stem for path in everything)
            raise RefreshError(f"No notebook begins with '{stem}'. Write one of: {known}.")
    return [path for path in everything if not stems or path.stem.startswith(tuple(stems))]


def text_of(notebook: NotebookNode) -> str:
    """The notebook as it is written to disk: validated, sorted, with a newline at the end."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def write_if_changed(path: Path, notebook: NotebookNode) -> bool:
    """Write the notebook in one step, so that no half file can exist;
    tell whether anything changed."""
    text = text_of(notebook)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.chmod(draft, path.stat().st_mode if path.exists() else 0o644)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return True


# ---------------------------------------------------------------- running


def with_version(notebook: NotebookNode, version: str = __version__) -> NotebookNode:
    """Return a copy whose footer names the version of the package with which it is run."""
    marked = copy.deepcopy(notebook)
    for cell in marked.cells:
        if cell.cell_type == "code":
            cell.source = FOOTER.sub(f'show.footer("{version}")', cell.source)
    return marked


def execute(notebook: NotebookNode, folder: Path, name: str = "notebook") -> NotebookNode:
    """Run all cells in a fresh kernel started in folder; return a new notebook,
    raise RefreshError on any failure."""
    fresh = copy.deepcopy(notebook)
    client = NotebookClient(
        fresh,
        timeout=CELL_SECONDS,
        startup_timeout=KERNEL_SECONDS,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        # no talk about transports between ours
        extra_arguments=["--IPKernelApp.log_level=40"],
    )
    try:
        client.execute(env={**os.environ, "HEPATICA_RECORD": "off"})
    except CellTimeoutError as error:
        raise RefreshError(
            f"{name}: a cell ran longer than {CELL_SECONDS} s.\n{_last_lines(error)}"
        ) from error
    except (CellExecutionError, DeadKernelError) as error:
        raise RefreshError(
            f"{name}: a cell failed, the file is left as it was.\n{_last_lines(error)}"
        ) from error
    _refuse_stderr(fresh, name)
    return fresh


def _last_lines(error: Exception, count: int = 25) -> str:
    """The end of an error message, where the cause stands."""
    return "\n".join(str(error).strip().splitlines()[-count:])


def _refuse_stderr(notebook: NotebookNode, name: str) -> None:
    """Raise RefreshError if a cell wrote a warning or anything else to stderr:
    a reader must not meet it."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                first = textwrap.shorten(output.text, 300)
                raise RefreshError(
                    f"{name}: cell {number} wrote to stderr, the file is left as it was.\n{first}"
                )


# ---------------------------------------------------------------- normalising


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without anything that differs between two equal runs (ids, times, widget state,
    editor traces)."""
    clean = copy.deepcopy(notebook)
    hepatica, title = clean.metadata.get("hepatica"), clean.metadata.get("title")
    clean.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    clean.metadata.update(
        {key: value for key, value in (("hepatica", hepatica), ("title", title)) if value}
    )
    clean.nbformat, clean.nbformat_minor = 4, 5
    run = 0
    for position, cell in enumerate(clean.cells, start=1):
        cell.id = f"c{position:02d}"
        cell.source = cell.source.rstrip()
        cell.metadata = _cell_metadata(cell.metadata)
        if cell.cell_type == "code":
            run += cell.execution_count is not None
            _normalise_code_cell(cell, run)
    return clean


def _cell_metadata(metadata: NotebookNode) -> NotebookNode:
    """Keep what a reader or a grader needs of a cell's metadata."""
    kept = {key: metadata[key] for key in KEPT_CELL_METADATA if key in metadata}
    jupyter = {
        key: value
        for key, value in metadata.get("jupyter", {}).items()
        if key in KEPT_JUPYTER_METADATA
    }
    return nbformat.from_dict(kept | ({"jupyter": jupyter} if jupyter else {}))


def _normalise_code_cell(cell: NotebookNode, run: int) -> None:
    """Number the cell as the run-th executed one (if it was executed) and clean its outputs."""
    if cell.execution_count is not None:
        cell.execution_count = run
    cell.outputs = [
        output for output in map(_output, _joined_streams(cell.outputs)) if output is not None
    ]
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count


def _joined_streams(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of printed text: where the kernel cuts them is a matter of
    chance."""
    joined: list[NotebookNode] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _output(output: NotebookNode) -> NotebookNode | None:
    """Clean one output; None if nothing is left of it."""
    if output.output_type == "stream":
        return output if output.text else None
    if output.output_type == "error":
        return output
    output.data.pop(WIDGET_VIEW, None)  # lives only as long as its kernel, under a random name
    output.metadata = nbformat.from_dict(
        {key: value for key, value in output.metadata.items() if value != {} and key != WIDGET_VIEW}
    )
    return output if output.data else None


# ---------------------------------------------------------------- the students' copies


def student_copy(master: NotebookNode) -> NotebookNode:
    """Make the students' copy of an exercise master; the master stays as it is.

    Solutions become stubs, hidden tests and cells tagged ``teacher`` or ``marks`` (for a class that
    hands in) go, outputs go except those of cells tagged ``reading`` (so that GitHub shows the
    questions), and each task is followed, after its check, by the worked solution folded in
    ``<details>``. Checks are locked. The result is normalised.
    """
    notebook = copy.deepcopy(master)
    notebook.cells = _with_worked_solutions(
        cell for cell in notebook.cells if not (_tagged(cell, "teacher") or _tagged(cell, "marks"))
    )
    kept = {
        position: cell.outputs
        for position, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and _tagged(cell, "reading")
    }
    notebook = _clear(notebook)
    for position, outputs in kept.items():
        notebook.cells[position].outputs = outputs
    for cell in notebook.cells:
        if cell.cell_type == "markdown":  # the copy stands one folder higher than its master
            cell.source = cell.source.replace("](../../", "](../")
    return normalise(notebook)


def _tagged(cell: NotebookNode, tag: str) -> bool:
    """True if the cell carries the tag."""
    return tag in cell.metadata.get("tags", [])


def _graded(cell: NotebookNode, role: str) -> bool:
    """True if nbgrader's metadata give the cell the role, 'solution' or 'grade'."""
    return bool(cell.metadata.get("nbgrader", {}).get(role))


def _with_worked_solutions(cells: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Put each task's folded solution after its last check,
    that is before the next cell that is no check."""
    result: list[NotebookNode] = []
    waiting: NotebookNode | None = None
    for cell in cells:
        is_check = _graded(cell, "grade") and not _graded(cell, "solution")
        if waiting is not None and not is_check:
            result.append(waiting)
            waiting = None
        result.append(cell)
        if _graded(cell, "solution"):
            waiting = _worked_solution(cell)
    return result + ([waiting] if waiting is not None else [])


def _worked_solution(cell: NotebookNode) -> NotebookNode:
    """A markdown cell with the solution of a master's cell, folded."""
    marks = ("BEGIN SOLUTION", "END SOLUTION")
    lines = [line for line in cell.source.split("\n") if not any(mark in line for mark in marks)]
    solution = "\n".join(lines).strip()
    if cell.cell_type == "code":
        solution = f"```python\n{solution}\n```"
    text = f"<details>\n<summary>Worked solution</summary>\n\n{solution}\n\n</details>"
    return nbformat.v4.new_markdown_cell(text, metadata={"tags": ["worked-solution"]})


def _clear(notebook: NotebookNode) -> NotebookNode:
    """Remove solutions, hidden tests and outputs as nbgrader does for a class."""
    # Here and not above: nbgrader takes seconds to import, and only this step needs it.
    from nbgrader.preprocessors import ClearHiddenTests, ClearOutput, ClearSolutions, LockCells

    solutions = ClearSolutions(code_stub={"python": STUB}, text_stub=TEXT_STUB)
    resources: dict = {}
    for step in (solutions, ClearHiddenTests(), ClearOutput(), LockCells()):
        notebook, resources = step.preprocess(notebook, resources)
    return notebook


def copy_of(master: Path) -> Path:
    """Where the students' copy of a master lies."""
    return master.parent.parent / master.name


def stale_copies(root: Path = ROOT) -> list[str]:
    """Name every students' copy that is missing, without a master, or not what its master makes."""
    problems = []
    for master in masters(root):
        path = copy_of(master)
        fresh = text_of(student_copy(nbformat.read(master, as_version=4)))
        if not path.exists():
            problems.append(f"{path.name}: missing")
        elif path.read_text(encoding="utf-8") != fresh:
            problems.append(f"{path.name}: differs from what its master makes")
    expected = {copy_of(master) for master in masters(root)}
    extra = sorted(set((root / "exercises").glob("*.ipynb")) - expected)
    return problems + [f"{path.name}: has no master in exercises/solutions/" for path in extra]


# ---------------------------------------------------------------- the command


def refresh(path: Path, root: Path = ROOT) -> list[Path]:
    """Run one notebook, store it normalised and, for a master, its students' copy;
    return the files that changed."""
    name = path.relative_to(root).as_posix()
    stored = with_version(nbformat.read(path, as_version=4))
    fresh = normalise(execute(stored, path.parent, name))
    products = {path: fresh}
    if path in masters(root):
        products[copy_of(path)] = student_copy(fresh)
    return [target for target, notebook in products.items() if write_if_changed(target, notebook)]


def tell_what_grows_old(today: date) -> None:
    """List the rules of practice and the verdicts whose source nobody has read for a while; a
    list, never a failure."""
    lists = {
        "; look whether the rule still stands:": ledger.grown_old(today),
        ", the newest source of a verdict:": ledger.verdicts_grown_old(today),
    }
    for what, old in lists.items():
        if old:
            print(f"\nRead more than {MONTHS} months ago{what}")
        for row, day in old:
            print(f"  {day}  {row}")


def tell_what_moved(root: Path) -> None:
    """Name each number of the tables that is not as it was stored, and store it; only in this
    project, since another folder has no tables."""
    if root == ROOT and (lines := numbers.store()):
        print("\nNumbers of the tables that moved, now stored in tests/stored_numbers.csv:")
        print("\n".join(f"  {line}" for line in lines))


def main(words: Sequence[str], root: Path = ROOT, clock: Callable[[], date] = date.today) -> int:
    """Refresh the named notebooks, or all, and list the rules read long before the clock's day;
    return the exit code."""
    tree.serve(ROOT)
    try:
        if trouble := tree.foreign(ROOT):
            raise RefreshError(trouble)
        for path in select(words, root):
            print(f"{path.relative_to(root).as_posix():<50}", end="", flush=True)
            begin, stored = time.perf_counter(), nbformat.read(path, as_version=4)
            changed = refresh(path, root)
            what = "changed: " + ", ".join(item.relative_to(root).as_posix() for item in changed)
            print(
                f"{time.perf_counter() - begin:6.1f} s  {what if changed else 'unchanged'}",
                flush=True,
            )
            for line in numbers.moved_in(stored, nbformat.read(path, as_version=4)):
                print(f"    {line}")
    except RefreshError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    tell_what_moved(root)
    tell_what_grows_old(clock())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
