"""The environment .venv: made once, added to when a command needs more, never another's."""

from __future__ import annotations

import ensurepip
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

from tools.setup import CourseError, failures, lock, say, sets, surroundings

UNFINISHED = "hepatica-unfinished"  # marks a .venv that we have begun to make
STAMP = "hepatica-stamp.json"  # says which sets are whole


# ---------------------------------------------------------------- where things are


def venv_python(venv: Path) -> Path:
    """Path of the interpreter inside a virtual environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def site_packages(venv: Path) -> Path:
    """Folder of installed packages inside a virtual environment."""
    if os.name == "nt":
        return venv / "Lib" / "site-packages"
    found = sorted((venv / "lib").glob("python*/site-packages"))
    return found[0] if found else venv / "lib"


def base_python(venv: Path) -> str:
    """The interpreter that the environment was made from, as it is found now;
    empty if it is gone."""
    lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
    interpreter = venv_python(venv)
    if not interpreter.exists() or not Path(settings.get("home", "")).is_dir():
        return ""
    return f"{settings.get('version', '?')} {os.path.realpath(interpreter)}"


def bundled_pip() -> Path:
    """The pip that came with this Python, as a wheel that runs where it lies."""
    folders = [Path(ensurepip.__file__).parent / "_bundled"]
    folders += [Path(folder) for folder in [sysconfig.get_config_var("WHEEL_PKG_DIR")] if folder]
    found = sorted(wheel for folder in folders for wheel in folder.glob("pip-*.whl"))
    if not found:
        raise CourseError(
            "This Python came without pip: reinstall Python from python.org, then start again."
        )
    return found[-1]


# ---------------------------------------------------------------- is it complete?


def stamped(root: Path) -> dict:
    """What the stamp of .venv says; {} if it belongs to another place or Python, or to nobody."""
    venv = root / ".venv"
    try:
        found = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        python = base_python(venv)
        fits = python and (found["python"], found["place"]) == (python, str(venv))
    except (OSError, ValueError, KeyError, TypeError):  # no stamp, half a stamp, no pyvenv.cfg
        return {}
    return found if fits else {}


def missing(root: Path, last: str) -> tuple[str, ...]:
    """The sets up to this one that are not complete with their present pins."""
    have = stamped(root).get("sets", {})
    return tuple(
        name for name in sets.up_to(last) if have.get(name) != sets.fingerprint(root, name)
    )


def is_ready(root: Path, last: str = "read") -> bool:
    """True if .venv holds every set up to this one and belongs to this Python and folder."""
    return not missing(root, last)


def write_stamp(root: Path, names: tuple[str, ...]) -> None:
    """Declare these sets complete, beside those that were."""
    venv = root / ".venv"
    have = stamped(root).get("sets", {}) | {name: sets.fingerprint(root, name) for name in names}
    content = {"python": base_python(venv), "place": str(venv), "sets": have}
    draft = venv / (STAMP + ".new")
    draft.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    os.replace(draft, venv / STAMP)


def look(root: Path, names: tuple[str, ...]) -> list[str]:
    """The pins of these sets that are not whole inside .venv.

    Raises CourseError if .venv has another interpreter, or does not find the course.
    """
    venv = root / ".venv"
    question = json.dumps({"pins": sets.pins(root, names), "pip": str(bundled_pip())})
    command = [str(venv_python(venv)), "-I", str(root / "tools" / "setup" / "whole.py")]
    run = subprocess.run(
        command,
        input=question,
        env=surroundings.plain(),
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise CourseError(f"The Python in {venv} does not work:\n\n{run.stderr[-500:]}")
    found = json.loads(run.stdout.splitlines()[-1])
    for what, is_, should in (
        ("is set up for", found["prefix"], venv),
        ("imports the course from", found["hepatica"] or "nowhere", root),
    ):
        if not Path(is_).exists() or not os.path.samefile(is_, should):
            raise CourseError(f"The Python in {venv} {what} {is_}, not {should}.")
    return found["lacking"]


# ---------------------------------------------------------------- making it


def remove_venv(venv: Path) -> None:
    """Delete an environment that the course has made, and nothing else."""
    if venv.is_symlink() or (venv.exists() and not venv.is_dir()):
        raise CourseError(f"{venv} is not a folder. Rename it, then start again.")
    if not venv.exists():
        return
    marks = [venv / STAMP, venv / UNFINISHED]
    if any(venv.iterdir()) and not any(mark.exists() for mark in marks):
        raise CourseError(f"{venv} was not made by this course. Rename it, then start again.")
    try:
        # the marks go last: an interrupted deletion must stay recognisable
        for child in venv.iterdir():
            if child not in marks:
                remove(child)
        shutil.rmtree(venv)
    except OSError as error:
        raise CourseError(
            f"The old environment could not be removed ({error}). "
            "Close JupyterLab and other Python windows of this course, then start again."
        ) from error


def remove(path: Path) -> None:
    """Delete a file, a link or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def make_venv(root: Path) -> None:
    """Create an empty .venv that finds the course, and stamp it with no set complete."""
    venv, log = root / ".venv", root / lock.LOG
    remove_venv(venv)
    venv.mkdir()
    note = "course.py removes this file when the environment is made\n"
    (venv / UNFINISHED).write_text(note, encoding="utf-8")
    # Started from inside the old environment, which is gone by now, only the interpreter below it
    # is left.
    python = getattr(sys, "_base_executable", None) or sys.executable
    command = [python, "-m", "venv", "--without-pip", str(venv)]
    with open(log, "ab") as output:
        plain = surroundings.plain()
        code = subprocess.call(command, stdout=output, stderr=output, env=plain, cwd=root)
    if code:
        raise CourseError(failures.setup_failure(log))
    put_on_path(root)
    write_stamp(root, ())
    (venv / UNFINISHED).unlink()


