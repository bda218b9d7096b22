"""Three browser engines behind one small door: Chromium, Firefox and WebKit open a page from disk
and answer a question in JavaScript.

Chromium is driven by playwright. Firefox speaks WebDriver BiDi over a socket; WebKitGTK's
MiniBrowser is asked through its driver by plain HTTP, on a screen that Xvfb makes up.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import websocket

from tools import browser

SIZE = (1280, 900)  # px, of the window's inside
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PATIENCE = 300  # s, for one answer
STARTING = 60  # s, until a browser is up
FIREFOXES = ("firefox-esr", "firefox")
AS_TEXT = "Promise.resolve({question}).then((value) => JSON.stringify(value ?? null))"
WEBKIT_PLACES = "lib*/**/webkit2gtk-4.*/MiniBrowser"

PREFERENCES = {
    "ui.prefersReducedMotion": 1,
    "ui.systemUsesDarkTheme": 0,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


class Engine(Protocol):
    """A browser with one page open."""

    name: str

    def go(self, file: Path) -> None:
        """Open a file from disk and wait until it has loaded."""

    def ask(self, question: str) -> Any:
        """What an expression in JavaScript is worth on the page, waited for if it is a promise."""


# ---- what is installed ----


def firefox() -> str | None:
    """Path of Firefox, or None."""
    return next((path for name in FIREFOXES if (path := shutil.which(name))), None)


def webkit() -> str | None:
    """Path of WebKitGTK's small browser, or None where it, its driver or a made-up screen lacks."""
    if not (shutil.which("WebKitWebDriver") and shutil.which("xvfb-run")):
        return None
    return next((str(path) for path in Path("/usr").glob(WEBKIT_PLACES)), None)


# ---- Chromium ----


class Chromium:
    """Chromium, by playwright."""

    name = "chromium"

    def __init__(self, page: Any) -> None:
        self.page = page

    def go(self, file: Path) -> None:
        """See `Engine`."""
        self.page.goto(file.as_uri())

    def ask(self, question: str) -> Any:
        """See `Engine`."""
        return json.loads(self.page.evaluate(AS_TEXT.format(question=question)))


@contextmanager
def _chromium(path: str) -> Iterator[Chromium]:
    with browser.headless(path) as made:
        width, height = SIZE
        size = {"width": width, "height": height}
        yield Chromium(made.new_page(viewport=size, reduced_motion="reduce"))


# ---- Firefox ----


class Firefox:
    """Firefox, by WebDriver BiDi."""

    name = "firefox"

    def __init__(self, line: websocket.WebSocket) -> None:
        self.line, self.count = line, 0
        self.tell("session.new", capabilities={})
        self.context = self.tell("browsingContext.create", type="tab")["context"]
        width, height = SIZE
        size = {"width": width, "height": height}
        self.tell("browsingContext.setViewport", context=self.context, viewport=size)

    def tell(self, method: str, **params: Any) -> dict:
        """Send one command and return its result; raises RuntimeError with Firefox's words."""
        self.count += 1
        self.line.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while (said := json.loads(self.line.recv())).get("id") != self.count:
            pass  # an event
        if said["type"] == "error":
            raise RuntimeError(f"Firefox refused {method}: {said['message']}")
        return said["result"]

    def go(self, file: Path) -> None:
        """See `Engine`."""
        where = {"context": self.context, "url": file.as_uri()}
        self.tell("browsingContext.navigate", wait="complete", **where)

    def ask(self, question: str) -> Any:
        """See `Engine`."""
        said = self.tell(
            "script.evaluate",
            expression=AS_TEXT.format(question=question),
            target={"context": self.context},
            awaitPromise=True,
        )
        if said["type"] == "exception":
            raise RuntimeError(said["exceptionDetails"]["text"])
        return json.loads(said["result"]["value"])


@contextmanager
def _firefox(path: str) -> Iterator[Firefox]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as home:
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
        (Path(home) / "user.js").write_text("\n".join(lines), "utf-8")
        told = Path(home) / "WebDriverBiDiServer.json"
        command = [path, "--headless", "--no-remote", "--profile", home]
        with _running([*command, "--remote-debugging-port", "0"], home):
            door = _until(lambda: told.is_file() and json.loads(told.read_text("utf-8")), path)
            address = f"ws://{door['ws_host']}:{door['ws_port']}/session"
            line = websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True)
            yield Firefox(line)
            line.close()


