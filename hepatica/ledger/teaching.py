"""Tables for teachers: objectives, plans of classes, boards, questions back, class activities."""

from __future__ import annotations

from hepatica.ledger.fields import Field, key, link, one_of, text, whole

LEVELS = {
    "name": "remember",
    "recall": "remember",
    "describe": "understand",
    "explain": "understand",
    "interpret": "understand",
    "compare": "understand",
    "predict": "understand",
    "apply": "apply",
    "compute": "apply",
    "estimate": "apply",
    "choose": "apply",
    "order": "apply",
    "trace": "analyse",
    "distinguish": "analyse",
    "analyse": "analyse",
    "judge": "evaluate",
    "appraise": "evaluate",
    "formulate": "create",
}
"""The verb of an objective, and how deep it goes (the six levels of Bloom's revised taxonomy)."""

WAYS = {
    "quiz": "Quiz",
    "vote": "Vote",
    "draw": "Draw",
    "talk": "Talk",
    "pairs": "Pairs",
    "groups": "Groups",
    "alone": "Alone",
    "exercise": "Exercise",
    "class": "Class",
    "break": "Break",
    "home": "At home",
}
"""How a step of a plan is done. Steps at home take no minutes of the class."""

TABLES: dict[str, dict[str, Field]] = {
    # tests/test_objectives.py holds cards, items and exercises to the notebooks, both ways
    "objectives": {
        "key": key(),
        "notebook": link("notebooks"),
        "verb": one_of(*LEVELS),
        "objective": text(),
        "cards": text(),
        "items": text(),
        "exercises": text(True),
    },
    # tests/test_plans.py holds the four tables to the notebooks and their minutes to each other
    "plans": {
        "key": key(),
        "kind": one_of("notebook", "combination"),
        "title": text(),
        "notebooks": link("notebooks", many=True),
        "minutes": whole(False),
        "aim": text(),
        "ready": text(),
    },
    "plans_steps": {
        "key": key(),
        "plan": link("plans"),
        "part": text(True),
        "minutes": whole(False),
        "way": one_of(*WAYS),
        "what": text(),
        "teacher": text(True),
        "students": text(True),
        "uses": text(True),
        "plays": link("plans", True),
    },
    # a notebook's board, its drawings parted by |, and its class without laptops
    "plans_boards": {"key": key(), "board": text(), "paper": text()},
    # what to ask back when somebody holds a misconception
    "plans_questions": {"key": key(), "ask": text()},
    "activities": {
        "key": key(),
        "kind": one_of("route", "mission", "case"),
        "notebook": link("notebooks"),
        "part": one_of("lesson", "exercise"),
        "card": text(),
        "title": text(True),  # of a case: that of cases.csv
        "opening": whole(False),
        "work": whole(False),
        "debrief": whole(False),
        "groups": text(),
        "roles": text(),
        "say": text(),
        "ask": text(),
        "answer": text(),
    },
}
