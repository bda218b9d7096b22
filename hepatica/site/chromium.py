"""An installed Chromium that prints pages: one browser, some tabs, told over a local socket."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from websocket import WebSocketException, create_connection

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
APPLICATIONS = (  # where they lie on macOS and on Windows, on no path
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
ARGUMENTS = (
    "--headless",
    "--no-sandbox",  # our own pages, no network
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
PATIENCE = 60
"""Seconds to wait for a browser to start, and for one page."""
HEIGHT = 680
"""px of the window: cards fit their charts to it."""


class PrintError(RuntimeError):
    """A browser did not start, did not answer or did not finish a page; the message says which."""


def installed() -> str | None:
    """Path of a Chromium-like browser, or None."""
    found = (shutil.which(name) for name in (*NAMES, *APPLICATIONS))
    return next(filter(None, found), None)


class Tab:
    """One tab: `print` opens a page, waits until it is ready and returns it as a PDF."""

    def __init__(self, socket: str, patience: float) -> None:
        self.patience, self.numbers = patience, itertools.count(1)
        self.socket = create_connection(socket, timeout=patience, suppress_origin=True)
        self.ask("Page.enable")
        self.ask("Emulation.setEmulatedMedia", media="print")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The browser's answer; raises PrintError when it refuses or is silent."""
        number = next(self.numbers)
        try:
            message = {"id": number, "method": method, "params": parameters}
            self.socket.send(json.dumps(message))
            answer: dict[str, Any] = {}
            while answer.get("id") != number:
                answer = json.loads(self.socket.recv())
        except (WebSocketException, OSError) as error:
            raise PrintError(f"the browser did not answer ({error})") from error
        if "error" in answer:
            raise PrintError(f"the browser refused {method}: {answer['error']['message']}")
        return answer["result"]

    def print(self, address: str, ready: str, width: int) -> bytes:
        """The page at `address` as PDF, `width` px wide, once the JavaScript `ready` is true."""
        size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self.ask("Page.navigate", url=address)
        end = time.monotonic() + self.patience
        while not self.value(f"location.href === {json.dumps(address)} && ({ready})"):
            if time.monotonic() > end:
                raise PrintError(f"a page was not ready after {self.patience:g} seconds")
            time.sleep(0.05)
        made = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(made["data"])

    def value(self, script: str) -> Any:
        """What a JavaScript expression is on the page at hand."""
        return self.ask("Runtime.evaluate", expression=script)["result"].get("value")


class Printer:
    """A running browser."""

    def __init__(self, port: int, patience: float) -> None:
        self.root, self.patience = f"http://127.0.0.1:{port}", patience
        self.open = build_opener(ProxyHandler({})).open  # never through a proxy

    def tab(self) -> Tab:
        """A new tab; raises PrintError when the browser opens none."""
        asked = Request(f"{self.root}/json/new?about:blank", method="PUT")
        try:
            with self.open(asked, timeout=self.patience) as answer:
                return Tab(json.load(answer)["webSocketDebuggerUrl"], self.patience)
        except (WebSocketException, OSError) as error:
            raise PrintError(f"the browser opened no tab ({error})") from error


@contextmanager
def printer(path: str, patience: float = PATIENCE) -> Iterator[Printer]:
    """The browser at `path` with an empty profile, ended afterwards; PrintError if none starts."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        words = [path, *ARGUMENTS, f"--user-data-dir={profile}", "about:blank"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, **quiet)
        except OSError as error:
            raise PrintError(f"{Path(path).name} did not start ({error.strerror})") from error
        try:
            yield Printer(_port(Path(profile), process, path, patience), patience)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _port(profile: Path, process: subprocess.Popen, path: str, patience: float) -> int:
    """Where the browser listens: it writes it into its profile."""
    file, end = profile / "DevToolsActivePort", time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        if file.is_file() and (text := file.read_text("utf-8")).count("\n"):
            return int(text.split("\n")[0])
        time.sleep(0.05)
    raise PrintError(f"{Path(path).name} did not start within {patience:g} seconds")
