// A field of lobules: hepatica/models/field.py once more.
//
// Sites that the zone of injury reaches on the same day share their history. So LSM-5 is solved
// once (and once more per length of injury when the cause stops), the histories are kept in a
// table, and every site looks its own up.

import { mulberry } from "./luck.js";
import { compileModel, linspace, solveModel } from "./solver.js";

export const ROUGH = Math.sqrt(3) / 2; // height of a row of lobules in lobule widths

const REACH = 2; // rows and columns of neighbours that can own a site
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
export function runLobule(model, given, days) {
  const v = Object.fromEntries(
    model.parameters.map((row) => [row.name, given[row.name] ?? row.value]),
  );
  const names = model.parameters
    .map((row) => row.name)
    .filter((name) => !name.startsWith("needle_"));
  const key = JSON.stringify([names.map((name) => v[name]), days.length, days.at(-1)]);
  model.now = remember(model, "run", key, () => fieldRun(model, v, days));
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
function fieldRun(model, v, days) {
  const { field } = model;
  const horizon = Math.max(days.at(-1), 1);
  const table = histories(model, v, days, horizon);
  const place = JSON.stringify([v.pattern, v.variation, v.seed]);
  const geometry = remember(model, "geometry", place, () => geometryOf(field, v));
  const toBin = (away) => binOf(away, v, field, horizon);
  const bins = Uint16Array.from(geometry.away, toBin);
  const links = geometry.links.map((link) => ({ ...link, bins: link.away.map(toBin) }));
  const now = { v, days, table, bins, links, geometry, count: days.length };
  now.lead = table.H.map((cells) => cells ** field.lead);
  now.dense = Uint8Array.from(table.C, (c, i) => Number(v.CPA_0 + c + table.X[i] >= v.septum));
  now.closed = links.map((link) =>
    days.map((_, t) => Number(link.bins.every((bin) => now.dense[bin * now.count + t]))),
  );
  now.series = readouts(model, now);
  return now;
}

/**
 * Bin of the day on which the zone reaches a site this far from its source; the last bin stays
 * healthy.
 */
function binOf(away, v, field, horizon) {
  const beyond = away * v.lobule_width - v.zone_0;
  const day = beyond <= 0 ? 0 : (beyond / v.zone_growth) * field.daysPerYear;
  if (!(day < Math.min(horizon, v.stop_year * field.daysPerYear))) return field.bins + 1;
  return roundEven((day * field.bins) / horizon);
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
  const own = { ...v, injury_years: horizon / field.daysPerYear + 1 };
  const run = solveModel(model.element, own, linspace(0, horizon, field.bins + 1));
  const table = Object.fromEntries(
    KEPT.map((name) => [
      name,
      new Float64Array((field.bins + 2) * days.length).fill(HEALTHY[name]),
    ]),
  );
  for (let bin = 0; bin <= field.bins; bin++) {
    days.forEach((day, t) => {
      const since = day / step - bin;
      if (since >= 0)
        for (const name of KEPT) table[name][bin * days.length + t] = between(run[name], since);
    });
  }
  const stop = v.stop_year * field.daysPerYear;
  if (stop < days.at(-1)) letGo(model, v, days, stop, step, run, table);
  return table;
}

/** The value of a row of numbers at a place between its entries. */
function between(row, place) {
  const i = Math.min(Math.max(Math.floor(place), 0), row.length - 2);
  const share = Math.min(Math.max(place - i, 0), 1);
  return row[i] * (1 - share) + row[i + 1] * share;
}

/** The histories after the cause has stopped, interpolated between a few lengths of injury. */
function letGo(model, v, days, stop, step, run, table) {
  const { field } = model;
  const later = days.map((day, t) => [day - stop, t]).filter(([after]) => after > 0);
  const solved = linspace(0, stop, field.stops).map((length) => {
    const states = model.element.states.map((state) => ({
      ...state,
      initial: between(run[state.name], length / step),
    }));
    return solveModel({ ...model.element, states }, { ...v, injury_years: 0 }, [
      0,
      ...later.map(([after]) => after),
    ]);
  });
  for (const name of KEPT) {
    later.forEach(([, t], k) => {
      const row = solved.map((series) => series[name][k + 1]);
      for (let bin = 0; bin <= field.bins; bin++) {
        const lasted = Math.min(Math.max(stop - bin * step, 0), stop);
        table[name][bin * days.length + t] = between(row, (lasted / stop) * (field.stops - 1));
      }
    });
  }
}

// -- geometry, in lobule widths
// --------------------------------------------------------------------------

/**
 * Lattice of central veins with everything derived from it: sources and their factors by row,
 * column and kind.
 */
function allSources(field, v) {
  const rows = field.rows + 2 * REACH;
  const columns = field.columns + 2 * REACH;
  const places = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) places.push(sourcesOf(r - REACH, c - REACH, v.pattern));
  }
  const flat = places.flat();
  const random = mulberry(v.seed);
  const dice = Float64Array.from({ length: 2 * flat.length + 18 }, random);
  const waves = Array.from({ length: 6 }, (_, k) => {
    const [turn, shift, length] = [0, 6, 12].map((skip) => dice[2 * flat.length + skip + k]);
    const wave = (2 * Math.PI) / (6 + 10 * length);
    return [
      wave * Math.cos(2 * Math.PI * turn),
      wave * Math.sin(2 * Math.PI * turn),
      2 * Math.PI * shift,
    ];
  });
  flat.forEach((source, i) => {
    const chance =
      Math.sqrt(-2 * Math.log(1 - dice[i])) * Math.cos(2 * Math.PI * dice[flat.length + i]);
    const region =
      waves.reduce((sum, [x, y, shift]) => sum + Math.cos(source.x * x + source.y * y + shift), 0) /
      Math.sqrt(3);
    source.factor = Math.exp((v.variation * (chance + region)) / Math.SQRT2);
  });
  return { places, columns, flat };
}

