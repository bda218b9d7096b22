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

/**
 * Picture of the tissue without fibres and scar cells, in its healthy state.
 * @returns {{classes: Uint8Array, pixels: Uint32Array, lost: number}} lost = hepatocyte pixels
 * already taken away
 */
export function tissueGround(field, colours) {
  const { base, shade } = field,
    pixels = new Uint32Array(base.length);
  for (let p = 0; p < base.length; p++) pixels[p] = colours[(base[p] << 4) | shade[p]];
  return { classes: base.slice(), pixels, lost: 0 };
}

/** Takes hepatocytes away or brings them back; only the pixels that change are touched. */
function tissueMoveGround(field, ground, lost, colours) {
  const code = lost > ground.lost ? TISSUE_CLASS.lost : TISSUE_CLASS.hepatocyte;
  for (let i = Math.min(lost, ground.lost); i < Math.max(lost, ground.lost); i++) {
    const p = field.losses[i];
    ground.classes[p] = code;
    ground.pixels[p] = colours[(code << 4) | field.shade[p]];
  }
  ground.lost = lost;
}

/**
 * Writes classes and colours of a state into its buffers.
 * @param {object} field from tissueField
 * @param {object} ground from tissueGround, moved along
 * @param {object} targets from tissueTargets
 * @param {Uint8Array} classes one class per pixel
 * @param {Uint32Array} pixels one RGBA colour per pixel
 * @param {Uint32Array} colours 16 textures per class
 */
export function tissuePaint(field, ground, targets, classes, pixels, colours) {
  tissueMoveGround(field, ground, targets.lost, colours);
  classes.set(ground.classes);
  pixels.set(ground.pixels);
  tissueStamp(
    field.macrophages,
    targets.macrophages,
    TISSUE_CLASS.macrophage,
    classes,
    pixels,
    colours,
  );
  tissueStamp(
    field.myofibroblasts,
    targets.myofibroblasts,
    TISSUE_CLASS.myofibroblast,
    classes,
    pixels,
    colours,
  );
  tissuePaintFibres(field, targets, classes, pixels, colours);
}

function tissueStamp(sprites, count, code, classes, pixels, colours) {
  for (let k = 0; k < count; k++) {
    const { pixels: at, shades } = sprites[k];
    for (let i = 0; i < at.length; i++) {
      classes[at[i]] = code;
      pixels[at[i]] = colours[(code << 4) | shades[i]];
    }
  }
}

function tissuePaintFibres(field, targets, classes, pixels, colours) {
  const { order, orderFibre } = field,
    firstCell = TISSUE_CLASS.myofibroblast;
  for (let i = 0, done = 0; i < order.length && done < targets.collagen; i++) {
    const p = order[i];
    if (classes[p] >= firstCell) continue;
    const code = done < targets.crosslinked ? TISSUE_CLASS.crosslinked : TISSUE_CLASS.collagen;
    classes[p] = code;
    pixels[p] = colours[(code << 4) | orderFibre[i]];
    done++;
  }
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