def put_on_path(root: Path) -> None:
    """Let the environment's Python find the hepatica package in the project folder.

    A .pth file does that without any build step: nothing to compile, nothing to reinstall after an
    edit, and data/ stays where the package expects it, beside hepatica/.
    """
    line = str(root)
    if not line.isascii() or line != line.strip():
        # Older Pythons read .pth files in the local code page, and all strip their lines; this
        # spelling is ASCII for every folder name.
        line = f"import sys; sys.path.append({line!a})"
    path = site_packages(root / ".venv") / "hepatica.pth"
    path.write_text(line + "\n", encoding="ascii")


def write_lab_settings(root: Path) -> None:
    """Set JupyterLab's defaults for this environment; what a reader chooses later still wins."""
    for name, content in surroundings.LAB_FILES.items():
        path = root / ".venv" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def check_place(root: Path, needed: int) -> None:
    """Say before anything is written why it could not succeed here; `needed` is in MB."""
    if os.pathsep in str(root):
        raise CourseError(
            f"The path of this folder holds a '{os.pathsep}' ({root}), which Python cannot take: "
            "rename that folder, then start again."
        )
    if not surroundings.writable(root):
        raise CourseError(failures.NOT_WRITABLE.format(folder=root))
    free = shutil.disk_usage(root).free // 1_000_000
    if free < needed:
        raise CourseError(
            f"This disk has {free} MB free and the course needs {needed}: "
            "free some, then start again."
        )


def room_needed(root: Path, last: str) -> int:
    """MB that the set-up will take at most; 0 where one goes on that was broken off."""
    have = stamped(root).get("sets")
    fresh = tuple(name for name in sets.up_to(last) if name not in (have or {}))
    return 0 if have == {} else sets.size(root, fresh)[0]


def ensure(root: Path, last: str = "read", ways: tuple[str, ...] = ("uv", "pip")) -> None:
    """Make sure that .venv holds every set up to this one, whatever was there before."""
    if is_ready(root, last):
        return
    from tools.setup import installer

    check_place(root, room_needed(root, last))
    with lock.only_one(root) as held:
        if is_ready(root, last):  # another start has done it while we waited
            return
        begin = time.time()
        say(sets.announcement(root, missing(root, last)))
        (root / lock.LOG).write_bytes(b"")
        if not stamped(root):
            make_venv(root)
        put_on_path(root)
        installer.install(root, sets.up_to(last), held, ways)
        write_lab_settings(root)
        write_stamp(root, sets.up_to(last))
        say(f"Set up in {time.time() - begin:.0f} s.")