export function centreOf(row, column) {
  return { x: column + 0.25 + 0.5 * (((row % 2) + 2) % 2), y: (row + 0.5) * ROUGH, central: true };
}

/** The sources that belong to one lobule: its vein, its two tracts, or all. */
export function sourcesOf(row, column, pattern) {
  const vein = centreOf(row, column);
  const tracts = [1, -1].map((side) => ({
    x: vein.x + 0.5,
    y: vein.y + side / Math.sqrt(12),
    central: false,
  }));
  return pattern === 0 ? [vein] : pattern === 1 ? tracts : [vein, ...tracts];
}

/** Row and column of the lobule lattice below a point. */
function cellOf(field, x, y) {
  const inside = (value, count) => Math.min(Math.max(Math.floor(value), 0), count - 1);
  return [inside(y / ROUGH, field.rows), inside(x, field.columns)];
}

/** Distance of a point to its source, over that source's factor. */
function distanceFrom(field, sources, x, y) {
  const [row, column] = cellOf(field, x, y);
  let nearest = Infinity;
  for (let down = 0; down <= 2 * REACH; down++) {
    for (let right = 0; right <= 2 * REACH; right++) {
      for (const source of sources.places[(row + down) * sources.columns + column + right]) {
        const dx = source.x - x;
        const dy = source.y - y;
        nearest = Math.min(nearest, Math.sqrt(dx * dx + dy * dy) / source.factor);
      }
    }
  }
  return nearest;
}

function geometryOf(field, v) {
  const sources = allSources(field, v);
  const wide = field.columns;
  const high = field.rows * ROUGH;
  const away = new Float64Array(field.width * field.height);
  for (let j = 0; j < field.height; j++) {
    for (let i = 0; i < field.width; i++) {
      away[j * field.width + i] = distanceFrom(
        field,
        sources,
        ((i + 0.5) * wide) / field.width,
        ((j + 0.5) * high) / field.height,
      );
    }
  }
  return { away, links: linksOf(field, sources, v.pattern, wide, high), wide, high };
}

/**
 * Possible bridges between neighbouring sources inside the field, with the distances of points
 * along them.
 */
