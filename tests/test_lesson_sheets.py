"""The dated sheets of notebook 08: every row of their tables, with its source and its day, and
no number that the table's own sentence does not print."""

import re

import pytest

from hepatica import ledger
from hepatica.cards import Part, Row, Sheet
from hepatica.cards.parts.frame import CardError
from hepatica.lessons import n08_what_already_works as lesson
from hepatica.lessons.n08_what_already_works import mash, staging

SHEETS = {
    "mash_treatment": (lesson.mash_today,),
    "staging": (lesson.staging_sheet, lesson.late_sheet),
}
CARE = {"day": staging.EVERY_DAY, "care": staging.AFTER}
"""Parts whose rows come from data/guidelines.csv."""


def unprinted(row: dict) -> list[str]:
    """Numbers of a row of data/mash_treatment.csv that its own sentence does not print; a hazard
    ratio stands in a line of its own."""
    if row["unit"] == "hazard ratio":
        return []
    names = ("value", "comparison_value", "treated_counted", "compared_counted")
    wanted = {f"{row[name]:g}" for name in names if row[name] == row[name] and row[name] > 0}
    return sorted(wanted - set(re.findall(r"\d+(?:\.\d+)?", row["statement"])))


@pytest.mark.parametrize("name", SHEETS)
def test_every_row_of_the_table_stands_on_the_sheet(name):
    rows, sheets = ledger.table(name), [make() for make in SHEETS[name]]
    parts = [part for sheet in sheets for part in sheet.spec["parts"]]
    shown = [row for part in parts if part["key"] not in CARE for row in part["rows"]]
    assert len(shown) == len(rows) > 20
    assert all(row["source"] and row["status"] == "published" for row in shown)
    page = "".join(sheet.static_html() for sheet in sheets)
    care = sum(len(part["rows"]) for part in parts if part["key"] in CARE)
    assert page.count("</tr>") == len(shown) + care + len(parts)
    assert page.index("<details>") < page.index("<table>"), "the answer is not folded"


def undated(table, keys: list[str]) -> list[str]:
    """The rows, among these keys, that do not say when they were read."""
    return [key for key in keys if not table.loc[key, "read_on"]]


def test_every_day_is_dated_and_says_what_it_means_for_k():
    table = ledger.table("guidelines").set_index("key")
    wanted = [key for keys in CARE.values() for key in keys]
    assert len(wanted) == len(set(wanted)) == 13
    assert undated(table, wanted) == []
    assert undated(table.assign(read_on=""), wanted) == wanted
    assert set(staging.EVERY_DAY_MINE) == set(staging.EVERY_DAY)
    page = lesson.staging_sheet().static_html()
    assert "ibuprofen, diclofenac, naproxen" in page and "K.: hers too" in page
    assert "237 people" in lesson.late_sheet().static_html() and "237 people" not in page
    assert "35 kcal" not in page, "a rule for people without obesity stands on her sheet"


def test_the_numbers_of_a_treatment_stand_in_its_sentence():
    rows = ledger.table("mash_treatment").dropna(subset=["value"]).fillna(0).to_dict("records")
    assert len(rows) > 12 and [row["key"] for row in rows if unprinted(row)] in (
        [],
        ["semaglutide-resolution"],  # "The same people": the counts stand in the row above
    )
    (taken,) = (row for row in rows if row["key"] == "selonsertib-cirrhosis")
    assert unprinted(taken | {"value": 41}) == ["41"]


def test_nothing_tried_against_placebo_in_cirrhosis_met_its_first_question():
    rows = ledger.table("mash_treatment")
    late = rows[(rows["cirrhosis"] == "yes") & (rows["compared_with"] == "placebo")]
    assert len(late) >= 6 and "met" not in set(late["verdict"])
    licences = rows[rows["topic"] == "licence"]
    assert len(licences) == 2 and licences["statement"].str.contains("not for cirrhosis").all()
    unread = rows.loc[rows["key"] == "semaglutide-cirrhosis", "value"]
    assert len(unread) == 1 and unread.isna().all(), (
        "the shares of semaglutide in cirrhosis were not read"
    )


def test_conflicts_and_k_stand_at_rows_that_exist():
    keys = set(ledger.table("staging")["key"])
    assert set(staging.DIFFER) | set(staging.mine()) <= keys
    assert "FIB-4 1.5" in staging.mine()["fib4-low"]
    page = "".join(make().static_html() for make in SHEETS["staging"])
    assert page.count("Sources differ.") == len(staging.DIFFER) > 8
    assert "hours" in mash.read({"read_on": "2026-11-27", "read_as": "hours"})


def test_a_crooked_sheet_is_refused():
    part = Part("a", "A", [Row("rule", "Says.", "defranchis2022")])
    words = {"id": "s", "title": "T", "question": "Q?", "all_of": "All"}
    assert "1 rows" in Sheet([part], first="a", **words).describe(part="")
    with pytest.raises(CardError, match="own key and rows"):
        Sheet([part, part], first="a", **words)
    with pytest.raises(CardError, match="own key and rows"):
        Sheet([Part("b", "B", [])], first="b", **words)
    with pytest.raises(CardError, match="No part is called 'z'"):
        Sheet([part], first="z", **words)
