"""The site: every build rule is tried on a small course and on a sample that it must reject."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_output
from sample_course import CHART, FACT, PAGES, QUIZ, code, quietly, rejected, sample, shown

from hepatica import ledger
from hepatica.cards.parts.palette import THEMES, colours
from hepatica.site import SiteError, build, checks, smuggling
from hepatica.site.build import styles
from hepatica.site.errors import Place
from hepatica.site.facts import Facts
from hepatica.site.markup import markdown
from hepatica.site.maths import mathml
from hepatica.site.outputs import CARD, PLOTLY, script_json


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The sample course as a site, built once."""
    return quietly(sample(tmp_path_factory.mktemp("course")))


def soup_of(site: Path, name: str) -> BeautifulSoup:
    """One page, parsed."""
    return BeautifulSoup((site / name).read_text("utf-8"), "html.parser")


def page_of(site: Path) -> BeautifulSoup:
    """The first lesson's page."""
    return soup_of(site, "01_the_healthy_lobule.html")


def test_every_page_is_there_and_sound(site):
    names = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
    assert names == PAGES
    for name in names:
        assert checks.read_page((site / name).read_text("utf-8")).faults == [], name
    broken = checks.read_page(
        '<p id="a"><b id="a"></p><h1>One</h1><h1>Two</h1><img src="x.png"><p>left $x^2$ over</p>'
    )
    for fault in (
        "policy",
        "lang",
        "title",
        "viewport",
        "used twice",
        "closes nothing",
        "2 headings",
        "no description",
        "as text",
    ):
        assert any(fault in each for each in broken.faults), fault


def test_equations_become_mathml(site):
    text = (site / "01_the_healthy_lobule.html").read_text("utf-8")
    page = page_of(site)
    assert len(page.find_all("math")) == 8, (
        "two in text, one displayed, two in a table, one folded, one in an output …"
    )
    assert page.select_one(".equation .equation-number").text == "(1)"
    assert page.select_one("td math") and page.select_one("details math")
    assert re.findall(r"\$[^\n]*", page.find("main").text) == ["$5, stays a dollar."]
    assert "MathJax" not in text and "require.js" not in text


@pytest.mark.parametrize("latex", [r"\frac{a}{", r"\foobar{x}", r"\left( x", r"a & b"])
def test_an_equation_that_cannot_be_set_stops_the_build(latex):
    place = Place("notebooks/01_x.ipynb", 3)
    with pytest.raises(SiteError, match=r"notebooks/01_x.ipynb, cell 3: the equation \$") as caught:
        markdown(f"Text ${latex}$ more", place)
    assert latex in str(caught.value)


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{aligned} a&=b\\ c&=d\end{aligned}",
        r"\begin{cases}1&x>0\\0&x\le 0\end{cases}",
        r"\mathrm{HVPG}",
    ],
)
def test_the_environments_in_use_are_set(latex):
    markup = mathml(latex, "here", display=True)
    assert "&amp;" not in re.sub(r'alttext="[^"]*"', "", markup) and "\\" not in re.sub(
        r'alttext="[^"]*"', "", markup
    )
    assert ("<mtable" in markup) == ("begin" in latex)


def test_nothing_comes_from_the_network(site):
    fetched = [
        f for p in site.rglob("*.html") for f in checks.read_page(p.read_text("utf-8")).fetched
    ]
    assert len(fetched) > 20
    assert not [f for f in fetched if smuggling.ELSEWHERE.match(f)]


@pytest.mark.parametrize(
    "planted",
    [
        '<img src="https://example.org/a.png" alt="A liver">',
        '<p style="background: url(//example.org/a.png)">x</p>',
        '<iframe src="https://example.org" title="x"></iframe>',
    ],
)
def test_a_planted_network_reference_stops_the_build(tmp_path, planted):
    assert "from the network" in rejected(tmp_path, new_markdown_cell(planted))


