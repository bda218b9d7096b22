"""A notebook read for the site: its title, question, minutes and cells,
each cell with its place and its HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from hepatica.cards.parts.minutes import printed
from hepatica.site.errors import Place, SiteError, place_of
from hepatica.site.markup import highlighted, markdown
from hepatica.site.outputs import outputs_html, script_json
from hepatica.site.python.tasks import Task, tasks_of

HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
MINUTES = re.compile(r"(\d+)\s*(?:min\b|minutes?\b)")
READ = "read"
"""The tag of a code cell that teaches: it stands open on the page of its notebook."""
ASIDE = "aside"
"""The tag of cells that a page folds away: for those who want more."""
FOLD_HEADING = re.compile(r"<h3[^>]*>(.*?)</h3>")
# As the notebooks write them: "*40 minutes*", "*8 minutes, 2 points*", "### 1 · A longer injury (6
# minutes)".
TASK_MINUTES = re.compile(r"^(?:\*|#+ .*\()(\d+) minutes", re.MULTILINE)


@dataclass(frozen=True)
class Lesson:
    """One notebook: its path inside the project ("notebooks/01_x.ipynb") and its content."""

    source: str
    notebook: NotebookNode

    @property
    def name(self) -> str:
        """The file's name without folder and ending, such as "01_the_healthy_lobule"."""
        return Path(self.source).stem

    @property
    def number(self) -> str:
        """The two digits that open the file's name."""
        return self.name[:2]

    @cached_property
    def heading(self) -> str:
        """The text of the notebook's one first-level heading, without a number before it."""
        found = [
            h
            for cell in self.notebook.cells
            if cell.cell_type == "markdown"
            for h in headings_of(cell.source)
        ]
        if len(found) != 1:
            raise SiteError(
                f"{self.source}: {len(found)} headings of the first level (# …). "
                "Write exactly one, at the top, and use ## or ### for the others."
            )
        return _unnumbered(plain(found[0]))

    @cached_property
    def title(self) -> str:
        """The subject: what stands before the dash or colon of the heading,
        else the file's name in words."""
        before, dash, _ = _parted(self.heading)
        return before if dash else self.name[3:].replace("_", " ").capitalize()

    @cached_property
    def question(self) -> str:
        """The guiding question: what stands after the dash or colon of the heading,
        else the whole heading."""
        _, dash, after = _parted(self.heading)
        return after.strip(' "“”') if dash else self.heading

    @cached_property
    def minutes(self) -> int:
        """Minutes of all tasks, or as the first cells state them,
        else what the rule of `times` gives."""
        cells = [cell.source for cell in self.notebook.cells if cell.cell_type == "markdown"]
        tasks = [int(minutes) for source in cells for minutes in TASK_MINUTES.findall(source)]
        if tasks:
            return sum(tasks)
        for cell in self.notebook.cells[:3]:
            stated = MINUTES.search(cell.source) if cell.cell_type == "markdown" else None
            if stated:
                return int(stated.group(1))
        return printed(self.notebook)

    def student_html(self) -> str:
        """Return the page for students: every cell but those for teachers and those kept off the
        site; neighbouring cells tagged "aside" are one fold."""
        cells = [(i, c) for i, c in self._on_site() if "teacher" not in _tags(c)]
        parts = groupby(cells, key=lambda numbered: ASIDE in _tags(numbered[1]))
        return "\n".join(self._part_html(list(part), folded) for folded, part in parts)

    def _part_html(self, cells: list[tuple[int, NotebookNode]], folded: bool) -> str:
        """Some cells, folded under the third-level heading with which the first of them begins."""
        made = [self._cell_html(i, c) for i, c in cells]
        if not folded:
            return "\n".join(made)
        heading = FOLD_HEADING.match(made[0])
        if not heading:
            raise SiteError(
                f"{self.place(cells[0][0])}: a fold needs a heading, such as “### More”."
            )
        inside = "\n".join([made[0][heading.end() :], *made[1:]])
        summary = f"<summary>{heading[1]}</summary>"
        return f'<details class="aside">{summary}\n{inside}\n</details>'

    def teacher_html(self) -> str:
        """Return the cells tagged "teacher", or "" when there are none."""
        cells = [(i, c) for i, c in self._on_site() if "teacher" in _tags(c)]
        return "\n".join(self._cell_html(i, c) for i, c in cells)

    def place(self, index: int) -> Place:
        """Return the place of the cell with this index, for messages."""
        return place_of(self.source, index, self.notebook.cells[index].source)

    def _on_site(self) -> list[tuple[int, NotebookNode]]:
        return [
            (i, c)
            for i, c in enumerate(self.notebook.cells)
            if "no-site" not in _tags(c) and c.source.strip()
        ]

    def _cell_html(self, index: int, cell: NotebookNode) -> str:
        place = self.place(index)
        if cell.cell_type == "markdown":
            return markdown(cell.source, place, cell.get("attachments"))
        if cell.cell_type != "code":
            raise SiteError(
                f"{place}: a raw cell has no place on the site. "
                'Make it markdown or tag it "no-site".'
            )
        return self._code_html(cell) + "\n".join(outputs_html(cell, place))

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The coding tasks of an exercise by their ids; none in a lesson or a worked solution."""
        students = re.fullmatch(r"exercises/[^/]+", self.source)
        return {task.id: task for task in tasks_of(self.notebook)} if students else {}

    def _code_html(self, cell: NotebookNode) -> str:
        """The code of a cell, folded: in a lesson unless it is tagged as worth reading, in an
        exercise where the notebook hides it, and a check that the page runs."""
        grading = cell.metadata.get("nbgrader", {})
        task = self.tasks.get(grading.get("grade_id", "").removesuffix("-check"))
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        folded = READ not in _tags(cell) if self.source.startswith("notebooks/") else hidden
        source = highlighted(cell.source, "python")
        if task and grading.get("solution"):
            return self._task_html(task, source)
        if not (folded or task):
            return f'<div class="code">{source}</div>'
        label = "What the check asks" if task else "Code"
        label = escape(cell.metadata.get("hepatica", {}).get("code_label", label))
        return f'<details class="code"><summary>{label}</summary>{source}</details>'

    def _task_html(self, task: Task, source: str) -> str:
        """The cell of a task that its page can run, or a word why it cannot."""
        code = f'<div class="code">{source}</div>'
        if task.missing:
            needs = " and ".join(f"<code>{escape(each)}</code>" for each in task.missing[:2])
            return (
                f'{code}<p class="coding-elsewhere">This one runs in JupyterLab only: it needs '
                f"{needs}. Open <code>{self.source}</code> there.</p>"
            )
        spec = {"id": task.id, "given": task.given, "stub": task.stub, "check": task.check}
        there = ", ".join(f"<code>{escape(name)}</code>" for name in task.there)
        known = f'<p class="coding-there">Already there: {there}.</p>' if there else ""
        return (
            f'<div class="coding" data-number="{self.number}" data-task="{task.id}">{known}{code}'
            f'<script type="application/json">{script_json({**spec, "needs": task.needs})}</script>'
            "</div>"
        )


def read(path: Path, root: Path) -> Lesson:
    """Return the notebook at path as a Lesson; its source is named relative to root."""
    return Lesson(path.relative_to(root).as_posix(), nbformat.read(path, as_version=4))


def headings_of(source: str) -> list[str]:
    """Return the first-level headings of a markdown text, those inside code fences left out."""
    return HEADING.findall(re.sub(r"^(```|~~~).*?^\1", "", source, flags=re.DOTALL | re.MULTILINE))


def plain(text: str) -> str:
    """Return markdown inline text without its marks, links and tags."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"<[^>]+>|[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", text).strip()


def _parted(heading: str) -> tuple[str, str, str]:
    # A dash between words or a colon parts subject and question: "The healthy lobule — What does it
    # do?"
    found = re.match(r"(.+?)(\s+[—–-]\s+|:\s+)(.+)", heading)
    return found.groups() if found else (heading, "", "")


def _unnumbered(text: str) -> str:
    return re.sub(r"^\d\d?\s*[.·—–:]?\s+", "", text)


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))
