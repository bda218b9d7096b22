"""Links between notebooks, exercises and files of the project,
turned into links between pages of the site."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from hepatica.site.errors import SiteError

# Readers open these in a browser, which shows plain text but would offer anything else for saving.
SHOWN_AS_TEXT = {".py", ".md", ".toml"}
FIXED = {"data/glossary.csv": "glossary.html", "data/references.csv": "references.html"}
FIXED |= dict.fromkeys(("data/causes.csv", "data/accelerators.csv"), "atlas.html")


@dataclass
class SiteMap:
    """Which page of the site stands for which file of the project;
    other files linked to are copied."""

    root: Path
    pages: dict[str, str]
    files: dict[str, Path] = field(default_factory=dict)

    def rewrite(self, soup: BeautifulSoup, source: str, page: str) -> None:
        """Point every link and picture of soup (written in file source)
        from page to its place on the site."""
        for link in soup.find_all("a", href=True):
            link["href"] = self.resolve(link["href"], source, page)
        for image in soup.find_all("img", src=True):
            image["src"] = self.resolve(image["src"], source, page)
            drawing = self.files.get(
                posixpath.normpath(posixpath.join(posixpath.dirname(page), image["src"]))
            )
            if drawing and drawing.suffix == ".svg":
                image.replace_with(inline_drawing(drawing, image["alt"]))

    def resolve(self, href: str, source: str, page: str) -> str:
        """Return href, written in file source, as seen from page;
        SiteError when it leads nowhere."""
        parts = urlsplit(href)
        if parts.scheme or parts.netloc:
            return href
        if not parts.path:  # slides and teachers' notes point into the lesson they come from
            home = self.pages.get(source, page)
            return href if home == page else f"{relative(home, page)}{href}"
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(parts.path)))
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        return relative(self._target(target, href, source), page) + anchor

    def _target(self, target: str, href: str, source: str) -> str:
        known = self.pages.get(target) or FIXED.get(target)
        if known:
            return known
        path = self.root / target
        if target.startswith("..") or target.endswith(".ipynb") or not path.is_file():
            raise SiteError(
                f"{source}: the link {href!r} leads nowhere. "
                "Write the name of an existing notebook or file."
            )
        copy = f"files/{target}" + (".txt" if path.suffix in SHOWN_AS_TEXT else "")
        self.files[copy] = path
        return copy


def inline_drawing(path: Path, described: str) -> Tag:
    """Return an SVG file as an element of the page, so that it takes its colours;
    ids carry the file's name."""
    text = re.sub(r"^\s*<\?xml[^>]*>", "", path.read_text("utf-8"))
    text = re.sub(r"""(\bid=["']|href=["']#|url\(#)""", rf"\g<1>{path.stem}-", text)
    drawing = BeautifulSoup(text, "html.parser").svg
    drawing["role"], drawing["aria-label"] = "img", described
    return drawing


def relative(target: str, page: str) -> str:
    """Return the site path target as seen from the site path page."""
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def anchor_of(text: str) -> str:
    """Return the id JupyterLab gives a heading, so that one link works in the notebook and on the
    site."""
    return re.sub(r"\s", "-", text.strip())
