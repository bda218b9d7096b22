"""Python, JavaScript and styles have one form: nothing left to format, no warning,
no line beyond column 100."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from tools import form

SETTINGS = ("pyproject.toml", ".oxfmtrc.jsonc", ".oxlintrc.json")
LEAST = {"ruff check": 200, "ruff format": 150, "oxlint": 40, "oxfmt": 60}
"""Files that each tool must look at, at the least: it has not looked elsewhere."""


@pytest.mark.parametrize("name", form.TOOLS)
def test_the_tree_has_its_form(name):
    tool = form.TOOLS[name]
    paths = form.files(tool.endings, tool.places)
    assert len(paths) >= LEAST[name]
    assert form.run(tool.check, paths) == ""


SAMPLES = {  # tool and file: a text that passes, one that must not
    ("ruff check", "a.py"): ("import os\n\nprint(os.name)\n", "import os\n"),
    ("ruff check", "b.py"): ('print("short")\n', f'print("{"long " * 25}")\n'),
    ("ruff check", "c.ipynb"): (
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        (
            '{"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, '
            '"outputs": [], "source": ["print(unknown)"]}], "metadata": {"language_info": {"name": '
            '"python"}}, "nbformat": 4, "nbformat_minor": 5}'
        ),
    ),
    ("ruff format", "a.py"): ("x = (1, 2)\n", "x = (1,2)\n"),
    ("oxlint", "a.js"): ("export const a = 1;\n", "export const a = unknown;\n"),
    ("oxlint", "b.js"): (
        'export const f = () => "";\n',
        'export const f = new Function("return 1");\n',
    ),
    ("oxfmt", "a.js"): ("export const a = [1, 2];\n", "export const a=[1,2]\n"),
    ("oxfmt", "a.css"): ("a {\n  color: red;\n}\n", "a{color:red}\n"),
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A tree of our own with the settings of this one."""
    for name in SETTINGS:
        shutil.copy(form.ROOT / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize(("name", "file"), SAMPLES)
def test_each_tool_refuses_a_bad_sample(small, name, file):
    tool, path = form.TOOLS[name], small / file
    good, bad = SAMPLES[name, file]
    path.write_text(good, encoding="utf-8")
    assert form.run(tool.check, [path], small) == ""
    path.write_text(bad, encoding="utf-8")
    assert file in form.run(tool.check, [path], small)


def test_styles_have_no_faults_and_lines_end_in_time():
    faults, count = form.own_faults()
    assert count >= LEAST["oxfmt"]
    assert faults == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a { color: var(--unset); }", "nobody sets --unset"),
        ("a { color: red; color: red; }", "color: red twice"),
        ("@media print { a { color: red; color: red; } }", "color: red twice"),
        ("a { colour red; }", "a.css:1"),
        ("a {}", "an empty block"),
        ("}", "a.css:1"),
    ],
)
def test_a_bad_style_is_refused(text, says):
    good = "a { color: var(--ink); color: oklch(from red l c h); }"
    assert form.style_faults("a.css", good, {"--ink"}) == []
    assert says in " ".join(form.style_faults("a.css", text, {"--ink"}))


def test_a_long_line_is_refused_unless_it_holds_a_text():
    words = "word " * 25
    assert form.long_lines("a.js", f'const path = "{words}";\n// short\n') == []
    assert form.long_lines("a.js", f"let a;\n// {words}") == ["a.js:2: 128 columns"]


def test_mending_mends(small):
    for name, text in {"tools/a.py": "x = (1,2)\n", "tools/a.js": "export const a=1\n"}.items():
        (small / name).parent.mkdir(exist_ok=True)
        (small / name).write_text(text, encoding="utf-8")
    for tool in form.TOOLS.values():
        paths = [path for path in form.files(tool.endings, ["tools"], small) if path.is_file()]
        assert form.run(tool.mend, paths, small) == ""
        assert form.run(tool.check, paths, small) == ""
    assert (small / "tools/a.py").read_text(encoding="utf-8") == "x = (1, 2)\n"
    assert (small / "tools/a.js").read_text(encoding="utf-8") == "export const a = 1;\n"


def test_every_tool_is_pinned_and_agrees_on_the_last_column():
    pins = "".join(
        path.read_text(encoding="utf-8") for path in form.ROOT.glob("requirements/*.txt")
    )
    programs = {tool.check[0] for tool in form.TOOLS.values()}
    assert programs == {"ruff", "oxfmt", "oxlint"}
    assert all(f"\n{program}==" in pins for program in programs)
    settings = tomllib.loads((form.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["ruff"]["line-length"] == form.COLUMNS
    assert f'"printWidth": {form.COLUMNS},' in (form.ROOT / ".oxfmtrc.jsonc").read_text(
        encoding="utf-8"
    )
