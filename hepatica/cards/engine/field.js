// A field of lobules: hepatica/models/field.py once more.
//
// Sites that the zone of injury reaches on the same day share their history. So the scar model is
// solved once (and once more per length of injury when the cause stops), and every site looks its
// history up in a table. Neither run is solved again while only the geometry or the stop moves.

import { geometryOf, ringsOf } from "./lattice.js";
import { mulberry } from "./luck.js";
import { compileModel, linspace, solveModel } from "./solver.js";

const KEPT = ["H", "C", "X", "A"];
const HEALTHY = { H: 1, C: 0, X: 0, A: 1 };

/**
 * Turn the JSON of a field of lobules into what engine/models.js promises; `now` keeps what the map
 * needs.
 */
export function compileField(spec) {
  const model = { ...spec, element: compileModel(spec.element), memory: new Map() };
  model.series = (values, days) => runLobule(model, values, days);
  return model;
}

/**
 * The last result of `make` for this `key`: one per name, since sliders move one thing at a time.
 */
function remember(model, name, key, make) {
  const known = model.memory.get(name);
  if (known?.key === key) return known.value;
  const value = make();
  model.memory.set(name, { key, value });
  return value;
}

/**
 * Run a field.
 * @param {object} model from `compileField`
 * @param {Object<string, number>} given parameter values; missing ones keep the ledger's value
 * @param {number[]} days rising days to report, from 0
 * @returns {Object<string, Float64Array>} one series per read-out; `model.now` keeps what the map
 * needs
 */
function runLobule(model, given, days) {
  const v = Object.fromEntries(
    model.parameters.map((row) => [row.name, given[row.name] ?? row.value]),
  );
  const names = model.parameters
    .map((row) => row.name)
    .filter((name) => !name.startsWith("needle_"));
  const key = JSON.stringify([names.map((name) => v[name]), days.length, days.at(-1)]);
  model.now = remember(model, "run", key, () => fieldRun(model, v, days, key));
  const needle = JSON.stringify([key, v.needle_x, v.needle_y, v.needle_length, v.needle_width]);
  return remember(model, "series", needle, () => ({
    ...model.now.series,
    ...needleReadouts(model, v, model.now),
  }));
}

/**
 * Everything but the needle: histories, the day each site is reached, bridges, read-outs of the
 * field.
 */
function fieldRun(model, v, days, key) {
  const { field } = model;
  const horizon = Math.max(days.at(-1), 1);
  const table = histories(model, v, days, horizon);
  const place = JSON.stringify([v.pattern, v.variation, v.seed]);
  const geometry = remember(model, "geometry", place, () => geometryOf(field, v));
  const bins = binsOf(geometry.away, v, field, horizon);
  const links = geometry.links.map(({ x, y, away }) => {
    return { x, y, bins: binsOf(away, v, field, horizon) };
  });
  const now = { key, v, days, table, bins, links, geometry, count: days.length };
  now.dense = denseOf(table, v);
  now.closed = links.map((link) => closedOn(link.bins, now));
  now.series = readouts(model, now);
  return now;
}

/** Whether a history is dense enough to be called scar (1), for each bin and reported day. */
function denseOf({ C, X }, v) {
  const dense = new Uint8Array(C.length);
  for (let i = 0; i < dense.length; i++) dense[i] = v.CPA_0 + C[i] + X[i] >= v.septum ? 1 : 0;
  return dense;
}

/**
 * Bins of the days on which the zone reaches sites this far from their sources; the last bin stays
 * healthy.
 */
function binsOf(away, v, field, horizon) {
  const { lobule_width: wide, zone_0: start, zone_growth: growth } = v;
  const last = Math.min(horizon, v.stop_year * field.daysPerYear);
  const bins = new Uint16Array(away.length);
  for (let i = 0; i < away.length; i++) {
    const beyond = away[i] * wide - start;
    const day = beyond <= 0 ? 0 : (beyond / growth) * field.daysPerYear;
    bins[i] = day < last ? roundEven((day * field.bins) / horizon) : field.bins + 1;
  }
  return bins;
}

