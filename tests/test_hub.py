"""A class's own server: the recipe of tools/hub starts, students come through a link, each gets a
copy that stays theirs; and it does not start open to the world."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import house
import nbformat
import pytest
import yaml
from hub import CONFIG, RUN, Hub, Student, commit, python_of_the_hub, repository, until
from packaging.requirements import Requirement

from hepatica import __version__, ledger
from tools.hub import __main__ as door
from tools.hub import accounts, links
from tools.setup import sets

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "tools" / "hub"
README = (HOME / "README.md").read_text(encoding="utf-8")
NAME = "05_decades_of_silence.ipynb"
COPY = f"hepatica/notebooks/{NAME}"
CARD = "application/vnd.hepatica.card+json"
NAMES = ("anna", "ben", "chiara", "dmitri")


# ------------------------------------------------------------------------------------ safe starts


def asked(*words: str) -> Namespace:
    """The words of a start, understood."""
    return door.parser().parse_args(words)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--trial", "--ip", "0.0.0.0"], "one password"),
        (["--trial", "--ip", "192.0.2.7"], "one password"),
        (["--trial", "--ip", "::"], "one password"),
        (["--trial", "--ip", ""], "one password"),
        (["--trial", "--ip", "hub.example.org"], "one password"),
        (["--trial", "--ip", "0.0.0.0", "--certificate", "c", "--key", "k"], "one password"),
        (["--admin", "ada", "--ip", "0.0.0.0"], "in clear"),
        (["--admin", "ada", "--ip", "0.0.0.0", "--key", "k"], "in clear"),
        ([], "--admin NAME"),
    ],
)
def test_what_would_be_open_or_nobodys_does_not_start(words, says):
    assert says in door.problem(asked(*words), root=True, systemd=True)


def test_safe_starts_are_let_through_and_a_class_needs_its_limits():
    tls = ["--certificate", "c", "--key", "k"]
    for words in (["--admin", "ada"], ["--admin", "ada", "--ip", "0.0.0.0", *tls]):
        assert door.problem(asked(*words), root=True, systemd=True) == ""
        for lacks in ({"root": False, "systemd": True}, {"root": True, "systemd": False}):
            assert "root and systemd" in door.problem(asked(*words), **lacks)
    for words in (["--trial"], ["--trial", "--ip", "::1"], ["--trial", "--ip", "localhost"]):
        assert door.problem(asked(*words), root=False, systemd=False) == ""
    assert door.settings(asked("--admin", "ada"))["password"] == ""
    drawn = {door.settings(asked("--trial"))["password"] for _ in range(3)}
    assert len(drawn) == 3 and min(map(len, drawn)) >= 12


def test_the_command_itself_refuses():
    words = [sys.executable, "-m", "tools.hub", "--trial", "--ip", "0.0.0.0"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "one password" in done.stderr and done.stdout == ""


def test_a_student_gets_an_account_once_and_never_another_persons():
    made: list[list[str]] = []
    student = SimpleNamespace(user=SimpleNamespace(name="root"), home_dir="/home/x")
    accounts.make(student, lambda words, check: made.append(words), lambda name: False)
    assert made[0][0] == "useradd" and made[0][-1] == "hepatica-root"
    accounts.make(student, lambda words, check: made.append(words), lambda name: True)
    assert len(made) == 1 and accounts.exists("root") and not accounts.exists("hepatica-nobody")
    assert accounts.record(student) == str(Path("/home/x/.hepatica"))
    for bad in ("", "Anna", "a b", "-x", "ä", "a" * 21, "x;y", "../x"):
        assert not re.fullmatch(accounts.NAMES, bad), bad
    assert all(re.fullmatch(accounts.NAMES, name) for name in (*NAMES, "s-17"))


# ------------------------------------------------------------------------------------------ links


def target(address: str) -> dict[str, str]:
    """Where a link leads: what it asks of nbgitpuller."""
    parts = urlsplit(address)
    assert parts.path.endswith("/hub/user-redirect/git-pull")
    return {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}


@pytest.mark.parametrize("repo", ["https://example.org/class & co/hepatica.git", "file:///x/ü"])
def test_each_notebook_has_its_link(repo):
    found = links.links("https://hub.example.org/", repo, "spring term")
    assert len(found) == len(ledger.table("notebooks")) == 14
    for _, address in found:
        asked_for = target(address)
        assert (asked_for["repo"], asked_for["branch"]) == (repo, "spring term")
        inside = unquote(asked_for["urlpath"]).removeprefix(f"lab/tree/{asked_for['targetpath']}/")
        assert (ROOT / inside).is_file()
    page = links.page("https://hub.example.org", repo)
    assert page.count("<li>") == 14 and "&amp;branch=main" in page


def test_a_link_to_nothing_is_noticed():
    gone = links.link("https://hub.example.org", "file:///x/hepatica", "notebooks/99_none.ipynb")
    inside = unquote(target(gone)["urlpath"]).removeprefix("lab/tree/hepatica/")
    assert not (ROOT / inside).exists()


# ------------------------------------------------------------------------------------- the recipe


def pinned(*names: str) -> dict[str, str]:
    """Name and version of every package of these sets."""
    found = map(Requirement, sets.pins(ROOT, names))
    return {item.name: str(item.specifier).removeprefix("==") for item in found}


def test_the_set_of_the_hub_goes_with_the_others():
    own, others = pinned(sets.HUB), pinned(*sets.SETS)
    wanted = {"jupyterhub", "nbgitpuller", "jupyterhub-idle-culler", "configurable-http-proxy"}
    assert wanted <= set(own) and len(own) > 15
    assert {name: others[name] for name in own.keys() & others} == {
        name: own[name] for name in own.keys() & others
    }
    assert not own.keys() & pinned("read") and sets.up_to(sets.HUB) == ("read", "hub")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["project"]["optional-dependencies"]["hub"]) <= set(own)


@pytest.mark.full
def test_the_command_brings_the_set_of_the_hub_and_no_other(tmp_path):
    root = house.build(tmp_path / "course")
    house.make_wheel(root / "wheels", "hubpackage")
    house.require(root, "hubpackage==1.0", sets.HUB)
    (root / "tools" / "hub.py").write_text(house.REPORT, encoding="utf-8")
    code, out, err = house.run(root, "hub", "--trial", "--port", "8001")
    assert code == 0, err
    assert json.loads(out.splitlines()[-1])[2] == ["--trial", "--port", "8001"]
    assert house.sets_of(root) == {"read", "hub"}
    assert house.run(root, "hub", "links")[0] == 0 and "test" not in house.sets_of(root)


def recipe_faults(values: dict, docker: str, version: str) -> list[str]:
    """What a cluster's settings name and the course does not have."""
    single, read = values["singleuser"], pinned("read", sets.HUB)
    faults = [] if single["image"]["tag"] == version else ["another version"]
    faults += [] if single["cmd"] == "jupyterhub-singleuser" else ["another program"]
    files = [line.rpartition("/")[2] for line in re.findall(r"requirements/\S+\.txt", docker)]
    faults += [] if files == ["read.txt", "hub.txt"] else [f"installs {files}"]
    python = re.search(r"^FROM python:(\S+)-slim$", docker, re.MULTILINE)
    conda = re.search(r"python=(\S+)", (ROOT / "environment.yml").read_text(encoding="utf-8"))
    faults += [] if python and python[1] == conda[1] else ["another Python"]
    lacks = {"jupyterhub", "nbgitpuller", "jupyterlab"} - read.keys()
    return faults + [f"no {name}" for name in sorted(lacks)]


