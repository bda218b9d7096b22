#!/usr/bin/env python3
"""The one door to the Hepatica course: sets everything up on the first start, then opens it.

    python3 course.py [lab | test | site | refresh | bench] [further words for that command]

    lab       open the course in JupyterLab (this is what happens without a word)
    test      run the checks of the course; test --all adds the large ones, of every engine, width and scheme
    site      write the course as web pages that need no Python and no network, into _site/
    refresh   run all notebooks again, store their results, make the students' exercise copies
    bench     measure the course's speed budgets

Words after the command are handed on, for example:  python3 course.py lab -- --no-browser
"""

# This file uses the standard library only, and only syntax that Python 3.6 can read:
# someone with an old Python must meet a sentence, not a SyntaxError.
import collections
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

OLDEST_PYTHON = (3, 11)
NEWEST_TESTED_PYTHON = (3, 14)
ROOT = Path(__file__).resolve().parent
COMMANDS = {
    "lab": ["-m", "jupyterlab"],
    "test": ["-m", "pytest"],
    "site": ["-m", "hepatica.site"],
    "refresh": ["-m", "tools.refresh"],
    "bench": ["-m", "tools.bench"],
}
UNFINISHED = "hepatica-unfinished"  # marks a .venv that we began and have not finished
STAMP = "hepatica-stamp.json"  # written last, so its presence means: complete
# JupyterLab asks on its first start whether it may fetch news, and looks for updates: a class needs neither.
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}
# nbgrader is here to make the students' copies; its menus, and its warnings about a missing grade
# book, would only puzzle a student. A teacher who wants them deletes these two files.
NBGRADER = ("formgrader", "validate_assignment", "assignment_list", "course_list")
NO_NBGRADER = {"nbgrader.server_extensions." + name: False for name in NBGRADER}
LAB_FILES = {  # files below .venv that set JupyterLab's defaults
    "share/jupyter/lab/settings/overrides.json": {
        "@jupyterlab/apputils-extension:notification": NO_NEWS
    },
    "etc/jupyter/labconfig/page_config.json": {"disabledExtensions": {"@jupyter/nbgrader": True}},
    "etc/jupyter/jupyter_server_config.d/zz-hepatica.json": {
        "ServerApp": {"jpserver_extensions": NO_NBGRADER}
    },
}


class CourseError(Exception):
    """Something the reader can put right; the message says how."""


# ---------------------------------------------------------------- is this Python good enough?


def python_problem(version=sys.version_info, find=importlib.util.find_spec) -> str:
    """Say in one sentence why this Python cannot run the course; empty if it can."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        return (
            "This course needs Python {}.{} or newer, and this is Python {}.{}: "
            "install a newer one from python.org, then start course.py with it."
        ).format(*(OLDEST_PYTHON + tuple(version[:2])))
    if find("venv") is None or find("ensurepip") is None:
        return (
            "This Python lacks the venv and ensurepip modules: "
            "on Debian or Ubuntu install them with 'sudo apt install python3-venv', "
            "elsewhere reinstall Python from python.org."
        )
    return ""


# ---------------------------------------------------------------- where things are


def venv_python(venv: Path) -> Path:
    """Path of the interpreter inside a virtual environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def site_packages(venv: Path) -> Path:
    """Folder of installed packages inside a virtual environment made by the running Python."""
    if os.name == "nt":
        return venv / "Lib" / "site-packages"
    return venv / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages"


def base_python(venv: Path) -> str:
    """The interpreter that the environment was made from, as it is found now;
    empty if it is gone."""
    lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
    interpreter = venv_python(venv)
    if not interpreter.exists() or not Path(settings.get("home", "")).is_dir():
        return ""
    return "{} {}".format(settings.get("version", "?"), os.path.realpath(str(interpreter)))


def fingerprint(root: Path) -> dict:
    """What the stamp must say: the pins, the Python and the place (an environment cannot be
    moved)."""
    venv = root / ".venv"
    pins = hashlib.sha256((root / "requirements.txt").read_bytes()).hexdigest()
    return {"requirements": pins, "python": base_python(venv), "place": str(venv)}


