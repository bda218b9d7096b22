// The map of a field of lobules. A frame is a walk over the sites, which is what lets time run
// smoothly.

import { needleStart, picture } from "../engine/field.js";
import { ROUGH, centreOf, sourcesOf } from "../engine/lattice.js";
import { shortName } from "../engine/told.js";
import { element, paintedColour, whenQuiet } from "../parts/dom.js";
import { onTheme } from "../parts/theme.js";

const CORE = 0.1; // room for the enlarged core, as a share of the map's width
const CORE_MM = 15; // cores up to this length are enlarged alike
const REST = 180; // ms without movement before a coarse map is worked out in full
const SLOW = 10; // ms; a condensed map that takes longer is coarse while it moves
const OPAQUE = 0xff000000; // a pixel is red, green, blue, opacity from its lowest byte up
const FULL_RED = 30; // % of area above the healthy level at which the map is red or maroon all over

/**
 * The map of a field as a view of an explorable.
 * @param {object} card the explorable; its model is a field
 * @param {object} view {alt, needle}
 * @param {HTMLElement} node where the map goes
 * @param {string} id of what describes the map
 */
export function createMap(card, view, node, id) {
  const { model } = card;
  const { field } = model;
  const canvas = element("canvas.hep-map", {
    role: "img",
    "aria-label": shortName(view.alt),
    "aria-describedby": id,
  });
  node.append(canvas, legend(view));
  const sites = field.width * field.height;
  const map = {
    canvas,
    node,
    view,
    small: document.createElement("canvas"),
    image: new ImageData(field.width, field.height),
    colours: null, // as the page paints them, and
    wide: 0, // the map's width in css px: read anew when theme or size change, not for each frame
    slow: false, // whether the last full picture took long
    vessels: null, // their picture
    out: { H: new Float64Array(sites), C: new Float64Array(sites), X: new Float64Array(sites) },
  };
  Object.assign(map.small, { width: field.width, height: field.height });
  const draw = (run, veiled, coarse = false) => {
    map.last = [run, veiled];
    // JupyterLab attaches a card after it is made; the observer below then draws
    if (!node.isConnected) return;
    const t = veiled ? 0 : run.times.indexOf(run.scope.time);
    const { scope } = run;
    const { needle_y, needle_length, needle_width } = scope;
    const needle_x = needleStart(scope, field.columns * scope.lobule_width);
    const at = { needle_x, needle_y, needle_length, needle_width };
    const began = performance.now();
    map.painted = true;
    paint(model, map, Math.max(t, 0), view.needle && !veiled ? at : null, coarse);
    if (!coarse) map.slow = performance.now() - began > SLOW;
  };
  const again = () => {
    Object.assign(map, { colours: null, wide: 0, bar: null, vessels: null });
    if (map.last) draw(...map.last);
  };
  const rest = whenQuiet(() => draw(...map.last), REST);
  const moved = (run, veiled) => {
    const coarse = map.slow && model.now.v.condense > 0;
    draw(run, veiled, coarse);
    if (coarse) rest();
  };
  new ResizeObserver(again).observe(node);
  onTheme(canvas, again);
  if (view.needle) dragNeedle(card, canvas, field);
  return { draw: moved, drawn: () => (map.painted ? { field, out: map.out } : null) };
}

function legend(view) {
  const item = (mark, words) =>
    element(
      "span.hep-map-key",
      {},
      element("i", { "data-mark": mark, "aria-hidden": "true" }),
      words,
    );
  const items = [
    item("hepatocyte", "hepatocytes"),
    item("collagen", "young scar"),
    item("crosslinked", "cross-linked scar"),
    item("vein", "central vein"),
    item("tract", "portal tract"),
  ];
  return element(
    "p.hep-map-keys",
    {},
    ...items,
    view.needle ? item("needle", "biopsy needle; below, its core enlarged") : null,
  );
}

/** The tissue colours of the page as numbers. */
function coloursOf(node) {
  const names = [
    "hepatocyte",
    "collagen",
    "crosslinked",
    "paper",
    "ink",
    "blood",
    "bile",
    "accent",
  ];
  return Object.fromEntries(
    names.map((name) => {
      const painted = paintedColour(node, `var(--${name})`);
      return [
        name,
        {
          css: painted,
          rgb: painted
            .match(/[\d.]+/g)
            .slice(0, 3)
            .map(Number),
        },
      ];
    }),
  );
}

