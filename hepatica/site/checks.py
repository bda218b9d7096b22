"""What every written page must keep: its policy, no network, no dead link, one title,
described pictures, nesting."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hepatica.site import metadata
from hepatica.site.errors import SiteError
from hepatica.site.markup import VERBATIM, VOID, balance_fault
from hepatica.site.maths import has_maths
from hepatica.site.policy import POLICY
from hepatica.site.smuggling import (
    ADDRESS,
    attribute_faults,
    css_faults,
    data_faults,
    script_faults,
)

WEIGHT_LIMIT = 1_000_000
"""Bytes of one page with everything it loads, plotly.js apart."""

FETCHED = {
    "script",
    "link",
    "img",
    "iframe",
    "source",
    "video",
    "audio",
    "embed",
    "object",
    "use",
    "image",
}
FOREIGN_SCRIPTS = {"plotly.min.js", "python.js"}
"""Scripts that are not ours; the policy of the page keeps them from the network."""
DATA = {"application/json", metadata.TYPE}
"""The types of script that may stand within a page: a browser does not run them."""


@dataclass
class Page:
    """What a check needs to know of one HTML page."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    headings: int = 0
    has: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page, self.stack, self.title = Page(), [], ""
        self.before, self.values = "", {}  # the tag that opened last, its attributes

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.stack.append(tag)
        if "id" in values:
            self.page.ids.append(values["id"])
        self._note(tag, values)
        if tag in FETCHED:
            self.page.fetched += [values[name] for name in ADDRESS if values.get(name)]
        self.page.faults += attribute_faults(tag, values)
        self._run(tag, values)
        self.before, self.values = tag, values

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.stack and tag not in VOID:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] == "title" and "svg" not in self.stack:
            self.title += data
        if self.stack and self.stack[-1] == "style":
            self.page.faults += [f"a <style> {fault}" for fault in css_faults(data)]
        if self.stack and self.stack[-1] == "script" and self.values.get("type") in DATA:
            self.page.faults += [f"in its data, {fault}" for fault in data_faults(data)]
        if not VERBATIM & set(self.stack) and has_maths(data):
            self.page.faults.append(f"an equation was left as text: {data.strip()[:60]!r}")

    def _note(self, tag: str, values: dict[str, str]) -> None:
        if tag == "h1":
            self.page.headings += 1
        if tag == "html" and values.get("lang"):
            self.page.has.add("lang")
        if tag == "meta" and values.get("name") == "viewport":
            self.page.has.add("viewport")
        if tag == "img" and not values.get("alt", "").strip():
            self.page.faults.append(
                f"the picture {values.get('src', '')[:60]!r} has no description"
            )
        if tag == "a" and "href" in values:
            self.page.links.append(values["href"])

    def _run(self, tag: str, values: dict[str, str]) -> None:
        """Note the page's policy, and whatever it forbids: code that stands within the page."""
        if tag == "meta" and values.get("http-equiv", "").casefold() == "content-security-policy":
            if self.before == "head" and values.get("content") == POLICY:
                self.page.has.add("policy")
            else:
                self.page.faults.append(
                    "a Content-Security-Policy that is not that of policy.py, first in the head"
                )
        if tag == "script" and not values.get("src") and values.get("type") not in DATA:
            self.page.faults.append("a script stands within the page. Move it to a file of static/")


def read_page(html: str) -> Page:
    """Return the facts about one page, with the faults that can be seen in the page alone."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    page = reader.page
    if reader.title.strip():
        page.has.add("title")
    page.faults += [
        f"it has no {name}"
        for name in ("policy", "lang", "title", "viewport")
        if name not in page.has
    ]
    page.faults += [
        f"the id {i!r} is used twice"
        for i in sorted({i for i in page.ids if page.ids.count(i) > 1})
    ]
    if page.headings != 1:
        page.faults.append(f"it has {page.headings} headings of the first level")
    if fault := balance_fault(html):
        page.faults.append(fault)
    return page


def check_site(folder: Path) -> int:
    """Check every page, style sheet and script of our own under folder and return how many pages
    were checked.

    Raises SiteError with the page and the first faults; also when there is no page at all.
    """
    pages = {
        p.relative_to(folder).as_posix(): read_page(p.read_text("utf-8"))
        for p in sorted(folder.rglob("*.html"))
    }
    if not pages:
        raise SiteError(
            "The site has no page at all: there is no notebook to show. Add one under notebooks/."
        )
    faults = [f"{name}: {fault}" for name, page in pages.items() for fault in page.faults]
    faults += _dead_links(pages, folder) + assets_faults(folder) + _too_heavy(pages, folder)
    if faults:
        raise SiteError(f"The site has {len(faults)} fault(s):\n  " + "\n  ".join(faults[:20]))
    return len(pages)


def _dead_links(pages: dict[str, Page], folder: Path) -> list[str]:
    faults = []
    for name, page in pages.items():
        for href in [*page.links, *page.fetched]:
            fault = _link_fault(href, name, pages, folder)
            if fault:
                faults.append(f"{name}: {fault}")
    return faults


def _link_fault(href: str, name: str, pages: dict[str, Page], folder: Path) -> str:
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return ""
    target = (
        posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
        if parts.path
        else name
    )
    if target.startswith("..") or not (folder / target).is_file():
        return f"the link {href!r} leads nowhere"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
        return (
            f"the link {href!r} names a place that {target} does not have. "
            "Copy the heading with dashes for spaces"
        )
    return ""


def assets_faults(folder: Path) -> list[str]:
    """What style sheets and scripts of our own under folder do that none may do."""
    scripts = [p for p in folder.rglob("*.js") if p.name not in FOREIGN_SCRIPTS]
    return [
        f"{p.name}: {fault}"
        for files, faults_of in ((folder.rglob("*.css"), css_faults), (scripts, script_faults))
        for p in files
        for fault in faults_of(p.read_text("utf-8"))
    ]


def weight(name: str, page: Page, folder: Path) -> int:
    """Return the bytes of one page with everything it loads, plotly.js apart."""
    fetched = {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), f))
        for f in page.fetched
        if ":" not in f
    }
    files = {name, *fetched} - {"assets/plotly.min.js"}
    return sum((folder / file).stat().st_size for file in files if (folder / file).is_file())


def _too_heavy(pages: dict[str, Page], folder: Path) -> list[str]:
    heavy = {name: weight(name, page, folder) for name, page in pages.items()}
    return [
        (
            f"{name}: weighs {size / 1e6:.1f} MB, more than {WEIGHT_LIMIT / 1e6:.0f} MB. "
            "Thin out its figures' points"
        )
        for name, size in heavy.items()
        if size > WEIGHT_LIMIT
    ]
