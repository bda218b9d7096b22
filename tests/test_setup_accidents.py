"""Set-up on computers that are full, closed, oddly named or set up for something else: one plain
sentence each, and nothing lost."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import house
import pytest

from tools import lab
from tools.setup import CourseError, environment, installer, lock, sets, surroundings

ROOT = Path(__file__).resolve().parent.parent
POSIX = os.name != "nt"  # signals, scripts in place of programs and mounts need it
needs_signals = pytest.mark.skipif(not POSIX, reason="needs signals, and scripts as programs")


@contextlib.contextmanager
def mounted(options: str) -> Iterator[Path | None]:
    """A small disk of its own; None where nobody may mount one."""
    folder = Path(tempfile.mkdtemp(prefix="hep-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    may = bool(shutil.which("mount")) and not subprocess.call(mount, stderr=subprocess.DEVNULL)
    try:
        yield folder if may else None
    finally:
        if may:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def one_sentence(err: str) -> bool:
    """True if nothing but one line was said."""
    return err.count("\n") == 1 and "Traceback" not in err


# ------------------------------------------------------------------------------------ uv and pip


def test_uv_installs_and_leaves_nothing_behind(tmp_path):
    root = house.build(tmp_path / "course")
    house.make_uv(root)
    code, out, err = house.run(root, "site")
    assert code == 0 and "could not" not in out, out + err
    log = (root / ".venv-setup.log").read_text(encoding="utf-8")
    assert "Installed 2 packages" in log and "+ tinypackage==1.0" in log, log
    assert not list(environment.site_packages(root / ".venv").glob("uv*"))
    assert sorted(path.name for path in root.glob(".venv*")) == [
        ".venv",
        ".venv-setup.lock",
        ".venv-setup.log",
    ]


def test_without_uv_pip_does_it_with_a_word(tmp_path):
    root = house.build(tmp_path / "course")
    code, out, err = house.run(root, "lab")
    assert code == 0 and "uv could not; pip does it now, which takes some minutes." in out, err
    assert house.sets_of(root) == {"read"}


def test_the_set_up_takes_the_uv_that_is_pinned():
    assert f"uv=={importlib.metadata.version('uv')}" == installer.UV
    assert installer.UV in sets.pins(ROOT, ("test",))
    assert installer.UV not in sets.pins(ROOT, ("read", "site"))


@needs_signals
def test_an_installer_that_does_nothing_is_not_believed(tmp_path, monkeypatch):
    root = house.build(tmp_path / "course")
    house.make_uv(root, "#!/bin/sh\nexit 0\n")
    for name, text in house.environment(root).items():
        monkeypatch.setenv(name, text)
    with pytest.raises(CourseError, match="says that it has finished, but 1 packages are not in"):
        environment.ensure(root, "read", ("uv",))
    assert house.sets_of(root) == set()
    code, out, err = house.run(root, "lab")  # and pip is asked
    assert code == 0 and house.sets_of(root) == {"read"}, out + err


FOREIGN = {
    "PIP_TARGET": "{elsewhere}",
    "PIP_ROOT": "{elsewhere}",
    "PIP_PREFIX": "{elsewhere}",
    "PIP_DRY_RUN": "1",
    "PIP_NO_BINARY": ":all:",
    "PIP_CONSTRAINT": "{elsewhere}/none.txt",
    "PIP_REQUIRE_HASHES": "1",
    "UV_DRY_RUN": "1",
    "UV_TARGET": "{elsewhere}",
    "UV_CONFIG_FILE": "{elsewhere}/none.toml",
    "UV_OFFLINE": "1",
    "PYTHONPATH": "{elsewhere}",
    "PYTHONHOME": "{elsewhere}",
}


@pytest.mark.parametrize("way", ["uv", "pip"])
def test_settings_for_other_things_lead_nothing_astray(tmp_path, way):
    """All of them at once, and a pip.conf; `test_setup.py` shows that such a one misleads pip."""
    root, elsewhere = house.build(tmp_path / "course"), tmp_path / "elsewhere"
    if way == "uv":
        house.make_uv(root)
    config = tmp_path / "pip.conf"
    config.write_text(
        f"[global]\nno-index = true\nfind-links = {(root / 'wheels').as_uri()}\n"
        f"[install]\ntarget = {elsewhere}\ndry-run = true\n",
        encoding="utf-8",
    )
    foreign = {name: text.format(elsewhere=elsewhere) for name, text in FOREIGN.items()}
    del foreign["PYTHONHOME"]  # course.py itself would not start
    variables = house.environment(root) | foreign | {"PIP_CONFIG_FILE": str(config)}
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        del variables[name]
    done = subprocess.run(
        [sys.executable, str(root / "course.py"), "lab"],
        env=variables,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("uv could not" in done.stdout) == (way == "pip")
    assert house.sets_of(root) == {"read"} and environment.look(root, ("read",)) == []
    assert not elsewhere.exists()


# --------------------------------------------------------------------------------- odd places


@pytest.mark.parametrize("name", ["ends in a blank ", "# a hash", "import this", "100 % 'quoted'"])
def test_odd_names_work(tmp_path, name):
    root = house.build(tmp_path / (name if POSIX else name.strip()))
    code, out, err = house.run(root, "lab")
    assert code == 0 and house.sets_of(root) == {"read"}, out + err


def test_a_name_with_a_separator_is_refused_in_a_sentence(tmp_path):
    root = house.build(tmp_path / f"year 24{os.pathsep}25")
    code, _out, err = house.run(root, "lab")
    assert code == 1 and "rename that folder" in err and one_sentence(err), err
    assert not list(root.glob(".venv*"))


def test_a_venv_of_somebody_else_is_left_alone(tmp_path):
    root = house.build(tmp_path / "course")
    (root / ".venv").mkdir()
    (root / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12\n")
    (root / ".venv" / "thesis.txt").write_text("two years of work")
    code, _, err = house.run(root, "lab")
    assert code == 1 and "was not made by this course. Rename it" in err and one_sentence(err)
    assert (root / ".venv" / "thesis.txt").read_text() == "two years of work"
    if POSIX:
        (root / ".venv").rename(root / "mine")
        (root / ".venv").symlink_to(root / "mine")
        code, _, err = house.run(root, "lab")
        assert code == 1 and "is not a folder" in err and (root / "mine" / "thesis.txt").exists()


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    with mounted("size=8m") as disk:
        root = house.build((disk or tmp_path) / "course")
        if disk is None:
            root.chmod(0o500)
        else:
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        code, _, err = house.run(root, "lab")
        root.chmod(0o700) if disk is None else None
        assert code == 1 and "cannot be written" in err and one_sentence(err), err


def test_a_closed_folder_that_is_set_up_opens_all_the_same(tmp_path, monkeypatch, capsys):
    closed = tmp_path / "course"
    closed.write_text("a file: nothing can be made below it")
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "me"))
    monkeypatch.delenv(surroundings.CHOSEN, raising=False)
    assert surroundings.keeping_place(closed) == tmp_path / "me" / ".hepatica" / "jupyter"
    assert "cannot be written, so JupyterLab keeps its settings in" in capsys.readouterr().out
    assert surroundings.keeping_place(tmp_path) == tmp_path / ".hepatica" / "jupyter"
    assert capsys.readouterr().out == ""


def test_a_disk_too_small_is_said_beforehand(tmp_path, monkeypatch):
    root = house.build(tmp_path / "course")
    free = shutil.disk_usage(root).free // 1_000_000
    text = house.HEADER.replace("disk: 1", f"disk: {2 * free + 100}") + "tinypackage==1.0\n"
    (root / "requirements" / "read.txt").write_text(text, encoding="utf-8")
    code, _, err = house.run(root, "lab")
    assert code == 1 and "MB free and the course needs" in err and one_sentence(err)
    assert not list(root.glob(".venv*"))


@pytest.mark.parametrize("way", ["uv", "pip"])
def test_a_disk_that_fills_up_on_the_way(tmp_path, way):
    """On a disk of its own, where one may be mounted; what an installer says of a full disk is in
    `test_setup.py`."""
    size = {"uv": 110, "pip": 32}[way]
    with mounted(f"size={size}m") as disk:
        if disk is None:
            pytest.skip("nobody may mount a small disk here")
        root = house.build(disk / "course")
        elsewhere = tmp_path / "wheels"
        shutil.move(root / "wheels", elsewhere)
        (root / "wheels").symlink_to(elsewhere)
        house.make_wheel(elsewhere, "large", files={"large.bin": os.urandom(90_000_000)})
        if way == "uv":
            house.make_uv(root)
        house.require(root, "large==1.0\ntinypackage==1.0")
        code, _, err = house.run(root, "lab")
        assert code == 1 and "The disk is full: free about 1 MB" in err, err
        assert "Traceback (most recent" not in err and house.sets_of(root) == set()
        house.require(root, "tinypackage==1.0")
        shutil.rmtree(root / ".venv-setup.cache", ignore_errors=True)
        code, out, err = house.run(root, "lab")  # with room it goes on
        assert code == 0 and house.sets_of(root) == {"read"}, out + err


# --------------------------------------------------------------------------------- a killed start

SLOW = """#!/bin/sh
sleep 3
echo slow installer is done
exit 1
"""


@needs_signals
def test_a_killed_start_that_leaves_the_installer_at_work(tmp_path):
    root = house.build(tmp_path / "course")
    house.make_uv(root, SLOW)
    first = house.start(root, "lab")
    running = root / ".venv-setup.cache" / "wanted.txt"  # written just before the slow one starts
    while not running.exists() and first.poll() is None:
        time.sleep(0.01)
    time.sleep(0.2)
    first.send_signal(signal.SIGKILL)
    house.finish(first)
    with open(root / lock.LOCK, "a+b") as handle:
        assert not lock.try_lock(handle), "the installer that is at work must hold the lock"
    code, out, err = house.run(root, "lab")
    assert code == 0 and "An earlier start was ended and its installer is still at work" in out
    assert house.sets_of(root) == {"read"}, err


@needs_signals
def test_a_child_without_the_lock_would_not_be_noticed(tmp_path):
    """The sample for the test above."""
    for share in (True, False):
        with open(tmp_path / lock.LOCK, "a+b") as handle:
            assert lock.try_lock(handle)
            numbers = (handle.fileno(),) if share else ()
            child = subprocess.Popen(["sleep", "60"], pass_fds=numbers)
        with open(tmp_path / lock.LOCK, "a+b") as second:
            assert lock.try_lock(second) is not share
        child.kill()
        child.wait()


# ------------------------------------------------------------------------------ another's Jupyter

ASK = """import json, os, sys
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.application import JupyterApp
app = JupyterApp(name="jupyter-server", config_file_name="jupyter_server_config")
app.load_config_file()
said = {"config": dict(app.config)}
said["argv"] = KernelSpecManager().get_kernel_spec("python3").argv
said["home"] = os.environ.get("IPYTHONDIR", "")
print(json.dumps(said, default=str))
"""


@pytest.fixture
def foreign(tmp_path) -> dict[str, str]:
    """Variables of a reader who has set Jupyter up for something else."""
    config = tmp_path / "me" / ".jupyter"
    config.mkdir(parents=True)
    strange = {"ServerApp": {"preferred_dir": str(tmp_path / "gone"), "token": "", "password": ""}}
    (config / "jupyter_server_config.json").write_text(json.dumps(strange), encoding="utf-8")
    kernel = tmp_path / "other" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    spec = {"argv": ["other-python"], "display_name": "Other", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    return {
        "HOME": str(tmp_path / "me"),
        "USERPROFILE": str(tmp_path / "me"),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_PATH": str(tmp_path / "other"),
        "JUPYTER_TOKEN": "easy",
        "IPYTHONDIR": str(tmp_path / "me" / ".ipython"),
        "PYTHONSTARTUP": str(tmp_path / "me" / "startup.py"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def jupyter_with(variables: dict[str, str]) -> dict:
    """What a Jupyter server of this environment would be set to with these variables."""
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=variables, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_another_configuration_of_jupyter_is_not_read(tmp_path, foreign, monkeypatch):
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON"))}
    led = jupyter_with(plain | foreign)
    assert led["argv"] == ["other-python"] and led["config"]["ServerApp"]["token"] == ""
    for name, text in foreign.items():
        monkeypatch.setenv(name, text)
    ours = surroundings.course(tmp_path / "course")
    gone = {"JUPYTER_PATH", "JUPYTER_TOKEN", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE"}
    assert gone <= set(foreign) and not gone & set(ours)
    read = jupyter_with(ours)
    assert "other-python" not in read["argv"]
    assert not {"token", "password", "preferred_dir"} & set(read["config"].get("ServerApp", {}))
    assert Path(read["home"]).is_relative_to(tmp_path / "course")


def test_the_machines_configuration_is_not_read(monkeypatch):
    from jupyter_core import paths

    monkeypatch.setattr(paths, "SYSTEM_CONFIG_PATH", ["/foreign/config"])
    monkeypatch.setattr(paths, "SYSTEM_JUPYTER_PATH", ["/foreign/share"])
    assert "/foreign/config" in paths.jupyter_config_path()
    assert "/foreign/share" in paths.jupyter_path()
    from jupyterlab import labapp

    seen = []
    look = lambda: seen.extend(paths.jupyter_config_path() + paths.jupyter_path())
    monkeypatch.setattr(labapp, "main", look)
    with pytest.raises(SystemExit):
        lab.main()
    assert seen and not any("/foreign" in place for place in seen)
