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


SMUGGLED = [
    # code that an element brings
    '<img src="assets/icon.svg" alt="x" onerror="alert(1)">',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<svg><a xlink:href="&#106;avascript:alert(1)"><text>x</text></a></svg>',
    '<svg><a><set attributeName="href" to="javascript:alert(1)"/></a></svg>',
    '<svg><a><animate attributeName="xlink:href" values="javascript:alert(1)"/></a></svg>',
    '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;" title="x"></iframe>',
    '<iframe src="data:text/html,x" title="x"></iframe>',
    '<script src="data:text/javascript,alert(1)"></script>',
    '<object data="assets/icon.svg"></object>',
    '<embed src="assets/icon.svg">',
    '<base href="assets/">',
    # where the page, the reader or what the reader writes is sent
    '<meta http-equiv="refresh" content="0; url=https://example.org/">',
    '<form action="https://example.org/"></form>',
    '<button formaction="https://example.org/">x</button>',
    '<a href="glossary.html" ping="https://example.org/">x</a>',
    # what is loaded, looked up or connected to
    '<link rel="preconnect" href="https://example.org/">',
    '<link rel="dns-prefetch" href="//example.org">',
    '<link rel="prefetch" href="glossary.html">',
    '<link rel="stylesheet" href="ftp://example.org/a.css">',
    '<img src="/\\example.org/a.png" alt="x">',
    '<img src="assets/icon.svg" srcset="a.png 1x, https://example.org/a.png 2x" alt="x">',
    '<input type="image" src="https://example.org/a.png" alt="x">',
    '<track src="https://example.org/a.vtt">',
    '<svg><use href="https://example.org/a.svg#b"/></svg>',
    '<svg><filter><feImage href="https://example.org/a.png"/></filter></svg>',
    '<table background="https://example.org/a.png"></table>',
    # styles
    "<style>@import 'assets/other.css';</style>",
    "<style>p { background: image-set('https://example.org/a.png' 1x) }</style>",
    "<style>p { background: -webkit-image-set(url(//example.org/a.png) 1x) }</style>",
    "<p style='background: u\\72l(https://example.org/a.png)'>x</p>",
    "<p style='background: url(\\68ttps://example.org/a.png)'>x</p>",
    "<p style='--a: url(ftp://example.org/a.png)'>x</p>",
    "<style>@font-face { font-family: a; src: url(wss://example.org/a) }</style>",
    # markup that a script would put into the page
    '<script type="application/json">{"why": "<img src=x onerror=alert(1)>"}</script>',
    '<script type="application/json">["<meta http-equiv=refresh content=0>"]</script>',
    '<script type="application/json">[{"<base href=/>": 1}]</script>',
    '<script type="application/json">["<link rel=stylesheet href=a.css>"]</script>',
    '<script type="speculationrules">{"prefetch": []}</script>',
]


@pytest.mark.parametrize("planted", SMUGGLED)
def test_whatever_is_smuggled_into_a_page_is_refused(site, planted):
    text = (site / "index.html").read_text("utf-8")
    assert checks.read_page(text).faults == []
    found = checks.read_page(text.replace("</main>", f"{planted}</main>")).faults
    assert found and not [fault for fault in found if fault.startswith("it has no")]


@pytest.mark.parametrize(
    "harmless",
    [
        '<a href="https://example.org/?to=mailto:x">x</a>',
        '<a href="mailto:x@example.org">x</a>',
        '<img src="data:image/png;base64,AAAA" alt="x">',
        '<p style="background: url(data:image/png;base64,AAAA)">“javascript:” and fetch(x)</p>',
        "<style>q::before { content: 'Note: so it is' } a { mask: url(#b) }</style>",
        '<script type="application/json">["a < b", "<a href=\'https://example.org\'>x</a>"]</script>',
    ],
)
def test_what_does_no_harm_is_let_in(site, harmless):
    text = (site / "index.html").read_text("utf-8")
    assert checks.read_page(text.replace("</main>", f"{harmless}</main>")).faults == []


@pytest.mark.parametrize(
    "script",
    [
        "fetch(address);",
        "const get = globalThis.fetch;",
        "const { fetch } = globalThis;",
        'window["fetch"](address);',
        "new XMLHttpRequest();",
        "new WebSocket(address);",
        "new EventSource(address);",
        "navigator.sendBeacon(address, data);",
        "importScripts(address);",
        "import(address);",
        'import { a } from "https://example.org/a.js";',
        "new WebTransport(address);",
        "new RTCPeerConnection();",
        "navigator.serviceWorker.register(address);",
        "new Image().src = address;",
        'script.src = "//example.org/a.js";',
        'link.href = "javascript:alert(1)";',
        "location.href = address;",
        "location.assign(address);",
        "eval(text);",
        'new Function("return 1");',
        'setTimeout("tick()", 5);',
    ],
)
def test_a_script_that_reaches_out_is_refused(tmp_path, script):
    (tmp_path / "ours.js").write_text("const innocent = 1;\n", "utf-8")
    assert checks.assets_faults(tmp_path) == []
    (tmp_path / "ours.js").write_text(script, "utf-8")
    assert len(checks.assets_faults(tmp_path)) == 1


@pytest.mark.parametrize(
    "script",
    [
        "// fetch(address) is refused",
        "const fetched = prefetch(2);",
        'const words = "They fetch the sample";',
        "if (location.protocol === old) medieval(text);",
        'import { a } from "./b.js";',
        'node.href = "https://example.org/";',
        "isFunction(f);",
    ],
)
def test_other_scripts_are_let_in(tmp_path, script):
    (tmp_path / "ours.js").write_text(script, "utf-8")
    assert checks.assets_faults(tmp_path) == []


@pytest.mark.parametrize("planted", ["<script>alert(1)</script>", '<p onclick="alert(1)">x</p>'])
def test_code_in_a_markdown_cell_stops_the_build(tmp_path, planted):
    assert "Move it to a file of static/" in rejected(tmp_path, new_markdown_cell(planted))


def test_every_page_carries_the_one_policy(site):
    """Read with another parser than the check's own."""
    pages = sorted(site.rglob("*.html"))
    assert {page.relative_to(site).as_posix() for page in pages} == set(PAGES)
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
