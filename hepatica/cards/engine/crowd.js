// A crowd of livers: hepatica/models/crowd.py and cohorts.py once more, liver by liver.
//
// Cells are taken at their balance, on a branch that is tabulated once; hepatocytes and scar are
// stepped. People come in blocks whose draws are balanced; who enters is decided by a biopsy.

import { functionOf } from "./code.js";
import { normalOf } from "./distributions.js";
import { chanceOf } from "./luck.js";

/**
 * Turn the JSON of a crowd into what engine/models.js promises; the clock counts years after the
 * stop of the cause. Besides, `livers(values, years)` is a generator of one liver after the other,
 * so that a picture can fill as they come.
 */
export function compileCrowd(spec) {
  const { reduction } = spec;
  const model = {
    ...spec,
    fast: functionOf(reduction.fast),
    slow: functionOf(reduction.slow),
    injured: functionOf(reduction.injured),
    edge: functionOf(reduction.edge),
    memory: { key: "", series: null },
  };
  model.livers = (values, years) => liversOf(model, values, years);
  model.series = (values, years) => crowdSeries(model, values, years);
  return model;
}

/**
 * Those who enter, one after the other, until `people` have.
 * @param {object} model from `compileCrowd`
 * @param {Object<string, number>} given parameter values; missing ones keep the ledger's value
 * @param {number[]} years rising years after the stop
 * @yields {object} one liver: its `speed`, `chi`, `X_s`, `remains`, `years` of the cause, true area
 * at the `stop` and what the biopsy `read` (% of area); per reported year its `area`, the second
 * biopsy's `reading`, myofibroblasts `F` (cells/mL) and whether they are `lit`
 */
function* liversOf(model, given, years) {
  const v = valuesOf(model, given);
  const world = worldOf(model, v);
  const cohort = model.cohorts[v.cohort];
  let found = 0;
  const most = (model.rarest * v.people) / model.block;
  for (let block = 0; block < most; block++) {
    const people = drawBlock(model, v, cohort, block);
    for (const person of people) {
      const liver = untilTheStop(world, person);
      if (!enters(v, cohort, liver)) continue;
      yield afterTheStop(world, liver, years);
      found += 1;
      if (found >= v.people) return;
    }
  }
  throw new Error(`Fewer than ${v.people} people enter with these values.`);
}

/** Values of all parameters, in published units. */
function valuesOf(model, given) {
  return Object.fromEntries(
    model.parameters.map((row) => [row.name, given[row.name] ?? row.value]),
  );
}

/** Evenly spaced numbers between 0 and 1 for a block of people, in an order that luck decides. */
function ranked(model, seed, block, draw) {
  const size = model.block;
  const dice = Array.from({ length: size }, (_, i) => chanceOf(seed, block * size + i, draw));
  const order = dice.map((_, i) => i).sort((a, b) => dice[a] - dice[b]);
  const share = new Float64Array(size);
  order.forEach((person, rank) => {
    share[person] = (rank + 0.5) / size;
  });
  return share;
}

/** A block of people before anybody looks at them. */
function drawBlock(model, v, cohort, block) {
  const { draws, block: size } = model;
  const share = Object.fromEntries(
    Object.entries(draws).map(([name, draw]) => [name, ranked(model, v.seed, block, draw)]),
  );
  const spread = (name, i) => v[name] * v[`${name}_gsd`] ** normalOf(share[name][i]);
  const between = ({ low, high }, u) => low + (high - low) * u;
  return Array.from({ length: size }, (_, i) => ({
    speed: spread("speed", i) * cohort.slow,
    chi: spread("chi", i),
    X_s: spread("X_s", i),
    remains: cohort.remains ? between(cohort.remains, share.remains[i]) : v.remains,
    years: between(cohort.years, share.years[i]),
    misread: Math.exp(v.biopsy_sd * normalOf(share.entry[i])),
    again: Math.exp(v.biopsy_sd * normalOf(chanceOf(v.seed, block * size + i, model.again))),
  }));
}

/** Whether the biopsy and the true area let a liver into the cohort. */
function enters(v, cohort, { stop, read }) {
  const most = cohort.most ? v[cohort.most] : Infinity;
  return read >= v[cohort.least] && read < most && stop < (cohort.ceiling ?? Infinity);
}

// -- the branch -----------------------------------------------------------------------------------