def test_what_a_cluster_is_told_exists():
    values = yaml.safe_load((HOME / "values.yaml").read_text(encoding="utf-8"))
    docker = (HOME / "Dockerfile").read_text(encoding="utf-8")
    assert recipe_faults(values, docker, __version__) == []
    assert recipe_faults(values, docker, "9.9") == ["another version"]
    assert recipe_faults(values, docker.replace("hub.txt", "cloud.txt"), __version__)
    assert recipe_faults(values, docker.replace("python:", "python:9"), __version__)
    start = asked("--trial")
    assert values["singleuser"]["memory"]["limit"] == start.memory
    assert values["cull"]["timeout"] == start.idle


# --------------------------------------------------------------------------------------- the page


def figures(text: str) -> dict[str, int]:
    """MB of a student's server, of a kernel, of the largest and of the hub, as the page says
    them."""
    rows = re.findall(r"^\| .*\((server|kernel|largest|hub)\) \| (\d+) \|$", text, re.MULTILINE)
    return {name: int(number) for name, number in rows}


def needs(text: str) -> dict[tuple[int, int], int]:
    """GB that the page says so many students with so many open notebooks need."""
    rows = re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    return {(int(row[0]), number): int(row[number]) for row in rows for number in (1, 2)}


def need_faults(text: str) -> list[tuple[int, int]]:
    """Rows of the table that do not follow from the figures above it, rounded up to whole GB."""
    mb = figures(text)
    due = {
        (students, books): -(
            -(mb["hub"] + students * (mb["server"] + books * mb["largest"])) // 1000
        )
        for students in (60, 300)
        for books in (1, 2)
    }
    return [key for key, number in due.items() if needs(text).get(key) != number]


def test_the_table_follows_from_what_was_measured():
    assert len(figures(README)) == 4 and need_faults(README) == []
    assert need_faults(README.replace("| 60 |", "| 61 |", 1))
    assert need_faults(re.sub(r"\(largest\) \| \d", "(largest) | 9", README))


# ------------------------------------------------------------------------------------ the hub runs


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    return python_of_the_hub(tmp_path_factory.mktemp("hub") / "venv")


def mine(student: Student) -> Path:
    """A student's copy with a sentence of their own, that they saved."""
    path = student.home / COPY
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\nMy own sentence."
    nbformat.write(notebook, path)
    return path


