"""Join the modules of the cards into one script.

Each module becomes a closure that returns what it exports, in an order in which each comes after
what it imports; so names are free and folders are allowed. A browser that opens a page from disk
loads classic scripts only, and an anywidget is one file; nothing needs a build step on a reader's
machine.

A module may write `import { a, b as c } from "./other.js";` and export functions, classes and
constants where it declares them. The kinds of card are found by themselves: `kinds.js` lists every
folder of `kinds/`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parent
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]*)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(async )?(function\*?|const|class) (\w+))", re.MULTILINE)
DOC = re.compile(r"^[ \t]*/\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
"""A comment that documents what follows: it stays in the source, a page need not carry it."""
LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
KINDS = "kinds"
"""The module that lists the kinds of card; it is made, not written."""


def classic() -> str:
    """One classic script for pages: it mounts every card of the page when the page is ready."""
    return (
        '"use strict";\n(() => '
        f"{{\n{joined('card')}\n$engine_code.provide(globalThis.hepaticaFormulas ?? "
        f'[]);\naddEventListener("DOMContentLoaded", $card.mountAll);\n}})();\n'
    )


MODULES = "globalThis.hepaticaModules"
"""Where the shared script leaves its modules for the scripts of kinds."""
NO_KINDS = (
    f"// {KINDS}.js\nconst ${KINDS} = (() => {{\nconst KINDS = {{}};\nreturn {{ KINDS }};\n}})();\n"
)


def shared() -> str:
    """One classic script for every page with cards: what all cards need and what several kinds do.
    The page's kinds come after it, each with `kind_script`."""
    names = shared_modules()
    closures = "\n".join(NO_KINDS if name == KINDS else _closure(name) for name in names)
    return (
        f'"use strict";\n{MODULES} = (() => {{\n{closures}\n'
        "$engine_code.provide(globalThis.hepaticaFormulas ?? []);\n"
        'addEventListener("DOMContentLoaded", $card.mountAll);\n'
        f"return {{ {', '.join(map(variable, names))} }};\n}})();\n"
    )


def kind_script(kind: str) -> str:
    """One classic script with what one kind of card needs alone."""
    entry, common = f"kinds/{kind}/card", set(shared_modules())
    own = [name for name in _order(entry) if name not in common]
    used = {module for name in own for module, _ in _imports(name)} | {entry}
    taken = sorted((used & common) | {KINDS})
    closures = "\n".join(map(_closure, own))
    return (
        f'"use strict";\n(() => {{\nconst {{ {", ".join(map(variable, taken))} }} = {MODULES};\n'
        f"{closures}\n${KINDS}.KINDS.{kind} = {variable(entry)}.mount;\n}})();\n"
    )


@cache
def shared_modules() -> tuple[str, ...]:
    """The modules that a card of any kind needs, or that cards of several kinds do, in their
    order."""
    of_kinds = [set(_order(f"kinds/{kind}/card")) for kind in kinds()]
    always = {"card", KINDS}.union(*(_order(name) for name, _ in _imports("card") if name != KINDS))
    several = {name for each in of_kinds for name in each if sum(name in o for o in of_kinds) > 1}
    return tuple(name for name in _order("card") if name in always | several)


def places() -> str:
    """One classic script for pages: it keeps the reader's place, with cards on the page or without."""
    return _started("places", "startPlaces")


def tasks() -> str:
    """One classic script for the pages of exercises: it brings their coding tasks to life."""
    return _started("tasks", "startTasks")


def _started(entry: str, begin: str) -> str:
    """A module with what it needs as a classic script that begins once the page is read."""
    return (
        f'"use strict";\n(() => {{\n{joined(entry)}\n'
        f'addEventListener("DOMContentLoaded", ${entry}.{begin});\n}})();\n'
    )


@cache
def widget() -> str:
    """One module for anywidget, without its last line: what the card's own formulas are,
    and what it exports."""
    return joined("jupyter")


def widget_with(code: str) -> str:
    """The module for one card, with the functions that `hepatica.model.code` wrote for it."""
    return (
        f"{widget()}\n$engine_code.provide({code});\nexport default {{ render: "
        f"$jupyter.renderWidget }};\n"
    )


