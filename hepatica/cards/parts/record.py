"""The reader's record as a file: what the cards in JupyterLab ask Python to keep.

The record is one JSON document, the same as in the browser of a page; engine/record.js says what
it holds, reads it and brings older versions up to date. Here it is only found, merged and written:
`.hepatica/record.json` beside the course, or in the user's data folder of Jupyter where that cannot
be written. Only the front end reads it; no output of a notebook depends on it. With
HEPATICA_RECORD=off in the environment nothing is read or written; another value names the folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir

from hepatica.ledger import DATA

SWITCH = "HEPATICA_RECORD"
PARTS = ("places", "predictions", "answers", "missions", "code", "letter")
FILE = "record.json"
STALE = 5.0  # seconds; a lock older than this was left by a program that ended
PATIENCE = 10.0  # seconds


class RecordError(ValueError):
    """A message or a file that is not of a record; says which."""


def folders() -> list[Path]:
    """Where the record may lie, the best place first."""
    chosen = os.environ.get(SWITCH, "")
    if chosen:
        return [Path(chosen)]
    return [DATA.parent / ".hepatica", Path(jupyter_data_dir()) / "hepatica"]


def answer(message: Mapping[str, Any], places: Sequence[Path] | None = None) -> dict[str, Any]:
    """What Python says to a card's message: {"state", "text"} with the record as it is now.

    `message["do"]` is "read", "keep" (entries [part, key, entry], readers, version), "aside" (the
    same, after setting the unreadable file aside) or "erase". The state is "kept", "off",
    "unwritable" or "newer" (then nothing was written). Raises RecordError for anything else.
    """
    if os.environ.get(SWITCH, "").lower() == "off":
        return {"state": "off", "text": None}
    for folder in places or folders():
        try:
            return _at(folder, message)
        except OSError:
            continue  # the next folder may be written; where none can, the reader is told
    return {"state": "unwritable", "text": None}


def _at(folder: Path, message: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of the record in one folder; OSError where it cannot be written."""
    acts = {"read": lambda _file, _message: "kept", "keep": _keep, "aside": _aside, "erase": _erase}
    if message.get("do") not in acts:
        raise RecordError(f"A record is not asked to {message.get('do')!r}.")
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        state = acts[message["do"]](folder / FILE, message)
        return {"state": state, "text": _text(folder / FILE)}


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None


def _keep(file: Path, message: Mapping[str, Any]) -> str:
    """Merge entries into the file; other notebooks' entries stay."""
    version = message["version"]
    found = _loaded(file)
    if found.get("version", version) > version:
        return "newer"
    record = {**found, "version": version}
    record["readers"] = list(dict.fromkeys([*found.get("readers", []), *message["readers"]]))
    for part, key, entry in message["entries"]:
        if part not in PARTS or not isinstance(key, str) or not isinstance(entry, dict):
            raise RecordError(f"The record does not take {key!r} in {part!r}.")
        record[part] = {**record.get(part, {}), key: entry}
    _write(file, json.dumps(record, indent=1) + "\n")  # in ASCII: also half a sign
    return "kept"


def _loaded(file: Path) -> dict[str, Any]:
    """The record of the file; one that cannot be read is set aside first."""
    if not file.is_file():
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        found = None
    if _is_record(found):
        return found
    _set_aside(file)
    return {}


def _is_record(found: Any) -> bool:
    """Whether this has the shape that `_keep` merges into."""
    return (
        isinstance(found, dict)
        and type(found.get("version")) is int
        and isinstance(found.get("readers", []), list)
        and all(isinstance(name, str) for name in found.get("readers", []))
        and all(isinstance(found.get(part, {}), dict) for part in PARTS)
    )


def _aside(file: Path, message: Mapping[str, Any]) -> str:
    """Set a file that the front end could not read aside, and begin again with what was sound."""
    if file.is_file():
        _set_aside(file)
    return _keep(file, message)


def _set_aside(file: Path) -> None:
    """Rename the file to a name that is still free."""
    names = (file.with_name(f"record-unreadable-{n}.json") for n in range(1, 10_000))
    os.replace(file, next(name for name in names if not name.exists()))


def _erase(file: Path, _message: Mapping[str, Any]) -> str:
    for each in (file, *file.parent.glob("record-unreadable-*.json")):
        each.unlink(missing_ok=True)
    return "kept"


def _write(file: Path, text: str) -> None:
    """Write in one step, so that no half file can exist."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=".record-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.replace(draft, file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One program at a time: several notebooks may be open, each with a kernel of its own."""
    lock, end = folder / ".lock", time.monotonic() + PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            _wait_for(lock, end)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _wait_for(lock: Path, end: float) -> None:
    """A short pause; a lock that nobody holds any more is taken away."""
    with contextlib.suppress(FileNotFoundError):
        if time.time() - lock.stat().st_mtime > STALE:
            lock.unlink()
    if time.monotonic() > end:
        raise TimeoutError(f"Another program holds {lock}.")
    time.sleep(0.01)
