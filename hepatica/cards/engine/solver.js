// Runs a model in the browser: Dormand–Prince 5(4) with step control and dense output, restarted at
// every edge of an input; where the fastest state holds its steps back, stiff.js takes over. The
// equations arrive from Python as two formulas
// (hepatica/model/equations.py), so both languages run the same formulas.

import { functionOf } from "./code.js";
import { stiffStepper } from "./stiff.js";

/**
 * Relative tolerance per step; the Python and JavaScript runs are held to 1e-4 of each other by a
 * test.
 */
export const TOLERANCE = 1e-7;

const MAX_STEPS = 200000;
// Steps are held back when so many in a row are this long at the rate of the fastest state; they
// stay stable up to 3.3 (Hairer and Wanner, section IV.2).
const PATIENCE = 12;
const EDGE = 2.5;
// days; no input of interest is shorter, and a solver chokes on shorter stretches
const SHORTEST = 1e-6;

// Coefficients of Dormand and Prince 1980 and of the dense output of Hairer, Nørsett and Wanner,
// section II.6.
const NODES = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
const DENSE = [
  -12715105075 / 11282082432,
  0,
  87487479700 / 32700410799,
  -10690763975 / 1880347072,
  701980252875 / 199316789632,
  -1453857185 / 822651844,
  69997945 / 29380423,
];

/**
 * Turn the JSON of a model into functions.
 * @param {object} spec the result of `Model.javascript()`
 * @returns {object} the same data with `rates(y, p, u, d)`, `report(y, p, u, o)`, with an unknown
 * `balance(y, p, u, d)`,   and what engine/models.js promises
 */
export function compileModel(spec) {
  const model = {
    ...spec,
    rates: functionOf(spec.rates),
    report: functionOf(spec.report),
    balance: spec.unknown ? functionOf(spec.unknown.balance) : null,
  };
  if (spec.clock) return { ...model, series: rememberRuns(model) };
  return {
    ...model,
    series: (values, times) => everywhere(evaluateModel(model, values), times.length),
    evaluate: (values) => evaluateModel(model, values),
    sweep: (values, parameter, grid) => sweepModel(model, values, parameter, grid),
  };
}

const REMEMBERED = 2; // a card shows a run and perhaps one beside it; often only one of them moves

/** `solveModel` that keeps its last runs: what moves on a card is not always what they depend on. */
function rememberRuns(model) {
  let runs = [];
  return (values, times) => {
    const p = dailyParameters(model, values);
    const known = runs.find((run) => run.p.every((x, i) => x === p[i]) && same(run.times, times));
    const run = known ?? { p, times, series: solveModel(model, values, times, p) };
    runs = [run, ...runs.filter((other) => other !== run)].slice(0, REMEMBERED);
    return run.series;
  };
}

const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

/** The same read-outs at each of so many times. */
function everywhere(found, count) {
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => [name, new Float64Array(count).fill(value)]),
  );
}

/** Parameter values in days, in the order of the model, from values in published units. */
function dailyParameters(model, values) {
  return Float64Array.from(model.parameters, (row) => (values[row.name] ?? row.value) * row.factor);
}

function resolvePulse(model, pulse, p) {
  const read = (field) =>
    typeof field === "string" ? p[model.parameters.findIndex((row) => row.name === field)] : field;
  const resolved = Object.fromEntries(
    Object.entries(pulse).map(([key, field]) => [key, read(field)]),
  );
  const count = resolved.duration > 0 && resolved.height !== 0 ? Math.round(resolved.repeats) : 0;
  // a repeat ends where the next begins
  const length = count > 1 ? Math.min(resolved.duration, resolved.period) : resolved.duration;
  const windows = Array.from({ length: count }, (_, n) => {
    const begin = resolved.start + n * resolved.period;
    return [begin, begin + length];
  });
  return { height: resolved.height, windows };
}

/** Inputs as lists of resolved pulses, one list per input, in the order of the model. */
function resolveInputs(model, p) {
  return Object.values(model.inputs).map((pulses) =>
    pulses.map((pulse) => resolvePulse(model, pulse, p)),
  );
}

/**
 * Days strictly between 0 and `days` on which an input jumps, rising; jumps within SHORTEST of the
 * last are one.
 */
function inputEdges(inputs, days) {
  const kept = [0];
  for (const day of inputs
    .flat()
    .flatMap((pulse) => pulse.windows.flat())
    .sort((a, b) => a - b)) {
    if (day > kept.at(-1) + SHORTEST && day < days - SHORTEST) kept.push(day);
  }
  return kept.slice(1);
}

