// The bridge to JupyterLab: a card as an anywidget whose values Python can read and set.

import { mountCard } from "./card.js";
import { freshId, whenQuiet } from "./parts/dom.js";
import { followNotebook } from "./parts/follow.js";
import { openRecord } from "./parts/record.js";
import { beginAtStart } from "./parts/start.js";

const ASK_AGAIN = 15000; // ms; a busy kernel answers late, so ask again rather than give up
const ATTEMPTS = 8;

/** The `render` of an anywidget. */
export function renderWidget({ model, el }) {
  const push = () => {
    model.save_changes();
  };
  const pushQuietly = whenQuiet(push, 120);
  // JupyterLab's shortcuts match the focused element itself; without this mark they take the
  // sliders' arrow keys.
  el.addEventListener("focusin", (event) => {
    event.target.dataset.lmSuppressShortcuts = "true";
  });
  let own = null;
  const host = {
    get: () => model.get("values"),
    set(values, settled) {
      own = JSON.stringify(values);
      model.set("values", values);
      if (settled) push();
      else pushQuietly();
    },
    onChange: (callback) =>
      model.on("change:values", () => {
        if (JSON.stringify(model.get("values")) !== own) callback(model.get("values"));
      }),
    plotly: () => kernelPlotly(model),
    record: (message) => askPython(model, { ...message, kind: "record" }),
    items: () => kernelItems(model),
    shareable: false,
  };
  mountCard(el, model.get("_sent"), host);
  beginAtStart();
  followNotebook(openRecord(host), () => askPython(model, { kind: "sections" }));
}

/** One answer of the kernel to a message; a busy kernel answers when it is free. */
function askPython(model, message) {
  const id = freshId("ask");
  return new Promise((resolve) => {
    const receive = (answer) => {
      if (answer.kind !== message.kind || answer.id !== id) return;
      model.off("msg:custom", receive);
      resolve(answer);
    };
    model.on("msg:custom", receive);
    model.send({ ...message, id });
  });
}

/** The items of all quizzes: asked once per page, for whatever card needs them first. */
function kernelItems(model) {
  globalThis.hepaticaItems ??= askPython(model, { kind: "items" }).then(({ items }) => items);
  return Promise.resolve(globalThis.hepaticaItems);
}

/** plotly.js from the kernel: sent once per page, shared by all cards on it. */
function kernelPlotly(model) {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  globalThis.hepaticaPlotly ??= askKernel(model).catch((error) => {
    globalThis.hepaticaPlotly = undefined;
    throw error;
  });
  return globalThis.hepaticaPlotly;
}

function askKernel(model) {
  return new Promise((resolve, reject) => {
    let attempts = 0;
    const ask = () => {
      attempts += 1;
      if (attempts > ATTEMPTS)
        return finish(() =>
          reject(new Error("the kernel did not send plotly.js. Run the cell again.")),
        );
      model.send({ kind: "plotly" });
    };
    const timer = setInterval(ask, ASK_AGAIN);
    const finish = (end) => {
      clearInterval(timer);
      model.off("msg:custom", receive);
      end();
    };
    const receive = (message, buffers) => {
      if (message.kind !== "plotly") return;
      unpack(buffers[0]).then(
        (Plotly) => finish(() => resolve(Plotly)),
        (error) => finish(() => reject(error)),
      );
    };
    model.on("msg:custom", receive);
    ask();
  });
}

/**
 * Run the compressed library as a script of its own; JupyterLab has a module loader, which it must
 * not see.
 */
async function unpack(buffer) {
  const stream = new Blob([buffer]).stream().pipeThrough(new DecompressionStream("gzip"));
  const library = await new Response(stream).blob();
  const hidden = ["(function (module, exports, define) {", library, "\n}).call(globalThis);"];
  await runScript(new Blob(hidden, { type: "text/javascript" }));
  return globalThis.Plotly;
}

/** Run a script that the page does not have as a file. */
async function runScript(blob) {
  const script = document.createElement("script");
  script.src = URL.createObjectURL(blob);
  const ran = new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error("this page does not let plotly.js run."));
  });
  document.head.append(script);
  await ran.finally(() => {
    script.remove();
    URL.revokeObjectURL(script.src);
  });
}
