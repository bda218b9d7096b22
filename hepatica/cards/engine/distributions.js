// Distributions: normal numbers from luck, the normal and Student's t distribution, power of a t
// test.

import { studentInside, studentQuantile } from "./pooling.js";

// Wichura 1988, algorithm AS 241 (PPND7); the same numbers stand in hepatica/model/luck.py.
const NORMAL_CENTRE = [
  [59.10937472, 159.29113202, 50.434271938, 3.3871327179],
  [67.1875636, 78.757757664, 17.895169469, 1],
];
const NORMAL_TAIL = [
  [0.17023821103, 1.3067284816, 2.75681539, 1.4234372777],
  [0.12021132975, 0.7370016425, 1],
];
const NORMAL_FAR = [
  [0.017337203997, 0.42868294337, 3.081226386, 6.657905115],
  [0.012258202635, 0.24197894225, 1],
];

function rationalOf([above, below], x) {
  const value = (coefficients) => coefficients.reduce((sum, c) => sum * x + c, 0);
  return value(above) / value(below);
}

/** The standard normal number below which the share `u` lies. */
export function normalOf(u) {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) return q * rationalOf(NORMAL_CENTRE, 0.180625 - q * q);
  const depth = Math.sqrt(-Math.log(Math.min(u, 1 - u)));
  return (
    Math.sign(q) *
    (depth <= 5 ? rationalOf(NORMAL_TAIL, depth - 1.6) : rationalOf(NORMAL_FAR, depth - 5))
  );
}

/** Density of the standard normal distribution. */
export function normalDensity(x) {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Share of a standard normal distribution below x; a series inside, a continued fraction in the
 * tails.
 */
export function normalShare(x) {
  if (Math.abs(x) > 6) {
    const z = Math.abs(x),
      tail = normalDensity(z) / (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 5 / z)))));
    return x > 0 ? 1 - tail : tail;
  }
  let sum = x,
    term = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) sum += term *= (x * x) / k;
  return 0.5 + normalDensity(x) * sum;
}

/** Both tails of Student's t distribution beyond |t|: the p value of a t test. */
export function studentP(t, df) {
  return 1 - studentInside(Math.abs(t), df);
}

const studentLimits = new Map();

/**
 * The t that leaves 2.5 % in each tail; on a line between whole degrees, by the expansion around z
 * beyond 500.
 */
export function studentLimit(df) {
  const z = 1.959963984540054,
    below = Math.floor(df);
  if (df > 500)
    return z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df ** 2);
  if (below < df)
    return studentLimit(below) + (df - below) * (studentLimit(below + 1) - studentLimit(below));
  if (!studentLimits.has(df)) studentLimits.set(df, studentQuantile(df));
  return studentLimits.get(df);
}

/**
 * Power of a two-sided t test at 5 % for two arms of `n`, a true difference and a standard
 * deviation. The spread that the trial itself will find is averaged over its distribution, in an
 * even number of `steps`.
 */
export function powerOf(n, difference, sd, steps = 400) {
  const df = 2 * n - 2,
    limit = studentLimit(df),
    shift = (difference / sd) * Math.sqrt(n / 2);
  const spread = Math.min(0.99, 7 / Math.sqrt(2 * df));
  let weights = 0,
    hits = 0;
  for (let i = 0; i <= steps; i++) {
    const w = 1 - spread + (i * (2 * spread + (df < 25 ? 1.5 : 0))) / steps;
    const weight =
      Math.exp((df - 1) * Math.log(w) - (df / 2) * (w * w - 1)) * (i % steps ? (i % 2 ? 4 : 2) : 1);
    weights += weight;
    hits += weight * (normalShare(shift - limit * w) + normalShare(-shift - limit * w));
  }
  return hits / weights;
}

/** The smallest number per arm that reaches `power`; Infinity beyond 100 000. */
export function patientsFor(power, difference, sd) {
  let low = 2,
    high = 100000;
  if (!(powerOf(high, difference, sd) >= power)) return Infinity;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (powerOf(middle, difference, sd) >= power) high = middle;
    else low = middle;
  }
  return powerOf(low, difference, sd) >= power ? low : high;
}