/** For each reported day, whether a bridge is dense (1) at all its points. */
function closedOn(bins, { dense, count }) {
  const closed = new Uint8Array(count).fill(1);
  for (const bin of bins) {
    for (let t = 0; t < count; t++) closed[t] &= dense[bin * count + t];
  }
  return closed;
}

/** Round half to even, as numpy does. */
function roundEven(x) {
  const whole = Math.floor(x);
  return x - whole === 0.5 ? whole + (whole % 2) : Math.round(x);
}

/** H, C, X and A for each day of arrival (rows) at each reported day (columns). */
function histories(model, v, days, horizon) {
  const { field } = model;
  const step = horizon / field.bins;
  const own = model.element.parameters.map((row) => v[row.name]);
  const key = JSON.stringify([own, horizon]);
  const run = remember(model, "injured", key, () => injured(model, v, horizon));
  const table = remember(model, "table", String(days.length), () => emptyTable(field, days.length));
  const places = Float64Array.from(days, (day) => day / step);
  for (const name of KEPT) fillFrom(run[name], places, field.bins, table[name], HEALTHY[name]);
  if (v.stop_year * field.daysPerYear < days.at(-1)) {
    const after = remember(model, "after", key, () => afterInjuries(model, v, horizon, run));
    letGo(model, v, days, step, after, table);
  }
  return table;
}

/** A table of healthy sites, written anew by each run: to make one takes longer than to fill it. */
function emptyTable(field, count) {
  const rows = (name) => new Float64Array((field.bins + 2) * count).fill(HEALTHY[name]);
  return Object.fromEntries(KEPT.map((name) => [name, rows(name)]));
}

/** One state for each day of arrival: the same run, begun a place later; healthy before. */
function fillFrom(row, places, bins, out, healthy) {
  const count = places.length;
  const whole = Int32Array.from(places, (place) => Math.min(Math.floor(place), row.length - 2));
  const shares = places.map((place, t) => Math.min(place - whole[t], 1));
  for (let bin = 0, at = 0; bin <= bins; bin++) {
    for (let t = 0; t < count; t++, at++) {
      const i = whole[t] - bin;
      if (places[t] < bin) out[at] = healthy;
      else out[at] = i < 0 ? row[0] : row[i] * (1 - shares[t]) + row[i + 1] * shares[t];
    }
  }
}

/** The scar model in a lobule whose injury never stops. */
function injured({ element, field }, v, horizon) {
  const own = { ...v, injury_years: horizon / field.daysPerYear + 1 };
  return solveModel(element, own, linspace(0, horizon, field.bins + 1));
}

/** The value of a row of numbers at a place between its entries. */
function between(row, place) {
  const i = Math.min(Math.max(Math.floor(place), 0), row.length - 2);
  const share = Math.min(Math.max(place - i, 0), 1);
  return row[i] * (1 - share) + row[i + 1] * share;
}

/**
 * Runs after injuries of a few lengths, denser where they are short; each for as long as it is
 * asked for: the next shorter one may have stopped that much earlier.
 */
function afterInjuries({ element, field }, v, horizon, run) {
  const step = horizon / field.bins;
  const lengths = linspace(0, 1, field.stops).map((share) => horizon * share ** 2);
  const runs = lengths.map((length, k) => {
    const states = element.states.map((state) => ({
      ...state,
      initial: between(run[state.name], length / step),
    }));
    const last = Math.ceil((horizon - lengths[Math.max(k - 1, 0)]) / step);
    const days = linspace(0, last * step, last + 1);
    return solveModel({ ...element, states }, { ...v, injury_years: 0 }, days);
  });
  return { lengths, runs };
}

/** The histories after the cause has stopped, interpolated between a few lengths of injury. */
function letGo({ field }, v, days, step, { lengths, runs }, table) {
  const stop = v.stop_year * field.daysPerYear;
  const places = Array.from({ length: field.bins + 1 }, (_, bin) => {
    const lasted = Math.min(Math.max(stop - bin * step, 0), stop);
    const k = lengths.findIndex((length, n) => n === lengths.length - 2 || lengths[n + 1] > lasted);
    return k + (lasted - lengths[k]) / (lengths[k + 1] - lengths[k]);
  });
  days.forEach((day, t) => {
    if (day <= stop) return;
    for (const name of KEPT) {
      const row = runs.map((series) => between(series[name], (day - stop) / step));
      places.forEach((place, bin) => (table[name][bin * days.length + t] = between(row, place)));
    }
  });
}

