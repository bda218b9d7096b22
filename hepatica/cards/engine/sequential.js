// A boundary for whoever looks again and again, and a prior. The same as
// hepatica/analysis/sequential.py, to the ninth digit.

import { normalDensity, normalShare } from "./distributions.js";
import { effectOf } from "./specifications.js";

const NORMAL = 1.959963984540054;
const POWER_80 = 0.8416212335729143;
const STEPS = 120; // of Simpson's rule
const WIDE = 8; // standard deviations
const HALVINGS = 60;
const FAR = 3; // standard deviations from which the tail is a continued fraction
const DEPTH = 80;

/** People of one trial that shows a relative reduction of the control's risk, power 0.8. */
export function peopleNeeded(control, reduction) {
  const treated = control * (1 - reduction);
  const mean = (control + treated) / 2;
  return (4 * (NORMAL + POWER_80) ** 2 * mean * (1 - mean)) / (control - treated) ** 2;
}

/** After each trial: people so far, effect, standard error and z (fewer deaths: above 0). */
export function looksOf(tables) {
  return tables.map((_, n) => {
    const used = tables.slice(0, n + 1);
    const { centre, low, high } = effectOf(used, "RR", n > 0 ? "DL" : "fixed", "half");
    const se = (high - low) / (2 * NORMAL);
    const people = used.reduce((sum, table) => sum + table[1] + table[3], 0);
    return { people, centre, se, z: -centre / se };
  });
}

/** The share of a standard normal distribution above x, exact in the tail. */
export function normalAbove(x) {
  if (x < FAR) return 1 - normalShare(x);
  let fraction = x;
  for (let k = DEPTH; k > 0; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}

const spentAt = (time) => 2 * normalAbove(NORMAL / Math.sqrt(time));

/** The z that must be passed at each look, at rising shares of the information (at most 1). */
export function boundariesOf(times) {
  const found = [NORMAL / Math.sqrt(times[0])];
  let way = startOf(times[0], found[0]);
  for (let n = 1; n < times.length; n++) {
    const spread = Math.sqrt(times[n] - times[n - 1]);
    const sd = Math.sqrt(times[n]);
    const edge = edgeOf(way, spread, spentAt(times[n]) - spentAt(times[n - 1]), sd);
    found.push(edge / sd);
    if (n + 1 < times.length) way = onward(way, spread, Math.min(edge, WIDE * sd));
  }
  return found;
}

/** Places from −edge to edge with their weights, each weight times `density` there. */
function weighed(edge, density) {
  const weight = (n) => (n === 0 || n === STEPS ? 1 : n % 2 ? 4 : 2) * ((2 * edge) / STEPS / 3);
  return Array.from({ length: STEPS + 1 }, (_, n) => {
    const place = -edge + (2 * edge * n) / STEPS;
    return { place, share: weight(n) * density(place) };
  });
}

function startOf(time, boundary) {
  const sd = Math.sqrt(time);
  return weighed(Math.min(boundary, WIDE) * sd, (place) => normalDensity(place / sd) / sd);
}

function edgeOf(way, spread, share, sd) {
  let [low, high] = [0, 2 * WIDE * sd];
  for (let turn = 0; turn < HALVINGS; turn++) {
    const middle = (low + high) / 2;
    let beyond = 0;
    for (const each of way) beyond += each.share * normalAbove((middle - each.place) / spread);
    if (2 * beyond > share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function onward(way, spread, edge) {
  return weighed(edge, (place) => {
    let sum = 0;
    for (const each of way) sum += each.share * normalDensity((place - each.place) / spread);
    return sum / spread;
  });
}

/** Mean and standard deviation of the logarithm of the risk ratio after prior and trials. */
export function posteriorOf(guess, factor, { centre, se }) {
  const prior = (NORMAL / Math.log(factor)) ** 2;
  const trials = 1 / se ** 2;
  const mean = (prior * Math.log(guess) + trials * centre) / (prior + trials);
  return { mean, sd: 1 / Math.sqrt(prior + trials) };
}
