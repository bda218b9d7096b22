// Python within the page: one worker, begun with the first run and kept; see site/python.

const PATIENCE = 12000; // ms; two seconds after Python should have stopped by itself
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

async function unpacked({ wasm, library, worker: text, files }) {
  const stream = new Blob([bytesOf(wasm)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const module = await WebAssembly.compile(await new Response(stream).arrayBuffer());
  delete globalThis.hepaticaPython;
  return { text, send: { module, library: bytesOf(library), files } };
}

async function begin(address) {
  const { text, send } = await load(address);
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const made = new Worker(url);
  await heard(made, { parts: send });
  return made;
}

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
    return { state: "error", words: error.message, output: "" };
  }
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const told = await Promise.race([heard(at, task), late]);
  if (told) return told.answer;
  at.terminate();
  worker = null;
  return { state: "error", words: TROUBLE.stopped, output: "" };
}
