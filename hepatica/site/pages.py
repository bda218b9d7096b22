"""The pages of the site: what each template is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from markupsafe import Markup

from hepatica import __version__
from hepatica.analysis import atlas
from hepatica.cards.parts.minutes import CARD, sections
from hepatica.lessons import n00_route as way
from hepatica.site import licences, paper, study, tables, times
from hepatica.site.cases import cases
from hepatica.site.dom import Article, article
from hepatica.site.exporter import exporter
from hepatica.site.facts import STATUS, Facts
from hepatica.site.formulas import script_of
from hepatica.site.lesson import MINUTES, Lesson
from hepatica.site.links import SiteMap, relative
from hepatica.site.policy import POLICY
from hepatica.site.review import PAGE as PAGE_OF_REVIEW
from hepatica.site.review import review_card
from hepatica.site.search import Index
from hepatica.site.slides import Slide, code_of, plain, slides_of
from hepatica.site.teach_pages import Teaching, with_plan
from hepatica.site.terms import Terms

PYTHON_NOTE = """
<aside class="note" aria-label="How to write code here">
<p>Write in a field and press Run. Python comes with this page: it starts with your first Run, which takes
some seconds; nothing is sent anywhere. The same tasks stand in <code>{source}</code> for JupyterLab.</p>
</aside>
"""
EMBLEMS = Path(__file__).parent / "emblems"
JUPYTER_NOTE = """
<aside class="note" aria-label="How to write code here">
<p>These tasks are for writing code. Open <code>{source}</code> in JupyterLab
(<code>python3 course.py</code> starts it): there each cell runs, and each check says what to mend.</p>
</aside>
"""


@dataclass(frozen=True)
class Course:
    """All notebooks: the lessons in reading order,
    the students' exercises and the worked solutions."""

    lessons: list[Lesson]
    exercises: list[Lesson]
    solutions: list[Lesson]

    def exercise(self, number: str) -> Lesson | None:
        """Return the exercise with this number, if there is one."""
        return next((e for e in self.exercises if e.number == number), None)

    def solution(self, number: str) -> Lesson | None:
        """Return the worked solution with this number, if there is one."""
        return next((s for s in self.solutions if s.number == number), None)