function paint(model, map, t, needleAt, coarse) {
  map.colours ??= coloursOf(map.node);
  picture(model, t, map.out, coarse);
  colourSites(map);
  map.small.getContext("2d").putImageData(map.image, 0, 0);
  scene(model, map, map.colours, needleAt);
}

/** Each site's cells and scar as a colour. */
function colourSites({ out, image, colours }) {
  const [tan, red, maroon, paper] = ["hepatocyte", "collagen", "crosslinked", "paper"].map(
    (name) => colours[name].rgb,
  );
  const { H, C, X } = out;
  const pixels = new Uint32Array(image.data.buffer);
  const [ground, scarred] = [ramp(paper, tan), ramp(red, maroon)];
  const mixed = (c, alive, old, strength) => {
    const cells = ground[c] + ground[c + 3] * alive;
    return Math.round(cells + (scarred[c] + scarred[c + 3] * old - cells) * strength);
  };
  for (let site = 0; site < pixels.length; site++) {
    const scar = C[site] + X[site];
    const strength = Math.min(1, scar / FULL_RED);
    const old = X[site] / (scar + 1e-9);
    const alive = 0.3 + 0.7 * H[site];
    pixels[site] =
      OPAQUE |
      mixed(0, alive, old, strength) |
      (mixed(1, alive, old, strength) << 8) |
      (mixed(2, alive, old, strength) << 16);
  }
}

/** Three channels of a colour and how much each changes to another one. */
function ramp(from, to) {
  return Float64Array.of(...from, ...to.map((channel, c) => channel - from[c]));
}

/** The map at the size of the page, with vessels, a scale bar and the needle. */
function scene(model, map, colours, needleAt) {
  const { canvas } = map;
  const { field, now } = model;
  map.wide ||= map.node.clientWidth || 600;
  const wide = Math.round(map.wide * Math.min(devicePixelRatio || 1, 2));
  const unit = wide / field.columns;
  const high = Math.round(unit * field.rows * ROUGH);
  const tall = high + (map.view.needle ? Math.round(wide * CORE) : 0);
  if (canvas.width !== wide || canvas.height !== tall)
    Object.assign(canvas, { width: wide, height: tall });
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, wide, tall);
  pen.drawImage(map.small, 0, 0, wide, high);
  if (!map.view.needle) pen.drawImage(vesselPicture(map, wide, high, field), 0, 0);
  if (needleAt) paintNeedle(pen, needleAt, unit / now.v.lobule_width, high, colours);
  scaleBar(pen, map, unit / now.v.lobule_width, high);
  if (needleAt) paintCore(pen, map, needleAt, model, high, colours);
}

/** The core of the needle as it lies under the microscope, longer needles to a smaller scale. */
function paintCore(pen, map, at, model, high, colours) {
  const { field, now } = model;
  const wide = pen.canvas.width;
  const scale =
    wide /
    Math.max(at.needle_length, CORE_MM) /
    (map.small.width / (field.columns * now.v.lobule_width));
  const perMm = (map.small.width / (field.columns * now.v.lobule_width)) * scale;
  const top = high + (pen.canvas.height - high - at.needle_width * perMm) / 2;
  pen.save();
  pen.beginPath();
  pen.rect(0, top, at.needle_length * perMm, at.needle_width * perMm);
  pen.clip();
  pen.translate(-at.needle_x * perMm, top - (at.needle_y - at.needle_width / 2) * perMm);
  pen.drawImage(
    map.small,
    0,
    0,
    field.columns * now.v.lobule_width * perMm,
    field.rows * ROUGH * now.v.lobule_width * perMm,
  );
  const unit = now.v.lobule_width * perMm;
  const core = [at.needle_y - at.needle_width, at.needle_y + at.needle_width];
  const rows = core.map((mm) => Math.floor(mm / now.v.lobule_width / ROUGH));
  allVessels(pen, field, unit, colours, rows[0] - 1, rows[1] + 1);
  pen.restore();
  pen.strokeStyle = colours.accent.css;
  pen.lineWidth = 2;
  pen.strokeRect(1, top, at.needle_length * perMm - 2, at.needle_width * perMm);
}

/** All vessels, kept as a picture: they are many shapes, and stay where they are. */
function vesselPicture(map, width, height, field) {
  if (map.vessels?.width === width && map.vessels.height === height) return map.vessels;
  map.vessels = Object.assign(document.createElement("canvas"), { width, height });
  allVessels(map.vessels.getContext("2d"), field, width / field.columns, map.colours);
  return map.vessels;
}

