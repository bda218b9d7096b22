"""pyproject.toml, the three sets of requirements/ and environment.yml agree with one another and
name no address."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tools.setup import sets
from tools.setup.whole import canonical

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = re.compile(r"https?:|file:|git\+|--\w|(?:^|\s)@\s", re.MULTILINE)


MACHINES = [  # a package may have two pins if no machine takes both
    {"sys_platform": platform, "python_full_version": python}
    for platform in ("linux", "darwin", "win32")
    for python in ("3.11.0", "3.12.0", "3.14.0")
]


def requirement_lines(text: str) -> list[str]:
    """The lines that ask for a package."""
    return [
        line.strip()
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]


def pin_problems(text: str) -> list[str]:
    """Everything in a set of pins that is not 'name==version' with an optional marker,
    or an address."""
    problems = [f"address or option: {found.group().strip()}" for found in ADDRESS.finditer(text)]
    names = []
    for line in requirement_lines(text):
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            problems.append(f"unreadable: {line}")
            continue
        for machine in MACHINES:
            if requirement.marker is None or requirement.marker.evaluate(machine):
                names.append((canonicalize_name(requirement.name), *machine.values()))
        if not re.fullmatch(r"==[0-9][0-9a-z.]*", str(requirement.specifier)):
            problems.append(f"not pinned: {line}")
    return problems + [f"twice: {name[0]}" for name in sorted(set(names)) if names.count(name) > 1]


def pins(text: str) -> dict[str, str]:
    """Name to version."""
    found = (Requirement(line) for line in requirement_lines(text))
    return {canonicalize_name(item.name): str(item.specifier).removeprefix("==") for item in found}


def direct_dependencies(project: dict) -> list[Requirement]:
    """What pyproject.toml asks for, extras included."""
    extras = project["project"]["optional-dependencies"]
    asked = [lines for name, lines in extras.items() if name != sets.HUB]  # tests/test_hub.py
    return [Requirement(line) for line in sum(asked, project["project"]["dependencies"])]


def dependency_problems(project: dict, pinned: dict[str, str]) -> list[str]:
    """Direct dependencies that have no pin, or one outside what pyproject.toml allows."""
    problems = []
    for item in direct_dependencies(project):
        version = pinned.get(canonicalize_name(item.name))
        if version is None:
            problems.append(f"no pin for {item.name}")
        elif not item.specifier.contains(version, prereleases=True):
            problems.append(f"{item.name} {version} is outside {item.specifier}")
    return problems


def conda_problems(text: str, project: dict) -> list[str]:
    """Anything in environment.yml but an allowed Python, pip,
    requirements/read.txt and the package itself."""
    dependencies = yaml.safe_load(text)["dependencies"]
    problems = [f"address: {found.group()}" for found in ADDRESS.finditer(text)]
    pip = [item["pip"] for item in dependencies if isinstance(item, dict)]
    if pip != [["-r requirements/read.txt", "-e ."]]:
        problems.append(f"pip installs {pip}")
    plain = [item for item in dependencies if isinstance(item, str)]
    python = [item.partition("=")[2] for item in plain if item.startswith("python=")]
    if len(python) != 1 or not SpecifierSet(project["project"]["requires-python"]).contains(
        python[0]
    ):
        problems.append(f"Python is {python}")
    others = [item for item in plain if not item.startswith("python=") and item != "pip"]
    return problems + [f"not from requirements/read.txt: {item}" for item in others]


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def requirements() -> str:
    """All three sets."""
    return "\n".join(sets.pins(ROOT, sets.SETS))


@pytest.mark.parametrize(
    "bad",
    [
        "numpy>=2",
        "numpy",
        "numpy==2.*",
        "--find-links x",
        "numpy==2 --hash=sha256:0",
        "numpy @ file:///wheels/numpy.whl",
        "numpy==2\nnumpy==3",
    ],
)
def test_every_requirement_is_pinned_without_addresses(requirements, bad):
    assert len(requirement_lines(requirements)) > 50
    assert pin_problems(requirements) == []
    assert pin_problems(bad)


def test_direct_dependencies_are_pinned(project, requirements):
    assert len(direct_dependencies(project)) > 20
    assert dependency_problems(project, pins(requirements)) == []
    without = {name: version for name, version in pins(requirements).items() if name != "sympy"}
    assert dependency_problems(project, without) == ["no pin for sympy"]
    assert dependency_problems(project, pins(requirements) | {"libroadrunner": "2.11.0"})


def asked_for(name: str, project: dict) -> list[Requirement]:
    """What pyproject.toml asks for in one set."""
    table = project["project"]
    lines = table["dependencies"] if name == "read" else table["optional-dependencies"][name]
    return [Requirement(line) for line in lines]


def with_all_they_need(wanted: list[Requirement]) -> set[str]:
    """Names of these packages and of all that they bring along on this machine."""
    found: set[tuple[str, str]] = set()
    todo = [one for item in wanted for one in parts(item, "")]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            lines = requires(one[0]) or []
            todo += [more for line in lines for more in parts(Requirement(line), one[1])]
    return {name for name, _ in found}


def parts(item: Requirement, extra: str) -> list[tuple[str, str]]:
    """The package with each of its extras that is asked for, if this machine needs it."""
    if item.marker and not item.marker.evaluate({"extra": extra}):
        return []
    return [(canonical(item.name), more) for more in ("", *item.extras)]


def pinned_here(names: tuple[str, ...]) -> set[str]:
    """Names in these sets of the pins that hold on this machine."""
    wanted = [Requirement(line) for line in sets.pins(ROOT, names)]
    return {
        canonical(item.name) for item in wanted if item.marker is None or item.marker.evaluate()
    }


def test_each_set_holds_what_its_packages_need_and_no_more(project):
    """So `--no-deps` leaves nothing out, and a reader gets nothing that only the checks need."""
    needed: set[str] = set()
    for name in sets.SETS:
        before = set(needed)
        needed |= with_all_they_need(asked_for(name, project))
        own = pinned_here((name,))
        assert len(own) > 5
        assert needed - before == own, f"{name}: {sorted((needed - before) ^ own)}"
    assert "pytest" not in pinned_here(("read", "site")) and "nbgrader" not in pinned_here(
        ("read",)
    )
    assert with_all_they_need([Requirement("jinja2")]) == {"jinja2", "markupsafe"}


def megabytes(names: tuple[str, ...]) -> float:
    """What the packages of these sets take here, in whole blocks of 4096 bytes."""
    files = [file for name in pinned_here(names) for file in distribution(name).files or []]
    paths = [Path(str(file.locate())) for file in files if file.suffix != ".pyc"]
    return sum(-(-path.stat().st_size // 4096) for path in paths if path.exists()) * 4096 / 1e6


@pytest.mark.parametrize("name", sets.SETS)
def test_the_size_that_is_said_is_the_size(name):
    said, measured = sets.size(ROOT, (name,))[0], megabytes((name,))
    # wheels of other systems differ by some tenths
    assert 0.75 * said < measured < 1.25 * said, f"{name}: {measured:.0f} MB"
    assert not 0.75 * 2 * said < measured


def test_reading_stays_small():
    assert sets.size(ROOT, ("read",))[0] < 700 < sets.size(ROOT, sets.SETS)[0]


def test_conda_installs_the_same_versions(project):
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert conda_problems(text, project) == []
    for good, bad in (
        ("python=3.12", "python=3.10"),
        ("-r requirements/read.txt", "numpy"),
        ("  - pip\n", "  - pip\n  - scipy\n"),
        ("conda-forge", "https://example.org/channel"),
    ):
        assert good in text
        assert conda_problems(text.replace(good, bad, 1), project), bad


def version_here(name: str) -> str:
    """The installed version; a word that no pin allows if there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def differences(text: str) -> list[str]:
    """Pins for this machine that are not what is installed here."""
    wanted = [Requirement(line) for line in requirement_lines(text)]
    here = {
        item: version_here(item.name)
        for item in wanted
        if item.marker is None or item.marker.evaluate()
    }
    assert here, "no requirement applies to this machine"
    return [
        f"{item.name}: {found}"
        for item, found in here.items()
        if str(item.specifier) != f"=={found}"
    ]


