"""The coding tasks of an exercise, as a page runs them: what is given, the stub, the check.

A task is a cell to write in and the check after it. What it needs of the cells above is worked out
from the names: imports, values made from the ledger, and what an earlier task asked to write. A
task that needs a module which a page does not have stays in the notebook, and its page says so.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from nbformat import NotebookNode

from hepatica.site.python.modules import IN_PAGE, literal, models_of

LARGEST = 20_000
"""Letters of values that are written into a page; the dots of a crowd stay in the notebook."""
CHECKS = {"check", "check_raises"}
SOLUTION = re.compile(r"```python\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Task:
    """One coding task; `needs` are ids of earlier tasks, `missing` modules that no page has."""

    id: str
    given: str
    stub: str
    check: str
    solution: str
    needs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def there(self) -> tuple[str, ...]:
        """The names that a reader may use besides Python's own."""
        return tuple(sorted(_bound(ast.parse(self.given).body) - CHECKS))


@dataclass
class _Above:
    """What stands above a task: statements by the names that they make."""

    made: dict[str, ast.stmt] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)


def tasks_of(notebook: NotebookNode) -> list[Task]:
    """The coding tasks of an exercise notebook (the students' copy), in their order."""
    above, found, stub = _Above(), [], None
    cells = notebook.cells
    for index, cell in enumerate(cells):
        grading = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code":
            continue
        if grading.get("solution"):
            stub = (grading.get("grade_id", ""), cell.source)
        elif grading.get("grade") and stub:
            found.append(_task(stub, cell.source, _solution_after(cells, index), above))
            above.tasks |= dict.fromkeys(_bound(ast.parse(stub[1]).body), stub[0])
            stub = None
        else:
            for statement in ast.parse(cell.source).body:
                for name in _bound([statement]):
                    above.made.pop(name, None)  # made anew it stands where it was made last
                    above.made[name] = statement
    return found


def _solution_after(cells: list[NotebookNode], index: int) -> str:
    """The worked solution that follows a check; "" without one."""
    after = cells[index + 1] if index + 1 < len(cells) else None
    if after is None or "worked-solution" not in after.metadata.get("tags", []):
        return ""
    shown = SOLUTION.search(after.source)
    return shown[1] if shown else ""


def _task(stub: tuple[str, str], check: str, solution: str, above: _Above) -> Task:
    """A task from its cells and what stands above it."""
    identifier, code = stub
    own = {*_bound(ast.parse(code).body), *_bound(ast.parse(check).body)}
    wanted = _used(ast.parse(f"{code}\n{check}\n{solution}")) - own
    statements, needs = _closure(wanted, above)
    imports = [s for s in above.made.values() if isinstance(s, ast.Import | ast.ImportFrom)]
    made = {s for s in statements if s not in imports and _leans_on_absent(s, above)}
    baked = {s: text for s in made if (text := _baked(s, above))}
    rest, _ = _closure(wanted, above, leaves=baked)
    names = wanted | _names_in(rest - set(baked))
    lines, missing = [], []
    for statement in _in_order({*rest, *imports}, above):
        text, absent = (baked[statement], []) if statement in baked else _kept(statement, names)
        lines += [text] if text else []
        missing += absent if statement in rest else []
    return Task(
        identifier,
        "\n".join(lines),
        code,
        check,
        solution,
        tuple(needs),
        tuple(dict.fromkeys(missing)),
    )


def _closure(
    wanted: Iterable[str], above: _Above, leaves: Container[ast.stmt] = ()
) -> tuple[set[ast.stmt], list[str]]:
    """The statements above that make the wanted names, with what they need in turn (`leaves` need
    nothing); and the earlier tasks whose names are wanted."""
    open_names, statements, needs = list(wanted), set(), []
    while open_names:
        name = open_names.pop()
        statement = above.made.get(name)
        if statement is not None and statement not in statements:
            statements.add(statement)
            open_names += [] if statement in leaves else _used(statement)
        elif statement is None and name in above.tasks and above.tasks[name] not in needs:
            needs.append(above.tasks[name])
    return statements, needs


def _leans_on_absent(statement: ast.stmt, above: _Above) -> bool:
    """Whether a statement above needs a module that no page has."""
    needed, _ = _closure(_used(statement), above)
    names = _used(statement) | _names_in(needed)
    return any(_kept(each, names)[1] for each in needed)


def _baked(statement: ast.stmt, above: _Above) -> str:
    """What a statement makes, worked out now and written as values; "" where it cannot be."""
    needed, _ = _closure(_used(statement), above)
    names: dict = {}
    for each in [*_in_order(needed, above), statement]:
        exec(compile(ast.unparse(each), "given", "exec"), names)  # noqa: S102, the course's own
    made = {name: literal(names[name]) for name in sorted(_bound([statement])) if name in names}
    if not made or not all(made.values()) or sum(map(len, made.values())) > LARGEST:
        return ""
    lines = [f"{name} = {text}" for name, text in made.items()]
    records = any("SimpleNamespace(" in line for line in lines)
    return "\n".join([*(["from types import SimpleNamespace"] if records else []), *lines])


def _in_order(statements: set[ast.stmt], above: _Above) -> list[ast.stmt]:
    """Statements as they stand above, each once."""
    return [s for s in dict.fromkeys(above.made.values()) if s in statements]


def _kept(statement: ast.stmt, wanted: set[str]) -> tuple[str, list[str]]:
    """A statement as a page runs it, and the modules of its wanted names that no page has."""
    if isinstance(statement, ast.Import):
        there = [a for a in statement.names if is_in_page(a.name)]
        absent = [a.name for a in statement.names if a not in there and _name(a) in wanted]
        return (ast.unparse(ast.Import(there)) if there else ""), absent
    if isinstance(statement, ast.ImportFrom):
        there = [a for a in statement.names if is_in_page(statement.module or "", a.name)]
        absent = [a for a in statement.names if a not in there and _name(a) in wanted]
        text = ast.unparse(ast.ImportFrom(statement.module, there, 0)) if there else ""
        return text, [f"{statement.module}.{a.name}" for a in absent]
    return ast.unparse(statement), []


def is_in_page(module: str, name: str = "") -> bool:
    """Whether a page has a module, or a name of it."""
    if module == "hepatica" and name:
        return f"hepatica.{name}" in IN_PAGE
    if module.startswith("hepatica.models."):
        return bool(name) and name in models_of(module)
    return module in IN_PAGE or module.split(".")[0] in sys.stdlib_module_names


def _bound(body: list[ast.stmt]) -> set[str]:
    """The names that statements make."""
    found: set[str] = set()
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found.add(statement.name)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            found |= {_name(alias) for alias in statement.names}
        else:
            nodes = [*ast.walk(statement)]
            loops = [n.target for n in nodes if isinstance(n, ast.comprehension)]
            inner = {n for target in loops for n in ast.walk(target)}  # no names of the cell
            names = [n for n in nodes if isinstance(n, ast.Name) and n not in inner]
            found |= {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return found


def _name(alias: ast.alias) -> str:
    return alias.asname or alias.name.split(".")[0]


def _used(tree: ast.AST) -> set[str]:
    """The names that code reads, Python's own apart."""
    loaded = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    return {n.id for n in loaded} - set(dir(builtins))


def _names_in(statements: Iterable[ast.stmt]) -> set[str]:
    return {name for statement in statements for name in _used(statement)}
