// Chance that can be repeated: the same whole numbers give the same luck, here and in
// hepatica/model/luck.py.

const HALF_STEP = 2 ** -33; // keeps the luck away from 0 and 1

/** A random number in [0, 1) that belongs to one seed, one person and one year or draw. */
export function luckOf(seed, person, draw) {
  let h =
    Math.imul(seed + 1, 0x9e3779b1) ^
    Math.imul(person + 1, 0x85ebca6b) ^
    Math.imul(draw + 1, 0xc2b2ae35);
  // four rounds, written out: a league draws this often
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  h = Math.imul(h ^ (h >>> 16), 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** The same, strictly between 0 and 1. */
export function chanceOf(seed, person, draw) {
  return luckOf(seed, person, draw) + HALF_STEP;
}

/** A function that gives one number in [0, 1) after the other, from a seed (mulberry32). */
export function mulberry(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
