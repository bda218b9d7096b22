// The worker in which a page's Python lives. Before this text stand the interpreter's own two
// scripts, and the models of the cards; after it nothing.
// They are handed over as `hepaticaWorker`: the interpreter's factory, and a model by its name.

const SECONDS = 10;
let deadline = Infinity;
let runTask = null;

/** Runs a model begin at time 0, so a run that is asked for later times gets that one first. */
const seriesOf = (model, values, times) => {
  const early = times[0] > 0;
  const found = model.series(values, early ? [0, ...times] : times);
  return Object.entries(found).map(([name, all]) => [name, Array.from(all).slice(early ? 1 : 0)]);
};

const answerOf = (asked) => {
  const { model, values, times, start } = JSON.parse(asked);
  try {
    const compiled = globalThis.hepaticaWorker.model(model, start);
    const found = times
      ? seriesOf(compiled, values, times)
      : Object.entries(compiled.evaluate(values));
    return JSON.stringify(Object.fromEntries(found));
  } catch (error) {
    return JSON.stringify({ error: String(error.message ?? error) });
  }
};

// The interpreter asks for its files by name; a page has no network, and needs none.
const serve = (parts) => {
  self.fetch = async (asked) => {
    const name = String(asked.url ?? asked)
      .split("/")
      .at(-1);
    if (name === "python_stdlib.zip") return new Response(parts.library);
    if (name === "pyodide.asm.wasm")
      return new Response(new Uint8Array(0), { headers: { "Content-Type": "application/wasm" } });
    throw new TypeError("Pages of this course do not use the network.");
  };
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module: parts.module,
    instance: await WebAssembly.instantiate(parts.module, imports),
  });
};

/** Python asks this "array" again and again whether somebody wants it to stop. */
const alarm = {
  get 0() {
    if (performance.now() < deadline) return 0;
    deadline = performance.now() + 200;
    return 2; // as Control-C does
  },
  set 0(_) {
    // Python takes note of the signal; there is nothing to keep
  },
};

async function begin(parts) {
  serve(parts);
  const python = await globalThis.loadPyodide({
    indexURL: "https://pyodide.invalid/",
    createPyodideModule: globalThis.hepaticaWorker.factory,
    lockFileContents: {
      info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten", python: "3.14.0" },
      packages: {},
    },
    stdin: () => null,
  });
  for (const [path, text] of Object.entries(parts.files)) {
    const file = `/course/${path}`;
    python.FS.mkdirTree(file.slice(0, file.lastIndexOf("/")));
    python.FS.writeFile(file, text);
  }
  python.globals.set("ask", answerOf);
  runTask = python.runPython(`
import json, sys
sys.path.insert(0, "/course")
from hepatica import model
from hepatica.site.python.runner import run
model.ask = ask
lambda task: json.dumps(run(*json.loads(task)))
`);
  python.setInterruptBuffer(alarm);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.parts) {
      await begin(data.parts);
      postMessage({ ready: true });
      return;
    }
    deadline = performance.now() + SECONDS * 1000;
    const answer = runTask(JSON.stringify([data.given, data.code, data.check]));
    postMessage({ answer: JSON.parse(answer) });
  } catch (error) {
    postMessage({ trouble: String(error.message ?? error) });
  } finally {
    deadline = Infinity;
  }
};
