// Six ways to read one trial; the same numbers as in hepatica/analysis/virtual_readings.py.

import { normalOf, studentLimit } from "./distributions.js";
import { chanceOf } from "./luck.js";
import { VIRTUAL_DRAWS, enterTrial, momentsOf } from "./virtual_trial.js";

const BASELINE = 34;
export const READINGS = ["screening", "baseline", "register", "end", "change", "ancova"];

/** The luck of so many trials with `arms` people in each of three groups, kept for the next move. */
export function readingLuck(seed, trials, arms) {
  return Array.from({ length: trials }, (_, trial) => {
    const of = (draw, made) =>
      Float64Array.from({ length: 3 * arms }, (__, i) => made(chanceOf(seed + trial, i, draw)));
    const as = (u) => u;
    return {
      entry: of(VIRTUAL_DRAWS.entry, as),
      true: of(VIRTUAL_DRAWS.true, normalOf),
      drift: of(VIRTUAL_DRAWS.drift, normalOf),
      sober: of(VIRTUAL_DRAWS.sober, as),
      baseline: of(BASELINE, normalOf),
      second: of(VIRTUAL_DRAWS.second, normalOf),
    };
  });
}

/** MELD at screening, on the day of the infusion and at the end; cells, lot, register in turn. */
function readingPeople(v, luck) {
  const arms = luck.entry.length / 3,
    enter = enterTrial(v);
  const recovered = v.recovery * (1 - Math.exp(-v.months / v.recovery_months));
  return Array.from(luck.entry, (u, i) => {
    const { entry, before } = enter(u, luck.true[i]);
    const stop = i < 2 * arms ? v.abstinent : v.abstinent - v.outside;
    const change =
      v.drift * luck.drift[i] - (luck.sober[i] < stop ? recovered : 0) - (i < arms ? v.benefit : 0);
    return {
      screening: entry,
      baseline: before + v.noise * luck.baseline[i],
      end: before + change + v.noise * luck.second[i],
    };
  });
}

function readAlone(changes) {
  const { mean, variance, n } = momentsOf(changes);
  return [mean, Math.sqrt(variance / n), n - 1];
}

function readBetween(one, other) {
  const [a, b] = [momentsOf(one), momentsOf(other)];
  return [a.mean - b.mean, Math.sqrt((a.variance + b.variance) / a.n), 2 * a.n - 2];
}

/** Analysis of covariance with one slope for both arms. */
function readAdjusted(cells, control) {
  const n = cells.length;
  const [x0, y0, x1, y1] = [cells, control].flatMap((arm) =>
    ["baseline", "end"].map((time) => momentsOf(arm.map((one) => one[time])).mean),
  );
  let [sxx, sxy, syy] = [0, 0, 0];
  const add = (arm, x, y) => {
    for (const one of arm) {
      const [dx, dy] = [one.baseline - x, one.end - y];
      sxx += dx * dx;
      sxy += dx * dy;
      syy += dy * dy;
    }
  };
  add(cells, x0, y0);
  add(control, x1, y1);
  const slope = sxy / sxx,
    apart = x0 - x1,
    df = 2 * n - 3;
  const se = Math.sqrt(((syy - slope ** 2 * sxx) / df) * (2 / n + apart ** 2 / sxx));
  return [y0 - y1 - slope * apart, se, df];
}

/** One trial in each reading: estimate, low and high (95 %). */
function readTrial(v, luck) {
  const people = readingPeople(v, luck),
    n = people.length / 3;
  const [cells, lot, register] = [0, 1, 2].map((k) => people.slice(k * n, (k + 1) * n));
  const change = (arm) => arm.map((one) => one.end - one.baseline),
    end = (arm) => arm.map((one) => one.end);
  const found = [
    readAlone(cells.map((one) => one.end - one.screening)),
    readAlone(change(cells)),
    readBetween(change(cells), change(register)),
    readBetween(end(cells), end(lot)),
    readBetween(change(cells), change(lot)),
    readAdjusted(cells, lot),
  ];
  return found.map(([estimate, se, df]) => {
    const half = readingLimit(df) * se;
    return { estimate, low: estimate - half, high: estimate + half };
  });
}

const LIMITS = {};
const readingLimit = (df) => (LIMITS[df] ??= studentLimit(df));

/** Of many trials, per reading: mean, spread, and of a hundred how many are “better”. */
export function readTrials(v, lucks) {
  const trials = lucks.map((luck) => readTrial(v, luck));
  return READINGS.map((_, k) => {
    const rows = trials.map((trial) => trial[k]);
    const { mean, variance } = momentsOf(rows.map((one) => one.estimate));
    const wins = (100 * rows.filter((one) => one.high < 0).length) / rows.length;
    return { mean, spread: Math.sqrt(variance), wins };
  });
}
