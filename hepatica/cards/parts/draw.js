// A curve drawn on the empty axes of a chart: five handles over it, for mouse, finger and keys.
// After the answer the drawn curve stays as a ghost.

import { HANDLES, isSkipped, stations } from "../engine/guess.js";
import { formatNumber } from "../engine/rules.js";
import { element } from "./dom.js";

const STEPS = 40; // of a handle, from the bottom of the axis to its top
const KEYS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 5, PageDown: -5 };
const SVG = "http://www.w3.org/2000/svg";

/** Make the way to commit to a drawn curve; see predict.js. `card.own.pad` names the axes. */
export function createDrawing(card, ready) {
  const { predict } = card.spec;
  const axes = card.spec.views[viewOf(card.spec)];
  const pad = { card, axes, predict, heights: null, locked: false, ready, first: 0 };
  pad.at = stations(axes.x);
  pad.layer = layerOf(pad);
  card.pad = { view: viewOf(card.spec), node: pad.layer, place: (area) => placeOver(pad, area) };
  const hint = element(
    "p",
    {},
    "Drag over the empty axes below to draw the curve; or move its five points with the arrow keys.",
  );
  const show = (given, answered) => {
    pad.locked = answered;
    pad.first = predict.from_start ? 1 : 0;
    pad.heights = answered && !isSkipped(given) ? read(given) : answered ? null : flat(pad);
    hint.hidden = answered;
    paint(pad);
  };
  return {
    node: element("fieldset", {}, element("legend", { html: predict.question }), hint),
    given: () => Object.fromEntries(pad.heights.map((height, n) => [n + 1, height])),
    show,
  };
}

/** The chart on which a card's curve is drawn. */
export function viewOf({ predict, views }) {
  return predict.view ?? views.findIndex((view) => view.type === "chart");
}

const read = (given) => Array.from({ length: HANDLES }, (_, n) => given[n + 1]);

/** Before anything is drawn the handles lie on a level, which says nothing of the shape. */
function flat({ card, axes, predict }) {
  const start = predict.from_start ? card.heights()[0] : fromShare(axes.y, 0.5);
  return Array.from({ length: HANDLES }, () => start);
}

// ---- heights and shares of the axis ----

function ends({ range, scale }) {
  return scale === "log" ? range.map(Math.log10) : range;
}

/** How far up the axis a value lies, from 0 to 1; what lies beyond its ends stands there. */
export function toShare(axis, value) {
  const [low, high] = ends(axis);
  const at = axis.scale === "log" ? Math.log10(Math.max(value, axis.range[0])) : value;
  return Math.min(1, Math.max(0, (at - low) / (high - low)));
}

function fromShare(axis, share) {
  const [low, high] = ends(axis);
  const at = low + (high - low) * Math.min(1, Math.max(0, share));
  const value = axis.scale === "log" ? 10 ** at : at;
  return Number(value.toPrecision(4));
}

// ---- the layer over the plot ----

function layerOf(pad) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "hep-pad");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", "Draw the curve: five points");
  const line = document.createElementNS(SVG, "polyline");
  const dots = Array.from({ length: HANDLES }, (_, n) => handleOf(pad, n));
  svg.append(line, ...dots);
  Object.assign(pad, { svg, line, dots, size: { width: 0, height: 0 } });
  svg.addEventListener("pointerdown", (event) => {
    if (pad.locked) return;
    svg.setPointerCapture(event.pointerId);
    drag(pad, event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!pad.locked && event.buttons) drag(pad, event);
  });
  return svg;
}

function handleOf(pad, n) {
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("r", 8);
  dot.setAttribute("role", "slider");
  dot.setAttribute("aria-orientation", "vertical");
  dot.dataset.name = "prediction";
  dot.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    if (!by || pad.locked) return;
    event.preventDefault();
    event.stopPropagation();
    put(pad, n, toShare(pad.axes.y, pad.heights[n]) + by / STEPS);
  });
  return dot;
}

function drag(pad, event) {
  const box = pad.svg.getBoundingClientRect();
  const along = (event.clientX - box.left) / box.width;
  const nearest = Math.round(along * (HANDLES - 1));
  const n = Math.min(HANDLES - 1, Math.max(pad.first, nearest));
  put(pad, n, 1 - (event.clientY - box.top) / box.height);
}

function put(pad, n, share) {
  pad.heights[n] = fromShare(pad.axes.y, share);
  paint(pad);
  pad.ready();
}

/** Lay the layer over the plot: `area` is its place in pixels, {left, top, width, height}. */
function placeOver(pad, area) {
  pad.size = area;
  const px = (value) => `${value}px`;
  const { left, top, width, height } = area;
  Object.assign(pad.svg.style, {
    left: px(left),
    top: px(top),
    width: px(width),
    height: px(height),
  });
  pad.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  paint(pad);
}

function paint({ svg, heights, axes, at, line, dots, size, locked, first }) {
  svg.style.display = heights ? "" : "none";
  svg.dataset.ghost = String(locked);
  if (!heights || !size.width) return;
  const x = (n) => (size.width * n) / (HANDLES - 1);
  const y = (n) => size.height * (1 - toShare(axes.y, heights[n]));
  line.setAttribute(
    "points",
    heights.map((_, n) => `${x(n).toFixed(1)},${y(n).toFixed(1)}`).join(" "),
  );
  dots.forEach((dot, n) => {
    dot.setAttribute("cx", x(n));
    dot.setAttribute("cy", y(n));
    const fixed = locked || n < first;
    dot.toggleAttribute("data-fixed", fixed);
    if (fixed) dot.removeAttribute("tabindex");
    else dot.setAttribute("tabindex", 0);
    tellHandle(dot, axes, at[n], heights[n], fixed);
  });
}

function tellHandle(dot, { x, y }, at, height, fixed) {
  const said = `${formatNumber(height, "3s")} ${y.unit}`.trim();
  dot.setAttribute("aria-label", `${y.label} at ${formatNumber(at, "2s")} ${x.unit}`.trim());
  dot.setAttribute("aria-valuetext", said);
  dot.setAttribute("aria-valuemin", y.range[0]);
  dot.setAttribute("aria-valuemax", y.range[1]);
  dot.setAttribute("aria-valuenow", height);
  dot.setAttribute("aria-disabled", String(fixed));
}
