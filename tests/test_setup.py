"""The set-up's parts: what is whole, whose folder it is, where packages come from, what failed."""

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import house
import pytest

from tools.setup import CourseError, environment, failures, installer, lock, sets
from tools.setup.progress import Progress

FIRST, FURTHER = (f"{name}{installer.ADDRESS}" for name in ("index", "extra-index"))
LISTING = f"""\
:env:.find-links='/wheels'
:env:.target='/elsewhere'
global.cert='/certs.pem'
global.{FIRST}='a'
global.timeout='30'
install.{FIRST}='b'
install.root='/elsewhere'
install.{FURTHER}='\\nc\\nd'
list.{FIRST}='never'
"""


def test_the_roads_of_pip_are_taken_and_nothing_else():
    found = installer.roads(LISTING)
    assert found == {
        "find-links": "/wheels",
        "cert": "/certs.pem",
        FIRST: "b",
        "timeout": "30",
        FURTHER: "c\nd",
    }
    for variables in (installer.for_pip(found), installer.for_uv(found)):
        assert "/elsewhere" not in variables.values() and "b" in variables.values()
    assert installer.for_uv(found)["UV_HTTP_TIMEOUT"] == "30"
    assert installer.switches_for_uv(found) == ["-f", "/wheels"]
    assert installer.switches_for_uv({"no-index": "1"}) == ["--no-index", "--system-certs"]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A house that is set up for reading."""
    root = house.build(tmp_path_factory.mktemp("hep") / "course")
    code, _, err = house.run(root, "lab")
    assert code == 0, err
    return root


@pytest.mark.parametrize("how", ["gone", "cut off", "other version", "twice"])
def test_what_is_not_whole_is_noticed_and_mended(home, how):
    assert environment.look(home, ("read",)) == []
    site = environment.site_packages(home / ".venv")
    info = site / "tinypackage-1.0.dist-info"
    if how == "gone":
        (site / "tinypackage.py").unlink()
    elif how == "cut off":
        (site / "tinypackage.py").write_text("ANS", encoding="utf-8")
    elif how == "other version":
        text = (info / "METADATA").read_text(encoding="utf-8")
        (info / "METADATA").write_text(text.replace("1.0", "0.9"), encoding="utf-8")
    else:
        (site / "tinypackage-0.9.dist-info").mkdir()
        (site / "tinypackage-0.9.dist-info" / "METADATA").write_bytes(
            (info / "METADATA").read_bytes()
        )
    assert environment.look(home, ("read",)) == ["tinypackage==1.0"]
    if how == "twice":
        (site / "tinypackage-0.9.dist-info" / "METADATA").unlink()
        (site / "tinypackage-0.9.dist-info").rmdir()
        return
    stamp = home / ".venv" / environment.STAMP
    content = json.loads(stamp.read_text(encoding="utf-8"))
    stamp.write_text(json.dumps(content | {"sets": {}}), encoding="utf-8")
    code, _, err = house.run(home, "lab")
    assert code == 0 and environment.look(home, ("read",)) == [], err


def test_another_interpreter_and_another_course_are_noticed(home, tmp_path):
    pth = environment.site_packages(home / ".venv") / "hepatica.pth"
    good = pth.read_text(encoding="ascii")
    pth.write_text(str(tmp_path) + "\n", encoding="ascii")
    with pytest.raises(CourseError, match="imports the course from nowhere"):
        environment.look(home, ("read",))
    pth.write_text(good, encoding="ascii")
    assert environment.look(home, ("read",)) == []
    config = home / ".venv" / "pyvenv.cfg"
    config.rename(tmp_path / "pyvenv.cfg")
    with pytest.raises(CourseError, match="is set up for"):
        environment.look(home, ("read",))
    (tmp_path / "pyvenv.cfg").rename(config)


def test_nothing_but_an_environment_of_ours_is_removed(tmp_path):
    venv = tmp_path / ".venv"
    environment.remove_venv(venv)  # nothing there: nothing to do
    venv.mkdir()
    (venv / "pyvenv.cfg").write_text("home = /usr/bin")
    (venv / "thesis.txt").write_text("two years of work")
    with pytest.raises(CourseError, match="not made by this course. Rename it"):
        environment.remove_venv(venv)
    assert (venv / "thesis.txt").exists()
    (venv / environment.STAMP).touch()
    environment.remove_venv(venv)
    assert not venv.exists()
    venv.write_text("a file")
    with pytest.raises(CourseError, match="not a folder"):
        environment.remove_venv(venv)


def test_a_lock_left_by_a_dead_process_is_free(tmp_path):
    file = tmp_path / lock.LOCK
    file.write_text("\n999999999\n")
    with lock.only_one(tmp_path), open(file, "a+b") as second:
        assert not lock.try_lock(second)
        assert lock.holder(file).startswith("Another start is setting up the course (process ")
        assert str(os.getpid()) in lock.holder(file)
    with open(file, "a+b") as third:
        assert lock.try_lock(third)


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk is full: free about 70 MB"),
        ("error: failed to copy: os error 28", "disk is full"),
        ("NewConnectionError: x\nERROR: No matching distribution found", "network did not answer"),
        ("error: Request failed\n  Caused by: dns error", "network did not answer"),
        ("  Caused by: invalid peer certificate: UnknownIssuer", "not trusted"),
        ("ERROR: No matching distribution found for numpy==9", "newer than"),
        ("error: os error 30", "cannot be written"),
        ("error: The filename is too long. (os error 206)", "path of this folder is too long"),
        ("something new", "show the file"),
    ],
)
def test_failure_says_what_to_do(tmp_path, log, advice):
    path = tmp_path / "setup.log"
    path.write_text(log, encoding="utf-8")
    message = failures.setup_failure(path, 70)
    assert advice in message and log.splitlines()[-1] in message and str(path) in message


def test_a_failed_write_is_a_sentence_only_where_it_is_known(tmp_path):
    full = OSError(errno.ENOSPC, "x", str(tmp_path / "a"))
    assert failures.of_the_disk(full, tmp_path).startswith("The disk is full")
    closed = OSError(errno.EROFS, "x", str(tmp_path / "a"))
    assert str(tmp_path) in failures.of_the_disk(closed, tmp_path)
    assert failures.of_the_disk(OSError(errno.ENOENT, "x"), tmp_path) == ""


def test_progress_counts_what_has_arrived(tmp_path):
    stream, arrived, site = io.StringIO(), tmp_path / "cache", tmp_path / "site"
    arrived.mkdir()
    site.mkdir()
    progress = Progress(120, arrived, site, stream)
    progress.look()
    for number in range(60):
        (arrived / str(number)).mkdir()
        progress.look()
    for number in range(120):
        (site / f"p{number}.dist-info").mkdir()
        progress.look()
    assert stream.getvalue().splitlines() == [
        "fetching 1 of 120",
        "fetching 50 of 120",
        "installing 1 of 120",
        "installing 50 of 120",
        "installing 100 of 120",
    ]


def test_sizes_are_said_beforehand(tmp_path):
    (tmp_path / "requirements").mkdir()
    for name, text in (("read", "640; over the network: 175"), ("site", "75; over the network: 9")):
        file = tmp_path / "requirements" / f"{name}.txt"
        file.write_text(f"# A set.\n# MB on the disk: {text}\nnumpy==1\n", encoding="utf-8")
    said = sets.announcement(tmp_path, ("read", "site"))
    assert "184 MB come over the network and take 715 MB here; about 1 min" in said


def test_plain_pip_is_led_astray_by_what_the_course_ignores(home, tmp_path):
    """The sample for the tests of foreign settings: such settings do send packages elsewhere."""
    target, site = tmp_path / "elsewhere", environment.site_packages(home / ".venv")
    variables = house.environment(home, PIP_TARGET=str(target), PYTHONPATH="")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "sitepackage==1.0"]
    subprocess.run(pip, env=variables, check=True, capture_output=True)
    assert (target / "sitepackage.py").exists() and not (site / "sitepackage.py").exists()
    assert environment.look(home, ("site",)) == ["sitepackage==1.0"]
