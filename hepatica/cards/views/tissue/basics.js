// What the modules of the picture of tissue share: classes, sizes, and noise.

/** Codes of the class buffer. */
export const TISSUE_CLASS = Object.freeze({
  lumen: 0,
  open: 1,
  hepatocyte: 2,
  lost: 3,
  duct: 4,
  collagen: 5,
  crosslinked: 6,
  myofibroblast: 7,
  macrophage: 8,
  plate: 9,
});

export const TISSUE_WIDTH_UM = 2400;
export const TISSUE_NEVER = 1e6;

/** Hash of two integers to [0, 1). */
export function tissueHash(i, j) {
  let h = Math.imul(i, 374761393) ^ Math.imul(j, 668265263);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Length of a vector (Math.hypot is several times slower). */
export function tissueLength(x, y) {
  return Math.sqrt(x * x + y * y);
}

/** Smooth noise in [0, 1) with features of about one unit. */
export function tissueNoise(x, y, seed) {
  const i = Math.floor(x),
    j = Math.floor(y);
  const u = x - i,
    v = y - j,
    s = u * u * (3 - 2 * u),
    t = v * v * (3 - 2 * v);
  const k = i + seed * 7919;
  const top = tissueHash(k, j) * (1 - s) + tissueHash(k + 1, j) * s;
  return top * (1 - t) + (tissueHash(k, j + 1) * (1 - s) + tissueHash(k + 1, j + 1) * s) * t;
}
