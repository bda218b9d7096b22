"""A small project with course.py in it, and the only packages that it can get: wheels of its own."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = """import json, os, sys, tinypackage
print(json.dumps([tinypackage.ANSWER, sys.prefix, sys.argv[1:], os.getcwd()]))
"""
HEADER = "# A set.\n# MB on the disk: 1; over the network: 1\n"


def make_wheel(folder: Path, name: str, version: str = "1.0", files: dict | None = None) -> None:
    """Write an installable package; {path: content} are files beside its module."""
    info = f"{name}-{version}.dist-info"
    content = {f"{name}.py": "ANSWER = 42\n"} | (files or {})
    content[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    content[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(f"{path},,{len(text)}\n" for path, text in content.items())
    content[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in content.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = (0o100755 if "/scripts/" in path else 0o100644) << 16
            wheel.writestr(entry, text)


def make_uv(root: Path, script: str | None = None) -> None:
    """Let the house have uv: the real one of this environment, or a script in its place."""
    version = importlib.metadata.version("uv")
    home = f"uv-{version}.data/scripts/"
    program = Path(sys.executable).with_name("uv.exe" if os.name == "nt" else "uv")
    content = program.read_bytes() if script is None else script.encode()
    make_wheel(root / "wheels", "uv", version, {home + program.name: content})


def build(root: Path) -> Path:
    """The house: read needs tinypackage, site also sitepackage, test also testpackage."""
    for folder in ("hepatica", "notebooks", "requirements", "wheels"):
        (root / folder).mkdir(parents=True)
    shutil.copy(ROOT / "course.py", root)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "tools" / "setup", root / "tools" / "setup", ignore=ignored)
    (root / "tools" / "__init__.py").touch()
    (root / "hepatica" / "__init__.py").touch()
    for file in ("hepatica/site.py", "tools/lab.py", "tools/bench.py"):
        (root / file).write_text(REPORT, encoding="utf-8")
    for name, package in zip(("read", "site", "test"), ("tiny", "site", "test"), strict=True):
        make_wheel(root / "wheels", f"{package}package")
        require(root, f"{package}package==1.0", name)
    return root


def require(root: Path, pins: str, name: str = "read") -> None:
    """Write a set of pins."""
    (root / "requirements" / f"{name}.txt").write_text(HEADER + pins + "\n", encoding="utf-8")


def environment(root: Path, **more: str) -> dict[str, str]:
    """Only the wheels of the house can be installed."""
    quiet = {key: text for key, text in os.environ.items() if not key.startswith(("PIP_", "UV_"))}
    own = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": (root / "wheels").as_uri(),
        "PYTHONUTF8": "1",
    }
    return quiet | own | more


def start(root: Path, *words: str, **more: str) -> subprocess.Popen:
    """Start course.py from another folder than its own."""
    return subprocess.Popen(
        [sys.executable, str(root / "course.py"), *words],
        env=environment(root, **more),
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root.parent,
    )


def finish(process: subprocess.Popen) -> tuple[int, str, str]:
    """Wait for the end: exit code, output, errors."""
    out, err = process.communicate(timeout=600)  # only a hanging one: the machine may be busy
    return process.returncode, out, err


def run(root: Path, *words: str, **more: str) -> tuple[int, str, str]:
    """Start course.py and wait for its end."""
    return finish(start(root, *words, **more))


def sets_of(root: Path) -> set[str]:
    """The sets that the stamp calls complete."""
    stamp = root / ".venv" / "hepatica-stamp.json"
    return set(json.loads(stamp.read_text(encoding="utf-8"))["sets"]) if stamp.exists() else set()
