"""An article as slides: one per heading, with its first paragraph, its cards,
figures and equations."""

from __future__ import annotations

from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from hepatica.site.dom import visible_text

SHOWN = "figure.hepatica-card, figure.plot, figure.picture, div.equation"


@dataclass
class Slide:
    """One slide: the heading's id and text, and the HTML shown under it."""

    anchor: str
    title: str
    parts: list[str] = field(default_factory=list)

    @property
    def html(self) -> str:
        """The slide's content."""
        return "\n".join(self.parts)


def slides_of(soup: BeautifulSoup) -> list[Slide]:
    """Return the slides of an article; a heading with nothing to show gives none."""
    slides: list[Slide] = []
    for node in soup.contents:
        if not isinstance(node, Tag):
            continue
        if node.name in ("h2", "h3"):
            slides.append(Slide(node["id"], visible_text(node)))
        elif slides:
            _add(slides[-1], node)
    return [slide for slide in slides if slide.parts]


def _add(slide: Slide, node: Tag) -> None:
    if node.name == "p" and not slide.parts:
        slide.parts.append(str(node))
    elif node.name in ("figure", "div"):
        # A matching node's own children (a card's drawing, say) belong to it and are not shown
        # twice.
        found = [node] if node.css.match(SHOWN) else node.select(SHOWN)
        slide.parts.extend(str(part) for part in found)
