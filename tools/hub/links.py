"""A link for each notebook: it starts a student's server, brings the course up to date into a
copy of their own (nbgitpuller keeps what they changed) and opens the notebook there."""

from __future__ import annotations

from html import escape
from urllib.parse import quote, urlencode

from hepatica import ledger

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Hepatica on our server</title>
<h1>Hepatica on our server</h1>
<p>A link signs you in, brings the newest notebooks and keeps what you have written.</p>
<ol start="0">
{lines}
</ol>
</html>"""


def folder_of(repository: str) -> str:
    """The folder into which nbgitpuller puts a repository: the last part of its address."""
    return repository.rstrip("/").rpartition("/")[2].removesuffix(".git")


def link(hub: str, repository: str, path: str, branch: str = "main") -> str:
    """The address that opens one file of a repository in each student's own copy."""
    folder = folder_of(repository)
    asked = {
        "repo": repository,
        "branch": branch,
        "targetpath": folder,
        "urlpath": f"lab/tree/{quote(f'{folder}/{path}')}",
    }
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(asked)}"


def links(hub: str, repository: str, branch: str = "main") -> list[tuple[str, str]]:
    """(question, address) of every notebook, in order."""
    rows = ledger.table("notebooks").itertuples()
    paths = [(row.question, f"notebooks/{row.key}_{row.slug}.ipynb") for row in rows]
    return [(question, link(hub, repository, path, branch)) for question, path in paths]


def page(hub: str, repository: str, branch: str = "main") -> str:
    """All links as one small page, to put where a class finds it."""
    found = links(hub, repository, branch)
    lines = [f'<li><a href="{escape(address)}">{escape(name)}</a></li>' for name, address in found]
    return PAGE.format(lines="\n".join(lines))