def is_ready(root: Path) -> bool:
    """True if .venv is complete and belongs to the present requirements.txt, Python and folder."""
    stamp = root / ".venv" / STAMP
    try:
        found = json.loads(stamp.read_text(encoding="utf-8"))
        return bool(found.get("python")) and found == fingerprint(root)
    except (OSError, ValueError):  # no stamp, half a stamp, no pyvenv.cfg: simply not ready
        return False


# ---------------------------------------------------------------- one set-up at a time


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def try_lock(handle) -> bool:
    """Take the operating system's lock on an open file; it ends with the process,
    so it is never stale."""
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def only_one_setup(root: Path):
    """Hold .venv-setup.lock while the body runs; a second start waits here and says for whom."""
    path = root / ".venv-setup.lock"
    with open(str(path), "a+b") as handle:
        if not try_lock(handle):
            say(f"Another start is setting up the course ({holder(path)}); waiting for it.")
            while not try_lock(handle):
                time.sleep(0.2)
        # Byte 0 is the locked one (Windows lets nobody else read it); the process number follows
        # for the message.
        handle.seek(0)
        handle.truncate()
        handle.write(f"\n{os.getpid()}\n".encode("ascii"))
        handle.flush()
        yield


def holder(path: Path) -> str:
    """Name the process that holds the lock, as far as its file can be read."""
    with open(str(path), "rb") as handle:
        handle.seek(1)
        return "process {}".format(handle.read().decode("ascii", "replace").strip() or "?")


# ---------------------------------------------------------------- making the environment


def remove_venv(venv: Path) -> None:
    """Delete an old or half-made environment, but nothing that is not recognisably one."""
    if not venv.is_dir():
        if venv.exists() or venv.is_symlink():
            raise CourseError(f"{venv} is not a folder. Rename it, then start again.")
        return
    marks = [venv / "pyvenv.cfg", venv / UNFINISHED]
    if any(venv.iterdir()) and not any(mark.exists() for mark in marks):
        raise CourseError(
            f"{venv} holds something else than a Python environment. Rename it, then start again."
        )
    try:
        # the marks go last: an interrupted deletion must stay recognisable
        for child in venv.iterdir():
            if child not in marks:
                remove(child)
        shutil.rmtree(str(venv))
    except OSError as error:
        raise CourseError(
            f"The old environment could not be removed ({error}). "
            "Close JupyterLab and other Python windows of this course, then start again."
        )


def remove(path: Path) -> None:
    """Delete a file, a link or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(str(path))
    else:
        path.unlink()


def clean_environment() -> dict:
    """The reader's environment without settings that would let another Python leak into ours."""
    environment = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME", "__PYVENV_LAUNCHER__"):
        environment.pop(name, None)
    environment.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    environment.update(PYTHONUTF8="1", JUPYTER_PREFER_ENV_PATH="1")
    return environment


def make_venv(root: Path) -> None:
    """Create an empty .venv with pip in it."""
    venv = root / ".venv"
    remove_venv(venv)
    venv.mkdir()
    note = "course.py removes this file when the set-up is complete\n"
    (venv / UNFINISHED).write_text(note, encoding="utf-8")
    log = root / ".venv-setup.log"
    # Started from inside the old environment, which is gone by now, only the interpreter below it
    # is left.
    python = getattr(sys, "_base_executable", None) or sys.executable
    command, environment = [python, "-m", "venv", str(venv)], clean_environment()
    with open(str(log), "wb") as output:
        code = subprocess.call(command, stdout=output, stderr=output, env=environment)
    if code:
        raise CourseError(setup_failure(log))