def test_network_in_a_style_sheet_is_found(tmp_path):
    (tmp_path / "a.css").write_text("p { background: url('https://example.org/a.png') }")
    (tmp_path / "a.html").write_text("<p>x</p>")
    with pytest.raises(SiteError, match="a.css: loads from the network"):
        checks.check_site(tmp_path)


def test_links_lead_to_pages(site):
    hrefs = {a["href"] for a in page_of(site).select("main a[href]")}
    assert {"02_from_injury_to_scar.html#What-heals", "exercises/01.html", "glossary.html"} <= hrefs
    assert (site / "files/hepatica/models/scar_circuit.py.txt").is_file()
    assert (site / "files/notebooks/lobule.png").is_file()


def test_drawings_stand_in_the_page_to_take_its_colours(site):
    drawing = page_of(site).select_one("main svg")
    assert drawing["aria-label"] == "A cell" and drawing["role"] == "img"
    assert drawing.g["id"] == "cell-cell" and drawing.use["href"] == "#cell-cell"


@pytest.mark.parametrize(
    "link",
    [
        "[next](04_not_there.ipynb)",
        "[x](#No-such-heading)",
        "[x](02_from_injury_to_scar.ipynb#Nowhere)",
        "[x](no.csv)",
    ],
)
def test_a_dead_link_stops_the_build(tmp_path, link):
    message = rejected(tmp_path, new_markdown_cell(link))
    assert "leads nowhere" in message or "names a place" in message


def test_figures_have_descriptions(site):
    figure = page_of(site).select_one("figure.plot")
    assert (
        figure.select_one(".plot-area")["aria-label"]
        == figure.figcaption.text
        == "Collagen rises to year 2 and then falls."
    )


@pytest.mark.parametrize(
    "data", [{PLOTLY: CHART}, {"image/png": "iVBORw0KGgo="}, {"image/svg+xml": "<svg/>"}]
)
def test_a_figure_without_description_stops_the_build(tmp_path, data):
    message = rejected(tmp_path, code("draw()", shown(data)))
    assert (
        'notebooks/01_the_healthy_lobule.ipynb, cell 12 ("draw()")' in message
        and "description" in message
    )


def test_a_figure_may_describe_itself(tmp_path):
    own = {**CHART, "layout": {"meta": {"description": "Own words."}}}
    site = quietly(sample(tmp_path, code("draw()", shown({PLOTLY: own}))))
    assert "Own words." in (site / "01_the_healthy_lobule.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (shown({"application/vnd.unheard+json": {}}), "application/vnd.unheard"),
        (shown({"application/javascript": "alert(1)"}), "application/javascript"),
        (shown({"application/vnd.jupyter.widget-view+json": {}}), "widget-view"),
        (new_output("error", ename="NameError", evalue="no x", traceback=[]), "NameError"),
        (new_output("stream", name="stderr", text="FutureWarning"), "FutureWarning"),
        (shown({CARD: {"kind": "quiz"}}), '"id"'),
        (shown({CARD: QUIZ}), "used twice"),
    ],
)
def test_an_output_the_site_cannot_show_stops_the_build(tmp_path, output, words):
    assert words in rejected(tmp_path, code("run()", output))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<details><summary>open</summary>", "never closed"),
        ("![](lobule.png)", "no description"),
        ("# A second title", "headings of the first level"),
        ("<data value='physiology/no-such-row'>1</data>", "not in the ledger"),
        ("<data>1</data>", "names no number"),
    ],
)
def test_a_faulty_markdown_cell_stops_the_build(tmp_path, source, words):
    assert words in rejected(tmp_path, new_markdown_cell(source))


def test_pages_are_light(site):
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        assert (
            checks.weight(name, checks.read_page(path.read_text("utf-8")), site)
            < checks.WEIGHT_LIMIT
        ), name
    assert len(list(site.rglob("plotly.min.js"))) == 1


def test_a_heavy_page_stops_the_build(tmp_path):
    assert "weighs" in rejected(tmp_path, new_markdown_cell("word " * 220_000))


