// What the trials say together, in numbers and words.

import { eggerTest, poolTrials } from "../../engine/pooling.js";
import { formatNumber } from "../../engine/rules.js";

const FAR = [0.01, 100]; // a ratio beyond these could be almost anything

export function groupsOf(spec) {
  return [...new Set(spec.trials.map((trial) => trial.group))].sort();
}

function back(spec, value) {
  return spec.measure.log ? Math.exp(value) : value;
}

/** An effect and its interval, short enough for a row. */
export function effectText(spec, centre, low, high) {
  const short = (words) => words.replace("below ", "<").replace("above ", ">");
  const [from, to] = [low, high].map((end) => short(endSaid(spec, end)));
  return `${formatNumber(back(spec, centre), "2f")} (${from} to ${to})`;
}

/** An end of an interval; of a ratio very far from 1 only that it is far. */
function endSaid(spec, end) {
  const value = back(spec, end);
  if (spec.measure.log && value > FAR[1]) return `above ${FAR[1]}`;
  const said = formatNumber(value, "2f");
  return spec.measure.log && said === "0.00" ? `below ${FAR[0]}` : said;
}

/**
 * What the trials that count say together, in the names of the card's sentence
 * (kinds/forest/card.py).
 */
export function forestScope(spec, values, trials) {
  const groups = spec.group ? groupsOf(spec) : [];
  const own = groups.map((name, n) =>
    groupScope(
      spec,
      values,
      trials.filter((trial) => trial.group === name),
      n,
    ),
  );
  const base = {
    ...EMPTY,
    k: trials.length,
    fixed: values.method === "fixed" ? 1 : 0,
    strict: values.hartung && values.method !== "fixed" ? 1 : 0,
    split: values.split ? 1 : 0,
    measure: spec.measure.words,
    heaviest: "",
    low_said: "",
    high_said: "",
    trials: trials.length === 1 ? "trial" : "trials",
  };
  const tested = spec.funnel && trials.length > 2 ? { asked: 1, p: eggerTest(trials).p } : {};
  return Object.assign(
    base,
    ...own,
    trials.length ? pooledScope(spec, values, trials) : {},
    tested,
  );
}

const EMPTY = Object.fromEntries(
  "counted patients ratio centre low high ahead wide ahead_low ahead_high free i2 tau2 heavy asked p"
    .split(" ")
    .map((name) => [name, 0]),
);

function pooledScope(spec, values, trials) {
  const pool = poolTrials(trials, values.method, values.hartung);
  const of = (value) => back(spec, value);
  const ahead = trials.length > 3 && Number.isFinite(pool.predictionLow);
  const [from, to] = ahead ? [of(pool.predictionLow), of(pool.predictionHigh)] : [0, 0];
  const heavy = Math.max(...pool.weights);
  return {
    counted: trials.every((trial) => trial.patients !== null) ? 1 : 0,
    patients: trials.reduce((sum, trial) => sum + (trial.patients ?? 0), 0),
    ratio: spec.measure.log ? 1 : 0,
    centre: of(pool.centre),
    low: of(pool.low),
    high: of(pool.high),
    low_said: endSaid(spec, pool.low),
    high_said: endSaid(spec, pool.high),
    ahead: ahead ? 1 : 0,
    wide: ahead && spec.measure.log && (from < FAR[0] || to > FAR[1]) ? 1 : 0,
    ahead_low: from,
    ahead_high: to,
    free: ahead ? trials.length - 2 : 0,
    i2: Number.isFinite(pool.i2) ? pool.i2 : 0,
    tau2: pool.tau2,
    heavy: 100 * heavy,
    heaviest: trials[pool.weights.indexOf(heavy)].label,
  };
}

function groupScope(spec, values, trials, n) {
  const pool = trials.length ? poolTrials(trials, values.method, values.hartung) : null;
  const [low, high] = pool ? [pool.low, pool.high].map((end) => endSaid(spec, end)) : ["", ""];
  return {
    [`g${n}_k`]: trials.length,
    [`g${n}_centre`]: pool ? back(spec, pool.centre) : 0,
    [`g${n}_low`]: low,
    [`g${n}_high`]: high,
  };
}
