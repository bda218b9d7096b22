"""The policy of the pages in Chromium, Firefox and WebKit: on every page nothing is refused and
nothing fetched, a worker and Python run, and whatever a script tries, a server beside hears
nothing."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hepatica.site.build import PROJECT
from hepatica.site.policy import POLICY
from tests.test_policy import WORKER
from tests.three import faults

TOURED = sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))
STAND = "globalThis.engines.stand()"
QUICK = 3  # pages of each engine without --all
HOST = "01_the_healthy_lobule.html"
# Each way to reach a server; `there` is its address. What a browser does by itself with a link that
# a reader follows is no business of a policy, and checks.py refuses it.
WAYS = {
    "fetch": "fetch(there + name, { mode: 'no-cors' }).catch(() => {})",
    "request": "const ask = new XMLHttpRequest(); ask.open('GET', there + name); ask.send()",
    "socket": "new WebSocket(there.replace('http', 'ws') + name)",
    "events": "new EventSource(there + name)",
    "beacon": "navigator.sendBeacon(there + name, 'x')",
    "picture": "new Image().src = there + name",
    "set": "add('p').style.background = `image-set('${there}${name}' 1x)`",
    "style": "add('link', { rel: 'stylesheet', href: there + name })",
    "import": "add('style').textContent = `@import '${there}${name}';`",
    "letters": "add('style').textContent ="
    " `@font-face { font-family: far; src: url(${there}${name}) }`;"
    " add('p', { textContent: 'x' }).style.fontFamily = 'far'",
    "script": "add('script', { src: there + name })",
    "module": "add('script', { type: 'module', src: there + name })",
    "frame": "add('iframe', { src: there + name })",
    "object": "add('object', { data: there + name })",
    "film": "add('video', { src: there + name, preload: 'auto', autoplay: true, muted: true })",
    "form": "const form = add('form', { action: there + name, target: 'sink', method: 'post' });"
    " add('iframe', { name: 'sink' }); form.submit()",
    "drawing": "add('div').innerHTML ="
    " `<svg><image href='${there}${name}' width='9' height='9'/></svg>`",
    "handler": "add('div').innerHTML = `<img src='x:' onerror=\"fetch('${there}${name}')\">`",
    "srcdoc": "add('iframe', { srcdoc: `<img src='${there}${name}'>` })",
    "worker": "const code = `fetch('${there}${name}', { mode: 'no-cors' })`;"
    " new Worker(URL.createObjectURL(new Blob([code])))",
}
RUN = """const there = {address};
const add = (tag, values = {{}}) => {{
  const node = Object.assign(document.createElement(tag), values);
  document.body.append(node);
  return node;
}};
const ways = {{ {ways} }};
for (const [name, act] of Object.entries(ways)) {{
  try {{
    act(name);
  }} catch {{
    // refused at once
  }}
}}
"""
SOLVE = """(async () => {{
  const box = document.querySelector(".coding");
  const words = box.querySelector(".coding-words");
  box.querySelector("textarea").value = {code};
  box.querySelector(".coding-run").click();
  const until = performance.now() + 80_000;
  do await new Promise((done) => setTimeout(done, 50));
  while (words.dataset.state === "busy" && performance.now() < until);
  return [words.dataset.state, words.textContent];
}})()"""
RIGHT = "def least_flow(inlet, outlet, uptake=1):\n    return (inlet - outlet) * uptake / inlet\n"


@pytest.fixture
def server():
    """A server on this machine: its address, and the names that were asked of it."""
    heard = set()

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.add(self.path.strip("/"))
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_):
            """Say nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}/", heard
    made.shutdown()
    made.server_close()


def stands(engine, files) -> list[str]:
    """What goes wrong on pages when they are opened."""
    found = []
    for file in files:
        engine.go(file)
        found += [f"{file.name} in {engine.name}: {fault}" for fault in faults(engine.ask(STAND))]
    return found


@pytest.mark.full
@pytest.mark.parametrize("which", [0, 1, 2], ids=["chromium", "firefox", "webkit"])
def test_nothing_is_refused_or_fetched_on_any_page(engines, pages, which):
    """The notebooks' own pages are toured in all three by test_engines.py, which asks the same."""
    files = sorted(set(pages.rglob("*.html")) - {pages / f"{name}.html" for name in TOURED})
    assert len(files) > 60
    assert stands(engines[which], files) == []


def test_nothing_is_refused_on_pages_of_three_kinds(engines, pages):
    files = [pages / name for name in ("index.html", "review.html", "exercises/09.html")]
    assert len(files) == QUICK
    assert [fault for engine in engines for fault in stands(engine, files)] == []


def tried(engine, pages, address: str, policy: str) -> None:
    """Let a script try every way on a page with a policy, and give it time."""
    ways = ", ".join(f"{name}(name) {{ {way}; }}" for name, way in WAYS.items())
    script = pages / "assets/ways.js"
    script.write_text(RUN.format(address=repr(address), ways=ways), "utf-8")
    html = (pages / HOST).read_text("utf-8").replace(POLICY, policy)
    file = pages / f"ways-{engine.name}-{len(policy)}.html"
    file.write_text(html.replace("</body>", '<script src="assets/ways.js"></script></body>'))
    engine.go(file)
    engine.ask("new Promise((done) => setTimeout(done, 1500))")
    file.unlink()


@pytest.mark.parametrize("which", [0, 1, 2], ids=["chromium", "firefox", "webkit"])
def test_a_server_hears_nothing_from_a_page_with_the_policy(engines, pages, server, which):
    address, heard = server
    tried(engines[which], pages, address, POLICY)
    assert heard == set()
    tried(engines[which], pages, address, "img-src *")
    assert len(heard) > 0.8 * len(WAYS), sorted(WAYS.keys() - heard)


@pytest.mark.full  # the interpreter starts three times
def test_a_worker_and_python_run_under_the_policy(engines, pages):
    (pages / "assets/worker.js").write_text(WORKER, "utf-8")
    html = (pages / HOST).read_text("utf-8")
    file = pages / "worker.html"
    file.write_text(html.replace("</body>", '<script src="assets/worker.js"></script></body>'))
    for engine in engines:
        engine.go(file)
        engine.ask("new Promise((done) => setTimeout(done, 500))")
        told = engine.ask("globalThis.answer")
        assert told["twice"] == 42 and told["eval"] == "EvalError", (engine.name, told)
        engine.go(pages / "exercises/01.html")
        engine.ask(STAND)
        assert engine.ask(SOLVE.format(code=repr(RIGHT))) == ["correct", "Correct."], engine.name
        assert faults(engine.ask(STAND)) == []
    file.unlink()
