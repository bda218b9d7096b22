"""Where a notebook may be laid aside, and its minutes on the page; the rule of the minutes is in
`hepatica.cards.parts.minutes`.
"""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from hepatica.cards.parts.minutes import Section
from hepatica.site.errors import SiteError

SITTING, SHORTEST, LEFT = 15.0, 10.0, 5.0
"""Minutes of a sitting: what it aims at, the least before a stop, the least after the last one."""


def stops(found: list[Section]) -> dict[int, int]:
    """Before which sections one may stop, and for how many minutes one has read by then.

    A stop is made where the sitting comes nearer to a quarter of an hour than with the next section.
    """
    places: dict[int, int] = {}
    since = 0.0
    for place, section in enumerate(found):
        left = sum(each.minutes for each in found[place:])
        nearer = abs(since - SITTING) <= abs(since + section.minutes - SITTING)
        if nearer and since >= SHORTEST and left >= LEFT:
            places[place] = round(since)
            since = 0.0
        since += section.minutes
    return places


def mark(soup: BeautifulSoup, found: list[Section]) -> None:
    """Write each section's minutes on its heading and put a small mark where one may stop.

    Raises SiteError when the page has other sections than the notebook.
    """
    headings = soup.find_all("h2", recursive=False)
    if len(headings) != len(found) - 1:
        raise SiteError(
            f"{soup.get_text().strip()[:40]!r}: {len(headings)} sections on the page, "
            f"{len(found) - 1} in the notebook. Write each heading of a section as “## …”."
        )
    places = stops(found)
    for place, (heading, section) in enumerate(zip(headings, found[1:], strict=True), start=1):
        heading["data-minutes"] = f"{section.minutes:.1f}"
        if place in places:
            heading.insert_before(_stop(soup, places[place]))


def _stop(soup: BeautifulSoup, since: int) -> Tag:
    tag = soup.new_tag("p", attrs={"class": "stop"})
    tag.string = f"≈ {since} min: a good place to stop"
    return tag