def test_running_environment_is_the_pinned_one(requirements):
    """What the tests run on is what readers get."""
    assert differences(requirements) == []
    assert differences("pytest==0.1\nno-such-package-here==1") == [
        f"pytest: {version('pytest')}",
        "no-such-package-here: absent",
    ]


def test_course_and_package_ask_for_the_same_python(project):
    source = (ROOT / "course.py").read_text(encoding="utf-8")
    oldest = re.search(r"^OLDEST_PYTHON = \((\d+), (\d+)\)$", source, re.MULTILINE)
    assert project["project"]["requires-python"] == ">={}.{}".format(*oldest.groups())


def versions(citation: str, package: str, project: dict) -> set[str]:
    """The version as three files state it."""
    in_package = re.search(r'^__version__ = "(.+)"$', package, re.MULTILINE).group(1)
    return {str(yaml.safe_load(citation)["version"]), in_package, project["project"]["version"]}


def test_one_version_everywhere(project):
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    package = (ROOT / "hepatica" / "__init__.py").read_text(encoding="utf-8")
    assert len(versions(citation, package, project)) == 1
    assert len(versions(citation.replace("version: 0", "version: 9"), package, project)) == 2


def test_editable_build_puts_the_project_on_the_path(tmp_path):
    """What '-e .' in environment.yml does, without a network: build the editable wheel, unpack it,
    import."""
    copy, installed = tmp_path / "copy", tmp_path / "installed"
    shutil.copytree(
        ROOT / "hepatica", copy / "hepatica", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(ROOT / name, copy / name)
    build = "from setuptools.build_meta import build_editable; print(build_editable({!r}))"
    wheel = output_of(build.format(str(tmp_path)), copy)
    with zipfile.ZipFile(tmp_path / wheel.split()[-1]) as archive:
        archive.extractall(installed)
    where = "import site; site.addsitedir({!r}); import hepatica; print(hepatica.__file__)"
    assert (
        Path(output_of(where.format(str(installed)), tmp_path, "-S").strip())
        == copy / "hepatica" / "__init__.py"
    )
    with pytest.raises(AssertionError, match="No module named 'hepatica'"):
        output_of(where.format(str(tmp_path)), tmp_path, "-S")


def output_of(code: str, folder: Path, *options: str) -> str:
    """Run Python code in a folder and return what it printed."""
    command = [sys.executable, *options, "-c", code]
    # it would lead to our tree
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(
        command, cwd=folder, env=plain, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout
