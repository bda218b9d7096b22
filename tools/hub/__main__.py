"""A class's own server, on one machine: `python3 course.py hub`, told in tools/hub/README.md.

hub --trial              try it on this machine: one password, no limits, nobody else can come in
hub --admin NAME         for a class: NAME writes down who may come in; an account, a copy and
                         limits for each
hub links HUB REPOSITORY print a page with a link for each notebook
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import secrets
import sys
from pathlib import Path

from tools.hub import links

ROOT = Path(__file__).resolve().parents[2]
CONFIG = Path(__file__).with_name("jupyterhub_config.py")
SETTINGS = "HEPATICA_HUB"  # how the settings reach JupyterHub's configuration
SYSTEMD = Path("/run/systemd/system")  # there where systemd runs the machine


def parser() -> argparse.ArgumentParser:
    """The words that the command takes."""
    made = argparse.ArgumentParser(
        prog="course.py hub", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    made.add_argument("--trial", action="store_true", help="one password, no limits; here only")
    made.add_argument("--admin", default="", help="who writes down the students' names")
    made.add_argument("--ip", default="127.0.0.1", help="where it listens; here only, if not said")
    made.add_argument("--port", type=int, default=8000, help="and the two ports after it, inside")
    made.add_argument("--certificate", default="", help="file of the TLS certificate")
    made.add_argument("--key", default="", help="file of its key")
    made.add_argument("--state", default=str(ROOT / "_hub"), help="folder for what the hub keeps")
    made.add_argument("--memory", default="1G", help="most that a student may use")
    made.add_argument("--cpu", type=float, default=1.0, help="most processors that one may use")
    made.add_argument("--idle", type=int, default=3600, help="seconds until an idle server stops")
    return made


def here_only(ip: str) -> bool:
    """True if only this machine can reach the address; a name other than localhost counts as
    open."""
    try:
        return ip == "localhost" or ipaddress.ip_address(ip).is_loopback
    except ValueError:
        return False


def problem(asked: argparse.Namespace, root: bool, systemd: bool) -> str:
    """Say in one sentence what makes this start unsafe or impossible; "" if nothing does."""
    if asked.trial and not here_only(asked.ip):
        return (
            f"--trial lets everybody in with one password and would listen on {asked.ip}: "
            "leave --ip out, or start it for a class with --admin."
        )
    if not here_only(asked.ip) and not (asked.certificate and asked.key):
        return (
            f"On {asked.ip} passwords would travel in clear: name --certificate and --key, or "
            "leave --ip out and put a web server with TLS before it."
        )
    if asked.trial:
        return ""
    if not asked.admin:
        return "Name who writes down the students, --admin NAME; or try it alone with --trial."
    if not (root and systemd):
        return (
            "For a class the hub needs root and systemd: they give each student an account and "
            "hold them to their memory. Try it without with --trial."
        )
    return ""


def settings(asked: argparse.Namespace) -> dict:
    """What the configuration gets to know; a trial's password is drawn anew at each start."""
    state = Path(asked.state).resolve()
    password = os.environ.get("HEPATICA_HUB_PASSWORD") or secrets.token_urlsafe(9)
    return vars(asked) | {"state": str(state), "password": password if asked.trial else ""}


def start(asked: argparse.Namespace) -> None:
    """Run JupyterHub in place of this process."""
    chosen = settings(asked)
    Path(chosen["state"]).mkdir(parents=True, exist_ok=True, mode=0o700)
    if asked.trial:
        where = f"http://{asked.ip}:{asked.port}"
        print(f"{where}: any name, the password {chosen['password']}", flush=True)
    words = [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG)]
    os.chdir(chosen["state"])
    os.execve(words[0], words, os.environ | {SETTINGS: json.dumps(chosen)})


def print_links(words: list[str]) -> int:
    """Print the page of links for a hub and a repository; the exit code."""
    if len(words) not in (2, 3):
        print("Name both: hub links HUB REPOSITORY [BRANCH]", file=sys.stderr)
        return 1
    print(links.page(*words))
    return 0


def main(words: list[str]) -> int:
    """Start the hub or say why not; the exit code."""
    if words[:1] == ["links"]:
        return print_links(words[1:])
    if os.name == "nt":
        print("JupyterHub does not run on Windows; take a Linux machine.", file=sys.stderr)
        return 1
    asked = parser().parse_args(words)
    trouble = problem(asked, os.geteuid() == 0, SYSTEMD.is_dir())
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    start(asked)
    return 0  # not reached: JupyterHub has taken over


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