def test_teachers_notes_are_on_their_own_page_only(site):
    student, teacher = (site / n for n in ("01_the_healthy_lobule.html", "teacher/01.html"))
    assert "SECRET timing" not in student.read_text("utf-8")
    assert "SECRET timing" in teacher.read_text("utf-8")
    assert "SECRET timing" not in (site / "slides/01.html").read_text("utf-8")
    assert not [p for p in site.rglob("*.html") if "NOT ON THE SITE" in p.read_text("utf-8")]


def test_numbers_say_where_they_come_from(site):
    page = page_of(site)
    first, second = page.select("main data.fact")
    told = page.find(id=first["aria-describedby"]).text
    number = ledger.number(FACT)
    for part in (
        number.label[1:],
        "1,500".replace(",", "\u202f"),
        number.unit,
        ledger.reference(number.source).short,
        "Published value",
    ):
        assert part in told, part
    assert first["tabindex"] == "0" and "\n" in page.find(id=second["aria-describedby"]).text
    assert ledger.reference(number.source).short in page.select_one(".sources").text


def test_a_number_without_value_shows_its_range():
    number = ledger.Number(
        "k",
        "Share",
        None,
        70.0,
        75.0,
        "%",
        next(iter(ledger.table("references")["key"])),
        "teaching",
    )
    assert Facts(ledger).describe(number).startswith("Share: 70 to 75 %. Source: ")


def test_cards_keep_their_specification(site):
    figure = page_of(site).select_one("figure.hepatica-card#sample-quiz")
    assert nbformat.from_dict(QUIZ) == __import__("json").loads(figure.script.string)
    assert "Which cell?" in figure.text
    assert "</script" not in script_json({"a": "</script><!--"})


def test_code_is_folded_unless_it_is_shown(site):
    page = page_of(site)
    assert [d.summary.text for d in page.select("details.code")] == ["Code"] * 3
    assert "twice one" in page.select_one("div.code").text
    assert page.select_one("div.code .mi"), "code is highlighted"


def test_tables_are_tidy(site):
    table = page_of(site).select_one("table.dataframe")
    assert (
        "scroll" in table.parent["class"]
        and not table.find("style")
        and not table.has_attr("border")
    )
    assert all(th.get_text(strip=True) and th["scope"] for th in table.find_all("th"))


def test_exercises_have_live_cards_and_a_word_on_jupyter(site):
    page = soup_of(site, "exercises/01.html")
    assert page.select_one("figure.hepatica-card#exercise-quiz")
    assert "exercises/01_the_healthy_lobule.ipynb" in page.select_one("aside.note").text
    assert "a / b" not in page.text and "a / b" in soup_of(site, "teacher/01-solutions.html").text
    assert page.select_one("main details:not(.code) summary").text == "Hint"
    assert page.select_one(".facts-line span").text == "14 minutes", (
        "the minutes of both tasks together"
    )


def test_the_first_page_takes_its_words_from_the_notebooks(site):
    items = soup_of(site, "index.html").select(".path li")
    assert [i.select_one(".question").text for i in items] == [
        "What does the liver do, and where?",
        "Why does one wound heal and another scar?",
    ]
    assert "30 min" in items[0].text and "40 min" in items[1].text and len(items) == 2


def test_glossary_and_references_are_complete(site):
    assert (
        len(soup_of(site, "glossary.html").select("dl.glossary > div"))
        == len(ledger.table("glossary"))
        > 50
    )
    assert (
        len(soup_of(site, "references.html").select(".references li"))
        == len(ledger.table("references"))
        > 50
    )


def test_the_atlas_prints_what_its_tables_hold(site):
    page = soup_of(site, "atlas.html")
    text = page.select_one("article").get_text(" ", strip=True)
    rows = ledger.table("causes")
    assert len(page.select("dl.causes")) == rows["cause"].nunique() == 18
    assert len(page.select(".factors li")) == len(ledger.table("accelerators")) == 43
    assert [row.key for row in rows.itertuples() if row.statement not in text] == []
    assert "computed by the model" not in text.lower()
    assert text.count("no number found") >= 8 and "never multiplied" in text


