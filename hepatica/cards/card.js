// One card: its heading and, inside, what its kind needs. The same card lives in JupyterLab and on
// a page.

import { KINDS } from "./kinds.js";
import { element } from "./parts/dom.js";
import { mountFrame } from "./parts/frame.js";
import { pageItems } from "./parts/items.js";

/**
 * Mount a card into `container`.
 * @param {HTMLElement} container
 * @param {object} spec the card's JSON
 * @param {object} host get() → values, set(values, settled), onChange(callback), plotly() →
 * Promise, shareable
 */
export function mountCard(container, spec, host) {
  const named = { "data-kind": spec.kind, "data-card": spec.id };
  const heading = headingOf(spec, levelIn(container), (words) =>
    root.setAttribute("aria-label", words),
  );
  const root = element("article.hepatica.hep-card", named, heading.node);
  container.replaceChildren(root);
  try {
    mountFrame(root, spec, host, KINDS[spec.kind], heading);
  } catch (error) {
    const words = `This card could not start: ${error.message}`;
    root.append(element("p.hep-verdict", { "data-state": "wrong", role: "alert" }, words));
    throw error;
  }
}

/**
 * The heading: what was found and what was asked. Before the reader has committed it is the
 * question alone, since what was found would be the answer.
 */
function headingOf({ title, question }, level, name) {
  const asked = element("p.hep-question", { html: question });
  const words = element("h3.hep-title", level === 3 ? {} : { "aria-level": level });
  const show = (veiled) => {
    if (veiled) words.innerHTML = question;
    else words.textContent = title;
    asked.hidden = veiled || !question;
    name(words.textContent);
  };
  return { node: element("header.hep-head", {}, words, asked), show };
}

/** The level of a card's heading: right under the page's own title it is the second. */
function levelIn(container) {
  const before = [...document.querySelectorAll("h1, h2")].filter(
    (heading) => heading.compareDocumentPosition(container) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  return before.at(-1)?.tagName === "H1" ? 2 : 3;
}

/** A host for pages without a kernel. */
function pageHost() {
  return {
    get: () => ({}),
    set: () => {},
    onChange: () => {},
    plotly: pagePlotly,
    items: pageItems,
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
  const linked = document.getElementById(location.hash.slice(1).split("?")[0]);
  const fold = linked?.closest("details.aside");
  if (fold) fold.open = true; // a link to a card opens the fold that it lies in
  linked?.scrollIntoView();
}