# ---- WebKit ----


class WebKit:
    """WebKitGTK's MiniBrowser, by its driver."""

    name = "webkit"

    def __init__(self, port: int, path: str) -> None:
        self.root = f"http://127.0.0.1:{port}"
        options = {"binary": path, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.root += "/session/" + self.tell("/session", capabilities=wanted)["sessionId"]
        self.tell("/timeouts", script=1000 * PATIENCE)
        width, height = SIZE
        inner = "[innerWidth, innerHeight]"
        self.tell("/window/rect", width=width, height=height)
        has = self.ask(inner)  # the window's frame takes its part
        self.tell("/window/rect", width=2 * width - has[0], height=2 * height - has[1])

    def tell(self, path: str, method: str = "POST", **body: Any) -> Any:
        """Send one command and return its value; raises RuntimeError with the driver's words."""
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(self.root + path, data, method=method)
        try:
            with NO_PROXY.open(request, timeout=PATIENCE + 10) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refusal:
            raise RuntimeError(f"WebKit refused {path}: {refusal.read().decode()}") from None

    def go(self, file: Path) -> None:
        """See `Engine`."""
        self.tell("/url", url=file.as_uri())

    def ask(self, question: str) -> Any:
        """See `Engine`."""
        script = (
            "const done = arguments[arguments.length - 1];"
            f"Promise.resolve({question}).then((value) => done(JSON.stringify(value ?? null)),"
            " (error) => done(JSON.stringify({ failed: String(error) })));"
        )
        value = json.loads(self.tell("/execute/async", script=script, args=[]))
        if isinstance(value, dict) and "failed" in value:
            raise RuntimeError(value["failed"])
        return value

    def close(self) -> None:
        """End the browser; its driver is ended by whoever started it."""
        self.tell("", method="DELETE")


@contextmanager
def _webkit(path: str) -> Iterator[WebKit]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as home:
        settings = Path(home) / "gtk-3.0/settings.ini"
        settings.parent.mkdir()
        settings.write_text("[Settings]\ngtk-enable-animations=0\n", "utf-8")
        port = _free_port()
        command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1200x24", "WebKitWebDriver"]
        with _running([*command, f"--port={port}"], home):
            _until(lambda: _listens(port), "WebKitWebDriver")
            engine = WebKit(port, path)
            yield engine
            engine.close()


# ---- programs ----


@contextmanager
def _running(command: list[str], home: str) -> Iterator[None]:
    """A program with settings and stores of its own, ended with all that it has started."""
    places = {f"XDG_{name}_HOME": home for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    program = subprocess.Popen(
        command,
        env=os.environ | places,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(program.pid, signal.SIGTERM)
        program.wait(STARTING)


def _until(told: Callable[[], Any], name: str) -> Any:
    """Wait for an answer that is not empty; raises TimeoutError with the program's name."""
    end = time.monotonic() + STARTING
    while not (answer := told()):
        if time.monotonic() > end:
            raise TimeoutError(f"{name} did not start within {STARTING} s")
        time.sleep(0.05)
    return answer


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


def _listens(port: int) -> bool:
    with socket.socket() as made:
        return made.connect_ex(("127.0.0.1", port)) == 0


STARTERS = {
    "chromium": (browser.installed, _chromium),
    "firefox": (firefox, _firefox),
    "webkit": (webkit, _webkit),
}


def missing() -> list[str]:
    """Names of the engines that are not installed here."""
    return [name for name, (installed, _) in STARTERS.items() if not installed()]


@contextmanager
def engines() -> Iterator[list[Engine]]:
    """All that are installed, each with an empty page; Chromium, if it is there, comes first."""
    with ExitStack() as stack:
        paths = {name: installed() for name, (installed, _) in STARTERS.items()}
        yield [
            stack.enter_context(start(paths[name]))
            for name, (_, start) in STARTERS.items()
            if paths[name]
        ]
