// Classes and colours of a state.

import { TISSUE_CLASS } from "./basics.js";

/** Cells/mL that one drawn myofibroblast or macrophage stands for (150 cells at 5e5). */
export const TISSUE_CELLS_PER_SPRITE = 5e5 / 150;

/**
 * Pixel counts and sprite counts that belong to a state.
 * @param {object} field from tissueField
 * @param {{H: number, F: number, M: number, CPA: number, X: number}} state H in 0..1, F and M in
 * cells/mL, CPA (all collagen) and X (cross-linked) in % of tissue area
 */
export function tissueTargets(field, state) {
  const sprites = (density, all) =>
    Math.min(all.length, Math.round(Math.max(0, density) / TISSUE_CELLS_PER_SPRITE));
  return {
    collagen: Math.min(
      field.order.length,
      Math.round((Math.max(0, state.CPA) / 100) * field.tissue),
    ),
    crosslinked: Math.round((Math.max(0, state.X) / 100) * field.tissue),
    lost: Math.round(field.losses.length * (1 - Math.min(1, Math.max(0, state.H)))),
    myofibroblasts: sprites(state.F, field.myofibroblasts),
    macrophages: sprites(state.M, field.macrophages),
  };
}

const BLOCK = 1024; // places of the order of fibres that are counted together

/**
 * The picture of a field, healthy at first, and what it shows: one byte per pixel is a class and a
 * texture (class << 4 | texture), the index of its colour.
 * @param {object} field from tissueField
 * @param {Uint32Array} pixels one RGBA colour per pixel, written here
 * @param {Uint32Array} colours 16 textures per class
 * @returns {object} ground (without fibres and scar cells), cells (scar cells, 0 = none), covered
 * (pixels under cells, per block of the order), and the numbers of what is shown
 */
export function tissuePicture(field, pixels, colours) {
  const { base, shade, order } = field;
  const ground = base.map((code, p) => (code << 4) | shade[p]);
  for (let p = 0; p < ground.length; p++) pixels[p] = colours[ground[p]];
  return {
    field,
    pixels,
    colours,
    ground,
    cells: new Uint8Array(base.length),
    covered: new Uint16Array(Math.ceil(order.length / BLOCK)),
    lost: 0,
    macrophages: 0,
    myofibroblasts: 0,
    linked: 0, // place in the order where cross-linked fibres end
    fibres: 0, // and where all fibres end
  };
}

/**
 * Move the picture to other targets; only pixels that may change are written.
 * @param {object} picture from tissuePicture
 * @param {object} targets from tissueTargets
 */
export function tissuePaint(picture, targets) {
  const { field } = picture;
  const before = { ...picture };
  const moved = ["macrophages", "myofibroblasts"].some((name) => picture[name] !== targets[name]);
  if (moved) tissueMoveCells(picture, targets);
  tissueMoveGround(picture, targets.lost);
  const fibres = tissuePlaceOf(picture, targets.collagen);
  picture.fibres = fibres;
  picture.linked = Math.min(fibres, tissuePlaceOf(picture, targets.crosslinked));
  for (const end of ["linked", "fibres"]) tissueRange(picture, before[end], picture[end]);
  tissueSpan(before.lost, picture.lost, (i) => tissuePixel(picture, field.losses[i]));
  if (moved) for (const counts of [before, picture]) tissueEachCell(picture, counts);
}

/** Call `act` with each whole number from the smaller of two up to, not at, the larger. */
function tissueSpan(a, b, act) {
  for (let i = Math.min(a, b); i < Math.max(a, b); i++) act(i);
}

/** Takes hepatocytes away or brings them back. */
function tissueMoveGround(picture, lost) {
  const { field, ground } = picture;
  const code = lost > picture.lost ? TISSUE_CLASS.lost : TISSUE_CLASS.hepatocyte;
  tissueSpan(lost, picture.lost, (i) => {
    const p = field.losses[i];
    ground[p] = (code << 4) | field.shade[p];
  });
  picture.lost = lost;
}

/** Other scar cells; myofibroblasts lie over macrophages. */
function tissueMoveCells(picture, targets) {
  const { field, cells, covered } = picture;
  cells.fill(0);
  covered.fill(0);
  for (const name of ["macrophages", "myofibroblasts"]) {
    const code = TISSUE_CLASS[name.slice(0, -1)] << 4;
    picture[name] = targets[name];
    for (const { pixels, shades } of field[name].slice(0, targets[name])) {
      for (let i = 0; i < pixels.length; i++) {
        const p = pixels[i];
        if (!cells[p] && field.place[p] < field.order.length)
          covered[(field.place[p] / BLOCK) | 0]++;
        cells[p] = code | shades[i];
      }
    }
  }
}

