"""The house stands: imports only go down, never in a circle; engines touch no page;
files stay short."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the top of the house to its ground; rooms of one floor may look at one another, but in no
# circle.
FLOORS = [
    {"site"},
    {"lessons", "show", "exercises"},
    {"cards"},
    {"analysis"},
    {"models"},
    {"model"},
    {"ledger"},
    {"hepatica"},  # the name and the version
]
# The same inside cards: first what mounts or bundles cards, then the kinds, the pictures, what
# every card has. Below these the engines (JavaScript) and the bundler (Python), which know no card.
CARD_FLOORS = [
    {"__init__", "card", "jupyter", "places", "tasks", "kinds.js"},
    {"kinds"},
    {"views"},
    {"parts"},
    {"engine", "bundle"},
]
MOST_PACKAGES, MOST_IMPORTS = 12, 30
MOST_LINES = {"hepatica/lessons": 400, "": 500}  # the first folder that holds a file counts
SOURCES = ("hepatica", "tools", "tests", "course.py", "conftest.py")
PAGE_WORDS = re.compile(r"\b(?:document|window|addEventListener)\b")
JS_IMPORT = re.compile(
    r"""\b(?:import|export)\b(?:[\w\s*{},]*\bfrom)?\s*\(?\s*["'](\.[^"']+)["']"""
)
JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)


class Edge(NamedTuple):
    """One module that imports another; modules are named by path without ending,
    from the root of the project."""

    source: str
    target: str


# ------------------------------------------------------------------------------ reading the imports


def python_modules(root: Path) -> dict[str, Path]:
    """Dotted name to file of every module of the package."""
    found = {}
    for path in sorted((root / "hepatica").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(tree: ast.AST, package: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Module and names of every import of a file, wherever it stands: a function's import is one
    too, and so is one under TYPE_CHECKING, because its reader has to know that module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield (
                ".".join([*above, *filter(None, [node.module])]),
                [alias.name for alias in node.names],
            )


def python_edges(root: Path) -> list[Edge]:
    """Every import that a module of the package makes: of its own modules by name,
    of foreign ones too."""
    modules, edges = python_modules(root), set()
    for name, path in modules.items():
        package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
        for base, names in imported(ast.parse(path.read_text(encoding="utf-8")), package):
            inside = [f"{base}.{item}" for item in names if f"{base}.{item}" in modules]
            whole = [base] if len(inside) < len(names) or not names else []
            edges |= {Edge(name, target) for target in [*inside, *whole]}
    return sorted(edges - {Edge(name, name) for name in modules})


def own(edges: Iterable[Edge]) -> list[Edge]:
    """Those from the package to the package."""
    return [edge for edge in edges if edge.target.partition(".")[0] == "hepatica"]


def without_comments(script: str) -> str:
    """JavaScript without its comments."""
    return JS_COMMENT.sub(" ", script)


def js_edges(root: Path) -> list[Edge]:
    """Every import of a JavaScript module of the cards, both as paths below hepatica/cards."""
    home, edges = root / "hepatica" / "cards", []
    for path in sorted(home.rglob("*.js")):
        for target in JS_IMPORT.findall(without_comments(path.read_text(encoding="utf-8"))):
            there = (path.parent / target).resolve()
            edges.append(
                Edge(
                    path.relative_to(home).as_posix(), there.relative_to(home.resolve()).as_posix()
                )
            )
    return edges


# ---------------------------------------------------------------------------------------- the rules


def room(module: str) -> str:
    """The package, or the module beside the packages, to which a module belongs."""
    return module.split(".")[1] if "." in module else "hepatica"


def card_room(module: str) -> str:
    """The same inside cards, for a dotted Python name or the path of a JavaScript module."""
    if module.endswith(".js"):
        first = PurePosixPath(module).parts[0]
        return first if first == "kinds.js" else first.removesuffix(".js")
    return (module.split(".") + ["__init__"])[2]


def upward(edges: Iterable[Edge], floors: list[set[str]], of=room) -> list[str]:
    """Imports that go up, and rooms that stand on no floor."""
    height = {name: level for level, names in enumerate(floors) for name in names}
    faults = []
    for source, target in edges:
        lost = [of(module) for module in (source, target) if of(module) not in height]
        if lost:
            faults.append(f"{source} → {target}: '{lost[0]}' stands on no floor")
        elif height[of(target)] < height[of(source)]:
            faults.append(f"{source} imports {target}, which is above it")
    return faults


def circles(edges: Iterable[Edge]) -> list[str]:
    """Each circle of imports once, written as a path from its first name in the alphabet back to
    that name."""
    after: dict[str, set[str]] = {}
    for source, target in edges:
        after.setdefault(source, set()).add(target)
    found, done = [], set()

    def walk(module: str, path: list[str]) -> None:
        if module in path:
            ring = path[path.index(module) :]
            turn = ring.index(min(ring))
            found.append(" → ".join([*ring[turn:], *ring[:turn], ring[turn]]))
        elif module not in done:
            for following in sorted(after.get(module, ())):
                walk(following, [*path, module])
            done.add(module)

    for module in sorted(after):
        walk(module, [])
    return found


def between_rooms(edges: Iterable[Edge]) -> set[Edge]:
    """Package-to-package imports, each once."""
    return {Edge(room(a), room(b)) for a, b in edges if room(a) != room(b)}


def too_many(edges: list[Edge]) -> list[str]:
    """What is above the limits on packages and on imports between them."""
    packages, imports = {room(module) for edge in edges for module in edge}, between_rooms(edges)
    return [
        f"{len(found)} {what}, at most {most}"
        for found, most, what in (
            (packages, MOST_PACKAGES, "packages"),
            (imports, MOST_IMPORTS, ("package-to-package imports")),
        )
        if len(found) > most
    ]


def strangers(root: Path, edges: Iterable[Edge]) -> list[str]:
    """Modules of the package that import what lies outside it in the project."""
    outside = {"tools", "tests", "course"} | {path.stem for path in (root / "tests").glob("*.py")}
    return [
        f"{edge.source} imports {edge.target}"
        for edge in edges
        if edge.target.partition(".")[0] in outside
    ]


def page_in_engines(root: Path) -> tuple[list[str], int]:
    """Engines that name the page or import from outside their folder,
    and how many engines there are."""
    home, faults = root / "hepatica" / "cards", []
    engines = sorted((home / "engine").rglob("*.js"))
    for path in engines:
        script = without_comments(path.read_text(encoding="utf-8"))
        faults += [f"{path.name} says '{word}'" for word in sorted(set(PAGE_WORDS.findall(script)))]
    faults += [
        f"{edge.source} imports {edge.target}"
        for edge in js_edges(root)
        if edge.source.startswith("engine/") and not edge.target.startswith("engine/")
    ]
    return faults, len(engines)


def source_files(root: Path) -> list[Path]:
    """Every Python, JavaScript and style file that somebody writes."""
    tops = [root / name for name in SOURCES]
    found = [path for top in tops for path in (top.rglob("*") if top.is_dir() else [top])]
    return sorted(
        path for path in found if path.suffix in (".py", ".js", ".css") and path.is_file()
    )


def long_files(root: Path) -> list[str]:
    """Files with more lines than their folder allows."""
    faults = []
    for path in source_files(root):
        name, lines = (
            path.relative_to(root).as_posix(),
            len(path.read_text(encoding="utf-8").splitlines()),
        )
        most = next(most for folder, most in MOST_LINES.items() if name.startswith(folder))
        faults += [f"{name}: {lines} lines, at most {most}"] if lines > most else []
    return faults


def circles_of_rooms(edges: Iterable[Edge]) -> list[str]:
    """Circles that packages go in even where their modules do not."""
    return circles(between_rooms(edges))


# --------------------------------------------------------------------------------------- this house


def test_imports_only_go_down():
    edges = own(python_edges(ROOT))
    assert len(edges) > 150 and len(python_modules(ROOT)) > 60
    assert upward(edges, FLOORS) == []
    assert circles_of_rooms(edges) == []


def test_no_import_goes_in_a_circle():
    python, script = own(python_edges(ROOT)), js_edges(ROOT)
    assert len(python) > 150 and len(script) > 50
    assert circles(python) == []
    assert circles(script) == []


def test_few_packages_that_know_few_others():
    edges = own(python_edges(ROOT))
    assert len(between_rooms(edges)) > 10
    assert too_many(edges) == []


def test_cards_stand_on_views_on_parts_on_engines():
    python = [
        edge
        for edge in own(python_edges(ROOT))
        if {room(edge.source), room(edge.target)} == {"cards"}
    ]
    script = js_edges(ROOT)
    assert len(python) > 30 and len(script) > 50
    assert upward(python, CARD_FLOORS, card_room) == []
    assert upward(script, CARD_FLOORS, card_room) == []


def test_the_package_needs_no_tool_and_no_test():
    edges = python_edges(ROOT)
    assert len(edges) > len(own(edges)) > 150
    assert strangers(ROOT, edges) == []


def test_engines_touch_no_page():
    faults, count = page_in_engines(ROOT)
    assert count >= 8
    assert faults == []


def test_files_are_short_enough_to_read():
    assert len(source_files(ROOT)) > 150
    assert {path.suffix for path in source_files(ROOT)} == {".py", ".js", ".css"}
    assert long_files(ROOT) == []


# ------------------------------------------------------------------------------------------ samples


def house(root: Path, **files: str) -> Path:
    """A small house: keyword `cards__kinds__quiz__js` is the text of
    hepatica/cards/kinds/quiz.js."""
    for key, text in files.items():
        *folders, name, ending = key.split("__")
        path = root.joinpath("hepatica", *folders, f"{name}.{ending}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


SOUND = {
    "ledger__tables__py": "import csv\n",
    "models__liver__py": "from hepatica.ledger import tables\n",
    "cards__kinds__quiz__py": "from hepatica.models.liver import a\nfrom ..parts import frame\n",
    "cards__parts__frame__py": "",
    "cards__kinds__quiz__js": 'import { a } from "../parts/dom.js"; // document\n',
    "cards__parts__dom__js": (
        'import { b } from "../engine/luck.js";\nexport const a = document.body;\n'
    ),
    "cards__engine__luck__js": (
        '/* no window here */\nexport const b = 1;\nexport const link = "https://x.org";\n'
    ),
    "site__pages__py": "import hepatica.cards.kinds.quiz\n",
}


def every_fault(root: Path) -> list[str]:
    """What any rule on imports finds in a house."""
    edges, script = python_edges(root), js_edges(root)
    inside = [edge for edge in own(edges) if {room(edge.source), room(edge.target)} == {"cards"}]
    return [
        *upward(own(edges), FLOORS),
        *circles(own(edges)),
        *circles_of_rooms(own(edges)),
        *circles(script),
        *upward([*inside, *script], CARD_FLOORS, card_room),
        *strangers(root, edges),
        *page_in_engines(root)[0],
    ]


def test_a_sound_house_passes(tmp_path):
    root = house(tmp_path, **SOUND)
    assert len(python_edges(root)) == 5 and len(js_edges(root)) == 2
    assert every_fault(root) == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (
            "ledger__tables__py",
            "import hepatica.site.pages\n",
            "hepatica.site.pages, which is above it",
        ),
        (
            "ledger__tables__py",
            "def late():\n    from ..models import liver\n",
            "hepatica.models.liver, which is above",
        ),
        (
            "ledger__tables__py",
            (
                "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import "
                "hepatica.site.pages\n"
            ),
            "hepatica.site.pages, which is above it",
        ),
        ("attic__trunk__py", "from hepatica.ledger import tables\n", "'attic' stands on no floor"),
        (
            "models__liver__py",
            "from hepatica.models.heart import b\n",
            ("hepatica.models.heart → hepatica.models.liver → "),
        ),
        (
            "cards__parts__frame__py",
            "from hepatica.cards.kinds import quiz\n",
            ("kinds.quiz, which is above it"),
        ),
        (
            "cards__parts__dom__js",
            'import { q } from "../kinds/quiz.js";\n',
            ("kinds/quiz.js, which is above it"),
        ),
        (
            "cards__kinds__quiz__js",
            'import {\n  a,\n} from "./forest.js";\n',
            ("kinds/forest.js → kinds/quiz.js → "),
        ),
        (
            "cards__engine__luck__js",
            'import { a } from "../parts/dom.js";\n',
            ("luck.js imports parts/dom.js"),
        ),
        (
            "cards__engine__luck__js",
            "export const wide = () => window.innerWidth;\n",
            ("luck.js says 'window'"),
        ),
        ("cards__engine__luck__js", 'document.createElement("p");\n', "luck.js says 'document'"),
        (
            "cards__engine__luck__js",
            'globalThis.addEventListener("x", y);\n',
            ("luck.js says 'addEventListener'"),
        ),
        (
            "models__liver__py",
            "from tools.node import Session\n",
            ("hepatica.models.liver imports tools.node"),
        ),
        ("models__liver__py", "import referee\n", "hepatica.models.liver imports referee"),
    ],
)
def test_a_crooked_house_is_refused(tmp_path, name, text, says):
    more = {
        "models__heart__py": "from .liver import a\n",
        "cards__kinds__forest__js": 'import { b } from "./quiz.js";\n',
    }
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "referee.py").touch()
    faults = every_fault(house(tmp_path, **(SOUND | more | {name: text})))
    assert any(says in fault for fault in faults), faults


def test_packages_in_a_circle_are_refused_without_modules_in_one(tmp_path):
    root = house(
        tmp_path,
        lessons__n01__py="import hepatica.exercises.a\n",
        exercises__a__py="",
        lessons__n02__py="",
        exercises__b__py="import hepatica.lessons.n02\n",
    )
    assert circles(own(python_edges(root))) == []
    assert circles_of_rooms(own(python_edges(root))) == ["exercises → lessons → exercises"]


def test_a_thirteenth_package_and_a_crowd_of_imports_are_refused():
    chain = [Edge(f"hepatica.p{i}.a", f"hepatica.p{i + 1}.a") for i in range(12)]
    assert too_many(chain[:11]) == [] and too_many(chain) == ["13 packages, at most 12"]
    crowd = [Edge(f"hepatica.p{i}.a", f"hepatica.p{j}.a") for i in range(8) for j in range(i)]
    assert too_many(crowd) == [] and len(crowd) == 28
    more = [Edge("hepatica.p8.a", f"hepatica.p{i}.a") for i in range(3)]
    assert too_many(crowd + more) == ["31 package-to-package imports, at most 30"]


def test_a_long_file_is_refused(tmp_path):
    root = house(
        tmp_path,
        cards__card__js="\n" * 500,
        models__liver__py="\n" * 501,
        lessons__n01__py="\n" * 401,
        lessons__n02__py="\n" * 400,
        cards__card__css="\n" * 502,
    )
    assert long_files(root) == [
        "hepatica/cards/card.css: 502 lines, at most 500",
        "hepatica/lessons/n01.py: 401 lines, at most 400",
        "hepatica/models/liver.py: 501 lines, at most 500",
    ]
