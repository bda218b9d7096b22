// Every reasonable analysis of a few trials with counts. The same as
// hepatica/analysis/specifications.py, to the ninth digit.

import { poolTrials } from "./pooling.js";

const NORMAL = 1.959963984540054;
const METHODS = { fixed: ["fixed", false], DL: ["DL", false], REML: ["REML", false] };
METHODS.KH = ["DL", true];

const DECIDED_BY = { match: "trials", realistic: "trials", zero: "model" };
export const AXES = ["trials", "match", "realistic", "measure", "model", "zero"];

/**
 * All specifications, in the order of the axes.
 * @param {object} plan sets: name → trials; readings: trial → keys; tables: key → [events,
 * people, events, people] (treated, control); measures, inverse, counted, zeros as in Python
 * @returns {object[]} the choices ("" where an axis does not apply) with centre, low and high,
 * logarithms for ratios
 */
export function everySpecification(plan) {
  const found = [];
  for (const [trials, keys] of readingsOf(plan)) {
    const used = Object.values(keys).map((key) => plan.tables[key]);
    const own = { trials, match: keys.match ?? "", realistic: keys.realistic ?? "" };
    for (const [model, measure, zero] of methodsOf(plan, used))
      found.push({ ...own, measure, model, zero, ...effectOf(used, measure, model, zero) });
  }
  return found;
}

function readingsOf({ sets, readings }) {
  const found = [];
  for (const [name, members] of Object.entries(sets)) {
    let chosen = [{}];
    for (const trial of members)
      chosen = chosen.flatMap((keys) => readings[trial].map((key) => ({ ...keys, [trial]: key })));
    found.push(...chosen.map((keys) => [name, keys]));
  }
  return found;
}

function methodsOf({ inverse, measures, counted, zeros }, used) {
  const left = used.filter((table) => !isEmpty(table)).length;
  const kept = left >= 2 && left < used.length ? zeros : zeros.slice(0, 2);
  const weighted = inverse.flatMap((model) =>
    measures.flatMap((measure) => kept.map((zero) => [model, measure, zero])),
  );
  const own = Object.entries(counted).flatMap(([model, all]) =>
    all.map((measure) => [model, measure, ""]),
  );
  return [...weighted, ...own];
}

const isEmpty = (table) => table[0] === 0 || table[2] === 0;

/** Centre and 95 % interval of one analysis, logarithms for ratios. */
export function effectOf(used, measure, model, zero) {
  if (model === "MH") return around(...MANTEL_HAENSZEL[measure](used));
  if (model === "Peto") return around(...peto(used));
  const kept = used.filter((table) => zero !== "drop" || !isEmpty(table));
  const singles = kept.map((table) => {
    const adds = zero === "every" || (zero === "half" && isEmpty(table));
    return SINGLE[measure](...cellsOf(table, adds ? 0.5 : 0));
  });
  const { centre, low, high } = poolTrials(singles, ...METHODS[model]);
  return { centre, low, high };
}

const around = (centre, variance) => {
  const width = NORMAL * Math.sqrt(variance);
  return { centre, low: centre - width, high: centre + width };
};

/** The four cells: events and survivors treated, events and survivors in control. */
function cellsOf([a, n, c, m], added) {
  return [a + added, n - a + added, c + added, m - c + added];
}

const SINGLE = {
  RR: (a, b, c, d) => ({
    yi: Math.log(a / (a + b)) - Math.log(c / (c + d)),
    vi: 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d),
  }),
  OR: (a, b, c, d) => ({
    yi: Math.log(a / b) - Math.log(c / d),
    vi: 1 / a + 1 / b + 1 / c + 1 / d,
  }),
  RD: (a, b, c, d) => ({
    yi: a / (a + b) - c / (c + d),
    vi: (a * b) / (a + b) ** 3 + (c * d) / (c + d) ** 3,
  }),
};

// ---- from the counts ----

const sum = (used, of) =>
  used.reduce((total, [a, n, c, m]) => total + of({ a, n, c, m, b: n - a, d: m - c, N: n + m }), 0);

const MANTEL_HAENSZEL = { RR: riskRatio, OR: oddsRatio, RD: riskDifference };

function riskRatio(used) {
  const above = sum(used, ({ a, m, N }) => (a * m) / N);
  const below = sum(used, ({ c, n, N }) => (c * n) / N);
  const spread = sum(used, ({ a, c, n, m, N }) => (n * m * (a + c) - a * c * N) / N ** 2);
  return [Math.log(above / below), spread / (above * below)];
}

function oddsRatio(used) {
  const r = ({ a, d, N }) => (a * d) / N;
  const s = ({ b, c, N }) => (b * c) / N;
  const p = ({ a, d, N }) => (a + d) / N;
  const q = ({ b, c, N }) => (b + c) / N;
  const [above, below] = [sum(used, r), sum(used, s)];
  const variance =
    sum(used, (t) => p(t) * r(t)) / (2 * above ** 2) +
    sum(used, (t) => p(t) * s(t) + q(t) * r(t)) / (2 * above * below) +
    sum(used, (t) => q(t) * s(t)) / (2 * below ** 2);
  return [Math.log(above / below), variance];
}

function riskDifference(used) {
  const weight = sum(used, ({ n, m, N }) => (n * m) / N);
  const centre = sum(used, ({ a, c, n, m, N }) => (a * m - c * n) / N) / weight;
  const skew = sum(
    used,
    ({ a, c, n, m, N }) => c * (n / N) ** 2 - a * (m / N) ** 2 + (n * m * (m - n)) / N ** 2 / 2,
  );
  const both = sum(used, ({ a, b, c, d, N }) => (a * d + c * b) / N / 2);
  return [centre, (centre * skew + both) / weight ** 2];
}

function peto(used) {
  const seen = sum(used, ({ a, c, n, N }) => a - (n * (a + c)) / N);
  const spread = sum(
    used,
    ({ a, b, c, d, n, m, N }) => (n * m * (a + c) * (b + d)) / (N ** 2 * (N - 1)),
  );
  return [seen / spread, 1 / spread];
}

// ---- counting ----

/** Whether a specification makes the choice on an axis, or cannot because of another choice. */
const makes = (each, axis, held) =>
  each[axis] === held[axis] || (each[axis] === "" && held[DECIDED_BY[axis]] !== "");

/**
 * What the choices leave: which specifications fit ("" on an axis leaves it open), and for every
 * option how many would fit if it were chosen on its axis instead.
 * @returns {{fit: object[], options: Object<string, Object<string, {n: number, favour: number,
 * exclude: number}>>}}
 */
export function countChoices(all, held) {
  const bound = AXES.filter((axis) => held[axis] !== "");
  const options = Object.fromEntries(AXES.map((axis) => [axis, {}]));
  const fit = [];
  for (const each of all) {
    const off = bound.filter((axis) => !makes(each, axis, held));
    if (off.length === 0) fit.push(each);
    if (off.length > 1) continue;
    for (const axis of off.length ? off : AXES) count(options[axis], each[axis], each);
  }
  return { fit, options };
}

function count(row, choice, { centre, high }) {
  const held = (row[choice] ??= { n: 0, favour: 0, exclude: 0 });
  held.n += 1;
  held.favour += centre < 0 ? 1 : 0;
  held.exclude += high < 0 ? 1 : 0;
}

/** In per cent, how many favour cells and how many exclude no effect; 0 of none. */
export function sharesOf(found) {
  const of = (test) => (100 * found.filter(test).length) / Math.max(found.length, 1);
  return [of(({ centre }) => centre < 0), of(({ high }) => high < 0)];
}