@cache
def styles() -> str:
    """All styles of the cards: colours first, then what all share, then each kind's own."""
    own = sorted([*HERE.glob("views/*.css"), *HERE.glob("kinds/*/*.css")])
    palette, *more = [path.read_text(encoding="utf-8") for path in (*shared_styles(), *own)]
    return "\n".join([palette, fallback(palette), *more])


PAIR = re.compile(r"(--[a-z-]+): light-dark\((#\w+), #\w+\);")


def fallback(palette: str) -> str:
    """Styles for browsers that do not know light-dark(): the palette's light colours, always."""
    light = PAIR.findall(palette)
    lines = "\n".join(f"    {name}: {colour};" for name, colour in light)
    return (
        f"@supports not (color: light-dark({light[0][1]}, {light[0][1]})) {{\n"
        f"  :root,\n  .hepatica {{\n    color-scheme: light !important;\n{lines}\n  }}\n}}\n"
    )


def shared_styles() -> list[Path]:
    """The style files of the parts, colours first."""
    return sorted(
        HERE.glob("parts/*.css"), key=lambda path: (path.name != "palette.css", path.name)
    )


def kinds() -> list[str]:
    """The kinds of card: the folders of `kinds/` with a `card.js`."""
    return sorted(path.parent.name for path in HERE.glob("kinds/*/card.js"))


def kinds_module() -> str:
    """The made module that lists the kinds."""
    imports = "".join(
        f'import {{ mount as {kind} }} from "./kinds/{kind}/card.js";\n' for kind in kinds()
    )
    return f"{imports}\nexport const KINDS = {{ {', '.join(kinds())} }};\n"


def joined(entry: str) -> str:
    """The module `entry` and everything it imports, as closures in an order in which each comes
    after what it needs.

    Raises ValueError for modules that import each other in a circle, for an import or export in
    another form, and for an imported name that the other module does not export.
    """
    return "\n".join(map(_closure, _order(entry)))


def _order(entry: str) -> list[str]:
    """The module `entry` after everything that it imports."""
    order: list[str] = []
    _visit(entry, order, ())
    return order


def _visit(name: str, done: list[str], path: tuple[str, ...]) -> None:
    """Append `name` to `done` after everything that it imports."""
    if name in path:
        raise ValueError(
            f"{' imports '.join((*path[path.index(name) :], name))}. "
            "Move what both need into a third module."
        )
    if name in done:
        return
    for needed, _ in _imports(name):
        _visit(needed, done, (*path, name))
    done.append(name)


def _imports(name: str) -> list[tuple[str, str]]:
    """The modules that `name` imports, with the names that it takes from each."""
    folder = PurePosixPath(name).parent
    return [(_normal(folder / target), names) for names, target in IMPORT.findall(source(name))]


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


@cache
def source(name: str) -> str:
    """The text of a module by its path without `.js`, such as "engine/solver"."""
    if name == KINDS:
        return kinds_module()
    return (HERE / f"{name}.js").read_text(encoding="utf-8")


def variable(name: str) -> str:
    """The constant that holds a module: "engine/solver" is `$engine_solver`."""
    return "$" + name.replace("/", "_").replace("-", "_")


def exports(name: str) -> list[str]:
    """The names that a module exports."""
    return [match[3] for match in EXPORT.finditer(source(name))]


def _closure(name: str) -> str:
    text = DOC.sub("", EXPORT.sub("", IMPORT.sub("", source(name))))
    left = LEFT.search(text)
    if left:
        raise ValueError(
            f'cards/{name}.js: write "{left[0]}" as a named import of "./…js", '
            "or export a function, class or constant where it is declared."
        )
    taken = "".join(
        f"const {{ {_renamed(name, module, names)} }} = {variable(module)};\n"
        for module, names in _imports(name)
    )
    return (
        f"// {name}.js\nconst {variable(name)} = (() => {{\n{taken}{text.strip()}\nreturn {{ "
        f"{', '.join(exports(name))} }};\n}})();\n"
    )


def _renamed(importer: str, module: str, names: str) -> str:
    """The names of an import as a destructuring; raises ValueError for one that the module does not
    export."""
    items = [item.split(" as ") for item in (part.strip() for part in names.split(",")) if item]
    for original, *_ in items:
        if original not in exports(module):
            raise ValueError(
                f"cards/{importer}.js imports {original}, which cards/{module}.js does not export."
            )
    return ", ".join(": ".join(item) for item in items)
