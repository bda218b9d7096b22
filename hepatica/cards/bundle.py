"""Join the modules of `frontend/` into one script.

The modules use one-line named imports of each other and unique names at top level, so joining them is a matter of
order: each after what it imports, with the import and export words dropped. A browser that opens a page from disk
loads classic scripts only, and an anywidget is one file; nothing needs a build step.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FRONTEND = Path(__file__).parent / "frontend"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) )", re.MULTILINE)
TOP_LEVEL = re.compile(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)


def classic() -> str:
    """One classic script for pages: it mounts every card of the page when the page is ready."""
    start = 'addEventListener("DOMContentLoaded", mountAll);\n'
    return f'"use strict";\n(() => {{\n{joined("card")}{start}}})();\n'


@cache
def widget() -> str:
    """One module for anywidget."""
    return f"{joined('jupyter')}export default {{ render: renderWidget }};\n"


@cache
def styles() -> str:
    """All styles of the cards: colours first, then shapes."""
    return "\n".join((FRONTEND / name).read_text(encoding="utf-8") for name in ("palette.css", "card.css"))


def joined(entry: str) -> str:
    """The module `entry` and everything it imports, in an order in which each comes after what it needs.

    Raises ValueError if two modules declare the same name or an import is not in the one-line form.
    """
    parts = {name: _stripped(name) for name in _in_order(entry, [])}
    _require_unique_names(parts)
    return "\n".join(parts.values())


def _in_order(name: str, done: list[str]) -> list[str]:
    """`done` with `name` appended, after everything it imports."""
    for needed in IMPORT.findall(_source(name)):
        if needed not in done:
            _in_order(needed, done)
    done.append(name)
    return done


def _source(name: str) -> str:
    return (FRONTEND / f"{name}.js").read_text(encoding="utf-8")


def _stripped(name: str) -> str:
    text = EXPORT.sub("", IMPORT.sub("", _source(name)))
    left = re.search(r"^(?:import|export)\b.*", text, re.MULTILINE)
    if left:
        raise ValueError(f'frontend/{name}.js: write "{left[0]}" as a one-line named import or export.')
    return text


def _require_unique_names(parts: dict[str, str]) -> None:
    owner: dict[str, str] = {}
    for module, text in parts.items():
        for name in TOP_LEVEL.findall(text):
            if owner.setdefault(name, module) != module:
                raise ValueError(f"frontend/{module}.js and frontend/{owner[name]}.js both declare {name}. Rename one.")