class Pages:
    """Makes every page of a course, one after the other."""

    def __init__(
        self,
        course: Course,
        links: SiteMap,
        ledger: Any,
        *,
        python: bool = False,
        address: str = "",
    ) -> None:
        self.course, self.links, self.ledger = course, links, ledger
        self.python, self.address = python, address
        self.exporter, self.terms, self.index = exporter(), Terms(ledger), Index()
        self.teaching = Teaching(course, ledger)
        self.on_paper: dict[str, str] = {}  # the file to link for each sheet's page

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield (file name on the site, HTML) of every page."""
        for position in range(len(self.course.lessons)):
            yield from self.lesson_pages(position)
        for exercise in self.course.exercises:
            yield self.exercise_page(exercise)
        for solution in self.course.solutions:
            yield self.solution_page(solution)
        if self.course.exercises:
            yield self.exercises_index()
        yield self.teacher_index()
        for name, template, given in self.teaching.pages():
            yield self._page(name, template, **given)
        yield self._page(study.PAGE, "teacher_study.html.j2", **study.given(self.course.lessons))
        yield self.glossary()
        yield self.atlas()
        yield self.references()
        yield from self.tables()
        yield self.licences()
        yield self._page("accessibility.html", "accessibility.html.j2", title="Accessibility")
        yield self.review()
        yield self.landing()

    def search_index(self) -> str:
        """The script of the search field; complete once `all` is through."""
        self.index.add_terms(self.ledger)
        self.index.add_claims(self.ledger, self.course.lessons)
        return self.index.script()

    def lesson_pages(self, position: int) -> Iterator[tuple[str, str]]:
        """Yield the page, the slides and the teacher's page of one lesson."""
        lesson = self.course.lessons[position]
        name = f"{lesson.name}.html"
        html = lesson.student_html()
        body = article(html, lesson.source, name, self.links, self.ledger)
        times.mark(body.soup, sections(lesson.notebook))
        body.terms = self.terms.mark(body.soup)
        self.index.add_page(name, lesson, f"Notebook {lesson.number}", body.soup)
        extra = {"before": self._neighbour(position - 1), "after": self._neighbour(position + 1)}
        extra["exercise"] = self.course.exercise(lesson.number)
        yield name, self._notebook(name, "lesson", lesson, body, **extra)
        yield from self.deck(lesson)
        yield self._teacher(lesson)

    def exercise_page(self, exercise: Lesson) -> tuple[str, str]:
        """Return the page of one exercise, made from the students' copy."""
        name = f"exercises/{exercise.number}.html"
        runs = self.python and any(not task.missing for task in exercise.tasks.values())
        note = PYTHON_NOTE if runs else JUPYTER_NOTE
        html = _with_note(exercise.student_html(), note.format(source=exercise.source))
        body = article(html, exercise.source, name, self.links, self.ledger)
        body.terms = self.terms.mark(body.soup)
        self.index.add_page(name, exercise, f"Exercise {exercise.number}", body.soup)
        partner = next(
            (each for each in self.course.lessons if each.number == exercise.number), None
        )
        return name, self._notebook(name, "exercise", exercise, body, partner=partner, runs=runs)

    def solution_page(self, master: Lesson) -> tuple[str, str]:
        """Return the teacher's page with one worked exercise."""
        name = f"teacher/{master.number}-solutions.html"
        html = master.student_html() + master.teacher_html()
        body = article(html, master.source, name, self.links, self.ledger)
        return name, self._notebook(name, "solution", master, body)

    def exercises_index(self) -> tuple[str, str]:
        """Return the list of exercises, with what of each runs on its page."""
        return self._page(
            "exercises/index.html", "exercises_index.html.j2", title="Exercises", python=self.python
        )

    def teacher_index(self) -> tuple[str, str]:
        """Return the teachers' first page."""
        planned, several = self.teaching.planned, self.teaching.several
        extra = {"title": "For teachers", "planned": planned, "several": several}
        return self._page("teacher/index.html", "teacher_index.html.j2", **extra)

    def landing(self) -> tuple[str, str]:
        """Return the first page of the site."""
        emblems = {lesson.number: emblem(lesson.number) for lesson in self.course.lessons}
        extra = {"title": "Hepatica: how a liver scars", "route": self._route()}
        extra["cases"] = cases(self.ledger.table("cases").to_dict("records"), self._by_part())
        return self._page(
            "index.html", "index.html.j2", emblems=emblems, python=self.python, **extra
        )

    def _by_part(self) -> dict[tuple[str, str], Lesson]:
        """The notebooks and exercises, by part and number."""
        parts = {"lesson": self.course.lessons, "exercise": self.course.exercises}
        return {(part, each.number): each for part, all_ in parts.items() for each in all_}

    def _route(self) -> list[dict[str, Any]]:
        """The stops of the route for the curious; none in a course without its notebooks."""
        lessons = {lesson.number: lesson for lesson in self.course.lessons}
        if any(stop.notebook not in lessons for stop in way.ROUTE):
            return []
        return [self._stop(stop, lessons[stop.notebook]) for stop in way.ROUTE]

    def _stop(self, stop: way.Stop, lesson: Lesson) -> dict[str, Any]:
        shown = way.bundle_of(stop, lesson.notebook)
        told, items = way.minutes_of(shown), len(shown[CARD].get("items", []))
        href = f"{lesson.name}.html#{stop.card}"
        return {**stop._asdict(), "href": href, "minutes": told, "items": items}

    def glossary(self) -> tuple[str, str]:
        """Return the page of all terms, in alphabetical order,
        each with where it is first needed and its source."""
        name = "glossary.html"
        rows = self.ledger.table("glossary").to_dict("records")
        terms = [
            self._term(row, name) for row in sorted(rows, key=lambda row: row["term"].casefold())
        ]
        return self._page(name, "glossary.html.j2", title="Glossary", terms=terms)

    def atlas(self) -> tuple[str, str]:
        """Return the page of all causes and accelerators, each with its number and its source."""
        shown = {"causes": atlas.causes(), "headings": atlas.HEADINGS, "blank": atlas.BLANK}
        shown["several"] = [each for each in atlas.accelerators() if each.cause == atlas.ANY]
        shown |= {"alone": atlas.ALONE, "reference": self.ledger.reference, "told": atlas.STATUS}
        shown["lesson"] = next((each for each in self.course.lessons if each.number == "05"), None)
        return self._page("atlas.html", "atlas.html.j2", title="Atlas of causes", **shown)

    def review(self) -> tuple[str, str]:
        """Return the page on which a reader's own questions come back."""
        extra = {"title": "Review", "article": review_card()}
        return self._page(PAGE_OF_REVIEW, "review.html.j2", **extra)

    def references(self) -> tuple[str, str]:
        """Return the page of all sources, and how many rows say when theirs was read."""
        keys = self.ledger.table("references")["key"]
        found = sorted(
            (self.ledger.reference(key) for key in keys), key=lambda r: r.short.casefold()
        )
        verdicts = self.ledger.verdicts_grown_old(date.today())
        extra = {"references": found, "readings": self.ledger.readings(), "verdicts": verdicts}
        return self._page("references.html", "references.html.j2", title="References", **extra)

    def licences(self) -> tuple[str, str]:
        """Return the page of licences, with every package and why it is there."""
        extra = {"packages": licences.packages(self.ledger), "python": self.python}
        return self._page(licences.PAGE, "licences.html.j2", title="Licences", **extra)

    def tables(self) -> Iterator[tuple[str, str]]:
        """Yield the list of tables and the page of each, with every row."""
        listed = tables.listed(self.ledger)
        yield self._page("tables/index.html", "tables.html.j2", title="Tables", tables=listed)
        for table in listed:
            page, groups = tables.page_of(table.name), tables.groups_of(table.name, self.ledger)
            if table.name not in tables.UNSEARCHED:
                rows = [row for group in groups for row in group.rows]
                self.index.add_rows(page, table.title, rows)
            shown = {"title": table.title, "table": table.name, "count": table.count}
            shown |= {"reference": self.ledger.reference, "told": tables.STATUS, "groups": groups}
            yield self._page(page, "table.html.j2", **shown)

    def _term(self, row: dict[str, Any], page: str) -> dict[str, Any]:
        needed = str(row["first_needed_in"])
        lesson = next(
            (each for each in self.course.lessons if needed in (each.name, each.number)), None
        )
        source = self.ledger.reference(row["source"])
        href = relative(f"{lesson.name}.html", page) if lesson else ""
        return {
            **row,
            "letter": row["term"][0].casefold(),
            "lesson": lesson,
            "href": href,
            "source": source,
        }

    def _neighbour(self, position: int) -> Lesson | None:
        return self.course.lessons[position] if 0 <= position < len(self.course.lessons) else None

    def _teacher(self, lesson: Lesson) -> tuple[str, str]:
        name = f"teacher/{lesson.number}.html"
        html = unfolded(lesson.teacher_html()) or (
            "<p>This notebook has no notes for teachers yet.</p>"
        )
        body = article(html, lesson.source, name, self.links, self.ledger)
        given = self.teaching.given(lesson)
        if given:
            given["sheets"] = [name for _, name in self._on_paper(lesson.number)]
            plan = self.exporter.render("teacher_plan.html.j2", {"resources": {"page": given}})
            body = with_plan(body, plan)
        solution = self.course.solution(lesson.number)
        return name, self._notebook(name, "teacher", lesson, body, solution=solution)

    def deck(self, lesson: Lesson) -> Iterator[tuple[str, str]]:
        """Yield the slides of one lesson and the page of the presenter's window."""
        name = f"slides/{lesson.number}.html"
        body = article(lesson.student_html(), lesson.source, name, self.links, self.ledger)
        slides, lead = slides_of(body.soup), plain(body.lead)
        shown = "".join([lead, *(slide.html + slide.more for slide in slides)])
        body.facts = _facts_in(shown, body.facts)
        deck = {
            "lesson": lesson,
            "slides": slides,
            "lead": lead,
            "codes": self._codes(lesson, slides),
        }
        yield self._page(name, "slides.html.j2", title=lesson.title, article=body, **deck)
        name = f"slides/{lesson.number}-presenter.html"
        box = article(unfolded(lesson.teacher_html()), lesson.source, name, self.links, self.ledger)
        deck["box"] = plain(str(box.soup))
        yield self._page(name, "presenter.html.j2", title=lesson.title, **deck)

    def _on_paper(self, number: str) -> list[tuple[str, str]]:
        """(file, name) of each sheet of a notebook that the site has."""
        pages = {paper.name_of(number, sheet): name for sheet, name in paper.NAMES.items()}
        return [
            (self.on_paper[page], name) for page, name in pages.items() if page in self.on_paper
        ]

    def papers(self) -> Iterator[tuple[str, str]]:
        """Yield (file name on the site, HTML) of every sheet for paper."""
        for lesson in self.course.lessons:
            for sheet, parts in paper.sheets(lesson, self.course, self.links, self.ledger):
                yield self._page(paper.name_of(lesson.number, sheet), "paper.html.j2", **parts)

    def _codes(self, lesson: Lesson, slides: list[Slide]) -> dict[str, str]:
        """A QR code per card, where the site knows its address."""
        if not self.address:
            return {}
        page = f"{self.address.rstrip('/')}/{lesson.name}.html"
        return {each.card: code_of(f"{page}#{each.card}") for each in slides if each.card}

    def _notebook(self, name: str, kind: str, lesson: Lesson, body: Article, **extra: Any) -> str:
        # then the frame need not say it again
        extra["minutes_stated"] = bool(MINUTES.search(body.lead))
        context = self._context(
            name, title=lesson.title, kind=kind, lesson=lesson, article=body, **extra
        )
        html, _ = self.exporter.from_notebook_node(lesson.notebook, {"page": context})
        return html

    def _page(self, name: str, template: str, **extra: Any) -> tuple[str, str]:
        return name, self.exporter.render(
            template, {"resources": {"page": self._context(name, **extra)}}
        )

    def _context(self, name: str, **extra: Any) -> dict[str, Any]:
        depth = name.count("/")
        fixed = {"policy": POLICY, "course": self.course, "statuses": STATUS}
        fixed |= {"version": __version__, "on_paper": self._on_paper, "ledger": self.ledger}
        return {"name": name, "up": "../" * depth, "formulas": script_of(name), **fixed, **extra}


