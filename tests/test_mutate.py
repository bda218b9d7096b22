"""The maker of mutants: what it changes, which tests it asks, and that what is stored of it still
holds for the code as it is."""

import shutil

import pytest

from hepatica import ledger
from tools.mutate import __main__ as drawing
from tools.mutate import code, holders, results, tables
from tools.mutate.results import KILLED, SURVIVED, Result
from tools.mutate.runner import Runner, copied
from tools.numbers import WHOLE

CODE = '''"""A shape: 3 * 4."""
TEXT = "m/s"
RISE = "k * F - mu"


def area(a, b, *rest, width=3):
    if a > 2:
        raise ValueError(a + 1)
    return a * -b and 0.5  # 7 + 7
'''
SCRIPT = """// 3 * 4
const half = (x) => x / 2; /* 5 */
if (/[/+]3/.test(`${x + 1}`) && -x === 1e-3) throw new Error("no" + 1);
x += a ** 2;
"""
SAMPLE = [
    ("hepatica/models/sinusoid.py", "inlet - oxygen_outlet", "inlet + oxygen_outlet"),
    ("hepatica/cards/engine/guess.js", "(high - low)", "(high + low)"),
    ("hepatica/cards/engine/outline.js", "x < other.x[0]", "x >= other.x[0]"),
]
"""Mutants that CI tries: the file, and what in a line becomes what."""
GONE_AT_MOST = 0.1
"""The share of noted mutants that may stand in the code no more, before a run anew is asked for."""


def changes(file, text):
    return [(mutant.was, mutant.now) for mutant in code.of_code(file, text)]


def test_each_operator_and_each_number_of_python_is_changed_once():
    assert changes("shape.py", CODE) == [
        ('RISE = "k * F - mu"', 'RISE = "k / F - mu"'),
        ('RISE = "k * F - mu"', 'RISE = "k * F + mu"'),
        ("def area(a, b, *rest, width=3):", "def area(a, b, *rest, width=4):"),
        ("if a > 2:", "if a <= 2:"),
        ("if a > 2:", "if a > 3:"),
        ("return a * -b and 0.5  # 7 + 7", "return a / -b and 0.5  # 7 + 7"),
        ("return a * -b and 0.5  # 7 + 7", "return a * -b or 0.5  # 7 + 7"),
        ("return a * -b and 0.5  # 7 + 7", "return a * -b and 0.525  # 7 + 7"),
    ]


def test_each_operator_and_each_number_of_javascript_is_changed_once():
    found = changes("shape.js", SCRIPT)
    assert [now for _, now in found] == [
        "const half = (x) => x * 2; /* 5 */",
        "const half = (x) => x / 3; /* 5 */",
        'if (/[/+]3/.test(`${x + 1}`) || -x === 1e-3) throw new Error("no" + 1);',
        'if (/[/+]3/.test(`${x + 1}`) && -x !== 1e-3) throw new Error("no" + 1);',
        'if (/[/+]3/.test(`${x + 1}`) && -x === 0.00105) throw new Error("no" + 1);',
        "x -= a ** 2;",
        "x += a * 2;",
        "x += a ** 3;",
    ]


def test_every_number_of_every_table_is_missed_when_it_moves(tmp_path):
    """7500 numbers, each a twentieth up and down: the stored numbers name every one."""
    for up in (True, False):
        silent, changed = tables.survivors(ledger.DATA, tmp_path, up)
        assert silent == [] and sum(changed.values()) > 7000 and len(changed) > 25
    for name in WHOLE:
        assert tables.silent_cells(name, ledger.DATA, tmp_path, seed=18) == []


def test_a_number_that_nobody_names_is_found(tmp_path, monkeypatch):
    every = tables._named
    blind = lambda *where: [line for line in every(*where) if "total-flow" not in line]
    monkeypatch.setattr(tables, "_named", blind)
    silent, _ = tables.survivors(ledger.DATA, tmp_path, up=True)
    assert "physiology/total-flow.value" in silent


def test_a_number_moves_by_a_twentieth_and_a_whole_one_by_one_at_least():
    assert tables.moved("2", "number", True) == "2.1" and tables.moved("0", "number", False) < "0"
    assert (
        tables.moved("3", "whole", False) == "2" and tables.moved("1997", "whole", True) == "2097"
    )


def test_the_draw_has_a_seed_and_asks_tests_that_exist():
    one, other = drawing.drawn(9, 3, "engine/s"), drawing.drawn(9, 3, "engine/s")
    assert one == other != drawing.drawn(9, 4, "engine/s")
    assert {mutant.file for mutant in drawing.drawn(9, 3, "engine/s")} != {one[0].file}
    for mutant in one:
        asked = holders.tests_of(mutant.file)
        assert asked and all((holders.ROOT / test).is_file() for test in asked)


