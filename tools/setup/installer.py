"""Installing pinned packages into .venv: with uv, which is fast, else with pip.

Both ask the index that pip is set to and obey none of pip's or uv's other settings; whether they
have succeeded is judged by what is there.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

from tools.setup import CourseError, environment, failures, lock, say, sets, surroundings
from tools.setup.progress import Progress

UV = "uv==0.13.9"
CACHE = ".venv-setup.cache"  # what has arrived; kept until a set-up is complete
SECTIONS = ("global", "install", ":env:")  # of pip's configuration, the last one wins
# Where packages come from and how to get there; every other setting of pip is left out.
ROADS = ("find-links", "no-index", "trusted-host", "cert", "client-cert", "proxy", "timeout")
ROADS += ("default-timeout", "retries", "keyring-provider")
ADDRESS = "-url"  # so end pip's settings of an index; one that begins with "extra" adds to it
FOR_UV = {  # setting of pip: variables of uv
    "trusted-host": ("UV_INSECURE_HOST",),
    "cert": ("SSL_CERT_FILE",),
    "client-cert": ("SSL_CLIENT_CERT",),
    "proxy": ("HTTPS_PROXY", "HTTP_PROXY"),
    "default-timeout": ("UV_HTTP_TIMEOUT",),
    "timeout": ("UV_HTTP_TIMEOUT",),
}


def roads(listing: str) -> dict[str, str]:
    """Where pip is set to get packages from, out of what `pip config list` prints."""
    found: dict[str, str] = {}
    for section in SECTIONS:
        for line in listing.splitlines():
            name, equals, value = line.partition("=")
            key = name.removeprefix(section + ".")
            if equals and key != name and (key in ROADS or key.endswith(ADDRESS)):
                found[key] = str(ast.literal_eval(value)).strip()
    return found


def for_pip(settings: dict[str, str]) -> dict[str, str]:
    """The same as pip's variables, and no file of settings."""
    variables = {f"PIP_{key.upper().replace('-', '_')}": text for key, text in settings.items()}
    own = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INPUT": "1", "PIP_USER": "0"}
    return variables | own | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def for_uv(settings: dict[str, str]) -> dict[str, str]:
    """The same as uv's variables: addresses may hold a password, which no list of processes
    should show."""
    found = {}
    for key in sorted(settings):  # "timeout" wins over "default-timeout"
        if settings[key]:
            found |= dict.fromkeys(_variables_of(key), " ".join(settings[key].split()))
    return found


def _variables_of(key: str) -> tuple[str, ...]:
    """The variables of uv for a setting of pip."""
    if key.endswith(ADDRESS):
        return ("UV_INDEX",) if key.startswith("extra") else ("UV_DEFAULT_INDEX",)
    return FOR_UV.get(key, ())


def switches_for_uv(settings: dict[str, str]) -> list[str]:
    """What uv takes on its command line only."""
    words = [word for place in settings.get("find-links", "").split() for word in ("-f", place)]
    if settings.get("no-index", "0").lower() in ("1", "true", "yes", "on"):
        words.append("--no-index")
    return words if "cert" in settings else [*words, "--system-certs"]