def install(root: Path) -> None:
    """Install requirements.txt into .venv and show how far it is;
    the full output goes to .venv-setup.log."""
    log = root / ".venv-setup.log"
    # Ready-made packages only: a beginner's machine has no compiler, and a plain "not to be had" is
    # a clearer end.
    command = [str(venv_python(root / ".venv"))]
    command += ["-m", "pip", "install", "--only-binary=:all:", "--progress-bar=off"]
    command += ["-r", str(root / "requirements.txt")]
    text = {"encoding": "utf-8", "errors": "replace"}
    surroundings = {"env": clean_environment(), "cwd": str(root)}
    progress = Progress(root)
    with open(str(log), "w", encoding="utf-8") as output:
        pip = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **text, **surroundings
        )
        try:
            with progress.watching():
                for line in pip.stdout:
                    output.write(line)
                    progress.read(line)
            code = pip.wait()
        # Ctrl-C: pip must be gone before we are, then the reason goes on its way
        except BaseException:
            pip.terminate()
            pip.wait()
            raise
    if code:
        raise CourseError(setup_failure(log))


class Progress:
    """One line that tells how far pip is; plain lines, fewer of them,
    when nobody watches a terminal."""

    def __init__(self, root: Path, stream=None):
        lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
        self.total = sum(not line.strip().startswith(("#", "-")) for line in lines if line.strip())
        self.site = site_packages(root / ".venv")
        self.stream = stream or sys.stdout
        self.terminal = self.stream.isatty()
        self.found = 0
        self.names = []  # filled when pip begins to install
        self.before = 0
        self.milestone = ()
        self.lock = threading.Lock()

    def read(self, line: str) -> None:
        """Take one line of pip's output."""
        words = line.split()
        if line.startswith("Ignoring "):  # its marker says: not for this machine
            self.total -= 1
        elif line.startswith("Collecting "):
            self.found += 1
            self.show("finding", self.found, max(self.total, self.found), words[1].split("==")[0])
        elif line.startswith("Installing collected packages: "):
            self.before = self.installed()
            self.names = line.split(": ", 1)[1].strip().split(", ")

    def installed(self) -> int:
        """Number of packages that are on the disk."""
        return sum(1 for _ in self.site.glob("*.dist-info"))

    @contextmanager
    def watching(self):
        """Count the arriving packages while pip installs them, which it does in silence."""
        stop = threading.Event()

        def watch():
            while not stop.wait(0.25):
                done = self.installed() - self.before
                if self.names and 0 <= done < len(self.names):
                    self.show("installing", done + 1, len(self.names), self.names[done])

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            if self.terminal:
                self.stream.write("\r" + " " * 78 + "\r")
                self.stream.flush()

    def show(self, verb: str, number: int, total: int, name: str) -> None:
        """Print the state: over the last one on a terminal, else about every 25th."""
        text = f"{verb} {number} of {total}: {name}"[:78]
        milestone = (verb, number // 25)
        with self.lock:
            if self.terminal:
                self.stream.write("\r" + text.ljust(78))
            elif milestone != self.milestone:
                self.stream.write(text + "\n")
            self.milestone = milestone
            self.stream.flush()


NO_ANSWER = ("NewConnectionError", "NameResolutionError", "Temporary failure", "getaddrinfo")
NO_ANSWER += ("timed out", "ProxyError", "ConnectTimeout", "Connection aborted")
NO_ANSWER += ("Network is unreachable",)
HINTS = [  # words in pip's output, and what to do about them; the first that matches is shown
    (
        ("No space left", "not enough space", "[Errno 28]"),
        "The disk is full: free about 2 GB, then start again.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLError"),
        (
            "The connection was not trusted, often because of a virus scanner or a hospital "
            "network: try another network (a phone's will do) or ask the IT service for pip's "
            "proxy settings. Then start again."
        ),
    ),
    (
        NO_ANSWER,
        "The network did not answer: check the connection, then start again; what has arrived is kept.",
    ),
    (
        ("No matching distribution", "Could not find a version"),
        (
            "A package was not to be had for Python {python} on this machine. "
            "If that Python is newer than {newest}, use an older one; if there is no network, "
            "connect. Then start again."
        ),
    ),
]


