"""What the answers of a class say: gain, hard and easy questions, ideas that are still held."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from tools.classroom.files import HandedIn
from tools.export.bank import Item

BEFORE, AFTER = "quiz-00-pretest/", "quiz-13-post-test/"
FEWEST = 10
"""Below so many answers a question is not judged."""
EASY = 0.9
NUMBER_BY_LUCK = 0.1
"""What a guess gets right where a number is asked: a convention, nobody measured it."""
TELLS = 0.2
"""A question whose whole interval of discrimination lies below this is named: a convention too."""


@dataclass(frozen=True)
class Gain:
    """Right answers before and after, of the students who answered all questions both times."""

    students: tuple[str, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    questions: int
    low: float
    high: float

    @property
    def mean(self) -> float:
        return float(np.mean(self.after) - np.mean(self.before))


@dataclass(frozen=True)
class Question:
    """A question as this class met it; `tells` is the item–rest correlation, nan if not judged."""

    item: Item
    answers: int
    right: float
    low: float
    high: float
    tells: float
    tells_low: float
    tells_high: float

    @property
    def said(self) -> str:
        """ "too easy", "too hard", "tells little" or nothing."""
        if self.answers < FEWEST:
            return ""
        if self.right >= EASY:
            return "too easy"
        luck = 1 / len(self.item.options) if self.item.options else NUMBER_BY_LUCK
        if self.right <= luck:
            return "too hard"
        return "tells little" if self.tells_high < TELLS else ""


@dataclass(frozen=True)
class Idea:
    """A misconception: answers to questions on it, and the share that was wrong; before, after and
    in all first answers (nan without any)."""

    key: str
    answers: int
    wrong: float
    before: float
    after: float


def gain(students: Sequence[HandedIn], items: Iterable[Item]) -> Gain | None:
    """The paired comparison; None with fewer than two students who did both.

    The interval is that of a paired t test, 95 %; nan where all moved alike, since t has nothing to
    divide by then.
    """
    ends = [item.key.removeprefix(AFTER) for item in items if item.key.startswith(AFTER)]
    rows = []
    for student in students:
        scores = [_score(student, start, ends) for start in (BEFORE, AFTER)]
        if None not in scores:
            rows.append((student.pseudonym, *scores))
    if len(rows) < 2:
        return None
    names, before, after = zip(*rows, strict=True)
    if np.ptp(np.subtract(after, before)) == 0:
        return Gain(names, before, after, len(ends), math.nan, math.nan)
    low, high = stats.ttest_rel(after, before).confidence_interval(0.95)
    return Gain(names, before, after, len(ends), float(low), float(high))


def _score(student: HandedIn, start: str, ends: Sequence[str]) -> int | None:
    """Right answers to a whole test; None if one is missing."""
    found = [student.answers.get(start + end) for end in ends]
    return None if None in found else sum(right for _, right in found)


def questions(students: Sequence[HandedIn], items: Sequence[Item]) -> list[Question]:
    """Every question that somebody answered, by its share of right first answers."""
    asked = [item for item in items if any(item.key in each.answers for each in students)]
    found = [_question(item, students, [one.key for one in asked]) for item in asked]
    return sorted(found, key=lambda question: question.right)


def _question(item: Item, students: Sequence[HandedIn], keys: Sequence[str]) -> Question:
    rights, rests = [], []
    for student in students:
        if item.key in student.answers:
            others = [student.answers[k][1] for k in keys if k in student.answers and k != item.key]
            rights.append(student.answers[item.key][1])
            rests.append(np.mean(others) if others else np.nan)
    low, high = proportion_confint(sum(rights), len(rights), method="wilson")
    tells = _tells(np.array(rights, float), np.array(rests))
    return Question(item, len(rights), float(np.mean(rights)), float(low), float(high), *tells)


def _tells(rights: np.ndarray, rests: np.ndarray) -> tuple[float, float, float]:
    """Correlation of an answer with the student's other answers, and its interval (Fisher)."""
    known = ~np.isnan(rests)
    rights, rests = rights[known], rests[known]
    if len(rights) < FEWEST or rights.std() == 0 or rests.std() == 0:
        return np.nan, np.nan, np.nan
    found = stats.pearsonr(rights, rests)
    low, high = found.confidence_interval(0.95)
    return float(found.statistic), float(low), float(high)


def ideas(students: Sequence[HandedIn], items: Sequence[Item]) -> list[Idea]:
    """The misconceptions behind wrong first answers, the most held first."""
    by_idea: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.misconception.startswith("M"):
            by_idea[item.misconception].append(item)
    found = [_idea(key, group, students) for key, group in by_idea.items()]
    return sorted((idea for idea in found if idea.answers), key=lambda idea: -idea.wrong)


def _idea(key: str, group: Sequence[Item], students: Sequence[HandedIn]) -> Idea:
    keys = [item.key for item in group]
    ends = [each.removeprefix(AFTER) for each in keys if each.startswith(AFTER)]
    told = _wrong(students, keys)
    before = _wrong(students, [BEFORE + end for end in ends])
    after = _wrong(students, [AFTER + end for end in ends])
    share = [float(np.mean(row)) if row else np.nan for row in (told, before, after)]
    return Idea(key, len(told), *share)


def _wrong(students: Sequence[HandedIn], keys: Sequence[str]) -> list[bool]:
    return [not each.answers[key][1] for each in students for key in keys if key in each.answers]


def unknown(students: Sequence[HandedIn], items: Sequence[Item]) -> int:
    """Answers to questions that this version of the course does not have."""
    known = {item.key for item in items}
    known |= {BEFORE + key.removeprefix(AFTER) for key in known if key.startswith(AFTER)}
    known_quizzes = ("quiz-00-first-verdict/",)  # asked without a mark, and compared nowhere here
    return sum(
        key not in known and not key.startswith(known_quizzes)
        for each in students
        for key in each.answers
    )