def corrected(path: Path) -> None:
    """The course changes another cell of the same notebook."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source += "\n\nA corrected sentence."
    nbformat.write(notebook, path)


def ran(student: Student) -> int:
    """Run the notebook in the copy; how many cards it showed. None of its cells may fail."""
    heard = student.run("hepatica/notebooks", RUN.format(name=NAME))
    (reply,) = (message for message in heard if message["msg_type"] == "execute_reply")
    assert reply["content"]["status"] == "ok", reply
    printed = "".join(m["content"]["text"] for m in heard if m["msg_type"] == "stream")
    assert "failed: []" in printed, printed
    return sum(CARD in message["content"].get("data", {}) for message in heard)


def measured(hub: Hub, students: list[Student]) -> dict[str, float]:
    """MB of one student's server and kernel, and of the hub with its proxy and culler."""
    found = [hub.memory(student.name) for student in students]
    return {
        "server": max(one["server"] for one in found),
        "kernel": max(one["kernel"] for one in found),
        "hub": hub.memory("")["server"],
    }


LIMITS = """
import asyncio, json, pwd, sys
from types import SimpleNamespace
from traitlets.config import PyFileConfigLoader
from systemdspawner import SystemdSpawner, systemd
config = PyFileConfigLoader(sys.argv[1]).load_config()
user, seen, answers = SimpleNamespace(name="anna", id=7), {}, iter([False, True])
async def running(unit): return next(answers)
async def failed(unit): return False
async def start(unit, *args, **more): seen.update(more, unit=unit)
systemd.service_running, systemd.service_failed = running, failed
systemd.start_transient_service = start
pwd.getpwnam = lambda name: seen.update(account=name) or pwd.getpwuid(0)
SystemdSpawner.get_env = lambda self: {}
spawner = SystemdSpawner(config=config, user=SimpleNamespace(**vars(user)), hub=None)
asyncio.run(spawner.start())
print(json.dumps({"account": seen["account"], **seen["properties"]}))
"""


@pytest.mark.full
def test_systemd_is_asked_to_hold_each_server_to_its_limits(python, tmp_path):
    """What the spawner of a class hands to systemd, which the machines that test have not."""
    chosen = door.settings(asked("--admin", "ada", "--memory", "2G", "--cpu", "0.5"))
    done = subprocess.run(
        [python, "-c", LIMITS, CONFIG],
        cwd=ROOT,
        env=os.environ | {door.SETTINGS: json.dumps(chosen | {"state": str(tmp_path)})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    wanted = {"MemoryMax": 2 * 1024**3, "CPUQuota": "50%", "NoNewPrivileges": "yes"}
    assert wanted.items() <= told.items() and told["account"] == "hepatica-anna"


@pytest.mark.full
def test_a_class_gets_in_by_the_list_and_nobody_else(python, tmp_path):
    home, good = "/hub/login?next=%2Fhub%2Fhome", "a long password"
    with Hub(python, tmp_path / "state", vars(asked("--admin", "ada"))) as hub:
        assert "systemdspawner" in hub.said() and "FirstUseAuthenticator" in hub.said()
        for name, password in (("ada", "short"), ("eve", good), ("anna", good)):
            assert Student(hub, name).sign_in(home, password).status_code == 403
        ada = Student(hub, "ada")
        assert ada.sign_in(home, good).url.endswith("/hub/home")
        assert Student(hub, "ada").sign_in(home, "another password").status_code == 403
        assert ada.add("anna").status_code == 201
        anna = Student(hub, "anna")
        assert anna.sign_in(home, good).url.endswith("/hub/home")
        assert anna.get("/hub/admin").status_code == 403 and ada.get("/hub/admin").ok
        assert anna.add("eve").status_code == 403


@pytest.mark.full
def test_four_students_come_through_a_link_and_keep_their_copies(python, tmp_path):
    course = repository(tmp_path / "hepatica")
    with Hub(python, tmp_path / "state") as hub:
        link = links.link(hub.address, course.as_uri(), f"notebooks/{NAME}")
        stranger = Student(hub, "eve").sign_in(link, "not the password")
        assert stranger.status_code == 403 and "/login" in stranger.url
        students = [Student(hub, name) for name in NAMES]
        for student in students:
            student.sign_in(link)
        for student in students:
            assert student.arrive(link).ok
            student.pull(link)
        anna, ben = students[:2]
        assert ben.get("/user/anna/api/contents").status_code in (403, 404)
        assert ran(anna) > 5
        path = mine(anna)
        (course / "notebooks" / "news.txt").write_text("new\n", encoding="utf-8")
        corrected(course / "notebooks" / NAME)
        commit(course)
        for student in (anna, ben):
            student.pull(link)
            assert (student.home / "hepatica/notebooks/news.txt").exists()
        assert "My own sentence." in path.read_text(encoding="utf-8")
        assert "A corrected sentence." in (ben.home / COPY).read_text(encoding="utf-8")
        assert "My own sentence." not in (ben.home / COPY).read_text(encoding="utf-8")
        until(lambda: "(idle-culler@" in hub.said(), "the culler never asked")
        sizes = measured(hub, students)
    print({name: round(size) for name, size in sizes.items()})
    for name, size in sizes.items():
        # as in test_environment: wheels, machines and loads differ by some tenths
        assert 0.75 * figures(README)[name] < size < 1.25 * figures(README)[name], sizes
    assert "My own sentence." in path.read_text(encoding="utf-8")
