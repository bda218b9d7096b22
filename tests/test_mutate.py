"""The maker of mutants: what it changes, and which tests it asks."""

from tools import mutate

CODE = "def area(a, b):\n    return a * b if a > 2 else 0.5\n"


def test_each_operator_and_each_number_is_changed_once():
    found = list(mutate.of_code("shape.py", CODE))
    changes = {(mutant.was, mutant.now) for mutant in found}
    assert changes == {("a * b", "a / b"), ("a > 2", "a <= 2"), ("2", "3"), ("0.5", "0.525")}
    assert len({mutant.text for mutant in found}) == 4 and all(each.line == 2 for each in found)


def test_each_value_of_a_table_is_changed_once():
    table = 'key,value,note\nx,2,"a, b"\ny,,blank\nz,0,"say ""no"""\n'
    found = list(mutate.of_table("data/x.csv", table))
    assert [(mutant.line, mutant.was, mutant.now) for mutant in found] == [
        (2, "2", "2.1"),
        (4, "0", "1.05"),
    ]
    assert found[0].text == table.replace("x,2,", "x,2.1,")


def test_the_draw_has_a_seed_and_asks_tests_that_exist():
    one, other = mutate.drawn(6, 3), mutate.drawn(6, 3)
    assert one == other != mutate.drawn(6, 4)
    for mutant in one:
        assert all((mutate.ROOT / test).is_file() for test in mutate.tests_of(mutant.file))
