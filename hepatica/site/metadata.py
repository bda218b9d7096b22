"""What a page says of itself to machines: schema.org's Course and LearningResource, as JSON-LD.

It stands as data within the page, which no browser runs (policy.py forbids code there).
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from hepatica import __version__
from hepatica.site.lesson import Lesson
from hepatica.site.outputs import script_json

TYPE = "application/ld+json"
COURSE = "Hepatica: an explorable course on liver scarring and cell therapy"
FIXED = {
    "@context": "https://schema.org",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "inLanguage": "en-GB",
    "educationalLevel": "medical school",
    "audience": {"@type": "EducationalAudience", "educationalRole": "student"},
    "isAccessibleForFree": True,
    "author": {"@type": "Organization", "name": "The Hepatica authors"},
    "version": __version__,
}


def described(page: dict[str, Any]) -> dict[str, Any] | None:
    """The metadata of the start page, a notebook or an exercise; None for any other page."""
    if page["name"] == "index.html":
        return _course(page["course"].lessons)
    if page.get("kind") in ("lesson", "exercise"):
        return _resource(page["lesson"], page["kind"], page["ledger"])
    return None


def script(page: dict[str, Any]) -> Markup:
    """The element that holds it, or nothing."""
    found = described(page)
    return Markup(f'<script type="{TYPE}">{script_json(found)}</script>') if found else Markup()


def _course(lessons: list[Lesson]) -> dict[str, Any]:
    parts = [
        {"@type": "LearningResource", "name": f"{each.number} {each.title}"}
        | {"description": each.question, "url": f"{each.name}.html", **_time(each.minutes)}
        for each in lessons
    ]
    return {
        **FIXED,
        "@type": "Course",
        "name": COURSE,
        "description": "From the healthy liver lobule to a sober reading of the trials, "
        "with simulations whose every number names its source.",
        **_time(sum(each.minutes for each in lessons)),
        "hasPart": parts,
    }


def _resource(lesson: Lesson, kind: str, ledger: Any) -> dict[str, Any]:
    up = "../" if kind == "exercise" else ""
    kinds = {"lesson": "interactive notebook", "exercise": "exercise"}
    return {
        **FIXED,
        "@type": "LearningResource",
        "name": f"{lesson.number} {lesson.title}",
        "description": lesson.question,
        "learningResourceType": kinds[kind],
        "interactivityType": "active",
        **_time(lesson.minutes),
        "teaches": _objectives(lesson.number, ledger),
        "isPartOf": {"@type": "Course", "name": COURSE, "url": f"{up}index.html"},
    }


def _objectives(number: str, ledger: Any) -> list[str]:
    """What a student can do after this notebook."""
    rows = ledger.rows("objectives")
    return [f"{row['verb']} {row['objective']}" for row in rows if row["notebook"] == number]


def _time(minutes: int) -> dict[str, str]:
    """Minutes as ISO 8601 writes a duration."""
    hours, rest = divmod(minutes, 60)
    return {"timeRequired": f"PT{f'{hours}H' if hours else ''}{f'{rest}M' if rest else ''}"}
