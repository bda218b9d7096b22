// What the cards of virtual trials draw: three designs, regression to the mean, power, and a league
// of trials. Every picture is as wide as its place on the page, so that its words keep their size
// on a phone.

import { element } from "../../parts/dom.js";

const TRIAL_WORDS = 13; // px
export const TRIAL_MARKS = {
  circle: (x, y, r, paint) => `<circle cx="${x}" cy="${y}" r="${r}" ${paint}/>`,
  diamond: (x, y, r, paint) =>
    `<path d="M${x} ${y - 1.3 * r}L${x + 1.3 * r} ${y}L${x} ${y + 1.3 * r}L${x - 1.3 * r} ${y}Z" ${paint}/>`,
  square: (x, y, r, paint) =>
    `<rect x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}" ${paint}/>`,
  triangle: (x, y, r, paint) =>
    `<path d="M${x} ${y - 1.2 * r}L${x + 1.2 * r} ${y + r}H${x - 1.2 * r}Z" ${paint}/>`,
  cross: (x, y, r, paint) =>
    `<path d="M${x - r} ${y - r}L${x + r} ${y + r}M${x + r} ${y - r}L${x - r} ${y + r}" ${paint}/>`,
};

export const trialFill = (role, more = "") => `fill="var(--${role})" ${more}`;
export const trialStroke = (role, width, more = "") =>
  `fill="none" stroke="var(--${role})" stroke-width="${width}" ${more}`;
export const trialScale = (low, high, from, to) => (x) =>
  Number(
    (from + ((Math.max(low, Math.min(high, x)) - low) / (high - low)) * (to - from)).toFixed(2),
  );
export const trialLine = (x1, y1, x2, y2, paint) => `<path d="M${x1} ${y1}L${x2} ${y2}" ${paint}/>`;
export const TRIAL_HALO =
  // for words on a line
  'style="paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round"';
export const trialText = (x, y, words, more = "") =>
  `<text x="${x}" y="${y}" font-size="${TRIAL_WORDS}" fill="var(--ink)" ${more}>${words}</text>`;

/** A number as one prints it: one decimal, a true minus. */
export function trialNumber(value, digits = 1) {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 && Number(text) !== 0 ? "−" : ""}${text}`;
}

/**
 * Lines across a picture at the ticks of its upright axis, each with its number at the left.
 * @param {number[]} ticks values
 * @param {function} y the axis: a value's place, px
 * @param {number} left @param {number} right ends of the lines, px
 * @param {function} words a tick's number as it is printed
 */
export function trialGrid(ticks, y, left, right, words = (tick) => trialNumber(tick, 0)) {
  return ticks
    .map(
      (tick) =>
        trialLine(left, y(tick), right, y(tick), trialStroke("line", 1)) +
        trialText(left - 5, y(tick) + 4, words(tick), 'text-anchor="end"'),
    )
    .join("");
}

/** Estimate and interval in words. */
export function trialInterval({ estimate, low, high }) {
  return `${trialNumber(estimate)} (${trialNumber(low)} to ${trialNumber(high)})`;
}

export function trialSvg(width, height, label, body, name = "hep-trial-svg") {
  return `<svg class="${name}" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${body}</svg>`;
}

/** Many dots or rings (with a stroke) of one look as one shape, which a browser draws at once. */
export function trialSpots(places, r, paint) {
  const spot = ([x, y]) =>
    `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  return places.length ? `<path d="${places.map(spot).join("")}" ${paint}/>` : "";
}

/** Many diamonds of one look as one shape. */
export function trialDiamonds(places, r, paint) {
  const reach = 1.3 * r;
  const diamond = ([x, y]) =>
    `M${x} ${y - reach}l${reach} ${reach}l${-reach} ${reach}l${-reach} ${-reach}Z`;
  return places.length ? `<path d="${places.map(diamond).join("")}" ${paint}/>` : "";
}

const SHEETS = 6; // lines that cross on different sheets darken each other

/** Many lines of one look as a few shapes. */
export function trialLines(ends, paint) {
  const sheets = Array.from({ length: SHEETS }, (_, k) => ends.filter((__, i) => i % SHEETS === k));
  const line = ([x1, y1, x2, y2]) =>
    `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`;
  const shape = (sheet) => `<path d="${sheet.map(line).join("")}" ${paint}/>`;
  return sheets
    .filter((sheet) => sheet.length)
    .map(shape)
    .join("");
}

/**
 * Show a picture made of layers; a layer that is as it was is not written again, since words, of
 * which grounds are full, take a browser longest.
 * @param {HTMLElement} place what holds nothing but the picture
 * @param {{width: number, height: number, label: string, layers: string[], name: string,
 * told: string}} picture `name` is the class of its svg, `told` the id of what describes it
 */
export function putLayers(place, { width, height, label, layers, name, told }) {
  const size = `${width} ${height} ${layers.length}`;
  if (place.layersOf !== size || !place.firstChild?.matches("svg[data-layers]")) {
    place.innerHTML = trialSvg(width, height, "", "<g></g>".repeat(layers.length), name);
    place.firstChild.dataset.layers = layers.length;
    place.layersOf = size;
    place.layers = [];
  }
  place.firstChild.setAttribute("aria-label", label);
  if (told) place.firstChild.setAttribute("aria-describedby", told);
  layers.forEach((layer, i) => {
    if (layer !== place.layers[i]) place.firstChild.children[i].innerHTML = layer;
  });
  place.layers = layers;
}

/** A picture with its title; `kind` names it in the strip of tabs. */
export function viewOf(title, kind = "trial") {
  const picture = element("div"),
    node = element(
      "div.hep-view",
      { "data-view": kind, role: "group", "aria-label": title },
      element("div.hep-view-title", {}, title),
      picture,
    );
  let wide = 0; // known without making the browser lay out the page in the midst of a drawing
  new ResizeObserver(() => {
    wide = node.clientWidth;
  }).observe(node);
  return {
    node,
    title,
    picture,
    width: () => Math.max(150, Math.round(wide || node.clientWidth) || 320),
  };
}

export function trialKeys(rows) {
  const sample = ([mark, paint]) =>
    `<svg viewBox="0 0 20 20" width="18" height="18">${mark === "line" ? `<path d="M1 10H19" ${paint}/>` : TRIAL_MARKS[mark](10, 10, 6, paint)}</svg>`;
  return element(
    "ul.hep-legend",
    {},
    ...rows.map(([mark, paint, words]) =>
      element(
        "li",
        {},
        element("span.hep-key", { "aria-hidden": "true", html: sample([mark, paint]) }),
        words,
      ),
    ),
  );
}

export function trialVeil(width, height) {
  return trialSvg(
    width,
    height,
    "hidden until you have predicted",
    `<rect width="${width}" height="${height}" fill="var(--panel)"/>${trialText(width / 2, height / 2, "?", 'text-anchor="middle" style="font-size: 40px"')}`,
  );
}

export const trialEnds = (name, { estimate, low, high }) => ({
  [`${name}_is`]: estimate,
  [`${name}_low`]: low,
  [`${name}_high`]: high,
});
