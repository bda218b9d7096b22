// The map of a field of lobules. A frame is a walk over the sites, which is what lets time run
// smoothly.

import { ROUGH, centreOf, needleStart, picture, sourcesOf } from "../engine/field.js";
import { element, paintedColour } from "../parts/dom.js";

const CORE = 0.1; // room for the enlarged core, as a share of the map's width
const CORE_MM = 15; // cores up to this length are enlarged alike
const FULL_RED = 30; // % of area above the healthy level at which the map is red or maroon all over

/**
 * The map of a field as a view of an explorable.
 * @param {object} card the explorable; its model is a field
 * @param {object} view {alt, needle}
 * @param {HTMLElement} node where the map goes
 */
export function createMap(card, view, node) {
  const { model } = card;
  const { field } = model;
  const canvas = element("canvas.hep-map", { role: "img", "aria-label": view.alt });
  node.append(canvas, legend(view));
  const sites = field.width * field.height;
  const map = {
    canvas,
    node,
    view,
    small: document.createElement("canvas"),
    image: new ImageData(field.width, field.height),
    out: { H: new Float64Array(sites), C: new Float64Array(sites), X: new Float64Array(sites) },
  };
  Object.assign(map.small, { width: field.width, height: field.height });
  const draw = (run, veiled) => {
    map.last = [run, veiled];
    // JupyterLab attaches a card after it is made; the observer below then draws
    if (!node.isConnected) return;
    const t = veiled ? 0 : run.times.indexOf(run.scope.time);
    const at = {
      ...run.scope,
      needle_x: needleStart(run.scope, field.columns * run.scope.lobule_width),
    };
    paint(model, map, Math.max(t, 0), view.needle && !veiled ? at : null);
  };
  const again = () => {
    if (map.last) draw(...map.last);
  };
  new ResizeObserver(again).observe(node);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme"],
  });
  if (view.needle) dragNeedle(card, canvas, field);
  return { draw };
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

function paint(model, map, t, needleAt) {
  const { out, image } = map;
  const colours = coloursOf(map.node);
  picture(model, t, out);
  const [tan, red, maroon, paper] = ["hepatocyte", "collagen", "crosslinked", "paper"].map(
    (name) => colours[name].rgb,
  );
  for (let site = 0, k = 0; site < out.H.length; site++, k += 4) {
    const scar = out.C[site] + out.X[site];
    const strength = Math.min(1, scar / FULL_RED);
    const old = out.X[site] / (scar + 1e-9);
    const alive = 0.3 + 0.7 * out.H[site];
    for (let c = 0; c < 3; c++) {
      const cells = paper[c] + (tan[c] - paper[c]) * alive;
      image.data[k + c] = cells + (red[c] + (maroon[c] - red[c]) * old - cells) * strength;
    }
    image.data[k + 3] = 255;
  }
  map.small.getContext("2d").putImageData(image, 0, 0);
  scene(model, map, colours, needleAt);
}

/** The map at the size of the page, with vessels, a scale bar and the needle. */
function scene(model, map, colours, needleAt) {
  const { canvas } = map;
  const { field, now } = model;
  const wide = Math.round((map.node.clientWidth || 600) * Math.min(devicePixelRatio || 1, 2));
  const unit = wide / field.columns;
  const high = Math.round(unit * field.rows * ROUGH);
  const tall = high + (map.view.needle ? Math.round(wide * CORE) : 0);
  if (canvas.width !== wide || canvas.height !== tall)
    Object.assign(canvas, { width: wide, height: tall });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.clearRect(0, 0, wide, tall);
  pen.drawImage(map.small, 0, 0, wide, high);
  if (!map.view.needle) allVessels(pen, field, unit, colours);
  if (needleAt) paintNeedle(pen, needleAt, unit / now.v.lobule_width, high, colours);
  scaleBar(pen, unit / now.v.lobule_width, high, colours);
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
  allVessels(pen, field, now.v.lobule_width * perMm, colours);
  pen.restore();
  pen.strokeStyle = colours.accent.css;
  pen.lineWidth = 2;
  pen.strokeRect(1, top, at.needle_length * perMm - 2, at.needle_width * perMm);
}

function allVessels(pen, field, unit, colours) {
  for (let row = -1; row <= field.rows; row++) {
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

function scaleBar(pen, perMm, high, colours) {
  const text = Math.max(12 * Math.min(devicePixelRatio || 1, 2), 12);
  const pad = 0.5 * text;
  pen.font = `600 ${text}px sans-serif`;
  const box = Math.max(perMm, pen.measureText("1 mm").width) + 2 * pad;
  pen.fillStyle = colours.paper.css;
  pen.fillRect(0, high - 2.4 * text, box, 2.4 * text);
  pen.fillStyle = colours.ink.css;
  pen.fillText("1 mm", pad, high - 1.2 * text);
  pen.fillRect(pad, high - 0.8 * text, perMm, 0.25 * text);
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