function linksOf(field, sources, pattern, wide, high) {
  const inside = sources.flat.filter(
    (s) => s.x > -1e-9 && s.y > -1e-9 && s.x < wide + 1e-9 && s.y < high + 1e-9,
  );
  const reach = (pattern === 0 ? 1 : 1 / Math.sqrt(3)) * 1.001;
  const links = [];
  inside.forEach((p, n) => {
    for (const q of inside.slice(n + 1)) {
      if (Math.hypot(p.x - q.x, p.y - q.y) >= reach) continue;
      const along = linspace(0, 1, field.linkPoints);
      const away = along.map((s) =>
        distanceFrom(field, sources, p.x * (1 - s) + q.x * s, p.y * (1 - s) + q.y * s),
      );
      links.push({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2, away });
    }
  });
  return links;
}

/**
 * What the bridges enclose around a lobule: middles with the angle of one side, number of sides,
 * inner radius.
 */
function islandsOf(row, column, pattern) {
  const vein = centreOf(row, column);
  if (pattern === 1) return { list: [{ ...vein, turn: 0 }], sides: 6, radius: 0.5 };
  if (pattern === 0) {
    const list = sourcesOf(row, column, 1).map((tract, k) => ({
      ...tract,
      turn: k ? Math.PI / 2 : -Math.PI / 2,
    }));
    return { list, sides: 3, radius: 1 / Math.sqrt(12) };
  }
  const list = Array.from({ length: 6 }, (_, k) => (k * Math.PI) / 3).map((turn) => ({
    x: vein.x + Math.cos(turn) / 3,
    y: vein.y + Math.sin(turn) / 3,
    turn,
  }));
  return { list, sides: 3, radius: 1 / 6 };
}

/**
 * For each site its share of the island's area between wall and site, and the sites along its ray.
 */
function ringsOf(field, pattern) {
  const wide = field.columns;
  const high = field.rows * ROUGH;
  const share = new Float64Array(field.width * field.height);
  const ray = new Uint32Array(share.length * field.ray);
  const along = Array.from({ length: field.ray }, (_, k) => Math.sqrt(1 - (k + 0.5) / field.ray));
  const clip = (value, count) => Math.min(Math.max(Math.floor(value), 0), count - 1);
  const islands = new Map();
  const around = (row, column) => {
    const key = row * 1000 + column;
    if (!islands.has(key)) islands.set(key, islandsOf(row, column, pattern));
    return islands.get(key);
  };
  for (let site = 0; site < share.length; site++) {
    const x = (((site % field.width) + 0.5) * wide) / field.width;
    const y = ((Math.floor(site / field.width) + 0.5) * high) / field.height;
    const [island, dx, dy, sides, radius] = islandAt(field, x, y, around);
    let out = 1e-6;
    for (let k = 0; k < sides; k++) {
      const normal = island.turn + (2 * Math.PI * k) / sides;
      out = Math.max(out, (dx * Math.cos(normal) + dy * Math.sin(normal)) / radius);
    }
    out = Math.min(out, 1);
    share[site] = 1 - out * out;
    for (let k = 0; k < field.ray; k++) {
      const far = along[k] / out;
      const i = clip(((island.x + dx * far) * field.width) / wide, field.width);
      const j = clip(((island.y + dy * far) * field.height) / high, field.height);
      ray[site * field.ray + k] = j * field.width + i;
    }
  }
  return { share, ray };
}

/** The island in which a point lies: the one with the nearest middle. */
function islandAt(field, x, y, around) {
  const [row, column] = cellOf(field, x, y);
  let best = null;
  let least = Infinity;
  for (let down = -1; down <= 1; down++) {
    for (let right = -1; right <= 1; right++) {
      const { list, sides, radius } = around(row + down, column + right);
      for (const island of list) {
        const dx = x - island.x;
        const dy = y - island.y;
        if (dx * dx + dy * dy < least) {
          least = dx * dx + dy * dy;
          best = [island, dx, dy, sides, radius];
        }
      }
    }
  }
  return best;
}

// -- read-outs
// -------------------------------------------------------------------------------------------

