"""Python in the page: which tasks run there, what runs them, and what a reader meets."""

from __future__ import annotations

import json

import nbformat
import pytest

from hepatica.site import errors
from hepatica.site.python import engine, modules, runner, script
from hepatica.site.python.tasks import tasks_of
from tests.browser import opened, wait_until
from tests.house import ROOT

EXERCISES = sorted((ROOT / "exercises").glob("*.ipynb"))
STAYS = {  # tasks that no page runs, and what they need
    "joined-from": "numpy",
    "heterogeneity-without": "hepatica.analysis.trials",
    "p-value": "scipy.stats",
    "false-success": "hepatica.analysis.virtual_trial",
    "able": "hepatica.analysis.virtual_trial",
    "gap": "hepatica.analysis.virtual_trial",
    "mend": "hepatica.analysis.eligibility",
}
STARTING = 180  # s; Python starts in some three, on a busy machine in many more


def notebook(*cells) -> nbformat.NotebookNode:
    """A notebook of code cells, each a text or (text, what nbgrader knows of it)."""
    made = nbformat.v4.new_notebook()
    for cell in cells:
        text, grading = cell if isinstance(cell, tuple) else (cell, None)
        made.cells.append(nbformat.v4.new_code_cell(text))
        if grading:
            made.cells[-1].metadata["nbgrader"] = grading
    return made


def test_most_coding_tasks_run_on_their_page_and_the_others_say_what_they_need():
    found = {}
    for file in EXERCISES:
        for task in tasks_of(nbformat.read(file, as_version=4)):
            found[file.name[:2], task.id] = task.missing
    stays = {key: missing for key, missing in found.items() if missing}
    assert len(found) - len(stays) >= 28
    for (_, identifier), missing in stays.items():
        assert any(each.startswith(STAYS[identifier]) for each in missing), (identifier, missing)


def test_a_task_takes_along_what_it_needs_and_no_more():
    (task, later) = tasks_of(
        notebook(
            "import math\nimport numpy as np\nfrom hepatica import ledger, show\n"
            "from hepatica.exercises import check",
            "rows = ledger.rows('units')\nfirst = rows[0]\nunused = np.zeros(3)",
            ("def f():\n    raise NotImplementedError", {"solution": True, "grade_id": "f"}),
            ("check('f', lambda: f(), first)", {"grade": True, "grade_id": "f-check"}),
            ("def g():\n    raise NotImplementedError", {"solution": True, "grade_id": "g"}),
            ("check('g', lambda: g(), f() + np.pi)", {"grade": True, "grade_id": "g-check"}),
        )
    )
    assert task.given.splitlines() == [
        "import math",
        "from hepatica import ledger",
        "from hepatica.exercises import check",
        "rows = ledger.rows('units')",
        "first = rows[0]",
    ]
    assert (task.missing, task.needs, task.there) == ((), (), ("first", "ledger", "math", "rows"))
    assert (later.missing, later.needs) == (("numpy",), ("f",))


def test_the_name_of_a_loop_within_brackets_is_none_of_the_cell():
    (task,) = tasks_of(
        notebook(
            "rows = [row for row in range(3)]\n[row + 1 for row in rows]",
            ("def f():\n    raise NotImplementedError", {"solution": True, "grade_id": "f"}),
            (
                "check('f', lambda: [f() for row in rows], 1)",
                {"grade": True, "grade_id": "f-check"},
            ),
        )
    )
    assert task.given == "rows = [row for row in range(3)]"
    assert task.there == ("rows",)


