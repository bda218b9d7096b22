// One card: its heading and, inside, what its kind needs. The same card lives in JupyterLab and on
// a page.

import { KINDS } from "./kinds.js";
import { element } from "./parts/dom.js";
import { mountFrame } from "./parts/frame.js";

/**
 * Mount a card into `container`.
 * @param {HTMLElement} container
 * @param {object} spec the card's JSON
 * @param {object} host get() → values, set(values, settled), onChange(callback), plotly() →
 * Promise, shareable
 */
export function mountCard(container, spec, host) {
  const named = { "data-kind": spec.kind, "data-card": spec.id, "aria-label": spec.title };
  const root = element("article.hepatica.hep-card", named, headOf(spec));
  container.replaceChildren(root);
  try {
    mountFrame(root, spec, host, KINDS[spec.kind]);
  } catch (error) {
    const words = `This card could not start: ${error.message}`;
    root.append(element("p.hep-verdict", { "data-state": "wrong", role: "alert" }, words));
    throw error;
  }
}

function headOf({ title, question }) {
  const asked = question ? element("p.hep-question", { html: question }) : null;
  return element("header.hep-head", {}, element("h3.hep-title", {}, title), asked);
}

/** A host for pages without a kernel. */
export function pageHost() {
  return {
    get: () => ({}),
    set: () => {},
    onChange: () => {},
    plotly: pagePlotly,
    shareable: true,
  };
}

/** Plotly as the page's own script tag provides it, once that has loaded. */
function pagePlotly() {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  return new Promise((resolve, reject) => {
    addEventListener(
      "load",
      () =>
        globalThis.Plotly
          ? resolve(globalThis.Plotly)
          : reject(new Error("plotly.min.js is missing beside this page.")),
      { once: true },
    );
  });
}

/**
 * Mount every `figure.hepatica-card` of the page from the JSON inside it, one per task, so that the
 * first is soon alive.
 */
export function mountAll() {
  const waiting = [...document.querySelectorAll("figure.hepatica-card")];
  const next = () => {
    const figure = waiting.shift();
    if (!figure) return showTarget();
    // asked for before mounting, so that a card that cannot start does not stop the others
    setTimeout(next, 0);
    mountCard(
      figure,
      JSON.parse(figure.querySelector("script[type='application/json']").textContent),
      pageHost(),
    );
  };
  next();
}

/** Scroll to the card that the address names, once all cards have their height. */
function showTarget() {
  document.documentElement.dataset.cards = "ready";
  document.getElementById(location.hash.slice(1).split("?")[0])?.scrollIntoView();
}