/** The vessels of the field, or of some of its rows. */
function allVessels(pen, field, unit, colours, first = -1, last = field.rows) {
  for (let row = Math.max(first, -1); row <= Math.min(last, field.rows); row++) {
    for (let column = -1; column <= field.columns; column++)
      vessels(pen, row, column, unit, colours);
  }
}

function vessels(pen, row, column, unit, colours) {
  const vein = centreOf(row, column);
  const size = Math.max(0.035 * unit, 1.6);
  pen.lineWidth = Math.max(size * 0.45, 1);
  pen.beginPath();
  pen.arc(vein.x * unit, vein.y * unit, size, 0, 2 * Math.PI);
  pen.fillStyle = colours.paper.css;
  pen.strokeStyle = colours.blood.css;
  pen.fill();
  pen.stroke();
  for (const tract of sourcesOf(row, column, 1)) {
    pen.fillStyle = colours.bile.css;
    pen.strokeStyle = colours.paper.css;
    pen.beginPath();
    for (let k = 0; k < 3; k++) {
      const turn = -Math.PI / 2 + (k * 2 * Math.PI) / 3;
      pen.lineTo(
        tract.x * unit + 1.4 * size * Math.cos(turn),
        tract.y * unit + 1.4 * size * Math.sin(turn),
      );
    }
    pen.closePath();
    pen.stroke();
    pen.fill();
  }
}

/** The scale bar, kept as a picture: setting a font makes the browser work out styles. */
function scaleBar(pen, map, perMm, high) {
  if (map.bar?.perMm !== perMm) map.bar = { perMm, picture: barPicture(perMm, map.colours) };
  pen.drawImage(map.bar.picture, 0, high - map.bar.picture.height);
}

function barPicture(perMm, colours) {
  const text = Math.max(12 * Math.min(devicePixelRatio || 1, 2), 12);
  const pad = 0.5 * text;
  const font = `600 ${text}px sans-serif`;
  const plate = document.createElement("canvas");
  const pen = plate.getContext("2d");
  pen.font = font;
  const words = pen.measureText("1 mm").width;
  const size = { width: Math.max(perMm, words) + 2 * pad, height: Math.ceil(2.4 * text) };
  Object.assign(plate, size); // which forgets the font
  pen.font = font;
  pen.fillStyle = colours.paper.css;
  pen.fillRect(0, 0, size.width, size.height);
  pen.fillStyle = colours.ink.css;
  pen.fillText("1 mm", pad, 1.2 * text);
  pen.fillRect(pad, 1.6 * text, perMm, 0.25 * text);
  return plate;
}

function paintNeedle(pen, at, perMm, high, colours) {
  const y = (at.needle_y - at.needle_width / 2) * perMm;
  pen.fillStyle = colours.paper.css;
  pen.globalAlpha = 0.5;
  pen.fillRect(0, 0, pen.canvas.width, Math.max(y, 0));
  pen.fillRect(
    0,
    y + at.needle_width * perMm,
    pen.canvas.width,
    Math.max(high - y - at.needle_width * perMm, 0),
  );
  pen.fillRect(0, y, at.needle_x * perMm, at.needle_width * perMm);
  pen.fillRect(
    (at.needle_x + at.needle_length) * perMm,
    y,
    pen.canvas.width,
    at.needle_width * perMm,
  );
  pen.globalAlpha = 1;
  pen.strokeStyle = colours.accent.css;
  pen.lineWidth = Math.max(2, perMm * 0.06);
  pen.strokeRect(at.needle_x * perMm, y, at.needle_length * perMm, at.needle_width * perMm);
}

/**
 * Drag on the map moves the needle by moving its sliders, which stay the way in for the keyboard.
 */
function dragNeedle(card, canvas, field) {
  const inside = (name, value) => {
    const { low, high } = card.spec.fields[name];
    return Math.max(low, Math.min(high, value));
  };
  const move = (event, settled) => {
    const box = canvas.getBoundingClientRect();
    const perMm = box.width / (field.columns * card.model.now.v.lobule_width);
    const x = (event.clientX - box.left) / perMm - card.run.scope.needle_length / 2;
    const y = (event.clientY - box.top) / perMm;
    card.change({ needle_x: inside("needle_x", x), needle_y: inside("needle_y", y) }, settled);
  };
  canvas.style.cursor = "grab";
  canvas.style.touchAction = "pan-y";
  canvas.addEventListener("pointerdown", (event) => {
    if (card.veiled) return;
    canvas.setPointerCapture(event.pointerId);
    move(event, false);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) move(event, false);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!card.veiled) move(event, true);
  });
}