/** Value of every input at time `t`, written into `u`; a pulse counts up to, not at, its end. */
function readInputs(inputs, t, u) {
  inputs.forEach((pulses, i) => {
    u[i] = 0;
    for (const pulse of pulses) {
      for (const [begin, end] of pulse.windows) {
        if (begin > t) break; // and so do all later ones
        if (t < end) u[i] += pulse.height;
      }
    }
  });
}

/**
 * Integrate y' = f(y) from `t0` to `t1` and hand every accepted step to `onStep`.
 * @param {function} f f(y, d) writes the rates of change of y into d
 * @param {Float64Array} y start values, overwritten with the end values
 * @param {function} scale scale(y, i) is the size of an acceptable error of y[i]
 * @param {function} onStep onStep(t, h, last, interpolate), interpolate(theta, h, out) for theta in
 * [0, 1]
 */
function integrate(f, y, t0, t1, scale, onStep) {
  const next = new Float64Array(y.length);
  let stepper = explicitStepper(f, y, next, scale);
  stepper.begin();
  let t = t0;
  let h = stepper.first(t1 - t0);
  for (let steps = 0, bound = 0; t < t1; steps++) {
    if (steps > MAX_STEPS || !(h > 0))
      throw new Error(`The solver stopped on day ${t.toPrecision(4)}.`);
    const last = t + h >= t1;
    if (last) h = t1 - t;
    const error = stepper.step(h);
    if (error <= 1) {
      onStep(t, h, last, stepper.interpolate);
      t = last ? t1 : t + h;
      bound = stepper.heldBack?.(h) ? bound + 1 : 0;
      y.set(next);
      if (bound >= PATIENCE) stepper = stiffStepper(f, y, next, scale);
      if (bound >= PATIENCE) bound = 0;
      stepper.begin();
    }
    h *= Number.isFinite(error) ? Math.min(5, Math.max(0.2, 0.9 * error ** -0.2)) : 0.1;
  }
}

/** Dormand–Prince; `heldBack(h)` says whether the fastest state allows no longer step. */
function explicitStepper(f, y, next, scale) {
  const k = Array.from({ length: 7 }, () => new Float64Array(y.length));
  const before = new Float64Array(y.length);
  const ways = Array.from({ length: 4 }, () => new Float64Array(y.length));
  let begun = false;
  let known = false; // whether `ways` belong to the last step
  return {
    begin() {
      if (begun) k[0].set(k[6]); // the last rates of a step are the first of the next one
      else f(y, k[0]);
      begun = true;
    },
    first: (span) => firstStep(y, k[0], span, scale),
    step(h) {
      known = false;
      return tryStep(f, y, h, k, next, before, scale);
    },
    interpolate(theta, h, out) {
      if (!known) waysOf(y, next, k, h, ways);
      known = true;
      dense(y, ways, theta, h, out);
    },
    heldBack: (h) => h * steepest(k, next, before, scale) > EDGE,
  };
}

/** The state at a share `theta` of a step; `ways` (rise, bend, back and sum) belong to the step. */
function dense(y, [rises, bends, backs, sums], theta, h, out) {
  for (let i = 0; i < y.length; i++) {
    const inner = backs[i] + (1 - theta) * h * sums[i];
    out[i] = y[i] + theta * (rises[i] + (1 - theta) * (bends[i] + theta * inner));
  }
}

/** What `dense` needs of a step: worked out once, however many times are asked for. */
function waysOf(y, next, k, h, [rises, bends, backs, sums]) {
  for (let i = 0; i < y.length; i++) {
    rises[i] = next[i] - y[i];
    bends[i] = h * k[0][i] - rises[i];
    backs[i] = rises[i] - h * k[6][i] - bends[i];
    sums[i] = 0;
    for (let s = 0; s < 7; s++) sums[i] += DENSE[s] * k[s][i];
  }
}

/**
 * How fast the fastest state runs (per day), from the last two rates of a step: Hairer and Wanner,
 * section IV.2.
 */
function steepest(k, next, before, scale) {
  let [change, way] = [0, 0];
  for (let i = 0; i < next.length; i++) {
    const size = scale(next, i);
    change += ((k[6][i] - k[5][i]) / size) ** 2;
    way += ((next[i] - before[i]) / size) ** 2;
  }
  return way > 0 ? Math.sqrt(change / way) : 0;
}

function firstStep(y, rate, span, scale) {
  let fastest = 0;
  for (let i = 0; i < y.length; i++)
    fastest = Math.max(fastest, Math.abs(rate[i]) / Math.max(scale(y, i) / TOLERANCE, 1e-12));
  return Math.min(span, fastest > 0 ? 0.01 / fastest : span);
}

