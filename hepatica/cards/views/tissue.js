/**
 * A picrosirius-like section of liver bound to the five states of the scar model.
 *
 * The picture keeps a promise: the share of tissue pixels coloured as collagen IS the collagen
 * proportionate area (CPA = 2 + C + X, in % of tissue area), and the share in the cross-linked
 * colour IS X. Every tissue pixel has a place in one fixed order (`field.order`, oldest fibre
 * first); painting walks along it until the right number of pixels is coloured, so the share is
 * exact to one pixel.
 *
 * What counts as tissue: everything except the small plate under the scale bar. Vessel lumens count
 * as tissue area (they are in the denominator, as in most published CPA measurements), but they
 * never turn red. Pixels covered by a drawn cell are skipped and made up for by the next pixels in
 * the order. H is the share of the healthy hepatocyte area that is still drawn, before fibres and
 * scar cells cover some of it. One drawn scar cell stands for TISSUE_CELLS_PER_SPRITE cells/mL, so
 * none is drawn below about 1.7e3.
 *
 * Geometry and order of events are a drawing (teaching), not a simulation: sleeves around portal
 * tracts and central veins, then strands between the cells, then septa, then thick walls.
 */

import { TISSUE_CLASS, TISSUE_WIDTH_UM } from "./tissue/basics.js";
import { tissueField } from "./tissue/field.js";
import {
  tissueClasses,
  tissueColours,
  tissuePaint,
  tissuePicture,
  tissueTargets,
} from "./tissue/paint.js";

const tissueFields = new Map();

/**
 * Field of this size from the cache, built at the first request; only the last few sizes are kept.
 */
function tissueSharedField(width, height, plate, seed) {
  const key = [width, height, seed, ...plate].join(",");
  if (!tissueFields.has(key)) tissueFields.set(key, tissueField(width, height, { seed, plate }));
  if (tissueFields.size > 4) tissueFields.delete(tissueFields.keys().next().value);
  return tissueFields.get(key);
}

/** One colour property of the probe per token, so that one style pass reads them all. */
const TISSUE_PROBE = {
  hepatocyte: "color",
  collagen: "backgroundColor",
  crosslinked: "borderTopColor",
  myofibroblast: "borderRightColor",
  macrophage: "borderBottomColor",
  ink: "borderLeftColor",
  paper: "outlineColor",
};

/**
 * Hidden element that resolves the tokens; asks for the light values unless scheme is "inherit".
 */
function tissueProbe(canvas, scheme) {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.forcedColorAdjust = "none"; // the tissue keeps its dyes
  if (scheme !== "inherit") probe.style.colorScheme = "light";
  for (const [name, property] of Object.entries(TISSUE_PROBE))
    probe.style[property] = `var(--${name})`;
  (canvas.parentElement ?? document.body).append(probe);
  return probe;
}

/** Token colours as the page resolves them now, as CSS strings. */
function tissueReadTokens(probe) {
  const style = getComputedStyle(probe);
  return Object.fromEntries(
    Object.entries(TISSUE_PROBE).map(([name, property]) => [name, style[property]]),
  );
}

/** [r, g, b] of any CSS colour, through one canvas pixel (handles oklch and color-mix). */
function tissueToRgb(css) {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  return Array.from(context.getImageData(0, 0, 1, 1).data.slice(0, 3));
}

/**
 * Backing size of the canvas: at least 1.5 and at most 2 pixels per CSS pixel, in steps of 24, so
 * that small resizes reuse a field.
 */
function tissueSize(canvas, options) {
  const cssWidth = canvas.clientWidth || options.width || 480;
  const ratio = options.aspect ?? 2 / 3;
  const density = Math.min(2, Math.max(1.5, globalThis.devicePixelRatio || 1));
  const width = Math.min(960, Math.max(240, Math.round((cssWidth * density) / 24) * 24));
  const height = Math.round(width * ratio),
    unit = width / cssWidth;
  const bar = Math.round((500 / TISSUE_WIDTH_UM) * width);
  const w = bar + Math.round(16 * unit),
    h = Math.round(25 * unit);
  return { width, height, unit, bar, plate: [width - w, height - h, w, h] };
}

