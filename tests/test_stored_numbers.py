"""No number moves in silence: those of the tables stand a second time in a file that only refresh
writes, and refresh names each number of a table or of a notebook's results that differs."""

from nbformat.v4 import new_code_cell, new_notebook, new_output
from test_ledger import copy, read, spoil  # noqa: F401 (copy is a fixture)

from hepatica import ledger
from hepatica.ledger.fields import PANDAS_TYPES
from hepatica.ledger.schemas import TABLES
from tools import numbers, refresh

CARD = "application/vnd.hepatica.card+json"


def numeric(name: str) -> list[str]:
    """The number columns of a table."""
    return [column for column, field in TABLES[name].items() if field.kind in PANDAS_TYPES]


def test_every_number_of_the_tables_is_the_one_that_was_stored():
    stored = numbers.read()
    assert sum(map(len, stored.values())) > 7000
    lines = numbers.moved(stored, numbers.of_tables())
    assert lines == [], "meant? Then: python3 course.py refresh"


def test_no_number_column_is_left_out():
    """The numbers that are stored are as many as those a reader of the tables can ask for."""
    stored = numbers.of_tables()
    for name in sorted(set(TABLES) - {*numbers.APART, *numbers.WHOLE}):
        asked = [row[column] for row in ledger.rows(name) for column in numeric(name)]
        kept = [row for row in stored if row.startswith(f"{name}/")]
        filled = sum(number is not None for number in asked)
        assert sum(len(stored[row]) for row in kept) == filled, name


def test_a_changed_patient_is_named(copy):  # noqa: F811
    before = numbers.of_tables(copy)
    spoil(copy, "pbc", "albumin_g_dl", "2.7", row=2)
    (found,) = numbers.moved(before, numbers.of_tables(copy))
    assert found.startswith("pbc/all.digest: ")


def test_numbers_that_come_and_go_are_named(tmp_path):
    was = {"a/x": {"value": "1", "low": "0"}, "a/gone": {"value": "3"}}
    now = {"a/x": {"value": "1", "high": "2"}, "a/new": {"value": "4"}}
    assert numbers.moved(was, was) == []
    assert numbers.moved(was, now) == [
        "a/gone.value: 3 → nothing",
        "a/new.value: nothing → 4",
        "a/x.low: 0 → nothing",
        "a/x.high: nothing → 2",
    ]


def test_refresh_stores_what_moved_and_says_so_once(copy, tmp_path):  # noqa: F811
    file = tmp_path / "stored.csv"
    assert numbers.store(copy, file) and numbers.store(copy, file) == []
    line = next(n for n, row in enumerate(read(copy, "physiology"), 1) if row[0] == "total-flow")
    spoil(copy, "physiology", "value", "1501", row=line)
    assert numbers.store(copy, file) == ["physiology/total-flow.value: 1500 → 1501"]
    assert numbers.store(copy, file) == []


def test_refresh_tells_of_this_project_only(capsys, tmp_path):
    refresh.tell_what_moved(tmp_path)
    assert capsys.readouterr().out == ""


def run(*outputs: object) -> object:
    """A notebook whose only cell printed a text and shows a card."""
    text, value = outputs
    shown = new_output("display_data", {CARD: {"values": {"mu_1": value}}})
    cell = new_code_cell("run()", outputs=[new_output("stream", text=text), shown])
    return new_notebook(cells=[cell])


def test_each_result_that_moved_is_named_with_its_place():
    before = run("threshold 3.25 at day 40\n", 0.3)
    assert numbers.moved_in(before, before) == []
    found = numbers.moved_in(before, run("threshold 3.26 at day 40\n", 0.315))
    assert found == ["cell 1 0, text: 3.25 → 3.26", "cell 1 1, values, mu_1: 0.3 → 0.315"]
    (lost,) = numbers.moved_in(before, run("threshold 3.25\n", 0.3))
    assert lost == "cell 1 0, text: 2 numbers → 1"
    many = numbers.moved_in(run("1 " * 20, 0), run("2 " * 20, 0))
    assert len(many) == numbers.SHOWN + 1 and many[-1] == "… and 8 more"