class Installer:
    """One set-up: its folder, the lock it holds, its log."""

    def __init__(self, root: Path, held: int):
        self.root, self.held, self.log = root, held, root / lock.LOG
        self.cache = root / CACHE
        self.python = str(environment.venv_python(root / ".venv"))
        self.wanted: list[str] = []
        with zipfile.ZipFile(environment.bundled_pip()) as wheel:
            wheel.extractall(self.cache / "pip")
        self.variables = surroundings.plain()
        self.variables.setdefault("PIP_CACHE_DIR", str(self.cache / "pip-cache"))
        self.variables.setdefault("UV_CACHE_DIR", str(self.cache / "uv-cache"))
        self.settings = roads(self.pip_settings())

    def pip_settings(self) -> str:
        """What pip is set to on this computer, in the reader's own surroundings."""
        variables = {k: v for k, v in os.environ.items() if k not in surroundings.PYTHON}
        run = subprocess.run(
            [self.python, "-m", "pip", "config", "list"],
            env=variables | {"PYTHONPATH": str(self.cache / "pip"), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        return run.stdout

    def run(self, command: list[str], variables: dict[str, str]) -> int:
        """Run an installer and show how far it is; what it says goes to the log."""
        # It inherits the lock, so that the next start waits even if this one is killed.
        share = {"pass_fds": (self.held,)} if os.name != "nt" else {}
        arrived = Path(self.variables["UV_CACHE_DIR"]) / "archive-v0"
        site = environment.site_packages(self.root / ".venv")
        progress = Progress(len(self.wanted), arrived, site)
        with open(self.log, "ab") as out:
            into = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": subprocess.STDOUT}
            settings = self.variables | variables
            child = subprocess.Popen(command, env=settings, cwd=self.root, **into, **share)
            try:
                while True:
                    try:
                        return child.wait(0.2)
                    except subprocess.TimeoutExpired:
                        progress.look()
            # Ctrl-C: the installer must be gone before we are, then the reason goes on its way
            except BaseException:
                child.terminate()
                child.wait()
                raise
            finally:
                progress.end()

    def pip(self, *words: str) -> int:
        """Run `pip install`. Ready-made packages only: a beginner's machine has no compiler, and a
        plain "not to be had" is a clearer end."""
        command = [self.python, "-m", "pip", "install", "--only-binary=:all:", "--progress-bar=off"]
        path = {"PYTHONPATH": str(self.cache / "pip")}
        return self.run([*command, *words], path | for_pip(self.settings))

    def packages(self) -> list[str]:
        """The file of what is lacking, as both take it. The pins name all that they bring along,
        so neither has to look for more."""
        file = self.cache / "wanted.txt"
        file.write_text("\n".join(self.wanted) + "\n", encoding="utf-8")
        return ["--no-deps", "-r", str(file)]

    def with_pip(self) -> bool:
        """Install what is lacking with pip; True if it says that it has."""
        return self.pip("--force-reinstall", *self.packages()) == 0

    def with_uv(self) -> bool:
        """Fetch uv and install what is lacking with it; True if it says that it has."""
        home = self.cache / "uv"
        bin = str(home / "bin")
        if not shutil.which("uv", path=bin):
            self.pip("--no-deps", "--target", str(home), UV)
        program = shutil.which("uv", path=bin)
        if not program:
            return False
        command = [program, "pip", "install", "--no-config", "--no-progress", "--reinstall"]
        command += ["--python", self.python, "--only-binary", ":all:", "--no-python-downloads"]
        command += ["--index-strategy", "unsafe-best-match"]  # as pip does
        command += [*switches_for_uv(self.settings), *self.packages()]
        return self.run(command, for_uv(self.settings)) == 0


def hopeless(log: Path) -> bool:
    """True if pip would meet the same end: no room on the disk, no answer to pip itself."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return any(word in text for word in failures.FULL_WORDS + failures.PIP_NO_ANSWER)


def install(root: Path, names: tuple[str, ...], held: int, ways: tuple[str, ...]) -> None:
    """Bring what these sets lack into .venv, each way in turn until nothing lacks."""
    lacking = environment.look(root, names)
    if not lacking:
        return
    work = Installer(root, held)
    steps: dict[str, Callable[[], bool]] = {"uv": work.with_uv, "pip": work.with_pip}
    said = False
    for number, way in enumerate(ways):
        if number:
            say(f"{ways[number - 1]} could not; {way} does it now, which takes some minutes.")
        work.wanted = lacking
        said = steps[way]()
        lacking = environment.look(root, names)
        if not lacking:
            shutil.rmtree(work.cache)
            return
        if hopeless(work.log):
            break
    raise CourseError(unfinished(root, names, lacking, said))


def unfinished(root: Path, names: tuple[str, ...], lacking: list[str], said: bool) -> str:
    """Why packages still lack: what the installer says, or that it thinks it has succeeded."""
    log = root / lock.LOG
    if not said:
        return failures.setup_failure(log, sets.size(root, names)[0])
    return (
        f"The installer says that it has finished, but {len(lacking)} packages are not in "
        f"{root / '.venv'}, the first of them {lacking[0]}. Everything it said is in {log}."
    )
