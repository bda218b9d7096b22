"""The study kit: how a teacher finds out whether the course teaches, and with how many students."""

from __future__ import annotations

from typing import Any

from hepatica.analysis.virtual_trial import patients_for

PAGE = "teacher/study.html"
CARD = "power-of-a-trial"
DIFFERENCES = (1, 2, 3)
SPREADS = (1.5, 2.0, 2.5)
"""Right answers of ten; which of them hold in a class nobody knows before."""


def sizes() -> list[tuple[int, list[int]]]:
    """Students per group by difference and spread, by the function behind 12's card."""
    return [(each, [patients_for(each, spread) for spread in SPREADS]) for each in DIFFERENCES]


def given(lessons: list) -> dict[str, Any]:
    """What the page's template needs; the notebooks that it names link there if they exist."""
    pages = {each.number: f"../{each.name}.html" for each in lessons}
    fixed = {"title": "Does it teach?", "card": CARD, "spreads": SPREADS}
    return {**fixed, "sizes": sizes(), "pages": pages}