def setup_failure(log: Path) -> str:
    """Tell why the set-up failed: the end of pip's output and what to do."""
    text = log.read_text(encoding="utf-8", errors="replace")
    tail = "\n".join("    " + line for line in text.splitlines()[-8:])
    advice = next(
        (hint for words, hint in HINTS if any(word in text for word in words)),
        "Start again; if it fails again, show the file to whoever gave you this course.",
    )
    python = "{}.{}".format(*sys.version_info[:2])
    advice = advice.format(python=python, newest="{}.{}".format(*NEWEST_TESTED_PYTHON))
    start = f"The set-up failed. It ended like this:\n\n{tail}\n\n{advice}\n"
    return start + f"Everything it said is in {log}."


def put_on_path(root: Path) -> None:
    """Let the environment's Python find the hepatica package in the project folder.

    A .pth file does that without any build step: nothing to compile, nothing to reinstall after an
    edit, and data/ stays where the package expects it, beside hepatica/.
    """
    line = str(root)
    if any(ord(letter) > 127 for letter in line):
        # Older Pythons read .pth files in the local code page; this spelling is ASCII for every
        # folder name.
        line = f"import sys; sys.path.append({line!a})"
    (site_packages(root / ".venv") / "hepatica.pth").write_text(line + "\n", encoding="ascii")


def write_lab_settings(root: Path) -> None:
    """Set JupyterLab's defaults for this environment; what a reader chooses later still wins."""
    for name, content in LAB_FILES.items():
        path = root / ".venv" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def write_stamp(root: Path) -> None:
    """Declare the environment complete."""
    venv = root / ".venv"
    draft = venv / (STAMP + ".new")
    draft.write_text(json.dumps(fingerprint(root), indent=2) + "\n", encoding="utf-8")
    (venv / UNFINISHED).unlink()
    os.replace(str(draft), str(venv / STAMP))


def ensure_environment(root: Path) -> None:
    """Make sure that .venv is complete, whatever was or was not there before."""
    if is_ready(root):
        return
    with only_one_setup(root):
        if is_ready(root):  # another start has done it while we waited
            return
        begin = time.time()
        say(f"Setting up the course in {root / '.venv'} (once; this takes a few minutes).")
        make_venv(root)
        install(root)
        put_on_path(root)
        write_lab_settings(root)
        write_stamp(root)
        say(f"Set up in {time.time() - begin:.0f} s.")


# ---------------------------------------------------------------- the commands

Request = collections.namedtuple("Request", "command extra")


def parse(words: list) -> Request:
    """Split the command line into the command and the words to hand on; no command means lab."""
    words = list(words)
    command = words.pop(0) if words and not words[0].startswith("-") else "lab"
    if command not in COMMANDS:
        raise CourseError(f"'{command}' is not a command. Write one of: {', '.join(COMMANDS)}.")
    if words and words[0] == "--":
        words.pop(0)
    return Request(command, words)


def arguments(root: Path, request: Request) -> list:
    """The words for the environment's Python."""
    words = [str(venv_python(root / ".venv"))] + COMMANDS[request.command]
    if request.command == "lab":
        # Only this machine may connect, and only with the token that JupyterLab prints: both are
        # its safe ways.
        words += [
            "--ip=127.0.0.1",
            "--ServerApp.root_dir=" + str(root),
            "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb",
        ]
    return words + request.extra


def run(words: list, root: Path) -> int:
    """Run a command in the project folder in place of this process, or beside it on Windows."""
    environment = clean_environment()
    if os.name != "nt":
        os.chdir(str(root))
        sys.stdout.flush()
        os.execve(words[0], words, environment)
    child = subprocess.Popen(words, env=environment, cwd=str(root))
    while True:
        try:
            return child.wait()
        # the child has received it too and decides: JupyterLab asks before it ends
        except KeyboardInterrupt:
            continue


def main(words: list, root: Path = ROOT) -> int:
    """Run course.py with these words and return the exit code."""
    if words and words[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    problem = python_problem()
    try:
        request = parse(words)
        if problem:
            raise CourseError(problem)
        ensure_environment(root)
        return run(arguments(root, request), root)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Start again whenever you like.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