/** What all livers share: the model, daily values by name, the table, room to work in. */
function worldOf(model, v) {
  const daily = Object.fromEntries(
    model.parameters.map((row) => [row.name, v[row.name] * row.factor]),
  );
  const room = { y: new Float64Array(6), o: new Float64Array(4), ahead: new Float64Array(4) };
  const inputs = new Float64Array(model.reduction.inputs.length);
  return {
    model,
    v,
    daily,
    inputs,
    ...room,
    first: new Float64Array(4),
    branch: branchOf(model, daily),
  };
}

/** The hot branch over influx and exit; see `Branch` in hepatica/models/crowd.py. */
function branchOf(model, daily) {
  const r = model.reduction;
  const top = (daily.A_0 / daily.J_ref) * r.fastestInjury;
  const rows = Array.from({ length: r.influxes }, (_, row) =>
    rowOf(model, daily, daily.s_M + top * (row / (r.influxes - 1)) ** 2),
  );
  return { rows, low: rows[0].influx, span: rows.at(-1).influx - rows[0].influx };
}

/** One row of the table: the branch at one influx. */
function rowOf(model, daily, influx) {
  const r = model.reduction;
  const p = r.circuit.map((row) => daily[row.name]);
  const [F, M, exit] = [0, 1, 2].map(() => new Float64Array(r.points));
  const fewest = influx / daily.mu_2;
  const o = new Float64Array(2);
  let best = -1;
  for (let i = 0; i < r.points; i++) {
    M[i] = fewest + fewest * r.near * (r.far / (fewest * r.near)) ** (i / (r.points - 1));
    model.edge([NaN, M[i]], p, [influx, 0, 0], o);
    F[i] = o[0];
    exit[i] = o[1] + daily.s_F / F[i];
    if (F[i] >= r.leastCells && (best < 0 || exit[i] > exit[best])) best = i;
  }
  const light = exit.subarray(0, best + 1).reduce((least, x) => Math.min(least, x), Infinity);
  return { influx, fold: exit[best], light, ...columnsOf(r, F, M, exit, best) };
}

/** ln F and ln M at places that lie quadratically from the fold down to the least exit. */
function columnsOf(r, F, M, exit, best) {
  const [lnF, lnM] = [new Float64Array(r.places), new Float64Array(r.places)];
  let i = best;
  for (let place = 0; place < r.places; place++) {
    const at = exit[best] - (place / (r.places - 1)) ** 2 * (exit[best] - r.leastExit);
    while (i < r.points - 2 && exit[i + 1] >= at) i += 1;
    const part = Math.min(Math.max((exit[i] - at) / (exit[i] - exit[i + 1]), 0), 1);
    lnF[place] = Math.log(F[i]) * (1 - part) + Math.log(F[i + 1]) * part;
    lnM[place] = Math.log(M[i]) * (1 - part) + Math.log(M[i + 1]) * part;
  }
  return { lnF, lnM };
}

/** Put F and M at rest into `y` (1, 2); whether the liver is lit from now on. */
function restOf({ model, branch, y }, exit, influx, lit) {
  const r = model.reduction;
  const last = branch.rows.length - 1;
  const level = Math.sqrt(Math.max(influx - branch.low, 0) / branch.span) * last;
  const row = Math.min(Math.floor(level), last - 1);
  const [one, two] = [branch.rows[row], branch.rows[row + 1]];
  const part = Math.min(Math.max((influx - one.influx) / (two.influx - one.influx), 0), 1);
  const mix = (a, b) => a * (1 - part) + b * part;
  const fold = mix(one.fold, two.fold);
  const far = Math.sqrt(Math.max(fold - exit, 0) / (fold - r.leastExit)) * (r.places - 1);
  const place = Math.min(far, r.places - 1);
  const c = Math.min(Math.floor(place), r.places - 2);
  const over = place - c;
  const cells = (name) =>
    Math.exp(
      mix(one[name][c], two[name][c]) * (1 - over) + mix(one[name][c + 1], two[name][c + 1]) * over,
    );
  const F = cells("lnF");
  const goesOn = (lit || exit < mix(one.light, two.light)) && exit < fold && F >= r.leastCells;
  y[1] = goesOn ? F : 0;
  y[2] = goesOn ? cells("lnM") : 0;
  return goesOn;
}

// -- one liver ------------------------------------------------------------------------------------

/** Rates of the slow states, written into `d`; whether the liver is lit. */
function ratesOf(world, p, slow, lit, d) {
  const { model, y, inputs, o } = world;
  [y[0], y[3], y[4], y[5]] = slow;
  model.fast(y, p, inputs, o);
  const goesOn = restOf(world, o[0], o[1], lit);
  model.slow(y, p, inputs, d);
  return goesOn;
}

