"""A hub as the recipe starts it, and students who come through a link; for tests/test_hub.py."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import psutil
import requests
import websocket

from tools.setup import environment, installer, sets

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "scar-and-septum"
CONFIG = ROOT / "tools" / "hub" / "jupyterhub_config.py"
SERVER_EXTENSIONS = ("jupyterlab", "jupyter-lsp-jupyter-server", "jupyter_server_terminals")
PATIENCE = 600  # seconds; to end what hangs, not to measure
# A kernel runs all cells of a notebook and prints what failed.
RUN = """
import nbformat
failed = [cell.source for cell in nbformat.read({name!r}, as_version=4).cells
          if cell.cell_type == "code"
          and not get_ipython().run_cell(cell.source, store_history=False).success]
print("failed:", failed)
"""


def uv(*words: Any) -> None:
    """Run uv as the set-up does, with pip's roads to the packages."""
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    roads = installer.roads(listing.stdout)
    command = [sys.executable, "-m", "uv", *map(str, words)]
    if words[0] == "pip":
        command += ["--index-strategy", "unsafe-best-match", *installer.switches_for_uv(roads)]
    variables = os.environ | installer.for_uv(roads)
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def python_of_the_hub(folder: Path) -> Path:
    """An environment with the set of the hub, on the one of reading that the tests run in.

    `course.py hub` installs both into one place; here the pins of the first are those of the
    tests, and JupyterLab's files and settings are linked to where they would lie.
    """
    uv("venv", "-q", "--python", sys.executable, folder)
    python = environment.venv_python(folder)
    words = ["-q", "--no-deps", "--only-binary", ":all:", "--python", python]
    uv("pip", "install", *words, "-r", sets.file(ROOT, sets.HUB))
    lines = f"{sysconfig.get_path('purelib')}\n{ROOT}\n"
    (environment.site_packages(folder) / "read.pth").write_text(lines, encoding="utf-8")
    link_files(Path(sys.prefix), folder)
    return python


def link_files(source: Path, target: Path) -> None:
    """Link the files of JupyterLab and its extensions, those of the first set, to where an
    environment has them."""
    settings = "etc/jupyter/jupyter_server_config.d"
    names = [f"{settings}/{name}.json" for name in SERVER_EXTENSIONS]
    for name in ["share/jupyter/lab", "share/jupyter/labextensions", *names]:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).symlink_to(source / name)


def repository(folder: Path) -> Path:
    """A git repository with this tree's notebooks, as a course's address offers it."""
    git(folder.parent, "init", "-q", "-b", "main", folder)
    (folder / "notebooks").mkdir()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        (folder / "notebooks" / path.name).write_bytes(path.read_bytes())
    return commit(folder)


def commit(folder: Path) -> Path:
    """Record everything in a repository."""
    who = ["-c", "user.name=The course", "-c", "user.email=course@example.org"]
    git(folder, "add", "-A")
    git(folder, *who, "commit", "-q", "-m", "as it is")
    return folder


def git(folder: Path, *words: Any) -> None:
    """Run git in a folder."""
    subprocess.run(["git", *map(str, words)], cwd=folder, check=True, capture_output=True)


def three_ports() -> int:
    """A port that is free with the two after it."""
    while True:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
        doors = [socket.socket() for _ in range(3)]
        try:
            for number, door in enumerate(doors):
                door.bind(("127.0.0.1", port + number))
            return port
        except (OSError, OverflowError):
            continue
        finally:
            for door in doors:
                door.close()


def until(what: Callable[[], Any], why: str, pause: float = 0.2) -> Any:
    """What comes in the end, asked for with pauses; AssertionError if it does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(pause)
    raise AssertionError(why)


@dataclass
class Hub:
    """The recipe at work: its address, its process, what it says."""

    python: Path
    state: Path
    chosen: dict[str, Any] = field(default_factory=dict)  # for a class, past the door's checks
    port: int = field(default_factory=three_ports)

    def __enter__(self) -> Self:
        command = [self.python, "-m", "tools.hub", "--trial", "--port", self.port]
        command += ["--state", self.state]
        variables = os.environ | {"HEPATICA_HUB_PASSWORD": PASSWORD}
        if self.chosen:
            self.state.mkdir()
            given = self.chosen | {"port": self.port, "state": str(self.state)}
            variables["HEPATICA_HUB"] = json.dumps(given)
            command = [self.python, "-m", "jupyterhub", "-f", CONFIG]
        self.log = self.state.with_suffix(".log")
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen(
                list(map(str, command)),
                cwd=self.state if self.chosen else ROOT,
                env=variables,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(lambda: "is now running" in self.said() or self.process.poll(), "no hub")
        assert self.process.poll() is None, self.said()
        return self

    def __exit__(self, *_: object) -> None:
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        _, left = psutil.wait_procs(children, timeout=20)
        for process in left:
            process.kill()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        """Everything that it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def memory(self, name: str) -> dict[str, float]:
        """MB of a student's server and kernels, or without a name of the hub with its proxy and
        culler; what several share counts in equal parts."""
        found, top = {"server": 0.0, "kernel": 0.0}, psutil.Process(self.process.pid)
        for process in [top, *top.children(recursive=True)]:
            if process.environ().get("JUPYTERHUB_USER", "") == name:
                kind = "kernel" if "ipykernel_launcher" in process.cmdline() else "server"
                found[kind] += process.memory_full_info().pss / 1e6
        return found