def emblem(number: str) -> Markup:
    """Return the small drawing that stands for a notebook in the list of contents."""
    path = EMBLEMS / f"{number}.svg"
    return Markup(
        path.read_text("utf-8") if path.is_file() else (EMBLEMS / "other.svg").read_text("utf-8")
    )


def unfolded(html: str) -> str:
    """Return a teacher's box as open sections: what was folded in the notebook is the page's
    subject here."""
    soup = BeautifulSoup(html, "html.parser")
    for box in soup.find_all("details", recursive=False):
        if "code" in box.get("class", []):
            continue
        if box.summary:
            before = box.find_previous_sibling("h2")
            if before and before.get_text(strip=True) == box.summary.get_text(strip=True):
                before.decompose()  # what is unfolded needs its heading once
            box.summary.name = "h2"
        box.unwrap()
    return str(soup)


def _with_note(html: str, words: str) -> str:
    """Return the exercise with a word on how to run code before its first task that needs it."""
    soup = BeautifulSoup(html, "html.parser")
    track = next((h for h in soup.find_all("h2") if "coding" in h.get_text().casefold()), None)
    note = BeautifulSoup(words, "html.parser")
    if track:
        track.insert_after(note)
    elif soup.select("div.code"):
        soup.insert(0, note)
    return str(soup)


def _facts_in(html: str, facts: Facts) -> Facts:
    """Return only the facts that html shows, so that no slide page carries descriptions of absent
    numbers."""
    shown = {
        text: identifier
        for text, identifier in facts.ids.items()
        if f'aria-describedby="{identifier}"' in html
    }
    return Facts(facts.ledger, shown, facts.sources, facts.rows)
