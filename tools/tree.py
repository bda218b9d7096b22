"""Which tree is served: tests and `refresh` start kernels in notebooks/, which find `hepatica`
through the environment.

An environment that was made for another copy of the project would silently serve that copy. `serve`
puts the tree in which the caller stands first, and `foreign` says in one sentence when something
else is served all the same.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

WHERE = "import hepatica; print(hepatica.__file__)"


def serve(root: Path) -> None:
    """Let every Python that this process starts, kernels among them,
    find the `hepatica` below `root` first."""
    others = [
        path
        for path in os.environ.get("PYTHONPATH", "").split(os.pathsep)
        if path and path != str(root)
    ]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(root), *others])


def served_to_kernels(folder: Path) -> Path:
    """The package that a kernel started in `folder` imports; "nowhere" if it finds none."""
    run = subprocess.run(
        [sys.executable, "-c", WHERE], cwd=folder, capture_output=True, text=True, check=False
    )
    return Path(run.stdout.strip() or "nowhere")


def served_here() -> Path:
    """The package that this process imports."""
    spec = importlib.util.find_spec("hepatica")
    return Path(spec.origin if spec and spec.origin else "nowhere")


def foreign(root: Path) -> str:
    """One sentence if this process or a kernel has another `hepatica` than the one below `root`;
    "" if all is well."""
    own = (root / "hepatica" / "__init__.py").resolve()
    for who, found in (
        ("this Python", served_here()),
        ("a kernel", served_to_kernels(root / "notebooks")),
    ):
        if found.resolve() != own:
            return (
                f"The hepatica that {who} imports is {found}, not {own}: "
                f"set this folder up with 'python3 course.py', and start from it."
            )
    return ""
