// Drawings: an SVG whose named parts can be pointed at, focused, coloured by layers and driven by a
// model.

import { element, freshId, putText } from "../parts/dom.js";
import { functionOf } from "../engine/code.js";
import { formatNumber } from "../engine/rules.js";
import { shortName } from "../engine/told.js";
import { keepLegible } from "./lift.js";
import { createStreams } from "./stream.js";

/**
 * Put a drawing on the page.
 * @param {HTMLElement} container
 * @param {object} view the drawing's part of the card's JSON: svg, alt, parts, layers, bindings;
 * `told` is the id of what describes it, where it is told elsewhere
 * @param {function} onPick called with the id of the part that the reader picked
 * @returns {{update: function, pick: function, layer: function}}
 */
export function createDrawing(container, view, onPick) {
  const space = freshId("drawing");
  const box = element("div.hep-drawing", { html: view.svg });
  const svg = box.querySelector("svg");
  const named = namespaceIds(svg, space);
  const said = element("p", { id: freshId("shape"), hidden: true }, view.alt);
  if (!view.told) box.append(said); // where no model moves it
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", shortName(view.alt));
  svg.setAttribute("aria-describedby", view.told ?? said.id);
  svg.querySelector(":scope > title")?.remove();
  container.append(box);
  let legible = keepLegible(svg);
  const bindings = compileBindings(view.bindings ?? [], named, svg);
  const text = view.parts?.length ? element("div.hep-part-text", { "aria-live": "polite" }) : null;
  const chips = text ? partList(view.parts, onPick) : null;
  if (text && view.folded)
    container.append(
      element(
        "details.hep-parts-folded",
        {},
        element("summary", {}, "Parts of the drawing"),
        chips,
      ),
      text,
    );
  else if (text) container.append(chips, text);
  for (const part of view.parts ?? []) makePointable(named.get(part.id), () => onPick(part.id));
  return {
    svg,
    update(scope) {
      bindings.forEach((apply) => apply(scope));
      legible?.(); // labels that hold numbers have them now
      legible = null;
    },
    pick: (id) => showPart(view, named, chips, text, id),
    layer: (id) => showLayer(svg, named, view.layers, id),
  };
}

/**
 * Prefix every id so that one drawing can stand twice on a page; returns the parts by their own
 * names.
 */
function namespaceIds(svg, space) {
  const named = new Map();
  for (const node of svg.querySelectorAll("[id]")) {
    named.set(node.id, node);
    node.id = `${space}-${node.id}`;
  }
  for (const node of svg.querySelectorAll("*")) {
    for (const { name, value } of Array.from(node.attributes)) {
      if (value.includes("url(#"))
        node.setAttribute(name, value.replaceAll("url(#", `url(#${space}-`));
      if (/^(xlink:)?href$/.test(name) && value.startsWith("#"))
        node.setAttribute(name, `#${space}-${value.slice(1)}`);
    }
  }
  return named;
}

function partList(parts, onPick) {
  const button = (part) =>
    element(
      "button.hep-part",
      {
        type: "button",
        "aria-pressed": "false",
        "data-part": part.id,
        onclick: () => onPick(part.id),
      },
      part.name,
    );
  return element(
    "ul.hep-parts",
    { "aria-label": "Parts of the drawing" },
    ...parts.map((part) => element("li", {}, button(part))),
  );
}

function makePointable(node, pick) {
  if (!node) return;
  node.classList.add("hep-pointable");
  node.addEventListener("click", pick);
}

function showPart(view, named, chips, text, id) {
  for (const part of view.parts) named.get(part.id)?.classList.toggle("hep-picked", part.id === id);
  for (const chip of chips.querySelectorAll("button"))
    chip.setAttribute("aria-pressed", String(chip.dataset.part === id));
  const part = view.parts.find((candidate) => candidate.id === id);
  named.get(view.parts[0].id)?.ownerSVGElement?.classList.toggle("hep-has-picked", Boolean(part));
  text.replaceChildren(
    ...(part ? [element("h4", {}, part.name), element("p", { html: part.html })] : []),
  );
}

function showLayer(svg, named, layers, id) {
  for (const layer of layers) {
    for (const [part, styles] of Object.entries(layer.styles)) {
      for (const property of Object.keys(styles))
        target(svg, named, part).style.removeProperty(property);
    }
  }
  const chosen = layers.find((layer) => layer.id === id);
  for (const [part, styles] of Object.entries(chosen?.styles ?? {})) {
    for (const [property, value] of Object.entries(styles))
      target(svg, named, part).style.setProperty(property, value);
  }
}

function target(svg, named, part) {
  const node = part === "svg" ? svg.parentElement : named.get(part); // streams inherit from the box
  if (!node) throw new Error(`The drawing has no part called ${part}.`);
  return node;
}

/** Map a number from one interval onto another, clamped, on a linear or logarithmic scale. */
function mapRange(x, from, to, scale) {
  const bend = scale === "log" ? (v) => Math.log(Math.max(v, 1e-30)) : (v) => v;
  const share = (bend(x) - bend(from[0])) / (bend(from[1]) - bend(from[0]));
  return to[0] + Math.min(1, Math.max(0, share)) * (to[1] - to[0]);
}

const SETTERS = {
  "stroke-width": (node) => (v) => {
    node.style.strokeWidth = v.toFixed(2);
  },
  opacity: (node) => (v) => {
    node.style.opacity = v.toFixed(3);
  },
  scale: (node) => {
    node.style.transformBox = "fill-box";
    node.style.transformOrigin = "center";
    return (v) => {
      node.style.transform = `scale(${v.toFixed(3)})`;
    };
  },
  count: (node) => {
    const children = [...node.children].filter((child) => child.tagName !== "title");
    const show = (v) =>
      children.forEach((child, i) => {
        child.style.display = i < Math.round(v) ? "" : "none";
      });
    show(0); // as with numbers: nothing before the first run
    return show;
  },
  "fill-level": (node) => {
    const level = node.querySelector(".level");
    const full = Number(level.getAttribute("height"));
    const top = Number(level.getAttribute("y"));
    const fill = (v) => {
      level.setAttribute("height", (full * v).toFixed(2));
      level.setAttribute("y", (top + full * (1 - v)).toFixed(2));
    };
    fill(0); // as with numbers: nothing before the first run
    return fill;
  },
};

/** What the bindings do, streams last: they are as wide as their vessels have become. */
function compileBindings(bindings, named, svg) {
  const flows = bindings.filter((binding) => binding.attribute === "flow");
  const others = bindings.filter((binding) => binding.attribute !== "flow");
  const addStream = flows.length ? createStreams(svg) : null;
  const setters = { ...SETTERS, flow: addStream };
  return [...others, ...flows].map((binding) => compileBinding(binding, named, setters));
}

function compileBinding(binding, named, setters) {
  const node = named.get(binding.part);
  if (!node) throw new Error(`The drawing has no part called ${binding.part}.`);
  const value = functionOf(binding);
  if (binding.attribute === "text") {
    const slot = node.matches("text") ? node : node.querySelector(".value");
    slot.textContent = "–"; // no number before the first run
    return (scope) => {
      putText(slot, `${formatNumber(value(scope), binding.style)}${binding.suffix ?? ""}`);
    };
  }
  if (binding.attribute.startsWith("--")) {
    return (scope) =>
      node.style.setProperty(
        binding.attribute,
        mapRange(value(scope), binding.from, binding.to, binding.scale).toFixed(3),
      );
  }
  const set = setters[binding.attribute](node);
  return (scope) => set(mapRange(value(scope), binding.from, binding.to, binding.scale));
}