// -- read-outs
// -------------------------------------------------------------------------------------------

function readouts(model, now) {
  const { v, days, bins, count } = now;
  const weight = new Float64Array(model.field.bins + 2);
  for (const bin of bins) weight[bin] += 1 / bins.length;
  const series = Object.fromEntries(model.reported.map((name) => [name, new Float64Array(count)]));
  const { kept, scar, cells, solid } = summed(now, weight);
  days.forEach((day, t) => {
    let links = 0;
    for (const link of now.closed) links += link[t];
    const closed = links / now.closed.length;
    series.zone[t] =
      v.zone_0 + v.zone_growth * Math.min(day / model.field.daysPerYear, v.stop_year);
    series.CPA_field[t] = v.CPA_0 + scar[t];
    series.hepatocytes[t] = 100 * (cells[t] + 1 - kept[t]);
    series.scarred[t] = 100 * solid[t];
    series.bridged[t] = 100 * closed;
    series.stage[t] = stageOf(closed, now.dense[t], v);
  });
  return series;
}

/** Area kept, and what of it is collagen, living or dense, over all bins, per time. */
function summed({ table, dense, count }, weight) {
  const { A, H, C, X } = table;
  const [kept, scar, cells, solid] = Array.from({ length: 4 }, () => new Float64Array(count));
  for (let bin = 0, at = 0; bin < weight.length; bin++) {
    const share = weight[bin];
    for (let t = 0; t < count; t++, at++) {
      const area = share * A[at];
      kept[t] += area;
      scar[t] += area * (C[at] + X[at]);
      cells[t] += area * H[at];
      solid[t] += area * dense[at];
    }
  }
  return { kept, scar, cells, solid };
}

/** METAVIR-like stage from the share of bridges that are closed. */
function stageOf(closed, deposit, v) {
  return deposit ? 1 + (closed >= v.some) + (closed >= v.many) + (closed >= v.closed) : 0;
}

function needleReadouts(model, v, now) {
  const { field } = model;
  const wide = now.geometry.wide * v.lobule_width;
  const { needle_length: length, needle_width: thick, lobule_width: lobule } = v;
  const own = inNeedle(now.links, v, needleStart(v, wide), v.needle_y);
  const seen = shareClosed(now, own);
  const series = {
    needle_bridged: seen.map((share) => 100 * share),
    needle_stage: stages(seen, now),
  };
  const drawn = JSON.stringify([v.pattern, v.variation, v.seed, length, thick, lobule]);
  const needles = remember(model, "needles", drawn, () => needlesOf(field, v, now));
  const read = JSON.stringify([now.key, drawn]);
  return { ...series, ...remember(model, "agree", read, () => agreement(needles, now)) };
}

/** The bridges in each of many needles that fall anywhere in the field. */
function needlesOf(field, v, { links, geometry }) {
  const wide = geometry.wide * v.lobule_width;
  const high = geometry.high * v.lobule_width;
  const random = mulberry(v.seed + 7919);
  return Array.from({ length: field.needles }, () => {
    const x = random() * Math.max(wide - v.needle_length, 0);
    const y = random() * Math.max(high - v.needle_width, 0) + v.needle_width / 2;
    return inNeedle(links, v, x, y);
  });
}

/** Stages that a needle with these shares of closed bridges reads, per time. */
function stages(shares, { dense, v }) {
  return shares.map((share, t) => stageOf(share, dense[t], v));
}

/** How many of a hundred needles read the stage of the field, a lower or a higher one, per time. */
function agreement(needles, now) {
  const [agree, too_low, too_high] = Array.from({ length: 3 }, () => new Float64Array(now.count));
  const each = 100 / needles.length;
  for (const needle of needles) {
    const shares = shareClosed(now, needle);
    for (let t = 0; t < now.count; t++) {
      const gap = stageOf(shares[t], now.dense[t], now.v) - now.series.stage[t];
      if (gap === 0) agree[t] += each;
      else if (gap < 0) too_low[t] += each;
      else too_high[t] += each;
    }
  }
  return { agree, too_low, too_high };
}

