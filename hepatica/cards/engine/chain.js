// Runs a chain in the browser: shares of a group in named states, moved once a year. The probabilities of the steps
// arrive from Python as formulas (hepatica/model/chain.py), so both languages run the same formulas.

import { functionOf } from "./code.js";

const CHAIN_ROUNDING = 1e-9;

/**
 * Turn the JSON of a chain into functions.
 * @param {object} spec the result of `Chain.javascript()`
 * @returns {object} the same data with `before(p, q)`, `after(p, q)` and `report(y, p, o)`
 */
export function compileChain(spec) {
  return {
    ...spec,
    before: functionOf(spec.before),
    after: functionOf(spec.after),
    report: functionOf(spec.report),
  };
}

/**
 * Run a chain.
 * @param {object} chain from `compileChain`
 * @param {Object<string, number>} values parameter values; missing ones keep the ledger's value
 * @param {number} years whole years to run
 * @returns {Object<string, Float64Array>} one series per reported name, for years 0 to `years`
 */
export function runChain(chain, values, years) {
  const p = Float64Array.from(chain.parameters, (row) => (values[row.name] ?? row.value) * row.factor);
  const series = Object.fromEntries(chain.reported.map((name) => [name, new Float64Array(years + 1)]));
  const steps = [chainProbabilities(chain, chain.before, p), chainProbabilities(chain, chain.after, p)];
  const place = chain.parameters.findIndex((row) => row.name === chain.switch);
  const switchYear = place < 0 ? Infinity : p[place];
  const o = new Float64Array(chain.reported.length);
  let y = Float64Array.from([...chain.states.map((state) => state.initial), ...chain.counters.map(() => 0)]);
  for (let year = 0; year <= years; year++) {
    chain.report(y, p, o);
    chain.reported.forEach((name, i) => { series[name][year] = o[i]; });
    y = chainYear(chain, y, steps[year >= switchYear ? 1 : 0]);
  }
  return series;
}

/** States and counters a year later. */
function chainYear(chain, y, q) {
  const next = Float64Array.from(y);
  const flows = chain.steps.map(([from], k) => y[from] * q[k]);
  chain.steps.forEach(([from, to], k) => {
    next[from] -= flows[k];
    next[to] += flows[k];
  });
  chain.counters.forEach((counter, c) => {
    for (const k of counter.steps) next[chain.states.length + c] += flows[k];
  });
  return next;
}

/** The probability of each step; throws when more than everybody would leave a state. */
export function chainProbabilities(chain, formulas, p) {
  const q = new Float64Array(chain.steps.length);
  formulas(p, q);
  const leaving = new Float64Array(chain.states.length);
  chain.steps.forEach(([from], k) => { leaving[from] += q[k]; });
  chain.steps.forEach(([from], k) => {
    if (!(q[k] >= -CHAIN_ROUNDING && leaving[from] <= 1 + CHAIN_ROUNDING)) {
      throw new Error(`${chain.name}: the yearly steps out of ${chain.states[from].name} do not add up; choose smaller numbers.`);
    }
  });
  return q;
}
