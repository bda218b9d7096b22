"""The policy of the pages: no code within them, none made of text, no network;
a worker from disk all the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import offline, refusals
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell
from sample_course import PAGES, quietly, rejected, sample

from hepatica.cards import bundle
from hepatica.site import checks
from hepatica.site.build import STATIC
from hepatica.site.policy import POLICY
from tools.browser import wait_until

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The sample course as a site, built once."""
    return quietly(sample(tmp_path_factory.mktemp("course")))


# ---- what the build refuses ----


@pytest.mark.parametrize(
    ("written", "instead", "words"),
    [
        ("connect-src 'none'", "connect-src *", "not that of policy.py"),
        ("; object-src 'none'", "", "not that of policy.py"),
        (
            "<head>\n<meta http",
            '<head>\n<script src="assets/site.js"></script>\n<meta http',
            "first in the head",
        ),
        (
            '<meta http-equiv="Content-Security-Policy"',
            '<meta name="Content-Security-Policy"',
            "it has no policy",
        ),
        ("</body>", "<script>alert(1)</script></body>", "a script stands within the page"),
        (
            "</body>",
            '<script type="module">alert(1)</script></body>',
            "a script stands within the page",
        ),
        ("</body>", '<b onclick="alert(1)">x</b></body>', "code in its onclick"),
        ("</body>", '<svg onload="alert(1)"></svg></body>', "code in its onload"),
        ("</body>", '<a href=" JavaScript:alert(1)">x</a></body>', "code in its href"),
    ],
)
def test_a_page_with_another_policy_or_with_code_in_it_is_refused(site, written, instead, words):
    text = (site / "index.html").read_text("utf-8")
    assert text.count(written) == 1
    assert [
        fault for fault in checks.read_page(text.replace(written, instead)).faults if words in fault
    ]


@pytest.mark.parametrize("planted", ["<script>alert(1)</script>", '<p onclick="alert(1)">x</p>'])
def test_code_in_a_markdown_cell_stops_the_build(tmp_path, planted):
    assert "Move it to a file of static/" in rejected(tmp_path, new_markdown_cell(planted))


def test_every_page_carries_the_one_policy(site):
    """Read with another parser than the check's own."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == len(PAGES)
    for page in pages:
        first = BeautifulSoup(page.read_text("utf-8"), "html.parser").head.find(True)
        assert (first.name, first["http-equiv"], first["content"]) == (
            "meta",
            "Content-Security-Policy",
            POLICY,
        )
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == rules["connect-src"] == rules["object-src"] == "'none'"
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:"} & set(rules["script-src"].split())
    assert "blob:" in rules["worker-src"]


# ---- what a browser refuses ----

WORKER = """
const code = "onmessage = async (event) => { let text = 'ran'; try { eval('1'); } catch (error) { text = error.name; }"
  + " const wasm = await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));"
  + " postMessage({ twice: 2 * event.data, eval: text, wasm: String(wasm) }); };";
const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
worker.onmessage = (event) => { globalThis.answer = event.data; };
worker.onerror = (event) => { globalThis.answer = { error: event.message ?? "no worker" }; };
worker.postMessage(21);
"""
FORBIDDEN = """
const tried = {};
const attempt = (name, act) => { try { act(); tried[name] = "ran"; } catch (error) { tried[name] = error.name; } };
attempt("eval", () => eval("1"));
attempt("Function", () => new Function("return 1"));
attempt("inline", () => {
  const script = document.createElement("script");
  script.textContent = "globalThis.inlineRan = true;";
  document.body.append(script);
  if (!globalThis.inlineRan) throw new ReferenceError("not run");
});
fetch("https://example.org/").then(() => { tried.fetch = "ran"; }, (error) => { tried.fetch = error.name; })
  .finally(() => { globalThis.answer = tried; });
"""


def answer_of(page, site: Path, name: str, script: str, html: str = "") -> dict:
    """What `script`, a file beside the site's own,
    tells as `answer` on a page that is opened from disk."""
    (site / f"assets/{name}.js").write_text(script, "utf-8")
    html = html or (site / "01_the_healthy_lobule.html").read_text("utf-8")
    probe = html.replace("</body>", f'<script src="assets/{name}.js"></script></body>')
    file = site / f"{name}.html"
    file.write_text(probe, "utf-8")
    page.goto(file.as_uri())
    wait_until(page, "globalThis.answer !== undefined")
    return page.evaluate("globalThis.answer")


def test_a_worker_from_a_blob_works_on_a_page_from_disk(site, browser):
    with offline(browser) as page:
        told = answer_of(page, site, "worker", WORKER)
        assert told["twice"] == 42
        assert told["wasm"] == "[object WebAssembly.Module]"
        assert told["eval"] == "EvalError", "a worker keeps the policy of its page"
        assert refusals(page) == []
        assert page.wait_for_selector(".plot-area svg"), "plotly draws under the policy"
        assert refusals(page) == []


def test_a_policy_without_workers_is_noticed(site, browser):
    html = (site / "01_the_healthy_lobule.html").read_text("utf-8")
    html = html.replace("worker-src 'self' blob:", "worker-src 'none'")
    with offline(browser) as page:
        assert "twice" not in answer_of(page, site, "no-worker", WORKER, html)
        assert [line for line in refusals(page) if line.startswith("worker-src")]


def test_text_does_not_become_code_and_nothing_is_fetched(site, browser):
    with offline(browser) as page:
        told = answer_of(page, site, "forbidden", FORBIDDEN)
        assert told == {
            "eval": "EvalError",
            "Function": "EvalError",
            "inline": "ReferenceError",
            "fetch": "TypeError",
        }
        refused = {line.split(":")[0] for line in refusals(page)}
        assert refused == {"script-src", "script-src-elem", "connect-src"}


# ---- what the sources do not do ----

TEXT_AS_CODE = re.compile(
    r"\bFunction\s*\(|\beval\s*\(|\bset(?:Timeout|Interval)\s*\(\s*[\"'`]|\bimport\s*\("
)
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)


def text_as_code(script: str) -> list[str]:
    """Where a script makes code of text."""
    return [found[0] for found in TEXT_AS_CODE.finditer(COMMENT.sub("", script))]


def test_no_script_makes_code_of_text():
    scripts = [*bundle.HERE.rglob("*.js"), *STATIC.rglob("*.js")]
    assert len(scripts) > 20
    assert {
        str(p.relative_to(ROOT)): found
        for p in scripts
        if (found := text_as_code(p.read_text("utf-8")))
    } == {}
    joined = [bundle.classic(), bundle.widget_with("[]")]
    assert [found for script in joined for found in text_as_code(script)] == []


@pytest.mark.parametrize(
    "sample",
    [
        'const f = new Function("x", "return x");',
        "const f = Function(body);",
        "eval(text);",
        "globalThis.eval (text);",
        'setTimeout("tick()", 5);',
        "import(address);",
    ],
)
def test_code_made_of_text_is_found(sample):
    assert len(text_as_code(sample)) == 1


@pytest.mark.parametrize(
    "sample",
    [
        "const f = functionOf(rule);",
        "medieval(text);",
        "setTimeout(tick, 5);",
        "// eval(text) is refused",
        'import { a } from "./b.js";',
        "(function () {})();",
        "isFunction(f);",
    ],
)
def test_other_code_is_not_taken_for_it(sample):
    assert text_as_code(sample) == []
