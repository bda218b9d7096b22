// Runs a chain in the browser: shares of a group in named states, moved once a year. The
// probabilities of the steps arrive from Python as formulas (hepatica/model/chain.py), so both
// languages run the same formulas.

import { functionOf } from "./code.js";
import { luckOf } from "./luck.js";

const ROUNDING = 1e-9;

/**
 * Turn the JSON of a chain into functions.
 * @param {object} spec the result of `Chain.javascript()`
 * @returns {object} the same data with `before(p, q)`, `after(p, q)`, `report(y, p, o)`, what
 * engine/models.js   promises, and `lives(values, years, people, seed)`
 */
export function compileChain(spec) {
  const chain = {
    ...spec,
    before: functionOf(spec.before),
    after: functionOf(spec.after),
    report: functionOf(spec.report),
  };
  return {
    ...chain,
    series: (values, times) => atYears(runChain(chain, values, Math.round(times.at(-1))), times),
    lives: (...asked) => singleLives(chain, ...asked),
  };
}

/** The series of every year, read at whole years. */
function atYears(series, times) {
  const read = (row) => Float64Array.from(times, (time) => row[Math.round(time)]);
  return Object.fromEntries(Object.entries(series).map(([name, row]) => [name, read(row)]));
}

/**
 * Run a chain.
 * @param {object} chain from `compileChain`
 * @param {Object<string, number>} values parameter values; missing ones keep the ledger's value
 * @param {number} years whole years to run
 * @returns {Object<string, Float64Array>} one series per reported name, for years 0 to `years`
 */
export function runChain(chain, values, years) {
  const series = Object.fromEntries(
    chain.reported.map((name) => [name, new Float64Array(years + 1)]),
  );
  const p = valuesOf(chain, values);
  const steps = stepsOf(chain, p);
  const o = new Float64Array(chain.reported.length);
  let y = Float64Array.from([
    ...chain.states.map((state) => state.initial),
    ...chain.counters.map(() => 0),
  ]);
  for (let year = 0; year <= years; year++) {
    chain.report(y, p, o);
    chain.reported.forEach((name, i) => {
      series[name][year] = o[i];
    });
    y = yearLater(chain, y, steps(year));
  }
  return series;
}

function valuesOf(chain, values) {
  return Float64Array.from(chain.parameters, (row) => (values[row.name] ?? row.value) * row.factor);
}

/** A function that gives the probability of each step in a year. */
function stepsOf(chain, p) {
  const before = probabilities(chain, chain.before, p);
  const after = probabilities(chain, chain.after, p);
  const place = chain.parameters.findIndex((row) => row.name === chain.switch);
  const switchYear = place < 0 ? Infinity : p[place];
  return (year) => (year >= switchYear ? after : before);
}

/** States and counters a year later. */
function yearLater(chain, y, q) {
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
function probabilities(chain, formulas, p) {
  const q = new Float64Array(chain.steps.length);
  formulas(p, q);
  const leaving = new Float64Array(chain.states.length);
  chain.steps.forEach(([from], k) => {
    leaving[from] += q[k];
  });
  chain.steps.forEach(([from], k) => {
    if (!(q[k] >= -ROUNDING && leaving[from] <= 1 + ROUNDING)) {
      throw new Error(
        `${chain.name}: the yearly steps out of ${chain.states[from].name} do not add up; choose smaller numbers.`,
      );
    }
  });
  return q;
}

/**
 * The lives of single people: chance decides year by year.
 * @param {object} chain from `compileChain`
 * @param {Object<string, number>} values parameter values; missing ones keep the ledger's value
 * @param {number} years whole years
 * @param {number} people how many
 * @param {number} seed which people
 * @returns {number[][]} for each person the number of the state in years 0 to `years`
 */
function singleLives(chain, values, years, people, seed) {
  const steps = stepsOf(chain, valuesOf(chain, values));
  return Array.from({ length: people }, (_, person) => {
    const life = [firstState(chain, luckOf(seed, person, 0))];
    for (let year = 0; year < years; year++) {
      life.push(nextState(chain, life[year], steps(year), luckOf(seed, person, year + 1)));
    }
    return life;
  });
}

function firstState(chain, luck) {
  let sum = 0;
  return chain.states.findIndex((state) => (sum += state.initial) > luck);
}

function nextState(chain, state, chances, luck) {
  let sum = 0;
  for (let k = 0; k < chain.steps.length; k++) {
    if (chain.steps[k][0] !== state) continue;
    sum += chances[k];
    if (luck < sum) return chain.steps[k][1];
  }
  return state;
}
