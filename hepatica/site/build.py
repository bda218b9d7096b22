"""The whole site: read the notebooks, make the pages, check them,
and only then put them in place."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from hepatica import ledger as course_ledger
from hepatica.cards import bundle
from hepatica.site import checks, licences
from hepatica.site.errors import SiteError
from hepatica.site.formulas import script_of, with_formulas
from hepatica.site.lesson import Lesson, read
from hepatica.site.links import SiteMap
from hepatica.site.pages import Course, Pages
from hepatica.site.printing import print_sheets
from hepatica.site.python.engine import engine
from hepatica.site.python.script import LICENCES, python_script
from hepatica.site.python.script import SCRIPT as PYTHON
from hepatica.site.review import SCRIPT, items_script

PROJECT = Path(__file__).resolve().parents[2]
STATIC = Path(__file__).parent / "static"
STYLES = ("page", "search", "plates", "coding", "pages", "teach", "slides", "lecture", "media")
"""The files of static/site/, which are one site.css for the reader, in this order."""
MARKER = ".hepatica-site"
NAMED = re.compile(r"\d\d_\w+\.ipynb")


def build(
    out: Path | str = "_site",
    root: Path | str = PROJECT,
    ledger: Any = course_ledger,
    tell: Callable[[str], None] = print,
    address: str = "",
    paper: bool = False,
) -> int:
    """Write the site of the notebooks under root into the folder out and return its number of
    pages.

    With the address at which it will stand, its slides carry QR codes. With `paper`, each notebook
    has sheets to print, as PDFs where a browser is installed.
    Everything is made and checked in a folder beside out, which takes out's place only when all is
    well.
    Raises SiteError, naming notebook and cell, for anything a reader would stumble over.
    """
    out, root = Path(out).resolve(), Path(root).resolve()
    require_ours(out)
    fresh = out.with_name(f".{out.name}-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        count = _write(fresh, root, ledger, tell, address, paper)
        _swap(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    tell(f"{count} pages in {out.name}. Open {out.name}/index.html in a browser.")
    return count


def require_ours(out: Path) -> None:
    """Raise SiteError when out exists and was not made by this program,
    so that nothing of a reader's is lost."""
    if out.is_dir() and (not any(out.iterdir()) or (out / MARKER).is_file()):
        return
    if out.exists() or out.is_symlink():
        raise SiteError(
            f"{out} is there already and is not a site made here. Name another folder, "
            "or remove it yourself."
        )


def course_of(root: Path) -> Course:
    """Read every notebook, exercise and worked solution under root;
    SiteError when there is no notebook."""
    lessons = _read_all(root / "notebooks", root)
    if not lessons:
        raise SiteError(
            f"There is no notebook in {root.name}/notebooks. "
            "Their names look like 01_the_healthy_lobule.ipynb."
        )
    exercises = _read_all(root / "exercises", root)
    return Course(lessons, exercises, _read_all(root / "exercises" / "solutions", root))


def site_map(course: Course, root: Path) -> SiteMap:
    """Return which page stands for which notebook."""
    pages = {lesson.source: f"{lesson.name}.html" for lesson in course.lessons}
    pages |= {exercise.source: f"exercises/{exercise.number}.html" for exercise in course.exercises}
    pages |= {
        master.source: f"teacher/{master.number}-solutions.html" for master in course.solutions
    }
    return SiteMap(root, pages)


def _read_all(folder: Path, root: Path) -> list[Lesson]:
    files = sorted(file for file in folder.glob("*.ipynb") if NAMED.fullmatch(file.name))
    lessons = [read(file, root) for file in files]
    numbers = [lesson.number for lesson in lessons]
    twice = sorted({n for n in numbers if numbers.count(n) > 1})
    if twice:
        raise SiteError(
            f"{folder.name}: two notebooks are numbered {twice[0]}. Give each a number of its own."
        )
    return lessons


def _write(
    folder: Path,
    root: Path,
    ledger: Any,
    tell: Callable[[str], None],
    address: str,
    paper: bool,
) -> int:
    course = course_of(root)
    links = site_map(course, root)
    found = engine(tell=tell)
    pages = Pages(course, links, ledger, python=found is not None, address=address)
    _write_assets(folder / "assets")
    for name, text in licences.texts().items():
        _save(folder / licences.FOLDER / name, text)
    if paper:
        pages.on_paper = _write_paper(folder, pages, tell)
    for name, html in pages.all():
        tell(f"  {name}")
        _save_page(folder, name, html)
    for name, path in sorted(links.files.items()):
        _copy(path, folder / name)
    if found:
        _write_python(folder / "assets", found)
    _save(folder / "assets" / SCRIPT, items_script([*course.lessons, *course.exercises]))
    _save(folder / "assets" / "search-index.js", pages.search_index())
    _save(folder / MARKER, "A site made by hepatica.site; it is replaced at the next build.\n")
    return checks.check_site(folder)


def _save_page(folder: Path, name: str, html: str) -> None:
    """Write a page, and the formulas of its cards beside it."""
    html, formulas = with_formulas(html)
    _save(folder / name, html)
    if formulas:
        _save(folder / script_of(name), formulas)


def _write_paper(folder: Path, pages: Pages, tell: Callable[[str], None]) -> dict[str, str]:
    """Write the sheets for paper; return the file to link for each sheet's page."""
    tell("Sheets for paper:")
    names = []
    for name, html in pages.papers():
        _save_page(folder, name, html)
        names.append(name)
    printed = set(print_sheets(folder, names, tell))
    return {name: name.replace(".html", ".pdf") if name in printed else name for name in names}


def styles() -> str:
    """The style of the site's pages."""
    files = (STATIC / "site" / f"{name}.css" for name in STYLES)
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _write_assets(folder: Path) -> None:
    for file in sorted(STATIC.glob("*.*")):
        _copy(file, folder / file.name)
    _save(folder / "site.css", styles())
    _save(folder / "hepatica.js", bundle.shared())
    for kind in bundle.kinds():
        _save(folder / "kinds" / f"{kind}.js", bundle.kind_script(kind))
    _save(folder / "places.js", bundle.places())
    _save(folder / "tasks.js", bundle.tasks())
    _save(folder / "hepatica.css", bundle.styles())
    _save(folder / "plotly.min.js", get_plotlyjs())


def _write_python(folder: Path, engine: dict[str, bytes]) -> None:
    """The interpreter for the coding tasks, with its licences."""
    _save(folder / PYTHON, python_script(engine))
    for file in sorted(LICENCES.glob("*.txt")):
        _copy(file, folder / f"{file.stem}-licence.txt")


def _save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _swap(fresh: Path, out: Path) -> None:
    old = out.with_name(f".{out.name}-old-{os.getpid()}")
    if out.exists():
        out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)  # the reader keeps the site that was there
        raise
    shutil.rmtree(old, ignore_errors=True)