def test_tests_stand_near_what_they_hold():
    nearest = {
        "hepatica/models/portal.py": "tests/test_portal.py",
        "hepatica/cards/engine/stiff.js": "tests/test_stiff.py",
        "hepatica/cards/engine/distributions.js": "tests/test_virtual_trial.py",
        "hepatica/cards/engine/solver.js": "tests/test_stiff.py",
    }
    for file, test in nearest.items():
        assert test in holders.tests_of(file), file
    assert len(drawing.files()) > 60 and holders.tests_of("hepatica/nothing.py") == []


# -- a project of one module, one that notices and one that does not -------------------------------

SHAPE = "def half(x):\n    return x / 2\n"
NOTICES = "from hepatica.shape import half\n\ndef test_half():\n    assert half(3) == 1.5\n"
SLEEPS = "from hepatica.shape import half\n\ndef test_half():\n    assert half(0) == 0\n"
FAILS = "def test_nothing():\n    assert False\n"


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    """A project in a copy of its own, with its tests."""
    root = tmp_path_factory.mktemp("project")
    (root / "hepatica").mkdir()
    (root / "hepatica/__init__.py").write_text("", encoding="utf-8")
    (root / "hepatica/shape.py").write_text(SHAPE, encoding="utf-8")
    (root / "tests").mkdir()
    for name, text in {"notices": NOTICES, "sleeps": SLEEPS, "fails": FAILS}.items():
        (root / f"tests/test_{name}.py").write_text(text, encoding="utf-8")
    with Runner(copied(tmp_path_factory.mktemp("copy"), root), libraries=()) as made:
        yield made


def test_a_test_that_notices_kills_and_one_that_sleeps_does_not(runner):
    mutant = next(code.of_code("hepatica/shape.py", SHAPE))
    asleep, awake = "tests/test_sleeps.py", "tests/test_notices.py"
    assert holders.tests_of(mutant.file, runner.copy) == [asleep, awake]
    assert runner.killed(mutant, [asleep]) == ""
    assert runner.killed(mutant, [asleep, awake]) == f"{awake}::test_half"
    assert (runner.copy / mutant.file).read_text("utf-8") == SHAPE


def test_tests_that_fail_by_themselves_tell_nothing(runner):
    mutant = next(code.of_code("hepatica/shape.py", SHAPE))
    with pytest.raises(RuntimeError, match="test_fails.py::test_nothing fails on the copy itself"):
        runner.killed(mutant, ["tests/test_fails.py"])
    with pytest.raises(RuntimeError, match="No test can be asked"):
        runner.killed(mutant, [])


# -- what is stored --------------------------------------------------------------------------------


def unexplained(found):
    """Survivors without a reason."""
    return [one for one in found if one.end == SURVIVED and not one.reason]


def test_every_survivor_is_explained_and_still_stands_there():
    found = results.read()
    assert len(found) > 20 and {one.end for one in found} == {KILLED, SURVIVED}
    assert unexplained(found) == [], "a test for each, or a reason in the last column"
    assert all(one.by for one in found if one.end == KILLED)
    gone = results.gone(found)
    assert len(gone) <= GONE_AT_MOST * len(found), "run anew: python -m tools.mutate again"


def test_a_survivor_without_a_reason_and_a_line_that_is_gone_are_named(tmp_path):
    (tmp_path / "shape.py").write_text(SHAPE, encoding="utf-8")
    here = Result("shape.py", "return x / 2", "return x * 2", SURVIVED, "")
    there = Result("shape.py", "return x / 4", "return x * 4", KILLED, "tests/test_x.py::test_y")
    assert unexplained([here, there]) == [here]
    assert results.gone([here, there], tmp_path) == [there]
    file = tmp_path / "mutants.csv"
    for one in (there, here):
        results.add(one, file)
    assert results.read(file) == [there, here]
    results.write([there, here], file)
    assert results.read(file) == [here, there]


@pytest.mark.full
def test_a_sample_is_killed(tmp_path):
    with Runner(copied(tmp_path / "copy")) as asked:
        for name, was, now in SAMPLE:
            mutants = code.of_code(name, (holders.ROOT / name).read_text("utf-8"))
            mutant = next(m for m in mutants if m.now == m.was.replace(was, now) != m.was)
            assert asked.killed(mutant, holders.tests_of(name)), mutant.now
    shutil.rmtree(tmp_path / "copy")
