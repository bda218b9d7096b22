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
const FEW = 4; // pixels here and there take longer, each, than in a walk over all
const CELLS = ["macrophages", "myofibroblasts"]; // the later lie over the earlier

/**
 * The picture of a field: nothing is painted yet.
 * @param {object} field from tissueField
 * @param {Uint32Array} pixels one RGBA colour per pixel, written by tissuePaint
 * @param {Uint32Array} colours 16 textures per class: the colour of (class << 4 | texture)
 * @returns {object} these, cells (what each pixel shows of scar cells, 0 = nothing), covered
 * (pixels under cells, per block of the order), and the numbers of what is shown
 */
export function tissuePicture(field, pixels, colours) {
  const { base, order } = field;
  return {
    field,
    pixels,
    colours,
    cells: new Uint8Array(base.length),
    covered: new Uint16Array(Math.ceil(order.length / BLOCK)),
    painted: false,
    lost: 0,
    macrophages: 0,
    myofibroblasts: 0,
    linked: 0, // place in the order where cross-linked fibres end
    fibres: 0, // and where all fibres end
  };
}

/**
 * Paint other targets. Every pixel knows its place in the orders of fibres and of loss, so one walk
 * through memory paints them all; where few change, only those are painted, one here and one there.
 * @param {object} picture from tissuePicture
 * @param {object} targets from tissueTargets
 */
export function tissuePaint(picture, targets) {
  const { field, painted, lost, fibres, linked } = picture;
  const cells = CELLS.flatMap((name) => tissueOthers(field[name], picture[name], targets[name]));
  if (cells.length) tissueMoveCells(picture, targets);
  picture.lost = targets.lost;
  picture.fibres = tissuePlaceOf(picture, targets.collagen);
  picture.linked = Math.min(picture.fibres, tissuePlaceOf(picture, targets.crosslinked));
  picture.painted = true;
  const others = [
    ...cells,
    tissueBetween(field.losses, lost, picture.lost),
    tissueBetween(field.order, fibres, picture.fibres),
    tissueBetween(field.order, linked, picture.linked),
  ];
  const count = others.reduce((sum, some) => sum + some.length, 0);
  if (!painted || count * FEW > picture.pixels.length) tissueWalk(picture, null);
  else others.forEach((some) => tissueWalk(picture, some));
}

/** The part of an order that lies between two places. */
function tissueBetween(order, one, two) {
  return order.subarray(Math.min(one, two), Math.max(one, two));
}

/** The pixels of the cells that come or go between two numbers of them. */
function tissueOthers(sprites, one, two) {
  return sprites
    .slice(Math.min(one, two), Math.max(one, two))
    .map(({ pixels }) => Uint32Array.from(pixels));
}

/** Other scar cells. */
function tissueMoveCells(picture, targets) {
  const { field, cells, covered } = picture;
  cells.fill(0);
  covered.fill(0);
  for (const name of CELLS) {
    const code = TISSUE_CLASS[name.slice(0, -1)] << 4;
    picture[name] = targets[name];
    for (const { pixels, shades } of field[name].slice(0, targets[name])) {
      for (let i = 0; i < pixels.length; i++) {
        const p = pixels[i];
        const place = field.place[p];
        if (!cells[p] && place < field.order.length) covered[Math.floor(place / BLOCK)]++;
        cells[p] = code | shades[i];
      }
    }
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

/**
 * Paint all pixels, or those of a list: a cell, else a fibre, else the ground. Fibres lie about,
 * so a processor could not guess which way a branch goes: masks (all bits where a number is below
 * another) choose.
 */
function tissueWalk({ field, pixels, colours, cells, linked, fibres, lost }, list) {
  const { place, fibre, healthy, loss } = field;
  const young = TISSUE_CLASS.collagen << 4;
  const older = young ^ (TISSUE_CLASS.crosslinked << 4);
  const dying = (TISSUE_CLASS.hepatocyte ^ TISSUE_CLASS.lost) << 4;
  const count = list ? list.length : pixels.length;
  for (let i = 0; i < count; i++) {
    const p = list ? list[i] : i;
    const cell = cells[p];
    const at = place[p];
    const ground = healthy[p] ^ (dying & ((loss[p] - lost) >> 31));
    const scar = (young ^ (older & ((at - linked) >> 31))) | fibre[p];
    pixels[p] = colours[cell || ground ^ ((ground ^ scar) & ((at - fibres) >> 31))];
  }
}

/** Class of every pixel of a picture as it was painted last. */
export function tissueClasses(picture) {
  const codes = Uint32Array.from({ length: 256 }, (_, texture) => texture >> 4);
  const pixels = new Uint32Array(picture.pixels.length);
  tissueWalk({ ...picture, pixels, colours: codes }, null);
  return pixels;
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