def test_the_page_of_sources_counts_the_rows_without_a_day(site):
    page, readings = soup_of(site, "references.html"), ledger.readings()
    rows = page.select("table.readings tbody tr")
    undated = [int(row.select("td")[1].text) for row in rows]
    assert undated == [each.undated for each in readings] and len(rows) == len(readings) > 20
    words = page.find(id="when-read").find_next("p").text
    assert f"other {sum(undated)} do not" in words and sum(undated) > 1000


def test_a_rebuild_replaces_our_site_and_nothing_else(tmp_path):
    root = sample(tmp_path)
    site = quietly(root)
    (site / "left-over.html").write_text("old")
    assert not (quietly(root) / "left-over.html").exists()
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "dear.txt").write_text("keep me")
    with pytest.raises(SiteError, match="not a site made here"):
        build(letters, root, tell=lambda line: None)
    assert (letters / "dear.txt").read_text() == "keep me"


def test_a_folder_without_notebooks_is_refused(tmp_path):
    with pytest.raises(SiteError, match="no notebook"):
        quietly(tmp_path)


def test_code_is_coloured_by_tokens_that_hold_as_text():
    used = set(re.findall(r"\.source [^{]*\{[^}]*?color: var\(--(\w+)\)", styles()))
    assert len(used) >= 4
    for theme in THEMES:
        tokens = colours(theme)
        for name in used:
            assert contrast(tokens[name], tokens["panel"]) >= 4.5, (theme, name)
    assert contrast("#777777", "#888888") < 4.5


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours after WCAG 2."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour such as #3f4690."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# From the ground up: a module imports only from lines before its own, and from outside what is
# named below.
SITE_ORDER = [
    "errors policy smuggling chromium study",
    "python",
    "maths facts links printing",
    "markup terms",
    "outputs",
    "formulas dom times",
    "lesson slides",
    "metadata teach paper",
    "teach_pages tables licences exporter",
    "search review cases",
    "pages",
    "checks",
    "build",
    "__init__",
    "__main__",
]
SITE_TAKES = {"__version__", "analysis", "exercises", "ledger", "model", "cards", "lessons"}


def misplaced_imports(name: str, source: str) -> list[str]:
    """Imports of a module of the site that go up, sideways or out of the house."""
    floor = {module: i for i, line in enumerate(SITE_ORDER) for module in line.split()}
    faults = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        for alias in node.names:
            parts = [*node.module.split("."), alias.name]
            if parts[0] in ("tools", "tests") or (
                parts[0] == "hepatica" and parts[1] not in {"site", *SITE_TAKES}
            ):
                faults.append(f"{name} imports {node.module}")
            if parts[:2] == ["hepatica", "site"]:
                known = parts[2] if parts[2] in floor else "__init__"
                faults += [f"{name} imports {known}"] if floor[known] >= floor[name] else []
    return faults


def test_the_modules_of_the_site_stand_on_one_another():
    folder = Path(checks.__file__).parent
    modules = {p.stem: p.read_text("utf-8") for p in folder.glob("*.py")}
    modules["python"] = "\n".join(p.read_text("utf-8") for p in folder.glob("python/*.py"))
    modules["python"] = modules["python"].replace("from hepatica.site.python", "from within")
    modules["python"] = modules["python"].replace("from __future__ import annotations", "")
    assert sorted(modules) == sorted(module for line in SITE_ORDER for module in line.split())
    assert [
        fault for name, source in modules.items() for fault in misplaced_imports(name, source)
    ] == []
    assert sum(source.count("from hepatica.site") for source in modules.values()) > 20


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("maths", "from hepatica.site.markup import markdown"),
        ("dom", ("from hepatica.site import SiteError")),
        ("outputs", "from hepatica.site import dom"),
        ("pages", "from hepatica.models import liver"),
        ("checks", "from tools.browser import look"),
    ],
)
def test_an_import_upwards_is_found(name, line):
    assert len(misplaced_imports(name, line)) == 1
