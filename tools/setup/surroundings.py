"""The environment variables of everything that course.py starts: the course's own settings and
nobody else's."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tools.setup import say

CHOSEN = "HEPATICA_JUPYTER"  # another folder for what JupyterLab keeps
# Settings that would let another Python, its packages or its start-up files leak into ours.
PYTHON = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONOPTIMIZE", "PYTHONSAFEPATH")
PYTHON += ("PYTHONUSERBASE", "PYTHONPLATLIBDIR", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV")
# A machine that keeps no bytecode compiles 2,500 modules anew for every kernel: five seconds each.
PYTHON += ("PYTHONDONTWRITEBYTECODE",)
FOREIGN = ("JUPYTER", "IPYTHON", "PIP_", "UV_")
OTHERS = (*PYTHON, "MPLBACKEND")
KEPT = ("PIP_CACHE_DIR", "UV_CACHE_DIR")
# JupyterLab asks on its first start whether it may fetch news, and looks for updates: a class
# needs neither.
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}
# nbgrader makes the students' copies; its menus, and its warnings about a missing grade book,
# would only puzzle a student. A teacher who wants them deletes these two files.
NBGRADER = ("formgrader", "validate_assignment", "assignment_list", "course_list")
NO_NBGRADER = {f"nbgrader.server_extensions.{name}": False for name in NBGRADER}
LAB_FILES = {  # files below .venv that set JupyterLab's defaults
    "share/jupyter/lab/settings/overrides.json": {
        "@jupyterlab/apputils-extension:notification": NO_NEWS
    },
    "etc/jupyter/labconfig/page_config.json": {"disabledExtensions": {"@jupyter/nbgrader": True}},
    "etc/jupyter/jupyter_server_config.d/zz-hepatica.json": {
        "ServerApp": {"jpserver_extensions": NO_NBGRADER}
    },
}


def plain() -> dict[str, str]:
    """The reader's environment without what other Pythons, Jupyters and installers left in it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not (name.startswith(FOREIGN) or name in OTHERS)
    }
    return kept | {"PYTHONUTF8": "1"}


def writable(folder: Path) -> bool:
    """True if a file can be written there; makes the folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def keeping_place(root: Path) -> Path:
    """Folder for what JupyterLab keeps: inside the course, in the reader's home if that is
    closed."""
    chosen = os.environ.get(CHOSEN)
    places = [Path(chosen)] if chosen else [root / ".hepatica" / "jupyter"]
    places.append(Path.home() / ".hepatica" / "jupyter")
    found = next((place for place in places if writable(place)), None)
    if found != places[0]:
        found = found or Path(tempfile.mkdtemp(prefix="hepatica-"))
        say(f"{places[0]} cannot be written, so JupyterLab keeps its settings in {found}.")
    return found


def jupyter(keep: Path) -> dict[str, str]:
    """Jupyter's variables: configuration from .venv, what a reader chooses in `keep`."""
    return {
        "JUPYTER_CONFIG_DIR": str(keep / "config"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_DATA_DIR": str(keep / "data"),
        "JUPYTER_RUNTIME_DIR": str(keep / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(keep / "lab" / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(keep / "lab" / "workspaces"),
        "IPYTHONDIR": str(keep / "ipython"),
    }


def course(root: Path) -> dict[str, str]:
    """For the commands of the course."""
    return plain() | jupyter(keeping_place(root))