function tryStep(f, y, h, k, next, before, scale) {
  const n = y.length;
  for (let stage = 0; stage < 6; stage++) {
    const row = NODES[stage];
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let s = 0; s <= stage; s++) sum += row[s] * k[s][i];
      next[i] = y[i] + h * sum;
    }
    f(next, k[stage + 1]);
    if (stage === 4) before.set(next);
  }
  let worst = 0;
  for (let i = 0; i < n; i++) {
    let error = 0;
    for (let s = 0; s < 7; s++) error += ERROR[s] * k[s][i];
    const share = Math.abs(h * error) / Math.max(scale(y, i), scale(next, i));
    if (!Number.isFinite(share)) return Infinity; // a step that overflowed is rejected
    worst = Math.max(worst, share);
  }
  return worst;
}

/**
 * Run a compiled model.
 * @param {object} model from `compileModel`
 * @param {Object<string, number>} values parameter values in published units; missing ones keep the
 * ledger's value
 * @param {number[]} times rising days to report, from 0
 * @param {Float64Array} p the same values in days, where the caller has worked them out
 * @returns {Object<string, Float64Array>} one series per reported name
 */
export function solveModel(model, values, times, p = dailyParameters(model, values)) {
  const inputs = resolveInputs(model, p);
  const series = Object.fromEntries(
    model.reported.map((name) => [name, new Float64Array(times.length)]),
  );
  const u = new Float64Array(inputs.length);
  const record = recorder(model, p, inputs, series);
  const logs = model.states.map((state) => state.log);
  const y = startValues(model, p);
  record(0, times[0], y);
  const scale = (v, i) => (logs[i] ? TOLERANCE : TOLERANCE * (1e-3 + Math.abs(v[i])));
  const end = times[times.length - 1];
  const bounds = [0, ...inputEdges(inputs, end), end];
  const at = new Float64Array(y.length);
  let next = 1;
  for (let b = 0; b + 1 < bounds.length; b++) {
    readInputs(inputs, (bounds[b] + bounds[b + 1]) / 2, u);
    integrate(
      (v, d) => model.rates(v, p, u, d),
      y,
      bounds[b],
      bounds[b + 1],
      scale,
      (t, h, last, interpolate) => {
        const until = last ? bounds[b + 1] : t + h;
        for (; next < times.length && times[next] <= until; next++) {
          interpolate((times[next] - t) / h, h, at);
          record(next, times[next], at);
        }
      },
    );
  }
  return series;
}

function startValues(model, p) {
  return Float64Array.from(model.states, (state) => {
    const x =
      typeof state.initial === "string"
        ? p[model.parameters.findIndex((row) => row.name === state.initial)]
        : state.initial;
    return state.log ? Math.log(x) : x;
  });
}

function recorder(model, p, inputs, series) {
  const columns = model.reported.map((name) => series[name]);
  const u = new Float64Array(inputs.length);
  const o = new Float64Array(columns.length);
  const linear = new Float64Array(model.states.length);
  return (index, t, y) => {
    for (let i = 0; i < y.length; i++) linear[i] = model.states[i].log ? Math.exp(y[i]) : y[i];
    readInputs(inputs, t, u);
    model.report(linear, p, u, o);
    for (let i = 0; i < columns.length; i++) columns[i][index] = o[i];
  };
}

/**
 * Read-outs of a model without states while one parameter sweeps over `grid` (published unit).
 * @returns {Object<string, Float64Array>} one series per reported name
 */
export function sweepModel(model, values, parameter, grid) {
  const series = Object.fromEntries(
    model.reported.map((name) => [name, new Float64Array(grid.length)]),
  );
  grid.forEach((value, index) => {
    const o = evaluateModel(model, { ...values, [parameter]: value });
    for (const name of model.reported) series[name][index] = o[name];
  });
  return series;
}

/** Read-outs of a model without states at one set of parameter values. */
export function evaluateModel(model, values) {
  const o = new Float64Array(model.reported.length);
  const p = dailyParameters(model, values);
  model.report(model.unknown ? [settleUnknown(model, p)] : [], p, [], o);
  return Object.fromEntries(model.reported.map((name, i) => [name, o[i]]));
}

/**
 * The unknown at which the balance of a compiled model holds, by halving its bracket as far as
 * doubles go.
 */
function settleUnknown(model, p) {
  const d = new Float64Array(3);
  const gap = (x) => {
    model.balance([x], p, [], d);
    return d[2];
  };
  gap(0);
  let [low, high] = d;
  const atLow = gap(low);
  const atHigh = gap(high);
  if (!(atLow * atHigh <= 0))
    throw new Error(`${model.unknown.name} has no balance between ${low} and ${high}.`);
  const width = 1e-15 * Math.abs(high - low);
  while (Math.abs(high - low) > width) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (gap(middle) * atLow > 0) low = middle;
    else high = middle;
  }
  return atHigh === 0 ? high : (low + high) / 2;
}

/** `points` evenly spaced numbers from `from` to `to`, both included. */
export function linspace(from, to, points) {
  return Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
}
