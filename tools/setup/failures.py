"""What went wrong, in one sentence that says what to do."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

NEWEST_TESTED_PYTHON = (3, 14)
DISK_FULL = "The disk is full: free about {needed} MB, then start again; what has arrived is kept."
NOT_WRITABLE = (
    "This folder cannot be written ({folder}): copy the course to a folder of your own, "
    "then start course.py there."
)
FULL_WORDS = ("No space left", "not enough space", "[Errno 28]", "os error 28", "os error 112")
FULL_WORDS += ("Disk quota exceeded", "os error 122")
PIP_NO_ANSWER = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "ProxyError")
NO_ANSWER = (*PIP_NO_ANSWER, "Temporary failure", "getaddrinfo", "timed out", "dns error")
NO_ANSWER += ("Connection aborted", "Network is unreachable", "error sending request")
HINTS = [  # words in an installer's output, and what to do about them; the first that matches wins
    (FULL_WORDS, DISK_FULL),
    (("Read-only file system", "os error 30"), NOT_WRITABLE),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLError", "invalid peer certificate", "UnknownIssuer"),
        (
            "The connection was not trusted, often because of a virus scanner or a hospital "
            "network: try another network (a phone's will do) or ask the IT service for pip's "
            "proxy settings. Then start again."
        ),
    ),
    (
        NO_ANSWER,
        (
            "The network did not answer: check the connection, then start again; "
            "what has arrived is kept."
        ),
    ),
    (
        ("No matching distribution", "Could not find a version"),
        (
            "A package was not to be had for Python {python} on this machine. "
            "If that Python is newer than {newest}, use an older one; if there is no network, "
            "connect. Then start again."
        ),
    ),
    (
        ("os error 206", "WinError 206", "File name too long", "os error 36"),
        (
            "The path of this folder is too long: move the course nearer to the top of the disk, "
            "then start again."
        ),
    ),
    (
        ("Permission denied", "os error 13", "Access is denied", "os error 5"),
        (
            "A file of the environment could not be written: close JupyterLab and other Python "
            "windows of this course, then start again."
        ),
    ),
]
UNKNOWN = "Start again; if it fails again, show the file to whoever gave you this course."


def advice(text: str, **facts: object) -> str:
    """What to do about an installer's output."""
    hint = next((hint for words, hint in HINTS if any(word in text for word in words)), UNKNOWN)
    python, newest = (".".join(map(str, v[:2])) for v in (sys.version_info, NEWEST_TESTED_PYTHON))
    return hint.format(**{"python": python, "newest": newest} | facts)


def setup_failure(log: Path, needed: int = 2000) -> str:
    """Tell why the set-up failed: the end of the output and what to do."""
    text = log.read_text(encoding="utf-8", errors="replace")
    tail = "\n".join("    " + line for line in text.splitlines()[-8:])
    what = advice(text, needed=needed, folder=log.parent)
    return (
        f"The set-up failed. It ended like this:\n\n{tail}\n\n{what}\n"
        f"Everything it said is in {log}."
    )


def of_the_disk(error: OSError, root: Path, needed: int = 700) -> str:
    """One sentence if a write failed because the disk is full or the folder closed; else ""."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or getattr(error, "winerror", 0) == 112:
        return DISK_FULL.format(needed=needed)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        folder = os.path.dirname(error.filename) if error.filename else root
        return NOT_WRITABLE.format(folder=folder)
    return ""