def test_what_a_page_cannot_work_out_arrives_as_values():
    (task,) = tasks_of(
        notebook(
            "import numpy as np\nfrom hepatica.exercises import check",
            "grid = np.arange(3)\nrow = {'a': grid * 2.5}\nhuge = np.arange(10**5)",
            ("def f():\n    raise NotImplementedError", {"solution": True, "grade_id": "f"}),
            ("check('f', lambda: f(), row['a'][1])", {"grade": True, "grade_id": "f-check"}),
        )
    )
    assert task.given.endswith("check\nrow = {'a': [0.0, 2.5, 5.0]}") and not task.missing
    (task,) = tasks_of(
        notebook(
            "import numpy as np",
            "huge = np.arange(10**5)",
            ("def f():\n    raise NotImplementedError", {"solution": True, "grade_id": "f"}),
            ("check('f', lambda: f(), huge[1])", {"grade": True, "grade_id": "f-check"}),
        )
    )
    assert task.missing == ("numpy",), "too many values for a page"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1, 2.5, "a", None, True], "[1, 2.5, 'a', None, True]"),
        ((1, [2]), "(1, [2])"),
        (errors.Place, ""),
        (float("nan"), ""),
        ({"a": object()}, ""),
    ],
)
def test_values_are_written_or_refused(value, text):
    assert modules.literal(value) == text


@pytest.mark.parametrize("name", modules.MODELS)
def test_what_a_page_has_of_a_models_module_is_what_stands_there(name):
    source = modules.module_source(f"hepatica.models.{name}")
    compile(source, name, "exec")
    assert "numpy" not in source and "scipy" not in source and "pandas" not in source


def test_the_turning_point_comes_along_and_the_rest_points_do_not():
    there = modules.models_of("hepatica.models.scar_circuit")
    assert {"scar_circuit", "turning_point", "threshold_duration"} <= there
    assert not {"saddle", "cold_states", "np"} & there
    assert modules.models_of("hepatica.models.field") == frozenset()


# ---- the interpreter ----


def test_a_package_with_another_byte_is_refused(tmp_path):
    file = tmp_path / f"{engine.PACKAGE}-{engine.VERSION}.tgz"
    file.write_bytes(b"not what was published")
    with pytest.raises(errors.SiteError, match="is not pyodide"):
        engine.engine(tmp_path)


def test_a_site_without_the_package_says_why(tmp_path):
    said = []
    assert engine.engine(tmp_path, said.append, lambda _: "no network here") is None
    assert said == [f"{engine.WITHOUT}: no network here."]


def test_an_interpreter_of_another_form_is_refused():
    odd = {"pyodide.asm.mjs": b"export default somethingElse", "pyodide.js": b""}
    with pytest.raises(errors.SiteError, match="stands 0 times"):
        script.worker_text(odd)


# ---- running a task ----


@pytest.mark.parametrize(
    ("code", "state", "words"),
    [
        ("def f(a):\n    return 2 * a", "correct", ""),
        ("def f(a):\n    raise NotImplementedError", "wrong", "still the empty stub"),
        ("def f(a):\n    return a", "wrong", "too small"),
        ("def f(a)\n    return a", "error", "Line 1 of your code cannot be read: expected ':'."),
        ("def f(a):\n    b = 0\n    return a / b", "wrong", "line 3 of your code, “return a / b”"),
        ("x = 1 / 0", "error", "Line 1 of your code, “x = 1 / 0”, ends in ZeroDivisionError"),
        ("def f(a):\n    raise KeyboardInterrupt", "error", "Stopped after 10 seconds in line 2"),
        ("raise SystemExit", "error", "Return a value"),
        ("def f(a):\n    return f(a)", "wrong", "RecursionError"),
    ],
)
def test_a_run_ends_in_one_line(code, state, words):
    told = runner.run("from hepatica.exercises import check", code, "check('f', lambda: f(2), 4)")
    assert told["state"] == state and words in told["words"] and "\n" not in told["words"], told


def test_output_is_kept_and_cut():
    told = runner.run("", "print('x' * 50_000)", "")
    assert told["state"] == "correct" and len(told["output"]) < runner.OUTPUT + 100


# ---- on the page ----


def coding(page, task):
    """A task's box on the page."""
    return page.locator(f'.coding[data-task="{task}"]')


def run(page, task: str, code: str | None = None) -> tuple[str, str]:
    """Write code, press Run, wait; the state and the words."""
    box = coding(page, task)
    if code is not None:
        box.locator("textarea").fill(code)
    box.locator(".coding-run").click()
    words = box.locator(".coding-words")
    where = f"document.querySelector('.coding[data-task={json.dumps(task)}] .coding-words')"
    wait_until(page, f"{where}.dataset.state !== 'busy'", STARTING)
    return words.get_attribute("data-state"), words.inner_text()