/** The scale bar on its plate, as pixels like those of the picture. */
function tissueScaleBar({ plate: [, , w, h], bar, unit }, paper, ink) {
  const plate = Object.assign(document.createElement("canvas"), { width: w, height: h });
  const context = plate.getContext("2d", { willReadFrequently: true });
  context.fillStyle = paper;
  context.fillRect(0, 0, w, h);
  context.fillStyle = ink;
  const top = Math.round(h - 7 * unit);
  context.fillRect(Math.round((w - bar) / 2), top, bar, Math.round(3 * unit));
  context.font = `${12 * unit}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.fillText("500 µm", w / 2, 13 * unit);
  return new Uint32Array(context.getImageData(0, 0, w, h).data.buffer);
}

/** Lay the scale bar over the picture. */
function tissueLay({ pixels, bar, size }) {
  const [x, y, w, h] = size.plate;
  for (let row = 0; row < h; row++)
    pixels.set(bar.subarray(row * w, (row + 1) * w), (y + row) * size.width + x);
}

/**
 * Binds the picture to a canvas.
 * @param {HTMLCanvasElement} canvas its CSS size decides the size; give it width: 100% and
 * aspect-ratio: 3 / 2
 * @param {{seed?: number, width?: number, aspect?: number, scheme?: "light"|"inherit"}} [options]
 * width in CSS pixels while the canvas is not laid out; aspect = height / width
 * @returns {{update: function(object): void, resize: function(): void, redFraction: function():
 * number, crosslinkedFraction: function(): number, counts: function(): object}}
 */
export function createTissue(canvas, options = {}) {
  const context = canvas.getContext("2d");
  const view = { state: { H: 1, F: 0, M: 0, CPA: 0, X: 0 }, themeKey: "", stale: true };
  const resize = () => {
    view.stale = true;
    const size = tissueSize(canvas, options);
    if (
      view.size &&
      size.width === view.size.width &&
      size.height === view.size.height &&
      size.plate.join() === view.size.plate.join()
    )
      return;
    canvas.width = size.width;
    canvas.height = size.height;
    const buffers = tissueBuffers(context, size, options.seed ?? 11);
    Object.assign(view, buffers, { size, themeKey: "", targets: null });
    update(view.state);
  };
  const update = (state) => {
    view.state = { ...view.state, ...state };
    if (!view.field) return resize();
    const recoloured = view.stale && tissueRefreshColours(view, canvas, options.scheme);
    const targets = tissueTargets(view.field, view.state);
    const same = ([name, count]) => count === view.targets?.[name];
    if (!recoloured && Object.entries(targets).every(same)) return;
    view.targets = targets;
    tissuePaint(view.picture, targets);
    tissueLay(view);
    context.putImageData(view.image, 0, 0);
  };
  const share = (...codes) => {
    if (!view.field) resize();
    const count = tissueClasses(view.picture).filter((code) => codes.includes(code)).length;
    return count / view.field.tissue;
  };
  return {
    update,
    resize,
    redFraction: () => share(TISSUE_CLASS.collagen, TISSUE_CLASS.crosslinked),
    crosslinkedFraction: () => share(TISSUE_CLASS.crosslinked),
    counts: () => ({
      myofibroblasts: view.targets.myofibroblasts,
      macrophages: view.targets.macrophages,
      tissuePixels: view.field.tissue,
    }),
  };
}

function tissueBuffers(context, size, seed) {
  const image = context.createImageData(size.width, size.height);
  return {
    field: tissueSharedField(size.width, size.height, size.plate, seed),
    image,
    pixels: new Uint32Array(image.data.buffer),
  };
}

/** Read the colours of the page anew; whether they are others, so that all is painted again. */
function tissueRefreshColours(view, canvas, scheme) {
  if (!view.probe?.isConnected) view.probe = tissueProbe(canvas, scheme);
  const tokens = tissueReadTokens(view.probe),
    key = JSON.stringify(tokens);
  view.stale = false;
  if (key === view.themeKey) return false;
  view.themeKey = key;
  const rgb = Object.entries(tokens).map(([name, css]) => [name, tissueToRgb(css)]);
  const colours = tissueColours(Object.fromEntries(rgb));
  view.picture = tissuePicture(view.field, view.pixels, colours);
  view.bar = tissueScaleBar(view.size, tokens.paper, tokens.ink);
  return true;
}
