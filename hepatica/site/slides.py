"""An article as slides: what opens a section, then one slide per card. What is said after a card,
tables and equations stand behind it, in a fold and in the presenter's notes; nothing is left out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import segno
from bs4 import BeautifulSoup, Tag

from hepatica.site.dom import visible_text
from hepatica.site.outputs import script_json

SHOWN = "figure.hepatica-card, figure.plot, figure.picture"
"""What has a slide of its own."""
OPENING = "To begin with"
"""Over a card that stands before the first section."""
READ_OUT = ("p", "ul", "ol", "blockquote")
"""What stands on the slide that opens a section; tables and equations stand behind it."""
CODE = "details.code, div.code"
"""What a lecture leaves to the notebook."""


@dataclass
class Slide:
    """One slide: its section, what it shows, and what stands behind it."""

    anchor: str
    title: str
    card: str = ""
    first: bool = False
    parts: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)

    @property
    def html(self) -> str:
        """What is shown."""
        return "\n".join(self.parts)

    @property
    def more(self) -> str:
        """What stands in the fold and in the presenter's notes."""
        return "\n".join(self.behind)

    @property
    def notes(self) -> str:
        """The same without ids and ties, for the page of the presenter's window."""
        return plain(self.more)


def code_of(address: str) -> str:
    """A QR code of an address as SVG, black on white, with the quiet zone that readers ask for."""
    made = segno.make(address, error="m", micro=False)
    return made.svg_inline(border=4, light="#fff", omitsize=True)


def plain(html: str) -> str:
    """HTML without its pictures and what ties it to its page: ids, notes of numbers."""
    soup = BeautifulSoup(html, "html.parser")
    for left in soup.select(f"figure, svg, {CODE}"):
        left.decompose()
    for link in soup.select("a[href^='#']"):
        link.unwrap()
    for tag in soup.find_all(True):
        for name in (
            "id",
            "tabindex",
            "role",
            "aria-expanded",
            "aria-describedby",
            "aria-labelledby",
        ):
            del tag[name]
    return str(soup)


def slides_of(soup: BeautifulSoup) -> list[Slide]:
    """Return the slides of an article: each section has at least one, and so has each card that
    stands before the first; the words there are those of the opening slide."""
    slides: list[Slide] = []
    in_section = False
    for node in filter(lambda each: isinstance(each, Tag), soup.contents):
        if node.name == "h2":
            in_section = True
            slides.append(Slide(node["id"], visible_text(node), first=True))
        elif not in_section:
            slides += [_own_slide(fig.get("id", ""), OPENING, fig) for fig in _shown_in(node)]
        elif not node.css.match(CODE):
            _add(slides, node)
    return _without_empty(slides)


def _add(slides: list[Slide], node: Tag) -> None:
    """Put a node on the last slide, behind it or, with what has its own, after it."""
    section = slides[-1]
    title = f"More: {visible_text(node.summary)}" if node.name == "details" else section.title
    found = _shown_in(node)
    if found:
        # A fold's words stand behind its first card.
        words = "" if node in found else _words_between(node)
        for figure in found:
            slides.append(_own_slide(section.anchor, title, figure))
        if words:
            slides[-len(found)].behind.append(words)
    elif node.name in READ_OUT and section.first and not section.card:
        section.parts.append(str(node))
    else:
        section.behind.append(_opened(node))


def _shown_in(node: Tag) -> list[Tag]:
    """What of a node has a slide of its own: itself, or what is in it."""
    return [node] if node.css.match(SHOWN) else node.select(SHOWN)


def _own_slide(anchor: str, title: str, figure: Tag) -> Slide:
    """The slide of a card; a quiz is turned by the slides, not by steps of its own."""
    card = figure.get("id", "") if figure.css.match("figure.hepatica-card") else ""
    script = figure.find("script") if card else None
    if script:
        spec = json.loads(script.string)
        if spec.get("one_by_one"):
            script.string = script_json({**spec, "one_by_one": False})
    return Slide(anchor, title, card, parts=[str(figure)])


def _words_between(node: Tag) -> str:
    """What a box says around its cards."""
    rest = BeautifulSoup(str(node), "html.parser")
    for gone in rest.select(f"{SHOWN}, {CODE}, summary"):
        gone.decompose()
    return rest.find().decode_contents().strip()


def _opened(node: Tag) -> str:
    """A fold behind a slide is open: it is folded once already."""
    if node.name != "details":
        return str(node)
    head = f"<h3>{node.summary.decode_contents()}</h3>" if node.summary else ""
    return head + _words_between(node)


def _without_empty(slides: list[Slide]) -> list[Slide]:
    """Let a section that opens with a card open with its slide."""
    kept: list[Slide] = []
    for slide, after in zip(slides, [*slides[1:], None], strict=False):
        if slide.parts:
            kept.append(slide)
        elif not after or after.first:  # a section of tables alone shows them
            slide.parts, slide.behind = slide.behind, []
            kept.append(slide)
        else:
            after.first, after.behind = True, slide.behind + after.behind
    return kept