/** Where the needle starts: its core stays in the field. */
export function needleStart(v, wide) {
  return Math.min(v.needle_x, Math.max(wide - v.needle_length, 0));
}

/** Numbers of the bridges whose middle lies in a needle. */
function inNeedle(links, v, x, y) {
  const chosen = [];
  links.forEach((link, n) => {
    const at = link.x * v.lobule_width;
    if (
      at >= x &&
      at < x + v.needle_length &&
      Math.abs(link.y * v.lobule_width - y) <= v.needle_width / 2
    )
      chosen.push(n);
  });
  return chosen;
}

/** Which share of the chosen bridges is closed, per time; nothing chosen is nothing seen. */
function shareClosed({ closed, count }, chosen) {
  const shares = new Float64Array(count);
  for (const n of chosen) {
    for (let t = 0; t < count; t++) shares[t] += closed[n][t];
  }
  for (let t = 0; t < count; t++) shares[t] /= chosen.length || 1;
  return shares;
}

// -- what the map shows
// ----------------------------------------------------------------------------------

/**
 * C, X and H of every site at one time, written into `out`; condensed where neighbours squeeze.
 * `coarse` works out one site of four and lends it to its neighbours, for a map that moves.
 */
export function picture(model, t, out, coarse = false) {
  const { now, field } = model;
  const at = momentOf(now, t, field);
  if (!(now.v.condense > 0)) {
    for (let site = 0; site < now.bins.length; site++) {
      const bin = now.bins[site];
      out.H[site] = at.H[bin];
      out.C[site] = at.C[bin];
      out.X[site] = at.X[bin];
    }
    return out;
  }
  const rings = remember(model, "rings", String(now.v.pattern), () =>
    ringsOf(field, now.v.pattern),
  );
  const step = coarse ? 2 : 1;
  for (let j = 0; j < field.height; j += step) {
    for (let i = 0; i < field.width; i += step)
      condense(field, now.bins, rings, at, j * field.width + i, out);
  }
  if (coarse) lend(field, out);
  return out;
}

/**
 * The histories at one time, a number per bin, where living cells lead, and room for the bins along
 * a ray.
 */
function momentOf({ table, count }, t, { lead, ray }) {
  const column = (rows) => {
    const numbers = new Float64Array(rows.length / count);
    for (let bin = 0; bin < numbers.length; bin++) numbers[bin] = rows[bin * count + t];
    return numbers;
  };
  const at = Object.fromEntries(KEPT.map((name) => [name, column(table[name])]));
  return { ...at, lead: at.H.map((cells) => cells ** lead), along: new Uint16Array(ray) };
}

/** Sites in odd rows and columns look like their neighbour above or to the left. */
function lend({ width, height }, out) {
  for (const numbers of [out.H, out.C, out.X]) {
    for (let site = 1; site < width * height; site += 2) numbers[site] = numbers[site - 1];
    for (let row = 1; row < height; row += 2)
      numbers.copyWithin(row * width, (row - 1) * width, row * width);
  }
}

function condense(field, bins, rings, at, site, out) {
  const n = field.ray;
  const { A, lead, along } = at;
  let living = 0;
  let kept = 0;
  for (let k = 0, from = site * n; k < n; k++) {
    const bin = bins[rings.ray[from + k]];
    along[k] = bin;
    living += lead[bin];
    kept += A[bin];
  }
  const gain = (n - kept) / living;
  const here = rings.share[site];
  let k = 0;
  let area = A[along[0]] + gain * lead[along[0]];
  for (let edge = area / n; edge < here && k < n - 1; edge += area / n) {
    k += 1;
    area = A[along[k]] + gain * lead[along[k]];
  }
  const bin = along[k];
  const thin = A[bin] / area;
  out.C[site] = at.C[bin] * thin;
  out.X[site] = at.X[bin] * thin;
  out.H[site] = at.H[bin] * thin + 1 - thin;
}