/** Step one liver through some days by Heun's rule, in place. */
function advance(world, liver, days) {
  const { first, ahead, o } = world;
  const steps = Math.ceil(days / world.model.reduction.step);
  const h = steps ? days / steps : 0;
  for (let step = 0; step < steps; step++) {
    const lit = ratesOf(world, liver.p, liver.slow, liver.lit, first);
    for (let i = 0; i < 4; i++) ahead[i] = liver.slow[i] + h * first[i];
    ratesOf(world, liver.p, ahead, lit, o);
    for (let i = 0; i < 4; i++) liver.slow[i] += (h / 2) * (first[i] + o[i]);
    liver.lit = lit;
  }
}

/** Name the inputs that are not 0 from now on. */
function setInputs({ model, inputs }, given) {
  model.reduction.inputs.forEach((name, i) => {
    inputs[i] = given[name] ?? 0;
  });
}

const areaOf = ({ daily }, slow) => daily.CPA_0 + slow[2] + slow[3];

/** A liver without scar under its injury, and the years of its cause. */
function untilTheStop(world, person) {
  const { model, daily } = world;
  const own = {
    ...daily,
    speed: person.speed,
    chi: person.chi,
    X_s: person.X_s,
    remains: person.remains,
  };
  const p = Float64Array.from(model.reduction.parameters, (name) => own[name]);
  setInputs(world, { D: daily.d });
  const slow = Float64Array.of(0, daily.phi_0, 0, 0);
  world.y.set([0, 0, 0, daily.phi_0, 0, 0]);
  model.injured(world.y, p, world.inputs, slow);
  const liver = { ...person, p, slow, lit: false };
  const { daysPerYear, lighting } = model;
  advance(world, liver, Math.max(person.years * daysPerYear - lighting, 0));
  liver.stop = areaOf(world, liver.slow);
  liver.read = liver.stop * person.misread;
  return liver;
}

/** The same liver in the years after the stop. */
function afterTheStop(world, liver, years) {
  const { model } = world;
  const seen = { area: [], reading: [], F: [], lit: [] };
  setInputs(world, { late: 1, treated: 1 });
  let last = 0;
  for (const year of years) {
    advance(world, liver, (year - last) * model.daysPerYear);
    last = year;
    const area = areaOf(world, liver.slow);
    const lit = ratesOf(world, liver.p, liver.slow, liver.lit, world.first);
    seen.area.push(area);
    seen.reading.push(area * liver.again);
    seen.F.push(world.y[1]);
    seen.lit.push(lit);
  }
  const { speed, chi, X_s, remains, stop, read } = liver;
  return { speed, chi, X_s, remains, years: liver.years, stop, read, ...seen };
}

// -- the crowd ------------------------------------------------------------------------------------

/** The read-outs of a crowd, one series per reported name; the last run is kept. */
function crowdSeries(model, given, years) {
  const key = JSON.stringify([valuesOf(model, given), [...years]]);
  if (model.memory.key === key) return model.memory.series;
  const livers = [...liversOf(model, given, years)];
  const series = summed(model, valuesOf(model, given), livers, years.length);
  model.memory = { key, series };
  return series;
}

/**
 * Shares and percentiles of livers, per reported year; also of those that have come so far.
 * @param {object[]} livers from `liversOf`
 */
export function summed(model, v, livers, count) {
  const series = Object.fromEntries(model.reported.map((name) => [name, new Float64Array(count)]));
  const share = (holds) => (100 * livers.filter(holds).length) / livers.length;
  for (let t = 0; t < count; t++) {
    const areas = livers.map((liver) => liver.area[t]).sort((a, b) => a - b);
    series.back[t] = share((liver) => liver.area[t] < v.cut_F4);
    series.back_read[t] = share((liver) => liver.reading[t] < v.cut_F4);
    series.lit[t] = share((liver) => liver.lit[t]);
    series.area[t] = areas.reduce((sum, x) => sum + x, 0) / areas.length;
    series.area_low[t] = percentile(areas, 10);
    series.area_median[t] = percentile(areas, 50);
    series.area_high[t] = percentile(areas, 90);
  }
  return series;
}

/** A percentile of rising numbers, on a line between neighbours. */
function percentile(rising, percent) {
  const place = (percent / 100) * (rising.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, rising.length - 1);
  return rising[below] + (place - below) * (rising[above] - rising[below]);
}
