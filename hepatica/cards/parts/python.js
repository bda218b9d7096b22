// Python within the page: one worker, begun with the first run and kept; see site/python.

const PATIENCE = 12000; // ms; two seconds after Python should have stopped by itself
const START = 180000; // ms; Python starts in some three seconds, on a busy computer in many more
const TROUBLE = {
  missing:
    "Python is not beside this page. Copy the folder “assets” along with it, or open the notebook in JupyterLab.",
  start: "Python does not start in this browser",
  stopped:
    "Stopped: the run did not end by itself. Is there a loop that never ends? If the computer stays busy, close this page and open it again.",
};

let parts = null; // what python.js brought, ready for a worker
let worker = null; // a promise of the worker

/** The script that holds Python, as a promise of its parts. */
function load(address) {
  parts ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(unpacked(globalThis.hepaticaPython));
    script.onerror = () => reject(new Error(TROUBLE.missing));
    document.head.append(script);
  });
  return parts;
}

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** What was packed with gzip and written as base64, as a response to read from. */
const unzipped = (text) =>
  new Response(new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("gzip")));

async function unpacked({ wasm, library, texts }) {
  delete globalThis.hepaticaPython;
  const module = await WebAssembly.compile(await unzipped(wasm).arrayBuffer());
  const { worker: text, files } = await unzipped(texts).json();
  return { text, send: { module, library: bytesOf(library), files } };
}

async function begin(address) {
  const { text, send } = await load(address);
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const made = new Worker(url);
  const ready = heard(made, { parts: send });
  if (!(await within(START, ready))) throw new Error(`${TROUBLE.start}.`);
  return made;
}

/** What a promise brings, or null after so many ms. */
const within = (patience, promise) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, patience, null))]);

/** Post a message and wait for the answer; an error when the worker is in trouble. */
function heard(to, message) {
  return new Promise((resolve, reject) => {
    to.onmessage = ({ data }) =>
      data.trouble ? reject(new Error(`${TROUBLE.start}: ${data.trouble}`)) : resolve(data);
    to.onerror = (event) => reject(new Error(`${TROUBLE.start}: ${event.message ?? ""}`));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
    to.postMessage(message);
  });
}

/** Run a task {given, code, check}: promises {state, words, output}. Runs wait for each other. */
export async function runPython(address, task) {
  worker ??= begin(address);
  let at;
  try {
    at = await worker;
  } catch (error) {
    worker = null; // the next run tries again
    parts = null;
    return { state: "error", words: error.message, output: "" };
  }
  try {
    const told = await within(PATIENCE, heard(at, task));
    if (told) return told.answer;
  } catch (error) {
    return { state: "error", words: error.message, output: "" };
  }
  at.terminate();
  worker = null;
  return { state: "error", words: TROUBLE.stopped, output: "" };
}
