"""From the HTML of cells to an article: sections with ids, tidy tables, pictures in place,
links to pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag

from hepatica.site.errors import SiteError
from hepatica.site.facts import Facts, Note
from hepatica.site.links import SiteMap, anchor_of

SHORT = 40
"""Characters up to which all cells of a table fit a phone side by side, on two lines or three."""
LEVELS = ["h1", "h2", "h3", "h4", "h5", "h6"]


class Entry(NamedTuple):
    """One line of a table of contents."""

    anchor: str
    text: str


@dataclass
class Article:
    """The body of one page: its table of contents, the facts met, the notes of its terms."""

    contents: list[Entry]
    facts: Facts
    soup: BeautifulSoup
    terms: list[Note] = field(default_factory=list)

    @cached_property
    def _parts(self) -> tuple[str, str]:
        return into_sections(self.soup)

    @property
    def lead(self) -> str:
        """What precedes the first section."""
        return self._parts[0]

    @property
    def body(self) -> str:
        """The sections."""
        return self._parts[1]

    @property
    def notes(self) -> list[Note]:
        """What the numbers and terms of the page tell."""
        return [*self.facts.notes(), *self.terms]

    @property
    def needs_plotly(self) -> bool:
        """Whether anything on the page draws a chart."""
        cards = self.soup.select("figure.hepatica-card:not([data-kind=quiz])")
        return bool(cards or self.soup.select("figure.plot"))

    @property
    def kinds(self) -> list[str]:
        """The kinds of card on the page, each once."""
        return sorted({card["data-kind"] for card in self.soup.select("figure.hepatica-card")})


def article(html: str, source: str, page: str, site_map: SiteMap, ledger: object) -> Article:
    """Return the cells' HTML (of file source) as the article of a page,
    everything in it checked and in place."""
    soup = BeautifulSoup(html, "html.parser")
    for heading in soup.find_all("h1"):
        heading.decompose()  # the page's header shows the title
    number_headings(soup)
    tidy_tables(soup)
    place_pictures(soup, source)
    site_map.rewrite(soup, source, page)
    facts = Facts(ledger)
    facts.mark(soup, source)
    contents = [Entry(h["id"], visible_text(h)) for h in soup.find_all("h2", recursive=False)]
    return Article(contents, facts, soup)


def number_headings(soup: BeautifulSoup) -> None:
    """Give each heading JupyterLab's id, with -2, -3 … where the same words return."""
    taken = {tag["id"] for tag in soup.find_all(id=True)}
    for heading in soup.find_all(LEVELS):
        if heading.get("id") or heading.find_parent("figure"):
            continue
        wanted = anchor_of(heading.get_text())
        heading["id"] = _free(wanted, taken)
        taken.add(heading["id"])


def _free(wanted: str, taken: set[str]) -> str:
    count, name = 1, wanted
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    return name


def visible_text(tag: Tag) -> str:
    """Return the words of a tag with single spaces."""
    return " ".join(tag.get_text().split())


def tidy_tables(soup: BeautifulSoup) -> None:
    """Put each table in a box that scrolls by itself, name its header cells,
    drop pandas' own styles."""
    for style in soup.find_all("style"):
        if style.has_attr("scoped"):
            style.decompose()
    for table in soup.find_all("table"):
        for name in ("border", "style"):
            del table[name]
        _name_headers(table)
        if max((len(cell.get_text()) for cell in table.find_all(["td", "th"])), default=0) <= SHORT:
            table["class"] = [*table.get("class", []), "short"]
        if table.find_parent("figure", class_="hepatica-card"):
            continue
        box = table.wrap(soup.new_tag("div", attrs={"class": "table-box scroll"}))
        if (
            "dataframe" in table.get("class", [])
            and isinstance(box.parent, Tag)
            and box.parent.name == "div"
        ):
            box.parent.unwrap()


def _name_headers(table: Tag) -> None:
    for cell in table.find_all("th"):
        if not cell.get_text(strip=True) and not cell.find(["img", "math", "svg"]):
            cell.name = "td"  # an empty header cell announces nothing
            del cell["scope"]
        else:
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
    for row in table.find_all("tr"):
        del row["style"]


def place_pictures(soup: BeautifulSoup, source: str) -> None:
    """Require a description for every picture written in a markdown cell."""
    for image in soup.find_all("img"):
        if not image.get("alt", "").strip():
            shown = image.get("src", "")[:60]
            raise SiteError(
                f"{source}: the picture {shown!r} has no description. Write ![what it shows](file)."
            )


def into_sections(soup: BeautifulSoup) -> tuple[str, str]:
    """Return (what stands before the first h2, the rest with one <section> per h2)."""
    lead: list[str] = []
    sections: list[list[str]] = []
    for node in soup.contents:
        if isinstance(node, Tag) and node.name == "h2":
            sections.append([f'<section aria-labelledby="{node["id"]}">'])
        (sections[-1] if sections else lead).append(str(node))
    return "".join(lead), "\n".join("".join(s) + "</section>" for s in sections)