@dataclass
class Student:
    """Somebody with a browser."""

    hub: Hub
    name: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False  # no proxy between this machine and itself

    @property
    def home(self) -> Path:
        return self.hub.state / "homes" / self.name

    def get(self, address: str, **more: Any) -> requests.Response:
        """A page of the hub or of one's own server."""
        place = address if address.startswith("http") else f"{self.hub.address}{address}"
        return self.session.get(place, timeout=PATIENCE, **more)

    def sign_in(self, link: str, password: str = PASSWORD) -> requests.Response:
        """Follow a link to the hub's form and fill it in."""
        form = self.get(link)
        xsrf = re.search(r'name="_xsrf"\s+value="([^"]+)"', form.text)
        given = {"username": self.name, "password": password, "_xsrf": xsrf[1]}
        return self.session.post(form.url, data=given, timeout=PATIENCE)

    def arrive(self, link: str) -> requests.Response:
        """Wait until the link leads into one's own server."""
        inside = f"{self.hub.address}/user/{self.name}/git-pull"

        def there() -> requests.Response | None:
            page = self.get(link)
            return page if page.ok and page.url.startswith(inside) else None

        return until(there, f"{self.name} never arrived", 1.0)

    def pull(self, link: str) -> str:
        """What nbgitpuller's page does when it opens: bring the course."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        came = self.get(f"/user/{self.name}/git-pull/api", params=asked)
        assert '"phase": "finished"' in came.text, came.text
        return came.text

    def add(self, name: str) -> requests.Response:
        """Write a name on the hub's list, as the admin page does."""
        xsrf = {"X-XSRFToken": self.cookies("/hub/").get("_xsrf", "")}
        place = f"{self.hub.address}/hub/api/users/{name}"
        headers = xsrf | {"Referer": f"{self.hub.address}/hub/admin"}
        return self.session.post(place, json={}, headers=headers, timeout=PATIENCE)

    def run(self, folder: str, code: str) -> list[dict[str, Any]]:
        """The messages of a new kernel that runs code in a folder of the copy."""
        base = f"/user/{self.name}/api/sessions"
        xsrf = {"X-XSRFToken": self.cookies(f"/user/{self.name}/").get("_xsrf", "")}
        wanted = {"path": f"{folder}/x.ipynb", "type": "notebook", "name": "x"}
        made = self.session.post(
            f"{self.hub.address}{base}",
            json=wanted | {"kernel": {"name": "python3"}},
            headers=xsrf,
            timeout=PATIENCE,
        )
        assert made.status_code == 201, made.text
        return self.execute(made.json()["kernel"]["id"], code)

    def execute(self, kernel: str, code: str) -> list[dict[str, Any]]:
        """Speak with a kernel as JupyterLab does, until it has answered."""
        place = f"ws://127.0.0.1:{self.hub.port}/user/{self.name}/api/kernels/{kernel}/channels"
        cookies = "; ".join(f"{k}={v}" for k, v in self.cookies(f"/user/{self.name}/").items())
        line = websocket.create_connection(
            place, cookie=cookies, timeout=PATIENCE, origin=self.hub.address
        )
        line.send(json.dumps(request(code)))
        heard: list[dict[str, Any]] = []
        while not finished(heard):
            heard.append(json.loads(line.recv()))
        line.close()
        return heard

    def cookies(self, path: str) -> dict[str, str]:
        """The cookies that a browser sends to a path; the longest path wins."""
        fitting = [each for each in self.session.cookies if path.startswith(each.path)]
        return {each.name: each.value for each in sorted(fitting, key=lambda c: len(c.path))}


def finished(heard: list[dict[str, Any]]) -> bool:
    """True when a kernel has replied and, on its other channel, has told everything."""
    replied = any(message["msg_type"] == "execute_reply" for message in heard)
    states = [m["content"]["execution_state"] for m in heard if m["msg_type"] == "status"]
    return replied and "busy" in states and states[-1] == "idle"


def request(code: str) -> dict[str, Any]:
    """An execute_request."""
    asked = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
    asked |= {"allow_stdin": False, "stop_on_error": True}
    head = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
    head |= {"username": "", "session": uuid.uuid4().hex, "date": ""}
    return {
        "header": head,
        "parent_header": {},
        "metadata": {},
        "content": asked,
        "channel": "shell",
    }