@pytest.mark.full
@pytest.mark.parametrize("file", EXERCISES, ids=lambda file: file.name[:2])
def test_each_task_of_a_page_is_solved_there(browser, site, file):
    page = opened(browser, site / "exercises" / f"{file.name[:2]}.html", (1366, 768))
    told, tasks = {}, [t for t in tasks_of(nbformat.read(file, as_version=4)) if not t.missing]
    for task in tasks:
        state, words = run(page, task.id)
        assert state == "wrong" and "empty stub" in words, (task.id, words)
        told[task.id] = run(page, task.id, task.solution)
    page.close()
    assert all(each == ("correct", "Correct.") for each in told.values()), told


def test_a_page_stops_a_loop_keeps_the_code_and_goes_on(browser, site):
    page = opened(browser, site / "exercises" / "01.html", (390, 844))
    loop = "def least_flow(inlet, outlet, uptake=1):\n    while True:\n        pass\n"
    state, words = run(page, "least-flow", loop)
    assert state == "error" and words.startswith("Stopped after 10 seconds in line "), words
    right = (
        "def least_flow(inlet, outlet, uptake=1):\n    return (inlet - outlet) * uptake / inlet\n"
    )
    assert run(page, "least-flow", right)[0] == "correct"
    page.reload()
    wait_until(page, "document.querySelector('.coding[data-passed] textarea') !== null")
    assert coding(page, "least-flow").locator("textarea").input_value() == right
    page.close()


def test_a_page_without_its_python_says_so(browser, site):
    page = browser.new_page()
    page.route("**/python.js", lambda route: route.abort())
    page.goto((site / "exercises" / "01.html").as_uri())
    state, words = run(page, "least-flow")
    assert state == "error" and "not beside this page" in words
    page.close()


def test_hints_open_in_turn_and_the_solution_waits_for_a_try(browser, site):
    page = opened(browser, site / "exercises" / "01.html", (1366, 768))
    hints = page.locator("details:has(> summary:text-matches('^Hint'))")
    assert hints.nth(0).is_visible() and not hints.nth(1).is_visible()
    hints.nth(0).locator("summary").click()
    hints.nth(1).wait_for(state="visible")
    solution = page.locator("details:has(> summary:text-is('Worked solution'))").nth(0)
    assert not solution.is_visible()
    run(page, "least-flow", "def least_flow(inlet, outlet, uptake=1):\n    return 1\n")
    assert solution.is_visible()
    page.close()


def test_the_editor_works_by_keyboard(browser, site):
    page = opened(browser, site / "exercises" / "01.html", (1366, 768))
    area = coding(page, "least-flow").locator("textarea")
    area.fill("")
    area.press("Tab")
    assert area.input_value() == "    "
    area.press("Escape")
    area.press("Tab")
    assert page.evaluate("document.activeElement.className") == "coding-run"
    page.close()


LOOP = ["for part in flow:", "if part > 1:  # mL", "total += part", "return total"]


def test_a_new_line_is_as_deep_as_the_one_before(browser, site):
    """On glass there is no Tab: lines keep their depth, and a button makes one deeper."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto((site / "exercises" / "01.html").as_uri())
    wait_until(page, "document.querySelector('.coding textarea') !== null")
    box = coding(page, "least-flow")
    area = box.locator("textarea")
    area.fill("def total(flow):")
    for line in LOOP[:3]:
        area.press("Enter")
        page.keyboard.type(line)
    assert area.input_value().splitlines()[1:] == [
        "    for part in flow:",
        "        if part > 1:  # mL",
        "            total += part",
    ]
    area.press("Shift+Home")
    page.keyboard.type(LOOP[3])
    box.get_by_role("button", name="Indent").tap()
    assert area.input_value().endswith("return total    ")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert area.evaluate("(area) => parseFloat(getComputedStyle(area).fontSize)") >= 16
    page.close()
