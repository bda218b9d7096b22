"""python.js: the interpreter, its library and the course's own parts, as one classic script.

A page opened from disk can load classic scripts and nothing else, so all of it travels as text in
one; it is loaded on the first Run and never before.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from hepatica.cards import bundle
from hepatica.site.errors import SiteError
from hepatica.site.python.engine import PACKAGE, VERSION
from hepatica.site.python.modules import files, models_script

HERE = Path(__file__).parent
LICENCES = HERE / "licences"
SCRIPT = "python.js"
WEIGHT_LIMIT = 8_000_000
"""Bytes of python.js."""
EXPORT = "export default _createPyodideModule"
OWN_ADDRESS = "import.meta.url"
NO_SCRIPTS = (
    # The interpreter knows a worker by this function, and refuses one that has it for good.
    'self.importScripts = () => { throw new TypeError("no scripts from outside"); };\n'
)


def python_script(engine: Mapping[str, bytes]) -> str:
    """The text of python.js; SiteError for an interpreter of another form, or too heavy a script."""
    parts = {
        "wasm": _packed(engine["pyodide.asm.wasm"]),
        "library": base64.b64encode(library(engine["python_stdlib.zip"])).decode(),
        "texts": _packed(json.dumps({"worker": worker_text(engine), "files": files()}).encode()),
    }
    text = f"// {licence()}\nglobalThis.hepaticaPython = {json.dumps(parts)};\n"
    if len(text) > WEIGHT_LIMIT:
        raise SiteError(
            f"{SCRIPT} weighs {len(text) / 1e6:.1f} MB, more than {WEIGHT_LIMIT / 1e6:.0f} MB. "
            "Take modules out of site/python/library.txt."
        )
    return text


def worker_text(engine: Mapping[str, bytes]) -> str:
    """Everything that the worker runs, as one script; SiteError when the interpreter's scripts do
    not have the form that is cut here."""
    module = engine["pyodide.asm.mjs"].decode()
    for mark, count in ((EXPORT, 1), (OWN_ADDRESS, 3)):
        if module.count(mark) != count:
            raise SiteError(f"{PACKAGE} {VERSION}: {mark!r} stands {module.count(mark)} times.")
    module = module.replace(EXPORT, "").replace(OWN_ADDRESS, '"https://pyodide.invalid/"')
    loader = engine["pyodide.js"].decode()
    own = (HERE / "worker.js").read_text(encoding="utf-8")
    return f"{NO_SCRIPTS}\n{module}\n;\n{loader}\n;\n{_models()}\n{own}"


def _models() -> str:
    """The models of the cards, ready to run by name."""
    return (
        f"globalThis.hepaticaWorker = (() => {{\n{bundle.joined('engine/models')}\n{models_script()}\n"
        "$engine_code.provide(FORMULAS);\n"
        "const started = (spec, start) => ({ ...spec, states: spec.states.map((state) => "
        "({ ...state, initial: start[state.name] ?? state.initial })) });\n"
        "const model = (name, start = {}) => "
        "$engine_models.compile(started(MODELS[name], start));\n"
        "return { model, factory: _createPyodideModule };\n})();\n"
    )


def library(stdlib: bytes) -> bytes:
    """Python's own library with the modules that library.txt names, as a zip file."""
    wanted = (HERE / "library.txt").read_text(encoding="utf-8").split()
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(stdlib)) as whole,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as small,
    ):
        for name in wanted:
            small.writestr(zipfile.ZipInfo(name), whole.read(name), zipfile.ZIP_DEFLATED, 9)
    return made.getvalue()


def licence() -> str:
    """Whose work python.js holds."""
    return (
        f"CPython for browsers: npm package {PACKAGE} {VERSION} (MPL-2.0), with Python's own library "
        "(PSF-2.0). The licences lie beside this file."
    )


def _packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()