/** Paint every pixel on which one of so many cells lies. */
function tissueEachCell(picture, counts) {
  for (const name of ["macrophages", "myofibroblasts"]) {
    for (const { pixels } of picture.field[name].slice(0, counts[name]))
      for (const p of pixels) tissuePixel(picture, p);
  }
}

/** The place in the order of fibres before which so many pixels are free of cells. */
function tissuePlaceOf({ field, cells, covered }, wanted) {
  const { order } = field;
  let place = 0;
  let free = 0;
  for (let block = 0; block < covered.length - 1; block++) {
    const more = BLOCK - covered[block];
    if (free + more > wanted) break;
    free += more;
    place += BLOCK;
  }
  for (; place < order.length && free < wanted; place++) if (!cells[order[place]]) free++;
  return place;
}

/** Paint what lies between two places of the order. */
function tissueRange(picture, a, b) {
  tissueSpan(a, b, (i) => tissuePixel(picture, picture.field.order[i]));
}

/** What a pixel shows: a cell, else a fibre, else the ground. */
export function tissueTexture({ field, cells, ground, linked, fibres }, p) {
  if (cells[p]) return cells[p];
  const place = field.place[p];
  if (place >= fibres) return ground[p];
  const code = place < linked ? TISSUE_CLASS.crosslinked : TISSUE_CLASS.collagen;
  return (code << 4) | field.fibre[p];
}

function tissuePixel(picture, p) {
  picture.pixels[p] = picture.colours[tissueTexture(picture, p)];
}

/** Mix of two [r, g, b] colours; share 0 keeps the first. */
function tissueMix(a, b, share) {
  return a.map((v, k) => Math.round(v + (b[k] - v) * share));
}

/**
 * Sixteen textures for each class, as 32-bit pixels.
 * @param {Object<string, number[]>} tokens [r, g, b] of every token
 * @returns {Uint32Array}
 */
export function tissueColours(tokens) {
  const white = [255, 255, 255],
    black = [20, 8, 8],
    glass = [253, 250, 244];
  const ramps = {
    lumen: () => [255, 254, 251],
    open: (s) => tissueMix(glass, tokens.hepatocyte, 0.04 + 0.006 * (15 - s)),
    hepatocyte: (s) =>
      tissueMix(
        tokens.hepatocyte,
        s > 10 ? [255, 246, 226] : [250, 232, 196],
        s === 15 ? 0.86 : 0.1 + 0.04 * s,
      ),
    lost: (s) =>
      tissueMix(
        glass,
        tokens.hepatocyte,
        s === 15 ? 0.06 : s === 2 ? 0.26 : s === 11 ? 0.34 : 0.17 + 0.012 * (10 - s),
      ),
    duct: (s) => tissueMix(tokens.hepatocyte, black, 0.12 + 0.012 * s),
    collagen: (s) =>
      s < 7
        ? tissueMix(tokens.collagen, black, 0.045 * (7 - s))
        : tissueMix(tokens.collagen, white, 0.045 * (s - 7)),
    crosslinked: (s) =>
      s < 7
        ? tissueMix(tokens.crosslinked, black, 0.05 * (7 - s))
        : tissueMix(tokens.crosslinked, tokens.collagen, 0.045 * (s - 7)),
    myofibroblast: (s) =>
      s < 7
        ? tissueMix(tokens.myofibroblast, black, 0.45)
        : tissueMix(tokens.myofibroblast, white, 0.07 * (s - 5)),
    macrophage: (s) =>
      s < 7
        ? tissueMix(tokens.macrophage, black, 0.4)
        : tissueMix(tokens.macrophage, white, 0.07 * (s - 6)),
    plate: () => tokens.paper,
  };
  const out = new Uint8ClampedArray(16 * 16 * 4).fill(255);
  for (const [name, code] of Object.entries(TISSUE_CLASS)) {
    for (let s = 0; s < 16; s++) out.set(ramps[name](s), 4 * (16 * code + s));
  }
  return new Uint32Array(out.buffer);
}