function readouts(model, now) {
  const { v, days, table, bins, count } = now;
  const weight = new Float64Array(model.field.bins + 2);
  for (const bin of bins) weight[bin] += 1 / bins.length;
  const series = Object.fromEntries(model.reported.map((name) => [name, new Float64Array(count)]));
  days.forEach((day, t) => {
    let [kept, scar, cells, dense] = [0, 0, 0, 0];
    weight.forEach((share, bin) => {
      const at = bin * count + t;
      const area = share * table.A[at];
      kept += area;
      scar += area * (table.C[at] + table.X[at]);
      cells += area * table.H[at];
      dense += area * now.dense[at];
    });
    const closed = now.closed.reduce((sum, link) => sum + link[t], 0) / now.closed.length;
    series.zone[t] =
      v.zone_0 + v.zone_growth * Math.min(day / model.field.daysPerYear, v.stop_year);
    series.CPA_field[t] = v.CPA_0 + scar;
    series.hepatocytes[t] = 100 * (cells + 1 - kept);
    series.scarred[t] = 100 * dense;
    series.bridged[t] = 100 * closed;
    series.stage[t] = stageOf(closed, now.dense[t], v);
  });
  return series;
}

/** METAVIR-like stage from the share of bridges that are closed. */
function stageOf(closed, deposit, v) {
  return deposit ? 1 + (closed >= v.some) + (closed >= v.many) + (closed >= v.closed) : 0;
}

function needleReadouts(model, v, now) {
  const { field } = model;
  const wide = now.geometry.wide * v.lobule_width;
  const high = now.geometry.high * v.lobule_width;
  const random = mulberry(v.seed + 7919);
  const needles = Array.from({ length: field.needles }, () => {
    const x = random() * Math.max(wide - v.needle_length, 0);
    return inNeedle(
      now.links,
      v,
      x,
      random() * Math.max(high - v.needle_width, 0) + v.needle_width / 2,
    );
  });
  const own = inNeedle(now.links, v, needleStart(v, wide), v.needle_y);
  const empty = () => new Float64Array(now.count);
  const series = {
    needle_bridged: empty(),
    needle_stage: empty(),
    agree: empty(),
    too_low: empty(),
    too_high: empty(),
  };
  for (let t = 0; t < now.count; t++) {
    const share = shareClosed(now.closed, own, t);
    series.needle_bridged[t] = 100 * share;
    series.needle_stage[t] = stageOf(share, now.dense[t], v);
    for (const needle of needles) {
      const gap =
        stageOf(shareClosed(now.closed, needle, t), now.dense[t], v) - now.series.stage[t];
      series[gap === 0 ? "agree" : gap < 0 ? "too_low" : "too_high"][t] += 100 / needles.length;
    }
  }
  return series;
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

function shareClosed(closed, chosen, t) {
  let sum = 0;
  for (const n of chosen) sum += closed[n][t];
  return chosen.length ? sum / chosen.length : 0;
}

// -- what the map shows
// ----------------------------------------------------------------------------------

/** C, X and H of every site at one time, written into `out`; condensed where neighbours squeeze. */
export function picture(model, t, out) {
  const { v, table, bins, count } = model.now;
  if (!(v.chi > 0)) {
    for (let site = 0; site < bins.length; site++) {
      const at = bins[site] * count + t;
      out.H[site] = table.H[at];
      out.C[site] = table.C[at];
      out.X[site] = table.X[at];
    }
    return out;
  }
  const rings = remember(model, "rings", String(v.pattern), () => ringsOf(model.field, v.pattern));
  for (let site = 0; site < bins.length; site++) condense(model, rings, site, t, out);
  return out;
}

function condense(model, rings, site, t, out) {
  const { table, bins, count } = model.now;
  const n = model.field.ray;
  let living = 0;
  let kept = 0;
  for (let k = 0; k < n; k++) {
    const at = bins[rings.ray[site * n + k]] * count + t;
    living += model.now.lead[at];
    kept += table.A[at];
  }
  const gain = (n - kept) / living;
  let edge = 0;
  for (let k = 0; k < n; k++) {
    const at = bins[rings.ray[site * n + k]] * count + t;
    const area = table.A[at] + gain * model.now.lead[at];
    edge += area / n;
    if (edge < rings.share[site] && k < n - 1) continue;
    const thin = table.A[at] / area;
    out.C[site] = table.C[at] * thin;
    out.X[site] = table.X[at] * thin;
    out.H[site] = table.H[at] * thin + 1 - thin;
    return;
  }
}
